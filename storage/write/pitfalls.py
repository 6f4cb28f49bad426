"""Pitfalls: reporting and editing them, logging occurrences, setting status and fixes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from storage import events as kinds
from storage.db.blobs import Upload
from storage.errors import N_, NotFound, Refused
from storage.events import Body, OccurrenceLogged
from storage.fold.conflicts import TRIAGE, over
from storage.fold.state import Draft
from storage.model.row import ME, NONE, PLAN_NAMES, InboxReason, Status
from storage.model.vocabulary import source_of
from storage.text import dates
from storage.write import validation
from storage.write.entries import attach, bodies
from storage.write.session import CommandGroup, each
from storage.write.transaction import Transaction
from storage.write.validation import typed


class PitfallCommands(CommandGroup):
    """Reporting and editing pitfalls."""

    def report(
        self,
        title: str,
        *,
        kind: str = "bug",
        component: str = "",
        severity: str = "S3",
        workaround: str = "",
        reproduction: str = "",
        assignee: str = "",
        due: str = "",
        ticket: str = "",
        tags: Iterable[str] = (),
        references: Iterable[str] = (),
        signatures: Iterable[str] = (),
        inbox: str = InboxReason.NEW,
        occurrence: Mapping[str, Any] | None = None,
        attached: Iterable[Upload] = (),
    ) -> str:
        """Report a new pitfall, which goes into the inbox; its id.

        Its status is ``workaround`` if one is given, else ``open``.

        Args:
            title, kind, component, severity, workaround, reproduction: the pitfall's fields.
            assignee, due, ticket: the same; “me” is whoever writes, and a day may be typed in any
                way in which :func:`storage.text.dates.due_day` reads one.
            tags, references, signatures: its tags, URLs and error texts. A tag that the board has
                in another case is written as it is there.
            inbox: why it is in the inbox, an :class:`InboxReason` value.
            occurrence: the fields of its first occurrence, if there is one.
            attached: files to attach to it.
        """
        report = typed(
            kinds.Reported,
            title=title,
            kind=kind,
            component=component,
            severity=severity,
            status=Status.WORKAROUND if workaround.strip() else Status.OPEN,
            workaround=workaround,
            reproduction=reproduction,
            **self._planned({"assignee": assignee, "due": due, "ticket": ticket}),
            inbox=inbox,
        )
        labels = [typed(kinds.TagAdded, tag=tag).tag for tag in tags]
        rest: list[Body] = [
            *(typed(kinds.ReferenceAdded, url=url, source=source_of(url)) for url in references),
            *(typed(kinds.SignatureAdded, text=text) for text in dict.fromkeys(signatures)),
        ]
        if occurrence is not None:
            rest.append(new_occurrence(occurrence, self._session.now()))
        uploads = bodies(attached)
        pitfall = os.urandom(8).hex()
        with self._session.writing() as transaction:
            transaction.add(pitfall, report)
            _set_tags(transaction, pitfall, set(), _tags_after(transaction, set(), labels))
            for body in rest:
                transaction.add(pitfall, body)
            attach(transaction, pitfall, uploads)
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
        """Set fields, tags and signatures.

        Args:
            pitfalls: an id, or several that change in one step.
            changes: field name → new value; a value equal to the present one writes nothing.
            tags: the complete new set of tags.
            add_tags, remove_tags: tags to add and to remove, leaving the others. A tag that the
                pitfall or the board has in another case is the same one.
            signatures: the texts of the complete new set of signatures.
            reason: why, for the timeline.

        Returns: whether anything changed.
        """
        bodies = {
            field: typed(kinds.FieldSet, field=field, value=value, reason=reason)
            for field, value in self._planned(changes).items()
        }
        labels = None if tags is None else {typed(kinds.TagAdded, tag=tag).tag for tag in tags}
        more = {typed(kinds.TagAdded, tag=tag).tag for tag in add_tags}
        fewer = {typed(kinds.TagRemoved, tag=tag).tag for tag in remove_tags}
        marks = (
            None
            if signatures is None
            else [typed(kinds.SignatureAdded, text=text) for text in signatures if text.strip()]
        )
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.recorded.live(pitfall)
                for field, body in bodies.items():
                    present = draft.values[field]
                    if body.value in (present.plain, present.zh or present.plain):
                        continue
                    validation.may_take(draft, field, str(body.value))
                    transaction.add(pitfall, over(draft, field, body))
                held = draft.tags
                if labels is not None:
                    held = _tags_after(transaction, set(), labels, like=draft.tags)
                wanted = _tags_after(transaction, held, more, fewer)
                _set_tags(transaction, pitfall, draft.tags, wanted)
                if marks is not None:
                    _set_signatures(transaction, pitfall, draft, {one.text: one for one in marks})
            changed = bool(transaction.arrived)
        return changed

    def _planned(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Fields with the name of whoever writes for “me”, and days as the record holds them.

        “none” stands for nothing.

        Raises:
            Refused: if a day is none.
        """
        found = {
            name: "" if name in PLAN_NAMES and value.strip().casefold() in NONE else value
            for name, value in fields.items()
        }
        if found.get("assignee", "").strip().casefold() in ME:
            found["assignee"] = self._session.who
        if day := found.get("due", "").strip():
            found["due"] = dates.due_day(day, self._session.now(), "due")
        return found


def _tags_after(
    transaction: Transaction,
    held: Collection[str],
    added: Iterable[str],
    removed: Collection[str] = (),
    like: Collection[str] = (),
) -> set[str]:
    """The tags that are held after some are added and removed, whose case may be another one.

    One that is removed as well is added as it is typed: so its case is changed.
    """
    taken = {tag.lower() for tag in removed if tag not in held}
    wanted = {tag for tag in held if tag not in removed and tag.lower() not in taken}
    by_case = {tag.lower(): tag for tag in (*like, *wanted)}
    changes_case = {tag.lower() for tag in removed}
    for tag in added:
        if tag in removed:
            continue
        folded = tag.lower()
        if tag not in like and folded not in changes_case:
            tag = by_case.get(folded) or transaction.recorded.tag_as_written(tag)
        by_case.setdefault(folded, tag)
        wanted.add(tag)
    return wanted


def _set_tags(
    transaction: Transaction, pitfall: str, held: Collection[str], wanted: Collection[str]
) -> None:
    for tag in sorted({*wanted} - {*held}):
        transaction.add(pitfall, typed(kinds.TagAdded, tag=tag))
    for tag in sorted({*held} - {*wanted}):
        transaction.add(pitfall, typed(kinds.TagRemoved, tag=tag))


def _set_signatures(
    transaction: Transaction, pitfall: str, draft: Draft, wanted: Mapping[str, kinds.SignatureAdded]
) -> None:
    held = {
        body.text: item
        for item, (_, body) in draft.items.items()
        if isinstance(body, kinds.SignatureAdded)
    }
    for text, body in wanted.items():
        if text not in held:
            transaction.add(pitfall, body)
    for text, item in held.items():
        if text not in wanted:
            transaction.add(pitfall, kinds.ItemHidden(item=item))


# Logging occurrences


class OccurrenceCommands(CommandGroup):
    """Logging occurrences of pitfalls."""

    def log(
        self, pitfalls: str | Sequence[str], *, attached: Iterable[Upload] = (), **fields: Any
    ) -> str:
        """Log an occurrence of a pitfall or several; the first one's id.

        Args:
            pitfalls: an id, or several.
            attached: files to attach to each occurrence.
            fields: the fields of :class:`OccurrenceLogged`.
        """
        logged = self.log_many([(pitfall, fields) for pitfall in each(pitfalls)], attached)
        return logged[0] if logged else ""

    def log_many(
        self, occurrences: Iterable[tuple[str, Mapping[str, Any]]], attached: Iterable[Upload] = ()
    ) -> list[str]:
        """Log an occurrence of each of these pitfalls, in one step; their ids."""
        now, uploads = self._session.now(), bodies(attached)
        bodied = [(pitfall, new_occurrence(fields, now)) for pitfall, fields in occurrences]
        logged = []
        with self._session.writing() as transaction:
            for pitfall, body in bodied:
                transaction.recorded.must_hold(pitfall)
                logged.append(transaction.add(pitfall, body).id)
                attach(transaction, pitfall, uploads, logged[-1])
        return logged


def new_occurrence(fields: Mapping[str, Any], now: int) -> OccurrenceLogged:
    """The event body of a new occurrence.

    Args:
        fields: the fields of :class:`OccurrenceLogged`.
        now: the wall clock, in milliseconds.

    Raises:
        Refused: if its time is in the future, or a field is invalid.
    """
    occurrence = typed(OccurrenceLogged, **fields)
    if occurrence.seen_at is not None:
        validation.was_in_the_past(occurrence.seen_at, now)
    return occurrence


#: Any of these fields makes it a fix, not only a change of status.
_BEGINNINGS: Final = ("axis", "from_version", "from_date", "last_affected")


class StatusCommands(CommandGroup):
    """Setting the status of pitfalls."""

    def set(
        self,
        pitfalls: str | Sequence[str],
        status: str,
        *,
        reason: str = "",
        workaround: str = "",
        **fix_fields: Any,
    ) -> None:
        """Set the status of one pitfall or several, with the workaround or the fix that it needs.

        Args:
            pitfalls: an id, or several that change in one step.
            status: a :class:`Status` value.
            reason: why, for the timeline.
            workaround: replaces the present workaround.
            fix_fields: the fields of a :class:`FixRecorded`, to record the fix in the same step.
        """
        change = typed(kinds.StatusSet, status=status, reason=reason)
        meanwhile = (
            typed(kinds.FieldSet, field="workaround", value=workaround)
            if workaround.strip()
            else None
        )
        fix = _fix(fix_fields) if any(map(fix_fields.get, _BEGINNINGS)) else None
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.recorded.live(pitfall)
                validation.may_become(draft, change.status, workaround=workaround, fix=fix)
                if meanwhile is not None and meanwhile.value not in draft.values["workaround"]:
                    transaction.add(pitfall, over(draft, "workaround", meanwhile))
                rests_on = validation.recorded_fix(draft, fix)
                if fix is not None and rests_on is None:
                    rests_on = transaction.add(pitfall, fix).id
                resting = change.replaced(fix=rests_on)
                transaction.add(pitfall, over(draft, "status", resting))

    def reopen(self, pitfalls: str | Sequence[str], *, reason: str = "") -> None:
        """Go back to the status from before the fix, and take them out of the inbox.

        Args:
            pitfalls: an id, or several that change in one step.
            reason: why, for the timeline.
        """
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.recorded.live(pitfall)
                before = validation.status_before_fix(draft)
                change = typed(kinds.StatusSet, status=before, reason=reason)
                transaction.add(pitfall, over(draft, "status", change))
                transaction.add(pitfall, over(draft, TRIAGE, typed(kinds.Accepted, reason=reason)))


class FixCommands(CommandGroup):
    """Recording fixes, and confirming what works."""

    def record(self, pitfall: str, *, status: str | None = None, **fields: Any) -> str:
        """Record a fix of the vendor's; its id.

        Args:
            pitfall: the pitfall that it resolves.
            status: the pitfall's new status, if it changes.
            fields: the fields of :class:`FixRecorded`.

        Raises:
            Refused: if it is recorded already, and the status is that.
        """
        fix = _fix(fields)
        change = typed(kinds.StatusSet, status=status) if status is not None else None
        with self._session.writing() as transaction:
            draft = transaction.recorded.live(pitfall)
            if change is not None:
                validation.may_become(draft, change.status, workaround="", fix=fix)
            is_changed = change is not None and change.status != draft.values["status"].plain
            recorded = validation.recorded_fix(draft, fix)
            if recorded is not None and not is_changed:
                raise Refused(
                    N_("This fix is already recorded."),
                    N_("Edit it, or verify it on a device."),
                )
            recorded = recorded or transaction.add(pitfall, fix).id
            if change is not None and is_changed:
                rests_on = recorded if change.status is Status.FIXED_UPSTREAM else None
                resting = change.replaced(fix=rests_on)
                transaction.add(pitfall, over(draft, "status", resting))
        return recorded

    def verify(self, pitfall: str, fix: str, outcome: str, **fields: Any) -> str:
        """Log whether a fix holds in an environment; the occurrence's id.

        Args:
            pitfall: the pitfall that was tried.
            fix: the id of the fix.
            outcome: an :class:`Outcome` value: reproduced or not.
            fields: the other fields of :class:`OccurrenceLogged`.
        """
        tried = new_occurrence({**fields, "fix": fix, "outcome": outcome}, self._session.now())
        with self._session.writing() as transaction:
            _, recorded = validation.item_of(transaction.recorded.live(pitfall), fix)
            if not isinstance(recorded, kinds.FixRecorded):
                raise NotFound(N_("This pitfall has no fix {id}."), id=fix)
            transaction.add(pitfall, tried)
            [added] = transaction.arrived
        return added.id

    def confirm_workaround(self, pitfalls: str | Sequence[str], note: str = "") -> None:
        """Confirm that the workaround still works.

        Args:
            pitfalls: an id, or several, all in one step.
            note: how it was tried, for the timeline.

        Raises:
            Refused: if one of them has no workaround.
        """
        confirmed = typed(kinds.WorkaroundConfirmed, note=note)
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                validation.has_workaround(transaction.recorded.live(pitfall))
                transaction.add(pitfall, confirmed)


def _fix(fields: Mapping[str, Any]) -> kinds.FixRecorded:
    """The event body of a new fix, from the fields of :class:`FixRecorded`."""
    axis, *beginnings = (fields.get(name) or "" for name in _BEGINNINGS)
    validation.fix_is_complete(axis, beginnings)
    return typed(kinds.FixRecorded, **fields)
