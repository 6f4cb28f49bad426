"""Power loss by replay: whatever the disk had not been told to keep may be gone, or half there.

``strace`` records the writes and syncs of a writer. From them files are built as a disk may hold
them after the power went off at any moment: all that was synced, and of the rest any sectors. The
full size is 500 of them: ``pytest -m storm tests/fault/test_power_loss.py``.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from storage.check import check
from storage.events import event_id
from storage.write.store import Store
from tests.fault.tracing import STRACE, can_trace
from tests.processes import PATIENCE, ROOT
from tests.records import lines_of
from tests.sizes import sizes

_SECTOR = 512

pytestmark = pytest.mark.skipif(not can_trace(), reason="nothing may be traced here with strace")

# Each line that it writes names an acknowledged event; now and then the WAL is written back.
_WRITER = """
import sys
from pathlib import Path
from storage.write.store import Store

store = Store.open(Path(sys.argv[1]), who="Ann")
pitfall = sys.argv[2]
for n in range(160):
    if n % 4 == 3:
        print(store.comments.add(pitfall, f"{n} " + "x" * 18_000), flush=True)
    elif n % 4:
        print(store.occurrences.log(pitfall, note=f"{n}"), flush=True)
    else:
        pitfall = store.pitfalls.report(f"Pitfall {n}", workaround="y" * 5_000)
store.close()
"""

_CALL = re.compile(r"^(\w+)\((\d+)<([^>]*)>(?:\(deleted\))?(?:, (.*))?\) = (-?\d+)", re.S)
_TEXT = re.compile(r'^"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?(?:, (\d+))?(?:, (\d+))?')


class Call(NamedTuple):
    """What was asked of the disk, or told to whoever waits."""

    what: str
    name: str
    data: bytes = b""
    offset: int = 0


def _calls(trace: Path, board: Path) -> list[Call]:
    found = []
    for line in trace.read_text().splitlines():
        call = _CALL.match(line)
        if call is None:
            continue
        what, number, path, rest, _ = call.groups()
        name = Path(_bytes(path).decode()).name
        if what == "write" and number == "1":
            values = _TEXT.match(rest or "")
            assert values is not None
            if text := _bytes(values[1]).strip():
                found.append(Call("told", "", text))
        elif not name.startswith(board.name):
            continue
        elif what == "pwrite64":
            values = _TEXT.match(rest or "")
            assert values is not None
            assert values[2] is None, "the trace holds no whole data"
            data = _bytes(values[1])
            found.append(Call("write", name, data, int(values[4])))
        elif what in ("fsync", "fdatasync"):
            found.append(Call("sync", name))
        elif what == "ftruncate":
            found.append(Call("truncate", name, offset=int(rest or 0)))
    return found


def _bytes(text: str) -> bytes:
    """What strace writes as ``\\x61\\x62``; what it leaves as it is has no backslash."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


class _Disk:
    """The bytes of each file as they would be found, given what of the unsynced is lost."""

    def __init__(self, files: dict[str, bytes], chance: random.Random) -> None:
        self._files = {name: bytearray(data) for name, data in files.items()}
        self._waiting: dict[str, list[Call]] = {}
        self._chance = chance

    def take(self, call: Call) -> None:
        if call.what == "sync":
            for waiting in self._waiting.pop(call.name, []):
                self._apply(waiting)
        elif call.what in ("write", "truncate"):
            self._waiting.setdefault(call.name, []).append(call)

    def lose_power(self, target: Path, board: Path) -> None:
        """Keep what of the unsynced happened to reach the disk, sector by sector, and write it."""
        for waiting in self._waiting.values():
            for call in waiting:
                if call.what == "truncate":
                    if self._chance.random() < 0.5:
                        self._apply(call)
                    continue
                for start in range(0, len(call.data), _SECTOR):
                    if self._chance.random() < 0.5:
                        sector = call.data[start : start + _SECTOR]
                        self._apply(Call("write", call.name, sector, call.offset + start))
        for name, data in self._files.items():
            target.with_name(name.replace(board.name, target.name)).write_bytes(data)

    def _apply(self, call: Call) -> None:
        data = self._files.setdefault(call.name, bytearray())
        if call.what == "truncate":
            del data[call.offset :]
            return
        if len(data) < call.offset:
            data.extend(bytes(call.offset - len(data)))
        data[call.offset : call.offset + len(call.data)] = call.data


@pytest.mark.parametrize("images", sizes(15, 500))
def test_what_was_acknowledged_outlives_the_power(tmp_path: Path, images: int) -> None:
    board = tmp_path / "board.db"
    store = Store.open(board)
    pitfall = store.pitfalls.report("A white picture")
    store.close()
    files = {board.name: board.read_bytes()}
    trace = tmp_path / "trace"
    calls = "trace=pwrite64,fsync,fdatasync,ftruncate,write"
    assert STRACE is not None
    traced = [STRACE, "-y", "-xx", "-s", "100000", "-o", str(trace), "-e", calls]
    subprocess.run(
        [*traced, sys.executable, "-c", _WRITER, str(board), pitfall],
        check=True,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=PATIENCE,
    )
    recorded = _calls(trace, board)
    assert sum(call.what == "told" for call in recorded) == 120
    # The WAL was written back into the file in between, too.
    assert sum(call.what == "sync" and call.name == board.name for call in recorded) > 1
    written = {event_id(line.rstrip(b"\n")) for line in lines_of(board)}
    chance = random.Random(23)
    for number in range(images):
        room = tmp_path / f"image-{number}"
        room.mkdir()
        image = room / "image.db"
        disk = _Disk(files, chance)
        acknowledged = set()
        for call in recorded[: chance.randrange(len(recorded))]:
            disk.take(call)
            if call.what == "told":
                acknowledged.add(call.data.decode())
        disk.lose_power(image, board)
        held = {event_id(line.rstrip(b"\n")) for line in lines_of(image)}
        assert acknowledged <= held <= written, number
        assert check(image).findings == (), number
        # Life goes on.
        again = Store.open(image)
        again.pitfalls.report("After the power came back")
        again.close()
        assert check(image).sound, number
        shutil.rmtree(room)
