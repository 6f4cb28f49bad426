"""Plots drawn from characters: what is told apart by colour is told apart by its glyph, too.

They count cells, so that Chinese labels line up, and are lines that any widget can show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from storage.days import utc_day
from storage.retro.models import AgeBand, Bucket, FlowPoint
from storage.vocabulary import Platform, Status
from tui.cells import fit, width
from tui.language import _
from tui.retro.words import band_words
from tui.words import marked, sparkline, word

_HEIGHT: Final = 9
#: From the bottom up, so that what is open stands on top.
_STACK: Final = (
    (Status.FIXED_UPSTREAM, "░", "$text-success"),
    (Status.WORKAROUND, "▒", "$text-warning"),
    (Status.OPEN, "█", "$text-error"),
)
_LONGEST_BAR: Final = 40


def flow(points: Sequence[FlowPoint], cells: int) -> list[Content]:
    """How many pitfalls of each status there were, as stacked columns over time."""
    legend = Content.assemble(
        *(
            part
            for status, glyph, colour in reversed(_STACK)
            for part in _key(status, glyph, colour)
        )
    )
    top = max((sum(point.counts.values()) for point in points), default=0)
    if not top:
        return [legend, Content(_("There was no pitfall yet."))]
    margin = len(str(top)) + 1
    wide = max(1, (cells - margin) // len(points))
    shown = points[-((cells - margin) // wide) :]
    lines = [
        _row(shown, line, top, wide, f"{_tick(line, top):>{margin - 1}} ")
        for line in range(_HEIGHT, 0, -1)
    ]
    first, last = utc_day(shown[0].at), utc_day(shown[-1].at)
    room = max(0, wide * len(shown) - len(first) - len(last))
    return [legend, *lines, Content(f"{' ' * margin}{first}{' ' * room}{last}")]


def _key(status: Status, glyph: str, colour: str) -> tuple[tuple[str, str], str]:
    return (glyph, colour), f" {marked(status)}   "


def _tick(line: int, top: int) -> str:
    return str(top) if line == _HEIGHT else "0" if line == 1 else ""


def _row(points: Sequence[FlowPoint], line: int, top: int, wide: int, head: str) -> Content:
    """One line of the columns: each cell shows what stands at its middle."""
    at = (line - 0.5) * top / _HEIGHT
    parts: list[tuple[str, str] | str] = [(head, "$text-muted")]
    for point in points:
        below = 0
        for status, glyph, colour in _STACK:
            below += point.counts.get(status, 0)
            if at < below:
                parts.append((glyph * wide, colour))
                break
        else:
            parts.append(" " * wide)
    return Content.assemble(*parts)


def by_platform(buckets: Sequence[Bucket], cells: int) -> list[Content]:
    """How often each platform saw something, a line of columns for each."""
    totals: dict[str, int] = {}
    for bucket in buckets:
        for platform, count in bucket.by_platform.items():
            totals[platform] = totals.get(platform, 0) + count
    if not totals:
        return [Content(_("Nothing was seen."))]
    names = {platform: _platform(platform) for platform in totals}
    longest = max(map(width, names.values()))
    room = max(8, cells - longest - 10)
    lines = []
    for platform in sorted(totals, key=lambda one: (-totals[one], one)):
        counts = [bucket.by_platform.get(platform, 0) for bucket in buckets]
        drawn = _stretched(sparkline(counts), room)
        lines.append(
            Content.assemble(
                f"{fit(names[platform], longest)}  ", (drawn, "$accent"), f"  {totals[platform]}"
            )
        )
    return lines


def _platform(platform: str) -> str:
    return word(Platform(platform)) if platform else _("not said")


def _stretched(columns: str, cells: int) -> str:
    """Columns as wide as there is room for, all equally; the newest if there is too little."""
    times = max(1, cells // max(1, len(columns)))
    return "".join(column * times for column in columns[-cells:])


def ages(bands: Sequence[AgeBand], cells: int) -> list[Content]:
    """How many workarounds are of which age, a bar for each band."""
    most = max((band.pitfalls for band in bands), default=0)
    if not most:
        return [Content(_("Nothing had a workaround."))]
    names = [band_words(band) for band in bands]
    longest = max(map(width, names))
    room = min(_LONGEST_BAR, max(8, cells - longest - 10))
    return [
        Content.assemble(
            f"{fit(name, longest)}  ",
            (bar(band.pitfalls, most, room), "$accent"),
            f" {band.pitfalls}",
        )
        for name, band in zip(names, bands, strict=True)
    ]


def bar(count: int, most: int, cells: int) -> str:
    """A bar as long as its share of the longest one; something is never nothing."""
    return "█" * max(1, count * cells // most) if count else ""
