"""Completing the path of a file while it is typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.suggester import Suggester

from storage.text.sanitize import harmless


class Paths(Suggester):
    """Completes the path of a file, as a shell does."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first path that begins so."""
        return await asyncio.to_thread(_completed, value)


def _completed(value: str) -> str | None:
    folder, slash, beginning = value.rpartition("/")
    try:
        held = sorted(Path(f"{folder}{slash}" or ".").expanduser().iterdir())
        found = next(
            one
            for one in held
            if one.name.startswith(beginning) and (beginning or not one.name.startswith("."))
        )
        ending = "/" if found.is_dir() else ""
    except (OSError, RuntimeError, StopIteration, ValueError):
        return None
    whole = f"{folder}{slash}{found.name}{ending}"
    return whole if harmless(whole) == whole else None
