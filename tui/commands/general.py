"""The board as a whole: version pairs, reading again, theme, help, palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from textual.command import CommandPalette

from storage.errors import N_
from tui import dialogs
from tui.commands.command import BOARD, DIFF, GENERAL, RETRO, SHARING, TRIAGE, VERSIONS, Command
from tui.commands.context import CommandContext, PitfallContext
from tui.commands.navigation import EVERYWHERE
from tui.commands.palette import Themes
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.screens.board import BoardScreen


async def versions(on: PitfallContext[BoardScreen]) -> None:
    """Show the version pairs; come back with a query for the pitfalls seen somewhere."""
    query = await on.visit("versions")
    if query is not None:
        on.screen.go_to_list()
        on.screen.search.line.value = query


def read_again(on: CommandContext[Any]) -> None:
    """Read everything again."""
    on.screen.read_again()


def theme(on: CommandContext[Any]) -> None:
    """Choose a theme."""
    on.app.push_screen(CommandPalette(providers=[Themes], placeholder=_("Find a theme…")))


def help_(on: CommandContext[Any]) -> None:
    """Show all keys of this screen."""
    on.app.push_screen(dialogs.help.HelpScreen(list(on.screen.commands.values())))


def palette(on: CommandContext[Any]) -> None:
    """Find a command by its name."""
    on.app.action_command_palette()


COMMANDS: Final = (
    Command(
        "versions",
        "L",
        N_("versions"),
        N_("App ↔ base library versions"),
        N_("Show what runs where"),
        GENERAL,
        versions,
        {BOARD: 0},
        aliases="pairs wechat wecom client 版本 基础库",
    ),
    Command(
        "read_again",
        "r",
        N_("read again"),
        N_("Reload"),
        N_("Read everything again"),
        GENERAL,
        read_again,
        EVERYWHERE | {TRIAGE: 37},
        aliases="refresh update 刷新",
    ),
    Command(
        "theme",
        "T",
        N_("theme"),
        N_("Choose theme…"),
        N_("Choose a theme; it is remembered"),
        GENERAL,
        theme,
        {BOARD: 0},
        aliases="colour color dark light 主题 颜色",
    ),
    Command(
        "help",
        "question_mark",
        N_("help"),
        N_("Show keys"),
        N_("Show all keys"),
        GENERAL,
        help_,
        {BOARD: 7, TRIAGE: 15, VERSIONS: 6, DIFF: 6, SHARING: 6, RETRO: 9},
        display="?",
        aliases="shortcuts bindings keymap 快捷键 帮助",
    ),
    Command(
        "palette",
        "ctrl+p",
        N_("palette"),
        N_("Command palette…"),
        N_("Find a command by its name"),
        GENERAL,
        palette,
        EVERYWHERE | {TRIAGE: 38},
        display="^p",
        aliases="commands actions 命令",
    ),
)
