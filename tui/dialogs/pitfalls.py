"""Which pitfalls something is about: ``:``, a field that chooses one; forms that change several."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Select, Static, TextArea
from textual.widgets.input import Selection
from textual.widgets.option_list import Option

from storage.model.fields import NamedTuple
from storage.model.records import Pitfall
from storage.model.row import Row
from storage.query.parser import parse
from storage.read.board import Board
from storage.text.sanitize import sanitize
from tui.dialogs.fields import FormField
from tui.dialogs.form import Form, FormValues
from tui.text.i18n import _, language, ngettext, read
from tui.text.vocabulary import state_mark
from tui.widgets.inputs import LineInput

if TYPE_CHECKING:
    from tui.commands.command import Command

_MATCHES: Final = 5


class _Title(LineInput):
    """A title as long as it may be, read from its beginning; typing replaces all of it."""

    def _on_focus(self, event: events.Focus) -> None:
        super()._on_focus(event)
        event.prevent_default()
        self.selection = Selection(len(self.value), 0)


class PitfallField(FormField):
    """Chooses a pitfall by typing words of it.

    Args:
        board: is searched.
        row: the pitfall that is chosen at first, if one is.
        likely: pitfalls to choose from before anything is typed.
        without: the ids of those that can't be chosen.
    """

    def __init__(
        self,
        name: str,
        label: str,
        board: Board,
        row: Row | None,
        likely: Sequence[Row] = (),
        without: Sequence[str] = (),
    ) -> None:
        super().__init__(name, label)
        self._board, self._row, self._without = board, row, without
        self._likely = [one for one in likely if one.id not in without]
        self._rows: dict[str, Row] = {}

    def control(self) -> ComposeResult:
        """An input, and below it what answers."""
        with Vertical(classes="picker"):
            given = sanitize(read(self._row.title)) if self._row else ""
            yield _Title(
                given,
                placeholder=_("type words of it, or its id"),
                classes="control",
                compact=True,
            )
            matches = OptionList(markup=False, compact=True)
            matches.can_focus = False
            matches.display = False
            yield matches

    def on_mount(self) -> None:
        """Remember what stood there at first."""
        self.query_one(".picker").styles.height = "auto"
        self.given = self.value
        self.query_one(Input).cursor_position = 0
        self._offer(self._likely)

    @property
    def value(self) -> str:
        """The id of the chosen pitfall, which is the only one that answers, if one does alone."""
        if self._row is not None:
            return self._row.id
        return next(iter(self._rows)) if len(self._rows) == 1 else ""

    @value.setter
    def value(self, pitfall: str) -> None:
        for row in self._board.find(parse(f"id:{pitfall}")).page(0, 1) if pitfall else ():
            self._rows[row.id] = row
            self._take(row.id)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._row is not None and event.value == sanitize(read(self._row.title)):
            return
        self._row = None
        self._offer(self._find(event.value))

    def _offer(self, rows: Sequence[Row]) -> None:
        """Let the person choose among some pitfalls."""
        matches = self.query_one(OptionList)
        matches.clear_options()
        matches.add_options(
            Option(Content(f"{state_mark(row)} {sanitize(read(row.title))}"), id=row.id)
            for row in rows
        )
        self._rows = {row.id: row for row in rows}
        matches.display = bool(rows)
        if rows:
            matches.highlighted = 0

    def _find(self, text: str) -> list[Row]:
        if not text.strip():
            return []
        enough = _MATCHES + len(self._without)
        found = self._board.find(parse(f"id:{text.strip()}"), language=language()).page(0, 1)
        words = self._board.find(parse(text), language=language()).page(0, enough)
        rows = {row.id: row for row in (*found, *words) if row.id not in self._without}
        return list(rows.values())[:_MATCHES]

    def on_key(self, event: events.Key) -> None:
        """Choose among what answers with the arrows and Enter, without leaving the input."""
        matches = self.query_one(OptionList)
        if not matches.display:
            return
        if event.key == "down":
            matches.action_cursor_down()
        elif event.key == "up":
            matches.action_cursor_up()
        elif event.key in {"enter", "tab"} and matches.highlighted is not None:
            self._choose(str(matches.get_option_at_index(matches.highlighted).id))
            if event.key == "tab":
                return
        else:
            return
        event.stop()
        event.prevent_default()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(str(event.option_id))

    def _choose(self, pitfall: str) -> None:
        self._take(pitfall)
        self.show_problem("")
        self.screen.focus_next()

    def _take(self, pitfall: str) -> None:
        self._row = self._rows[pitfall]
        self.query_one(OptionList).display = False
        line = self.query_one(Input)
        line.value = sanitize(read(self._row.title))
        line.cursor_position = 0


#: How many of the chosen pitfalls a preview names.
PREVIEWED: Final = 6


class Chosen(NamedTuple):
    """The pitfalls that a form is about: the ids of all, and the first few as they are."""

    ids: tuple[str, ...]
    shown: tuple[Pitfall, ...]

    @property
    def several(self) -> bool:
        """Whether it is more than one."""
        return len(self.ids) > 1

    @property
    def title(self) -> str:
        """The first one's title, and how many more there are."""
        first = sanitize(read(self.shown[0].title))
        more = len(self.ids) - 1
        return _("{title} and {n} more").format(title=first, n=more) if more else first


class OnSeveral(Form):
    """A form whose change is made to all that were chosen, as one step of undo."""

    DEFAULT_CSS = """
    #form-preview {
        height: auto; margin: 1 1 0 1; padding: 0 0 0 1; border-left: thick $panel;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self.chosen = chosen

    def heading(self) -> str:
        """What is done, and to which."""
        return _("{action}: {title}").format(action=_(self.title_words), title=self.chosen.title)

    @abstractmethod
    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """What of a pitfall will change, each as “before → after”."""

    def below(self) -> Iterable[Widget]:
        """The preview, if there is more than one."""
        if self.chosen.several:
            yield Static(id="form-preview", markup=False)

    def compose(self) -> ComposeResult:
        """The form, with the preview filled in at once."""
        yield from super().compose()
        self.call_after_refresh(self._show_preview)

    @on(Input.Changed)
    @on(Select.Changed)
    @on(TextArea.Changed)
    def _show_preview(self) -> None:
        if not self.chosen.several or not self.query("#form-preview"):
            return
        answers = self.values
        lines = []
        for pitfall in self.chosen.shown[:PREVIEWED]:
            changes = " · ".join(self.outcome(pitfall, answers)) or _("stays as it is")
            lines.append(
                Content.assemble(
                    (f"{state_mark(pitfall)} {sanitize(read(pitfall.title))}", ""),
                    "\n  ",
                    (changes, "$text-muted"),
                )
            )
        more = len(self.chosen.ids) - len(lines)
        if more:
            words = ngettext("and {n} more", "and {n} more", more)
            lines.append(Content.styled(words.format(n=more), "$text-muted"))
        self.query_one("#form-preview", Static).update(Content("\n").join(lines))


def becomes(before: str, after: str) -> list[str]:
    """One change in words; none if nothing changes."""
    return [] if before == after else [f"{before or '–'} → {after or '–'}"]


# ``:`` goes to an id, or runs a command by its name


_OFFERED: Final = 8
#: For so many pitfalls there is room, however many commands begin as what is typed.
_LEAST_PITFALLS: Final = 3


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
        pitfalls: list[Option] = []
        if text:
            found = self._board.find(parse(f"id:{text}"), language=language()).page(0, 3)
            found += self._board.find(parse(text), language=language()).page(0, 4)
            for row in {row.id: row for row in found}.values():
                title = f"{state_mark(row)} {self._board.short_id(row.id)}  "
                title += sanitize(read(row.title))
                pitfalls.append(Option(Content(title), id=f"pitfall {row.id}"))
        # What has no key is a verb of the shell, for those who look for it.
        commands = (command for command in self._commands if text or command.keys)
        named = (command for command in commands if command.rank(text) > 0)
        best = sorted(named, key=lambda one: (not one.begins(text), not one.keys, -one.rank(text)))
        options = [
            Option(Content(f"{one.shown:<6} {_(one.label)}"), id=f"command {one.id}")
            for one in best
        ]
        # What is typed as a command begins comes first, but leaves room for pitfalls.
        begun = sum(one.begins(text) for one in best)
        place = min(begun, _OFFERED - min(len(pitfalls), _LEAST_PITFALLS))
        options[place:place] = pitfalls
        matches = self.query_one(OptionList)
        matches.clear_options()
        matches.add_options(options[:_OFFERED] if text else options)
        if options:
            matches.highlighted = 0
        else:
            matches.add_option(Option(Content(_("No pitfall or command matches.")), disabled=True))

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
