"""How the columns of a table hold a record, by the declared types of its fields.

A field is a column of its name; words in two languages are two, and an environment is one for
each of its own fields. So a row is written and read by names, and a new field needs no change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, get_type_hints

from storage.db.rows import undamaged
from storage.model.environment import FIELDS, Environment, environment_of
from storage.model.fields import vocabulary_in
from storage.model.records import Attachment, Text

#: What is no column of the table but is asked for beside it.
_BESIDE: Final[Mapping[type[Any], str]] = {Attachment: "here"}

_R = TypeVar("_R")
_Held = dict[str, Any]


class RowShape(Generic[_R]):
    """The columns that hold a record, and both ways between it and a row.

    Args:
        record: its class, whose fields are declared with their types.
    """

    def __init__(self, record: type[_R]) -> None:
        self._record = record
        self._makers: dict[str, Callable[[_Held], Any]] = {}
        paths: dict[str, str] = {}
        words: set[str] = set()
        for name, kind in get_type_hints(record).items():
            if name == _BESIDE.get(record):
                continue
            if kind is Text:
                paths |= {name: f"{name}.plain", f"{name}_zh": f"{name}.zh"}
            elif kind is Environment:
                paths |= {one.name: f"{name}.{one.name}" for one in FIELDS}
                words |= {one.name for one in FIELDS if one.words is not None}
            else:
                paths[name] = name
                words |= {name} if vocabulary_in(kind) else set()
            self._makers[name] = _maker(name, kind)
        self.columns: Final = tuple(paths)
        self.selected: Final = ", ".join(paths)
        self._get = attrgetter(*paths.values())
        self._words = [place for place, column in enumerate(paths) if column in words]

    def insert(self, table: str, *beside: str, verb: str = "INSERT") -> str:
        """The statement that writes :meth:`row` and the values of the columns ``beside``."""
        columns = (*self.columns, *beside)
        return (
            f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        )

    def row(self, one: _R, *beside: object) -> list[object]:
        """A record as a row, with the values of columns beside it."""
        values = [*self._get(one), *beside]
        # Plain strings: for members of an enum, sqlite3 looks for an adapter each time.
        for place in self._words:
            if values[place] is not None:
                values[place] = values[place].value
        return values

    @undamaged
    def read(self, row: Any, **beside: object) -> _R:
        """The record in a row of its columns, with what was asked for beside them.

        Raises:
            DamagedValue: if a column holds what its field can't.
        """
        held = dict(zip(self.columns, row, strict=True))
        return self._record(**{name: make(held) for name, make in self._makers.items()}, **beside)


_SHAPES: Final[dict[type[Any], RowShape[Any]]] = {}


def shape_of(record: type[_R]) -> RowShape[_R]:
    """The shape of a record; made when it is first asked for, since few commands need them all."""
    if record not in _SHAPES:
        _SHAPES[record] = RowShape(record)
    return _SHAPES[record]


def _maker(name: str, kind: Any) -> Callable[[_Held], Any]:
    """Makes the value of a field from the columns."""
    vocabulary = vocabulary_in(kind)
    if kind is Text:
        return lambda held: Text(held[name], held[f"{name}_zh"])
    if kind is Environment:
        return environment_of
    if kind is bool:
        return lambda held: bool(held[name])
    if vocabulary is None:
        return lambda held: held[name]
    if kind is vocabulary:
        return lambda held: vocabulary(held[name])
    return lambda held: vocabulary(held[name]) if held[name] else None
