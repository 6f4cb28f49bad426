"""The state of sharing: what people see of it, and where the store keeps it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from storage.db.reader import Reader
from storage.errors import N_, NotFound, PitboardError
from storage.model.clock import FIRST
from storage.model.fields import NamedTuple
from storage.model.vocabulary import Quarantine
from storage.sharing import journal
from storage.sharing.git_errors import GitErrorKind, SharingFailed

if TYPE_CHECKING:
    from storage.write.session import WriteSession

#: How many notes are kept; the oldest go first.
_NOTES: Final = 1_000


@dataclass(frozen=True, slots=True)
class SyncNote:
    """Something that was noticed on the remote or set aside, and when (ms)."""

    at: int
    what: PitboardError


@dataclass(frozen=True, slots=True)
class SharingState:
    """The state of a shared board; times in ms, None before the first.

    ``waiting`` counts the events and ``waiting_files`` the attachments that are to be sent,
    ``sent`` and ``received`` what the last sync moved, ``changes`` what others had changed by
    then, ``actor`` whose board it was. ``problem`` is what kept the last one
    from being done; None if it was.
    """

    url: str
    layout: str
    joined_at: int
    tried_at: int | None
    synced_at: int | None
    sent: int
    received: int
    waiting: int
    waiting_files: int
    problem: SharingFailed | None
    actor: str = ""
    changes: tuple[MemberChanges, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """A store that wrote events on this board, with the people who wrote there.

    ``here`` if it is this one, ``is_catalogue`` if nobody wrote there: its events are the built-in
    pitfalls. ``problems`` are what is wrong with its chain of events, and why some are
    quarantined; ``ignored_since`` is from when on it is ignored (ms, 0 for all), None if it is not.
    """

    actor: str
    people: tuple[MemberName, ...]
    here: bool
    is_catalogue: bool = False
    problems: tuple[Quarantine, ...] = ()
    ignored_since: int | None = None

    @property
    def events(self) -> int:
        """How many events it wrote."""
        return sum(person.events for person in self.people)

    @property
    def last_at(self) -> int:
        """When it wrote last."""
        return max(person.last_at for person in self.people)


@dataclass(frozen=True, slots=True)
class MemberName:
    """Somebody who wrote in a store, by the name that they gave: a claim, not a proof.

    ``first_at`` and ``last_at`` (ms) are when, by the clock of that store.
    """

    name: str
    events: int
    first_at: int
    last_at: int


class ChangeKind(StrEnum):
    """What somebody did, as a summary counts it; spelled as it is kept."""

    HIDDEN = "hidden"
    UNDONE = "undone"
    EDITED = "edited"
    DECIDED = "decided"
    NEW = "new"
    OCCURRENCES = "occurrences"
    COMMENTS = "comments"


#: Nobody does so much of what changes or takes away between two syncs by hand.
UNUSUAL: Final = 50
_ADDING: Final = frozenset((ChangeKind.NEW, ChangeKind.OCCURRENCES, ChangeKind.COMMENTS))


class MemberChanges(NamedTuple):
    """What one person on one store changed since the last sync: how much of each sort."""

    actor: str
    name: str
    counts: dict[ChangeKind, int]

    @property
    def unusual(self) -> bool:
        """Whether it is more of what changes or takes away than a person does by hand."""
        return any(count >= UNUSUAL for sort, count in self.counts.items() if sort not in _ADDING)


class QuarantinedEvent(NamedTuple):
    """An event that is kept and does not count.

    ``at`` and ``claims`` (ms) are when it says it was written, and the latest time that it claims
    in any way; ``relayed_by`` is whose journal it came in, None if in its own store's.
    """

    id: str
    actor: str
    who: str
    at: int
    claims: int
    pitfall: str
    event_kind: str
    reason: Quarantine
    relayed_by: str | None


class SharingReader(Reader):
    """Reads the state of sharing."""

    def sharing(self) -> SharingState | None:
        """How it stands; None if the board is not shared."""
        rows = self.fetch_all(
            "SELECT url, layout, joined_at, tried_at, synced_at, sent, received,"
            " problem, details, ifnull(actor, ''), ifnull(changes, '[]') FROM sharing"
        )
        if not rows:
            return None
        [(url, layout, joined_at, tried_at, synced_at, sent, received, *rest)] = rows
        problem, details, actor, changes = rest
        [(files,)] = self.fetch_all("SELECT count(*) FROM contents WHERE NOT journalled")
        failed = SharingFailed(GitErrorKind(problem), url, details) if problem else None
        waiting = journal.count_unmarked(self.connection)
        moved = (sent, received, waiting, files)
        changed = tuple(_member_changes(one) for one in json.loads(changes))
        times = (joined_at, tried_at, synced_at)
        return SharingState(url, layout, *times, *moved, failed, actor, changed)

    def notes(self) -> list[SyncNote]:
        """What was noticed, the newest first."""
        rows = self.fetch_all(
            "SELECT at, message, advice, told FROM sharing_notes ORDER BY at DESC, place"
        )
        return [
            SyncNote(at, PitboardError(message, advice, **json.loads(values)))
            for at, message, advice, values in rows
        ]

    def writers(self) -> list[Writer]:
        """The stores that wrote on this board, the one that wrote last first."""
        [(own,)] = self.fetch_all("SELECT actor FROM store")
        ignored = dict(self.fetch_all("SELECT actor, since FROM ignored"))
        problems = self._problems()
        rows = self.fetch_all(
            # The readings of a catalogue lie below every person's; see ``storage.model.clock``.
            "SELECT actor, max(hlc) < ?, who, count(*), min(at), max(at) FROM ("
            " SELECT actor, hlc, who, at FROM events"
            " UNION ALL SELECT actor, hlc, who, at FROM quarantine WHERE reason <> ?)"
            " GROUP BY actor, who ORDER BY max(at) DESC",
            (FIRST, Quarantine.NOT_OURS),
        )
        people: dict[tuple[str, bool], list[MemberName]] = {}
        for actor, built_in, *name in rows:
            people.setdefault((actor, bool(built_in)), []).append(MemberName(*name))
        return [
            Writer(
                actor,
                tuple(those),
                actor == own,
                built_in,
                tuple(sorted(problems.get(actor, ()))),
                ignored.get(actor),
            )
            for (actor, built_in), those in people.items()
        ]

    def _problems(self) -> dict[str, set[Quarantine]]:
        """What is wrong with the events of each store, by its name."""
        found: dict[str, set[Quarantine]] = {}
        for actor, reason in self.fetch_all("SELECT DISTINCT actor, reason FROM quarantine"):
            found.setdefault(actor, set()).add(Quarantine(reason))
        forked = "SELECT actor FROM events GROUP BY actor, seq HAVING count(*) > 1"
        for (actor,) in self.fetch_all(f"SELECT DISTINCT actor FROM ({forked})"):
            found.setdefault(actor, set()).add(Quarantine.FORKED)
        gaps = (
            "SELECT actor FROM (SELECT actor, seq FROM events UNION SELECT actor, seq"
            " FROM quarantine WHERE reason <> ?) GROUP BY actor HAVING max(seq) > count(*)"
        )
        for (actor,) in self.fetch_all(gaps, (Quarantine.NOT_OURS,)):
            found.setdefault(actor, set()).add(Quarantine.UNLINKED)
        return found

    def quarantine(self, limit: int = 1_000) -> list[QuarantinedEvent]:
        """The events that are kept and do not count, but for those of ignored stores."""
        rows = self.fetch_all(
            "SELECT id, actor, who, at, max(hlc >> 16, at), pitfall, kind, reason, relayed_by"
            " FROM quarantine WHERE reason <> ? ORDER BY reason, actor, seq LIMIT ?",
            (Quarantine.IGNORED, limit),
        )
        return [
            QuarantinedEvent(name, actor, who, at, claims, pitfall, kind, Quarantine(why), relayed)
            for name, actor, who, at, claims, pitfall, kind, why, relayed in rows
        ]

    def quarantined_by(self, text: str) -> list[str]:
        """The ids of quarantined events of a store or a person, or of one event.

        Args:
            text: as for :meth:`store_named`, or the beginning of an event's id.

        Raises:
            NotFound: if there is none.
        """
        waiting = self.quarantine(limit=-1)
        wanted = text.strip().lower()
        found = [one.id for one in waiting if text in (one.who, one.actor)]
        if not found and len(wanted) >= _SHORTEST:
            found = [one.id for one in waiting if one.actor.startswith(wanted)] or [
                one.id for one in waiting if one.id.startswith(wanted)
            ]
        if not found:
            raise NotFound(
                N_("Nothing of “{name}” is quarantined."),
                N_("“pitboard members quarantine” lists what is."),
                name=text,
            )
        return found

    def store_named(self, text: str) -> str:
        """The store that a person means.

        Args:
            text: four or more characters of its name, or the name of somebody who wrote there and
                nowhere else.

        Raises:
            NotFound: if there is none, or several could be meant.
        """
        wanted = text.strip().lower()
        actors = {actor for (actor,) in self.fetch_all(_ACTORS)}
        found = {one for one in actors if len(wanted) >= _SHORTEST and one.startswith(wanted)}
        if not found:
            rows = self.fetch_all(
                "SELECT actor FROM events WHERE who = ?1 UNION"
                " SELECT actor FROM quarantine WHERE who = ?1 AND reason <> ?2",
                (text, Quarantine.NOT_OURS),
            )
            found = {actor for (actor,) in rows}
        if not found:
            raise NotFound(
                N_("No store and nobody on this board is called “{name}”."),
                N_("“pitboard members” lists them; give four characters of a store, or a name."),
                name=text,
            )
        if len(found) > 1:
            raise NotFound(
                N_("“{name}” could be {count} stores: {stores}."),
                N_("Give the name of the store."),
                name=text,
                count=len(found),
                stores=", ".join(sorted(one[:8] for one in found)),
            )
        return str(found.pop())


_SHORTEST: Final = 4
_ACTORS: Final = (
    "SELECT DISTINCT actor FROM events UNION SELECT DISTINCT actor FROM quarantine"
    " UNION SELECT actor FROM ignored"
)


def _member_changes(said: Sequence[Any]) -> MemberChanges:
    actor, name, counts = said
    return MemberChanges(actor, name, {ChangeKind(sort): n for sort, n in counts.items()})


def note(
    session: WriteSession, noticed: Sequence[tuple[str, PitboardError]]
) -> list[PitboardError]:
    """Keep what was noticed, each once by its place; what of it is new."""
    if not noticed:
        return []
    new = []
    with session.writing():
        for place, error in noticed:
            values = json.dumps(error.values, default=str)
            added = session.connection.execute(
                "INSERT OR IGNORE INTO sharing_notes VALUES (?, ?, ?, ?, ?)",
                (place, session.now(), error.message, error.advice, values),
            )
            if added.rowcount:
                new.append(error)
        session.connection.execute(
            "DELETE FROM sharing_notes WHERE place NOT IN"
            " (SELECT place FROM sharing_notes ORDER BY at DESC LIMIT ?)",
            (_NOTES,),
        )
    return new


def set_state(session: WriteSession, **values: object) -> None:
    """Keep how the sharing stands now; ``values`` are columns of the table ``sharing``."""
    columns = ", ".join(f"{name} = :{name}" for name in values)
    with session.writing():
        session.connection.execute(f"UPDATE sharing SET {columns}", values)


def actor_of(connection: sqlite3.Connection) -> str:
    """The name of the store that a file belongs to."""
    (actor,) = connection.execute("SELECT actor FROM store").fetchone()
    return str(actor)
