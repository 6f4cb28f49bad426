"""The verbs that put an entry of a pitfall right: amend, hide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click

from storage.model.retro import THE_BOARD
from storage.read import Board
from storage.retro.notes import Notes
from storage.text import human_dates
from storage.text.sanitize import harmless
from storage.write.store import Store
from tui.cli.group import Verb
from tui.cli.open_board import writing
from tui.cli.output import talk
from tui.cli.parameters import PitfallId
from tui.cli.prompts import Wrong, text_of
from tui.cli.written import tell
from tui.text.i18n import _

#: Stands for an id, which has no such letters: a note may be about no pitfall.
_BOARD: Final = "board"
#: Values that a person says otherwise than the record keeps them.
_READ: Final[Mapping[str, Callable[[str], object]]] = {"seen_at": human_dates.moment}

_id = click.argument("prefix", metavar="ID", type=PitfallId())
_entry = click.argument("entry")
_reason = click.option(
    "--reason", metavar="TEXT", default="", help=_("Why, for the history; - is stdin.")
)


@click.command(
    "amend",
    cls=Verb,
    help=_(
        "Put an entry of a pitfall right.\n\n"
        "ENTRY is the beginning of the id of a comment, a reference, a statement, a fix, a"
        " signature, an occurrence, an attachment or a note, as “show --json” and “history” have"
        " it. NAME is a field of it as in “show --json”; an empty VALUE takes out what stood"
        " there, - is stdin. Where ID is “board” it is a note of a retro. What stood there"
        " stays in the history."
    ),
)
@_id
@_entry
@click.argument("changes", metavar="NAME=VALUE…", nargs=-1, required=True)
@_reason
@click.pass_context
def amend(
    context: click.Context, prefix: str, entry: str, changes: tuple[str, ...], reason: str
) -> None:
    """Change fields of an entry."""
    values, why = _said(changes), text_of(reason) or ""
    _do(
        *(context, prefix, entry),
        lambda store, pitfall, item: store.amend(pitfall, item, values, why),
        _("Amended an entry of {id}: {title}"),
    )


@click.command(
    "hide",
    cls=Verb,
    help=_(
        "Hide an entry of a pitfall.\n\n"
        "ENTRY is the beginning of its id, as “show --json” and “history” have it. Where ID is"
        " “board” it is a note about no pitfall. “pitboard undo” and “pitboard restore” bring it"
        " back."
    ),
)
@_id
@_entry
@_reason
@click.pass_context
def hide(context: click.Context, prefix: str, entry: str, reason: str) -> None:
    """Take an entry out of sight."""
    why = text_of(reason) or ""
    _do(
        *(context, prefix, entry),
        lambda store, pitfall, item: store.hide(pitfall, item, why),
        _("Hid an entry of {id}: {title}"),
    )


def _do(
    context: click.Context,
    prefix: str,
    entry: str,
    deed: Callable[[Store, str, str], object],
    sentence: str,
) -> None:
    """Do something to an entry, and say of which pitfall it was."""
    with writing(context) as (store, board):
        pitfall, item = _entry_of(board, prefix, entry)
        deed(store, pitfall, item)
        if pitfall == THE_BOARD:
            talk(_("Changed a note about the whole board."))
        else:
            tell(board, pitfall, sentence)


def _entry_of(board: Board, prefix: str, entry: str) -> tuple[str, str]:
    """The ids of an entry and of what it was recorded on.

    Raises:
        NotFound, Ambiguous: if there is none, or several could be meant.
    """
    if prefix == _BOARD:
        with Notes.open(board.path) as notes:
            note = notes.note(entry)
        return note.pitfall or THE_BOARD, note.id
    pitfall = board.resolve(prefix)
    # An entry's id is that of the event that added it.
    return pitfall, board.change_named(pitfall, entry)


def _said(changes: Sequence[str]) -> dict[str, Any]:
    """What each field is to be.

    Raises:
        Wrong: if one is not as it should be written.
        Refused: if one is no time.
    """
    said: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not (name and equals):
            raise Wrong(
                _("“{change}” has to be a field, = and its value.").format(change=harmless(change))
            )
        text = text_of(value) or ""
        said[name] = _READ[name](text) if text and name in _READ else text
    return said
