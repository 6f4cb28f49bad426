"""The verbs about the board's file: in and out, its health, its place; and completion."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from storage.errors import N_, Refused
from storage.text.sanitize import harmless
from storage.write.open_board import look
from tui.cli import output
from tui.cli.as_of import Reading, moment_of
from tui.cli.group import COMPLETION, Verb, board_path
from tui.cli.open_board import open_store, reading
from tui.cli.output import emit, emit_json, for_people, sink, talk
from tui.cli.progress import Progress
from tui.text.i18n import _, language, ngettext, sentences

if TYPE_CHECKING:
    from storage.check import Finding

_FORMATS: Final = ("events", "json", "csv")
_FORMAT_OF_ENDING: Final = {".json": "json", ".csv": "csv"}

_file = click.argument("target", metavar="FILE", type=click.Path(path_type=Path))


@click.command(
    "export",
    cls=Reading,
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
            from storage.exports.events import export_events

            export_events(board.path, write)
            attached = board.attachment_count()
        else:
            from storage.exports import csv_tables

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


@click.command(
    "doctor",
    cls=Verb,
    help=_(
        "Look the board over for damage.\n\n"
        "Is the file whole, are the events as they were written, is the board what they come"
        " to? The exit code is 3 if something is damaged."
    ),
)
@click.option("--rebuild", is_flag=True, help=_("First compute the board anew from its events."))
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.pass_context
def doctor(context: click.Context, rebuild: bool, as_data: bool) -> int:
    """Look the board over."""
    from storage.check import check

    path = board_path(context)
    progress = Progress(_("{done} events …"))
    if rebuild and look(path):
        store = open_store(path)
        try:
            done = store.rebuild(progress)
        finally:
            progress.end()
            store.close()
        talk(_("The board was computed anew from {count} events.").format(count=done))
    report = check(path, progress=progress)
    progress.end()
    if as_data:
        emit_json(
            {
                "sound": report.sound,
                "events": report.events,
                "pitfalls": report.pitfalls,
                "occurrences": report.occurrences,
                "findings": [
                    {"severity": finding.severity, "message": _said(finding)}
                    for finding in report.findings
                ],
            }
        )
    else:
        emit(f"{'✗' if one.severity == 'damage' else '·'} {_said(one)}" for one in report.findings)
        counts = _("{events} events, {pitfalls} pitfalls, {occurrences} occurrences").format(
            events=report.events, pitfalls=report.pitfalls, occurrences=report.occurrences
        )
        emit([f"✔ {_('sound')}: {counts}" if report.sound else f"✗ {_('damaged')}: {counts}"])
    return output.DONE if report.sound else output.REFUSED


def _said(finding: Finding) -> str:
    return harmless(sentences(finding.message, finding.advice, finding.values))


@click.command("backup", cls=Verb, help=_("Copy the board to FILE, even while others write to it."))
@_file
@click.pass_context
def backup(context: click.Context, target: Path) -> None:
    """Copy the board."""
    from storage.db.backup import back_up

    back_up(board_path(context), target)
    _emit_path(target)
    talk(_("The copy is a board of its own: pitboard --db FILE opens it."))


@click.command(
    "init",
    cls=Verb,
    help=_("Start a board; other verbs do so when they need one."),
)
@click.option("--empty", is_flag=True, help=_("Without the built-in catalogue."))
@click.pass_context
def init(context: click.Context, empty: bool) -> None:
    """Start a board."""
    path = board_path(context)
    found = look(path)
    if found is not None and empty and found.edition is not None:
        raise Refused(
            N_("There is a board at {path} already, with the catalogue in it; it was left so."),
            N_("Name another file with --db or PITBOARD_DB."),
            path=path,
        )
    open_store(path, empty=empty).close()
    if found is not None:
        talk(_("There is a board at {path} already.").format(path=path))
    _emit_path(path)


@click.command("path", cls=Verb, help=_("Write where the board's file is, or would be."))
@click.pass_context
def path(context: click.Context) -> None:
    """Write where the board is."""
    _emit_path(board_path(context))


def _emit_path(path: Path) -> None:
    if for_people():
        emit([harmless(str(path))])
    else:
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")


@click.command(
    "completion",
    cls=Verb,
    help=_(
        "Write the completion script of a shell.\n\n"
        'bash, in ~/.bashrc: eval "$(pitboard completion bash)"\n\n'
        'zsh, in ~/.zshrc: eval "$(pitboard completion zsh)"\n\n'
        "fish: pitboard completion fish > ~/.config/fish/completions/pitboard.fish"
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Write the completion script of a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    command = context.find_root().command
    emit(kind(command, {}, "pitboard", COMPLETION).source().splitlines())
