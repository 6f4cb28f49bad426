"""The targets, and which of them what was measured last meets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.boards import Size
from benchmarks.pairs import Unit
from benchmarks.record import Measured
from benchmarks.table import shown

_TEN: Final = Size(10, 100)
_LARGE: Final = Size(10_000, 100_000)
_LARGEST: Final = Size(100_000, 1_000_000)
SIZES: Final = (_TEN, _LARGE, _LARGEST)
#: A first clone and a rebuild are asked for at their largest.
_AT_LARGEST: Final = (_LARGEST,)


class Target(NamedTuple):
    """What a figure may be at most.

    Args:
        figure: the beginning of its name; of several figures each has the same target.
        most: in its own unit, for each of the sizes; a single one is for all.
        beside: the floor to which a ratio is meant; None for the figure by itself.
        unit: the figure's.
        sizes: the boards that are asked for.
    """

    figure: str
    most: float | tuple[float, float, float]
    beside: str | None = None
    unit: Unit = Unit.SECONDS
    sizes: Sequence[Size] = SIZES

    def most_at(self, size: Size) -> float:
        """The target of a board of that size."""
        return self.most if isinstance(self.most, float) else self.most[SIZES.index(size)]


_SCRIPT: Final = "click + sqlite3"
_SINGLE_FILTER: Final = 0.030
_TWO_FILTERS: Final = 0.045
#: So many times as long may a new pitfall take on the largest board as on one of ten.
_BESIDE_TEN: Final = 1.2
TARGETS: Final = (
    Target("`pitboard list`", 1.5, _SCRIPT),
    Target("`pitboard show`", 1.6, _SCRIPT),
    Target("`pitboard log`", 3.3, _SCRIPT),
    Target("`pitboard new`", 3.3, _SCRIPT),
    Target("one occurrence, pages written: mean", (36.0, 30.0, 36.0), unit=Unit.PAGES),
    Target("one occurrence, pages written: 99 of 100 at most", (60.0, 50.0, 60.0), unit=Unit.PAGES),
    Target("a new pitfall, pages written: mean", 26.0, unit=Unit.PAGES),
    Target("first clone of a shared board", 150.0, sizes=_AT_LARGEST),
    Target("memory of the first clone", 250.0 * 1024, unit=Unit.KIB, sizes=_AT_LARGEST),
    Target("rebuild from the events", 60.0, sizes=_AT_LARGEST),
    Target("memory of the rebuild", 200.0 * 1024, unit=Unit.KIB, sizes=_AT_LARGEST),
    Target("filter `-tag:登录`", _TWO_FILTERS),
    Target("filter `platform:ios severity:S1`", _TWO_FILTERS),
    Target("filter `-(platform:ios or seen:<2w)`", _TWO_FILTERS),
    Target("filter `status:open or severity:S1`", _TWO_FILTERS),
    Target("filter ", _SINGLE_FILTER),
    Target("a page by ", _SINGLE_FILTER),
    Target("search, any keystroke, p95", 0.015),
    Target("key press to repainted list, p95", 0.060),
    Target("opening the detail, p95", 0.060),
    Target("first paint of the board", (1.3, 1.3, 1.4), "empty Textual app"),
    Target("a log of 200 MB, 200 signatures", 1.0, "`rg -F -f`", sizes=(_TEN,)),
    Target("a log of 200 MB, 1,000 signatures", 1.1, "`LC_ALL=C grep -F -f`", sizes=(_TEN,)),
)


def targets(measured: Sequence[Measured]) -> list[str]:
    """The table of targets; what is missed stands in bold."""
    lines = [
        "| figure | target | " + " | ".join(map(str, SIZES)) + " |",
        "| --- | ---: |" + " ---: |" * len(SIZES),
    ]
    told: set[str] = set()
    for target in TARGETS:
        names = dict.fromkeys(
            one.figure.what for one in measured if one.figure.what.startswith(target.figure)
        )
        for name in names:
            # A target of its own goes before that of several.
            if name not in told:
                told.add(name)
                cells = [*_row(target, name, measured)]
                lines.append(f"| {_title(target, name)} | {_most(target)} | {' | '.join(cells)} |")
    lines.append(_new_beside_ten(measured))
    return lines


def _title(target: Target, name: str) -> str:
    return name if target.beside is None else f"{name} beside {target.beside}"


def _most(target: Target) -> str:
    if isinstance(target.most, float):
        return _cell(target, target.most)
    return ", ".join(dict.fromkeys(_cell(target, one) for one in target.most))


def _row(target: Target, name: str, measured: Sequence[Measured]) -> Iterator[str]:
    for size in SIZES:
        value = _value(target, name, size, measured) if size in target.sizes else None
        if value is None:
            yield ""
        else:
            cell = _cell(target, value)
            yield cell if value <= target.most_at(size) else f"**{cell}**"


def _value(target: Target, name: str, size: Size, measured: Sequence[Measured]) -> float | None:
    for one in measured:
        if (one.figure.what, one.size) != (name, size):
            continue
        if target.beside is None and one.figure.unit is not Unit.RATIO:
            return one.ours
        if target.beside == one.figure.floor_is and one.figure.floor:
            return one.figure.ours / one.figure.floor
    return None


def _cell(target: Target, value: float) -> str:
    return f"{value:.2f}×" if target.beside is not None else shown(value, target.unit)


def _new_beside_ten(measured: Sequence[Measured]) -> str:
    """The row of how much longer a new pitfall takes on the largest board than on one of ten."""
    at = {one.size: one.ours for one in reversed(measured) if one.figure.what == "`pitboard new`"}
    cell = f"{at[_LARGEST] / at[_TEN]:.2f}×"
    cell = cell if at[_LARGEST] / at[_TEN] <= _BESIDE_TEN else f"**{cell}**"
    return f"| `pitboard new` beside ten pitfalls | {_BESIDE_TEN:.2f}× | | | {cell} |"
