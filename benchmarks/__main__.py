"""``python -m benchmarks``: measure boards of several sizes and print one table."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.boards import Size, cached
from benchmarks.measures import MEASURES, Bench
from benchmarks.pairs import Figure
from benchmarks.table import markdown, summary


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for and print the table."""
    asked = _parser().parse_args(arguments)
    figures: dict[Size, list[Figure]] = {}
    for size in asked.sizes:
        board = cached(size, asked.boards)
        measured = figures.setdefault(size, [])
        with tempfile.TemporaryDirectory(dir=asked.boards) as folder:
            bench = Bench(board, size, Path(folder), asked.rounds)
            for name in asked.only:
                print(f"{size}: {name}", file=sys.stderr)
                measured.extend(MEASURES[name](bench))
    print(summary(figures) if asked.summary else markdown(figures, absolute=asked.absolute))


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
