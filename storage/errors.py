"""What can go wrong, said so that a person knows what to do next.

An error carries its English sentences as templates with named values, so that
a screen can translate the sentence and fill in the values afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


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
    """A prefix names several pitfalls; ``candidates`` holds their (id, title) pairs."""

    code = "ambiguous"

    def __init__(self, prefix: str, candidates: list[tuple[str, str]]) -> None:
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
