"""What runs where, and which occurrence contradicts it: pure functions over runs.

A client version comes with a base library of its own and is given later ones in time, never
earlier ones; and a base library is given to the newest clients no later than to old ones. So
an occurrence is doubted, as a mistyped version mostly is the reason, where others were made often
enough to tell. It is never refused: what the table holds is only what somebody happened to see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from storage.model.clock import LIMIT
from storage.model.environment import Environment, version_key
from storage.model.fields import NamedTuple
from storage.model.vocabulary import Host, Platform

#: So many occurrences of a client version say something of what it runs.
ENOUGH: Final = 3


class VersionPair(NamedTuple):
    """A base library that a client version of a host app was seen with on a platform.

    ``count`` adds up its ``occurrences``, each as often as it says; whatever they came to.
    """

    host: Host | None
    client_version: str
    platform: Platform | None
    base_library: str
    count: int  # type: ignore[assignment]
    occurrences: int
    first_seen: int
    last_seen: int


class Doubt(StrEnum):
    """How an occurrence contradicts what was seen so far."""

    TOO_OLD = "too-old"
    """Its base library is older than every one that its client version was seen with by then."""
    TOO_NEW = "too-new"
    """Its base library is newer than every one seen with its client version or a later one."""


class Contradiction(NamedTuple):
    """A doubt, and the base libraries from ``lowest`` to ``highest`` that were seen instead."""

    doubt: Doubt
    lowest: str
    highest: str


class _Version(NamedTuple):
    key: str
    text: str


class _Seen(NamedTuple):
    """A run whose versions can be compared."""

    client: str
    library: _Version
    run: VersionPair


def contradiction(
    where: Environment, others: Iterable[VersionPair], at: int | None = None
) -> Contradiction | None:
    """Whether an occurrence contradicts the others; None if it does not, or nobody can tell.

    On its host app and platform, its client version has to have been seen three times. Then it
    contradicts them if its base library is

    - older than every base library that was seen with that client version, which had been seen
      three times with newer ones before: who saw an older one then saw it in its time; or
    - newer than every one that was seen with that client version or a later one, while later
      ones were seen three times, too. Without those it is the news that somebody has to be the
      first to tell.

    In devtools the base library is a setting, so nothing contradicts there. Versions compare
    as versions; those that can't be compared contradict nothing.

    Args:
        where: where the occurrence was made.
        others: the runs without that occurrence, of any host apps and platforms.
        at: when it was made (ms); None for now.
    """
    client, library = version_key(where.client_version or ""), version_key(where.base_library or "")
    if client is None or library is None or not _is_bound(where.host, where.platform):
        return None
    here = [run for run in others if (run.host, run.platform) == (where.host, where.platform)]
    seen = _comparable(here)
    same = [one for one in seen if one.client == client]
    later = [one for one in seen if one.client > client]
    return _doubted(library, LIMIT if at is None else at, same, later)


def contradicting(runs: Sequence[VersionPair]) -> dict[int, Contradiction]:
    """Which of some runs, by their places, rest on one occurrence that contradicts the others.

    A run that was seen twice is agreed on.
    """
    found = {}
    for here in _by_place(runs):
        seen = _comparable(runs[place] for place in here)
        by_client = defaultdict(list)
        for one in seen:
            by_client[one.client].append(one)
        later: list[_Seen] = []
        places = {id(runs[place]): place for place in here}
        for client in sorted(by_client, reverse=True):
            same = by_client[client]
            for one in _outermost(same):
                others = [other for other in same if other is not one]
                doubted = _doubted(one.library.key, one.run.first_seen, others, later)
                if one.run.occurrences == 1 and doubted is not None:
                    found[places[id(one.run)]] = doubted
            # Of the later ones, only how many they are and their newest library count.
            later = _summed([*later, *same])
    return found


def _is_bound(host: object, platform: Platform | None) -> bool:
    """Whether a client decides there what base libraries it runs."""
    return host is not None and platform not in (None, Platform.DEVTOOLS)


def _by_place(runs: Sequence[VersionPair]) -> Iterable[list[int]]:
    """The places of runs of one host app and platform together, where versions are bound."""
    grouped = defaultdict(list)
    for place, run in enumerate(runs):
        if _is_bound(run.host, run.platform):
            grouped[run.host, run.platform].append(place)
    return grouped.values()


def _comparable(runs: Iterable[VersionPair]) -> list[_Seen]:
    found = []
    for run in runs:
        client, library = version_key(run.client_version), version_key(run.base_library)
        if client is not None and library is not None:
            found.append(_Seen(client, _Version(library, run.base_library), run))
    return found


def _outermost(same: Sequence[_Seen]) -> list[_Seen]:
    """The runs of one client version that alone can contradict: its oldest and newest library."""
    ends = (min(same, key=lambda one: one.library), max(same, key=lambda one: one.library))
    return list({id(one): one for one in ends}.values())


def _summed(seen: Sequence[_Seen]) -> list[_Seen]:
    """As few runs as there need be to say the newest library of all, and how often all were seen.

    That is the newest one first, then others until they are enough.
    """
    newest = sorted(seen, key=lambda one: one.library, reverse=True)
    count, kept = 0, []
    for one in newest:
        kept.append(one)
        count += one.run.count
        if count >= ENOUGH:
            break
    return kept


def _doubted(
    library: str, at: int, same: Sequence[_Seen], later: Sequence[_Seen]
) -> Contradiction | None:
    """What a base library seen at a time is, beside those of its client version and later ones."""
    if _count(same) < ENOUGH:
        return None
    lowest = min(one.library for one in same)
    highest = max(one.library for one in same)
    before = _count(one for one in same if one.run.first_seen <= at)
    if library < lowest.key and before >= ENOUGH:
        return Contradiction(Doubt.TOO_OLD, lowest.text, highest.text)
    highest = max([highest, *(one.library for one in later)])
    if library > highest.key and _count(later) >= ENOUGH:
        return Contradiction(Doubt.TOO_NEW, lowest.text, highest.text)
    return None


def _count(seen: Iterable[_Seen]) -> int:
    return sum(one.run.count for one in seen)
