"""What a command is given: a screen, the pitfalls that are chosen on it, and the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from textual.screen import Screen

from storage.errors import PitboardError
from tui import dialogs
from tui.commands.command import BOARD
from tui.text.i18n import _

if TYPE_CHECKING:
    from storage.model.records import Attachment, Pitfall, Reference
    from storage.write.history import Step
    from storage.write.store import Store
    from tui.app import PitboardApp
    from tui.dialogs.form import Answers, Form
    from tui.dialogs.pitfalls import Chosen, OnSeveral
    from tui.screens.command_screen import CommandScreen, PitfallScreen
    from tui.services.session import Session
    from tui.widgets.detail import Detail
    from tui.widgets.pitfall_list import PitfallList

_S = TypeVar("_S", bound="CommandScreen[Any]")
_P = TypeVar("_P", bound="PitfallScreen[Any]")
_R = TypeVar("_R")
#: How often it is said how far a change is that takes long, in seconds.
_TELL_EVERY: Final = 1.0


class CommandContext(Generic[_S]):
    """A screen as its commands see it."""

    def __init__(self, screen: _S) -> None:
        self.screen = screen

    @property
    def app(self) -> PitboardApp:
        """The app."""
        app: PitboardApp = self.screen.app  # type: ignore[assignment]
        return app

    @property
    def session(self) -> Session:
        """The board as one person works with it."""
        return self.screen.session

    # Messages

    def done(self, words: str) -> None:
        """Say what was done."""
        self.screen.show_done(words)

    def hint(self, words: str) -> None:
        """Say why nothing happens, and what to do."""
        self.screen.notify(words, markup=False)

    def warn(self, words: str, seconds: float | None = None) -> None:
        """Say what needs attention."""
        self.screen.notify(words, severity="warning", timeout=seconds, markup=False)

    def tell(self, error: PitboardError) -> None:
        """Say what went wrong and what to do."""
        self.screen.tell(error)

    def show_undone(self, step: Step) -> None:
        """Show the pitfalls of a step that was undone or redone, where that helps."""
        self.screen.show_undone(step.pitfalls)

    # Screens and dialogs

    async def ask(self, dialog: Screen[_R]) -> _R:
        """Show a screen or a dialog until it is left; what it was left with."""
        return await self.app.push_screen_wait(dialog)

    async def visit(self, name: str, *arguments: object) -> str | None:
        """Go to another screen of ours, and read again what changed meanwhile.

        Args:
            name: of the screen.
            arguments: what its class takes besides the session.

        Returns:
            What it was left with: a pitfall to open, a query, or nothing.
        """
        left_with: str | None = await self.ask(self.app.make_screen(name, *arguments))
        self.screen.look_for_changes()
        return left_with

    # Writing

    async def write(self, change: Callable[[Store], _R]) -> _R:
        """Let the store change something, in a thread; the screen reads it again.

        Raises:
            PitboardError: nothing was written.
        """
        telling = self.screen.set_interval(_TELL_EVERY, self._tell_progress)
        try:
            result = await asyncio.to_thread(lambda: change(self.session.store()))
        finally:
            telling.stop()
        self.screen.look_for_changes()
        return result

    def _tell_progress(self) -> None:
        if words := self.session.saving_words:
            self.screen.notify(words, timeout=_TELL_EVERY, markup=False)

    async def fill_in(
        self,
        form: Form,
        take: Callable[[Answers], _R],
        *,
        then: Callable[[_R], object] | None = None,
    ) -> _R | None:
        """Show a form until its answers are taken.

        Args:
            form: stays open as long as ``take`` refuses what it says.
            take: runs in a thread.
            then: is given the result before the form closes.

        Returns:
            The result; None if the form was left.
        """
        form.take, form.then = take, then
        form.progress = lambda: self.session.saving_words
        left_with: tuple[_R] | None = await self.ask(form)
        return None if left_with is None else left_with[0]

    async def save(
        self,
        form: Form,
        change: Callable[[Store, Answers], _R],
        done: str | Callable[[_R], str],
        *,
        about: Sequence[str] = (),
        then: Callable[[_R], object] | None = None,
        again: Callable[[], Form | None] | None = None,
    ) -> _R | None:
        """Show a form until the store has taken its answers, and say so.

        What is typed is kept as a draft until then.

        Args:
            form: stays open as long as the store refuses what it says.
            change: is given the store and the answers; runs in a thread.
            done: what is said then, or makes it from the result.
            about: the ids of what the form changes; none for something new.
            then: is given the result before the form closes.
            again: makes the form of what the board says when it is saved, so that nothing that
                somebody else wrote meanwhile is replaced unseen; runs in a thread.

        Returns:
            The result; None if the form was left.
        """
        form.again = again
        form.keep_drafts(self.session.draft_board(), about)
        messages: list[str] = []

        def saved(result: _R) -> None:
            self.screen.look_for_changes()
            if then is not None:
                then(result)
            messages.append(done if isinstance(done, str) else done(result))

        result = await self.fill_in(
            form, lambda answers: change(self.session.store(), answers), then=saved
        )
        for words in messages:
            self.done(words)
        return result

    async def amend(
        self,
        form: Form,
        entry: tuple[str, str],
        values: Callable[[Answers], Mapping[str, Any]],
        done: str,
        again: Callable[[], Form | None],
    ) -> None:
        """Show a form until it has changed or hidden one entry of a pitfall, or of the board.

        Args:
            form: has the entry's fields, and one that hides it.
            entry: the ids of the pitfall and of the entry.
            values: the entry's fields from the form's answers.
            done: what is said then.
            again: as for :meth:`save`; None if the entry is hidden by now.
        """

        def change(store: Store, answers: Answers) -> None:
            if "hidden" in answers.changed:
                store.entries.hide(*entry)
            elif answers.changed:
                messages = values(answers)
                store.entries.edit(
                    *entry, {name: messages[name] for name in messages if name in answers.changed}
                )

        await self.save(form, change, done, about=entry, again=again)


class PitfallContext(CommandContext[_P]):
    """A screen with pitfalls on it: one under the cursor, perhaps several that are marked."""

    @property
    def pitfalls(self) -> PitfallList:
        """The list."""
        return self.screen.pitfalls

    @property
    def detail(self) -> Detail:
        """The detail."""
        return self.screen.detail

    def short_id(self, pitfall: str) -> str:
        """The name of a pitfall to people."""
        return self.session.board.short_id(pitfall)

    def show_undone(self, step: Step) -> None:
        """As above; on the board the cursor goes to a report that is there again."""
        super().show_undone(step)
        reported = [one.pitfall for one in step.events if one.kind == "reported"]
        rows = self.session.board.list
        if self.screen.NAME == BOARD and any(rows.rowid(one) is not None for one in reported[:1]):
            self.screen.go_to(reported[0])

    # What is chosen

    def here(self) -> Pitfall:
        """The pitfall under the cursor; there is one (see :func:`a_pitfall`).

        Raises:
            PitboardError: it can't be read.
        """
        row = self.pitfalls.row
        assert row is not None
        return self.session.board.pitfall(row.id)

    def chosen(self) -> Chosen:
        """All pitfalls that are marked, else the one under the cursor.

        Raises:
            PitboardError: they can't be read.
        """
        several = dialogs.pitfalls
        marks = tuple(self.pitfalls.marked)
        if not marks:
            here = self.here()
            return several.Chosen((here.id,), (here,))
        board, shown = self.session.board, marks[: several.PREVIEWED]
        decisions = board.inbox.decisions(shown, self.session.now())
        return several.Chosen(
            marks, tuple(board.pitfall(one)._replace(decision=decisions[one]) for one in shown)
        )

    @property
    def attachment(self) -> Attachment | None:
        """The attachment under the cursor, if one is."""
        return self.detail.chosen_attachment if self.screen.reading else None

    def reference(self, here: Pitfall) -> Reference | None:
        """The reference of a pitfall that is under the cursor, else its first."""
        shown = self.detail.pitfall
        chosen = self.detail.chosen_reference if shown and shown.id == here.id else None
        if chosen is None and here.references:
            return here.references[0]
        return chosen

    # Going and changing

    def open(self, pitfall: str) -> None:
        """Go to a pitfall, and open it."""
        self.screen.go_to(pitfall)
        self.screen.call_after_refresh(self.screen.open)

    async def change(
        self,
        form: OnSeveral,
        change: Callable[[Store, Sequence[str], Answers], _R],
        done: str | Callable[[_R], str],
        again: Callable[[], Form | None] | None = None,
    ) -> None:
        """Show a form about what is chosen; its change is made to all of it as one step.

        Args:
            form: about what is chosen.
            change: is given the store, the ids and the answers; runs in a thread.
            done: what is said then, or makes it from the result.
            again: as for :meth:`save`.
        """
        ids = form.chosen.ids
        await self.save(
            form,
            lambda store, answers: change(store, ids, answers),
            done,
            about=ids,
            then=lambda _result: self.pitfalls.clear_marks(),
            again=again,
        )


def a_pitfall(on: PitfallContext[Any]) -> str:
    """Why there is nothing to act on; empty if a pitfall is under the cursor or marked."""
    return "" if on.pitfalls.marked or on.pitfalls.row else _("There is no pitfall here.")


def a_pitfall_under_the_cursor(on: PitfallContext[Any]) -> str:
    """Why there is none; empty if there is."""
    return "" if on.pitfalls.row else _("There is no pitfall here.")
