"""A pitfall as one document for ``$EDITOR``, and back.

Single values stand in lines at the top, long texts as they are under lines of
``====``. Only what differs from the document that was handed out counts as a
change, so that nothing changes by being looked at.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from storage.errors import N_, PitboardError
from storage.model.plan import PLAN_NAMES
from storage.model.records import Pitfall
from storage.model.vocabulary import Kind, Severity, tag_named
from storage.text.sanitize import sanitize
from tui.text.i18n import _, read
from tui.text.vocabulary import tag_word

_LINES: Final = ("title", "component", "kind", "severity", *PLAN_NAMES, "tags")
_TEXTS: Final = ("workaround", "reproduction", "signatures")
_HEADING: Final = re.compile(r"==== (\w+) ====\s*")
_LINE: Final = re.compile(r"(\w+):(.*)")


class InvalidDocument(PitboardError):
    """A document that came back from the editor is no longer one."""


class DocumentChanges(NamedTuple):
    """What a person changed; None stands for a set that was left alone."""

    changes: dict[str, str]
    tags: list[str] | None
    signatures: list[str] | None


def document_changes(before: str, after: str) -> DocumentChanges:
    """What differs between the document that was handed out and what came back.

    Raises:
        Unreadable: if the document that came back can't be read.
    """
    if after.strip() == before.strip() or not after.strip():
        return DocumentChanges({}, None, None)
    held, found = parse_document(before), parse_document(after)
    new = {field: text for field, text in found.items() if text != held[field]}
    tags = new.pop("tags", None)
    signatures = new.pop("signatures", None)
    return DocumentChanges(
        new,
        None if tags is None else [*map(tag_named, tags.split())],
        None if signatures is None else signatures.splitlines(),
    )


def document(pitfall: Pitfall) -> str:
    """The document that a person edits."""
    lines = [
        "# " + _("Change what you like, save and close. An empty document changes nothing."),
        "# " + _("kind: {kinds}").format(kinds=", ".join(Kind)),
        "# " + _("severity: {severities}").format(severities=", ".join(Severity)),
        "# " + _("tags are space-separated; signatures one per line."),
        f"title: {sanitize(read(pitfall.title))}",
        f"component: {sanitize(read(pitfall.component))}",
        f"kind: {pitfall.kind.value}",
        f"severity: {pitfall.severity.value}",
        *(f"{name}: {sanitize(value)}" for name, value in pitfall.plan._asdict().items()),
        f"tags: {' '.join(map(tag_word, pitfall.tags))}",
    ]
    texts = {
        "workaround": sanitize(read(pitfall.workaround), lines=True),
        "reproduction": sanitize(read(pitfall.reproduction), lines=True),
        "signatures": "\n".join(sanitize(one.text) for one in pitfall.own_signatures),
    }
    for field in _TEXTS:
        lines += [f"==== {field} ====", *map(_guarded, texts[field].split("\n"))]
    return "\n".join(lines) + "\n"


def parse_document(text: str) -> dict[str, str]:
    """The fields that a document holds.

    Raises:
        Unreadable: naming the line that can't be read.
    """
    found: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    under = ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        heading = _HEADING.fullmatch(line)
        if heading is not None and heading[1] in _TEXTS:
            under = heading[1]
            texts[under] = []
        elif under:
            texts[under].append(_bare(line))
        elif line.strip() and not line.startswith("#"):
            value = _LINE.fullmatch(line)
            if value is None or value[1] not in _LINES:
                raise InvalidDocument(
                    N_("Line {number} is not one of: {fields}."),
                    number=number,
                    fields=", ".join(_LINES),
                )
            found[value[1]] = value[2].strip()
    return found | {field: "\n".join(value).strip("\n") for field, value in texts.items()}


def _guarded(line: str) -> str:
    """A line of text that could be taken for a heading, with a backslash before it."""
    return f"\\{line}" if _HEADING.fullmatch(line.lstrip("\\")) else line


def _bare(line: str) -> str:
    return line[1:] if line.startswith("\\") and _HEADING.fullmatch(line.lstrip("\\")) else line
