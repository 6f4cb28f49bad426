"""What has happened on a board since a place in the order of arrival, for a team's chat.

Only what still holds is a notice: what was undone, hidden or declined meanwhile is none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from storage.db.reader import ROW, SUGGESTED, BoardPart, id_array, listed, names_of, row_of
from storage.db.rows import IS_REGRESSION, shape_of
from storage.model.fields import NamedTuple
from storage.model.records import Fix, Occurrence, VendorReply
from storage.model.row import Row, Text
from storage.model.verdicts import ReplySuggestion, evidence
from storage.model.vocabulary import FixState, NoticeKind, Quarantine
from storage.read.entries import suggestion_of

_OCCURRENCE: Final = shape_of(Occurrence)
_REPLY: Final = shape_of(VendorReply)
_FIX: Final = shape_of(Fix)
#: What does not count any more keeps its number.
_PLACE: Final = (
    "SELECT n FROM events WHERE n = ?2 AND id = ?1"
    " UNION ALL SELECT n FROM quarantine WHERE id = ?1"
    " UNION ALL SELECT n FROM events WHERE kind = 'occurrence_logged' AND id = ?1"
    # Where the events have other numbers than they had, this reads a whole index.
    " UNION ALL SELECT n FROM events INDEXED BY idx_events_change"
    " WHERE kind <> 'occurrence_logged' AND id = ?1 LIMIT 1"
)
#: So many quarantined events are remembered by their numbers; more come from a flood.
_HELD: Final = 1_000
#: What counts again because its store is no longer ignored is old news.
_WAITING: Final = (
    f"SELECT n FROM quarantine WHERE n <= ? AND reason <> '{Quarantine.IGNORED}'"
    " ORDER BY n DESC LIMIT ?"
)

#: The new events of a kind: behind a number, or kept out of the fold when that was reached.
_NEW: Final = (
    "events.kind = '{kind}' AND (events.n > ?1 OR events.n IN ({released})) AND events.n <= ?2"
    " AND events.actor NOT IN (SELECT value FROM json_each(?3))"
)
_REPORTED: Final = (
    f"SELECT n, id, pitfall, at, who FROM events WHERE {_NEW.replace('{kind}', 'reported')}"
    " AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)"
)
_REGRESSED: Final = (
    f"SELECT events.n, events.at, occurrences.pitfall,"
    f" {', '.join(f'occurrences.{one}' for one in _OCCURRENCE.columns)}"
    " FROM events JOIN occurrences ON occurrences.id = events.id"
    f" WHERE {_NEW.replace('{kind}', 'occurrence_logged')}"
    f" AND {IS_REGRESSION}"
)
_REPLIED: Final = (
    f"SELECT events.n, events.at, vendor_replies.pitfall,"
    f" {', '.join(f'vendor_replies.{one}' for one in _REPLY.columns)}"
    " FROM events JOIN vendor_replies ON vendor_replies.id = events.id"
    " AND vendor_replies.recorded_on = events.pitfall"
    f" WHERE {_NEW.replace('{kind}', 'statement_added')}"
)
#: Fixes that evidence speaks of, where the fix or the evidence is new.
_JUDGED: Final = (
    f"SELECT {', '.join(f'fixes.{one}' for one in _FIX.columns)}, fixes.pitfall, fixes.state,"
    " proof.n, proof.id, proof.at, proof.who, recorded.n, recorded.id, recorded.at, recorded.who"
    " FROM fixes CROSS JOIN events AS proof ON proof.id = fixes.evidence"
    " AND proof.kind = 'occurrence_logged'"
    " CROSS JOIN events AS recorded ON recorded.pitfall = fixes.pitfall AND recorded.id = fixes.id"
    " AND recorded.kind <> 'occurrence_logged'"
    f" WHERE fixes.state <> '{FixState.CLAIMED}'"
    " AND (max(proof.n, recorded.n) > ?1 OR proof.n IN ({released}) OR recorded.n IN ({released}))"
    " AND max(proof.n, recorded.n) <= ?2"
    " AND recorded.actor NOT IN (SELECT value FROM json_each(?3))"
)
_KNOWN_BEFORE: Final = (
    f"SELECT {', '.join(f'occurrences.{one}' for one in _OCCURRENCE.columns)}"
    " FROM occurrences JOIN events ON events.id = occurrences.id"
    " AND events.kind = 'occurrence_logged'"
    " WHERE occurrences.pitfall = ?1 AND events.n <= ?2 AND events.n NOT IN ({released})"
)
_ROWS: Final = (
    f"SELECT {ROW}, workaround, workaround_zh FROM pitfalls"
    " WHERE in_view = 1 AND id IN (SELECT value FROM json_each(?))"
)
_ROW_COLUMNS: Final = len(names_of(ROW))
_BY_STATE: Final = {
    FixState.VERIFIED: NoticeKind.FIX_VERIFIED,
    FixState.DISPUTED: NoticeKind.FIX_DISPUTED,
}


class Cursor(NamedTuple):
    """A place in the order in which events arrived.

    Fields:
        n, event: the number and the id of the last event before it; of an empty board 0 and
            nothing.
        held: the numbers of older events that did not count then, and may later.
        found, seen: when (ms) watching found the last suggestion before it, and those of that time.
    """

    n: int = 0
    event: str = ""
    held: tuple[int, ...] = ()
    found: int = 0
    seen: tuple[str, ...] = ()


class Happening(NamedTuple):
    """Something that happened to a pitfall.

    Fields:
        n, event: the number and the id of the event that it is about, the last of several; of a
            suggestion 0 and a name of what was found.
        times: how many regressions of the pitfall this is.
        occurrence, reply, fix, suggestion: what was seen, said, judged or found.
    """

    n: int
    event: str
    kind: NoticeKind
    pitfall: str
    at: int
    who: str
    times: int = 1
    occurrence: Occurrence | None = None
    reply: VendorReply | None = None
    fix: Fix | None = None
    suggestion: ReplySuggestion | None = None


class Notice(NamedTuple):
    """What happened, and the row and the workaround of the pitfall as they are now."""

    what: Happening
    row: Row
    workaround: Text


class NoticeReader(BoardPart):
    """Reads what happened since a cursor. Use it inside one snapshot of the board."""

    def newest(self) -> Cursor:
        """The cursor behind all that there is."""
        rows = self._reader.fetch_all("SELECT n, id FROM events ORDER BY n DESC LIMIT 1")
        n, event = rows[0] if rows else (0, "")
        [(found,)] = self._reader.fetch_all("SELECT ifnull(max(found_at), 0) FROM suggestions")
        seen = tuple(one.event for one in self._suggested(found, found))
        return Cursor(int(n), str(event), self._quarantined(int(n)), int(found), seen)

    def found(self, cursor: Cursor) -> Cursor | None:
        """Where a cursor is in this file, which may have been restored from a backup.

        Returns: None if its event is not in this file.
        """
        if not cursor.event:
            return cursor
        rows = self._reader.fetch_all(_PLACE, (cursor.event, cursor.n))
        return cursor._replace(n=int(rows[0][0])) if rows else None

    def after(self, cursor: Cursor, notice: Notice) -> Cursor:
        """The cursor behind a notice; see :meth:`since` for their order."""
        what = notice.what
        if what.suggestion is not None:
            seen = cursor.seen if what.at == cursor.found else ()
            return cursor._replace(found=what.at, seen=(*seen, what.event))
        held = tuple(n for n in cursor.held if n != what.n)
        if what.n <= cursor.n:
            return cursor._replace(held=held)
        held = tuple(dict.fromkeys((*held, *self._quarantined(what.n))))[-_HELD:]
        return cursor._replace(n=what.n, event=what.event, held=held)

    def since(
        self, cursor: Cursor, until: Cursor, *, without: Collection[str] = ()
    ) -> list[Notice]:
        """What happened between two cursors: what counts only now first, then by arrival.

        Several regressions of a pitfall are one notice. What watching suggests comes last.

        Args:
            cursor, until: the first one is not behind the second.
            without: stores whose events are none, such as a catalogue.
        """
        released = self._released(cursor)
        found = [
            one
            for one in self._suggested(cursor.found, until.found)
            if one.at > cursor.found or one.event not in cursor.seen
        ]
        if cursor.n >= until.n and not released:
            return self._with_pitfalls(found)
        text = listed(released)
        given = (cursor.n, until.n, id_array(without))
        found += [
            *self._reports(text, given),
            *self._regressions(text, given).values(),
            *self._replies(text, given),
            *self._judged(released, given),
        ]
        found.sort(key=lambda one: (not one.n, one.n > cursor.n, one.n, one.at))
        return self._with_pitfalls(found)

    def _suggested(self, since: int, until: int) -> list[Happening]:
        """What watching suggests that was found at two times or between them (ms)."""
        names = ", ".join(f"s.{name}" for name in ReplySuggestion._fields)
        rows = self._reader.fetch_all(
            f"SELECT {names} FROM {SUGGESTED} AND s.found_at > 0 AND s.found_at BETWEEN ? AND ?"
            " ORDER BY s.found_at, s.pitfall, s.url",
            (since, until),
        )
        found = []
        for row in rows:
            one = suggestion_of(row)
            name = f"{one.digest[:16]}{one.pitfall}"
            found.append(
                Happening(
                    *(0, name, NoticeKind.VENDOR_REPLY, one.pitfall, one.found_at, one.author),
                    suggestion=one,
                )
            )
        return found

    def _quarantined(self, n: int) -> tuple[int, ...]:
        rows = self._reader.fetch_all(_WAITING, (n, _HELD))
        return tuple(int(number) for (number,) in reversed(rows))

    def _released(self, cursor: Cursor) -> list[int]:
        """The numbers of what did not count when the cursor was made, and does now."""
        if not cursor.held:
            return []
        rows = self._reader.fetch_all(f"SELECT n FROM events WHERE n IN ({listed(cursor.held)})")
        return [int(n) for (n,) in rows]

    def _reports(self, released: str, given: tuple[object, ...]) -> list[Happening]:
        rows = self._reader.fetch_all(_REPORTED.format(released=released), given)
        return [
            Happening(n, event, NoticeKind.NEW, pitfall, at, who)
            for n, event, pitfall, at, who in rows
        ]

    def _regressions(self, released: str, given: tuple[object, ...]) -> dict[str, Happening]:
        """By pitfall, with the one that arrived last."""
        found: dict[str, Happening] = {}
        rows = self._reader.fetch_all(
            f"{_REGRESSED.format(released=released)} ORDER BY events.n", given
        )
        for n, at, pitfall, *columns in rows:
            seen = _OCCURRENCE.read(columns)
            before = found.get(pitfall)
            found[pitfall] = Happening(
                n,
                seen.id,
                NoticeKind.REGRESSION,
                pitfall,
                at,
                seen.who,
                1 if before is None else before.times + 1,
                occurrence=seen,
            )
        return found

    def _replies(self, released: str, given: tuple[object, ...]) -> list[Happening]:
        found = []
        for n, at, pitfall, *columns in self._reader.fetch_all(
            _REPLIED.format(released=released), given
        ):
            said = _REPLY.read(columns)
            found.append(
                Happening(n, said.id, NoticeKind.VENDOR_REPLY, pitfall, at, said.who, reply=said)
            )
        return found

    def _judged(self, released: list[int], given: tuple[object, ...]) -> list[Happening]:
        """Fixes of which the evidence says something else than it did before."""
        found = []
        was = int(str(given[0]))
        for row in self._reader.fetch_all(_JUDGED.format(released=listed(released)), given):
            fix = _FIX.read(row[: len(_FIX.columns)])
            pitfall, state, *events = row[len(_FIX.columns) :]
            new = [one for one in (events[:4], events[4:]) if one[0] > was or one[0] in released]
            is_new = events[4] > was or events[4] in released
            if not is_new and self._state_before(pitfall, fix, was, released) == state:
                continue
            n, event, at, who = max(new)
            found.append(Happening(n, event, _BY_STATE[FixState(state)], pitfall, at, who, fix=fix))
        return found

    def _state_before(self, pitfall: str, fix: Fix, n: int, released: list[int]) -> FixState:
        rows = self._reader.fetch_all(_KNOWN_BEFORE.format(released=listed(released)), (pitfall, n))
        return evidence(fix, map(_OCCURRENCE.read, rows)).state

    def _with_pitfalls(self, found: list[Happening]) -> list[Notice]:
        """The notices of pitfalls that the board shows."""
        rows = self._reader.fetch_all(_ROWS, (id_array({one.pitfall for one in found}),))
        held = {}
        for row in rows:
            one = row_of(row[:_ROW_COLUMNS])
            held[one.id] = one, Text(*(words or "" for words in row[_ROW_COLUMNS:]))
        return [Notice(one, *held[one.pitfall]) for one in found if one.pitfall in held]
