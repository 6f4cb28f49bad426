"""One record of a list → an import item, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from storage.errors import N_, PitboardError, Refused
from storage.exports.whole_board import uncelled
from storage.imports import import_item as bounded
from storage.imports.import_item import (
    ImportItem,
    ImportLink,
    MappedState,
    TrackerOutcome,
    UnreadableItem,
    issue_id,
)
from storage.imports.issue_lists import report_text
from storage.imports.issue_lists.columns import (
    ColumnMapping,
    MappedColumn,
    asked_outcome,
    is_reopened,
    outcome_of,
)
from storage.imports.notes.links import bare_links
from storage.imports.notes.remedies import fixed_in
from storage.match.error_text import component_in
from storage.match.generality import sifted
from storage.model.environment import Environment
from storage.model.fields import NamedTuple
from storage.model.row import Kind, Severity, Status
from storage.text.sanitize import from_elsewhere

_W = TypeVar("_W", bound=StrEnum)

_ID: Final = re.compile(r"[0-9a-f]{16}")
#: A number alone names an issue in its own list only, unless it is as long as TAPD's.
BARE_NUMBER: Final = re.compile(r"#?\d{1,6}")
_BETWEEN_TAGS: Final = re.compile(r"[,;，；、\n]+")

_SEVERITIES: Final = {
    Severity.S1: "s1 p0 blocker critical highest urgent fatal 1 致命 紧急 非常紧急 阻塞 最高",
    Severity.S2: "s2 p1 major high important 2 严重 重要 高",
    Severity.S3: "s3 p2 medium normal moderate average 3 一般 普通 中",
    Severity.S4: "s4 p3 p4 minor low lowest trivial cosmetic 4 轻微 低 最低 建议 提示",
}
_KINDS: Final = {
    Kind.BUG: """
        bug defect error incident 缺陷 错误 故障 代码错误 codeerror 界面优化 性能问题 安全相关
        设计缺陷
    """,
    Kind.DOCS: "docs doc document documentation 文档",
    Kind.LIMIT: "limit limitation 限制",
    Kind.QUIRK: "quirk 特性 行为",
    Kind.TOOLING: "tooling tool tools devtools 工具",
}
#: What a label can say of what was closed.
_DECLINED: Final = frozenset(
    one for one in TrackerOutcome if one.decline_reason or one is TrackerOutcome.DUPLICATE
)
#: An issue's address, which knows its number among those of its tracker.
_NUMBERED_ADDRESS: Final = re.compile(
    r"(https?://\S+?/)(?:-/)?(?:issues|issue|work_items|bugs|tickets|pull|merge_requests)/(\d+)"
)


class RecordReader:
    """Reads the entries of one list.

    Args:
        columns: which column says what.
        file: the list's name for people.
        source: by which bare numbers in it are found from those of other lists.
        everywhere: whether that name belongs to every key, because a person gave it.
    """

    def __init__(self, columns: ColumnMapping, file: str, source: str, *, everywhere: bool) -> None:
        self._columns = columns
        self._file = bounded.one_line(file)
        self._source = source
        self._everywhere = everywhere

    def proposal(self, record: SourceRecord) -> ImportItem | UnreadableItem:
        """The pitfall that an entry proposes."""
        try:
            return self._proposal(record)
        except PitboardError as why:
            return UnreadableItem(record.line, why)

    def _proposal(self, record: SourceRecord) -> ImportItem:
        texts = {name: self._texts(name, record) for name in self._columns.of}
        title = " ".join(" ".join(texts["title"]).split())
        if not title:
            raise Refused(N_("It has no title."), field="title")
        left: list[str] = []
        odd: list[MappedState] = []
        kind = self._word("kind", texts, Kind, _KINDS, left, odd) or Kind.BUG
        severity = self._word("severity", texts, Severity, _SEVERITIES, left, odd) or Severity.S3
        links, others = _links(texts.get("references", ()))
        left += (f"{self._called('references')}: {text}" for text in others)
        outcome, states = self._outcome(texts)
        named = sifted(_lines(texts.get("signatures", ())), named=True)
        left += (f"{self._called('signatures')}: {one.text}" for one in named.refused)
        notes = texts.get("reproduction", ())
        comments = [*filter(None, map(report_text.comment_in, texts.get("comments", ())))]
        found = sifted(report_text.errors_in(notes))
        signatures = tuple(dict.fromkeys((*named.kept, *found.kept)))
        remedy = report_text.remedy_in((*notes, *comments))
        workaround = "\n\n".join(self._remedies(texts)) or remedy
        # One person takes care of it; a tracker may know several.
        assignee, *others_assigned = [*report_text.people_in(texts.get("assignee", ()))] or [""]
        due = self._day("due", texts)
        if not due and any(text.strip("0-/: ") for text in texts.get("due", ())):
            left.append(f"{self._called('due')}: {texts['due'][0]}")
        tags = [tag for text in texts.get("tags", ()) for tag in _tags(text)]
        key = " ".join(texts.get("key", ()))
        fixed = fixed_in("\n".join((title, *notes, *comments)), named=True)
        day = self._day("created", texts)
        environment = self._environment(record, left, dated=bool(day))
        addresses = " ".join(link.url for link in links)
        return ImportItem(
            pitfall=self._id(key, title, addresses),
            source=self._file,
            key=bounded.one_line(key or title),
            title=bounded.one_line(title),
            reproduction=_notes(title, notes, left),
            component=self._component(texts, title, signatures),
            workaround=bounded.workaround(workaround),
            status=Status.FIXED_UPSTREAM if outcome is TrackerOutcome.FIXED else None,
            kind=kind,
            severity=severity,
            tags=bounded.tags((*tags, *(f"@{name}" for name in others_assigned))),
            signatures=signatures,
            vague=(*named.refused, *found.refused),
            outcome=None if outcome is TrackerOutcome.OPEN else outcome,
            outcome_words=next((one.value for one in states if one.outcome is outcome), ""),
            states=(*states, *odd),
            comments=tuple(bounded.comment(text) for text in comments),
            guessed=frozenset() if "component" in texts else frozenset({"component"}),
            links=bounded.links(links),
            fixed_in=fixed,
            environment=environment,
            day=day,
            assignee=bounded.one_line(assignee),
            due=due,
            ticket=bounded.one_line(" ".join(texts.get("ticket", ()))),
            line=record.line,
        )

    def _texts(self, field: str, record: SourceRecord) -> tuple[str, ...]:
        """What the entry says of a field, in the words of a person's mapping."""
        column = self._columns.of[field]
        texts = [text for name in column.names for text in record.cells.get(name, ())]
        if self._columns.own:
            texts = [uncelled(text) for text in texts]
        if field in ("status", "resolution"):
            return tuple(texts)
        if field in ("reproduction", "workaround", "comments") and not self._columns.own:
            texts = [report_text.as_markdown(text) for text in texts]
        return tuple(column.values.get(text.casefold(), text) for text in texts)

    def _word(
        self,
        field: str,
        values: Mapping[str, tuple[str, ...]],
        words: type[_W],
        spellings: Mapping[_W, str],
        left: list[str],
        odd: list[MappedState],
    ) -> _W | None:
        """A word of the vocabulary; what is none goes to the notes, or is refused if asked for."""
        texts = values.get(field, ())
        if not texts:
            return None
        text = texts[0].strip().casefold()
        first = re.split(r"[\s(（:：-]", text)[0]
        for spelling in (text, first):
            for word, others in spellings.items():
                if spelling in others.split():
                    return word
        if self._columns.of[field].asked:
            raise Refused(
                N_("{field}: “{value}” is none of {expected}."),
                N_("Say what it means, as in {field}={column}:{value}={example}."),
                field=field,
                value=texts[0][:60],
                expected=tuple(words),
                column=self._called(field),
                example=next(iter(words)),
            )
        left.append(f"{self._called(field)}: {texts[0]}")
        odd.append(MappedState(field, self._called(field), bounded.one_line(texts[0]), None))
        return None

    def _outcome(
        self, values: Mapping[str, tuple[str, ...]]
    ) -> tuple[TrackerOutcome | None, tuple[MappedState, ...]]:
        """What a tracker decided, and what each of its states was taken for.

        A resolution says more than the state that goes with it.
        """
        states: list[MappedState] = []
        for field in ("resolution", "workaround", "status"):
            for text in values.get(field, ()):
                if field != "workaround" or self._is_resolution(text):
                    states.append(self._state(field, text))
        reopened = any(one.field == "status" and is_reopened(one.value) for one in states)
        known = [one for one in states if one.outcome is not None]
        if not known:
            return None, tuple(states)
        said = known[0].outcome
        if reopened or said is TrackerOutcome.OPEN:
            return TrackerOutcome.OPEN, tuple(states)
        mapped = known[0].field == "status" and self._columns.of["status"].values
        if known[0].field == "status" and said is TrackerOutcome.FIXED and not mapped:
            # Where there is no resolution, a label often says how it was closed.
            labels = (self._label(text) for tag in values.get("tags", ()) for text in _tags(tag))
            decided = next((one for one in labels if one.outcome in _DECLINED), None)
            if decided is not None:
                return decided.outcome, (decided,)
        return said, (known[0],)

    def _label(self, text: str) -> MappedState:
        """A label as a resolution, such as ``wontfix`` and ``resolution::duplicate``."""
        state = self._state("tags", text)
        said = outcome_of(re.split(r"::|[:/]", text)[-1])
        return state._replace(outcome=state.outcome or said)

    def _state(self, field: str, text: str) -> MappedState:
        column = self._columns.of[field]
        value = bounded.one_line(text)
        meaning = column.values.get(text.strip().casefold())
        outcome = asked_outcome(meaning) if meaning else outcome_of(text)
        if meaning and outcome is None:
            raise Refused(
                N_("{field}: “{value}” is none of {expected}."),
                N_("Say what it means, as in {field}={column}:{value}={example}."),
                field=field,
                value=meaning[:60],
                expected=tuple(TrackerOutcome),
                column=self._called(field),
                example=TrackerOutcome.OPEN,
            )
        return MappedState(field, self._called(field), value, outcome)

    def _is_resolution(self, text: str) -> bool:
        """Whether a column of remedies holds a decision: 不予解决, Duplicate."""
        return not self._columns.own and outcome_of(text) is not None

    def _remedies(self, values: Mapping[str, tuple[str, ...]]) -> list[str]:
        return [text for text in values.get("workaround", ()) if not self._is_resolution(text)]

    def _component(
        self, values: Mapping[str, tuple[str, ...]], title: str, errors: Iterable[str]
    ) -> str:
        """The component that the list names; else the API in the title, else in an error text."""
        if "component" in values:
            named = (report_text.unnumbered(text).strip("/ ") for text in values["component"])
            return bounded.one_line(", ".join(filter(None, named)))
        if self._columns.own:
            return ""
        return bounded.one_line(component_in(title, errors))

    def _environment(self, record: SourceRecord, left: list[str], *, dated: bool) -> Environment:
        """Where it was seen; what can't be read of that, or has no day, goes to the notes."""
        names = self._columns.of["environment"].names if "environment" in self._columns.of else ()
        said = [(name, " ".join(record.cells.get(name, ()))) for name in names]
        whole = bounded.environment_in(said) if dated else bounded.NOWHERE
        for name, value in said:
            own = [one for one in bounded.environment_in([(name, value)]) if one is not None]
            if value and (not own or not set(own) <= set(whole)):
                left.append(f"{name}: {value}")
        return whole

    def _day(self, field: str, texts: Mapping[str, tuple[str, ...]]) -> str:
        text = next(iter(texts.get(field, ())), "")
        day = report_text.day_said(text)
        if text and not day and self._columns.of[field].asked:
            raise Refused(
                N_("{field}: “{value}” is not a date."),
                N_("Write it as 2026-11-23."),
                field=field,
                value=text[:60],
            )
        return day

    def _id(self, key: str, title: str, addresses: str) -> str:
        numbered = _NUMBERED_ADDRESS.match(addresses)
        if numbered and not self._everywhere and (not key or BARE_NUMBER.fullmatch(key)):
            # Whatever the file is called, and whichever of its numbers it has as a key.
            return issue_id(numbered[1], numbered[2])
        if self._columns.dialect and BARE_NUMBER.fullmatch(key) and not self._everywhere:
            return issue_id(self._columns.dialect, key)
        if not key:
            return issue_id(self._source if self._everywhere else "", f"{title}\n{addresses}")
        if self._columns.own and _ID.fullmatch(key):
            return key
        within = self._everywhere or BARE_NUMBER.fullmatch(key)
        return issue_id(self._source if within else "", key)

    def _called(self, field: str) -> str:
        column: MappedColumn = self._columns.of[field]
        return "+".join(column.names)


def _notes(title: str, texts: tuple[str, ...], left: list[str]) -> str:
    """The description, with what had no room elsewhere above and below it."""
    parts = [title] if len(title) > bounded.LONGEST_WORDS else []
    return bounded.notes("\n\n".join([*parts, *texts, "\n".join(left)]))


def _links(texts: tuple[str, ...]) -> tuple[list[ImportLink], list[str]]:
    """The web addresses that are named, and the texts that name none."""
    links: list[ImportLink] = []
    others: list[str] = []
    for text in texts:
        found = [link for line in text.splitlines() for link in bare_links(line)]
        links += found
        others += [] if found else [text]
    return links, others


def _tags(text: str) -> Iterator[str]:
    return (tag.strip() for tag in _BETWEEN_TAGS.split(text) if tag.strip())


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    lines = (bounded.one_line(line) for text in texts for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


# One entry of a list of issues, whatever it was written in: texts under names


#: An entry of JSON may lie so deep in others; what lies deeper is left out.
_DEEPEST: Final = 4
#: What an object in a list is called, in order of preference.
_NAMES: Final = (
    *("title", "name", "text", "label", "displayName", "login", "username", "value", "content"),
    *("key", "id"),
)
_ADDRESSES: Final = ("html_url", "web_url", "url", "href", "link")


class SourceRecord(NamedTuple):
    """The line where it begins, from 1, and for each column that says something what it says."""

    line: int
    cells: Mapping[str, tuple[str, ...]]


def flattened(value: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """An object of JSON as columns: an object in it gives columns such as ``fields.summary``."""
    return dict(_columns(value, "", _DEEPEST))


def _columns(
    value: Mapping[str, Any], prefix: str, depth: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, held in value.items():
        match held:
            case dict() if held.get("type") == "doc" and "content" in held:
                # Jira's rich text.
                yield f"{prefix}{name}", (report_text.rich_text(held),)
            case dict() if depth:
                yield from _columns(held, f"{prefix}{name}.", depth - 1)
            case list():
                texts = tuple(text for one in held if (text := _text(one)))
                if texts:
                    yield f"{prefix}{name}", texts
            case _ if text := _text(held):
                yield f"{prefix}{name}", (text,)


def _text(value: object) -> str:
    """A single value as text; of an object, what it is called and where it is."""
    match value:
        case str():
            return from_elsewhere(value).strip()
        case bool():
            return "true" if value else "false"
        case dict():
            author, said = report_text.written_by(value)
            if said:
                return f"{_text(author)}: {said}"
            name = next((str(value[one]) for one in _NAMES if value.get(one)), "")
            address = next((str(value[one]) for one in _ADDRESSES if value.get(one)), "")
            return from_elsewhere(f"{name} {address}").strip()
        case None | list():
            return ""
        case _:
            return str(value)
