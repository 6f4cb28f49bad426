"""Opening the board for a verb: to read it, or to do something to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

import seeds
from storage.db.connection import SCHEMA_VERSION
from storage.errors import Busy, NotSaved, ReadOnly
from storage.write.open_board import look, only_readable
from tui.cli.as_of import moment_of
from tui.cli.group import board_path
from tui.cli.output import talk
from tui.cli.progress import Progress
from tui.cli.prompts import keep_what_was_typed
from tui.text.i18n import _, say

if TYPE_CHECKING:
    from storage.read import Board
    from storage.write.store import Store


@contextmanager
def reading(context: click.Context) -> Iterator[Board]:
    """The board to read, started or brought up to date first if that is needed.

    It is the board of a moment if the call asks about one; that is said first.
    """
    path, moment = ready(context), moment_of(context)
    if moment is None:
        with opened(path) as board:
            yield board
        return
    # Loaded here, since the present is what is asked for mostly.
    from storage.as_of.board import PastBoard
    from tui.text.as_of import told

    talk(told(moment))
    progress = Progress(_("Going back: {done} %"))
    with PastBoard(path, moment) as past:
        past.going_on = lambda share: progress(int(share * 100))
        try:
            yield past
        finally:
            progress.end()


def ready(context: click.Context) -> Path:
    """Where the board is, started or brought up to date first if that is needed."""
    path = board_path(context)
    _make_ready(path)
    return path


def opened(path: Path) -> Board:
    """The board at ``path``, to be read."""
    # Loaded here, since what only looks for known errors does without it.
    from storage.read import Board

    return Board.open(path)


@contextmanager
def writing(context: click.Context) -> Iterator[tuple[Store, Board]]:
    """The board to do something to, and to read what is there.

    Text that was typed for a deed which then fails is kept in a file, and the
    error says where.
    """
    path = board_path(context)
    with keep_what_was_typed(context):
        store = open_store(path)
        try:
            with opened(path) as board:
                yield store, board
        finally:
            store.close()


def open_store(path: Path, *, empty: bool = False) -> Store:
    """The store at ``path`` in the user's name; says so if it starts a board there.

    Args:
        path: the board's file.
        empty: do without the built-in catalogue.
    """
    from storage.db.identity import person
    from storage.write.store import Store

    is_new = look(path) is None
    store = Store.open(
        path,
        who=person(configured_name()),
        catalogue=None if empty else seeds.lines,
        edition=seeds.EDITION,
    )
    if is_new:
        talk(_("A new board was started at {path}.").format(path=path))
    return store


def _make_ready(path: Path) -> None:
    found = look(path)
    if found is None or not found.is_ready(seeds.EDITION):
        try:
            open_store(path).close()
        except (ReadOnly, Busy, NotSaved) as error:
            # A board that only lacks the newest catalogue can be read as it is.
            if found is None or found.version < SCHEMA_VERSION:
                raise
            talk(_("What is new in the catalogue could not be added."))
            talk(say(error))
    elif found.version > SCHEMA_VERSION and (why := only_readable(path, found)):
        talk(say(why))


def configured_name() -> str:
    """The person's name as it is configured, if it is; what can't be used is said."""
    from tui.services.config import load

    config, problems = load()
    for problem in problems:
        talk(say(problem))
    return config.who
