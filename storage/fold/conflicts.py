"""Where two people wrote the same value at the same time: both stand until somebody keeps one.

Each write of a single value, be it of a pitfall or of one of its items, names the one that stood
when it was written, and those that stood beside it. So of every value there are its *heads*: the
writes that no other write knew of. The last one in the record's order stands; the others are
shown beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from storage.model.clock import FIRST
from storage.model.fields import NamedTuple
from storage.model.records import Claim
from storage.model.row import Decision, Text

if TYPE_CHECKING:
    from storage.events import Event, ItemAmended, Write
    from storage.fold.state import Draft

_W = TypeVar("_W", bound="Write")

#: The field that a decision of triage is the value of.
TRIAGE: Final = "triage"
#: What a team decides for itself, whatever a catalogue says of it later.
_OURS: Final = ("status", "severity", TRIAGE)


def part_of(item: str, part: str) -> str:
    """The name of the value that a field of an item is, among those of its pitfall."""
    return f"{item}.{part}"


def of_item(name: str) -> tuple[str, str]:
    """The item that a value belongs to and which field of it that is, from the value's name.

    Returns: two empty texts if it is a value of the pitfall itself.
    """
    item, dot, part = name.partition(".")
    return (item, part) if dot else ("", "")


class Head(NamedTuple):
    """A write that no other one knew of, and what it says."""

    event: Event
    value: Text
    decision: Decision | None = None

    @property
    def claim(self) -> Claim:
        """This write as a reader gets it."""
        meta = self.event.envelope
        return Claim(self.event.id, meta.at, meta.who, self.value, self.decision)

    def says(self, other: Head) -> bool:
        """Whether it says the same as another one, whenever that was."""
        if self.decision is None or other.decision is None:
            return self.value == other.value
        return self.decision._replace(at=0) == other.decision._replace(at=0)


class Heads:
    """The heads of each single value of a pitfall, while the fold goes through its events."""

    def __init__(
        self,
        heads: Mapping[str, Mapping[str, Head]] | None = None,
        void: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._heads = {name: dict(those) for name, those in (heads or {}).items()}
        self._void = dict(void or {})
        #: Whether any value may have more than one.
        self.compete = any(len(those) > 1 for those in self._heads.values())

    def write(self, name: str, head: Head, knew: Collection[str] | None) -> None:
        """A write comes in, after all that it can have known.

        A store knows whatever it wrote itself. A person's words stand over a catalogue's; where it
        changed a text that somebody had edited already, both are shown.

        Args:
            name: the value's name.
            head: the write.
            knew: the writes that it names; None if it knew them all.
        """
        heads = self._heads.get(name)
        if knew is None or not heads:
            self._heads[name] = {head.event.id: head}
            return
        self._forget(heads, knew)
        actor = head.event.envelope.actor
        for event, other in list(heads.items()):
            meta = other.event.envelope
            is_settled = name in _OURS or meta.kind == "reported"
            if meta.actor == actor or (meta.hlc < FIRST and is_settled):
                del heads[event]
        heads[head.event.id] = head
        self.compete = self.compete or len(heads) > 1

    def begin(self, event: Event, values: Mapping[str, Text]) -> None:
        """Values come in by an event before which nothing was written."""
        self._heads |= {name: {event.id: Head(event, value)} for name, value in values.items()}

    def take_back(self, event: Event, knew: Collection[str] | None) -> None:
        """A write that was taken back: whoever knew it knew as well what it knew."""
        self._void[event.id] = knew or ()

    def beside(self, name: str, standing: str | None) -> tuple[str, ...]:
        """The heads of a value besides the one that stands."""
        return tuple(event for event in self._heads.get(name, ()) if event != standing)

    def conflicting(self, standing: Mapping[str, str]) -> Iterator[tuple[str, tuple[Claim, ...]]]:
        """The names of the values of which several stand, each with the one on top first.

        Args:
            standing: the event that wrote each value last.
        """
        for name, heads in self._heads.items() if self.compete else ():
            if len(heads) == 1:
                continue
            top = heads[standing[name]]
            others = [head for head in heads.values() if not head.says(top)]
            if others:
                claims = (top, *sorted(others, key=lambda head: head.event.order, reverse=True))
                yield name, tuple(head.claim for head in claims)

    def copy(self) -> Heads:
        """Another one in which the same stands."""
        return Heads(self._heads, self._void)

    def _forget(self, heads: dict[str, Head], knew: Collection[str]) -> None:
        waiting = list(knew)
        met: set[str] = set()
        while waiting:
            event = waiting.pop()
            heads.pop(event, None)
            if event not in met:
                met.add(event)
                waiting += self._void.get(event, ())


def over(draft: Draft, name: str, body: _W) -> _W:
    """A write that names all that stands there: it takes the place of the value and its rivals.

    Args:
        draft: what the writer sees.
        name: the value's name.
        body: the write.
    """
    standing = draft.standing.get(name)
    settled = draft.heads.beside(name, standing)
    return body.replaced(replaces=standing, settles=settled)


def over_item(draft: Draft, body: ItemAmended) -> ItemAmended:
    """An amendment that names all that stands there of the fields that it changes.

    What nobody amended yet was written by the event that added the item.

    Args:
        draft: what the writer sees.
        body: the amendment.
    """
    knew: dict[str, None] = {}
    for part in body.changes:
        name = part_of(body.item, part)
        standing = draft.standing.get(name, body.item)
        knew |= dict.fromkeys((standing, *draft.heads.beside(name, standing)))
    replaced, *settled = knew
    return body.replaced(replaces=replaced, settles=tuple(settled))
