"""The figures as one Markdown table: a row for each thing measured, a column for each size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.boards import Size
from benchmarks.pairs import Figure

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


def _cell(figure: Figure, *, absolute: bool) -> str:
    if figure.floor is None:
        return f"{figure.ours:.2f}"
    ratio = figure.ours / figure.floor
    shown = f"{ratio:.1f}×" if ratio >= 1 else f"{ratio:.2g}×"
    if not absolute:
        return shown
    scale, unit = _SCALES[figure.unit]
    return f"{shown} ({figure.ours * scale:.3g} {unit})"
