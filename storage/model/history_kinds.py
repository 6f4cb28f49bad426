"""What a line of the history is about, the same for command, screen and JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from storage.model.records import Line
from storage.model.vocabulary import HistorySort

if TYPE_CHECKING:
    from storage.text.text_diff import DiffSpan

#: The sort of each kind of event; those that speak of an item are of the item's sort.
_SORTS: Final = {
    "reported": HistorySort.VALUES,
    "imported": HistorySort.VALUES,
    "field_set": HistorySort.VALUES,
    "tag_added": HistorySort.VALUES,
    "tag_removed": HistorySort.VALUES,
    "signature_added": HistorySort.VALUES,
    "workaround_confirmed": HistorySort.VALUES,
    "status_set": HistorySort.STATUS,
    "occurrence_logged": HistorySort.SIGHTINGS,
    "reference_added": HistorySort.REFERENCES,
    "statement_added": HistorySort.REFERENCES,
    "attachment_added": HistorySort.ATTACHMENTS,
    "fix_recorded": HistorySort.FIXES,
    "comment_added": HistorySort.COMMENTS,
    "retro_noted": HistorySort.COMMENTS,
    "accepted": HistorySort.TRIAGE,
    "declined": HistorySort.TRIAGE,
    "snoozed": HistorySort.TRIAGE,
    "duplicate_marked": HistorySort.TRIAGE,
    "returned": HistorySort.TRIAGE,
    "told_apart": HistorySort.TRIAGE,
    "undone": HistorySort.TAKEN_BACK,
}
#: The kinds that speak of an item, which tells what sort they are of.
OF_ITEMS: Final = ("item_amended", "item_hidden", "item_shown")
#: Values of several sentences: where one changed, a reader looks for the words that did.
LONG: Final = {"workaround", "reproduction", "text", "quote", "note", "message"}


def sort_of(line: Line) -> HistorySort | None:
    """What sort of change a line tells of; None of a kind that is not known here."""
    return _SORTS.get(line.field if line.what in OF_ITEMS else line.what)


def kinds_of(sorts: Iterable[HistorySort]) -> list[str]:
    """The kinds of events among which the lines of some sorts are."""
    wanted = set(sorts)
    return [*OF_ITEMS, *(kind for kind, sort in _SORTS.items() if sort in wanted)]


def is_of(line: Line, sorts: Collection[HistorySort]) -> bool:
    """Whether a line is of one of some sorts; of none at all, every line is.

    What was taken back is of its own sort, and of those that were taken back.
    """
    if not sorts or (line.void and HistorySort.TAKEN_BACK in sorts):
        return True
    return sort_of(line) in sorts


def words_changed(line: Line, language: str) -> tuple[DiffSpan, ...]:
    """What became of a long text word by word; nothing if the line tells of none.

    Args:
        line: the change.
        language: of the reader.
    """
    before, after = line.before.read(language), line.after.read(language)
    is_long = (line.part or line.field) in LONG and (line.part or line.what == "field_set")
    if not (is_long and before and after):
        return ()
    # Loaded here, since most of what reads a board compares no texts.
    from storage.text.text_diff import differences

    return differences(before, after)
