"""The group of verbs, each loaded when it is called, and what all of them share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from storage.text.zones import ask_zone
from tui import compiling_late
from tui.cli import (
    HelpedContext,
    VerbOption,
    answer,
    help_option,
    one_value,
    output,
    write_help,
)
from tui.services.boards import BoardChoice, ChosenBy, chosen_board, names_begun
from tui.text.i18n import _, pgettext
from tui.text.verbs import GROUPS, VERBS, below, nearest

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: Opens the screen; a verb does without it.
_SCREEN: Final = "tui.cli.open_board:open_screen"
#: Names the time zone of the board before it is opened, for dates that were typed.
_TIME_ZONE: Final = "tui.cli.open_board:time_zone"

#: By which a shell's completion script asks.
COMPLETION: Final = "_PITBOARD_COMPLETE"
_CHOICE: Final = "pitboard.board"
_LANGUAGE: Final = "pitboard.language"
_HELP: Final = "help"
_HELP_VERB: Final = "tui.cli.completion:help_"
_VERSION: Final = "tui.cli.completion:say_version"
#: The options of the whole command, which may stand between the words of a verb.
_WITH_VALUE: Final = ("--db", "--board", "--lang")
_WITH_EQUALS: Final = tuple(f"{option}=" for option in _WITH_VALUE)
#: Of options of verbs, the one that a word in front of others takes too.
_FLAGS: Final = ("--json",)


def _loaded(place: str) -> Any:
    """What lives at “module:name”, imported now."""
    module, _colon, name = place.partition(":")
    with compiling_late():
        return getattr(import_module(module), name)


def board_choice(context: click.Context) -> BoardChoice:
    """The board that this call is about, and what chose it.

    Raises:
        UnknownBoard: if it is named by a name that the settings do not have.
    """
    option, value = context.meta.get(_CHOICE, ("", None))
    return chosen_board(
        value if option == ChosenBy.FILE.value else None,
        value if option == ChosenBy.NAME.value else None,
    )


def board_path(context: click.Context) -> Path:
    """The file of :func:`board_choice`, which may raise."""
    return board_choice(context).path


def _note_board(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if value == "":
        # As a script writes it whose variable is not set; another board is not meant.
        raise click.BadParameter(_("A board has to be named."), context, option)
    if value is None:
        return
    name = option.opts[0]
    other, before = context.meta.get(_CHOICE, (name, value))
    if other != name:
        raise click.UsageError(_("Name the board with --db or with --board, not both."), context)
    if before != value:
        # In front of the verb and behind it.
        raise one_value(name, (before, value), context)
    context.meta[_CHOICE] = (name, value)


def _note_language(context: click.Context, option: click.Parameter, value: str | None) -> None:
    before = context.meta.setdefault(_LANGUAGE, value)
    if before is None:
        context.meta[_LANGUAGE] = value
    elif value not in (None, before):
        # In front of the verb and behind it.
        raise one_value(option.opts[0], (before, str(value)), context)


def _note_json(_context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value and not answer.wants_json():
        answer.take(True)


def shared_options() -> list[click.Parameter]:
    """What can be said before the verb and after it."""
    return [
        VerbOption(
            ["--db"],
            metavar="FILE",
            expose_value=False,
            # Before the others: dates are read in the time zone of that board.
            is_eager=True,
            callback=_note_board,
            # No click.Path, which asks gettext what it is called as it is made.
            shell_complete=lambda _context, _option, begun: [_item(begun, type="file")],
            help=_(
                "The board's file; the default is PITBOARD_DB, then the file that"
                " “pitboard path” prints."
            ),
        ),
        VerbOption(
            ["--board"],
            metavar="NAME",
            expose_value=False,
            callback=_note_board,
            shell_complete=lambda _context, _option, incomplete: names_begun(incomplete),
            help=_("The board of that name; “pitboard boards” lists them."),
        ),
        VerbOption(
            ["--lang"],
            type=click.Choice(["en", "zh", "zh_CN"]),
            # ``main`` has looked for it already, before any text was loaded.
            expose_value=False,
            callback=_note_language,
            help=_(
                "The language: English or Chinese; the default is PITBOARD_LANG, then the locale."
            ),
        ),
        VerbOption(
            ["--json"],
            is_flag=True,
            expose_value=False,
            # Before the others: what is wrong with them is said as JSON, too.
            is_eager=True,
            callback=_note_json,
            help=_("Write one JSON document; errors are one JSON object on stderr."),
        ),
    ]


class Verb(click.Command):
    """A verb; it takes the options of the whole command too.

    Args:
        examples: whole command lines, which end its help.
    """

    context_class = HelpedContext

    def __init__(self, *args: Any, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = tuple(examples)
        self.params += shared_options()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option for help."""
        return help_option(self, ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help above the options."""
        write_help(self, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What follows the name."""
        pieces = super().collect_usage_pieces(ctx)
        return [*pieces, "[COMMAND]"] if below(self.name or "") else pieces

    def invoke(self, ctx: click.Context) -> Any:
        """Carry it out; with ``--json`` a verb that wrote no document gets one here."""
        answer.advise(answer.usage_of(ctx.command_path))
        code = super().invoke(ctx)
        if answer.held is not None and not answer.held.is_written:
            output.emit_json(answer.held.document(self.name or ""))
        return code

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs below this one, and the examples."""
        if second_words := below(self.name or ""):
            with formatter.section(_("Commands")):
                formatter.write_dl(
                    [(word, _(VERBS[f"{self.name} {word}"].help)) for word in second_words]
                )
        if self.examples:
            with formatter.section(_("Examples")):
                formatter.write_text("\n".join(self.examples))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The verbs below this one, and options."""
        return [*words_below(self.name or "", incomplete), *super().shell_complete(ctx, incomplete)]


class _OnlyLeads(Verb):
    """A word that does nothing without the one behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show the help if nothing follows."""
        if not args and not ctx.resilient_parsing:
            raise click.exceptions.NoArgsIsHelpError(ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Options alone are no command."""
        raise click.UsageError(_("A command is missing."), ctx)


class Verbs(click.Group):
    """The verbs, imported one by one: a start pays only for what it does.

    A verb of two words (``triage accept``) is one command with a blank in its name; the first
    word alone is a command too, so ``retro last-week`` and ``retro note`` go to different ones.
    """

    context_class = HelpedContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option for help."""
        return help_option(self, ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help above the options."""
        write_help(self, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names in the order of use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        if cmd_name == _HELP:
            return cast("click.Command", _loaded(_HELP_VERB))
        if cmd_name not in VERBS:
            return None
        place, short = VERBS[cmd_name]
        if not place:
            return _OnlyLeads(cmd_name, help=_(short))
        command = _loaded(place)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that arguments begin with, and the arguments behind it.

        Raises:
            click.UsageError: naming the nearest, if there is no such verb.
        """
        name, rest = args[0], args[1:]
        if second_words := below(name):
            place = _place_of_word(rest)
            if place < len(rest):
                word = rest[place]
                if word in second_words:
                    name, rest = f"{name} {word}", [*rest[:place], *rest[place + 1 :]]
                elif name != "retro" and not ctx.resilient_parsing and not word.startswith("-"):
                    raise no_such_verb(f"{name} {word}", ctx)
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing and not name.startswith("-"):
            raise no_such_verb(name, ctx)
        if command is None:
            return super().resolve_command(ctx, args)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs by job, each with its short help, each job with an example."""
        # One column for all groups.
        column = max(map(len, VERBS))
        for group in GROUPS:
            with formatter.section(pgettext("Verbs", group.heading)):
                formatter.write_dl(
                    [(name.ljust(column), _(entry.help)) for name, entry in group.verbs.items()]
                )
                formatter.write_text(_("Example: {line}").format(line=group.example))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The exit codes."""
        with formatter.section(_("Exit codes")):
            formatter.write_dl([(str(code), _(meaning)) for code, meaning in output.MEANINGS])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The first words of verbs, and options."""
        verbs = [
            _verb_item(name, name)
            for name in VERBS
            if " " not in name and name.startswith(incomplete)
        ]
        return [*verbs, *click.Command.shell_complete(self, ctx, incomplete)]


def words_below(first: str, incomplete: str) -> list[CompletionItem]:
    """Completions of the second word of a verb."""
    return [
        _verb_item(word, f"{first} {word}") for word in below(first) if word.startswith(incomplete)
    ]


def _verb_item(word: str, verb: str) -> CompletionItem:
    return _item(word, help=_(VERBS[verb].help))


def _item(text: str, **about: str) -> CompletionItem:
    # Imported here, since only shells ask for it.
    from click.shell_completion import CompletionItem

    return CompletionItem(text, **about)


def _place_of_word(arguments: Sequence[str]) -> int:
    """Where the first word is, behind options of the whole command."""
    place = 0
    while place < len(arguments):
        if arguments[place] in _WITH_VALUE:
            place += 2
        elif arguments[place] in _FLAGS or arguments[place].startswith(_WITH_EQUALS):
            place += 1
        else:
            break
    return place


def no_such_verb(typed: str, context: click.Context) -> click.UsageError:
    """That there is no verb of a name, with the nearest one."""
    message = _("No such command {name!r}.").format(name=typed)
    if verb := nearest(typed):
        message += " " + _("Did you mean {name!r}?").format(name=verb)
    return click.UsageError(message, context)


def _say_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        _loaded(_VERSION)(context)


@click.group(
    cls=Verbs,
    name="pitboard",
    invoke_without_command=True,
    params=[
        *shared_options(),
        VerbOption(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_say_version,
            help=_("Show the version."),
        ),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_(
        "The board of the pitfalls of a platform you do not control."
        " Without a verb it opens on the screen."
    ),
)
@click.pass_context
def pitboard(context: click.Context) -> int:
    """Open the board, unless a verb follows."""
    ask_zone(lambda: str(_loaded(_TIME_ZONE)(context)))
    if context.invoked_subcommand is not None:
        return output.DONE
    if answer.wants_json() or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            _(
                "The board needs a terminal. “pitboard list” writes it out; “pitboard serve” shows"
                " it in a browser."
            ),
            context,
        )
    opened: int = _loaded(_SCREEN)(context)
    return opened
