"""The second tab: where the pitfall showed itself, where it did not, and what is untested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import HorizontalScroll, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from storage.model.environment import Environment
from storage.model.records import Fix, Occurrence, Tally
from storage.model.verdicts import judge, state_of
from storage.model.vocabulary import Across, Outcome, Verdict
from storage.text.sanitize import sanitize
from tui.text.fields import environment_words
from tui.text.i18n import _, read
from tui.text.verdicts import verdict_words
from tui.text.vocabulary import moment, person_name, word
from tui.widgets.matrix import NOT_REPRODUCED, REPRODUCED, Matrix, legend


class Environments(Vertical):
    """A table of platform × channel or version, and under it the occurrences behind it.

    Args:
        now: the wall clock in milliseconds.
        stale_after_days: gives after how many days evidence says nothing any more.
        has_keys: whether a cursor can walk in the table, by keys that are named below it.
    """

    DEFAULT_CSS = """
    Environments { height: auto; }
    Environments > HorizontalScroll { height: auto; scrollbar-size-horizontal: 1; }
    Environments > #legend { color: $text-muted; margin-bottom: 1; }
    Environments > #behind { text-style: bold; display: none; }
    Environments > #behind.-shown { display: block; }
    """

    class Asked(Message):
        """Other occurrences are asked for: those that count for ``tally``, or all."""

        def __init__(self, tally: Tally | None) -> None:
            super().__init__()
            self.tally = tally

    def __init__(
        self,
        now: Callable[[], int],
        stale_after_days: Callable[[], int],
        *,
        has_keys: bool = True,
    ) -> None:
        super().__init__()
        self._now, self._stale_after_days = now, stale_after_days
        self._has_keys = has_keys
        self._fixes: Sequence[Fix] = ()

    def compose(self) -> ComposeResult:
        """The table, its legend, the occurrences."""
        with HorizontalScroll(can_focus=False):
            yield Matrix(id="matrix")
        yield Static(id="legend", markup=False)
        yield Static(id="behind", markup=False)
        yield Static(id="occurrences", markup=False)

    @property
    def across(self) -> Across:
        """What the lines of the table are."""
        return self.query_one(Matrix).across

    @property
    def is_filtered(self) -> bool:
        """Whether only the occurrences behind one cell are listed."""
        return self.query_one(Matrix).is_filtered

    def show(
        self, tallies: Sequence[Tally], across: Across, fixes: Sequence[Fix], *, keep: bool
    ) -> None:
        """Show what the occurrences of one pitfall came to.

        Args:
            tallies: by host, platform and channel or version.
            across: which of these.
            fixes: by which the occurrences are judged.
            keep: whether the cursor stays on its cell, and the list on what is behind it.
        """
        self._fixes = fixes
        now, days = self._now(), self._stale_after_days()
        self.query_one(Matrix).show(
            tallies, across, lambda one: state_of(one, fixes, now, days), now, keep=keep
        )
        below = [legend()]
        if self._has_keys:
            others = [word(one) for one in Across if one is not across]
            keys = _("m: by {one} or {other}   h j k l: move   ⏎: open")
            below.append(keys.format(one=others[0], other=others[1]))
        self.query_one("#legend", Static).update(Content("\n".join(below)))
        if not self.is_filtered:
            self.query_one("#behind").remove_class("-shown")

    def list_occurrences(self, occurrences: Sequence[Occurrence], total: int) -> None:
        """List occurrences below the table.

        Args:
            occurrences: the newest ones.
            total: how many there are, each counted as often as it says.
        """
        lines = [_occurrence(one, self._fixes) for one in occurrences]
        shown = sum(one.count for one in occurrences)
        if not lines and self.query_one(Matrix).is_filtered:
            lines = [Content(_("Not tried there yet. Press a to log an occurrence."))]
        elif not lines:
            lines = [Content(_("No occurrences yet. Press a to log one."))]
        elif shown < total:
            lines.append(
                Content(
                    _("… and {n} older ones; “pitboard show” lists all.").format(n=total - shown)
                )
            )
        self.query_one("#occurrences", Static).update(Content("\n").join(lines))

    @on(Matrix.Asked)
    def _look_behind(self, asked: Matrix.Asked) -> None:
        asked.stop()
        heading = self.query_one("#behind", Static)
        heading.set_class(asked.place is not None, "-shown")
        if asked.place is not None:
            place = self.query_one(Matrix).named(asked.place)
            heading.update(Content(_("{place}  (esc: all)").format(place=place)))
        if asked.place is not None and asked.tally is None:
            self.list_occurrences((), 0)
        else:
            self.post_message(self.Asked(asked.tally))


def _occurrence(one: Occurrence, fixes: Sequence[Fix]) -> Content:
    reproduced = one.outcome is Outcome.REPRODUCED
    mark, style = (REPRODUCED, "$text-error") if reproduced else (NOT_REPRODUCED, "$text-success")
    message, note = sanitize(one.message, lines=True).strip(), sanitize(read(one.note), lines=True)
    times = f" ×{one.count}" if one.count > 1 else ""
    judged = judge(one, fixes)
    return Content.assemble(
        (f"{mark}{times} ", style),
        (f"{moment(one.seen_at)} {person_name(one.who)}", "bold"),
        f"\n  {environment_words(one.environment)}" if one.environment != Environment() else "",
        (f"\n  {verdict_words(judged)}", _VERDICT_STYLES[judged.verdict]) if judged else "",
        (_indented(message), "$secondary") if message else "",
        _indented(note) if note else "",
    )


def _indented(text: str) -> str:
    return "".join(f"\n  {line}" for line in text.splitlines())


_VERDICT_STYLES: Final = {
    Verdict.REGRESSION: "bold $text-error",
    Verdict.STALE: "$text-muted",
    Verdict.ROLLING_OUT: "$text-muted",
    Verdict.NEEDS_VERSION: "$text-warning",
    Verdict.CONFIRMS: "$text-success",
}
