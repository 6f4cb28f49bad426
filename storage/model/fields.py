"""What there is to know of a field, declared once where its type is.

The typed class is the declaration; a :class:`Field` hangs on each annotation, and columns,
options, form fields, query keys, labels and the rest are derived from :func:`declared`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    NamedTuple,
    NoReturn,
    Self,
    dataclass_transform,
    get_args,
    get_type_hints,
)

from storage.model.vocabulary import Word

#: How many characters one line (a title, a version) can have, and a text of several.
LONGEST_WORDS: Final = 300
LONGEST_TEXT: Final = 20_000
#: How many the name has under which events are written.
LONGEST_WHO: Final = 200
#: How many a pasted text can have: far beyond what anybody copies by hand.
LONGEST_PASTE: Final = 1_000_000


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
    for name, hint in get_type_hints(record, include_extras=True).items():
        for about in getattr(hint, "__metadata__", ()):
            if isinstance(about, Field):
                found.append(about._replace(name=name, words=vocabulary_in(get_args(hint)[0])))
    return tuple(found)


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
