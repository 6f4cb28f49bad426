"""Whole processes, as a person starts them: how long they take and how much memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent

# Linux counts what a process had before exec as its own, so that it looks as large as its
# parent; this one is small.
_WEIGHED: Final = """
import os, resource, sys
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
status = os.waitpid(child, 0)[1]
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def environment(home: Path) -> dict[str, str]:
    """The environment of a process that knows nothing of the person who measures."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "USER": "benchmark",
        "XDG_CONFIG_HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PITBOARD_LANG": "en",
    }


def board_command(path: Path, *arguments: str) -> list[str]:
    """The ``pitboard`` command on a board."""
    return [sys.executable, "-m", "tui", "--db", str(path), *arguments]


def script(source: str, path: Path) -> list[str]:
    """A floor's script on a board."""
    return [sys.executable, "-c", source, str(path)]


def seconds(command: Sequence[str], home: Path) -> float:
    """How long a process takes from its start to its end."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=ROOT, env=environment(home), stdout=quiet, stderr=quiet, check=True)
    return time.perf_counter() - start


def processor_seconds(command: Sequence[str], home: Path) -> float:
    """How much processor time a process takes: that of the disk is not in it.

    Raises:
        CalledProcessError: if it fails.
    """
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        child = os.posix_spawn(command[0], command, environment(home), file_actions=quiet)
    finally:
        os.chdir(here)
    _, status, used = os.wait4(child, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    return used.ru_utime + used.ru_stime


def processor_seconds_read(command: Sequence[str], home: Path, *, ends_with: int = 0) -> float:
    """How much processor time a process takes at the end of an empty pipe, its output read.

    grep stops early where nobody reads it.

    Raises:
        CalledProcessError: if it ends with another code.
    """
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    with process.stdout as written:
        written.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != ends_with:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime


def said(command: Sequence[str], home: Path) -> str:
    """What a process writes."""
    return subprocess.run(
        command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=True
    ).stdout


def peak(command: Sequence[str], home: Path) -> float:
    """The most memory that a process has at once, in the system's unit."""
    return float(said([sys.executable, "-I", "-S", "-c", _WEIGHED, *command], home))


def peak_so_far(process: str = "self") -> float:
    """The peak memory of a running process in KiB; not a number where there is no /proc."""
    with suppress(OSError, StopIteration):
        status = Path("/proc", process, "status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return float(line.split()[1])
    return float("nan")
