"""The command in this process: as a new one would run it, without the time that one takes to start.

Each verb is compared with a process of its own in ``test_processes.py``.
"""

from __future__ import annotations

import atexit
import faulthandler
import gc
import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from importlib import import_module
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, NoReturn

import pytest
from jsonschema import Draft202012Validator

from tests.json_schema import problems, validator
from tui.cli import main
from tui.cli.output import INTERRUPTED
from tui.cli.schemas import ERROR, schema
from tui.text.i18n import choose, language, speak
from tui.text.verbs import VERBS

#: What is said in a language as modules are loaded is said in English here.
speak("en")
for _verb in VERBS.values():
    if _verb.place:
        import_module(_verb.place.partition(":")[0])

#: The streams of a terminal as Python opens them.
_TERMINAL: Final = (
    ("stdin", "r", "surrogateescape"),
    ("stdout", "w", "surrogateescape"),
    ("stderr", "w", "backslashreplace"),
)
#: What Python itself reads as it starts.
_READ_AT_THE_START: Final = ("PYTHON", "LC_", "LANG")


def can_run_here(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether it would come to the same as in a process of its own.

    Args:
        arguments: of the command.
        env: the variables that differ from those of other runs.
    """
    return spoken_by(arguments, env) == "en"


def spoken_by(arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """The language in which a process that is there already can do it; empty if none can.

    Args:
        arguments: of the command.
        env: the variables that differ from those of other runs.
    """
    options = [*arguments[: arguments.index("--")]] if "--" in arguments else [*arguments]
    named = None
    if any(word.startswith("--lang") for word in options):
        # The first one is spoken, and refused if it is no language, or if there is another.
        words = iter(" ".join(options).replace("--lang=", "--lang ").split(" "))
        named = next((next(words, "") for word in words if word == "--lang"), "")
        if not named:
            return ""
    alone = any(name.startswith(_READ_AT_THE_START) for name in env)
    if alone or threading.current_thread() is not threading.main_thread():
        return ""
    return choose(named, {"LANG": "C"} | env)


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
    must_be_valid(arguments, code, out.getvalue(), err.getvalue())
    return code, out.getvalue(), err.getvalue()


def can_fork_here(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether a fork of this process would do what a process of its own does.

    Not the board itself. And SQLite takes a file for open in the fork that is open here, which only
    some systems tell.
    """
    opened = [str(one.readlink()) for one in Path("/proc/self/fd").glob("*") if one.is_symlink()]
    return (
        bool(opened)
        and bool(verb_of(arguments))
        and can_run_here(arguments, env)
        and not any(name.partition(" ")[0].endswith((".db", "-wal", "-shm")) for name in opened)
    )


def end_as_the_command(arguments: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """Go on as the command in a terminal: in a fork of this process, whose streams that is."""
    # Whoever forked waits until what is not the terminal is closed, as a new program would.
    faulthandler.disable()
    os.closerange(3, 4096)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    logging.getLogger().handlers.clear()
    warnings.simplefilter("ignore")
    sys.unraisablehook, threading.excepthook = sys.__unraisablehook__, threading.__excepthook__
    code = None
    try:
        _surround(env)
        sys.argv = ["pitboard", *arguments]
        for number, (name, mode, errors) in enumerate(_TERMINAL):
            stream = os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        code = main(arguments)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        if code is None:
            traceback.print_exc()
        os._exit(1 if code is None else code)


def must_be_valid(arguments: Sequence[str], code: int, out: bytes, err: bytes) -> None:
    """Hold what a call with ``--json`` wrote against its schema.

    Raises:
        AssertionError: if it is not as the schema says.
    """
    options = [*arguments[: arguments.index("--")]] if "--" in arguments else [*arguments]
    if "--json" not in options or {"-h", "--help", "--version"} & {*options}:
        return
    verb = verb_of(options)
    goes_elsewhere = not {"--tee", "--output"}.isdisjoint(options)
    if out and not goes_elsewhere:
        assert verb, options
        assert problems(json.loads(out), _schema(verb)) == [], (options, out)
    if code == INTERRUPTED:
        return
    if code:
        said = json.loads(err)
        assert problems(said, _schema(ERROR)) == [], (options, err)
        assert all(said[name] for name in ("code", "message", "hint")), (options, err)
    else:
        assert out or goes_elsewhere, options


@cache
def _schema(name: str) -> Draft202012Validator:
    # Each is a schema, which ``test_json.py`` asks once: the answer takes longer than the command.
    return validator(schema(name))


def verb_of(options: Sequence[str]) -> str:
    """The verb that a call begins with; empty if there is none."""
    rest = list(options)
    words: list[str] = []
    while rest and len(words) < 2:
        word = rest.pop(0)
        if word in ("--db", "--board", "--lang"):
            rest.pop(0)
        elif not word.startswith("-"):
            words.append(word)
        elif word != "--json" and "=" not in word:
            break
    known = {*VERBS, "help"}
    return next((one for one in (" ".join(words), *words[:1]) if one in known), "")


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
    """Set what differs: all of it anew takes as long as some commands."""
    before = dict(os.environ)
    for name in before.keys() - env.keys():
        del os.environ[name]
    for name, value in env.items():
        if before.get(name) != value:
            os.environ[name] = value
    time.tzset()
