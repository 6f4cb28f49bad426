"""What the board is asked for, and its answer: query line, filters, order, views."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual.content import Content

from storage.model.fields import NamedTuple
from storage.model.row import Status
from storage.query.tree import Query, SortKey
from storage.read.board import Listing
from storage.text.sanitize import sanitize
from tui import deferred
from tui.services.views import View, built_in
from tui.text.columns import sort_words
from tui.text.i18n import language, say
from tui.text.vocabulary import mistake_marks, said_once, why_empty
from tui.widgets.bars import CountsBar
from tui.widgets.board_panes import ListHead, ViewTabs
from tui.widgets.inputs import QueryLine

if TYPE_CHECKING:
    from storage.query import completion, keys, parser
    from tui.screens.board import BoardScreen
    from tui.services.saved_views import LoadedViews
else:
    # The first paint asks for all pitfalls, and nobody has typed anything.
    completion = deferred("storage.query.completion")
    keys = deferred("storage.query.keys")
    parser = deferred("storage.query.parser")

_SORTS: Final = (SortKey.SEEN, SortKey.STATUS, SortKey.SEVERITY, SortKey.COMPONENT, SortKey.TITLE)
_MISTAKES: Final = 2
#: No screen shows more rows beside that under the cursor.
_ON_SCREEN: Final = 64


class SearchResult(NamedTuple):
    """The answer to a query, ready to be paged.

    Args:
        query: what was asked.
        listing: the pitfalls.
        kept: the pitfall that the cursor stays on, if it does.
        place: where that one is in the listing.
        is_begun: whether nothing is found because a value is only half typed.
        why_empty: why nothing is found, and what to do about it.
    """

    query: Query
    listing: Listing
    kept: str | None
    place: int | None
    is_begun: bool = False
    why_empty: str = ""


class Search:
    """The query of a board, and the listing that answers it.

    Args:
        board: the screen that shows both.
    """

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._session = board.session
        self.query = Query()
        #: The order that was chosen by key or click, and holds until another is typed.
        self._chosen: tuple[SortKey | None, bool] = None, False
        self.listing: Listing | None = None
        #: An answer that waits for the value that is being typed.
        self._held: SearchResult | None = None
        #: Counts the questions, so that an answer to an older one is not shown.
        self._number = 0

    @property
    def line(self) -> QueryLine:
        """What the person types into."""
        return self._board.query_one("#query", QueryLine)

    def complete(self, text: str, cursor: int) -> completion.Completions:
        """What could come next in the query line."""
        return completion.complete(text, cursor, self._session.board.names, language())

    # Asking

    def ask(self, query: Query, *, keep: bool = False) -> None:
        """Ask a query; the answer replaces the list when it is there.

        Args:
            query: what to look for.
            keep: whether the cursor stays on the pitfall it is on.
        """
        self.query = query
        self._number += 1
        number, row, line = self._number, self._board.pitfalls.row, self.line
        kept = row.id if keep and row else None
        typed = line.cursor_position if line.has_focus else None
        text = line.value
        self._board.read(
            lambda: self._read(query, kept, text, typed),
            lambda answer: self._answered(answer, number),
            group="find",
        )
        self._board.views.query_changed()

    def ask_view(self, query: Query) -> None:
        """Ask the query of a view; who reads a pitfall stays there, as if the same is asked."""
        self._chosen = None, False
        reads = self._board.reading or self._board.has_class("-reading")
        self.ask(query, keep=reads or _meaning(query) == _meaning(self.query))

    def ask_again(self) -> None:
        """Ask the same once more; the cursor stays where it is."""
        self.ask(self.query, keep=True)

    def ask_at_once(self) -> None:
        """Ask and show the answer without a thread, as the first paint needs it."""
        self._show(self._read(self.query, None))

    def go_to(self, pitfall: str) -> None:
        """Show the list with the cursor on a pitfall; a query that hides it is left."""
        self._number += 1
        answer = self._read(self.query, pitfall)
        if answer.place is None:
            self.line.value = ""
            self.query, self._chosen = Query(), (None, False)
            answer = self._read(self.query, pitfall)
        self._show(answer)

    def _read(
        self, query: Query, kept: str | None, text: str = "", typed: int | None = None
    ) -> SearchResult:
        """The answer to a query, with the place of a pitfall to stay on.

        Args:
            query: what was asked; ``kept`` is the pitfall to stay on, if any.
            text: the query as it stands in its line.
            typed: where the cursor stands in it while it is being typed.
        """
        board = self._session.board
        listing = board.find(query, language=language(), now=self._session.now())
        # Without a pitfall to stay on, a new answer is read from its top.
        answer = SearchResult(query, listing, kept, listing.place(kept) if kept else 0)
        if listing.total:
            listing.read_ahead(answer.place or 0, _ON_SCREEN)
            return answer

        def count(other: Query) -> int:
            return board.find(other, language=language(), now=self._session.now()).total

        is_begun = typed is not None and self._is_begun(text, typed)
        near = completion.nearest_query(text, board.names, language(), count)
        return answer._replace(is_begun=is_begun, why_empty=why_empty(query, text, count, near))

    def _is_begun(self, text: str, cursor: int) -> bool:
        """Whether what stands before the cursor is the beginning of a value to be found."""
        start, end, offers = self.complete(text, cursor)
        begun, offered = text[start:end].casefold(), {one.text.casefold() for one in offers}
        # A word that may yet become a key is looked for meanwhile, as it is once enter is pressed.
        is_value = not all(one.endswith(":") for one in offered)
        return is_value and begun not in offered

    def _answered(self, answer: SearchResult, number: int) -> None:
        # Who typed, moved or went elsewhere meanwhile is not pulled back.
        if number != self._number:
            return
        row = self._board.pitfalls.row
        if answer.kept is not None and row is not None and row.id != answer.kept:
            place = answer.listing.read_with(self._session.board.list).place(row.id)
            answer = answer._replace(place=place)
        if answer.is_begun and self.line.has_focus:
            # The list stays until it is typed to its end.
            self._held = answer
            return
        self._show(answer)

    def settle(self) -> None:
        """Show the answer that waited for more to be typed, unless more is offered still."""
        if self._held is not None and not (self.line.has_focus and self.line.is_offering):
            self._show(self._held)

    # Showing

    def _show(self, answer: SearchResult) -> None:
        listing = answer.listing.read_with(self._session.board.list)
        self._held = None
        self._board.pitfalls.why_empty = answer.why_empty
        self._board.pitfalls.show(listing, answer.place)
        self.listing = answer.listing
        self.show_counts()
        self.show_problems()

    def show_counts(self) -> None:
        """Show the counts, and how the list is sorted."""
        if self.listing is None:
            return
        board, asked = self._session.board, self.query
        self._board.query_one(ListHead).show(self.order, reverse=asked.reverse)
        self._board.query_one(CountsBar).show(
            self.listing.counts,
            tuple(map(str, asked.values_of("status"))),
            self.listing.total,
            bounded=self.listing.bounded,
            marked_rows=len(self._board.pitfalls.marked),
            order=sort_words(self.order) + (" ↑" if asked.reverse else ""),
            inbox=board.inbox.count(self._session.now()),
            is_filtered=bool(asked.words.strip() or asked.conditions),
            regressed=board.inbox.regressed_count(),
            regressed_chosen=self._asks_regressed,
        )

    def show_problems(self) -> None:
        """Point at what can't be understood, unless it is still being typed."""
        line = self.line
        mistakes = (one for one in self.query.problems if not line.still_typed(one))
        said = [*said_once(mistakes).items()][:_MISTAKES]
        marked = [one for _words, several in said for one in several]
        words = [mistake_marks(line.value, marked, int(line.scroll_offset.x))] if marked else []
        words += [sanitize(one) for one, _marked in said]
        if self._session.only_readable:
            words.append(say(self._session.only_readable))
        if words or self._board.query_children("#problem"):
            problem = self._board.note("problem", above="#first-steps, #panes")
            problem.update(Content("\n".join(words)))
            problem.set_class(bool(words), "-shown")

    # The query line

    def typed(self, text: str) -> None:
        """Ask what was typed; a chosen order stays unless one is typed, too."""
        query = parser.parse(text)
        if query.sort is None:
            query = query.replaced(sort=self._chosen[0], reverse=self._chosen[1])
        else:
            self._chosen = None, False
        self.ask(query)

    def as_text(self) -> str:
        """What is asked, as text that says its order."""
        text = self.line.value.strip()
        if order_of(parser.parse(text)) == order_of(self.query):
            return text
        reverse = self.query.reverse
        return completion.resorted(text, self.order, reverse=reverse, language=language())

    # Filters

    def filter_by_status(self, status: Status) -> None:
        """Filter by a status, or by none if it is the only one that is asked for."""
        is_asked = self.query.values_of("status") == (status.value,)
        self._ask_status(None if is_asked else status)

    def filter_by_regression(self) -> None:
        """Filter by regressions, or by none if they are asked for."""
        self._refilter("has", None if self._asks_regressed else keys.Has.REGRESSION.value)

    def filter_by_next_status(self) -> None:
        """Ask for the next status only, then for regressions if there are any, then for all."""
        if self._asks_regressed:
            self.filter_by_regression()
            return
        ring: list[Status | None] = [None, *Status]
        chosen = self.query.values_of("status")
        now = Status(str(chosen[0])) if len(chosen) == 1 else None
        after = ring[(ring.index(now) + 1) % len(ring)]
        self._ask_status(after)
        if after is None and self._session.board.inbox.regressed_count():
            self.filter_by_regression()

    @property
    def _asks_regressed(self) -> bool:
        """Whether only regressions are asked for."""
        return bool(asked := self.query.values_of("has")) and asked == (keys.Has.REGRESSION.value,)

    def _ask_status(self, status: Status | None) -> None:
        """Filter by a status by writing it into the query line, where it can be seen."""
        self._refilter("status", status.value if status else None)

    def _refilter(self, field: str, value: str | None) -> None:
        self.line.write(completion.refiltered(self.line.value, field, value, language()))

    # Order

    @property
    def order(self) -> SortKey:
        """What the list is sorted by."""
        return order_of(self.query)[0]

    def sort_by_next(self) -> None:
        """Sort by the next column."""
        now = self.query.sort if self.query.sort in _SORTS else SortKey.SEEN
        self._order_by(_SORTS[(_SORTS.index(now) + 1) % len(_SORTS)])

    def sort_by(self, key: SortKey) -> None:
        """Sort by a column; what is sorted by it already is reversed."""
        if key is self.order:
            self.reverse()
        else:
            self._order_by(key)

    def reverse(self) -> None:
        """Reverse the order."""
        self._order_by(self.query.sort, reverse=not self.query.reverse)

    def _order_by(self, key: SortKey | None, *, reverse: bool = False) -> None:
        self._chosen = key, reverse
        self.ask(self.query.replaced(sort=key, reverse=reverse), keep=True)


def order_of(query: Query) -> tuple[SortKey, bool]:
    """What a query sorts by, and whether in reverse; words are sorted by relevance."""
    by_words = SortKey.RELEVANCE if query.words.strip() else SortKey.SEEN
    return query.sort or by_words, query.reverse


# The views of the board: one is chosen at a time, and the query can become another


class Views:
    """The views that a person has, and the one that is chosen.

    Choosing a view writes its query into the query line, where it can be changed; the tab then
    shows that it is altered. An empty query is all.

    Args:
        board: the screen that shows them.
    """

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self.known = built_in()
        self.view = self.known[0]
        self.is_read = asyncio.Event()

    def load(self, then: str | None = None) -> None:
        """Read one's own views, which needs more than the first paint may wait for.

        Args:
            then: the name of a view to go to when they are there.
        """

        def read() -> LoadedViews:
            # Loaded here, since it needs pydantic, which no start waits for.
            from tui.services.saved_views import load

            return load()

        self.is_read.clear()
        self._board.read(read, lambda loaded: self._take(loaded, then), group="settle in")

    def _take(self, loaded: LoadedViews, then: str | None) -> None:
        self.known = loaded.views
        self.is_read.set()
        if loaded.problem is not None:
            self._board.tell(loaded.problem)
        wanted = self.view.name if then is None else then
        found = [view for view in self.known if view.name == wanted]
        if found and then is not None:
            self.choose(found[0])
        else:
            self.view = found[0] if found else self.known[0]
            self._show()

    def choose(self, view: View) -> None:
        """Ask the query of a view."""
        self.view = view
        line = self._board.search.line
        with line.prevent(line.Changed):
            line.write(view.query)
        self._board.search.ask_view(parser.parse(view.query))

    def turn(self, by: int) -> None:
        """Choose the next view (1), or the one before (-1)."""
        self.choose(self.known[(self.known.index(self.view) + by) % len(self.known)])

    def query_changed(self) -> None:
        """Show what the query has become of the view."""
        if not self._board.search.line.value.strip() and self.view.query:
            self.view = self.known[0]
        self._show()

    def _show(self) -> None:
        self._board.query_one(ViewTabs).show(self.known, self.view, is_altered=self.is_altered)

    @property
    def is_altered(self) -> bool:
        """Whether what is asked is something else than the view."""
        return _meaning(self._board.search.query) != _meaning(parser.parse(self.view.query))


def _meaning(query: Query) -> tuple[object, ...]:
    """What a query means, however it is typed."""
    return query.words.strip(), query.conditions, *order_of(query)
