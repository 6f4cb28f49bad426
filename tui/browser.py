"""Whether a link can be opened where this terminal stands."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def has_browser(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a browser would open beside the terminal, and not inside it or not at all.

    Over SSH there is no desktop to open one on, and a text browser would
    start in the middle of the board.
    """
    if sys.platform != "linux":
        return True
    return any(
        environment.get(name)
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME")
    )
