"""Attaching files: their bytes and the events that name them, written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.db import blobs
from storage.events import AttachmentAdded
from storage.model.media_types import media_of
from storage.text.filenames import label_of
from storage.write import invariants
from storage.write.fixes import Stating
from storage.write.transaction import Transaction
from storage.write.triage import each
from storage.write.uploads import Enclosure
from storage.write.validation import typed


class Attaching(Stating):
    """The side of the store that takes files."""

    def attach(
        self,
        pitfalls: str | Sequence[str],
        files: Enclosure | Iterable[Enclosure],
        *,
        occurrence: str = "",
    ) -> str:
        """Attach files to a pitfall or several, all in one step; the first attachment's id.

        Args:
            pitfalls: an id, or several.
            files: what to attach; the same bytes are kept once.
            occurrence: the id of the occurrence that they show; empty for the pitfall itself.

        Raises:
            Refused: if a file is empty or too large.
            NotFound: if the pitfall has no such occurrence.
        """
        enclosed = bodies([files] if isinstance(files, Enclosure) else files, occurrence)
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                transaction.must_hold(pitfall)
                owner = pitfall
                if occurrence:
                    owner = transaction.owner(pitfall, occurrence)
                    invariants.is_occurrence_of(transaction.live(owner, occurrence), occurrence)
                enclose(transaction, owner, enclosed)
            added = transaction.arrived
        return added[0].id if added else ""


Enclosed = list[tuple[bytes, AttachmentAdded]]


def bodies(files: Iterable[Enclosure], occurrence: str = "") -> Enclosed:
    """Files with the events' bodies that name them.

    Raises:
        Refused: if one is empty or too large, or its label or its note can't be kept.
    """
    enclosed = []
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
        enclosed.append((file.data, body))
    return enclosed


def enclose(
    transaction: Transaction, pitfall: str, enclosed: Enclosed, occurrence: str = ""
) -> None:
    """Write bytes and events, in a transaction that is open.

    Args:
        transaction: writes them.
        pitfall: what they are attached to.
        enclosed: what :func:`bodies` gave.
        occurrence: the one that they show, if it was logged in this transaction.
    """
    for data, body in enclosed:
        transaction.keep(data)
        shown = {"occurrence": occurrence} if occurrence else {}
        transaction.add(pitfall, body.model_copy(update=shown))


# Files that are attached, and attachments that are saved: by path, and by nothing else
