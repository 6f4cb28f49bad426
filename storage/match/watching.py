"""What a reader that holds something of the board in memory must read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from storage.db.reader import Reader

#: When more pitfalls than this have changed, everything is read again.
_MANY: Final = 2_000


class Watching(Reader):
    """A reader that asks what has changed since it read last, occurrences aside."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._version: int | None = None
        self._newest = 0

    @contextmanager
    def _changes(self) -> Iterator[list[str] | None]:
        """The pitfalls to read again, inside; None if it is all of them.

        If that fails, they will be asked for again.
        """
        version = self.version()
        if version == self._version:
            yield []
            return
        [(newest,)] = self._all("SELECT ifnull(max(n), 0) FROM events")
        changed: list[str] | None = None
        # A rebuild writes no event, and may give pitfalls other rowids.
        if self._version is not None and newest > self._newest:
            rows = self._all(
                "SELECT DISTINCT pitfall FROM events WHERE n > ? AND kind <> 'occurrence_logged'"
                " LIMIT ?",
                (self._newest, _MANY),
            )
            changed = [name for (name,) in rows] if len(rows) < _MANY else None
        yield changed
        self._version, self._newest = version, newest
