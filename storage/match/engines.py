"""The engines that matching runs on.

Both are loaded late, since they take longer to load than a list to be shown: only a text or a
title that is to be matched waits for them.
"""

from __future__ import annotations

from types import ModuleType


def load_hyperscan() -> ModuleType:
    """Patterns over streams, in one pass of linear time."""
    # Loaded here, since only text that is searched needs it.
    import hyperscan

    return hyperscan


def load_rapidfuzz() -> ModuleType:
    """Texts that are nearly the same; it has the modules ``fuzz`` and ``process``."""
    # Loaded here, since only titles that are compared need it.
    import rapidfuzz

    return rapidfuzz
