"""Fixes on the board: record one, verify one, go back when it is broken again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from storage.errors import PitboardError
from storage.model.verdicts import judge
from tui.screens.sightings import Sightings
from tui.text.i18n import _
from tui.text.verdicts import verdict_words
from tui.text.vocabulary import moment

if TYPE_CHECKING:
    from tui.dialogs.bulk import Chosen
    from tui.dialogs.form import Said


class Fixing(Sightings):
    """The part of a screen with pitfalls on it that is about their fixes."""

    @work(group="deed")
    async def action_record_fix(self) -> None:
        """Record a fix of the pitfall under the cursor, or put one right."""
        from tui.dialogs.fixes import RecordFix, recorded

        if (here := self.here()) is None:
            return

        async def save(said: Said) -> str:
            values = recorded(said)
            fix = form.chosen
            if fix is None:
                status = said["status"] or None
                await self.do(lambda store: store.fixes.record(here.id, status=status, **values))
            elif said["hidden"] == "yes":
                await self.do(lambda store: store.entries.hide(here.id, fix.id))
            else:
                changed = {field.field for field in form.changed_fields}
                values = {name: value for name, value in values.items() if name in changed}
                if values:
                    await self.do(lambda store: store.entries.edit(here.id, fix.id, values))
            return self.session.board.short_id(here.id)

        form = RecordFix(save, here, self.session.grace_days)
        await self.fill_in(form, _("Saved the fix of {id}."))

    @work(group="deed")
    async def action_verify(self) -> None:
        """Say whether a fix of the pitfall under the cursor holds somewhere."""
        from tui.dialogs.fixes import Verify, verified

        if (here := self.here()) is None:
            return
        if not here.fixes:
            self.notify(_("It has no fix record yet. Press F to record one."), markup=False)
            return

        async def save(said: Said) -> str:
            values = verified(said)
            await self.do(lambda store: store.fixes.verify(here.id, **values))
            return self.session.board.short_id(here.id)

        form = Verify(save, here, self.session.board.occurrences.last_environment())
        await self.fill_in(form, _("Logged a verification of {id}."))

    @work(group="deed")
    async def action_reopen(self) -> None:
        """Go back to the status before the fix, with what shows that it is broken again."""
        from tui.dialogs.fixes import Reopen

        try:
            chosen = self.chosen()
            reason = self._why_broken(chosen) if chosen is not None else ""
        except PitboardError as error:
            self.tell(error)
            return
        if chosen is None:
            return

        async def save(said: Said) -> str:
            await self.do(lambda store: store.status.reopen(chosen.ids, reason=said["reason"]))
            self.pitfalls.clear_marks()
            return chosen.title

        await self.fill_in(Reopen(save, chosen, reason), _("Back as before the fix: {id}"))

    def _why_broken(self, chosen: Chosen) -> str:
        """What the newest regression says; nothing if there are several pitfalls, or none."""
        if chosen.several:
            return ""
        [pitfall] = chosen.shown
        newest = self.session.board.occurrences.newest_regression(pitfall.id)
        judged = judge(newest, pitfall.fixes) if newest is not None else None
        if newest is None or judged is None:
            return ""
        return _("{verdict} (seen {when} by {who})").format(
            verdict=verdict_words(judged), when=moment(newest.seen_at), who=newest.who
        )
