"""What became of the board between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from storage.as_of.board import PastBoard
from storage.as_of.diff import differences
from storage.errors import PitboardError
from storage.model.moment import Moment
from storage.read import Board
from storage.text.sanitize import harmless
from tui.commands import IN_BECOMING
from tui.screens.side_screen import Aside
from tui.services.session import Session
from tui.text.as_of import DiffRow, DiffSection, diff_sections
from tui.text.i18n import _, read
from tui.text.vocabulary import marked
from tui.text.vocabulary import moment as written
from tui.widgets.key_line import KeyLine

#: More of one sort than anybody goes through; the command lists them all.
_SHOWN: Final = 300


class BecomingScreen(Aside[str | None]):
    """The pitfalls that something became of; it is left with one of them, or with none.

    Args:
        session: the board as one person works with it.
        since, until: the two moments (ms).
    """

    AUTO_FOCUS = "#became"
    CSS = """
    #became-head { height: 1; padding: 0 1; background: $panel; }
    #became {
        height: 1fr; border: none; padding: 0; background: $background;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """
    actions = IN_BECOMING

    @dataclass
    class Read(Message):
        """Both boards were read: what became of the one, in lines to choose from."""

        options: list[Option]

    def __init__(self, session: Session, since: int, until: int) -> None:
        super().__init__(session)
        self._since, self._until = since, until

    def compose(self) -> ComposeResult:
        """From when to when, what became of it, keys."""
        yield Static(id="became-head", markup=False)
        yield OptionList(id="became", markup=False)
        yield KeyLine(IN_BECOMING)

    def on_mount(self) -> None:
        """Read both boards."""
        self._head(_("comparing…"))
        self.action_read_again()

    @property
    def _list(self) -> OptionList:
        return self.query_one("#became", OptionList)

    def _head(self, told: str) -> None:
        head = Content.styled(_("What became of the board"), "bold $primary")
        stretch = f"{written(self._since)} – {written(self._until)}"
        self.query_one("#became-head", Static).update(
            Content.assemble(head, f"  {stretch}", (f"  {told}", "$text-muted"))
        )

    @work(thread=True, exclusive=True, group="becoming")
    def action_read_again(self) -> None:
        """Read both boards again."""
        worker = get_current_worker()
        try:
            with ExitStack() as stack:
                before = stack.enter_context(PastBoard(self.session.path, Moment(self._since)))
                after = stack.enter_context(PastBoard(self.session.path, Moment(self._until)))
                found = differences(before, self._since, after, self._until)
                read = self.Read(list(_options(list(diff_sections(found)), after)))
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(read)

    @on(Aside.Failed)
    def _left_empty(self) -> None:
        self._head("")

    @on(Read)
    def _take(self, read: Read) -> None:
        self._list.clear_options()
        self._list.add_options(read.options)
        if read.options:
            self._list.action_first()
        self._head("" if read.options else _("Nothing became of it."))

    # Keys

    def action_down(self) -> None:
        """Go down."""
        self._list.action_cursor_down()

    def action_up(self) -> None:
        """Go up."""
        self._list.action_cursor_up()

    def action_page_down(self) -> None:
        """Go a page down."""
        self._list.action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        """Go a page up."""
        self._list.action_page_up()  # type: ignore[no-untyped-call]

    def action_first(self) -> None:
        """Go to the first."""
        self._list.action_first()

    def action_last(self) -> None:
        """Go to the last."""
        self._list.action_last()

    def action_open(self) -> None:
        """Open the pitfall on the board."""
        self._list.action_select()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(str(event.option.id).partition(" ")[2])

    def action_back(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    action_board = action_quit = action_back


def _options(found: list[DiffSection], board: Board) -> Iterator[Option]:
    """A heading for each part, and a line for each pitfall."""
    for place, part in enumerate(found):
        heading = f"{_(part.heading)} {len(part.pitfalls)}"
        yield Option(
            Content.assemble("\n" if place else "", (f" {heading}", "bold $primary")), disabled=True
        )
        for one in part.pitfalls[:_SHOWN]:
            yield Option(_line(one, board.short_id(one.after.id)), id=f"{part.name} {one.after.id}")
        if more := len(part.pitfalls[_SHOWN:]):
            words = _("… and {n} more; “pitboard diff” lists them all").format(n=more)
            yield Option(Content(f"   {words}"), disabled=True)


def _line(one: DiffRow, short_id: str) -> Content:
    row = one.after
    status = marked(row.status)
    if one.before is not None and one.before.status is not row.status:
        status = f"{marked(one.before.status)} → {status}"
    return Content.assemble(
        f"   {short_id}  {row.severity}  {status}  ", (harmless(read(row.title)), "bold")
    )
