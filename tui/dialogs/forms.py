"""The forms about what is written on a pitfall: occurrence, fields, status, comment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Select, Static, TextArea

from storage.db.reader import Reader
from storage.errors import N_
from storage.match.generality import WHY_VAGUE, board_hits, everyday_hits, vagueness
from storage.model.environment import ASKED, Environment
from storage.model.fields import LONGEST_WORDS
from storage.model.plan import PLAN_FIELDS, Plan
from storage.model.records import Fix, Occurrence, Pitfall, Row
from storage.model.vocabulary import (
    Axis,
    Kind,
    Outcome,
    Severity,
    SignatureForm,
    Status,
    tag_named,
)
from storage.read.board import Board
from storage.text.sanitize import sanitize
from tui.dialogs.fields import (
    ChoiceField,
    FormField,
    LineField,
    LinesField,
    called,
    such_as,
)
from tui.dialogs.form import Form, FormValues
from tui.dialogs.pitfalls import Chosen, OnSeveral, PitfallField, becomes
from tui.dialogs.references import path_field
from tui.services.background import in_thread
from tui.text.cells import cut
from tui.text.i18n import _, ngettext, read, say
from tui.text.vocabulary import marked, tag_word, word


def environment_fields(last: Environment) -> Iterable[FormField]:
    """The fields of an environment, filled in as it was ``last``."""
    for field in ASKED:
        held = getattr(last, field.name)
        shown: FormField
        if field.words is not None:
            shown = ChoiceField(field.name, _(field.label), field.words, held, optional=True)
        else:
            hint = such_as(field.example) if field.example else ""
            shown = LineField(field.name, _(field.label), held or "", hint)
        if held:
            shown.remember()
        yield shown


def plan_fields(held: Plan) -> Iterable[FormField]:
    """The fields of what was agreed on, as it is."""
    for field in PLAN_FIELDS:
        hint = _("a day: 2026-12-01, tomorrow, 2w") if field.is_day else such_as(field.example)
        yield LineField(
            field.name, _(field.label), getattr(held, field.name), hint, longest=LONGEST_WORDS
        )


def axis_field(held: Axis | None = None) -> FormField:
    """Along which the vendor fixed it."""
    return ChoiceField("axis", called(Fix, "axis"), Axis, held, optional=True)


def source_fields(quote: str = "", reference: str = "") -> Iterable[FormField]:
    """Where a fix is known from."""
    yield LinesField("quote", called(Fix, "quote"), quote, height=2)
    yield LineField("reference", called(Fix, "reference"), reference, "https://")


def occurrence_fields(last: Environment, message: str = "", note: str = "") -> Iterable[FormField]:
    """The fields of an occurrence, whichever pitfall it is of."""
    yield ChoiceField("outcome", called(Occurrence, "outcome"), Outcome, Outcome.REPRODUCED)
    yield LinesField("message", called(Occurrence, "message"), message, _("paste it here"))
    yield from environment_fields(last)
    yield LineField("count", called(Occurrence, "count"), "1")
    yield LineField("at", _("when"), hint=_("now, or 2026-11-20 14:03"))
    yield LinesField("note", called(Occurrence, "note"), note, height=2)


class LogOccurrence(Form):
    """Somebody ran into it: where, with what message. The environment is as last time."""

    title_words: ClassVar[str] = N_("Log an occurrence")

    def __init__(
        self,
        board: Board,
        row: Row | None,
        environment: Environment,
        message: str = "",
        note: str = "",
        file: str = "",
    ) -> None:
        super().__init__()
        self._board, self._row, self._last = board, row, environment
        self._message, self._note, self._file = message, note, file

    def first_field(self) -> str:
        """The message, when the pitfall is known."""
        return "message" if self._row else "pitfall"

    def fields(self) -> Iterable[FormField]:
        """Pitfall, outcome and message first; the environment below."""
        yield PitfallField("pitfall", _("pitfall"), self._board, self._row)
        yield from occurrence_fields(self._last, self._message, self._note)
        yield path_field(self._file)


class LogOnSeveral(OnSeveral):
    """Somebody ran into several at once."""

    title_words: ClassVar[str] = N_("Log an occurrence")

    def __init__(self, chosen: Chosen, environment: Environment) -> None:
        super().__init__(chosen)
        self._last = environment

    def first_field(self) -> str:
        """The message."""
        return "message"

    def fields(self) -> Iterable[FormField]:
        """Outcome and message first; the environment below."""
        yield from occurrence_fields(self._last)
        yield path_field()

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """One occurrence more."""
        return [_("gets the occurrence")]


#: So long after the last key, in seconds, signatures are tried; so many of them are.
_PAUSE_SECONDS: Final = 0.3
_TRIED: Final = 4
_LONGEST_TRIED: Final = 40


class SignaturesField(LinesField):
    """Signatures, one a line; below them stands what each would match.

    Args:
        board: the path of the board, on whose occurrences they are tried.
        value: those that stand there at first.
        hint: what stands in an empty one.
        height: its lines.
    """

    def __init__(self, board: Path, value: str = "", hint: str = "", height: int = 3) -> None:
        super().__init__("signatures", _("signatures"), value, hint, height)
        self._board = board
        self._pause: Timer | None = None

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_SECONDS, self._try)

    def _try(self) -> None:
        self._pause = None
        texts = [line.strip() for line in self.value.splitlines() if line.strip()][:_TRIED]
        if self.changed:
            in_thread(
                self,
                lambda: signature_notes(self._board, texts),
                lambda notes: self.show_note("\n".join(notes)),
                lambda error: self.show_note(say(error)),
                group="signatures",
            )


def signature_notes(board: Path, texts: Sequence[str]) -> list[str]:
    """What some signatures would match, a line for each; nothing of those that match nothing."""
    notes: list[str] = []
    with Reader.open(board) as reader:
        for text in texts:
            why, everyday = vagueness(text), next(everyday_hits(text), None)
            hits = board_hits(reader, text, SignatureForm.LITERAL)
            shown = cut(sanitize(text), _LONGEST_TRIED)
            if why is not None:
                notes.append(_("“{text}”: {why}").format(text=shown, why=_(WHY_VAGUE[why])))
            elif everyday is not None:
                notes.append(
                    _("“{text}” matches everyday logs: {line}").format(text=shown, line=everyday)
                )
            elif hits:
                notes.append(
                    ngettext(
                        "“{text}” matches {n} message of this board",
                        "“{text}” matches {n} messages of this board",
                        len(hits),
                    ).format(text=shown, n=len(hits))
                )
    return notes


class EditPitfall(Form):
    """Every field of a pitfall."""

    title_words: ClassVar[str] = N_("Edit the pitfall")

    def __init__(self, pitfall: Pitfall, board: Path) -> None:
        super().__init__()
        self._pitfall, self._board = pitfall, board

    def fields(self) -> Iterable[FormField]:
        """The fields as they stand, in the reader's language."""
        held = self._pitfall
        yield LineField("title", _("title"), read(held.title), longest=LONGEST_WORDS)
        yield LineField("component", _("component"), read(held.component), longest=LONGEST_WORDS)
        yield ChoiceField("kind", _("kind"), Kind, held.kind)
        yield ChoiceField("severity", _("severity"), Severity, held.severity)
        yield from plan_fields(held.plan)
        yield LinesField("workaround", _("workaround"), read(held.workaround), height=4)
        yield LinesField("reproduction", _("reproduction"), read(held.reproduction), height=6)
        signatures = "\n".join(one.text for one in held.own_signatures)
        yield SignaturesField(self._board, signatures, _("one a line"))
        tags = " ".join(map(tag_word, held.tags))
        yield LineField("tags", _("tags"), tags, _("separated by blanks"))
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))


class CorrectField(Form):
    """One field of a pitfall, with the text that it was read from beside it.

    Args:
        pitfall: as it is.
        name: of the field: title, workaround or signatures.
        source: what the file says; empty if it came from none.
    """

    DEFAULT_CSS = """
    #source { height: auto; max-height: 50%; margin: 0 1; padding: 0 1; border-left: thick $panel; }
    #source:focus { border-left: thick $accent; }
    """
    title_words: ClassVar[str] = N_("Correct what was imported")

    def __init__(self, pitfall: Pitfall, name: str, source: str) -> None:
        super().__init__()
        self._pitfall, self._name = pitfall, name
        self._source = source or read(pitfall.reproduction)

    def fields(self) -> Iterable[FormField]:
        """The field as it is."""
        held = self._pitfall
        if self._name == "title":
            yield LineField("title", _("title"), read(held.title), longest=LONGEST_WORDS)
        elif self._name == "workaround":
            yield LinesField("workaround", _("workaround"), read(held.workaround), height=6)
        else:
            texts = "\n".join(one.text for one in held.own_signatures)
            yield LinesField("signatures", _("signatures"), texts, _("one a line"), height=4)

    def beneath(self) -> Iterable[Widget]:
        """What the file says, to be compared."""
        with VerticalScroll(id="source"):
            yield Static(Content(sanitize(self._source, lines=True)), markup=False)


class SetStatus(OnSeveral):
    """A status with its reason, and with what the status needs."""

    title_words: ClassVar[str] = N_("Set the status")

    def fields(self) -> Iterable[FormField]:
        """The status, then what it needs."""
        held = self.chosen.shown[0]
        workaround = "" if self.chosen.several else read(held.workaround)
        yield ChoiceField("status", _("status"), Status, held.status)
        yield LinesField(
            "workaround", _("workaround"), workaround, _("workaround until it is fixed")
        )
        yield axis_field()
        yield LineField("from", _("from"), hint=_("version or date: 4.1.8, 2026-11-20"))
        yield from source_fields()
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """From which status to which."""
        return becomes(marked(pitfall.status), marked(Status(answers["status"])))

    def on_mount(self) -> None:
        """Show only what the status needs."""
        self._show_needs()

    @on(Select.Changed)
    def _show_needs(self) -> None:
        status = self.field("status").value
        self.field("workaround").display = status == Status.WORKAROUND
        for name in ("axis", "from", "quote", "reference"):
            self.field(name).display = status == Status.FIXED_UPSTREAM


class AddComment(OnSeveral):
    """A comment."""

    title_words: ClassVar[str] = N_("Comment")

    def fields(self) -> Iterable[FormField]:
        """The text."""
        yield LinesField("text", _("comment"), height=6)

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """One comment more."""
        return [_("gets the comment")] if answers["text"] else []


class EditSeveral(OnSeveral):
    """The fields that several pitfalls can be given at once."""

    title_words: ClassVar[str] = N_("Edit")

    def fields(self) -> Iterable[FormField]:
        """All empty: what stays empty stays as it is."""
        yield LineField(
            "component", _("component"), hint=such_as("wx.qy.login"), longest=LONGEST_WORDS
        )
        yield ChoiceField("kind", _("kind"), Kind, optional=True)
        yield ChoiceField("severity", _("severity"), Severity, optional=True)
        yield from plan_fields(Plan())
        yield LineField("add_tags", _("add tags"), hint=_("separated by blanks"))
        yield LineField("remove_tags", _("remove tags"), hint=_("separated by blanks"))
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """What of it changes."""
        changes = []
        if answers["component"]:
            changes += becomes(read(pitfall.component), answers["component"])
        if answers["kind"]:
            changes += becomes(word(pitfall.kind), word(Kind(answers["kind"])))
        if answers["severity"]:
            changes += becomes(pitfall.severity, answers["severity"])
        for name, present in pitfall.plan._asdict().items():
            changes += becomes(present, answers[name]) if answers[name] else []
        added = [tag_named(tag) for tag in answers["add_tags"].split()]
        removed = [tag_named(tag) for tag in answers["remove_tags"].split()]
        changes += [f"+#{tag_word(tag)}" for tag in added if tag not in pitfall.tags]
        changes += [f"−#{tag_word(tag)}" for tag in removed if tag in pitfall.tags]
        return changes
