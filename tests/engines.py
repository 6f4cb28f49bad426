"""Both ways in which signatures are looked for: by hyperscan, and by what stands in for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from storage.match import signatures

ENGINES = ("hyperscan", "slow")


@contextmanager
def engine_of(name: str) -> Iterator[str]:
    """Match by an engine, whatever is installed."""
    with pytest.MonkeyPatch.context() as patch:
        if name == "slow":
            # An import of it fails as where it is not installed.
            patch.setitem(sys.modules, "hyperscan", None)
        signatures._locator.cache_clear()
        yield name
    signatures._locator.cache_clear()


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each engine in turn."""
    with engine_of(request.param) as name:
        yield name
