"""The board: counts, views, query, list and detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Input, Static
from textual.worker import NoActiveWorker

from storage.errors import PitboardError
from storage.model.row import Status
from tui import deferred
from tui.commands import BOARD
from tui.commands.command import in_query_line, while_reading
from tui.screens.command_screen import PitfallScreen
from tui.screens.search import Search, Views
from tui.screens.sync import Sync
from tui.services.background import go_on, is_there
from tui.services.session import Session
from tui.text.columns import DEFAULT
from tui.text.i18n import _
from tui.text.vocabulary import banner
from tui.widgets.bars import CountPart, CountsBar, KeyLine
from tui.widgets.board_panes import FirstSteps, ListHead, SidePane, ViewTabs
from tui.widgets.detail import Detail
from tui.widgets.inputs import CompletionMenu, QueryLine, TooLong
from tui.widgets.pitfall_list import PitfallList

if TYPE_CHECKING:
    from tui.commands.command import Command
    from tui.services.config import Config
    from tui.widgets import timeline
else:
    timeline = deferred("tui.widgets.timeline")

_SMALLEST: Final = (50, 12)
_WIDE: Final = 100
#: From here on the list is above the detail, as long as a whole line for each pitfall.
_STACKED: Final = (120, 28)
#: The jobs that one begins with.
_FIRST_STEPS: Final = ("paste", "search", "new_pitfall")
#: What a click on a part of the first line does.
_COMMANDS: Final = {CountPart.INBOX: "inbox", CountPart.SHARING: "sharing", CountPart.SHOWN: "sort"}
#: A lower terminal has no line to spare for the views.
_HIGH: Final = 16


class BoardScreen(PitfallScreen[Any]):
    """Where everything starts, and where one comes back to."""

    NAME = BOARD
    AUTO_FOCUS = "#list"
    #: What others wrote has to be seen within two seconds.
    WATCH_SECONDS = 1.0
    marks_list_only: ClassVar[bool] = True

    def __init__(self, session: Session, choices: Mapping[str, object]) -> None:
        super().__init__(session)
        self._choices = choices
        self.search = Search(self)
        self.views = Views(self)
        self.as_of = AsOf(self)
        self.sync = Sync(self)
        self.side = SidePane(self, session, choices.get("side"), lambda: self.detail.tab, id="side")
        self._state: tuple[int, int | None] | None = None

    def compose(self) -> ComposeResult:
        """Counts, views, query, list, detail, keys; what is seldom seen is made when needed."""
        # Before there is anything on it that a change of a class would style again.
        self.update_classes(_classes_at(self.app.size), update=False)
        yield CountsBar(id="counts")
        yield ViewTabs(self.views.known, id="views")
        yield QueryLine(
            self.search.complete,
            id="query",
            placeholder=_("/ search, or filter: status:open component:wx.qy.login tag:album"),
        )
        if self._needs_first_steps():
            yield FirstSteps([self.commands[name] for name in _FIRST_STEPS], id="first-steps")
        with Horizontal(id="panes"):
            with Vertical(id="list-pane"):
                yield ListHead(lambda: self.pitfalls, id="list-head")
                yield PitfallList(self.session.now, id="list")
            yield Detail(self.session.now, lambda: self.session.stale_after_days, id="detail")
        yield self.key_line()

    def on_mount(self) -> None:
        """Read the first page at once, so that the first paint shows it."""
        self.pitfalls.short_id = self.context.short_id
        if isinstance(columns := self._choices.get("columns"), list) and columns:
            self.pitfalls.choose_columns([str(name) for name in columns])
        self.set_interval(self.WATCH_SECONDS, self.look_for_changes)
        self.call_after_refresh(self.views.load)
        self.call_after_refresh(self.sync.watch)
        try:
            self._state = self.session.state()
            self.search.ask_at_once()
        except PitboardError as error:
            self.tell(error)

    def note(self, id: str, *, above: str) -> Static:
        """A text above one of the first parts that a selector finds, made when first needed."""
        for found in self.query_children(f"#{id}").results(Static):
            return found
        made = Static(id=id, markup=False)
        self.mount(made, before=self.query_children(above).first())
        return made

    def on_unmount(self) -> None:
        """Stop the sync that is under way: who quits does not wait for it."""
        self.sync.stop()

    # The first start

    def _needs_first_steps(self) -> bool:
        """Whether to say what this is and how to begin: nobody has begun on this board."""
        try:
            store, is_begun = self.session.board.first_steps()
        except PitboardError:
            # The list, which is read next, says why the board can't be read.
            return False
        started = self._choices.get("started")
        is_known = isinstance(started, list) and store in started
        return not (is_begun or is_known)

    @property
    def _first_steps(self) -> FirstSteps | None:
        """How to begin, while it is said."""
        return next(iter(self.query(FirstSteps).exclude(".-done")), None)

    def end_first_steps(self) -> None:
        """Somebody knows how to begin: do not say it on this board again."""
        if (steps := self._first_steps) is not None:
            steps.add_class("-done")
            self.context.app.remember(started=self.session.board.first_steps()[0])

    def take_settings(self, settings: Config) -> None:
        """Do what the settings say of the board; they are read after the first paint."""
        if settings.sync_every_minutes is not None:
            self.sync.repeat(settings.sync_every_minutes * 60)
        names = settings.columns or DEFAULT
        if [column.name for column in self.pitfalls.columns] != [*names]:
            self.pitfalls.choose_columns(names)

    # What changed

    def look_for_changes(self) -> None:
        """Read the list and the detail again if somebody wrote or a snooze ended."""
        try:
            state = self.session.state()
        except PitboardError as error:
            # Once, and not every second.
            if self._state is not None:
                self.tell(error)
            self._state = None
            return
        if state != self._state:
            self._state = state
            if (steps := self._first_steps) is not None and self.session.moment is None:
                steps.set_class(not self._needs_first_steps(), "-done")
            self.read_again()
            self.sync.read()

    def read_again(self) -> None:
        """Read the list and the detail again."""
        self.search.ask_again()

    def go_to(self, pitfall: str) -> None:
        """Put the cursor on a pitfall; a query that hides it is left."""
        self.search.go_to(pitfall)

    def marks_changed(self) -> None:
        """Say how many are marked."""
        self.search.show_counts()

    def needed(self) -> Sequence[Command]:
        """What helps where the focus is: in the query line, whose keys are text, or the detail."""
        if self.search.line.has_focus:
            return in_query_line(self.commands)
        listed = super().needed()
        if not (self.reading or self.has_class("-reading")):
            return listed
        return while_reading(self.commands, listed, self.detail.tab)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    @on(Detail.Turned)
    def _name_other_keys(self) -> None:
        self.query_one("#keys", KeyLine).refresh()

    # What the parts of the screen say

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        self.search.typed(event.value)

    @on(QueryLine.Settled)
    def _settled(self) -> None:
        self.search.settle()
        self.search.show_problems()
        line, found = self.search.line, self.pitfalls.total
        if found and line.value.strip() and not line.has_focus:
            self.end_first_steps()

    @on(TooLong)
    def _say_too_long(self, event: TooLong) -> None:
        words = _("That is {n} characters. Search for the part that names the error.")
        self.context.warn(words.format(n=event.size))

    @on(Input.Submitted, "#query")
    def _leave_query(self) -> None:
        self.pitfalls.focus()

    @on(CompletionMenu.Chosen)
    def _take_offer(self, event: CompletionMenu.Chosen) -> None:
        self.search.line.take(event.offer)
        self.search.line.focus()

    @on(ViewTabs.Chosen)
    def _view_chosen(self, event: ViewTabs.Chosen) -> None:
        self.views.choose(event.view)

    @on(ListHead.Pressed)
    def _sort_by(self, event: ListHead.Pressed) -> None:
        self.search.sort_by(event.sort)

    @on(PitfallList.Measured)
    def _fit_headings(self) -> None:
        self.query_one(ListHead).fit()

    @on(PitfallList.Moved)
    @on(Detail.Turned)
    def _at_another(self) -> None:
        self.side.read_soon(self.pitfalls.row)

    @on(CountsBar.Pressed)
    def _part_pressed(self, event: CountsBar.Pressed) -> None:
        if isinstance(event.part, Status):
            self.search.filter_by_status(event.part)
        elif event.part is CountPart.REGRESSED:
            self.search.filter_by_regression()
        else:
            self.run_command(_COMMANDS[event.part])

    # The two panes

    def on_resize(self, event: events.Resize) -> None:
        """Say so when the terminal is too small; show the detail when it came into sight."""
        # Together, since every change of a class of the screen styles all that is on it.
        self.update_classes(_classes_at(event.size))
        self.side.fit(event.size.width, self.pitfalls.row)
        if self.has_class("-tiny"):
            self.note("too-small", above="#keys").update(
                Content(
                    _("This terminal is {w}×{h}.\nMake it {W}×{H} or larger.").format(
                        w=event.size.width, h=event.size.height, W=_SMALLEST[0], H=_SMALLEST[1]
                    )
                )
            )
        self.call_after_refresh(self.show_detail)

    def open(self) -> None:
        """Open the pitfall under the cursor, or the reference under it; unfold a change."""
        if self.reading and self.detail.tab == "references":
            self.open_entry()
        elif isinstance(self.focused, timeline.HistoryList):
            self.detail.unfold()
        elif self.pitfalls.row is not None:
            self._show_pane(reading=True, zooms="-zoom-list")
            # Only what is laid out can take the focus.
            self.call_after_refresh(self._read_detail)

    async def _read_detail(self) -> None:
        await self.show_detail()
        self.detail.focus_body()

    def go_to_list(self) -> None:
        """Go to the list."""
        self._show_pane(reading=False, zooms="-zoom-detail")
        self.call_after_refresh(self.pitfalls.focus)

    def focus_query(self) -> None:
        """Go to the query line."""
        self._show_pane(reading=False, zooms="-zoom-detail")
        self.call_after_refresh(self.search.line.focus)

    def _show_pane(self, *, reading: bool, zooms: str) -> None:
        """Have the detail or the list in sight where there is room for one.

        A class of the screen's would style each of its widgets again, which takes half of the
        time that opening takes; these say something of the two panes and what holds them alone.

        Args:
            reading: whether it is the detail.
            zooms: the zoom that ends by this.
        """
        self.set_class(reading, "-reading", update=False)
        self.remove_class(zooms, update=False)
        for pane in (self.query_one("#panes"), self.query_one("#list-pane"), self.detail):
            self.app.stylesheet.apply(pane)

    def next_pane(self) -> None:
        """Go to the other pane."""
        self.go_to_list() if self.reading else self.open()

    def zoom(self) -> None:
        """Give the whole screen to this pane, or share it again."""
        if self.has_class("-narrow"):
            self.go_to_list() if self.has_class("-reading") else self.open()
            return
        self.toggle_class("-zoom-detail" if self.reading else "-zoom-list")
        self.call_after_refresh(self.show_detail)

    def back(self) -> None:
        """Leave the query, the detail, the marks, the search: one at a time."""
        line = self.search.line
        if line.has_focus:
            if line.value:
                line.value = ""
            self.pitfalls.focus()
        elif self.reading or self.has_class("-reading"):
            self.go_to_list()
        elif self.pitfalls.marked or self.pitfalls.range_from is not None:
            self.pitfalls.clear_marks()
            self.marks_changed()
        elif line.value:
            line.value = ""
        else:
            self.sync.stop()

    def quit(self) -> None:
        """Go back to the list, or quit from there."""
        if self.has_class("-reading") or self.reading:
            self.go_to_list()
        else:
            self.app.exit()


def _classes_at(size: Size) -> dict[str, bool]:
    """The classes of the screen at a size of the terminal."""
    return {
        "-narrow": size.width < _WIDE,
        "-wide": size.width >= _WIDE,
        "-stacked": size.width >= _STACKED[0] and size.height >= _STACKED[1],
        "-low": size.height < _HIGH,
        "-tiny": size.width < _SMALLEST[0] or size.height < _SMALLEST[1],
    }


class AsOf:
    """Which moment the board shows.

    Args:
        board: the screen that shows it.
    """

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def arrive(self) -> None:
        """Show the board of the moment that the session has gone to."""
        board, moment = self._board, self._board.session.moment
        board.pitfalls.clear_marks()
        board.set_class(moment is not None, "-past")
        if moment is not None:
            self._say(banner(moment))
        board.query_one("#keys", KeyLine).refresh()
        board.search.ask_again()

    def going_on(self, share: float) -> None:
        """Tell from a thread how far it is with what takes longer; all of it is done at 1.

        Raises:
            LoadingCancelled: something else is asked for meanwhile.
        """
        try:
            go_on()
        except NoActiveWorker:
            return
        self._board.call_later(self._show_going_on, share)

    def _show_going_on(self, share: float) -> None:
        moment = self._board.session.moment
        if moment is None or not is_there(self._board):
            return
        words = banner(moment)
        if share < 1:
            words = _("{share} of what changed since is looked up; esc stops.").format(
                share=f"{share:.0%}"
            )
        self._say(words)

    def _say(self, words: str) -> None:
        self._board.note("past", above="#views").update(Content(words))
