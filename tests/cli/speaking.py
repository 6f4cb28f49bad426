"""The command in Chinese: in forks of one process that has loaded all of it in that language.

What is said as modules are loaded is said in the language of that moment, so it can't be the test's
process. ``python -m tests.cli.speaking LANGUAGE`` is such a process; it takes calls from its stdin.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Final

from tests.processes import ROOT

#: The exit code, what was written to stdout and to stderr; or why a test fails.
Said = tuple[int, bytes, bytes] | str
_Call = tuple[Sequence[str], bytes, Mapping[str, str], Path]
_ABRUPT: Final = "The command ended without an answer."


class Speaker:
    """A process that speaks one language and carries out calls, each in a fork of its own."""

    def __init__(self, language: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.speaking", language],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "LC_ALL": "C.UTF-8"},
        )
        atexit.register(self._close)

    def run(
        self, arguments: Sequence[str], stdin: bytes, env: Mapping[str, str], place: Path
    ) -> tuple[int, bytes, bytes]:
        """The exit code of a call, and what it wrote to stdout and to stderr.

        Args:
            arguments: of the command.
            stdin: what it reads.
            env: its environment and no other.
            place: the folder that it is started in.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        call: _Call = (arguments, stdin, env, place)
        pickle.dump(call, self._process.stdin)
        self._process.stdin.flush()
        said: Said = pickle.load(self._process.stdout)
        assert not isinstance(said, str), said
        return said

    def _close(self) -> None:
        self._process.communicate()


@cache
def speaker(language: str) -> Speaker:
    """The process of this worker that speaks a language."""
    return Speaker(language)


def _serve(language: str, calls: IO[bytes], answers: IO[bytes]) -> None:
    from tui.text.i18n import speak
    from tui.text.verbs import VERBS

    speak(language)
    for verb in VERBS.values():
        if verb.place:
            import_module(verb.place.partition(":")[0])
    here = import_module("tests.cli.here")
    while calls.peek(1):  # type: ignore[attr-defined]
        arguments, stdin, env, place = pickle.load(calls)
        child = os.fork()
        if child:
            if os.waitpid(child, 0)[1]:
                _answer(answers, _ABRUPT)
            continue
        ended = 1
        try:
            os.chdir(place)
            _answer(answers, here.run_here(arguments, stdin, env))
            ended = 0
        except Exception:  # noqa: BLE001  # the test fails with it
            _answer(answers, traceback.format_exc())
            ended = 0
        finally:
            os._exit(ended)


def _answer(answers: IO[bytes], said: Said) -> None:
    pickle.dump(said, answers)
    answers.flush()


if __name__ == "__main__":
    _serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
