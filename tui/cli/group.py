"""The group of verbs, each loaded when it is called, and what all of them share."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from tui.cli import output
from tui.services import paths
from tui.text.i18n import _

#: Each verb and where it lives, in the order in which help lists them.
VERBS: Final = {
    "list": "tui.cli.list:list_",
    "show": "tui.cli.show:show",
    "history": "tui.cli.history:history",
    "diff": "tui.cli.diff:diff",
    "view": "tui.cli.views:view",
    "inbox": "tui.cli.triage:inbox",
    "triage": "tui.cli.triage:triage",
    "accept": "tui.cli.triage:accept",
    "duplicate": "tui.cli.triage:duplicate",
    "decline": "tui.cli.triage:decline",
    "snooze": "tui.cli.triage:snooze",
    "return": "tui.cli.triage:return_",
    "apart": "tui.cli.triage:apart",
    "new": "tui.cli.report:new",
    "log": "tui.cli.report:log",
    "paste": "tui.cli.paste:paste",
    "match": "tui.cli.match:match",
    "status": "tui.cli.edit:status",
    "fix": "tui.cli.fixes:fix",
    "verify": "tui.cli.fixes:verify",
    "reopen": "tui.cli.fixes:reopen",
    "edit": "tui.cli.edit:edit",
    "comment": "tui.cli.edit:comment",
    "ref": "tui.cli.edit:ref",
    "statement": "tui.cli.fixes:statement",
    "amend": "tui.cli.edit:amend",
    "hide": "tui.cli.edit:hide",
    "attach": "tui.cli.attach:attach",
    "attachments": "tui.cli.attach:attachments",
    "report": "tui.cli.bug_report:report",
    "confirm": "tui.cli.fixes:confirm",
    "note": "tui.cli.retro:note",
    "follow-ups": "tui.cli.retro:follow_ups",
    "done": "tui.cli.retro:done",
    "versions": "tui.cli.versions:versions",
    "retro": "tui.cli.retro:retro",
    "restore": "tui.cli.history:restore",
    "keep": "tui.cli.history:keep",
    "share": "tui.cli.sharing:share",
    "sync": "tui.cli.sharing:sync",
    "who": "tui.cli.sharing:who",
    "undo": "tui.cli.history:undo",
    "redo": "tui.cli.history:redo",
    "export": "tui.cli.board_file:export",
    "import": "tui.cli.import_:import_",
    "doctor": "tui.cli.board_file:doctor",
    "recover": "tui.cli.board_file:recover",
    "backup": "tui.cli.board_file:backup",
    "init": "tui.cli.board_file:init",
    "path": "tui.cli.board_file:path",
    "completion": "tui.cli.completion:completion",
}

#: Opens the screen; a verb does without it.
_SCREEN: Final = "tui.cli.open_board:open_screen"

#: By which a shell's completion script asks.
COMPLETION: Final = "_PITBOARD_COMPLETE"
_BOARD: Final = "pitboard.board"


def _loaded(place: str) -> Any:
    """What lives at “module:name”, imported now."""
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)


def board_path(context: click.Context) -> Path:
    """The board that this call is about."""
    return paths.board_path(context.meta.get(_BOARD))


def _note_board(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.meta[_BOARD] = value


def shared_options() -> list[click.Parameter]:
    """What can be said before the verb and after it."""
    return [
        click.Option(
            ["--db"],
            metavar="FILE",
            expose_value=False,
            callback=_note_board,
            type=click.Path(),
            help=_("The board's file; else PITBOARD_DB, else the one “pitboard path” names."),
        ),
        click.Option(
            ["--lang"],
            type=click.Choice(["en", "zh", "zh_CN"]),
            # ``main`` has looked for it already, before any text was loaded.
            expose_value=False,
            help=_("Speak English or Chinese; else PITBOARD_LANG, else the locale."),
        ),
    ]


class VerbContext(click.Context):
    """A call whose help is measured in cells."""

    def make_formatter(self) -> click.HelpFormatter:
        """What writes help and usage."""
        # Loaded here, since a verb that is carried out shows no help.
        from tui.cli.tables import HelpPage

        return HelpPage(width=self.terminal_width, max_width=self.max_content_width)


class Verb(click.Command):
    """A verb; it takes the options of the whole command too."""

    context_class = VerbContext

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params += shared_options()


class Verbs(click.Group):
    """The verbs, imported one by one: a start pays only for what it does."""

    context_class = VerbContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names in the order of use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        if cmd_name not in VERBS:
            return None
        command = _loaded(VERBS[cmd_name])
        assert isinstance(command, click.Command)
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The exit codes."""
        with formatter.section(_("Exit codes")):
            formatter.write_dl([(str(code), _(meaning)) for code, meaning in output.MEANINGS])


def _say_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        # Loaded here, since it brings archives and e-mail with it.
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("pitboard")
        except PackageNotFoundError:
            number = _("(from a checkout)")
        click.echo(f"pitboard {number}")
        context.exit()


@click.group(
    cls=Verbs,
    name="pitboard",
    invoke_without_command=True,
    params=[
        *shared_options(),
        click.Option(
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
    if context.invoked_subcommand is not None:
        return output.DONE
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            _("The board needs a terminal. “pitboard list” writes it out."), context
        )
    opened: int = _loaded(_SCREEN)(board_path(context))
    return opened


# Help pages measured in terminal cells: click counts characters, and Chinese takes two cells
