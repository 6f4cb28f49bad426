"""The lines of a retro, tab by tab: figures, timeline, notes; and its plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static, Tabs
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from storage.errors import PitboardError
from storage.model.history_kinds import is_of
from storage.model.records import Text
from storage.model.retro import Happened, Period, Retro, RetroNote
from storage.model.vocabulary import HistorySort
from storage.retro.report import TIMELINE, RetroReport
from storage.retro.timeline import goes_on
from tui.screens.retro_notes import RetroNotes
from tui.screens.retro_period import LookedAt
from tui.services.session import Session
from tui.text.i18n import _
from tui.text.retro import FigureLine, TimelineLine, figure_lines, note_lines, timeline_lines
from tui.widgets import plots
from tui.widgets.plots import Plots

#: As many events of one sort as are read of a period.
_LONGEST: Final = 500


class RetroLines(RetroNotes):
    """The part of the retro's screen that tells of a period in lines."""

    @dataclass
    class Told(Message):
        """What happened of one sort was read."""

        sort: HistorySort
        events: Sequence[Happened]

    def __init__(self, session: Session, looked_at: LookedAt) -> None:
        super().__init__(session, looked_at)
        self.retro: Retro | None = None
        self._figures: Sequence[FigureLine] = ()
        self._story: Sequence[TimelineLine] = ()
        self._notes: Sequence[TimelineLine] = ()
        self._sort: HistorySort | None = None

    @property
    def tab(self) -> str:
        """The tab that is shown."""
        return self.looked_at.tab

    def show_retro(self, retro: Retro, titles: Mapping[str, Text]) -> None:
        """Show a period that was read, with the cursor where it was.

        Args:
            retro: the period.
            titles: those of the pitfalls that its notes are about.
        """
        self.retro = retro
        self._figures = list(figure_lines(retro))
        self._notes = list(note_lines(retro, titles, self.session.now()))
        place = self.looked_at.place
        for name in ("figures", "notes"):
            self._fill(name, place if self.tab == name else self.place(name))
        self._tell_story()
        self._draw()

    def _lines(self, tab: str) -> Sequence[FigureLine] | Sequence[TimelineLine]:
        match tab:
            case "figures":
                return self._figures
            case "story":
                return self._story
            case "notes":
                return self._notes
            case _:
                return ()

    @work(thread=True, exclusive=True, group="story", exit_on_error=False)
    def _read_story(self, period: Period, sort: HistorySort) -> None:
        # Imported here, since the classes of events need pydantic, which no start waits for.
        from storage.events import kinds_of

        worker = get_current_worker()
        try:
            with RetroReport.open(self.session.path) as looking:
                kinds = kinds_of([sort])
                events = looking.timeline(period, self.session.now(), kinds=kinds, limit=_LONGEST)
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(self.Told(sort, events))

    @on(Told)
    def _show_told(self, told: Told) -> None:
        if told.sort is self._sort and self.retro is not None:
            shown = [one for one in told.events if is_of(one.as_line(), [told.sort])]
            newest = _LONGEST if goes_on(told.events, _LONGEST) else 0
            self._story = list(timeline_lines(shown, self.retro.notes, told.sort, newest=newest))
            self._fill("story", 0)

    def action_turn_history(self) -> None:
        """Show the timeline, of the next sort of changes only, then all again."""
        if self.tab != "story":
            self.query_one(Tabs).active = "tab-story"
            return
        ring: list[HistorySort | None] = [
            None,
            *(sort for sort in HistorySort if sort is not HistorySort.TAKEN_BACK),
        ]
        self._sort = ring[(ring.index(self._sort) + 1) % len(ring)]
        self._tell_story()

    def _tell_story(self) -> None:
        if self.retro is None:
            return
        if self._sort is not None:
            self._read_story(self.period, self._sort)
            return
        newest = TIMELINE if goes_on(self.retro.timeline, TIMELINE) else 0
        self._story = list(timeline_lines(self.retro.timeline, self.retro.notes, newest=newest))
        self._fill("story", self.looked_at.place if self.tab == "story" else 0)

    def _fill(self, name: str, place: int) -> None:
        lines = self._lines(name)
        shown = self.query_one(f"#retro-{name}", OptionList)
        shown.clear_options()
        shown.add_options(Option(line.content, disabled=line.is_heading) for line in lines)
        if not lines:
            shown.add_option(Option(Content("  " + _("Nothing happened.")), disabled=True))
        elif 0 < place < len(lines) and not lines[place].is_heading:
            shown.highlighted = place
        else:
            shown.action_first()

    def place(self, name: str) -> int:
        """Where the cursor is in the lines of a tab."""
        return self.query_one(f"#retro-{name}", OptionList).highlighted or 0

    @on(Plots.Resized)
    def _draw(self) -> None:
        cells = self.query_one(Plots).size.width - 3
        if self.retro is None or cells < 1:
            return
        drawn: list[Content] = []
        for words, lines in (
            (_("Open, with a workaround, fixed"), plots.flow(self.retro.flow, cells)),
            (_("Sightings by platform"), plots.by_platform(self.retro.buckets, cells)),
            (_("Ages of workarounds"), plots.ages(self.retro.now.ages, cells)),
        ):
            drawn += [Content.styled(words, "bold $primary"), *lines, Content("")]
        self.query_one("#retro-drawn", Static).update(Content("\n").join(drawn))

    @property
    def line(self) -> FigureLine | TimelineLine | None:
        """The line under the cursor; none among the plots."""
        lines = self._lines(self.tab)
        if not lines:
            return None
        place = self.place(self.tab)
        return lines[place] if place < len(lines) else None

    @property
    def note(self) -> RetroNote | None:
        """The note under the cursor."""
        line = self.line
        return line.note if isinstance(line, TimelineLine) else None
