"""What can be done on the board."""

from __future__ import annotations

from typing import Final

from storage.errors import N_
from tui.commands.command import BOARD, DO, FIND, MOVE, TRIAGE, Action

ACTIONS: Final = (
    Action("down", "j,down", "j ↓", N_("down"), N_("Go down a pitfall or a line"), MOVE),
    Action("up", "k,up", "k ↑", N_("up"), N_("Go up a pitfall or a line"), MOVE),
    Action("first", "g,home", "g", N_("first"), N_("Go to the first"), MOVE),
    Action("last", "G,end", "G", N_("last"), N_("Go to the last"), MOVE),
    Action("page_down", "ctrl+d,pagedown", "^d", N_("page down"), N_("Go half a page down"), MOVE),
    Action("page_up", "ctrl+u,pageup", "^u", N_("page up"), N_("Go half a page up"), MOVE),
    Action("open", "enter", "⏎", N_("open"), N_("Open the pitfall under the cursor"), MOVE, 1),
    Action("back", "escape", "esc", N_("back"), N_("Go back; leave the query"), MOVE),
    Action("next_pane", "tab", "tab", N_("pane"), N_("Go to the next pane"), MOVE),
    Action(
        "previous_tab",
        "left_square_bracket",
        "[",
        N_("previous tab"),
        N_("Show the previous tab of the detail"),
        MOVE,
    ),
    Action(
        "next_tab",
        "right_square_bracket",
        "]",
        N_("tabs"),
        N_("Show the next tab of the detail"),
        MOVE,
        9,
    ),
    Action(
        "turn_table",
        "m",
        "m",
        N_("matrix"),
        N_("Show the environments, by channel, base library or app version"),
        MOVE,
    ),
    Action(
        "turn_history",
        "O",
        "O",
        N_("only"),
        N_("Show the timeline, of the next sort of changes only, then all again"),
        MOVE,
    ),
    Action("board", "b", "b", N_("board"), N_("Go to the list, from anywhere"), MOVE),
    Action("zoom", "plus", "+", N_("zoom"), N_("Give the whole screen to this pane"), MOVE),
    Action("search", "slash", "/", N_("search"), N_("Search and filter as you type"), FIND, 2),
    Action(
        "filter", "f", "f", N_("filter"), N_("Show the next status only, then all again"), FIND, 10
    ),
    Action("sort", "z", "z", N_("sort"), N_("Sort the list by the next column"), FIND, 11),
    Action("turn", "Z", "Z", N_("turn"), N_("Turn the list's order round"), FIND),
    Action(
        "previous_view",
        "left_curly_bracket",
        "{",
        N_("previous view"),
        N_("Show the previous view"),
        FIND,
    ),
    Action(
        "next_view", "right_curly_bracket", "}", N_("views"), N_("Show the next view"), FIND, 15
    ),
    Action("save_view", "w", "w", N_("save view"), N_("Keep the query as a view, by name"), FIND),
    Action("edit_view", "W", "W", N_("edit view"), N_("Rename or remove a view of your own"), FIND),
    Action("go_to", "colon", ":", N_("go to"), N_("Go to an id, or run a command"), FIND, 12),
    Action(
        "log_occurrence", "a", "a", N_("log"), N_("Log an occurrence: somebody ran into it"), DO, 3
    ),
    Action("paste", "p", "p", N_("paste"), N_("Paste an error or a report: is it known?"), DO, 4),
    Action("new_pitfall", "n", "n", N_("new"), N_("Report a new pitfall"), DO, 4),
    Action(
        "set_status", "s", "s", N_("status"), N_("Set the status, with its reason or fix"), DO, 5
    ),
    Action("record_fix", "F", "F", N_("fix"), N_("Record a fix, or put one right"), DO),
    Action("verify", "V", "V", N_("verify"), N_("Say whether a fix holds here"), DO),
    Action("edit", "e", "e", N_("edit"), N_("Edit every field"), DO, 8),
    Action(
        "edit_in_editor",
        "E",
        "E",
        N_("editor"),
        N_("Edit it in $EDITOR"),
        DO,
    ),
    Action("comment", "c", "c", N_("comment"), N_("Comment on it"), DO),
    Action("add_reference", "l", "l", N_("link"), N_("Add a reference: a link and its words"), DO),
    Action(
        "open_reference",
        "o",
        "o",
        N_("browse"),
        N_("Open a reference in the browser, or a file"),
        DO,
    ),
    Action("add_statement", "A", "A", N_("vendor said"), N_("Note what the vendor said of it"), DO),
    Action("attach", "at", "@", N_("attach"), N_("Attach a file: a screenshot, a log"), DO),
    Action(
        "save_attachment",
        "greater_than_sign",
        ">",
        N_("save file"),
        N_("Save an attachment to a file"),
        DO,
    ),
    Action(
        "keep",
        "equals_sign",
        "=",
        N_("keep"),
        N_("Keep one of the values that people wrote at the same time"),
        DO,
    ),
    Action("copy_report", "B", "B", N_("bug report"), N_("Copy a bug report for the vendor"), DO),
    Action("copy_id", "y", "y", N_("copy id"), N_("Copy the id"), DO),
    Action("copy_link", "Y", "Y", N_("copy link"), N_("Copy the link of a reference"), DO),
    Action("mark", "space", "space", N_("mark"), N_("Mark several, to act on all of them"), DO),
    Action("mark_range", "v", "v", N_("range"), N_("Mark from here on: move, then v again"), DO),
    Action("mark_all", "asterisk", "*", N_("mark all"), N_("Mark all that are listed"), DO),
    Action(
        "confirm_workaround",
        "C",
        "C",
        N_("confirm"),
        N_("Confirm that the workaround still works"),
        DO,
    ),
    Action(
        "restore",
        "less_than_sign",
        "<",
        N_("restore"),
        N_("Restore what stood before a change in the timeline"),
        DO,
    ),
    Action("undo", "u", "u", N_("undo"), N_("Take back what you did last"), DO, 6),
    Action("redo", "U", "U", N_("redo"), N_("Do again what you took back"), DO),
    Action("inbox", "i", "i", N_("inbox"), N_("Triage what waits in the inbox"), TRIAGE, 4),
    Action("accept", "1", "1", N_("accept"), N_("Accept it: it stays on the board"), TRIAGE),
    Action("duplicate", "2", "2", N_("duplicate"), N_("It is the same as another pitfall"), TRIAGE),
    Action(
        "decline", "3", "3", N_("decline"), N_("Decline it: it leaves the board's view"), TRIAGE
    ),
    Action("tell_apart", "4", "4", N_("not the same"), N_("It is not the same as another"), TRIAGE),
    Action("snooze", "H", "H", N_("snooze"), N_("Put it aside until something happens"), TRIAGE),
    Action("return_to_inbox", "5", "5", N_("to inbox"), N_("Put it back into the inbox"), TRIAGE),
    Action(
        "reopen",
        "6",
        "6",
        N_("reopen"),
        N_("It is broken again: back to the status before the fix"),
        TRIAGE,
    ),
    Action(
        "import_items",
        "I",
        "I",
        N_("import"),
        N_("Bring in notes, a list of issues, or events"),
        BOARD,
    ),
    Action("retro", "R", "R", N_("retro"), N_("Look back over a period"), BOARD, 14),
    Action("travel", "t", "t", N_("time travel"), N_("Show the board as it was"), BOARD, 16),
    Action(
        "compare", "D", "D", N_("what became"), N_("Show what became of the board since"), BOARD
    ),
    Action("sync", "S", "S", N_("sync"), N_("Share: send and take what is new"), BOARD, 17),
    Action("sharing", "ampersand", "&", N_("sharing"), N_("Show how the sharing stands"), BOARD),
    Action("versions", "L", "L", N_("versions"), N_("Show what runs where"), BOARD),
    Action("read_again", "r", "r", N_("read again"), N_("Read everything again"), BOARD),
    Action("theme", "T", "T", N_("theme"), N_("Choose a theme; it is remembered"), BOARD),
    Action("help", "question_mark", "?", N_("help"), N_("Show all keys"), BOARD, 7),
    Action("palette", "ctrl+p", "^p", N_("palette"), N_("Find a command by its name"), BOARD),
    Action("quit", "q", "q", N_("quit"), N_("Go back, or quit from the list"), BOARD, 13),
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
    {action.id for action in ACTIONS if action.group in (DO, TRIAGE)} - {*_LOOKS}
    | {"import_items", "sync", "leave_remote", "add_note", "finish", "edit_note"}
)
