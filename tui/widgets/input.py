"""Single-line inputs: pastes are sanitised or refused when too long; paths are completed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual import events
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from storage.model.fields import LONGEST_TEXT
from storage.text.sanitize import sanitize


class TooLong(Message):
    """More was pasted than can be kept; nothing of it was taken."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size, limit
        super().__init__()


class LineInput(Input):
    """An input that takes a paste as one harmless line of at most ``longest`` characters."""

    longest = LONGEST_TEXT

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > self.longest:
            self.post_message(TooLong(len(event.text), self.longest))
        else:
            self.insert_text_at_cursor(" ".join(sanitized_paste(event.text).split("\n")).strip())


def sanitized_paste(text: str) -> str:
    """What of a paste is taken: its lines, harmless."""
    return sanitize(text.replace("\r\n", "\n").replace("\r", "\n"), lines=True)


# Completing the path of a file while it is typed


class PathSuggester(Suggester):
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
    return whole if sanitize(whole) == whole else None
