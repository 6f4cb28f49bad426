"""Catalogues of others: subscribe to them, take in what is new, leave them, give to them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from storage.db.connection import connect_for_reading, explained
from storage.db.reader import CATALOGUE_NAME, OF_CATALOGUE, Reader
from storage.errors import N_, Refused
from storage.events.catalogue import Manifest
from storage.events.event import as_written
from storage.model.clock import DAY_MS
from storage.model.fields import NamedTuple
from storage.model.records import Occurrence, Pitfall
from storage.model.row import BUILT_IN, Status
from storage.model.vocabulary import Outcome, SignatureForm, Source
from storage.read.board import Board
from storage.sharing.catalogue_history import CatalogueRepository, ReadHistory
from storage.sharing.git import Going, address, on_the_way
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.members import ignore, trust
from storage.write.session import WriteSession

_ANEW: Final = N_("Ask who looks after it: a history that begins anew needs a uuid of its own.")


class Subscription(NamedTuple):
    """A catalogue whose pitfalls come to this board.

    ``url`` is empty for the built-in one, which comes with Pitboard; ``pin`` is the commit at
    which it stays, if it does; ``entries`` is how many of its pitfalls are on the board, and
    ``taken_at`` (ms) when the last of them came.
    """

    name: str
    url: str = ""
    licence: str = ""
    pin: str = ""
    taken: str = ""
    taken_at: int | None = None
    entries: int = 0
    edition: int | None = None
    actor: str = ""
    uuid: str = ""

    @property
    def is_built_in(self) -> bool:
        """Whether it comes with Pitboard itself."""
        return self.name == BUILT_IN


class CatalogueReader(Reader):
    """Reads which catalogues a board has."""

    def subscriptions(self) -> list[Subscription]:
        """The built-in one first, then the others by name."""
        rows = self.fetch_all(
            "SELECT name, ifnull(url, ''), ifnull(licence, ''), ifnull(pin, ''),"
            " ifnull(taken, ''), taken_at, 0, edition, ifnull(actor, ''), ifnull(uuid, '')"
            " FROM catalogues WHERE edition NOT NULL OR url NOT NULL ORDER BY url NOT NULL, name"
        )
        return [self._counted(Subscription(*row)) for row in rows]

    def named(self, name: str) -> Subscription:
        """The subscription of a name.

        Raises:
            Refused: if there is none.
        """
        for one in self.subscriptions():
            if one.name == name and not one.is_built_in:
                return one
        if name == BUILT_IN:
            raise Refused(
                N_("The built-in catalogue comes with Pitboard and is brought up to date with it."),
                N_("“pitboard init --empty” starts a board without it."),
            )
        raise Refused(
            N_("This board is not subscribed to a catalogue “{name}”."),
            N_("“pitboard catalogue list” shows those that it has."),
            name=name,
        )

    def _counted(self, one: Subscription) -> Subscription:
        [(entries,)] = self.fetch_all(
            f"SELECT count(*) FROM events WHERE {OF_CATALOGUE} AND {CATALOGUE_NAME} = ?",
            (one.name,),
        )
        return one._replace(entries=entries)


class CatalogueNews(NamedTuple):
    """What taking a catalogue in would bring; nothing of it is on the board yet.

    Args:
        manifest: what it says of itself.
        url, pin: where it comes from, and the commit at which it stays, if it does.
        history: what it becomes, up to a commit.
        pitfalls, fixes, withdrawn, changes: how many are new: pitfalls, fixes of pitfalls that
            are here, pitfalls that were withdrawn, other changes.
    """

    manifest: Manifest
    url: str
    pin: str
    history: ReadHistory
    pitfalls: int = 0
    fixes: int = 0
    withdrawn: int = 0
    changes: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether all of it is on the board."""
        return not (self.pitfalls or self.fixes or self.withdrawn or self.changes)


def look_at(
    session: WriteSession,
    url: str,
    *,
    pin: str = "",
    going: Going = on_the_way,
    reading: Callable[[int], object] = lambda done: None,
    ask: bool = False,
) -> CatalogueNews:
    """Fetch a catalogue and tell what is new of it.

    Args:
        session: the board.
        url: its repository, as :func:`storage.sharing.git.address` takes it.
        pin: the commit that it stays at.
        going, reading: told how far fetching and reading are; may raise to stop it.
        ask: whether git may ask the person at the terminal.

    Raises:
        Refused: if it is no catalogue, its history was rewritten, or its name is taken.
        SharingFailed, LimitExceeded: if it can't be reached, or is larger than any.
    """
    remote = address(url)
    with CatalogueReader.open(session.path) as reader:
        held = reader.subscriptions()
    before = next((one for one in held if one.url == remote.url), None)
    directory = catalogues_path(session.path)
    with _alone(directory):
        place = directory / f"{_digest(remote.url)}.git"
        repository = CatalogueRepository(place, ask=ask)
        newest = repository.fetch(remote, going)
        commit = repository.commit(pin) if pin else newest
        if not repository.is_behind(commit, newest):
            raise Refused(
                N_("The commit {commit} is not on the main line of the catalogue."),
                N_("Name one that “git log --first-parent” shows."),
                commit=commit[:12],
            )
        if before is not None and before.taken and not repository.is_behind(before.taken, newest):
            raise Refused(
                N_("The history of the catalogue “{name}” was rewritten; nothing was taken in."),
                _ANEW,
                name=before.name,
            )
        history = repository.read(commit, reading)
    _must_fit(history.manifest, remote.url, held)
    future = session.now() + DAY_MS
    if any(event.envelope.at > future for event in history.events):
        raise Refused(
            N_("The catalogue holds a change of the future, and was left out."),
            N_("Check the clock of this machine; else tell who looks after the catalogue."),
        )
    news = CatalogueNews(history.manifest, remote.url, commit if pin else "", history)
    return _counted(session, news)


def take_in(session: WriteSession, news: CatalogueNews) -> None:
    """Subscribe to a catalogue, or bring it up to date: what is new of it comes to the board.

    Raises:
        NotSaved, Busy, ReadOnly: nothing of it is on the board then.
    """
    manifest = news.manifest
    with explained(session.path), closing(connect_for_reading(session.path)) as connection:
        is_hidden = connection.execute(
            "SELECT 1 FROM ignored WHERE actor = ?", (manifest.actor,)
        ).fetchone()
    if is_hidden:
        trust(session, manifest.actor)
    with session.writing() as transaction:
        transaction.take(news.history.events, witnessed=False)
        session.connection.execute(
            "INSERT INTO catalogues (name, actor, uuid, url, licence, pin, taken, taken_at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (name) DO UPDATE SET url = ?4,"
            " licence = ?5, pin = ?6, taken = ?7, taken_at = ?8",
            (
                *(manifest.name, manifest.actor, str(manifest.uuid), news.url, manifest.licence),
                *(news.pin, news.history.commit, session.now()),
            ),
        )


def leave(session: WriteSession, name: str, *, hide: bool = False) -> int:
    """End a subscription; how many events no longer count here.

    Args:
        session: the board.
        name: the catalogue's.
        hide: leave what came of it out of this board, too; what people wrote stays.

    Raises:
        Refused: if the board is not subscribed to it.
    """
    with CatalogueReader.open(session.path) as reader:
        held = reader.named(name)
    hidden = ignore(session, held.actor) if hide else 0
    with session.writing():
        session.connection.execute("DELETE FROM catalogues WHERE name = ?", (name,))
    shutil.rmtree(catalogues_path(session.path) / f"{_digest(held.url)}.git", ignore_errors=True)
    return hidden


def catalogues_path(path: Path) -> Path:
    """Where the private copies of the catalogues of the board at ``path`` lie."""
    return path.with_name(f"{path.name}.catalogues")


def _digest(url: str) -> str:
    # Loaded with the events anyway.
    from storage.events import event_id

    return event_id(url.encode())[:16]


def _alone(directory: Path) -> FileLock:
    """One of them at a time reads catalogues of a board."""
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        lock = FileLock(directory / "lock", timeout=1, mode=0o600)
        lock.acquire()
    except Timeout as error:
        raise SharingFailed(GitErrorKind.BUSY) from error
    return lock


def _must_fit(manifest: Manifest, url: str, held: list[Subscription]) -> None:
    """A name means one catalogue, and a catalogue is subscribed to once."""
    if manifest.name == BUILT_IN:
        raise Refused(
            N_("The catalogue calls itself “{name}”, as the built-in one."), name=manifest.name
        )
    for one in held:
        is_it = one.uuid == str(manifest.uuid)
        if one.url == url and not is_it and one.uuid:
            raise Refused(
                N_("At {url} lies another catalogue than before; nothing was taken in."), url=url
            )
        if one.name == manifest.name and not is_it:
            raise Refused(
                N_("The board has another catalogue “{name}”, from {url}."),
                N_("“pitboard catalogue remove {name}” ends that subscription."),
                name=one.name,
                url=one.url,
            )


def _counted(session: WriteSession, news: CatalogueNews) -> CatalogueNews:
    """The news with how many there are of each sort."""
    events = news.history.events
    with explained(session.path), closing(connect_for_reading(session.path)) as connection:
        counted, hidden = (
            dict(
                connection.execute(
                    f"SELECT id, seq FROM {table} WHERE actor = ?", (news.manifest.actor,)
                )
            )
            for table in ("events", "quarantine")
        )
    others = (counted | hidden).keys() - {event.id for event in events}
    if any((counted | hidden)[one] <= len(events) for one in others):
        raise Refused(
            N_("The history of the catalogue “{name}” was rewritten; nothing was taken in."),
            _ANEW,
            name=news.manifest.name,
        )
    if others:
        raise Refused(
            N_("The board holds later changes of the catalogue “{name}” than that commit."),
            N_("Name a later one, or none; what was taken in is not taken back."),
            name=news.manifest.name,
        )
    fresh = [event for event in events if event.id not in counted]
    reported = {event.pitfall for event in fresh if event.envelope.kind == "reported"}
    kinds = Counter(event.envelope.kind for event in fresh if event.pitfall not in reported)
    fixes, withdrawn = kinds.pop("fix_recorded", 0), kinds.pop("declined", 0)
    return news._replace(
        pitfalls=len(reported), fixes=fixes, withdrawn=withdrawn, changes=kinds.total()
    )


# A pitfall of the board as an entry, for whoever keeps a catalogue


class Contribution(NamedTuple):
    """An entry as its file holds it, and the names of people and companies that its texts name."""

    entry: dict[str, Any]
    named: tuple[str, ...]


#: Of where a pitfall was seen, what says nothing of who saw it.
_GIVEN: Final = ("platform", "host", "channel", "client_version", "base_library")
#: So many different environments tell where it happens.
_MOST_OCCURRENCES: Final = 10
_NEWEST: Final = 200


def contribution(board: Board, pitfall: Pitfall, today: date) -> Contribution:
    """A pitfall as an entry of a catalogue, without companies, devices and names of people.

    Raises:
        PitboardError: if the board can't be read.
    """
    report = {
        "kind": pitfall.kind.value,
        "severity": pitfall.severity.value,
        "status": Status.WORKAROUND.value if pitfall.workaround.plain else Status.OPEN.value,
        "title": as_written(pitfall.title),
        "component": as_written(pitfall.component),
        "workaround": as_written(pitfall.workaround),
        "reproduction": as_written(pitfall.reproduction),
    }
    entry: dict[str, Any] = {"day": today, "tags": list(pitfall.tags)}
    seen = board.occurrences.of(pitfall.id, _NEWEST)
    lists = {
        "references": [
            _said(url=one.url, title=as_written(one.title), source=one.source.value)
            for one in pitfall.references
        ],
        "signatures": [
            _said(text=one.text, form=one.form.value, platform=one.platform, channel=one.channel)
            for one in pitfall.own_signatures
        ],
        "fixes": [
            _said(
                axis=one.axis.value,
                from_version=one.from_version,
                from_date=one.from_date,
                last_affected=one.last_affected,
                platform=one.platform,
                host=one.host,
            )
            for one in pitfall.fixes
        ],
        "occurrences": _environments(seen),
    }
    entry |= {name: values for name, values in lists.items() if values}
    entry["report"] = {name: value for name, value in report.items() if value}
    private = {pitfall.reported_by} - {board.names.source(pitfall.id)}
    for one in seen:
        private |= {one.who, one.environment.company or "", one.environment.device or ""}
    text = json.dumps(entry, ensure_ascii=False, default=str)
    named = sorted(name for name in private if name and name.casefold() in text.casefold())
    return Contribution(entry, tuple(named))


def _environments(seen: Iterable[Occurrence]) -> list[dict[str, Any]]:
    """Where it was seen, each place once, with the day."""
    found: dict[str, dict[str, Any]] = {}
    for one in seen:
        where = _said(**{name: getattr(one.environment, name) for name in _GIVEN})
        if where:
            on = datetime.fromtimestamp(one.seen_at / 1000, UTC).date()
            outcome = {} if one.outcome is Outcome.REPRODUCED else {"outcome": one.outcome.value}
            found.setdefault(json.dumps(where), {"seen_on": on, **outcome, **where})
    return list(found.values())[:_MOST_OCCURRENCES]


def _said(**values: Any) -> dict[str, Any]:
    """The values that say something, as TOML holds them."""
    return {
        name: str(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value and value not in (SignatureForm.LITERAL, Source.OTHER)
    }
