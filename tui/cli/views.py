"""The verbs ``view`` and ``config``: saved views, and what is shared with the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from storage.text.sanitize import sanitize
from storage.text.zones import zone, zone_names
from tui.cli.group import Verb
from tui.cli.input import QueryVerb, QueryWord, ViewName, json_option
from tui.cli.list import understood
from tui.cli.open_board import reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, styled, talk
from tui.services import saved_views
from tui.services.saved_views import load
from tui.services.views import View
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, say

_GAP = "  "


def _verb(name: str, *, examples: tuple[str, ...]) -> Callable[[Callable[..., Any]], Verb]:
    """The list, under each of its two names."""
    return click.command(
        name,
        cls=Verb,
        examples=examples,
        help=_(
            "List the saved views.\n\n"
            "A view is a query with a name. “pitboard list --view NAME” lists its pitfalls;"
            " on the board views are the tabs above the list. Your own views are in"
            " views.json in your configuration directory. Piped, it writes one"
            " tab-separated line per view: name, built-in or own, query."
        ),
        params=[click.Option(["--json", "as_data"], is_flag=True, help=_("Write JSON."))],
    )


def _list_views(as_data: bool) -> None:
    """List the views, the built-in ones first."""
    views, problem = load()
    if problem is not None:
        talk(say(problem))
    if as_data:
        emit_json([{"name": v.name, "query": v.query, "own": v.is_own} for v in views])
    elif for_people():
        emit(_table(views))
    else:
        emit_rows((v.name, "own" if v.is_own else "built-in", v.query) for v in views)


view = _verb("view", examples=("pitboard view", "pitboard list --view blocking"))(_list_views)
list_views = _verb("view list", examples=("pitboard view list --json",))(_list_views)


def _table(views: tuple[View, ...]) -> list[str]:
    names = [sanitize(one.name) for one in views]
    labels = ["" if one.is_own or one.label.lower() == one.name else one.label for one in views]
    column = max(map(width, names))
    second = max(map(width, labels))
    lines = []
    for name, label, one in zip(names, labels, views, strict=True):
        head = styled(fit(name, column), fg="cyan") + _GAP
        if second:
            head += fit(label, second) + _GAP
        room = columns() - column - second - 2 * len(_GAP)
        lines.append((head + cut(sanitize(one.query), room)).rstrip())
    return lines


@click.command(
    "view save",
    cls=QueryVerb,
    examples=("pitboard view save ios status:open platform:ios",),
    help=_(
        "Save a query as a view.\n\n"
        "An own view of the same NAME is replaced. QUERY is what “pitboard list” takes."
    ),
)
@click.argument("name")
@click.argument("query", nargs=-1, type=QueryWord())
def save(name: str, query: tuple[str, ...]) -> None:
    """Keep a query by name."""
    text = " ".join(query)
    understood(text)
    saved = saved_views.save(name, text)
    talk(_("Saved the view “{name}”.").format(name=sanitize(saved.name)))


@click.command(
    "view rename",
    cls=Verb,
    examples=("pitboard view rename mine ours",),
    help=_("Rename a view."),
)
@click.argument("name", type=ViewName(own=True))
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Call a view something else; its place stays."""
    saved = saved_views.change(name, new_name)
    talk(_("Saved the view “{name}”.").format(name=sanitize(saved.name)))


@click.command(
    "view remove",
    cls=Verb,
    examples=("pitboard view remove mine",),
    help=_("Remove a view."),
)
@click.argument("name", type=ViewName(own=True))
def remove(name: str) -> None:
    """Forget a view."""
    saved_views.remove(name)
    talk(_("Removed the view “{name}”.").format(name=sanitize(name)))


# The verb ``config``: settings of the board, which everybody shares who shares the board


def _zones(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    """The names of time zones that begin so."""
    begun = incomplete.casefold()
    return [name for name in zone_names() if name.casefold().startswith(begun)]


@click.command(
    "config timezone",
    cls=Verb,
    examples=("pitboard config timezone", "pitboard config timezone Asia/Shanghai"),
    help=_(
        "Show or set the board's time zone.\n\n"
        "Days, weeks and months are those of this zone, for everybody who shares the board:"
        " in lists, histories, retros and reports, and in dates that you type. It is the"
        " zone of the machine that created the board until somebody sets it. ZONE is a name"
        " such as Asia/Shanghai, or an offset such as +08:00. “pitboard undo” takes it back."
    ),
)
@click.argument("name", metavar="[ZONE]", required=False, shell_complete=_zones)
@json_option
@click.pass_context
def time_zone(context: click.Context, name: str | None, as_data: bool) -> None:
    """Say in which time zone the board's days begin, or set it."""
    if name is None:
        with reading(context):
            held = zone().name
    else:
        with writing(context) as (store, _board):
            held = store.board.set_time_zone(name)
            changed = _("The board's time zone is {zone} now, for everybody who shares it.")
            talk(changed.format(zone=sanitize(held)))
    if as_data:
        emit_json({"time_zone": held})
    else:
        emit([sanitize(held)])
