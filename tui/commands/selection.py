"""Marking several pitfalls, and copying what identifies one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from storage.read import Board
from tui.commands.command import BOARD, CHANGE, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall_under_the_cursor
from tui.text.i18n import _, listed, translator
from tui.text.vocabulary import day

if TYPE_CHECKING:
    from storage.reports.bug_report import BugReport


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


def copy_id(on: PitfallContext[Any]) -> None:
    """Copy the id."""
    if (row := on.pitfalls.row) is not None:
        on.app.copy_to_clipboard(row.id)
        on.done(_("Copied {what}").format(what=row.id))


async def copy_bug_report(on: PitfallContext[Any]) -> None:
    """Copy a bug report for the vendor's community."""
    # Loaded here, since few reports are written.
    from storage.reports.bug_report import bug_report

    pitfall = on.here().id

    def write() -> BugReport:
        with Board.open(on.session.path) as board:
            return bug_report(board, pitfall, translator(), day)

    written = await asyncio.to_thread(write)
    on.app.copy_to_clipboard(written.text)
    on.done(_("Copied a bug report of {id}.").format(id=on.short_id(pitfall)))
    if written.missing:
        words = _("The vendor will ask for what is missing: {what}")
        on.warn(words.format(what=listed(written.missing)), 12)


COMMANDS: Final = (
    Command(
        "copy_report",
        "B",
        N_("bug report"),
        N_("Copy bug report"),
        N_("Copy a bug report for the vendor"),
        CHANGE,
        copy_bug_report,
        {BOARD: 0, TRIAGE: 40},
        aliases="vendor community clipboard export 反馈 剪贴板",
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "copy_id",
        "y",
        N_("copy id"),
        N_("Copy id"),
        N_("Copy the id"),
        CHANGE,
        copy_id,
        {BOARD: 0, TRIAGE: 31},
        aliases="clipboard yank 剪贴板 编号",
        when=a_pitfall_under_the_cursor,
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
        aliases="select bulk multiple 选择 批量",
    ),
    Command(
        "mark_range",
        "v",
        N_("range"),
        N_("Mark range"),
        N_("Mark from here on: move, then v again"),
        CHANGE,
        mark_range,
        {BOARD: 0, TRIAGE: 18},
        aliases="select bulk visual multiple 选择 批量",
    ),
    Command(
        "mark_all",
        "asterisk",
        N_("mark all"),
        N_("Mark all listed"),
        N_("Mark all that are listed"),
        CHANGE,
        mark_all,
        {BOARD: 0, TRIAGE: 19},
        display="*",
        aliases="select bulk everything 全选 批量",
    ),
)
