"""A journal: one store's part of the record as files in git, and how it grows.

``format`` says what it is, ``events/000001.jsonl`` and on are segments of event lines, and
``files/ab/cdef…`` the bytes of attachments, each named by its SHA-256. A segment only grows,
and is sealed once it has reached about a mebibyte; nothing else ever changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

FORMAT_PATH: Final = "format"
FORMAT: Final = b"pitboard-journal 1\n"
#: A segment that holds so many bytes is sealed.
SEALED_AT: Final = 1024 * 1024
#: No writer makes a larger one, so a larger one is not read.
LARGEST_SEGMENT: Final = 8 * SEALED_AT

_SEGMENT: Final = re.compile(r"events/(\d{6})\.jsonl")
_FILE: Final = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})")
_FORMAT: Final = re.compile(rb"pitboard-journal (\d{1,9})\n")


class Layout(StrEnum):
    """Under which refs a remote keeps journals."""

    REFS = "refs"
    """``refs/pitboard/<actor>``, which no checkout and no list of branches shows."""
    BRANCHES = "branches"
    """``refs/heads/pitboard/<actor>``, where a host takes no other refs."""


class Name(NamedTuple):
    """Whose journal it is and where the remote keeps it."""

    layout: Layout
    actor: str


class Segment(NamedTuple):
    """A file of a journal that holds event lines, by its number from 1, as it is now."""

    number: int
    data: bytes

    @property
    def path(self) -> str:
        """Where it lies in the journal."""
        return f"events/{self.number:06}.jsonl"


def segment_number(path: str) -> int | None:
    """The number of the segment at a path of a journal; None if there is none."""
    found = _SEGMENT.fullmatch(path)
    return int(found[1]) if found else None


def file_path(digest: str) -> str:
    """Where a journal holds an attachment's bytes."""
    return f"files/{digest[:2]}/{digest[2:]}"


def digest_at(path: str) -> str | None:
    """The digest of the attachment at a path of a journal; None if there is none."""
    found = _FILE.fullmatch(path)
    return found[1] + found[2] if found else None


def version_of(data: bytes) -> int | None:
    """The version of a journal by its ``format`` file; None if it is not a journal."""
    found = _FORMAT.fullmatch(data)
    return int(found[1]) if found else None


def grown(last: Segment | None, lines: Iterable[bytes]) -> Iterator[Segment]:
    """The segments that change when lines are added, each whole, in their order.

    Args:
        last: the last segment of the journal; None if it has none.
        lines: whole event lines without their line breaks.
    """
    number, data = last or Segment(1, b"")
    # What a killed writer or a damaged disk left without its end stays a line of its own.
    held = [data if not data or data.endswith(b"\n") else data + b"\n"]
    size = changed = 0
    size = len(held[0])
    for line in lines:
        if size >= SEALED_AT:
            if changed:
                yield Segment(number, b"".join(held))
            number, held, size, changed = number + 1, [], 0, 0
        held.append(line + b"\n")
        size += len(line) + 1
        changed += 1
    if changed:
        yield Segment(number, b"".join(held))
