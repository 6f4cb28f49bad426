"""The form that joins a board to a remote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from storage.errors import N_
from tui.dialogs.fields import FormField, LineField, YesNoField
from tui.dialogs.form import Form
from tui.text.i18n import _
from tui.text.sharing import SyncProgress, step_words

#: How often it says how far it is, in seconds.
_TELL_EVERY = 0.2


class Join(Form):
    """A remote to share the board through.

    Args:
        under_way: tells how far that is.
    """

    title_words: ClassVar[str] = N_("Share the board through a git remote")
    save_words: ClassVar[str] = N_("Join")
    saving_words: ClassVar[str] = N_("Joining…")
    enter_saves: ClassVar[bool] = True

    def __init__(self, under_way: SyncProgress) -> None:
        super().__init__()
        self._under_way = under_way

    def on_mount(self) -> None:
        """Say how far it is, while it is being done."""
        self.set_interval(_TELL_EVERY, self._tell)

    def fields(self) -> Iterable[FormField]:
        """The address, and whether a folder is made there."""
        yield LineField("url", _("address"), hint="git@host:team/board.git, https://…, /mnt/…")
        yield YesNoField("create", _("make a bare folder"))

    def below(self) -> Iterable[Widget]:
        """What it means."""
        words = _(
            "Whoever may read there reads all of the board; whoever may write there adds to it."
            " git can't ask for a password here: if it has to, join with “pitboard share” once."
        )
        yield Static(Content(words), classes="explained", markup=False)

    def _tell(self) -> None:
        if (step := self._under_way.step) is not None:
            words = f"{step_words(step)}  {_('esc stops it')}"
            self.query_one("#form-problem", Static).update(Content(words))

    def action_leave(self) -> None:  # type: ignore[override]
        """Stop joining, if that is under way; else leave."""
        if not self._under_way.stop():
            super().action_leave()
