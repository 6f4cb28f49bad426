"""Folded pitfalls → rows: the only writer of the tables that the board reads.

Everything here runs inside the store's write transaction.
"""

from __future__ import annotations

from storage.projection.duplicates import alone, originals, regroup
from storage.projection.entries import write_contests, write_notes
from storage.projection.history import held_changes, states, write_changes, write_states
from storage.projection.occurrences import (
    add_occurrences,
    count_all,
    count_sightings,
    insert_occurrences,
    replace_occurrences,
)
from storage.projection.pitfalls import columns_of, remove_pitfall, write_pitfalls
from storage.projection.search_index import digest_of, indexed, indexed_message
from storage.projection.tables import clear, sorted_afterwards
from storage.projection.verdicts import Judged, judged

__all__ = [
    "Judged",
    "add_occurrences",
    "alone",
    "clear",
    "columns_of",
    "count_all",
    "count_sightings",
    "digest_of",
    "held_changes",
    "indexed",
    "indexed_message",
    "insert_occurrences",
    "judged",
    "originals",
    "regroup",
    "remove_pitfall",
    "replace_occurrences",
    "sorted_afterwards",
    "states",
    "write_changes",
    "write_contests",
    "write_notes",
    "write_pitfalls",
    "write_states",
]
