"""One pitfall with all that belongs to it, and its names."""

from __future__ import annotations

from typing import Final

from storage.db.entries import Items
from storage.db.rows import DECISION, OCCURRENCE, decision_of, occurrence_of, undamaged
from storage.errors import N_, Ambiguous, NotFound
from storage.model.records import Environment, Occurrence, Pitfall, Sightings, Tally, Text
from storage.model.vocabulary import Across, Channel, Host, Kind, Platform, Severity, Status

_SHORTEST_ID = 4
#: The column that each sort of environments is told apart by.
_ACROSS: Final = {
    Across.CHANNEL: "channel",
    Across.LIBRARY: "base_library",
    Across.CLIENT: "client_version",
}


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

    @undamaged
    def pitfall(self, pitfall: str) -> Pitfall:
        """A pitfall with all that belongs to it but its occurrences.

        Raises:
            NotFound: if it is not on this board.
        """
        rows = self._all(
            "SELECT title, title_zh, kind, component, component_zh, severity, status, workaround,"
            " workaround_zh, reproduction, reproduction_zh, reported_at, reported_by, changed_at,"
            f" workaround_at, {DECISION} FROM pitfalls WHERE id = ?",
            (pitfall,),
        )
        if not rows:
            raise NotFound(N_("There is no pitfall {id} on this board."), id=pitfall)
        title, title_zh, kind, component, component_zh, severity, status, *rest = rows[0]
        workaround, workaround_zh, reproduction, reproduction_zh, at, who, *rest = rest
        changed, workaround_at, *decided = rest
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
            statements=self._statements(pitfall),
            attachments=self._attachments(pitfall),
            workaround_at=workaround_at,
            contests=self._contests(pitfall),
        )

    def sightings(self, pitfall: str) -> Sightings:
        """The counters over a pitfall's occurrences."""
        rows = self._all(
            "SELECT occurrence_count, first_seen, last_seen FROM pitfalls WHERE id = ?", (pitfall,)
        )
        return Sightings(*rows[0]) if rows else Sightings()

    @undamaged
    def occurrences(
        self, pitfall: str, limit: int = -1, offset: int = 0, *, within: Tally | None = None
    ) -> list[Occurrence]:
        """A pitfall's occurrences, newest first; all of them unless there is a ``limit``.

        Args:
            pitfall: an id.
            limit: how many at most.
            offset: how many of the newest are left out.
            within: only those that this one counts.
        """
        condition, whose = self._shown_with(pitfall)
        where: tuple[object, ...] = whose
        if within is not None:
            column = _ACROSS[within.across]
            condition += f" AND host IS ? AND platform IS ? AND ifnull({column}, '') = ?"
            where += (within.host, within.platform, within.version or within.channel or "")
        rows = self._all(
            f"SELECT {OCCURRENCE} FROM occurrences WHERE {condition}"
            " ORDER BY seen_at DESC, id DESC LIMIT ? OFFSET ?",
            (*where, limit, offset),
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

    @undamaged
    def environments(self, pitfall: str, across: Across = Across.CHANNEL) -> list[Tally]:
        """What the occurrences of each host, platform and channel or version came to."""
        condition, whose = self._shown_with(pitfall)
        rows = self._all(
            f"SELECT host, platform, nullif({_ACROSS[across]}, ''),"
            " sum(CASE outcome WHEN 'reproduced' THEN count ELSE 0 END),"
            " sum(CASE outcome WHEN 'reproduced' THEN 0 ELSE count END), max(seen_at),"
            " max(CASE outcome WHEN 'reproduced' THEN seen_at END),"
            " max(CASE outcome WHEN 'reproduced' THEN NULL ELSE seen_at END)"
            f" FROM occurrences WHERE {condition} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            whose,
        )
        by_channel = across is Across.CHANNEL
        return [
            Tally(
                host=Host(host) if host else None,
                platform=Platform(platform) if platform else None,
                channel=Channel(value) if value and by_channel else None,
                reproduced=yes,
                not_reproduced=no,
                last_at=last,
                version=None if by_channel else value,
                across=across,
                last_reproduced=last_yes,
                last_not_reproduced=last_no,
            )
            for host, platform, value, yes, no, last, last_yes, last_no in rows
        ]

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
