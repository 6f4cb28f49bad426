"""Queries on the command line: taken as they are typed, completed, and pointed at when wrong."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import PitboardError
from storage.query import Query, parse
from storage.text.sanitize import harmless
from tui.cli.group import Verb, board_path
from tui.cli.output import columns
from tui.cli.prompts import Wrong
from tui.text.i18n import _, language, say
from tui.views import View, built_in, view_named

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from storage.query.completion import Completions
    from storage.read import Board

#: More than a shell shows at a glance helps nobody.
_OFFERED: Final = 40
#: A term with a minus before it, which is no option: ``-tag:x``, ``-(``, ``-标签``.
_NEGATED: Final = re.compile(r'-(?!-)(?:[^=]*[:：(（"“]|\w*[^\x00-\x7f])')
#: What a shell would take for its own if it were put in without quotes.
_SHELLS_OWN: Final = re.compile(r"""[\s"'<>()$`\\;&|*?!]""")
_HIDDEN: Final = "\0"


def understood(text: str, view: View | None = None) -> Query:
    """The query that a person typed, within a view if they named one.

    Raises:
        Wrong: if something of either can't be understood; it says what and where.
    """
    query = _parsed(text)
    if view is None:
        return query
    try:
        return _parsed(view.query).narrowed(query)
    except Wrong as wrong:
        said = _("The view “{name}” has a mistake.").format(name=view.label)
        raise Wrong(f"{said}\n{wrong.message}") from None


def _parsed(text: str) -> Query:
    query = parse(text)
    if query.problems:
        # Loaded here, since it waits for tables of how wide signs are.
        from tui.text.error_markers import pointed

        lines: list[str] = []
        for mistake in query.problems:
            lines += [
                say(mistake),
                *(f"  {line}" for line in pointed(text, mistake, columns() - 2)),
            ]
        raise Wrong("\n".join(lines))
    return query


class Querying(Verb):
    """A verb that takes a query, whose terms may begin with a minus."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep terms of the query from being read as options."""
        ends = args.index("--") if "--" in args else len(args)
        args = [
            f"{_HIDDEN}{one}" if place < ends and _NEGATED.match(one) else one
            for place, one in enumerate(args)
        ]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Options, and what a minus may stand before."""
        offered = super().shell_complete(ctx, incomplete)
        words = [one for one in self.params if isinstance(one.type, QueryWord)]
        return [*offered, *(item for one in words for item in one.shell_complete(ctx, incomplete))]


class QueryWord(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """One argument of a query."""

    name = "query"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The argument as it was typed."""
        return str(value).removeprefix(_HIDDEN)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Keys and values; a key that alone begins so comes with its values."""
        # Loaded here, since only a shell that completes asks for it.
        from click.shell_completion import CompletionItem

        from storage.read import Board
        from tui.text.completion_help import explained

        # It has nowhere to show an error.
        with suppress(PitboardError), Board.open(board_path(ctx)) as board:
            begun = incomplete
            offered = _offered(begun, board)
            if len(offered.offers) == 1 and offered.offers[0].text.endswith(":"):
                key = f"{begun[: offered.start]}{offered.offers[0].text}"
                values = _offered(key, board)
                if values.offers:
                    begun, offered = key, values
            return [
                CompletionItem(begun[: offered.start] + offer.text, help=explained(offer) or None)
                for offer in offered.offers
                if not _SHELLS_OWN.search(offer.text)
            ]
        return []


def _offered(begun: str, board: Board) -> Completions:
    from storage.query.completion import complete

    return complete(begun, len(begun), board, language(), _OFFERED)


class ViewName(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """The name of a view, or of one's own if only those are meant."""

    name = "view"

    def __init__(self, *, own: bool = False) -> None:
        self._own = own

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The views whose names begin so."""
        from click.shell_completion import CompletionItem

        from tui.services.saved_views import load

        return [
            CompletionItem(view.name, help=harmless(view.query) or None)
            for view in load().views
            if view.name.casefold().startswith(incomplete.casefold())
            and (view.is_own or not self._own)
        ]


def find_view(name: str) -> View:
    """The view of a name; a person's own ones are looked up only if it is none that is built in.

    Raises:
        NotFound: if there is none.
        BadSettings: if there might be one, but the file of one's own can't be read.
    """
    with suppress(PitboardError):
        return view_named(name, built_in())
    from tui.services.saved_views import load

    views, problem = load()
    if problem is not None:
        raise problem
    return view_named(name, views)
