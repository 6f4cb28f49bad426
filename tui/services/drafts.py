"""Drafts: what was typed into a form and not saved, kept for the next time that the form opens.

Each lies in a file of its owner's alone, in the folder of the state of programs. A draft goes once
its form was saved, or after some weeks.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from storage.db.board_files import identity
from storage.model.fields import NamedTuple
from tui.services.boards import drafts_directory

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_KEPT_DAYS: Final = 30
#: How many bytes there are to lock.
_MOST_LOCKS: Final = 2**30
#: A draft of more characters is not kept: it is a pasted log, which lies somewhere.
_LONGEST: Final = 1_000_000


class FormDraft(NamedTuple):
    """What was typed into a form.

    Args:
        heading: what the form is for, untranslated.
        values: what the changed fields hold, by their names.
        at: when it was kept, in seconds.
        about: what the form changes: ids of pitfalls and entries.
    """

    heading: str
    values: dict[str, str]
    at: float
    about: tuple[str, ...] = ()


class DraftBoard(NamedTuple):
    """Which board a draft belongs to: its file may be moved, copied, or made anew.

    Args:
        path: of the database file.
        store: the name of the store that the file holds.
        file: which file it is, whatever it is called.
    """

    path: str
    store: str
    file: str

    def is_of(self, kept: Mapping[str, Any]) -> bool:
        """Whether a draft is of this board: of its store, at this path or moved here with it."""
        if kept.get("store") != self.store:
            return False
        return kept.get("board") == self.path or bool(self.file and kept.get("file") == self.file)


def draft_board(path: Path, store: str) -> DraftBoard:
    """The board at a path now, which holds a store of that name."""
    found = identity(path)
    file = f"{found.device}-{found.inode}" if found else ""
    return DraftBoard(os.path.abspath(path), store, file)  # noqa: PTH100


class DraftFile:
    """Where the draft of one form lies.

    Args:
        board: the board that the form is about.
        form: the form's name.
        about: what the form changes: ids of pitfalls and entries; empty for something new.
    """

    def __init__(self, board: DraftBoard, form: str, about: str = "") -> None:
        # Loaded here, since the first paint shows no form, and this loads a library of ciphers.
        import hashlib

        self._board = board
        self._form = f"{form}\n{about}"
        named = "\n".join((board.path, board.store, self._form))
        digest = hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()
        self._path = drafts_directory() / f"{digest[:32]}.json"
        #: Whether its folder was made and tidied: a form keeps its draft several times a second.
        self._is_ready = False

    def keep(self, heading: str, values: Mapping[str, str], *, is_discarded: bool = False) -> None:
        """Keep what was typed, in place of what was kept before.

        Args:
            heading: what the form is for, untranslated.
            values: what the changed fields hold.
            is_discarded: whether the person left the form without saving.

        Raises:
            OSError: it can't be written.
        """
        kept = {
            "board": self._board.path,
            "store": self._board.store,
            "file": self._board.file,
            "form": self._form,
            "heading": heading,
            "values": dict(values),
            "is_discarded": is_discarded,
            "lock": _own_lock(self._path.parent),
        }
        text = json.dumps(kept, ensure_ascii=False)
        if len(text) > _LONGEST:
            return
        folder = self._path.parent
        if not self._is_ready:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _remove_old(folder)
            self._is_ready = True
        path = self._path
        if (found := _read(path)) is not None and _is_being_typed(found[0]):
            # The same form is open in another window.
            path = path.with_stem(f"{path.stem}-{_own_lock(path.parent)}")
        new = path.with_suffix(f".{os.getpid()}")
        with suppress(FileNotFoundError):
            new.unlink()
        handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
        new.replace(path)

    def find(self) -> FormDraft | None:
        """What was kept; None if nothing was, or it can't be read."""
        return next((draft for _path, draft in self._found()), None)

    def drop(self) -> None:
        """Keep nothing more.

        Raises:
            OSError: it can't be removed.
        """
        for path, _draft in self._found():
            path.unlink(missing_ok=True)

    def _found(self) -> Iterator[tuple[Path, FormDraft]]:
        """What was kept of this form and where, also before the board was moved."""
        found = _of_board(self._board)
        for path, kept, draft in sorted(found, key=lambda one: one[0] != self._path):
            if kept.get("form") == self._form:
                yield path, draft


def _remove_old(folder: Path) -> None:
    oldest = time.time() - _KEPT_DAYS * 24 * 60 * 60
    for path in folder.iterdir():
        # Another process may have been faster.
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def lost_lately(board: DraftBoard) -> list[FormDraft]:
    """The drafts of a board that nobody discarded, whose program ended; the newest first."""
    since = time.time() - 24 * 60 * 60
    drafts = [
        draft
        for _path, kept, draft in _of_board(board)
        if not kept.get("is_discarded") and draft.at > since
    ]
    return sorted(drafts, key=lambda draft: -draft.at)


def _of_board(board: DraftBoard) -> list[tuple[Path, dict[str, Any], FormDraft]]:
    """The drafts of a board, but for what is being typed in another window."""
    folder = drafts_directory()
    paths = folder.glob("*.json") if folder.is_dir() else ()
    found = ((path, _read(path)) for path in paths)
    return [
        (path, *read)
        for path, read in found
        if read is not None and board.is_of(read[0]) and not _is_being_typed(read[0])
    ]


def _read(path: Path) -> tuple[dict[str, Any], FormDraft] | None:
    """What a file holds, as it is and as a draft; None if it is no draft."""
    try:
        kept: Any = json.loads(path.read_text("utf-8", errors="surrogatepass"))
        values = {str(name): str(value) for name, value in kept["values"].items()}
        about = tuple(str(kept.get("form", "")).partition("\n")[2].split())
        return kept, FormDraft(str(kept["heading"]), values, path.stat().st_mtime, about)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


# Which drafts are being typed: each process that keeps one locks a byte of a file until it ends


@cache
def _locks(folder: Path) -> int:
    """The file of the locks, open until this process ends: closing it would end its locks."""
    path = folder.with_suffix(".lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_CREAT | os.O_RDWR, 0o600)


@cache
def _own_lock(folder: Path) -> int:
    """The number of the byte that this process has locked; 0 if it can't lock one."""
    number = 1 + int.from_bytes(os.urandom(4), "big") % _MOST_LOCKS
    with suppress(OSError):
        return number if _lock(folder, number) else 0
    return 0


def _is_being_typed(kept: Mapping[str, Any]) -> bool:
    """Whether another process that still runs keeps a draft, and nobody has discarded it."""
    number, folder = kept.get("lock"), drafts_directory()
    if not isinstance(number, int) or not 0 < number <= _MOST_LOCKS or kept.get("is_discarded"):
        return False
    if number == _own_lock(folder):
        return False
    try:
        if not _lock(folder, number):
            return True
        _lock(folder, number, is_locked=False)
    except OSError:
        # Where nothing can be locked, a draft is rather offered than lost.
        pass
    return False


def _lock(folder: Path, number: int, *, is_locked: bool = True) -> bool:
    """Lock a byte, or unlock it; False if another process has locked it.

    Raises:
        OSError: this folder knows no locks.
    """
    try:
        if sys.platform == "win32":
            os.lseek(_locks(folder), number, os.SEEK_SET)
            msvcrt.locking(_locks(folder), msvcrt.LK_NBLCK if is_locked else msvcrt.LK_UNLCK, 1)
        else:
            mode = fcntl.LOCK_EX | fcntl.LOCK_NB if is_locked else fcntl.LOCK_UN
            fcntl.lockf(_locks(folder), mode, 1, number)
    except (BlockingIOError, PermissionError):
        return False
    return True
