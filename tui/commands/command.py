"""A command: one thing that a person can do, declared once.

Bindings, key line, palette, help, ``:`` and the guard against writing into the past are all
derived from the declaration.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from textual.binding import Binding

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.text.search_text import TYPED_FOR, folded
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
GROUPS: Final = (PERIOD, CHANGE, DECIDE, FIND, GENERAL, MOVE)

# What people come for, in the order of the palette; the rest follows by headings.
_JOBS: Final = (
    "paste",
    "log_occurrence",
    "new_pitfall",
    "search",
    "inbox",
    "set_status",
    "edit",
    "comment",
    "attach",
    "duplicate",
    "snooze",
    "decline",
    "record_fix",
    "verify",
    "reopen",
    "add_vendor_reply",
    "copy_report",
    "undo",
    "sync",
    "keep",
    "retro",
    "import_items",
    "help",
)

#: Takes the :class:`~tui.commands.context.CommandContext` of a screen. A plain function runs at
#: once, in the order of the keys; a coroutine may wait for a dialog or the store, and keys go on.
CommandFunction = Callable[[Any], Awaitable[None] | None]


def _always(_context: object) -> str:
    return ""


class Command(NamedTuple):
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
        is_local: whether it uses files, programs or settings of the person at the machine, and so
            is off for those who are shown the board in a browser.
        when: why it can't be done now; empty if it can.
    """

    id: str
    keys: str
    name: str
    label: str
    help: str
    group: str
    run: CommandFunction
    on: Mapping[str, int] = MappingProxyType({})
    display: str = ""
    aliases: str = ""
    writes: bool = False
    is_local: bool = False
    when: Callable[[Any], str] = _always

    @property
    def shown(self) -> str:
        """Its keys as people read them."""
        return self.display or self.keys

    def begins(self, text: str) -> bool:
        """Whether one of its names begins as some text does."""
        wanted = _words(text)
        # The labels of what is done in a shell alone begin with that.
        names = {*self._ids, folded(_(self.label))} if self.keys else self._ids
        return bool(wanted) and any(name.startswith(wanted) for name in names)

    @property
    def _ids(self) -> set[str]:
        return {self.id, self.id.replace("_", " "), folded(_(self.name))}

    def rank(self, text: str) -> float:
        """How well some text names it: label over aliases over help; 0 is not at all."""
        text = text.replace("…", "").translate(TYPED_FOR).strip()
        wanted = _words(text)
        if not wanted:
            return 0.01
        label, aliases = folded(_(self.label).rstrip("…")), folded(self.aliases)
        if wanted in (label, self.id) or text in self.shown.split():
            return 8.0
        if f" {wanted} " in f" {label} ":
            return 7.0
        if wanted in self._ids or f" {wanted} " in f" {aliases} ":
            return 6.0
        if f" {label}".find(f" {wanted}") >= 0:
            return 5.0
        if f" {aliases}".find(f" {wanted}") >= 0:
            return 4.0
        if wanted in label:
            return 3.0
        if wanted in aliases or wanted in self.id:
            return 2.0
        return 1.0 if wanted in folded(_(self.help)) else 0.0


def _words(text: str) -> str:
    """What is typed for a name, to be compared with one."""
    return " ".join(folded(text.replace("…", "").translate(TYPED_FOR)).split())


def by_jobs(commands: Iterable[Command]) -> list[Command]:
    """Some commands, what people come for first and movement last."""

    def place(command: Command) -> tuple[int, int]:
        job = _JOBS.index(command.id) if command.id in _JOBS else len(_JOBS)
        return (job, GROUPS.index(command.group))

    return sorted(commands, key=place)


#: What the last line of the board names first while a tab of the detail is read.
_READ_WITH: Final = {
    "overview": ("log_occurrence", "set_status", "edit", "comment"),
    "environments": ("log_occurrence", "turn_table"),
    "timeline": ("restore", "turn_history", "comment"),
    "references": ("open_reference", "add_reference", "add_vendor_reply", "attach"),
}


def in_query_line(commands: Mapping[str, Command]) -> list[Command]:
    """What the last line of the board names while a query is typed: other keys are its text."""
    to_list = commands["board"]._replace(display="⏎", name=N_("list"))
    return [to_list, commands["back"], commands["palette"]]


def while_reading(
    commands: Mapping[str, Command], listed: Iterable[Command], tab: str
) -> list[Command]:
    """What the last line of the board names while a tab of the detail is read, the first first.

    Args:
        commands: those of the board, by their ids.
        listed: what the line names while the list has the focus.
        tab: the one that is read.
    """
    names = "back", "next_tab", *_READ_WITH[tab], "undo", "help"
    first = [commands[name] for name in names]
    return [*first, *(one for one in listed if one not in first and one.id != "open")]


def ranked(text: str, commands: Iterable[Command]) -> list[tuple[float, Command]]:
    """The commands that some text names, best first, each with its rank."""
    found = [(rank, command) for command in by_jobs(commands) if (rank := command.rank(text))]
    return sorted(found, key=lambda one: -one[0])


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
