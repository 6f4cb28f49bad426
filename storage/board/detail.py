"""One pitfall with all that belongs to it, its names and its history."""

from __future__ import annotations

import sqlite3

from storage.board.items import Items
from storage.board.rows import DECISION, OCCURRENCE, decision_of, occurrence_of
from storage.connection import unreadable
from storage.errors import N_, Ambiguous, NotFound
from storage.models import (
    Environment,
    Line,
    Occurrence,
    Pitfall,
    Sightings,
    Tally,
    Text,
)
from storage.vocabulary import (
    Channel,
    Host,
    Kind,
    Platform,
    Severity,
    Status,
)

_SHORTEST_ID = 4


class Details(Items):
    """The detailed side of a board."""

    def resolve(self, prefix: str) -> str:
        """The id that ``prefix`` is the beginning of.

        Raises:
            NotFound: if it begins none.
            Ambiguous: if it begins several; the error holds them.
        """
        wanted = prefix.strip().lower()
        rows = self._all(
            "SELECT id, title FROM pitfalls WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT 10",
            (wanted,),
        )
        if not rows or not wanted:
            raise NotFound(
                N_("No pitfall has an id that begins with “{prefix}”."),
                N_("“pitboard list” shows the ids."),
                prefix=prefix,
            )
        if len(rows) > 1 and str(rows[0][0]) != wanted:
            raise Ambiguous(prefix, [(self.short_id(str(i)), str(title)) for i, title in rows])
        return str(rows[0][0])

    def short_id(self, pitfall: str) -> str:
        """The shortest prefix, of four characters or more, that is unique on this board."""
        [(before, after)] = self._all(
            "SELECT (SELECT max(id) FROM pitfalls WHERE id < ?1),"
            " (SELECT min(id) FROM pitfalls WHERE id > ?1)",
            (pitfall,),
        )
        shared = max(_shared(pitfall, str(other or "")) for other in (before, after))
        return pitfall[: max(_SHORTEST_ID, shared + 1)]

    def components(self) -> list[str]:
        """Every component, those with most pitfalls first."""
        rows = self._all("SELECT component FROM pitfalls GROUP BY 1 ORDER BY count(*) DESC, 1")
        return [str(name) for (name,) in rows if name]

    def tags(self) -> list[str]:
        """Every tag, the most used first."""
        rows = self._all("SELECT tag FROM tags GROUP BY 1 ORDER BY count(*) DESC, 1")
        return [str(tag) for (tag,) in rows]

    # One pitfall

    def pitfall(self, pitfall: str) -> Pitfall:
        """A pitfall with all that belongs to it but its occurrences.

        Raises:
            NotFound: if it is not on this board.
        """
        rows = self._all(
            "SELECT title, title_zh, kind, component, component_zh, severity, status, workaround,"
            " workaround_zh, reproduction, reproduction_zh, reported_at, reported_by, changed_at,"
            f" {DECISION} FROM pitfalls WHERE id = ?",
            (pitfall,),
        )
        if not rows:
            raise NotFound(N_("There is no pitfall {id} on this board."), id=pitfall)
        title, title_zh, kind, component, component_zh, severity, status, *rest = rows[0]
        workaround, workaround_zh, reproduction, reproduction_zh, at, who, changed, *decided = rest
        return Pitfall(
            id=pitfall,
            title=Text.of(title, title_zh),
            kind=Kind(kind),
            component=Text.of(component, component_zh),
            severity=Severity(severity),
            status=Status(status),
            workaround=Text(workaround, workaround_zh),
            reproduction=Text(reproduction, reproduction_zh),
            reported_at=at,
            reported_by=who,
            changed_at=changed,
            tags=tuple(
                str(tag)
                for (tag,) in self._all(
                    "SELECT tag FROM tags WHERE pitfall = ? ORDER BY tag", (pitfall,)
                )
            ),
            comments=self._comments(pitfall),
            references=self._references(pitfall),
            signatures=self._signatures(pitfall),
            fixes=self._fixes(pitfall),
            decision=decision_of(decided),
            apart=tuple(
                str(other)
                for (other,) in self._all(
                    "SELECT other FROM told_apart WHERE pitfall = ?1 AND recorded_on = ?1"
                    " ORDER BY other",
                    (pitfall,),
                )
            ),
        )

    def sightings(self, pitfall: str) -> Sightings:
        """The counters over a pitfall's occurrences."""
        rows = self._all(
            "SELECT occurrence_count, first_seen, last_seen FROM pitfalls WHERE id = ?", (pitfall,)
        )
        return Sightings(*rows[0]) if rows else Sightings()

    def occurrences(self, pitfall: str, limit: int = -1, offset: int = 0) -> list[Occurrence]:
        """A pitfall's occurrences, newest first; all of them unless there is a ``limit``."""
        condition, whose = self._shown_with(pitfall)
        rows = self._all(
            f"SELECT {OCCURRENCE} FROM occurrences WHERE {condition}"
            " ORDER BY seen_at DESC, id DESC LIMIT ? OFFSET ?",
            (*whose, limit, offset),
        )
        return [occurrence_of(row) for row in rows]

    def _shown_with(self, pitfall: str) -> tuple[str, tuple[str, ...]]:
        """The SQL condition of the occurrences to show with a pitfall, and its parameters.

        Those of a duplicate count for the original, and are shown with either.
        """
        original = self.original(pitfall)
        if original == pitfall:
            return "pitfall = ?", (pitfall,)
        return "pitfall = ? AND recorded_on = ?", (original, pitfall)

    def environments(self, pitfall: str) -> list[Tally]:
        """What the occurrences of each host, platform and channel came to."""
        condition, whose = self._shown_with(pitfall)
        rows = self._all(
            "SELECT host, platform, channel,"
            " sum(CASE outcome WHEN 'reproduced' THEN count ELSE 0 END),"
            " sum(CASE outcome WHEN 'reproduced' THEN 0 ELSE count END), max(seen_at)"
            f" FROM occurrences WHERE {condition} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            whose,
        )
        return [
            Tally(
                Host(str(host)) if host else None,
                Platform(str(platform)) if platform else None,
                Channel(str(channel)) if channel else None,
                yes,
                no,
                last,
            )
            for host, platform, channel, yes, no, last in rows
        ]

    def timeline(self, pitfall: str, occurrences: int = 200) -> list[Line]:
        """A pitfall's history, newest first, with its newest ``occurrences`` sightings."""
        from storage.events import parse
        from storage.fold import timeline
        from storage.refold import core_events, mentioned_occurrences

        try:
            events = core_events(self._connection, pitfall)
            events += mentioned_occurrences(self._connection, pitfall)
        except sqlite3.Error as error:
            raise unreadable(error, self.path) from error
        condition, whose = self._shown_with(pitfall)
        rows = self._all(
            f"SELECT line FROM events WHERE id IN (SELECT id FROM occurrences WHERE {condition}"
            " ORDER BY seen_at DESC, id DESC LIMIT ?)",
            (*whose, occurrences),
        )
        events += [parse(str(line).encode()) for (line,) in rows]
        return timeline(events)[::-1]

    def newest_changes(self, limit: int) -> list[Line]:
        """The newest changes on the whole board, newest first."""
        rows = self._all("SELECT id, pitfall FROM events ORDER BY n DESC LIMIT ?", (limit,))
        newest = {str(event): place for place, (event, _) in enumerate(rows)}
        pitfalls = dict.fromkeys(str(pitfall) for _, pitfall in rows)
        lines = [
            line
            for pitfall in pitfalls
            for line in self.timeline(pitfall, limit)
            if line.event in newest
        ]
        return sorted(lines, key=lambda line: newest[line.event])

    def last_environment(self) -> Environment:
        """The environment of the occurrence that this store logged last."""
        rows = self._all(
            f"SELECT {OCCURRENCE} FROM occurrences WHERE id = (SELECT id FROM events"
            " WHERE actor = (SELECT actor FROM store) AND kind = 'occurrence_logged'"
            " ORDER BY seq DESC LIMIT 1)"
        )
        return occurrence_of(rows[0]).environment if rows else Environment()


def _shared(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
