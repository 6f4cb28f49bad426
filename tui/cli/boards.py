"""Which board is meant: the verbs ``path`` and ``boards``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from storage.db.board_files import exists
from storage.errors import N_, NotFound, Refused
from storage.text.sanitize import sanitize
from tui.cli import output
from tui.cli.group import Verb, board_choice
from tui.cli.output import emit, emit_json, emit_path, emit_rows, for_people, styled, talk
from tui.services.boards import (
    BOARD_NAME,
    BOARDS_TABLE,
    BoardChoice,
    ChosenBy,
    default_board,
    is_same_file,
    named_boards,
)
from tui.text.cells import fit, width
from tui.text.i18n import _

_GAP = "  "


@click.command(
    "path",
    cls=Verb,
    examples=("pitboard path", "pitboard path --why"),
    help=_("Print the path of the board's file."),
)
@click.option("--why", "is_why", is_flag=True, help=_("Say what chose it."))
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.pass_context
def path(context: click.Context, is_why: bool, as_data: bool) -> None:
    """Write where the board is."""
    choice = board_choice(context)
    if as_data:
        emit_json(
            {
                "file": str(choice.path),
                "chosen_by": choice.by.value,
                "board": choice.name or None,
                "place": None if choice.place is None else str(choice.place),
            }
        )
        return
    emit_path(choice.path)
    if is_why:
        emit([_why(choice)])


def _why(choice: BoardChoice) -> str:
    """What chose the board, in words."""
    match choice.by:
        case ChosenBy.FILE | ChosenBy.VARIABLE:
            return _("{option} names it.").format(option=choice.by.value)
        case ChosenBy.NAME:
            return _("It is the board “{name}” of your settings, as --board says.").format(
                name=choice.name
            )
        case ChosenBy.FOLDER:
            return _("It is the board “{name}” of your settings, as {place} says.").format(
                name=choice.name, place=sanitize(str(choice.place))
            )
        case ChosenBy.DEFAULT:
            return _(
                "It is the default: there is no --db, --board or PITBOARD_DB, and no file"
                " “.pitboard” in this folder or above it."
            )


# Boards by name


def _boards(name: str, *, examples: tuple[str, ...]) -> Callable[[Callable[..., Any]], Verb]:
    """The list, under each of its two names."""
    return click.command(
        name,
        cls=Verb,
        examples=examples,
        help=_(
            "List the boards of your settings.\n\n"
            "The one that is meant here has a mark. A board is chosen with --board NAME, or for a"
            ' folder and all below it by a file “.pitboard” with the line board = "NAME". Piped,'
            " it writes one tab-separated line per board: name, file, whether the file is there,"
            " whether it is meant here."
        ),
        params=[click.Option(["--json", "as_data"], is_flag=True, help=_("Write JSON."))],
    )


def _list_boards(as_data: bool) -> None:
    """List the boards, the default one first."""
    chosen = board_choice(click.get_current_context()).path
    boards = {ChosenBy.DEFAULT.value: default_board()} | named_boards()
    rows = [(name, path, exists(path), is_same_file(path, chosen)) for name, path in boards.items()]
    if as_data:
        emit_json(
            [
                {"name": name, "file": str(path), "exists": is_there, "chosen": is_chosen}
                for name, path, is_there, is_chosen in rows
            ]
        )
    elif for_people():
        column = max(width(name) for name in boards)
        for name, path, is_there, is_chosen in rows:
            mark = "●" if is_chosen else " "
            missing = "" if is_there else styled(f"{_GAP}({_('no file')})", dim=True)
            shown = sanitize(str(path))
            emit([f"{mark} {styled(fit(name, column), fg='cyan')}{_GAP}{shown}{missing}"])
    else:
        emit_rows(
            (name, sanitize(str(path)), "exists" if is_there else "missing", "*" if here else "")
            for name, path, is_there, here in rows
        )


boards = _boards("boards", examples=("pitboard boards",))(_list_boards)
list_boards = _boards("boards list", examples=("pitboard boards list --json",))(_list_boards)


@click.command(
    "boards add",
    cls=Verb,
    examples=("pitboard boards add wecom wecom.db",),
    help=_(
        "Give a board's file a name in your settings.\n\n"
        "The file is not made: “pitboard --board NAME init” does that."
    ),
)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
def add(name: str, file: Path) -> None:
    """Name a board."""
    path = Path.cwd() / file.expanduser()
    if name == ChosenBy.DEFAULT.value or not BOARD_NAME.fullmatch(name):
        raise Refused(
            N_("A board can't be called “{name}”."),
            N_("A name has letters, digits, “-” and “_”; “default” is the board without a name."),
            name=name,
        )
    held = named_boards().get(name)
    if held is not None and not is_same_file(held, path):
        raise Refused(
            N_("The board “{name}” is {path} already."),
            N_("Remove that name first: pitboard boards remove {name}"),
            name=name,
            path=held,
        )
    if held is None:
        _settings().set_value((BOARDS_TABLE, name), str(path))
    output.work_comes_first(lambda: True)
    talk(_("The board “{name}” is {path}.").format(name=name, path=sanitize(str(path))))
    if not exists(path):
        talk(_("There is no file yet. Create it: pitboard --board {name} init").format(name=name))


@click.command(
    "boards remove",
    cls=Verb,
    examples=("pitboard boards remove wecom",),
    help=_("Remove a board's name from your settings.\n\nIts file stays."),
)
@click.argument("name")
def remove(name: str) -> None:
    """Forget a board's name."""
    path = named_boards().get(name)
    if path is None:
        raise NotFound(
            N_("There is no board “{name}” in your settings."),
            N_("“pitboard boards” lists them."),
            name=name,
        )
    _settings().unset((BOARDS_TABLE, name))
    output.work_comes_first(lambda: True)
    talk(
        _("Removed the name “{name}”; the file {path} was left as it is.").format(
            name=name, path=sanitize(str(path))
        )
    )


def _settings() -> ModuleType:
    """What changes the settings; ``path`` and ``boards list`` only read."""
    return import_module("tui.services.config_file")
