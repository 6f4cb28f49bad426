"""The parts of the board's screen; and what is mended of how Textual lays out and draws them.

It lays out and draws again though nothing has changed, and tears characters of two cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from textual import _compositor
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

_take_size: Final = Widget._size_updated
_lay_out_for: Final = Screen._screen_resized


def _take_size_once(
    widget: Widget, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
) -> bool:
    """Take the size that a layout gives, without another layout for it.

    Textual asks for one whenever a size has changed, which lays out and draws the whole screen
    again. Scrollbars that come or go, for which it does so, ask for it by themselves.
    """
    return _take_size(widget, size, virtual_size, container_size, layout=False)


def _lay_out_once_for(screen: Screen[object], size: Size) -> None:
    """Lay a screen out for the size of the terminal.

    Once it is laid out for one, Textual tells it that it has that size, and has it and every
    screen below it laid out for it again.
    """
    if size != screen.outer_size:
        _lay_out_for(screen, size)


Screen._screen_resized = _lay_out_once_for  # type: ignore[method-assign, assignment]
Widget._size_updated = _take_size_once  # type: ignore[method-assign, assignment]
# What has the focus looks different by its style; the rest of the screen is not drawn again.
Screen.focused._repaint = False


def _cuts_in_sight(compositor: Compositor) -> list[list[int]]:
    """The columns at which each line is divided: where a widget begins or ends that is in sight.

    Textual also divides what lies above others, such as an open select or a message, wherever
    anything begins or ends below it. A character of two cells that stands there became two blanks.
    """
    if compositor._cuts is not None:
        return compositor._cuts
    columns, lines = compositor.size
    cuts = [{0, columns} for _line in range(lines)]
    # Read by itself, as it is; asking for it properly would lay the whole screen out.
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
                if not any(one.y <= y < one.bottom for one in over):
                    line.add(x)
        if widget in placed and any(layer for layer, *_rest in placed[widget].order):
            above.append(shown)
    compositor._cuts = [sorted(line) for line in cuts]
    return compositor._cuts


def _render_in_sight(
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


class _WholeUpdate(ChopsUpdate):
    """What has changed on the screen, each line of it up to the next cut.

    Textual's ends where the changed region does, which may be in the middle of a character.
    """

    def __init__(
        self,
        chops: Sequence[Mapping[int, Strip | None]],
        spans: list[tuple[int, int, int]],
        chop_ends: list[list[int]],
    ) -> None:
        whole = [
            (y, start, next((one for one in chop_ends[y] if one >= end), end))
            for y, start, end in spans
        ]
        super().__init__(chops, whole, chop_ends)


_compositor.ChopsUpdate = _WholeUpdate  # type: ignore[misc]
Compositor.cuts = property(_cuts_in_sight)  # type: ignore[assignment,method-assign]
Compositor._render_chops = _render_in_sight  # type: ignore[assignment,method-assign]
