"""The part of a period that is over, and the pitfalls that count in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from storage.db.reader import Reader
from storage.model.retro import Period

#: Of the pitfalls that something happened to, those that the board doesn't show do not count.
IN_VIEW: Final = "pitfall NOT IN (SELECT id FROM pitfalls WHERE in_view = 0)"

_KNOWN: Final = """
SELECT id, reported_at, ifnull(component, ''), severity
FROM pitfalls INDEXED BY idx_pitfalls_looked_back WHERE in_view = 1 ORDER BY reported_at
"""


class Stretch(NamedTuple):
    """From ``since`` up to, and without, ``end`` (both ms): a period, or what is over of it."""

    since: int
    end: int


class Known(NamedTuple):
    """What the figures need to know of the pitfalls in the board's view, by their ids.

    ``reported`` holds when each was reported (ms), the earliest first.
    """

    reported: Mapping[str, int]
    components: Mapping[str, str]
    severities: Mapping[str, str]


def stretch_of(period: Period, now: int) -> Stretch:
    """What of a period is over at a time (ms), that moment included."""
    return Stretch(period.since, max(period.since, min(period.until, now + 1)))


class Looking(Reader):
    """A reader of what is counted in a retro."""

    def known(self) -> Known:
        """The pitfalls in the board's view."""
        names, *columns = list(zip(*self._all(_KNOWN), strict=True)) or [()] * 4
        return Known(*(dict(zip(names, column, strict=True)) for column in columns))

    def _ids(self, sql: str, parameters: tuple[Any, ...]) -> list[str]:
        return [name for (name,) in self._all(sql, parameters)]
