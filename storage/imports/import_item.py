"""Import items: pitfalls as a file from elsewhere describes them, bounded and in order.

Nothing here judges the text: what a person may not type is kept as it came,
and shown harmlessly wherever it is shown.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from storage.errors import PitboardError
from storage.match.generality import RefusedSignature
from storage.model.environment import NAMES, Environment
from storage.model.fields import NamedTuple
from storage.model.row import DeclineReason, Kind, Severity, Status
from storage.model.vocabulary import Axis
from storage.paste import reader, template_labels

#: What one line of the record holds, such as a title, in characters.
LONGEST_WORDS: Final = 300
#: What of several lines is kept: characters, and bytes of the event's line. Notes and
#: workaround are written in one event, which has 64 KiB.
_LONGEST_TEXT: Final = 20_000
_NOTES_BYTES: Final = 40_000
_WORKAROUND_BYTES: Final = 16_000
#: An address that is longer is kept in the notes only.
_LONGEST_ADDRESS: Final = 2_000

#: Names of columns that say something else elsewhere → the label for what they mean here.
_COLUMN_OF: Final = dict.fromkeys(
    ("版本", "客户端", "app 版本", "app版本", "version", "client", "app version"), "客户端版本"
)
#: What the labels of such columns name.
_ENVIRONMENT: Final = frozenset((*NAMES, template_labels.WECHATS, template_labels.WECOMS))
NOWHERE: Final = Environment()

_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CUT_ZH: Final = "……（原文更长，此处略去 {n} 字）"
_CUT_EN: Final = "… (cut here: the file has {n} more characters)"


class ImportLink(NamedTuple):
    """An address and what it is called where it was found."""

    url: str
    title: str = ""


class TrackerOutcome(StrEnum):
    """What a tracker's state or resolution comes to on the board."""

    OPEN = "open"
    WORKAROUND = "workaround"
    FIXED = "fixed"
    BY_DESIGN = "by-design"
    NOT_REPRODUCIBLE = "not-reproducible"
    NOT_OURS = "not-ours"
    DUPLICATE = "duplicate"

    @property
    def decline_reason(self) -> DeclineReason | None:
        """Why it is declined, if that is what it comes to."""
        return next((one for one in DeclineReason if one.value == self.value), None)


class FixedIn(NamedTuple):
    """Along which axis and in which version the vendor fixed it, in whose words."""

    axis: Axis
    version: str
    words: str
    official: bool = False


class MappedState(NamedTuple):
    """A state as a list has it, and its outcome; None if nobody said what it means.

    A severity or a kind that is none here is one, too, with no outcome.
    """

    field: str
    column: str
    value: str
    outcome: TrackerOutcome | None


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One pitfall as a file describes it.

    Args:
        pitfall: the id that it has, or would have, on every board.
        source: the file's name for people.
        key: by which the file knows it again; may be as long as one line of the record.
        title, reproduction, component, workaround, kind, severity, tags, signatures, assignee,
            due, ticket: as in a report; within the record's limits.
        status: None if it follows from whether there is a workaround.
        links: web addresses, for references.
        loose: links of the file that belong to no pitfall in particular, and are kept here.
        day: when the file says that it was written, ISO 8601; may be empty.
        line: where it begins in the file, from 1.
        guessed: the fields that the file does not say in so many words.
        vague: error texts of the file that are no signatures, and why; see
            :func:`storage.match.generality.sifted`.
        outcome: what a tracker decided on it; None if it is open, or no tracker's.
        outcome_words: the tracker's words for that.
        states: what the tracker's states were taken for.
        comments: who wrote them and what, in Markdown.
        fixed_in: the version in which the vendor fixed it, if the file says one.
        environment: where it was seen, if columns of the file say so.
    """

    pitfall: str
    source: str
    key: str
    title: str
    reproduction: str = ""
    component: str = ""
    workaround: str = ""
    kind: Kind = Kind.BUG
    severity: Severity = Severity.S3
    status: Status | None = None
    tags: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    links: tuple[ImportLink, ...] = ()
    loose: tuple[ImportLink, ...] = ()
    day: str = ""
    line: int = 1
    guessed: frozenset[str] = frozenset()
    solved: str = ""
    text: str = ""
    vague: tuple[RefusedSignature, ...] = ()
    outcome: TrackerOutcome | None = None
    outcome_words: str = ""
    states: tuple[MappedState, ...] = ()
    comments: tuple[str, ...] = ()
    fixed_in: FixedIn | None = None
    environment: Environment = NOWHERE
    assignee: str = ""
    due: str = ""
    ticket: str = ""

    @property
    def status_on_board(self) -> Status:
        """The status that a pitfall made of it has at first."""
        return self.status or (Status.WORKAROUND if self.workaround else Status.OPEN)


def names_environment(column: str) -> bool:
    """Whether a column of a table says where something was seen: 平台, 机型, Environment."""
    label = template_labels.labelled(f"{_label_of(column)}: 1")
    return label is not None and label.names in _ENVIRONMENT


def environment_in(columns: Iterable[tuple[str, str]]) -> Environment:
    """Where it was seen, as the columns of a table say; what is said in two ways is left out.

    Args:
        columns: their names, and what stands there.
    """
    lines = [
        f"{_label_of(name)}: {' '.join(value.split())[:LONGEST_WORDS]}"
        for name, value in columns
        if value.strip() and names_environment(name)
    ]
    return _read_environment("\n".join(lines)) if lines else NOWHERE


@lru_cache(1024)
def _read_environment(text: str) -> Environment:
    found = reader.read(text)
    return found.environment._replace(**{one.field: None for one in found.contradictions})


def _label_of(column: str) -> str:
    return _COLUMN_OF.get(column.casefold().strip(), column)


class LeftOutReason(StrEnum):
    """Why a part of a note became no pitfall."""

    INTRODUCTION = "introduction"
    CONTENTS = "contents"
    FRAME = "frame"
    NO_PROBLEM = "no-problem"
    FRONT_MATTER = "front-matter"
    TOO_LONG = "too-long"


class LeftOutText(NamedTuple):
    """A part of a note that is on no pitfall: its lines from 1, the last one included, and why."""

    line: int
    last: int
    heading: str
    why: LeftOutReason
    text: str


class ImportedSection(NamedTuple):
    """A heading of a note: the titles of the pitfalls right below it, and what was left out."""

    line: int
    level: int
    heading: str
    taken: tuple[str, ...]
    left_out: tuple[LeftOutText, ...]


@dataclass(frozen=True, slots=True)
class UnreadableItem:
    """A part of a file that no pitfall can be made of: the line where it begins, and why."""

    line: int
    why: PitboardError


def note_id(source: str, key: str) -> str:
    """The id of a pitfall that a note of that name knows by ``key``: the same on every board."""
    return _id("note", source, key)


def issue_id(source: str, key: str) -> str:
    """The id of a pitfall that a list of issues of that name knows by ``key``, likewise."""
    return _id("issue", source, key)


def _id(*names: str) -> str:
    return hashlib.sha256(json.dumps(["imported", *names]).encode()).hexdigest()[:16]


def one_line(text: str, most: int = LONGEST_WORDS) -> str:
    """``text`` with its blanks and breaks made single blanks, in at most so many characters."""
    flat = " ".join(_encodable(text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def notes(text: str, most_bytes: int = _NOTES_BYTES) -> str:
    """``text`` as reproduction notes or another text of many lines: complete, if an event holds it.

    Args:
        text: in Markdown, with line breaks of any sort.
        most_bytes: that it may take in the event's line.
    """
    return _fitting(text, most_bytes)[0]


def workaround(text: str) -> str:
    """``text`` as a workaround, cut likewise."""
    return _fitting(text, _WORKAROUND_BYTES)[0]


def cut_off(notes: str, workaround: str) -> str:
    """What :func:`notes` and :func:`workaround` cut off these texts; mostly nothing."""
    rests = (_fitting(notes, _NOTES_BYTES)[1], _fitting(workaround, _WORKAROUND_BYTES)[1])
    return "\n\n".join(rest for rest in rests if rest.strip())


def comment(text: str) -> str:
    """``text`` as a comment, cut likewise."""
    return _fitting(text, _WORKAROUND_BYTES)[0]


def tags(texts: Iterable[str]) -> tuple[str, ...]:
    """Words as tags: each once, without blanks."""
    joined = ("-".join(_encodable(text).split())[:LONGEST_WORDS] for text in texts)
    return tuple(dict.fromkeys(tag for tag in joined if tag))


def links(found: Iterable[ImportLink]) -> tuple[ImportLink, ...]:
    """Links as references: each address once, by the best name that it was given."""
    kept: dict[str, str] = {}
    for url, title in found:
        if 0 < len(url) <= _LONGEST_ADDRESS:
            name = one_line(title)
            kept[url] = max(kept.get(url, ""), "" if name == url else name, key=len)
    return tuple(ImportLink(_encodable(url), title) for url, title in kept.items())


def is_chinese(text: str) -> bool:
    """Whether ``text`` holds Chinese (or Japanese) characters."""
    return _CJK.search(text) is not None


def _fitting(text: str, most_bytes: int) -> tuple[str, str]:
    """``text`` without blank lines around it, cut at a line's end; and what was cut off."""
    text = _encodable(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n").rstrip()
    # A character takes six bytes at most.
    if len(text) <= _LONGEST_TEXT and (6 * len(text) <= most_bytes or _bytes(text) <= most_bytes):
        return text, ""
    template = _CUT_ZH if is_chinese(text) else _CUT_EN
    room = min(_LONGEST_TEXT, most_bytes) - 100
    kept = text[:room]
    while (over := _bytes(kept) - most_bytes + 200) > 0:
        kept = kept[: len(kept) - max(1, over // 6)]
    whole_lines = kept.rpartition("\n")[0]
    if len(whole_lines) > len(kept) // 2:
        kept = whole_lines
    rest = text[len(kept) :]
    return f"{kept}\n\n{template.format(n=len(rest))}", rest


def _bytes(text: str) -> int:
    """What ``text`` takes in an event's line."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def _encodable(text: str) -> str:
    """``text`` with lone halves of characters, which no file can hold, replaced."""
    return _SURROGATE.sub("\ufffd", text)
