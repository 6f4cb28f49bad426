"""Reviewing what stands: workarounds that still work, what stood before, and what runs where."""

from __future__ import annotations

from textual import work

from storage.errors import PitboardError
from tui.screens.viewing import Viewing
from tui.text.history import change_words
from tui.text.i18n import _


class Reviewing(Viewing):
    """The reviewing part of the board's screen."""

    @work(group="deed")
    async def action_confirm_workaround(self) -> None:
        """Confirm the workaround of what is chosen."""
        from tui.dialogs.review import ConfirmWorkaround

        await self._decide(
            lambda save, chosen: ConfirmWorkaround(save, chosen),
            lambda store, ids, said: store.fixes.confirm_workaround(ids, said["note"]),
            _("Confirmed the workaround: {title}"),
        )

    @work(group="deed")
    async def action_restore(self) -> None:
        """Restore what stood before the change under the timeline's cursor."""
        line = self.detail.chosen_change
        if line is None or not self.reading:
            words = _("Go to a change in the timeline first: O shows it.")
            self.notify(words, severity="warning", markup=False)
            return
        try:
            await self.do(lambda store: store.history.revert(line.pitfall, line.event))
        except PitboardError as error:
            self.tell(error)
            return
        self.done(_("Restored what was before: {what}").format(what=change_words(line).what))

    @work(group="versions")
    async def action_versions(self) -> None:
        """Show what runs where; come back with a query for the pitfalls seen somewhere."""
        from tui.screens.versions import VersionsScreen

        asked = await self.app.push_screen_wait(VersionsScreen(self.session))
        self.look_for_changes()
        if asked is not None:
            self.action_board()
            self.query_line.value = asked
