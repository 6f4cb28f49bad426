"""Retro notes: notes, decisions and follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from storage import events as kinds
from storage.errors import N_, NotFound, Refused
from storage.fold.conflicts import over_item
from storage.fold.state import Draft
from storage.model.records import THE_BOARD
from storage.model.vocabulary import NoteKind
from storage.text.dates import utc_day
from storage.write import validation
from storage.write.session import CommandGroup, each
from storage.write.transaction import Transaction
from storage.write.validation import typed

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
            transaction.live_or_board(pitfall or THE_BOARD)
            return transaction.add(pitfall or THE_BOARD, body).id

    def finish(self, notes: str | Sequence[str], *, done_on: str = "") -> None:
        """Mark follow-ups as done, all in one step.

        Args:
            notes: an id, or several.
            done_on: the day (ISO 8601); today if empty.

        Raises:
            Refused: if one of them is no follow-up or is done already, or the day is in the future.
        """
        today = utc_day(self._session.now())
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
    stream = transaction.recorded_on(note)
    if stream:
        draft = transaction.live_or_board(stream)
        _, body = validation.item_of(draft, note)
        if isinstance(body, kinds.RetroNoted):
            return stream, draft, body
    raise NotFound(N_("There is no note {id}."), id=note)
