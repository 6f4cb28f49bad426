"""All that a person sees in a terminal: the dashboard and the ``pitboard`` command."""

from __future__ import annotations

import atexit
import gc
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    import signal as signals
else:
    try:
        # What the module “signal” wraps, which first makes words of all signals: a sixtieth of
        # “pitboard list”.
        import _signal as signals
    except ImportError:
        import signal as signals

__all__ = [
    "compiling_late",
    "deferred",
    "look_for_garbage_again",
    "look_for_garbage_in_small_steps",
    "look_for_garbage_seldom",
    "look_for_no_plugins",
    "merely_named",
    "signals",
]
# Before Textual reads it: what was typed is painted at once, and what answers it waits for one to
# two frames after that, which at sixty a second are half of the time from a key to its answer.
os.environ.setdefault("TEXTUAL_FPS", "120")

#: How many more objects there are when garbage is looked for again, while much is loaded or taken
#: in; once the board is there, with it after how many such looks, and looks at what those left, it
#: is looked for further back.
_SELDOM: Final = 100_000
_IN_SMALL_STEPS: Final = (3_000, 3, 80)
#: A lock for each module of which something was asked, and those that are being loaded.
_locks: Final[dict[str, RLock]] = {}
_loading: Final[set[str]] = set()


def look_for_garbage_seldom() -> None:
    """Let Python go through all objects far less often than by itself.

    Loading, and taking in many events, makes very many objects that all stay for long; going
    through them again and again took a tenth of a start and of an import. At the end it would go
    through them once more, although the process gives back all of its memory at once: a sixth of
    what “pitboard list” took.
    """
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)


def look_for_garbage_again() -> None:
    """Let Python look for garbage again, but not among what was loaded for the first paint.

    That stays; the command looks for none meanwhile, which would take a twentieth of the time.
    """
    gc.freeze()
    gc.enable()


def look_for_garbage_in_small_steps() -> None:
    """Let Python look through few objects at a time, and never through those of now, which stay.

    Going through all of them held up a key by a tenth of a second, once in six pitfalls opened.
    """
    gc.freeze()
    gc.set_threshold(*_IN_SMALL_STEPS)


class _NoPlugins(ModuleType):
    """Stands for the module that looks for plugins of pydantic, and finds none."""

    def get_plugins(self) -> tuple[()]:
        """No plugins."""
        return ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        # A version of pydantic that looks for more there gets the module itself.
        del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def look_for_no_plugins() -> None:
    """Keep pydantic from searching all installed packages for plugins.

    The search loads what reads mail and archives, a tenth of what “pitboard log” takes, and would
    let another package see what is written here.
    """
    loader = _NoPlugins("pydantic.plugin._loader")
    sys.modules.setdefault(loader.__name__, loader)


class _Deferred(ModuleType):
    """A module of which nothing was asked for yet.

    What it is called and where it lies is known: that is asked of all modules by ``inspect``, and
    so by pydantic. Python's own ``LazyLoader`` loads a module that is asked for that, and fails
    where an extra is missing that nobody wanted to use.
    """

    def __getattr__(self, name: str) -> Any:
        is_asked_of_all = name.startswith("__") and name != "__version__"
        if is_asked_of_all or self.__spec__ is None or self.__spec__.loader is None:
            raise AttributeError(name)
        return _loaded_part(self, name)


def _loaded_part(module: ModuleType, name: str) -> Any:
    """A part of a module that may be deferred; then it is loaded first."""
    called, spec = module.__name__, cast(Any, module.__spec__)
    # Other threads wait until it is whole; this one may ask again while it is loaded, as what
    # it imports does that imports it.
    with _locks.setdefault(called, RLock()):
        if type(module) is _Deferred and called not in _loading:
            _loading.add(called)
            try:
                spec.loader.exec_module(module)
                module.__class__ = ModuleType  # type: ignore[assignment]
            finally:
                # Where it failed, who asks again is told again what is missing.
                _loading.remove(called)
        if name not in vars(module):
            raise AttributeError(f"module {called!r} has no attribute {name!r}")
        return vars(module)[name]


def deferred(name: str, *functions: str) -> ModuleType:
    """A module that is loaded when something of it is first asked for.

    Help waits for nothing that only the work of its verb needs. Type checkers are told of the
    module where ``TYPE_CHECKING`` is set.

    Args:
        name: of the module.
        functions: those that others take from it while they are loaded, and call later: to take
            them loads nothing.
    """
    if name not in sys.modules and (spec := _spec(name)) is not None:
        sys.modules[name] = module_from_spec(spec)
        sys.modules[name].__class__ = _Deferred
    module = sys.modules.get(name)
    if type(module) is not _Deferred:
        return import_module(name)
    for function in functions:
        setattr(module, function, partial(_call, module, function))
    package, _, last = name.rpartition(".")
    if package:
        # Loaded once the module is there, since a package may import it by itself.
        setattr(import_module(package), last, module)
    return module


def _call(module: ModuleType, function: str, /, *values: Any, **named: Any) -> Any:
    return _loaded_part(module, function)(*values, **named)


def _spec(name: str) -> ModuleSpec | None:
    """Where a module lies; unlike ``find_spec`` it does not load the package that holds it."""
    package = name.rpartition(".")[0]
    if not package or package in sys.modules:
        return find_spec(name)
    above = _spec(package)
    return PathFinder.find_spec(name, above.submodule_search_locations) if above else None


@contextmanager
def merely_named(name: str, *parts: str) -> Iterator[None]:
    """Let what is loaded inside declare something with parts of a module that stays deferred.

    Meanwhile ``object`` stands for each; whoever asks for one later gets the part itself.
    """
    module = deferred(name)
    if type(module) is _Deferred:
        vars(module).update(dict.fromkeys(parts, object))
    yield
    for part in parts:
        if vars(module).get(part) is object:
            delattr(module, part)


class _LatePattern:
    """A regular expression that is compiled when something is first asked of it.

    It passes for a compiled one wherever Python looks at what it is.
    """

    def __init__(self, pattern: str | bytes, flags: int | re.RegexFlag) -> None:
        self._source = pattern, flags

    @property  # type: ignore[misc]
    def __class__(self) -> type[re.Pattern[Any]]:  # type: ignore[override]
        return re.Pattern

    @cached_property
    def _compiled(self) -> re.Pattern[Any]:
        return _compile(*self._source)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiled, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _compile, self._source


def _asked_for(name: str) -> Callable[..., Any]:
    def ask(pattern: _LatePattern, *values: Any, **named: Any) -> Any:
        # Whoever asks again finds what was compiled.
        asked = vars(pattern)[name] = getattr(pattern._compiled, name)
        return asked(*values, **named)

    return ask


for _name in ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"):
    # Textual takes them from each of its expressions at once, and calls them later or never.
    setattr(_LatePattern, _name, _asked_for(_name))
_compile: Final = re.compile


@contextmanager
def compiling_late() -> Iterator[None]:
    """Let modules that are loaded inside compile their regular expressions when they use them.

    Seventy of them stand in what the first paint loads, of which it uses twenty; to compile the
    others took a twenty-fifth of that time. Nothing but modules may be loaded inside: an expression
    that a person wrote is found to be wrong where it is compiled.
    """

    def compile(pattern: Any, flags: int | re.RegexFlag = 0) -> Any:
        is_source = isinstance(pattern, str | bytes)
        return _LatePattern(pattern, flags) if is_source else _compile(pattern, flags)

    before, re.compile = re.compile, compile
    try:
        yield
    finally:
        re.compile = before


# What click and pathlib import, and a command that is carried out asks nothing of: “inspect” alone,
# with the compiler's tree of Python that it loads, takes as long as all that opens a board.
for _name in ("inspect", "ipaddress", "ntpath"):
    deferred(_name)
deferred("urllib.parse", "quote_from_bytes", "urlsplit", "urlparse")
# Of this one, what checks values is a module of its own. The rest is types, and takes longer.
deferred("pydantic_core")
