"""What the bodies of all event kinds share: their base and their field types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from storage.events.envelope import EventId
from storage.model.records import Text
from storage.text.sanitize import first_hostile

if TYPE_CHECKING:
    from storage.events.envelope import Event
    from storage.fold.state import Draft

#: Validation context of what a person typed here, as against what came from elsewhere.
TYPED = {"typed": True}

_LONGEST_WORDS = 300
_LONGEST_TEXT = 20_000


def _refuse_hostile(text: str, info: ValidationInfo, *, lines: bool) -> str:
    if not info.context:
        return text
    found = first_hostile(text, lines=lines)
    if found is not None:
        line, sign = found
        raise PydanticCustomError(
            "hostile", "line {line} holds {sign}, which can't be kept", {"line": line, "sign": sign}
        )
    return text.strip() if not lines else text.strip("\n")


def _plain_words(text: str, info: ValidationInfo) -> str:
    return _refuse_hostile(text, info, lines=False)


def _plain_lines(text: str, info: ValidationInfo) -> str:
    return _refuse_hostile(text.replace("\r\n", "\n"), info, lines=True)


#: One line, as in a title or a version.
Words = Annotated[str, Field(max_length=_LONGEST_WORDS), AfterValidator(_plain_words)]
#: A link's address, in one line.
Address = Annotated[str, Field(max_length=2_000), AfterValidator(_plain_words)]
#: Several lines, as in reproduction notes.
Lines = Annotated[str, Field(max_length=_LONGEST_TEXT), AfterValidator(_plain_lines)]
#: The same in every language at once, as in the catalogue: {"en": …, "zh": …}.
WordsByLanguage = Annotated[dict[str, Words], Field(min_length=1, max_length=20)]
LinesByLanguage = Annotated[dict[str, Lines], Field(min_length=1, max_length=20)]


def text(value: str | dict[str, str]) -> Text:
    """A body's words as a reader's :class:`Text`."""
    if isinstance(value, str):
        return Text(value)
    # In the order of the languages' names, whatever the order in the line.
    plain = value.get("en") or next((value[name] for name in sorted(value) if value[name]), "")
    return Text.of(plain, value.get("zh", ""))


def said_again(value: Text) -> str | dict[str, str]:
    """A reader's :class:`Text` as a body says it."""
    return {"en": value.plain, "zh": value.zh} if value.zh else value.plain


def told(value: object) -> Text:
    """The value of any field of a body as a reader's :class:`Text`."""
    match value:
        case None:
            return Text()
        case bool():
            return Text("yes" if value else "no")
        case dict():
            return text(value)
        case _:
            return Text(str(value))


class Body(BaseModel, ABC):
    """The data of one event kind and its rule in the fold, together.

    To add a kind: subclass, set ``kind``, write ``apply``, and list the class
    in ``storage.events.KINDS``. Undo, history, time travel and sharing follow.
    """

    # What checks a body is built when the first one of its kind comes: a deed writes few kinds.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: ClassVar[str]

    @abstractmethod
    def apply(self, draft: Draft, event: Event) -> None:
        """Change ``draft`` as this event says; never fails, whatever came before."""

    def mentions(self) -> tuple[str, ...]:
        """The ids of the events that this one changes the meaning of."""
        return ()

    def dump(self) -> dict[str, Any]:
        """The JSON object that goes into the envelope: only what was said."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @classmethod
    def typed(cls, /, **values: object) -> Self:
        """A body from what a person typed; raises pydantic's ValidationError."""
        return cls.model_validate(values, context=TYPED)


class Write(Body):
    """A single value is written; see ``storage.fold.conflicts``.

    Fields:
        replaces: the write that stood when this one was written; None if there was none.
        settles: those that stood beside it, because two people wrote at the same time.
    """

    replaces: EventId | None = None
    settles: tuple[EventId, ...] = ()

    @property
    def knew(self) -> tuple[str, ...] | None:
        """The writes that this one names; None if it takes the place of whatever there is."""
        return None if self.replaces is None else (self.replaces, *self.settles)
