"""``--as-of``: the verbs that only read show the board of a day."""

from __future__ import annotations

import time
from typing import Any

import click

from storage.errors import Refused
from storage.model.moment import Clock, Moment
from tui.cli.group import Verb
from tui.text.i18n import _, say

_MOMENT = "pitboard.moment"
_KNOWN = "pitboard.known"


class AsOf(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """A moment that has passed, as milliseconds since 1970."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The moment meant: a time, how long ago, or the end of a day."""
        if isinstance(value, int):
            return value
        from storage.text import human_dates

        try:
            return human_dates.as_of(value, time.time_ns() // 1_000_000)
        except Refused as error:
            self.fail(say(error), param, ctx)


def _note(key: str) -> Any:
    def note(context: click.Context, _option: click.Parameter, value: object) -> None:
        if value is not None:
            context.meta[key] = value

    return note


class Reading(Verb):
    """A verb that only reads, so that it can be asked what was so on a day."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params += [
            click.Option(
                ["--as-of"],
                metavar="DATE",
                type=AsOf(),
                expose_value=False,
                callback=_note(_MOMENT),
                help=_("As it was at the end of that day, or at a time, or so long ago (2w)."),
            ),
            click.Option(
                ["--as-known"],
                metavar="DATE",
                type=AsOf(),
                expose_value=False,
                callback=_note(_KNOWN),
                help=_("The same, with what had arrived on this machine by then."),
            ),
        ]


def moment_of(context: click.Context) -> Moment | None:
    """The moment that this call asks about; None for the present.

    Raises:
        click.UsageError: if it asks about two.
    """
    at, known = context.meta.get(_MOMENT), context.meta.get(_KNOWN)
    if at is not None and known is not None:
        raise click.UsageError(_("--as-of and --as-known can't be said together."), context)
    if known is not None:
        return Moment(known, Clock.KNOWN)
    return None if at is None else Moment(at)


def present(context: click.Context) -> int:
    """What is now for this call (ms): the moment that it asks about, else the wall clock."""
    moment = moment_of(context)
    return time.time_ns() // 1_000_000 if moment is None else moment.at
