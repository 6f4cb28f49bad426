"""Opening the board for a verb: to read it, now or ``--as-of`` a date, or to write.

What a verb needs besides, which not everybody installs, is looked for here as well.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import seeds
from storage.db.board_files import exists, hard_linked
from storage.db.connection import SCHEMA_VERSION
from storage.db.reader import Reader
from storage.errors import N_, Busy, NotSaved, PitboardError, ReadOnly, Refused
from storage.model.clock import ClockKind, Moment
from storage.text import dates
from storage.text.zones import machine_zone
from storage.write.board_file import log_was_set_aside, look, only_readable, state_of
from tui import compiling_late, deferred, merely_named
from tui.cli import VerbOption, answer, output
from tui.cli.group import Verb, board_choice, board_path
from tui.cli.input import WrongUse, save_typed_on_error
from tui.cli.output import ProgressLine, talk
from tui.services import boards
from tui.text.i18n import _, language, say

if TYPE_CHECKING:
    import hashlib

    from storage.read.board import Board
    from storage.write.board_file import FileState
    from storage.write.store import Store
else:
    hashlib = deferred("hashlib")

#: Modules that Textual and asyncio import, for tracebacks, files that are dropped, archives,
#: encrypted connections and widgets that the board has none of; and the functions that they take.
_UNUSED_BY_PAINT: Final = (
    "difflib get_close_matches; linecache; locale; mimetypes; platformdirs user_downloads_path; "
    "shutil; ssl; textwrap; tokenize; tracemalloc; uuid uuid4; asyncio.sslproto; textual.types"
)
#: What Textual takes from the palette where it declares its application and its themes.
_OF_THE_PALETTE: Final = (
    "CommandListItem CommandPalette DiscoveryHit Hit Hits Provider SimpleProvider"
)


@contextmanager
def reading(context: click.Context) -> Iterator[Board]:
    """The board to read, started or brought up to date first if that is needed.

    It is the board of a moment if the call asks about one; that is said first.
    """
    path, moment = existing(context), moment_of(context)
    if moment is None and exists(path):
        # Looked at through the connection that reads it: to open another one takes as long as a
        # page of the list.
        with opened(path) as board:
            found = state_of(board.connection, path)
            if found.is_ready(seeds.EDITION):
                _say_if_only_readable(path, found)
                board.asked_by(_person)
                yield board
                return
    _make_ready(path)
    if moment is None:
        with opened(path) as board:
            board.asked_by(_person)
            yield board
        return
    # Loaded here, since the present is what is asked for mostly.
    from storage.as_of.board import AsOfBoard
    from tui.text.vocabulary import moment_words

    talk(moment_words(moment))
    progress = ProgressLine(_("Going back: {done} %"))
    with AsOfBoard(path, moment) as past:
        past.report_progress(lambda share: progress(int(share * 100)))
        past.asked_by(_person)
        try:
            yield past
        finally:
            progress.end()


def must_have_extra(context: click.Context, extra: str, *modules: str) -> None:
    """Go on only if an extra of Pitboard is installed.

    Args:
        context: of the verb that needs it.
        extra: its name.
        modules: those that it brings.

    Raises:
        Refused: if one of them is missing.
    """
    if any(find_spec(module) is None for module in modules):
        raise Refused(
            N_("“{verb}” needs the extra “{extra}”, which is not installed."),
            N_("In a checkout of Pitboard: uv tool install '.[{extra}]', or with pipx or pip."),
            verb=context.command_path,
            extra=extra,
        )


def ready(context: click.Context) -> Path:
    """Where the board is, started or brought up to date first if that is needed."""
    path = existing(context)
    _make_ready(path)
    return path


def existing(context: click.Context) -> Path:
    """Where the board is; one that is named has to be there already.

    At the default place any verb starts a board. At a place that somebody named, a misspelt name
    must not become an empty board: there “pitboard init” alone makes one.

    Raises:
        WrongUse: if there is no board where one was named.
    """
    choice = board_choice(context)
    path = choice.path
    if choice.is_named and not exists(path):
        raise WrongUse(
            _(
                "There is no board at {path}; nothing was made. Check the path, or create it:"
                " pitboard --db {quoted} init"
            ).format(path=path, quoted=_quoted(str(path)))
        )
    return path


def _quoted(text: str) -> str:
    """As a shell has to be told it."""
    return "'" + text.replace("'", "'\\''") + "'"


def time_zone(context: click.Context) -> str:
    """The time zone of the board that this call is about; nothing if there is none to be read."""
    with suppress(PitboardError), Reader.open(board_path(context)) as reader:
        return reader.time_zone()
    return ""


def opened(path: Path) -> Board:
    """The board at ``path``, to be read."""
    # Loaded here, since what only looks for known errors does without it.
    from storage.read.board import Board

    return Board.open(path)


@contextmanager
def writing(context: click.Context) -> Iterator[tuple[Store, Board]]:
    """The board to do something to, and to read what is there.

    Pitfalls are named with at least four characters of their ids. Text that was typed for a deed
    which then fails is kept in a file, and the error says where.
    """
    with save_typed_on_error(context):
        store = open_store(existing(context))
        if answer.held is not None:
            answer.held.session = store.session
            store.session.keeps_steps = True
        output.work_comes_first(lambda: store.session.has_written)
        try:
            with opened(store.path) as board:
                board.names.require_enough()
                yield store, board
        finally:
            store.close()


def open_store(path: Path, *, empty: bool = False, for_a_group: bool = False) -> Store:
    """The store at ``path`` in the user's name; says so if it starts a board there.

    Args:
        path: the board's file.
        empty: do without the built-in catalogue.
        for_a_group: let the group of the directory write to a board that is started.
    """
    progress = ProgressLine(_("Updating the board: {done} events…"))
    try:
        store = store_class().open(
            path,
            who=_person(),
            catalogue=None if empty else seeds.lines,
            edition=seeds.EDITION,
            progress=progress,
            for_a_group=for_a_group,
            zone=machine_zone,
        )
    finally:
        progress.end()
    if store.session.has_started:
        talk(_("A new board was started at {path}.").format(path=path))
    if store.session.log_set_aside is not None:
        talk(say(log_was_set_aside(store.session.log_set_aside)))
    return store


def store_class() -> type[Store]:
    """What writes to boards."""
    # Loaded here, since reading does without it.
    from storage.write.store import Store

    return Store


def open_screen(context: click.Context) -> int:
    """Open the board on the screen, and others that the person goes to; the exit code.

    A board of an earlier version is upgraded before the screen covers the progress.
    """
    path: Path | None = existing(context)
    code = output.DONE
    # What is loaded until the first paint stays: to look for garbage in it takes a twentieth of
    # that time, and to load what nothing is asked of before, another twelfth.
    gc.disable()
    defer_what_no_paint_uses()
    while path is not None:
        found = look(path)
        if found is not None and not found.is_readable:
            open_store(path).close()
        with compiling_late():
            # Loaded here, since a verb does without the screen.
            from tui.app import run

        code, path = run(path, language())
    return code


@compiling_late()
def defer_what_no_paint_uses() -> None:
    """Let what Textual imports, and the first paint asks nothing of, be loaded when it is used."""
    for names in _UNUSED_BY_PAINT.split("; "):
        deferred(*names.split())
    # The palette imports this one alone of them, from where it can be had without the widgets.
    held, known = import_module("textual._types"), "IgnoreReturnCallbackType"
    setattr(sys.modules["textual.types"], known, getattr(held, known))
    with merely_named("textual.command", *_OF_THE_PALETTE.split()):
        # It declares an application, and themes to be listed, that ours stand in for.
        import_module("textual.app")


def _make_ready(path: Path) -> None:
    found = look(path)
    if found is None or not found.is_ready(seeds.EDITION):
        try:
            open_store(path).close()
        except (ReadOnly, Busy, NotSaved) as error:
            # A board that only lacks the newest catalogue can be read as it is.
            if found is None or not found.is_readable:
                raise
            talk(_("What is new in the catalogue could not be added."))
            talk(say(error))
        return
    _say_if_only_readable(path, found)


def _say_if_only_readable(path: Path, found: FileState) -> None:
    why = only_readable(path, found) if found.version > SCHEMA_VERSION else hard_linked(path)
    if why is not None:
        talk(say(why))


def configured_name() -> str:
    """The person's name as it is configured, if it is; what can't be used is said.

    To check the settings takes pydantic, and as long as all else that a verb does which writes. So
    it is noted of which text and by which code nothing was found, and that is not checked again.
    """
    note = boards.settings_note()
    try:
        seal = _seal_of((boards.config_directory() / boards.CONFIG_FILE).read_bytes())
    except FileNotFoundError:
        return ""
    except OSError:
        seal = "unread"
    with suppress(OSError, ValueError):
        found, _, who = note.read_text("utf-8").partition("\n")
        if found == seal:
            return who
    # Loaded here, since it validates the configuration, and so needs pydantic.
    from tui.services.config import load

    config, problems, _text = load()
    for problem in problems:
        talk(say(problem))
    if not problems:
        # Where no note can be kept, they are checked each time.
        with suppress(OSError, Refused):
            boards.replace_file(note, f"{seal}\n{config.who}".encode())
    return config.who


#: The modules of ``tui.services`` by which settings are checked: those that declare with pydantic.
CHECKING: Final = ("chat_channels", "config")


def _seal_of(settings: bytes) -> str:
    """What names a text of settings together with the code that checks it."""
    digest = hashlib.sha256(settings)
    for module in CHECKING:
        digest.update(Path(boards.__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()


def _person() -> str:
    """The name under which this person writes, and by which they look for what is theirs."""
    # Loaded here, since most of what is read asks for nobody's name.
    from storage.read.names import person

    return person(configured_name())


# ``--as-of``: the verbs that only read show the board of a day


_MOMENT = "pitboard.moment"
_LOCAL = "pitboard.local"


class AsOfMoment(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """A moment that has passed, as milliseconds since 1970."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The moment meant: a time, how long ago, or the end of a day."""
        if isinstance(value, int):
            return value
        try:
            return dates.as_of(value, dates.now_ms())
        except Refused as error:
            self.fail(say(error), param, ctx)


def _note(key: str) -> Any:
    def note(context: click.Context, _option: click.Parameter, value: object) -> None:
        if value is not None:
            context.meta[key] = value

    return note


class ReadingVerb(Verb):
    """A verb that only reads, so that it can be asked what was so on a day."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params += [
            VerbOption(
                ["--as-of"],
                metavar="DATE",
                type=AsOfMoment(),
                expose_value=False,
                callback=_note(_MOMENT),
                help=_("Show the board at the end of a day, at a time, or that long ago (2w)."),
            ),
            VerbOption(
                ["--local"],
                is_flag=True,
                expose_value=False,
                callback=_note(_LOCAL),
                help=_("With --as-of: only what had arrived on this machine by then."),
            ),
        ]


def moment_of(context: click.Context) -> Moment | None:
    """The moment that this call asks about; None for the present.

    Raises:
        click.UsageError: if it says ``--local`` without a moment.
    """
    at, is_local = context.meta.get(_MOMENT), context.meta.get(_LOCAL)
    if at is None and is_local:
        raise click.UsageError(_("--local needs --as-of DATE."), context)
    if at is None:
        return None
    return Moment(at, ClockKind.KNOWN) if is_local else Moment(at)


def present(context: click.Context) -> int:
    """What is now for this call (ms): the moment that it asks about, else the wall clock."""
    moment = moment_of(context)
    return dates.now_ms() if moment is None else moment.at
