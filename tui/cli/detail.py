"""The verb ``show``. It loads neither pydantic nor Textual."""

from __future__ import annotations

import click

from tui.cli.as_of import Reading, present
from tui.cli.open_board import reading
from tui.cli.output import columns, emit, emit_json, for_people
from tui.cli.parameters import PitfallId
from tui.cli.pitfall_page import as_it_stands, page
from tui.text.i18n import _, language


@click.command(
    "show",
    cls=Reading,
    help=_(
        "Show a pitfall with all that belongs to it.\n\n"
        "The workaround comes first. --json holds every occurrence, the page the newest."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.pass_context
def show(context: click.Context, prefix: str, as_data: bool) -> None:
    """Show one pitfall."""
    with reading(context) as board:
        name = board.resolve(prefix)
        pitfall = as_it_stands(board, name, present(context))
        sightings = board.sightings(name)
        if as_data:
            from storage.exports.json_shapes import as_shown

            emit_json(
                as_shown(
                    pitfall,
                    sightings,
                    board.occurrences(name),
                    language(),
                    duplicates=[row.id for row in board.duplicates(name)],
                    told_apart=board.apart_from(name),
                    fixes=board.judging_fixes(name),
                    evidence=board.evidence(name),
                )
            )
        else:
            emit(page(board, pitfall, sightings, columns() if for_people() else None))
