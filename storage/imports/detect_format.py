"""A note that was brought in before: which of its problems are which pitfalls.

A heading that was reworded, or whose place among several of its name has
changed, goes on as the same pitfall if what stands below it is much the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from storage.db.connection import connect_for_reading, explained
from storage.imports.import_item import Proposal, note_id
from storage.imports.merge import newest_import
from storage.write.open_board import look

#: How much alike, of a hundred, two texts are that stand below the same heading or another one.
_ALIKE_BELOW_ONE_HEADING: Final = 30.0
_ALIKE: Final = 60.0
#: So much of a text is compared.
_COMPARED: Final = 4_000
#: A text that is shorter says too little; its title is compared with it.
_TELLING: Final = 20

# The name stands in the line as JSON writes it.
_OF_A_SOURCE: Final = """
SELECT DISTINCT events.pitfall, title, reproduction
FROM events JOIN pitfalls ON pitfalls.id = events.pitfall
WHERE events.kind = 'imported' AND instr(line, ?)
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A pitfall that the note gave before: by which key, and what stands on it now."""

    pitfall: str
    key: str
    title: str
    text: str


def recognised(path: Path, proposals: Sequence[Proposal]) -> tuple[list[Proposal], list[str]]:
    """The problems of a note under the ids that they have on the board.

    Args:
        path: the board's file; there may be none yet.
        proposals: those of one note.

    Returns: the proposals, and the titles of those pitfalls that the note no
        longer speaks of.
    """
    if not proposals or look(path) is None:
        return list(proposals), []
    with explained(path), closing(connect_for_reading(path)) as connection:
        known = _known(connection, proposals[0].source)
    pairs = _paired(proposals, known)
    taken = {one.pitfall for one in known}
    found = []
    for place, proposal in enumerate(proposals):
        if place in pairs:
            found.append(replace(proposal, pitfall=pairs[place].pitfall))
        else:
            found.append(_unlike(proposal, taken))
            taken.add(found[-1].pitfall)
    still = {one.pitfall for one in pairs.values()}
    return found, [one.title for one in known if one.pitfall not in still]


def _known(connection: sqlite3.Connection, source: str) -> list[Known]:
    """The pitfalls that a note of that name gave last."""
    needle = f'"source":{json.dumps(source, ensure_ascii=False)}'
    known = []
    for pitfall, title, text in connection.execute(_OF_A_SOURCE, (needle,)).fetchall():
        given = newest_import(connection, pitfall)
        if given is not None and given.source == source:
            known.append(Known(pitfall, given.key, title, text))
    return sorted(known, key=lambda one: one.key)


def _paired(proposals: Sequence[Proposal], known: Sequence[Known]) -> dict[int, Known]:
    """The pitfall that each proposal is, by its place; those that are new are not there."""
    pairs: dict[int, Known] = {}
    free = list(known)
    left = list(range(len(proposals)))

    def pair(place: int, one: Known) -> None:
        pairs[place] = one
        free.remove(one)
        left.remove(place)

    for anchor in dict.fromkeys(_anchor(one.key) for one in proposals):
        places = [place for place in left if _anchor(proposals[place].key) == anchor]
        named = [one for one in free if _anchor(one.key) == anchor]
        if len(places) == len(named) == 1:
            pair(places[0], named[0])
        else:
            _pair_alike(proposals, places, named, _ALIKE_BELOW_ONE_HEADING, pair)
    _pair_alike(proposals, list(left), list(free), _ALIKE, pair)
    return pairs


def _pair_alike(
    proposals: Sequence[Proposal],
    places: Sequence[int],
    known: Sequence[Known],
    least: float,
    pair: Callable[[int, Known], None],
) -> None:
    """Pair what is most alike first."""
    if not places or not known:
        return
    from rapidfuzz.fuzz import ratio

    alike = []
    for place in places:
        for number, one in enumerate(known):
            ours, theirs = _compared(proposals[place].title, proposals[place].reproduction, one)
            score = ratio(ours, theirs, score_cutoff=least)
            if score >= least:
                alike.append((-score, place, number))
    done_places: set[int] = set()
    done_known: set[int] = set()
    for _score, place, number in sorted(alike):
        if place not in done_places and number not in done_known:
            pair(place, known[number])
            done_places.add(place)
            done_known.add(number)


def _compared(title: str, text: str, one: Known) -> tuple[str, str]:
    if min(len(text), len(one.text)) < _TELLING:
        text, other = f"{title}\n{text}", f"{one.title}\n{one.text}"
    else:
        other = one.text
    return text[:_COMPARED], other[:_COMPARED]


def _unlike(proposal: Proposal, taken: set[str]) -> Proposal:
    """A proposal under an id that is none of those taken."""
    if proposal.pitfall not in taken:
        return proposal
    anchor = _anchor(proposal.key)
    for number in count(2):
        key = f"{anchor}#{number}"
        if (pitfall := note_id(proposal.source, key)) not in taken:
            return replace(proposal, key=key, pitfall=pitfall)
    raise AssertionError


def _anchor(key: str) -> str:
    """The heading in a key, without the number among several of its name."""
    return key.rpartition("#")[0]
