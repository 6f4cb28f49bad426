"""The read side: listing, detail, counts, occurrences, history."""

from storage.read.board import Board
from storage.read.listing import Listing

__all__ = ["Board", "Listing"]
