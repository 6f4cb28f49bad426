"""The difference of the board between two moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from storage.as_of.board import AsOfBoard, differences
from storage.errors import PitboardError
from storage.model.clock import Moment
from storage.read.board import Board
from storage.text.sanitize import sanitize
from tui.commands.command import DIFF
from tui.screens.command_screen import CommandScreen
from tui.services.session import Session
from tui.text.cells import fit, width
from tui.text.history import DiffRow, DiffSection, diff_sections
from tui.text.i18n import _, read
from tui.text.vocabulary import moment as written
from tui.text.vocabulary import status_change

#: More of one sort than anybody goes through; the command lists them all.
_SHOWN: Final = 300


class DiffScreen(CommandScreen[str | None]):
    """The pitfalls that changed; it is left with one of them, or with none.

    Args:
        session: the board as one person works with it.
        since, until: the two moments (ms).
    """

    NAME = DIFF
    AUTO_FOCUS = "#became"
    CSS = """
    #became-head { height: 1; padding: 0 1; background: $panel; }
    #became {
        height: 1fr; border: none; padding: 0; background: $background;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, session: Session, since: int, until: int) -> None:
        super().__init__(session)
        self._since, self._until = since, until

    def compose(self) -> ComposeResult:
        """From when to when, what became of it, keys."""
        yield Static(id="became-head", markup=False)
        yield OptionList(id="became", markup=False)
        yield self.key_line()

    def on_mount(self) -> None:
        """Read both boards."""
        self._head(_("comparing…"))
        self.read_again()

    @property
    def _list(self) -> OptionList:
        return self.query_one("#became", OptionList)

    def _head(self, text: str) -> None:
        head = Content.styled(_("Changes of the board"), "bold $primary")
        stretch = f"{written(self._since)} – {written(self._until)}"
        self.query_one("#became-head", Static).update(
            Content.assemble(head, f"  {stretch}", (f"  {text}", "$text-muted"))
        )

    def look_for_changes(self) -> None:
        """Both moments are in the past."""

    def read_again(self) -> None:
        """Read both boards again."""

        def read() -> list[Option]:
            with ExitStack() as stack:
                before = stack.enter_context(AsOfBoard(self.session.path, Moment(self._since)))
                after = stack.enter_context(AsOfBoard(self.session.path, Moment(self._until)))
                found = differences(before, self._since, after, self._until)
                return list(_options(list(diff_sections(found)), after))

        self.read(read, self._show, group="diff", failed=self._show_failure)

    def _show_failure(self, error: PitboardError) -> None:
        self._head("")
        self.tell(error)

    def _show(self, options: list[Option]) -> None:
        self._list.clear_options()
        self._list.add_options(options)
        if options:
            self._list.action_first()
        self._head(
            "" if options else _("none new, none of another status, regressed, quiet or gone")
        )

    # Keys

    def move(self, by: int) -> None:
        """Go down by a line, or up."""
        self._list.action_cursor_down() if by > 0 else self._list.action_cursor_up()

    def page(self, by: int) -> None:
        """Go down by a page (1), or up (-1)."""
        if by > 0:
            self._list.action_page_down()  # type: ignore[no-untyped-call]
        else:
            self._list.action_page_up()  # type: ignore[no-untyped-call]

    def go(self, place: int) -> None:
        """Go to the first (0), or to the last (-1)."""
        self._list.action_last() if place else self._list.action_first()

    def open(self) -> None:
        """Open the pitfall on the board."""
        self._list.action_select()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(str(event.option.id).partition(" ")[2])


def _options(found: list[DiffSection], board: Board) -> Iterator[Option]:
    """A heading for each part, and a line for each pitfall."""
    for place, part in enumerate(found):
        heading = f"{_(part.heading)} {len(part.pitfalls)}"
        yield Option(
            Content.assemble("\n" if place else "", (f" {heading}", "bold $primary")), disabled=True
        )
        shown = part.pitfalls[:_SHOWN]
        for one, line in zip(shown, diff_lines(shown, board.short_id), strict=True):
            yield Option(line, id=f"{part.name} {one.after.id}")
        if more := len(part.pitfalls[_SHOWN:]):
            words = _("… and {n} more; “pitboard diff” lists them all").format(n=more)
            yield Option(Content(f"   {words}"), disabled=True)


def diff_lines(found: Sequence[DiffRow], short_id: Callable[[str], str]) -> Iterator[Content]:
    """A line for each pitfall, in columns as wide as they have to be."""
    ids = [short_id(one.after.id) for one in found]
    changes = [status_change(one.before, one.after) for one in found]
    id_cells, change_cells = (max(map(width, words), default=0) for words in (ids, changes))
    for one, named, change in zip(found, ids, changes, strict=True):
        facts = f"{fit(named, id_cells)}  {one.after.severity}  {fit(change, change_cells)}"
        yield Content.assemble(f"   {facts}  ", (sanitize(read(one.after.title)), "bold"))
