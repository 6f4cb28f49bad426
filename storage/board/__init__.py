"""The read side: listing, detail, counts, occurrences, timeline.

A board reads with its own connection, loads neither pydantic nor sqlite-utils
until a timeline is asked for, and never reads more rows than asked for.
"""

from __future__ import annotations

from storage.board.history import Histories
from storage.board.inbox import Inbox
from storage.board.listing import Listing, Lists
from storage.board.names import Names
from storage.board.runs import Runs

__all__ = ["Board", "Listing"]


class Board(Lists, Histories, Inbox, Names, Runs):
    """What a board holds, to be read."""
