"""Drafts: what was typed into a form and not saved, kept for the next time that the form opens.

Each lies in a file of its owner's alone, in the folder of the state of programs. A draft goes once
its form was saved, or after some weeks.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from tui.services.paths import drafts_directory

_KEPT_DAYS: Final = 30
#: A draft of more characters is not kept: it is a pasted log, which lies somewhere.
_LONGEST: Final = 1_000_000


class FormDraft(NamedTuple):
    """What was typed into a form.

    Args:
        heading: what the form is for.
        values: what the changed fields hold, by their names.
        at: when it was kept, in seconds.
    """

    heading: str
    values: dict[str, str]
    at: float


class DraftFile:
    """Where the draft of one form lies.

    Args:
        board: the database file that the form is about.
        form: the form's name.
        about: what the form changes: ids of pitfalls and entries; empty for something new.
    """

    def __init__(self, board: Path, form: str, about: str = "") -> None:
        self._board = os.path.abspath(board)  # noqa: PTH100
        named = "\n".join((self._board, form, about))
        digest = hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()
        self._path = drafts_directory() / f"{digest[:32]}.json"

    def keep(self, heading: str, values: Mapping[str, str], *, is_discarded: bool = False) -> None:
        """Keep what was typed, in place of what was kept before.

        Args:
            heading: what the form is for.
            values: what the changed fields hold.
            is_discarded: whether the person left the form without saving.

        Raises:
            OSError: it can't be written.
        """
        kept = {
            "board": self._board,
            "heading": heading,
            "values": dict(values),
            "is_discarded": is_discarded,
        }
        text = json.dumps(kept, ensure_ascii=False)
        if len(text) > _LONGEST:
            return
        folder = self._path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_old(folder)
        new = self._path.with_suffix(f".{os.getpid()}")
        with suppress(FileNotFoundError):
            new.unlink()
        handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
        new.replace(self._path)

    def find(self) -> FormDraft | None:
        """What was kept; None if nothing was, or it can't be read."""
        found = _read(self._path)
        return found[1] if found is not None else None

    def drop(self) -> None:
        """Keep nothing more.

        Raises:
            OSError: it can't be removed.
        """
        self._path.unlink(missing_ok=True)


def _remove_old(folder: Path) -> None:
    oldest = time.time() - _KEPT_DAYS * 24 * 60 * 60
    for path in folder.iterdir():
        # Another process may have been faster.
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def lost_lately(board: Path) -> list[FormDraft]:
    """The drafts of a board that nobody discarded: the program ended; the newest first."""
    here, since = os.path.abspath(board), time.time() - 24 * 60 * 60  # noqa: PTH100
    folder = drafts_directory()
    found = [_read(path) for path in folder.glob("*.json")] if folder.is_dir() else []
    drafts = [
        draft
        for kept, draft in filter(None, found)
        if kept.get("board") == here and not kept.get("is_discarded") and draft.at > since
    ]
    return sorted(drafts, key=lambda draft: -draft.at)


def _read(path: Path) -> tuple[dict[str, Any], FormDraft] | None:
    """What a file holds, as it is and as a draft; None if it is no draft."""
    try:
        kept: Any = json.loads(path.read_text("utf-8", errors="surrogatepass"))
        values = {str(name): str(value) for name, value in kept["values"].items()}
        return kept, FormDraft(str(kept["heading"]), values, path.stat().st_mtime)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
