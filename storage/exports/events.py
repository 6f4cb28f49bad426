"""Exporting events: each the exact bytes of its line, so that boards can be joined."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from storage.db.connection import connect_for_reading, explained
from storage.events import DamagedEvent, event_id

_PAGE: Final = 1_000


def export_events(path: Path, write: Callable[[bytes], object]) -> int:
    """Write every event's line as it is stored, in order of arrival; how many there were.

    Args:
        path: the board's file.
        write: takes whole lines, with their line breaks.

    Raises:
        Unusable: if there is no board that can be read, or an event of it is damaged.
    """
    done, last = 0, 0
    with explained(path), closing(connect_for_reading(path)) as connection:
        while True:
            # As a BLOB, the line comes as its bytes and not by way of text.
            rows = connection.execute(
                "SELECT n, id, CAST(line AS BLOB) FROM events WHERE n > ? ORDER BY n LIMIT ?",
                (last, _PAGE),
            ).fetchall()
            for last, name, line in rows:
                if not isinstance(line, bytes) or event_id(line) != name:
                    raise DamagedEvent(name)
                write(line + b"\n")
            done += len(rows)
            if len(rows) < _PAGE:
                return done
