"""Values that a damaged file holds where there can be no such value."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from storage.errors import N_, Unusable

_P = ParamSpec("_P")
_R = TypeVar("_R")


class DamagedValue(Unusable, ValueError):
    """A column holds what no such column can hold; SQLite keeps no sums by which it would know."""


def undamaged(make: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have what reads rows say that the file is damaged, where a value is none it can have."""

    @wraps(make)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return make(*args, **kwargs)
        except DamagedValue:
            raise
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedValue(
                N_("The board's file is damaged: {why}."),
                N_("Run “pitboard doctor” to see what is damaged, and keep a copy of the file."),
                why=str(error),
            ) from error

    return made
