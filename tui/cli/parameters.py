"""The values that options and arguments take: ids, statuses, times, days, versions."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from storage.errors import PitboardError, Refused
from storage.model.vocabulary import Status
from storage.text import human_dates
from storage.text.sanitize import harmless
from tui.cli.group import board_path
from tui.cli.open_board import opened
from tui.text.i18n import language, read, say

_OFFERED: Final = 50


def words(kind: type[StrEnum]) -> click.Choice[str]:
    """One of the fixed words of the vocabulary, in either case."""
    return click.Choice([word.value for word in kind], case_sensitive=False)


class _Value(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """A value of our own."""


class PitfallId(_Value):
    """The beginning of a pitfall's id; the board resolves it when it is open."""

    name = "id"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The ids on this board that begin so, with their titles."""
        # Loaded here, since a verb that is carried out completes nothing.
        from storage.query import Query

        found: list[CompletionItem] = []
        # A shell that completes has nowhere to show an error.
        with suppress(PitboardError), opened(board_path(ctx)) as board:
            query = Query().having("id", incomplete) if incomplete else Query()
            for row in board.find(query, language=language()).page(0, _OFFERED):
                title = harmless(read(row.title))
                found.append(CompletionItem(board.short_id(row.id), help=title))
        return [*found, *_of_what_follows(ctx, param, incomplete)]


def _of_what_follows(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> Iterator[CompletionItem]:
    """What the argument behind any number of ids may be: click offers only the ids."""
    if param.nargs == -1:
        arguments = [one for one in ctx.command.params if isinstance(one, click.Argument)]
        for after in arguments[arguments.index(param) + 1 :] if param in arguments else ():
            yield from after.type.shell_complete(ctx, after, incomplete)


class StatusWord(_Value):
    """A status as the command line spells it: ``fixed`` will do for ``fixed upstream``."""

    name = "status"
    _SPELLINGS: Final = ("open", "workaround", "fixed")

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Status:
        """The status meant."""
        # Loaded here, since few verbs take a status.
        from storage.query import parse_status

        try:
            return parse_status(value)
        except Refused as error:
            self.fail(say(error), param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The spellings."""
        return f"[{'|'.join(self._SPELLINGS)}]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The spellings that begin so."""
        return _beginning(self._SPELLINGS, incomplete)


class Moment(_Value):
    """A day or a time in the reader's time zone, as milliseconds since 1970."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The moment meant; a day is its beginning."""
        if isinstance(value, int):
            return value
        try:
            return human_dates.moment(value)
        except Refused as error:
            self.fail(say(error), param, ctx)


class Ahead(_Value):
    """A moment still to come, as milliseconds since 1970."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The moment meant: a day, a time, or how long from now."""
        if isinstance(value, int):
            return value
        try:
            return human_dates.ahead(value, time.time_ns() // 1_000_000)
        except Refused as error:
            self.fail(say(error), param, ctx)


class Day(_Value):
    """A day, as ISO 8601 writes it."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The day meant."""
        try:
            return human_dates.day(value)
        except Refused as error:
            self.fail(say(error), param, ctx)


class VersionOrDay(_Value):
    """The version or the day from which a fix holds."""

    name = "version or date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> human_dates.Since:
        """A day if it is written as one, else a version."""
        if isinstance(value, human_dates.Since):
            return value
        try:
            return human_dates.since(value)
        except Refused as error:
            self.fail(say(error), param, ctx)


def _beginning(spellings: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(one) for one in spellings if one.startswith(incomplete)]
