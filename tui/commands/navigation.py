"""Moving about: in a list, between panes, tabs and screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from tui.commands.command import (
    BOARD,
    DIFF,
    GENERAL,
    MOVE,
    RETRO,
    SHARING,
    TRIAGE,
    VERSIONS,
    Command,
)
from tui.commands.context import CommandContext, PitfallContext, a_pitfall_under_the_cursor
from tui.text.i18n import _
from tui.widgets.board_panes import THREE_PANES

if TYPE_CHECKING:
    from tui.screens.board import BoardScreen
    from tui.screens.triage import TriageScreen

EVERYWHERE: Final = {BOARD: 0, TRIAGE: 0, RETRO: 0, VERSIONS: 0, DIFF: 0, SHARING: 0}
_SIDE_SCREENS: Final = (VERSIONS, DIFF, SHARING)


def down(on: CommandContext[Any]) -> None:
    """Go down."""
    on.screen.move(1)


def up(on: CommandContext[Any]) -> None:
    """Go up."""
    on.screen.move(-1)


def next_candidate(on: PitfallContext[TriageScreen]) -> None:
    """Go to the next of the pitfalls that a report may be a duplicate of."""
    on.screen.move_candidate(1)


def previous_candidate(on: PitfallContext[TriageScreen]) -> None:
    """Go to the one before."""
    on.screen.move_candidate(-1)


def first(on: CommandContext[Any]) -> None:
    """Go to the first."""
    on.screen.go(0)


def last(on: CommandContext[Any]) -> None:
    """Go to the last."""
    on.screen.go(-1)


def page_down(on: CommandContext[Any]) -> None:
    """Go half a page down."""
    on.screen.page(1)


def page_up(on: CommandContext[Any]) -> None:
    """Go half a page up."""
    on.screen.page(-1)


def open_(on: CommandContext[Any]) -> None:
    """Open what is under the cursor."""
    on.screen.open()


def back(on: CommandContext[Any]) -> None:
    """Go back by one step."""
    on.screen.back()


def next_pane(on: CommandContext[Any]) -> None:
    """Go to the other pane."""
    on.screen.next_pane()


def previous_tab(on: CommandContext[Any]) -> None:
    """Show the tab before."""
    on.screen.turn_tab(-1)


def next_tab(on: CommandContext[Any]) -> None:
    """Show the next tab."""
    on.screen.turn_tab(1)


def turn_matrix(on: PitfallContext[Any]) -> None:
    """Show the environments, across the next of channel, base library and app version."""
    on.screen.in_detail(on.detail.turn_table)


def turn_history(on: CommandContext[Any]) -> None:
    """Show the timeline, of the next kind of changes only."""
    on.screen.turn_history()


def go_to_list(on: CommandContext[Any]) -> None:
    """Go to the list of the board."""
    on.screen.go_to_list()


def zoom(on: PitfallContext[BoardScreen]) -> None:
    """Give the whole screen to this pane, or share it again."""
    on.screen.zoom()


def turn_side(on: PitfallContext[BoardScreen]) -> None:
    """Show the next of timeline, environments and nothing in the third pane."""
    side = on.screen.side
    side.turn()
    on.app.remember(side=side.view.value)
    if on.screen.size.width < THREE_PANES:
        words = _("The third pane needs a terminal of {n} columns.")
        on.hint(words.format(n=THREE_PANES))


def quit_(on: CommandContext[Any]) -> None:
    """Go back, or quit from the list."""
    on.screen.quit()


_DOWN: Final = Command(
    "down",
    "j,down",
    N_("down"),
    N_("Down"),
    N_("Go down a pitfall or a line"),
    MOVE,
    down,
    {BOARD: 0, RETRO: 0},
    display="j ↓",
    aliases="next cursor 下一个 光标 move 下",
)
_UP: Final = Command(
    "up",
    "k,up",
    N_("up"),
    N_("Up"),
    N_("Go up a pitfall or a line"),
    MOVE,
    up,
    {BOARD: 0, RETRO: 0},
    display="k ↑",
    aliases="previous cursor 上一个 光标 move 上",
)
_OPEN: Final = Command(
    "open",
    "enter",
    N_("open"),
    N_("Open"),
    N_("Open the pitfall under the cursor"),
    MOVE,
    open_,
    {BOARD: 1, TRIAGE: 9},
    display="⏎",
    aliases="read show detail 查看 详情 view enter 打开",
)
_BACK: Final = Command(
    "back",
    "escape",
    N_("back"),
    N_("Back"),
    N_("Go back; leave the query"),
    MOVE,
    back,
    {BOARD: 0, TRIAGE: 8},
    display="esc",
    aliases="cancel leave close 取消 关闭 escape return 返回 后退",
)
_QUIT: Final = Command(
    "quit",
    "q",
    N_("quit"),
    N_("Quit"),
    N_("Go back, or quit from the list"),
    GENERAL,
    quit_,
    {BOARD: 13, TRIAGE: 16},
    aliases="exit leave close 离开 关闭 q bye stop 退出",
)

COMMANDS: Final = (
    _DOWN,
    _DOWN._replace(help=N_("Go down a line"), on=dict.fromkeys(_SIDE_SCREENS, 4)),
    _DOWN._replace(keys="j", help=N_("Go to the next report"), on={TRIAGE: 10}, display="j"),
    _UP,
    _UP._replace(keys="k", help=N_("Go to the report before"), on={TRIAGE: 11}, display="k"),
    Command(
        "next_candidate",
        "down",
        N_("candidates"),
        N_("Next candidate"),
        N_("Go to the next likely duplicate of the report"),
        MOVE,
        next_candidate,
        {TRIAGE: 5},
        display="↓",
        aliases="likely duplicate similar choose 候选 相似 下一个",
    ),
    Command(
        "previous_candidate",
        "up",
        N_("previous candidate"),
        N_("Previous candidate"),
        N_("Go to the likely duplicate before"),
        MOVE,
        previous_candidate,
        {TRIAGE: 0},
        display="↑",
        aliases="likely duplicate similar choose 候选 相似 上一个",
    ),
    _UP._replace(help=N_("Go up a line"), on=dict.fromkeys(_SIDE_SCREENS, 5)),
    Command(
        "first",
        "g,home",
        N_("first"),
        N_("Go to first"),
        N_("Go to the first"),
        MOVE,
        first,
        EVERYWHERE | {TRIAGE: 20},
        display="g",
        aliases="top begin 开头 start home 顶部 第一个",
    ),
    Command(
        "last",
        "G,end",
        N_("last"),
        N_("Go to last"),
        N_("Go to the last"),
        MOVE,
        last,
        EVERYWHERE | {TRIAGE: 21},
        display="G",
        aliases="bottom end 末尾 底部 最后",
    ),
    Command(
        "page_down",
        "ctrl+d,pagedown",
        N_("page down"),
        N_("Half page down"),
        N_("Go half a page down"),
        MOVE,
        page_down,
        EVERYWHERE | {TRIAGE: 22},
        display="^d",
        aliases="scroll 翻页 滚动 page 下一页",
    ),
    Command(
        "page_up",
        "ctrl+u,pageup",
        N_("page up"),
        N_("Half page up"),
        N_("Go half a page up"),
        MOVE,
        page_up,
        EVERYWHERE | {TRIAGE: 23},
        display="^u",
        aliases="scroll 翻页 滚动 page 上一页",
    ),
    _OPEN._replace(when=a_pitfall_under_the_cursor),
    _OPEN._replace(
        name=N_("pitfalls"),
        help=N_("Show the pitfalls that were seen there"),
        on={VERSIONS: 1},
    ),
    _OPEN._replace(help=N_("Open the pitfall on the board"), on={DIFF: 1}),
    _OPEN._replace(help=N_("Show the matching pitfalls"), on={RETRO: 1}),
    _BACK,
    _BACK._replace(help=N_("Go back to the list"), on=dict.fromkeys(_SIDE_SCREENS, 0)),
    _BACK._replace(help=N_("Stop reading; go back"), on={RETRO: 0}),
    Command(
        "next_pane",
        "tab",
        N_("pane"),
        N_("Next pane"),
        N_("Go to the next pane"),
        MOVE,
        next_pane,
        {BOARD: 0, TRIAGE: 12, RETRO: 0},
        aliases="focus switch side 切换 焦点 panel window 窗格",
    ),
    Command(
        "previous_tab",
        "left_square_bracket",
        N_("previous tab"),
        N_("Previous tab"),
        N_("Show the previous tab of the detail"),
        MOVE,
        previous_tab,
        {BOARD: 0, TRIAGE: 24, RETRO: 0},
        display="[",
        aliases="overview environments timeline references page 页签",
    ),
    Command(
        "next_tab",
        "right_square_bracket",
        N_("tabs"),
        N_("Next tab"),
        N_("Show the next tab of the detail"),
        MOVE,
        next_tab,
        {BOARD: 9, TRIAGE: 25, RETRO: 0},
        display="]",
        aliases="overview environments timeline references page 页签",
    ),
    Command(
        "turn_table",
        "m",
        N_("matrix"),
        N_("Environment matrix"),
        N_("Show the environments, by channel, base library or app version"),
        MOVE,
        turn_matrix,
        {BOARD: 0, TRIAGE: 44},
        aliases="platform channel version table 平台 渠道 版本 矩阵 matrix environments 环境",
    ),
    Command(
        "turn_history",
        "O",
        N_("filter timeline"),
        N_("Filter timeline by type"),
        N_("Filter the timeline by type of change"),
        MOVE,
        turn_history,
        {BOARD: 0, TRIAGE: 45, RETRO: 0},
        aliases="history changes log 历史 时间线 变更 timeline filter kind 筛选",
    ),
    Command(
        "board",
        "b",
        N_("board"),
        N_("Go to list"),
        N_("Go to the list, from anywhere"),
        MOVE,
        go_to_list,
        EVERYWHERE | {TRIAGE: 35},
        aliases="home pitfalls 主页 列表 list back 看板 首页",
    ),
    Command(
        "zoom",
        "plus",
        N_("zoom"),
        N_("Maximize pane"),
        N_("Maximize this pane"),
        MOVE,
        zoom,
        {BOARD: 0},
        display="+",
        aliases="fullscreen wide 全屏 放大 maximize full screen bigger 最大化",
    ),
    Command(
        "side_pane",
        "P",
        N_("third pane"),
        N_("Switch third pane"),
        N_("Show timeline, environments or nothing in a third pane"),
        MOVE,
        turn_side,
        {BOARD: 0},
        aliases="side split column timeline environments 第三栏 侧栏 时间线 环境 分栏",
    ),
    _QUIT,
    _QUIT._replace(
        name=N_("back"),
        help=N_("Go back to the list"),
        on=dict.fromkeys(_SIDE_SCREENS, 3) | {RETRO: 10},
    ),
)
