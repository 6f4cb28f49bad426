"""Three-way merge of an import item into its pitfall.

What the file said last time, what it says now, and what stands on the board:
only what the file changed since is set, and where a person changed the same,
the person's text stands and the file's new text comes as a comment.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from storage.events import (
    Body,
    CommentAdded,
    Declined,
    FieldSet,
    FixRecorded,
    Imported,
    ItemHidden,
    OccurrenceLogged,
    ReferenceAdded,
    Reported,
    SignatureAdded,
    StatusSet,
    TagAdded,
    TagRemoved,
    parse_stored,
)
from storage.events.values import FieldName, LooseLink
from storage.fold.conflicts import over
from storage.fold.state import Draft
from storage.imports.import_item import ImportItem, TrackerOutcome, notes
from storage.model.row import InboxReason, Status, Triage
from storage.model.vocabulary import source_of

#: A comment says it in both languages, each with the file's text, so this much has room.
_LONGEST_COMMENT: Final = 15_000
#: What a tracker decided, among the values that a file gave.
_OUTCOME: Final = "outcome"
_FIELDS: Final[dict[FieldName, tuple[str, str]]] = {
    "title": ("title", "标题"),
    "kind": ("kind", "类型"),
    "component": ("component", "组件"),
    "severity": ("severity", "严重程度"),
    "workaround": ("workaround", "规避方案"),
    "reproduction": ("reproduction notes", "复现步骤"),
    "assignee": ("assignee", "负责人"),
    "due": ("due date", "截止日期"),
    "ticket": ("vendor ticket", "官方工单"),
}
#: The status among the values that a file gave.
_STATUS: Final = "status"
_NEWEST_IMPORT: Final = """
SELECT CAST(line AS BLOB) FROM events
WHERE pitfall = ?1 AND kind = 'imported' AND kind <> 'occurrence_logged'
  AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)
ORDER BY hlc DESC, actor DESC, seq DESC, id DESC LIMIT 1
"""


def newest_import(connection: sqlite3.Connection, pitfall: str) -> Imported | None:
    """What a file gave a pitfall last, unless that was taken back."""
    row = connection.execute(_NEWEST_IMPORT, (pitfall,)).fetchone()
    body = parse_stored(row[0]).body if row else None
    return body if isinstance(body, Imported) else None


def said(proposal: ImportItem) -> Imported:
    """The event that keeps what the file says."""
    decided = {_OUTCOME: _digest(proposal.outcome)} if proposal.outcome else {}
    return Imported(
        source=proposal.source,
        key=proposal.key,
        day=proposal.day,
        values={field: _digest(value) for field, value in _values(proposal).items() if value}
        | {_STATUS: _digest(proposal.status_on_board.value)}
        | decided,
        items=tuple(sorted({_digest(name) for name in _items(proposal)})),
        links=tuple(LooseLink(url=link.url, title=link.title) for link in proposal.loose),
        text=proposal.text,
    )


def same(before: Imported, now: Imported) -> bool:
    """Whether a file says what it said before; its name and day don't count."""
    ours, theirs = ((one.values, set(one.items), one.links) for one in (before, now))
    return ours == theirs


def reporting(proposal: ImportItem) -> Iterator[Body]:
    """The events of a pitfall that is new to the board, and waits in its inbox."""
    is_known = proposal.outcome is TrackerOutcome.DUPLICATE
    yield Reported.whole(
        {
            "title": proposal.title,
            "kind": proposal.kind,
            "component": proposal.component,
            "severity": proposal.severity,
            "status": proposal.status_on_board,
            "workaround": proposal.workaround,
            "reproduction": proposal.reproduction,
            "assignee": proposal.assignee,
            "due": proposal.due,
            "ticket": proposal.ticket,
            "inbox": InboxReason.DUPLICATE if is_known else InboxReason.IMPORTED,
        }
    )
    for tag in proposal.tags:
        yield TagAdded(tag=tag)
    for url, title in proposal.links:
        yield ReferenceAdded(url=url, title=title, source=source_of(url))
    for text in proposal.signatures:
        yield SignatureAdded(text=text)
    for text in proposal.comments:
        yield CommentAdded(text=text)
    yield from _fixed(proposal)
    yield from _seen(proposal)
    yield from _declined(proposal)
    yield said(proposal)


def _fixed(proposal: ImportItem) -> Iterator[Body]:
    """The fix in the version that the file says."""
    if fix := proposal.fixed_in:
        yield FixRecorded(
            axis=fix.axis, from_version=fix.version, quote=fix.words, official=fix.official
        )


def _seen(proposal: ImportItem) -> Iterator[Body]:
    """An occurrence where the file says that it was seen, on the file's day."""
    if any(proposal.environment) and proposal.day:
        noon = datetime.fromisoformat(proposal.day[:10]).replace(hour=12, tzinfo=UTC)
        yield OccurrenceLogged(
            seen_at=int(noon.timestamp() * 1000), **proposal.environment._asdict()
        )


def _declined(proposal: ImportItem) -> Iterator[Body]:
    because = proposal.outcome.decline_reason if proposal.outcome else None
    if because is not None:
        yield Declined(because=because, reason=proposal.outcome_words)


def merging(draft: Draft, before: Imported, proposal: ImportItem) -> Iterator[Body]:
    """The events that bring a pitfall up to what the file says now.

    Args:
        draft: what stands on the board.
        before: what the file said last time.
        proposal: what it says now, which is something else.
    """
    now = said(proposal)
    conflicting: list[FieldName] = []
    for field, value in _values(proposal).items():
        given, current = before.values.get(field, ""), draft.values[field].plain
        if now.values.get(field, "") == given or value == current:
            continue
        if given != (_digest(current) if current else ""):
            conflicting.append(field)
        elif value or not _rests_on(draft, field):
            yield over(draft, field, FieldSet(field=field, value=value))
    waits = draft.decision.triage is Triage.INBOX
    if waits and now.values.get(_OUTCOME, "") != before.values.get(_OUTCOME, ""):
        yield from _declined(proposal)
    yield from _status_changed(draft, before, proposal)
    yield from _items_added(draft, before, proposal)
    yield from _items_gone(draft, before, now)
    kept_apart = [field for field in conflicting if field not in proposal.guessed]
    if kept_apart:
        yield _comment(proposal, kept_apart)
    yield now


def _status_changed(draft: Draft, before: Imported, proposal: ImportItem) -> Iterator[Body]:
    """The status that the file gives now, unless a person decided on another one."""
    now, current = proposal.status_on_board, draft.values["status"].plain
    given = before.values.get(_STATUS, "")
    if now != current and given == _digest(current) and given != _digest(now.value):
        yield over(draft, _STATUS, StatusSet(status=now))


def _items_added(draft: Draft, before: Imported, proposal: ImportItem) -> Iterator[Body]:
    given = set(before.items)
    bodies = [body for _, body in draft.items.values()]
    urls = {body.url for body in bodies if isinstance(body, ReferenceAdded)}
    texts = {body.text for body in bodies if isinstance(body, SignatureAdded)}
    for tag in proposal.tags:
        if _digest(f"tag {tag}") not in given and tag not in draft.tags:
            yield TagAdded(tag=tag)
    for url, title in proposal.links:
        if _digest(f"link {url}") not in given and url not in urls:
            yield ReferenceAdded(url=url, title=title, source=source_of(url))
    for text in proposal.signatures:
        if _digest(f"signature {text}") not in given and text not in texts:
            yield SignatureAdded(text=text)
    for text in proposal.comments:
        if _digest(f"comment {text}") not in given:
            yield CommentAdded(text=text)
    if _digest(_fix_name(proposal)) not in given:
        yield from _fixed(proposal)
    if _digest(_place_name(proposal)) not in given:
        yield from _seen(proposal)


def _items_gone(draft: Draft, before: Imported, now: Imported) -> Iterator[Body]:
    """What the file no longer gives goes, unless a person made something else of it."""
    gone = set(before.items) - set(now.items)
    for tag in sorted(draft.tags):
        if _digest(f"tag {tag}") in gone:
            yield TagRemoved(tag=tag)
    for item, (_, body) in draft.items.items():
        match body:
            case ReferenceAdded(url=url, quote="") if _digest(f"link {url}") in gone:
                yield ItemHidden(item=item)
            case SignatureAdded(text=text) if _digest(f"signature {text}") in gone:
                yield ItemHidden(item=item)


def _rests_on(draft: Draft, field: str) -> bool:
    """Whether the status needs that the field says something."""
    return field == "title" or (
        field == "workaround" and draft.values["status"].plain == Status.WORKAROUND
    )


def _comment(proposal: ImportItem, fields: list[FieldName]) -> CommentAdded:
    """What the file says now of fields that people changed meanwhile."""
    values = _values(proposal)
    kept_apart = {
        language: "\n\n".join(
            f"{intro.format(field=_FIELDS[field][place], source=proposal.source)}\n\n"
            + (values[field] or "–")
            for field in fields
        )
        for place, (language, intro) in enumerate(
            (
                ("en", "The {field} was changed here, so it stays; “{source}” now says:"),
                ("zh", "此处的{field}改动过，予以保留；“{source}”现在写的是："),
            )
        )
    }
    return CommentAdded(
        text={name: notes(text, _LONGEST_COMMENT) for name, text in kept_apart.items()}
    )


def _values(proposal: ImportItem) -> dict[FieldName, str]:
    return {field: str(getattr(proposal, field)) for field in _FIELDS}


def _items(proposal: ImportItem) -> Iterator[str]:
    yield from (f"tag {tag}" for tag in proposal.tags)
    yield from (f"link {link.url}" for link in proposal.links)
    yield from (f"signature {text}" for text in proposal.signatures)
    yield from (f"comment {text}" for text in proposal.comments)
    if proposal.fixed_in:
        yield _fix_name(proposal)
    if any(proposal.environment):
        yield _place_name(proposal)


def _fix_name(proposal: ImportItem) -> str:
    return f"fix {proposal.fixed_in.axis} {proposal.fixed_in.version}" if proposal.fixed_in else ""


def _place_name(proposal: ImportItem) -> str:
    return f"seen {'|'.join(str(one or '') for one in proposal.environment)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
