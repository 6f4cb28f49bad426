"""Files on pitfalls: attaching, looking at, saving, hiding."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import OptionList

from storage.errors import N_, PitboardError, Refused
from storage.model.records import Attachment
from storage.read import Board
from storage.text.sanitize import harmless
from tui.screens.keeping import Keeping
from tui.text.attachments import content_of
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.dialogs.form import Said


class Attaching(Keeping):
    """The half of the board's screen that has to do with files."""

    @property
    def chosen_attachment(self) -> Attachment | None:
        """The attachment under the cursor, if one is."""
        return self.detail.chosen_attachment if self.reading else None

    @work(group="deed")
    async def action_attach(self) -> None:
        """Attach a file to the pitfall under the cursor, or to all that are marked."""
        from tui.dialogs.attachments import AttachFile, attachment

        if (chosen := self.at_hand()) is None:
            return

        async def save(said: Said) -> str:
            file = await asyncio.to_thread(attachment, said)
            await self.do(lambda store: store.attachments.add(chosen.ids, file))
            self.pitfalls.clear_marks()
            return chosen.title

        await self.fill_in(AttachFile(save, chosen), _("Attached a file to {id}."))

    async def edit(self) -> None:
        """Edit every field, or the attachment under the cursor."""
        from tui.dialogs.attachments import EditAttachment

        row, chosen = self.pitfalls.row, self.chosen_attachment
        if row is None or chosen is None or self.pitfalls.marked:
            await super().edit()
            return

        async def save(said: Said) -> str:
            changed = {field.field for field in form.changed_fields}
            if "hidden" in changed:
                await self.do(lambda store: store.entries.hide(row.id, chosen.id))
            elif changed:
                values = {name: value for name, value in said.items() if name in changed}
                await self.do(lambda store: store.entries.edit(row.id, chosen.id, values))
            return self.session.board.short_id(row.id)

        form = EditAttachment(save, chosen)
        await self.fill_in(form, _("Saved {id}."))

    async def action_open(self) -> None:
        """Open what is under the cursor; a picture here, if the terminal can show it."""
        if self.chosen_attachment is None:
            await super().action_open()
        else:
            self._open_entry()

    @on(OptionList.OptionSelected, "#references")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        """The list takes the key itself."""
        event.stop()
        self._open_entry()

    def _open_entry(self) -> None:
        """Open what is under the cursor among the references."""
        from tui.services.images import can_show, is_picture

        chosen = self.chosen_attachment
        if chosen is not None and is_picture(chosen) and can_show(self.app):
            self._look_at(chosen)
        else:
            self.action_open_reference()

    def action_open_reference(self) -> None:
        """Open the chosen reference in the browser, or the attachment in the system's viewer."""
        chosen = self.chosen_attachment
        if chosen is None:
            super().action_open_reference()
        else:
            self._open(chosen)

    @work(group="deed")
    async def action_save_attachment(self) -> None:
        """Save the attachment under the cursor, or the only one."""
        if (here := self.here()) is None:
            return
        chosen = self.chosen_attachment
        if chosen is None and len(here.attachments) == 1:
            [chosen] = here.attachments
        if chosen is None:
            words = (
                _("Choose one of the attachments among the references first.")
                if here.attachments
                else _("Nothing is attached to it. Press @ to attach a file.")
            )
            self.notify(words, severity="warning", markup=False)
            return
        await self._save(chosen)

    async def _save(self, chosen: Attachment) -> None:
        from storage.text.sanitize import file_name
        from storage.write.uploads import save_file
        from tui.dialogs.attachments import SaveAttachment

        def write(said: Said) -> Path:
            folder = Path(said["folder"] or ".").expanduser()
            if not folder.is_dir():
                raise Refused(
                    N_("There is no folder {path}."),
                    N_("Make it first, or name another."),
                    field="folder",
                    path=folder,
                )
            force = said["force"] == "yes"
            return save_file(self._read(chosen), file_name(chosen.label), folder, force=force)

        async def save(said: Said) -> Path:
            return await asyncio.to_thread(write, said)

        path = await self.app.push_screen_wait(SaveAttachment(save, chosen))
        if path is not None:
            self.done(_("Saved to {path}.").format(path=harmless(str(path))))

    @work(group="deed")
    async def _look_at(self, chosen: Attachment) -> None:
        """Show a picture in the terminal, and do then what is wanted of it."""
        from tui.screens.picture import PictureScreen
        from tui.services.images import make_ready, unpacked

        try:
            picture = await asyncio.to_thread(lambda: unpacked(self._read(chosen)))
            make_ready(self.app)
        except PitboardError as error:
            self.tell(error)
            return
        wanted = await self.app.push_screen_wait(PictureScreen(chosen, picture))
        if wanted == "open":
            self._open(chosen)
        elif wanted == "save":
            await self._save(chosen)

    @work(group="view")
    async def _open(self, chosen: Attachment) -> None:
        """Open an attachment with the system's viewer."""
        from tui.services.open_external import view

        try:
            await asyncio.to_thread(lambda: view(self._read(chosen)))
        except Refused as error:
            # Here a key does what the advice says.
            self.tell(PitboardError(error.message, N_("Press > to save it."), **error.values))
            return
        except PitboardError as error:
            self.tell(error)
            return
        self.done(_("Opened “{label}”.").format(label=harmless(chosen.label)))

    def _read(self, chosen: Attachment) -> bytes:
        """The bytes of an attachment, read beside the screen.

        Raises:
            PitboardError: they are not here, or damaged.
        """
        with Board.open(self.session.path) as board:
            return content_of(board, chosen)
