"""Other programs: the person's editor and what it is given, the system's viewer and browser."""

from __future__ import annotations

import os
import re
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
from storage.model.fields import NamedTuple
from storage.model.records import Pitfall
from storage.model.row import PLAN_NAMES, Kind, Severity
from storage.model.vocabulary import ending_to_view, tags_named
from storage.text.sanitize import sanitize
from tui.services.boards import unsaved_directory, viewed_directory
from tui.text.cells import cut
from tui.text.fields import value_name
from tui.text.i18n import _, labelled, read
from tui.text.vocabulary import tag_word

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
    before = text + "\n" if text and not text.endswith("\n") else text
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(before)
    try:
        finished = subprocess.run([*shlex.split(command), name], check=False)
    except (OSError, ValueError) as error:
        path.unlink()
        raise NoEditor(
            N_("The editor “{command}” can't be started: {why}."),
            N_("Set EDITOR to one that is installed."),
            command=command,
            why=error.strerror if isinstance(error, OSError) else str(error),
        ) from error
    if finished.returncode:
        is_typed = path.exists() and path.read_text("utf-8", "replace") != before
        if not is_typed:
            path.unlink(missing_ok=True)
        raise NoEditor(
            N_("The editor “{command}” failed; nothing was changed."),
            N_("What you typed is in {path}.")
            if is_typed
            else N_("Start it again, or set EDITOR."),
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
        raise Refused(N_("Its type is not known for certain, so it is not opened."), _SAVE_IT)
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


# A pitfall as one document for the editor, and back


_LINES: Final = ("title", "component", "kind", "severity", *PLAN_NAMES, "tags")
_TEXTS: Final = ("workaround", "reproduction", "signatures")
_HEADING: Final = re.compile(r"==== (\w+) ====\s*")
_LINE: Final = re.compile(r"(\w+):(.*)")
#: Of what somebody else wrote into a field, so many cells.
LONGEST_SHOWN: Final = 200


class InvalidDocument(PitboardError):
    """A document that came back from the editor is no longer one."""


class DocumentChanges(NamedTuple):
    """What a person changed; None stands for a set that was left alone."""

    changes: dict[str, str]
    tags: list[str] | None
    signatures: list[str] | None


def document_changes(before: str, after: str) -> DocumentChanges:
    """What differs between the document that was handed out and what came back.

    Raises:
        InvalidDocument: if the document that came back can't be read.
    """
    if after.strip() == before.strip() or not after.strip():
        return DocumentChanges({}, None, None)
    held, found = parse_document(before), parse_document(after)
    new = {field: text for field, text in found.items() if text != held[field]}
    tags = new.pop("tags", None)
    signatures = new.pop("signatures", None)
    return DocumentChanges(
        new,
        None if tags is None else tags_named(*tags.split()),
        None if signatures is None else signatures.splitlines(),
    )


def replaced_fields(before: str, after: str, now: str) -> dict[str, str]:
    """What the board says by now of fields that both the person and somebody else changed.

    Args:
        before: the document that was handed out.
        after: what came back.
        now: the document as it would be handed out now.

    Raises:
        InvalidDocument: if the document that came back can't be read.
    """
    if not after.strip():
        return {}
    held, mine, theirs = map(parse_document, (before, after, now))
    return {
        field: text
        for field, text in theirs.items()
        if text != held[field] and mine.get(field, text) not in (held[field], text)
    }


def replaced_words(fields: Mapping[str, str]) -> str:
    """What :func:`replaced_fields` found, a line for each field."""
    return "\n".join(
        labelled(value_name(field), cut(sanitize(text), LONGEST_SHOWN) or _("(emptied)"))
        for field, text in fields.items()
    )


def document(pitfall: Pitfall) -> str:
    """The document that a person edits."""
    lines = [
        "# " + _("Change what you like, save and close. An empty document changes nothing."),
        "# " + _("kind: {kinds}").format(kinds=", ".join(Kind)),
        "# " + _("severity: {severities}").format(severities=", ".join(Severity)),
        "# " + _("tags are separated by spaces or commas; signatures one per line."),
        f"title: {sanitize(read(pitfall.title))}",
        f"component: {sanitize(read(pitfall.component))}",
        f"kind: {pitfall.kind.value}",
        f"severity: {pitfall.severity.value}",
        *(f"{name}: {sanitize(value)}" for name, value in pitfall.plan._asdict().items()),
        f"tags: {' '.join(map(tag_word, pitfall.tags))}",
    ]
    texts = {
        "workaround": sanitize(read(pitfall.workaround), lines=True),
        "reproduction": sanitize(read(pitfall.reproduction), lines=True),
        "signatures": "\n".join(sanitize(one.text) for one in pitfall.own_signatures),
    }
    for field in _TEXTS:
        lines += [f"==== {field} ====", *map(_guarded, texts[field].split("\n"))]
    return "\n".join(lines) + "\n"


def parse_document(text: str) -> dict[str, str]:
    """The fields that a document holds.

    Raises:
        InvalidDocument: naming the line that can't be read.
    """
    found: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    under = ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        heading = _HEADING.fullmatch(line)
        if heading is not None and heading[1] in _TEXTS:
            under = heading[1]
            texts[under] = []
        elif under:
            texts[under].append(_bare(line))
        elif line.strip() and not line.startswith("#"):
            value = _LINE.fullmatch(line)
            if value is None or value[1] not in _LINES:
                raise InvalidDocument(
                    N_("Line {number} is not one of: {fields}."),
                    number=number,
                    fields=tuple(_LINES),
                )
            found[value[1]] = value[2].strip()
    return found | {field: "\n".join(value).strip("\n") for field, value in texts.items()}


def _guarded(line: str) -> str:
    """A line of text that could be taken for a heading, with a backslash before it."""
    return f"\\{line}" if _HEADING.fullmatch(line.lstrip("\\")) else line


def _bare(line: str) -> str:
    return line[1:] if line.startswith("\\") and _HEADING.fullmatch(line.lstrip("\\")) else line
