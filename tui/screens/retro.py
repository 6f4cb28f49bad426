"""The retro: a period's figures, plots, timeline and notes, beside the pitfalls behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import OptionList, Static, Tab, Tabs
from textual.worker import get_current_worker

from storage.errors import PitboardError
from storage.model.retro import Period
from storage.read import Listing
from storage.retro.report import Behind, RetroReport
from tui.commands import IN_RETRO, bindings
from tui.screens.help import HelpScreen
from tui.screens.retro_lines import RetroLines
from tui.screens.retro_period import LookedAt, RetroPeriod
from tui.services.session import Session
from tui.text.i18n import _, ngettext
from tui.text.retro import FigureLine, period_in_short, period_words
from tui.widgets.key_line import KeyLine
from tui.widgets.pitfall_list import PitfallList
from tui.widgets.plots import Plots

_WIDE: Final = 100
_SETTLE_SECONDS: Final = 0.05
TABS: Final = ("figures", "plots", "story", "notes")
#: Where the pitfalls behind a line stand beside it.
_WITH_PITFALLS: Final = ("figures", "story")


class RetroScreen(RetroLines):
    """A period as a team looks back on it; it is left with a pitfall to open, or with none."""

    CSS_PATH = "retro.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012
    actions = IN_RETRO

    @dataclass
    class Found(Message):
        """The pitfalls behind a line were read."""

        listing: Listing

    def __init__(self, session: Session, looked_at: LookedAt) -> None:
        super().__init__(session, looked_at)
        self._settle: Timer | None = None
        self.add_class(f"-{looked_at.tab}")
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(bindings(IN_RETRO))])

    def compose(self) -> ComposeResult:
        """The period, the tabs, what is told of it, the pitfalls behind it, keys."""
        yield Static(id="retro-head", markup=False)
        yield Tabs(
            Tab(Content(_("Figures")), id="tab-figures"),
            Tab(Content(_("Plots")), id="tab-plots"),
            Tab(Content(_("Timeline")), id="tab-story"),
            Tab(Content(_("Notes")), id="tab-notes"),
            id="retro-tabs",
            active=f"tab-{self.looked_at.tab}",
        )
        with Horizontal(id="retro-panes"):
            with Vertical(id="retro-left"):
                yield OptionList(id="retro-figures", markup=False)
                yield Plots(Static(id="retro-drawn", markup=False), id="retro-plots")
                yield OptionList(id="retro-story", markup=False)
                yield OptionList(id="retro-notes", markup=False)
            with Vertical(id="retro-behind"):
                yield Static(id="retro-behind-head", markup=False)
                yield PitfallList(self.session.now(), id="list")
        yield KeyLine(IN_RETRO)

    def on_mount(self) -> None:
        """Read the period."""
        self.query_one(Tabs).can_focus = False
        self.read_again()

    # Showing

    def show_head(self, told: str) -> None:
        """Show the period, and what is told beside it."""
        beside = ""
        if self.retro is not None and self.retro.now.period == self.period:
            words = _("beside {period}")
            beside = words.format(period=period_in_short(self.retro.before.period))
            if self.period.until > self.session.now():
                beside = _("so far; {beside}").format(beside=beside)
        self.query_one("#retro-head", Static).update(
            Content.assemble(
                (_("Retro") + "  ", "bold $primary"),
                (f"{period_words(self.period)}  ", "bold"),
                (told or beside, "$text-muted"),
            )
        )

    @on(RetroPeriod.Read)
    def _take(self, read: RetroPeriod.Read) -> None:
        if read.period != self.period:
            return
        self.releases = read.releases
        self.show_retro(read.retro, read.titles)
        self.show_head("")
        self._show_focus()

    # Tabs

    @on(Tabs.TabActivated)
    def _turned(self, event: Tabs.TabActivated) -> None:
        tab = str(event.tab.id).removeprefix("tab-")
        self.looked_at = replace(self.looked_at, tab=tab)
        for name in TABS:
            self.set_class(name == tab, f"-{name}")
        self.remove_class("-behind")
        self._show_focus()
        self._moved()

    def _show_focus(self) -> None:
        self.call_after_refresh(self.query_one(f"#retro-{self.tab}").focus)

    def action_next_tab(self) -> None:
        """Show the next tab."""
        self._turn(1)

    def action_previous_tab(self) -> None:
        """Show the tab before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        name = TABS[(TABS.index(self.tab) + by) % len(TABS)]
        self.query_one(Tabs).active = f"tab-{name}"

    # The line under the cursor, and the pitfalls behind it

    @property
    def about(self) -> str:
        """The pitfall that is chosen among those behind, or that the line is about."""
        pitfalls = self.query_one(PitfallList)
        if pitfalls.has_focus and pitfalls.row is not None:
            return pitfalls.row.id
        return self.line.pitfall if self.line is not None else ""

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        if self.retro is None:
            return
        self.looked_at = replace(
            self.looked_at, place=0 if self.tab == "plots" else self.place(self.tab)
        )
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(_SETTLE_SECONDS, self._look_behind)

    def _look_behind(self) -> None:
        line = self.line
        behind = line.behind if isinstance(line, FigureLine) else None
        self._find(self.period, behind, line.pitfall if line is not None else "")

    @work(thread=True, exclusive=True, group="behind", exit_on_error=False)
    def _find(self, period: Period, behind: Behind | None, pitfall: str) -> None:
        worker = get_current_worker()
        try:
            names: Iterable[str] = [pitfall] if pitfall else []
            if behind is not None:
                with RetroReport.open(self.session.path) as looking:
                    names = looking.behind(period, behind, self.session.now())
            listing = self.session.board.list.these(list(names))
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(self.Found(listing))

    @on(Found)
    def _show_found(self, found: Found) -> None:
        listing = found.listing.read_with(self.session.board.list)
        pitfalls = self.query_one(PitfallList)
        pitfalls.show(listing, self.session.now(), 0)
        pitfalls.display = listing.total > 0
        words = ngettext("{n} pitfall behind it", "{n} pitfalls behind it", listing.total)
        told = words.format(n=listing.total) if listing.total else _("No pitfall is behind it.")
        self.query_one("#retro-behind-head", Static).update(Content(told))

    # Moving

    @property
    def _walked(self) -> OptionList | VerticalScroll | PitfallList:
        pitfalls = self.query_one(PitfallList)
        if pitfalls.has_focus:
            return pitfalls
        if self.tab == "plots":
            return self.query_one("#retro-plots", VerticalScroll)
        return self.query_one(f"#retro-{self.tab}", OptionList)

    def _move(self, by: int) -> None:
        walked = self._walked
        if isinstance(walked, PitfallList):
            walked.move(by)
        elif isinstance(walked, VerticalScroll):
            walked.scroll_relative(y=by, animate=False)
        else:
            for _step in range(abs(by)):
                walked.action_cursor_down() if by > 0 else walked.action_cursor_up()

    def action_down(self) -> None:
        """Go down."""
        self._move(1)

    def action_up(self) -> None:
        """Go up."""
        self._move(-1)

    def action_page_down(self) -> None:
        """Go half a page down."""
        self._move(max(1, self._walked.size.height // 2))

    def action_page_up(self) -> None:
        """Go half a page up."""
        self._move(-max(1, self._walked.size.height // 2))

    def action_first(self) -> None:
        """Go to the first."""
        walked = self._walked
        if isinstance(walked, PitfallList):
            walked.go(0)
        elif isinstance(walked, VerticalScroll):
            walked.scroll_home(animate=False)
        else:
            walked.action_first()

    def action_last(self) -> None:
        """Go to the last."""
        walked = self._walked
        if isinstance(walked, PitfallList):
            walked.go(-1)
        elif isinstance(walked, VerticalScroll):
            walked.scroll_end(animate=False)
        else:
            walked.action_last()

    # Keys

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Go to the pitfalls behind the line; from there, open one on the board."""
        pitfalls = self.query_one(PitfallList)
        if pitfalls.has_focus:
            if pitfalls.row is not None:
                self.dismiss(pitfalls.row.id)
            return
        if pitfalls.display and self.tab in _WITH_PITFALLS:
            self.add_class("-behind")
            self.call_after_refresh(pitfalls.focus)
        elif self.line is not None and self.line.pitfall:
            self.dismiss(self.line.pitfall)

    @on(PitfallList.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_next_pane(self) -> None:
        """Go to the pitfalls behind the line, or back."""
        if self.query_one(PitfallList).has_focus:
            self._leave_behind()
        else:
            self.action_open()

    def _leave_behind(self) -> None:
        self.remove_class("-behind")
        self._show_focus()

    def action_back(self) -> None:
        """Stop reading; leave the pitfalls behind; go back to the board: one at a time."""
        if self.is_reading:
            self.workers.cancel_group(self, "retro")
            self.show_head(_("stopped; r reads it"))
        elif self.query_one(PitfallList).has_focus:
            self._leave_behind()
        else:
            self.dismiss(None)

    def action_quit(self) -> None:
        """Go back."""
        self.action_back()

    def action_board(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    def action_read_again(self) -> None:
        """Read everything again."""
        self.read_again()

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen(IN_RETRO))

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.app.action_command_palette()
