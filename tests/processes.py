"""Other processes, as they share a board with this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process that runs ``script`` with our sources on its path; talk to it by text."""
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
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.splitlines()


def run(script: str, *arguments: object) -> list[str]:
    """The lines that a process writes that runs ``script``."""
    return finish(start(script, *arguments))
