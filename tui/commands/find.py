"""Finding and marking pitfalls: query, filters, order, views, ``:``, marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from tui import deferred, dialogs
from tui.commands.command import BOARD, CHANGE, FIND, TRIAGE, VERSIONS, Command, by_jobs
from tui.commands.context import CommandContext, PitfallContext
from tui.commands.general import shell_verbs
from tui.text.i18n import _

if TYPE_CHECKING:
    from storage.query import parser
    from tui.screens.board import BoardScreen
    from tui.screens.versions import VersionsScreen
else:
    parser = deferred("storage.query.parser")


def search(on: PitfallContext[BoardScreen]) -> None:
    """Go to the query line."""
    on.screen.focus_query()


def filter_by_status(on: PitfallContext[BoardScreen]) -> None:
    """Show the next status only, then what regressed if anything did, then all again."""
    on.screen.search.filter_by_next_status()


def sort(on: PitfallContext[BoardScreen]) -> None:
    """Sort by the next column."""
    on.screen.search.sort_by_next()


def reverse(on: PitfallContext[BoardScreen]) -> None:
    """Reverse the order."""
    on.screen.search.reverse()


async def choose_columns(on: PitfallContext[BoardScreen]) -> None:
    """Choose the columns of the list and their order, and remember them."""
    present = [column.name for column in on.pitfalls.columns]
    chosen = await on.ask(dialogs.board.ChooseColumns(present))
    if chosen is not None:
        on.pitfalls.choose_columns(chosen)
        on.app.remember(columns=chosen)


def next_platform(on: CommandContext[VersionsScreen]) -> None:
    """Show the next platform only, then all again."""
    on.screen.show_next_platform()


async def previous_view(on: PitfallContext[BoardScreen]) -> None:
    """Show the view before."""
    await _turn(on, -1)


async def next_view(on: PitfallContext[BoardScreen]) -> None:
    """Show the next view."""
    await _turn(on, 1)


async def _turn(on: PitfallContext[BoardScreen], by: int) -> None:
    views = on.screen.views
    # Just after the start one's own are not there yet.
    await views.is_read.wait()
    views.turn(by)


async def save_view(on: PitfallContext[BoardScreen]) -> None:
    """Save the query as a view."""
    views, query = on.screen.views, on.screen.search.as_text()
    if problems := parser.parse(query).problems:
        raise problems[0]
    name = views.view.name if views.view.is_own else ""
    form = dialogs.board.SaveView(name, query)
    saved = await on.fill_in(form, form.keep)
    if saved is not None:
        on.done(_("Saved the view “{name}”.").format(name=saved.name))
        views.load(saved.name)
        await views.is_read.wait()


def a_view_of_ones_own(on: PitfallContext[BoardScreen]) -> str:
    """Why the view can't be edited; empty if it can."""
    view = on.screen.views.view
    if view.is_own:
        return ""
    words = _("“{name}” is built in and can't be changed. Press w to save the query as a view.")
    return words.format(name=view.label)


async def edit_view(on: PitfallContext[BoardScreen]) -> None:
    """Rename a view of one's own, change its query, or remove it."""
    views = on.screen.views
    view = views.view
    form = dialogs.board.EditView(view)
    after = await on.fill_in(form, form.keep)
    if after is not None:
        words = _("Saved the view “{name}”.") if after else _("Removed the view “{name}”.")
        on.done(words.format(name=after or view.name))
        views.load(after or views.known[0].name)
        await views.is_read.wait()


async def go_to(on: PitfallContext[BoardScreen]) -> None:
    """Go to an id, or run a command."""
    verbs = {verb.id: verb for verb in shell_verbs()}
    commands = [*by_jobs(on.screen.commands.values()), *verbs.values()]
    chosen = await on.ask(dialogs.pitfalls.GoTo(on.session.board, commands))
    if chosen is None:
        return
    what, name = chosen
    if what == "pitfall":
        on.open(name)
    elif name in verbs:
        verbs[name].run(on)
    else:
        on.screen.run_command(name)


def mark(on: PitfallContext[Any]) -> None:
    """Mark the pitfall under the cursor."""
    if not on.screen.marks_list_only or not on.screen.reading:
        on.pitfalls.toggle_mark()
        on.screen.marks_changed()


def mark_range(on: PitfallContext[Any]) -> None:
    """Mark from here on."""
    on.pitfalls.toggle_range()
    on.screen.marks_changed()


def mark_all(on: PitfallContext[Any]) -> None:
    """Mark all that are listed."""
    on.pitfalls.mark_all()
    on.screen.marks_changed()


COMMANDS: Final = (
    Command(
        "search",
        "slash",
        N_("search"),
        N_("Search"),
        N_("Search and filter as you type"),
        FIND,
        search,
        {BOARD: 2},
        display="/",
        aliases="find query grep 查找 搜索 lookup filter 搜 检索",
    ),
    Command(
        "filter",
        "f",
        N_("filter"),
        N_("Cycle status filter"),
        N_("Cycle the status filter"),
        FIND,
        filter_by_status,
        {BOARD: 10},
        aliases="open workaround fixed 状态 筛选 status 过滤",
    ),
    Command(
        "next_platform",
        "f",
        N_("platform"),
        N_("Cycle platform filter"),
        N_("Cycle the platform filter"),
        FIND,
        next_platform,
        {VERSIONS: 2},
        aliases="android ios windows 平台 筛选",
    ),
    Command(
        "sort",
        "z",
        N_("sort"),
        N_("Cycle sort column"),
        N_("Sort the list by the next column"),
        FIND,
        sort,
        {BOARD: 11},
        aliases="order 排序 column 顺序",
    ),
    Command(
        "turn",
        "Z",
        N_("reverse"),
        N_("Reverse sort"),
        N_("Reverse the sort order"),
        FIND,
        reverse,
        {BOARD: 0},
        aliases="descending ascending invert 倒序 反转 order",
    ),
    Command(
        "columns",
        "vertical_line",
        N_("columns"),
        N_("Choose columns…"),
        N_("Choose and order the columns of the list"),
        FIND,
        choose_columns,
        {BOARD: 0},
        display="|",
        aliases="fields order layout show hide 列 字段 显示 隐藏 顺序",
    ),
    Command(
        "previous_view",
        "left_curly_bracket",
        N_("previous view"),
        N_("Previous view"),
        N_("Show the previous view"),
        FIND,
        previous_view,
        {BOARD: 0},
        display="{",
        aliases="saved query 视图 tab 上一个",
    ),
    Command(
        "next_view",
        "right_curly_bracket",
        N_("views"),
        N_("Next view"),
        N_("Show the next view"),
        FIND,
        next_view,
        {BOARD: 15},
        display="}",
        aliases="saved query 视图 tabs list 下一个",
    ),
    Command(
        "save_view",
        "w",
        N_("save view"),
        N_("Save view…"),
        N_("Save the query as a view"),
        FIND,
        save_view,
        {BOARD: 0},
        aliases="bookmark filter keep 收藏 保存 new 存为",
        is_local=True,
    ),
    Command(
        "edit_view",
        "W",
        N_("edit view"),
        N_("Edit view…"),
        N_("Rename or delete a saved view"),
        FIND,
        edit_view,
        {BOARD: 0},
        aliases="delete rename bookmark 删除 重命名 remove manage 编辑 移除",
        when=a_view_of_ones_own,
        is_local=True,
    ),
    Command(
        "go_to",
        "colon",
        N_("go to"),
        N_("Go to…"),
        N_("Go to an id, or run a command"),
        FIND,
        go_to,
        {BOARD: 12},
        display=":",
        aliases="jump id command 跳转 命令 open number run 编号 打开",
    ),
    Command(
        "mark",
        "space",
        N_("mark"),
        N_("Mark pitfall"),
        N_("Mark several, to act on all of them"),
        CHANGE,
        mark,
        {BOARD: 0, TRIAGE: 17},
        aliases="select bulk multiple 选择 批量 several check 勾选 多选",
    ),
    Command(
        "mark_range",
        "v",
        N_("range"),
        N_("Mark range"),
        N_("Mark a range: move, then press v again"),
        CHANGE,
        mark_range,
        {BOARD: 0, TRIAGE: 18},
        aliases="select bulk visual multiple 选择 批量 多选",
    ),
    Command(
        "mark_all",
        "asterisk",
        N_("mark all"),
        N_("Mark all listed"),
        N_("Mark all listed pitfalls"),
        CHANGE,
        mark_all,
        {BOARD: 0, TRIAGE: 19},
        display="*",
        aliases="select bulk everything 全选 批量 all 多选",
    ),
)
