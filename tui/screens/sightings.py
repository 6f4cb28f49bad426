"""What comes in: occurrences, new pitfalls, pastes, files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import work

from storage.errors import PitboardError
from storage.read import Board
from tui.screens.deeds import Deeds
from tui.text.i18n import _
from tui.text.versions import doubted

if TYPE_CHECKING:
    from storage.write.store import Store
    from tui.dialogs.form import Said


class Sightings(Deeds):
    """The part of a screen with pitfalls on it that takes in what was seen."""

    def _told(self, pitfall: str, sentence: str) -> str:
        """Go to a pitfall; what was done to it, in a sentence."""
        self.go_to(pitfall)
        return sentence.format(id=self.session.board.short_id(pitfall))

    async def _log(
        self, pitfalls: str | Sequence[str], values: Mapping[str, Any], said: Said
    ) -> None:
        """Log an occurrence of a pitfall or several.

        Args:
            pitfalls: an id, or several.
            values: the fields of the occurrence.
            said: by the form, which may name a file that shows it.

        Raises:
            PitboardError: nothing was written.
        """
        from tui.dialogs.attachments import attached

        files = await asyncio.to_thread(attached, said)
        await self._doubting(
            lambda store: store.occurrences.log(pitfalls, attached=files, **values), values
        )

    async def _doubting(self, what: Callable[[Store], str], said: Mapping[str, Any]) -> str:
        """Let the store log a sighting; say afterwards if it contradicts what runs where.

        Args:
            what: the deed.
            said: the fields of the sighting.

        Raises:
            PitboardError: nothing was written.
        """
        doubt = await asyncio.to_thread(self._doubted, said)
        done = await self.do(what)
        if doubt:
            self.notify(doubt, severity="warning", timeout=12, markup=False)
        return done

    def _doubted(self, said: Mapping[str, Any]) -> str:
        with Board.open(self.session.path) as board:
            return doubted(board, said)

    @work(group="deed")
    async def action_log_occurrence(self) -> None:
        """Log an occurrence of the pitfall under the cursor or another one, or of all marked."""
        from tui.dialogs.form_values import occurrence
        from tui.dialogs.forms import LogOccurrence

        if self.pitfalls.marked:
            await self._log_on_several()
            return
        board = self.session.board

        async def save(said: Said) -> str:
            pitfall, values = occurrence(said)
            await self._log(pitfall, values, said)
            return board.short_id(pitfall)

        form = LogOccurrence(save, board, self.pitfalls.row, board.occurrences.last_environment())
        await self.fill_in(form, _("Logged an occurrence of {id}."))

    async def _log_on_several(self) -> None:
        from tui.dialogs.form_values import sighting
        from tui.dialogs.forms import LogOnSeveral

        try:
            chosen, last = self.chosen(), self.session.board.occurrences.last_environment()
        except PitboardError as error:
            self.tell(error)
            return
        if chosen is None:
            return

        async def save(said: Said) -> str:
            await self._log(chosen.ids, sighting(said), said)
            self.pitfalls.clear_marks()
            return chosen.title

        await self.fill_in(LogOnSeveral(save, chosen, last), _("Logged an occurrence of {id}."))

    @work(group="deed")
    async def action_new_pitfall(self) -> None:
        """Report a new pitfall, or log an occurrence of a known one instead; go to it."""
        from tui.dialogs.attachments import attached
        from tui.dialogs.form_values import occurrence, report
        from tui.dialogs.new_pitfall import NewPitfall

        async def save(said: Said) -> str:
            files = await asyncio.to_thread(attached, said)
            pitfall = await self.do(
                lambda store: store.pitfalls.report(**report(said), attached=files)
            )
            return self._told(pitfall, _("Reported {id}."))

        async def log(said: Said) -> str:
            pitfall, values = occurrence(said)
            await self._log(pitfall, values, said)
            return self._told(pitfall, _("Logged an occurrence of {id}."))

        await self.fill_in(NewPitfall(save, log, self.session), "{id}")

    @work(group="deed")
    async def action_paste(self) -> None:
        """Paste anything and log it: against a known pitfall, or as a new one in the inbox."""
        from tui.dialogs.form_values import pasted, unmatched
        from tui.dialogs.paste import Paste

        async def save(said: Said) -> str:
            if said["pitfall"]:
                pitfall, values = pasted(said)
                await self._log(pitfall, values, said)
                sentence = _("Logged an occurrence of {id}.")
            else:
                new = unmatched(said)
                sighting = new["occurrence"]
                pitfall = await self._doubting(lambda store: store.pitfalls.report(**new), sighting)
                sentence = _("Put {id} into the inbox.")
            told = self._told(pitfall, sentence)
            # The workaround is what people came for.
            self.call_after_refresh(self.action_open)
            return told

        await self.fill_in(Paste(save, self.session), "{id}")

    @work(group="deed")
    async def action_import_items(self) -> None:
        """Bring in a file: notes, a list of issues, or events."""
        from tui.dialogs.importing import BringIn

        told = await self.app.push_screen_wait(BringIn(self.session))
        self.look_for_changes()
        if told is not None:
            self.done(told)
