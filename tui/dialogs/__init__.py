"""The dialogs. Each is loaded when it is first used, since the first paint does without them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.dialogs import (  # noqa: F401
        board,
        decisions,
        fields,
        fixes,
        form,
        forms,
        general,
        import_preview,
        importing,
        new_pitfall,
        paste,
        pitfalls,
        references,
        retro,
    )
else:

    def __getattr__(name: str) -> object:
        """A module of the package, by its name."""
        if name.startswith("_"):
            raise AttributeError(name)
        return import_module(f"{__name__}.{name}")
