"""Plots drawn from characters, and the widget that redraws them when its width changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import Final

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from storage.model.retro import AgeBand, Bucket, FlowPoint
from storage.model.row import Status
from storage.model.vocabulary import Platform
from storage.text.zones import day_of
from tui.text.cells import bar, fit, width
from tui.text.i18n import _, ngettext
from tui.text.retro import band_words
from tui.text.vocabulary import marked, sparkline, word


class Plots(VerticalScroll):
    """Says when it has another width, to be drawn anew."""

    class Resized(Message):
        """It has another width."""

    def on_resize(self, event: events.Resize) -> None:
        """Say so."""
        self.post_message(self.Resized())


# Plots drawn from characters: what is told apart by colour is told apart by its glyph, too


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
    room = max(1, cells - margin - 1)
    together = -(-len(points) // room)
    shown = points[::-together][::-1]
    wide = max(1, room // len(shown))
    stacks = [
        _stack([point.counts.get(status, 0) for status, *_ in _STACK], top) for point in shown
    ]
    lines = [_row(stacks, line, wide, _tick(line, top, margin)) for line in range(_HEIGHT, 0, -1)]
    # A point tells what was so just before its moment.
    ends = [max(0, point.at - 1) for point in shown]
    return [
        legend,
        Content.styled(_("pitfalls ↑"), "$text-muted"),
        *lines,
        *_axis(f"{'0':>{margin - 1}} ", ends, wide * len(shown)),
    ]


def _key(status: Status, glyph: str, colour: str) -> tuple[tuple[str, str], str]:
    return (glyph, colour), f" {marked(status)}   "


def _tick(line: int, top: int, margin: int) -> str:
    """The axis beside a line of the columns, with its number at the top and in the middle."""
    middle = -(-_HEIGHT // 2)
    number = {_HEIGHT: str(top), middle: str(round(top * middle / _HEIGHT))}.get(line, "")
    return f"{number:>{margin - 1}} {'┤' if number else '│'}"


def _stack(counts: Sequence[int], top: int) -> list[int]:
    """Up to which line each part of a column goes; what was counted has a line at least."""
    ends: list[int] = []
    end = counted = 0
    for place, count in enumerate(counts):
        counted += count
        if count:
            above = sum(map(bool, counts[place + 1 :]))
            end = min(max(end + 1, round(counted * _HEIGHT / top)), _HEIGHT - above)
        ends.append(end)
    return ends


def _row(stacks: Sequence[Sequence[int]], line: int, wide: int, head: str) -> Content:
    """One line of the columns, counted from the bottom."""
    parts: list[tuple[str, str] | str] = [(head, "$text-muted")]
    for ends in stacks:
        part = bisect_left(ends, line)
        _, glyph, colour = _STACK[part] if part < len(ends) else (None, " ", "")
        parts.append((glyph * wide, colour))
    return Content.assemble(*parts)


def _axis(head: str, times: Sequence[int], cells: int) -> list[Content]:
    """The axis under columns: a line, below it the first and the last day, and what a column is.

    Args:
        head: what stands beside the line, as wide as what stands beside the columns.
        times: one (ms) of each column.
        cells: how wide all columns are. The last day is left out where there is no room for it.
    """
    begin, end = day_of(times[0]), day_of(times[-1])
    words = ""
    if len(times) > 1:
        days = (date.fromisoformat(day_of(times[1])) - date.fromisoformat(begin)).days
        words = ngettext("one column: {n} day", "one column: {n} days", days).format(n=days)
    room = cells - len(begin) - len(end)
    if room >= width(words) + 4:
        left = (room - width(words)) // 2
        below = f"{begin}{' ' * left}{words}{' ' * (room - left - width(words))}{end}"
    else:
        below = f"{begin}{' ' * room}{end}" if room > 0 else begin
    margin = " " * (width(head) + 1)
    return [
        Content.styled(f"{head}└{'─' * cells}", "$text-muted"),
        Content.styled(margin + below, "$text-muted"),
    ]


def by_platform(buckets: Sequence[Bucket], cells: int) -> list[Content]:
    """How often each platform saw something, a line of columns for each, all of one scale."""
    totals: dict[str, int] = {}
    for bucket in buckets:
        for platform, count in bucket.by_platform.items():
            totals[platform] = totals.get(platform, 0) + count
    if not totals:
        return [Content(_("Nothing was seen."))]
    names = {platform: _platform(platform) for platform in totals}
    longest = max(map(width, names.values()))
    numbers = max(len(str(total)) for total in totals.values())
    room = max(8, cells - longest - numbers - 5)
    together = -(-len(buckets) // room)
    columns = {
        platform: [
            sum(bucket.by_platform.get(platform, 0) for bucket in buckets[begin : begin + together])
            for begin in range(0, len(buckets), together)
        ]
        for platform in totals
    }
    top = max(map(max, columns.values()))
    wide = room // -(-len(buckets) // together)
    lines = [
        Content.assemble(
            f"{fit(names[platform], longest)} ",
            ("│", "$text-muted"),
            ("".join(column * wide for column in sparkline(columns[platform], top)), "$accent"),
            f"  {totals[platform]:>{numbers}}",
        )
        for platform in sorted(totals, key=lambda one: (-totals[one], one))
    ]
    drawn = wide * len(next(iter(columns.values())))
    begins = [bucket.since for bucket in buckets[::together]]
    highest = ngettext(
        "the highest column: {n} occurrence", "the highest column: {n} occurrences", top
    )
    return [
        Content.styled(highest.format(n=top), "$text-muted"),
        *lines,
        *_axis(" " * (longest + 1), begins, drawn),
    ]


def _platform(platform: str) -> str:
    return word(Platform(platform)) if platform else _("unspecified")


def ages(bands: Sequence[AgeBand], cells: int) -> list[Content]:
    """How many workarounds are of which age, a bar for each band."""
    most = max((band.pitfalls for band in bands), default=0)
    if not most:
        return [Content(_("Nothing had a workaround."))]
    names = [band_words(band) for band in bands]
    longest = max(map(width, names))
    room = min(_LONGEST_BAR, max(8, cells - longest - 10))
    heading = f"{fit(_('age'), longest)}  {_('pitfalls →')}"
    return [
        Content.styled(heading, "$text-muted"),
        *(
            Content.assemble(
                f"{fit(name, longest)} ",
                ("│", "$text-muted"),
                (bar(band.pitfalls, most, room), "$accent"),
                f" {band.pitfalls}",
            )
            for name, band in zip(names, bands, strict=True)
        ),
    ]
