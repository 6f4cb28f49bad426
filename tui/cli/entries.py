"""The verbs ``entry edit`` and ``entry hide``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from storage.model.records import THE_BOARD
from storage.read.board import Board
from storage.retro.happened import RetroNoteReader
from storage.text import dates
from storage.text.sanitize import sanitize
from storage.write.store import Store
from tui.cli.changes import tell
from tui.cli.group import Verb
from tui.cli.input import (
    PitfallId,
    WrongUse,
    reason_option,
    text_of,
)
from tui.cli.open_board import writing
from tui.cli.output import talk
from tui.text.i18n import _

if TYPE_CHECKING:
    from storage.read.board import Board

#: Stands for an id, which has no such letters: a note may be about no pitfall.
_BOARD: Final = "board"

#: Values that a person says otherwise than the record keeps them.
_READ: Final[Mapping[str, Callable[[str], object]]] = {
    "seen_at": dates.moment,
    **dict.fromkeys(("from_date", "quoted_on", "said_on", "due", "done_on"), dates.day),
}

_id = click.argument("prefix", metavar="ID", type=PitfallId())

_entry = click.argument("entry")


@click.command(
    "entry edit",
    cls=Verb,
    examples=('pitboard entry edit 867d 3f1c text="It is back"',),
    help=_(
        "Edit a comment, a fix, an occurrence or another entry.\n\n"
        "ENTRY is the beginning of the id of a comment, a link, a vendor reply, a fix, a"
        " signature, an occurrence, an attachment or a note; “show --json” and “history”"
        " show it. NAME is a field as in “show --json”; an empty VALUE clears it, - is"
        " stdin. ID “board” stands for notes of a retro. The old value stays in the"
        " history."
    ),
)
@_id
@_entry
@click.argument("changes", metavar="NAME=VALUE…", nargs=-1, required=True)
@reason_option
@click.pass_context
def edit_entry(
    context: click.Context, prefix: str, entry: str, changes: tuple[str, ...], reason: str | None
) -> None:
    """Change fields of an entry."""
    values, why = _fields_of(changes), text_of(reason) or ""
    _do(
        *(context, prefix, entry),
        lambda store, pitfall, item: store.entries.edit(pitfall, item, values, why),
        _("Edited an entry of {id}: {title}"),
    )


@click.command(
    "entry hide",
    cls=Verb,
    examples=('pitboard entry hide 867d 3f1c --reason "too broad"',),
    help=_(
        "Hide a comment, a fix, an occurrence or another entry.\n\n"
        "ENTRY is the beginning of its id; “show --json” and “history” show it. ID “board”"
        " stands for notes about no pitfall. “pitboard undo” and “pitboard revert” bring it"
        " back."
    ),
)
@_id
@_entry
@reason_option
@click.pass_context
def hide_entry(context: click.Context, prefix: str, entry: str, reason: str | None) -> None:
    """Take an entry out of sight."""
    why = text_of(reason) or ""
    _do(
        *(context, prefix, entry),
        lambda store, pitfall, item: store.entries.hide(pitfall, item, why),
        _("Hid an entry of {id}: {title}"),
    )


def _do(
    context: click.Context,
    prefix: str,
    entry: str,
    change: Callable[[Store, str, str], object],
    sentence: str,
) -> None:
    """Do something to an entry, and say of which pitfall it was."""
    with writing(context) as (store, board):
        pitfall, item = _entry_of(board, prefix, entry)
        change(store, pitfall, item)
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
        with RetroNoteReader.open(board.path) as notes:
            note = notes.note(entry)
        return note.pitfall or THE_BOARD, note.id
    pitfall = board.resolve(prefix)
    # An entry's id is that of the event that added it.
    return pitfall, board.history.change_named(pitfall, entry)


def _fields_of(changes: Sequence[str]) -> dict[str, Any]:
    """What each field is to be.

    Raises:
        Wrong: if one is not as it should be written.
        Refused: if one is no time.
    """
    fields: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not (name and equals):
            raise WrongUse(
                _("“{change}” has to be a field, = and its value.").format(change=sanitize(change))
            )
        text = text_of(value) or ""
        # As “show --json” calls it; the record stores it under another name.
        name = "sort" if name == "kind" else name
        fields[name] = _READ[name](text) if text and name in _READ else text
    return fields
