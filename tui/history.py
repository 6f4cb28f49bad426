"""What events did, in words: for the history, and for what undo and redo say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from storage.errors import N_
from storage.models import Line, Text
from storage.plaintext import harmless
from storage.vocabulary import (
    Axis,
    Channel,
    HistorySort,
    Host,
    Kind,
    NoteSort,
    Outcome,
    Platform,
    Severity,
    Source,
    StatementSort,
    Status,
    Triage,
)
from tui.cells import cut
from tui.language import NP_, _, field_word, pgettext, read
from tui.words import decision_words, moment, shortened, word

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

_FIELDS: Final = {
    "title": N_("title"),
    "kind": N_("kind"),
    "component": N_("component"),
    "severity": N_("severity"),
    "workaround": N_("workaround"),
    "reproduction": N_("reproduction notes"),
}

#: What an item is called, by the kind of event that added it.
_ITEMS: Final = {
    "comment_added": NP_("Item", "comment"),
    "reference_added": NP_("Item", "reference"),
    "signature_added": NP_("Item", "signature"),
    "statement_added": NP_("Item", "statement of the vendor"),
    "attachment_added": NP_("Item", "attachment"),
    "fix_recorded": NP_("Item", "fix"),
    "occurrence_logged": NP_("Item", "occurrence"),
    "retro_noted": NP_("Item", "note"),
}
_DONE_TO_ITEMS: Final = {
    "item_amended": N_("amended the {entry}"),
    "item_hidden": N_("hid the {entry}"),
    "item_shown": N_("showed the {entry} again"),
}
#: Fields of items that are something else elsewhere.
_NOTE_SORT: Final = "note_sort"
_PARTS: Final = {
    "sort": N_("what it comes to"),
    "version": N_("in version"),
    _NOTE_SORT: N_("what it is"),
}
#: As much of an item's headline as tells which one it is.
_LONGEST_HEADLINE: Final = 20

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

_VOCABULARY: Final[Mapping[str, type[StrEnum]]] = {
    "status": Status,
    "kind": Kind,
    "severity": Severity,
    "outcome": Outcome,
    "host": Host,
    "platform": Platform,
    "channel": Channel,
    "axis": Axis,
    "source": Source,
    "sort": StatementSort,
    _NOTE_SORT: NoteSort,
}
_ANSWERS: Final = {"yes": N_("yes"), "no": N_("no")}
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
        return Change(said, "", "", _value("", line.reason), False)
    if line.known and line.what == "field_set" and line.field in _FIELDS:
        what = _("changed the {field}").format(field=_(_FIELDS[line.field]))
    elif line.known and line.what in _DONE_TO_ITEMS and line.field in _ITEMS:
        what = _done_to_item(line)
    else:
        what = deed(line.what if line.known else "")
    return Change(
        what,
        _value(_part(line) or line.field, line.before),
        _value(_part(line) or line.field, line.after),
        _value("", line.reason),
        line.what in _REPLACING and bool(line.before != line.after),
    )


def _done_to_item(line: Line) -> str:
    """What was done to an item, and to which field of which one, unless the value says it."""
    entry = pgettext("Item", _ITEMS[line.field])
    what = _(_DONE_TO_ITEMS[line.what]).format(entry=entry)
    if not line.part or line.about in (line.before, line.after):
        return what
    headline = cut(_value(line.field, line.about), _LONGEST_HEADLINE)
    part = _part(line)
    words = _(_PARTS[part]) if part in _PARTS else field_word(part)
    return _("{what} “{headline}”: {part}").format(what=what, headline=headline, part=words)


def _part(line: Line) -> str:
    """The field of an item that changed; that of a note's sort is not that of a statement's."""
    return _NOTE_SORT if (line.field, line.part) == ("retro_noted", "sort") else line.part


def _decided(line: Line, short_id: Callable[[str], str]) -> str:
    """What was decided in triage; nothing if it is a line about something else."""
    if line.known and line.what == "told_apart":
        return _("not the same as {id}").format(id=short_id(line.after.plain))
    if line.decision is None:
        return ""
    if line.decision.triage is Triage.INBOX:
        return _("back in the inbox")
    return decision_words(line.decision, short_id)


def _value(field: str, text: Text) -> str:
    vocabulary = _VOCABULARY.get(field)
    if vocabulary is not None and text.plain in list(vocabulary):
        return word(vocabulary(text.plain))
    if field == "fix_recorded" and text.plain.partition(" ")[0] in list(Axis):
        axis, _blank, since = text.plain.partition(" ")
        return _("{axis}, from {since}").format(axis=word(Axis(axis)), since=harmless(since))
    if field == "statement_added" and text.plain.partition(" ")[0] in list(StatementSort):
        sort, _blank, version = text.plain.partition(" ")
        said = word(StatementSort(sort))
        if not version:
            return said
        return _("{sort} in {version}").format(sort=said, version=harmless(version))
    if field == "official" and text.plain in _ANSWERS:
        return _(_ANSWERS[text.plain])
    if field == "seen_at" and text.plain.isdecimal():
        return moment(int(text.plain))
    return harmless(" ".join(read(text).split()))
