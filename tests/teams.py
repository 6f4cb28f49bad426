"""Boards that share one remote, for tests of sharing: real git repositories on this disk."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from storage.db.connection import connect_for_reading
from storage.events import event_id
from storage.sharing.state import SharingReader, SharingState, SyncNote, actor_of
from storage.sharing.sync import SyncResult, share, sync
from storage.write.store import Store
from tests.boards import fresh
from tests.records import Wall, line


def git(folder: Path, *arguments: str, data: bytes | None = None) -> str:
    """What git says in a repository, as somebody would ask it who looks at it."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], input=data, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def refs(folder: Path) -> dict[str, str]:
    """The refs of a repository and where they stand."""
    lines = git(folder, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)


class Team:
    """Boards in a folder, and the bare folder that they share.

    Args:
        room: an empty folder.
        names: of the people; each has a board of that name.
    """

    def __init__(self, room: Path, names: Sequence[str] = ("Ann", "Bo")) -> None:
        self.room = room
        self.remote = room / "remote.git"
        self.wall = Wall()
        self.stores = {name: self.open(name) for name in names}
        for store in self.stores.values():
            share(store.session, str(self.remote), create=True)

    def open(self, name: str) -> Store:
        """The board of that name."""
        path = self.room / f"{name}.db"
        return Store.open(path if path.exists() else fresh(path), who=name, now=self.wall)

    def __getitem__(self, name: str) -> Store:
        return self.stores[name]

    def sync(self, *names: str) -> list[SyncResult]:
        """Sync some boards in turn; all of them until all are in step, if none is named."""
        return [sync(self.stores[name].session) for name in names or [*self.stores, *self.stores]]

    def sharing(self, name: str) -> SharingState:
        """How a board stands."""
        with SharingReader.open(self.stores[name].path) as shared:
            found = shared.sharing()
            assert found is not None
            return found

    def notes(self, name: str) -> list[SyncNote]:
        """What a board noticed."""
        with SharingReader.open(self.stores[name].path) as shared:
            return shared.notes()

    def journal(self, name: str) -> str:
        """The ref of a board's journal on the remote."""
        with closing(connect_for_reading(self.stores[name].path)) as connection:
            return f"refs/pitboard/{actor_of(connection)}"

    def close(self) -> None:
        """Close the boards."""
        for store in self.stores.values():
            store.close()


# What a colleague can push who means no good: journals of any content, under any name


def push(
    remote: Path,
    ref: str,
    lines: Iterable[bytes] = (),
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Put a journal at a ref of the remote, in the place of what lies there.

    Args:
        remote: the bare folder.
        ref: its full name.
        lines: of events, all in one segment.
        files: other files, or others than a journal has at those paths.
    """
    held = {"format": b"pitboard-journal 1\n"}
    if data := b"".join(line + b"\n" for line in lines):
        held["events/000001.jsonl"] = data
    held |= files or {}
    feed = [b"commit %s\ncommitter x <x@x> 1 +0000\ndata 1\nx\ndeleteall\n" % ref.encode()]
    for path, content in held.items():
        feed.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))
    git(remote, "fast-import", "--quiet", "--force", data=b"".join(feed))


def chained(
    actor: str, *events: dict[str, Any], prev: str | None = None, seq: int = 1
) -> list[bytes]:
    """The lines of some events of an actor, numbered on and each naming the one before."""
    lines = []
    for number, values in enumerate(events, seq):
        one = line(**{"actor": actor, "seq": number, "step": number, "prev": prev} | values)
        prev = event_id(one)
        lines.append(one)
    return lines
