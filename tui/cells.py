"""Text measured in terminal cells, where a Chinese character takes two."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

__all__ = ["cut", "fit", "width"]


def width(text: str) -> int:
    """How many cells ``text`` takes."""
    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """``text`` in at most ``cells`` cells, ending in ``…`` if something was left out."""
    if cell_len(text) <= cells:
        return text
    if cells < 1:
        return ""
    return chop_cells(text, cells - 1)[0] + "…" if cells > 1 else "…"


def fit(text: str, cells: int) -> str:
    """``text`` in exactly ``cells`` cells, cut or padded."""
    return set_cell_size(cut(text, cells), cells)
