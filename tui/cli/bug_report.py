"""The verb ``bug-report``. It only reads."""

from __future__ import annotations

import click

from storage.reports.bug_report import bug_report
from tui.cli.input import PitfallId
from tui.cli.open_board import ReadingVerb, reading
from tui.cli.output import emit, talk
from tui.text.i18n import _, listed, translator
from tui.text.vocabulary import day


@click.command(
    "bug-report",
    cls=ReadingVerb,
    examples=("pitboard bug-report 867d", "pitboard bug-report 867d --lang zh"),
    help=_(
        "Write a bug report for the vendor's community.\n\n"
        "It is Markdown made from the record, in English or in Chinese (--lang zh), with the"
        " fields that the community's form asks for. What is missing in the record is said first,"
        " on stderr."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.pass_context
def write_report(context: click.Context, prefix: str) -> None:
    """Write a bug report."""
    with reading(context) as board:
        written = bug_report(board, board.resolve(prefix), translator(), day)
    if written.missing:
        talk(
            _("The vendor will ask for what is missing: {what}").format(
                what=listed(written.missing)
            )
        )
    emit(written.text.removesuffix("\n").split("\n"))
