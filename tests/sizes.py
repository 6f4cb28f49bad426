"""How large the tests are that try something many times: small in a usual run, and as storms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sizes(small: Any, full: Any) -> list[Any]:
    """What a test is parametrised with: its size in a usual run, and in ``pytest -m storm``."""
    usual, storm = (one if isinstance(one, tuple) else (one,) for one in (small, full))
    return [
        pytest.param(*usual, id="small"),
        pytest.param(*storm, id="full", marks=pytest.mark.storm),
    ]


def storms(usual: Iterable[Any], more: Iterable[Any]) -> list[Any]:
    """What a test is parametrised with: what a usual run tries, and what only a storm does."""
    return [*usual, *(pytest.param(one, marks=pytest.mark.storm) for one in more)]
