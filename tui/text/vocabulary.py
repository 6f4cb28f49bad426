"""The vocabulary as people read it: words, marks, dates and ages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from storage.errors import N_
from storage.model.clock import ClockKind, Moment
from storage.model.environment import CatalogueAuthor
from storage.model.fields import Word
from storage.model.lead import StatusHolder, shown_state
from storage.model.records import VendorReply
from storage.model.row import Decision, OccurrenceTotals, Plan, Row, Status, Triage, Wake
from storage.model.vocabulary import Axis, CatalogueTag, Upstream
from storage.query.tree import Filter, Mistake, Query, SortKey
from storage.text.sanitize import sanitize
from storage.text.zones import day_of, zone
from tui import deferred
from tui.text.cells import cut, width
from tui.text.i18n import _, ngettext, pgettext, say

if TYPE_CHECKING:
    from storage.query import keys
    from storage.query.completion import Suggestion
else:
    # Only what is typed as a query is explained by them.
    keys = deferred("storage.query.keys")

#: Status is always mark and word, never colour alone.
MARKS: Final = {Status.OPEN: "●", Status.WORKAROUND: "◐", Status.FIXED_UPSTREAM: "✔"}

#: How it stands with the vendor, apart from its status and with marks of its own.
UPSTREAM_MARKS: Final = {
    Upstream.UNREPORTED: "○",
    Upstream.REPORTED: "↑",
    Upstream.ACKNOWLEDGED: "↓",
    Upstream.CLAIMED_FIXED: "+",
    Upstream.DECLINED: "×",
}
#: The badge of what was seen where it should be fixed.
REGRESSED: Final = "↻"
#: The badge of what is not fixed and should have been settled by a day that has passed.
OVERDUE: Final = "!"
#: The badge of what comes from a catalogue of others.
FROM_CATALOGUE: Final = "◈"


def word(value: Word) -> str:
    """A word of the vocabulary as the reader knows it."""
    return pgettext(type(value).__name__, value.label)


def marked(status: Status) -> str:
    """A status as mark and word; how a pitfall stands is said by :func:`state_words`."""
    return f"{MARKS[status]} {word(status)}"


def state_mark(one: StatusHolder) -> str:
    """How a pitfall stands, as the mark that every list and line shows."""
    state = shown_state(one)
    return MARKS[state] if isinstance(state, Status) else REGRESSED


def state_words(one: StatusHolder) -> str:
    """How a pitfall stands, as mark and word."""
    return f"{state_mark(one)} {word(shown_state(one))}"


def status_change(before: Row | None, after: Row) -> str:
    """The status of a pitfall, or the one that it had before as well if it had another one."""
    words = state_words(after)
    if before is None or before.status is after.status:
        return words
    return f"{state_words(before)} → {words}"


def plan_words(plan: Plan, status: Status, now: int) -> Iterator[tuple[str, bool]]:
    """Who takes care of a pitfall, until when and under which ticket, and whether that is overdue.

    Args:
        plan: what was agreed on.
        status: of the pitfall.
        now: the present in ms.
    """
    if plan.assignee:
        yield _("assigned to {name}").format(name=sanitize(plan.assignee)), False
    if plan.is_overdue(status, day_of(now)):
        words = _("overdue: {day}").format(day=sanitize(plan.due))
        yield f"{OVERDUE} {words}", True
    elif plan.due:
        yield _("due {day}").format(day=sanitize(plan.due)), False
    if plan.ticket:
        yield _("vendor ticket {ticket}").format(ticket=sanitize(plan.ticket)), False


def upstream_words(state: Upstream) -> str:
    """How a pitfall stands with the vendor, as mark and word."""
    return _("vendor: {state}").format(state=f"{UPSTREAM_MARKS[state]} {word(state)}")


def vendor_reply_words(one: VendorReply) -> str:
    """What was said, in a line without the quote: when, by whom, and what it comes to."""
    position = word(one.sort)
    if one.version:
        position = _("{sort} in {version}").format(sort=position, version=sanitize(one.version))
    author = sanitize(one.author) or (_("the vendor") if one.official else _("someone"))
    if one.official and one.author:
        author = _("{author} (vendor)").format(author=author)
    words = _("{author}: {position}").format(author=author, position=position)
    return f"{sanitize(one.said_on) or '–'}  {words}"


def day(at: int | None) -> str:
    """The day of a time in ms, in the board's time zone; a dash if there is none."""
    return "–" if at is None else day_of(at)


def moment(at: int) -> str:
    """A time in ms to the minute, in the board's time zone."""
    return zone().local(at).strftime("%Y-%m-%d %H:%M")


_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def ago(at: int | None, now: int) -> str:
    """How long ago a time in ms was: ``5 min``, ``3d``, ``4y``; or how far it is: ``in 3d``."""
    if at is None:
        return "–"
    passed, far = now - at, abs(now - at)
    if -_HOUR < passed < _MINUTE:
        return _("now")
    if far < _HOUR:
        return pgettext("Age", "{n} min").format(n=far // _MINUTE)
    for unit, length, limit in (
        (N_("{n}h"), _HOUR, 2 * _DAY),
        (N_("{n}d"), _DAY, 60 * _DAY),
        (N_("{n}mo"), 30 * _DAY, 365 * _DAY),
        (N_("{n}y"), 365 * _DAY, far + 1),
    ):
        if far < limit:
            break
    words = _(unit).format(n=far // length)
    return words if passed > 0 else _("in {age}").format(age=words)


def times(totals: OccurrenceTotals) -> str:
    """How many occurrences, and how often it was not reproduced, in words."""
    if not totals.not_reproduced:
        return ngettext("{n} occurrence", "{n} occurrences", totals.count).format(n=totals.count)
    return _("{yes} reproduced, {no} not").format(yes=totals.count, no=totals.not_reproduced)


#: As many digits of an id as are enough on any board, where no board is at hand to ask.
_ENOUGH_OF_AN_ID: Final = 8


def shortened(pitfall: str) -> str:
    """An id as people can type it, without asking the board what is unique."""
    return sanitize(pitfall[:_ENOUGH_OF_AN_ID])


def decision_words(decision: Decision, short_id: Callable[[str], str] = shortened) -> str:
    """What was decided in triage, in one line; nothing if nobody had to decide.

    Args:
        decision: the decision.
        short_id: gives the name of a pitfall to people.
    """
    match decision.triage:
        case Triage.INBOX if decision.inbox_reason is not None:
            return _("in the inbox: {why}").format(why=word(decision.inbox_reason))
        case Triage.SNOOZED if decision.wake is not None:
            return wake_words(decision.wake)
        case Triage.DECLINED if decision.decline_reason is not None:
            return _("declined: {why}").format(why=word(decision.decline_reason))
        case Triage.DUPLICATE:
            return _("duplicate of {id}").format(id=short_id(decision.duplicate_of))
        case Triage.SETTLED if not decision.at:
            return ""
        case _:
            return word(decision.triage)


def wake_words(wake: Wake) -> str:
    """Until what a pitfall is snoozed."""
    if wake.on is not None:
        midnight = zone().local(wake.on).strftime("%H:%M") == "00:00"
        return _("snoozed until {when}").format(when=(day if midnight else moment)(wake.on))
    if wake.at_count is not None:
        return ngettext(
            "snoozed until it was seen once",
            "snoozed until it was seen {n} times in all",
            wake.at_count,
        ).format(n=wake.at_count)
    return _("snoozed until {axis} {version} is seen").format(
        axis=word(Axis(wake.axis)), version=sanitize(wake.version)
    )


BARS: Final = " ▁▂▃▄▅▆▇█"


def sparkline(counts: Sequence[int], top: int | None = None) -> str:
    """One cell for each count, ``top`` full, or else the highest; blank if nothing was counted."""
    top = max(counts, default=0) if top is None else top
    if top == 0:
        return " " * len(counts)
    return "".join(BARS[-(-count * 8 // top)] for count in counts)


def weekly_bars(counts: Iterable[int]) -> str:
    """One cell for each week's count, on one scale for all pitfalls.

    Each step up is twice as many: ``▁`` is one, ``▂`` two or three, ``█`` 128 or more. So a
    pitfall that was seen once never looks like one that was seen eighty times.
    """
    return "".join(BARS[min(len(BARS) - 1, count.bit_length())] for count in counts)


def compact_count(count: int) -> str:
    """A count in at most four cells; nothing for none."""
    if count < 10_000:
        return str(count) if count else ""
    return f"{count // 1000}k" if count < 1_000_000 else f"{count // 1_000_000}M"


# Help for the query language: meanings of completions, marks below mistakes


def completion_help(offer: Suggestion) -> str:
    """What an offer stands for; empty if it speaks for itself."""
    key = keys.keys_by_spelling()[offer.key]
    if not offer.value:
        return _(key.help)
    help_text = next((word(one) for one in key.words if one.value == offer.value), "")
    return "" if help_text.casefold() == offer.text.casefold() else help_text


#: How many characters stay in sight before a mistake far to the right.
_BEFORE: Final = 10


def why_empty(query: Query, text: str, count: Callable[[Query], int], near: str = "") -> str:
    """Which part of a query finds nothing, and how to clear it.

    Args:
        query: what was asked.
        text: as it was typed.
        count: how many another query finds.
        near: another query that finds something.
    """
    asked = " ".join(text.split())
    if not asked:
        return _("No pitfalls yet. Press n to report one, p to paste an error.")
    if near:
        words = _("No pitfalls match. Did you mean “{query}”? Press esc to clear all.")
        return words.format(query=sanitize(near))
    # Of several filters on a field each has to hold, so only the one is left out.
    parts = [
        (
            text[one.place.start : one.place.end],
            query.replaced(conditions=tuple(kept for kept in query.conditions if kept is not one)),
        )
        for one in query.conditions
        if isinstance(one, Filter) and one.place is not None
    ]
    if words := query.words.strip():
        parts.append((words, query.replaced(words="")))
    found = [(count(other), part) for part, other in parts[:_PARTS_TRIED]] if parts[1:] else []
    most, guilty = max(found, default=(0, ""))
    if not most:
        words = _("No pitfalls match “{query}”. Press esc to clear it.")
        return words.format(query=sanitize(asked))
    return ngettext(
        "No pitfalls match. Without “{filter}” there is {n}. Press esc to clear all.",
        "No pitfalls match. Without “{filter}” there are {n}. Press esc to clear all.",
        most,
    ).format(filter=sanitize(guilty.strip()), n=most)


#: So many parts of a query that finds nothing are tried without each other.
_PARTS_TRIED: Final = 5


def mistake_marks(text: str, mistakes: Iterable[Mistake], scrolled: int = 0) -> str:
    """The line of marks that stands right below ``text``.

    Args:
        text: the query as it was typed.
        mistakes: each is marked by one cell at least, unless it is out of sight.
        scrolled: how many cells of the text are out of sight on the left.
    """
    line = ""
    for mistake in sorted(mistakes, key=lambda one: one.start):
        start, end = _cells(text[: mistake.start]), _cells(text[: mistake.end])
        end = max(end, start + 1) - scrolled
        line = line.ljust(max(start - scrolled, 0)).ljust(end, "^") if end > 0 else line
    return line


def said_once(mistakes: Iterable[Mistake]) -> dict[str, list[Mistake]]:
    """The mistakes by what is said of them, so that it can be said once for all of them."""
    said: dict[str, list[Mistake]] = {}
    for mistake in mistakes:
        said.setdefault(say(mistake), []).append(mistake)
    return said


def marked_mistakes(text: str, mistakes: Sequence[Mistake], cells: int) -> list[str]:
    """The part of ``text`` around the first mistake, in at most ``cells``, and marks below."""
    first = 0
    if _cells(text[: mistakes[0].end]) > cells:
        first = max(mistakes[0].start - _BEFORE, 0)
    ellipsis = "…" if first else ""
    scrolled = _cells(text[:first]) - width(ellipsis)
    shown = ellipsis + sanitize(text[first:])
    return [cut(shown, cells), mistake_marks(text, mistakes, scrolled)[:cells]]


def _cells(text: str) -> int:
    return width(sanitize(text))


_CATALOGUE_TAGS: Final = frozenset(CatalogueTag)
_CATALOGUE_AUTHORS: Final = frozenset(CatalogueAuthor)


def tag_word(tag: str) -> str:
    """A tag in the reader's language if the catalogue uses it, else as it was written."""
    return word(CatalogueTag(tag)) if tag in _CATALOGUE_TAGS else sanitize(tag)


def person_name(who: str) -> str:
    """The author of events; the catalogue's own is named in the reader's language."""
    return word(CatalogueAuthor(who)) if who in _CATALOGUE_AUTHORS else sanitize(who)


# The age that a list shows of each pitfall: of what the list is sorted by

#: An age, with a blank before it.
_ROOM: Final = 7
_ROOM_FOR_A_DAY: Final = 11
#: An age: the time (ms) that it is counted from; what a line says of it, with ``{age}`` (the day
#: when it was seen needs no word); what a table calls it.
_Age = tuple[Callable[[Row], int | None], str, str]
_SEEN: Final[_Age] = (lambda row: row.totals.last_seen, "{age}", N_("LAST"))
_AGES: Final[Mapping[SortKey, _Age]] = {
    SortKey.CLAIMED: (lambda row: row.fix_at, N_("claimed {age}"), N_("CLAIMED")),
    SortKey.VERIFIED: (lambda row: row.workaround_at, N_("workaround {age}"), N_("WORKAROUND")),
}


def age(row: Row, sort: SortKey, now: int) -> str:
    """How long ago it was seen, its fix was claimed, or its workaround was verified; or its day.

    Args:
        row: the pitfall.
        sort: what the list is sorted by.
        now: the present in ms.
    """
    if sort is SortKey.DUE:
        return sanitize(row.plan.due) or "–"
    return ago(_AGES.get(sort, _SEEN)[0](row), now)


def age_words(row: Row, sort: SortKey, now: int) -> str:
    """The age with a word for what it is, where no heading says it; the arguments are as above."""
    return _(_AGES.get(sort, _SEEN)[1]).format(age=age(row, sort, now))


def room_for_age(sort: SortKey) -> int:
    """How many cells such an age takes, with a blank before it."""
    if sort is SortKey.DUE:
        return _ROOM_FOR_A_DAY
    return _ROOM + width(_(_AGES.get(sort, _SEEN)[1]).format(age=""))


def age_heading(sort: SortKey) -> str:
    """What a table calls the column of ages."""
    return _("DUE") if sort is SortKey.DUE else _(_AGES.get(sort, _SEEN)[2])


# The board of a date


def banner(of: Moment) -> str:
    """Which board is shown, and how to come back from it."""
    return _("{board} Read-only. Press t to return.").format(board=moment_words(of))


def moment_words(of: Moment) -> str:
    """Which board is shown."""
    time = moment(of.at)
    if of.clock is ClockKind.KNOWN:
        return _("The board as this machine knew it at {time}.").format(time=time)
    return _("The board as it was at {time}.").format(time=time)
