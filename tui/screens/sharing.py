"""How the sharing of the board stands: the remote, what waits, what was noticed, who wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from storage.model.fields import NamedTuple
from storage.sharing.state import QuarantinedEvent, SharingReader, SharingState, SyncNote, Writer
from storage.text.sanitize import sanitize
from tui.commands.command import SHARING
from tui.screens.command_screen import WatchingScreen
from tui.services.session import Session
from tui.text.cells import fit, width
from tui.text.i18n import _, ngettext, say
from tui.text.sharing import (
    changes_words,
    problem_words,
    quarantine_lines,
    state_lines,
    step_words,
    writer_lines,
)
from tui.text.vocabulary import day
from tui.widgets.bars import KeyLine
from tui.widgets.pitfall_list import AGES_SECONDS

if TYPE_CHECKING:
    from tui.screens.sync import Sync

#: So many notes are shown; the command lists them all.
_NOTES: Final = 50


class _Status(NamedTuple):
    """What the screen shows."""

    sharing: SharingState | None
    notes: Sequence[SyncNote]
    writers: Sequence[Writer]
    quarantine: Sequence[QuarantinedEvent] = ()


class SharingScreen(WatchingScreen[None]):
    """The sync status in one place.

    Args:
        session: the board as one person works with it.
        sync: the sharing of the board.
    """

    NAME = SHARING
    AUTO_FOCUS = "#sharing"
    CSS = """
    #sharing-head { height: 1; padding: 0 1; background: $panel; }
    #sharing { padding: 1 1; background: $background; scrollbar-size-vertical: 1; }
    #sharing Static { height: auto; margin-bottom: 1; }
    #sharing-problem { color: $text-error; display: none; }
    #sharing-problem.-shown { display: block; }
    """
    WATCH_SECONDS = 0.5

    def __init__(self, session: Session, sync: Sync) -> None:
        super().__init__(session)
        self.sync = sync
        self._status: _Status | None = None

    def compose(self) -> ComposeResult:
        """The state, what went wrong, who wrote, what was noticed, keys."""
        yield Static(id="sharing-head", markup=False)
        with VerticalScroll(id="sharing"):
            yield Static(id="sharing-state", markup=False)
            yield Static(id="sharing-problem", markup=False)
            yield Static(id="sharing-changes", markup=False)
            yield Static(id="sharing-quarantine", markup=False)
            yield Static(id="sharing-writers", markup=False)
            yield Static(id="sharing-notes", markup=False)
        yield self.key_line()

    def on_mount(self) -> None:
        """Read it, and again whenever somebody wrote; follow a sync; let the ages move on."""
        self._head(_("reading…"))
        self.start_watching()
        self.set_interval(AGES_SECONDS, self.pass_time)

    def pass_time(self) -> None:
        """Say the ages of now; nothing is read for them."""
        self._show()

    def look_for_changes(self) -> None:
        """Read again if somebody wrote; say how far a sync is."""
        step = self.sync.under_way.step
        if step is not None:
            self._head(f"{step_words(step)}  {_('esc stops it')}")
        elif self._status is not None:
            self._head("")
        super().look_for_changes()

    @property
    def writers(self) -> Sequence[Writer]:
        """The stores that wrote on the board, as far as that was read."""
        return self._status.writers if self._status is not None else ()

    @property
    def quarantine(self) -> Sequence[QuarantinedEvent]:
        """What is quarantined, as far as that was read."""
        return self._status.quarantine if self._status is not None else ()

    @property
    def is_shared(self) -> bool:
        """Whether the board is shared, as far as that was read."""
        return self._status is not None and self._status.sharing is not None

    def read_again(self) -> None:
        """Read everything again."""

        def read() -> _Status:
            with SharingReader.open(self.session.path) as shared:
                return _Status(
                    shared.sharing(), shared.notes(), shared.writers(), shared.quarantine()
                )

        self.read(read, self._take, group="status")

    def _take(self, status: _Status) -> None:
        self._status = status
        if self.sync.under_way.step is None:
            self._head("")
        self._show()

    # Showing

    def on_resize(self) -> None:
        """Fit the lines."""
        self._show()

    def _head(self, text: str) -> None:
        head = Content.styled(_("Sync status"), "bold $primary")
        line = Content.assemble(head, f"  {text}") if text else head
        self.query_one("#sharing-head", Static).update(line)

    def _show(self) -> None:
        if (read := self._status) is None:
            return
        now = self.session.now()
        cells = max(20, self.size.width - 4)
        problem = problem_words(read.sharing) if read.sharing is not None else ""
        self.query_one("#sharing-problem", Static).update(Content(problem))
        self.query_one("#sharing-problem", Static).set_class(bool(problem), "-shown")
        for name, content in (
            ("state", _state(read.sharing, now)),
            ("changes", _section(_("What others changed"), _changes(read.sharing))),
            ("quarantine", _section(_("Quarantined"), _waiting(read.quarantine, cells))),
            ("writers", _section(_("Who wrote"), _writers(read.writers, now, cells))),
            ("notes", _section(_("What was noticed"), _notes(read.notes))),
        ):
            part = self.query_one(f"#sharing-{name}", Static)
            part.update(content)
            part.display = bool(content)
        # What can be done depends on what was read.
        self.query_one("#keys", KeyLine).refresh()

    # Keys

    @property
    def _room(self) -> VerticalScroll:
        return self.query_one("#sharing", VerticalScroll)

    def move(self, by: int) -> None:
        """Go down by a line, or up."""
        self._room.scroll_relative(y=by, animate=False)

    def page(self, by: int) -> None:
        """Go down by a page (1), or up (-1)."""
        (self._room.scroll_page_down if by > 0 else self._room.scroll_page_up)(animate=False)

    def go(self, place: int) -> None:
        """Go to the top (0), or to the end (-1)."""
        (self._room.scroll_end if place else self._room.scroll_home)(animate=False)

    def back(self) -> None:
        """Stop the sync that is under way; else go back to the board."""
        if not self.sync.stop():
            self.dismiss(None)


def _state(sharing: SharingState | None, now: int) -> Content:
    if sharing is None:
        return Content(
            _(
                "This board is not shared.\n\n"
                "A team shares its board through a git remote that it has already: an empty"
                " repository on any host, or a bare folder on a file server. S joins one."
            )
        )
    rows = list(state_lines(sharing, now))
    wide = max(width(about) for about, _said in rows)
    lines = [
        Content.assemble((fit(about, wide), "$text-muted"), f"  {words}") for about, words in rows
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


def _changes(sharing: SharingState | None) -> Iterator[Content]:
    changes = sharing.changes if sharing is not None else ()
    for one, line in zip(changes, changes_words(changes), strict=True):
        yield Content.styled(line, "$text-warning" if one.unusual else "")


def _waiting(waiting: Sequence[QuarantinedEvent], cells: int) -> Iterator[Content]:
    if waiting:
        for place, line in enumerate(quarantine_lines(waiting[:_NOTES], cells)):
            yield Content.styled(line, "" if place else "$text-muted")
    if more := len(waiting[_NOTES:]):
        words = ngettext(
            "… and {n} more: “pitboard members quarantine”",
            "… and {n} more: “pitboard members quarantine”",
            more,
        )
        yield Content(words.format(n=more))


def _notes(notes: Sequence[SyncNote]) -> Iterator[Content]:
    for note in notes[:_NOTES]:
        yield Content.assemble((f"{day(note.at)}  ", "$text-muted"), sanitize(say(note.what)))
    if more := len(notes[_NOTES:]):
        words = ngettext(
            "… and {n} more: “pitboard share --json”",
            "… and {n} more: “pitboard share --json”",
            more,
        )
        yield Content(words.format(n=more))
