"""What the board holds before a step is written, as the checks of that step need it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from storage.db.reader import is_event, recorded_on
from storage.errors import N_, NotFound, Refused
from storage.events import Event, held
from storage.fold.fold import draft_of
from storage.fold.state import Draft
from storage.model.clock import wall_of
from storage.model.records import THE_BOARD
from storage.projection.update import HELD, core_events, mentioned_occurrences
from storage.text.dates import iso


class RecordedState:
    """Looks up what is recorded, inside the transaction that is about to write.

    Args:
        connection: of that transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def holds(self, pitfall_id: str) -> bool:
        """Whether a pitfall is on the board."""
        found = self._connection.execute("SELECT 1 FROM pitfalls WHERE id = ?", (pitfall_id,))
        return found.fetchone() is not None

    def must_hold(self, pitfall_id: str) -> None:
        """Go on only if a pitfall is on the board; nothing is folded to tell.

        Raises:
            NotFound: if it is not.
        """
        if not self.holds(pitfall_id):
            raise NotFound(N_("There is no pitfall {id} on this board."), id=pitfall_id)

    def original(self, pitfall_id: str) -> str:
        """The pitfall that this one counts for; itself, unless it is a duplicate."""
        found = self._connection.execute(
            "SELECT original FROM pitfalls WHERE id = ? AND original IS NOT NULL", (pitfall_id,)
        ).fetchone()
        return str(found[0]) if found else pitfall_id

    def owner(self, pitfall_id: str, item: str) -> str:
        """The pitfall that an item shown on ``pitfall_id`` was recorded on."""
        found = self._connection.execute(
            "SELECT id FROM pitfalls AS duplicate WHERE original = ?1"
            f" AND EXISTS (SELECT 1 FROM events WHERE {is_event('duplicate.id', '?2')})",
            (pitfall_id, item),
        ).fetchone()
        return str(found[0]) if found else pitfall_id

    def noted_on(self, note: str) -> str:
        """What a retro note was recorded on; empty if this file holds no such note."""
        found = self._connection.execute(
            "SELECT pitfall FROM retro_notes WHERE id = ?", (note,)
        ).fetchone()
        if found:
            return str(found[0]) or THE_BOARD
        # Of what is hidden or taken back it is said so; to find that reads a whole index.
        found = self._connection.execute(
            "SELECT pitfall FROM events INDEXED BY idx_events_change"
            " WHERE id = ? AND kind <> 'occurrence_logged'",
            (note,),
        ).fetchone()
        return str(found[0]) if found else ""

    def reference_to(self, pitfall_id: str, address: str) -> str:
        """The reference to an address that is shown on a pitfall; empty if there is none."""
        found = self._connection.execute(
            "SELECT id FROM pitfall_references"
            f" WHERE url = ?1 AND ({recorded_on('pitfall_references', '?2')}"
            " OR pitfall = ?2 AND pitfall <> recorded_on)"
            " ORDER BY recorded_on <> ?2, recorded_on, place LIMIT 1",
            (address, pitfall_id),
        ).fetchone()
        return str(found[0]) if found else ""

    def tag_as_written(self, tag: str) -> str:
        """A tag as most of the board writes it, where it does so in another case only."""
        found = self._connection.execute(
            "SELECT tag FROM tags WHERE tag = ?1 COLLATE NOCASE"
            " GROUP BY tag ORDER BY tag <> ?1, count(*) DESC, tag LIMIT 1",
            (tag,),
        ).fetchone()
        return str(found[0]) if found else tag

    def occurrence_count(self, pitfall_id: str) -> int:
        """The number of times a pitfall occurred so far."""
        found = self._connection.execute(
            "SELECT occurrence_count FROM pitfalls WHERE id = ?", (pitfall_id,)
        ).fetchone()
        return int(found[0]) if found else 0

    def newest_seen(self, axis: str) -> str:
        """The newest version that anything on the board was seen with; empty if there is none."""
        found = self._connection.execute(
            "SELECT version FROM seen_versions WHERE axis = ? ORDER BY key DESC LIMIT 1", (axis,)
        ).fetchone()
        return str(found[0]) if found else ""

    def live(self, pitfall_id: str, item: str = "") -> Draft:
        """What stands on a pitfall that is on the board, with one of its items if it is named.

        Raises:
            NotFound: if it is not on the board.
        """
        draft = self.draft(pitfall_id, item)
        if draft.reported is None:
            raise NotFound(N_("There is no pitfall {id} on this board."), id=pitfall_id)
        return draft

    def live_or_board(self, recorded_on: str, item: str = "") -> Draft:
        """What stands on a pitfall, or on the board itself, as what is about no pitfall does.

        Raises:
            NotFound: if it is a pitfall that is not on the board.
        """
        if recorded_on == THE_BOARD:
            return self.draft(recorded_on, item)
        return self.live(recorded_on, item)

    def draft(self, pitfall_id: str, occurrence: str = "") -> Draft:
        """What stands on a pitfall before this transaction, with one occurrence if it is named."""
        events = core_events(self._connection, pitfall_id)
        named = self._connection.execute(
            f"{HELD} WHERE kind = 'occurrence_logged' AND id = ? AND pitfall = ?",
            (occurrence, pitfall_id),
        ).fetchall()
        return draft_of([*events, *(held(name, line) for name, line in named)])

    def history(self, pitfall_id: str, event: str) -> dict[str, Event]:
        """A pitfall's events by their ids, as far as what became of one of them rests on them.

        Args:
            pitfall_id: the pitfall.
            event: one of its events. Of the occurrences it holds this one and those that
                others speak of.
        """
        named = self._connection.execute(
            f"{HELD} WHERE kind = 'occurrence_logged' AND id = ? AND pitfall = ?",
            (event, pitfall_id),
        ).fetchall()
        events = [
            *core_events(self._connection, pitfall_id),
            *mentioned_occurrences(self._connection, pitfall_id),
            *(held(name, line) for name, line in named),
        ]
        return {one.id: one for one in events}


def refuse_what_is_covered(connection: sqlite3.Connection, written: Sequence[Event]) -> None:
    """Go on only if what was written can be seen: something from the future may cover it.

    Args:
        connection: inside the transaction that wrote it.
        written: events of this store.

    Raises:
        Refused: naming what covers it.
    """
    for pitfall in {event.pitfall for event in written}:
        events = core_events(connection, pitfall)
        events += mentioned_occurrences(connection, pitfall)
        whole = draft_of(events).shown()
        for event in written:
            without = [one for one in events if one.id != event.id]
            later = [one for one in without if one.order > event.order]
            if event.pitfall == pitfall and later and draft_of(without).shown() == whole:
                last = max(later, key=lambda one: one.order).envelope
                raise Refused(
                    N_(
                        "This would not show: a change of {who} that claims to be of {until}"
                        " stands over it."
                    ),
                    N_(
                        "Run “pitboard doctor --reset-clock”, which leaves it out until then,"
                        " or ignore that store: “pitboard members ignore {actor}”."
                    ),
                    who=last.who or "–",
                    until=iso(wall_of(last.hlc, last.at)),
                    actor=last.actor[:8],
                )
