"""Compiling all tests, and what they load, before several processes want it at once."""

from __future__ import annotations

import compileall
import os
import sys
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from _pytest.assertion.rewrite import (
    PYC_TAIL,
    _read_pyc,
    _rewrite_test,
    _write_pyc,
    assertstate_key,
    get_cache_dir,
    try_makedirs,
)

from tests.processes import ROOT

#: What is large, and of which tests load little or nothing; mypy is machine code already.
_LEFT_OUT: Final = frozenset({"mypy", "mypyc", "pip", "pkg_resources", "pygments", "setuptools"})


def compile_once(config: pytest.Config, processes: int) -> None:
    """Compile each module once, in so many processes; without it each worker compiles each.

    In a fresh clone that took a fifth of a minute of each of them. So are the packages that are
    installed, which pip would compile in one process while nothing else can be done. What cannot
    be compiled is left to the tests that need it.
    """
    if not hasattr(os, "fork"):
        return
    # Else no worker keeps what it compiles, and each process that a test starts compiles it anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    paths = [
        path for part in ("storage", "tui", "seeds", "tests") for path in _modules(ROOT / part)
    ]
    installed = _installed()
    children = []
    for share in range(processes):
        child = os.fork()
        if not child:
            try:
                if not share:
                    _note_characters()
                _compile(config, paths[share::processes])
                for path in installed[share::processes]:
                    compileall.compile_file(path, quiet=2)
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _installed() -> list[Path]:
    """The modules of all packages but those that no test starts."""
    folders = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    return [
        path
        for folder in sorted(folders)
        for part in sorted(folder.iterdir())
        if part.name not in _LEFT_OUT
        for path in ([part] if part.suffix == ".py" else _modules(part))
    ]


def _compile(config: pytest.Config, paths: Sequence[Path]) -> None:
    """Write what Python, pytest and Hypothesis keep of each module."""
    state = config.stash[assertstate_key]
    patterns = [*config.getini("python_files"), "conftest.py"]
    for path in paths:
        if not any(fnmatch(path.name, one) for one in patterns):
            compileall.compile_file(path, quiet=2)
            _note_constants(path)
            continue
        cache = get_cache_dir(path)
        rewritten = cache / (path.name.removesuffix(".py") + PYC_TAIL)
        if _read_pyc(path, rewritten) is None and try_makedirs(cache):
            stamp, code = _rewrite_test(path, config)
            _write_pyc(state, code, stamp, rewritten)


def _note_constants(path: Path) -> None:
    """Note the constants that Hypothesis tries, which each worker would read from the source."""
    with suppress(ImportError):
        from hypothesis.internal.constants_ast import constants_from_module

        module = ModuleType(path.stem)
        module.__file__ = str(path)
        constants_from_module(module)


def _note_characters() -> None:
    """Note which characters there are, all of which each worker would try for its first text."""
    with suppress(ImportError):
        from hypothesis.internal.charmap import charmap, intervals_from_codec

        charmap()
        intervals_from_codec("utf-8")
