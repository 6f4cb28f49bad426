"""What can be done: the lists behind bindings, key lines, palette and help."""

from __future__ import annotations

from tui.commands.board import ACTIONS, WRITING
from tui.commands.command import Action, bindings
from tui.commands.screens import IN_BECOMING, IN_RETRO, IN_SHARING, IN_TRIAGE, IN_VERSIONS

__all__ = [
    "ACTIONS",
    "IN_BECOMING",
    "IN_RETRO",
    "IN_SHARING",
    "IN_TRIAGE",
    "IN_VERSIONS",
    "WRITING",
    "Action",
    "bindings",
]
