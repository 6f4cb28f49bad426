"""One pitfall, read in four tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, widgets
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from storage.errors import PitboardError
from storage.model.records import Attachment, Line, Pitfall, Reference, Tally, VendorReply
from storage.model.row import Triage
from storage.model.vocabulary import Across
from storage.read.entries import JudgedBy
from storage.text.sanitize import sanitize
from tui import deferred
from tui.text.i18n import _, ngettext, read, say
from tui.text.vocabulary import decision_words, tag_word, word
from tui.widgets.bars import LeadBlock, show_text

if TYPE_CHECKING:
    from storage.read import history
    from storage.read.board import Board
    from tui.text import lead as leading
    from tui.text import verdicts
    from tui.widgets import matrix, overview, references, timeline
else:
    # The first paint shows no pitfall, and waits neither for Markdown nor for a table.
    history = deferred("storage.read.history")
    leading = deferred("tui.text.lead")
    verdicts = deferred("tui.text.verdicts")
    matrix = deferred("tui.widgets.matrix")
    overview = deferred("tui.widgets.overview")
    references = deferred("tui.widgets.references")
    timeline = deferred("tui.widgets.timeline")

_OCCURRENCES_SHOWN: Final = 100
_NEWEST: Final = 2  # of which so many stand in the overview, with what they say
#: Of so few lines a table or a timeline leaves the lead block two: state, and what to do.
_SHORT: Final = 24
TABS: Final = ("overview", "environments", "timeline", "references")


class DetailBody(VerticalScroll, inherit_bindings=False):
    """The scrolling part, which takes the focus; its keys are the screen's.

    It brings the style of all parts of the detail: they are made together, after the first paint.
    """

    SCOPED_CSS: ClassVar[bool] = False
    DEFAULT_CSS = """
    Detail > #detail-head { height: auto; padding: 0 1; }
    Detail > LeadBlock { margin: 0 0 1 0; &.-gone { display: none; } }
    Detail.-short.-environments > LeadBlock, Detail.-short.-timeline > LeadBlock {
        max-height: 2; margin: 0;
    }
    Detail > #nothing { padding: 1 2; color: $text-muted; }
    Detail > Tabs { height: 2; }
    Detail Tab { padding: 0 1; }
    Detail > DetailBody { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    Detail > DetailBody > * { display: none; }
    Detail.-overview Overview, Detail.-environments Environments,
    Detail.-timeline TimelinePane, Detail.-references References { display: block; }
    """

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Style it alone: what is in it looks the same, and Textual would style all of that."""
        self.app.stylesheet.update_nodes([self])


class Detail(Vertical):
    """The detail of the pitfall under the cursor, or of the one that was opened.

    Its parts are made when the first pitfall is shown, so that the list is
    painted without waiting for them.

    Args:
        now: the wall clock in milliseconds.
        stale_after_days: gives after how many days evidence says nothing any more.
        walks: whether the table of environments and the timeline take the focus, for a cursor.
        in_triage: whether it is decided about here; then the head doesn't say what was decided.
    """

    DEFAULT_CSS = "Detail { height: 1fr; }"

    def __init__(
        self,
        now: Callable[[], int],
        stale_after_days: Callable[[], int],
        *,
        walks: bool = True,
        in_triage: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id, classes="-overview")
        self._now, self._stale_after_days = now, stale_after_days
        self._walks, self._in_triage = walks, in_triage
        self.pitfall: Pitfall | None = None
        self._board: Board | None = None
        self._filled: set[str] = set()
        #: Whether the table of environments still stands on the pitfall before.
        self._is_another = True

    class Turned(Message):
        """Another tab is shown."""

    def on_resize(self, event: events.Resize) -> None:
        """Where there are few lines, a tab other than the overview has them for itself."""
        self.set_class(event.size.height < _SHORT, "-short")

    @property
    def tab(self) -> str:
        """The tab that is shown."""
        return next(name for name in TABS if self.has_class(f"-{name}"))

    async def show(self, board: Board, pitfall: Pitfall | None, short_id: str = "") -> None:
        """Show a pitfall, or that there is none."""
        if not self.walk_children(DetailBody):
            await self._make_parts()
        is_shown = self.app.is_running and self.is_attached and self.screen.display
        if not (is_shown and self.walk_children(DetailBody)):
            # It is being left: nothing more is mounted, and no part of it is made.
            return
        same = pitfall is not None and self.pitfall is not None and pitfall.id == self.pitfall.id
        self.pitfall, self._board = pitfall, board
        self._filled.clear()
        self._is_another = self._is_another or not same
        nothing = pitfall is None
        self.query_one("#nothing").display = nothing
        lead = self.query_one(LeadBlock)
        lead.set_class(nothing, "-gone")
        for part in (self.query_one("#detail-head"), self.query_one(widgets.Tabs), self._body):
            part.display = not nothing
        if pitfall is None:
            return
        show_text(self.query_one("#detail-head", Static), self._head(pitfall, short_id))
        self._overview.shows_no_workaround = lead.show(board, pitfall, self._now()).is_short
        count = len(pitfall.references) + len(pitfall.attachments)
        label = _("References {n}").format(n=count) if count else _("References")
        tab = self.query_one("#tab-references", widgets.Tab)
        if tab.label_text != label:
            tab.label = Content(label)
        if not same:
            self._body.scroll_home(animate=False)
        await self._fill()

    def turn_tab(self, by: int) -> None:
        """Show the next tab, or the one before."""
        if self.walk_children(widgets.Tabs):
            place = (TABS.index(self.tab) + by) % len(TABS)
            self.query_one(widgets.Tabs).active = f"tab-{TABS[place]}"

    def scroll_body(self, by: int) -> None:
        """Scroll by some lines."""
        if self.walk_children(DetailBody):
            part = self.query_one(timeline.HistoryList) if self.tab == "timeline" else self._body
            part.scroll_relative(y=by, animate=False)

    def focus_body(self) -> None:
        """Put the focus where the keys scroll, or where references are chosen."""
        if self.pitfall is None or not self.walk_children(DetailBody):
            return
        if self.tab == "references":
            self.query_one(references.References).focus()
        elif self.tab == "environments" and self._walks:
            self.query_one(matrix.Matrix).focus(scroll_visible=False)
        elif self.tab == "timeline" and self._walks:
            self.query_one(timeline.HistoryList).focus(scroll_visible=False)
        else:
            self._body.focus()

    @property
    def chosen_reference(self) -> Reference | None:
        """The reference under the cursor, else the first."""
        if self.pitfall is None or not self.pitfall.references:
            return None
        if self.tab == "references" and (chosen := self.query_one(references.References).chosen):
            return chosen
        return self.pitfall.references[0]

    @property
    def chosen_reply(self) -> VendorReply | None:
        """The vendor reply under the cursor, if the references are shown."""
        if self.pitfall is None or self.tab != "references":
            return None
        return self.query_one(references.References).chosen_reply

    @property
    def chosen_attachment(self) -> Attachment | None:
        """The attachment under the cursor, if the references are shown."""
        if self.pitfall is None or self.tab != "references":
            return None
        return self.query_one(references.References).chosen_attachment

    @property
    def _body(self) -> DetailBody:
        return self.query_one(DetailBody)

    async def _make_parts(self) -> None:
        self._overview = overview.Overview()
        tabs = widgets.Tabs(
            widgets.Tab(Content(_("Overview")), id="tab-overview"),
            widgets.Tab(Content(_("Environments")), id="tab-environments"),
            widgets.Tab(Content(_("Timeline")), id="tab-timeline"),
            widgets.Tab(Content(_("References")), id="tab-references"),
        )
        tabs.can_focus = False
        await self.mount(
            Static(_("No pitfall is selected."), id="nothing", markup=False),
            Static(id="detail-head", markup=False),
            LeadBlock(in_triage=self._in_triage, id="detail-lead"),
            tabs,
            DetailBody(
                self._overview,
                references.Environments(self._now, self._stale_after_days),
                timeline.TimelinePane(id="timeline"),
                references.References(id="references"),
            ),
        )

    async def on_tabs_tab_activated(self, event: widgets.Tabs.TabActivated) -> None:
        """Show the tab that was chosen."""
        event.stop()
        shown = str(event.tab.id).removeprefix("tab-")
        had_focus = self.has_pseudo_class("focus-within")
        self.update_classes({f"-{name}": name == shown for name in TABS})
        try:
            await self._fill()
        except PitboardError as error:
            self.notify(say(error), severity="error", timeout=8, markup=False)
        self._body.scroll_home(animate=False)
        if had_focus:
            self.focus_body()
        self.post_message(self.Turned())

    async def _fill(self) -> None:
        """Fill the tab that is shown, if it is not filled yet."""
        pitfall, board, tab = self.pitfall, self._board, self.tab
        if pitfall is None or board is None or tab in self._filled:
            return
        self._filled.add(tab)
        if tab == "overview":
            hits = leading.hits_of(board, pitfall, self._now())[1]
            newest = board.occurrences.of(pitfall.id, _NEWEST)
            seen = [references.occurrence_words(one, self._judged_by(pitfall)) for one in newest]
            self._overview.show(pitfall, board.fixes.evidence(pitfall.id), hits, seen)
        elif tab == "environments":
            self._fill_environments(
                self.query_one(references.Environments).across, keep=not self._is_another
            )
            self._is_another = False
        elif tab == "timeline":
            judged = verdicts.judgements(
                board.occurrences.of(pitfall.id, history.OCCURRENCES_SHOWN),
                self._judged_by(pitfall),
            )
            self.query_one(timeline.TimelinePane).show(
                board.history.timeline(pitfall.id),
                board.short_id,
                judged,
                board.history.older_occurrences(pitfall.id),
            )
        else:
            self.query_one(references.References).show(pitfall)

    def turn_table(self) -> None:
        """Show the environments, or if they are shown, across the next of channel and versions."""
        if not self.walk_children(widgets.Tabs) or self.pitfall is None:
            return
        if self.tab != "environments":
            self.query_one(widgets.Tabs).active = "tab-environments"
            return
        ring = list(Across)
        now = self.query_one(references.Environments).across
        self._fill_environments(ring[(ring.index(now) + 1) % len(ring)])

    def turn_history(self) -> None:
        """Show the timeline, or if it is shown, only the next sort of its changes."""
        if not self.walk_children(widgets.Tabs) or self.pitfall is None:
            return
        if self.tab == "timeline":
            self.query_one(timeline.TimelinePane).turn()
        else:
            self.query_one(widgets.Tabs).active = "tab-timeline"

    def unfold(self) -> None:
        """Unfold the change under the cursor of the timeline, or fold it again."""
        self.query_one(timeline.HistoryList).toggle()

    @property
    def chosen_change(self) -> Line | None:
        """The change under the cursor, if the timeline is shown."""
        if self.pitfall is None or self.tab != "timeline":
            return None
        return self.query_one(timeline.HistoryList).line

    def _fill_environments(self, across: Across, *, keep: bool = False) -> None:
        pitfall, board = self.pitfall, self._board
        if pitfall is None or board is None:
            return
        environments = self.query_one(references.Environments)
        environments.show(
            board.occurrences.environments(pitfall.id, across),
            across,
            self._judged_by(pitfall),
            keep=keep,
        )
        if not environments.is_filtered:
            self._list_occurrences(None)

    def _list_occurrences(self, tally: Tally | None) -> None:
        """List the newest occurrences, or those that count for one cell of the table."""
        pitfall, board = self.pitfall, self._board
        if pitfall is None or board is None:
            return
        total = board.occurrences.totals(pitfall.id).logged
        if tally is not None:
            total = tally.reproduced + tally.not_reproduced
        occurrences = board.occurrences.of(pitfall.id, _OCCURRENCES_SHOWN, within=tally)
        self.query_one(references.Environments).list_occurrences(occurrences, total)

    def on_environments_asked(self, asked: references.Environments.Asked) -> None:
        """List what counts for the cell of the table that was chosen."""
        asked.stop()
        try:
            self._list_occurrences(asked.tally)
        except PitboardError as error:
            self.notify(say(error), severity="error", timeout=8, markup=False)

    def _judged_by(self, pitfall: Pitfall) -> JudgedBy:
        """What the occurrences are judged by: a duplicate's count for the original."""
        assert self._board is not None
        original = self._board.duplicates.original(pitfall.id)
        counted = pitfall if original == pitfall.id else self._board.pitfall(original)
        return JudgedBy(tuple(counted.fixes), counted.status)

    def _head(self, pitfall: Pitfall, short_id: str) -> Content:
        assert self._board is not None
        facts = [word(pitfall.severity), word(pitfall.kind), sanitize(read(pitfall.component))]
        tags = " ".join(f"#{tag_word(tag)}" for tag in pitfall.tags)
        decided = self._decided(pitfall)
        return Content.assemble(
            (sanitize(read(pitfall.title)), "bold"),
            "\n",
            (f"{short_id}  ", "bold $accent"),
            (" · ".join(fact for fact in facts if fact), "$text-muted"),
            (f"  {tags}" if tags else "", "$secondary"),
            (f"\n{decided}" if decided else "", "$primary"),
        )

    def _decided(self, pitfall: Pitfall) -> str:
        """What triage decided about it, and what counts for it; nothing if there is neither."""
        assert self._board is not None
        parts = []
        decision = self._board.inbox.decisions([pitfall.id], self._now())[pitfall.id]
        if decision.triage is not Triage.SETTLED and not self._in_triage:
            parts.append(f"✉ {decision_words(decision, self._board.short_id)}")
        if count := len(self._board.duplicates.of(pitfall.id)):
            parts.append(ngettext("{n} duplicate", "{n} duplicates", count).format(n=count))
        return " · ".join(parts)
