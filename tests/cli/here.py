"""The command in this process: as a new one would run it, without the time that one takes to start.

Each verb is compared with a process of its own in ``test_processes.py``.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from io import BytesIO, TextIOWrapper
from tempfile import TemporaryFile
from typing import Final

import pytest

from tui.cli import main
from tui.cli.verbs import VERBS
from tui.text.i18n import choose, language, speak

#: What is said in a language as modules are loaded is said in English here.
speak("en")
for _verb in VERBS.values():
    if _verb.place:
        import_module(_verb.place.partition(":")[0])

#: What Python itself reads as it starts.
_READ_AT_THE_START: Final = ("PYTHON", "LC_", "LANG")


def can_run_here(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether it would come to the same as in a process of its own.

    Args:
        arguments: of the command.
        env: the variables that differ from those of other runs.
    """
    return (
        "--lang" not in " ".join(arguments)
        and choose(None, {"LANG": "C"} | env) == "en"
        and not any(name.startswith(_READ_AT_THE_START) for name in env)
        and threading.current_thread() is threading.main_thread()
    )


def run_here(
    arguments: Sequence[str], stdin: bytes, env: Mapping[str, str]
) -> tuple[int, bytes, bytes]:
    """Its exit code, and what it wrote to stdout and to stderr."""
    out, err = BytesIO(), BytesIO()
    with ExitStack() as stack:
        monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
        stack.enter_context(_surrounded(env))
        # A file that the system knows, since some verbs ask it for what has come in by now.
        typed = stack.enter_context(TemporaryFile())
        typed.write(stdin)
        typed.seek(0)
        streams = [TextIOWrapper(one, "utf-8") for one in (typed, out, err)]
        monkeypatch.setattr(sys, "stdin", streams[0])
        stack.enter_context(redirect_stdout(streams[1]))
        stack.enter_context(redirect_stderr(streams[2]))
        code = main(arguments)
        for stream in streams[1:]:
            stream.flush()
    return code, out.getvalue(), err.getvalue()


@contextmanager
def _surrounded(env: Mapping[str, str]) -> Iterator[None]:
    """In this environment and no other; what the command changes of the process is as it was."""
    before, spoken, thresholds = dict(os.environ), language(), gc.get_threshold()
    _surround(env)
    try:
        yield
    finally:
        speak(spoken)
        _surround(before)
        gc.set_threshold(*thresholds)
        atexit.unregister(gc.freeze)


def _surround(env: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
