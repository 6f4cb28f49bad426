"""What events did, in words: for the history, and for what undo and redo say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from storage.errors import N_
from storage.model.records import Line
from storage.model.vocabulary import HistorySort, Triage
from tui.text.fields import ENTRIES, VALUES, entry_name, part_of_entry, said_in, value_name
from tui.text.i18n import NP_, _, pgettext
from tui.text.vocabulary import decision_words, shortened

_DEEDS: Final = {
    "reported": N_("reported it"),
    "comment_added": N_("commented"),
    "reference_added": N_("added a reference"),
    "signature_added": N_("added a signature"),
    "fix_recorded": N_("recorded a fix"),
    "occurrence_logged": N_("logged an occurrence"),
    "tag_added": N_("added the tag"),
    "tag_removed": N_("removed the tag"),
    "item_amended": N_("amended an entry"),
    "item_hidden": N_("hid an entry"),
    "item_shown": N_("showed an entry again"),
    "undone": N_("took something back"),
    "status_set": N_("set the status"),
    "field_set": N_("changed a field"),
    "statement_added": N_("noted what the vendor said"),
    "attachment_added": N_("attached a file"),
    "imported": N_("brought it in from a file"),
    "accepted": N_("accepted it"),
    "declined": N_("declined it"),
    "snoozed": N_("snoozed it"),
    "duplicate_marked": N_("marked it as a duplicate"),
    "returned": N_("put it back into the inbox"),
    "told_apart": N_("told it apart from another one"),
    "retro_noted": N_("noted in the retro"),
    "workaround_confirmed": N_("confirmed that the workaround works"),
}

_DONE_TO_ITEMS: Final = {
    "item_amended": N_("amended the {entry}"),
    "item_hidden": N_("hid the {entry}"),
    "item_shown": N_("showed the {entry} again"),
}
_SORTS: Final = {
    HistorySort.VALUES: NP_("HistorySort", "values"),
    HistorySort.STATUS: NP_("HistorySort", "status"),
    HistorySort.SIGHTINGS: NP_("HistorySort", "sightings"),
    HistorySort.REFERENCES: NP_("HistorySort", "references"),
    HistorySort.ATTACHMENTS: NP_("HistorySort", "attachments"),
    HistorySort.FIXES: NP_("HistorySort", "fixes"),
    HistorySort.COMMENTS: NP_("HistorySort", "comments"),
    HistorySort.TRIAGE: NP_("HistorySort", "triage"),
    HistorySort.TAKEN_BACK: NP_("HistorySort", "taken back"),
}

#: Kinds whose lines say what a value was and what it became.
_REPLACING: Final = {"field_set", "status_set", "item_amended"}


def sort_word(sort: HistorySort) -> str:
    """What people call a sort of changes."""
    return pgettext("HistorySort", _SORTS[sort])


def deed(kind: str) -> str:
    """What an event of a kind did."""
    return _(_DEEDS.get(kind, N_("a change from a newer Pitboard")))


class Change(NamedTuple):
    """A line of the history in words, each in one line; what was not said is empty.

    ``replaced`` tells whether ``after`` took the place of ``before``.
    """

    what: str
    before: str
    after: str
    reason: str
    replaced: bool

    @property
    def told(self) -> str:
        """All of it but the reason, in one line."""
        if self.replaced:
            said = f"{self.before or '–'} → {self.after or '–'}"
        else:
            said = self.after or self.before
        return _("{what}: {said}").format(what=self.what, said=said) if said else self.what

    @property
    def whole(self) -> str:
        """All of it in one line."""
        return f"{self.told} ({self.reason})" if self.reason else self.told


def change(line: Line, short_id: Callable[[str], str] = shortened) -> Change:
    """A line of the history in the reader's words.

    Args:
        line: the change.
        short_id: gives the name of a pitfall to people.
    """
    if said := _decided(line, short_id):
        return Change(said, "", "", said_in("", "", line.reason), False)
    if line.known and line.what == "field_set" and line.field in VALUES:
        what = _("changed the {field}").format(field=value_name(line.field))
    elif line.known and line.what in _DONE_TO_ITEMS and line.field in ENTRIES:
        what = _done_to_item(line)
    else:
        what = deed(line.what if line.known else "")
    return Change(
        what,
        said_in(line.field, line.part, line.before),
        said_in(line.field, line.part, line.after),
        said_in("", "", line.reason),
        line.what in _REPLACING and bool(line.before != line.after),
    )


def _done_to_item(line: Line) -> str:
    """What was done to an item, and to which field of which one, unless the value says it."""
    what = _(_DONE_TO_ITEMS[line.what]).format(entry=entry_name(line.field))
    if not line.part or line.about in (line.before, line.after):
        return what
    return part_of_entry(what, line.field, line.part, line.about)


def _decided(line: Line, short_id: Callable[[str], str]) -> str:
    """What was decided in triage; nothing if it is a line about something else."""
    if line.known and line.what == "told_apart":
        return _("not the same as {id}").format(id=short_id(line.after.plain))
    if line.decision is None:
        return ""
    if line.decision.triage is Triage.INBOX:
        return _("back in the inbox")
    return decision_words(line.decision, short_id)
