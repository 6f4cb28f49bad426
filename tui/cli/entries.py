"""The verbs of entries: ``entry edit`` and ``hide``, ``attach``, ``attachment``; ``--attach``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from storage.db.reader import given_id
from storage.errors import N_, Refused
from storage.model.records import THE_BOARD
from storage.model.vocabulary import attachment_kind
from storage.text import dates
from storage.text.dates import iso
from storage.text.sanitize import file_names, sanitize
from tui import deferred
from tui.cli import answer, option, output
from tui.cli.answer import answer_with, wants_json
from tui.cli.changes import tell, uploads
from tui.cli.group import Verb
from tui.cli.input import AnyNumber, PitfallId, WrongUse, reason_option, text_of
from tui.cli.open_board import ReadingVerb, reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, styled, talk
from tui.cli.report import warn_first
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, language, ngettext, read

if TYPE_CHECKING:
    from storage.db import blobs
    from storage.exports import json_shapes
    from storage.model.records import Attachment
    from storage.read.board import Board
    from storage.retro import happened
    from storage.write.store import Store
    from tui.text import fields, verdicts
else:
    # Loaded when a verb is carried out: attachments in words and as JSON.
    blobs = deferred("storage.db.blobs")
    json_shapes = deferred("storage.exports.json_shapes")
    happened = deferred("storage.retro.happened")
    fields = deferred("tui.text.fields")
    # Loaded when an entry is edited.
    verdicts = deferred("tui.text.verdicts")

_GAP: Final = "  "
_ALL: Final = "ALL"
_LONGEST_LABEL: Final = 48


@click.command(
    "attach",
    cls=Verb,
    examples=('pitboard attach 867d error.txt --note "from the phone"',),
    help=_(
        "Attach screenshots and logs to a pitfall.\n\n"
        "Each FILE may have 10 MiB; - is stdin. The file's name becomes its label. The same"
        " bytes are stored once and shared with the board."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.argument("paths", metavar="FILE…|-", nargs=-1, required=True)
@option(
    "--occurrence",
    metavar="EVENT",
    help=_("The occurrence that it belongs to: the beginning of its id, or “newest”."),
)
@option("--note", metavar="TEXT|-", help=_("What it shows; - is stdin."))
@option("--label", metavar="TEXT", help=_("Its label; the default is the file's name."))
@click.pass_context
def attach(
    context: click.Context,
    prefix: str,
    paths: tuple[str, ...],
    occurrence: str | None,
    note: str | None,
    label: str | None,
) -> None:
    """Attach files."""
    if label is not None and len(paths) > 1:
        raise WrongUse(_("A label is for one file; attach them one by one."))
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        shown = _occurrence(board, pitfall, occurrence) if occurrence else ""
        files = uploads(paths, note=text_of(note) or "", label=label or "")
        store.attachments.add(pitfall, files, occurrence=shown)
        done = ngettext(
            "Attached {n} file to {id}: {title}", "Attached {n} files to {id}: {title}", len(files)
        )
        tell(board, pitfall, done, n=len(files))


def _occurrence(board: Board, pitfall: str, typed: str) -> str:
    """The id of the occurrence that is meant.

    Raises:
        WrongUse: if none is, or several could be.
    """
    if typed in {"newest", "最近"}:
        meant = [one.id for one in board.occurrences.of(pitfall, limit=1)]
    else:
        begins = given_id(typed)
        meant = [one.id for one in board.occurrences.of(pitfall) if one.id.startswith(begins)]
    if len(meant) != 1:
        raise WrongUse(
            _("“{value}” does not name one occurrence of this pitfall.").format(
                value=sanitize(typed)
            )
        )
    return meant[0]


@click.command(
    "attachment list",
    cls=ReadingVerb,
    examples=("pitboard attachment list 867d",),
    help=_(
        "List the attachments of a pitfall.\n\n"
        "Piped, it writes one tab-separated line per file: number, kind, size in bytes,"
        " label, who, when, occurrence, id."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.pass_context
def list_attachments(context: click.Context, prefix: str) -> int:
    """List attachments."""
    with reading(context) as board:
        held = board.pitfall(board.resolve(prefix)).attachments
        if wants_json():
            emit_json({"attachments": [json_shapes.as_attachment(one, language()) for one in held]})
        elif for_people():
            emit(_table(held, columns()))
        else:
            emit_rows(_rows(held))
    return _found(held)


def _found(held: Sequence[Attachment]) -> int:
    if not held:
        talk(_("Nothing is attached to it."))
        answer.advise(_("Attach a file: “pitboard attach ID FILE”."))
    return output.DONE if held else output.NOTHING_FOUND


@click.command(
    "attachment save",
    cls=ReadingVerb,
    examples=(
        "pitboard attachment save 867d 1 --to screenshots",
        "pitboard attachment save 867d ALL --to screenshots",
    ),
    help=_(
        "Save attachments to a folder.\n\n"
        "N is the number that “pitboard attachment list ID” shows; ALL saves all of them."
        " The label gives the file's name. Only you can read the file."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.argument("wanted", metavar="N|ALL")
@option(
    "--to",
    "folder",
    metavar="DIR",
    default=".",
    type=click.Path(path_type=Path),
    help=_("The folder; the default is the current one."),
)
@option("--force", is_flag=True, help=_("Replace an existing file."))
@click.pass_context
def save_attachment(
    context: click.Context, prefix: str, wanted: str, folder: Path, force: bool
) -> int:
    """Save one attachment or all."""
    with reading(context) as board:
        held = board.pitfall(board.resolve(prefix)).attachments
        _save(board, held, wanted, folder, force=force)
    return _found(held)


@click.command(
    "attachment open",
    cls=ReadingVerb,
    examples=("pitboard attachment open 867d 1",),
    help=_("Open an attachment in the system's viewer."),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.argument("number", metavar="N", type=AnyNumber())
@click.pass_context
def open_attachment(context: click.Context, prefix: str, number: int) -> None:
    """Open an attachment."""
    # Loaded here, since a list needs no viewer.
    from tui.services.external_programs import view

    with reading(context) as board:
        one = fields.chosen(board.pitfall(board.resolve(prefix)).attachments, number)
        view(fields.content_of(board, one))
        answer_with(attachment=one.id, label=one.label)
        talk(_("Opened “{label}”.").format(label=sanitize(one.label)))


def _save(
    board: Board, held: tuple[Attachment, ...], typed: str, folder: Path, *, force: bool
) -> None:
    """Save one or all, and write where they are.

    Raises:
        WrongUse: if it is neither a number nor all.
        Refused: naming the first that can't be saved; those before it are.
    """
    if typed.upper() == _ALL:
        wanted = [one for one in held if one.here]
        if away := len(held) - len(wanted):
            words = ngettext("{n} is not here yet.", "{n} are not here yet.", away)
            talk(words.format(n=away))
    elif typed.isascii() and typed.isdecimal():
        wanted = [fields.chosen(held, int(typed))]
    else:
        raise WrongUse(_("Give a number of the list, or ALL."))
    if not folder.is_dir():
        raise Refused(
            N_("There is no folder {path}."), N_("Make it first, or name another."), path=folder
        )
    saved: list[str] = []
    answer_with(files=saved)
    for one, name in zip(wanted, file_names(one.label for one in wanted), strict=True):
        path = blobs.save_file(fields.content_of(board, one), name, folder, force=force)
        output.work_comes_first(lambda: True)
        saved.append(str(path))
        emit([sanitize(str(path))])


def _rows(held: Sequence[Attachment]) -> Iterator[tuple[object, ...]]:
    for number, one in enumerate(held, 1):
        kind = attachment_kind(one.media).value
        yield (number, kind, one.size, one.label, one.who, iso(one.at), one.occurrence, one.id)


def _table(held: Sequence[Attachment], cells: int) -> Iterator[str]:
    """A line for each, and below it what is said of it."""
    if not held:
        return
    numbers = [str(number) for number in range(1, len(held) + 1)]
    kinds = [fields.kind_marked(one) for one in held]
    sizes = [fields.size_words(one.size) for one in held]
    labels = [cut(sanitize(one.label), _LONGEST_LABEL) for one in held]
    wide = {
        "n": max(map(width, (*numbers, "N"))),
        "kind": max(map(width, (*kinds, _("KIND")))),
        "size": max(map(width, (*sizes, _("SIZE")))),
    }
    head = (
        *("N".rjust(wide["n"]), fit(_("KIND"), wide["kind"])),
        *(" " * (wide["size"] - width(_("SIZE"))) + _("SIZE"), _("LABEL")),
    )
    yield styled(cut(_GAP.join(head), cells), bold=True)
    for one, number, kind, size, label in zip(held, numbers, kinds, sizes, labels, strict=True):
        line = (number.rjust(wide["n"]), fit(kind, wide["kind"]), size.rjust(wide["size"]))
        text = _("{text}  ({words})")
        yield cut(
            text.format(text=_GAP.join((*line, label)), words=fields.origin_words(one)), cells
        )
        if note := sanitize(" ".join(read(one.note).split())):
            yield cut(f"{' ' * (wide['n'] + len(_GAP))}{note}", cells)


#: Stands for an id, which has no such letters: a note may be about no pitfall.
_BOARD: Final = "board"

#: Values that a person says otherwise than the record keeps them.
_READ: Final[Mapping[str, Callable[[str], object]]] = {
    "seen_at": dates.seen,
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
        " stdin. ID “board” means notes of a retro. The old value stays in the"
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
        values,
    )


@click.command(
    "entry hide",
    cls=Verb,
    examples=('pitboard entry hide 867d 3f1c --reason "too broad"',),
    help=_(
        "Hide a comment, a fix, an occurrence or another entry.\n\n"
        "ENTRY is the beginning of its id; “show --json” and “history” show it. ID “board”"
        " means notes about no pitfall. “pitboard undo” and “pitboard revert” bring it"
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
    values: Mapping[str, Any] | None = None,
) -> None:
    """Do something to an entry, and say of which pitfall it was, and what is doubtful of it."""
    with writing(context) as (store, board):
        pitfall, item = _entry_of(board, prefix, entry)
        # What runs where is asked before this entry is part of it.
        warn_first(verdicts.doubted_edit(board, pitfall, item, values) if values else "")
        changed = change(store, pitfall, item) is not False
        if pitfall == THE_BOARD:
            talk(
                _("Changed a note about the whole board.") if changed else _("Nothing was changed.")
            )
        else:
            tell(board, pitfall, sentence if changed else _("Nothing changed in {id}: {title}"))


def _entry_of(board: Board, prefix: str, entry: str) -> tuple[str, str]:
    """The ids of an entry and of what it was recorded on.

    Raises:
        NotFound, Ambiguous: if there is none, or several could be meant.
    """
    if prefix == _BOARD:
        with happened.RetroNoteReader.open(board.path) as notes:
            note = notes.note(entry)
        return note.pitfall or THE_BOARD, note.id
    pitfall = board.resolve(prefix)
    # An entry's id is that of the event that added it.
    return pitfall, board.history.change_named(pitfall, entry)


def _fields_of(changes: Sequence[str]) -> dict[str, Any]:
    """What each field is to be.

    Raises:
        WrongUse: if one is not as it should be written.
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
