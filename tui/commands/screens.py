"""What can be done on the other screens, and what a key does there where it does another thing."""

from __future__ import annotations

from typing import Final

from storage.errors import N_
from tui.commands.board import ACTIONS
from tui.commands.command import BOARD, DO, FIND, MOVE, PERIOD, TRIAGE, Action

#: What can be done in triage, the most needed first, as its key line shows it.
_IN_TRIAGE: Final = (
    "accept",
    "duplicate",
    "decline",
    "snooze",
    "tell_apart",
    "down",
    "up",
    "next_pane",
    "open",
    "undo",
    "set_status",
    "edit",
    "log_occurrence",
    "comment",
    "help",
    "quit",
    "mark",
    "mark_range",
    "mark_all",
    "first",
    "last",
    "page_down",
    "page_up",
    "previous_tab",
    "next_tab",
    "edit_in_editor",
    "add_reference",
    "open_reference",
    "attach",
    "save_attachment",
    "copy_id",
    "copy_link",
    "redo",
    "return_to_inbox",
    "board",
    "back",
    "read_again",
    "palette",
    "add_statement",
    "copy_report",
    "reopen",
    "record_fix",
    "verify",
    "turn_table",
    "turn_history",
)
IN_TRIAGE: Final = tuple(
    action._replace(rank=_IN_TRIAGE.index(action.id) + 1)
    for action in ACTIONS
    if action.id in _IN_TRIAGE
)

#: What can be done where versions are listed, and what it is there; the others are as elsewhere.
_IN_VERSIONS: Final = ("first", "last", "page_down", "page_up", "board", "read_again", "palette")
_OF_VERSIONS: Final = (
    Action("down", "j,down", "j ↓", N_("down"), N_("Go down a line"), MOVE, 4),
    Action("up", "k,up", "k ↑", N_("up"), N_("Go up a line"), MOVE, 5),
    Action(
        "open", "enter", "⏎", N_("pitfalls"), N_("Show the pitfalls that were seen there"), MOVE, 1
    ),
    Action("back", "escape", "esc", N_("back"), N_("Go back to the list"), MOVE),
    Action(
        "next_platform",
        "f",
        "f",
        N_("platform"),
        N_("Show the next platform only, then all again"),
        FIND,
        2,
    ),
    Action("help", "question_mark", "?", N_("help"), N_("Show all keys"), BOARD, 6),
    Action("quit", "q", "q", N_("back"), N_("Go back to the list"), BOARD, 3),
)
#: By the headings of help.
IN_VERSIONS: Final = tuple(
    sorted(
        (*_OF_VERSIONS, *(one._replace(rank=0) for one in ACTIONS if one.id in _IN_VERSIONS)),
        key=lambda action: (MOVE, FIND, BOARD).index(action.group),
    )
)


#: What can be done where it is shown what became of the board.
IN_BECOMING: Final = tuple(
    sorted(
        (
            *(one for one in _OF_VERSIONS if one.id not in ("open", "next_platform")),
            Action("open", "enter", "⏎", N_("open"), N_("Open the pitfall on the board"), MOVE, 1),
            *(one._replace(rank=0) for one in ACTIONS if one.id in _IN_VERSIONS),
        ),
        key=lambda action: (MOVE, FIND, BOARD).index(action.group),
    )
)


#: What can be done where it is shown how the sharing stands.
IN_SHARING: Final = tuple(
    sorted(
        (
            *(one for one in _OF_VERSIONS if one.id not in ("open", "next_platform")),
            Action("sync", "S", "S", N_("sync"), N_("Send and take what is new"), BOARD, 1),
            Action("leave_remote", "X", "X", N_("leave"), N_("Share it no longer"), BOARD, 2),
            *(one._replace(rank=0) for one in ACTIONS if one.id in _IN_VERSIONS),
        ),
        key=lambda action: (MOVE, FIND, BOARD).index(action.group),
    )
)


#: What can be done in the retro; moving about is as elsewhere.
_AS_ELSEWHERE: Final = (
    "down",
    "up",
    "first",
    "last",
    "page_down",
    "page_up",
    "next_pane",
    "previous_tab",
    "next_tab",
    "turn_history",
    "undo",
    "redo",
    "board",
    "read_again",
    "palette",
)
_OF_RETRO: Final = (
    Action("open", "enter", "⏎", N_("open"), N_("Show the pitfalls behind it"), MOVE, 1),
    Action("back", "escape", "esc", N_("back"), N_("Stop reading; go back"), MOVE),
    Action("earlier", "left", "←", N_("before"), N_("Look at the period before"), PERIOD, 2),
    Action("later", "right", "→", N_("after"), N_("Look at the period after"), PERIOD, 3),
    Action("week", "w", "w", N_("week"), N_("Look back over the week"), PERIOD, 4),
    Action("sprint", "s", "s", N_("sprint"), N_("Look back over the sprint"), PERIOD, 5),
    Action("longer", "plus", "+", N_("longer"), N_("A sprint of a week more"), PERIOD),
    Action("shorter", "minus", "-", N_("shorter"), N_("A sprint of a week less"), PERIOD),
    Action("month", "m", "m", N_("month"), N_("Look back over the month"), PERIOD, 6),
    Action("quarter", "Q", "Q", N_("quarter"), N_("Look back over the quarter"), PERIOD, 7),
    Action("release", "v", "v", N_("release"), N_("Look back over a release"), PERIOD, 11),
    Action("days", "p", "p", N_("period"), N_("Look back from one day to another"), PERIOD, 12),
    Action("add_note", "a", "a", N_("note"), N_("Add a note, a decision or a follow-up"), DO, 8),
    Action("finish", "space", "space", N_("done"), N_("Say that the follow-up is done"), DO, 13),
    Action("edit_note", "e", "e", N_("edit"), N_("Put the note right, or hide it"), DO, 14),
    Action("help", "question_mark", "?", N_("help"), N_("Show all keys"), BOARD, 9),
    Action("quit", "q", "q", N_("back"), N_("Go back to the list"), BOARD, 10),
)
IN_RETRO: Final = tuple(
    sorted(
        (*_OF_RETRO, *(one._replace(rank=0) for one in ACTIONS if one.id in _AS_ELSEWHERE)),
        key=lambda action: (MOVE, PERIOD, FIND, DO, TRIAGE, BOARD).index(action.group),
    )
)
