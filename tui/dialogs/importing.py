"""Importing a file from the board: its path, a preview, then the import."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static
from textual.worker import Worker, get_current_worker

from storage.errors import PitboardError, Refused
from storage.model.fields import NamedTuple
from storage.text.sanitize import sanitize
from tui import dialogs
from tui.services.session import Session
from tui.text.i18n import _, say
from tui.widgets.inputs import LineInput, PathSuggester, TooLong

if TYPE_CHECKING:
    from storage.imports.importer import Progress
    from tui.dialogs.import_preview import FilePreview

#: What stands between two columns that a person names.
_BETWEEN_COLUMNS: Final = re.compile("[;；]")
#: How often a person is told how far it is.
_TOLD_EVERY_SECONDS: Final = 0.2
#: Of the preview, which may be longer than the dialog (cells).
_SCROLLBAR: Final = 1
#: Around the preview, with a line for the columns of a list and one for a problem (lines).
_AROUND: Final = 7


class Wanted(NamedTuple):
    """A file, and what a person says of its columns."""

    path: Path
    columns: tuple[str, ...]


class ImportDialog(ModalScreen[str | None]):
    """Asks for a file, previews its entries, and imports them; dismisses what to say of that.

    Of a list one may say which column is what; it is then previewed again. Escape stops a
    preview at once, and an import after the entries at hand, which stay.
    """

    CSS_PATH = "importing.tcss"
    AUTO_FOCUS = "#import-path"

    @dataclass
    class Looked(Message):
        """What the file holds."""

        wanted: Wanted
        look: FilePreview

    @dataclass
    class Reached(Message):
        """So many entries are done."""

        done: int

    @dataclass
    class Failed(Message):
        """It can't be read, or the board can't take it; perhaps because of its columns."""

        why: str
        is_about_columns: bool

    @dataclass
    class Done(Message):
        """What came of it, in a line and by section."""

        words: str
        sections: list[str]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._looked_at: Wanted | None = None
        self._busy: Worker[None] | None = None
        self._writes = False
        #: What was typed when a problem with that was shown.
        self._refused: Wanted | None = None
        #: What to say of an import that is done, once its summary was read.
        self._done: str | None = None
        #: Whether what came in is to be decided about at once.
        self.wants_triage = False
        keys = [
            Binding("ctrl+s", "import_file", _("import"), id="import.import_file"),
            Binding("escape", "leave", _("leave"), id="import.leave"),
            Binding("i", "triage", show=False),
            Binding("pagedown", "page(1)", show=False),
            Binding("pageup", "page(-1)", show=False),
        ]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    def compose(self) -> ComposeResult:
        """A line for the path, what will come, and what to do."""
        with Vertical(id="import"):
            yield Static(
                _("Import notes, a list of issues, or events"), id="import-heading", markup=False
            )
            yield LineInput(
                id="import-path",
                placeholder=_("a file: Markdown, JSON, CSV; → completes its name"),
                suggester=PathSuggester(),
                compact=True,
            )
            yield LineInput(
                id="import-columns",
                placeholder=_("its columns: title=Summary; severity=Priority:High=S1,Low=S4"),
                compact=True,
            )
            yield Static(id="import-problem", markup=False)
            with VerticalScroll(id="import-found"):
                yield Static(id="import-preview", markup=False)
            with Horizontal(id="import-buttons"):
                yield Button(Content(_("Import") + " ^s"), id="go", variant="primary", compact=True)
                yield Button(Content(_("Cancel") + " esc"), id="leave", compact=True)
                yield Static(id="import-progress", markup=False)

    def on_mount(self) -> None:
        """Nothing can be brought in before it was looked at."""
        self.query_one("#go", Button).disabled = True
        self._columns.display = False

    @property
    def _columns(self) -> LineInput:
        """Where a person says which column is what."""
        return self.query_one("#import-columns", LineInput)

    # What a person does

    @property
    def _wanted(self) -> Wanted | None:
        """The file and the columns as they are typed; None while there is no path."""
        path = self.query_one("#import-path", LineInput).value.strip()
        answers = (one.strip() for one in _BETWEEN_COLUMNS.split(self._columns.value))
        return (
            Wanted(Path(path).expanduser(), tuple(one for one in answers if one)) if path else None
        )

    @on(Input.Changed)
    def _typed(self) -> None:
        # The message of an earlier key may arrive after the preview that followed it.
        if self._wanted != self._looked_at:
            self._looked_at = None
            self.query_one("#go", Button).disabled = True
        if self._wanted != self._refused:
            self._show_problem("")

    @on(Input.Changed, "#import-path")
    def _forget_columns(self) -> None:
        """Another file has other columns."""
        self._columns.value = ""
        self._columns.display = False

    @on(TooLong)
    def _say_too_long(self) -> None:
        self._show_problem(_("That is too long for a path."))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        wanted = self._wanted
        if wanted is not None and self._busy is None:
            self._show_problem("")
            self._begin(_("Looking …"))
            cells = self.query_one("#import").content_size.width - _SCROLLBAR
            self._busy = self._look(wanted, cells)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "leave":
            self.action_leave()
        elif self._done is not None:
            self.action_triage()
        else:
            self.action_import_file()

    def action_import_file(self) -> None:
        """Import what was previewed; once that is done, leave."""
        if self._done is not None:
            self.dismiss(self._done)
        elif self._looked_at is not None and self._busy is None:
            self._begin(_("Importing…"))
            self._writes = True
            self._busy = self._import_items(self._looked_at)

    def action_triage(self) -> None:
        """Go on to triage, once what was imported waits there."""
        if self._done is not None:
            self.wants_triage = True
            self.dismiss(self._done)

    def action_page(self, by: int) -> None:
        """Go through what was found."""
        found = self.query_one("#import-found", VerticalScroll)
        found.scroll_page_down() if by > 0 else found.scroll_page_up()

    def action_leave(self) -> None:
        """Stop what is going on, or leave."""
        if self._busy is None:
            self.dismiss(self._done)
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
        look = found.look
        self._preview(look.lines)
        self._columns.display = look.has_columns
        self._looked_at = found.wanted if look.is_new else None
        go = self.query_one("#go", Button)
        go.disabled = not look.is_new
        if look.is_new:
            go.focus()
        else:
            self._tell(_("There is nothing new in it."))

    @on(Failed)
    def _fail(self, failed: Failed) -> None:
        if self._busy is not None:
            self._end()
            self._show_problem(failed.why)
            if failed.is_about_columns:
                self._columns.display = True
                self._columns.focus()

    @on(Reached)
    def _reach(self, reached: Reached) -> None:
        if self._busy is not None:
            self._tell(_("{done} entries …").format(done=reached.done))

    @on(Done)
    def _finish(self, done: Done) -> None:
        if not done.sections:
            self.dismiss(done.words)
            return
        self._end()
        self._done = done.words
        self._preview([done.words, "", *done.sections])
        self.query_one("#import-found", VerticalScroll).scroll_home(animate=False)
        self.query_one("#leave", Button).label = Content(_("Close") + " esc")
        go = self.query_one("#go", Button)
        go.label = Content(_("Triage inbox") + " i")
        go.disabled = False
        go.focus()

    def _preview(self, lines: Sequence[str]) -> None:
        """Show lines; the dialog takes the whole height if they need it."""
        self.query_one("#import-preview", Static).update(Content("\n".join(lines)))
        room = self.size.height - _AROUND
        self.query_one("#import").set_class(len(lines) > room, "-long")

    def _begin(self, words: str) -> None:
        self.query_one("#go", Button).disabled = True
        self._tell(words)

    def _end(self) -> None:
        self._busy, self._writes = None, False
        self._tell("")

    def _tell(self, words: str) -> None:
        self.query_one("#import-progress", Static).update(Content(words))

    def _show_problem(self, words: str) -> None:
        """Say what is wrong, or nothing; it goes as soon as something else is typed."""
        self._refused = self._wanted if words else None
        self.query_one("#import-problem", Static).update(Content(words))
        if words:
            self._preview([])

    # Beside the screen

    @work(thread=True, exclusive=True, group="import", exit_on_error=False)
    def _look(self, wanted: Wanted, cells: int) -> None:
        worker = get_current_worker()
        try:
            look = dialogs.import_preview.look_at(
                *wanted, self._session.path, cells, worker, self._reached
            )
        except (PitboardError, OSError) as error:
            self._tell_failure(error)
        else:
            if not worker.is_cancelled:
                self.post_message(self.Looked(wanted, look))

    @work(thread=True, exclusive=True, group="import", exit_on_error=False)
    def _import_items(self, wanted: Wanted) -> None:
        worker = get_current_worker()
        try:
            done = dialogs.import_preview.take(*wanted, self._session, worker, self._reached)
        except (PitboardError, OSError) as error:
            self._tell_failure(error)
        else:
            self.post_message(self.Done(*done))

    def _tell_failure(self, error: PitboardError | OSError) -> None:
        is_about_columns = isinstance(error, Refused) and error.field == "map"
        self.post_message(self.Failed(_why(error), is_about_columns))

    @property
    def _reached(self) -> Progress:
        """Tells the screen how far it is, now and then."""
        shown_at = time.monotonic()

        def reached(done: int) -> None:
            nonlocal shown_at
            if time.monotonic() - shown_at > _TOLD_EVERY_SECONDS:
                shown_at = time.monotonic()
                self.post_message(self.Reached(done))

        return reached


def _why(error: PitboardError | OSError) -> str:
    """Why a file can't be read, or the board can't take it."""
    if isinstance(error, PitboardError):
        return say(error)
    return _("{path} can't be read: {why}.").format(
        path=sanitize(str(error.filename or "")), why=_(error.strerror or str(error))
    )
