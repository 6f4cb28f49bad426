"""What events did, in words: for the history, and for what undo and redo say."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from storage.errors import N_
from storage.models import Line, Text
from storage.plaintext import harmless
from storage.vocabulary import Axis, Kind, Severity, Status
from tui.language import _, read
from tui.words import word

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
    "undone": N_("took something back"),
    "status_set": N_("set the status"),
    "field_set": N_("changed a field"),
}

_FIELDS: Final = {
    "title": N_("title"),
    "kind": N_("kind"),
    "component": N_("component"),
    "severity": N_("severity"),
    "workaround": N_("workaround"),
    "reproduction": N_("reproduction notes"),
}

_VOCABULARY: Final[Mapping[str, type[StrEnum]]] = {
    "status": Status,
    "kind": Kind,
    "severity": Severity,
}
#: Kinds whose lines say what a value was and what it became.
_REPLACING: Final = {"field_set", "status_set", "item_amended", "item_hidden"}


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
    def whole(self) -> str:
        """All of it in one line."""
        text = self.what
        if self.replaced:
            text += f": {self.before or '–'} → {self.after or '–'}"
        elif self.after or self.before:
            text += f": {self.after or self.before}"
        return f"{text} ({self.reason})" if self.reason else text


def change(line: Line) -> Change:
    """A line of the history in the reader's words."""
    if line.known and line.what == "field_set" and line.field in _FIELDS:
        what = _("changed the {field}").format(field=_(_FIELDS[line.field]))
    else:
        what = deed(line.what if line.known else "")
    return Change(
        what,
        _value(line.field, line.before),
        _value(line.field, line.after),
        _value("", line.reason),
        line.what in _REPLACING,
    )


def _value(field: str, text: Text) -> str:
    vocabulary = _VOCABULARY.get(field)
    if vocabulary is not None and text.plain in list(vocabulary):
        return word(vocabulary(text.plain))
    if field == "fix_recorded" and text.plain.partition(" ")[0] in list(Axis):
        axis, _blank, since = text.plain.partition(" ")
        return _("{axis}, from {since}").format(axis=word(Axis(axis)), since=harmless(since))
    return harmless(" ".join(read(text).split()))
