"""The lines above and below the list, whose parts can be clicked: counts, view tabs, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from textual import events
from textual.app import ComposeResult, RenderResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from storage.model.vocabulary import Status
from storage.text.sanitize import sanitize
from tui.text.cells import cut, width
from tui.text.i18n import _, ngettext
from tui.text.vocabulary import REGRESSED, marked

if TYPE_CHECKING:
    from tui.commands.command import Command

#: Of the name of a board (cells): all counts have to fit beside it in 80.
_LONGEST_NAME: Final = 16
#: The blanks around a part.
_PADDING: Final = 2


class BarPart(Static):
    """A part of the bar; a click says so."""

    DEFAULT_CSS = """
    BarPart { width: auto; padding: 0 1; &:hover { text-style: underline; } }
    """

    #: What it says, and what it says where there is little room; the bar chooses.
    said = ("", "")

    class Pressed(Message):
        """It was clicked."""

    def pressed(self) -> Message:
        """What a click says."""
        return self.Pressed()

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.pressed())


class StatusCount(BarPart):
    """How many pitfalls have one status; a click shows only those, another shows all."""

    DEFAULT_CSS = """
    StatusCount {
        &.-open { color: $text-error; }
        &.-workaround { color: $text-warning; }
        &.-fixed-upstream { color: $text-success; }
        &.-chosen { text-style: bold reverse; }
    }
    """

    @dataclass
    class Pressed(BarPart.Pressed):
        """A status was clicked."""

        status: Status

    def __init__(self, status: Status) -> None:
        super().__init__(classes=f"-{status.value.replace(' ', '-')}", markup=False)
        self.status = status

    def pressed(self) -> Message:
        """Which status was clicked."""
        return self.Pressed(self.status)


class InboxCount(BarPart):
    """How many pitfalls wait in the inbox; a click goes there."""

    DEFAULT_CSS = """
    InboxCount { color: $text-muted; &.-waiting { color: $primary; text-style: bold; } }
    """

    class Pressed(BarPart.Pressed):
        """It was clicked."""

    def show(self, count: int, *, is_filtered: bool = False) -> None:
        """Show how many; beside the counts of a query, that these are not counted by it."""
        words = _("✉ {n} in the whole inbox") if is_filtered else _("✉ {n} inbox")
        self.said = words.format(n=count), f"✉ {count}"
        self.set_class(count > 0, "-waiting")


class RegressedCount(BarPart):
    """How many were seen where they should be fixed; a click shows only those, another all."""

    DEFAULT_CSS = """
    RegressedCount {
        color: $text-error; display: none;
        &.-any { display: block; }
        &.-chosen { text-style: bold reverse; }
    }
    """

    class Pressed(BarPart.Pressed):
        """It was clicked."""

    def show(self, count: int, *, chosen: bool) -> None:
        """Show how many, if there are any or if they are asked for."""
        words = ngettext("{n} regressed", "{n} regressed", count).format(n=count)
        self.said = f"{REGRESSED} {words}", f"{REGRESSED} {count}"
        self.set_class(count > 0 or chosen, "-any")
        self.set_class(chosen, "-chosen")


class SharingMark(BarPart):
    """How the sharing stands; nothing where nothing is shared. A click tells more."""

    DEFAULT_CSS = """
    SharingMark {
        color: $text-muted; display: none;
        &.-shared { display: block; }
        &.-problem { color: $text-error; text-style: bold; }
    }
    """

    class Pressed(BarPart.Pressed):
        """It was clicked."""

    def show(self, words: str, *, problem: bool) -> None:
        """Show it."""
        self.update(Content(words))
        self.set_class(bool(words), "-shared")
        self.set_class(problem, "-problem")


class ShownCount(BarPart):
    """How many the list shows, and in which order; a click sorts by the next column."""

    class Pressed(BarPart.Pressed):
        """It was clicked."""


class CountsBar(Horizontal):
    """Which of several boards it is, counts by status, then what the list below shows."""

    DEFAULT_CSS = """
    CountsBar { height: 1; background: $panel; }
    CountsBar > #board {
        width: auto; padding: 0 1; text-style: bold; color: $text-primary; display: none;
        &.-named { display: block; }
    }
    CountsBar > #shown { width: 1fr; text-align: right; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[str, ...] = ("",)
        self._is_marked = False
        self._board_name = ""

    def compose(self) -> ComposeResult:
        """The name, and one part for each status."""
        yield Static(id="board", markup=False)
        for status in Status:
            yield StatusCount(status)
        yield RegressedCount(markup=False)
        yield InboxCount(markup=False)
        yield SharingMark(markup=False)
        yield ShownCount(id="shown", markup=False)

    def show(
        self,
        counts: dict[Status, int],
        chosen: tuple[str, ...],
        total: int,
        *,
        bounded: bool,
        marked_rows: int,
        order: str,
        inbox: int,
        regressed: int,
        regressed_chosen: bool,
        is_filtered: bool = False,
    ) -> None:
        """Show the counts, which of them filter, and how many the list has."""
        for part in self.walk_children(StatusCount):
            mark, word = marked(part.status).split(" ", 1)
            part.update(Content(f"{mark} {counts[part.status]} {word}"))
            part.set_class(part.status.value in chosen, "-chosen")
        self.query_one(RegressedCount).show(regressed, chosen=regressed_chosen)
        self.query_one(InboxCount).show(inbox, is_filtered=is_filtered)
        if marked_rows:
            shown = short = ngettext("{n} marked", "{n} marked", marked_rows).format(n=marked_rows)
        elif bounded:
            shown = short = _("first {n}").format(n=total)
        else:
            shown = ngettext("{n} pitfall", "{n} pitfalls", total).format(n=total)
            short = str(total)
        self._shown = (f"{shown} · {order}", f"{short} · {order}", shown, short, "")
        self._is_marked = bool(marked_rows)
        self._fit()

    def show_sharing(self, words: str, *, problem: bool) -> None:
        """Show how the sharing stands, in a mark and a number."""
        self.query_one(SharingMark).show(words, problem=problem)
        self._fit()

    def show_board(self, name: str) -> None:
        """Show which of several boards it is; nothing if there is only one."""
        self._board_name = cut(sanitize(name), _LONGEST_NAME)
        self._fit()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._fit()

    def _fit(self) -> None:
        """Say as much as there is room for: marks, counts and the name before more words.

        How many are marked comes before the name: the next key acts on all of them.
        """
        kept = width(self._shown[-2]) + _PADDING if self._is_marked else 0
        alarms = [*self.query(RegressedCount).filter(".-any"), self.query_one(InboxCount)]
        shared = self.query(SharingMark).filter(".-shared")
        parts: list[Static] = [*self.query(StatusCount), *shared]
        room = self.size.width - sum(width(str(part.content)) + _PADDING for part in parts)
        room -= sum(width(alarm.said[0]) + _PADDING for alarm in alarms)
        wanted = kept + (width(self._board_name) + _PADDING if self._board_name else 0)
        for alarm in alarms:
            words = alarm.said[room < wanted]
            room += width(alarm.said[0]) - width(words)
            alarm.update(Content(words))
        name = cut(self._board_name, max(0, room - kept - _PADDING))
        self.query_one("#board", Static).update(Content(name))
        self.query_one("#board").set_class(bool(name), "-named")
        room -= width(name) + _PADDING if name else 0
        room -= _PADDING
        words = next(words for words in self._shown if width(words) <= max(room, 0))
        self.query_one("#shown", Static).update(Content(words))


# Lines of which each part can be clicked


_T = TypeVar("_T")


class ClickableLine(Widget, Generic[_T]):
    """A line of which some parts can be clicked; the one under the mouse is underlined."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        #: From which cell to before which one each part stands, as it was drawn last.
        self._places: list[tuple[int, int, _T]] = []
        self._hovered: _T | None = None

    def _part_at(self, x: int) -> _T | None:
        return next((part for start, end, part in self._places if start <= x < end), None)

    def _hover(self, part: _T | None) -> None:
        if part != self._hovered:
            self._hovered = part
            self.refresh()

    def _underlined(self, part: _T, style: str = "") -> str:
        """A style, and that the mouse is there if it is."""
        return f"{style} underline".strip() if part == self._hovered else style

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would take."""
        self._hover(self._part_at(event.x))

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self._hover(None)

    def on_click(self, event: events.Click) -> None:
        """Take the part under the mouse."""
        if (part := self._part_at(event.x)) is not None:
            self.clicked(part)

    def clicked(self, part: _T) -> None:
        """A part was clicked."""


# The last line: as many keys as fit, the most needed first, never half a word


class KeyLine(ClickableLine[str]):
    """Keys and their names; a click does what the key does. In the past, only what looks.

    Args:
        commands: gives those that can be done now, the most needed first.
        in_words: whether it names them by their labels, where there is room.
    """

    DEFAULT_CSS = """
    KeyLine { height: 1; dock: bottom; background: $panel; color: $text-muted; }
    """

    @dataclass
    class Pressed(Message):
        """The name of a command was clicked."""

        command: str

    def __init__(
        self,
        commands: Callable[[], Iterable[Command]],
        *,
        in_words: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._commands, self._in_words = commands, in_words

    def render(self) -> RenderResult:
        """The keys, in the order of their rank."""
        parts: list[tuple[str, str] | str] = []
        self._places.clear()
        x = 0
        looks_back = self.screen.has_class("-past")
        for command in self._commands():
            if looks_back and command.writes:
                continue
            name = _(command.label if self._in_words else command.name).rstrip("…")
            cells = width(f" {command.shown} {name} ")
            if x + cells > self.size.width:
                continue
            self._places.append((x, x + cells, command.id))
            parts += [
                (f" {command.shown} ", "bold $accent"),
                (name, self._underlined(command.id)),
                " ",
            ]
            x += cells
        return Content.assemble(*parts)

    def clicked(self, part: str) -> None:
        """Do what a key does."""
        self.post_message(self.Pressed(part))
