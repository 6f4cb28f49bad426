"""One thing that a key does, and the headings under which help lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.binding import Binding

from storage.errors import N_
from tui.text.i18n import _


class Action(NamedTuple):
    """One thing a key does.

    Args:
        id: names the method ``action_<id>`` and the binding, for the user's keymap.
        keys: the keys, comma-separated.
        shown: the keys as people read them.
        name: a word or two, for the key line.
        help: a sentence, for help, palette and tooltip.
        group: the heading in help.
        rank: its place in the key line; the line shows as many as fit; 0 is never.
    """

    id: str
    keys: str
    shown: str
    name: str
    help: str
    group: str
    rank: int = 0


MOVE: Final = N_("Move")
FIND: Final = N_("Find")
DO: Final = N_("Do")
TRIAGE: Final = N_("Decide")
BOARD: Final = N_("Board")
PERIOD: Final = N_("Period")


def bindings(actions: Sequence[Action]) -> list[Binding]:
    """The key bindings of some actions, in the reader's language."""
    return [
        Binding(
            action.keys,
            action.id,
            _(action.name),
            show=bool(action.rank),
            key_display=action.shown,
            tooltip=_(action.help),
            id=action.id,
        )
        for action in actions
    ]
