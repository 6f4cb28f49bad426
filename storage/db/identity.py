"""Who is writing: a name for people to read, not a proof."""

from __future__ import annotations

import getpass
import os
import subprocess


def person(configured: str = "") -> str:
    """The name under which events are written.

    Args:
        configured: the name from the user's configuration. ``PITBOARD_WHO``
            goes before it; without both it is git's ``user.name``, else the login.
    """
    return (os.environ.get("PITBOARD_WHO") or configured or _git_name() or _login())[:200]


def _git_name() -> str:
    try:
        asked = subprocess.run(
            ["git", "config", "--get", "user.name"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
