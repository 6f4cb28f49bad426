"""What a proposal changes on a pitfall: a comparison of three.

What the file said last time, what it says now, and what stands on the board:
only what the file changed since is set, and where a person changed the same,
the person's text stands and the file's new text comes as a comment.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Final

from storage.events import (
    Body,
    CommentAdded,
    FieldSet,
    Imported,
    ItemHidden,
    ReferenceAdded,
    Reported,
    SignatureAdded,
    TagAdded,
    TagRemoved,
    parse,
)
from storage.events.imports import LooseLink
from storage.events.values import FieldName
from storage.fold.conflicts import over
from storage.fold.state import Draft
from storage.imports.import_item import Proposal, notes
from storage.model.urls import source_of
from storage.model.vocabulary import InboxReason, Status

#: A comment says it in both languages, each with the file's text, so this much has room.
_LONGEST_COMMENT: Final = 15_000
_FIELDS: Final[dict[FieldName, tuple[str, str]]] = {
    "title": ("title", "标题"),
    "kind": ("kind", "类型"),
    "component": ("component", "组件"),
    "severity": ("severity", "严重程度"),
    "workaround": ("workaround", "规避方案"),
    "reproduction": ("reproduction notes", "复现步骤"),
}


_NEWEST_IMPORT: Final = """
SELECT CAST(line AS BLOB) FROM events
WHERE pitfall = ?1 AND kind = 'imported' AND kind <> 'occurrence_logged'
  AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)
ORDER BY hlc DESC, actor DESC, seq DESC, id DESC LIMIT 1
"""


def newest_import(connection: sqlite3.Connection, pitfall: str) -> Imported | None:
    """What a file gave a pitfall last, unless that was taken back."""
    row = connection.execute(_NEWEST_IMPORT, (pitfall,)).fetchone()
    body = parse(row[0]).body if row else None
    return body if isinstance(body, Imported) else None


def said(proposal: Proposal) -> Imported:
    """The event that keeps what the file says."""
    return Imported(
        source=proposal.source,
        key=proposal.key,
        day=proposal.day,
        values={field: _digest(value) for field, value in _values(proposal).items() if value},
        items=tuple(sorted({_digest(name) for name in _items(proposal)})),
        links=tuple(LooseLink(url=link.url, title=link.title) for link in proposal.loose),
    )


def same(before: Imported, now: Imported) -> bool:
    """Whether a file says what it said before; its name and day don't count."""
    return (before.values, set(before.items), before.links) == (
        now.values,
        set(now.items),
        now.links,
    )


def reporting(proposal: Proposal) -> Iterator[Body]:
    """The events of a pitfall that is new to the board, and waits in its inbox."""
    yield Reported(
        title=proposal.title,
        kind=proposal.kind,
        component=proposal.component,
        severity=proposal.severity,
        status=Status.WORKAROUND if proposal.workaround else Status.OPEN,
        workaround=proposal.workaround,
        reproduction=proposal.reproduction,
        inbox=InboxReason.IMPORTED,
    )
    for tag in proposal.tags:
        yield TagAdded(tag=tag)
    for url, title in proposal.links:
        yield ReferenceAdded(url=url, title=title, source=source_of(url))
    for text in proposal.signatures:
        yield SignatureAdded(text=text)
    yield said(proposal)


def merging(draft: Draft, before: Imported, proposal: Proposal) -> Iterator[Body]:
    """The events that bring a pitfall up to what the file says now.

    Args:
        draft: what stands on the board.
        before: what the file said last time.
        proposal: what it says now, which is something else.
    """
    now = said(proposal)
    contested: list[FieldName] = []
    for field, value in _values(proposal).items():
        given, stands = before.values.get(field, ""), draft.values[field].plain
        if now.values.get(field, "") == given or value == stands:
            continue
        if given != (_digest(stands) if stands else ""):
            contested.append(field)
        elif value or not _rests_on(draft, field):
            yield over(draft, field, FieldSet(field=field, value=value))
    yield from _items_added(draft, before, proposal)
    yield from _items_gone(draft, before, now)
    told = [field for field in contested if field not in proposal.guessed]
    if told:
        yield _comment(proposal, told)
    yield now


def _items_added(draft: Draft, before: Imported, proposal: Proposal) -> Iterator[Body]:
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


def _comment(proposal: Proposal, fields: list[FieldName]) -> CommentAdded:
    """What the file says now of fields that people changed meanwhile."""
    values = _values(proposal)
    told = {
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
    return CommentAdded(text={name: notes(text, _LONGEST_COMMENT) for name, text in told.items()})


def _values(proposal: Proposal) -> dict[FieldName, str]:
    return {
        "title": proposal.title,
        "kind": proposal.kind.value,
        "component": proposal.component,
        "severity": proposal.severity.value,
        "workaround": proposal.workaround,
        "reproduction": proposal.reproduction,
    }


def _items(proposal: Proposal) -> Iterator[str]:
    yield from (f"tag {tag}" for tag in proposal.tags)
    yield from (f"link {link.url}" for link in proposal.links)
    yield from (f"signature {text}" for text in proposal.signatures)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
