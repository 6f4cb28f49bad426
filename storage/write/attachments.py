"""Attaching files: their bytes and the events that name them, written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.db import blobs
from storage.events import AttachmentAdded
from storage.model.media_types import media_of
from storage.text.sanitize import label_of
from storage.write import validation
from storage.write.session import CommandGroup, each
from storage.write.transaction import Transaction
from storage.write.uploads import Upload
from storage.write.validation import typed


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
                transaction.must_hold(pitfall)
                owner = pitfall
                if occurrence:
                    owner = transaction.owner(pitfall, occurrence)
                    validation.is_occurrence_of(transaction.live(owner, occurrence), occurrence)
                attach(transaction, owner, uploads)
            added = transaction.arrived
        return added[0].id if added else ""


Uploads = list[tuple[bytes, AttachmentAdded]]


def bodies(files: Iterable[Upload], occurrence: str = "") -> Uploads:
    """The files' bytes, each with the body of its event.

    Raises:
        Refused: if one is empty or too large, or its label or note is invalid.
    """
    uploads = []
    for file in files:
        blobs.may_be_kept(file.data)
        body = typed(
            AttachmentAdded,
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
        transaction.add(pitfall, body.model_copy(update=shown))
