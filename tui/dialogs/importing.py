"""Bringing in a file from the board: its path, a look at what will come, then the deed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static
from textual.worker import Worker, get_current_worker

from storage.errors import PitboardError
from storage.plaintext import harmless
from tui import importing
from tui.language import _, ngettext, say
from tui.session import Session
from tui.widgets.paths import Paths
from tui.widgets.typing import Line, TooLong

if TYPE_CHECKING:
    from storage.exchange.bringing_in import Progress

_T = TypeVar("_T")

_SHOWN: Final = 100
_REFUSALS_SHOWN: Final = 20
#: How often a person is told how far it is.
_TOLD_EVERY_SECONDS: Final = 0.2
_BORDERS: Final = 6


class BringIn(ModalScreen[str | None]):
    """Asks for a file, shows what will come, and brings it in; dismisses what to say of that.

    Escape stops whatever is going on: a look at once, a deed after the
    entries at hand, which stay.
    """

    CSS_PATH = "importing.tcss"
    AUTO_FOCUS = "#import-path"

    @dataclass
    class Looked(Message):
        """What the file holds, in lines; whether something of it is new."""

        path: Path
        lines: list[str]
        is_new: bool

    @dataclass
    class Reached(Message):
        """So many entries are done."""

        done: int

    @dataclass
    class Failed(Message):
        """It can't be read, or the board can't take it."""

        why: str

    @dataclass
    class Done(Message):
        """What came of it."""

        words: str

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._looked_at: Path | None = None
        self._busy: Worker[None] | None = None
        self._writes = False
        keys = [
            Binding("ctrl+s", "bring_in", _("bring in"), id="import.bring_in"),
            Binding("escape", "leave", _("leave"), id="import.leave"),
            Binding("pagedown", "page(1)", show=False),
            Binding("pageup", "page(-1)", show=False),
        ]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    def compose(self) -> ComposeResult:
        """A line for the path, what will come, and what to do."""
        with Vertical(id="import"):
            yield Static(
                _("Bring in notes, a list of issues, or events"), id="import-heading", markup=False
            )
            yield Line(
                id="import-path",
                placeholder=_("a file: Markdown, JSON, CSV; → completes its name"),
                suggester=Paths(),
                compact=True,
            )
            yield Static(id="import-problem", markup=False)
            with VerticalScroll(id="import-found"):
                yield Static(id="import-preview", markup=False)
            with Horizontal(id="import-buttons"):
                yield Button(
                    Content(_("Bring in") + " ^s"), id="go", variant="primary", compact=True
                )
                yield Button(Content(_("Leave") + " esc"), id="leave", compact=True)
                yield Static(id="import-progress", markup=False)

    def on_mount(self) -> None:
        """Nothing can be brought in before it was looked at."""
        self.query_one("#go", Button).disabled = True

    # What a person does

    @on(Input.Changed)
    def _typed(self) -> None:
        self._looked_at = None
        self.query_one("#go", Button).disabled = True

    @on(TooLong)
    def _say_too_long(self) -> None:
        self._show_problem(_("That is too long for a path."))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() and self._busy is None:
            self._show_problem("")
            self._begin(_("Looking …"))
            path = Path(event.value.strip()).expanduser()
            self._busy = self._look(path, self.size.width - _BORDERS)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_bring_in() if event.button.id == "go" else self.action_leave()

    def action_bring_in(self) -> None:
        """Bring in what was looked at."""
        if self._looked_at is not None and self._busy is None:
            self._begin(_("Bringing it in …"))
            self._writes = True
            self._busy = self._bring_in(self._looked_at)

    def action_page(self, by: int) -> None:
        """Go through what was found."""
        found = self.query_one("#import-found", VerticalScroll)
        found.scroll_page_down() if by > 0 else found.scroll_page_up()

    def action_leave(self) -> None:
        """Stop what is going on, or leave."""
        if self._busy is None:
            self.dismiss(None)
            return
        self._busy.cancel()
        if self._writes:
            self._tell(_("Stopping …"))
        else:
            self._end()

    # What was found

    @on(Looked)
    def _show(self, found: Looked) -> None:
        if self._busy is None:
            return
        self._end()
        self.query_one("#import-preview", Static).update(Content("\n".join(found.lines)))
        self._looked_at = found.path if found.is_new else None
        go = self.query_one("#go", Button)
        go.disabled = not found.is_new
        if found.is_new:
            go.focus()
        else:
            self._tell(_("There is nothing new in it."))

    @on(Failed)
    def _fail(self, failed: Failed) -> None:
        if self._busy is not None:
            self._end()
            self._show_problem(failed.why)

    @on(Reached)
    def _reach(self, reached: Reached) -> None:
        if self._busy is not None:
            self._tell(_("{done} entries …").format(done=reached.done))

    @on(Done)
    def _finish(self, done: Done) -> None:
        self.dismiss(done.words)

    def _begin(self, words: str) -> None:
        self.query_one("#go", Button).disabled = True
        self._tell(words)

    def _end(self) -> None:
        self._busy, self._writes = None, False
        self._tell("")

    def _tell(self, words: str) -> None:
        self.query_one("#import-progress", Static).update(Content(words))

    def _show_problem(self, words: str) -> None:
        self.query_one("#import-problem", Static).update(Content(words))
        if words:
            self.query_one("#import-preview", Static).update("")

    # Beside the screen

    @work(thread=True, exclusive=True, group="import", exit_on_error=False)
    def _look(self, path: Path, cells: int) -> None:
        worker = get_current_worker()
        try:
            found = _look_at(path, self._session.path, cells, worker, self._reached)
        except (PitboardError, OSError) as error:
            self.post_message(self.Failed(_why(error)))
        else:
            if not worker.is_cancelled:
                self.post_message(self.Looked(path, *found))

    @work(thread=True, exclusive=True, group="import", exit_on_error=False)
    def _bring_in(self, path: Path) -> None:
        worker = get_current_worker()
        try:
            words = _take(path, self._session, worker, self._reached)
        except (PitboardError, OSError) as error:
            self.post_message(self.Failed(_why(error)))
        else:
            self.post_message(self.Done(words))

    @property
    def _reached(self) -> Progress:
        """Tells the screen how far it is, now and then."""
        told_at = time.monotonic()

        def reached(done: int) -> None:
            nonlocal told_at
            if time.monotonic() - told_at > _TOLD_EVERY_SECONDS:
                told_at = time.monotonic()
                self.post_message(self.Reached(done))

        return reached


def _look_at(
    path: Path, board: Path, cells: int, worker: Worker[None], reached: Progress
) -> tuple[list[str], bool]:
    """What a file holds, in lines; and whether something of it is new."""
    from storage.exchange.bringing_in import preview
    from storage.exchange.events import look_at_events, read_lines
    from storage.exchange.sources import Form, form_of, incoming, opened

    with opened(path, board) as stream:
        form = form_of(stream, path.name)
        if form is Form.EVENTS:
            report = look_at_events(board, _until(worker, read_lines(stream), reached))
            told = ngettext(
                "{added} new event, {known} known, {refused} that can't be read",
                "{added} new events, {known} known, {refused} that can't be read",
                report.added,
            )
            said = told.format(added=report.added, known=report.known, refused=report.set_aside)
            return [said], bool(report.added)
        coming = incoming(stream, form, board, file=path.name, day=importing.day_of(path))
        tally = preview(board, _until(worker, coming.arriving()), reached)
    lines = [
        importing.heading(coming, tally),
        *importing.lines(tally, cells, _SHOWN),
        *importing.remarks(coming),
        *importing.refusals(tally, _REFUSALS_SHOWN),
    ]
    return lines, bool(tally.new or tally.changed)


def _take(path: Path, session: Session, worker: Worker[None], reached: Progress) -> str:
    """Bring a file in; what came of it, in words."""
    from storage.exchange.bringing_in import bring_in
    from storage.exchange.events import import_events, read_lines
    from storage.exchange.sources import Form, form_of, incoming, opened

    with opened(path, session.path) as stream:
        form = form_of(stream, path.name)
        if form is Form.EVENTS:
            report = import_events(session.store(), _until(worker, read_lines(stream), reached))
            told = ngettext("{n} new event came in.", "{n} new events came in.", report.added)
            words = told.format(n=report.added)
        else:
            day = importing.day_of(path)
            coming = incoming(stream, form, session.path, file=path.name, day=day)
            tally = bring_in(session.store(), _until(worker, coming.arriving()), reached)
            words = importing.done(tally)
    if worker.is_cancelled:
        return _("Stopped before the end. {words}").format(words=words)
    return words


def _until(
    worker: Worker[None], arriving: Iterable[_T], reached: Progress | None = None
) -> Iterator[_T]:
    """What arrives, until the person stops it."""
    for number, one in enumerate(arriving, 1):
        if worker.is_cancelled:
            return
        if reached is not None:
            reached(number)
        yield one


def _why(error: PitboardError | OSError) -> str:
    if isinstance(error, PitboardError):
        return say(error)
    return _("{path} can't be read: {why}.").format(
        path=harmless(str(error.filename or "")), why=_(error.strerror or str(error))
    )
