"""What an event did, in words: for the history, and for what undo and redo say."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from storage.errors import N_
from storage.models import Line, Text
from storage.plaintext import harmless
from storage.vocabulary import Kind, Severity, Status
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


def told(line: Line) -> str:
    """A change of the history in one line: what was done, from what to what, and why."""
    if line.known and line.what == "field_set" and line.field in _FIELDS:
        text = _("changed the {field}").format(field=_(_FIELDS[line.field]))
    else:
        text = deed(line.what if line.known else "")
    before, after = (_value(line.field, said) for said in (line.before, line.after))
    if line.what in _REPLACING:
        text += f": {before or '–'} → {after or '–'}"
    elif after or before:
        text += f": {after or before}"
    if line.reason.plain:
        text += f" ({_value('', line.reason)})"
    return text


def _value(field: str, text: Text) -> str:
    vocabulary = _VOCABULARY.get(field)
    if vocabulary is not None and text.plain in list(vocabulary):
        return word(vocabulary(text.plain))
    return harmless(" ".join(read(text).split()))
