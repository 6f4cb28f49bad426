"""What passes between a pitfall and the vendor: what they said, and the report for them."""

from __future__ import annotations

import asyncio

from textual import work

from storage.errors import PitboardError
from storage.model.records import Statement
from storage.read import Board
from tui.screens.fixing import Fixing
from tui.text.i18n import _, listed, translator
from tui.text.vocabulary import day


class Vendor(Fixing):
    """The half of the board's screen that looks to the vendor."""

    @work(group="deed")
    async def action_add_statement(self) -> None:
        """Note what the vendor said at the chosen reference, or elsewhere."""
        from tui.dialogs.form import Said
        from tui.dialogs.vendor_reply import AddStatement, place, statement

        if (here := self.here()) is None:
            return
        shown = self.detail.pitfall
        chosen = self.detail.chosen_reference if shown and shown.id == here.id else None
        if chosen is None and here.references:
            chosen = here.references[0]

        async def save(said: Said) -> str:
            # What stood there names the reference itself: others may have the same address.
            stands = chosen is not None and not form.field("reference").changed
            where = chosen.id if chosen is not None and stands else place(said)
            values = statement(said)
            await self.do(lambda store: store.links.add_reply(here.id, where, **values))
            return self.session.board.short_id(here.id)

        form = AddStatement(save, chosen)
        await self.fill_in(form, _("Noted what the vendor said of {id}."))

    async def edit_statement(self, pitfall: str, chosen: Statement) -> None:
        """Put a statement right, or hide it."""
        from tui.dialogs.form import Said
        from tui.dialogs.vendor_reply import EditStatement, statement

        async def save(said: Said) -> str:
            changed = {field.field for field in form.changed_fields}
            if "hidden" in changed:
                await self.do(lambda store: store.entries.hide(pitfall, chosen.id))
            elif changed:
                values = {name: value for name, value in statement(said).items() if name in changed}
                await self.do(lambda store: store.entries.edit(pitfall, chosen.id, values))
            return self.session.board.short_id(pitfall)

        form = EditStatement(save, chosen)
        await self.fill_in(form, _("Saved {id}."))

    @work(group="deed")
    async def action_edit(self) -> None:
        """Edit every field; in the references, what is under the cursor."""
        row, chosen = self.pitfalls.row, self.detail.chosen_statement
        if self.reading and row is not None and chosen is not None and not self.pitfalls.marked:
            await self.edit_statement(row.id, chosen)
        else:
            await self.edit()

    @work(group="deed")
    async def action_copy_report(self) -> None:
        """Copy a bug report for the vendor's community."""
        from storage.reports.bug_report import BugReport, bug_report

        row = self.pitfalls.row
        if row is None:
            self.notify(_("There is no pitfall here."), severity="warning", markup=False)
            return

        def write() -> BugReport:
            with Board.open(self.session.path) as board:
                return bug_report(board, row.id, translator(), day)

        try:
            written = await asyncio.to_thread(write)
        except PitboardError as error:
            self.tell(error)
            return
        self.app.copy_to_clipboard(written.text)
        short = self.session.board.short_id(row.id)
        self.done(_("Copied a bug report of {id}.").format(id=short))
        if written.missing:
            words = _("The vendor will ask for what is missing: {what}")
            self.notify(
                words.format(what=listed(written.missing)),
                severity="warning",
                timeout=12,
                markup=False,
            )
