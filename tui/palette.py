"""The palette's commands, from the one list of actions."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.actions import ACTIONS, Action
from tui.language import _


class Actions(Provider):
    """Everything that can be done on the board, by its name."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in ACTIONS:
            if action.id != "palette":
                yield DiscoveryHit(
                    f"{_(action.help)}  {action.shown}", partial(self._run, action), _(action.help)
                )

    async def search(self, query: str) -> Hits:
        """Those whose words match."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            words = f"{_(action.help)}  {action.shown}"
            if action.id != "palette" and (score := matcher.match(words)) > 0:
                yield Hit(score, matcher.highlight(words), partial(self._run, action))

    async def _run(self, action: Action) -> None:
        await self.screen.run_action(action.id)
