"""What a person can do: one declaration of each command, by topic."""

from __future__ import annotations

from typing import Final

from tui.commands import (
    edit,
    find,
    general,
    navigation,
    references,
    report,
    retro,
    sharing,
    triage,
)
from tui.commands.command import BOARD, SCREENS, Command, offered_on

COMMANDS: Final = (
    *navigation.COMMANDS,
    *find.COMMANDS,
    *report.COMMANDS,
    *edit.COMMANDS,
    *references.COMMANDS,
    *general.CHANGES,
    *triage.COMMANDS,
    *retro.COMMANDS,
    *sharing.COMMANDS,
    *general.COMMANDS,
)

__all__ = ["BOARD", "COMMANDS", "SCREENS", "Command", "commands_on"]


def commands_on(screen: str) -> tuple[Command, ...]:
    """The commands that a screen offers, by the headings of help."""
    return offered_on(screen, COMMANDS)
