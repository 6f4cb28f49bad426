"""Keeping one of the values that several people wrote at the same time."""

from __future__ import annotations

from textual import work

from storage.errors import PitboardError
from tui.screens.vendor import Vendor
from tui.text.conflicts import claim_value, conflict_name
from tui.text.i18n import _


class Keeping(Vendor):
    """The part of the board's screen that ends contests."""

    @work(group="deed")
    async def action_keep(self) -> None:
        """Choose which of the values is kept."""
        from tui.dialogs.conflicts import Keep

        if (here := self.here()) is None:
            return
        if not here.contests:
            self.notify(_("Nobody wrote the same thing at the same time here."), markup=False)
            return
        short_id = self.session.board.short_id
        chosen = await self.app.push_screen_wait(Keep(here, short_id))
        if chosen is None:
            return
        try:
            await self.do(
                lambda store: store.conflicts.resolve(
                    here.id, chosen.contest.name, chosen.claim.event
                )
            )
        except PitboardError as error:
            self.tell(error)
            return
        kept = " ".join(claim_value(chosen, short_id).split())
        self.done(
            _("Kept the {name}: {value}").format(name=conflict_name(chosen.contest), value=kept)
        )
