"""From a key to what it shows: a repainted list while one searches, an opened detail.

Both on the whole application, without a terminal; beside what is read for it alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from benchmarks import floors, keystrokes
from benchmarks.moving import board_app
from benchmarks.pairs import Figure, at
from storage.query.parser import parse
from storage.read.board import Board

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_EACH: Final = 8
_OPENED: Final = 40
_PAGE: Final = 50
_PATIENCE: Final = 20.0
#: How long the cursor rests on a line before it is opened, in seconds: a glance.
_LOOKED_AT: Final = 0.25


def touching(bench: Bench) -> Iterator[Figure]:
    """The times from a key to what it shows, of which 95 in 100 are no longer."""
    with closing(floors.reader(bench.board)) as connection:
        drawn = keystrokes.drawn(connection, _EACH)
    several = (text for those in drawn.values() for text in those)
    texts = [text for text in dict.fromkeys(several) if _is_typed_as_words(text)]
    if texts:
        typed = asyncio.run(_typed(bench, texts))
        yield Figure(
            "key press to repainted list, p95",
            "the query alone",
            at(0.95, typed),
            at(0.95, [_asked(bench, text) for text in texts]),
        )
    opened = min(_OPENED, bench.size.pitfalls - 1)
    yield Figure(
        "opening the detail, p95",
        "reading it alone",
        at(0.95, asyncio.run(_opened(bench, opened))),
        at(0.95, _read(bench, opened)),
    )


def _is_typed_as_words(text: str) -> bool:
    """Whether a key ends it that is a letter, and neither it nor what is before it is a filter."""
    if len(text) < 2 or not text[-1].isalnum():
        return False
    return all(parse(typed).words.strip() == typed.strip() for typed in (text[:-1], text))


def _asked(bench: Bench, text: str) -> float:
    with Board.open(bench.board) as board:
        board.find(parse("")).page(0, 1)
        start = time.perf_counter()
        board.find(parse(text)).page(0, _PAGE)
        return time.perf_counter() - start


def _read(bench: Bench, count: int) -> list[float]:
    taken = []
    with Board.open(bench.board) as board:
        for row in board.find(parse("")).page(0, count):
            start = time.perf_counter()
            board.pitfall(row.id)
            board.fixes.evidence(row.id)
            taken.append(time.perf_counter() - start)
    return taken


async def _typed(bench: Bench, texts: Sequence[str]) -> list[float]:
    """For each text, from the key of its last sign to the list that answers it, repainted."""
    from tui.screens.search import Search, SearchResult
    from tui.widgets.pitfall_list import PitfallList

    painted: list[float] = []
    answered: list[str] = []
    render_line, answer = PitfallList.render_line, Search._show

    def noted_line(self: PitfallList, y: int) -> Any:
        painted.append(time.perf_counter())
        return render_line(self, y)

    def noted_answer(self: Search, found: SearchResult) -> None:
        answer(self, found)
        # Where the answer is the list that is there already, nothing is painted after it.
        painted[:] = [time.perf_counter()]
        answered.append(found.query.words.strip())

    app = board_app(bench.board)
    taken = []
    PitfallList.render_line = noted_line  # type: ignore[method-assign]
    Search._show = noted_answer  # type: ignore[method-assign]
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            screen: Any = app.screen
            await pilot.press("slash")

            def is_answered(text: str) -> bool:
                return bool(answered and answered[-1] == text.strip())

            for text in texts:
                if screen.search.line.value != text[:-1]:
                    screen.search.line.value = text[:-1]
                    await _until(partial(is_answered, text[:-1]))
                screen.search.line.cursor_position = len(text) - 1
                await pilot.pause(0.2)
                start = time.perf_counter()
                app.simulate_key(text[-1])
                await _until(partial(is_answered, text), 0.001)
                # The last line that is painted of the answer ends the wait.
                await asyncio.sleep(0.05)
                taken.append(painted[-1] - start)
    finally:
        PitfallList.render_line = render_line  # type: ignore[method-assign]
        Search._show = answer  # type: ignore[method-assign]
        app.session.close()  # type: ignore[attr-defined]
    return taken


async def _opened(bench: Bench, count: int) -> list[float]:
    """For each of the first pitfalls, from the key that opens it to its detail."""
    app = board_app(bench.board)
    taken = []
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            screen: Any = app.screen
            await _until(lambda: screen.pitfalls.row is not None)
            await pilot.pause(0.5)

            def is_shown(wanted: str) -> bool:
                shown = screen.detail.pitfall
                filled = "overview" in screen.detail._filled
                return bool(screen.reading and shown and shown.id == wanted and filled)

            for _ in range(count):
                start = time.perf_counter()
                app.simulate_key("enter")
                await _until(partial(is_shown, screen.pitfalls.row.id), 0.001)
                taken.append(time.perf_counter() - start)
                app.simulate_key("escape")
                await _until(lambda: not screen.reading)
                app.simulate_key("j")
                await pilot.pause(_LOOKED_AT)
    finally:
        app.session.close()  # type: ignore[attr-defined]
    return taken


async def _until(true: Callable[[], object], every: float = 0.01) -> None:
    begun = time.perf_counter()
    while not true():
        if time.perf_counter() - begun > _PATIENCE:
            raise TimeoutError("the board did not show what was waited for")
        await asyncio.sleep(every)
