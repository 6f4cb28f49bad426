"""What every test has: a home of its worker's own, the Ctrl-C of a terminal, and Hypothesis."""

from __future__ import annotations

import gc
import json
import os
import secrets
import shutil
import signal
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import seeds
import tests.sizes  # noqa: F401  # the profiles of Hypothesis
from storage.text import zones
from tests.catalogues import ENTRY, Upstream
from tests.compiling import compile_once
from tests.engines import engine  # noqa: F401  # a fixture
from tests.teams import Team
from tests.telling import tell_little

#: The environment that the tests were started in, for what needs the machine's own settings.
AS_STARTED = dict(os.environ)

_PLACES = ("CONFIG", "DATA", "STATE", "CACHE")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As a shell leaves it to what runs in the background; processes of tests would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: tests of the board wait for half of their time."""
    return 2 * _cores()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Compile everything once, before each worker would."""
    compile_once(config, _cores())


def _cores() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return cores or 1


# What is loaded and collected stays: to look for garbage meanwhile takes an eighth of that time.
gc.disable()

#: What holds tests that take long, each for itself.
_LONG: Final = ("fault", "property", "ui", "test_wheel.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with long tests, of which it first gets as many as any other.

    One that is begun last would be run while all other cores have nothing left to do.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return
    long: defaultdict[Path, list[pytest.Item]] = defaultdict(list)
    short = []
    for item in items:
        is_short = {*_LONG}.isdisjoint(item.path.parts[-2:])
        (short if is_short else long[item.path]).append(item)
    shares: list[list[pytest.Item]] = [[] for _worker in range(workers)]
    for module in sorted(long.values(), key=len, reverse=True):
        min(shares, key=len).extend(module)
    ordered: list[pytest.Item] = []
    for worker, share in enumerate(shares, 1):
        ordered += share
        # What remains fills it up to the same size, by which they are handed out.
        room = max(0, len(items) * worker // workers - len(ordered))
        ordered += short[:room]
        del short[:room]
    items[:] = ordered + short


#: How many more objects there are when garbage is looked for again; and after how many such looks,
#: and looks at what those left, it is looked for further back.
_LOOK_FOR_GARBAGE_AFTER = (100_000, 10, 3)


def pytest_collection_finish() -> None:
    """Never go through the objects of all tests, which stay, to find the garbage of one.

    That took half of the time of a test that starts the screen.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOOK_FOR_GARBAGE_AFTER)


class NamesOfFailures:
    """Names a test at once when it fails, so that a run that is stopped has told it, too."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say which test failed and the first line of why."""
        if not report.failed or self._terminal.config.get_verbosity() > 0:
            return
        crash = getattr(report.longrepr, "reprcrash", None)
        why = str(crash.message if crash else report.longrepr or "").partition("\n")[0]
        self._terminal.write(f"\nFAILED {report.nodeid}: {why[:200]}\n", red=True)


#: A place in memory, and how many bytes are free in it where a run of all tests has room.
_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 4 << 30


def _in_memory() -> bool:
    """Whether tests may lie in memory: a run of all of them waits for the disk 100,000 times else.

    What reaches the disk, and when, is tested by the calls of the system (``tests/fault``).
    """
    if os.environ.keys() & {"TMPDIR", "PYTEST_DEBUG_TEMPROOT"} or not hasattr(os, "ST_NOEXEC"):
        return False
    try:
        return (
            os.access(_MEMORY, os.W_OK | os.X_OK)
            # Tests write programs, and start them.
            and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
            and shutil.disk_usage(_MEMORY).free > _ROOM
        )
    except OSError:
        return False


if _in_memory():
    os.environ["TMPDIR"] = AS_STARTED["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Name failures where there is somebody to read it; a worker of xdist has nobody."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if hasattr(config, "workerinput"):
        tell_little(config)
    elif terminal is not None:
        config.pluginmanager.register(NamesOfFailures(terminal))


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test meets what lies in the home of whoever runs it, or what another worker writes."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("HOME", str(home))
        for place in _PLACES:
            monkeypatch.setenv(f"XDG_{place}_HOME", str(home / place.lower()))
        for name in [name for name in os.environ if name.startswith(("GIT_", "PITBOARD_"))]:
            monkeypatch.delenv(name)
        # Else each process that a test starts compiles all that it loads.
        monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


#: The digits by which people and tests call a pitfall, where no other one has the same.
_DIGITS: Final = 4
#: As many ids of a test are told apart by them; nobody calls those of a board that is measured.
_TOLD_APART: Final = 2_000


@cache
def _of_the_catalogue() -> frozenset[str]:
    return frozenset(json.loads(line)["pitfall"][:_DIGITS] for line in seeds.lines())


@pytest.fixture(autouse=True)
def ids_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test fails by chance, since two pitfalls that it calls by four digits begin alike.

    That happens once in a hundred runs of all tests. What a board does then has tests of its own.
    """
    drawn: set[str] = set()
    random = secrets.token_hex

    def token_hex(size: int | None = None) -> str:
        token = random(size)
        if len(drawn) < _TOLD_APART:
            while token[:_DIGITS] in drawn or token[:_DIGITS] in _of_the_catalogue():
                token = random(size)
            drawn.add(token[:_DIGITS])
        return token

    monkeypatch.setattr("secrets.token_hex", token_hex)


#: Periods that tests name for all of their module are of days in UTC.
zones.use_zone("UTC")


@pytest.fixture(autouse=True)
def days_in_utc() -> None:
    """No test shows days in the time zone of another one's board, or of this machine."""
    zones.use_zone("UTC")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """Boards of Ann and Bo that share one remote."""
    team = Team(tmp_path)
    yield team
    team.close()


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Upstream:
    """A catalogue with one entry."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-03T10:00:00Z")
    made = Upstream(tmp_path)
    made.entry(1, ENTRY)
    made.commit()
    return made
