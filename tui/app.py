"""The dashboard: one application over one board."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.color import ColorSystem
from textual import content, events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.notifications import Notify
from textual.screen import ModalScreen, Screen

from storage.errors import PitboardError
from storage.read.names import person
from storage.text.dates import now_ms
from storage.text.sanitize import sanitize
from tui import deferred, dialogs, look_for_garbage_again, look_for_garbage_in_small_steps
from tui.screens.board import BoardScreen
from tui.screens.command_screen import CommandScreen
from tui.services import background, terminal
from tui.services.boards import name_of
from tui.services.drafts import FormDraft
from tui.services.session import FileChange, Session, last_choices
from tui.services.themes import (
    DARK,
    OF_16,
    OURS,
    SAME_WIDTH,
    QuickStylesheet,
    Readable,
    drawn_with,
    terminal_theme,
)
from tui.text.cells import line_breaks
from tui.text.i18n import _, ngettext, read, say
from tui.widgets.bars import CountsBar

if TYPE_CHECKING:
    from tui.commands import palette
    from tui.commands.settings import ScreenSettings
else:
    palette = deferred("tui.commands.palette")

#: How often the file of the board is looked at.
_WATCH_SECONDS: Final = 1.0

#: What terminals are called that say nothing of what they can do.
_CLAIMS_NOTHING: Final = ("dumb", "unknown")

#: The screens that one goes to from the board: the module and class of each. They are loaded when
#: they are first opened, since the first paint does without them.
_SCREENS: Final = {
    "triage": ("tui.screens.triage", "TriageScreen"),
    "retro": ("tui.screens.retro", "RetroScreen"),
    "versions": ("tui.screens.versions", "VersionsScreen"),
    "diff": ("tui.screens.board_diff", "DiffScreen"),
    "sharing": ("tui.screens.sharing", "SharingScreen"),
}

# Textual breaks lines between blanks alone, and Chinese has none.
content.divide_line = line_breaks  # type: ignore[attr-defined, assignment]


class PitboardApp(App[None]):
    """The board at ``path``.

    Args:
        path: the database file; a new board is started if there is none.
        who: the person's name; else it is asked of configuration, git and login.
        now: the wall clock in milliseconds.
        alone: whether this process does nothing else.
        open_session: opens the board.
    """

    TITLE = "Pitboard"
    # Textual does not load the style sheet of an app's first screen by itself.
    CSS_PATH = "screens/board.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(
        self,
        path: Path,
        who: str = "",
        now: Callable[[], int] = now_ms,
        *,
        alone: bool = False,
        open_session: Callable[[Path, Callable[[], str], Callable[[], int]], Session] = Session,
    ) -> None:
        super().__init__()
        self._alone = alone
        # Nothing moves by itself: many a terminal here is at the far end of an SSH line.
        self.animation_level = "none"
        self._who = who
        self.keyboard = background.Keyboard(self)
        self.session = open_session(path, self._person, now)
        #: The name of the board in the settings; empty if it has none, or is the only one.
        self.board_name = ""
        #: The board to go to, once this one is left.
        self.next_board: Path | None = None
        #: What was noticed of its file, and whether the person was asked what to do then.
        self._file_change: FileChange | None = None
        self._is_offered = True
        self._question: ModalScreen[bool] | None = None
        for theme in OURS:
            self.register_theme(theme)
        #: Whether the terminal has 16 colours at most, or shall show none.
        self.is_plain = self.no_color or self.console.color_system in (None, "standard", "windows")
        self.choices = last_choices()
        self.theme = OF_16.name if self.is_plain else self._remembered_theme()
        self.stylesheet = QuickStylesheet(variables=self.get_css_variables())

    def _remembered_theme(self) -> str:
        theme = str(self.choices.get("theme"))
        return theme if theme in self.available_themes else DARK.name

    def get_driver_class(self) -> type[Driver]:
        """What speaks with the terminal; our own reader of its input, where it is one of POSIX."""
        found = super().get_driver_class()
        return terminal.TerminalInput if found.__name__ == "LinuxDriver" else found

    def get_default_screen(self) -> BoardScreen:
        """The board."""
        return BoardScreen(self.session, self.choices)

    # Colours

    def get_css_variables(self) -> dict[str, str]:
        """The theme's; without colours, marks of cursor and focus that need none."""
        if "choices" not in vars(self):
            # Textual first asks for a style sheet of its own theme, which is replaced unused.
            return {}
        self.theme_variables = self._mixed(self.theme)
        return self.theme_variables

    @lru_cache(2)  # noqa: B019 - as long as the app
    def _mixed(self, _theme: str) -> dict[str, str]:
        # Asked for three times before the first paint; Textual mixes all colours each time.
        return drawn_with(super().get_css_variables(), colours=not self.no_color)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What is done to each line before it is shown: no colour at all, or readable text."""
        filters = [one for one in super().get_line_filters() if not isinstance(one, Monochrome)]
        if self.no_color:
            return [SAME_WIDTH, *filters, NoColor()]
        return [*filters, self._readable(self.current_theme.dark)]

    @lru_cache(2)  # noqa: B019 - as long as the app
    def _readable(self, dark: bool) -> Readable:
        system = self.console._color_system or ColorSystem.TRUECOLOR
        return Readable(system, terminal_theme(dark=dark))

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Queue what is typed; what the mouse does waits behind it, if anything is queued."""
        is_typed = isinstance(event, events.Key | events.Paste)
        is_input = is_typed or isinstance(event, events.InputEvent)
        if is_input and not event.is_forwarded and (is_typed or not self.keyboard.is_empty):
            self.keyboard.take(event)
        else:
            await super().on_event(event)

    async def deliver(self, event: events.Event) -> None:
        """Give a key, a paste or a click to the screen; its turn has come."""
        terminal.forget_read(self)
        await super().on_event(event)

    def on_notify(self, event: Notify) -> None:
        """Show a message in place of those that it makes needless."""
        terminal.forget_older(self, event.notification)

    def on_mount(self) -> None:
        """Once the board is painted, load what only writing and settings need."""
        self.call_after_refresh(self._settle_in)
        self.set_interval(_WATCH_SECONDS, self._watch_file)

    # The file of the board

    def _watch_file(self) -> None:
        """Say once if the file was deleted, renamed or replaced, and offer what can be done.

        The offer waits until no form is open, so that nothing that is typed is lost.
        """
        change = self.session.watch_file()
        if change is not self._file_change:
            self._file_change, self._is_offered = change, change is None
            if self._question is not None and self._question is self.screen:
                # It asks about what is no longer so.
                self._question.dismiss(False)
            if change is None:
                self.notify(_("The board's file is in its place again."), markup=False)
            elif (why := self.session.refusal) is not None:
                self.notify(say(why), severity="error", timeout=30, markup=False)
        if not self._is_offered and not isinstance(self.screen, ModalScreen):
            self._is_offered = True
            self.run_worker(self._offer(change), group="file")

    async def _offer(self, change: FileChange | None) -> None:
        path = sanitize(str(self.session.path))
        is_gone = change is FileChange.GONE
        question = (
            _("{path} was deleted or renamed. Write the board there again?")
            if is_gone
            else _("Another file was put at {path}. Open it in place of what is shown?")
        )
        yes, no = (_("Write"), _("Not now")) if is_gone else (_("Open"), _("Not now"))
        held = self.session.board
        words = question.format(path=path)
        self._question = dialogs.general.FileQuestion(words, yes, no, self.screen)
        if not await self.push_screen_wait(self._question):
            return
        try:
            kept = None
            if is_gone:
                await asyncio.to_thread(self.session.bring_back, held)
            else:
                kept = await asyncio.to_thread(self.session.take_up_file)
        except PitboardError as error:
            self._warn(error)
            return
        self._file_change = None
        for screen in self.screen_stack:
            if isinstance(screen, CommandScreen):
                screen.read_again()
        words = _("The board is open at {path}.").format(path=path)
        if kept is not None:
            kept_words = _("The log of the file before is kept as {kept}.")
            words += " " + kept_words.format(kept=sanitize(str(kept)))
        self.notify(words, markup=False)

    # Settings

    def _settle_in(self) -> None:
        if self._alone:
            look_for_garbage_again()
        background.in_thread(self, _settings, self._apply, self._warn, group="settle in")
        background.in_thread(
            self, self.session.lost_drafts, self._show_drafts, self._warn, group="drafts"
        )
        # The first command that writes then finds its modules loaded.
        load = partial(import_module, "storage.write.store")
        background.in_thread(self, load, lambda _module: None, self._warn, group="load")

    def _apply(self, loaded: ScreenSettings) -> None:
        settings = loaded.config
        if settings.theme in self.available_themes and not self.is_plain:
            self.theme = settings.theme
        if loaded.keys:
            self.set_keymap(loaded.keys)
        self.board_name = name_of(self.session.path)
        for screen in self.screen_stack:
            if isinstance(screen, BoardScreen):
                screen.query_one(CountsBar).show_board(self.board_name)
        if self._alone:
            look_for_garbage_in_small_steps()
        self.session.grace_days = settings.grace_days
        self.session.stale_after_days = settings.stale_after_days
        for board in self.screen_stack:
            if isinstance(board, BoardScreen):
                board.take_settings(settings)
        for problem in loaded.problems:
            self._warn(problem)
        self.theme_changed_signal.subscribe(self, lambda _theme: self.remember(theme=self.theme))

    def _warn(self, problem: PitboardError) -> None:
        self.notify(say(problem), severity="warning", timeout=10, markup=False)

    def _show_drafts(self, drafts: Sequence[FormDraft]) -> None:
        """Say what was being typed when the program ended."""
        if drafts:
            words = _("Not saved when Pitboard ended: “{heading}”. Open that form to go on.")
            message = words.format(heading=self._heading_of(drafts[0]))
            if more := len(drafts) - 1:
                others = ngettext("And {n} more.", "And {n} more.", more).format(n=more)
                message = _("{sentence} {advice}").format(sentence=message, advice=others)
            self.notify(message, timeout=10, markup=False)

    def _heading_of(self, draft: FormDraft) -> str:
        """What a draft's form is for, in the reader's language, and the pitfall's title."""
        action = sanitize(_(draft.heading)) if draft.heading else ""
        for name in draft.about[:1]:
            with suppress(PitboardError):
                title = sanitize(read(self.session.board.pitfall(name).title))
                return _("{action}: {title}").format(action=action, title=title)
        return action

    def remember(self, **chosen: str | Sequence[str]) -> None:
        """Keep what was chosen on the board for the next start; see :func:`config.remember`."""
        # Loaded here; see `_settings`.
        from tui.services.config import remember

        try:
            remember(chosen)
        except OSError as error:
            words = _("Your choice can't be remembered: {why}").format(why=error.strerror)
            self.notify(words, severity="warning", markup=False)

    def _person(self) -> str:
        return self._who or person(_settings().config.who)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None of Textual's: the palette is fed by our own list of actions."""
        return ()

    def action_command_palette(self) -> None:
        """Find a command by its name."""
        # A dialog has no commands; its keys are said in it.
        if isinstance(self.screen, CommandScreen):
            self.push_screen(palette.of_commands())

    def make_screen(self, name: str, *arguments: object) -> Screen[Any]:
        """One of the screens that one goes to from the board.

        Args:
            name: of the screen, as commands name it.
            arguments: what its class takes besides the session.
        """
        module, screen = _SCREENS[name]
        made: Screen[Any] = getattr(import_module(module), screen)(self.session, *arguments)
        return made

    def go_to_board(self, path: Path) -> None:
        """Leave this board for another one."""
        self.next_board = path
        self.exit()

    def action_help_quit(self) -> None:
        """Say how to quit."""
        self.notify(_("q quits from the list; ctrl+q from anywhere."), markup=False)

    def take_signal(self, number: int) -> None:
        """Do what a signal asks for: say how to quit, or quit and keep what was typed."""
        if number == signal.SIGINT:
            if self.screen_stack and self.screen.is_mounted:
                self.action_help_quit()
            return
        self.keep_drafts()
        self.exit(return_code=terminal.SIGNALLED + number)

    def keep_drafts(self) -> None:
        """Keep what was typed into the forms that are open."""
        for form in self.screen_stack:
            if isinstance(form, dialogs.form.Form):
                form.keep_draft()

    async def action_quit(self) -> None:
        """Quit from anywhere, unless a form holds text that would be lost."""
        if isinstance(self.screen, dialogs.form.Form) and self.screen.changed:
            self.screen.action_leave()
            return
        self.exit()


def run(path: Path, language: str) -> tuple[int, Path | None]:
    """Open the board at ``path`` in this terminal.

    Args:
        path: the database file.
        language: of the reader; already spoken.

    Returns:
        The exit code of the process, and the board to go to, if the person chose another one.

    Raises:
        PitboardError: if the file is not a board.
    """
    if os.environ.get("TERM", "").lower() in _CLAIMS_NOTHING:
        # Rich takes such a terminal for one of 80 × 25, and the first line would scroll away.
        os.environ["TERM"] = "xterm"
    app = PitboardApp(path, alone=True)
    try:
        with terminal.signals_to(app):
            app.run()
    finally:
        app.session.close()
    return app.return_code or 0, app.next_board


def _settings() -> ScreenSettings:
    """The user's settings, and what is wrong with them."""
    # Loaded here, since the first paint does without settings, which need pydantic.
    from tui.commands.settings import load_for_screen

    return load_for_screen()
