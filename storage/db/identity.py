"""Who is writing: a name for people to read, not a proof."""

from __future__ import annotations

import getpass
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final


def person(configured: str = "") -> str:
    """The name under which events are written.

    Args:
        configured: the name from the user's configuration. ``PITBOARD_WHO``
            goes before it; without both it is git's ``user.name``, else the login.
    """
    return (os.environ.get("PITBOARD_WHO") or configured or _git_name() or _login())[:200]


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


# git's user.name: starting git takes longer than writing an event, so its files are read


#: Where git may have been told of other files, or of values.
_OVERRIDDEN: Final = ("GIT_CONFIG", "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_CEILING")
_SECTION: Final = r"\s*\[\s*([\w.-]+)\s*(\"?)[^]]*\]\s*(.*)"
_VALUE: Final = r"\s*name\s*=\s*(.*?)\s*"
#: What only git reads: other files, and lines that go on; in a value quotes, escapes, comments.
_FOR_GIT: Final = r"(?im)^\s*\[\s*include|worktreeConfig|\\$"
_QUOTED: Final = r"[\"\\#;]"


class _Intricate(Exception):
    """Only git itself can tell."""


def _git_name() -> str:
    """git's ``user.name`` here; from its files where they are plain, else from git."""
    if any(name.startswith(_OVERRIDDEN) for name in os.environ):
        return _asked_of_git()
    try:
        for path in _git_files():
            name = _name_in(path)
            if name is not None:
                return name
    except (OSError, RuntimeError, _Intricate):
        return _asked_of_git()
    # Elsewhere, only git knows where its own installation keeps a file.
    return "" if sys.platform == "linux" else _asked_of_git()


def _git_files() -> Iterator[Path]:
    """The files that hold git's configuration here, in the order in which they count."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        inside = folder / ".git"
        if inside.is_file():
            inside = _linked(inside)
        if (inside / "HEAD").exists():
            yield inside / "config"
            break
        if (folder / "HEAD").exists():
            # Perhaps a bare repository.
            raise _Intricate
    home = Path.home()
    yield home / ".gitconfig"
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git" / "config"
    yield Path("/etc/gitconfig")
    yield Path("/usr/local/etc/gitconfig")


def _linked(file: Path) -> Path:
    """Where the repository is that a linked work tree or a submodule names."""
    inside = file.parent / file.read_text("utf-8").removeprefix("gitdir:").strip()
    shared = inside / "commondir"
    return inside / shared.read_text("utf-8").strip() if shared.exists() else inside


def _name_in(path: Path) -> str | None:
    """The ``user.name`` that a file sets last; None if it sets none.

    Raises:
        _Intricate: if it takes git to read it.
    """
    try:
        text = path.read_text("utf-8-sig", errors="replace")
    except FileNotFoundError:
        return None
    if re.search(_FOR_GIT, text):
        raise _Intricate
    section, found = "", None
    for line in text.splitlines():
        if heads := re.fullmatch(_SECTION, line):
            section = f"{heads[1].casefold()}{heads[2]}"
            line = heads[3]
        if section == "user" and (said := re.fullmatch(_VALUE, line, re.IGNORECASE)):
            if re.search(_QUOTED, said[1]):
                raise _Intricate
            found = said[1]
    return found


def _asked_of_git() -> str:
    # Loaded here, since most configurations are read without starting git.
    import subprocess

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
