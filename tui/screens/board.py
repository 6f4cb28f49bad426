"""The board: counts, query, list and detail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.command import CommandPalette
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from storage.board import Listing
from storage.errors import PitboardError
from storage.query import Query, SortKey, parse
from storage.vocabulary import Status
from tui.actions import bindings
from tui.dialogs.go_to import GoTo
from tui.language import _, language, say
from tui.palette import Themes
from tui.screens.deeds import Deeds
from tui.screens.help import HelpScreen
from tui.session import Session
from tui.widgets.counts import Count, Counts
from tui.widgets.detail import Detail
from tui.widgets.key_line import KeyLine
from tui.widgets.pitfall_list import PitfallList
from tui.widgets.typing import Line, TooLong

_SMALLEST: Final = (50, 12)
_WIDE: Final = 100
_SORTS: Final = (
    SortKey.SEEN,
    SortKey.STATUS,
    SortKey.SEVERITY,
    SortKey.COMPONENT,
    SortKey.TITLE,
)
#: How often it looks for what others wrote; it has to be seen within two seconds.
WATCH_SECONDS: Final = 1.0


class BoardScreen(Deeds):
    """Where everything starts, and where one comes back to."""

    AUTO_FOCUS = "#list"

    @dataclass
    class Found(Message):
        """The answer to the query, ready to be paged.

        ``place`` is where the pitfall ``kept`` stands in it, if it does.
        """

        query: Query
        listing: Listing
        kept: str | None
        place: int | None
        number: int = 0

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012

    @dataclass
    class Failed(Message):
        """The board could not be read."""

        error: PitboardError

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.asked = Query()
        self._asked_times = 0
        self._version: int | None = None
        # Bindings are made here, and not in the class, because they speak the reader's language.
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(bindings())])

    def compose(self) -> ComposeResult:
        """Counts, query, list and detail, keys."""
        yield Counts(id="counts")
        yield Line(
            id="query",
            placeholder=_("/ search, or filter: status:open component:wx.qy.login tag:album"),
            select_on_focus=False,
            compact=True,
        )
        yield Static(id="problem", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="list-pane"):
                yield PitfallList(self.session.board, self.session.now(), id="list")
            yield Detail(id="detail")
        yield Static(id="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the first page at once, so that the first paint shows it."""
        self.set_interval(WATCH_SECONDS, self.look_for_changes)
        try:
            self._version = self.session.board.version()
            self.answer(self._read(self.asked, None))
        except PitboardError as error:
            self.tell(error)

    # The query and its answer

    def ask(self, query: Query, *, keep: bool = False) -> None:
        """Ask a query; the answer replaces the list when it is there.

        Args:
            query: what to look for.
            keep: whether the cursor stays on the pitfall it is on.
        """
        self.asked = query
        self._asked_times += 1
        row = self.pitfalls.row
        self._find(query, row.id if keep and row else None, self._asked_times)

    @work(thread=True, exclusive=True, group="find", exit_on_error=False)
    def _find(self, query: Query, keep: str | None, number: int) -> None:
        worker = get_current_worker()
        try:
            found = replace(self._read(query, keep), number=number)
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(found)

    def _read(self, query: Query, keep: str | None) -> Found:
        board = self.session.board
        listing = board.find(query, language=language())
        # Without a pitfall to stay on, a new answer is read from its top.
        place = listing.place(keep) if keep else 0
        return self.Found(query, listing, keep, place)

    @on(Failed)
    @on(PitfallList.Unreadable)
    def _failed(self, failed: Failed | PitfallList.Unreadable) -> None:
        self.tell(failed.error)

    @on(Found)
    def _answered(self, found: Found) -> None:
        # Whoever typed, moved or went elsewhere meanwhile is not pulled back.
        if found.number == self._asked_times:
            row = self.pitfalls.row
            if found.kept is not None and row is not None and row.id != found.kept:
                found.place = found.listing.read_with(self.session.board).place(row.id)
            self.answer(found)

    def answer(self, found: Found) -> None:
        """Show an answer."""
        query = found.query
        listing = found.listing.read_with(self.session.board)
        self.pitfalls.show(listing, self.session.now(), found.place)
        self.show_counts(found.listing)
        problem = self.query_one("#problem", Static)
        standing = (self.session.only_readable,) if self.session.only_readable else ()
        problem.update(Content("\n".join(say(one) for one in (*standing, *query.problems))))
        problem.set_class(bool(standing or query.problems), "-shown")

    def show_counts(self, listing: Listing) -> None:
        """Show the counts, and how the list is sorted."""
        self._listing = listing
        sort = self.asked.sort or (SortKey.RELEVANCE if self.asked.words.strip() else SortKey.SEEN)
        turned = " ↑" if self.asked.reverse else ""
        self.query_one(Counts).show(
            listing.counts,
            self.asked.values_of("status"),
            listing.total,
            bounded=listing.bounded,
            marked_rows=len(self.pitfalls.marked),
            order=_SORT_WORDS()[sort] + turned,
        )

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        query = parse(event.value)
        if query.sort is None:
            query = replace(query, sort=self.asked.sort, reverse=self.asked.reverse)
        self.ask(query)

    @on(TooLong)
    def _say_too_long(self, event: TooLong) -> None:
        words = _("That is {n} characters. Search for the part that names the error.")
        self.notify(words.format(n=event.size), severity="warning", markup=False)

    @on(Input.Submitted, "#query")
    def _leave_query(self) -> None:
        self.pitfalls.focus()

    @on(Count.Pressed)
    def _filter_by(self, event: Count.Pressed) -> None:
        chosen = self.asked.values_of("status")
        self._ask_status(None if chosen == (event.status.value,) else event.status)

    def _ask_status(self, status: Status | None) -> None:
        """Filter by a status by writing it into the query line, where it can be seen."""
        query = self.query_one("#query", Input)
        words = [word for word in query.value.split() if not word.startswith(("status:", "状态:"))]
        if status is not None:
            words.insert(0, f"status:{'fixed' if status is Status.FIXED_UPSTREAM else status}")
        query.value = " ".join(words)

    # What changed

    def look_for_changes(self) -> None:
        """Read the list and the detail again if somebody wrote, here or in another process."""
        try:
            version = self.session.board.version()
        except PitboardError as error:
            # Once, and not every second.
            if self._version is not None:
                self.tell(error)
            self._version = None
            return
        if version != self._version:
            self._version = version
            self.ask(self.asked, keep=True)

    def go_to(self, pitfall: str) -> None:
        """Put the cursor on a pitfall; a query that hides it is left."""
        self._asked_times += 1
        found = self._read(self.asked, pitfall)
        if found.place is None:
            self.query_one("#query", Input).value = ""
            self.asked = Query()
            found = self._read(self.asked, pitfall)
        self.answer(found)

    @work(group="go to")
    async def action_go_to(self) -> None:
        """Go to an id, or run a command."""
        chosen = await self.app.push_screen_wait(GoTo(self.session.board))
        if chosen is None:
            return
        what, name = chosen
        if what == "pitfall":
            self.go_to(name)
            self.call_after_refresh(self.action_open)
        else:
            await self.run_action(name)

    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen())

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.app.action_command_palette()

    def action_theme(self) -> None:
        """Choose a theme."""
        self.app.push_screen(CommandPalette(providers=[Themes], placeholder=_("Find a theme…")))

    def action_quit(self) -> None:
        """Go back, or quit from the list."""
        if self.has_class("-reading") or self.reading:
            self.action_board()
        else:
            self.app.exit()

    # Looks

    def on_resize(self, event: events.Resize) -> None:
        """Say so when the terminal is too small; show the detail when it came into sight."""
        tiny = event.size.width < _SMALLEST[0] or event.size.height < _SMALLEST[1]
        self.set_class(tiny, "-tiny")
        if tiny:
            self.query_one("#too-small", Static).update(
                Content(
                    _("This terminal is {w}×{h}.\nMake it {W}×{H} or larger.").format(
                        w=event.size.width, h=event.size.height, W=_SMALLEST[0], H=_SMALLEST[1]
                    )
                )
            )
        self.call_after_refresh(self.show_detail)

    def action_back(self) -> None:
        """Leave the query, the detail, the marks, the search: one at a time."""
        query = self.query_one("#query", Input)
        if query.has_focus:
            if query.value:
                query.value = ""
            self.pitfalls.focus()
        elif self.reading or self.has_class("-reading"):
            self.action_board()
        elif self.pitfalls.marked:
            self.pitfalls.clear_marks()
            self.show_counts(self._listing)
        elif query.value:
            query.value = ""

    # Finding

    def action_search(self) -> None:
        """Go to the query line."""
        self.remove_class("-reading", "-zoom-detail")
        self.call_after_refresh(self.query_one("#query", Input).focus)

    def action_filter(self) -> None:
        """Show the next status only, then all again."""
        ring: list[Status | None] = [None, *Status]
        chosen = self.asked.values_of("status")
        now = Status(chosen[0]) if len(chosen) == 1 else None
        self._ask_status(ring[(ring.index(now) + 1) % len(ring)])

    def action_sort(self) -> None:
        """Sort by the next column."""
        now = self.asked.sort if self.asked.sort in _SORTS else SortKey.SEEN
        after = _SORTS[(_SORTS.index(now) + 1) % len(_SORTS)]
        self.ask(replace(self.asked, sort=after, reverse=False), keep=True)

    def action_turn(self) -> None:
        """Turn the order round."""
        self.ask(replace(self.asked, reverse=not self.asked.reverse), keep=True)

    def action_read_again(self) -> None:
        """Read everything again."""
        self.ask(self.asked, keep=True)

    def action_mark(self) -> None:
        """Mark the pitfall under the cursor."""
        if not self.reading:
            self.pitfalls.toggle_mark()
            self.show_counts(self._listing)


def _SORT_WORDS() -> dict[SortKey, str]:  # noqa: N802
    return {
        SortKey.RELEVANCE: _("best match first"),
        SortKey.SEEN: _("by last seen"),
        SortKey.STATUS: _("by status"),
        SortKey.SEVERITY: _("by severity"),
        SortKey.COMPONENT: _("by component"),
        SortKey.TITLE: _("by title"),
    }
