"""What can be done on the board: the one list behind bindings, key line, palette and help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.binding import Binding

from storage.errors import N_
from tui.language import _


class Action(NamedTuple):
    """One thing a key does.

    Args:
        id: names the method ``action_<id>`` and the binding, for the user's keymap.
        keys: the keys, comma-separated.
        shown: the keys as people read them.
        name: a word or two, for the key line.
        help: a sentence, for help, palette and tooltip.
        group: the heading in help.
        rank: its place in the key line; the line shows as many as fit; 0 is never.
    """

    id: str
    keys: str
    shown: str
    name: str
    help: str
    group: str
    rank: int = 0


_MOVE: Final = N_("Move")
_FIND: Final = N_("Find")
_DO: Final = N_("Do")
_TRIAGE: Final = N_("Decide")
_BOARD: Final = N_("Board")

ACTIONS: Final = (
    Action("down", "j,down", "j ↓", N_("down"), N_("Go down a pitfall or a line"), _MOVE),
    Action("up", "k,up", "k ↑", N_("up"), N_("Go up a pitfall or a line"), _MOVE),
    Action("first", "g,home", "g", N_("first"), N_("Go to the first"), _MOVE),
    Action("last", "G,end", "G", N_("last"), N_("Go to the last"), _MOVE),
    Action("page_down", "ctrl+d,pagedown", "^d", N_("page down"), N_("Go half a page down"), _MOVE),
    Action("page_up", "ctrl+u,pageup", "^u", N_("page up"), N_("Go half a page up"), _MOVE),
    Action("open", "enter", "⏎", N_("open"), N_("Open the pitfall under the cursor"), _MOVE, 1),
    Action("back", "escape", "esc", N_("back"), N_("Go back; leave the query"), _MOVE),
    Action("next_pane", "tab", "tab", N_("pane"), N_("Go to the next pane"), _MOVE),
    Action(
        "previous_tab",
        "left_square_bracket",
        "[",
        N_("previous tab"),
        N_("Show the previous tab of the detail"),
        _MOVE,
    ),
    Action(
        "next_tab",
        "right_square_bracket",
        "]",
        N_("tabs"),
        N_("Show the next tab of the detail"),
        _MOVE,
        9,
    ),
    Action(
        "turn_table",
        "m",
        "m",
        N_("matrix"),
        N_("Show the environments, by channel, base library or app version"),
        _MOVE,
    ),
    Action(
        "turn_history",
        "O",
        "O",
        N_("only"),
        N_("Show the timeline, of the next sort of changes only, then all again"),
        _MOVE,
    ),
    Action("board", "b", "b", N_("board"), N_("Go to the list, from anywhere"), _MOVE),
    Action("zoom", "plus", "+", N_("zoom"), N_("Give the whole screen to this pane"), _MOVE),
    Action("search", "slash", "/", N_("search"), N_("Search and filter as you type"), _FIND, 2),
    Action(
        "filter", "f", "f", N_("filter"), N_("Show the next status only, then all again"), _FIND, 10
    ),
    Action("sort", "z", "z", N_("sort"), N_("Sort the list by the next column"), _FIND, 11),
    Action("turn", "Z", "Z", N_("turn"), N_("Turn the list's order round"), _FIND),
    Action(
        "previous_view",
        "left_curly_bracket",
        "{",
        N_("previous view"),
        N_("Show the previous view"),
        _FIND,
    ),
    Action(
        "next_view", "right_curly_bracket", "}", N_("views"), N_("Show the next view"), _FIND, 15
    ),
    Action("save_view", "w", "w", N_("save view"), N_("Keep the query as a view, by name"), _FIND),
    Action(
        "edit_view", "W", "W", N_("edit view"), N_("Rename or remove a view of your own"), _FIND
    ),
    Action("go_to", "colon", ":", N_("go to"), N_("Go to an id, or run a command"), _FIND, 12),
    Action(
        "log_occurrence", "a", "a", N_("log"), N_("Log an occurrence: somebody ran into it"), _DO, 3
    ),
    Action("paste", "p", "p", N_("paste"), N_("Paste an error or a report: is it known?"), _DO, 4),
    Action("new_pitfall", "n", "n", N_("new"), N_("Report a new pitfall"), _DO, 4),
    Action(
        "set_status", "s", "s", N_("status"), N_("Set the status, with its reason or fix"), _DO, 5
    ),
    Action("record_fix", "F", "F", N_("fix"), N_("Record a fix, or put one right"), _DO),
    Action("verify", "V", "V", N_("verify"), N_("Say whether a fix holds here"), _DO),
    Action("edit", "e", "e", N_("edit"), N_("Edit every field"), _DO, 8),
    Action(
        "edit_in_editor",
        "E",
        "E",
        N_("editor"),
        N_("Edit it in $EDITOR"),
        _DO,
    ),
    Action("comment", "c", "c", N_("comment"), N_("Comment on it"), _DO),
    Action("add_reference", "l", "l", N_("link"), N_("Add a reference: a link and its words"), _DO),
    Action(
        "open_reference",
        "o",
        "o",
        N_("browse"),
        N_("Open a reference in the browser, or a file"),
        _DO,
    ),
    Action(
        "add_statement", "A", "A", N_("vendor said"), N_("Note what the vendor said of it"), _DO
    ),
    Action("attach", "at", "@", N_("attach"), N_("Attach a file: a screenshot, a log"), _DO),
    Action(
        "save_attachment",
        "greater_than_sign",
        ">",
        N_("save file"),
        N_("Save an attachment to a file"),
        _DO,
    ),
    Action(
        "keep",
        "equals_sign",
        "=",
        N_("keep"),
        N_("Keep one of the values that people wrote at the same time"),
        _DO,
    ),
    Action("copy_report", "B", "B", N_("bug report"), N_("Copy a bug report for the vendor"), _DO),
    Action("copy_id", "y", "y", N_("copy id"), N_("Copy the id"), _DO),
    Action("copy_link", "Y", "Y", N_("copy link"), N_("Copy the link of a reference"), _DO),
    Action("mark", "space", "space", N_("mark"), N_("Mark several, to act on all of them"), _DO),
    Action("mark_range", "v", "v", N_("range"), N_("Mark from here on: move, then v again"), _DO),
    Action("mark_all", "asterisk", "*", N_("mark all"), N_("Mark all that are listed"), _DO),
    Action(
        "confirm_workaround",
        "C",
        "C",
        N_("confirm"),
        N_("Confirm that the workaround still works"),
        _DO,
    ),
    Action(
        "restore",
        "less_than_sign",
        "<",
        N_("restore"),
        N_("Restore what stood before a change in the timeline"),
        _DO,
    ),
    Action("undo", "u", "u", N_("undo"), N_("Take back what you did last"), _DO, 6),
    Action("redo", "U", "U", N_("redo"), N_("Do again what you took back"), _DO),
    Action("inbox", "i", "i", N_("inbox"), N_("Triage what waits in the inbox"), _TRIAGE, 4),
    Action("accept", "1", "1", N_("accept"), N_("Accept it: it stays on the board"), _TRIAGE),
    Action(
        "duplicate", "2", "2", N_("duplicate"), N_("It is the same as another pitfall"), _TRIAGE
    ),
    Action(
        "decline", "3", "3", N_("decline"), N_("Decline it: it leaves the board's view"), _TRIAGE
    ),
    Action(
        "tell_apart", "4", "4", N_("not the same"), N_("It is not the same as another"), _TRIAGE
    ),
    Action("snooze", "H", "H", N_("snooze"), N_("Put it aside until something happens"), _TRIAGE),
    Action("return_to_inbox", "5", "5", N_("to inbox"), N_("Put it back into the inbox"), _TRIAGE),
    Action(
        "reopen",
        "6",
        "6",
        N_("reopen"),
        N_("It is broken again: back to the status before the fix"),
        _TRIAGE,
    ),
    Action(
        "bring_in",
        "I",
        "I",
        N_("import"),
        N_("Bring in notes, a list of issues, or events"),
        _BOARD,
    ),
    Action("retro", "R", "R", N_("retro"), N_("Look back over a period"), _BOARD, 14),
    Action("travel", "t", "t", N_("time travel"), N_("Show the board as it was"), _BOARD, 16),
    Action(
        "compare", "D", "D", N_("what became"), N_("Show what became of the board since"), _BOARD
    ),
    Action("sync", "S", "S", N_("sync"), N_("Share: send and take what is new"), _BOARD, 17),
    Action("sharing", "ampersand", "&", N_("sharing"), N_("Show how the sharing stands"), _BOARD),
    Action("versions", "L", "L", N_("versions"), N_("Show what runs where"), _BOARD),
    Action("read_again", "r", "r", N_("read again"), N_("Read everything again"), _BOARD),
    Action("theme", "T", "T", N_("theme"), N_("Choose a theme; it is remembered"), _BOARD),
    Action("help", "question_mark", "?", N_("help"), N_("Show all keys"), _BOARD, 7),
    Action("palette", "ctrl+p", "^p", N_("palette"), N_("Find a command by its name"), _BOARD),
    Action("quit", "q", "q", N_("quit"), N_("Go back, or quit from the list"), _BOARD, 13),
)


#: What looks at the record and leaves it as it is, among what is done to pitfalls.
_LOOKS: Final = (
    "open_reference",
    "save_attachment",
    "copy_report",
    "copy_id",
    "copy_link",
    "mark",
    "mark_range",
    "mark_all",
)
#: What does something to the record, and so can't be done in the past.
WRITING: Final = frozenset(
    {action.id for action in ACTIONS if action.group in (_DO, _TRIAGE)} - {*_LOOKS}
    | {"bring_in", "sync", "leave_remote", "add_note", "finish", "edit_note"}
)


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
    Action("down", "j,down", "j ↓", N_("down"), N_("Go down a line"), _MOVE, 4),
    Action("up", "k,up", "k ↑", N_("up"), N_("Go up a line"), _MOVE, 5),
    Action(
        "open", "enter", "⏎", N_("pitfalls"), N_("Show the pitfalls that were seen there"), _MOVE, 1
    ),
    Action("back", "escape", "esc", N_("back"), N_("Go back to the list"), _MOVE),
    Action(
        "next_platform",
        "f",
        "f",
        N_("platform"),
        N_("Show the next platform only, then all again"),
        _FIND,
        2,
    ),
    Action("help", "question_mark", "?", N_("help"), N_("Show all keys"), _BOARD, 6),
    Action("quit", "q", "q", N_("back"), N_("Go back to the list"), _BOARD, 3),
)
#: By the headings of help.
IN_VERSIONS: Final = tuple(
    sorted(
        (*_OF_VERSIONS, *(one._replace(rank=0) for one in ACTIONS if one.id in _IN_VERSIONS)),
        key=lambda action: (_MOVE, _FIND, _BOARD).index(action.group),
    )
)


#: What can be done where it is shown what became of the board.
IN_BECOMING: Final = tuple(
    sorted(
        (
            *(one for one in _OF_VERSIONS if one.id not in ("open", "next_platform")),
            Action("open", "enter", "⏎", N_("open"), N_("Open the pitfall on the board"), _MOVE, 1),
            *(one._replace(rank=0) for one in ACTIONS if one.id in _IN_VERSIONS),
        ),
        key=lambda action: (_MOVE, _FIND, _BOARD).index(action.group),
    )
)


#: What can be done where it is shown how the sharing stands.
IN_SHARING: Final = tuple(
    sorted(
        (
            *(one for one in _OF_VERSIONS if one.id not in ("open", "next_platform")),
            Action("sync", "S", "S", N_("sync"), N_("Send and take what is new"), _BOARD, 1),
            Action("leave_remote", "X", "X", N_("leave"), N_("Share it no longer"), _BOARD, 2),
            *(one._replace(rank=0) for one in ACTIONS if one.id in _IN_VERSIONS),
        ),
        key=lambda action: (_MOVE, _FIND, _BOARD).index(action.group),
    )
)


_PERIOD: Final = N_("Period")
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
    Action("open", "enter", "⏎", N_("open"), N_("Show the pitfalls behind it"), _MOVE, 1),
    Action("back", "escape", "esc", N_("back"), N_("Stop reading; go back"), _MOVE),
    Action("earlier", "left", "←", N_("before"), N_("Look at the period before"), _PERIOD, 2),
    Action("later", "right", "→", N_("after"), N_("Look at the period after"), _PERIOD, 3),
    Action("week", "w", "w", N_("week"), N_("Look back over the week"), _PERIOD, 4),
    Action("sprint", "s", "s", N_("sprint"), N_("Look back over the sprint"), _PERIOD, 5),
    Action("longer", "plus", "+", N_("longer"), N_("A sprint of a week more"), _PERIOD),
    Action("shorter", "minus", "-", N_("shorter"), N_("A sprint of a week less"), _PERIOD),
    Action("month", "m", "m", N_("month"), N_("Look back over the month"), _PERIOD, 6),
    Action("quarter", "Q", "Q", N_("quarter"), N_("Look back over the quarter"), _PERIOD, 7),
    Action("release", "v", "v", N_("release"), N_("Look back over a release"), _PERIOD, 11),
    Action("days", "p", "p", N_("period"), N_("Look back from one day to another"), _PERIOD, 12),
    Action("add_note", "a", "a", N_("note"), N_("Add a note, a decision or a follow-up"), _DO, 8),
    Action("finish", "space", "space", N_("done"), N_("Say that the follow-up is done"), _DO, 13),
    Action("edit_note", "e", "e", N_("edit"), N_("Put the note right, or hide it"), _DO, 14),
    Action("help", "question_mark", "?", N_("help"), N_("Show all keys"), _BOARD, 9),
    Action("quit", "q", "q", N_("back"), N_("Go back to the list"), _BOARD, 10),
)
IN_RETRO: Final = tuple(
    sorted(
        (*_OF_RETRO, *(one._replace(rank=0) for one in ACTIONS if one.id in _AS_ELSEWHERE)),
        key=lambda action: (_MOVE, _PERIOD, _FIND, _DO, _TRIAGE, _BOARD).index(action.group),
    )
)


def bindings(actions: Sequence[Action] = ACTIONS) -> list[Binding]:
    """The key bindings of some actions, in the reader's language."""
    return [
        Binding(
            action.keys,
            action.id,
            _(action.name),
            show=bool(action.rank),
            key_display=action.shown,
            tooltip=_(action.help),
            id=action.id,
        )
        for action in actions
    ]
