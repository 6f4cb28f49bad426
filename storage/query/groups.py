"""Putting conditions together: what parentheses, ``or`` and minus make of them.

Groups that add nothing are dissolved as they close, so that a tree is only as
deep as what it says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from storage.query.tree import AllOf, AnyOf, Condition, Not, Place, Words


class Built(NamedTuple):
    """A condition, and how many levels lie below it."""

    condition: Condition
    depth: int = 0

    def parts(self, kind: type[AllOf] | type[AnyOf]) -> list[Built]:
        """Its parts, if it is of that kind; else itself."""
        if isinstance(self.condition, kind):
            return [Built(part, self.depth - 1) for part in self.condition.of]
        return [self]

    def negated(self) -> Built:
        """What does not answer to it."""
        if isinstance(self.condition, Not):
            return Built(self.condition.of, self.depth - 1)
        return Built(Not(self.condition), self.depth + 1)


def _joined(kind: type[AllOf] | type[AnyOf], several: list[Built]) -> Built:
    if len(several) == 1:
        return several[0]
    below = max(one.depth for one in several)
    return Built(kind(tuple(one.condition for one in several)), below + 1)


_NOWHERE: Final = Place(0, 0)


@dataclass(slots=True)
class Group:
    """What stands between two parentheses, or in the whole query.

    ``alternatives`` are parted by ``or``; ``is_begun`` says that something stands
    in the last one, be it a mistake. ``place`` is where the group was opened.
    """

    place: Place = _NOWHERE
    negated: bool = False
    alternatives: list[list[Built]] = field(default_factory=lambda: [[]])
    is_begun: bool = False

    def add(self, built: Built) -> None:
        """One more that has to hold; words that follow each other are looked for together."""
        self.is_begun = True
        here = self.alternatives[-1]
        for part in built.parts(AllOf):
            words = part.condition
            before = here[-1].condition if here else None
            if isinstance(words, Words) and isinstance(before, Words):
                here[-1] = Built(Words(before.text + words.text))
            else:
                here.append(part)

    def part(self) -> bool:
        """Begin another alternative; False if nothing stands before it."""
        if not self.is_begun:
            return len(self.alternatives) > 1
        self.alternatives.append([])
        self.is_begun = False
        return True

    @property
    def is_plain(self) -> bool:
        """Whether it holds nothing but words."""
        [first, *others] = self.alternatives
        words = all(isinstance(one.condition, Words) for one in first)
        return words and not others and not self.negated

    def closed(self) -> Built | None:
        """The group as one condition; None if it is empty."""
        sides = [_joined(AllOf, side) for side in self.alternatives if side]
        if not sides:
            return None
        built = _joined(AnyOf, [part for side in sides for part in side.parts(AnyOf)])
        return built.negated() if self.negated else built
