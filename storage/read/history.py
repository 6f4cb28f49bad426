"""The history of one pitfall, and of the whole board."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

from storage.db.connection import BROKEN, unreadable
from storage.errors import N_, NotFound
from storage.model.history_kinds import is_of, kinds_of
from storage.model.records import Line
from storage.model.vocabulary import HistorySort
from storage.read.detail import Details

if TYPE_CHECKING:
    from storage.events import Event

#: As many sightings of one pitfall as its history tells of, unless told otherwise.
SIGHTINGS_TOLD: Final = 200
#: The first time (ms) and the last that can be asked for.
_EVER: Final = (0, 1 << 62)


class Histories(Details):
    """The side of a board that tells what was done."""

    def timeline(self, pitfall: str, occurrences: int = SIGHTINGS_TOLD) -> list[Line]:
        """A pitfall's history, newest first, with its newest ``occurrences`` sightings."""
        condition, whose = self._shown_with(pitfall)
        return self._told(
            pitfall,
            f"SELECT id FROM occurrences WHERE {condition} ORDER BY seen_at DESC, id DESC LIMIT ?",
            (*whose, occurrences),
        )

    def older_sightings(self, pitfall: str, occurrences: int = SIGHTINGS_TOLD) -> int:
        """How many sightings are older than the newest ``occurrences``, so not in the timeline."""
        condition, whose = self._shown_with(pitfall)
        [(total,)] = self._all(f"SELECT count(*) FROM occurrences WHERE {condition}", whose)
        return max(0, int(total) - occurrences)

    def newest_changes(
        self,
        limit: int,
        *,
        sorts: Collection[HistorySort] = (),
        between: tuple[int, int] = _EVER,
    ) -> list[Line]:
        """The newest changes on the whole board, those that arrived last first.

        Args:
            limit: how many at most.
            sorts: only those of these sorts, if there are any.
            between: only those made from the first time (ms) on and before the second.
        """
        condition = "n < ? AND at >= ? AND at < ?"
        if sorts:
            kinds = f"kind IN ({', '.join('?' * len(kinds_of(sorts)))})"
            taken_back = "EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)"
            condition += f" AND ({kinds} OR {taken_back})"
        lines: list[Line] = []
        last = 1 << 62
        while len(lines) < limit:
            rows = self._all(
                f"SELECT n, id, pitfall FROM events WHERE {condition} ORDER BY n DESC LIMIT ?",
                (last, *between, *(kinds_of(sorts) if sorts else ()), limit),
            )
            found = self._lines_of({str(event): str(pitfall) for _, event, pitfall in rows})
            lines += [line for line in found if is_of(line, sorts)]
            if len(rows) < limit:
                break
            last = rows[-1][0]
        return lines[:limit]

    def change_named(self, pitfall: str, prefix: str) -> str:
        """The id of the change in a pitfall's history that ``prefix`` is the beginning of.

        Raises:
            NotFound: if it begins none, or several.
        """
        wanted = prefix.strip().lower()
        rows = self._all(
            "SELECT id FROM events WHERE pitfall = ?1 AND id >= ?2 AND id < ?2 || 'g' LIMIT 2",
            (pitfall, wanted),
        )
        if not rows or not wanted:
            raise NotFound(
                N_("The history of this pitfall holds no change {id}."),
                N_("“pitboard history ID” shows the names of the changes."),
                id=prefix,
            )
        if len(rows) > 1:
            raise NotFound(
                N_("Several changes have a name that begins with “{prefix}”."),
                N_("Give more of it."),
                prefix=prefix,
            )
        return str(rows[0][0])

    def _lines_of(self, events: Mapping[str, str]) -> list[Line]:
        """The lines of some events, each with its pitfall, in the order of the events."""
        place = {event: n for n, event in enumerate(events)}
        named = json.dumps(list(events))
        lines = [
            line
            for pitfall in dict.fromkeys(events.values())
            for line in self._told(pitfall, "SELECT value FROM json_each(?)", (named,))
            if line.event in place
        ]
        return sorted(lines, key=lambda line: place[line.event])

    def _told(self, pitfall: str, sightings: str, parameters: tuple[object, ...]) -> list[Line]:
        """A pitfall's history, newest first, with the sightings whose ids an SQL query gives."""
        # Loaded here, since what only lists and shows does without pydantic.
        from storage.events import held
        from storage.fold.fold import timeline
        from storage.projection.stored_events import HELD, core_events, mentioned_occurrences

        try:
            events: list[Event] = core_events(self._connection, pitfall)
            events += mentioned_occurrences(self._connection, pitfall)
        except BROKEN as error:
            raise unreadable(error, self.path) from error
        rows = self._all(
            f"{HELD} WHERE kind = 'occurrence_logged' AND id IN ({sightings})",
            parameters,
        )
        events += [held(name, line) for name, line in rows]
        return timeline(events)[::-1]
