"""The store: what people do to the board, each deed one method and one step of undo."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from storage.db.connection import keep_beside
from storage.errors import N_, NotFound
from storage.events import (
    Body,
    CommentAdded,
    FieldSet,
    ItemAmended,
    ItemHidden,
    OccurrenceLogged,
    ReferenceAdded,
    Reported,
    SignatureAdded,
    StatementAdded,
    TagAdded,
    TagRemoved,
    Undone,
)
from storage.fold.conflicts import over, over_item
from storage.fold.state import Draft
from storage.model.urls import source_of
from storage.model.vocabulary import InboxReason, Status
from storage.projection.rebuild import rebuild
from storage.write import invariants
from storage.write.attachments import bodies, enclose
from storage.write.open_board import prepare
from storage.write.retro_notes import LookingBack
from storage.write.session import wall_ms
from storage.write.transaction import Transaction
from storage.write.triage import each
from storage.write.undo import Step, deed_of, newest_redoable, newest_undoable
from storage.write.uploads import Enclosure
from storage.write.validation import typed


class Store(LookingBack):
    """The write side of a board; the only door to its events.

    Every method that writes raises :class:`storage.errors.Refused` when the
    record's rules forbid the change, and ``NotSaved``, ``Busy`` or
    ``ReadOnly`` when the file can't take it. Whichever it raises, nothing of
    the deed is in the record.
    """

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        who: str = "somebody",
        catalogue: Callable[[], Iterable[bytes]] | None = None,
        edition: int = 0,
        now: Callable[[], int] = wall_ms,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Store:
        """Open the board at ``path``, starting one if there is none.

        One that an earlier version wrote is brought up to date, which takes about as long as
        :meth:`rebuild`.

        Args:
            path: the database file.
            who: the person's name, for the events written here.
            catalogue: gives the built-in catalogue's event lines; None starts
                a board without it, and leaves an existing board as it is.
            edition: which edition of the catalogue that is; a board that
                already holds it, or was started without one, is left alone.
            now: the wall clock, in milliseconds.
            progress: called with the number of events done, while it is brought up to date.

        Raises:
            Unusable: if the file is not a board; it is left as it is.
        """
        store = cls(path, who, now)
        prepare(store, catalogue, edition, progress)
        return store

    # Reporting and editing

    def report(
        self,
        title: str,
        *,
        kind: str = "bug",
        component: str = "",
        severity: str = "S3",
        workaround: str = "",
        reproduction: str = "",
        tags: Iterable[str] = (),
        references: Iterable[str] = (),
        signatures: Iterable[str] = (),
        inbox: str = InboxReason.NEW,
        occurrence: Mapping[str, Any] | None = None,
        attached: Iterable[Enclosure] = (),
    ) -> str:
        """A new pitfall, waiting in the inbox; its id.

        One that comes with a workaround has that status.

        Args:
            title, kind, component, severity, workaround, reproduction: its values.
            tags, references, signatures: the words, the addresses and the texts of each.
            inbox: why it waits for a decision, a :class:`InboxReason` value.
            occurrence: the fields of the sighting that it was found by, if it was.
            attached: files that show it.
        """
        report = typed(
            Reported,
            title=title,
            kind=kind,
            component=component,
            severity=severity,
            status=Status.WORKAROUND if workaround.strip() else Status.OPEN,
            workaround=workaround,
            reproduction=reproduction,
            inbox=inbox,
        )
        rest: list[Body] = [
            *(typed(TagAdded, tag=tag) for tag in dict.fromkeys(tags)),
            *(typed(ReferenceAdded, url=url, source=source_of(url)) for url in references),
            *(typed(SignatureAdded, text=text) for text in dict.fromkeys(signatures)),
        ]
        if occurrence is not None:
            rest.append(self.sighting(occurrence))
        enclosed = bodies(attached)
        pitfall = secrets.token_hex(8)
        with self.writing() as transaction:
            transaction.add(pitfall, report)
            for body in rest:
                transaction.add(pitfall, body)
            enclose(transaction, pitfall, enclosed)
        return pitfall

    def edit(
        self,
        pitfalls: str | Sequence[str],
        changes: Mapping[str, str],
        *,
        tags: Iterable[str] | None = None,
        add_tags: Iterable[str] = (),
        remove_tags: Iterable[str] = (),
        signatures: Iterable[str] | None = None,
        reason: str = "",
    ) -> bool:
        """Set single values, and if given the whole set of tags or of signatures.

        Args:
            pitfalls: an id, or several that are to change in one step.
            changes: field name → new value; what equals the present value is left alone.
            tags: all tags that it is to have.
            add_tags, remove_tags: instead of all, those that it is to have, or not, besides others.
            signatures: the texts of all signatures that it is to have.
            reason: why, for the timeline.

        Returns: whether anything changed.
        """
        bodies = {
            field: typed(FieldSet, field=field, value=value, reason=reason)
            for field, value in changes.items()
        }
        labels = None if tags is None else {typed(TagAdded, tag=tag).tag for tag in tags}
        more = {typed(TagAdded, tag=tag).tag for tag in add_tags}
        fewer = {typed(TagRemoved, tag=tag).tag for tag in remove_tags}
        marks = (
            None
            if signatures is None
            else [typed(SignatureAdded, text=text) for text in signatures if text.strip()]
        )
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.live(pitfall)
                for field, body in bodies.items():
                    present = draft.values[field]
                    if body.value in (present.plain, present.zh or present.plain):
                        continue
                    invariants.may_take(draft, field, str(body.value))
                    transaction.add(pitfall, over(draft, field, body))
                wanted = draft.tags if labels is None else labels
                _retag(transaction, pitfall, draft, (wanted | more) - fewer)
                if marks is not None:
                    _resign(transaction, pitfall, draft, {one.text: one for one in marks})
            changed = bool(transaction.arrived)
        return changed

    # Adding

    def log_occurrence(
        self, pitfalls: str | Sequence[str], *, attached: Iterable[Enclosure] = (), **said: Any
    ) -> str:
        """Log a sighting of one pitfall or several; the id of the first.

        Args:
            pitfalls: an id, or several.
            attached: files that show it.
            said: the fields of :class:`OccurrenceLogged`.
        """
        sighting, enclosed = self.sighting(said), bodies(attached)
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                transaction.must_hold(pitfall)
                logged = transaction.add(pitfall, sighting)
                enclose(transaction, pitfall, enclosed, logged.id)
            added = transaction.arrived
        return added[0].id if added else ""

    def log_occurrences(self, sightings: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Log sightings of several pitfalls, each with its own fields, in one step."""
        bodies = [(pitfall, self.sighting(said)) for pitfall, said in sightings]
        with self.writing() as transaction:
            for pitfall, body in bodies:
                transaction.must_hold(pitfall)
                transaction.add(pitfall, body)

    def comment(self, pitfalls: str | Sequence[str], text: str) -> str:
        """Say something about a pitfall or several; the first comment's id."""
        return self._add(pitfalls, typed(CommentAdded, text=text))

    def add_reference(self, pitfalls: str | Sequence[str], url: str, **said: Any) -> str:
        """Add a link to a pitfall or several; the first one's id.

        ``said`` are the fields of :class:`ReferenceAdded`.
        """
        said["source"] = said.get("source") or source_of(url)
        return self._add(pitfalls, typed(ReferenceAdded, url=url, **said))

    def add_signature(self, pitfall: str, text: str, **said: Any) -> str:
        """Add error text that gives the pitfall away; its id."""
        return self._add(pitfall, typed(SignatureAdded, text=text, **said))

    def amend(self, pitfall: str, item: str, changes: Mapping[str, Any], reason: str = "") -> None:
        """Change fields of an item: a comment, a reference, a statement, a fix, an occurrence, …"""
        with self.writing() as transaction:
            pitfall = transaction.owner(pitfall, item)
            draft = transaction.live_or_board(pitfall, item)
            _, body = invariants.item_of(draft, item)
            amended = typed(type(body), **(body.model_dump(exclude_defaults=True) | dict(changes)))
            if isinstance(amended, OccurrenceLogged) and "seen_at" in changes:
                invariants.was_in_the_past(amended.seen_at or 0, self.now())
            invariants.keeps_its_bytes(body, amended)
            if isinstance(amended, StatementAdded):
                invariants.was_said(amended.said_on, self.now())
                invariants.refers(draft, amended.reference)
            # As they were validated: what was said of them may have blanks or nothing in it.
            values = amended.model_dump(mode="json", include=set(changes))
            change = typed(ItemAmended, item=item, changes=values, reason=reason)
            transaction.add(pitfall, over_item(draft, change))

    def hide(self, pitfall: str, item: str, reason: str = "") -> None:
        """Take an item out of sight; undo and restoring bring it back."""
        with self.writing() as transaction:
            pitfall = transaction.owner(pitfall, item)
            draft = transaction.live_or_board(pitfall, item)
            invariants.may_hide(draft, item)
            transaction.add(pitfall, typed(ItemHidden, item=item, reason=reason))

    # Taking back

    def undo(self) -> Step:
        """Take back this person's newest deed that stands; what was taken back.

        Raises:
            NotFound: if there is none.
        """
        with self.writing() as transaction:
            step = newest_undoable(self.connection, transaction.actor, self.who)
            if step is None:
                raise NotFound(N_("There is nothing to undo."))
            _take_back(transaction, step)
        return step

    def redo(self) -> Step:
        """Do again what this person undid last, unless they did something new since; what it was.

        Raises:
            NotFound: if there is none.
        """
        with self.writing() as transaction:
            step = newest_redoable(self.connection, transaction.actor, self.who)
            if step is None:
                raise NotFound(N_("There is nothing to redo."))
            _take_back(transaction, step)
            deed = deed_of(self.connection, step)
        return deed

    # Repairing

    def rebuild(self, progress: Callable[[int], None] = lambda done: None) -> int:
        """Throw away what was computed from the events and compute it again.

        Args:
            progress: told the number of events done so far.

        Returns: how many events there are.
        """
        with self.locked():
            keep_beside(self.connection, "FILE")
            try:
                with self.writing():
                    done = rebuild(self.connection, progress)
                    touched = _pitfalls(self.connection)
            finally:
                keep_beside(self.connection, "MEMORY")
        self._tell(touched)
        return done

    # Helpers

    def _add(self, pitfalls: str | Sequence[str], body: Body) -> str:
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                # Nothing that only adds depends on what stands, so nothing is folded to allow it.
                transaction.must_hold(pitfall)
                transaction.add(pitfall, body)
            added = transaction.arrived
        return added[0].id if added else ""


def _pitfalls(connection: sqlite3.Connection) -> frozenset[str]:
    rows = connection.execute("SELECT DISTINCT pitfall FROM events").fetchall()
    return frozenset(name for (name,) in rows)


def _take_back(transaction: Transaction, step: Step) -> None:
    for pitfall, events in step.by_pitfall():
        transaction.add(pitfall, typed(Undone, events=events))


def _retag(transaction: Transaction, pitfall: str, draft: Draft, wanted: set[str]) -> None:
    for tag in sorted(wanted - draft.tags):
        transaction.add(pitfall, typed(TagAdded, tag=tag))
    for tag in sorted(draft.tags - wanted):
        transaction.add(pitfall, typed(TagRemoved, tag=tag))


def _resign(
    transaction: Transaction, pitfall: str, draft: Draft, wanted: Mapping[str, SignatureAdded]
) -> None:
    held = {
        body.text: item
        for item, (_, body) in draft.items.items()
        if isinstance(body, SignatureAdded)
    }
    for text, body in wanted.items():
        if text not in held:
            transaction.add(pitfall, body)
    for text, item in held.items():
        if text not in wanted:
            transaction.add(pitfall, ItemHidden(item=item))
