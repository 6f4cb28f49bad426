"""What a person does to pitfalls from the board: each a form or a key, then one deed."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual import work

from storage.errors import PitboardError
from storage.model.records import Pitfall, Reference
from storage.model.urls import is_web_address
from storage.model.vocabulary import Status
from storage.text.sanitize import harmless
from tui.screens.panes import Panes
from tui.services.editor import NoEditor, edit_beside, put_aside
from tui.services.open_external import has_browser
from tui.text.history import event_words
from tui.text.i18n import _, listed, read
from tui.text.pitfall_markdown import document, document_changes
from tui.text.vocabulary import marked

if TYPE_CHECKING:
    from storage.write.history import Step
    from storage.write.store import Store
    from tui.dialogs.bulk import Chosen
    from tui.dialogs.form import Form, Said

_R = TypeVar("_R")


class Deeds(Panes):
    """The writing half of the board's screen.

    A deed is one method of the store, run in a thread of its own; what it
    changed is read again when the store has signalled it.
    """

    @abstractmethod
    def look_for_changes(self) -> None:
        """Read again what changed."""

    async def do(self, what: Callable[[Store], _R]) -> _R:
        """Let the store do something, beside the screen.

        Raises:
            PitboardError: nothing was written.
        """
        done = await asyncio.to_thread(lambda: what(self.session.store()))
        self.look_for_changes()
        return done

    def done(self, words: str) -> None:
        """Say what was done."""
        self.notify(words, timeout=4, markup=False)

    def here(self) -> Pitfall | None:
        """The pitfall under the cursor."""
        row = self.pitfalls.row
        if row is None:
            self.notify(_("There is no pitfall here."), severity="warning", markup=False)
            return None
        try:
            return self.session.board.pitfall(row.id)
        except PitboardError as error:
            self.tell(error)
            return None

    def chosen(self) -> Chosen | None:
        """What a deed is for: all that are marked, else the pitfall under the cursor.

        Raises:
            PitboardError: it can't be read.
        """
        from tui.dialogs.bulk import PREVIEWED, Chosen

        marks = tuple(self.pitfalls.marked)
        if marks:
            board, shown = self.session.board, marks[:PREVIEWED]
            standing = board.inbox.decisions(shown, self.session.now())
            return Chosen(
                marks, tuple(board.pitfall(one)._replace(decision=standing[one]) for one in shown)
            )
        here = self.here()
        return Chosen((here.id,), (here,)) if here is not None else None

    def at_hand(self) -> Chosen | None:
        """What :meth:`chosen` gives; None as well if it can't be read, which is said."""
        try:
            return self.chosen()
        except PitboardError as error:
            self.tell(error)
            return None

    async def fill_in(self, form: Form[str], then: str) -> None:
        """Have a form filled in; what it did is said in ``then``, with ``{id}`` for its result."""
        done = await self.app.push_screen_wait(form)
        if done is not None:
            self.done(then.format(id=done))

    # Forms

    async def edit(self) -> None:
        """Edit every field; in the references, the one under the cursor."""
        from tui.dialogs.form_values import edits
        from tui.dialogs.forms import EditPitfall

        if self.pitfalls.marked:
            await self._edit_several()
            return
        if (here := self.here()) is None:
            return
        chosen = self.detail.chosen_reference
        if self.reading and self.detail.tab == "references" and chosen is not None:
            await self._edit_reference(here, chosen)
            return

        async def save(said: Said) -> str:
            changed = {field.field for field in form.changed_fields}
            values = edits({name: value for name, value in said.items() if name in changed})
            await self.do(lambda store: store.pitfalls.edit(here.id, **values))
            return self.session.board.short_id(here.id)

        form = EditPitfall(save, here)
        await self.fill_in(form, _("Saved {id}."))

    async def _edit_several(self) -> None:
        from tui.dialogs.form_values import edits_of_several
        from tui.dialogs.forms import EditSeveral

        if (chosen := self.at_hand()) is None:
            return

        async def save(said: Said) -> str:
            values = edits_of_several(said)
            await self.do(lambda store: store.pitfalls.edit(chosen.ids, **values))
            self.pitfalls.clear_marks()
            return chosen.title

        await self.fill_in(EditSeveral(save, chosen), _("Saved {id}."))

    async def _edit_reference(self, here: Pitfall, chosen: Reference) -> None:
        from tui.dialogs.form_values import reference
        from tui.dialogs.forms import EditReference

        async def save(said: Said) -> str:
            changed = {field.field for field in form.changed_fields}
            if "hidden" in changed:
                await self.do(lambda store: store.entries.hide(here.id, chosen.id))
            elif changed:
                values = {name: said for name, said in reference(said).items() if name in changed}
                await self.do(lambda store: store.entries.edit(here.id, chosen.id, values))
            return self.session.board.short_id(here.id)

        form = EditReference(save, chosen)
        await self.fill_in(form, _("Saved {id}."))

    @work(group="deed")
    async def action_set_status(self) -> None:
        """Set the status of the pitfall under the cursor, or of all that are marked."""
        from tui.dialogs.form_values import status
        from tui.dialogs.forms import SetStatus

        if (chosen := self.at_hand()) is None:
            return

        async def save(said: Said) -> str:
            values = status(said)
            await self.do(lambda store: store.status.set(chosen.ids, **values))
            self.pitfalls.clear_marks()
            return marked(Status(values["status"]))

        await self.fill_in(SetStatus(save, chosen), _("Now {id}."))

    @work(group="deed")
    async def action_add_reference(self) -> None:
        """Add a reference."""
        from tui.dialogs.form_values import reference
        from tui.dialogs.forms import AddReference

        if (chosen := self.at_hand()) is None:
            return

        async def save(said: Said) -> str:
            values = reference(said)
            await self.do(lambda store: store.links.add(chosen.ids, **values))
            self.pitfalls.clear_marks()
            return chosen.title

        await self.fill_in(AddReference(save, chosen), _("Added a reference to {id}."))

    @work(group="deed")
    async def action_comment(self) -> None:
        """Comment."""
        from tui.dialogs.forms import AddComment

        if (chosen := self.at_hand()) is None:
            return

        async def save(said: Said) -> str:
            await self.do(lambda store: store.comments.add(chosen.ids, said["text"]))
            self.pitfalls.clear_marks()
            return chosen.title

        await self.fill_in(AddComment(save, chosen), _("Commented on {id}."))

    @work(group="deed")
    async def action_edit_in_editor(self) -> None:
        """Edit the whole pitfall in the person's own editor, as ``pitboard edit`` does."""
        if (here := self.here()) is None:
            return
        before = document(here)
        try:
            after = edit_beside(self.app, before)
        except NoEditor as error:
            self.tell(error)
            return
        try:
            edited = document_changes(before, after)
            changed = await self.do(
                lambda store: store.pitfalls.edit(
                    here.id, edited.changes, tags=edited.tags, signatures=edited.signatures
                )
            )
        except PitboardError as error:
            self.tell(error)
            self.keep(after)
            return
        words = _("Saved {id}.") if changed else _("Nothing changed in {id}.")
        self.done(words.format(id=self.session.board.short_id(here.id)))

    def keep(self, text: str) -> None:
        """Put text that the record refused where its writer finds it."""
        where = put_aside(text)
        self.notify(_("What you typed is in {path}.").format(path=where), timeout=20, markup=False)

    # One key

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
            step = await self.do(how)
        except PitboardError as error:
            self.tell(error)
            return
        what = listed(event_words(kind) for kind in step.kinds)
        self.done(words.format(what=what, title=harmless(read(step.title))))

    def action_open_reference(self) -> None:
        """Open the chosen reference in the browser."""
        if url := self._chosen_url():
            if is_web_address(url) and has_browser():
                self.app.open_url(url)
                self.done(_("Opened {url}").format(url=harmless(url)))
            elif is_web_address(url):
                self.app.copy_to_clipboard(harmless(url))
                words = _("No browser can be opened from here, so it was copied: {url}")
                self.done(words.format(url=harmless(url)))
            else:
                self.notify(
                    _("This is no web address, so it is not opened: {url}").format(
                        url=harmless(url)
                    ),
                    severity="warning",
                    markup=False,
                )

    def action_copy_id(self) -> None:
        """Copy the id."""
        if (row := self.pitfalls.row) is not None:
            self.app.copy_to_clipboard(row.id)
            self.done(_("Copied {what}").format(what=row.id))

    def action_copy_link(self) -> None:
        """Copy the link of the chosen reference."""
        if url := self._chosen_url():
            self.app.copy_to_clipboard(harmless(url))
            self.done(_("Copied {what}").format(what=harmless(url)))

    def _chosen_url(self) -> str:
        here = self.here()
        if here is None:
            return ""
        shown = self.detail.pitfall
        chosen = self.detail.chosen_reference if shown and shown.id == here.id else None
        if chosen is None and here.references:
            chosen = here.references[0]
        if chosen is None:
            self.notify(_("It has no reference yet. Press l to add one."), markup=False)
            return ""
        return chosen.url

    @abstractmethod
    def go_to(self, pitfall: str) -> None:
        """Put the cursor on a pitfall, whatever the list shows now."""
