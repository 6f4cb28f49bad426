"""What a line of the history is about, the same for command, screen and JSON."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from storage.model.records import Line
from storage.model.vocabulary import HistorySort
from storage.text.text_diff import DiffSpan, differences

#: The kinds that speak of an item, which tells what sort they are of.
OF_ITEMS: Final = ("item_amended", "item_hidden", "item_shown")
#: Values of several sentences: where one changed, a reader looks for the words that did.
LONG: Final = {"workaround", "reproduction", "text", "quote", "note", "message"}


def is_of(line: Line, sorts: Collection[HistorySort]) -> bool:
    """Whether a line is of one of some sorts; of none at all, every line is.

    What was taken back is of its own sort, and of those that were taken back.
    """
    if not sorts or (line.void and HistorySort.TAKEN_BACK in sorts):
        return True
    return line.sort in sorts


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
    return differences(before, after)
