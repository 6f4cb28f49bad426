"""Logging occurrences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storage.events import OccurrenceLogged
from storage.write import validation
from storage.write.attachments import attach, bodies
from storage.write.session import CommandGroup, each
from storage.write.uploads import Upload
from storage.write.validation import typed


class OccurrenceCommands(CommandGroup):
    """Logging occurrences of pitfalls."""

    def log(
        self, pitfalls: str | Sequence[str], *, attached: Iterable[Upload] = (), **said: Any
    ) -> str:
        """Log an occurrence of a pitfall or several; the first one's id.

        Args:
            pitfalls: an id, or several.
            attached: files to attach to each occurrence.
            said: the fields of :class:`OccurrenceLogged`.
        """
        occurrence = new_occurrence(said, self._session.now())
        uploads = bodies(attached)
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                transaction.must_hold(pitfall)
                logged = transaction.add(pitfall, occurrence)
                attach(transaction, pitfall, uploads, logged.id)
            added = transaction.arrived
        return added[0].id if added else ""

    def log_many(self, occurrences: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Log occurrences of several pitfalls, each with its own fields, in one step."""
        now = self._session.now()
        logged = [(pitfall, new_occurrence(said, now)) for pitfall, said in occurrences]
        with self._session.writing() as transaction:
            for pitfall, body in logged:
                transaction.must_hold(pitfall)
                transaction.add(pitfall, body)


def new_occurrence(said: Mapping[str, Any], now: int) -> OccurrenceLogged:
    """The event body of a new occurrence.

    Args:
        said: the fields of :class:`OccurrenceLogged`.
        now: the wall clock, in milliseconds.

    Raises:
        Refused: if its time is in the future, or a field is invalid.
    """
    occurrence = typed(OccurrenceLogged, **said)
    if occurrence.seen_at is not None:
        validation.was_in_the_past(occurrence.seen_at, now)
    return occurrence
