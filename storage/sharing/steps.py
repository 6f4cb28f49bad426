"""How far a sync is, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from storage.errors import PitboardError


class Stage(StrEnum):
    """What a sync is doing."""

    FETCHING = "fetching"
    TAKING = "taking"
    SENDING = "sending"


class Step(NamedTuple):
    """How far a sync is: ``done`` of ``total`` objects or bytes, both 0 before it is known."""

    stage: Stage
    done: int = 0
    total: int = 0


#: Told how far it is, some times a second; may raise to stop it.
Steps = Callable[[Step], object]


class Synced(NamedTuple):
    """What a sync came to: events sent and received, and what was noticed on the way.

    ``renamed`` if this file was found to be a copy and goes on as a store of its own.
    """

    sent: int
    received: int
    noticed: tuple[PitboardError, ...] = ()
    renamed: bool = False


def nobody(step: Step) -> None:
    """Nobody looks at the progress."""
