"""Which board is meant, and where it is shown: ``path``, ``boards``, ``init`` and ``serve``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import click

from storage.db.board_files import exists
from storage.errors import N_, NotFound, Refused
from storage.model.fields import LONGEST_WHO
from storage.text.sanitize import first_hostile, sanitize
from storage.write.board_file import look
from tui import deferred
from tui.cli import option, output
from tui.cli.answer import answer_with, wants_json
from tui.cli.group import Verb, board_choice, board_path
from tui.cli.input import NumberBetween
from tui.cli.open_board import must_have_extra, open_store, ready
from tui.cli.output import emit, emit_json, emit_path, emit_rows, for_people, styled, talk
from tui.services.boards import (
    BOARD_NAME,
    BOARDS_TABLE,
    BoardChoice,
    ChosenBy,
    default_board,
    is_same_file,
    named_boards,
    names_begun,
)
from tui.text.cells import fit, width
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.serve import server
else:
    # It is an extra, and only a call that serves needs it.
    server = deferred("tui.serve.server")

_GAP = "  "


@click.command(
    "path",
    cls=Verb,
    examples=("pitboard path", "pitboard path --why"),
    help=_("Print the path of the board's file."),
)
@option("--why", "is_why", is_flag=True, help=_("Say what chose it."))
@click.pass_context
def path(context: click.Context, is_why: bool) -> None:
    """Write where the board is."""
    choice = board_choice(context)
    if wants_json():
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


@click.command(
    "init",
    cls=Verb,
    examples=("pitboard init", "pitboard --db /srv/team/board.db init --group"),
    help=_(
        "Create a board.\n\n"
        "It is private to your account. With --group all members of the directory's group can"
        " write to it; the directory must give its group to new files (chmod 2770)."
    ),
)
@option("--empty", is_flag=True, help=_("Without the built-in catalogue."))
@option("--group", is_flag=True, help=_("For all accounts of the directory's group."))
@click.pass_context
def init(context: click.Context, empty: bool, group: bool) -> None:
    """Start a board."""
    path = board_path(context)
    found = look(path)
    if found is not None and group:
        raise Refused(
            N_("There is a board at {path} already; its permissions were left as they are."),
            N_("Make it the group's with “chmod 660 {path}”, in a directory with mode 2770."),
            path=path,
        )
    if found is not None and empty and found.edition is not None:
        raise Refused(
            N_("There is a board at {path} already, with the catalogue in it; it was left so."),
            N_("Name another file with --db or PITBOARD_DB."),
            path=path,
        )
    open_store(path, empty=empty, for_a_group=group).close()
    output.work_comes_first(lambda: found is None)
    answer_with(created=found is None)
    if found is not None:
        talk(_("There is a board at {path} already.").format(path=path))
    emit_path(path)


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
    )


def _list_boards() -> None:
    """List the boards, the default one first."""
    chosen = board_choice(click.get_current_context()).path
    boards = {ChosenBy.DEFAULT.value: default_board()} | named_boards()
    rows = [(name, path, exists(path), is_same_file(path, chosen)) for name, path in boards.items()]
    if wants_json():
        emit_json(
            {
                "boards": [
                    {"name": name, "file": str(path), "exists": is_there, "chosen": is_chosen}
                    for name, path, is_there, is_chosen in rows
                ]
            }
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
    if name == ChosenBy.DEFAULT.value or not re.fullmatch(BOARD_NAME, name):
        raise Refused(
            N_("A board can't be called “{name}”."),
            N_(
                "A name has letters, digits, spaces, “-” and “_”; “default” is the board without a"
                " name."
            ),
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
    # Another program's file, or none that can be read, would be met by the next verb.
    look(path)
    if held is None:
        _settings().set_value((BOARDS_TABLE, name), str(path))
    answer_with(name=name, file=str(path), changed=held is None)
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
@click.argument(
    "name", shell_complete=lambda _context, _argument, incomplete: names_begun(incomplete)
)
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
    answer_with(name=name, file=str(path))
    output.work_comes_first(lambda: True)
    talk(
        _("Removed the name “{name}”; the file {path} was left as it is.").format(
            name=name, path=sanitize(str(path))
        )
    )


def _settings() -> ModuleType:
    """What changes the settings; ``path`` and ``boards list`` only read."""
    return import_module("tui.services.config_file")


# The board in a browser


_HERE: Final = "127.0.0.1"
_PORT: Final = 8088


@click.command(
    "serve",
    cls=Verb,
    examples=(
        "pitboard serve",
        "pitboard serve --read-only",
        "pitboard serve --as Lin --port 9000",
    ),
    help=_(
        "Show the board in a browser.\n\n"
        "It prints an address that lets one browser in, once; enter prints another one, ctrl+c"
        " ends it. Only programs on this machine reach it. It needs the extra “serve”."
    ),
)
@option(
    "--port",
    metavar="PORT",
    type=NumberBetween(0, 65535),
    default=_PORT,
    show_default=True,
    help=_("The port; 0 for any that is free."),
)
@option("--read-only", "is_read_only", is_flag=True, help=_("Let nobody write."))
@option("--as", "who", metavar="NAME", help=_("Who writes; the default is your own name."))
@option(
    "--host",
    metavar="ADDRESS",
    default=_HERE,
    help=_("Listen on this name or address instead of this machine alone; it is not encrypted."),
)
@click.pass_context
def serve(context: click.Context, port: int, is_read_only: bool, who: str | None, host: str) -> int:
    """Serve the board until a signal comes."""
    if is_read_only and who is not None:
        raise click.UsageError(_("With --read-only nobody writes: leave --as out."), context)
    if who is not None and (not who.strip() or first_hostile(who) or len(who) > LONGEST_WHO):
        words = _("--as needs a name of at most {n} characters, on one line.")
        raise click.UsageError(words.format(n=LONGEST_WHO), context)
    must_have_extra(context, "serve", "textual_serve")
    try:
        address = server.address_of(host)
    except ValueError as error:
        raise click.UsageError(
            _("--host needs the one name or address that browsers use for this machine."), context
        ) from error
    serving = server.PageServer(
        ready(context).absolute(),
        str(address or host),
        port,
        who=who or "",
        is_read_only=is_read_only,
    )
    out = sys.stdout

    def show_address() -> None:
        with redirect_stdout(out):
            if wants_json():
                emit_json({"verb": "serve", "address": serving.new_address(), "port": serving.port})
            else:
                emit([serving.new_address()])
            out.flush()

    def started() -> None:
        if address is None or not address.is_loopback:
            talk(
                _(
                    "Warning: nothing is encrypted; anybody who can see the traffic to {host} can"
                    " read along and take over. A tunnel (ssh -L) is safer."
                ).format(host=host)
            )
        show_address()
        if not wants_json():
            talk(_("Open that address; it works once. Enter prints another; ctrl+c ends this."))

    # What a board's process says at its end is no data.
    with redirect_stdout(sys.stderr):
        serving.run(started, show_address)
    return output.DONE
