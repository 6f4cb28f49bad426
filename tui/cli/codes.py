"""The exit codes, which scripts rely on."""

from __future__ import annotations

from typing import Final

from storage.errors import N_

DONE: Final = 0
NOTHING_FOUND: Final = 1
WRONG_USE: Final = 2
REFUSED: Final = 3
NOT_WRITTEN: Final = 4
INTERRUPTED: Final = 130
#: What a shell reports for a program whose reader went away (128 + SIGPIPE).
READER_GONE: Final = 141

#: What ``pitboard --help`` says of them.
MEANINGS: Final = (
    (DONE, N_("done")),
    (NOTHING_FOUND, N_("nothing found")),
    (WRONG_USE, N_("wrong use: an unknown option, an impossible value, an ambiguous id")),
    (REFUSED, N_("the record refuses it, or the file is damaged or not a board")),
    (NOT_WRITTEN, N_("busy, read-only, the disk is full or the remote is out of reach; not done")),
)
