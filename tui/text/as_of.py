"""Words for the board of a date, and for the difference between two dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from storage.as_of.diff import BoardDiff
from storage.errors import N_
from storage.model.moment import ClockKind, Moment
from storage.model.records import Row
from tui.text.i18n import _
from tui.text.vocabulary import moment as written

#: The parts by their names in data, and their headings; the most pressing first.
_PARTS: Final = (
    ("regressed", N_("Regressed")),
    ("new", N_("New")),
    ("status", N_("Another status")),
    ("quiet", N_("Gone quiet")),
    ("gone", N_("Left the board")),
)


class DiffRow(NamedTuple):
    """A pitfall that something became of; it had no ``before`` if it is new.

    ``after`` is what it is, or was at last if it has left the board.
    """

    before: Row | None
    after: Row


class DiffSection(NamedTuple):
    """One thing that pitfalls became: its name in data, its heading (untranslated), and those."""

    name: str
    heading: str
    pitfalls: tuple[DiffRow, ...]


def diff_sections(found: BoardDiff) -> Iterator[DiffSection]:
    """What became of a board, part by part; without those that are empty."""
    held = {
        "new": tuple(DiffRow(None, row) for row in found.new),
        "gone": tuple(DiffRow(row, row) for row in found.gone),
        "status": tuple(DiffRow(*one) for one in found.restated),
        "regressed": tuple(DiffRow(*one) for one in found.regressed),
        "quiet": tuple(DiffRow(*one) for one in found.quiet),
    }
    for name, heading in _PARTS:
        if held[name]:
            yield DiffSection(name, heading, held[name])


# What is said of a board that is not today's


def banner(moment: Moment) -> str:
    """Which board is shown, and how to come back from it."""
    return _("{board}  Nothing can be changed; t comes back.").format(board=moment_words(moment))


def moment_words(moment: Moment) -> str:
    """Which board is shown."""
    time = written(moment.at)
    if moment.clock is ClockKind.KNOWN:
        return _("The board as this machine knew it at {time}.").format(time=time)
    return _("The board as it was at {time}.").format(time=time)
