"""``python -m benchmarks``: measure boards of several sizes, and print or keep the figures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from benchmarks.boards import Size, cached
from benchmarks.measures import MEASURES, Bench
from benchmarks.record import PACE, Measured, keep, pace_of
from benchmarks.table import ratios, summary


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for and print the table."""
    asked = _parser().parse_args(arguments)
    measured: list[Measured] = []
    for size in asked.sizes:
        board = cached(size, asked.boards)
        with tempfile.TemporaryDirectory(dir=asked.boards) as folder:
            bench = Bench(board, size, Path(folder), asked.rounds)
            for name in asked.only:
                print(f"{size}: {name}", file=sys.stderr)
                if asked.keep:
                    fresh = [*_at_its_pace(bench, name)]
                    keep(fresh)
                else:
                    fresh = [Measured(size, one, "", PACE) for one in MEASURES[name](bench)]
                measured += fresh
    lines = summary(measured) if asked.summary else ratios(measured, absolute=asked.absolute)
    print("\n".join(lines))


def _at_its_pace(bench: Bench, name: str) -> Iterator[Measured]:
    """Each figure of a measure, with the mean of the machine's paces before and after it.

    A machine that others work on may be half as fast a minute later.
    """
    today = f"{date.today():%Y-%m-%d}"
    before = pace_of(bench.board, bench.folder)
    for one in MEASURES[name](bench):
        after = pace_of(bench.board, bench.folder)
        yield Measured(bench.size, one, today, (before + after) / 2)
        before = after


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes",
        type=_sizes,
        default="10,10000",
        help="pitfalls, with commas; PITFALLS/OCCURRENCES where not ten for each (%(default)s)",
    )
    parser.add_argument(
        "--only",
        type=_names,
        default=",".join(MEASURES),
        help="which measures, with commas (%(default)s)",
    )
    parser.add_argument(
        "--boards",
        type=Path,
        default=Path(tempfile.gettempdir()) / "pitboard-boards",
        help="where the boards are kept for the next run (%(default)s)",
    )
    parser.add_argument(
        "--rounds", type=int, default=7, help="more rounds, steadier medians (%(default)s)"
    )
    parser.add_argument(
        "--absolute", action="store_true", help="add this machine's own times to the ratios"
    )
    parser.add_argument(
        "--summary", action="store_true", help="only the times that a user waits for, no ratios"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep the figures for the tables of the documents, see docs/generate.py",
    )
    return parser


def _sizes(text: str) -> list[Size]:
    sizes = []
    for one in text.split(","):
        pitfalls, _, occurrences = one.partition("/")
        sizes.append(Size(int(pitfalls), int(occurrences or int(pitfalls) * 10)))
    return sizes


def _names(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in MEASURES:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(MEASURES)}")
    return names


if __name__ == "__main__":
    main()
