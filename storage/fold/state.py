"""What the fold holds of one pitfall while it goes through its events."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from copy import copy
from typing import Any, Final

from storage import events as kinds
from storage.events import Event, Item, OccurrenceLogged, Undone
from storage.events.event import text
from storage.fold.conflicts import TRIAGE, Head, Heads, of_item, part_of
from storage.model.clock import CONFIRMED, STATUS, WORKAROUND, WRITTEN, Transition
from storage.model.records import (
    Attachment,
    Comment,
    Conflict,
    Did,
    Fix,
    Occurrence,
    Pitfall,
    Reference,
    RetroNote,
    Signature,
    VendorReply,
)
from storage.model.row import PLAN_NAMES, SETTLED, Decision, Kind, Plan, Severity, Status, Text

_NOTHING: Final = Text()
#: Looked up so, words are found much faster than by a call.
_KINDS: Final = {word.value: word for word in Kind}
_SEVERITIES: Final = {word.value: word for word in Severity}
_STATUSES: Final = {word.value: word for word in Status}
#: Kinds that leave a pitfall itself as it is. Asked for by its class, each event takes ten times as
#: long: those are abstract.
_CHANGING_NOTHING: Final = (OccurrenceLogged.kind, Undone.kind)


def _as_text(value: object) -> Text:
    """The value of any field of a body as a reader's :class:`Text`."""
    match value:
        case bool():
            return Text("yes" if value else "no")
        case dict():
            return text(value)
        case _:
            return Text() if value is None else Text(str(value))


class Draft:
    """What the fold holds of one pitfall while it goes through its events.

    ``standing`` names, for each single value and each amended field of an item (see
    ``storage.fold.conflicts.part_of``), the event that wrote it last, and ``heads``
    holds that one and those that two people wrote at the same time;
    ``hidden`` are the items that are out of sight; ``changes`` are the lines that
    the event at hand adds to the timeline, ``holds_more`` says that it changes what this
    version does not know; ``turns`` is all that was said of status and
    workaround so far.

    Args:
        tells: whether ``changes`` are wanted.
    """

    def __init__(self, *, tells: bool = False) -> None:
        self._tells = tells
        self.reported: Event | None = None
        self.values: dict[str, Text] = {}
        self.standing: dict[str, str] = {}
        self.heads: Heads = Heads()
        self.tags: set[str] = set()
        self.items: dict[str, tuple[Event, Item]] = {}
        self.hidden: dict[str, tuple[Event, Item]] = {}
        self.decision = SETTLED
        self.apart: set[str] = set()
        self.declined: set[tuple[str, str]] = set()
        self.status_before_fix: Status | None = None
        self.workaround_at: int | None = None
        self.changed_at = 0
        self.changes: list[Did] = []
        self.holds_more = False
        self.turns: list[Transition] = []
        #: Writes that an earlier one knew, by the value's name: their clock was ahead of all.
        self.covered: MutableMapping[tuple[str, str], None] = {}
        #: What readers get of an item, which is asked for again after each event.
        self._frozen: dict[str, tuple[Item, object]] = {}

    def take(self, event: Event) -> None:
        """Go on by one live event, which stands after all that were taken before."""
        if event.body is not None:
            event.body.apply(self, event)
            if event.body.kind not in _CHANGING_NOTHING:
                self.changed_at = max(self.changed_at, event.envelope.at)

    def set(
        self,
        name: str,
        value: Text,
        event: Event,
        reason: str | dict[str, str] = "",
        knew: Collection[str] | None = None,
    ) -> None:
        """The single value ``name`` takes ``value``, written by ``event``, knowing others."""
        if (knew or self.covered) and self._is_covered(name, event, knew):
            return
        self.heads.write(name, Head(event, value), knew)
        if self._tells:
            self.change(name, self.values.get(name, _NOTHING), value, reason)
        self.values[name] = value
        self.standing[name] = event.id
        self._take_turn(name, value, event)

    def _take_turn(self, name: str, value: Text, event: Event) -> None:
        if name == WORKAROUND:
            self.workaround_at = event.envelope.at if any(value) else None
            self._turn(WORKAROUND, WRITTEN if any(value) else "", event)
        elif name == STATUS:
            self._turn(STATUS, value.plain, event)

    def report(self, values: Mapping[str, Text], event: Event) -> None:
        """The single values that a pitfall is reported with, status and workaround among them."""
        if self.standing or self.covered or self._tells:
            for name, value in values.items():
                self.set(name, value, event)
            return
        # Nothing stands yet when most are reported: all of it is written at once.
        self.values.update(values)
        self.standing.update(dict.fromkeys(values, event.id))
        self.heads.begin(event, values)
        for name in (STATUS, WORKAROUND):
            self._take_turn(name, values[name], event)

    def decide(
        self,
        decision: Decision,
        event: Event,
        reason: str | dict[str, str] = "",
        knew: Collection[str] | None = None,
    ) -> None:
        """The decision of triage that ``event`` took stands; it ``knew`` others."""
        if self._is_covered(TRIAGE, event, knew):
            return
        self.heads.write(TRIAGE, Head(event, Text(decision.triage), decision), knew)
        self.change(TRIAGE, Text(self.decision.triage), Text(decision.triage), reason)
        self.decision = decision
        self.standing[TRIAGE] = event.id

    def confirm_workaround(self, event: Event, note: str | dict[str, str]) -> None:
        """Somebody found that the workaround still works; nothing if there is none."""
        self.change("", Text(), Text(), note)
        if self.workaround_at is not None:
            self.workaround_at = event.envelope.at
            self._turn(WORKAROUND, CONFIRMED, event)

    def _is_covered(self, name: str, event: Event, knew: Collection[str] | None) -> bool:
        """Whether a write that came before this one, by its clock, was written over it.

        A write stands over those that it names, whatever their clocks say: one clock that is
        far ahead must not pin a value for ever.
        """
        if knew:
            standing = self.standing.get(name)
            # What stands has come already, and does not come again.
            self.covered.update({(name, known): None for known in knew if known != standing})
        return bool(self.covered) and (name, event.id) in self.covered

    def _turn(self, name: str, after: str, event: Event) -> None:
        self.turns.append(Transition(event.id, event.envelope.at, name, after))

    def mark_not_duplicate(self, other: str) -> None:
        """Another pitfall is not the same as this one."""
        self.change("apart", Text(), Text(other))
        self.apart.add(other)

    def decline_suggestion(self, post: str, digest: str, quote: str) -> None:
        """What a post said is no vendor reply, or says nothing of this pitfall."""
        self.change("suggestion", Text(), Text(quote))
        self.declined.add((post, digest))

    def amend(
        self,
        item: str,
        amended: Item,
        parts: Iterable[str],
        event: Event,
        reason: str | dict[str, str] = "",
        knew: Collection[str] | None = None,
    ) -> None:
        """An item takes new values, whether it is in sight or not.

        Args:
            item: its id.
            amended: the item from now on.
            parts: those of its fields that were written.
            event: the one that wrote them.
            reason: why.
            knew: the writes that it knew; None if it knew them all.
        """
        held = self.items if item in self.items else self.hidden
        added, before = held[item]
        for part in parts:
            name = part_of(item, part)
            if self._is_covered(name, event, knew):
                amended = amended.replaced(**{part: getattr(before, part)})
                continue
            self.heads.write(name, Head(event, _as_text(getattr(amended, part))), knew)
            self.standing[name] = event.id
        held[item] = (added, amended)
        for part in type(amended).schema.fields:
            was, now = (_as_text(getattr(one, part)) for one in (before, amended))
            if was != now:
                self.change(before.kind, was, now, reason, part=part, about=before.headline())

    def hide(self, item: str, reason: str | dict[str, str] = "") -> None:
        """An item goes out of sight."""
        if item in self.items:
            self.hidden[item] = self.items.pop(item)
            _, body = self.hidden[item]
            self.change(body.kind, body.headline(), Text(), reason)

    def show(self, item: str, reason: str | dict[str, str] = "") -> None:
        """An item that went out of sight is seen again, in its old place."""
        if item in self.hidden:
            self.items[item] = self.hidden.pop(item)
            self.items = dict(sorted(self.items.items(), key=lambda held: held[1][0].order))
            _, body = self.items[item]
            self.change(body.kind, Text(), body.headline(), reason)

    def change(
        self,
        name: str,
        before: Text,
        after: Text,
        reason: str | dict[str, str] = "",
        *,
        part: str = "",
        about: Text = _NOTHING,
    ) -> None:
        """Note for the timeline what the event at hand does to ``name``."""
        if not self._tells:
            return
        because = text(reason) if reason else _NOTHING
        self.changes.append(Did(name, before, after, because, part, about))

    def copy(self) -> Draft:
        """Another one in which the same stands, to see what an event would do."""
        other = copy(self)
        other.values, other.standing = dict(self.values), dict(self.standing)
        other.heads, other.tags = self.heads.copy(), set(self.tags)
        other.items, other.hidden = dict(self.items), dict(self.hidden)
        other.apart, other.covered = set(self.apart), dict(self.covered)
        other.declined = set(self.declined)
        other.changes, other.turns = [], []
        return other

    def sketch(self) -> Draft:
        """Another one, to see what a single event would do to what can be seen of it."""
        other = copy(self)
        other.values, other.standing, other.heads = dict(self.values), {}, Heads()
        other.tags, other.apart = set(self.tags), set(self.apart)
        other.items, other.hidden = dict(self.items), dict(self.hidden)
        # What the event covers by itself is of no account to it.
        other.covered = ChainMap({}, self.covered)
        other.changes, other.turns = [], []
        return other

    def shown(self) -> tuple[object, ...]:
        """What can be seen of it, to compare two drafts by."""
        return self.values, self.tags, self.items, self.hidden.keys(), self.decision

    def pitfall(self) -> Pitfall | None:
        """The pitfall so far, or None if nobody reported it."""
        if self.reported is None:
            return None
        items = self._entries()
        return Pitfall(
            id=self.reported.pitfall,
            title=self.values["title"],
            kind=_KINDS[self.values["kind"].plain],
            component=self.values["component"],
            severity=_SEVERITIES[self.values["severity"].plain],
            status=_STATUSES[self.values["status"].plain],
            workaround=self.values["workaround"],
            reproduction=self.values["reproduction"],
            reported_at=self.reported.envelope.at,
            reported_by=self.reported.envelope.who,
            changed_at=self.changed_at,
            tags=tuple(sorted(self.tags)),
            comments=tuple(items.get(Comment, ())),
            references=tuple(items.get(Reference, ())),
            signatures=tuple(items.get(Signature, ())),
            fixes=tuple(items.get(Fix, ())),
            decision=self.decision,
            apart=tuple(sorted(self.apart)),
            # What was said at a reference that is out of sight is out of sight with it.
            vendor_replies=tuple(
                item for item in items.get(VendorReply, ()) if self.refers(item.reference)
            ),
            attachments=tuple(items.get(Attachment, ())),
            workaround_at=self.workaround_at,
            conflicts=tuple(self.conflicts()) if self.heads.compete else (),
            plan=Plan._make([self.values[name].plain for name in PLAN_NAMES]),
        )

    def _entries(self) -> dict[type[Any], list[Any]]:
        """The items in sight as readers get them, by their classes."""
        found: dict[type[Any], list[Any]] = {}
        for event, body in self.items.values():
            held = self._frozen.get(event.id)
            if held is None or held[0] is not body:
                held = self._frozen[event.id] = body, body.freeze(event)
            found.setdefault(type(held[1]), []).append(held[1])
        return found

    def conflicts(self) -> Iterator[Conflict]:
        """What people wrote at the same time, of the pitfall, then of its items in sight."""
        conflicting = sorted(self.heads.conflicting(self.standing))
        for name, claims in conflicting:
            if not of_item(name)[0]:
                yield Conflict(name, name, claims)
        for name, claims in conflicting:
            item, part = of_item(name)
            if item in self.items:
                _, body = self.items[item]
                yield Conflict(name, body.kind, claims, part, body.headline())

    def refers(self, item: str) -> bool:
        """Whether an item is a reference of this pitfall."""
        return item in self.items and isinstance(self.items[item][1], kinds.ReferenceAdded)

    def logged(self) -> tuple[tuple[Occurrence, ...], tuple[RetroNote, ...]]:
        """The occurrences so far, and what was noted when a team looked back."""
        items = self._entries()
        return tuple(items.get(Occurrence, ())), tuple(items.get(RetroNote, ()))


# Which events count while more and more arrive


class Liveness:
    """Which events are live, while more and more of them arrive.

    An undo that is live itself makes void what it names, as ``void_among`` has it.
    """

    def __init__(self) -> None:
        self.work = 0
        self._by_id: dict[str, Event] = {}
        #: The undos that name an event, and how many of them are live.
        self._undos: dict[str, list[Event]] = {}
        self._voided: Counter[str] = Counter()

    def is_live(self, event: Event) -> bool:
        """Whether nothing that is there makes an event void."""
        return not self._voided[event.id]

    def take(self, arrived: Iterable[Event]) -> list[Event]:
        """Some more are there; they and those that they change, undos aside."""
        changed: dict[str, Event] = {}
        for event in arrived:
            self._by_id[event.id] = event
            undos = self._undos.get(event.id, ())
            self._voided[event.id] = sum(reaches(one, event) and self.is_live(one) for one in undos)
            if not isinstance(event.body, Undone):
                changed[event.id] = event
                continue
            for name in set(event.body.events):
                self._undos.setdefault(name, []).append(event)
            if self.is_live(event):
                changed |= self._switch(event, 1)
        return [*changed.values()]

    def _switch(self, undo: Event, step: int) -> dict[str, Event]:
        """An undo becomes live (1) or void (-1); the events that become void or live by that."""
        changed: dict[str, Event] = {}
        switched = [(undo, step)]
        while switched:
            undo, step = switched.pop()
            self.work += 1
            for name in set(undo.body.events) if isinstance(undo.body, Undone) else ():
                named = self._by_id.get(name)
                if named is None or not reaches(undo, named):
                    continue
                self.work += 1
                before = self.is_live(named)
                self._voided[name] += step
                if before == self.is_live(named):
                    continue
                if isinstance(named.body, Undone):
                    switched.append((named, -step))
                else:
                    changed[name] = named
        return changed


def reaches(undo: Event, event: Event) -> bool:
    """Whether an undo counts for an event that it names."""
    one, other = undo.envelope, event.envelope
    return one.actor == other.actor and other.seq < one.seq
