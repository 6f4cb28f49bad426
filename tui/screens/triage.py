"""Triage: the inbox one by one, with the likely duplicates beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.worker import Worker

from storage.errors import PitboardError
from storage.match.similar import SimilarPitfall
from storage.model.row import InboxReason, Row, Triage
from storage.query.parser import parse
from storage.text.sanitize import sanitize
from tui.commands.command import TRIAGE, Command
from tui.screens.command_screen import PitfallScreen
from tui.services.session import Session
from tui.services.views import INBOX
from tui.text.cells import cut
from tui.text.i18n import _, language, ngettext, read
from tui.text.matches import compare, compared_texts, doubtful_words
from tui.text.verdicts import suggestion_lines
from tui.text.vocabulary import day, word
from tui.widgets.bars import KeyLine, LeadBlock
from tui.widgets.detail import Detail
from tui.widgets.match_lists import ComparedWith, DuplicateCandidates
from tui.widgets.pitfall_list import PitfallList

_WIDE: Final = 100
_SHOWN: Final = 5
#: How many full lines a decision is said in at most.
_LINES_OF_RESULT: Final = 3
#: Keys that go to another report, and so wait for nothing that is read about this one.
_TO_REPORTS: Final = frozenset({"j", "k"})
#: The commands that correct what was imported.
_CORRECTIONS: Final = ("correct_title", "correct_workaround", "correct_signatures")


class TriageScreen(PitfallScreen[str | None]):
    """What waits for a decision; each decision brings the next one up."""

    NAME = TRIAGE

    CSS_PATH = "triage.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state: tuple[int, int | None] | None = None
        self._likely: Worker[None] | None = None
        #: Held while one decision is written, so that a burst of keys decides in its order.
        self.deciding = asyncio.Lock()
        #: How many waited when it was opened, with those that came since.
        self._at_first = 0
        #: Whether a vendor reply is suggested for the report at hand.
        self.is_suggested = False
        #: The report whose candidates are shown.
        self._candidates_of = ""

    def compose(self) -> ComposeResult:
        """How many wait, the one at hand, its likely duplicates, keys."""
        yield Static(id="triage-head", markup=False)
        yield Static(id="triage-empty", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="queue-pane"):
                yield PitfallList(self.session.now, id="list")
                with VerticalScroll(id="suggestion", can_focus=False):
                    yield Static(id="suggestion-text", markup=False)
                with Vertical(id="source-pane"):
                    with Horizontal(id="source-head"):
                        yield Static(_("Imported text"), markup=False)
                        yield KeyLine(lambda: [self.commands[name] for name in _CORRECTIONS])
                    with VerticalScroll(id="source"):
                        yield Static(id="source-text", markup=False)
                yield Static(_("Likely the same"), id="likely-heading", markup=False)
                yield DuplicateCandidates(id="likely")
                with VerticalScroll(id="candidate", can_focus=False):
                    yield ComparedWith(id="likely-compared")
                    yield LeadBlock(in_triage=True, id="likely-lead")
            yield Detail(
                self.session.now,
                lambda: self.session.stale_after_days,
                walks=False,
                in_triage=True,
                id="detail",
            )
        yield Static(id="triage-result", markup=False)
        yield self.key_line()

    def on_mount(self) -> None:
        """Show whoever waits longest."""
        self.set_interval(self.WATCH_SECONDS, self.look_for_changes)
        self.look_for_changes()

    async def show_detail(self) -> None:
        """Show the pitfall at hand; its text takes the focus, so that the keys scroll it."""
        await super().show_detail()
        self._show_source()
        if self.focused is None or self.focused is self.pitfalls:
            self.detail.focus_body()

    def _show_source(self) -> None:
        """Show the part of a file that the pitfall at hand was read from, if it came from one."""
        pitfall = self.detail.pitfall
        try:
            source = self.session.board.imported_text(pitfall.id) if pitfall is not None else ""
        except PitboardError as error:
            self.tell(error)
            return
        self.set_class(bool(source), "-sourced")
        self.query_one("#source-text", Static).update(Content(sanitize(source, lines=True).strip()))
        self.query_one("#source", VerticalScroll).scroll_home(animate=False)

    def needed(self) -> Sequence[Command]:
        """What helps with the report at hand, then how to go on."""
        left_out = set() if self.is_suggested else {"suggested_reply"}
        if len(self.query_one(DuplicateCandidates).in_order) < 2:
            left_out.add("next_candidate")
        return [one for one in super().needed() if one.id not in left_out]

    # What waits

    def look_for_changes(self) -> None:
        """Read the inbox again if somebody wrote or a snooze ended."""
        try:
            state = self.session.state()
            if state != self._state:
                self._state = state
                self.read_again()
        except PitboardError as error:
            if self._state is not None:
                self.tell(error)
            self._state = None

    def read_again(self) -> None:
        """Read the inbox again."""
        listing = self.session.board.find(parse(INBOX), language=language(), now=self.session.now())
        held = self.pitfalls.row
        place = listing.place(held.id) if held is not None else None
        self._unmark_decided()
        self.pitfalls.show(listing, place)
        self._at_first = max(self._at_first, listing.total)
        self.set_class(listing.total == 0, "-done")
        self._show_head()
        self._show_suggestion()

    def _unmark_decided(self) -> None:
        """Take the marks off what no longer waits: a colleague was faster."""
        marked = self.pitfalls.marked
        standing = self.session.board.inbox.decisions(marked, self.session.now())
        for pitfall in list(marked):
            if pitfall not in standing or standing[pitfall].triage is not Triage.INBOX:
                del marked[pitfall]

    def _show_head(self) -> None:
        total, row = self.pitfalls.total, self.pitfalls.row
        head = Content.styled(f"✉ {_('Inbox')}", "bold $primary")
        if row is not None:
            decided = self._at_first - total
            at = _("{n} of {total}").format(
                n=decided + self.pitfalls.cursor + 1, total=self._at_first
            )
            standing = self.session.board.inbox.decisions([row.id], self.session.now()).get(row.id)
            why = word((standing and standing.inbox_reason) or InboxReason.WOKEN)
            waits = _("waiting since {day}").format(day=day(standing.at if standing else None))
            if self.pitfalls.cursor:
                # The place alone would count what was passed over as decided.
                left = ngettext("{n} left", "{n} left", total).format(n=total)
                at = f"{at} · {left}"
            head = Content.assemble(head, f"  {at} · {why} · ", (waits, "$text-muted"))
        if marks := len(self.pitfalls.marked):
            words = ngettext("{n} marked", "{n} marked", marks).format(n=marks)
            head = Content.assemble(head, f" · {words}")
        self.query_one("#triage-head", Static).update(head)
        self.query_one("#triage-empty", Static).update(
            Content(_("The inbox is empty.\nNothing waits for a decision; well done.\n\nb board"))
        )

    def _show_suggestion(self) -> None:
        """What watching links suggests for the pitfall at hand; the newest, if it is several."""
        row = self.pitfalls.row
        found = self.session.board.inbox.suggestions(row.id) if row is not None else []
        self.is_suggested = bool(found)
        self.set_class(self.is_suggested, "-suggested")
        self.query_one("#keys", KeyLine).refresh()
        if found:
            keys = [self.commands[name] for name in ("open", "decline")]
            does = (_("record it"), _("decline it"))
            lines = suggestion_lines(found[0])
            hint = "   ".join(f"{key.shown} {what}" for key, what in zip(keys, does, strict=True))
            text = Content("\n").join(Content(line) for line in lines[1:])
            head = Content.styled(lines[0], "bold $accent")
            shown = Content("\n").join([head, text, Content.styled(hint, "$text-muted")])
            self.query_one("#suggestion-text", Static).update(shown)
            self.query_one("#suggestion", VerticalScroll).scroll_home(animate=False)

    @on(PitfallList.Moved)
    def _at_another(self) -> None:
        try:
            self._show_head()
            self._show_suggestion()
        except PitboardError as error:
            self.tell(error)
        self._candidates_of = ""
        self.query_one(DuplicateCandidates).show((), self.session.board.short_id)
        self.query_one("#candidate").display = False
        if (row := self.pitfalls.row) is not None:
            self._look_for_likely(row)

    def _look_for_likely(self, row: Row) -> None:
        def look() -> list[SimilarPitfall]:
            board = self.session.board
            texts = compared_texts(board, board.pitfall(row.id))
            return self.session.near(*texts, limit=_SHOWN, besides=[row.id])

        self._likely = self.read(
            look, lambda found: self._show_likely(row.id, found), group="likely"
        )

    def is_settling(self, key: str) -> bool:
        """Whether a key has to wait for the likely duplicates, or for the detail."""
        looking = self._likely is not None and not self._likely.is_finished
        return super().is_settling(key) or (looking and key not in _TO_REPORTS)

    def _show_likely(self, pitfall: str, found: list[SimilarPitfall]) -> None:
        row = self.pitfalls.row
        if row is not None and row.id == pitfall:
            self._candidates_of = pitfall
            self.query_one(DuplicateCandidates).show(
                found, self.session.board.short_id, sanitize(read(row.title))
            )
            self._show_candidate()
            self.query_one("#keys", KeyLine).refresh()

    @property
    def candidate(self) -> str | None:
        """The likely original under the cursor; None if there is none, or not yet."""
        row, ids = self.pitfalls.row, self.query_one(DuplicateCandidates).in_order
        is_shown = row is not None and row.id == self._candidates_of
        return ids[0] if is_shown and ids else None

    @property
    def doubt(self) -> str:
        """What to ask before the report is merged with the candidate; mostly nothing."""
        candidate, row = self.candidate, self.pitfalls.row
        if candidate is None or row is None:
            return ""
        board = self.session.board
        compared = compare(board, board.pitfall(row.id), board.pitfall(candidate))
        return doubtful_words(compared) if compared.is_doubtful else ""

    @on(OptionList.OptionHighlighted, "#likely")
    def _show_candidate(self) -> None:
        """What the likely original under the cursor comes to, to be compared with the report."""
        part, candidate, row = self.query_one("#candidate"), self.candidate, self.pitfalls.row
        part.display = candidate is not None
        if candidate is None or row is None:
            return
        board = self.session.board
        try:
            known = board.pitfall(candidate)
            self.query_one(ComparedWith).show(compare(board, board.pitfall(row.id), known))
            self.query_one("#likely-lead", LeadBlock).show(board, known, self.session.now())
        except PitboardError as error:
            self.tell(error)

    def likely(self) -> list[Row]:
        """The likely duplicates, the one under the cursor first."""
        return [
            row
            for pitfall in self.query_one(DuplicateCandidates).in_order
            for row in self.session.board.find(parse(f"id:{pitfall}")).page(0, 1)
        ]

    # Keys

    def move(self, by: int) -> None:
        """Go to the next of the inbox, or the one before; in a list, among its lines."""
        likely, source = self.query_one(DuplicateCandidates), self.query_one("#source")
        if likely.has_focus:
            likely.action_cursor_down() if by > 0 else likely.action_cursor_up()
        elif source.has_focus:
            source.scroll_relative(y=by, animate=False)
        elif isinstance(self.focused, OptionList):
            super().move(by)
        elif abs(by) == 1:
            self.pitfalls.move(by)
        else:
            self.detail.scroll_body(by)

    def move_candidate(self, by: int) -> None:
        """Go to the next candidate, or the one before; in the imported text, by a line."""
        likely, source = self.query_one(DuplicateCandidates), self.query_one("#source")
        if source.has_focus:
            source.scroll_relative(y=by, animate=False)
        elif len(likely.in_order) > 1:
            likely.action_cursor_down() if by > 0 else likely.action_cursor_up()
        else:
            self.show_done(_("There are no others to choose from; j and k go to other reports."))

    def go(self, place: int) -> None:
        """Go to what waits longest (0), or to what came last (-1)."""
        self.pitfalls.go(place)

    def next_pane(self) -> None:
        """Go to the likely ones, to the imported text, and back."""
        likely, source = self.query_one(DuplicateCandidates), self.query_one("#source")
        if likely.has_focus and self.has_class("-sourced"):
            self.set_focus(source)
        elif likely.has_focus or source.has_focus:
            self.detail.focus_body()
        else:
            # At once: the next key of a burst already moves among them.
            self.set_focus(likely)

    @on(OptionList.OptionSelected, "#likely")
    def _same_as_this(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.run_command("duplicate")

    def open(self) -> None:
        """Go to this pitfall on the board; among the likely ones, it is that one.

        Where a vendor reply is suggested, its form opens.
        """
        if self.query_one(DuplicateCandidates).has_focus:
            self.run_command("duplicate")
        elif self.is_suggested:
            self.run_command("suggested_reply")
        elif (row := self.pitfalls.row) is not None:
            self.dismiss(row.id)

    def back(self) -> None:
        """Leave the likely ones or the imported text, the marks, the inbox: one at a time."""
        if self.query_one(DuplicateCandidates).has_focus or self.query_one("#source").has_focus:
            self.detail.focus_body()
        elif self.pitfalls.marked or self.pitfalls.range_from is not None:
            self.pitfalls.clear_marks()
            self._show_head()
        else:
            self.dismiss(None)

    def marks_changed(self) -> None:
        """Say how many are marked."""
        self._show_head()

    def go_to(self, pitfall: str) -> None:
        """Stay: what was reported waits in the inbox, too."""
        self.look_for_changes()

    def show_done(self, words: str) -> None:
        """Say it in a line of its own: the next report's candidates stay in sight."""
        # As much as fits into its lines, however these are broken.
        shown = cut(words, _LINES_OF_RESULT * (self.size.width - 2))
        self.query_one("#triage-result", Static).update(Content(shown))

    def show_undone(self, pitfalls: Sequence[str]) -> None:
        """Go back to the report that waits again."""
        self.look_for_changes()
        listing = self.session.board.find(parse(INBOX), language=language(), now=self.session.now())
        for pitfall in pitfalls[:1]:
            if (place := listing.place(pitfall)) is not None:
                self.pitfalls.go(place)
