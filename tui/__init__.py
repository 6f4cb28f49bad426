"""All that a person sees in a terminal: the dashboard and the ``pitboard`` command."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

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
        called = self.__name__
        # Other threads wait until it is whole; this one may ask again while it is loaded, as what
        # it imports does that imports it.
        with _locks.setdefault(called, RLock()):
            if type(self) is _Deferred and called not in _loading:
                _loading.add(called)
                try:
                    self.__spec__.loader.exec_module(self)
                    self.__class__ = ModuleType  # type: ignore[assignment]
                finally:
                    # Where it failed, who asks again is told again what is missing.
                    _loading.remove(called)
            if name not in vars(self):
                raise AttributeError(f"module {called!r} has no attribute {name!r}")
            return vars(self)[name]


def deferred(name: str) -> ModuleType:
    """A module that is loaded when something of it is first asked for.

    Help waits for nothing that only the work of its verb needs. Type checkers are told of the
    module where ``TYPE_CHECKING`` is set.
    """
    spec = None if name in sys.modules else _spec(name)
    if spec is None:
        return import_module(name)
    module = sys.modules[name] = module_from_spec(spec)
    module.__class__ = _Deferred
    package, _, last = name.rpartition(".")
    if package:
        # Loaded once the module is there, since a package may import it by itself.
        setattr(import_module(package), last, module)
    return module


def _spec(name: str) -> ModuleSpec | None:
    """Where a module lies; unlike ``find_spec`` it does not load the package that holds it."""
    package = name.rpartition(".")[0]
    if not package or package in sys.modules:
        return find_spec(name)
    above = _spec(package)
    return PathFinder.find_spec(name, above.submodule_search_locations) if above else None


@contextmanager
def merely_named(name: str, part: str) -> Iterator[None]:
    """Let what is loaded inside declare something with a part of a module that stays deferred.

    Meanwhile ``object`` stands for that part; whoever asks for it later gets the part itself.
    """
    module = deferred(name)
    if type(module) is _Deferred:
        setattr(module, part, object)
    yield
    if vars(module).get(part) is object:
        delattr(module, part)


# What click and pathlib import, and a command that is carried out asks nothing of: “inspect” alone,
# with the compiler's tree of Python that it loads, takes as long as all that opens a board.
for _name in ("inspect", "ipaddress", "ntpath"):
    deferred(_name)
# Of this one, what checks values is a module of its own. The rest is types, and takes longer.
deferred("pydantic_core")
