"""Other programs: the person's editor, the system's viewer and browser."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.db.blobs import save_file
from storage.errors import N_, PitboardError, Refused, not_created
from storage.model.media_types import ending_to_view
from tui.services.boards import unsaved_directory, viewed_directory

if TYPE_CHECKING:
    from textual.app import App


class NoEditor(PitboardError):
    """No editor is set, or it can't be started, or it failed."""


def edit_text(text: str, suffix: str = ".md") -> str:
    """``text`` as the person left it in ``$VISUAL`` or ``$EDITOR``.

    Raises:
        NoEditor: the text is as it was, and the file stays if something was written to it.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise NoEditor(N_("No editor is set."), N_("Set EDITOR, for instance: export EDITOR=vim"))
    handle, name = tempfile.mkstemp(prefix="pitboard-", suffix=suffix)
    path = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n" if text and not text.endswith("\n") else text)
    try:
        finished = subprocess.run([*shlex.split(command), name], check=False)
    except (OSError, ValueError) as error:
        path.unlink()
        raise NoEditor(
            N_("The editor “{command}” can't be started: {why}."),
            N_("Set EDITOR to one that is installed."),
            command=command,
            why=str(error),
        ) from error
    if finished.returncode:
        raise NoEditor(
            N_("The editor “{command}” failed; nothing was changed."),
            N_("What you typed is in {path}."),
            command=command,
            path=path,
        )
    saved = path.read_bytes()
    path.unlink()
    try:
        return saved.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except UnicodeDecodeError as error:
        raise NoEditor(
            N_("The editor did not save UTF-8 text; nothing was changed."),
            N_("What you typed is in {path}."),
            path=put_aside(saved),
        ) from error


def edit_beside(app: App[Any], text: str) -> str:
    """``text`` as the person left it, while the screen is put away.

    Raises:
        NoEditor: see :func:`edit_text`; also where the screen can't be put away.
    """
    # Loaded here, since the command edits texts, too, without Textual.
    from textual.app import SuspendNotSupported

    edited: str | NoEditor
    try:
        with app.suspend():
            # An error that left this block would leave the screen put away.
            try:
                edited = edit_text(text)
            except NoEditor as error:
                edited = error
    except SuspendNotSupported as error:
        raise NoEditor(N_("This terminal can't be lent to an editor.")) from error
    app.refresh(repaint=True, layout=True)
    if isinstance(edited, NoEditor):
        raise edited
    return edited


def put_aside(text: str | bytes) -> Path:
    """Keep text that could not be saved in a file of its own, for its owner only; where it is."""
    try:
        directory = unsaved_directory()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        directory = Path(tempfile.gettempdir())
    stamp = time.strftime("%Y%m%d-%H%M%S")
    handle, name = tempfile.mkstemp(prefix=f"{stamp}-", suffix=".md", dir=directory)
    with os.fdopen(handle, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return Path(name)


# Showing an attachment with the system's own viewer


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
        raise not_created(viewed, error, N_("Save it instead.")) from error


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
