"""What is no form: a question with two answers, help; and what one says of changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Input, Static

from storage.text.sanitize import sanitize
from tui.dialogs.fields import FormField, PickField, YesNoField
from tui.services.external_programs import LONGEST_SHOWN
from tui.text import retro, sharing, verdicts
from tui.text.cells import cut, fit, width
from tui.text.fields import ATTACHMENT_MARKS
from tui.text.i18n import _
from tui.text.vocabulary import (
    BARS,
    FROM_CATALOGUE,
    MARKS,
    OVERDUE,
    UPSTREAM_MARKS,
    word,
)
from tui.widgets.inputs import LineInput

if TYPE_CHECKING:
    from tui.commands.command import Command


class Confirm(ModalScreen[bool]):
    """True if the person said yes; escape and n say no, which loses nothing and has the focus."""

    DEFAULT_CSS = """
    Confirm { align: center middle; }
    Confirm > Vertical {
        width: auto; max-width: 90%; height: auto; padding: 1 2;
        background: $background; border: round $warning;
    }
    Confirm Static { width: auto; max-width: 78vw; margin-bottom: 1; }
    Confirm Horizontal { width: auto; height: 1; }
    Confirm Button { margin-right: 2; min-width: 8; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,N", "answer(False)", show=False),
        Binding("y,Y", "answer(True)", show=False),
        Binding("left,right", "app.focus_next", show=False),
        Binding("ctrl+c", "app.help_quit", show=False),
    ]
    AUTO_FOCUS = "#no"

    def __init__(self, question: str, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """The question and its answers, each with its key."""
        with Vertical():
            yield Static(self._question, markup=False)
            with Horizontal():
                yield Button(Content(f"{self._no} esc"), id="no", compact=True)
                yield Button(Content(f"{self._yes} y"), id="yes", compact=True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Give an answer."""
        self.dismiss(answer)


#: Commands that do what they do whether or not the file of the board is there.
_NEED_NO_FILE: Final = frozenset({"quit", "help", "go_to", "palette"})


class FileQuestion(Confirm):
    """What to do about the file of the board; the keys of what needs no file go on working.

    Args:
        question: what is asked.
        yes: does something about it.
        no: leaves it.
        below: the screen whose keys these are; they say no first.
    """

    def __init__(self, question: str, yes: str, no: str, below: Screen[Any]) -> None:
        super().__init__(question, yes, no)
        self._below = below
        keys = [one for _key, one in below._bindings if one.id in _NEED_NO_FILE]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    async def action_run(self, name: str) -> None:
        """Say no, and run a command of the screen below."""
        self.dismiss(False)
        self._below.call_later(self._below.run_action, f"run({name!r})")


# All keys of a screen, from the declarations of its commands


class HelpScreen(ModalScreen[None]):
    """The help: type to filter, escape closes.

    Args:
        commands: of the screen, by the headings of help.
    """

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 100%; max-width: 84; height: auto; max-height: 100%;
        background: $background; border: round $primary;
    }
    HelpScreen Input { border: none; height: 1; padding: 0 1; background: $background; }
    HelpScreen VerticalScroll { height: auto; max-height: 1fr; padding: 0 1; }
    HelpScreen Static { width: 1fr; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss(None)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("ctrl+d,pagedown", "scroll(10)", show=False, priority=True),
        Binding("ctrl+u,pageup", "scroll(-10)", show=False, priority=True),
    ]

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """A line to filter by, then keys by group, how to search, and the legend."""
        with Vertical() as box:
            box.border_title = Content(_("Help"))
            box.border_subtitle = Content(_("esc closes · ↑ ↓ scroll"))
            yield LineInput(placeholder=_("type to filter"), compact=True)
            with VerticalScroll(can_focus=False):
                yield Static(self._text(""), markup=False)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(Static).update(self._text(event.value.strip()))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.dismiss(None)

    def _text(self, wanted: str) -> Content:
        lines: list[Content] = []
        for heading, rows in self._sections(wanted):
            if rows:
                column = max(width(first) for first, _explained in rows) + 2
                lines.append(Content.styled(heading, "bold $accent"))
                lines += [
                    Content.assemble((fit(f" {first}", column), "bold"), " ", explained)
                    for first, explained in rows
                ]
                lines.append(Content(""))
        return Content("\n").join(lines[:-1] or [Content(_("No matching command"))])

    def _sections(self, wanted: str) -> list[tuple[str, list[tuple[str, str]]]]:
        """The headings, each with the lines that have some text in them, or that it names."""
        sections = [
            (
                _(group),
                [
                    (command.shown, _(command.help))
                    for command in commands
                    if not wanted or command.rank(wanted)
                ],
            )
            for group, commands in groupby(self._commands, attrgetter("group"))
        ]
        others = [
            (_("Marks"), legend()),
            (
                _("In the query line"),
                [
                    (_("white picture"), _("words anywhere; the last may be half typed")),
                    ("qy.login:fail", _("error text as it was copied")),
                    (_("status:open severity:<=S2"), _("filters; commas give several values")),
                    (
                        _("-kind:docs (tag:album or has:fix)"),
                        _("a minus leaves out; one or the other"),
                    ),
                    (_("platform:android lib:<2.14.1"), _("where it was seen")),
                    (_("seen:>2w first:2026-10-01..2026-11-01"), _("ages and dates")),
                    (_("sort:title, sort:count-"), _("the order; - is downwards, + upwards")),
                ],
            ),
            (
                _("Settings"),
                [
                    ("PITBOARD_LANG=zh", _("language: zh or en; also “pitboard --lang zh”")),
                    ("pitboard export FILE", _("export the board")),
                ],
            ),
        ]
        folded = wanted.casefold()
        sections += [
            (heading, [row for row in rows if folded in f"{heading} {row[0]} {row[1]}".casefold()])
            for heading, rows in others
        ]
        return sections

    def action_scroll(self, by: int) -> None:
        """Scroll by some lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


# The legend: every mark that a screen shows


def legend() -> list[tuple[str, str]]:
    """Marks with their meanings, from the tables that the screens use."""
    lines = [(mark, word(status)) for status, mark in MARKS.items()]
    lines += [
        (mark, _("vendor: {state}").format(state=word(state)))
        for state, mark in UPSTREAM_MARKS.items()
    ]
    lines += [(mark, word(verdict)) for verdict, mark in verdicts.VERDICT_MARKS.items()]
    lines += [
        (mark, _("fix: {state}").format(state=word(state)))
        for state, mark in verdicts.STATE_MARKS.items()
    ]
    lines += [
        ("✘", _("reproduced (environments)")),
        ("✔", _("not reproduced (environments)")),
        ("◷", _("seen in older versions only")),
        ("·", _("untested")),
        (OVERDUE, _("overdue")),
        (FROM_CATALOGUE, _("from a catalogue of others")),
        ("✉", _("waits in the inbox")),
        (sharing.SHARED, _("shared board, sync status")),
        ("⚠", _("a member's journal with something unusual")),
        ("=", _("matches a signature or a message; the same in report and candidate")),
        ("≈", _("similar text")),
        ("↳", _("vendor reply at a reference")),
        ("↺", _("repeated from your last entry, or a draft")),
        ("≠", _("conflicting values in a pasted text; other than in the candidate")),
        (f"{BARS[1]}…{BARS[-1]}", _("occurrences by week: 1, 2, 4, 8 … 128 or more")),
    ]
    lines += [(mark, word(kind)) for kind, mark in ATTACHMENT_MARKS.items()]
    lines += [(mark, word(kind)) for kind, mark in retro.NOTE_MARKS.items()]
    lines.append((retro.DONE, _("follow-up done")))
    lines.append((retro.BETTER, _("better than in the period before")))
    lines.append((retro.WORSE, _("worse than in the period before")))
    return lines


# A form whose record changes while it is filled in


def catch_up(fields: Iterable[FormField], newer: Iterable[FormField]) -> list[FormField]:
    """Start from what the board says by now.

    Fields that nobody touched say what the board says.

    Args:
        fields: of the open form.
        newer: those of a form that is opened now; those that it lacks are left alone.

    Returns:
        The changed ones that would replace what somebody else wrote, which they say now.
    """
    fresh = {field.field: field for field in newer}
    replacing: list[FormField] = []
    for field in fields:
        now = fresh.get(field.field)
        if now is None or now.given == field.given:
            continue
        is_typed, field.given = field.changed, now.given
        if not is_typed:
            field.value = now.given
        elif field.changed and field.display:
            replacing.append(field)
            field.show_problem(_replaced_words(now))
    return replacing


def _replaced_words(field: FormField) -> str:
    """What somebody else wrote meanwhile into a field, and how to go on."""
    said = field.given
    if isinstance(field, YesNoField):
        said = _("yes") if said else _("no")
    elif isinstance(field, PickField):
        said = {value: words for words, value in field.options}.get(said, said)
    if not said:
        return _("Emptied on the board meanwhile. Save again to put this there.")
    words = _("Changed on the board meanwhile: “{value}”. Save again to replace it.")
    return words.format(value=cut(sanitize(said), LONGEST_SHOWN))


def buttons(saves: str) -> ComposeResult:
    """What ends a form: what was refused of it as a whole, what saves, what leaves, the keys.

    Args:
        saves: what the button says that saves.
    """
    yield Static(id="form-problem", markup=False)
    with Horizontal(id="form-buttons"):
        yield Button(Content(f"{saves} ^s"), id="save", variant="primary", compact=True)
        yield Button(Content(_("Cancel") + " esc"), id="leave", compact=True)
        yield Static(id="form-keys", markup=False)
