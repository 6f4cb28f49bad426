"""The table of environments: platforms across, channels or versions down, with a cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Static

from storage.model.environment import version_key
from storage.model.fields import NamedTuple
from storage.model.records import Tally
from storage.model.vocabulary import Across, CellState, Channel, Host, Platform
from storage.text.sanitize import sanitize
from tui.text.cells import cut, fit, width
from tui.text.i18n import _
from tui.text.vocabulary import day, word

REPRODUCED: Final = "✘"
NOT_REPRODUCED: Final = "✔"
UNTESTED: Final = "·"
STALE: Final = "◷"

_MARKS: Final = {
    CellState.REPRODUCED: (REPRODUCED, "$text-error"),
    CellState.NOT_REPRODUCED: (NOT_REPRODUCED, "$text-success"),
    CellState.STALE: (STALE, "$text-muted"),
}
_EVERYBODY_HAS: Final = (Platform.ANDROID, Platform.IOS, Platform.DEVTOOLS)
#: More versions than these, the newest of each app, nobody looks through.
_VERSIONS: Final = 60
_LONGEST_VERSION: Final = 20


class MatrixCell(NamedTuple):
    """A cell of the table; what was not said is None."""

    host: Host | None
    value: Channel | str | None
    platform: Platform | None


class Matrix(Static, can_focus=True):
    """The table. Arrows and ``h`` ``l`` move the cursor, Enter asks for what is behind a cell."""

    DEFAULT_CSS = "Matrix { width: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "across(-1)", show=False),
        Binding("l,right", "across(1)", show=False),
        Binding("enter", "ask", show=False),
        Binding("escape", "all", show=False),
    ]

    @dataclass
    class Asked(Message):
        """The occurrences behind a cell are asked for; behind all of them, if it is None."""

        place: MatrixCell | None
        tally: Tally | None = None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._rows: list[tuple[Host | None, Channel | str | None]] = []
        self._columns: list[Platform | None] = []
        self._widths: list[int] = []
        self._cells: dict[MatrixCell, tuple[Tally, str, str]] = {}
        self._older = 0
        self._cursor = (0, 0)
        #: The row of each drawn line; None for headings.
        self._lines: list[int | None] = []
        self._hovered: tuple[int, int] | None = None
        self.across = Across.CHANNEL
        self.is_filtered = False

    def show(
        self,
        tallies: Sequence[Tally],
        across: Across,
        state: Callable[[Tally], CellState],
        now: int,
        *,
        keep: bool = False,
    ) -> None:
        """Show what the occurrences of one pitfall came to.

        Args:
            tallies: by host, platform and channel or version.
            across: which of these.
            state: gives what a tally says today.
            now: in ms; the year of other years is written.
            keep: whether the cursor stays on its cell, and what is asked for behind it.
        """
        stays = self._place(*self._cursor) if keep and self._rows else None
        self.across = across
        self._cells = {
            MatrixCell(one.host, _value(one), one.platform): (one, *_cell(one, state(one), now))
            for one in tallies
        }
        self._lay_out()
        places = {
            self._place(row, column): (row, column)
            for row in range(len(self._rows))
            for column in range(len(self._columns))
        }
        if stays in places:
            self._cursor = places[stays]
        else:
            self.is_filtered = False
            # The first cell with evidence, if there is any.
            found = [at for place, at in places.items() if place in self._cells]
            self._cursor = found[0] if found else (0, 0)
        self._draw()
        if self.is_filtered:
            self.action_ask()

    def _lay_out(self) -> None:
        seen_in = {place.host for place in self._cells}
        hosts: list[Host | None] = [host for host in Host if host in seen_in]
        hosts += [None] if None in seen_in or not hosts else []
        tried = {place.platform for place in self._cells}
        self._columns = [one for one in Platform if one in tried or one in _EVERYBODY_HAS]
        self._columns += [None] if None in tried else []
        self._rows, self._older = [], 0
        for host in hosts:
            self._rows += [(host, value) for value in self._values(host)]
        labels = [self._label(value) for _host, value in self._rows]
        names = [word(host) for host in hosts if host is not None]
        self._widths = [2 + max(map(width, [*labels, *names, ""]))]
        for platform in self._columns:
            texts = [text for place, (_t, text, _s) in self._cells.items() if place[2] == platform]
            self._widths.append(2 + max(map(width, [_platform_word(platform), UNTESTED, *texts])))

    def _values(self, host: Host | None) -> list[Channel | str | None]:
        """The channels or versions to be listed for an app, the newest version first."""
        here = {place.value for place in self._cells if place.host == host}
        unsaid: list[Channel | str | None] = [None] if None in here else []
        if self.across is Across.CHANNEL:
            return [*Channel, *unsaid]
        versions = sorted(
            (one for one in here if one is not None),
            key=lambda one: (version_key(one) or "", one),
            reverse=True,
        )
        self._older += max(0, len(versions) - _VERSIONS)
        return [*versions[:_VERSIONS], *unsaid]

    def _label(self, value: Channel | str | None) -> str:
        if value is None:
            is_channel = self.across is Across.CHANNEL
            return _("channel unspecified") if is_channel else _("version unspecified")
        return word(value) if isinstance(value, Channel) else _version_word(value)

    def _place(self, row: int, column: int) -> MatrixCell:
        return MatrixCell(*self._rows[row], self._columns[column])

    # Moving

    def move(self, by: int) -> bool:
        """Go some rows down, or up if it is negative; whether there was one to go to."""
        row, column = self._cursor
        there = max(0, min(row + by, len(self._rows) - 1))
        self._cursor = (there, column)
        self._draw()
        return there != row

    def action_across(self, by: int) -> None:
        """Go some columns to the right, or left if it is negative."""
        row, column = self._cursor
        self._cursor = (row, max(0, min(column + by, len(self._columns) - 1)))
        self._draw()

    def action_ask(self) -> None:
        """Ask for the occurrences behind the cell."""
        if self._rows:
            place = self._place(*self._cursor)
            self.is_filtered = True
            tally = self._cells[place][0] if place in self._cells else None
            self.post_message(self.Asked(place, tally))

    def action_all(self) -> None:
        """Ask for all occurrences again.

        Raises:
            SkipAction: if they are shown; the key then goes back.
        """
        if not self.is_filtered:
            raise SkipAction
        self.is_filtered = False
        self.post_message(self.Asked(None))

    # The mouse

    def _under(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The row and the column of the cell under the mouse; None if none is there."""
        row = self._lines[event.y] if 0 <= event.y < len(self._lines) else None
        right = 0
        for column, cells in enumerate(self._widths):
            right += cells
            if event.x < right:
                return (row, column - 1) if row is not None and column else None
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which cell a click would choose."""
        if (hovered := self._under(event)) != self._hovered:
            self._hovered = hovered
            self._draw()

    def on_leave(self) -> None:
        """Show none any more."""
        if self._hovered is not None:
            self._hovered = None
            self._draw()

    def on_click(self, event: events.Click) -> None:
        """Go to a cell, and ask for what is behind it."""
        if (cell := self._under(event)) is not None:
            event.stop()
            self._cursor = cell
            self.action_ask()
            self._draw()

    def named(self, place: MatrixCell) -> str:
        """A cell in words."""
        host = [word(place.host)] if place.host is not None else []
        return " · ".join([*host, _platform_word(place.platform), self._label(place.value)])

    # Drawing

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor, or take it out of sight."""
        super().watch_has_focus(has_focus)
        self._draw()

    def _draw(self) -> None:
        lines: list[Content] = []
        self._lines = []
        at = Region()
        for row, (host, value) in enumerate(self._rows):
            if row == 0 or self._rows[row - 1][0] != host:
                heads = [*([Content("")] if row else []), self._head(host)]
                lines += heads
                self._lines += [None] * len(heads)
            parts = [(fit(self._label(value), self._widths[0]), "$text-muted")]
            for column in range(len(self._columns)):
                text, style = self._drawn(row, column)
                cells = self._widths[column + 1]
                if self.has_focus and (row, column) == self._cursor:
                    style = "reverse bold"
                    at = Region(sum(self._widths[: column + 1]), len(lines), cells, 1)
                elif (row, column) == self._hovered:
                    style = f"{style} underline"
                parts += [(fit(text, cells - 1), style), (" ", "")]
            lines.append(Content.assemble(*parts))
            self._lines.append(row)
        if self._older:
            older = _("… and {n} older versions").format(n=self._older)
            lines.append(Content.styled(older, "$text-muted"))
        self.update(Content("\n").join(lines))
        if at:
            self.call_after_refresh(self._keep_in_sight, at)

    def _keep_in_sight(self, cell: Region) -> None:
        for parent in self.ancestors:
            if isinstance(parent, ScrollableContainer):
                offset = self.region.offset - parent.region.offset + parent.scroll_offset
                parent.scroll_to_region(cell.translate(offset), animate=False)

    def _head(self, host: Host | None) -> Content:
        return Content.assemble(
            (fit(word(host) if host else "", self._widths[0]), "bold"),
            *(
                (fit(_platform_word(one), cells), "bold")
                for one, cells in zip(self._columns, self._widths[1:], strict=True)
            ),
        )

    def _drawn(self, row: int, column: int) -> tuple[str, str]:
        found = self._cells.get(self._place(row, column))
        return (found[1], found[2]) if found else (UNTESTED, "$text-muted")


def legend() -> str:
    """What the marks of the cells mean."""
    states = [f"{mark} {word(state)}" for state, (mark, _style) in _MARKS.items()]
    return "  ".join([*states, f"{UNTESTED} {_('untested')}"])


def _value(one: Tally) -> Channel | str | None:
    return one.channel if one.across is Across.CHANNEL else one.version


def _cell(one: Tally, state: CellState, now: int) -> tuple[str, str]:
    """A cell and its style: mark, how often, and the day of the newest evidence."""
    mark, style = _MARKS[state]
    counts = []
    if one.reproduced:
        counts.append((REPRODUCED, one.reproduced))
    if one.not_reproduced:
        counts.append((NOT_REPRODUCED, one.not_reproduced))
    # The mark in front says already what was counted, if that is one thing.
    counted = " ".join(
        str(count) if own == mark and len(counts) == 1 else f"{own}{count}" for own, count in counts
    )
    seen, today = date.fromisoformat(day(one.last_at)), date.fromisoformat(day(now))
    when = seen.strftime("%m-%d") if seen.year == today.year else seen.isoformat()
    return f"{mark} {counted} {when}", style


def _platform_word(platform: Platform | None) -> str:
    return _("unspecified") if platform is None else word(platform)


def _version_word(version: str) -> str:
    return cut(sanitize(version), _LONGEST_VERSION)
