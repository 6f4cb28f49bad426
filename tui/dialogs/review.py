"""The form of a review: the workaround was tried and still works."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from storage.errors import N_
from storage.model.records import Pitfall
from storage.text.sanitize import harmless
from tui.dialogs.decisions import OnSeveral
from tui.dialogs.fields import FormField, LineField
from tui.dialogs.form import Said
from tui.text.i18n import _, read
from tui.text.vocabulary import day


class ConfirmWorkaround(OnSeveral):
    """Somebody tried it; how, if that is worth a word."""

    DEFAULT_CSS = """
    #form-workaround {
        height: auto; max-height: 12; margin: 1 1 0 1; padding: 0 0 0 1;
        border-left: thick $panel; color: $text-muted;
    }
    """

    title_words: ClassVar[str] = N_("The workaround still works")

    def fields(self) -> Iterable[FormField]:
        """A note."""
        yield LineField("note", _("note"), hint=_("how it was tried, for the timeline"))

    def below(self) -> Iterable[Widget]:
        """What is confirmed: the workaround itself, or of which pitfalls."""
        if self.chosen.several:
            yield from super().below()
        elif (held := self.chosen.shown[0]).workaround_at is not None:
            told = harmless(read(held.workaround), lines=True)
            yield Static(
                Content(f"{_last_verified(held)}\n{told}"), id="form-workaround", markup=False
            )

    def outcome(self, pitfall: Pitfall, said: Said) -> list[str]:
        """Verified as of now."""
        if pitfall.workaround_at is None:
            return [_("has no workaround")]
        return [_last_verified(pitfall)]


def _last_verified(pitfall: Pitfall) -> str:
    return _("last verified on {day}").format(day=day(pitfall.workaround_at))
