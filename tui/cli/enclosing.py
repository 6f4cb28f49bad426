"""Files that are named to be attached, whichever verb takes them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from storage.errors import Refused
from storage.files import Enclosure, read_file, read_stream
from storage.text.filenames import NAMELESS, label_of
from storage.text.sanitize import harmless
from tui.cli.prompts import Wrong
from tui.text.i18n import _

attach_option = click.option(
    "--attach",
    "paths",
    metavar="FILE",
    multiple=True,
    help=_("A screenshot or a log of it; may be repeated."),
)


def enclosures(paths: Iterable[str], *, note: str = "", label: str = "") -> list[Enclosure]:
    """The files that paths name, ``-`` being stdin.

    Raises:
        Wrong: if stdin is named twice.
        NotFound, Refused: naming the first that can't be attached.
    """
    return [_enclosure(path, note, label) for path in paths]


def _enclosure(path: str, note: str, label: str) -> Enclosure:
    if path != "-":
        file = Path(path)
        try:
            return Enclosure(read_file(file), label or label_of(file.name), note)
        except Refused as refused:
            if "path" not in refused.values:
                refused.add_note(f"  {harmless(path)}")
            raise
    meta = click.get_current_context().meta
    if "pitboard.stdin" in meta:
        raise Wrong(_("Standard input (-) can only be taken once."))
    meta["pitboard.stdin"] = True
    return Enclosure(read_stream(sys.stdin.buffer), label or NAMELESS, note)
