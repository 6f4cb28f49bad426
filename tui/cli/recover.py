"""The verb that builds a new board from what is left of a damaged one."""

from __future__ import annotations

from pathlib import Path

import click

import seeds
from storage.text.sanitize import harmless
from tui.cli import output
from tui.cli.group import Verb, board_path
from tui.cli.open_board import configured_name
from tui.cli.output import emit, emit_json, for_people, talk
from tui.cli.progress import Progress
from tui.text.i18n import _, ngettext


@click.command(
    "recover",
    cls=Verb,
    help=_(
        "Build a new board from what is left of a damaged one.\n\n"
        "FILE is the new one. Every event is verified by its name; what backups, files of events"
        " and the journals of sharing hold as well is taken from there. The damaged file is only"
        " read. The exit code is 1 if something is or may be missing."
    ),
)
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "others",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A backup, a colleague's board, or a file of events; may be given several times."),
)
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.pass_context
def recover(context: click.Context, target: Path, others: tuple[Path, ...], as_data: bool) -> int:
    """Recover a board."""
    from storage.check.recover import recover as build
    from storage.db.identity import person

    progress = Progress()
    recovered = build(
        board_path(context),
        target,
        others,
        who=person(configured_name()),
        catalogue=seeds.lines,
        edition=seeds.EDITION,
        progress=lambda name, done: progress.say(
            _("{name}: {done} events …").format(name=harmless(name), done=done)
        ),
    )
    progress.end()
    if as_data:
        emit_json(
            {
                "sources": [
                    {"name": one.name, "found": one.found, "added": one.added}
                    for one in recovered.sources
                ],
                "gaps": [
                    {"actor": gap.actor, "first": gap.first, "last": gap.last}
                    for gap in recovered.gaps
                ],
                "missing_attachments": recovered.missing_contents,
                "was_whole": recovered.whole,
                "complete": recovered.complete,
            }
        )
        return output.DONE if recovered.complete else output.NOTHING_FOUND
    for one in recovered.sources:
        words = ngettext(
            "{name}: {found} event, {added} of them new",
            "{name}: {found} events, {added} of them new",
            one.found,
        )
        talk(words.format(name=harmless(one.name), found=one.found, added=one.added))
    for gap in recovered.gaps:
        count = gap.last - gap.first + 1
        words = ngettext(
            "Missing: {n} event of the store {actor}, number {first}",
            "Missing: {n} events of the store {actor}, numbers {first} to {last}",
            count,
        )
        talk(words.format(n=count, actor=gap.actor[:8], first=gap.first, last=gap.last))
    if recovered.missing_contents:
        words = ngettext(
            "Missing: the bytes of {n} attachment",
            "Missing: the bytes of {n} attachments",
            recovered.missing_contents,
        )
        talk(words.format(n=recovered.missing_contents))
    if recovered.complete:
        talk(_("Nothing is missing."))
    elif not recovered.whole:
        talk(_("The damaged file could not be read whole; it may have held more than was found."))
    if recovered.url:
        words = _("It was shared; join the new board again: pitboard --db {file} share {url}")
        talk(words.format(file=harmless(str(target)), url=harmless(recovered.url)))
    emit([harmless(str(target)) if for_people() else str(target)])
    return output.DONE if recovered.complete else output.NOTHING_FOUND
