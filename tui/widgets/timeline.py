"""The third tab: who changed what, when, from what to what, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Final

from textual.content import Content
from textual.widgets import Static

from storage.models import Line
from storage.plaintext import harmless
from tui.cells import cut
from tui.history import change
from tui.language import _
from tui.words import moment

_LONGEST: Final = 160


class Timeline(Static):
    """The timeline of one pitfall, newest first."""

    DEFAULT_CSS = "Timeline { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def show(
        self, lines: list[Line], short_id: Callable[[str], str], judged: Mapping[str, str]
    ) -> None:
        """Show a pitfall's history: what one person did in one moment under one heading.

        Args:
            lines: the changes, newest first.
            short_id: gives the name of a pitfall to people.
            judged: what occurrences say of the fixes, in words, by the occurrence's id.
        """
        shown: list[Content] = []
        for (when, who), group in groupby(lines, lambda line: (moment(line.at), line.who)):
            shown.append(Content.assemble((when, "$text-muted"), (f" {harmless(who)}", "bold")))
            shown += [
                _change(line, short_id, judged.get(line.event, ""))
                for line in reversed(list(group))
            ]
        self.update(Content("\n").join(shown))


def _change(line: Line, short_id: Callable[[str], str], verdict: str) -> Content:
    said = change(line, short_id)
    before, after = (cut(one, _LONGEST) for one in (said.before, said.after))
    parts: list[str | tuple[str, str]] = [f"  {said.what}"]
    if said.replaced:
        parts += ["  ", (before or "–", "$text-muted"), " → ", (after or "–", "bold")]
    elif after or before:
        parts += ["  ", (after or before, "$secondary")]
    if said.reason:
        parts.append(("  " + _("because: {why}").format(why=said.reason), "italic"))
    if verdict:
        parts.append((f"  {verdict}", "$text-muted"))
    text = Content.assemble(*parts)
    if line.void:
        text = Content.assemble(text.stylize("$text-muted strike"), ("  " + _("(undone)"), "bold"))
    return text
