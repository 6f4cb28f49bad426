"""What runs where: which base library each client version was seen with, on which platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from storage.errors import PitboardError
from storage.model.records import Run
from storage.model.version_pairs import Contradiction, contradicting
from storage.model.vocabulary import Platform
from tui.commands import IN_VERSIONS
from tui.screens.side_screen import Watching
from tui.services.session import Session
from tui.text.i18n import _, ngettext
from tui.text.versions import asked_of, contradiction_words, headings, platform_word, widths_of
from tui.widgets.key_line import KeyLine
from tui.widgets.version_list import VersionList, heading_line


class VersionsScreen(Watching[str | None]):
    """The table; it is left with a query for the pitfalls seen somewhere, or with none."""

    CSS_PATH = "versions.tcss"
    AUTO_FOCUS = "#runs"
    actions = IN_VERSIONS

    @dataclass
    class Read(Message):
        """The table was read: its runs, and those that contradict the others by their places."""

        runs: Sequence[Run]
        doubts: Mapping[int, Contradiction]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._runs: Sequence[Run] = ()
        self._doubts: Mapping[int, Contradiction] = {}
        self._platform: Platform | None = None
        self._widths: Sequence[int] = ()

    def compose(self) -> ComposeResult:
        """What is shown, the table, what is wrong with the line under the cursor, keys."""
        yield Static(id="runs-head", markup=False)
        yield Static(id="runs-headings", markup=False)
        yield VersionList(self.session.now(), id="runs")
        yield Static(id="runs-empty", markup=False)
        yield Static(id="runs-told", markup=False)
        yield KeyLine(IN_VERSIONS)

    def on_mount(self) -> None:
        """Read the table, and again whenever somebody wrote."""
        self.query_one("#runs-head", Static).update(_heading(_("reading…")))
        self.start_watching()

    @property
    def runs(self) -> VersionList:
        """The table."""
        return self.query_one(VersionList)

    # Reading

    @work(thread=True, exclusive=True, group="runs")
    def action_read_again(self) -> None:
        """Read everything again."""
        worker = get_current_worker()
        try:
            runs = self.session.board.version_pairs.all()
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        read = self.Read(runs, contradicting(runs))
        if not worker.is_cancelled:
            self.post_message(read)

    @on(Read)
    def _take(self, read: Read) -> None:
        self._runs, self._doubts = read.runs, read.doubts
        self._widths = widths_of(self._runs, self.session.now())
        if self._platform not in self._platforms:
            self._platform = None
        self._show()

    # Showing

    @property
    def _platforms(self) -> list[Platform | None]:
        """All, then each platform that there is a line of."""
        there = {run.platform for run in self._runs}
        return [None, *(platform for platform in Platform if platform in there)]

    def _show(self) -> None:
        shown = [
            (place, run)
            for place, run in enumerate(self._runs)
            if self._platform in (None, run.platform)
        ]
        doubts = {
            line: self._doubts[place]
            for line, (place, _run) in enumerate(shown)
            if place in self._doubts
        }
        self.runs.show([run for _place, run in shown], doubts, self._widths, self.session.now())
        self.set_class(not self._runs, "-empty")
        where = platform_word(self._platform) if self._platform else _("all platforms")
        count = ngettext("{n} line", "{n} lines", len(shown)).format(n=len(shown))
        doubted = ngettext("{n} doubtful", "{n} doubtful", len(doubts)).format(n=len(doubts))
        told = f"{where} · {count}" + (f" · {doubted}" if doubts else "")
        self.query_one("#runs-head", Static).update(_heading(told if self._runs else ""))
        self.query_one("#runs-empty", Static).update(
            Content(
                _(
                    "Nothing is known yet of what runs where.\n"
                    "It comes from occurrences that say both an app version and a base library:\n"
                    "log one with a, or paste a report with p, on the board.\n\nq back"
                )
            )
        )
        self._show_headings()

    def on_resize(self) -> None:
        """Fit the headings."""
        self._show_headings()

    def _show_headings(self) -> None:
        if self._widths:
            line = heading_line(headings(), self._widths, self.size.width)
            self.query_one("#runs-headings", Static).update(Content(line))

    @on(VersionList.Moved)
    def _tell_of_line(self) -> None:
        """Say what is wrong with the line under the cursor."""
        run, doubt = self.runs.run, self.runs.doubt
        told = contradiction_words(run, doubt) if run is not None and doubt is not None else ""
        self.query_one("#runs-told", Static).update(Content(told))
        self.set_class(bool(told), "-doubtful")

    # Keys

    def action_down(self) -> None:
        """Go down."""
        self.runs.move(1)

    def action_up(self) -> None:
        """Go up."""
        self.runs.move(-1)

    def action_page_down(self) -> None:
        """Go half a page down."""
        self.runs.move(self.runs.half_page)

    def action_page_up(self) -> None:
        """Go half a page up."""
        self.runs.move(-self.runs.half_page)

    def action_first(self) -> None:
        """Go to the first."""
        self.runs.go(0)

    def action_last(self) -> None:
        """Go to the last."""
        self.runs.go_to_end()

    def action_next_platform(self) -> None:
        """Show the next platform only, then all again."""
        ring = self._platforms
        self._platform = ring[(ring.index(self._platform) + 1) % len(ring)]
        self._show()

    @on(VersionList.Opened)
    def action_open(self) -> None:
        """Show the pitfalls that were seen there, on the board."""
        if (run := self.runs.run) is not None:
            self.dismiss(asked_of(run))

    def action_back(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    def action_board(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    def action_quit(self) -> None:
        """Go back to the board."""
        self.dismiss(None)


def _heading(told: str) -> Content:
    head = Content.styled(_("What runs where"), "bold $primary")
    return Content.assemble(head, f"  {told}") if told else head
