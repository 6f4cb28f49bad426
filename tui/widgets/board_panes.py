"""What a board shows around its list: first steps and headings above it, a third pane beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult, RenderResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.model.records import Line, Occurrence, Tally
from storage.model.row import Row
from storage.model.vocabulary import Across
from storage.query.tree import SortKey
from storage.read.board import Board
from storage.read.entries import JudgedBy
from storage.text.sanitize import sanitize
from tui import deferred
from tui.services.background import in_thread
from tui.services.session import Session
from tui.services.views import View
from tui.text.cells import cut, width
from tui.text.columns import heading
from tui.text.i18n import _
from tui.widgets.bars import ClickableLine, KeyLine
from tui.widgets.pitfall_list import PitfallList

if TYPE_CHECKING:
    from storage.read import history
    from tui.commands.command import Command
    from tui.text import verdicts
    from tui.widgets import matrix, references
    from tui.widgets import timeline as timelines
else:
    # What the third pane shows follows the first paint.
    history = deferred("storage.read.history")
    verdicts = deferred("tui.text.verdicts")
    matrix = deferred("tui.widgets.matrix")
    references = deferred("tui.widgets.references")
    timelines = deferred("tui.widgets.timeline")


class ListHead(ClickableLine[SortKey]):
    """The headings of a list whose columns stand in one line; a click sorts by one.

    Args:
        pitfalls: gives the list below it.
    """

    DEFAULT_CSS = """
    ListHead { height: 1; background: $panel; color: $text-muted; display: none; }
    ListHead.-shown { display: block; }
    """

    class Pressed(Message):
        """A heading was clicked."""

        def __init__(self, sort: SortKey) -> None:
            super().__init__()
            self.sort = sort

    def __init__(self, pitfalls: Callable[[], PitfallList], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pitfalls = pitfalls
        self._sorted: tuple[SortKey, bool] = (SortKey.SEEN, False)

    def show(self, sort: SortKey, *, reverse: bool) -> None:
        """Show the headings, and which of them the list is sorted by."""
        self._sorted = sort, reverse
        self.fit()

    def fit(self) -> None:
        """Stand above a list of one line for each pitfall, and nowhere else."""
        # Until the list is laid out the screen says what it will be, so that no row jumps.
        rows, is_stacked = self._pitfalls(), self.screen.has_class("-stacked")
        self.set_class(rows.in_one_line if rows.size else is_stacked, "-shown")
        self.refresh()

    def render(self) -> RenderResult:
        """Each heading over its column."""
        sort, reverse = self._sorted
        parts: list[Content | str] = ["  "]
        self._places.clear()
        x = 2
        for column, cells in self._pitfalls().layout_of_columns.upper:
            words = heading(column, sort)
            is_sorted = column.sort is not None and column.sort is sort
            if is_sorted:
                words = f"{words}{'↑' if reverse else '↓'}"
            words = cut(words, cells)
            blanks = " " * (cells - width(words))
            words = f"{blanks}{words}" if column.is_right else f"{words}{blanks}"
            style = "bold $text-primary" if is_sorted else ""
            if column.sort is not None:
                style = self._underlined(column.sort, style)
                self._places.append((x + 1, x + 1 + cells, column.sort))
            parts += [" ", Content.styled(words, style)]
            x += 1 + cells
        return Content.assemble(*parts)

    def clicked(self, part: SortKey) -> None:
        """Sort by a column."""
        self.post_message(self.Pressed(part))


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

    class Chosen(Message):
        """A view was clicked."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def __init__(self, views: Sequence[View], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._views = list(views)
        self._active, self._is_altered = 0, False

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


# The first start


class FirstSteps(Vertical):
    """What this is, and the jobs that one begins with, until one of them is done.

    Args:
        commands: those of the jobs.
    """

    DEFAULT_CSS = """
    FirstSteps { height: auto; background: $boost; padding: 0 1; }
    FirstSteps.-done { display: none; }
    FirstSteps Static { height: auto; }
    FirstSteps KeyLine { dock: none; background: $boost; color: $text; }
    """

    def __init__(self, commands: Sequence[Command], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._commands = commands

    def compose(self) -> ComposeResult:
        """The name, a sentence, the keys."""
        words = _("Known bugs of a platform, and what to do about each.")
        yield Static(Content.assemble(("Pitboard  ", "bold $primary"), words), markup=False)
        yield KeyLine(lambda: self._commands, in_words=True)


# The third pane


class SideView(StrEnum):
    """What the third pane shows."""

    TIMELINE = "timeline"
    ENVIRONMENTS = "environments"
    NOTHING = "nothing"


#: The headings of what it shows.
_HEADINGS = {SideView.TIMELINE: N_("Timeline"), SideView.ENVIRONMENTS: N_("Environments")}
_OTHER = {
    SideView.TIMELINE: SideView.ENVIRONMENTS,
    SideView.ENVIRONMENTS: SideView.TIMELINE,
}
_OCCURRENCES_SHOWN = 50
#: From here on a screen has room for it, in cells.
THREE_PANES = 160
#: It is read once the cursor has stood still for so long, in seconds.
_REST_SECONDS = 0.15


class SideFacts(NamedTuple):
    """What the third pane shows of a pitfall, as it was read beside the screen."""

    view: SideView
    by: JudgedBy
    lines: Sequence[Line] = ()
    judged: Mapping[str, str] = {}
    older: int = 0
    tallies: Sequence[Tally] = ()
    occurrences: Sequence[Occurrence] = ()
    total: int = 0


def side_facts(board: Board, name: str, view: SideView) -> SideFacts:
    """Read what the third pane shows of a pitfall; to be called beside the screen.

    Raises:
        PitboardError: it can't be read.
    """
    by = board.fixes.judging(name)
    facts = SideFacts(view, by)
    if view is SideView.TIMELINE:
        return facts._replace(
            lines=board.history.timeline(name),
            judged=verdicts.judgements(board.occurrences.of(name, history.OCCURRENCES_SHOWN), by),
            older=board.history.older_occurrences(name),
        )
    return facts._replace(
        tallies=board.occurrences.environments(name, Across.CHANNEL),
        occurrences=board.occurrences.of(name, _OCCURRENCES_SHOWN),
        total=board.occurrences.totals(name).logged,
    )


class SidePane(Vertical):
    """The timeline or the environments of the pitfall under the cursor, to be looked at.

    It is there on a board of the class ``-three``, which it sets, unless there is no pitfall.
    It is mounted, and its parts are made, when it is first shown; it is read beside the screen. It
    takes no focus: keys act on list and detail.

    Args:
        board: the screen that it is on.
        session: the board as one person works with it.
        view: what was chosen last time, if anything.
        tab: gives the tab of the detail; what that shows is not shown here a second time.
    """

    DEFAULT_CSS = """
    SidePane { display: none; }
    SidePane > #side-head { height: 1; padding: 0 1; }
    SidePane > VerticalScroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    SidePane TimelinePane { padding: 0 0 0 1; height: 1fr; }
    """

    def __init__(
        self,
        board: Screen[object],
        session: Session,
        view: object,
        tab: Callable[[], str],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._board = board
        self._session, self._tab = session, tab
        self.view = SideView(str(view)) if view in {*SideView} else SideView.TIMELINE
        self._rest: Timer | None = None
        self._row: Row | None = None
        self._has_room = False

    def compose(self) -> ComposeResult:
        """What it shows; that follows."""
        yield Static(id="side-head", markup=False)

    # What it shows

    @property
    def shown(self) -> SideView:
        """What is shown beside the tab that the detail shows."""
        if self.view is SideView.NOTHING or self.view.value != self._tab():
            return self.view
        return _OTHER[self.view]

    def fit(self, cells: int, row: Row | None) -> None:
        """Be there if a screen of so many cells has room for it."""
        self._has_room = cells >= THREE_PANES
        self.read_soon(row)

    def turn(self) -> None:
        """Show the next of timeline, environments and nothing."""
        ring = list(SideView)
        self.view = ring[(ring.index(self.view) + 1) % len(ring)]
        self.fit(self._board.size.width, self._row)

    def read_soon(self, row: Row | None) -> None:
        """Show a pitfall once the cursor has stood still for a moment."""
        self._row = row
        is_shown = self._has_room and self.view is not SideView.NOTHING and row is not None
        self._board.set_class(is_shown, "-three")
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if is_shown:
            if not self.is_attached:
                self._board.query_one("#panes").mount(self)
            self._rest = self.set_timer(_REST_SECONDS, self._read)

    def _read(self) -> None:
        self._rest = None
        session, view, row = self._session, self.shown, self._row
        # What can't be read is said by the detail, which reads the same pitfall.
        in_thread(
            self,
            lambda: side_facts(session.board, row.id, view) if row is not None else None,
            lambda facts: self._show(facts) if (view, row) == (self.shown, self._row) else None,
            lambda _error: None,
            group="side",
        )

    async def _show(self, facts: SideFacts | None) -> None:
        if not self.walk_children(timelines.TimelinePane):
            await self._make_parts()
        if not self.query(timelines.HistoryList):
            # The screen was left while they were made.
            return
        view = facts.view if facts is not None else None
        timeline = self.query_one(timelines.TimelinePane)
        environments = self.query_one(references.Environments)
        timeline.display = view is SideView.TIMELINE
        self.query_one(VerticalScroll).display = view is SideView.ENVIRONMENTS
        head = Content()
        if facts is not None:
            words = _(_HEADINGS[facts.view])
            head = Content.assemble((words, "bold $accent"), ("  P", "$text-muted"))
        self.query_one("#side-head", Static).update(head)
        if facts is None:
            return
        if view is SideView.TIMELINE:
            short_id = self._session.board.short_id
            timeline.show(facts.lines, short_id, facts.judged, facts.older)
        else:
            environments.show(facts.tallies, Across.CHANNEL, facts.by, keep=False)
            environments.list_occurrences(facts.occurrences, facts.total)

    async def _make_parts(self) -> None:
        session = self._session
        environments = references.Environments(
            session.now, lambda: session.stale_after_days, has_keys=False
        )
        scroll = VerticalScroll(environments, can_focus=False)
        await self.mount(timelines.TimelinePane(id="side-timeline"), scroll)
        for part in (*self.query(timelines.HistoryList), *self.query(matrix.Matrix)):
            part.can_focus = False
