"""The third tab: who changed what, when, from what to what, and why."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from textual.content import Content
from textual.widgets import Static

from storage.errors import N_
from storage.models import Line, Text
from storage.plaintext import harmless
from storage.vocabulary import Kind, Severity, Status
from tui.cells import cut
from tui.language import _, read
from tui.words import moment, word

_LONGEST: Final = 160

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
    "field_set": N_("changed"),
}

#: The single values by the names that people read.
FIELDS: Final = {
    "title": N_("title"),
    "kind": N_("kind"),
    "component": N_("component"),
    "severity": N_("severity"),
    "workaround": N_("workaround"),
    "reproduction": N_("reproduction notes"),
    "status": N_("status"),
}

_VOCABULARY: Final = {"status": Status, "kind": Kind, "severity": Severity}


def deed(kind: str) -> str:
    """What an event of a kind did, in words."""
    return _(_DEEDS.get(kind, N_("a change from a newer Pitboard")))


def value(field: str, text: Text) -> str:
    """A value of the timeline in words, in one line."""
    if not text.plain:
        return "–"
    vocabulary = _VOCABULARY.get(field)
    if vocabulary is not None and text.plain in list(vocabulary):
        return word(vocabulary(text.plain))
    return cut(harmless(" ".join(read(text).split())), _LONGEST)


class Timeline(Static):
    """The timeline of one pitfall, newest first."""

    DEFAULT_CSS = "Timeline { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def show(self, lines: list[Line]) -> None:
        """Show a pitfall's history: what one person did in one moment under one heading."""
        shown: list[Content] = []
        for (when, who), group in groupby(lines, lambda line: (moment(line.at), line.who)):
            shown.append(Content.assemble((when, "$text-muted"), (f" {harmless(who)}", "bold")))
            shown += [_change(line) for line in reversed(list(group))]
        self.update(Content("\n").join(shown))


def _change(line: Line) -> Content:
    what = deed(line.what) if line.known else deed("")
    if line.what == "field_set" and line.field in FIELDS:
        what = _("changed {field}").format(field=_(FIELDS[line.field]))
    parts: list[str | tuple[str, str]] = [f"  {what}"]
    if line.what in {"field_set", "status_set", "item_amended", "item_hidden"}:
        before, after = value(line.field, line.before), value(line.field, line.after)
        parts += ["  ", (before, "$text-muted"), " → ", (after, "bold")]
    elif line.after.plain or line.before.plain:
        said = value(line.field, line.after if line.after.plain else line.before)
        parts += ["  ", (said, "$secondary")]
    if line.reason.plain:
        parts.append(("  " + _("because: {why}").format(why=value("", line.reason)), "italic"))
    text = Content.assemble(*parts)
    if line.void:
        text = Content.assemble(text.stylize("$text-muted strike"), ("  " + _("(undone)"), "bold"))
    return text
