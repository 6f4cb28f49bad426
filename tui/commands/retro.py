"""The retro: its period, and its notes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from storage.model.records import THE_BOARD
from storage.text.sanitize import sanitize
from tui import dialogs
from tui.commands.command import BOARD, CHANGE, GENERAL, PERIOD, RETRO, Command
from tui.commands.context import CommandContext, PitfallContext
from tui.text.i18n import _, read

if TYPE_CHECKING:
    from storage.write.store import Store
    from tui.dialogs.form import Answers
    from tui.screens.board import BoardScreen
    from tui.screens.retro import RetroScreen


async def retro(on: PitfallContext[BoardScreen]) -> None:
    """Look back over a period; come back to the pitfall that was opened there."""
    opened = await on.visit("retro")
    if opened is not None:
        on.open(opened)


# The period


def _of(kind: str, on: CommandContext[RetroScreen]) -> None:
    """Look at the period of a kind (its word) in which the present one ends."""
    on.screen.period.choose(kind)


def longer(on: CommandContext[RetroScreen]) -> None:
    """A sprint of a week more."""
    on.screen.period.lengthen_sprint(1)


def shorter(on: CommandContext[RetroScreen]) -> None:
    """A sprint of a week less."""
    on.screen.period.lengthen_sprint(-1)


def earlier(on: CommandContext[RetroScreen]) -> None:
    """The period before."""
    on.screen.period.go_earlier()


def later(on: CommandContext[RetroScreen]) -> None:
    """The period after, unless it lies ahead."""
    if not on.screen.period.go_later():
        on.hint(_("The next one has not begun yet."))


async def days(on: CommandContext[RetroScreen]) -> None:
    """Days of one's own, from the first to the last."""
    chosen = on.screen.period
    period = await on.fill_in(
        dialogs.retro.ChooseDays(chosen.period), lambda answers: chosen.parse(answers["period"])
    )
    if period is not None:
        chosen.look_at(period)


def a_release(on: CommandContext[RetroScreen]) -> str:
    """Why no release can be chosen; empty if one can."""
    if on.screen.period.releases:
        return ""
    return _("No occurrence says an app version yet, so no release is known.")


async def release(on: CommandContext[RetroScreen]) -> None:
    """A release, while it was the newest one seen."""
    chosen = on.screen.period
    period = await on.fill_in(
        dialogs.retro.ChooseRelease(chosen.releases),
        lambda answers: chosen.of_release(answers["period"]),
    )
    if period is not None:
        chosen.look_at(period)


async def export(on: CommandContext[RetroScreen]) -> None:
    """Write the period as a report to a file: a page, Markdown, JSON or CSV."""

    def write(answers: Answers) -> Path:
        path = dialogs.retro.export_to(answers)
        return on.screen.write_report(path, force=answers["force"] == "yes")

    path = await on.fill_in(dialogs.retro.ExportRetro(on.screen.period.period), write)
    if path is not None:
        on.done(_("Written to {path}.").format(path=sanitize(str(path.resolve()))))


# Notes


async def add_note(on: CommandContext[RetroScreen]) -> None:
    """Add a note, about the pitfall under the cursor if that is said."""
    about = on.screen.about
    title = read(on.session.board.pitfall(about).title) if about else ""

    def note(store: Store, answers: Answers) -> str:
        pitfall = about if answers.get("about") == "yes" else ""
        return store.retro.note(**dialogs.retro.noted(answers, on.session.now()), pitfall=pitfall)

    await on.save(dialogs.retro.AddNote(title), note, _("Noted."), about=(about,) if about else ())


def a_follow_up(on: CommandContext[RetroScreen]) -> str:
    """Why there is nothing to finish; empty if there is."""
    return "" if on.screen.note else _("There is no follow-up here.")


async def finish(on: CommandContext[RetroScreen]) -> None:
    """Say that the follow-up under the cursor is done."""
    note = on.screen.note
    assert note is not None
    await on.write(lambda store: store.retro.finish(note.id))
    on.done(_("Done: {text}").format(text=sanitize(read(note.text))))


def a_note(on: CommandContext[RetroScreen]) -> str:
    """Why there is no note to edit; empty if there is."""
    return "" if on.screen.note else _("There is no note here.")


async def edit_note(on: CommandContext[RetroScreen]) -> None:
    """Change the note under the cursor, or hide it."""
    note = on.screen.note
    assert note is not None
    await on.amend(
        dialogs.retro.EditNote(note),
        (note.pitfall or THE_BOARD, note.id),
        lambda answers: dialogs.retro.noted(answers, on.session.now()),
        _("Saved."),
        lambda: dialogs.retro.as_it_is(on.session.path, note.id),
    )


def _period(
    id: str, keys: str, name: str, label: str, help: str, run: Any, rank: int, **more: Any
) -> Command:
    return Command(id, keys, name, label, help, PERIOD, run, {RETRO: rank}, **more)


COMMANDS: Final = (
    Command(
        "retro",
        "R",
        N_("retro"),
        N_("Retro"),
        N_("Show the retro of a period"),
        GENERAL,
        retro,
        {BOARD: 14},
        aliases=(
            "retrospective review statistics figures plots 复盘 统计 report chart dashboard "
            "metrics 报表 图表 指标 回顾"
        ),
    ),
    _period(
        "earlier",
        "left",
        N_("before"),
        N_("Previous period"),
        N_("Show the previous period"),
        earlier,
        2,
        display="←",
        aliases="past back 上一期 previous 往前",
    ),
    _period(
        "later",
        "right",
        N_("after"),
        N_("Next period"),
        N_("Show the next period"),
        later,
        3,
        display="→",
        aliases="forward 下一期 next 往后",
    ),
    _period(
        "week",
        "w",
        N_("week"),
        N_("Show week"),
        N_("Show the retro of the week"),
        partial(_of, "week"),
        4,
        aliases="7 days 周 weekly 每周 本周",
    ),
    _period(
        "sprint",
        "s",
        N_("sprint"),
        N_("Show sprint"),
        N_("Show the retro of the sprint"),
        partial(_of, "sprint"),
        5,
        aliases="iteration 迭代 冲刺 sprint 双周",
    ),
    _period(
        "longer",
        "plus",
        N_("longer"),
        N_("Longer sprint"),
        N_("Make the sprint one week longer"),
        longer,
        0,
        display="+",
        aliases="week more 迭代 extend 延长",
    ),
    _period(
        "shorter",
        "minus",
        N_("shorter"),
        N_("Shorter sprint"),
        N_("Make the sprint one week shorter"),
        shorter,
        0,
        display="-",
        aliases="week less 迭代 shrink 缩短",
    ),
    _period(
        "month",
        "m",
        N_("month"),
        N_("Show month"),
        N_("Show the retro of the month"),
        partial(_of, "month"),
        6,
        aliases="月 monthly 每月 本月 按月",
    ),
    _period(
        "quarter",
        "Q",
        N_("quarter"),
        N_("Show quarter"),
        N_("Show the retro of the quarter"),
        partial(_of, "quarter"),
        7,
        aliases="season 季度 quarterly 本季",
    ),
    _period(
        "release",
        "v",
        N_("release"),
        N_("Choose release…"),
        N_("Show the retro of a release"),
        release,
        11,
        aliases="app version 版本 发布",
        when=a_release,
    ),
    _period(
        "days",
        "p",
        N_("period"),
        N_("Choose days…"),
        N_("Show the retro of a range of days"),
        days,
        12,
        aliases="date range from to 日期 范围 custom dates 自定义",
    ),
    Command(
        "export_retro",
        "x",
        N_("export"),
        N_("Export retro…"),
        N_("Write the period as a report to a file"),
        GENERAL,
        export,
        {RETRO: 9},
        aliases="save html markdown page csv json report file 导出 报告 网页 保存 print pdf share",
        is_local=True,
    ),
    Command(
        "add_note",
        "a",
        N_("note"),
        N_("Add note…"),
        N_("Add a note, a decision or a follow-up"),
        CHANGE,
        add_note,
        {RETRO: 8},
        aliases="action item decision todo 记录 待办 决定 minutes comment 备注 添加",
        writes=True,
    ),
    Command(
        "finish",
        "space",
        N_("done"),
        N_("Finish follow-up"),
        N_("Mark the follow-up as done"),
        CHANGE,
        finish,
        {RETRO: 13},
        aliases="complete close action item 完成 待办 check tick mark done 勾选",
        writes=True,
        when=a_follow_up,
    ),
    Command(
        "edit_note",
        "e",
        N_("edit"),
        N_("Edit note…"),
        N_("Edit or hide the note"),
        CHANGE,
        edit_note,
        {RETRO: 14},
        aliases="change hide delete 修改 隐藏 remove 编辑 删除",
        writes=True,
        when=a_note,
    ),
)
