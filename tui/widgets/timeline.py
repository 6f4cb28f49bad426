"""The third tab: who changed what, when, from what to what, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from storage.model.history_kinds import is_of
from storage.model.records import Line
from storage.model.vocabulary import HistorySort
from tui.text.history import sort_word
from tui.text.history_lines import Heading, Piece, Tone
from tui.text.i18n import ngettext
from tui.widgets.history_list import HistoryList


class Timeline(Vertical):
    """The history of one pitfall as a story, of one sort of changes or of all."""

    DEFAULT_CSS = """
    Timeline {
        height: 100%;
        & > #timeline-told { height: auto; color: $text-warning; display: none; }
        &.-filtered > #timeline-told { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sort: HistorySort | None = None
        self._lines: Sequence[Line] = ()
        self._older = 0
        self._short_id: Callable[[str], str] = str
        self._judged: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        """What is left out, and the changes."""
        yield Static(id="timeline-told", markup=False)
        yield HistoryList(id="history")

    def show(
        self,
        lines: Sequence[Line],
        short_id: Callable[[str], str],
        judged: Mapping[str, str],
        older: int = 0,
    ) -> None:
        """Show a pitfall's history.

        Args:
            lines: the changes, newest first.
            short_id: gives the name of a pitfall to people.
            judged: what occurrences say of the fixes, in words, by the occurrence's id.
            older: how many sightings are older than those that the lines tell of.
        """
        self._lines, self._short_id, self._judged, self._older = lines, short_id, judged, older
        self._show()

    def turn(self) -> None:
        """Show only the next sort of changes that there is, then all again."""
        there = [sort for sort in HistorySort if any(is_of(line, [sort]) for line in self._lines)]
        ring = [None, *there]
        here = ring.index(self.sort) if self.sort in ring else 0
        self.sort = ring[(here + 1) % len(ring)]
        self._show()

    def _show(self) -> None:
        shown = [line for line in self._lines if self.sort is None or is_of(line, [self.sort])]
        hidden = len(self._lines) - len(shown)
        self.set_class(self.sort is not None, "-filtered")
        if self.sort is not None:
            self.query_one("#timeline-told", Static).update(
                Content(
                    ngettext(
                        "only {sort} · {n} line is hidden · O goes on",
                        "only {sort} · {n} lines are hidden · O goes on",
                        hidden,
                    ).format(sort=sort_word(self.sort), n=hidden)
                )
            )
        ending = self._ending()
        self.query_one(HistoryList).show(shown, self._short_id, self._judged, ending)

    def _ending(self) -> list[Heading]:
        if not self._older or self.sort not in (None, HistorySort.SIGHTINGS):
            return []
        told = ngettext(
            "… and {n} older sighting; “pitboard history” tells of all",
            "… and {n} older sightings; “pitboard history” tells of all",
            self._older,
        ).format(n=self._older)
        return [Heading((Piece(told, Tone.ASIDE),), wraps=True)]
