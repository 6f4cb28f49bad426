"""Deciding about pitfalls, one or all that are marked: each a form, then one deed of the store."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import work

from storage.model.records import Row
from tui.screens.attaching import Attaching
from tui.text.i18n import _

if TYPE_CHECKING:
    from storage.write.store import Store
    from tui.dialogs.bulk import Chosen, OnSeveral
    from tui.dialogs.form import Said, Save


class Deciding(Attaching):
    """The triaging half of a screen with pitfalls on it."""

    def likely(self) -> Sequence[Row]:
        """The pitfalls that the one under the cursor is likely to be the same as, best first."""
        return ()

    @work(group="inbox")
    async def action_inbox(self) -> None:
        """Go through the inbox; come back to the pitfall that was opened there."""
        from tui.screens.triage import TriageScreen

        chosen = await self.app.push_screen_wait(TriageScreen(self.session))
        self.look_for_changes()
        if chosen is not None:
            self.go_to(chosen)
            self.call_after_refresh(self.action_open)

    @abstractmethod
    def marks_changed(self) -> None:
        """Say how many are marked."""

    def action_mark_range(self) -> None:
        """Mark from here on."""
        self.pitfalls.toggle_range()
        self.marks_changed()

    def action_mark_all(self) -> None:
        """Mark all that are listed."""
        self.pitfalls.mark_all()
        self.marks_changed()

    @work(group="deed")
    async def action_accept(self) -> None:
        """Accept."""
        from tui.dialogs.decisions import Accept, accepted

        await self._decide(
            lambda save, chosen: Accept(save, chosen),
            lambda store, ids, said: store.triage.accept(ids, **accepted(said)),
            _("Accepted: {title}"),
        )

    @work(group="deed")
    async def action_decline(self) -> None:
        """Decline."""
        from tui.dialogs.decisions import Decline

        await self._decide(
            lambda save, chosen: Decline(save, chosen),
            lambda store, ids, said: store.triage.decline(
                ids, said["because"], reason=said["reason"]
            ),
            _("Declined: {title}"),
        )

    @work(group="deed")
    async def action_snooze(self) -> None:
        """Snooze."""
        from tui.dialogs.decisions import Snooze, snoozed

        await self._decide(
            lambda save, chosen: Snooze(save, chosen),
            lambda store, ids, said: store.triage.snooze(ids, **snoozed(said, self.session.now())),
            _("Snoozed: {title}"),
        )

    @work(group="deed")
    async def action_duplicate(self) -> None:
        """Mark as a duplicate."""
        from tui.dialogs.decisions import MarkDuplicate, other

        board, likely = self.session.board, self.likely()
        await self._decide(
            lambda save, chosen: MarkDuplicate(save, chosen, board, likely),
            lambda store, ids, said: store.triage.mark_duplicate(
                ids, other(said), reason=said["reason"]
            ),
            _("A duplicate now: {title}"),
        )

    @work(group="deed")
    async def action_tell_apart(self) -> None:
        """Tell apart."""
        from tui.dialogs.decisions import TellApart, other

        board, likely = self.session.board, self.likely()
        await self._decide(
            lambda save, chosen: TellApart(save, chosen, board, likely),
            lambda store, ids, said: store.triage.not_duplicate(other(said), ids),
            _("Told apart: {title}"),
        )

    @work(group="deed")
    async def action_return_to_inbox(self) -> None:
        """Put back into the inbox."""
        from tui.dialogs.decisions import ReturnToInbox

        await self._decide(
            lambda save, chosen: ReturnToInbox(save, chosen),
            lambda store, ids, said: store.triage.requeue(ids, reason=said["reason"]),
            _("In the inbox again: {title}"),
        )

    async def _decide(
        self,
        form: Callable[[Save[str], Chosen], OnSeveral],
        deed: Callable[[Store, Sequence[str], Said], object],
        words: str,
    ) -> None:
        """Fill in a form about what is chosen, then do the deed to all of it.

        Args:
            form: makes the form from what saves it and what is chosen.
            deed: takes the store, the ids and what was said.
            words: what is told when it is done, with ``{title}``.
        """
        if (chosen := self.at_hand()) is None:
            return

        async def save(said: Said) -> str:
            await self.do(lambda store: deed(store, chosen.ids, said))
            self.pitfalls.clear_marks()
            return chosen.title

        title = await self.app.push_screen_wait(form(save, chosen))
        if title is not None:
            self.done(words.format(title=title))
