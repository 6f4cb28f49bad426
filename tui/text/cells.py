"""Text measured in terminal cells, where a Chinese character takes two."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final

from tui import deferred

if TYPE_CHECKING:
    from rich import _wrap
    from rich import cells as rich_cells
    from textual._compositor import ChopsUpdate, Compositor
    from textual.geometry import Region
    from textual.strip import Strip
else:
    # What is written to a pipe is not measured.
    deferred("rich")
    rich_cells = deferred("rich.cells")
    _wrap = deferred("rich._wrap")

__all__ = [
    "bar",
    "chopped",
    "cut",
    "cuts_in_sight",
    "fit",
    "in_bold",
    "line_breaks",
    "mark_bold",
    "render_in_sight",
    "terminal_size",
    "units",
    "up_to_cuts",
    "width",
    "wrap",
]
#: A tag such as ``#账号权限`` stays whole; a sentence behind a # is none.
_TAG: Final = "#[^\\s#，。、；：？！（）]{1,24}(?!\\S)"


@cache
def _unit(*, cjk: bool) -> re.Pattern[str]:
    """What a line is not broken inside of.

    Blanks, or a tag, a word or a CJK character with the opening marks before it and the closing
    marks after it. The first paint breaks no lines and does not wait for it; to compile a class of
    fifty thousand characters takes longer than to write a page of help without any of them.
    """
    word = f"{_TAG}|[^\\s“‘\u2e80-\uffff]+|[\u2e80-\uffff]" if cjk else "[^\\s“‘]+"
    return re.compile(f"\\s+|(?=\\S)[“‘（《「『【]*(?:{word})?[，。、；：？！）》」』】”’…]*")


def terminal_size() -> tuple[int, int]:
    """How many cells a line of the terminal has, and how many lines there are.

    As ``shutil`` tells it, which brings along what reads archives.
    """
    asked = (0, 0)
    with suppress(OSError):
        asked = os.get_terminal_size(1)
    said = (os.environ.get(name, "") for name in ("COLUMNS", "LINES"))
    cells, lines = (int(one if one.isdecimal() else 0) for one in said)
    return cells or asked[0] or 80, lines or asked[1] or 24


def width(text: str) -> int:
    """How many cells ``text`` takes."""
    return rich_cells.cell_len(text)


def cut(text: str, cells: int) -> str:
    """``text`` in at most ``cells`` cells, ending in ``…`` if something was left out."""
    if rich_cells.cell_len(text) <= cells:
        return text
    if cells < 1:
        return ""
    return rich_cells.chop_cells(text, cells - 1)[0] + "…" if cells > 1 else "…"


def fit(text: str, cells: int) -> str:
    """``text`` in exactly ``cells`` cells, cut or padded."""
    return rich_cells.set_cell_size(cut(text, cells), cells)


def chopped(text: str, cells: int) -> list[str]:
    """``text`` in pieces of at most ``cells`` cells each, wherever that cuts it."""
    return rich_cells.chop_cells(text, cells)


def units(line: str) -> list[str]:
    """``line`` in the pieces that it may be broken between; joined they are the line."""
    return [unit for unit in _found(line) if unit]


def _found(line: str) -> list[str]:
    found: list[str] = _unit(cjk=max(line, default="") >= "\u2e80").findall(line)
    return found


def wrap(line: str, cells: int) -> Iterator[str]:
    """``line`` in pieces of at most ``cells`` cells, with its indent; a long word stays whole."""
    indent = line[: len(line) - len(line.lstrip())]
    piece = ""
    for unit in _found(line):
        if piece.strip() and width(piece) + width(unit.rstrip()) > cells:
            yield piece.rstrip()
            piece, unit = indent, unit.lstrip()
        piece += unit
    yield piece


#: So many cells do not stand in a last line alone, if what is before them takes no more than this.
_ALONE: Final = 2
_GOES_ALONG: Final = 6


def line_breaks(text: str, cells: int, fold: bool = True) -> list[int]:
    """Where lines of at most so many cells begin, but for the first; as Rich's ``divide_line``.

    Chinese is broken between any two characters but before closing and after opening marks; a
    single one is left in the last line only if it can't be helped.

    Args:
        text: one line.
        cells: the width that there is.
        fold: cut words that are longer than a line.
    """
    if max(text, default="") < "\u2e80":
        return _wrap.divide_line(text, cells, fold)
    breaks: list[int] = []
    place = x = before = 0
    for unit in units(text):
        needed = width(unit.rstrip())
        if x and needed and x + needed > cells:
            is_last = place + len(unit) >= len(text.rstrip())
            alone = is_last and width(unit.strip()) <= _ALONE
            along = width(text[before:place])
            # The last sign takes along what is before it, where that leaves the line above some.
            takes = alone and along <= _GOES_ALONG and before > (breaks[-1] if breaks else 0)
            takes = takes and along + needed <= cells
            breaks.append(before if takes else place)
            x = along if takes else 0
        before = before if unit.isspace() else place
        if fold and needed > cells > 0:
            first, *others = rich_cells.chop_cells(unit, cells)
            start = place + len(first)
            for piece in others:
                breaks.append(start)
                start += len(piece)
            x = width(others[-1] if others else first)
        else:
            x += width(unit)
        place += len(unit)
    return breaks


def bar(count: int, most: int, cells: int) -> str:
    """A bar as long as its share of the longest one; something is never nothing."""
    return "█" * max(1, count * cells // most) if count else ""


# What Markdown has between two asterisks, in a terminal: marks that take no cells go with the words

_BOLD, _PLAIN = "\x01", "\x02"
_STRONG = r"`[^`\n]*`|\*\*(?=\S)((?:(?!\n\n|\*\*).)+?)(?<=\S)\*\*"


def mark_bold(text: str) -> str:
    """Sanitised ``text`` with the marks of :func:`in_bold` in place of Markdown's."""
    return re.sub(
        _STRONG, lambda one: f"{_BOLD}{one[1]}{_PLAIN}" if one[1] else one[0], text, flags=re.S
    )


def in_bold(lines: Iterable[str], bold: Callable[[str], str]) -> Iterator[str]:
    """Lines in which what stands between such marks, over breaks of lines too, is bold.

    Args:
        lines: they may have been wrapped since :func:`mark_bold`.
        bold: makes some text bold.
    """
    is_bold = False
    for line in lines:
        shown = ""
        for part in re.split(f"([{_BOLD}{_PLAIN}])", line):
            if part in (_BOLD, _PLAIN):
                is_bold = part == _BOLD
            elif is_bold and (words := part.lstrip()):
                shown += part[: -len(words)] + bold(words)
            else:
                shown += part
        yield shown


# Where the screen is divided: never through a character, unless half of it is out of sight


def cuts_in_sight(compositor: Compositor) -> list[list[int]]:
    """The columns at which each line is divided: where a widget begins or ends that is in sight.

    Textual also divides what lies above others, such as an open select or a message, wherever
    anything begins or ends below it. A character of two cells that stands there became two blanks.
    """
    if compositor._cuts is not None:
        return compositor._cuts
    columns, lines = compositor.size
    cuts = [{0, columns} for _line in range(lines)]
    # What is known; asking for it properly would lay the whole screen out.
    placed = compositor._full_map if compositor._visible_map is None else compositor._visible_map
    above: list[Region] = []
    # The foremost first.
    for widget, (region, clip) in compositor.visible_widgets.items():
        shown = region.intersection(clip)
        if not shown:
            continue
        for x in (shown.x, shown.right):
            over = [one for one in above if one.x < x < one.right]
            for y, line in enumerate(cuts[shown.y : shown.bottom], shown.y):
                if not (over and any(one.y <= y < one.bottom for one in over)):
                    line.add(x)
        if widget in placed and any(layer for layer, *_rest in placed[widget].order):
            above.append(shown)
    compositor._cuts = [sorted(line) for line in cuts]
    return compositor._cuts


def render_in_sight(
    compositor: Compositor, crop: Region, is_rendered: Callable[[int], bool]
) -> list[dict[int, Strip | None]]:
    """The strips between the cuts of each line, by the columns at which they begin.

    As Textual's, but where a widget begins or ends below another one, there is no cut.
    """
    all_cuts = compositor.cuts
    chops: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in all_cuts]
    # The foremost first: what is there already lies above.
    for region, clip, strips in compositor._get_renders(crop):
        shown = region.intersection(clip)
        for y, strip in zip(shown.line_range, strips, strict=False):
            if not is_rendered(y):
                continue
            cuts = [cut for cut in all_cuts[y] if shown.x <= cut <= shown.right]
            pieces = strip.divide([cut - shown.x for cut in cuts if cut > shown.x])
            hidden = 1 if cuts and cuts[0] > shown.x else 0
            for cut, piece in zip(cuts, pieces[hidden:], strict=False):
                if chops[y][cut] is None:
                    chops[y][cut] = piece
    return chops


def up_to_cuts(
    update: Callable[[Compositor], ChopsUpdate | None],
) -> Callable[[Compositor], ChopsUpdate | None]:
    """What draws the changed parts of the screen, each line of them up to the next cut.

    Textual's own ends where a changed region does, which may be in the middle of a character.
    """

    def _whole(compositor: Compositor) -> ChopsUpdate | None:
        made = update(compositor)
        if made is not None:
            made.spans = [
                (y, start, next((one for one in made.chop_ends[y] if one >= end), end))
                for y, start, end in made.spans
            ]
        return made

    return _whole
