"""The counts above the list, which are filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from storage.model.vocabulary import Status
from storage.text.sanitize import sanitize
from tui.text.cells import cut, width
from tui.text.i18n import _, ngettext
from tui.text.vocabulary import REGRESSED, marked

if TYPE_CHECKING:
    pass


#: Of the name of a board (cells): all counts have to fit beside it in 80.
_LONGEST_NAME: Final = 16


class StatusCount(Static):
    """How many pitfalls have one status; a click shows only those, another shows all."""

    DEFAULT_CSS = """
    StatusCount {
        width: auto;
        padding: 0 1;
        &.-open { color: $text-error; }
        &.-workaround { color: $text-warning; }
        &.-fixed-upstream { color: $text-success; }
        &.-chosen { text-style: bold reverse; }
        &:hover { text-style: underline; }
    }
    """

    @dataclass
    class Pressed(Message):
        """A status was clicked."""

        status: Status

    def __init__(self, status: Status) -> None:
        super().__init__(classes=f"-{status.value.replace(' ', '-')}", markup=False)
        self.status = status

    def on_click(self) -> None:
        """Say which status was clicked."""
        self.post_message(self.Pressed(self.status))


class InboxCount(Static):
    """How many pitfalls wait in the inbox; a click goes there."""

    DEFAULT_CSS = """
    InboxCount {
        width: auto;
        padding: 0 1;
        color: $text-muted;
        &.-waiting { color: $primary; text-style: bold; }
        &:hover { text-style: underline; }
    }
    """

    class Pressed(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Pressed())

    def show(self, count: int) -> None:
        """Show how many."""
        self.update(Content(_("✉ {n} inbox").format(n=count)))
        self.set_class(count > 0, "-waiting")


class RegressedCount(Static):
    """How many were seen where they should be fixed; a click shows only those, another all."""

    DEFAULT_CSS = """
    RegressedCount {
        width: auto;
        padding: 0 1;
        color: $text-error;
        display: none;
        &.-any { display: block; }
        &.-chosen { text-style: bold reverse; }
        &:hover { text-style: underline; }
    }
    """

    class Pressed(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Pressed())

    def show(self, count: int, *, chosen: bool) -> None:
        """Show how many, if there are any or if they are asked for."""
        words = ngettext("{n} regressed", "{n} regressed", count).format(n=count)
        self.update(Content(f"{REGRESSED} {words}"))
        self.set_class(count > 0 or chosen, "-any")
        self.set_class(chosen, "-chosen")


class SharingMark(Static):
    """How the sharing stands; nothing where nothing is shared. A click tells more."""

    DEFAULT_CSS = """
    SharingMark {
        width: auto;
        padding: 0 1;
        color: $text-muted;
        display: none;
        &.-shared { display: block; }
        &.-problem { color: $text-error; text-style: bold; }
        &:hover { text-style: underline; }
    }
    """

    class Pressed(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Pressed())

    def show(self, words: str, *, problem: bool) -> None:
        """Show it."""
        self.update(Content(words))
        self.set_class(bool(words), "-shared")
        self.set_class(problem, "-problem")


class ShownCount(Static):
    """How many the list shows, and in which order; a click sorts by the next column."""

    DEFAULT_CSS = """
    ShownCount {
        width: 1fr; text-align: right; color: $text-muted; padding: 0 1;
        &:hover { text-style: underline; }
    }
    """

    class Pressed(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Pressed())


class CountsBar(Horizontal):
    """Which of several boards it is, counts by status, then what the list below shows."""

    DEFAULT_CSS = """
    CountsBar { height: 1; background: $panel; }
    CountsBar > #board {
        width: auto; padding: 0 1; text-style: bold; color: $text-primary; display: none;
        &.-named { display: block; }
    }
    CountsBar > #shown { width: 1fr; text-align: right; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[str, ...] = ("",)

    def compose(self) -> ComposeResult:
        """The name, and one part for each status."""
        yield Static(id="board", markup=False)
        for status in Status:
            yield StatusCount(status)
        yield RegressedCount(markup=False)
        yield InboxCount(markup=False)
        yield SharingMark(markup=False)
        yield ShownCount(id="shown", markup=False)

    def show(
        self,
        counts: dict[Status, int],
        chosen: tuple[str, ...],
        total: int,
        *,
        bounded: bool,
        marked_rows: int,
        order: str,
        inbox: int,
        regressed: int,
        regressed_chosen: bool,
    ) -> None:
        """Show the counts, which of them filter, and how many the list has."""
        for part in self.query(StatusCount):
            mark, word = marked(part.status).split(" ", 1)
            part.update(Content(f"{mark} {counts[part.status]} {word}"))
            part.set_class(part.status.value in chosen, "-chosen")
        self.query_one(RegressedCount).show(regressed, chosen=regressed_chosen)
        self.query_one(InboxCount).show(inbox)
        if marked_rows:
            shown = short = ngettext("{n} marked", "{n} marked", marked_rows).format(n=marked_rows)
        elif bounded:
            shown = short = _("first {n}").format(n=total)
        else:
            shown = ngettext("{n} pitfall", "{n} pitfalls", total).format(n=total)
            short = str(total)
        self._shown = (f"{shown} · {order}", f"{short} · {order}", shown, short, "")
        self._fit()

    def show_sharing(self, words: str, *, problem: bool) -> None:
        """Show how the sharing stands, in a mark and a number."""
        self.query_one(SharingMark).show(words, problem=problem)
        self._fit()

    def show_board(self, name: str) -> None:
        """Show which of several boards it is; nothing if there is only one."""
        part = self.query_one("#board", Static)
        part.update(Content(cut(sanitize(name), _LONGEST_NAME)))
        part.set_class(bool(name), "-named")
        self._fit()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._fit()

    def _fit(self) -> None:
        named = self.query("#board").filter(".-named").results(Static)
        alarms = self.query(RegressedCount).filter(".-any")
        shared = self.query(SharingMark).filter(".-shared")
        parts: list[Static] = [
            *named,
            *self.query(StatusCount),
            *alarms,
            self.query_one(InboxCount),
            *shared,
        ]
        taken = sum(width(str(part.content)) + 2 for part in parts)
        room = self.size.width - taken - 2
        words = next(words for words in self._shown if width(words) <= max(room, 0))
        self.query_one("#shown", Static).update(Content(words))
