"""The forms that ask for a moment in the past, and for two to compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from storage.errors import N_
from storage.model.moment import ClockKind, Moment
from storage.text import dates
from tui.dialogs.fields import FormField, LineField, PickField
from tui.dialogs.form import Form, Said
from tui.text.i18n import _

_HINT: Final = N_("2026-11-20, 2026-11-20 14:03, yesterday, 2w: two weeks ago")


class Travel(Form):
    """A moment to go back to."""

    title_words: ClassVar[str] = N_("Show the board as it was")
    save_words: ClassVar[str] = N_("Go")
    saving_words: ClassVar[str] = N_("Going back…")
    enter_saves: ClassVar[bool] = True

    def fields(self) -> Iterable[FormField]:
        """When, and by which clock."""
        yield LineField("at", _("when"), hint=_(_HINT))
        yield PickField(
            "clock",
            _("shows"),
            [
                (_("what had been done by then"), ClockKind.AT.value),
                (_("what this machine knew by then"), ClockKind.KNOWN.value),
            ],
            ClockKind.AT.value,
        )


class Compare(Form):
    """Two moments to compare."""

    title_words: ClassVar[str] = N_("What became of the board")
    save_words: ClassVar[str] = N_("Compare")
    saving_words: ClassVar[str] = N_("Comparing…")
    enter_saves: ClassVar[bool] = True

    def __init__(self, until: str) -> None:
        super().__init__()
        self._until = until

    def fields(self) -> Iterable[FormField]:
        """From when to when; without an end, until now."""
        yield LineField("since", _("since"), hint=_(_HINT))
        yield LineField("until", _("until"), self._until, hint=_("now"))


def moment(said: Said, now: int) -> Moment:
    """The moment to go back to.

    Raises:
        Refused: if there is none, or it lies ahead.
    """
    return Moment(dates.as_of(said["at"], now, "at"), ClockKind(said["clock"]))


def stretch(said: Said, now: int) -> tuple[int, int]:
    """The two moments to compare (ms), the earlier one first.

    Raises:
        Refused: if one of them is none, or lies ahead.
    """
    since = dates.as_of(said["since"], now, "since")
    until = dates.as_of(said["until"], now, "until") if said["until"].strip() else now
    return min(since, until), max(since, until)
