"""The past: the board as it was, and what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from storage.errors import N_
from tui import dialogs
from tui.commands.command import BOARD, GENERAL, Command
from tui.commands.context import PitfallContext
from tui.text.i18n import _
from tui.text.vocabulary import moment as written

if TYPE_CHECKING:
    from storage.model.clock import Moment
    from tui.dialogs.form import Answers
    from tui.screens.board import BoardScreen


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


COMMANDS: Final = (
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
