"""The verb that reviews what stands: confirm."""

from __future__ import annotations

import click

from tui.cli.bulk import carry_out, meant, on_several
from tui.cli.group import Verb
from tui.cli.open_board import writing
from tui.cli.prompts import text_of
from tui.text.i18n import _


@click.command(
    "confirm",
    cls=Verb,
    help=_(
        "Confirm that a workaround works.\n\n"
        "Somebody tried it, and it does what it should. ID may be given several times; - reads ids"
        " from stdin."
        " “pitboard list --view stale” lists those that nobody confirmed for twelve weeks."
    ),
)
@on_several
@click.option("--note", metavar="TEXT|-", help=_("How it was tried, for the history; - is stdin."))
@click.pass_context
def confirm(context: click.Context, names: tuple[str, ...], note: str | None) -> None:
    """Confirm the workaround of pitfalls."""
    with writing(context) as (store, board):
        pitfalls = meant(board, names)
        tried = text_of(note) or ""
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: store.confirm_workaround(ids, tried),
            _("Confirmed the workaround of {id}: {title}"),
        )
