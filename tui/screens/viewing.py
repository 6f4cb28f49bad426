"""Views on the board: one is asked at a time, and the present query can become another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from storage.errors import PitboardError
from storage.query import Query, SortKey, parse
from storage.query.editing import resorted
from tui.screens.finding import Finding
from tui.services.views import View, built_in
from tui.text.i18n import _, language
from tui.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from tui.dialogs.form import Said


class Viewing(Finding):
    """The views of the board's screen.

    Choosing a view writes its query into the query line, where it can be
    changed; the tab then shows that it is altered. An empty query is all.
    """

    @dataclass
    class Loaded(Message):
        """The views are read, one's own included; ``problem`` is what is wrong with those."""

        views: tuple[View, ...]
        problem: PitboardError | None
        then: str | None = None

    def __init__(self) -> None:
        super().__init__()
        self.views = built_in()
        self.view = self.views[0]

    @work(thread=True, group="settle in")
    def load_views(self, then: str | None = None) -> None:
        """Read one's own views, which needs more than the first paint may wait for.

        Args:
            then: the name of a view to go to when they are there.
        """
        from tui.services.saved_views import load

        views, problem = load()
        self.post_message(self.Loaded(views, problem, then))

    @on(Loaded)
    def _take_views(self, loaded: Loaded) -> None:
        self.views = loaded.views
        if loaded.problem is not None:
            self.tell(loaded.problem)
        wanted = self.view.name if loaded.then is None else loaded.then
        found = [view for view in self.views if view.name == wanted]
        if found and loaded.then is not None:
            self.choose_view(found[0])
        else:
            self.view = found[0] if found else self.views[0]
            self._show_views()

    # Which one is asked

    def ask(self, query: Query, *, keep: bool = False) -> None:
        """Ask a query, and show what it has become of the view."""
        super().ask(query, keep=keep)
        if not self.query_line.value.strip() and self.view.query:
            self.view = self.views[0]
        self._show_views()

    def choose_view(self, view: View) -> None:
        """Ask the query of a view."""
        self.view = view
        query = parse(view.query)
        line = self.query_line
        with line.prevent(line.Changed):
            line.write(view.query)
        self.ask(query)

    def _show_views(self) -> None:
        self.query_one(ViewTabs).show(self.views, self.view, is_altered=self.is_altered)

    @property
    def is_altered(self) -> bool:
        """Whether what is asked is something else than the view."""
        return _sense(self.asked) != _sense(parse(self.view.query))

    @on(ViewTabs.Chosen)
    def _chosen(self, event: ViewTabs.Chosen) -> None:
        self.choose_view(event.view)

    def action_next_view(self) -> None:
        """Show the next view."""
        self._turn_view(1)

    def action_previous_view(self) -> None:
        """Show the view before."""
        self._turn_view(-1)

    def _turn_view(self, by: int) -> None:
        self.choose_view(self.views[(self.views.index(self.view) + by) % len(self.views)])

    # One's own

    @work(group="deed")
    async def action_save_view(self) -> None:
        """Keep the query as a view."""
        from tui.dialogs.views import SaveView
        from tui.services import saved_views

        query = self._as_text()
        if problems := parse(query).problems:
            self.tell(problems[0])
            return

        async def save(said: Said) -> str:
            saved = await asyncio.to_thread(saved_views.save, said["name"], query)
            return saved.name

        name = self.view.name if self.view.is_own else ""
        saved = await self.app.push_screen_wait(SaveView(save, name, query))
        if saved is not None:
            self.done(_("Saved the view “{name}”.").format(name=saved))
            self.load_views(saved)

    @work(group="deed")
    async def action_edit_view(self) -> None:
        """Rename a view of one's own, change its query, or remove it."""
        from tui.dialogs.views import EditView
        from tui.services import saved_views

        view = self.view
        if not view.is_own:
            words = _("“{name}” is built in and stays as it is. w keeps the query as a view.")
            self.notify(words.format(name=view.label), severity="warning", markup=False)
            return

        async def save(said: Said) -> str:
            if said["remove"] == "yes":
                await asyncio.to_thread(saved_views.remove, view.name)
                return ""
            changed = await asyncio.to_thread(
                saved_views.change, view.name, said["name"], said["query"]
            )
            return changed.name

        after = await self.app.push_screen_wait(EditView(save, view))
        if after is not None:
            said = _("Saved the view “{name}”.") if after else _("Removed the view “{name}”.")
            self.done(said.format(name=after or view.name))
            self.load_views(after or self.views[0].name)

    def _as_text(self) -> str:
        """What is asked, as text that says its order."""
        text = self.query_line.value.strip()
        said, asked = parse(text), self.asked
        if _order(said) == _order(asked):
            return text
        return resorted(text, self.order, reverse=asked.reverse, language=language())


def _order(query: Query) -> tuple[SortKey, bool]:
    by_words = SortKey.RELEVANCE if query.words.strip() else SortKey.SEEN
    return query.sort or by_words, query.reverse


def _sense(query: Query) -> tuple[object, ...]:
    """What a query means, however it is typed."""
    return query.words.strip(), query.conditions, *_order(query)
