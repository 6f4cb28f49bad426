"""Choosing the period of a retro by keys, and reading it beside the screen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual import on, work
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from storage.errors import PitboardError
from storage.model.records import Text
from storage.model.retro import Period, PeriodSort, Release, Retro
from storage.retro import periods
from storage.retro.report import RetroReport
from tui.services.session import Session
from tui.text.i18n import _, say


@dataclass(frozen=True)
class LookedAt:
    """Where somebody was in a retro, to come back to."""

    period: Period | None = None
    weeks: int = periods.USUAL_SPRINT
    tab: str = "figures"
    place: int = 0


class _LeftOff(Exception):
    """Nobody waits any more for what was being read."""


class RetroPeriod(Screen[str | None]):
    """The part of the retro's screen that chooses a period and reads it."""

    session: Session

    @dataclass
    class Read(Message):
        """A period was read, the titles of what its notes are about, the releases."""

        period: Period
        retro: Retro
        titles: Mapping[str, Text]
        releases: Sequence[Release]

    @dataclass
    class GoingOn(Message):
        """So many parts of a period are read, of so many."""

        done: int
        of: int

    @dataclass
    class Failed(Message):
        """The board could not be read."""

        error: PitboardError

    def __init__(self, session: Session, looked_at: LookedAt) -> None:
        super().__init__()
        self.session = session
        self.looked_at = looked_at
        self.period = looked_at.period or periods.period_of(PeriodSort.WEEK, session.now())
        self.releases: Sequence[Release] = ()
        self._reading: Worker[None] | None = None

    @property
    def is_reading(self) -> bool:
        """Whether a period is being read just now."""
        return self._reading is not None and self._reading.is_running

    def look_at(self, period: Period) -> None:
        """Look back over another period."""
        self.period = period
        self.looked_at = replace(self.looked_at, period=period)
        self.read_again()

    def read_again(self) -> None:
        """Read the period, or read it again."""
        self.show_head(_("reading…  esc stops"))
        self._reading = self._read(self.period)

    @work(thread=True, exclusive=True, group="retro", exit_on_error=False)
    def _read(self, period: Period) -> None:
        worker = get_current_worker()
        try:
            with RetroReport.open(self.session.path) as looking:
                releases = looking.releases()
                retro = looking.look_back(period, self.session.now(), self._go_on)
                titles = looking.titles({note.pitfall for note in (*retro.due, *retro.notes)})
        except _LeftOff:
            return
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(self.Read(period, retro, titles, releases))

    def _go_on(self, done: int, of: int) -> None:
        """Tell how far it is; stop if nobody waits for it any more."""
        if get_current_worker().is_cancelled:
            raise _LeftOff
        self.post_message(self.GoingOn(done, of))

    @on(GoingOn)
    def _show_going_on(self, going_on: GoingOn) -> None:
        if self.is_reading:
            words = _("reading, {done} of {of}…  esc stops")
            self.show_head(words.format(done=going_on.done, of=going_on.of))

    @on(Failed)
    def _failed(self, failed: Failed) -> None:
        self.show_head("")
        self.notify(say(failed.error), severity="error", timeout=8, markup=False)

    @abstractmethod
    def show_head(self, told: str) -> None:
        """Show the period, and what is told beside it."""

    # Keys

    def action_week(self) -> None:
        """The week that this period ends in, as far as it has come."""
        self._of(PeriodSort.WEEK)

    def action_sprint(self) -> None:
        """The sprint."""
        self._of(PeriodSort.SPRINT)

    def action_longer(self) -> None:
        """A sprint of a week more."""
        self._sprint_of(self.looked_at.weeks + 1)

    def action_shorter(self) -> None:
        """A sprint of a week less."""
        self._sprint_of(self.looked_at.weeks - 1)

    def _sprint_of(self, weeks: int) -> None:
        if weeks in periods.SPRINT_WEEKS:
            self.looked_at = replace(self.looked_at, weeks=weeks)
            self._of(PeriodSort.SPRINT)

    def action_month(self) -> None:
        """The month."""
        self._of(PeriodSort.MONTH)

    def action_quarter(self) -> None:
        """The quarter."""
        self._of(PeriodSort.QUARTER)

    def _of(self, sort: PeriodSort) -> None:
        """The period of a sort in which the one that is shown ends, but never one ahead."""
        at = min(self.period.until - 1, self.session.now())
        self.look_at(periods.period_of(sort, at, self.looked_at.weeks))

    def action_earlier(self) -> None:
        """The period before."""
        self.look_at(periods.before(self.period, self.releases))

    def action_later(self) -> None:
        """The period after, unless it lies ahead."""
        now = self.session.now()
        later = periods.after(self.period, self.releases, now)
        if later.since > now or later == self.period:
            self.notify(_("The next one has not begun yet."), markup=False)
            return
        self.look_at(later)

    @work(group="choose")
    async def action_days(self) -> None:
        """Days of one's own, from the first to the last."""
        from tui.dialogs.form import Said
        from tui.dialogs.retro import ChooseDays

        async def choose(said: Said) -> str:
            now, weeks = self.session.now(), self.looked_at.weeks
            self.look_at(periods.parse(said["period"], now, weeks, self.releases))
            return said["period"]

        await self.app.push_screen_wait(ChooseDays(choose, self.period))

    @work(group="choose")
    async def action_release(self) -> None:
        """A release, while it was the newest one seen."""
        from tui.dialogs.form import Said
        from tui.dialogs.retro import ChooseRelease

        if not self.releases:
            words = _("No occurrence says an app version yet, so no release is known.")
            self.notify(words, severity="warning", markup=False)
            return

        async def choose(said: Said) -> str:
            found = periods.of_release(said["period"], self.releases, self.session.now())
            if found is not None:
                self.look_at(found)
            return said["period"]

        await self.app.push_screen_wait(ChooseRelease(choose, self.releases))
