"""A board on a real file, a running app, a clock that stands still."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

import seeds
from storage.write.store import Store
from tests.boards import catalogued
from tests.ui.terminals import Terminal
from tui.app import PitboardApp
from tui.text.i18n import speak

#: Monday, 2026-11-23, 08:00 in UTC.
NOW = 1_795_420_800_000

_parse_rules = Stylesheet._parse_rules
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}
#: A number for each set of colours; to hash hundreds of them for each source takes long.
_numbers: dict[tuple[object, ...], int] = {}
_number_of: WeakKeyDictionary[Stylesheet, tuple[dict[str, str], int]] = WeakKeyDictionary()


def _parse_rules_once(sheet: Stylesheet, *source: object, **options: object) -> list[RuleSet]:
    """Rules of a style sheet as an earlier app parsed them, with the same colours.

    Nobody changes a rule: Textual itself keeps them for as long as an app runs.
    """
    variables, number = _number_of.get(sheet, ({}, 0))
    if variables is not sheet._variables:
        variables = sheet._variables
        number = _numbers.setdefault(tuple(variables.items()), len(_numbers))
        _number_of[sheet] = variables, number
    key = (number, *source, *options.items())
    if (rules := _parsed.get(key)) is None:
        rules = _parsed[key] = _parse_rules(sheet, *source, **options)  # type: ignore[arg-type]
    return rules


Stylesheet._parse_rules = _parse_rules_once  # type: ignore[method-assign]


#: No test makes so many objects that garbage would be looked for while it runs.
_NEVER = 10_000_000


@pytest.fixture(autouse=True)
def no_garbage() -> Iterator[None]:
    """Look for garbage between tests: nearly all that one made is some then, and nothing before.

    To look at each running app, which stays, took an eighth of the time.
    """
    gc.collect(0)
    usual = gc.get_threshold()
    gc.set_threshold(_NEVER, *usual[1:])
    yield
    gc.set_threshold(*usual)


@pytest.fixture(autouse=True)
def surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """A home of its own, UTC, a terminal with all colours, English."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("NO_COLOR", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    speak("en")
    yield
    speak("en")


@pytest.fixture
def board_file(tmp_path: Path) -> Path:
    """Where the board of a test lies."""
    return tmp_path / "board.db"


@pytest.fixture
def start(board_file: Path) -> Iterator[Callable[..., PitboardApp]]:
    """Starts the app on the test's board, as often as one likes, in a language if one is named."""
    started: list[PitboardApp] = []

    def _start(language: str = "") -> PitboardApp:
        if language:
            speak(language)
        if not board_file.exists():
            catalogued(board_file, NOW)
        app = PitboardApp(board_file, who="Ann", now=lambda: NOW)
        started.append(app)
        return app

    yield _start
    for app in started:
        app.session.close()


@pytest.fixture
def app(start: Callable[..., PitboardApp]) -> PitboardApp:
    """The app on a fresh board with the catalogue."""
    return start()


@pytest.fixture
def somebody(board_file: Path, app: PitboardApp) -> Iterator[Store]:
    """Another process's store on the same board."""
    store = Store.open(
        board_file, who="Bob", catalogue=seeds.lines, edition=seeds.EDITION, now=lambda: NOW + 1000
    )
    yield store
    store.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Opens terminals on a board; on the test's own, if none is named."""
    opened: list[Terminal] = []

    def _open(
        columns: int = 80, lines: int = 24, board: Path = tmp_path / "b.db", **more: str
    ) -> Terminal:
        if not board.exists():
            catalogued(board)
        opened.append(Terminal(board, tmp_path, columns, lines, **more))
        return opened[-1]

    yield _open
    for one in opened:
        one.child.close(force=True)
