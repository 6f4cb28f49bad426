"""The board as a whole: version pairs, reading again, theme, help, palette."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.theme import ThemeProvider

from storage.errors import N_, PitboardError
from storage.text.sanitize import sanitize
from storage.text.zones import zone
from storage.write.board_file import look
from tui import deferred, dialogs
from tui.commands.command import (
    BOARD,
    DIFF,
    GENERAL,
    RETRO,
    SHARING,
    TRIAGE,
    VERSIONS,
    Command,
    by_jobs,
    ranked,
)
from tui.commands.context import CommandContext, PitfallContext
from tui.commands.navigation import EVERYWHERE
from tui.services.boards import ChosenBy, default_board, is_same_file, named_boards
from tui.text.i18n import _, say

if TYPE_CHECKING:
    from storage.write.store import Store
    from tui.app import PitboardApp
    from tui.commands.command import Command
    from tui.dialogs.form import Answers
    from tui.screens.board import BoardScreen
    from tui.screens.command_screen import CommandScreen
    from tui.text import verbs
else:
    # What only a search in the palette needs: the first paint does not wait for it.
    verbs = deferred("tui.text.verbs")


async def versions(on: PitfallContext[BoardScreen]) -> None:
    """Show the version pairs; come back with a query for the pitfalls seen somewhere."""
    query = await on.visit("versions")
    if query is not None:
        on.screen.go_to_list()
        on.screen.search.line.value = query


def read_again(on: CommandContext[Any]) -> None:
    """Read everything again."""
    on.screen.read_again()


async def time_zone(on: CommandContext[Any]) -> None:
    """Set the time zone in which the board's days begin."""

    def set_zone(store: Store, answers: Answers) -> str:
        return store.board.set_time_zone(answers["zone"])

    await on.save(
        dialogs.board.TimeZone(zone().name),
        set_zone,
        lambda name: _("The board's time zone is {zone} now, for everybody who shares it.").format(
            zone=sanitize(name)
        ),
    )


def theme(on: CommandContext[Any]) -> None:
    """Choose a theme."""
    on.app.push_screen(CommandPalette(providers=[Themes], placeholder=_("Find a theme…")))


def switch_board(on: CommandContext[Any]) -> None:
    """Choose another board of the settings."""
    if not named_boards():
        on.hint(_("Your settings name no other board. Name one: pitboard boards add NAME FILE"))
        return
    on.app.push_screen(CommandPalette(providers=[Boards], placeholder=_("Find a board…")))


def help_(on: CommandContext[Any]) -> None:
    """Show all keys of this screen."""
    on.app.push_screen(dialogs.general.HelpScreen(list(on.screen.commands.values())))


def palette(on: CommandContext[Any]) -> None:
    """Find a command by its name."""
    on.app.action_command_palette()


COMMANDS: Final = (
    Command(
        "versions",
        "L",
        N_("versions"),
        N_("App ↔ base library versions"),
        N_("Show app ↔ base library versions"),
        GENERAL,
        versions,
        {BOARD: 0},
        aliases=(
            "pairs wechat wecom client 版本 基础库 version matrix base library sdk 微信版本 对照"
        ),
    ),
    Command(
        "read_again",
        "r",
        N_("reload"),
        N_("Reload"),
        N_("Reload the data"),
        GENERAL,
        read_again,
        EVERYWHERE | {TRIAGE: 37},
        aliases="refresh update 刷新 reload again 重新加载 重载",
    ),
    Command(
        "theme",
        "T",
        N_("theme"),
        N_("Choose theme…"),
        N_("Choose a theme"),
        GENERAL,
        theme,
        {BOARD: 0},
        aliases=(
            "colour color dark light 主题 颜色 themes appearance mode scheme 外观 深色 浅色 配色"
        ),
    ),
    Command(
        "time_zone",
        "ctrl+t",
        N_("time zone"),
        N_("Set time zone…"),
        N_("Set the time zone of the board's days"),
        GENERAL,
        time_zone,
        {BOARD: 0},
        display="^t",
        writes=True,
        aliases="timezone zone tz utc days weeks settings 时区 设置 日期 天 周",
    ),
    Command(
        "switch_board",
        "N",
        N_("boards"),
        N_("Switch board…"),
        N_("Open another board of your settings"),
        GENERAL,
        switch_board,
        {BOARD: 0},
        aliases=(
            "boards project other database file open board 切换 切换看板 看板 项目 打开 换看板"
        ),
        is_local=True,
    ),
    Command(
        "help",
        "question_mark",
        N_("help"),
        N_("Help and keys…"),
        N_("Show commands, keys and the legend of marks"),
        GENERAL,
        help_,
        {BOARD: 7, TRIAGE: 7, VERSIONS: 6, DIFF: 6, SHARING: 6, RETRO: 9},
        display="?",
        aliases=(
            "shortcuts bindings keymap 快捷键 帮助 keyboard keys shortcut hotkeys language "
            "settings preferences configuration config locale chinese english legend marks "
            "symbols manual 键盘 按键 语言 中文 英文 设置 配置 图例 符号 说明"
        ),
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
        aliases="commands actions 命令 run 面板",
    ),
)


# Verbs of the shell alone, which people look for on the screen


def shell_verbs() -> list[Command]:
    """The verbs that no screen offers, each as a command that says how to carry it out."""
    return [
        Command(
            f"shell {verb}",
            "",
            verb,
            _("In a shell: pitboard {verb}").format(verb=verb),
            verbs.VERBS[verb].help,
            GENERAL,
            partial(_name_verb, verb),
            aliases=" ".join((verb, *verbs.SYNONYMS.get(verb, ()))),
        )
        for verb in verbs.SHELL_ONLY
    ]


def _name_verb(verb: str, on: CommandContext[Any]) -> None:
    words = _("Type this in a shell: pitboard {verb}. What it takes: pitboard {verb} --help")
    on.hint(words.format(verb=verb))


# The palette, fed by the commands of the screen that it was opened from


def nothing_found() -> Hit:
    """In our words, before Textual says it in English."""
    return Hit(0.01, Content(_("No matching command")), _do_nothing)


def _do_nothing() -> None:
    """What choosing it does."""


class Themes(ThemeProvider):
    """The themes, ours and Textual's."""

    async def search(self, query: str) -> Hits:
        """Those whose names match."""
        found = False
        async for hit in super().search(query):
            found = True
            yield hit
        if not found:
            yield nothing_found()


class Boards(Provider):
    """The boards of the settings, and the default one."""

    @property
    def _boards(self) -> dict[str, Path]:
        return {ChosenBy.DEFAULT.value: default_board()} | named_boards()

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for name, path in self._boards.items():
            yield DiscoveryHit(self._label(name, path), partial(self._go, path))

    async def search(self, query: str) -> Hits:
        """Those whose names or files match."""
        matcher = self.matcher(query)
        found = False
        for name, path in self._boards.items():
            label = self._label(name, path)
            if (score := matcher.match(label)) > 0:
                found = True
                yield Hit(score, matcher.highlight(label), partial(self._go, path))
        if not found:
            yield nothing_found()

    def _label(self, name: str, path: Path) -> str:
        app = cast("PitboardApp", self.app)
        mark = "●" if is_same_file(path, app.session.path) else " "
        return f"{mark} {name}  {sanitize(str(path))}"

    def _go(self, path: Path) -> None:
        app = cast("PitboardApp", self.app)
        if is_same_file(path, app.session.path):
            return
        problem = None
        try:
            if look(path) is None:
                words = _("There is no board at {path}. Create it: pitboard --db {path} init")
                problem = words.format(path=sanitize(str(path)))
        except PitboardError as error:
            problem = say(error)
        if problem is None:
            app.go_to_board(path)
        else:
            app.notify(problem, severity="warning", timeout=10, markup=False)


class Commands(Provider):
    """Every command of a screen, by its label, its aliases and its keys."""

    @property
    def _commands(self) -> list[Command]:
        screen = cast("CommandScreen[object]", self.screen)
        return by_jobs(one for one in screen.commands.values() if one.id != "palette")

    async def discover(self) -> Hits:
        """All of them, before anything is typed: jobs first, movement last."""
        for command in self._commands:
            yield DiscoveryHit(
                f"{_(command.label)}  {command.shown}", self._run(command), help=_(command.help)
            )

    async def search(self, query: str) -> Hits:
        """Those that are named, best first; then those whose labels have the letters in order."""
        matcher = self.matcher(query)
        named = ranked(query, [*self._commands, *shell_verbs()])
        ids = {command.id for _rank, command in named}
        found = bool(named)
        for place, (rank, command) in enumerate(named):
            label = f"{_(command.label)}  {command.shown}"
            shown = matcher.highlight(label) if matcher.match(label) else Content(label)
            # The palette sorts by score alone: jobs come first among equals.
            yield Hit(rank + 1 - place / 1000, shown, self._run(command), help=_(command.help))
        for command in self._commands:
            label = f"{_(command.label)}  {command.shown}"
            if command.id not in ids and (score := matcher.match(label)) > 0:
                found = True
                shown = matcher.highlight(label)
                yield Hit(score / (1 + score), shown, self._run(command), help=_(command.help))
        if not found:
            yield nothing_found()

    def _run(self, command: Command) -> partial[None]:
        screen = cast("CommandScreen[object]", self.screen)
        if command.id not in screen.commands:
            return partial(_name_verb, command.name, screen.context)
        return partial(screen.run_command, command.id)
