"""What happened in a period, and what was noted, as lines to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from textual.content import Content

from storage.model.records import Text
from storage.model.retro import Happened, Retro, RetroNote
from storage.model.vocabulary import HistorySort, NoteSort, Verdict
from storage.retro.timeline import REGRESSION
from storage.text.dates import utc_day
from storage.text.sanitize import harmless
from tui.text.cells import cut
from tui.text.history import change, sort_word
from tui.text.i18n import _, read
from tui.text.vocabulary import REGRESSED, word

_TITLE: Final = 40
_MARKS: Final = {NoteSort.NOTE: "·", NoteSort.DECISION: "◆", NoteSort.FOLLOW_UP: "☐"}


class StoryLine(NamedTuple):
    """A line of a period's story; a heading is about nothing."""

    content: Content
    pitfall: str = ""
    note: RetroNote | None = None

    @property
    def is_heading(self) -> bool:
        """Whether there is nothing to be opened or done."""
        return not self.pitfall and self.note is None


def happened(
    events: Sequence[Happened],
    notes: Sequence[RetroNote],
    sort: HistorySort | None = None,
    *,
    newest: int = 0,
) -> Iterator[StoryLine]:
    """The timeline, the newest day first; each event with the pitfall that it was about.

    Args:
        events: what happened, the newest first.
        notes: what was noted in the period.
        sort: the only sort of changes that is shown, if it is one.
        newest: how many were looked through, if there may be older ones.
    """
    if sort is not None:
        words = _("Only: {sort}").format(sort=sort_word(sort))
        yield StoryLine(Content.styled(f" {words}", "$text-warning"))
        if not events:
            yield StoryLine(Content("   " + _("Nothing happened.")))
    if newest:
        words = _("These are of the newest {n}. A shorter period shows all.")
        yield StoryLine(Content.styled(" " + words.format(n=newest), "$text-muted"))
    by_event = {note.id: note for note in notes}
    for day, group in groupby(events, lambda one: utc_day(one.at)):
        yield StoryLine(Content.styled(f" {day}", "bold $primary"))
        for one in group:
            if one.event in by_event:
                yield _note(by_event[one.event], {one.pitfall: one.title})
            else:
                yield StoryLine(_told(one), one.pitfall)


def _told(one: Happened) -> Content:
    regressed = f"{REGRESSED} {word(Verdict.REGRESSION)}  " if one.what == REGRESSION else ""
    # A report says the title itself.
    title = "" if one.after == one.title else cut(harmless(read(one.title)), _TITLE)
    return Content.assemble(
        f"   {harmless(one.who)}  ",
        (regressed, "$text-error"),
        (change(one.as_line()).whole, "bold"),
        f"  {title}",
    )


def noted(retro: Retro, titles: Mapping[str, Text], now: int) -> Iterator[StoryLine]:
    """What is to be done, then what was noted in the period.

    Args:
        retro: the period.
        titles: those of the pitfalls that the notes are about.
        now: the present (ms), to tell what is overdue.
    """
    today = utc_day(now)
    yield StoryLine(
        Content.assemble(
            (" " + _("Still to be done"), "bold $primary"),
            ("   " + _("space: done   e: edit"), "$text-muted"),
        )
    )
    if not retro.due:
        yield StoryLine(Content.styled("   " + _("Nothing is left to follow up."), "$text-muted"))
    for note in retro.due:
        yield _note(note, titles, today)
    due = {note.id for note in retro.due}
    rest = [note for note in retro.notes if note.id not in due]
    yield StoryLine(Content.styled(" " + _("Noted in this period"), "bold $primary"))
    if not rest:
        words = _("Nothing more yet: a adds a note, a decision or a follow-up.")
        yield StoryLine(Content.styled(f"   {words}", "$text-muted"))
    for note in rest:
        yield _note(note, titles)


def _note(note: RetroNote, titles: Mapping[str, Text], today: str = "") -> StoryLine:
    mark = "☑" if note.done_on else _MARKS[note.sort]
    parts: list[str | tuple[str, str]] = [f"   {mark} {word(note.sort)}  "]
    if note.is_due and "" < note.due < today:
        parts.append((_("overdue: {day}").format(day=harmless(note.due)) + "  ", "$text-error"))
    elif note.due:
        parts.append(_("by {day}").format(day=harmless(note.due)) + "  ")
    if note.owner:
        parts.append(f"@{harmless(note.owner)}  ")
    parts.append((harmless(" ".join(read(note.text).split())), "bold"))
    if note.pitfall in titles:
        title = cut(harmless(read(titles[note.pitfall])), _TITLE)
        parts.append((f"  {title}", "$text-muted"))
    if note.done_on:
        parts.append(("  " + _("done on {day}").format(day=harmless(note.done_on)), "$text-muted"))
    return StoryLine(Content.assemble(*parts), note.pitfall, note)
