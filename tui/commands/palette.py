"""The palette, fed by the commands of the screen that it was opened from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.theme import ThemeProvider

from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.commands.command import Command
    from tui.screens.command_screen import CommandScreen


def nothing_found() -> Hit:
    """In our words, before Textual says it in English."""
    return Hit(0.01, Content(_("Nothing is called that.")), _do_nothing)


def _do_nothing() -> None:
    """What choosing it does."""


class Themes(ThemeProvider):
    """The themes, ours and Textual's."""

    async def search(self, query: str) -> Hits:
        """Those whose names match."""
        found = False
        async for hit in super().search(query):
            found = True
            yield hit
        if not found:
            yield nothing_found()


class Commands(Provider):
    """Every command of a screen, by its label, its aliases and its keys."""

    @property
    def _commands(self) -> list[Command]:
        screen = cast("CommandScreen[object]", self.screen)
        return [one for one in screen.commands.values() if one.id != "palette"]

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._commands:
            yield DiscoveryHit(
                f"{_(command.label)}  {command.shown}", self._run(command), help=_(command.help)
            )

    async def search(self, query: str) -> Hits:
        """Those whose label matches, then those that are found by another word."""
        matcher = self.matcher(query)
        found = False
        for command in self._commands:
            label = f"{_(command.label)}  {command.shown}"
            score = matcher.match(label)
            if score > 0 or command.matches(query):
                found = True
                shown = matcher.highlight(label) if score > 0 else Content(label)
                yield Hit(score or 0.1, shown, self._run(command), help=_(command.help))
        if not found:
            yield nothing_found()

    def _run(self, command: Command) -> partial[None]:
        screen = cast("CommandScreen[object]", self.screen)
        return partial(screen.run_command, command.id)
