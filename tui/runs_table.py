"""The columns in which what runs where is listed, on the board and in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from storage.model.records import Run
from storage.text.sanitize import harmless
from tui.text.cells import cut, fit, width
from tui.text.i18n import _
from tui.text.versions import host_word, platform_word
from tui.text.vocabulary import ago

_GAP: Final = "  "
#: Some builds and suffixes are long.
_LONGEST_VERSION: Final = 20
#: From this column on there are figures, which stand to the right.
_FIGURES: Final = 4


def headings() -> tuple[str, ...]:
    """What the columns are called."""
    return (
        _("HOST APP"),
        _("APP VERSION"),
        _("PLATFORM"),
        _("LIBRARY"),
        _("SEEN"),
        _("FIRST"),
        _("LAST"),
    )


def columns_of(run: Run, now: int) -> tuple[str, ...]:
    """What stands in the columns for a run.

    Args:
        run: the run.
        now: the present in ms, for the ages.
    """
    return (
        host_word(run.host),
        cut(harmless(run.client_version), _LONGEST_VERSION),
        platform_word(run.platform),
        cut(harmless(run.base_library), _LONGEST_VERSION),
        str(run.count),
        ago(run.first_seen, now),
        ago(run.last_seen, now),
    )


def widths_of(runs: Iterable[Run], now: int) -> list[int]:
    """How wide the columns are for some runs; the arguments are as above."""
    lines = (headings(), *(columns_of(run, now) for run in runs))
    return [max(map(width, column)) for column in zip(*lines, strict=True)]


def joined(columns: Sequence[str], widths: Sequence[int]) -> str:
    """A line of the table."""
    return _GAP.join(
        fit(text, cells) if place < _FIGURES else " " * (cells - width(text)) + text
        for place, (text, cells) in enumerate(zip(columns, widths, strict=True))
    )
