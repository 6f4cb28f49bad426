"""The lines above and below the list, whose parts can be clicked: counts, view tabs, keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

from textual import events
from textual.app import ComposeResult, RenderResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from storage.model.vocabulary import Status
from storage.text.sanitize import sanitize
from tui.services.views import View
from tui.text.cells import cut, width
from tui.text.i18n import _, ngettext
from tui.text.vocabulary import REGRESSED, marked

if TYPE_CHECKING:
    from tui.commands.command import Command

#: Of the name of a board (cells): all counts have to fit beside it in 80.
_LONGEST_NAME: Final = 16


class BarPart(Static):
    """A part of the bar; a click says so."""

    DEFAULT_CSS = """
    BarPart { width: auto; padding: 0 1; &:hover { text-style: underline; } }
    """

    class Pressed(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Pressed())


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

    def on_click(self) -> None:
        """Say which status was clicked."""
        self.post_message(self.Pressed(self.status))


class InboxCount(BarPart):
    """How many pitfalls wait in the inbox; a click goes there."""

    DEFAULT_CSS = """
    InboxCount { color: $text-muted; &.-waiting { color: $primary; text-style: bold; } }
    """

    class Pressed(BarPart.Pressed):
        """It was clicked."""

    def show(self, count: int) -> None:
        """Show how many."""
        self.update(Content(_("✉ {n} inbox").format(n=count)))
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
        self.update(Content(f"{REGRESSED} {words}"))
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
    ) -> None:
        """Show the counts, which of them filter, and how many the list has."""
        for part in self.query(StatusCount):
            mark, word = marked(part.status).split(" ", 1)
            part.update(Content(f"{mark} {counts[part.status]} {word}"))
            part.set_class(part.status.value in chosen, "-chosen")
        self.query_one(RegressedCount).show(regressed, chosen=regressed_chosen)
        self.query_one(InboxCount).show(inbox)
        if marked_rows:
            shown = short = ngettext("{n} marked", "{n} marked", marked_rows).format(n=marked_rows)
        elif bounded:
            shown = short = _("first {n}").format(n=total)
        else:
            shown = ngettext("{n} pitfall", "{n} pitfalls", total).format(n=total)
            short = str(total)
        self._shown = (f"{shown} · {order}", f"{short} · {order}", shown, short, "")
        self._fit()

    def show_sharing(self, words: str, *, problem: bool) -> None:
        """Show how the sharing stands, in a mark and a number."""
        self.query_one(SharingMark).show(words, problem=problem)
        self._fit()

    def show_board(self, name: str) -> None:
        """Show which of several boards it is; nothing if there is only one."""
        part = self.query_one("#board", Static)
        part.update(Content(cut(sanitize(name), _LONGEST_NAME)))
        part.set_class(bool(name), "-named")
        self._fit()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._fit()

    def _fit(self) -> None:
        named = self.query("#board").filter(".-named").results(Static)
        alarms = self.query(RegressedCount).filter(".-any")
        shared = self.query(SharingMark).filter(".-shared")
        parts: list[Static] = [
            *named,
            *self.query(StatusCount),
            *alarms,
            self.query_one(InboxCount),
            *shared,
        ]
        taken = sum(width(str(part.content)) + 2 for part in parts)
        room = self.size.width - taken - 2
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


# The views as a line of tabs


class ViewTabs(ClickableLine[View]):
    """One tab for each view; a click chooses it. The one that is altered has a star."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"views--active"}

    DEFAULT_CSS = """
    ViewTabs {
        height: 1;
        background: $panel;
        color: $text-muted;
        & > .views--active { color: $text-primary; text-style: bold underline; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A view was clicked."""

        view: View

    def __init__(self, views: Sequence[View], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._views = list(views)
        self._active = 0
        self._is_altered = False

    def show(self, views: Sequence[View], active: View, *, is_altered: bool) -> None:
        """Show the views, which of them is asked, and whether the query says something else."""
        self._views = list(views)
        self._active = self._views.index(active)
        self._is_altered = is_altered
        self.refresh()

    def render(self) -> RenderResult:
        """As many tabs as fit, the active one among them."""
        first, last = self._window()
        parts: list[Content | str] = ["‹" if first else " "]
        self._places.clear()
        x = 1
        for place in range(first, last):
            label = self._label(place)
            self._places.append((x, x + width(label) + 2, self._views[place]))
            style = self.get_visual_style("views--active") if place == self._active else ""
            words = Content.styled(label, style)
            parts += [" ", words.stylize(self._underlined(self._views[place])), " "]
            x += width(label) + 2
        if last < len(self._views):
            parts.append("›")
        return Content.assemble(*parts)

    def _label(self, place: int) -> str:
        label = sanitize(self._views[place].label)
        star = "*" if place == self._active and self._is_altered else ""
        return cut(label, max(self.size.width - 6, 1)) + star

    def _window(self) -> tuple[int, int]:
        """The first tab that is shown, and the one behind the last."""
        first, last = self._active, self._active + 1
        room = self.size.width - 2 - width(self._label(self._active)) - 2
        while True:
            # To the left first, so that the first views stay where they are.
            for place in (first - 1, last):
                if 0 <= place < len(self._views):
                    needed = width(self._label(place)) + 2
                    if needed <= room:
                        room -= needed
                        first, last = min(first, place), max(last, place + 1)
                        break
            else:
                return first, last

    def clicked(self, part: View) -> None:
        """Choose a view."""
        self.post_message(self.Chosen(part))


# The last line: as many keys as fit, the most needed first, never half a word


class KeyLine(ClickableLine[str]):
    """Keys and their names; a click does what the key does. In the past, only what looks.

    Args:
        commands: the most needed first.
        in_words: whether it names them by their labels, where there is room.
        offers: whether a command can be done now; all can, if nobody says so.
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
        commands: Sequence[Command],
        *,
        in_words: bool = False,
        offers: Callable[[Command], bool] = lambda command: True,
    ) -> None:
        super().__init__()
        self._commands, self._in_words, self._offers = commands, in_words, offers

    def render(self) -> RenderResult:
        """The keys, in the order of their rank."""
        parts: list[tuple[str, str] | str] = []
        self._places.clear()
        x = 0
        looks_back = self.screen.has_class("-past")
        for command in self._commands:
            if (looks_back and command.writes) or not self._offers(command):
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
