"""The verb that keeps one of the values that several people wrote at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from storage.exports.json_shapes import as_contest, as_value
from storage.read import Board
from storage.text.sanitize import harmless
from tui.cli import codes
from tui.cli.group import Verb
from tui.cli.open_board import reading, writing
from tui.cli.output import emit, emit_json, emit_rows, for_people, styled, talk
from tui.cli.parameters import PitfallId
from tui.cli.prompts import Wrong
from tui.text.cells import cut
from tui.text.conflicts import Numbered, name_of, numbered, origin_of, value_of
from tui.text.i18n import _, language

_LONGEST = 60


@click.command(
    "keep",
    cls=Verb,
    help=_(
        "Keep one of the values that people wrote at the same time.\n\n"
        "Without --value it lists them, each with its number. Piped, it writes a line for each:"
        " number, name, event, who, value; between them tabs."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.option("--value", "number", metavar="N", type=int, help=_("The number of the one to keep."))
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.pass_context
def keep(context: click.Context, prefix: str, number: int | None, as_data: bool) -> int:
    """List what is contested, or keep one of the values."""
    if number is None:
        return _list(context, prefix, as_data)
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        claims = {one.number: one for one in numbered(board.pitfall(pitfall).contests)}
        if number not in claims:
            raise Wrong(_("There is no value {n} here.").format(n=number))
        kept = claims[number]
        store.keep(pitfall, kept.contest.name, kept.claim.event)
        said = cut(" ".join(value_of(kept, board.short_id).split()), _LONGEST)
        talk(_("Kept the {name}: {value}").format(name=name_of(kept.contest), value=said))
    return codes.DONE


def _list(context: click.Context, prefix: str, as_data: bool) -> int:
    with reading(context) as board:
        contests = board.pitfall(board.resolve(prefix)).contests
        claims = list(numbered(contests))
        if as_data:
            emit_json([as_contest(one, language()) for one in contests])
        elif not for_people():
            emit_rows(
                (
                    *(one.number, one.contest.name, one.claim.event, one.claim.who),
                    as_value(one.contest.part, one.claim.value, language()),
                )
                for one in claims
            )
        elif claims:
            emit(lines(claims, board))
        else:
            talk(_("Nobody wrote the same thing at the same time here."))
    return codes.DONE if claims else codes.NOTHING_FOUND


def lines(claims: Sequence[Numbered], board: Board) -> Iterator[str]:
    """Each value with its number, who wrote it, and when, below what it is a value of."""
    for one in claims:
        if one.stands:
            yield styled(harmless(name_of(one.contest)), bold=True)
        yield f"{one.number:>3}  {origin_of(one)}"
        yield from (f"     {line}" for line in value_of(one, board.short_id).splitlines())
