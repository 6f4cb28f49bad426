"""The sections of a report about single pitfalls: rankings, follow-ups, notes, timeline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from storage.model.lead import shown_state
from storage.model.records import Pitfall, Reference, RetroNote
from storage.model.retro import COST_WORDS, Happened, Ranked
from storage.model.vocabulary import is_web_address
from storage.reports.retro.document import (
    Block,
    BulletList,
    Cell,
    Inline,
    ListItem,
    Paragraph,
    ReportSection,
    Table,
    TableColumn,
    Typed,
    WebLink,
)
from storage.reports.retro.figures import RANKINGS, Material
from storage.retro.happened import goes_on
from storage.retro.report import TIMELINE
from storage.text.zones import day_of

#: A workaround is cut to so many characters; the whole of it is on the board.
_SHORT: Final = 140
_LINKS: Final = 2
_CODE: Final = re.compile(r"^ *(```|~~~).*?(?:^ *\1[`~]* *$|\Z)", re.MULTILINE | re.DOTALL)
_FENCE: Final = re.compile(r"^ *(?:```|~~~).*$", re.MULTILINE)
_EMPHASIS: Final = re.compile(r"\*\*|`")


class PitfallSections:
    """Builds the sections about single pitfalls from one material."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._retro = material.retro
        self._translator = material.translator
        self._colon = material.translator.gettext(": ")

    def rankings(self) -> Iterator[ReportSection]:
        """The most frequent, the most expensive, and what regressed, as far as there are any."""
        t = self._translator
        for ranking in RANKINGS:
            if named := ranking.of(self._retro):
                blocks: tuple[Block, ...] = (self._ranking(named, has_cost=ranking.has_cost),)
                if ranking.has_cost:
                    cost = t.gettext(COST_WORDS)
                    blocks = (*blocks, Paragraph((cost,), is_aside=True))
                yield ReportSection(ranking.key, t.gettext(ranking.heading), blocks)

    def _ranking(self, ranking: Iterable[Ranked], *, has_cost: bool) -> Table:
        t = self._translator
        columns = [
            TableColumn(t.gettext("Pitfall")),
            TableColumn(t.gettext("Status"), is_short=True),
            TableColumn(t.gettext("Severity"), is_short=True),
            TableColumn(t.pgettext("retro report", "Occurrences"), is_number=True),
            TableColumn(t.gettext("Meanwhile")),
        ]
        if has_cost:
            columns.insert(4, TableColumn(t.gettext("Cost"), is_number=True))
        return Table(tuple(columns), tuple(self._ranked(one, has_cost) for one in ranking))

    def _ranked(self, one: Ranked, has_cost: bool) -> tuple[Cell, ...]:
        row, pitfall = one.row, self._material.pitfalls[one.row.id]
        cells: list[Cell] = [
            self._named(row.id, row.title.read(self._translator.language)),
            (self._translator.word(shown_state(row)),),
            (row.severity.value,),
            (str(one.occurrences),),
        ]
        if has_cost:
            cells.append((str(one.cost),))
        return (*cells, self._meanwhile(pitfall))

    def _named(self, pitfall: str, title: str) -> Cell:
        return Typed(self._material.short_id(pitfall)), " ", _one_line(title)

    def _meanwhile(self, pitfall: Pitfall) -> Cell:
        """The workaround in short, and links to references."""
        workaround = _in_short(pitfall.workaround.read(self._translator.language))
        links = [one for one in pitfall.references if is_web_address(one.url)]
        pieces: list[Inline] = [workaround] if workaround else []
        for link in links[:_LINKS]:
            pieces += [" ", self._link(link)] if pieces else [self._link(link)]
        return tuple(pieces) or ("–",)

    def _link(self, one: Reference) -> WebLink:
        title = _one_line(one.title.read(self._translator.language))
        return WebLink(one.url, _cut(title) if title else one.url.split("/")[2])

    # Notes

    def due(self) -> ReportSection | None:
        """Follow-ups that are not done."""
        if not self._retro.due:
            return None
        t = self._translator
        columns = (
            TableColumn(t.gettext("Due"), is_short=True),
            TableColumn(t.gettext("Who")),
            TableColumn(t.gettext("What")),
        )
        today = day_of(max(0, self._material.end - 1))

        def due_on(note: RetroNote) -> str:
            if not note.due:
                return "–"
            if note.due >= today:
                return note.due
            return t.gettext("{day} (overdue)").format(day=note.due)

        rows = tuple(
            ((due_on(note),), (_one_line(note.owner) or "–",), self._text(note))
            for note in self._retro.due
        )
        return ReportSection("due", t.gettext("Follow-ups to be done"), (Table(columns, rows),))

    def _text(self, note: RetroNote) -> Cell:
        text = _one_line(note.text.read(self._translator.language))
        if not note.pitfall:
            return (text,)
        return text, " ", Typed(self._material.short_id(note.pitfall))

    def notes(self) -> ReportSection | None:
        """Notes and decisions, without the follow-ups that are still due."""
        due = {one.id for one in self._retro.due}
        noted = [one for one in self._retro.notes if one.id not in due]
        if not noted:
            return None
        listed = BulletList(tuple(ListItem(self._noted(note), (self._by(note),)) for note in noted))
        return ReportSection("notes", self._translator.gettext("Notes and decisions"), (listed,))

    def _noted(self, note: RetroNote) -> Cell:
        sort = self._translator.word(note.sort)
        return f"{sort}{self._colon}", *self._text(note)

    def _by(self, note: RetroNote) -> Cell:
        """Author and day of a note, its owner, and the day it was done."""
        t = self._translator
        parts = [_one_line(note.who), day_of(note.at)]
        if note.owner:
            parts.append(f"{t.gettext('Who')}{self._colon}{_one_line(note.owner)}")
        if note.done_on:
            done = t.pgettext("retro report", "done on {day}")
            parts.append(done.format(day=note.done_on))
        return (" · ".join(parts),)

    # Timeline

    def timeline(self) -> ReportSection | None:
        """A list for each day, earliest first."""
        newest_first = self._retro.timeline
        if not newest_first:
            return None
        blocks: list[Block] = []
        if goes_on(newest_first, TIMELINE):
            newest = self._translator.gettext("The newest {n} events.").format(n=TIMELINE)
            blocks.append(Paragraph((newest,), is_aside=True))
        for day, events in groupby(reversed(newest_first), lambda one: day_of(one.at)):
            blocks.append(BulletList(tuple(self._day(events)), heading=day))
        return ReportSection("timeline", self._translator.gettext("Timeline"), tuple(blocks))

    def _day(self, events: Iterable[Happened]) -> Iterator[ListItem]:
        """Successive events of one pitfall are one item with a line for each."""
        for pitfall, group in groupby(events, lambda one: one.pitfall):
            happened = list(group)
            lines = [(line,) for line in self._lines(happened)]
            if pitfall:
                title = happened[0].title.read(self._translator.language)
                yield ListItem(self._named(pitfall, title), tuple(lines))
            else:
                yield from map(ListItem, lines)

    def _lines(self, events: Iterable[Happened]) -> Iterator[str]:
        """A line for each event; repeated lines are counted."""
        lines = (
            f"{_one_line(one.who)}{self._colon}{self._material.describe(one)}" for one in events
        )
        for line, same in groupby(lines):
            times = len(list(same))
            yield f"{line} ×{times}" if times > 1 else line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _in_short(markdown: str) -> str:
    """The beginning of a text without its code blocks, or of the code if it has nothing else."""
    text = _CODE.sub(" … ", markdown)
    if not text.strip(" …\n"):
        text = _FENCE.sub("", markdown)
    return _cut(_one_line(_EMPHASIS.sub("", text)))


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1].rstrip()}…"
