"""The command explained: ``help``, ``man``, ``completion`` and ``--version``, and completions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)
from click.shell_completion import shell_complete as click_completes

from storage.errors import PitboardError
from storage.model.row import ME
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli.answer import answer_with
from tui.cli.group import COMPLETION, Verb, Verbs, board_path, no_such_verb, shared_options
from tui.cli.output import MEANINGS, emit
from tui.text.i18n import _, language, pgettext, read
from tui.text.verbs import GROUPS
from tui.text.vocabulary import completion_help

if TYPE_CHECKING:
    from storage.query import completion as of_queries
    from storage.query import tree
    from storage.read import board as boards
    from storage.read.board import Board
else:
    # What explains the command completes nothing.
    of_queries = deferred("storage.query.completion")
    tree = deferred("storage.query.tree")
    boards = deferred("storage.read.board")


class WholeWords(BashComplete):
    """bash hands over ``status:open`` as three words, and puts in what is to replace the last."""

    name = "bash"
    _standing = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words as they were typed."""
        args, incomplete = super().get_completion_args()
        whole: list[str] = []
        glue = False
        for word in (*args, incomplete):
            colon = bool(word) and not word.strip(":")
            if whole and (glue or colon):
                whole[-1] += word
            else:
                whole.append(word)
            glue = colon
        *args, typed = whole
        if typed != incomplete:
            self._standing = typed[: typed.rindex(":") + 1]
        return args, typed

    def format_completion(self, item: CompletionItem) -> str:
        """The part of it that bash is to put in."""
        item.value = item.value.removeprefix(self._standing)
        return super().format_completion(item)


def shell_complete(command: click.Command, name: str, variable: str, instruction: str) -> int:
    """Answer a shell's completion script; the exit code.

    Args:
        command: the whole command.
        name: its name.
        variable: the environment variable by which the script asks.
        instruction: what that variable says.
    """
    add_completion_class(WholeWords)
    settings: dict[str, Any] = {}
    return click_completes(command, settings, name, variable, instruction)


@click.command(
    "completion",
    cls=Verb,
    examples=("pitboard completion bash",),
    help=_(
        "Print the completion script of a shell.\n\n"
        'bash, in ~/.bashrc: eval "$(pitboard completion bash)"\n\n'
        'zsh, in ~/.zshrc: eval "$(pitboard completion zsh)"\n\n'
        "fish: pitboard completion fish > ~/.config/fish/completions/pitboard.fish"
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Write the completion script of a shell."""
    kind = get_completion_class(shell)
    assert kind is not None
    command = context.find_root().command
    script = kind(command, {}, "pitboard", COMPLETION).source()
    answer_with(shell=shell, script=script)
    emit(script.splitlines())


# Completions of values


#: More than a shell shows at a glance helps nobody.
_IDS_OFFERED: Final = 50
_TERMS_OFFERED: Final = 40
#: What a shell would take for its own if it were put in without quotes.
_SHELLS_OWN: Final = re.compile(r"""[\s"'<>()$`\\;&|*?!]""")


class CompletionSource:
    """Completions from the board of a call and from the saved views.

    A shell that completes has nowhere to show an error, so none is raised.
    """

    def __init__(self, context: click.Context) -> None:
        self._context = context

    def pitfall_ids(self, incomplete: str) -> list[CompletionItem]:
        """Ids on the board, with the titles of the pitfalls."""
        found: list[CompletionItem] = []
        with suppress(PitboardError), boards.Board.open(board_path(self._context)) as board:
            query = tree.Query().having("id", incomplete) if incomplete else tree.Query()
            for row in board.find(query, language=language()).page(0, _IDS_OFFERED):
                title = sanitize(read(row.title))
                found.append(CompletionItem(board.short_id(row.id), help=title))
        return found

    def query_terms(self, incomplete: str) -> list[CompletionItem]:
        """Keys and values of the query language; a key that alone matches comes with its values."""
        with suppress(PitboardError), boards.Board.open(board_path(self._context)) as board:
            begun = incomplete
            offered = _terms(begun, board)
            if len(offered.offers) == 1 and offered.offers[0].text.endswith(":"):
                key = f"{begun[: offered.start]}{offered.offers[0].text}"
                values = _terms(key, board)
                if values.offers:
                    begun, offered = key, values
            return [
                CompletionItem(
                    begun[: offered.start] + offer.text, help=completion_help(offer) or None
                )
                for offer in offered.offers
                if not _SHELLS_OWN.search(offer.text)
            ]
        return []

    def people(self, incomplete: str) -> list[CompletionItem]:
        """Who takes care of something or reported something, and the person themselves."""
        names = [ME[0]] if ME[0].startswith(incomplete.casefold()) else []
        with suppress(PitboardError), boards.Board.open(board_path(self._context)) as board:
            names += board.names.matching("assignee", incomplete, language(), _IDS_OFFERED)
        return [CompletionItem(name) for name in names if sanitize(name) == name]

    def view_names(self, incomplete: str, *, own: bool) -> list[CompletionItem]:
        """Names of views, or only of those that a person saved."""
        # Loaded here, since it validates the file of views, and so needs pydantic.
        from tui.services.saved_views import load

        return [
            CompletionItem(view.name, help=sanitize(view.query) or None)
            for view in load().views
            if view.name.casefold().startswith(incomplete.casefold()) and (view.is_own or not own)
        ]


def _terms(begun: str, board: Board) -> of_queries.Completions:
    return of_queries.complete(begun, len(begun), board.names, language(), _TERMS_OFFERED)


# The manual page, in the language of man pages (roff)


_SHARED: Final = frozenset(name for option in shared_options() for name in option.opts)


@click.command(
    "man",
    cls=Verb,
    examples=("pitboard man > pitboard.1", "pitboard man | man -l -"),
    help=_(
        "Print the manual page.\n\n"
        "It is in the language of man pages; an installation has it as “man pitboard” already."
    ),
)
@click.pass_context
def man(context: click.Context) -> None:
    """Write the manual page."""
    lines = list(manual_page(context.find_root()))
    answer_with(page="\n".join(lines) + "\n")
    emit(lines)


def manual_page(root: click.Context) -> Iterator[str]:
    """The lines of the manual page.

    Args:
        root: of the whole command.
    """
    assert isinstance(root.command, Verbs)
    yield ".TH PITBOARD 1"
    yield from _section(_("Name"))
    yield _roff("pitboard") + " \\- " + _roff(_("the board of the pitfalls of a platform"))
    yield from _section(_("Synopsis"))
    yield ".B pitboard"
    yield _roff("[OPTIONS] [COMMAND [ARGS]...]")
    yield from _section(_("Description"))
    yield from _paragraphs(root.command.help or "")
    yield from _section(_("Options"))
    yield from _options(root.command, root, frozenset())
    for group in GROUPS:
        yield from _section(pgettext("Verbs", group.heading))
        for name in group.verbs:
            command = root.command.get_command(root, name)
            assert command is not None
            yield from _verb_page(name, command, root)
    yield from _section(_("Exit codes"))
    for code, meaning in MEANINGS:
        yield from (".TP", f".B {code}", _roff(_(meaning)))


def _verb_page(name: str, command: click.Command, root: click.Context) -> Iterator[str]:
    with click.Context(command, parent=root, info_name=name) as context:
        yield f".SS {_roff(f'pitboard {name}')}"
        yield _roff(" ".join(("pitboard", name, *command.collect_usage_pieces(context))))
        yield from _paragraphs(command.help or "")
        yield from _options(command, context, _SHARED)
        if examples := getattr(command, "examples", ()):
            yield from (".PP", ".nf", *map(_roff, examples), ".fi")


def _options(
    command: click.Command, context: click.Context, left_out: frozenset[str]
) -> Iterator[str]:
    for option in command.params:
        if isinstance(option, click.Option) and not {*option.opts} & left_out:
            shown = option.get_help_record(context)
            if shown is not None:
                yield from (".TP", f".B {_roff(shown[0])}", _roff(shown[1]))


def _section(heading: str) -> Iterator[str]:
    yield f".SH {_roff(heading.upper())}"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.replace("\b\n", "").split("\n\n"):
        yield from (".PP", _roff(" ".join(paragraph.split())))


def _roff(text: str) -> str:
    """Text as a line of a man page: nothing in it is a request or an escape."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub("^(?=[.'])", "\\\\&", plain)


# The verb ``help``, and the version


@click.command("help", cls=Verb, help=_("Show the help of a verb."))
@click.argument("verb", nargs=-1)
@click.pass_context
def help_(context: click.Context, verb: tuple[str, ...]) -> None:
    """Show what “pitboard VERB --help” shows."""
    root = context.find_root()
    if not verb:
        _show_help(root)
        return
    assert isinstance(root.command, Verbs)
    name, command, rest = root.command.resolve_command(root, [*verb])
    if command is None or rest:
        raise no_such_verb(" ".join(verb), root)
    with command.make_context(name, [], parent=root, resilient_parsing=True) as asked:
        _show_help(asked)


def _show_help(context: click.Context) -> None:
    text = context.get_help()
    answer_with(command=context.command_path, help=text)
    emit(text.split("\n"))


def say_version(context: click.Context) -> None:
    """Show the version, and end the call."""
    # Loaded here, since it brings archives and e-mail with it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("pitboard")
    except PackageNotFoundError:
        number = _("(from a checkout)")
    click.echo(f"pitboard {number}")
    context.exit()
