"""The palette's commands, from the one list of actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.theme import ThemeProvider

from tui.commands import ACTIONS, Action
from tui.text.i18n import _


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


class Actions(Provider):
    """Everything that can be done on the board, by its name."""

    @property
    def _actions(self) -> Sequence[Action]:
        """What can be done on the screen that the palette was opened from."""
        return getattr(self.screen, "actions", ACTIONS)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in self._actions:
            if action.id != "palette":
                yield DiscoveryHit(
                    f"{_(action.help)}  {action.shown}", partial(self._run, action), _(action.help)
                )

    async def search(self, query: str) -> Hits:
        """Those whose words match."""
        matcher = self.matcher(query)
        found = False
        for action in self._actions:
            words = f"{_(action.help)}  {action.shown}"
            if action.id != "palette" and (score := matcher.match(words)) > 0:
                found = True
                yield Hit(score, matcher.highlight(words), partial(self._run, action))
        if not found:
            yield nothing_found()

    async def _run(self, action: Action) -> None:
        await self.screen.run_action(action.id)
