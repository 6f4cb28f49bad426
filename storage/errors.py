"""What can go wrong, said so that a person knows what to do next.

An error carries its English sentences as templates with named values, so that
a screen can translate the sentence and fill in the values afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from storage.model.row import Text


def N_(message: str) -> str:  # noqa: N802 - the name gettext's extractors look for
    """Mark ``message`` for translation; whoever shows it translates it."""
    return message


def NP_(context: str, message: str) -> str:  # noqa: N802 - beside N_
    """Mark ``message`` for translation where one English word has several meanings."""
    return message


class PitboardError(Exception):
    """A known failure: what happened, and what to do next.

    Args:
        message: one English sentence, a ``str.format`` template.
        advice: what to do next, likewise; may be empty.
        values: what fills both templates; a tuple is several words.

    Attributes:
        code: names the kind of failure to programs; it never changes.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, advice: str = "", **values: object) -> None:
        self.message = message
        self.advice = advice
        self.values = values
        super().__init__(message.format(**_joined(values)))

    def __str__(self) -> str:
        values = _joined(self.values)
        text = self.message.format(**values)
        return f"{text} {self.advice.format(**values)}" if self.advice else text


def _joined(values: Mapping[str, object]) -> dict[str, object]:
    """What fills the templates; several words one after the other."""
    return {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


class Spelled(str):
    """What fills a template with words that are typed so, in the reader's language.

    Args:
        name: what the record calls it.
        en: as it is typed in English.
        zh: as it is typed in Chinese.
    """

    __slots__ = ("en", "zh")

    en: str
    zh: str

    def __new__(cls, name: str, en: str, zh: str) -> Spelled:
        """A string of the name, with both spellings."""
        self = super().__new__(cls, name)
        self.en, self.zh = en, zh
        return self


class Refused(PitboardError):
    """The record's rules refuse this change; ``field`` names the part at fault."""

    code = "refused"

    def __init__(
        self, message: str, advice: str = "", *, field: str = "", **values: object
    ) -> None:
        self.field = field
        super().__init__(message, advice, **({"field": field} | values))


def not_created(target: object, error: OSError, advice: str) -> Refused:
    """Why a file or a folder can't be created.

    Args:
        target: its path.
        error: the system's.
        advice: what to do next, a message.
    """
    return Refused(
        N_("{target} can't be created: {why}."), advice, target=target, why=error.strerror
    )


class NotFound(PitboardError):
    """No pitfall, or nothing at all, answers to what was asked for."""

    code = "not-found"


class Ambiguous(PitboardError):
    """A prefix names several pitfalls; ``candidates`` are the ids of some, with their titles."""

    code = "ambiguous"

    def __init__(self, prefix: str, candidates: Sequence[tuple[str, Text]]) -> None:
        self.candidates = candidates
        super().__init__(
            N_("“{prefix}” names {count} pitfalls or more."),
            N_("Give more of the id."),
            prefix=prefix,
            count=len(candidates),
        )


class Busy(PitboardError):
    """Another process is writing and did not finish in time."""

    code = "busy"


class ReadOnly(PitboardError):
    """This file can be read here but not written."""

    code = "read-only"


class Unusable(PitboardError):
    """The file is not a board, or is damaged, or can't be reached."""

    code = "unusable"


class Defect(PitboardError):
    """Pitboard itself is wrong, not the file, the disk or the person; nothing was saved."""

    code = "defect"


class NotShared(PitboardError):
    """A remote can't be reached, or did not do it; nothing is lost, here or there."""

    code = "not-shared"


class NotSaved(PitboardError):
    """The write did not reach the disk; nothing of it is in the record."""

    code = "not-saved"


# What pydantic says of a value, in words for people


#: Pydantic's own words are for programmers; these are for whoever typed the value.
_WORDS = {
    "missing": N_("{field}: this is needed."),
    "string_too_short": N_("{field}: this is needed."),
    "too_short": N_("{field}: this is needed."),
    "string_too_long": N_("{field}: too long; {max_length} characters can be kept."),
    "string_pattern_mismatch": N_("{field}: “{value}” may not hold blanks."),
    "enum": N_("{field}: “{value}” is none of {expected}."),
    "literal_error": N_("{field}: “{value}” is none of {expected}."),
    "greater_than_equal": N_("{field}: must be {ge} or more."),
    "less_than_equal": N_("{field}: must be {le} or less."),
    "greater_than": N_("{field}: must be more than {gt}."),
    "less_than": N_("{field}: must be less than {lt}."),
    "int_parsing_size": N_("{field}: “{value}” is too large."),
    "too_long": N_("{field}: too many; {max_length} can be kept."),
    "int_parsing": N_("{field}: “{value}” is not a whole number."),
    "hostile": N_("{field}: line {line} holds {sign}, which can't be kept; take it out."),
    "value_error": N_("{field}: {why}."),
    "extra_forbidden": N_("{name}: there is nothing of that name; there are {known}."),
}

#: So much of a value is quoted.
_LONGEST_QUOTE = 60
#: What our own validators say, so that a screen can translate it.
REASONS = (
    N_("a pitfall needs a title"),
    N_("a fix needs the version or the date from which it holds, or the last one affected"),
    N_("a reference is an address that begins with https:// or http://"),
    N_("a snooze ends at one of a date, a number of occurrences, or a version"),
    N_("a snooze until a version needs one that can be compared: 4.1.8"),
    N_("the status “workaround” needs a workaround text"),
    N_("a fix of a catalogue is a claim: say it in [[fixes]] and leave the status"),
    N_("seen_on is a date such as 2022-04-10, and takes the place of seen_at"),
)


def refused_value(first: Mapping[str, Any], field: str, known: Iterable[str] = ()) -> Refused:
    """What is wrong with a value, in words for whoever typed it or wrote the file that holds it.

    Args:
        first: a fault as pydantic tells it.
        field: which value, if the fault does not tell that itself.
        known: the names of the values that there are.
    """
    field = field or next((part for part in first["loc"] if isinstance(part, str)), "")
    context = dict(first.get("ctx") or {})
    why = str(context.pop("error", first["msg"]))
    if why.startswith(("day is out of range", "Invalid isoformat", "month must be", "year ")):
        return Refused(
            N_("{field}: “{value}” is not a date."),
            N_("Write it as 2026-11-23."),
            field=field,
            value=first["input"],
        )
    if first["type"] == "extra_forbidden" and not known:
        return Refused(N_("{name}: there is nothing of that name."), field=field, name=field)
    # Never in the words of the library, which are for programmers.
    template = _WORDS.get(first["type"], N_("{field}: “{value}” can't be kept there."))
    if template == _WORDS["value_error"] and (not field or isinstance(first["input"], dict)):
        template = N_("{why}.")
    if "expected" in context:
        # Pydantic joins them in English: 'bug', 'docs' or 'limit'.
        expected = context["expected"].replace("' or '", "', '").replace("'", "")
        context["expected"] = tuple(expected.split(", "))
    value = str(first["input"])
    if len(value) > _LONGEST_QUOTE:
        value = f"{value[:_LONGEST_QUOTE]}…"
    # A name that is none is told as it was typed, and a field as people call it.
    values = {"value": value, "why": why, "name": field, "known": tuple(known), **context}
    return Refused(template, field=field, **values)
