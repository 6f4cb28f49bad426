"""What is said of attachments, and what is done with their bytes: board and command alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from storage.errors import N_, NotFound, Refused
from storage.model.media_types import attachment_kind
from storage.model.records import Attachment
from storage.model.vocabulary import AttachmentKind
from storage.text.sanitize import sanitize
from tui.text.i18n import _
from tui.text.vocabulary import day, person_name, word

if TYPE_CHECKING:
    from storage.read import Board

#: Sorts are mark and word, never colour alone.
MARKS: Final = {AttachmentKind.IMAGE: "▣", AttachmentKind.TEXT: "≡", AttachmentKind.OTHER: "◇"}
_KB: Final = 1024


def size_words(size: int) -> str:
    """So many bytes, as people say it: ``812 B``, ``3.4 KB``, ``10 MB``."""
    if size < _KB:
        return f"{size} B"
    number, unit = (size / _KB, "KB") if size < _KB * _KB else (size / _KB / _KB, "MB")
    return f"{number:.1f}".removesuffix(".0") + f" {unit}"


def kind_marked(one: Attachment) -> str:
    """What kind of file it is, as mark and word."""
    kind = attachment_kind(one.media)
    return f"{MARKS[kind]} {word(kind)}"


def origin_words(one: Attachment) -> str:
    """When and by whom it was attached, what it shows, and whether its bytes are missing."""
    parts = [day(one.at), person_name(one.who)]
    if one.occurrence:
        parts.append(_("at an occurrence"))
    if not one.here:
        parts.append(_("not here yet"))
    return " · ".join(parts)


def content_of(board: Board, one: Attachment) -> bytes:
    """The bytes of an attachment.

    Raises:
        NotFound: if they have not arrived.
        Unusable: if they are damaged.
    """
    data = board.attachments.content(one)
    if data is None:
        raise NotFound(
            N_("The bytes of “{label}” have not arrived on this machine yet."),
            N_("“pitboard sync” fetches them once whoever attached it has sent them."),
            label=sanitize(one.label),
        )
    return data


def chosen(attachments: tuple[Attachment, ...], number: int) -> Attachment:
    """The attachment of a number, as they are listed from 1 on.

    Raises:
        Refused: if there is none.
    """
    if not 1 <= number <= len(attachments):
        raise Refused(
            N_("There is no attachment number {number}; there are {count}."),
            N_("“pitboard attachment list ID” lists them."),
            number=number,
            count=len(attachments),
        )
    return attachments[number - 1]
