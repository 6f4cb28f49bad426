"""The shape of the code: names that a reader can rely on."""

from __future__ import annotations

import ast
import builtins
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import storage
import tui
from storage.db.reader import PROJECTION_VERSION
from storage.projection.tables import declared_version

ROOT = Path(__file__).parents[2]


@cache
def parsed(path: Path) -> ast.Module:
    """A module's syntax, parsed once for all that look at it."""
    return ast.parse(path.read_text("utf-8"))


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Syntax of all modules is a million objects, among which no later test looks for garbage."""
    yield
    parsed.cache_clear()


def test_public_class_names_are_unique():
    """A class name says which class is meant, without the module that it is in."""
    places = defaultdict(list)
    for folder in ("storage", "tui", "seeds"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for node in parsed(path).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(name)
    repeated = {name: found for name, found in places.items() if len(found) > 1}
    assert repeated == {}


# How deep classes are stacked

#: So many of our own classes may be above one of ours.
DEEPEST: Final = 3


def our_classes() -> dict[str, type]:
    """Every class of ours by its full name."""
    found: dict[str, type] = {}
    for package in (storage, tui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                for one in vars(importlib.import_module(module.name)).values():
                    if isinstance(one, type) and one.__module__ == module.name:
                        found[f"{one.__module__}.{one.__name__}"] = one
    return found


def test_no_class_is_deep() -> None:
    ours = our_classes()
    above = {
        name: [base.__name__ for base in one.__mro__[1:] if base in ours.values()]
        for name, one in ours.items()
    }
    deep = {name: bases for name, bases in above.items() if len(bases) > DEEPEST}
    assert len(ours) > 300
    assert deep == {}


# Imports inside functions

#: So many imports may stand inside functions, for what a start does not wait for.
INSIDE_FUNCTIONS: Final = 80


def imports_inside_functions(path: Path) -> Iterator[int]:
    """The lines of the imports that stand inside functions."""

    def walk(node: ast.AST, inside: bool) -> Iterator[int]:
        for child in ast.iter_child_nodes(node):
            if inside and isinstance(child, ast.Import | ast.ImportFrom):
                yield child.lineno
            yield from walk(
                child, inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            )

    yield from walk(parsed(path), False)


def test_imports_inside_functions_are_few_and_say_why() -> None:
    found: dict[str, list[int]] = {}
    unexplained: list[str] = []
    for folder in ("storage", "tui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            found[name] = sorted(imports_inside_functions(path))
            lines = path.read_text("utf-8").splitlines()
            for number in found[name]:
                # One comment is for all that stand below each other.
                above = lines[number - 2].strip()
                if not above.startswith("#") and number - 1 not in found[name]:
                    unexplained.append(f"{name}:{number}")
    assert unexplained == []
    assert sum(map(len, found.values())) <= INSIDE_FUNCTIONS


# How many modules there are

#: Modules of ``storage`` and ``tui`` that hold more than a docstring.
MODULES: Final = 260
#: What stands in the folder of each package itself.
ROOT_ENTRIES: Final = {"storage": 20, "tui": 12}


#: More lines in one module are more than one topic.
LINES: Final = 400


def test_modules_are_short() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for folder in ROOT_ENTRIES
        for path in (ROOT / folder).rglob("*.py")
    }
    assert len(lengths) > 200
    assert {name: lines for name, lines in lengths.items() if lines > LINES} == {}


def test_modules_and_entries_of_the_roots_are_few() -> None:
    modules = [
        path
        for folder in ROOT_ENTRIES
        for path in (ROOT / folder).rglob("*.py")
        if len(parsed(path).body) > 1
    ]
    assert len(modules) <= MODULES
    for folder, most in ROOT_ENTRIES.items():
        entries = [one for one in (ROOT / folder).iterdir() if not one.name.startswith("__pyc")]
        assert len(entries) <= most, sorted(one.name for one in entries)


# What things are called

#: Words of our own making that no name may bring back, each with the one that replaced it.
RETIRED: Final = {
    "deed": "action, change or step",
    "sighting": "occurrence",
    "contest": "conflict",
    "contested": "conflict",
    "keeping": "resolve",
    "stating": "vendor reply",
    "retrospect": "retro",
    "sieve": "scanner",
    "enclosure": "upload",
    "enclose": "attach",
    "ledger": "write session",
    "harmless": "sanitize",
    "garbled": "malformed",
    "troubles": "errors",
    "told": "what it holds",
    "spoken": "human",
    "stands": "what it is",
    "whoever": "who",
    "undamaged": "row guard",
}
#: Names that a stored event gave its field or its kind: they keep their meaning, and so the name.
STORED: Final = {"sightings"}


def names_of(path: Path) -> Iterator[str]:
    """What a module calls its classes, functions, arguments and variables, and itself."""
    yield path.stem
    for node in ast.walk(parsed(path)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name


def test_retired_words_are_in_no_name() -> None:
    singular_and_plural = {**RETIRED, **{f"{word}s": better for word, better in RETIRED.items()}}
    found = {
        f"{path.relative_to(ROOT)}: {name} ({singular_and_plural[word.lower()]})"
        for folder in ("storage", "tui", "seeds")
        for path in (ROOT / folder).rglob("*.py")
        for name in names_of(path)
        for word in re.findall("[A-Z]?[a-z]+", name)
        if word.lower() in singular_and_plural and name not in STORED
    }
    assert not found


# What in the tests could depend on how fast the machine is

#: Calls that wait for something, and fail where it takes longer than they are told.
_WAITS: Final = frozenset({"run", "check_output", "communicate", "spawn", "wait", "join", "expect"})
#: Calls that wait for a time, whatever happens; for so long to look once more, in seconds.
_PAUSES: Final = frozenset({"sleep", "pause"})
_A_LOOK: Final = 0.05


def _number(node: ast.expr | None) -> float | None:
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return float(node.value) if is_number else None  # type: ignore[union-attr]


def timed(path: Path) -> Iterator[str]:
    """The lines of a module that wait for a time of their own."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        timeouts = [one.value for one in node.keywords if one.arg == "timeout"]
        if called in ("wait", "join"):
            timeouts += node.args[:1]
        first = _number(node.args[0] if node.args else None)
        if (called in _WAITS and any(_number(one) is not None for one in timeouts)) or (
            called in _PAUSES and first is not None and first > _A_LOOK
        ):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_no_test_waits_for_a_time() -> None:
    """A busy machine takes many times as long: wait for what happens, or for PATIENCE at most."""
    found = [line for path in sorted((ROOT / "tests").rglob("*.py")) for line in timed(path)]
    assert found == []


# What is said once, and what docstrings name


def test_the_clock_is_read_in_one_place() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("storage", "tui", "seeds")
        for path in (ROOT / folder).rglob("*.py")
        if "time.time_ns" in path.read_text("utf-8")
    ]
    assert found == ["storage/text/dates.py"]


#: What a docstring may name besides our classes and those of Python: errors of libraries.
_FOREIGN: Final = {"ValidationError", "PydanticCustomError", "ToolError", "Abort", "SkipAction"}
_RAISES: Final = re.compile(r"^Raises:\n((?: {4}.*\n?|\n)+)", re.MULTILINE)


def test_docstrings_name_errors_that_there_are() -> None:
    trees = {
        path.relative_to(ROOT).as_posix(): parsed(path)
        for folder in ("storage", "tui", "seeds")
        for path in (ROOT / folder).rglob("*.py")
    }
    nodes = [(name, node) for name, tree in trees.items() for node in ast.walk(tree)]
    classes = {node.name for _name, node in nodes if isinstance(node, ast.ClassDef)}
    known = {*classes, *dir(builtins), *_FOREIGN}
    named = [
        (f"{name}:{node.lineno}", error)
        for name, node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for section in _RAISES.findall(ast.get_docstring(node) or "")
        for errors in re.findall(r"^ {4}([\w., ]+):", section, re.MULTILINE)
        for error in errors.split(", ")
    ]
    assert len(named) > 250
    # A library's module says where its errors are from.
    assert [one for one in named if one[1] not in known and "." not in one[1]] == []


#: What a docstring points at: its kind, and its full name.
_ROLES: Final = re.compile(r":(?:func|mod|class|meth|data):`~?((?:storage|tui|seeds)\.[\w.]+)`")


def is_there(name: str) -> bool:
    """Whether there is a module of that name, or something of that name in one."""
    module, rest = name, list[str]()
    while "." in module:
        with suppress(ModuleNotFoundError):
            found: object = importlib.import_module(module)
            for part in rest:
                found = getattr(found, part, None)
            return found is not None
        module, _, last = module.rpartition(".")
        rest.insert(0, last)
    return False


def test_docstrings_point_at_what_is_there() -> None:
    named = [
        (path.relative_to(ROOT).as_posix(), name)
        for folder in ("storage", "tui", "seeds")
        for path in (ROOT / folder).rglob("*.py")
        for name in _ROLES.findall(path.read_text("utf-8"))
    ]
    assert len(named) > 40
    assert [one for one in named if not is_there(one[1])] == []


# Facts that are written out for the sake of a start, and what they have to equal


def test_the_version_of_the_read_tables_is_theirs() -> None:
    # Where tables were changed: write what they declare now into storage/db/reader.py. Without it
    # the boards that there are would keep their old tables.
    assert declared_version() == PROJECTION_VERSION
