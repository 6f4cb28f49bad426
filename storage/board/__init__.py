"""The read side: listing, detail, counts, occurrences, timeline.

A board reads with its own connection, loads neither pydantic nor sqlite-utils
until a timeline is asked for, and never reads more rows than asked for.
"""

from __future__ import annotations

from storage.board.detail import Details
from storage.board.listing import Listing, Lists

__all__ = ["Board", "Listing"]


class Board(Lists, Details):
    """What a board holds, to be read."""
