"""What the palette lists, to be found by its name: commands, themes, boards.

It is loaded when it is first opened: Textual's palette takes as long to load as a fortieth of what
the first paint takes.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from storage.errors import PitboardError
from storage.text.sanitize import sanitize
from storage.write.board_file import look
from tui.commands.command import Command, by_jobs, ranked
from tui.commands.general import name_verb, shell_verbs
from tui.services.boards import ChosenBy, default_board, is_same_file, named_boards
from tui.text.i18n import _, say

if TYPE_CHECKING:
    from tui.app import PitboardApp
    from tui.screens.command_screen import CommandScreen


def of_commands() -> CommandPalette:
    """A palette of the commands of the screen that it is opened from."""
    placeholder = _("Find a command…")
    return CommandPalette([_Commands], placeholder=placeholder, id="--command-palette")


def of_themes() -> CommandPalette:
    """A palette of the themes."""
    return CommandPalette([_Themes], placeholder=_("Find a theme…"))


def of_boards() -> CommandPalette:
    """A palette of the boards that the settings name."""
    return CommandPalette([_Boards], placeholder=_("Find a board…"))


def _nothing_found() -> Hit:
    """In our words, before Textual says it in English."""
    return Hit(0.01, Content(_("No matching command")), _do_nothing)


def _do_nothing() -> None:
    """What choosing it does."""


class _Themes(Provider):
    """The themes, ours and Textual's."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for name in self._names:
            yield DiscoveryHit(name, partial(setattr, self.app, "theme", name))

    async def search(self, query: str) -> Hits:
        """Those whose names match."""
        matcher = self.matcher(query)
        found = False
        for name in self._names:
            if (score := matcher.match(name)) > 0:
                found = True
                choose = partial(setattr, self.app, "theme", name)
                yield Hit(score, matcher.highlight(name), choose)
        if not found:
            yield _nothing_found()

    @property
    def _names(self) -> list[str]:
        return sorted(self.app.available_themes)


class _Boards(Provider):
    """The boards of the settings, and the default one."""

    @property
    def _boards(self) -> dict[str, Path]:
        return {ChosenBy.DEFAULT.value: default_board()} | named_boards()

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for name, path in self._boards.items():
            yield DiscoveryHit(self._label(name, path), partial(self._go, path))

    async def search(self, query: str) -> Hits:
        """Those whose names or files match."""
        matcher = self.matcher(query)
        found = False
        for name, path in self._boards.items():
            label = self._label(name, path)
            if (score := matcher.match(label)) > 0:
                found = True
                yield Hit(score, matcher.highlight(label), partial(self._go, path))
        if not found:
            yield _nothing_found()

    def _label(self, name: str, path: Path) -> str:
        app = cast("PitboardApp", self.app)
        mark = "●" if is_same_file(path, app.session.path) else " "
        return f"{mark} {name}  {sanitize(str(path))}"

    def _go(self, path: Path) -> None:
        app = cast("PitboardApp", self.app)
        if is_same_file(path, app.session.path):
            return
        problem = None
        try:
            if look(path) is None:
                words = _("There is no board at {path}. Create it: pitboard --db {path} init")
                problem = words.format(path=sanitize(str(path)))
        except PitboardError as error:
            problem = say(error)
        if problem is None:
            app.go_to_board(path)
        else:
            app.notify(problem, severity="warning", timeout=10, markup=False)


class _Commands(Provider):
    """Every command of a screen, by its label, its aliases and its keys."""

    @property
    def _commands(self) -> list[Command]:
        screen = cast("CommandScreen[object]", self.screen)
        return by_jobs(one for one in screen.commands.values() if one.id != "palette")

    async def discover(self) -> Hits:
        """All of them, before anything is typed: jobs first, movement last."""
        for command in self._commands:
            yield DiscoveryHit(
                f"{_(command.label)}  {command.shown}", self._run(command), help=_(command.help)
            )

    async def search(self, query: str) -> Hits:
        """Those that are named, best first; then those whose labels have the letters in order."""
        matcher = self.matcher(query)
        named = ranked(query, [*self._commands, *shell_verbs()])
        ids = {command.id for _rank, command in named}
        found = bool(named)
        for place, (rank, command) in enumerate(named):
            label = f"{_(command.label)}  {command.shown}"
            shown = matcher.highlight(label) if matcher.match(label) else Content(label)
            # The palette sorts by score alone: jobs come first among equals.
            yield Hit(rank + 1 - place / 1000, shown, self._run(command), help=_(command.help))
        for command in self._commands:
            label = f"{_(command.label)}  {command.shown}"
            if command.id not in ids and (score := matcher.match(label)) > 0:
                found = True
                shown = matcher.highlight(label)
                yield Hit(score / (1 + score), shown, self._run(command), help=_(command.help))
        if not found:
            yield _nothing_found()

    def _run(self, command: Command) -> partial[None]:
        screen = cast("CommandScreen[object]", self.screen)
        if command.id not in screen.commands:
            return partial(name_verb, command.name, screen.context)
        return partial(screen.run_command, command.id)
