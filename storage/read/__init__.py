"""The read side: listing, detail, counts, occurrences, timeline.

A board reads with its own connection, loads neither pydantic nor sqlite-utils
until a timeline is asked for, and never reads more rows than asked for.
"""

from __future__ import annotations

from storage.read.history import Histories
from storage.read.inbox import Inbox
from storage.read.listing import Listing, Lists
from storage.read.short_ids import Names
from storage.read.version_pairs import Runs

__all__ = ["Board", "Listing"]


class Board(Lists, Histories, Inbox, Names, Runs):
    """What a board holds, to be read."""
