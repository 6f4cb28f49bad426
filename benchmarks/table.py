"""What was measured as Markdown tables: a row for each thing, a column for each size.

The pages that show figures are written from these, see ``docs/generate.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.boards import Size
from benchmarks.pairs import Unit
from benchmarks.record import Measured

#: What stands where nothing was measured.
_NOT_MEASURED: Final = "–"
_SIZES: Final = "pitfalls / occurrences"


def ratios(measured: Sequence[Measured], *, absolute: bool = False) -> list[str]:
    """The table of ratios: ours to each floor.

    Args:
        measured: what it holds, in this order.
        absolute: add times and sizes behind each ratio.
    """
    sizes = _sizes(measured)
    rows: dict[tuple[str, str], dict[Size, str]] = {}
    for one in measured:
        cells = rows.setdefault((one.figure.what, one.figure.floor_is), {})
        cells[one.size] = _ratio(one) + (
            f" ({shown(one.ours, one.figure.unit)})" if absolute else ""
        )
    return _lines(
        (_SIZES, "beside", *map(str, sizes)),
        2,
        ([*row, *(cells.get(size, "") for size in sizes)] for row, cells in rows.items()),
    )


#: What a user waits for: the row, and the figure that it shows.
SUMMARY: Final = {
    "open the board, to the first row": "first paint of the board",
    "`pitboard list`": "`pitboard list`",
    "`pitboard log`": "`pitboard log`",
    "`pitboard new`": "`pitboard new`",
    "a keystroke in a search, p95": "search, any keystroke, p95",
    "a filter, `platform:android`": "filter `platform:android`",
    "open a pitfall, p95": "opening the detail, p95",
    "sync of a day: 1,000 events out, 1,000 in": "sync of a day: 1,000 events out, 1,000 in",
    "first clone of a shared board": "first clone of a shared board",
    "`pitboard match` of a log of 200 MB": "a log of 200 MB, 1,000 signatures",
}
#: The other programs that can do it too: what each is called, and the figures beside ours.
_PEERS: Final = {
    "Taskwarrior": {"`pitboard list`": "`task list`", "`pitboard new`": "`task add`"},
    "Fossil": {"`pitboard new`": "`fossil ticket add`"},
}


def summary(measured: Sequence[Measured]) -> list[str]:
    """The ten times that a user waits for; a dash where nothing was measured.

    Programs that were measured beside ours have a column each, with their times at the same sizes.
    """
    sizes = _sizes(measured)
    peers = {
        peer: doing
        for peer, doing in _PEERS.items()
        if any(one.figure.floor_is in doing.values() for one in measured)
    }
    rows = []
    for row, name in SUMMARY.items():
        theirs = (
            [
                shown(one.floor, one.figure.unit)
                for one in measured
                if (one.figure.what, one.figure.floor_is) == (name, doing.get(name))
                and one.floor is not None
                and one.figure.unit is not Unit.RATIO
            ]
            for doing in peers.values()
        )
        rows.append([row, *_cells(measured, name, sizes), *map(" · ".join, theirs)])
    return _lines((_SIZES, *map(str, sizes), *peers), 1, rows)


#: What the page of performance shows: figures by the beginning of their names.
_DETAILS: Final = (
    *("first paint of the board", "`pitboard list`", "`pitboard show`", "`pitboard log`"),
    *("`pitboard new`", "search, any keystroke, p95", "key press to repainted list, p95"),
    *("opening the detail, p95", "filter ", "a page by ", "one occurrence, pages written"),
    *("a new pitfall, pages written", "rebuild from the events", "memory of the rebuild"),
    *("first clone of a shared board", "memory of the first clone"),
    *("sync of a day: 1,000 events out, 1,000 in", "memory of the board"),
)


def details(measured: Sequence[Measured]) -> list[str]:
    """Times, pages and sizes by themselves."""
    sizes = _sizes(measured)
    names = [
        name
        for start in _DETAILS
        for name in dict.fromkeys(one.figure.what for one in measured)
        if name.startswith(start)
    ]
    cells = {name: _cells(measured, name, sizes) for name in names}
    rows = ([name, *row] for name, row in cells.items() if {*row} != {_NOT_MEASURED})
    return _lines((_SIZES, *map(str, sizes)), 1, rows)


def _sizes(measured: Iterable[Measured]) -> list[Size]:
    return sorted({one.size for one in measured})


def _cells(measured: Iterable[Measured], name: str, sizes: Sequence[Size]) -> list[str]:
    first: dict[Size, str] = {}
    for one in measured:
        # A figure of which only the ratio is known says nothing by itself.
        if one.figure.what == name and one.figure.unit is not Unit.RATIO:
            first.setdefault(one.size, shown(one.ours, one.figure.unit))
    return [first.get(size, _NOT_MEASURED) for size in sizes]


def _lines(heads: Sequence[str], names: int, rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---"] * names + ["---:"] * (len(heads) - names)
    return ["| " + " | ".join(line) + " |" for line in (heads, rule, *rows)]


def _ratio(one: Measured) -> str:
    if one.figure.floor is None:
        return shown(one.ours, one.figure.unit)
    return times(one.figure.ours / one.figure.floor)


def times(ratio: float) -> str:
    """A ratio as the tables show it."""
    return f"{ratio:.1f}×" if ratio >= 1 else f"{ratio:.2g}×"


def shown(value: float, unit: Unit) -> str:
    """A time, a size, a count of pages or a share as the tables show it."""
    match unit:
        case Unit.SECONDS:
            return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"
        case Unit.KIB:
            return f"{value / 1024:.0f} MiB"
        case Unit.PAGES:
            return f"{value:.3g}"
        case Unit.SHARE:
            return f"{value:.2f}"
        case Unit.RATIO:
            return times(value)
