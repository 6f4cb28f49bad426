"""Frozen values that are no tuples: equal only to their own kind, and cheap to declare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, dataclass_transform


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
