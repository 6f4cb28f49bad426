"""The figures as one Markdown table: a row for each thing measured, a column for each size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.boards import Size
from benchmarks.pairs import Figure

#: What stands in the summary where nothing was measured.
_NOT_MEASURED: Final = "–"
_SCALES: Final = {"s": (1000, "ms"), "KiB": (1 / 1024, "MiB")}


def markdown(figures: Mapping[Size, Sequence[Figure]], *, absolute: bool) -> str:
    """The table.

    Args:
        figures: what was measured, for each size.
        absolute: add this machine's own times and sizes behind each ratio.
    """
    rows: dict[tuple[str, str], dict[Size, str]] = {}
    for size, measured in figures.items():
        for figure in measured:
            cells = rows.setdefault((figure.what, figure.floor_is), {})
            cells[size] = _cell(figure, absolute=absolute)
    lines = [
        " | ".join(("pitfalls / occurrences", "beside", *map(str, figures))),
        " | ".join(("---", "---", *("---:" for _ in figures))),
    ]
    for (what, floor_is), cells in rows.items():
        lines.append(" | ".join((what, floor_is, *(cells.get(size, "") for size in figures))))
    return "\n".join(f"| {line} |" for line in lines)


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


def summary(figures: Mapping[Size, Sequence[Figure]]) -> str:
    """The ten times that a user waits for, on this machine; a dash where nothing was measured.

    The README shows it as it is. Programs that were measured beside ours have a column each, with
    their times at the same sizes.
    """
    everything = [one for measured in figures.values() for one in measured]
    peers = {
        peer: doing
        for peer, doing in _PEERS.items()
        if any(one.floor_is in doing.values() for one in everything)
    }
    lines = [
        " | ".join(("pitfalls / occurrences", *map(str, figures), *peers)),
        " | ".join(("---", *("---:" for _ in (*figures, *peers)))),
    ]
    for row, name in SUMMARY.items():
        cells = [_time_of(measured, name) for measured in figures.values()]
        theirs = [
            " · ".join(
                _shown(one.floor)
                for one in everything
                if one.what == name and one.floor_is == doing.get(name) and one.floor is not None
            )
            for doing in peers.values()
        ]
        lines.append(" | ".join((row, *cells, *theirs)))
    return "\n".join(f"| {line} |" for line in lines)


def _time_of(measured: Sequence[Figure], name: str) -> str:
    seconds = next((one.ours for one in measured if one.what == name), None)
    return _NOT_MEASURED if seconds is None else _shown(seconds)


def _shown(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _cell(figure: Figure, *, absolute: bool) -> str:
    if figure.floor is None:
        return f"{figure.ours:.2f}"
    ratio = figure.ours / figure.floor
    shown = f"{ratio:.1f}×" if ratio >= 1 else f"{ratio:.2g}×"
    if not absolute:
        return shown
    scale, unit = _SCALES[figure.unit]
    return f"{shown} ({figure.ours * scale:.3g} {unit})"
