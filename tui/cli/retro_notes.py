"""The verbs of what a team notes when it looks back: note, follow-ups, done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from storage.exports.json_shapes import as_note
from storage.model.moment import Moment
from storage.model.retro import RetroNote
from storage.model.vocabulary import NoteSort
from storage.read import Board
from storage.retro.notes import Notes
from storage.text.sanitize import harmless
from tui.cli import output
from tui.cli.as_of import Reading, moment_of
from tui.cli.group import Verb
from tui.cli.open_board import reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, styled, talk
from tui.cli.parameters import Day, PitfallId, words
from tui.cli.prompts import Wrong, read_stdin, text_of
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, language, read

#: As many digits of an id as tell notes apart, and as people like to type.
_ID: Final = 8
_LONGEST_OWNER: Final = 16
_GAP: Final = "  "


@click.command(
    "note",
    cls=Verb,
    help=_(
        "Note what a retro came to.\n\n"
        "A note, a decision, or a follow-up: that one comes up again, here and in the next retro,"
        " until “pitboard done” says that it is done."
    ),
)
@click.argument("text", metavar="TEXT|-")
@click.option("--sort", type=words(NoteSort), default=NoteSort.NOTE.value, help=_("What it is."))
@click.option("--owner", metavar="NAME", default="", help=_("Who takes it on."))
@click.option("--due", metavar="DATE", type=Day(), help=_("Until when."))
@click.option(
    "--on", "prefix", metavar="ID", type=PitfallId(), help=_("The pitfall that it is about.")
)
@click.pass_context
def note(
    context: click.Context, text: str, sort: str, owner: str, due: str | None, prefix: str | None
) -> None:
    """Note something."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix) if prefix is not None else ""
        noted = store.note_retro(
            text_of(text) or "", sort=sort, owner=owner, due=due or "", pitfall=pitfall
        )
    if for_people():
        talk(_("Noted {id}.").format(id=noted[:_ID]))
    else:
        emit([noted])


@click.command(
    "follow-ups",
    cls=Reading,
    help=_(
        "List the follow-ups that nobody has done.\n\n"
        "The earliest due first. Piped, it writes a line for each: id, due, done on, owner,"
        " pitfall, text; between them tabs."
    ),
)
@click.option("--all", "with_done", is_flag=True, help=_("Those that are done as well."))
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.pass_context
def follow_ups(context: click.Context, with_done: bool, as_data: bool) -> int:
    """List follow-ups."""
    with reading(context) as board:
        everything = _follow_ups(board.path, moment_of(context))
        found = [one for one in everything if with_done or not one.done_on]
        if as_data:
            emit_json([as_note(one, language()) for one in found])
        elif not for_people():
            emit_rows(
                (one.id, one.due, one.done_on, one.owner, one.pitfall, read(one.text))
                for one in found
            )
        elif found:
            emit(_table(found, board, columns()))
    if not found:
        talk(_("There is nothing left to follow up. Well done."))
    return output.DONE if found else output.NOTHING_FOUND


def _follow_ups(path: Path, moment: Moment | None) -> tuple[RetroNote, ...]:
    if moment is not None:
        # Loaded here, since it folds events and so needs pydantic.
        from storage.as_of.notes import follow_ups_at

        return follow_ups_at(path, moment)
    with Notes.open(path) as notes:
        return notes.follow_ups()


@click.command(
    "done",
    cls=Verb,
    help=_(
        "Say that follow-ups are done.\n\n"
        "NOTE is the beginning of an id, as “pitboard follow-ups” shows it; several may be given,"
        " - reads them from stdin."
    ),
)
@click.argument("prefixes", metavar="NOTE…|-", nargs=-1, required=True)
@click.option("--on", "done_on", metavar="DATE", type=Day(), help=_("When; else today."))
@click.pass_context
def done(context: click.Context, prefixes: tuple[str, ...], done_on: str | None) -> None:
    """Say that follow-ups are done."""
    with writing(context) as (store, board), Notes.open(board.path) as notes:
        named = [one for prefix in prefixes for one in _named(prefix)]
        meant = {one.id: one for one in map(notes.note, named)}
        store.finish_follow_ups(list(meant), done_on=done_on or "")
        for one in meant.values():
            talk(_("Done: {text}").format(text=cut(harmless(read(one.text)), 60)))


def _named(prefix: str) -> list[str]:
    if prefix != "-":
        return [prefix]
    ids = [line.split(maxsplit=1)[0] for line in read_stdin().splitlines() if line.strip()]
    if not ids:
        raise Wrong(_("No ids came on stdin."))
    return ids


def _table(found: Sequence[RetroNote], board: Board, cells: int) -> Iterator[str]:
    """A line for each: id, due, owner, and as much of the text as there is room for."""
    owners = [cut(harmless(one.owner), _LONGEST_OWNER) or "–" for one in found]
    wide = max(map(width, (*owners, _("OWNER"))))
    head = _GAP.join((fit(_("ID"), _ID), fit(_("DUE"), 10), fit(_("OWNER"), wide), _("FOLLOW-UP")))
    yield styled(cut(head, cells), bold=True)
    for one, owner in zip(found, owners, strict=True):
        about = f"{board.short_id(one.pitfall)}  " if one.pitfall else ""
        ticked = f"✓ {one.done_on}  " if one.done_on else ""
        said = f"{ticked}{about}{harmless(read(one.text))}"
        line = _GAP.join((one.id[:_ID], fit(harmless(one.due) or "–", 10), fit(owner, wide), said))
        yield styled(cut(line, cells), dim=True) if one.done_on else cut(line, cells)
