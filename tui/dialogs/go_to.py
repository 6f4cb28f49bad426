"""``:`` goes to an id, or runs a command by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from storage.query import parse
from storage.read import Board
from storage.text.sanitize import harmless
from tui.text.i18n import _, language, read
from tui.text.vocabulary import MARKS
from tui.widgets.input import LineInput

if TYPE_CHECKING:
    from tui.commands.command import Command

_SHOWN = 8


class GoTo(ModalScreen[tuple[str, str] | None]):
    """Dismisses ("pitfall", its id) or ("command", its id).

    Args:
        board: is searched.
        commands: those of the screen.
    """

    DEFAULT_CSS = """
    GoTo { align: center top; }
    GoTo > Vertical {
        width: 80%; max-width: 90; height: auto; margin-top: 2;
        background: $background; border: round $primary;
    }
    GoTo Input { border: none; height: 1; padding: 0 1; background: $background; }
    GoTo OptionList { border: none; height: auto; max-height: 8; padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, board: Board, commands: Sequence[Command]) -> None:
        super().__init__()
        self._board = board
        self._commands = [command for command in commands if command.id != "go_to"]

    def compose(self) -> ComposeResult:
        """A line to type into, and what answers."""
        with Vertical():
            yield LineInput(placeholder=_("an id, words of a title, or a command"), compact=True)
            matches = OptionList(markup=False)
            matches.can_focus = False
            yield matches

    def on_mount(self) -> None:
        """Show the commands at first."""
        self._offer("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._offer(event.value.strip())

    def _offer(self, text: str) -> None:
        options: list[Option] = []
        if text:
            found = self._board.find(parse(f"id:{text}"), language=language()).page(0, 3)
            found += self._board.find(parse(text), language=language()).page(0, 4)
            for row in {row.id: row for row in found}.values():
                title = f"{MARKS[row.status]} {self._board.short_id(row.id)}  "
                title += harmless(read(row.title))
                options.append(Option(Content(title), id=f"pitfall {row.id}"))
        for command in self._commands:
            if command.matches(text):
                words = Content(f"{command.shown:<6} {_(command.label)}")
                options.append(Option(words, id=f"command {command.id}"))
        matches = self.query_one(OptionList)
        matches.clear_options()
        matches.add_options(options[:_SHOWN] if text else options)
        if options:
            matches.highlighted = 0

    def action_move(self, by: int) -> None:
        """Go through what answers."""
        matches = self.query_one(OptionList)
        matches.action_cursor_down() if by > 0 else matches.action_cursor_up()

    @on(Input.Submitted)
    def _entered(self) -> None:
        matches = self.query_one(OptionList)
        if matches.highlighted is not None and matches.option_count:
            self._choose(matches.get_option_at_index(matches.highlighted))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option)

    def _choose(self, option: Option) -> None:
        what, _blank, name = str(option.id).partition(" ")
        self.dismiss((what, name))
