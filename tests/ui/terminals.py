"""The board in a pseudo-terminal, as a process of its own."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pexpect
import pyte

from tests.processes import PATIENCE


class Terminal:
    """A terminal of a size, with the board running in it."""

    def __init__(self, board: Path, home: Path, columns: int, lines: int, **more: str) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "PITBOARD_DB": str(board),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            **more,
        }
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "tui"],
            env=environment,
            dimensions=(lines, columns),
            timeout=PATIENCE,
        )

    @property
    def text(self) -> str:
        """What stands on the screen."""
        lines = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join(
            # The cell behind a wide character is empty.
            "".join(line[x].data for x in range(self.screen.columns)).rstrip()
            for line in lines
        )

    def until(self, words: str, seconds: float = PATIENCE) -> str:
        """Wait until words stand on the screen; all that stands there then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self._stream.feed(self.child.read_nonblocking(65536, timeout=0.1))
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                break
            text = self.text
            if words in text.replace("\n", " ") or words in text:
                return text
        raise AssertionError(f"never saw {words!r}:\n{self.text}")

    def until_written(self, sought: bytes) -> None:
        """Wait until some bytes were written."""
        written = b""
        while sought not in written:
            written += self.child.read(1)
        self._stream.feed(written)

    def rest(self) -> bytes:
        """All that is written until the end."""
        written: bytes = self.child.read()
        self.child.close()
        return written

    def ends(self) -> int | None:
        """Wait for the end; the exit code."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


def drafts(home: Path) -> list[Path]:
    """The drafts that lie in a home."""
    return sorted((home / "state").rglob("drafts/*"))
