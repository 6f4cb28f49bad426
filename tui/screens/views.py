"""The views of the board: one is chosen at a time, and the query can become another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.query import Query, parse
from tui.screens.search import order_of
from tui.services.views import View, built_in
from tui.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from tui.screens.board import BoardScreen
    from tui.services.saved_views import LoadedViews


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

    def load(self, then: str | None = None) -> None:
        """Read one's own views, which needs more than the first paint may wait for.

        Args:
            then: the name of a view to go to when they are there.
        """

        def read() -> LoadedViews:
            # Loaded here, since it needs pydantic, which no start waits for.
            from tui.services.saved_views import load

            return load()

        self._board.read(read, lambda loaded: self._take(loaded, then), group="settle in")

    def _take(self, loaded: LoadedViews, then: str | None) -> None:
        self.known = loaded.views
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
        self._board.search.ask(parse(view.query))

    def turn(self, by: int) -> None:
        """Choose the next view (1), or the one before (-1)."""
        self.choose(self.known[(self.known.index(self.view) + by) % len(self.known)])

    def query_changed(self) -> None:
        """Show what the query has become of the view."""
        if not self._board.search.line.value.strip() and self.view.query:
            self.view = self.known[0]
        self._show()

    def _show(self) -> None:
        tabs = self._board.query_one(ViewTabs)
        tabs.show(self.known, self.view, is_altered=self.is_altered)

    @property
    def is_altered(self) -> bool:
        """Whether what is asked is something else than the view."""
        return _meaning(self._board.search.query) != _meaning(parse(self.view.query))


def _meaning(query: Query) -> tuple[object, ...]:
    """What a query means, however it is typed."""
    return query.words.strip(), query.conditions, *order_of(query)
