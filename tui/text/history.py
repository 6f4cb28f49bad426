"""What became of pitfalls, in words: the lines of a history, and what differs between two dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Final

from storage.errors import N_, NP_
from storage.model.fields import NamedTuple
from storage.model.records import Line
from storage.model.row import Row, Text, Triage
from storage.read.history import DiffSpan, SpanKind, elided, words_changed
from storage.text.sanitize import sanitize
from tui.text.cells import chopped, cut, units, width
from tui.text.fields import (
    done_to_entry,
    event_words,
    value_words_of,
)
from tui.text.i18n import _, clauses, language, pgettext, read
from tui.text.vocabulary import day, decision_words, moment, person_name, shortened, word

if TYPE_CHECKING:
    from storage.as_of.board import BoardDiff
    from storage.model.retro import Happened
    from storage.write.history import Step

#: Kinds whose lines say what a value was and what it became.
_REPLACING: Final = {"field_set", "status_set", "item_amended"}
#: So many changes are told with their values in one line, each value in so many cells.
_FEW: Final = 3
_BRIEF: Final = 40


def step_titles(step: Step) -> str:
    """What one user action was done to: the first title, and how many more pitfalls there were."""
    first, more = sanitize(read(step.titles[0])), len(step.pitfalls) - 1
    return _("{title} and {n} more").format(title=first, n=more) if more > 0 else first


class ChangeWords(NamedTuple):
    """A line of the history in words, each in one line; what was not said is empty.

    ``replaced`` tells whether ``after`` took the place of ``before``.
    """

    what: str
    before: str
    after: str
    reason: str
    replaced: bool

    @property
    def text(self) -> str:
        """All of it but the reason, in one line."""
        words = self.after or self.before
        if self.replaced:
            words = f"{self.before or '–'} → {self.after or '–'}"
        return _("{what}: {value}").format(what=self.what, value=words) if words else self.what

    @property
    def brief(self) -> str:
        """The text with no more of each value than tells which one it is."""
        most = _BRIEF // 2 if self.replaced else _BRIEF
        before, after = cut(self.before, most), cut(self.after, most)
        if self.replaced and before == after:
            return self.what
        return self._replace(before=before, after=after).text

    @property
    def whole(self) -> str:
        """All of it in one line."""
        return f"{self.text} ({self.reason})" if self.reason else self.text


def happened_words(one: Happened, short_id: Callable[[str], str]) -> str:
    """A line of a retro's timeline in one line of words."""
    if one.is_regression:
        return _("saw it where it should be fixed")
    return change_words(one.as_line(), short_id).whole


def change_words(line: Line, short_id: Callable[[str], str] = shortened) -> ChangeWords:
    """A line of the history in the reader's words.

    Args:
        line: the change.
        short_id: gives the name of a pitfall to people.
    """
    row = _change(line, short_id)
    if line.known and line.holds_more:
        what = _("{what} (holds more than this version shows)").format(what=row.what)
        return row._replace(what=what)
    return row


def done_words(lines: Iterable[Line], short_id: Callable[[str], str] = shortened) -> str:
    """What some changes did in one line: a few with their values, of many what they were alone."""
    done = [(line, change_words(line, short_id)) for line in lines]
    # A report's title stands beside it already.
    whole = dict.fromkeys(w.what if one.what == "reported" else w.brief for one, w in done)
    return clauses(whole if len(whole) <= _FEW else dict.fromkeys(w.what for _one, w in done))


def _change(line: Line, short_id: Callable[[str], str]) -> ChangeWords:
    if words := _decided(line, short_id):
        return ChangeWords(words, "", "", value_words_of("", "", line.reason), False)
    if line.took_back:
        what = _("redid a change") if line.redoes else event_words(line.what)
        return ChangeWords(what, "", done_words(line.took_back, short_id), "", False)
    if line.in_vain:
        what = _("tried to undo what others wrote, without effect")
    elif line.known and (done := done_to_entry(line)):
        what = done
    else:
        what = event_words(line.what if line.known else "", line.field)
    if line.outcome is not None:
        what = _("{what} ({outcome})").format(what=what, outcome=word(line.outcome))
    return ChangeWords(
        what,
        value_words_of(line.field, line.part, line.before),
        value_words_of(line.field, line.part, line.after),
        value_words_of("", "", line.reason),
        line.what in _REPLACING and bool(line.before != line.after),
    )


def _decided(line: Line, short_id: Callable[[str], str]) -> str:
    """What was decided in triage; nothing if it is a line about something else."""
    if line.known and line.what == "told_apart":
        return _("not the same as {id}").format(id=short_id(line.after.plain))
    if line.decision is None:
        return ""
    if line.decision.triage is Triage.INBOX:
        return _("back in the inbox")
    return decision_words(line.decision, short_id)


# The history as a story: by day, by what one person did in one moment, and word by word


_GAP: Final = "  "
#: As much of an unchanged stretch as is left beside a change, where a story is told in short.
_AROUND: Final = 24


class Tone(StrEnum):
    """How a piece of the story is to look."""

    DAY = "day"
    WHEN = "when"
    WHO = "who"
    WHAT = "what"
    BEFORE = "before"
    AFTER = "after"
    SAID = "said"
    REMOVED = "removed"
    ADDED = "added"
    REASON = "reason"
    ASIDE = "aside"
    UNDONE = "undone"
    TAKEN_BACK = "taken-back"


class StyledText(NamedTuple):
    """A stretch of a row in one tone."""

    text: str
    tone: Tone


TimelineRow = tuple[StyledText, ...]


class TimelineHeading(NamedTuple):
    """A row beside what was done: a day, or a person at a moment (on one pitfall).

    One that ``wraps`` takes as many rows as it needs.
    """

    row: TimelineRow
    wraps: bool = False


def timeline(
    lines: Iterable[Line], name: Callable[[str], str] = lambda pitfall: ""
) -> Iterator[TimelineHeading | Line]:
    """The history with its headings, the newest day first.

    What one person did in one moment stands in the order in which they did it.

    Args:
        lines: the changes, newest first.
        name: what a pitfall is called, where the lines are of several.
    """
    for words, of_day in groupby(lines, lambda line: day_in_words(line.at)):
        yield TimelineHeading((StyledText(words, Tone.DAY),))
        for (when, who, pitfall), together in groupby(
            of_day, lambda line: (time_of_day(line.at), person_name(line.who), name(line.pitfall))
        ):
            row = [StyledText(when, Tone.WHEN), StyledText(f" {sanitize(who)}", Tone.WHO)]
            row += [StyledText(f"{_GAP}{pitfall}", Tone.ASIDE)] if pitfall else []
            yield TimelineHeading(tuple(row))
            yield from _one_reason(list(together)[::-1])


def _one_reason(lines: Sequence[Line]) -> Iterator[Line]:
    """Some lines, of which those with one reason in common tell it once, the last of them."""
    for line, following in zip_longest(lines, lines[1:]):
        repeats_below = following is not None and following.reason == line.reason
        yield line._replace(reason=Text()) if repeats_below else line


def change_rows(
    line: Line, short_id: Callable[[str], str], judged: str = "", *, in_short: bool
) -> list[TimelineRow]:
    """What a line says, what its occurrence says of the fixes, and why it was done.

    Args:
        line: the change.
        short_id: gives the name of a pitfall to people.
        judged: what its occurrence says of the fixes, in words.
        in_short: whether long stretches that did not change are left out.
    """
    words = change_words(line, short_id)
    row = [StyledText(words.what, Tone.WHAT)]
    if spans := words_changed(line, language()):
        row.append(StyledText(_GAP, Tone.WHAT))
        row += map(styled_span, elided(spans, _AROUND) if in_short else spans)
    elif words.replaced:
        row += [
            StyledText(f"{_GAP}{words.before or '–'}", Tone.BEFORE),
            StyledText(" → ", Tone.WHAT),
            StyledText(words.after or "–", Tone.AFTER),
        ]
    elif words.after or words.before:
        row.append(StyledText(f"{_GAP}{words.after or words.before}", Tone.SAID))
    if line.void:
        # First, so that it is seen however little room there is.
        undone = StyledText(f"{_('(undone)')} ", Tone.TAKEN_BACK)
        row = [undone, *(StyledText(piece.text, Tone.UNDONE) for piece in row)]
    rows: list[TimelineRow] = [tuple(row)]
    if judged:
        rows.append((StyledText(judged, Tone.ASIDE),))
    if words.reason:
        rows.append((StyledText(_("because: {why}").format(why=words.reason), Tone.REASON),))
    return rows


def styled_span(span: DiffSpan) -> StyledText:
    """A span with marks that say without colours what became of it, as git's do."""
    text = sanitize(span.text, lines=True).replace("\t", " ")
    match span.sort:
        case SpanKind.REMOVED:
            return StyledText(f"[-{text.replace(_BREAK, _SHOWN_BREAK)}-]", Tone.REMOVED)
        case SpanKind.ADDED:
            return StyledText(f"{{+{text.replace(_BREAK, _SHOWN_BREAK)}+}}", Tone.ADDED)
        case _:
            return StyledText(text, Tone.BEFORE)


_BREAK: Final = "\n"
#: Where a line break came or went, it has to be seen.
_SHOWN_BREAK: Final = "⏎\n"


def cut_row(row: TimelineRow, cells: int) -> TimelineRow:
    """A row without its line breaks in at most so many cells, ending in ``…`` if it was cut."""
    shown: list[StyledText] = []
    for text, tone in row:
        text = text.replace(_BREAK, " ")
        shown.append(StyledText(piece := cut(text, cells), tone))
        cells -= width(piece)
        if piece != text:
            break
    return tuple(shown)


def wrap_row(row: Sequence[StyledText], cells: int) -> list[TimelineRow]:
    """A row in as many as it takes, each of at most so many cells."""
    rows: list[list[StyledText]] = [[]]
    used = 0
    for text, tone in row:
        for place, line in enumerate(text.split(_BREAK)):
            if place:
                rows.append([])
                used = 0
            for unit in units(line):
                if used and used + width(unit.rstrip()) > cells:
                    rows.append([])
                    used, unit = 0, unit.lstrip()
                *whole, rest = chopped(unit, cells) or [""]
                for part in whole:
                    _append(rows[-1], part, tone)
                    rows.append([])
                _append(rows[-1], rest, tone)
                used = (0 if whole else used) + width(rest)
    return [tuple(one) for one in rows]


def _append(row: list[StyledText], text: str, tone: Tone) -> None:
    if row and row[-1].tone is tone:
        text = row.pop().text + text
    row.append(StyledText(text, tone))


# Days in words, and the time of day, in the reader's language and the board's time zone


_WEEKDAYS: Final = (
    NP_("Weekday", "Mon"),
    NP_("Weekday", "Tue"),
    NP_("Weekday", "Wed"),
    NP_("Weekday", "Thu"),
    NP_("Weekday", "Fri"),
    NP_("Weekday", "Sat"),
    NP_("Weekday", "Sun"),
)

_MONTHS: Final = (
    NP_("Month", "Jan"),
    NP_("Month", "Feb"),
    NP_("Month", "Mar"),
    NP_("Month", "Apr"),
    NP_("Month", "May"),
    NP_("Month", "Jun"),
    NP_("Month", "Jul"),
    NP_("Month", "Aug"),
    NP_("Month", "Sep"),
    NP_("Month", "Oct"),
    NP_("Month", "Nov"),
    NP_("Month", "Dec"),
)


def day_in_words(at: int) -> str:
    """The day of a time in ms: ``Mon 23 Nov 2026``."""
    then = date.fromisoformat(day(at))
    return _("{weekday} {day} {month} {year}").format(
        weekday=pgettext("Weekday", _WEEKDAYS[then.weekday()]),
        day=then.day,
        month=pgettext("Month", _MONTHS[then.month - 1]),
        year=then.year,
    )


def time_of_day(at: int) -> str:
    """The time of a time in ms to the minute: ``08:05``."""
    return moment(at).split()[1]


# The difference of the board between two dates


#: The parts by their names in data, and their headings; the most pressing first.
_PARTS: Final = (
    ("regressed", N_("Regressed")),
    ("new", N_("New")),
    ("status", N_("Status changed")),
    ("quiet", N_("Gone quiet")),
    ("gone", N_("Left the board")),
)


class DiffRow(NamedTuple):
    """A pitfall that something became of; it had no ``before`` if it is new.

    ``after`` is what it is, or was at last if it has left the board.
    """

    before: Row | None
    after: Row


class DiffSection(NamedTuple):
    """One thing that pitfalls became: its name in data, its heading (untranslated), and those."""

    name: str
    heading: str
    pitfalls: tuple[DiffRow, ...]


def diff_sections(found: BoardDiff) -> Iterator[DiffSection]:
    """What became of a board, part by part; without those that are empty."""
    held = {
        "new": tuple(DiffRow(None, row) for row in found.new),
        "gone": tuple(DiffRow(row, row) for row in found.gone),
        "status": tuple(DiffRow(*one) for one in found.restated),
        "regressed": tuple(DiffRow(*one) for one in found.regressed),
        "quiet": tuple(DiffRow(*one) for one in found.quiet),
    }
    for name, heading in _PARTS:
        if held[name]:
            yield DiffSection(name, heading, held[name])
