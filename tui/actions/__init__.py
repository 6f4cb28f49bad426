"""What can be done: the lists behind bindings, key lines, palette and help."""

from __future__ import annotations

from tui.actions.action import Action, bindings
from tui.actions.board import ACTIONS, WRITING
from tui.actions.screens import IN_BECOMING, IN_RETRO, IN_SHARING, IN_TRIAGE, IN_VERSIONS

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
