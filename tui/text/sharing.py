"""How the sharing of a board stands and what came of it: in words, and as data for ``--json``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from storage.errors import N_, PitboardError
from storage.model.fields import NamedTuple
from storage.model.vocabulary import Quarantine
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.state import (
    ChangeKind,
    MemberChanges,
    QuarantinedEvent,
    SharingState,
    SyncNote,
    Writer,
)
from storage.sharing.sync import SyncResult, SyncStage, SyncStep
from storage.text.dates import zoned
from storage.text.sanitize import sanitize
from tui.text.cells import cut, fit, width
from tui.text.fields import event_words
from tui.text.i18n import _, clauses, listed, ngettext, say
from tui.text.vocabulary import ago, day, moment, person_name, word

#: The mark of sharing, on the board and in words.
SHARED: Final = "⇅"

_LONGEST_NAME: Final = 32
#: So many pitfalls in conflict are named.
_NAMED: Final = 3
_GAP: Final = "  "
#: The columns of numbers in the list of writers.
_NUMBERS: Final = (2, 4)

_STAGES: Final = {
    SyncStage.FETCHING: N_("Fetching from the remote"),
    SyncStage.TAKING: N_("Taking in what is new there"),
    SyncStage.SENDING: N_("Sending what is new here"),
}


class SyncProgress:
    """The sync that is under way on the board, if one is; whoever shows it looks here.

    ``step`` is how far it is; None if none is under way.
    """

    def __init__(self) -> None:
        self.step: SyncStep | None = None
        self._stopped = False

    @contextmanager
    def watched(self) -> Iterator[Callable[[SyncStep], None]]:
        """A sync is under way; give it what is yielded, by which it tells how far it is.

        Raises:
            SharingFailed: if another one is.
        """
        if self.step is not None:
            raise SharingFailed(GitErrorKind.BUSY)
        self.step, self._stopped = SyncStep(SyncStage.FETCHING), False
        try:
            yield self._note
        finally:
            self.step = None

    def stop(self) -> bool:
        """Have it stopped, within a moment; whether one was under way."""
        self._stopped = True
        return self.step is not None

    def _note(self, step: SyncStep) -> None:
        if self._stopped:
            raise SharingFailed(GitErrorKind.STOPPED)
        self.step = step

    def badge(self, sharing: SharingState | None) -> str:
        """The mark on the board's line of counts; nothing where nothing is shared.

        Args:
            sharing: the sync status; None where nothing is shared.
        """
        if (step := self.step) is not None:
            return f"{SHARED} {step.done * 100 // step.total}%" if step.total else f"{SHARED} …"
        if sharing is None:
            return ""
        if sharing.problem is not None:
            return f"{SHARED} !"
        waiting = sharing.waiting + sharing.waiting_files
        return f"{SHARED} {waiting}" if waiting else SHARED

    @staticmethod
    def words_of(synced: SyncResult, title: Callable[[str], str]) -> SyncWords:
        """What is told of a sync that is done; ``title`` names a pitfall."""
        return SyncWords(
            conflict_words(synced, title),
            synced_words(synced),
            changes_words(synced.changes),
            changes_words([one for one in synced.changes if one.unusual]),
            noticed_words(synced),
        )


class SyncWords(NamedTuple):
    """What is told of a sync, in lines: which conflicts it brought, what it brought at all, who
    changed what, what of that is unusual, and what it noticed.
    """

    conflicts: str
    synced: str
    changes: list[str]
    unusual: list[str]
    noticed: list[str]


def step_words(step: SyncStep) -> str:
    """What a sync is doing, and the share that is done of it where that is known."""
    words = _(_STAGES[step.stage])
    return f"{words}: {step.done * 100 // step.total} %" if step.total else f"{words}…"


def events_words(count: int) -> str:
    """How many events."""
    return ngettext("{n} event", "{n} events", count).format(n=count)


def synced_words(synced: SyncResult) -> str:
    """What a sync came to, in a line."""
    if not (synced.sent or synced.received):
        return _("Up to date.")
    return _("In step: {sent} sent, {received} received.").format(
        sent=synced.sent, received=synced.received
    )


def conflict_words(synced: SyncResult, title: Callable[[str], str]) -> str:
    """On which pitfalls a sync brought conflicts; empty if on none.

    Args:
        synced: what came of the sync.
        title: names a pitfall, by its id.
    """
    if not (count := len(synced.conflicts)):
        return ""
    named = [_("“{title}”").format(title=title(one)) for one in synced.conflicts[:_NAMED]]
    words = ngettext(
        "{n} pitfall in conflict: {titles}", "{n} pitfalls in conflict: {titles}", count
    ).format(n=count, titles=listed(named))
    return f"{words} …" if count > _NAMED else words


def noticed_words(synced: SyncResult) -> list[str]:
    """What was noticed on the way, a line for each."""
    lines = [say(error) for error in synced.noticed]
    if synced.renamed:
        lines.append(
            _(
                "This file is a copy of one that is still in use: it goes on as a store of its"
                " own. Nothing of either is lost."
            )
        )
    return lines


def _counted(kind: ChangeKind, n: int) -> str:
    """How often somebody did something."""
    match kind:
        case ChangeKind.HIDDEN:
            words = ngettext("{n} hidden", "{n} hidden", n)
        case ChangeKind.UNDONE:
            words = ngettext("{n} undone", "{n} undone", n)
        case ChangeKind.EDITED:
            words = ngettext("{n} edit", "{n} edits", n)
        case ChangeKind.DECIDED:
            words = ngettext("{n} decision", "{n} decisions", n)
        case ChangeKind.NEW:
            words = ngettext("{n} new", "{n} new", n)
        case ChangeKind.OCCURRENCES:
            words = ngettext("{n} occurrence", "{n} occurrences", n)
        case ChangeKind.COMMENTS:
            words = ngettext("{n} comment", "{n} comments", n)
    return words.format(n=n)


def changes_words(changes: Sequence[MemberChanges]) -> list[str]:
    """What others changed, a line for each person, unusual amounts first."""
    lines = []
    for one in changes:
        parts = [_counted(kind, one.counts[kind]) for kind in ChangeKind if kind in one.counts]
        said = _("{name}: {changes}").format(name=sanitize(one.name) or "–", changes=clauses(parts))
        lines.append(_("{changes} (unusual)").format(changes=said) if one.unusual else said)
    return lines


def waiting_words(sharing: SharingState) -> str:
    """What waits to be sent."""
    parts = [events_words(sharing.waiting)] if sharing.waiting else []
    if sharing.waiting_files:
        files = ngettext("{n} attachment", "{n} attachments", sharing.waiting_files)
        parts.append(files.format(n=sharing.waiting_files))
    return clauses(parts) or _("nothing")


def state_lines(sharing: SharingState, now: int) -> Iterator[tuple[str, str]]:
    """How the sharing of a board stands: what each line is about, and what it says."""
    yield _("remote"), sanitize(sharing.url)
    yield _("last sync"), when_words(sharing.synced_at, now)
    if sharing.synced_at is not None:
        moved = _("{sent} sent, {received} received")
        yield _("transferred"), moved.format(sent=sharing.sent, received=sharing.received)
    yield _("pending"), waiting_words(sharing)
    if sharing.problem is not None:
        yield _("last tried"), when_words(sharing.tried_at, now)


def problem_words(sharing: SharingState) -> str:
    """What kept the last sync from being done; nothing if it was done."""
    return sanitize(say(sharing.problem)) if sharing.problem is not None else ""


def when_words(at: int | None, now: int) -> str:
    """A time in ms, and how long ago that was."""
    return f"{moment(at)} · {ago(at, now)}" if at is not None else _("never")


def writer_name(writer: Writer) -> str:
    """A store as people know it: by its own name, or by what it is."""
    if writer.here:
        return _("this board")
    return _("catalogue") if writer.is_catalogue else writer.actor[:8]


def writer_lines(writers: Sequence[Writer], now: int, cells: int) -> list[str]:
    """Headings, and a line for each person on each store, in at most ``cells`` cells."""
    rows = [
        (
            cut(person_name(person.name) or "–", _LONGEST_NAME),
            writer_name(writer),
            f"{person.events:,}",
            day(person.first_at),
            ago(person.last_at, now),
            writer_marks(writer),
        )
        for writer in writers
        for person in writer.people
    ]
    headings = (_("NAME"), _("STORE"), _("EVENTS"), _("SINCE"), _("LAST"), "")
    return _table(headings, rows, cells, numbers=_NUMBERS)


def writer_marks(writer: Writer) -> str:
    """What is wrong with a store's events, or that it is ignored; empty if all is well."""
    marks = [word(one) for one in writer.problems if one is not Quarantine.IGNORED]
    if writer.ignored_since is not None:
        since = writer.ignored_since
        words = _("ignored since {day}").format(day=day(since)) if since else _("ignored")
        marks.insert(0, words)
    return f"⚠ {_(', ').join(marks)}" if marks else ""


def quarantine_lines(waiting: Sequence[QuarantinedEvent], cells: int) -> list[str]:
    """Headings, and a line for each quarantined event, in at most ``cells`` cells."""
    rows = [
        (
            one.id[:8],
            word(one.reason),
            cut(sanitize(one.who) or "–", _LONGEST_NAME),
            one.actor[:8],
            moment(one.claims),
            event_words(one.event_kind),
        )
        for one in waiting
    ]
    headings = (_("EVENT"), _("WHY"), _("NAME"), _("STORE"), _("CLAIMED TIME"), _("CHANGE"))
    return _table(headings, rows, cells)


def _table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    cells: int,
    numbers: Sequence[int] = (),
) -> list[str]:
    widths = [max(map(width, column)) for column in zip(headings, *rows, strict=True)]
    return [
        cut(
            _GAP.join(
                " " * (wide - width(cell)) + cell if column in numbers else fit(cell, wide)
                for column, (cell, wide) in enumerate(zip(row, widths, strict=True))
            ),
            cells,
        )
        for row in (headings, *rows)
    ]


# The same as data, for ``--json``


def as_sharing(sharing: SharingState | None, notes: list[SyncNote]) -> dict[str, Any] | None:
    """How the sharing of a board stands."""
    if sharing is None:
        return None
    return {
        "url": sharing.url,
        "layout": sharing.layout,
        "joined_at": zoned(sharing.joined_at),
        "tried_at": zoned(sharing.tried_at),
        "synced_at": zoned(sharing.synced_at),
        "sent": sharing.sent,
        "received": sharing.received,
        "waiting": sharing.waiting,
        "waiting_attachments": sharing.waiting_files,
        "problem": as_error(sharing.problem) | {"kind": sharing.problem.kind}
        if sharing.problem
        else None,
        "notes": [as_error(note.what) | {"at": zoned(note.at)} for note in notes],
        "changes": [as_changes(one) for one in sharing.changes],
    }


def as_changes(changes: MemberChanges) -> dict[str, Any]:
    """What a member changed, as counts."""
    return {
        "actor": changes.actor,
        "name": changes.name,
        "unusual": changes.unusual,
        **{kind.value: changes.counts.get(kind, 0) for kind in ChangeKind},
    }


def as_error(value: PitboardError) -> dict[str, Any]:
    """What was noticed, and what to do."""
    return {
        "message": value.message.format(**value.values),
        "advice": value.advice.format(**value.values),
    }


def as_writer(writer: Writer) -> dict[str, object]:
    """A store, and the people who wrote on it."""
    return {
        "actor": writer.actor,
        "here": writer.here,
        "catalogue": writer.is_catalogue,
        "problems": list(writer.problems),
        "ignored_since": zoned(writer.ignored_since),
        "people": [
            {
                "name": person.name,
                "events": person.events,
                "first_at": zoned(person.first_at),
                "last_at": zoned(person.last_at),
            }
            for person in writer.people
        ],
    }
