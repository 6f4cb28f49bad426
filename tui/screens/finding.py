"""The query line, the counts and the list: what is asked for, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from storage.errors import PitboardError
from storage.model.vocabulary import Status
from storage.query import Query, SortKey, parse
from storage.query.editing import Completions, complete, refiltered
from storage.query.keys import Has
from storage.read import Listing
from storage.text.sanitize import harmless
from tui.screens.deciding import Deciding
from tui.services.session import Session
from tui.text.i18n import _, language, say
from tui.text.query_help import mistake_marks
from tui.widgets.counts import CountsBar, InboxCount, RegressedCount, StatusCount
from tui.widgets.input import TooLong
from tui.widgets.pitfall_list import PitfallList
from tui.widgets.query_line import CompletionMenu, QueryLine

_SORTS: Final = (
    SortKey.SEEN,
    SortKey.STATUS,
    SortKey.SEVERITY,
    SortKey.COMPONENT,
    SortKey.TITLE,
)
#: More mistakes than this are not put right at once.
_MISTAKES_SHOWN: Final = 2


class Finding(Deciding):
    """The finding half of the board's screen."""

    session: Session

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

    @dataclass
    class Failed(Message):
        """The board could not be read."""

        error: PitboardError

    def __init__(self) -> None:
        super().__init__()
        self.asked = Query()
        self.asked_times = 0

    @property
    def query_line(self) -> QueryLine:
        """What the person types into."""
        return self.query_one("#query", QueryLine)

    def complete(self, text: str, cursor: int) -> Completions:
        """What could come next in the query line."""
        return complete(text, cursor, self.session.board.names, language())

    # The query and its answer

    def ask(self, query: Query, *, keep: bool = False) -> None:
        """Ask a query; the answer replaces the list when it is there.

        Args:
            query: what to look for.
            keep: whether the cursor stays on the pitfall it is on.
        """
        self.asked = query
        self.asked_times += 1
        row = self.pitfalls.row
        self._find(query, row.id if keep and row else None, self.asked_times)

    @work(thread=True, exclusive=True, group="find", exit_on_error=False)
    def _find(self, query: Query, keep: str | None, number: int) -> None:
        worker = get_current_worker()
        try:
            found = replace(self.read(query, keep), number=number)
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(found)

    def read(self, query: Query, keep: str | None) -> Found:
        """The answer to a query, with the place of a pitfall to stay on."""
        board = self.session.board
        listing = board.find(query, language=language(), now=self.session.now())
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
        if found.number == self.asked_times:
            row = self.pitfalls.row
            if found.kept is not None and row is not None and row.id != found.kept:
                found.place = found.listing.read_with(self.session.board.list).place(row.id)
            self.answer(found)

    def answer(self, found: Found) -> None:
        """Show an answer."""
        listing = found.listing.read_with(self.session.board.list)
        self.pitfalls.show(listing, self.session.now(), found.place)
        self.show_counts(found.listing)
        self.show_problems()

    def show_counts(self, listing: Listing) -> None:
        """Show the counts, and how the list is sorted."""
        self._listing = listing
        turned = " ↑" if self.asked.reverse else ""
        self.query_one(CountsBar).show(
            listing.counts,
            tuple(map(str, self.asked.values_of("status"))),
            listing.total,
            bounded=listing.bounded,
            marked_rows=len(self.pitfalls.marked),
            order=_SORT_WORDS()[self.order] + turned,
            inbox=self.session.board.inbox.count(self.session.now()),
            regressed=self.session.board.inbox.regressed_count(),
            regressed_chosen=self._asks_regressed,
        )

    @property
    def order(self) -> SortKey:
        """What the list is sorted by."""
        by_words = SortKey.RELEVANCE if self.asked.words.strip() else SortKey.SEEN
        return self.asked.sort or by_words

    @on(QueryLine.Settled)
    def show_problems(self) -> None:
        """Point at what can't be understood, unless it is still being typed."""
        line = self.query_line
        mistakes = [one for one in self.asked.problems if not line.still_typed(one)]
        mistakes = mistakes[:_MISTAKES_SHOWN]
        words = [mistake_marks(line.value, mistakes, int(line.scroll_offset.x))] if mistakes else []
        words += [harmless(say(one)) for one in mistakes]
        if self.session.only_readable:
            words.append(say(self.session.only_readable))
        problem = self.query_one("#problem", Static)
        problem.update(Content("\n".join(words)))
        problem.set_class(bool(words), "-shown")

    def marks_changed(self) -> None:
        """Say how many are marked."""
        self.show_counts(self._listing)

    # The query line

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

    @on(CompletionMenu.Chosen)
    def _take_offer(self, event: CompletionMenu.Chosen) -> None:
        self.query_line.take(event.offer)
        self.query_line.focus()

    def action_search(self) -> None:
        """Go to the query line."""
        self.turn_to(reading=False, zooms="-zoom-detail")
        self.call_after_refresh(self.query_line.focus)

    # Counts, orders

    @on(InboxCount.Pressed)
    async def _open_inbox(self) -> None:
        await self.run_action("inbox")

    @on(StatusCount.Pressed)
    def _filter_by(self, event: StatusCount.Pressed) -> None:
        chosen = self.asked.values_of("status")
        self._ask_status(None if chosen == (event.status.value,) else event.status)

    @property
    def _asks_regressed(self) -> bool:
        """Whether only those are asked for that were seen where they should be fixed."""
        return self.asked.values_of("has") == (Has.REGRESSION.value,)

    @on(RegressedCount.Pressed)
    def _filter_by_regression(self) -> None:
        value = None if self._asks_regressed else Has.REGRESSION.value
        self._refilter("has", value)

    def _refilter(self, field: str, value: str | None) -> None:
        line = self.query_line
        line.write(refiltered(line.value, field, value, language()))

    def _ask_status(self, status: Status | None) -> None:
        """Filter by a status by writing it into the query line, where it can be seen."""
        self._refilter("status", status.value if status else None)

    def action_filter(self) -> None:
        """Show the next status only, then what regressed if anything did, then all again."""
        if self._asks_regressed:
            self._filter_by_regression()
            return
        ring: list[Status | None] = [None, *Status]
        chosen = self.asked.values_of("status")
        now = Status(str(chosen[0])) if len(chosen) == 1 else None
        after = ring[(ring.index(now) + 1) % len(ring)]
        self._ask_status(after)
        if after is None and self.session.board.inbox.regressed_count():
            self._filter_by_regression()

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


def _SORT_WORDS() -> dict[SortKey, str]:  # noqa: N802
    return {
        SortKey.RELEVANCE: _("best match first"),
        SortKey.SEEN: _("by last seen"),
        SortKey.FIRST: _("by first seen"),
        SortKey.STATUS: _("by status"),
        SortKey.SEVERITY: _("by severity"),
        SortKey.COMPONENT: _("by component"),
        SortKey.TITLE: _("by title"),
        SortKey.COUNT: _("by occurrences"),
        SortKey.UPDATED: _("by last change"),
        SortKey.REPORTED: _("by day of report"),
        SortKey.WAITING: _("longest waiting first"),
        SortKey.CLAIMED: _("longest claimed first"),
        SortKey.VERIFIED: _("longest unverified first"),
    }
