"""The verb that tells who writes on the board."""

from __future__ import annotations

import click

from storage.sharing.state import Shared, Writer
from storage.text.dates import iso
from tui.cli import codes
from tui.cli.group import Verb
from tui.cli.open_board import ready
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, styled
from tui.services.session import wall_ms
from tui.text.i18n import _
from tui.text.sharing import writer_lines


@click.command(
    "who",
    cls=Verb,
    help=_(
        "List who wrote on the board, and on which store.\n\n"
        "The one who wrote last comes first. A name is what somebody gave, and no proof. Piped,"
        " it writes a line for each: store, whether it is this one, name, number of events, first"
        " and last of them; between them tabs."
    ),
)
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.pass_context
def who(context: click.Context, as_data: bool) -> int:
    """List people and stores."""
    with Shared.open(ready(context)) as shared:
        writers = shared.writers()
    if as_data:
        emit_json([_as_writer(writer) for writer in writers])
    elif not for_people():
        emit_rows(
            (
                *(writer.actor, "here" if writer.here else "", person.name, person.events),
                *(iso(person.first_at), iso(person.last_at)),
            )
            for writer in writers
            for person in writer.people
        )
    else:
        head, *rest = writer_lines(writers, wall_ms(), columns())
        emit([styled(head, bold=True), *rest])
    return codes.DONE if writers else codes.NOTHING_FOUND


def _as_writer(writer: Writer) -> dict[str, object]:
    return {
        "actor": writer.actor,
        "here": writer.here,
        "catalogue": writer.is_catalogue,
        "people": [
            {
                "name": person.name,
                "events": person.events,
                "first_at": iso(person.first_at),
                "last_at": iso(person.last_at),
            }
            for person in writer.people
        ],
    }
