"""The block that says what a pitfall comes to: in the preview, in paste, in triage, in detail."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.widgets import Static

from storage.model.records import Pitfall
from storage.read import Board
from tui.text.lead import LeadFacts, LeadLine, LeadTone, NextStepWords, lead_facts, lead_lines


class LeadBlock(Static):
    """What a pitfall means now, what to do meanwhile, how often and where, and what is next."""

    DEFAULT_CSS = """
    LeadBlock { height: auto; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def show(self, board: Board, pitfall: Pitfall, now: int, *, whole: bool = False) -> LeadFacts:
        """Show a pitfall as it is at a time (ms); ``whole`` with all of its workaround.

        Raises:
            PitboardError: if the board can't be read.
        """
        facts = lead_facts(board, pitfall, now)
        lines = [_styled(line) for line in lead_lines(facts, self._key_of, whole=whole)]
        self.update(Content("\n").join(lines))
        return facts

    def _key_of(self, step: NextStepWords) -> str:
        """The key of a step as it is bound on this screen; nothing where it can't be taken."""
        for active in self.screen.active_bindings.values():
            if active.binding.id == step.command:
                return active.binding.key_display or active.binding.key
        return ""


def _styled(line: LeadLine) -> Content:
    return Content.assemble(*((text, _STYLES[tone]) for text, tone in line))


_STYLES: Final = {
    LeadTone.BAD: "bold $text-error",
    LeadTone.MEANWHILE: "bold $text-warning",
    LeadTone.GOOD: "bold $text-success",
    LeadTone.PLAIN: "",
    LeadTone.QUIET: "$text-muted",
    LeadTone.KEY: "bold $accent",
}
