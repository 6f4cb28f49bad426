"""What the bytes of a file are, told by the bytes themselves; a name only refines it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from storage.model.vocabulary import AttachmentKind

#: No attachment is larger, in bytes.
LARGEST_ATTACHMENT: Final = 10 * 1024 * 1024

TEXT: Final = "text/plain"
UNKNOWN: Final = "application/octet-stream"

#: What files of each type begin with.
_SIGNS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
)
#: Of text, the ending of the name says what is in it.
_TEXT_ENDINGS: Final = {
    ".json": "application/json",
    ".har": "application/json",
    ".csv": "text/csv",
    ".md": "text/markdown",
}
#: What no text holds, whatever its encoding; logs colour themselves with escapes.
_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\f\r\x1b"))
#: What a viewer may be given, and the ending by which it knows it. A name from the record
#: never chooses the program.
_VIEWED: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    TEXT: ".txt",
}


def media_of(data: bytes, label: str = "") -> str:
    """The media type of some bytes.

    Args:
        data: all of them.
        label: what the file is called; it is believed only of text.
    """
    for sign, media in _SIGNS:
        if data.startswith(sign):
            return media
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if not _is_text(data):
        return UNKNOWN
    return _TEXT_ENDINGS.get(PurePath(label).suffix.lower(), TEXT)


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        # Logs of older systems are in encodings that can't be told.
        return len(data.translate(None, _CONTROLS)) == len(data)


def attachment_kind(media: str) -> AttachmentKind:
    """What kind of file people call a media type."""
    if media.startswith("image/"):
        return AttachmentKind.IMAGE
    if media.startswith("text/") or media == "application/json":
        return AttachmentKind.TEXT
    return AttachmentKind.OTHER


def ending_to_view(data: bytes) -> str:
    """The ending under which a viewer may be given some bytes; empty if none may."""
    return _VIEWED.get(media_of(data), "")
