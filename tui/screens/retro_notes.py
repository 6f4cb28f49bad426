"""What is noted in a retro: added, done, put right, taken back."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual import work

from storage.errors import PitboardError
from storage.model.retro import THE_BOARD, RetroNote
from storage.text.sanitize import harmless
from tui.screens.retro_period import RetroPeriod
from tui.text.history import event_words
from tui.text.i18n import _, listed, read, say

if TYPE_CHECKING:
    from storage.write.history import Step
    from storage.write.store import Store

_R = TypeVar("_R")


class RetroNotes(RetroPeriod):
    """The writing part of the retro's screen."""

    @property
    @abstractmethod
    def note(self) -> RetroNote | None:
        """The note under the cursor."""

    @property
    @abstractmethod
    def about(self) -> str:
        """The pitfall that the line under the cursor is about; empty if it is about none."""

    async def _do(self, what: Callable[[Store], _R]) -> _R:
        """Let the store do something, and read the period again.

        Raises:
            PitboardError: nothing was written.
        """
        done = await asyncio.to_thread(lambda: what(self.session.store()))
        self.read_again()
        return done

    @work(group="deed")
    async def action_add_note(self) -> None:
        """Note something, about the pitfall under the cursor if that is said."""
        from tui.dialogs.form import Said
        from tui.dialogs.retro import AddNote, noted

        about = self.about
        title = read(self.session.board.pitfall(about).title) if about else ""

        async def save(said: Said) -> str:
            pitfall = about if said.get("about") == "yes" else ""
            values = noted(said)
            return await self._do(lambda store: store.retro.note(**values, pitfall=pitfall))

        if await self.app.push_screen_wait(AddNote(save, title)) is not None:
            self.notify(_("Noted."), timeout=4, markup=False)

    @work(group="deed")
    async def action_finish(self) -> None:
        """Say that the follow-up under the cursor is done."""
        note = self.note
        if note is None:
            self.notify(_("There is no follow-up here."), severity="warning", markup=False)
            return
        try:
            await self._do(lambda store: store.retro.finish(note.id))
        except PitboardError as error:
            self.notify(say(error), severity="error", timeout=8, markup=False)
            return
        words = _("Done: {text}").format(text=harmless(read(note.text)))
        self.notify(words, timeout=4, markup=False)

    @work(group="deed")
    async def action_edit_note(self) -> None:
        """Put the note under the cursor right, or hide it."""
        from tui.dialogs.form import Said
        from tui.dialogs.retro import EditNote, noted

        note = self.note
        if note is None:
            self.notify(_("There is no note here."), severity="warning", markup=False)
            return
        stream = note.pitfall or THE_BOARD

        async def save(said: Said) -> str:
            changed = {field.field for field in form.changed_fields}
            if "hidden" in changed:
                await self._do(lambda store: store.entries.hide(stream, note.id))
            elif changed:
                values = {name: one for name, one in noted(said).items() if name in changed}
                await self._do(lambda store: store.entries.edit(stream, note.id, values))
            return note.id

        form = EditNote(save, note)
        if await self.app.push_screen_wait(form) is not None:
            self.notify(_("Saved."), timeout=4, markup=False)

    @work(group="deed")
    async def action_undo(self) -> None:
        """Take back what this person did last."""
        await self._reverse(lambda store: store.history.undo(), _("Undone: {what} — {title}"))

    @work(group="deed")
    async def action_redo(self) -> None:
        """Do again what was taken back."""
        await self._reverse(lambda store: store.history.redo(), _("Done again: {what} — {title}"))

    async def _reverse(self, how: Callable[[Store], Step], words: str) -> None:
        try:
            step = await self._do(how)
        except PitboardError as error:
            self.notify(say(error), severity="error", timeout=8, markup=False)
            return
        what = listed(event_words(kind) for kind in step.kinds)
        told = words.format(what=what, title=harmless(read(step.title)))
        self.notify(told, timeout=4, markup=False)
