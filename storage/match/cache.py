"""A compiled database kept beside the board, since many signatures take seconds to compile.

The file is a cache and nothing else: one that is damaged, made by other code, or
that somebody else could have written counts as absent. Hyperscan itself refuses what
another version of it wrote, or what is meant for another processor.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

_MAGIC: Final = b"pitboard signatures\n"
#: The code by which a database comes out of signatures: with other code it is another one.
_MADE_BY: Final = ("error_tokens", "normalizer", "signature_text", "patterns", "signature_index")


class CachedDatabase(NamedTuple):
    """What is kept: the plan by which hits are understood, and the database's bytes."""

    plan: Any
    database: bytes


def cache_path(board: Path) -> Path:
    """Where the cache of the board at that path lies."""
    return board.with_name(f".{board.name}.signatures")


def cache_name(texts: Iterable[tuple[str, str]]) -> bytes:
    """The name of the database of these (form, text) pairs, made by this code, in hex."""
    digest = hashlib.sha256()
    for module in _MADE_BY:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    digest.update(json.dumps(list(texts)).encode())
    return digest.hexdigest().encode()


def load_cached(path: Path, name: bytes) -> CachedDatabase | None:
    """What was kept under that name; None if there is nothing, or nothing to be trusted."""
    try:
        with path.open("rb") as file:
            if not _is_ours_alone(os.fstat(file.fileno())):
                return None
            if file.read(len(_MAGIC)) != _MAGIC or file.readline().rstrip() != name:
                return None
            seal, data = file.readline().rstrip(), file.read()
        if hashlib.sha256(data).hexdigest().encode() != seal:
            return None
        plan, _, database = data.partition(b"\n")
        return CachedDatabase(json.loads(plan), database)
    except (OSError, ValueError):
        return None


def save_cached(path: Path, name: bytes, kept: CachedDatabase) -> None:
    """Keep a database instead of what was kept before; where that can't be done, do without."""
    data = json.dumps(kept.plan).encode() + b"\n" + kept.database
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        try:
            handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                seal = hashlib.sha256(data).hexdigest().encode()
                file.write(_MAGIC + name + b"\n" + seal + b"\n" + data)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def _is_ours_alone(status: os.stat_result) -> bool:
    """Whether nobody else can have written the file; Windows keeps the user's folders private."""
    return os.name == "nt" or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)
