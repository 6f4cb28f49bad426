"""How large the tests are that try something many times: small, or as large as they are meant."""

from __future__ import annotations

import os
from typing import Final, TypeVar

T = TypeVar("T")

#: ``PITBOARD_TESTS=full pytest tests/fault`` is the full size.
FULL: Final = os.environ.get("PITBOARD_TESTS") == "full"


def size(small: T, full: T) -> T:
    """The size of a test in a usual run, and in one that takes its time."""
    return full if FULL else small
