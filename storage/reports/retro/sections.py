"""The sections of a report that tell of single pitfalls: rankings, notes, what happened when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from storage.model.records import Pitfall, Reference
from storage.model.retro import Happened, Rank, Ranked, RetroNote
from storage.model.urls import is_web_address
from storage.reports.retro.context import Material
from storage.reports.retro.document import (
    Block,
    Cell,
    Column,
    Entry,
    Link,
    Listed,
    Name,
    Paragraph,
    Piece,
    Section,
    Table,
)
from storage.reports.retro.wording import Say, Wording
from storage.retro.report import TIMELINE
from storage.retro.timeline import goes_on
from storage.text.dates import utc_day

#: A workaround is told in so many characters; the whole of it is on the board.
_SHORT: Final = 140
_LINKS: Final = 2
_CODE: Final = re.compile(r"^ *(```|~~~).*?(?:^ *\1[`~]* *$|\Z)", re.MULTILINE | re.DOTALL)
_FENCE: Final = re.compile(r"^ *(?:```|~~~).*$", re.MULTILINE)
_EMPHASIS: Final = re.compile(r"\*\*|`")


class Stories:
    """Writes the sections about single pitfalls, from one material in one wording."""

    def __init__(self, material: Material, say: Wording) -> None:
        self._material = material
        self._retro = material.retro
        self._say = say

    def rankings(self) -> Iterator[Section]:
        """The most frequent, the most expensive, and what regressed, as far as there are any."""
        say, retro = self._say, self._retro
        for key, heading, ranking, has_cost in (
            ("frequent", say.figure(Rank.FREQUENT), retro.frequent, False),
            ("expensive", say.figure(Rank.EXPENSIVE), retro.expensive, True),
            ("regressions", say(Say.REGRESSIONS), retro.regressions, False),
        ):
            if ranking:
                table = self._ranking(self._material.ranked(ranking), has_cost=has_cost)
                cost = Paragraph((say(Say.COST_MEANS),), is_aside=True)
                yield Section(key, heading, (table, cost) if has_cost else (table,))

    def _ranking(self, ranking: Iterable[Ranked], *, has_cost: bool) -> Table:
        say = self._say
        columns = [
            Column(say(Say.PITFALL)),
            Column(say(Say.STATUS), is_short=True),
            Column(say(Say.SEVERITY), is_short=True),
            Column(say(Say.SIGHTINGS), is_number=True),
            Column(say(Say.MEANWHILE)),
        ]
        if has_cost:
            columns.insert(4, Column(say(Say.COST), is_number=True))
        return Table(tuple(columns), tuple(self._ranked(one, has_cost) for one in ranking))

    def _ranked(self, one: Ranked, has_cost: bool) -> tuple[Cell, ...]:
        row, pitfall = one.row, self._material.pitfalls[one.row.id]
        cells: list[Cell] = [
            self._named(row.id, row.title.read(self._say.language)),
            (self._say.word(row.status),),
            (row.severity.value,),
            (str(one.sightings),),
        ]
        if has_cost:
            cells.append((str(one.cost),))
        return (*cells, self._meanwhile(pitfall))

    def _named(self, pitfall: str, title: str) -> Cell:
        return Name(self._material.short_id(pitfall)), " ", _one_line(title)

    def _meanwhile(self, pitfall: Pitfall) -> Cell:
        """What to do meanwhile, and where the vendor is asked."""
        workaround = _in_short(pitfall.workaround.read(self._say.language))
        links = [one for one in pitfall.references if is_web_address(one.url)]
        pieces: list[Piece] = [workaround] if workaround else []
        for link in links[:_LINKS]:
            pieces += [" ", self._link(link)] if pieces else [self._link(link)]
        return tuple(pieces) or ("–",)

    def _link(self, one: Reference) -> Link:
        title = _one_line(one.title.read(self._say.language))
        return Link(one.url, _cut(title) if title else one.url.split("/")[2])

    # Notes

    def due(self) -> Section | None:
        """What somebody took on and nobody has done."""
        if not self._retro.due:
            return None
        say = self._say
        columns = (
            Column(say(Say.DUE_ON), is_short=True),
            Column(say(Say.OWNER)),
            Column(say(Say.WHAT)),
        )
        today = utc_day(max(0, self._material.end - 1))

        def due_on(note: RetroNote) -> str:
            if not note.due:
                return "–"
            return say(Say.OVERDUE, day=note.due) if note.due < today else note.due

        rows = tuple(
            ((due_on(note),), (_one_line(note.owner) or "–",), self._text(note))
            for note in self._retro.due
        )
        return Section("due", say(Say.DUE), (Table(columns, rows),))

    def _text(self, note: RetroNote) -> Cell:
        text = _one_line(note.text.read(self._say.language))
        if not note.pitfall:
            return (text,)
        return text, " ", Name(self._material.short_id(note.pitfall))

    def notes(self) -> Section | None:
        """What the team noted, without the follow-ups that are told as such."""
        due = {one.id for one in self._retro.due}
        noted = [one for one in self._retro.notes if one.id not in due]
        if not noted:
            return None
        listed = Listed(tuple(Entry(self._noted(note), (self._by(note),)) for note in noted))
        return Section("notes", self._say(Say.NOTES), (listed,))

    def _noted(self, note: RetroNote) -> Cell:
        sort = self._say.word(note.sort)
        return f"{sort}{self._say(Say.COLON)}", *self._text(note)

    def _by(self, note: RetroNote) -> Cell:
        """Who noted it and when, who is to do it, and when it was done."""
        said = [_one_line(note.who), utc_day(note.at)]
        if note.owner:
            said.append(f"{self._say(Say.OWNER)}{self._say(Say.COLON)}{_one_line(note.owner)}")
        if note.done_on:
            said.append(self._say(Say.DONE, day=note.done_on))
        return (" · ".join(said),)

    # What happened

    def timeline(self) -> Section | None:
        """A list for each day, the earliest day and the earliest event first."""
        newest_first = self._retro.timeline
        if not newest_first:
            return None
        blocks: list[Block] = []
        if goes_on(newest_first, TIMELINE):
            blocks.append(Paragraph((self._say(Say.NEWEST, n=TIMELINE),), is_aside=True))
        for day, events in groupby(reversed(newest_first), lambda one: utc_day(one.at)):
            blocks.append(Listed(tuple(self._day(events)), heading=day))
        return Section("timeline", self._say(Say.TIMELINE), tuple(blocks))

    def _day(self, events: Iterable[Happened]) -> Iterator[Entry]:
        """What happened to one pitfall without a break is one entry, with a line for each event."""
        for pitfall, group in groupby(events, lambda one: one.pitfall):
            happened = list(group)
            lines = [(line,) for line in self._lines(happened)]
            if pitfall:
                title = happened[0].title.read(self._say.language)
                yield Entry(self._named(pitfall, title), tuple(lines))
            else:
                yield from map(Entry, lines)

    def _lines(self, events: Iterable[Happened]) -> Iterator[str]:
        """A line for each event; the same again is only counted."""
        told = (
            f"{_one_line(one.who)}{self._say(Say.COLON)}{self._material.tell(one)}"
            for one in events
        )
        for line, same in groupby(told):
            times = len(list(same))
            yield f"{line} ×{times}" if times > 1 else line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _in_short(markdown: str) -> str:
    """The beginning of a text without its code, or of the code if there is nothing else."""
    told = _CODE.sub(" … ", markdown)
    if not told.strip(" …\n"):
        told = _FENCE.sub("", markdown)
    return _cut(_one_line(_EMPHASIS.sub("", told)))


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1].rstrip()}…"
