"""The board: counts, views, query, list and detail."""

from __future__ import annotations

from typing import Final

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.command import CommandPalette
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from storage.errors import PitboardError
from storage.query import Query
from tui.commands import ACTIONS, bindings
from tui.commands.palette import Themes
from tui.screens.syncing import Syncing
from tui.services.session import Session
from tui.text.i18n import _
from tui.widgets.counts import CountsBar
from tui.widgets.detail import Detail
from tui.widgets.key_line import KeyLine
from tui.widgets.pitfall_list import PitfallList
from tui.widgets.query_line import CompletionMenu, QueryLine
from tui.widgets.view_tabs import ViewTabs

_SMALLEST: Final = (50, 12)
_WIDE: Final = 100
#: A lower terminal has no line to spare for the views.
_HIGH: Final = 16
#: How often it looks for what others wrote; it has to be seen within two seconds.
WATCH_SECONDS: Final = 1.0


class BoardScreen(Syncing):
    """Where everything starts, and where one comes back to."""

    AUTO_FOCUS = "#list"

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._state: tuple[int, int | None] | None = None
        # Bindings are made here, and not in the class, because they speak the reader's language.
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(bindings(ACTIONS))])

    def compose(self) -> ComposeResult:
        """Counts, views, query, list and detail, keys."""
        yield CountsBar(id="counts")
        yield Static(id="past", markup=False)
        yield ViewTabs(self.views, id="views")
        yield QueryLine(
            self.complete,
            id="query",
            placeholder=_("/ search, or filter: status:open component:wx.qy.login tag:album"),
        )
        yield CompletionMenu(id="offers")
        yield Static(id="problem", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="list-pane"):
                yield PitfallList(self.session.now(), id="list")
            yield Detail(self.session.now, lambda: self.session.stale_after_days, id="detail")
        yield Static(id="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the first page at once, so that the first paint shows it."""
        self.set_interval(WATCH_SECONDS, self.look_for_changes)
        self.call_after_refresh(self.load_views)
        self.call_after_refresh(self.watch_sharing)
        try:
            self._state = self.session.state()
            self.answer(self.read(self.asked, None))
        except PitboardError as error:
            self.tell(error)

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
            self.ask(self.asked, keep=True)
            self.read_sharing()

    def go_to(self, pitfall: str) -> None:
        """Put the cursor on a pitfall; a query that hides it is left."""
        self.asked_times += 1
        found = self.read(self.asked, pitfall)
        if found.place is None:
            self.query_line.value = ""
            self.asked = Query()
            found = self.read(self.asked, pitfall)
        self.answer(found)

    @work(group="go to")
    async def action_go_to(self) -> None:
        """Go to an id, or run a command."""
        # Loaded here and below, since the first paint does without what opens over it.
        from tui.dialogs.go_to import GoTo

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
        from tui.screens.help import HelpScreen

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
        self.set_class(event.size.height < _HIGH, "-low")
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
        query = self.query_line
        if query.has_focus:
            if query.value:
                query.value = ""
            self.pitfalls.focus()
        elif self.reading or self.has_class("-reading"):
            self.action_board()
        elif self.pitfalls.marked or self.pitfalls.range_from is not None:
            self.pitfalls.clear_marks()
            self.show_counts(self._listing)
        elif query.value:
            query.value = ""
        else:
            self.under_way.stop()

    def action_mark(self) -> None:
        """Mark the pitfall under the cursor."""
        if not self.reading:
            self.pitfalls.toggle_mark()
            self.marks_changed()
