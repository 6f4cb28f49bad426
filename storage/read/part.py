"""What the parts of a board have in common."""

from __future__ import annotations

from storage.db.reader import Reader


class BoardPart:
    """Reads one topic of a board; the parts of a board share its reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
