"""The board as a whole: what was changed, other dates, version pairs, theme, help, palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from storage.text.sanitize import sanitize
from storage.text.zones import zone
from tui import deferred, dialogs
from tui.commands.command import (
    BOARD,
    CHANGE,
    DIFF,
    GENERAL,
    RETRO,
    SHARING,
    TRIAGE,
    VERSIONS,
    Command,
)
from tui.commands.context import CommandContext, PitfallContext, a_pitfall_under_the_cursor
from tui.commands.navigation import EVERYWHERE
from tui.services.boards import named_boards
from tui.text.i18n import _
from tui.text.vocabulary import moment as written

if TYPE_CHECKING:
    from storage.model.clock import Moment
    from storage.write.history import Step
    from storage.write.store import Store
    from tui.commands import palette as palettes
    from tui.dialogs.form import Answers
    from tui.screens.board import BoardScreen
    from tui.text import fields, verbs
    from tui.text import history as history_text
else:
    # The first paint waits for what declares commands, and not for what carries them out.
    palettes = deferred("tui.commands.palette")
    fields = deferred("tui.text.fields")
    history_text = deferred("tui.text.history")
    verbs = deferred("tui.text.verbs")


# Going through what was changed


async def undo(on: CommandContext[Any]) -> None:
    """Undo what this person did last."""
    await _reverse(on, lambda store: store.history.undo(), _("Undone: {what} — {title}"))


async def redo(on: CommandContext[Any]) -> None:
    """Redo what was undone."""
    await _reverse(on, lambda store: store.history.redo(), _("Redone: {what} — {title}"))


async def _reverse(on: CommandContext[Any], how: Callable[[Store], Step], words: str) -> None:
    step = await on.write(how)
    on.show_undone(step)
    what, title = history_text.done_words(step.did), history_text.step_titles(step)
    on.done(words.format(what=what, title=title))


async def revert(on: PitfallContext[Any]) -> None:
    """Revert the change under the timeline's cursor."""
    line = on.detail.chosen_change
    if line is None or not on.screen.reading:
        on.warn(_("Go to a change in the timeline first: O shows it."))
        return
    await on.write(lambda store: store.history.revert(line.pitfall, line.event))
    on.done(_("Restored what was before: {what}").format(what=history_text.change_words(line).what))


async def resolve(on: PitfallContext[Any]) -> None:
    """Choose which of the values that people wrote at the same time is kept."""
    here = on.here()
    if not here.conflicts:
        on.hint(_("No conflicts on this pitfall."))
        return
    chosen = await on.ask(dialogs.decisions.ResolveConflict(here, on.short_id))
    if chosen is None:
        return
    await on.write(
        lambda store: store.conflicts.resolve(here.id, chosen.conflict.name, chosen.claim.event)
    )
    kept = " ".join(fields.claim_value(chosen, on.short_id).split())
    on.done(
        _("Kept the {name}: {value}").format(name=fields.conflict_name(chosen.conflict), value=kept)
    )


async def travel(on: PitfallContext[BoardScreen]) -> None:
    """Show the board of a moment, or come back from one."""
    session, as_of = on.session, on.screen.as_of
    if session.moment is not None:
        session.come_back()
        as_of.arrive()
        on.done(_("Back to today."))
        return

    def go(answers: Answers) -> Moment:
        then = dialogs.board.moment(answers, session.now())
        session.go_back_to(then, as_of.going_on)
        return then

    if await on.fill_in(dialogs.board.Travel(), go) is not None:
        as_of.arrive()


async def compare(on: PitfallContext[BoardScreen]) -> None:
    """Show what changed on the board; come back to the pitfall that was opened there."""
    moment = on.session.moment
    form = dialogs.board.Compare(written(moment.at) if moment is not None else "")
    stretch = await on.fill_in(
        form, lambda answers: dialogs.board.stretch(answers, on.session.now())
    )
    if stretch is not None and (opened := await on.visit("diff", *stretch)) is not None:
        on.open(opened)


CHANGES: Final = (
    Command(
        "keep",
        "equals_sign",
        N_("resolve"),
        N_("Resolve conflict…"),
        N_("Choose between values written at the same time"),
        CHANGE,
        resolve,
        {BOARD: 0},
        display="=",
        aliases=(
            "merge contest concurrent both 冲突 合并 resolve conflict conflicts sides 解决 解决冲突"
        ),
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "restore",
        "less_than_sign",
        N_("revert"),
        N_("Revert this change"),
        N_("Revert the selected change in the timeline"),
        CHANGE,
        revert,
        {BOARD: 0},
        display="<",
        aliases="roll back previous value history 还原 回退 rollback 恢复",
        writes=True,
    ),
    Command(
        "undo",
        "u",
        N_("undo"),
        N_("Undo"),
        N_("Undo your last change"),
        CHANGE,
        undo,
        {BOARD: 6, TRIAGE: 6, RETRO: 0},
        aliases="back revert mistake 撤销 take cancel 取消 后悔 恢复",
        writes=True,
    ),
    Command(
        "redo",
        "U",
        N_("redo"),
        N_("Redo"),
        N_("Redo the change that you undid"),
        CHANGE,
        redo,
        {BOARD: 0, TRIAGE: 33, RETRO: 0},
        aliases="again 重做 repeat 恢复",
        writes=True,
    ),
    Command(
        "travel",
        "t",
        N_("time travel"),
        N_("Time travel…"),
        N_("Show the board as it was"),
        GENERAL,
        travel,
        {BOARD: 16},
        aliases=(
            "past date as of history 过去 历史 回到 as-of earlier older snapshot time machine "
            "时间 往日 快照"
        ),
    ),
    Command(
        "compare",
        "D",
        N_("compare"),
        N_("Compare with earlier date…"),
        N_("Show what changed since a date"),
        GENERAL,
        compare,
        {BOARD: 0},
        aliases="diff changes since difference 对比 差异 变化 compare what changed 比较 区别",
    ),
)


# All else


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
    on.app.push_screen(palettes.of_themes())


def switch_board(on: CommandContext[Any]) -> None:
    """Choose another board of the settings."""
    if not named_boards():
        on.hint(_("Your settings name no other board. Name one: pitboard boards add NAME FILE"))
        return
    on.app.push_screen(palettes.of_boards())


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
            partial(name_verb, verb),
            aliases=" ".join((verb, *verbs.SYNONYMS.get(verb, ()))),
        )
        for verb in verbs.SHELL_ONLY
    ]


def name_verb(verb: str, on: CommandContext[Any]) -> None:
    """Say how a verb of the shell is carried out."""
    words = _("Type this in a shell: pitboard {verb}. What it takes: pitboard {verb} --help")
    on.hint(words.format(verb=verb))
