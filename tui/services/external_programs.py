"""The person's own editor, for text that wants more room than a form."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import N_, PitboardError
from tui.services.paths import unsaved_directory

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
