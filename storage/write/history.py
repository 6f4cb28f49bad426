"""Undo, redo and revert.

A step is what one user action wrote in this store: an undo counts only for events of its own
actor, so what a colleague wrote is taken back by an ordinary, visible change. As in every
editor, undo goes back step by step, newest first, and redo goes forward again until something
new is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final

from storage import events as kinds
from storage.db.reader import id_array, is_event
from storage.errors import N_, NotFound, Refused
from storage.events import Body, Event, Undone, parse_stored
from storage.events.checked import ValidationError
from storage.events.event import as_written
from storage.fold.conflicts import over, over_item
from storage.fold.fold import MOST_LINES, bare_lines, draft_before, draft_of, void_among
from storage.fold.state import Draft
from storage.model.fields import NamedTuple
from storage.model.records import THE_BOARD, Line
from storage.model.row import Status, Text
from storage.projection.update import core_events, history_of
from storage.write import validation
from storage.write.session import CommandGroup
from storage.write.transaction import Transaction
from storage.write.validation import refusal, typed


class StepEvent(NamedTuple):
    """An event of a step: its pitfall, its id and kind, and the field that it set, if any."""

    pitfall: str
    id: str
    kind: str
    field: str


class Step(NamedTuple):
    """One user action: its events in their order.

    ``titles`` are those of the first few pitfalls it touched, or what a note about the whole board
    says. ``did`` is what it did, as :func:`storage.fold.fold.bare_lines` gives it, and of a step of
    many events their kinds alone.
    """

    events: tuple[StepEvent, ...]
    titles: tuple[Text, ...]
    did: tuple[Line, ...] = ()

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """The event kinds that it wrote, with the fields that it set, each once."""
        return tuple(dict.fromkeys((one.kind, one.field) for one in self.events))

    @property
    def pitfalls(self) -> tuple[str, ...]:
        """The pitfalls that it touched, each once; none, if it was about the whole board."""
        touched = dict.fromkeys(one.pitfall for one in self.events)
        return tuple(pitfall for pitfall in touched if pitfall != THE_BOARD)

    def by_pitfall(self) -> list[tuple[str, tuple[str, ...]]]:
        """The ids of its events, for each pitfall."""
        of_pitfall = attrgetter("pitfall")
        groups = groupby(sorted(self.events, key=of_pitfall), key=of_pitfall)
        return [(pitfall, tuple(one.id for one in group)) for pitfall, group in groups]


class HistoryCommands(CommandGroup):
    """Undo, redo, and reverting one change."""

    def undo(self) -> Step:
        """Undo this person's newest step that is not undone; that step.

        Raises:
            NotFound: if there is none.
        """
        with self._session.writing() as transaction:
            step = newest_undoable(self._session.connection, transaction.actor, self._session.who)
            if step is None:
                raise NotFound(
                    N_("There is nothing to undo."),
                    N_(
                        "Undo takes back what you wrote in this board file; one change of"
                        " anybody’s is reverted in the pitfall’s history."
                    ),
                )
            _undo(transaction, step)
        return step

    def redo(self) -> Step:
        """Redo what this person undid last, unless they wrote something since; that step.

        Raises:
            NotFound: if there is none.
        """
        with self._session.writing() as transaction:
            step = newest_redoable(self._session.connection, transaction.actor, self._session.who)
            if step is None:
                raise NotFound(N_("There is nothing to redo."))
            _undo(transaction, step)
            redone = step_undone_by(self._session.connection, step)
        return redone

    def revert(self, pitfall: str, event: str) -> None:
        """Revert one change: write the value from before it again.

        Args:
            pitfall: the pitfall whose history holds the change.
            event: the id of the change.

        Raises:
            NotFound: if the history holds no such change.
            Refused: if it replaced nothing, is undone, the earlier value is the present
                one, or a rule of the record forbids that value.
        """
        with self._session.writing() as transaction:
            pitfall = transaction.recorded.owner(pitfall, event)
            transaction.recorded.must_hold(pitfall)
            events = transaction.recorded.history(pitfall, event)
            if event not in events:
                raise NotFound(
                    N_("The history of this pitfall holds no change {id}."),
                    N_("“pitboard history ID” shows the names of the changes."),
                    id=event,
                )
            if event in void_among(events.values()):
                raise Refused(
                    N_("This change is already undone."),
                    N_("The value before it is already current."),
                )
            before, now = draft_before(events.values(), event), draft_of(events.values())
            transaction.add(pitfall, revert_of(events[event], before, now))


def _undo(transaction: Transaction, step: Step) -> None:
    for pitfall, events in step.by_pitfall():
        transaction.add(pitfall, typed(Undone, events=events))


_NEWEST_STEP = """
SELECT step FROM events
WHERE actor = ?1 AND who = ?2 AND kind NOT IN ('undone', 'board_made')
  AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)
ORDER BY seq DESC LIMIT 1
"""

#: A :class:`StepEvent` of the event by a name.
_EVENT: Final = (
    "{0}.pitfall, {0}.id, {0}.kind,"
    " CASE {0}.kind WHEN 'field_set' THEN json_extract({0}.line, '$.body.field') ELSE '' END"
).format

_NAMED: Final = is_event("mentions.pitfall", "mentions.target", "named")

# An undo that names steps; one that names undos is a redo.
_NEWEST_UNDO = f"""
SELECT step FROM events
WHERE actor = ?1 AND who = ?2 AND kind = 'undone'
  AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)
  AND NOT EXISTS (SELECT 1 FROM mentions JOIN events AS named ON {_NAMED}
                  WHERE mentions.pitfall = events.pitfall AND mentions.event = events.id
                    AND named.kind = 'undone')
  AND seq > ifnull((SELECT seq FROM events WHERE actor = ?1 AND who = ?2
                      AND kind NOT IN ('undone', 'board_made') ORDER BY seq DESC LIMIT 1), 0)
ORDER BY seq DESC LIMIT 1
"""


# From what changed a note, or took such a change back, to the note.
_NOTED = """
WITH RECURSIVE about (id) AS (
  VALUES (?1)
  UNION
  SELECT target FROM mentions JOIN about ON mentions.event = about.id WHERE mentions.pitfall = ?2
)
SELECT events.id, events.line FROM about JOIN events USING (id)
WHERE events.pitfall = ?2 AND kind = 'retro_noted' AND kind <> 'occurrence_logged' LIMIT 1
"""


def newest_undoable(connection: sqlite3.Connection, actor: str, who: str) -> Step | None:
    """The newest step of a person on this store that is not undone."""
    return _step(connection, actor, who, _NEWEST_STEP)


def newest_redoable(connection: sqlite3.Connection, actor: str, who: str) -> Step | None:
    """The newest undo of a person that is not undone, if they wrote nothing since."""
    return _step(connection, actor, who, _NEWEST_UNDO)


def step_undone_by(connection: sqlite3.Connection, undo: Step) -> Step:
    """The step that an undo step undid."""
    rows = connection.execute(
        f"SELECT {_EVENT('named')} FROM mentions"
        f" JOIN events AS named ON {_NAMED}"
        f" WHERE mentions.event IN ({', '.join('?' * len(undo.events))})"
        " ORDER BY named.seq",
        [one.id for one in undo.events],
    ).fetchall()
    return _step_of(connection, rows)


def _step(connection: sqlite3.Connection, actor: str, who: str, newest: str) -> Step | None:
    found = connection.execute(newest, (actor, who)).fetchone()
    if found is None:
        return None
    rows = connection.execute(
        f"SELECT {_EVENT('events')} FROM events WHERE actor = ? AND seq >= ? AND step = ?"
        " ORDER BY seq",
        (actor, *found, *found),
    ).fetchall()
    return _step_of(connection, rows)


#: The titles of so many pitfalls of a step are looked up: more than a message has room for.
_MOST_TITLES: Final = 5


def _step_of(connection: sqlite3.Connection, rows: Iterable[tuple[str, str, str, str]]) -> Step:
    events = tuple(StepEvent(*row) for row in rows)
    first_of = {one.pitfall: one.id for one in reversed(events)}
    named = islice(Step(events, ()).pitfalls or (THE_BOARD,), _MOST_TITLES)
    titles = tuple(_title(connection, one, first_of[one]) for one in named)
    return Step(events, titles, _done_by(connection, Step(events, titles)))


def _done_by(connection: sqlite3.Connection, step: Step) -> tuple[Line, ...]:
    if len(step.events) > MOST_LINES:
        return tuple(Line("", "", 0, "", *one) for one in step.changes)
    of_step = {one.id for one in step.events}
    return bare_lines(
        line
        for pitfall, ids in step.by_pitfall()
        for line in history_of(
            connection, pitfall, "SELECT value FROM json_each(?)", (id_array(ids),)
        )
        if line.event in of_step
    )


def _title(connection: sqlite3.Connection, pitfall: str, event: str) -> Text:
    """The title of a pitfall, or the one it was reported by if its report is undone.

    What was noted about no pitfall goes by what it says.
    """
    if pitfall == THE_BOARD:
        return _headline_of(connection, event)
    row = connection.execute(
        "SELECT title, title_zh FROM pitfalls WHERE id = ?", (pitfall,)
    ).fetchone()
    if row:
        return Text.of(*row)
    draft = Draft()
    for one in core_events(connection, pitfall):
        if isinstance(one.body, kinds.Reported):
            one.body.apply(draft, one)
    return draft.values.get("title", Text())


def _headline_of(connection: sqlite3.Connection, event: str) -> Text:
    """What the note says that an event is about, now or when it was noted."""
    noted = connection.execute(_NOTED, (event, THE_BOARD)).fetchone()
    if noted is None:
        return _zone_set_by(connection, event)
    name, line = noted
    row = connection.execute(
        "SELECT text, text_zh FROM retro_notes WHERE id = ?", (name,)
    ).fetchone()
    if row:
        return Text.of(*row)
    body = parse_stored(line.encode()).body
    return body.headline() if isinstance(body, kinds.RetroNoted) else Text()


def _zone_set_by(connection: sqlite3.Connection, event: str) -> Text:
    """The time zone that an event gave the board; empty if it gave none."""
    row = connection.execute(
        f"SELECT line FROM events WHERE {is_event('?1', '?2')}", (THE_BOARD, event)
    ).fetchone()
    body = parse_stored(row[0].encode()).body if row else None
    return Text(body.zone) if isinstance(body, kinds.TimeZoneSet) else Text()


# The change that reverts another change: it writes the value from before again


#: As many digits of an event's id as name it to people.
_ENOUGH: Final = 8


def revert_of(event: Event, before: Draft, now: Draft) -> Body:
    """The change that reverts an event.

    Args:
        event: the change to revert.
        before: the state before that change.
        now: the present state.

    Raises:
        Refused: if there is no earlier value, or a rule of the record forbids it.
    """
    body = _reverse(event, before, now)
    if body is None:
        raise Refused(
            N_("There is no earlier value of it that could be restored."),
            N_("What only adds can be hidden or undone; a decision is taken anew."),
        )
    if event.body is None or not _would_change(event.body, event, before):
        raise Refused(N_("This changed nothing, so there is nothing to restore."))
    if not _would_change(body, event, now):
        raise Refused(N_("The value before this change is already current."))
    return body


def _reverse(event: Event, before: Draft, now: Draft) -> Body | None:
    reason = _reason(event)
    match event.body:
        case kinds.FieldSet(field=field) if field in before.values:
            value = before.values[field]
            validation.may_take(now, field, value.plain)
            return over(
                now, field, kinds.FieldSet(field=field, value=as_written(value), reason=reason)
            )
        case kinds.StatusSet() if "status" in before.values:
            status = Status(before.values["status"].plain)
            validation.may_become(now, status, workaround="", fix=None)
            return over(now, "status", kinds.StatusSet(status=status, reason=reason))
        case kinds.TagAdded(tag=tag):
            return kinds.TagRemoved(tag=tag)
        case kinds.TagRemoved(tag=tag):
            return kinds.TagAdded(tag=tag)
        case kinds.ItemAmended(item=item, changes=changes) if item in before.items:
            _, body = before.items[item]
            fields = body.dump(only=changes)
            return earlier_values(now, item, fields, reason) if fields else None
        case kinds.ItemHidden(item=item):
            return kinds.ItemShown(item=item, reason=reason)
        case kinds.ItemShown(item=item) if item in now.items:
            validation.may_hide(now, item)
            return kinds.ItemHidden(item=item, reason=reason)
        case _:
            return None


def earlier_values(
    draft: Draft, item: str, values: dict[str, Any], reason: dict[str, Any]
) -> kinds.ItemAmended:
    """The change that gives fields of an entry the values that they had before.

    Args:
        draft: the present state.
        item: the entry's id.
        values: field name → earlier value, as JSON.
        reason: why, in every language.

    Raises:
        Refused: if they contradict its other fields, such as a fix without a beginning.
        NotFound: if the entry, or the reference that it names, is hidden by now.
    """
    _, body = validation.item_of(draft, item)
    try:
        amended = type(body).whole(vars(body) | values)
    except ValidationError as error:
        raise refusal(error, "") from error
    if isinstance(amended, kinds.VendorReplyAdded) and "reference" in values:
        validation.refers(draft, amended.reference)
    return over_item(draft, kinds.ItemAmended(item=item, changes=values, reason=reason))


def _would_change(body: Body, event: Event, draft: Draft) -> bool:
    """Whether a draft would be another one after ``body``; ``event`` lends its envelope.

    It is a new write: the id of ``event`` may be among those that later writes cover.
    """
    after = draft.copy()
    body.apply(after, Event("", event.line, event.envelope, body))
    return _state(after) != _state(draft)


def _state(draft: Draft) -> tuple[object, ...]:
    return draft.values, draft.tags, draft.items


def _reason(event: Event) -> dict[str, Any]:
    """Why, in every language that a reader may have: it is kept as it is written."""
    who, name = event.envelope.who or "–", event.id[:_ENOUGH]
    return {
        "en": f"restored the value from before {name} ({who})",
        "zh": f"恢复了 {name}（{who}）之前的值",
    }
