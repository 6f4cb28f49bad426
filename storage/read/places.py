"""Any page of a list in an order that no index holds, without sorting all of it.

A sample tells about which rows stand at a place, and one pass through the slim index reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Final, TypeAlias

from storage.db.reader import BoardPart, from_json, listed, row_guard
from storage.model.fields import NamedTuple
from storage.query.sql_order import SLIM, Asked

#: So many pitfalls tell where about in an order any place is.
_SAMPLE: Final = 1_000
#: So much of either end of an order is read at once.
_OUTERMOST: Final = 128
#: There, a smaller sample tells as well what is to be sorted.
_SMALLER: Final = 4
#: A sample errs by fewer standard deviations than these ninety-nine times in a hundred.
_DEVIATIONS: Final = 2.6
#: So many are sorted by what their rows say sooner than an order is gone through.
_LOOKED_UP: Final = 4_000
#: A part of an order: the place of the first one, and rowids from there on.
_Part: TypeAlias = tuple[int, list[int]]
#: The ``ranks`` of rows.
_Ranks: TypeAlias = Sequence[tuple[object, ...]]


class Places(NamedTuple):
    """What is known of the places in an order.

    Args:
        samples: for each size needed, which part of all it is, and its rows’ ``ranks`` in order.
        rowids: by their places, as far as they were read.
    """

    samples: dict[int, tuple[float, _Ranks]]
    rowids: dict[int, int]


class PlaceReader(BoardPart):
    """Reads which pitfalls stand at some places of an order."""

    def known(self, asked: Asked) -> Places:
        """What is known of an order; kept if neither the moment nor who asks matters."""
        if not asked.is_narrow:
            return Places({}, {})
        return self._reader.remembered((asked.condition, asked.order), lambda: Places({}, {}))

    def rowids(
        self, asked: Asked, places: Places, start: int, end: int, total: Callable[[], int]
    ) -> list[int]:
        """The rowids from one place to before another one.

        Args:
            asked: the query, whose order no index holds.
            places: what is known of that order; is added to.
            start, end: from the first place to before the other one, as far as there are so many.
            total: tells how many there are in all, if that has to be known.
        """
        known = places.rowids
        if end > _OUTERMOST:
            # Who asks for all gives no number that anything could be counted up to.
            end = min(end, total())
        if any(place not in known for place in range(start, end)):
            if end <= _OUTERMOST:
                self._read_around(asked, places, 0, _OUTERMOST, total, _SMALLER)
            elif (every := total()) - start <= _OUTERMOST:
                first = max(0, every - _OUTERMOST)
                self._read_around(asked, places, first, every, total, _SMALLER)
            else:
                self._read_around(asked, places, start, end, total, 1)
        return [known[place] for place in range(start, end) if place in known]

    def in_order(self, asked: Asked, found: list[int] | None = None) -> list[int]:
        """All rowids of a listing, in its order; ``found`` are the same in any, if known."""
        condition, parameters, *_ = asked.condition
        source = f"{asked.in_order} WHERE {condition}"
        if asked.is_indexed and not asked.is_held:
            # Which ones they are, and all in the order: as JSON, they come many times faster.
            if found is None:
                found = self._numbers(f"pitfalls INDEXED BY {SLIM} WHERE {condition}", parameters)
            if len(found) > _LOOKED_UP:
                every = f"(SELECT {asked.selected} FROM {asked.in_order} ORDER BY {asked.order})"
                return [*filter({*found}.__contains__, self._numbers(every))]
            source, parameters = f"pitfalls WHERE n IN ({listed(found)})", ()
        return self._numbers(f"(SELECT n FROM {source} ORDER BY {asked.order})", parameters)

    def sample(self, asked: Asked, share: int) -> tuple[float, _Ranks]:
        """Which part of all a sample is, ``share`` times smaller, and its ``ranks`` in order."""
        condition, parameters, *_ = asked.condition
        [(last,)] = self._reader.fetch_all("SELECT ifnull(max(n), 0) FROM pitfalls")
        step = max(1, last * share // _SAMPLE)
        # Two neighbours at a time, since to read their page takes most of it.
        some = listed(n for one in range(1, last + 1, 2 * step) for n in (one, one + 1))
        rows = f"pitfalls NOT INDEXED WHERE n IN ({some}) AND {condition} ORDER BY {asked.order}"
        ranks = ", ".join(asked.ranks)
        return 1 / step, self._reader.fetch_all(f"SELECT {ranks} FROM {rows}", parameters)

    def _read_around(
        self,
        asked: Asked,
        places: Places,
        start: int,
        end: int,
        total: Callable[[], int],
        smaller: int,
    ) -> None:
        """Read the rowids of some places, as far as there are so many.

        They are read with as many on either side as the sample, ``smaller`` times smaller, may err
        by, and more of them where that was not enough.
        """
        if smaller not in places.samples:
            places.samples[smaller] = self.sample(asked, smaller)
        share, sample = places.samples[smaller]
        known, size = places.rowids, len(sample)
        if start:
            share = size / total()
        deviations = _DEVIATIONS
        while any(place not in known for place in range(start, end)):
            low = int(start * share - deviations * _error(start * share, size))
            high = int(end * share + deviations * _error(end * share, size)) + 1
            if low <= 0 and high >= size:
                known.update(enumerate(self.in_order(asked)))
                return
            ends = _bound(sample, low), _bound(sample, high)
            if asked.is_usual_within and all(ends):
                first, found = self._between_values(asked, *ends)
            else:
                first, found = self._between(asked, *ends, total)
            known.update(enumerate(found, first))
            deviations *= 4

    def _between(
        self,
        asked: Asked,
        low: Sequence[object],
        high: Sequence[object],
        total: Callable[[], int],
    ) -> _Part:
        """A part of an order: one pass counts what is before it, and no more than it is sorted.

        ``low`` and ``high`` are the ``ranks`` of its first row, and of the one behind its last;
        none for an end of the order, of ``total`` in all, where nothing is counted.
        """
        condition, parameters, *_ = asked.condition
        sides = ((asked.follows, low), (asked.precedes, high))
        bounds = [beside(here) for beside, here in sides if here]
        filtered = "".join(f" FILTER (WHERE {one.text})" for one in bounds[:-1])
        # One flat array: a thousand small ones call for a search for garbage. Text stands first.
        first, *others = asked.ranks
        first = f"json_quote({first})" if isinstance((low or high)[0], str) else first
        row = " || ',' || ".join((first, *others))
        [(count, found)] = self._reader.fetch_all(
            f"SELECT count(*), '[' || ifnull(group_concat({row}){filtered}, '') || ']'"
            f" FROM {asked.in_order} WHERE {bounds[-1].text} AND {condition}",
            (*(value for one in bounds for value in one.parameters), *parameters),
        )
        part = _sorted_part(found, len(asked.ranks), falling=asked.is_falling)
        return (count if high else total()) - len(part) if low else 0, part

    def _between_values(self, asked: Asked, low: Sequence[object], high: Sequence[object]) -> _Part:
        """The same from the midst of an order that the index has but for its first term.

        SQLite goes through an index that is named from its beginning; what is found is sorted by
        that term alone, if at all.
        """
        condition, parameters, *_ = asked.condition
        after, before = asked.follows(low), asked.precedes(high)
        here, bounds = f"FILTER (WHERE {after.text})", after.parameters
        values = "'[]'" if low[0] == high[0] else f"json_group_array({asked.ranks[0]}) {here}"
        bounds *= 1 if low[0] == high[0] else 2
        [(count, *found)] = self._reader.fetch_all(
            f"SELECT count(*), json_group_array(n) {here}, {values}"
            f" FROM {asked.in_order} WHERE {before.text} AND {condition}",
            (*bounds, *before.parameters, *parameters),
        )
        part = _by_values(*found, turned=asked.terms[-1].down, falling=asked.is_falling)
        return count - len(part), part

    def _numbers(self, source: str, parameters: Sequence[object] = ()) -> list[int]:
        [(found,)] = self._reader.fetch_all(f"SELECT json_group_array(n) FROM {source}", parameters)
        return list(from_json(found))


def _error(place: float, size: int) -> float:
    """The standard deviation of how many of a sample stand before a place in it, and one more."""
    return 1 + sqrt(max(0, place * (1 - place / max(1, size))))


def _bound(sample: _Ranks, at: int) -> tuple[object, ...]:
    """What a row of a sample is told from others by: its first column alone, if none has that too.

    Nothing beyond either end.
    """
    if not 0 < at < len(sample):
        return ()
    around = [row[0] for row in sample[at - 1 : at + 2]]
    return sample[at][: 1 if around.count(sample[at][0]) == 1 else None]


@row_guard
def _sorted_part(found: str, size: int, *, falling: bool) -> list[int]:
    """The rowids of what a pass found, in its order: ``size`` ranks of each, in one JSON array."""
    values = from_json(found)
    ranks = [values[at::size] for at in range(size)]
    part = [*range(len(ranks[0]))]
    # As most times differ, few need be told apart by their rowids, too.
    for rank in ranks[-2 if len({*ranks[-2]}) == len(part) else -1 :: -1]:
        part.sort(key=rank.__getitem__, reverse=falling)
    return [abs(ranks[-1][at]) for at in part]


@row_guard
def _by_values(found: str, values: str, *, turned: bool, falling: bool) -> list[int]:
    """Rowids in the order of their values, both as JSON; as they are where they have but one.

    Args:
        found, values: as the index lists them.
        turned: whether those of one value stand the other way round.
        falling: whether the values do.
    """
    step = -1 if turned else 1
    part: list[int] = from_json(found)[::step]
    if by_value := from_json(values)[::step]:
        places = sorted(range(len(part)), key=by_value.__getitem__, reverse=falling)
        return [part[place] for place in places]
    return part
