"""A command: one thing that a person can do, declared once.

Bindings, key line, palette, help, ``:`` and the guard against writing into the past are all
derived from the declaration.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from textual.binding import Binding

from storage.errors import N_
from tui.text.i18n import _

# The screens that offer commands.
BOARD: Final = "board"
TRIAGE: Final = "triage"
RETRO: Final = "retro"
VERSIONS: Final = "versions"
DIFF: Final = "diff"
SHARING: Final = "sharing"
SCREENS: Final = (BOARD, TRIAGE, RETRO, VERSIONS, DIFF, SHARING)

# The headings of help, in its order.
MOVE: Final = N_("Move")
PERIOD: Final = N_("Period")
FIND: Final = N_("Find")
CHANGE: Final = N_("Do")
DECIDE: Final = N_("Decide")
GENERAL: Final = N_("Board")
GROUPS: Final = (MOVE, PERIOD, FIND, CHANGE, DECIDE, GENERAL)

#: Takes the :class:`~tui.commands.context.CommandContext` of a screen. A plain function runs at
#: once, in the order of the keys; a coroutine may wait for a dialog or the store, and keys go on.
CommandFunction = Callable[[Any], Awaitable[None] | None]


def _always(_context: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person can do.

    Args:
        id: names it in the configuration of keys and in ``:``.
        keys: Textual's names of its keys, comma-separated.
        name: a word or two, for the key line.
        label: imperative and short, for the palette; with an ellipsis if a dialog follows.
        help: a sentence, for help and tooltip.
        group: the heading in help.
        run: what it does.
        on: the screens that offer it, each with its place in that screen's key line; the line
            shows as many as fit; 0 is never.
        display: the keys as people read them, if not as Textual names them.
        aliases: other words by which people look for it, in both languages.
        writes: whether it changes the record.
        when: why it can't be done now; empty if it can.
    """

    id: str
    keys: str
    name: str
    label: str
    help: str
    group: str
    run: CommandFunction
    on: Mapping[str, int] = field(default_factory=dict)
    display: str = ""
    aliases: str = ""
    writes: bool = False
    when: Callable[[Any], str] = _always

    @property
    def shown(self) -> str:
        """Its keys as people read them."""
        return self.display or self.keys

    def matches(self, text: str) -> bool:
        """Whether some text stands in its label, help, aliases, keys, name or id."""
        words = (_(self.label), _(self.help), _(self.name), self.aliases, self.shown, self.id)
        return text.casefold() in "\n".join(words).casefold()


def offered_on(screen: str, commands: Iterable[Command]) -> tuple[Command, ...]:
    """Those of some commands that a screen offers, by the headings of help."""
    offered = (command for command in commands if screen in command.on)
    return tuple(sorted(offered, key=lambda command: GROUPS.index(command.group)))


def bindings(commands: Iterable[Command]) -> list[Binding]:
    """The key bindings of some commands, in the reader's language."""
    return [
        Binding(
            command.keys,
            f"run({command.id!r})",
            _(command.name),
            show=False,
            key_display=command.shown,
            tooltip=_(command.help),
            id=command.id,
        )
        for command in commands
    ]
