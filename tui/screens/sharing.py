"""How the sharing of the board stands: the remote, what waits, what was noticed, who wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from storage.errors import PitboardError
from storage.sharing.state import SharingReader, SharingState, SyncNote, Writer
from storage.text.sanitize import harmless
from tui.commands import IN_SHARING
from tui.dialogs.confirm import Confirm
from tui.screens.side_screen import Watching
from tui.text.cells import fit, width
from tui.text.i18n import _, ngettext, say
from tui.text.sharing import problem_words, state_lines, step_words, writer_lines
from tui.text.vocabulary import day
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from tui.screens.syncing import Syncing

#: So many notes are shown; the command lists them all.
_NOTES: Final = 50


class SharingScreen(Watching[None]):
    """The state of sharing in one place.

    Args:
        board: the board's screen, which syncs.
    """

    AUTO_FOCUS = "#sharing"
    CSS = """
    #sharing-head { height: 1; padding: 0 1; background: $panel; }
    #sharing { padding: 1 1; background: $background; scrollbar-size-vertical: 1; }
    #sharing Static { height: auto; margin-bottom: 1; }
    #sharing-problem { color: $text-error; display: none; }
    #sharing-problem.-shown { display: block; }
    """
    actions = IN_SHARING
    WATCH_SECONDS: ClassVar[float] = 0.5

    @dataclass
    class Read(Message):
        """It was read how the sharing stands and who wrote."""

        sharing: SharingState | None
        notes: Sequence[SyncNote]
        writers: Sequence[Writer]

    def __init__(self, board: Syncing) -> None:
        super().__init__(board.session)
        self._board = board
        self._read: SharingScreen.Read | None = None

    def compose(self) -> ComposeResult:
        """The state, what went wrong, who wrote, what was noticed, keys."""
        yield Static(id="sharing-head", markup=False)
        with VerticalScroll(id="sharing"):
            yield Static(id="sharing-state", markup=False)
            yield Static(id="sharing-problem", markup=False)
            yield Static(id="sharing-writers", markup=False)
            yield Static(id="sharing-notes", markup=False)
        yield KeyLine(IN_SHARING)

    def on_mount(self) -> None:
        """Read it, and again whenever somebody wrote; follow a sync that is under way."""
        self._head(_("reading…"))
        self.start_watching()

    def look_for_changes(self) -> None:
        """Read again if somebody wrote; say how far a sync is."""
        step = self._board.under_way.step
        if step is not None:
            self._head(f"{step_words(step)}  {_('esc stops it')}")
        elif self._read is not None:
            self._head("")
        super().look_for_changes()

    @work(thread=True, exclusive=True, group="sharing state")
    def action_read_again(self) -> None:
        """Read everything again."""
        worker = get_current_worker()
        try:
            with SharingReader.open(self.session.path) as shared:
                read = self.Read(shared.sharing(), shared.notes(), shared.writers())
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(read)

    @on(Read)
    def _take(self, read: Read) -> None:
        self._read = read
        if self._board.under_way.step is None:
            self._head("")
        self._show()

    # Showing

    def on_resize(self) -> None:
        """Fit the lines."""
        self._show()

    def _head(self, told: str) -> None:
        head = Content.styled(_("Sharing"), "bold $primary")
        line = Content.assemble(head, f"  {told}") if told else head
        self.query_one("#sharing-head", Static).update(line)

    def _show(self) -> None:
        if (read := self._read) is None:
            return
        now = self.session.now()
        cells = max(20, self.size.width - 4)
        problem = problem_words(read.sharing) if read.sharing is not None else ""
        self.query_one("#sharing-problem", Static).update(Content(problem))
        self.query_one("#sharing-problem", Static).set_class(bool(problem), "-shown")
        for name, content in (
            ("state", _state(read.sharing, now)),
            ("writers", _section(_("Who wrote"), _writers(read.writers, now, cells))),
            ("notes", _section(_("What was noticed"), _notes(read.notes))),
        ):
            self.query_one(f"#sharing-{name}", Static).update(content)

    # Keys

    @property
    def _room(self) -> VerticalScroll:
        return self.query_one("#sharing", VerticalScroll)

    def action_down(self) -> None:
        """Go down."""
        self._room.scroll_down(animate=False)

    def action_up(self) -> None:
        """Go up."""
        self._room.scroll_up(animate=False)

    def action_page_down(self) -> None:
        """Go a page down."""
        self._room.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Go a page up."""
        self._room.scroll_page_up(animate=False)

    def action_first(self) -> None:
        """Go to the top."""
        self._room.scroll_home(animate=False)

    def action_last(self) -> None:
        """Go to the end."""
        self._room.scroll_end(animate=False)

    def action_sync(self) -> None:
        """Send and take what is new."""
        self._board.action_sync()

    @work(group="leave")
    async def action_leave_remote(self) -> None:
        """Share the board no longer, if that is meant."""
        if self._read is None or self._read.sharing is None:
            self.notify(_("This board is not shared."), markup=False)
            return
        from storage.sharing.sync import leave

        question = _("Share this board no longer? All that came in stays, and what was sent, too.")
        if not await self.app.push_screen_wait(Confirm(question, _("Leave"), _("Stay"))):
            return
        try:
            await self._board.do(lambda store: leave(store.session))
        except PitboardError as error:
            self.tell_failed(self.Failed(error))
            return
        self._board.done(_("The board is shared no longer."))

    def action_back(self) -> None:
        """Stop the sync that is under way; else go back to the board."""
        if not self._board.under_way.stop():
            self.dismiss(None)

    def action_board(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    action_quit = action_board


def _state(sharing: SharingState | None, now: int) -> Content:
    if sharing is None:
        return Content(
            _(
                "This board is not shared.\n\n"
                "A team shares its board through a git remote that it has already: an empty"
                " repository on any host, or a bare folder on a file server. S joins one."
            )
        )
    said = list(state_lines(sharing, now))
    wide = max(width(about) for about, _said in said)
    lines = [
        Content.assemble((fit(about, wide), "$text-muted"), f"  {words}") for about, words in said
    ]
    return Content("\n").join(lines)


def _section(heading: str, lines: Iterator[Content]) -> Content:
    shown = list(lines)
    return (
        Content("\n").join([Content.styled(heading, "bold $primary"), *shown])
        if shown
        else Content()
    )


def _writers(writers: Sequence[Writer], now: int, cells: int) -> Iterator[Content]:
    for place, line in enumerate(writer_lines(writers, now, cells)):
        yield Content.styled(line, "" if place else "$text-muted")


def _notes(notes: Sequence[SyncNote]) -> Iterator[Content]:
    for note in notes[:_NOTES]:
        yield Content.assemble((f"{day(note.at)}  ", "$text-muted"), harmless(say(note.what)))
    if more := len(notes[_NOTES:]):
        words = ngettext(
            "… and {n} more: “pitboard share --json”",
            "… and {n} more: “pitboard share --json”",
            more,
        )
        yield Content(words.format(n=more))
