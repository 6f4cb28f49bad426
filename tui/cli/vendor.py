"""The verb that notes what the vendor said: statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storage.model.urls import is_web_address
from storage.model.vocabulary import StatementSort
from tui.cli.group import Verb
from tui.cli.open_board import writing
from tui.cli.parameters import Day, PitfallId, words
from tui.cli.prompts import Wrong, ask, somebody_is_there, text_of
from tui.cli.written import tell
from tui.text.i18n import _, listed

if TYPE_CHECKING:
    from storage.model.records import Pitfall


@click.command(
    "statement",
    cls=Verb,
    help=_(
        "Note what the vendor said of a pitfall.\n\n"
        "A statement stands at a reference: --ref is the address, which becomes a reference if"
        " none has it, or the beginning of the id of one (“pitboard show --json” tells it). With"
        " a single reference it can be left out. The newest statement says how the pitfall stands"
        " with the vendor; what one of theirs said (--official) outranks what others said."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.option("--ref", "reference", metavar="URL-OR-ID", help=_("Where it was said."))
@click.option("--sort", type=words(StatementSort), help=_("What it comes to."))
@click.option("--on", "said_on", metavar="DATE", type=Day(), help=_("When it was said."))
@click.option("--author", metavar="NAME", help=_("Who said it."))
@click.option("--official", is_flag=True, help=_("One of the vendor's own said it."))
@click.option(
    "--version", metavar="VERSION", help=_("In which version it is fixed, or is going to be.")
)
@click.option("--quote", metavar="TEXT|-", help=_("Their words; - is stdin."))
@click.pass_context
def statement(
    context: click.Context,
    prefix: str,
    reference: str | None,
    sort: str | None,
    said_on: str | None,
    author: str | None,
    official: bool,
    version: str | None,
    quote: str | None,
) -> None:
    """Note what the vendor said."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        held = board.pitfall(pitfall)
        quote = text_of(quote)
        if somebody_is_there():
            if reference is None and len(held.references) != 1:
                reference = ask(_("Address where it was said"))
            sort = sort or ask(_("What it comes to"), among=words(StatementSort))
        where = _place(held, reference)
        if sort is None:
            raise Wrong(
                _("A statement needs --sort, what it comes to: {sorts}.").format(
                    sorts=listed(StatementSort)
                )
            )
        store.add_statement(
            pitfall,
            where,
            sort=sort,
            said_on=said_on,
            author=author,
            official=official,
            version=version,
            quote=quote,
        )
        tell(board, pitfall, _("Noted what the vendor said of {id}: {title}"))


def _place(pitfall: Pitfall, said: str | None) -> str:
    """The id of the reference that is meant, or the address of one that may be new.

    Raises:
        Wrong: if none is meant, or several could be.
    """
    if said is not None and is_web_address(said):
        return said
    meant = [one.id for one in pitfall.references if one.id.startswith((said or "").lower())]
    if len(meant) == 1:
        return meant[0]
    if said is None:
        raise Wrong(_("Where was it said? Give the address with --ref."))
    raise Wrong(
        _("“{said}” is neither an address nor the id of one reference of this pitfall.").format(
            said=said
        )
    )
