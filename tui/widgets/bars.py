"""Lines whose parts can be clicked: counts, view tabs, keys; what a pitfall comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.selection import Selection
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from storage.model.row import Status
from storage.model.vocabulary import is_web_address
from storage.text.sanitize import sanitize
from tui import deferred
from tui.text.cells import cut, width
from tui.text.i18n import _, ngettext
from tui.text.vocabulary import REGRESSED, marked

if TYPE_CHECKING:
    from storage.model.records import Pitfall
    from storage.read.board import Board
    from tui.commands.command import Command
    from tui.text import lead as leading
    from tui.widgets import overview
else:
    # The first paint shows no pitfall.
    leading = deferred("tui.text.lead")
    overview = deferred("tui.widgets.overview")

#: Of the name of a board (cells): all counts have to fit beside it in 80.
_LONGEST_NAME: Final = 16
#: The blanks around a part.
_PADDING: Final = 2
#: How a filter stands out that is chosen.
_CHOSEN: Final = " bold reverse"
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


# The first line: counts that are filters


class CountPart(Enum):
    """What the bar shows besides the counts by status."""

    BOARD = auto()
    REGRESSED = auto()
    INBOX = auto()
    SHARING = auto()
    SHOWN = auto()


class ShownPart(NamedTuple):
    """A part of the bar as it is drawn."""

    part: Status | CountPart
    words: str
    style: str = ""

    @property
    def cells(self) -> int:
        """How many cells it takes, with a blank on either side."""
        return width(self.words) + _PADDING


_STATUS_STYLES: Final = {
    Status.OPEN: "$text-error",
    Status.WORKAROUND: "$text-warning",
    Status.FIXED_UPSTREAM: "$text-success",
}


class CountsBar(ClickableLine[Status | CountPart]):
    """Which of several boards it is, counts by status, then what the list below shows.

    It is one widget, since each costs a millisecond of the first paint.
    """

    DEFAULT_CSS = "CountsBar { height: 1; background: $panel; text-wrap: nowrap; }"

    class Pressed(Message):
        """A part was clicked: a status filters, the others go where their commands go."""

        def __init__(self, part: Status | CountPart) -> None:
            super().__init__()
            self.part = part

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._statuses: list[ShownPart] = []
        #: What it says, and what it says where there is little room.
        self._regressed: tuple[ShownPart, ShownPart] | None = None
        self._inbox: tuple[ShownPart, ShownPart] | None = None
        self._sharing: ShownPart | None = None
        self._shown: tuple[str, ...] = ("",)
        self._is_marked = False
        self._board_name = ""

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
        self._statuses = []
        for status in Status:
            mark, word = marked(status).split(" ", 1)
            style = _STATUS_STYLES[status] + (_CHOSEN if status.value in chosen else "")
            self._statuses.append(ShownPart(status, f"{mark} {counts[status]} {word}", style))
        self.show_regressed(regressed, chosen=regressed_chosen, is_filtered=is_filtered)
        self.show_inbox(inbox, is_filtered=is_filtered)
        if marked_rows:
            shown = short = ngettext("{n} marked", "{n} marked", marked_rows).format(n=marked_rows)
        elif bounded:
            shown = short = _("first {n}").format(n=total)
        else:
            shown = ngettext("{n} pitfall", "{n} pitfalls", total).format(n=total)
            short = str(total)
        self._shown = (f"{shown} · {order}", f"{short} · {order}", shown, short, "")
        self._is_marked = bool(marked_rows)

    def show_regressed(self, count: int, *, chosen: bool, is_filtered: bool = False) -> None:
        """Show how many were seen where they should be fixed, if there are any or it is asked.

        Beside the counts of a query it says, however little room there is, that it is of all.
        """
        words, short = ngettext("{n} regressed", "{n} regressed", count), "{n}"
        if is_filtered:
            words = ngettext("{n} regressed in all", "{n} regressed in all", count)
            short = _("{n} in all")
        style = "$text-error" + (_CHOSEN if chosen else "")
        long, brief = (
            ShownPart(CountPart.REGRESSED, f"{REGRESSED} {one.format(n=count)}", style)
            for one in (words, short)
        )
        self._regressed = (long, brief) if count > 0 or chosen else None
        self.refresh()

    def show_inbox(self, count: int, *, is_filtered: bool = False) -> None:
        """Show how many wait; beside the counts of a query, that these are not counted by it."""
        words = _("✉ {n} in the whole inbox") if is_filtered else _("✉ {n} inbox")
        style = "bold $primary" if count else "$text-muted"
        long = ShownPart(CountPart.INBOX, words.format(n=count), style)
        self._inbox = long, long._replace(words=f"✉ {count}")
        self.refresh()

    def show_sharing(self, words: str, *, problem: bool) -> None:
        """Show how the sharing stands, in a mark and a number; nothing where nothing is shared."""
        style = "bold $text-error" if problem else "$text-muted"
        self._sharing = ShownPart(CountPart.SHARING, words, style) if words else None
        self.refresh()

    def show_board(self, name: str) -> None:
        """Show which of several boards it is; nothing if there is only one."""
        self._board_name = cut(sanitize(name), _LONGEST_NAME)
        self.refresh()

    def render(self) -> RenderResult:
        """The parts in their order, the last one at the right end."""
        parts: list[tuple[str, str] | str] = []
        self._places.clear()
        x = 0
        for one in self._fitting():
            end = x + one.cells
            if one.part is CountPart.SHOWN:
                end = max(end, self.size.width)
                parts.append(" " * (end - x - one.cells))
            if one.part is not CountPart.BOARD:
                self._places.append((x, end, one.part))
            parts += [" ", (one.words, self._underlined(one.part, one.style)), " "]
            x = end
        return Content.assemble(*parts)

    def _fitting(self) -> list[ShownPart]:
        """What there is room for: marks, counts and the name before more words.

        How many are marked comes before the name: the next key acts on all of them.
        """
        kept = width(self._shown[-2]) + _PADDING if self._is_marked else 0
        alarms = [alarm for alarm in (self._regressed, self._inbox) if alarm is not None]
        shared = [self._sharing] if self._sharing is not None else []
        room = self.size.width - sum(part.cells for part in (*self._statuses, *shared))
        room -= sum(long.cells for long, _short in alarms)
        wanted = kept + (width(self._board_name) + _PADDING if self._board_name else 0)
        alarms_shown = []
        for alarm in alarms:
            alarms_shown.append(alarm[room < wanted])
            room += alarm[0].cells - alarms_shown[-1].cells
        name = cut(self._board_name, max(0, room - kept - _PADDING))
        named = [ShownPart(CountPart.BOARD, name, "bold $text-primary")] if name else []
        room -= sum(part.cells for part in named) + _PADDING
        words = next(words for words in self._shown if width(words) <= max(room, 0))
        shown = ShownPart(CountPart.SHOWN, words, "$text-muted")
        return [*named, *self._statuses, *alarms_shown, *shared, shown]

    def clicked(self, part: Status | CountPart) -> None:
        """Say which part was clicked."""
        self.post_message(self.Pressed(part))


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

    class Pressed(Message):
        """The name of a command was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

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


# The block that says what a pitfall comes to: in the preview, in paste, in triage, in detail


class MarkdownText(Static):
    """Shows texts in Markdown, one below the other; a click on a link opens it."""

    DEFAULT_CSS = "MarkdownText { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._document: overview.Document | None = None

    def show_parts(self, *parts: overview.Part) -> None:
        """Show sanitised texts; where they are shown already, nothing is laid out again."""
        document = overview.Document(parts)
        if self._document is None or not document.is_same(self._document):
            self._document = document
            self.update(document)

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """What is selected, without the breaks that the width makes."""
        sources = self._document.sources if self._document else []
        return selection.extract("\n".join(sources)), "\n"

    def action_link(self, address: str) -> None:
        """Open a link that was clicked."""
        if is_web_address(address):
            self.app.open_url(address)


class LeadBlock(MarkdownText):
    """What a pitfall means now, what to do meanwhile, how often and where, and what is next."""

    DEFAULT_CSS = "LeadBlock { padding: 0 1; }"

    def __init__(self, *, in_triage: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._in_triage = in_triage

    def show(
        self, board: Board, pitfall: Pitfall, now: int, *, whole: bool = False
    ) -> leading.LeadFacts:
        """Show a pitfall as it is at a time (ms); ``whole`` with all of its workaround.

        Raises:
            PitboardError: if the board can't be read.
        """
        facts = leading.lead_facts(board, pitfall, now)
        words = leading.lead_lines(facts, self._key_of, whole=whole, in_triage=self._in_triage)
        parts, step = (
            [*map(overview.lead_part, words)],
            leading.next_step(facts, in_triage=self._in_triage),
        )
        if step is not None and self._key_of(step):
            click = Style.from_meta({"@click": f"screen.run({step.command!r})"})
            parts[-1] = parts[-1]._replace(head=parts[-1].head.stylize(click))
        self.show_parts(*parts)
        return facts

    def _key_of(self, step: leading.NextStepWords) -> str:
        """The key of a step as it is bound on this screen; nothing where it can't be taken."""
        for active in self.screen.active_bindings.values():
            if active.enabled and active.binding.id == step.command:
                return active.binding.key_display or active.binding.key
        return ""


def show_text(widget: Static, text: Content) -> None:
    """Show a text; where it is shown already, the screen is not laid out and drawn again."""
    shown = widget.content
    if not (isinstance(shown, Content) and shown.is_same(text)):
        widget.update(text)
