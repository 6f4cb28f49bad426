"""The retro: a period's figures, plots, timeline and notes, beside the pitfalls behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.timer import Timer
from textual.widgets import OptionList, Static, Tab, Tabs
from textual.worker import Worker

from storage.db.blobs import named_file
from storage.errors import PitboardError
from storage.model.fields import NamedTuple
from storage.model.records import RetroNote
from storage.model.retro import Release, ReportFormat, Retro
from storage.model.row import Text
from storage.read.board import Board, Listing
from storage.reports.retro.figures import gather
from storage.reports.retro.formats import FORMAT_OF_ENDING, write
from storage.retro.report import RetroReport
from tui.commands.command import RETRO
from tui.screens.command_screen import CommandScreen
from tui.screens.retro_parts import RetroLines, RetroPeriod, RetroPlace, TimelineLine
from tui.services.background import go_on
from tui.services.session import Session
from tui.text.history import happened_words
from tui.text.i18n import _, labelled, ngettext, translator
from tui.text.retro import FigureLine, period_in_short, period_words
from tui.widgets.pitfall_list import PitfallList

_WIDE: Final = 100
_SETTLE_SECONDS: Final = 0.05
TABS: Final = ("figures", "plots", "story", "notes")
#: Where the pitfalls behind a line stand beside it.
_WITH_PITFALLS: Final = ("figures", "story")


class _Read(NamedTuple):
    """A period as it was read: its figures, the titles that its notes need, the releases."""

    retro: Retro
    titles: Mapping[str, Text]
    releases: Sequence[Release]


class RetroScreen(CommandScreen[str | None]):
    """A period as a team looks back on it; it is left with a pitfall to open, or with none."""

    NAME = RETRO
    CSS_PATH = "retro.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012

    lines = query_one(RetroLines)
    pitfalls = query_one(PitfallList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.place = session.retro_place = session.retro_place or RetroPlace()
        self.period = RetroPeriod(self.place, session.now, self.read_again)
        self._reading: Worker[None] | None = None
        self._settle: Timer | None = None
        #: Whether the pitfalls are those behind the line, and whether to go to them once they are.
        self._is_behind_shown = self._goes_behind = False
        self.add_class(f"-{self.place.tab}")

    def compose(self) -> ComposeResult:
        """The period, the tabs, what is told of it, the pitfalls behind it, keys."""
        yield Static(id="retro-head", markup=False)
        yield Tabs(
            Tab(Content(_("Figures")), id="tab-figures"),
            Tab(Content(_("Plots")), id="tab-plots"),
            Tab(Content(_("Timeline")), id="tab-story"),
            Tab(Content(_("Notes")), id="tab-notes"),
            id="retro-tabs",
            active=f"tab-{self.place.tab}",
        )
        with Horizontal(id="retro-panes"):
            yield RetroLines(self.session, self.place, self.tell)
            with Vertical(id="retro-behind"):
                yield Static(id="retro-behind-head", markup=False)
                yield PitfallList(self.session.now, id="list")
        yield self.key_line()

    def on_mount(self) -> None:
        """Read the period."""
        self.query_one(Tabs).can_focus = False
        self.read_again()

    # Reading

    @property
    def is_reading(self) -> bool:
        """Whether a period is being read just now."""
        return self._reading is not None and self._reading.is_running

    def look_for_changes(self) -> None:
        """Read again what was just written."""
        self.read_again()

    def read_again(self) -> None:
        """Read the period, or read it again."""
        self._show_head(_("reading…  esc stops"))
        period = self.period.period

        def read() -> _Read:
            with RetroReport.open(self.session.path) as looking:
                releases = looking.releases()
                retro = looking.look_back(period, self.session.now(), self._going_on)
                titles = looking.titles({note.pitfall for note in (*retro.due, *retro.notes)})
            return _Read(retro, titles, releases)

        self._reading = self.read(read, self._take, group="retro", failed=self._failed)

    def write_report(self, path: Path, *, force: bool) -> Path:
        """Write the period as a report, in the format that the file's ending gives.

        Args:
            path: where to.
            force: take the place of what is there.

        Raises:
            PitboardError: it can't be read, or not be written there.
        """
        with (
            Board.open(self.session.path) as board,
            RetroReport.open(self.session.path) as looking,
        ):
            retro = looking.look_back(self.period.period, self.session.now())
            material = gather(
                board, retro, translator(), lambda one: happened_words(one, board.short_id)
            )
            form = FORMAT_OF_ENDING[path.suffix.lower()]
            # Excel reads UTF-8 only behind a mark.
            encoding = "utf-8-sig" if form is ReportFormat.CSV else "utf-8"
            data = write(material, form).encode(encoding)
        with named_file(path, self.session.path, force=force) as put:
            put(data)
        return path

    def _going_on(self, done: int, of: int) -> None:
        """Tell from a thread how far it is; stop if nobody waits for it any more."""
        go_on()
        self.call_later(self._show_going_on, done, of)

    def _show_going_on(self, done: int, of: int) -> None:
        if self.is_reading:
            self._show_head(_("reading, {done} of {of}…  esc stops").format(done=done, of=of))

    def _failed(self, error: PitboardError) -> None:
        self._show_head("")
        self.tell(error)

    def _take(self, read: _Read) -> None:
        if read.retro.now.period != self.period.period:
            return
        self.period.releases = read.releases
        self.lines.show(read.retro, read.titles)
        self._show_head("")
        self._focus_tab()

    def _show_head(self, text: str) -> None:
        """Show the period, and what is told beside it."""
        period, beside = self.period.period, ""
        retro = self.lines.retro
        if retro is not None and retro.now.period == period:
            beside = _("compared with {period}").format(period=period_in_short(retro.before.period))
            if period.until > self.session.now():
                beside = _("so far; {beside}").format(beside=beside)
        self.query_one("#retro-head", Static).update(
            Content.assemble(
                (_("Retro") + "  ", "bold $primary"),
                (f"{period_words(period)}  ", "bold"),
                (text or beside, "$text-muted"),
            )
        )

    # Tabs

    @on(Tabs.TabActivated)
    def _tab_turned(self, event: Tabs.TabActivated) -> None:
        tab = str(event.tab.id).removeprefix("tab-")
        self.place.tab = tab
        for name in TABS:
            self.set_class(name == tab, f"-{name}")
        self.remove_class("-behind")
        self._focus_tab()
        self._moved()

    def _focus_tab(self) -> None:
        self.call_after_refresh(self.query_one(f"#retro-{self.place.tab}").focus)

    def _show_tab(self, tab: str) -> None:
        self.query_one(Tabs).active = f"tab-{tab}"

    def turn_tab(self, by: int) -> None:
        """Show the next tab (1), or the one before (-1)."""
        self._show_tab(TABS[(TABS.index(self.place.tab) + by) % len(TABS)])

    def turn_history(self) -> None:
        """Show the timeline, of the next kind of changes only, then all again."""
        if self.place.tab != "story":
            self._show_tab("story")
        else:
            self.lines.filter_by_next_kind()

    # The line under the cursor, and the pitfalls behind it

    @property
    def note(self) -> RetroNote | None:
        """The note under the cursor."""
        return self.lines.note

    @property
    def about(self) -> str:
        """The pitfall that is chosen among those behind, or that the line is about."""
        if self.pitfalls.has_focus and self.pitfalls.row is not None:
            return self.pitfalls.row.id
        line = self.lines.line
        return line.pitfall if line is not None else ""

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        if self.lines.retro is None:
            return
        self.place.line = self.lines.line_of(self.place.tab)
        self._is_behind_shown = self._goes_behind = False
        self._wait_for_nothing()
        self._settle = self.set_timer(_SETTLE_SECONDS, self._look_behind)

    def _wait_for_nothing(self) -> None:
        if self._settle is not None:
            self._settle.stop()
            self._settle = None

    def _look_behind(self) -> None:
        self._wait_for_nothing()
        line, period = self.lines.line, self.period.period
        behind = line.behind if isinstance(line, FigureLine) else None
        names: Iterable[str] = [line.pitfall] if line is not None and line.pitfall else []

        def find() -> Listing:
            found = names
            if behind is not None:
                with RetroReport.open(self.session.path) as looking:
                    found = looking.behind(period, behind, self.session.now())
            return self.session.board.list.these(list(found))

        self.read(find, lambda found: self._show_behind(found, line), group="behind")

    def _show_behind(self, found: Listing, line: FigureLine | TimelineLine | None) -> None:
        listing = found.read_with(self.session.board.list)
        self.pitfalls.show(listing, 0)
        self.pitfalls.display = listing.total > 0
        words = ngettext("{n} matching pitfall", "{n} matching pitfalls", listing.total)
        text = words.format(n=listing.total) if listing.total else _("No matching pitfalls.")
        if isinstance(line, FigureLine) and line.name:
            text = labelled(line.name, text)
        self.query_one("#retro-behind-head", Static).update(Content(text))
        self._is_behind_shown = True
        if self._goes_behind:
            self._goes_behind = False
            self.open()

    # Moving

    @property
    def _moving_part(self) -> OptionList | VerticalScroll | PitfallList:
        if self.pitfalls.has_focus:
            return self.pitfalls
        if self.place.tab == "plots":
            return self.query_one("#retro-plots", VerticalScroll)
        return self.query_one(f"#retro-{self.place.tab}", OptionList)

    def move(self, by: int) -> None:
        """Go down by some lines, or up."""
        part = self._moving_part
        if isinstance(part, PitfallList):
            part.move(by)
        elif isinstance(part, VerticalScroll):
            part.scroll_relative(y=by, animate=False)
        else:
            for _step in range(abs(by)):
                part.action_cursor_down() if by > 0 else part.action_cursor_up()

    def page(self, by: int) -> None:
        """Go down by half a page (1), or up (-1)."""
        self.move(by * max(1, self._moving_part.size.height // 2))

    def go(self, place: int) -> None:
        """Go to the first line (0), or to the last (-1)."""
        part = self._moving_part
        if isinstance(part, PitfallList):
            part.go(place)
        elif isinstance(part, VerticalScroll):
            part.scroll_end(animate=False) if place else part.scroll_home(animate=False)
        else:
            part.action_last() if place else part.action_first()

    # Going in and out

    @property
    def _is_behind(self) -> bool:
        """Whether keys are for the pitfalls behind the line, which get the focus when painted."""
        return self.pitfalls.has_focus or self.has_class("-behind")

    @on(OptionList.OptionSelected)
    @on(PitfallList.Opened)
    def open(self) -> None:
        """Go to the pitfalls behind the line; from there, open one on the board."""
        pitfalls, line = self.pitfalls, self.lines.line
        if self._is_behind:
            if pitfalls.row is not None:
                self.dismiss(pitfalls.row.id)
        elif self.place.tab in _WITH_PITFALLS and not self._is_behind_shown and line is not None:
            # The key came before they were looked up.
            self._goes_behind = True
            if self._settle is not None:
                self._look_behind()
        elif pitfalls.display and self.place.tab in _WITH_PITFALLS:
            self.add_class("-behind")
            self.call_after_refresh(self._focus_behind)
        elif line is not None and line.pitfall:
            self.dismiss(line.pitfall)

    def next_pane(self) -> None:
        """Go to the pitfalls behind the line, or back."""
        if self._is_behind:
            self._leave_behind()
        else:
            self.open()

    def _focus_behind(self) -> None:
        # Another key may have left them since.
        if self.has_class("-behind"):
            self.pitfalls.focus()

    def _leave_behind(self) -> None:
        self.remove_class("-behind")
        self._focus_tab()

    def back(self) -> None:
        """Stop reading; leave the pitfalls behind; go back to the board: one at a time.

        Before anything is shown there is nothing to stay for.
        """
        if self.is_reading and self.lines.retro is not None:
            self.workers.cancel_group(self, "retro")
            self._show_head(_("stopped; r reads it"))
        elif self._is_behind:
            self._leave_behind()
        elif self._goes_behind:
            self._goes_behind = False
        else:
            self.dismiss(None)

    def quit(self) -> None:
        """Leave the pitfalls behind, else go back to the board, whatever is still read."""
        if self._is_behind:
            self._leave_behind()
        else:
            self.dismiss(None)
