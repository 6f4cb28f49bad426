"""Entries: comments, references with vendor replies, signatures, attachments, retro notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from storage import events as kinds
from storage.db import blobs
from storage.db.blobs import Upload
from storage.errors import N_, NotFound, Refused
from storage.events import OccurrenceLogged
from storage.fold.conflicts import over, over_item
from storage.fold.state import Draft
from storage.model.clock import TIME_ZONE
from storage.model.records import THE_BOARD
from storage.model.vocabulary import NoteKind, is_web_address, media_of, source_of
from storage.text.sanitize import label_of
from storage.text.zones import day_of, use_zone, zone_name
from storage.write import validation
from storage.write.session import CommandGroup, each
from storage.write.transaction import Transaction
from storage.write.validation import typed

#: Stands for the reference of a vendor reply until its id is known; every reply has one.
_NONE_YET: Final = "0" * 32


class CommentCommands(CommandGroup):
    """Adding comments."""

    def add(self, pitfalls: str | Sequence[str], text: str) -> str:
        """Comment on a pitfall or several; the first comment's id."""
        return self._session.add(pitfalls, typed(kinds.CommentAdded, text=text))


class SignatureCommands(CommandGroup):
    """Adding signatures."""

    def add(self, pitfall: str, text: str, **fields: Any) -> str:
        """Add error text that identifies the pitfall; its id.

        ``fields`` are the other fields of :class:`SignatureAdded`.
        """
        return self._session.add(pitfall, typed(kinds.SignatureAdded, text=text, **fields))


class LinkCommands(CommandGroup):
    """Adding references, and vendor replies to them."""

    def add(self, pitfalls: str | Sequence[str], url: str, **fields: Any) -> str:
        """Add a link to a pitfall or several; the first one's id.

        ``fields`` are the other fields of :class:`ReferenceAdded`.
        """
        fields["source"] = fields.get("source") or source_of(url)
        return self._session.add(pitfalls, typed(kinds.ReferenceAdded, url=url, **fields))

    def add_reply(self, pitfall: str, reference: str, **fields: Any) -> str:
        """Add a vendor reply, or what somebody else said at a reference; its id.

        Args:
            pitfall: the pitfall that it is about.
            reference: the id of one of the pitfall's references, or a URL, which is
                added as a reference in the same step if there is none with it.
            fields: the other fields of :class:`VendorReplyAdded`.

        Raises:
            NotFound: if the pitfall has no such reference.
        """
        reply = typed(kinds.VendorReplyAdded, reference=_NONE_YET, **fields)
        validation.is_past_day(reply.said_on, self._session.now())
        link = None
        if is_web_address(reference):
            link = typed(kinds.ReferenceAdded, url=reference, source=source_of(reference))
        with self._session.writing() as transaction:
            transaction.recorded.live(pitfall)
            if link is not None:
                known = transaction.recorded.reference_to(pitfall, link.url)
                reference = known or transaction.add(pitfall, link).id
            owner = transaction.recorded.owner(pitfall, reference)
            if link is None or known:
                validation.refers(transaction.recorded.live(owner), reference)
            body = reply.replaced(reference=reference)
            added = transaction.add(owner, body)
        return added.id


class EntryCommands(CommandGroup):
    """Editing and hiding entries of every kind, fixes, occurrences and attachments included."""

    def edit(self, pitfall: str, item: str, changes: Mapping[str, Any], reason: str = "") -> bool:
        """Change fields of one entry: field name → new value; whether any became another."""
        with self._session.writing() as transaction:
            pitfall = transaction.recorded.owner(pitfall, item)
            draft = transaction.recorded.live_or_board(pitfall, item)
            _, body = validation.item_of(draft, item)
            amended = typed(type(body), **(vars(body) | dict(changes)))
            if isinstance(amended, OccurrenceLogged) and "seen_at" in changes:
                validation.was_in_the_past(amended.seen_at or 0, self._session.now())
            validation.keeps_its_bytes(body, amended)
            if isinstance(amended, kinds.VendorReplyAdded):
                validation.is_past_day(amended.said_on, self._session.now())
                validation.refers(draft, amended.reference)
            # The validated values: the given ones may have blanks around them, or be empty.
            others = [one for one in changes if vars(amended)[one] != vars(body)[one]]
            # To change no field at all is refused, as any that can't be.
            if others or not changes:
                values = amended.dump(only=others)
                change = typed(kinds.ItemAmended, item=item, changes=values, reason=reason)
                transaction.add(pitfall, over_item(draft, change))
        return bool(others)

    def hide(self, pitfall: str, item: str, reason: str = "") -> None:
        """Hide one entry; undo and revert show it again."""
        with self._session.writing() as transaction:
            pitfall = transaction.recorded.owner(pitfall, item)
            draft = transaction.recorded.live_or_board(pitfall, item)
            validation.may_hide(draft, item)
            transaction.add(pitfall, typed(kinds.ItemHidden, item=item, reason=reason))


# Attaching files: their bytes and the events that name them, written together


class AttachmentCommands(CommandGroup):
    """Attaching files."""

    def add(
        self,
        pitfalls: str | Sequence[str],
        files: Upload | Iterable[Upload],
        *,
        occurrence: str = "",
    ) -> str:
        """Attach files to a pitfall or several, all in one step; the first attachment's id.

        Args:
            pitfalls: an id, or several.
            files: the files; equal bytes are stored once.
            occurrence: the id of the occurrence that they show; empty for the pitfall itself.

        Raises:
            Refused: if a file is empty or too large.
            NotFound: if the pitfall has no such occurrence.
        """
        uploads = bodies([files] if isinstance(files, Upload) else files, occurrence)
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                transaction.recorded.must_hold(pitfall)
                owner = pitfall
                if occurrence:
                    owner = transaction.recorded.owner(pitfall, occurrence)
                    validation.is_occurrence_of(
                        transaction.recorded.live(owner, occurrence), occurrence
                    )
                attach(transaction, owner, uploads)
            added = transaction.arrived
        return added[0].id if added else ""


if TYPE_CHECKING:
    Uploads = list[tuple[bytes, kinds.AttachmentAdded]]


def bodies(files: Iterable[Upload], occurrence: str = "") -> Uploads:
    """The files' bytes, each with the body of its event.

    Raises:
        Refused: if one is empty or too large, or its label or note is invalid.
    """
    uploads = []
    for file in files:
        blobs.may_be_kept(file.data)
        body = typed(
            kinds.AttachmentAdded,
            digest=blobs.digest_of(file.data),
            size=len(file.data),
            label=label_of(file.label),
            media=media_of(file.data, file.label),
            occurrence=occurrence,
            note=file.note,
        )
        uploads.append((file.data, body))
    return uploads


def attach(transaction: Transaction, pitfall: str, uploads: Uploads, occurrence: str = "") -> None:
    """Write blobs and events in an open transaction.

    Args:
        transaction: the open transaction.
        pitfall: the pitfall that they are attached to.
        uploads: from :func:`bodies`.
        occurrence: the id of the occurrence that they show, if logged in this transaction.
    """
    for data, body in uploads:
        transaction.keep_blob(data)
        shown = {"occurrence": occurrence} if occurrence else {}
        transaction.add(pitfall, body.replaced(**shown))


# Of a retro


_IN_THE_FUTURE: Final = N_("A day on which it was done can't lie ahead.")


class RetroCommands(CommandGroup):
    """Retro notes and follow-ups."""

    def note(
        self, text: str, *, sort: str = "note", owner: str = "", due: str = "", pitfall: str = ""
    ) -> str:
        """Add a note, a decision or a follow-up; its id.

        Args:
            text: the note.
            sort: a :class:`NoteKind` value.
            owner: who does the follow-up.
            due: the day by which it is to be done (ISO 8601).
            pitfall: the pitfall that it is about; empty for the whole board.
        """
        body = typed(kinds.RetroNoted, text=text.strip(), sort=sort, owner=owner, due=due)
        with self._session.writing() as transaction:
            transaction.recorded.live_or_board(pitfall or THE_BOARD)
            return transaction.add(pitfall or THE_BOARD, body).id

    def finish(self, notes: str | Sequence[str], *, done_on: str = "") -> None:
        """Mark follow-ups as done, all in one step.

        Args:
            notes: an id, or several.
            done_on: the day (ISO 8601); today if empty.

        Raises:
            Refused: if one of them is no follow-up or is done already, or the day is in the future.
        """
        today = day_of(self._session.now())
        if done_on > today:
            raise Refused(_IN_THE_FUTURE, field="done_on")
        with self._session.writing() as transaction:
            for note in each(notes):
                stream, draft, body = _noted(transaction, note)
                if body.sort is not NoteKind.FOLLOW_UP:
                    raise Refused(N_("This is no follow-up, so there is nothing to be done."))
                if body.done_on:
                    raise Refused(N_("This was done already, on {day}."), day=body.done_on)
                changes = {
                    "done_on": typed(kinds.RetroNoted, text="-", done_on=done_on or today).done_on
                }
                amended = typed(kinds.ItemAmended, item=note, changes=changes)
                transaction.add(stream, over_item(draft, amended))


def _noted(transaction: Transaction, note: str) -> tuple[str, Draft, kinds.RetroNoted]:
    """The stream that a note is recorded on, its present state, and the note.

    Raises:
        NotFound: if there is no such note.
    """
    stream = transaction.recorded.noted_on(note)
    if stream:
        draft = transaction.recorded.live_or_board(stream)
        _, body = validation.item_of(draft, note)
        if isinstance(body, kinds.RetroNoted):
            return stream, draft, body
    raise NotFound(N_("There is no note {id}."), id=note)


# The board's own values


class BoardCommands(CommandGroup):
    """Settings that everybody shares who shares the board."""

    def set_time_zone(self, name: str, going_on: Callable[[], None] | None = None) -> str:
        """Set the time zone in which the board's days begin; its name as it is kept.

        What was counted by days is counted again: of a million occurrences within seconds.

        Args:
            name: as :func:`storage.text.zones.zone_name` takes it.
            going_on: called now and then meanwhile.

        Raises:
            Refused: if there is no such zone, or the board has it already.
        """
        wanted = zone_name(name, "zone")
        with self._session.writing(going_on) as transaction:
            draft = transaction.recorded.draft(THE_BOARD)
            held = draft.values.get(TIME_ZONE)
            if held is not None and held.plain == wanted:
                raise Refused(
                    N_("The board's time zone is {zone} already."), field="zone", zone=wanted
                )
            body = typed(kinds.TimeZoneSet, zone=wanted)
            transaction.add(THE_BOARD, over(draft, TIME_ZONE, body))
        use_zone(wanted)
        return wanted
