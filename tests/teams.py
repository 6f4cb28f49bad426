"""Boards that share one remote, for tests of sharing: real git repositories on this disk."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from storage.db.connection import connect_for_reading
from storage.sharing.state import SharingReader, SharingState, SyncNote, actor_of
from storage.sharing.sync import SyncResult, share, sync
from storage.write.store import Store
from tests.boards import fresh
from tests.records import Wall


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
