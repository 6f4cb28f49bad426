"""The verb ``list``. It loads neither pydantic nor Textual, and only what its answer needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import N_, PitboardError
from storage.model.row import Kind, Severity, Status, regression_word
from storage.query.tree import Query, SortKey
from storage.text.dates import iso
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import answer, option, output
from tui.cli.answer import answer_with, wants_json
from tui.cli.group import Verb
from tui.cli.input import MOST, Completed, NumberBetween, StatusWord, WrongUse, words
from tui.cli.open_board import ReadingVerb, moment_of, present, reading
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, talk
from tui.services.views import View, built_in, view_named
from tui.text.i18n import _, language, listed, read, say

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from storage.model import vocabulary
    from storage.model.row import Row
    from storage.query import completion, parser
    from storage.read.board import Board, Listing
    from tui.cli.completion import CompletionSource
    from tui.services import saved_views
else:
    # A list of all has no query, and hardly any list a view of one's own, which takes pydantic.
    completion = deferred("storage.query.completion")
    parser = deferred("storage.query.parser")
    vocabulary = deferred("storage.model.vocabulary")
    saved_views = deferred("tui.services.saved_views")


def understood(text: str, view: View | None = None) -> Query:
    """The query that a person typed, within a view if they named one.

    Raises:
        WrongUse: if something of either can't be understood; it says what and where.
    """
    query = _parsed(text)
    if view is None:
        return query
    try:
        return _parsed(view.query).narrowed(query)
    except WrongUse as wrong:
        filters = _("The view “{name}” has a mistake.").format(name=view.label)
        raise WrongUse(f"{filters}\n{wrong.message}") from None


def _parsed(text: str) -> Query:
    query = parser.parse(text) if text.strip() else Query()
    if query.problems:
        # Loaded here, since it waits for tables of how wide signs are.
        from tui.text.vocabulary import marked_mistakes, said_once

        lines: list[str] = []
        for said, mistakes in said_once(query.problems).items():
            marked = marked_mistakes(text, mistakes, columns() - 2)
            lines += [said, *(f"  {line}" for line in marked)]
        raise WrongUse("\n".join(lines))
    return query


def find_view(name: str) -> View:
    """The view of a name; a person's own ones are looked up only if it is none that is built in.

    Raises:
        NotFound: if there is none.
        BadSettings: if there might be one, but the file of one's own can't be read.
    """
    with suppress(PitboardError):
        return view_named(name, built_in())
    views, problem = saved_views.load()
    if problem is not None:
        raise problem
    return view_named(name, views)


# What a query is typed as, and a view named


#: A term with a minus before it, which is no option: ``-tag:x``, ``-(``, ``-标签``.
_NEGATED: Final = r'-(?!-)(?:[^=]*[:：(（"“]|\w*[^\x00-\x7f])'
_HIDDEN: Final = "\0"


def _is_negated(word: str) -> bool:
    return word.startswith("-") and re.match(_NEGATED, word) is not None


class QueryVerb(Verb):
    """A verb that takes a query, whose terms may begin with a minus."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep terms of the query from being read as options."""
        ends = args.index("--") if "--" in args else len(args)
        args = [
            f"{_HIDDEN}{one}" if place < ends and _is_negated(one) else one
            for place, one in enumerate(args)
        ]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Options, and what a minus may stand before."""
        offered = super().shell_complete(ctx, incomplete)
        words = [one for one in self.params if isinstance(one.type, QueryWord)]
        return [*offered, *(item for one in words for item in one.shell_complete(ctx, incomplete))]


class QueryWord(Completed):
    """One argument of a query."""

    name = "query"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The argument as it was typed."""
        return str(value).removeprefix(_HIDDEN)

    def _offered(self, source: CompletionSource, incomplete: str) -> list[CompletionItem]:
        return source.query_terms(incomplete)


class ViewName(Completed):
    """The name of a view, or of one's own if only those are meant."""

    name = "view"

    def __init__(self, *, own: bool = False) -> None:
        self._own = own

    def _offered(self, source: CompletionSource, incomplete: str) -> list[CompletionItem]:
        return source.view_names(incomplete, own=self._own)


#: Why a list is empty, and what to do next.
_NONE: Final = PitboardError(
    N_("No pitfalls match."),
    N_("Ask for less: “pitboard list --help” shows what can be asked."),
)
_EMPTY: Final = PitboardError(
    N_("The board is empty."),
    N_("Report a pitfall with “pitboard new”, or import notes with “pitboard import”."),
)

#: More than any board holds: a command's answer is complete, however many match.
_ALL: Final = 1 << 31


class _Listing(QueryVerb, ReadingVerb):
    """A verb that only reads what answers to a query."""


@click.command(
    "list",
    cls=_Listing,
    examples=(
        "pitboard list",
        "pitboard list status:open platform:ios login",
        "pitboard list --view stale --json",
    ),
    help=_(
        "List pitfalls, last seen first.\n\n"
        "QUERY is what the board's query line takes: words, “phrases”, filters such as"
        " status:open, -tag:x, component:wx.qy.*, platform:android, severity:<=S2,"
        " seen:>2w, lib:<2.14.1, has:workaround, inbox:yes, sort:title, combined with “or”"
        " and parentheses. Quote <, > and parentheses in a shell. Piped, it writes one"
        " tab-separated line per pitfall: id, status, severity, component, title,"
        " occurrences, last seen, “regressed” or nothing."
    ),
)
@click.argument("query", nargs=-1, type=QueryWord())
@option(
    "--view",
    metavar="NAME",
    type=ViewName(),
    help=_("List the pitfalls of this view, in its order."),
)
@option(
    "--status",
    "statuses",
    type=StatusWord(),
    multiple=True,
    help=_("List only pitfalls with this status."),
)
@option("--kind", "kinds", type=words(Kind), multiple=True, help=_("List only this kind."))
@option(
    "--severity",
    "severities",
    type=words(Severity),
    multiple=True,
    help=_("List only this severity."),
)
@option("--component", metavar="NAME", help=_("List only this component."))
@option(
    "--tag",
    "tags",
    metavar="TAG",
    multiple=True,
    help=_("List only pitfalls with this tag; may be repeated."),
)
@option(
    "--sort",
    metavar="ORDER",
    type=words(SortKey),
    help=_("What to sort by: {orders}.").format(orders=listed(SortKey)),
)
@option("--reverse", is_flag=True, help=_("Reverse the sort order."))
@option(
    "--limit",
    metavar="N",
    type=NumberBetween(0, MOST),
    default=0,
    help=_("List at most N; 0 lists all, which is the default."),
)
@option("--count", "only_count", is_flag=True, help=_("Write only the number of pitfalls."))
@click.pass_context
def list_(
    context: click.Context,
    query: tuple[str, ...],
    view: str | None,
    statuses: tuple[Status, ...],
    kinds: tuple[str, ...],
    severities: tuple[str, ...],
    component: str | None,
    tags: tuple[str, ...],
    sort: str | None,
    reverse: bool,
    limit: int,
    only_count: bool,
) -> int:
    """List what answers to a query."""
    wanted = understood(" ".join(query), find_view(view) if view is not None else None)
    filters = {"status": statuses, "kind": kinds, "severity": severities}
    if tags:
        filters["tag"] = tuple(vocabulary.tags_named(*tags))
    for field, values in (filters | {"component": (component,) if component else ()}).items():
        if values:
            wanted = wanted.having(field, *values)
    wanted = wanted.replaced(
        sort=SortKey(sort) if sort else wanted.sort, reverse=wanted.reverse != reverse
    )
    with reading(context) as board:
        found = board.find(
            wanted, language=language(), candidates=_ALL, now=present(context), lazily=True
        )
        if only_count:
            answer_with(total=found.total)
            emit([str(found.total)])
            if found.total:
                return output.DONE
            answer.advise(_(_why_none(context, board).advice))
            return output.NOTHING_FOUND
        rows = found.page(0, limit or _ALL)
        _write_list(board, found, rows, present(context))
        # Only whoever is told how many there are waits until all are counted.
        total = found.total if limit and for_people() else len(rows)
        nothing = None if rows else _why_none(context, board)
        # Of a view and of options nothing is misspelt.
        is_typed = nothing is _NONE and view is None and not any(filters.values()) and not component
        near = _nearest(board, " ".join(query), present(context)) if is_typed else ""
    if nothing is not None:
        meant = _("Did you mean “{suggestion}”?").format(suggestion=sanitize(near)) if near else ""
        if wants_json():
            return output.nothing_found(_(nothing.message), meant or _(nothing.advice))
        # A query that finds nothing is no reason to explain queries to a person.
        talk(say(nothing) if nothing is _EMPTY else _(nothing.message))
        if meant:
            talk(meant)
        return output.NOTHING_FOUND
    if len(rows) < total:
        talk(_("{shown} of {total}; --limit 0 shows all.").format(shown=limit, total=total))
    return output.DONE


def _nearest(board: Board, text: str, now: int) -> str:
    """A query near one that finds nothing; empty if none finds something."""

    def count(other: Query) -> int:
        return board.find(other, language=language(), candidates=_ALL, now=now).total

    return completion.nearest_query(text, board.names, language(), count)


def _why_none(context: click.Context, board: Board) -> PitboardError:
    # On a board of the past nothing can be begun.
    return _EMPTY if moment_of(context) is None and board.is_empty() else _NONE


def _write_list(board: Board, found: Listing, rows: Sequence[Row], now: int) -> None:
    if wants_json():
        # Loaded here, since a table and piped lines do without.
        from storage.exports.json_shapes import as_listed

        held = board.inbox.standing([board.pitfall(row.id) for row in rows], now)
        pitfalls = [
            as_listed(one, row.totals, language()) for one, row in zip(held, rows, strict=True)
        ]
        emit_json({"total": found.total, "pitfalls": pitfalls})
    elif not for_people():
        emit_rows(
            (
                row.id,
                row.status.value,
                row.severity.value,
                read(row.component),
                read(row.title),
                row.totals.count,
                iso(row.totals.last_seen) or "",
                regression_word(row.regressed),
            )
            for row in rows
        )
    elif rows:
        # Loaded here, since it waits for tables of how wide signs are.
        from tui.cli.tables import list_table

        listed = found.with_sources(rows)
        emit(list_table(listed, board.short_id, now, columns(), found.sort))
