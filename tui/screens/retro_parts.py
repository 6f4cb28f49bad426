"""The parts of a retro: the period that it looks at, and that period in lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from storage.errors import PitboardError
from storage.model.fields import NamedTuple
from storage.model.records import RetroNote
from storage.model.retro import SPRINT_WEEKS, Happened, Period, PeriodKind, Release, Retro
from storage.model.row import Text
from storage.model.vocabulary import HistoryCategory, Verdict
from storage.read.history import is_of, kinds_in
from storage.retro import periods
from storage.retro.happened import goes_on
from storage.retro.report import TIMELINE, RetroReport
from storage.text.sanitize import sanitize
from storage.text.zones import day_of
from tui.services.background import in_thread
from tui.services.session import Session
from tui.text.cells import cut
from tui.text.history import change_words
from tui.text.i18n import _, read
from tui.text.retro import DONE, NOTE_MARKS, FigureLine, figure_lines
from tui.text.vocabulary import REGRESSED, word
from tui.widgets import plots
from tui.widgets.plots import Plots


@dataclass
class RetroPlace:
    """Where somebody is in the retro, to come back to."""

    period: Period | None = None
    weeks: int = periods.USUAL_SPRINT
    tab: str = "figures"
    line: int = 0


class RetroPeriod:
    """The period that is looked at, and those before and after it.

    Args:
        place: remembers it.
        now: the clock in milliseconds.
        changed: called when another period is looked at.
    """

    def __init__(
        self, place: RetroPlace, now: Callable[[], int], changed: Callable[[], object]
    ) -> None:
        self._place, self._now, self._changed = place, now, changed
        self.period = place.period or periods.period_of(PeriodKind.WEEK, now())
        #: The releases that were seen, the newest last.
        self.releases: Sequence[Release] = ()

    def look_at(self, period: Period) -> None:
        """Look at another period."""
        self.period = self._place.period = period
        self._changed()

    def choose(self, kind: str) -> None:
        """Look at the period of a kind in which the present one ends, but never at one ahead."""
        at = min(self.period.until - 1, self._now())
        self.look_at(periods.period_of(PeriodKind(kind), at, self._place.weeks))

    def lengthen_sprint(self, weeks: int) -> None:
        """Look at a sprint of some weeks more, or less."""
        after = self._place.weeks + weeks
        if after in SPRINT_WEEKS:
            self._place.weeks = after
            self.choose(PeriodKind.SPRINT)

    def go_earlier(self) -> None:
        """Look at the period before."""
        self.look_at(periods.before(self.period, self.releases))

    def go_later(self) -> bool:
        """Look at the period after; False if it lies ahead."""
        now = self._now()
        later = periods.after(self.period, self.releases, now)
        if later.since > now or later == self.period:
            return False
        self.look_at(later)
        return True

    def parse(self, text: str) -> Period:
        """The period that somebody wrote.

        Raises:
            Refused: it is none.
        """
        return periods.parse(text, self._now(), self._place.weeks, self.releases)

    def of_release(self, version: str) -> Period | None:
        """The time in which a release was the newest one."""
        return periods.of_release(version, self.releases, self._now())


# A period in lines, tab by tab: figures, timeline, notes; and its plots


#: As many events of one kind as are read of a period.
_LONGEST: Final = 500
_RING: Final = (None, *(sort for sort in HistoryCategory if sort is not HistoryCategory.TAKEN_BACK))


class RetroLines(Vertical):
    """The figures, plots, timeline and notes of a period; one of them is shown.

    Args:
        session: the board.
        place: the tab that is shown, and the line under its cursor at first.
        failed: is told when the board can't be read.
    """

    def __init__(
        self, session: Session, place: RetroPlace, failed: Callable[[PitboardError], object]
    ) -> None:
        super().__init__(id="retro-left")
        self._session, self._place, self._failed = session, place, failed
        self.retro: Retro | None = None
        self._figures: Sequence[FigureLine] = ()
        self._story: Sequence[TimelineLine] = ()
        self._notes: Sequence[TimelineLine] = ()
        self._kind: HistoryCategory | None = None

    def compose(self) -> ComposeResult:
        """A list for each tab, but a drawing for the plots."""
        yield OptionList(id="retro-figures", markup=False)
        yield Plots(Static(id="retro-drawn", markup=False), id="retro-plots")
        yield OptionList(id="retro-story", markup=False)
        yield OptionList(id="retro-notes", markup=False)

    def show(self, retro: Retro, titles: Mapping[str, Text]) -> None:
        """Show a period, with the cursor where it was.

        Args:
            retro: the period.
            titles: those of the pitfalls that its notes are about.
        """
        self.retro = retro
        self._figures = list(figure_lines(retro))
        self._notes = list(note_lines(retro, titles, self._session.now()))
        for tab in ("figures", "notes"):
            self._fill(tab, self._place.line if self._place.tab == tab else self.line_of(tab))
        self._tell_story()
        self._draw()

    # The timeline

    def filter_by_next_kind(self) -> None:
        """Show the timeline, of the next kind of changes only, then all again."""
        self._kind = _RING[(_RING.index(self._kind) + 1) % len(_RING)]
        self._tell_story()

    def _tell_story(self) -> None:
        retro = self.retro
        if retro is None:
            return
        if self._kind is not None:
            self._read_story(retro, self._kind)
            return
        newest = TIMELINE if goes_on(retro.timeline, TIMELINE) else 0
        self._story = list(timeline_lines(retro.timeline, retro.notes, newest=newest))
        self._fill("story", self._place.line if self._place.tab == "story" else 0)

    def _read_story(self, retro: Retro, kind: HistoryCategory) -> None:
        def read() -> Sequence[Happened]:
            with RetroReport.open(self._session.path) as looking:
                now, kinds = self._session.now(), kinds_in([kind])
                return looking.timeline(retro.now.period, now, kinds=kinds, limit=_LONGEST)

        def show(events: Sequence[Happened]) -> None:
            if kind is not self._kind or self.retro is None:
                return
            shown = [one for one in events if is_of(one.as_line(), [kind])]
            newest = _LONGEST if goes_on(events, _LONGEST) else 0
            self._story = list(timeline_lines(shown, self.retro.notes, kind, newest=newest))
            self._fill("story", 0)

        in_thread(self, read, show, self._failed, group="story")

    # The lines

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

    def _fill(self, tab: str, line: int) -> None:
        lines = self._lines(tab)
        shown = self.query_one(f"#retro-{tab}", OptionList)
        shown.clear_options()
        shown.add_options(Option(line.content, disabled=line.is_heading) for line in lines)
        if not lines:
            shown.add_option(Option(Content("  " + _("Nothing happened.")), disabled=True))
        elif 0 < line < len(lines) and not lines[line].is_heading:
            shown.highlighted = line
        else:
            shown.action_first()

    def line_of(self, tab: str) -> int:
        """Which line of a tab is under its cursor; 0 for the plots."""
        return 0 if tab == "plots" else self.query_one(f"#retro-{tab}", OptionList).highlighted or 0

    @on(Plots.Resized)
    def _draw(self) -> None:
        cells = self.query_one(Plots).size.width - 3
        if self.retro is None or cells < 1:
            return
        drawn: list[Content] = []
        for words, lines in (
            (_("Pitfalls by status"), plots.flow(self.retro.flow, cells)),
            (_("Occurrences by platform"), plots.by_platform(self.retro.buckets, cells)),
            (_("Ages of workarounds"), plots.ages(self.retro.now.ages, cells)),
        ):
            drawn += [Content.styled(words, "bold $primary"), *lines, Content("")]
        self.query_one("#retro-drawn", Static).update(Content("\n").join(drawn))

    @property
    def line(self) -> FigureLine | TimelineLine | None:
        """The line under the cursor; none among the plots."""
        lines = self._lines(self._place.tab)
        place = self.line_of(self._place.tab)
        return lines[place] if place < len(lines) else None

    @property
    def note(self) -> RetroNote | None:
        """The note under the cursor."""
        line = self.line
        return line.note if isinstance(line, TimelineLine) else None


# What happened in a period, and what was noted, as lines to choose from


_TITLE: Final = 40


class TimelineLine(NamedTuple):
    """A line of a period's story; a heading is about nothing."""

    content: Content
    pitfall: str = ""
    note: RetroNote | None = None

    @property
    def is_heading(self) -> bool:
        """Whether there is nothing to be opened or done."""
        return not self.pitfall and self.note is None


def timeline_lines(
    events: Sequence[Happened],
    notes: Sequence[RetroNote],
    sort: HistoryCategory | None = None,
    *,
    newest: int = 0,
) -> Iterator[TimelineLine]:
    """The timeline, the newest day first; each event with the pitfall that it was about.

    Args:
        events: what happened, the newest first.
        notes: what was noted in the period.
        sort: the only sort of changes that is shown, if it is one.
        newest: how many were looked through, if there may be older ones.
    """
    if sort is not None:
        words = _("Only: {sort}").format(sort=word(sort))
        yield TimelineLine(Content.styled(f" {words}", "$text-warning"))
        if not events:
            yield TimelineLine(Content("   " + _("Nothing happened.")))
    if newest:
        words = _("These are of the newest {n}. A shorter period shows all.")
        yield TimelineLine(Content.styled(" " + words.format(n=newest), "$text-muted"))
    by_event = {note.id: note for note in notes}
    for day, group in groupby(events, lambda one: day_of(one.at)):
        yield TimelineLine(Content.styled(f" {day}", "bold $primary"))
        for one in group:
            if one.event in by_event:
                yield _note(by_event[one.event], {one.pitfall: one.title})
            else:
                yield TimelineLine(_in_words(one), one.pitfall)


def _in_words(one: Happened) -> Content:
    regressed = f"{REGRESSED} {word(Verdict.REGRESSION)}  " if one.is_regression else ""
    # A report says the title itself.
    title = "" if one.after == one.title else cut(sanitize(read(one.title)), _TITLE)
    return Content.assemble(
        f"   {sanitize(one.who)}  ",
        (regressed, "$text-error"),
        (change_words(one.as_line()).whole, "bold"),
        f"  {title}",
    )


def note_lines(retro: Retro, titles: Mapping[str, Text], now: int) -> Iterator[TimelineLine]:
    """What is to be done, then what was noted in the period.

    Args:
        retro: the period.
        titles: those of the pitfalls that the notes are about.
        now: the present (ms), to tell what is overdue.
    """
    today = day_of(now)
    yield TimelineLine(
        Content.assemble(
            (" " + _("Still to be done"), "bold $primary"),
            ("   " + _("space: done   e: edit"), "$text-muted"),
        )
    )
    if not retro.due:
        yield TimelineLine(
            Content.styled("   " + _("Nothing is left to follow up."), "$text-muted")
        )
    for note in retro.due:
        yield _note(note, titles, today)
    due = {note.id for note in retro.due}
    rest = [note for note in retro.notes if note.id not in due]
    yield TimelineLine(Content.styled(" " + _("Noted in this period"), "bold $primary"))
    if not rest:
        words = _("Nothing more yet: a adds a note, a decision or a follow-up.")
        yield TimelineLine(Content.styled(f"   {words}", "$text-muted"))
    for note in rest:
        yield _note(note, titles)


def _note(note: RetroNote, titles: Mapping[str, Text], today: str = "") -> TimelineLine:
    mark = DONE if note.done_on else NOTE_MARKS[note.sort]
    parts: list[str | tuple[str, str]] = [f"   {mark} {word(note.sort)}  "]
    if note.is_due and "" < note.due < today:
        parts.append((_("overdue: {day}").format(day=sanitize(note.due)) + "  ", "$text-error"))
    elif note.due:
        parts.append(_("by {day}").format(day=sanitize(note.due)) + "  ")
    if note.owner:
        parts.append(f"@{sanitize(note.owner)}  ")
    parts.append((sanitize(" ".join(read(note.text).split())), "bold"))
    if note.pitfall in titles:
        title = cut(sanitize(read(titles[note.pitfall])), _TITLE)
        parts.append((f"  {title}", "$text-muted"))
    if note.done_on:
        parts.append(("  " + _("done on {day}").format(day=sanitize(note.done_on)), "$text-muted"))
    return TimelineLine(Content.assemble(*parts), note.pitfall, note)
