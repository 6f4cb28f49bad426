"""What runs where: which base library each client version was seen with, on which platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from storage.model.records import VersionPair
from storage.model.version_pairs import Contradiction, contradicting
from storage.model.vocabulary import Platform
from tui.commands.command import VERSIONS
from tui.screens.command_screen import WatchingScreen
from tui.services.session import Session
from tui.text.i18n import _, ngettext
from tui.text.verdicts import asked_of, contradiction_words, headings, platform_word, widths_of
from tui.widgets.version_list import VersionList, heading_line


class VersionsScreen(WatchingScreen[str | None]):
    """The table; it is left with a query for the pitfalls seen somewhere, or with none."""

    NAME = VERSIONS
    CSS_PATH = "versions.tcss"
    AUTO_FOCUS = "#runs"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._runs: Sequence[VersionPair] = ()
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
        yield self.key_line()

    def on_mount(self) -> None:
        """Read the table, and again whenever somebody wrote."""
        self.query_one("#runs-head", Static).update(_heading(_("reading…")))
        self.start_watching()

    @property
    def runs(self) -> VersionList:
        """The table."""
        return self.query_one(VersionList)

    # Reading

    def read_again(self) -> None:
        """Read everything again."""

        def read() -> tuple[Sequence[VersionPair], Mapping[int, Contradiction]]:
            runs = self.session.board.version_pairs.all()
            return runs, contradicting(runs)

        self.read(read, self._take, group="runs")

    def _take(self, read: tuple[Sequence[VersionPair], Mapping[int, Contradiction]]) -> None:
        self._runs, self._doubts = read
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

    def move(self, by: int) -> None:
        """Go down by some lines, or up."""
        self.runs.move(by)

    def page(self, by: int) -> None:
        """Go down by half a page (1), or up (-1)."""
        self.runs.move(by * self.runs.half_page)

    def go(self, place: int) -> None:
        """Go to the first line (0), or to the last (-1)."""
        self.runs.go_to_end() if place else self.runs.go(0)

    def show_next_platform(self) -> None:
        """Show the next platform only, then all again."""
        ring = self._platforms
        self._platform = ring[(ring.index(self._platform) + 1) % len(ring)]
        self._show()

    @on(VersionList.Opened)
    def open(self) -> None:
        """Show the pitfalls that were seen there, on the board."""
        if (run := self.runs.run) is not None:
            self.dismiss(asked_of(run))


def _heading(told: str) -> Content:
    head = Content.styled(_("What runs where"), "bold $primary")
    return Content.assemble(head, f"  {told}") if told else head
