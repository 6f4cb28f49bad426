"""The verbs ``export`` (events, JSON, CSV) and ``backup``: copies of the board outside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from storage.db.backup import back_up
from storage.exports import csv_tables
from storage.exports.events import export_events
from tui.cli.group import Verb, board_path
from tui.cli.open_board import ReadingVerb, moment_of, reading
from tui.cli.output import emit_path, sink, talk
from tui.text.i18n import _, language, ngettext

_FORMATS: Final = ("events", "json", "csv")


_FORMAT_OF_ENDING: Final = {".json": "json", ".csv": "csv"}


@click.command(
    "export",
    cls=ReadingVerb,
    help=_(
        "Write the whole board to FILE, or to stdout.\n\n"
        "As events (which “pitboard import” takes on another board), JSON or a CSV table; if"
        " not said, as FILE's ending tells, else as events."
    ),
)
@click.option("--format", "form", type=click.Choice(_FORMATS), help=_("What to write."))
@click.option("--force", is_flag=True, help=_("Write over FILE if there is one."))
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def export(context: click.Context, form: str | None, force: bool, target: Path | None) -> None:
    """Write the whole board out."""
    form = form or _FORMAT_OF_ENDING.get(target.suffix.lower() if target else "", "events")
    if form == "events" and moment_of(context) is not None:
        raise click.UsageError(
            _("Events are the whole record. --as-of goes with --format json or csv."), context
        )
    attached = 0
    # Opened first, so that a board that can't be read leaves no file behind.
    with reading(context) as board, sink(target, board.path, force=force) as write:
        if form == "events":
            export_events(board.path, write)
            attached = board.attachments.count()
        else:
            to_table = csv_tables.export_json if form == "json" else csv_tables.export_csv
            to_table(board, language(), lambda text: write(text.encode()))
    if target is not None:
        talk(_("Written to {path}.").format(path=target))
    if attached:
        words = ngettext(
            "Events name the {n} attachment and do not carry it: share the board, or copy it whole"
            " with “pitboard backup”.",
            "Events name the {n} attachments and do not carry them: share the board, or copy it"
            " whole with “pitboard backup”.",
            attached,
        )
        talk(words.format(n=attached))


@click.command("backup", cls=Verb, help=_("Copy the board to FILE, even while others write to it."))
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_context
def backup(context: click.Context, target: Path) -> None:
    """Copy the board."""
    back_up(board_path(context), target)
    emit_path(target)
    talk(_("The copy is a board of its own: pitboard --db FILE opens it."))
