"""Other processes, as they share a board with this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[1]

#: What takes longer hangs, in seconds. No test gives up sooner: a machine that does other things as
#: well takes many times as long.
PATIENCE: Final = 300

#: What a script begins with: a writer of a test is as patient as the test. The product's limits
#: are for people, and are met where a busy machine holds up a writer that has the lock.
_PATIENT: Final = f"""\
import storage.write.session
storage.write.session._LOCK_SECONDS = storage.write.session._QUEUE_SECONDS = {PATIENCE}
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that runs ``script``, beside others that may write; talk to it by text."""
    return _started(_PATIENT + script, arguments)


def _started(script: str, arguments: Sequence[object]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    """The lines that it wrote, when it has ended well."""
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return out.splitlines()


def run_together(script: str, arguments: Sequence[Sequence[object]]) -> None:
    """Run ``script`` in several processes, each of which waits for a line before it begins.

    Args:
        script: says ``ready`` and then reads a line.
        arguments: those of each process.
    """
    processes = [start(script, *those) for those in arguments]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        finish(process)


def run(script: str, *arguments: object) -> list[str]:
    """The lines that a process writes that runs ``script`` while no other writes."""
    return finish(_started(script, arguments))
