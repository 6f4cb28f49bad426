"""The forms about what is written on a pitfall: occurrence, fields, comment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from storage.db.reader import Reader
from storage.errors import N_, Refused
from storage.match.generality import WHY_VAGUE, board_hits, everyday_hits, vagueness
from storage.model.environment import ASKED, Environment
from storage.model.fields import LONGEST_WORDS
from storage.model.records import Fix, Occurrence, Pitfall
from storage.model.row import PLAN_FIELDS, PLAN_NAMES, Kind, Plan, Row, Severity
from storage.model.vocabulary import Axis, Outcome, SignatureForm, tags_named
from storage.read.board import Board
from storage.text import dates
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
from tui.text.vocabulary import tag_word, word


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
        yield LineField("tags", _("tags"), tags, _("separated by spaces or commas"))
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


class AddComment(OnSeveral):
    """A comment."""

    title_words: ClassVar[str] = N_("Comment")

    def fields(self) -> Iterable[FormField]:
        """The text."""
        yield LinesField("text", _("comment"), height=6)

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """One comment more."""
        return [_("gets the comment")]


class EditSeveral(OnSeveral):
    """The fields that several pitfalls can be given at once."""

    title_words: ClassVar[str] = N_("Edit")

    def fields(self) -> Iterable[FormField]:
        """All empty: what stays empty stays as it is."""
        yield LineField(
            "component", _("component"), hint=such_as("wx.qy.login"), longest=LONGEST_WORDS
        )
        yield ChoiceField("kind", _("kind"), Kind, optional=True, prompt=_("unchanged"))
        yield ChoiceField("severity", _("severity"), Severity, optional=True, prompt=_("unchanged"))
        yield from plan_fields(Plan())
        yield LineField("add_tags", _("add tags"), hint=_("separated by spaces or commas"))
        yield LineField("remove_tags", _("remove tags"), hint=_("separated by spaces or commas"))
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
        added, removed = tag_names(answers["add_tags"]), tag_names(answers["remove_tags"])
        changes += [f"+#{tag_word(tag)}" for tag in added if tag not in pitfall.tags]
        changes += [f"−#{tag_word(tag)}" for tag in removed if tag in pitfall.tags]
        return changes


# What their answers come to, as the store's methods take it


def occurrence(answers: FormValues) -> tuple[str, dict[str, Any]]:
    """The pitfall's id, and the fields of an occurrence.

    Raises:
        Refused: if no pitfall is chosen, or the time or the count is none.
    """
    if not answers["pitfall"]:
        raise Refused(N_("Choose the pitfall that it is an occurrence of."), field="pitfall")
    return answers["pitfall"], occurrence_values(
        {name: answers[name] for name in answers.keys() - {"pitfall"}}
    )


def occurrence_values(answers: FormValues) -> dict[str, Any]:
    """The fields of an occurrence, whichever pitfall it is of.

    Raises:
        Refused: if the time or the count is none.
    """
    # A file is no field of it; it is read beside the screen (tui.dialogs.references).
    values: dict[str, Any] = {
        name: value for name, value in answers.items() if value and name != "attach"
    }
    if "at" in values:
        values["seen_at"] = dates.seen(values.pop("at"), "at")
    values["count"] = dates.whole_number(values.get("count", "1"), "count")
    return values


def edits(changed: FormValues) -> dict[str, Any]:
    """The arguments of an edit, from those fields that were changed."""
    values: dict[str, Any] = {"reason": changed.get("reason", "")}
    if "tags" in changed:
        values["tags"] = tag_names(changed["tags"])
    if "signatures" in changed:
        values["signatures"] = lines_of(changed["signatures"])
    others = {"reason", "tags", "signatures"}
    values["changes"] = {name: value for name, value in changed.items() if name not in others}
    return values


def edits_of_several(answers: FormValues) -> dict[str, Any]:
    """The arguments of an edit of several pitfalls: what was left empty stays as it is."""
    return {
        "changes": {
            name: answers[name]
            for name in ("component", "kind", "severity", *PLAN_NAMES)
            if answers[name]
        },
        "add_tags": tag_names(answers["add_tags"]),
        "remove_tags": tag_names(answers["remove_tags"]),
        "reason": answers["reason"],
    }


def tag_names(text: str) -> list[str]:
    """The tags that were typed, by their stored names."""
    return tags_named(*text.split())


def lines_of(text: str) -> list[str]:
    """The lines that were typed, but for empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
