"""The fields of a form: a label, a control, and what is wrong with it right beside it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Select, Static, TextArea
from textual.widgets._select import SelectOverlay

from storage.model.environment import version_key
from storage.model.fields import LONGEST_TEXT, Word, labels
from storage.text.sanitize import sanitize
from tui.text.i18n import _
from tui.text.vocabulary import word
from tui.widgets.inputs import LineInput, PathSuggester, TooLong
from tui.widgets.text_area import Choices, PlainTextArea


def called(record: type, field: str) -> str:
    """What people call a field of a record, as it is declared there."""
    return _(labels(record)[field])


class TickBox(Checkbox):
    """A check box of brackets, with a tick or empty: text, which can be read in all colours."""

    DEFAULT_CSS = """
    TickBox, TickBox:ansi, TickBox.-on, TickBox.-on:ansi {
        & > .toggle--button { color: $foreground; background: $surface; text-style: bold; }
        &:focus > .toggle--button {
            color: $block-cursor-foreground; background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """

    @property
    def _button(self) -> Content:
        """The box; Textual's own sides take their colour from what is behind."""
        return Content.styled("[✔]" if self.value else "[ ]", "").stylize_before(
            self.get_visual_style("toggle--button")
        )


class FormField(Vertical):
    """One named value of a form."""

    DEFAULT_CSS = """
    FormField { height: auto; margin: 0 1; }
    FormField > Horizontal { height: auto; }
    FormField .label { width: 20; color: $text-muted; padding: 0 1 0 0; }
    FormField .control { width: 1fr; }
    FormField .problem { color: $text-error; padding: 0 0 0 20; display: none; }
    FormField .problem.-shown { display: block; }
    FormField .note { color: $text-muted; padding: 0 0 0 20; display: none; }
    FormField .note.-shown { display: block; }
    /* Textual styles what is inside anew only if the field itself has a rule for its focus. */
    FormField:focus-within { margin: 0 1; }
    FormField:focus-within .label { color: $accent; text-style: bold; }
    FormField Input { background: $surface; }
    FormField Input:focus { background: $boost; }
    FormField TextArea { border: none; padding: 0; background: $surface; }
    FormField TextArea:focus { border: none; background: $boost; }
    FormField Select { height: 1; }
    FormField.-remembered .control, FormField.-remembered SelectCurrent Static#label {
        color: $text-muted; text-style: italic;
    }
    FormField OptionList {
        border: none; padding: 0; height: auto; max-height: 5;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, name: str, label: str, given: str = "") -> None:
        super().__init__(id=f"field-{name}")
        self.field = name
        self._label = label
        #: What stood there at first.
        self.given = given
        self._remembered = False
        #: What it said when a problem with that was shown.
        self._refused: str | None = None
        self.note = ""

    @property
    def is_remembered(self) -> bool:
        """Whether it says what was said last time, and nobody touched it yet."""
        return self._remembered

    def remember(self) -> None:
        """What it says was said last time, and is shown as that; before it is mounted."""
        self._remembered = True
        self._label = f"↺ {self._label}"
        self.add_class("-remembered")

    @on(Input.Changed)
    @on(Select.Changed)
    def _touched(self) -> None:
        if self._remembered and self.changed:
            self._remembered = False
            self.remove_class("-remembered")

    def compose(self) -> ComposeResult:
        """Label and control side by side, the note and the problem below."""
        with Horizontal():
            yield Static(self._label, classes="label", markup=False)
            yield from self.control()
        yield Static(classes="note", markup=False)
        yield Static(classes="problem", markup=False)

    def control(self) -> ComposeResult:
        """What the person types into."""
        yield from ()

    @property
    def value(self) -> str:
        """What was said."""
        return ""

    @value.setter
    def value(self, said: str) -> None:
        """Say something else."""

    @property
    def changed(self) -> bool:
        """Whether the person said something else than what stood there."""
        return self.value != self.given

    @on(Input.Changed)
    @on(Select.Changed)
    @on(Checkbox.Changed)
    @on(TextArea.Changed)
    def _corrected(self) -> None:
        if self._refused is not None and self.value != self._refused:
            self.show_problem("")

    def show_problem(self, problem: str) -> None:
        """Say what is wrong, or nothing; it goes as soon as the field says something else."""
        self._refused = self.value if problem else None
        self._say_below(".problem", problem)

    def show_note(self, note: str) -> None:
        """Say what is good to know of this value, or nothing."""
        self.note = note
        self._say_below(".note", note)

    def _say_below(self, where: str, words: str) -> None:
        line = self.query_one(where, Static)
        line.update(Content(words))
        line.set_class(bool(words), "-shown")

    def rest(self) -> None:
        """Take what stands here now for what stood here at first."""
        self.given = self.value

    def on_mount(self) -> None:
        """Remember what stood there at first."""
        self.given = self.value

    def enter(self) -> None:
        """Take the focus."""
        self.query_one(".control").focus()

    @on(TooLong)
    def _say_too_long(self, event: TooLong) -> None:
        event.stop()
        self.show_problem(
            _(
                "That is {n} characters; {limit} can be kept. Nothing was pasted: copy the part"
                " that matters."
            ).format(n=event.size, limit=event.limit)
        )


class LineField(FormField):
    """One line of text; of a longer paste than ``longest`` nothing is taken."""

    def __init__(
        self,
        name: str,
        label: str,
        value: str = "",
        hint: str = "",
        *,
        longest: int = LONGEST_TEXT,
    ) -> None:
        super().__init__(name, label, sanitize(value).strip())
        self.hint, self._longest = hint, longest

    def control(self) -> ComposeResult:
        """A compact input."""
        line = LineInput(
            self.given,
            placeholder=self.hint,
            classes="control",
            compact=True,
            select_on_focus=False,
        )
        line.longest = self._longest
        yield line

    @property
    def value(self) -> str:
        """The line without blanks around it."""
        return self.query_one(Input).value.strip()

    @value.setter
    def value(self, text: str) -> None:
        self.query_one(Input).value = sanitize(text)


class PathField(LineField):
    """The path of a file, completed as it is typed."""

    def control(self) -> ComposeResult:
        """A compact input with completion."""
        yield LineInput(
            self.given,
            placeholder=self.hint,
            suggester=PathSuggester(),
            classes="control",
            compact=True,
            select_on_focus=False,
        )


class VersionField(LineField):
    """A version number; one that can't be compared is kept, and said to be so."""

    @on(Input.Changed)
    def _say_whether_it_compares(self) -> None:
        value = self.value
        plain = not value or version_key(value) is not None
        self.show_note("" if plain else _("Kept as it is, but it can't be compared as a version."))


class LinesField(FormField):
    """Several lines of text; ``ctrl+e`` opens them in the editor."""

    def __init__(
        self, name: str, label: str, value: str = "", hint: str = "", height: int = 4
    ) -> None:
        super().__init__(name, label, sanitize(value, lines=True).strip("\n"))
        self._hint, self._height = hint, height

    def control(self) -> ComposeResult:
        """A text area."""
        area = PlainTextArea(
            self.given,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=self._hint,
            classes="control",
            compact=True,
        )
        area.styles.height = self._height
        yield area

    @property
    def value(self) -> str:
        """The text without blank lines around it."""
        return self.query_one(TextArea).text.strip("\n")

    @value.setter
    def value(self, text: str) -> None:
        self.query_one(TextArea).text = sanitize(text, lines=True)


class PickField(FormField):
    """One of some values, or none.

    Args:
        options: the words and the value of each.
        value: what is chosen at first; nothing, if it is empty.
        optional: whether none may be chosen.
        prompt: what stands there as long as none is chosen.
    """

    def __init__(
        self,
        name: str,
        label: str,
        options: Iterable[tuple[str, str]],
        value: str = "",
        *,
        optional: bool = False,
        prompt: str = "",
    ) -> None:
        super().__init__(name, label, value)
        self.options = list(options)
        self._optional, self._prompt = optional, prompt

    def control(self) -> ComposeResult:
        """A compact select."""
        yield Choices(
            [(Content(words), value) for words, value in self.options],
            value=self.given or Select.NULL,
            allow_blank=self._optional or not self.given,
            prompt=self._prompt or _("unspecified"),
            classes="control",
            compact=True,
        )

    @property
    def value(self) -> str:
        """The chosen value, or nothing."""
        chosen = self.query_one(Select).value
        return str(chosen) if isinstance(chosen, str) else ""

    @value.setter
    def value(self, value: str) -> None:
        self.query_one(Select).value = value or Select.NULL


class ChoiceField(PickField):
    """One word of the vocabulary, as the record spells it, or none."""

    def __init__(
        self,
        name: str,
        label: str,
        choices: Iterable[Word],
        value: Word | None = None,
        *,
        optional: bool = False,
        prompt: str = "",
    ) -> None:
        super().__init__(
            name,
            label,
            ((word(choice), choice) for choice in choices),
            value.value if value else "",
            optional=optional,
            prompt=prompt,
        )


class YesNoField(FormField):
    """Yes or no; at first no, unless it was said; ``words`` say beside the box what it does."""

    def __init__(self, name: str, label: str, *, is_answer: bool = False, words: str = "") -> None:
        super().__init__(name, label, "yes" if is_answer else "")
        self._words = words

    def control(self) -> ComposeResult:
        """A compact check box."""
        yield TickBox(Content(self._words), value=bool(self.given), classes="control", compact=True)

    @property
    def value(self) -> str:
        """``yes``, or nothing."""
        return "yes" if self.query_one(Checkbox).value else ""

    @value.setter
    def value(self, value: str) -> None:
        self.query_one(Checkbox).value = value == "yes"


def such_as(example: str) -> str:
    """A hint that nobody takes for a value, not even without colour."""
    return _("such as {example}").format(example=example)


def saving_keys(focused: Widget | None, does: str) -> str:
    """What does what the button says from the field in focus, and which other keys there are."""
    match focused:
        case TextArea():
            words = _("^s: {does}   tab: next   ^e: $EDITOR")
        case Input():
            words = _("⏎ or ^s: {does}   tab: next")
        case Select():
            words = _("^s: {does}   letters or ⏎: choose   tab: next")
        case SelectOverlay():
            words = _("⏎ or tab takes it   ^s: {does}   esc: as it was")
        case Checkbox():
            words = _("^s: {does}   space ticks   tab: next")
        case _:
            words = _("^s: {does}   tab: next")
    return words.format(does=does)


def with_note(fields: Iterable[FormField]) -> Iterable[Widget]:
    """Some fields; above the first that is filled in from last time, a line that says so."""
    is_noted = False
    for field in fields:
        if field.is_remembered and not is_noted:
            is_noted = True
            words = _("↺ from your last entry   ^n clears it")
            yield Static(Content(words), classes="remembered-note", markup=False)
        yield field
