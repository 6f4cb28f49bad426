"""Showing an attachment with the system's own viewer.

What the viewer is given has a name of ours, and an ending that its bytes call for. So nothing
that the record says can choose a program, and nothing is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from storage.errors import N_, Refused
from storage.model.media_types import ending_to_view
from storage.write.uploads import save_file
from tui.services.paths import viewed_directory

#: A viewer that can't show anything says so in this time; one that can may stay open for hours.
_PATIENCE_SECONDS: Final = 1.0
_KEPT_SECONDS: Final = 24 * 60 * 60
_SAVE_IT: Final = N_("Save it, and open it with a program of your choice.")


def view(data: bytes) -> Path:
    """Show some bytes with the system's viewer; the file that it was given.

    The file lies in a folder that is its owner's alone, and is taken away a day later.

    Raises:
        Refused: if no viewer may be given them, there is none here, or it shows nothing.
    """
    ending = ending_to_view(data)
    if not ending:
        raise Refused(
            N_("What sort of file it is can't be told safely, so it is not opened."), _SAVE_IT
        )
    opener = _opener()
    if opener is None:
        raise Refused(N_("No viewer can be opened from here."), N_("Save it instead."))
    folder = _room()
    path = save_file(data, f"attachment{ending}", folder)
    _show(opener, path)
    return path


def _opener() -> str | None:
    """The program that opens a file with whatever shows it; empty if the system itself does."""
    if sys.platform == "win32":
        return ""
    if sys.platform == "darwin":
        return shutil.which("open")
    has_desktop = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return shutil.which("xdg-open") if has_desktop else None


def _room() -> Path:
    """A new folder for one file; those of days before are taken away."""
    viewed = viewed_directory()
    try:
        viewed.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in viewed.iterdir():
            with suppress(OSError):
                if time.time() - old.lstat().st_mtime > _KEPT_SECONDS and not old.is_symlink():
                    shutil.rmtree(old)
        return Path(tempfile.mkdtemp(dir=viewed))
    except OSError as error:
        raise Refused(
            N_("{target} can't be created: {why}."),
            N_("Save it instead."),
            target=viewed,
            why=error.strerror,
        ) from error


def _show(opener: str, path: Path) -> None:
    if sys.platform == "win32":
        os.startfile(path)
        return
    try:
        started = subprocess.Popen(
            [opener, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        failed = started.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return
    except OSError as error:
        raise Refused(
            N_("The viewer can't be started: {why}."), _SAVE_IT, why=error.strerror
        ) from error
    if failed:
        raise Refused(N_("No program was found that shows it."), _SAVE_IT)


# Whether a link can be opened where this terminal stands


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
