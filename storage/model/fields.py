"""What there is to know of a field, declared once where its type is.

The typed class is the declaration; a :class:`Field` hangs on each annotation, and columns,
options, form fields, query keys, labels and the rest are derived from :func:`declared`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from operator import itemgetter
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    NoReturn,
    Self,
    dataclass_transform,
    get_args,
)

__all__ = [
    "LARGEST_ATTACHMENT",
    "LONGEST_PASTE",
    "LONGEST_PASTED_MESSAGE",
    "LONGEST_PASTED_NOTE",
    "LONGEST_TEXT",
    "LONGEST_WHO",
    "LONGEST_WORDS",
    "Field",
    "Frozen",
    "NamedTuple",
    "Word",
    "declared",
    "labels",
    "spelling_in_chinese",
    "spelling_in_english",
    "vocabulary_in",
]

#: How many characters one line (a title, a version) can have, and a text of several.
LONGEST_WORDS: Final = 300
LONGEST_TEXT: Final = 20_000
#: How many the name has under which events are written.
LONGEST_WHO: Final = 200
#: How many a pasted text can have: far beyond what anybody copies by hand.
LONGEST_PASTE: Final = 1_000_000
#: How many of a pasted text's error message are kept, and of its other lines as a note.
LONGEST_PASTED_MESSAGE: Final = 8_000
LONGEST_PASTED_NOTE: Final = 6_000
#: No attachment is larger, in bytes.
LARGEST_ATTACHMENT: Final = 10 * 1024 * 1024


try:
    # With which the standard library makes them, twice as fast as a property.
    from _collections import _tuplegetter as _getter  # type: ignore[import-not-found]
except ImportError:

    def _getter(place: int, doc: str | None) -> property:
        return property(itemgetter(place), doc=doc)


#: From this object of a named tuple on, its constructor is compiled: that takes as long as thirty.
_COMPILED_FROM: Final = 12


class _WithoutDict(type):
    """Makes classes whose objects hold no attributes beside the values of the tuple."""

    @classmethod
    def __prepare__(cls, name: str, bases: tuple[type, ...], /, **_: Any) -> dict[str, object]:
        """The names that a class begins with."""
        return {"__slots__": ()}


class _NamedTuple(tuple[Any, ...], metaclass=_WithoutDict):
    """What every named tuple can do.

    They are declared and used as those of ``typing``, which type checkers take them for. A class
    of those compiles its constructor and copies seven methods when it is made, and there are two
    hundred: that was a tenth of what ``pitboard list`` took (``benchmarks/PROFILE.md``). Here a
    constructor is compiled for what is made often, and the methods are inherited.
    """

    if TYPE_CHECKING:
        # Not fields of those that inherit them.
        _fields: ClassVar[tuple[str, ...]]
        _field_defaults: ClassVar[dict[str, Any]]
        _made: ClassVar[int]
        __match_args__: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, **settings: Any) -> None:
        """Declare the fields: the annotations; a value that one is set to is its default."""
        super().__init_subclass__(**settings)
        if cls.__base__ is not _NamedTuple:
            # It inherits its fields.
            return
        cls._made = 0
        cls._fields = tuple(cls.__annotations__)
        # mypy makes it as for a named tuple.
        cls.__match_args__ = cls._fields  # type: ignore[misc]
        cls._field_defaults = {name: vars(cls)[name] for name in cls._fields if name in vars(cls)}
        for place, name in enumerate(cls._fields):
            setattr(cls, name, _getter(place, None))

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """One of the first objects of a class; most classes have no more in one call of a command.

        The others are made by the constructor that is compiled here, as is what is given wrong.
        """
        cls._made += 1
        given = dict(zip(cls._fields, values, strict=False))
        if cls._made < _COMPILED_FROM and len(given) == len(values) and not given.keys() & named:
            held = cls._field_defaults | given | named
            if held.keys() == {*cls._fields}:
                return tuple.__new__(cls, [held[name] for name in cls._fields])
        names = ", ".join(cls._fields)
        # As ``collections.namedtuple`` does: nothing written in Python is as fast. The names are
        # those of annotations.
        made = eval(f"lambda _cls, {names}: _new(_cls, ({names},))", {"_new": tuple.__new__})
        made.__name__ = "__new__"
        made.__defaults__ = tuple(cls._field_defaults.values())
        cls.__new__ = staticmethod(made)  # type: ignore[method-assign]
        first: Self = made(cls, *values, **named)
        return first

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        """An object of values in the order of the fields.

        Raises:
            TypeError: if it is not one for each field.
        """
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"{cls.__name__} has {len(cls._fields)} fields, not {len(made)}")
        return made

    def _replace(self, **changes: Any) -> Self:
        """The same with other values of some fields.

        Raises:
            ValueError: if there is no such field.
        """
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"{type(self).__name__} has no fields {[*changes]}")
        return made

    def _asdict(self) -> dict[str, Any]:
        """The values by their names."""
        return dict(zip(self._fields, self, strict=True))

    def __getnewargs__(self) -> tuple[Any, ...]:
        """The values, for what copies it."""
        return tuple(self)

    def __repr__(self) -> str:
        fields = zip(self._fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"


if TYPE_CHECKING:
    from typing import NamedTuple
else:
    NamedTuple = _NamedTuple


class Word(StrEnum):
    """A fixed word: its value in the record, its label, and other spellings, blanks between.

    ``spellings`` are all the ways to type it, the record's own first.
    """

    label: str
    spellings: tuple[str, ...]

    def __new__(cls, value: str, label: str = "", more: str = "") -> Self:
        """Make the member; see :class:`enum.Enum`."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        word.spellings = (value, *more.split())
        return word

    @property
    def en(self) -> str:
        """The spelling to offer in English."""
        return spelling_in_english(self.spellings)

    @property
    def zh(self) -> str:
        """The spelling to offer in Chinese."""
        return spelling_in_chinese(self.spellings)

    @classmethod
    def spelled(cls, text: str) -> Self | None:
        """The word that a person means, in upper or lower case; None if it is none of these."""
        typed = text.casefold()
        for word in cls:
            if any(typed == one.casefold() for one in word.spellings):
                return word
        return None


def spelling_in_english(spellings: tuple[str, ...]) -> str:
    """The one of several spellings to offer in English: one that needs no quotes."""
    return next(one for one in spellings if one.isascii() and " " not in one)


def spelling_in_chinese(spellings: tuple[str, ...]) -> str:
    """The one to offer in Chinese; the English one where everybody writes that."""
    return next((one for one in spellings if not one.isascii()), spelling_in_english(spellings))


class Field(NamedTuple):
    """A field of the record as people meet it. All of it but ``label`` is optional.

    Messages are marked with ``N_`` and translated where they are shown.

    Args:
        label: what people call it.
        help: of the option of a command.
        option: of a command, if it is not called as the field is.
        metavar: what stands for the value in the help; a word of a vocabulary lists its values.
        example: a value, shown where one is to be typed.
        is_version: whether it holds a version, which is read and compared as such.
        is_day: whether it holds a day, likewise.
        heading: what stands above its column in a list.
        query: the key of the query language and its other spellings, blanks between; empty
            if it has none. It is for words of a vocabulary, for versions, and for the plan.
        query_help: what is said of that key where it is offered; required with ``query``.
        paste: the labels by which people name it in a pasted text: lower case, without blanks.
        printed: the key under which ``wx`` prints it.
        in_line: how it is said among others in one line, with ``{value}``; empty for the
            value alone.
        beside: the field that it stands right behind in a line or a table: a version behind
            what it is the version of.
        bug_report: its heading in a bug report for the vendor; empty if it shows in none, or
            stands beside another one.
        private: whether it must never leave the team.
        name: of the field in the record; filled in by :func:`declared`, as is
        words: its vocabulary, if it has one.
    """

    label: str
    help: str = ""
    option: str = ""
    metavar: str = ""
    example: str = ""
    is_version: bool = False
    is_day: bool = False
    heading: str = ""
    query: str = ""
    query_help: str = ""
    paste: str = ""
    printed: str = ""
    in_line: str = ""
    beside: str = ""
    bug_report: str = ""
    private: bool = False
    name: str = ""
    words: type[Word] | None = None

    @property
    def key(self) -> str:
        """The name of its key in the query language; empty if it has none."""
        return self.query.partition(" ")[0]

    def read(self, value: Any) -> Any:
        """A plain value as the record holds it: a member of the vocabulary, or as it is.

        Raises:
            ValueError: if it is no word of its vocabulary.
        """
        if self.words is None:
            return value
        return self.words(value) if value else None


def declared(record: type) -> tuple[Field, ...]:
    """The fields of a class that declares them, in its order; others are left out.

    Args:
        record: its module must not import annotations from the future, so that they are
            objects and cost nothing to read.
    """
    found: list[Field] = []
    for name, hint in record.__annotations__.items():
        for about in getattr(hint, "__metadata__", ()):
            if isinstance(about, Field):
                found.append(about._replace(name=name, words=vocabulary_in(get_args(hint)[0])))
    return tuple(found)


def types_of(record: type) -> dict[str, Any]:
    """The types of a record's own fields, without what is declared about them.

    ``typing.get_type_hints`` gives the same, and takes ten times as long to do it.

    Args:
        record: as for :func:`declared`.
    """
    return {
        name: hint.__origin__ if hasattr(hint, "__metadata__") else hint
        for name, hint in record.__annotations__.items()
    }


@cache
def labels(record: type) -> Mapping[str, str]:
    """What people call the fields of a class that declares them, by their names."""
    return {field.name: field.label for field in declared(record)}


def vocabulary_in(kind: Any) -> type[Word] | None:
    """The vocabulary that a type is, or allows beside None: that of ``Platform | None``."""
    for one in (kind, *get_args(kind)):
        if isinstance(one, type) and issubclass(one, Word):
            return one
    return None


@dataclass_transform(frozen_default=True)
class Frozen:
    """A frozen value; its annotations are its fields, and what they are set to their defaults.

    A frozen dataclass behaves the same, but compiles six functions for each class, which every
    start would wait for (``benchmarks/PROFILE.md``). Read and compared often, it is no faster.
    """

    if TYPE_CHECKING:
        # Not fields of those that inherit them.
        __match_args__: ClassVar[tuple[str, ...]]
        _compared: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, *, aside: Iterable[str] = (), **settings: Any) -> None:
        """Declare the fields.

        Args:
            aside: fields that are no part of what makes two values equal.
            settings: see :meth:`object.__init_subclass__`.
        """
        super().__init_subclass__(**settings)
        # mypy makes it as for a dataclass.
        cls.__match_args__ = tuple(cls.__annotations__)  # type: ignore[misc]
        cls._compared = tuple(name for name in cls.__match_args__ if name not in aside)

    def __init__(self, *values: Any, **named: Any) -> None:
        """Take the fields in their order or by their names.

        Raises:
            TypeError: if one is missing, unknown or given twice.
        """
        names = self.__match_args__
        given = dict(zip(names, values, strict=False))
        wrong = [*given.keys() & named, *named.keys() - set(names)]
        missing = [
            name
            for name in names[len(values) :]
            if name not in named and not hasattr(type(self), name)
        ]
        if wrong or missing or len(values) > len(names):
            raise TypeError(f"{type(self).__name__} takes {names}, not {values} and {named}")
        # Below the names, each can be set once: by this.
        vars(self).update(given | named)

    def replaced(self, **changes: Any) -> Self:
        """The same with other values of some fields."""
        held = {name: getattr(self, name) for name in self.__match_args__}
        return type(self)(**(held | changes))

    def _comparable(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._compared)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._comparable() == other._comparable()

    def __hash__(self) -> int:
        return hash((type(self), self._comparable()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} can't be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} can't be deleted")
