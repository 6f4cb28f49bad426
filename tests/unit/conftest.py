"""A board of Ann's on a real file, and the wall clock that it goes by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.write.store import Store
from tests.boards import fresh
from tests.records import Wall


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def store(tmp_path: Path, wall: Wall) -> Iterator[Store]:
    store = Store.open(fresh(tmp_path / "board.db"), who="Ann", now=wall)
    yield store
    store.close()
