"""The timeline of a period, the newest event first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from storage.db.reader import Reader, typed_id
from storage.db.rows import shape_of
from storage.errors import N_, Ambiguous, NotFound
from storage.model.records import THE_BOARD, Line, RetroNote, Text
from storage.model.retro import Happened
from storage.model.vocabulary import Verdict
from storage.read.history import newest_first
from storage.retro.periods import Elapsed, RetroReader

#: What the timeline calls the occurrence of a pitfall where it should be fixed: the kind of its
#: event, as it is the only sort of occurrence that it shows.
REGRESSION: Final = "occurrence_logged"
#: What takes back and what is taken back leave no trace in a period.
_UNDOING: Final = "undone"

_SHOWN: Final = "(pitfall = ?3 OR pitfall IN (SELECT id FROM pitfalls WHERE in_view = 1))"
_EVENTS: Final = f"""
SELECT at, id, pitfall FROM events
WHERE kind <> 'occurrence_logged' AND kind <> '{_UNDOING}' AND at >= ?1 AND at < ?2 AND {_SHOWN}
  AND id NOT IN (SELECT event FROM voided)
"""
_REGRESSIONS: Final = f"""
SELECT seen_at, id, pitfall FROM occurrences
WHERE verdict <> '' AND verdict = '{Verdict.REGRESSION}'
  AND seen_at >= ?1 AND seen_at < ?2 AND {_SHOWN}
"""


class TimelineReader(RetroReader):
    """Reads what happened."""

    def happened(
        self, stretch: Elapsed, kinds: Collection[str], limit: int, offset: int
    ) -> tuple[Happened, ...]:
        """The events of a stretch that stand, and the regressions that were seen in it.

        Args:
            stretch: the stretch.
            kinds: of events that are looked for; all if there is none.
            limit, offset: so many events, after so many newer ones.
        """
        rows = self.fetch_all(
            f"{_chosen(kinds)} ORDER BY 1 DESC, 2 DESC LIMIT {int(limit)} OFFSET {int(offset)}",
            (*stretch, THE_BOARD, *kinds),
        )
        lines: dict[str, list[Line]] = {}
        for pitfall in dict.fromkeys(pitfall for _, _, pitfall in rows):
            events = [event for _, event, of in rows if of == pitfall]
            for line in self._history(pitfall, events):
                lines.setdefault(line.event, []).append(line)
        titles = self.titles({pitfall for _, _, pitfall in rows})
        return tuple(
            Happened(
                event=line.event,
                pitfall=line.pitfall if line.pitfall in titles else "",
                title=titles.get(line.pitfall, Text()),
                at=at,
                who=line.who,
                what=line.what,
                field=line.field,
                before=line.before,
                after=line.after,
                reason=line.reason,
                part=line.part,
                about=line.about,
                decision=line.decision,
                sort=line.sort,
            )
            for at, event, _ in rows
            for line in lines.get(event, ())
        )

    def _history(self, pitfall: str, asked: Collection[str]) -> Iterator[Line]:
        """What some events did to a pitfall that counts, or to those that count for it."""
        marks = ", ".join("?" * len(asked))
        for line in reversed(newest_first(self, pitfall, marks, tuple(asked))):
            if line.event in asked and line.known and not line.void:
                yield line

    def titles(self, pitfalls: Collection[str]) -> dict[str, Text]:
        """The titles of those pitfalls that are on the board."""
        marks = ", ".join("?" * len(pitfalls))
        rows: list[Any] = self.fetch_all(
            f"SELECT id, title, title_zh FROM pitfalls WHERE id IN ({marks})", tuple(pitfalls)
        )
        return {name: Text.of(title, title_zh) for name, title, title_zh in rows}


def _chosen(kinds: Collection[str]) -> str:
    """The selection of what happened, of some kinds or of all; kinds are bound after it."""
    if not kinds:
        return f"{_EVENTS} UNION ALL {_REGRESSIONS}"
    marks = ", ".join(f"?{place}" for place in range(4, 4 + len(kinds)))
    events = f"{_EVENTS} AND kind IN ({marks})"
    return f"{events} UNION ALL {_REGRESSIONS}" if REGRESSION in kinds else events


def goes_on(events: Collection[Happened], limit: int) -> bool:
    """Whether there may be older events than those that were read, as so many were asked for."""
    return len({one.event for one in events}) >= limit


# Reads retro notes and follow-ups


#: Among those of one day the order of the record.
_IN_ORDER: Final = "at, id"


_OPEN: Final = "sort = 'follow-up' AND done_on = ''"


class RetroNoteReader(Reader):
    """The notes, decisions and follow-ups on a board."""

    def notes(self, since: int, until: int) -> tuple[RetroNote, ...]:
        """What was noted from ``since`` up to, and without, ``until`` (ms), in that order."""
        return self._read("at >= ? AND at < ?", _IN_ORDER, since, until)

    def due(self, at: int) -> tuple[RetroNote, ...]:
        """The follow-ups of before a time (ms) that nobody has done, the earliest due first."""
        return self._read(f"{_OPEN} AND at < ?", f"due = '', due, {_IN_ORDER}", at)

    def follow_ups(self) -> tuple[RetroNote, ...]:
        """All follow-ups: those that nobody has done, then the others, the last done first."""
        order = f"done_on <> '', done_on DESC, due = '', due, {_IN_ORDER}"
        return self._read("sort = 'follow-up'", order)

    def of_pitfall(self, pitfall: str) -> set[RetroNote]:
        """What was noted about a pitfall; with an empty name, what is about none."""
        return set(self._read("pitfall = ?", _IN_ORDER, pitfall))

    def note(self, prefix: str) -> RetroNote:
        """The note whose id begins so.

        Raises:
            NotFound, Ambiguous: if none does, or several do.
        """
        begins = typed_id(prefix)
        found = self._read("id >= ?1 AND id < ?1 || 'g'", _IN_ORDER, begins) if begins else ()
        if not found:
            raise NotFound(
                N_("No follow-up or note has an id that begins with “{prefix}”."),
                N_("“pitboard retro follow-ups --all” shows them."),
                prefix=prefix,
            )
        if len(found) > 1:
            raise Ambiguous(prefix, [(one.id[:8], one.text.plain) for one in found[:10]])
        return found[0]

    def _read(self, condition: str, order: str, *parameters: object) -> tuple[RetroNote, ...]:
        # The condition and the order come from above, never from what was typed.
        shape = shape_of(RetroNote)
        rows = self.fetch_all(
            f"SELECT {shape.selected} FROM retro_notes WHERE {condition} ORDER BY {order}",
            parameters,
        )
        return tuple(map(shape.read, rows))
