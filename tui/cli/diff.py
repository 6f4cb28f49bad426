"""The verbs ``diff`` (two dates) and ``versions`` (app and base library)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from storage.model.clock import ClockKind, Moment
from storage.model.vocabulary import Host, Platform
from storage.text.dates import iso, now_ms, zoned
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import answer, option, output
from tui.cli.answer import wants_json
from tui.cli.group import Verb
from tui.cli.input import words
from tui.cli.open_board import AsOfMoment, ReadingVerb, opened, present, reading, ready
from tui.cli.output import (
    ProgressLine,
    columns,
    emit,
    emit_json,
    emit_rows,
    for_people,
    styled,
    talk,
)
from tui.text.cells import cut, width
from tui.text.i18n import _, pgettext, read

if TYPE_CHECKING:
    from storage.as_of import board as as_of
    from storage.model import version_pairs
    from storage.model.version_pairs import Contradiction, VersionPair
    from storage.read.board import Board
    from tui.text import history as history_text
    from tui.text import verdicts, vocabulary
    from tui.text.history import DiffRow, DiffSection
else:
    vocabulary = deferred("tui.text.vocabulary")
    verdicts = deferred("tui.text.verdicts")
    as_of = deferred("storage.as_of.board")
    version_pairs = deferred("storage.model.version_pairs")
    history_text = deferred("tui.text.history")


@click.command(
    "diff",
    cls=Verb,
    examples=("pitboard diff 2w", "pitboard diff 2022-01-01 2022-06-01"),
    help=_(
        "Show what changed on the board between two dates.\n\n"
        "It lists pitfalls that are new, changed status, regressed, went quiet (not seen"
        " for twelve weeks) or left the board. DATE is a day (its end), a time, or an age"
        " (2w); the second one is now by default. Piped, it writes one tab-separated line"
        " per pitfall: change, id, severity, status before, status after, component, title."
    ),
)
@click.argument("earlier", metavar="DATE1", type=AsOfMoment())
@click.argument("later", metavar="[DATE2]", required=False, type=AsOfMoment())
@option(
    "--local",
    "is_known",
    is_flag=True,
    help=_("Use only what had arrived on this machine by then."),
)
@click.pass_context
def diff(context: click.Context, earlier: int, later: int | None, is_known: bool) -> int:
    """Show what became of the board."""
    if later is not None and earlier > later:
        earlier, later = later, earlier
        talk(_("The first date is the later one; they were swapped."))
    path, now = ready(context), now_ms()
    clock = ClockKind.KNOWN if is_known else ClockKind.AT
    progress = ProgressLine(_("Comparing, {done} of 3…"))
    with ExitStack() as stack:
        stack.callback(progress.end)
        before = stack.enter_context(as_of.AsOfBoard(path, Moment(earlier, clock)))
        progress(1)
        after = stack.enter_context(_board(path, later, clock))
        progress(2)
        found = list(
            history_text.diff_sections(as_of.differences(before, earlier, after, later or now))
        )
        progress.end()
        if wants_json():
            emit_json(
                {"since": zoned(earlier), "until": zoned(later or now)}
                | {part.name: [_as_data(one) for one in part.pitfalls] for part in found}
            )
        elif not for_people():
            emit_rows(_as_row(part.name, one) for part in found for one in part.pitfalls)
        else:
            emit(_lines(found, after.short_id, columns()))
    if not found:
        until = pgettext("Moment", "now") if later is None else vocabulary.moment(later)
        words = _(
            "Between {since} and {until} no pitfall is new, changed status, regressed, went quiet"
            " or left the board."
        )
        talk(words.format(since=vocabulary.moment(earlier), until=until))
        answer.advise(_("Ask for a longer time: “pitboard diff 4w”."))
        return output.NOTHING_FOUND
    return output.DONE


def _board(path: Path, at: int | None, clock: ClockKind) -> Board:
    return opened(path) if at is None else as_of.AsOfBoard(path, Moment(at, clock))


def _as_data(one: DiffRow) -> dict[str, Any]:
    return {
        "id": one.after.id,
        "title": read(one.after.title),
        "severity": one.after.severity,
        "component": read(one.after.component),
        "status_before": one.before and one.before.status,
        "status": one.after.status,
        "regressed": one.after.regressed,
        "last_seen": zoned(one.after.totals.last_seen),
    }


def _as_row(name: str, one: DiffRow) -> tuple[object, ...]:
    return (
        name,
        one.after.id,
        one.after.severity.value,
        one.before.status.value if one.before else "",
        one.after.status.value,
        read(one.after.component),
        read(one.after.title),
    )


def _lines(found: list[DiffSection], short_id: Callable[[str], str], cells: int) -> Iterator[str]:
    """A heading for each part, and a line for each pitfall, in at most so many cells."""
    for place, part in enumerate(found):
        if place:
            yield ""
        yield styled(f"{_(part.heading)} ({len(part.pitfalls)})", bold=True)
        for one in part.pitfalls:
            row = one.after
            head = f"  {short_id(row.id)}  {row.severity}  "
            tail = f"  {vocabulary.status_change(one.before, row)}"
            room = max(8, cells - width(head) - width(tail))
            yield f"{head}{cut(sanitize(read(row.title)), room)}{tail}"


_GAP: Final = "  "


@click.command(
    "versions",
    cls=ReadingVerb,
    examples=("pitboard versions --platform ios",),
    help=_(
        "Show which base library each app version has.\n\n"
        "It is computed from all occurrences on the board, for each host app and platform;"
        " the newest version comes first. A single occurrence that contradicts the others"
        " is marked: its base library is too old or too new. Piped, it writes one"
        " tab-separated line per pair: host app, app version, platform, base library, times"
        " seen, first seen, last seen, doubt."
    ),
)
@option("--platform", type=words(Platform), help=_("Only on this platform."))
@option("--host", type=words(Host), help=_("Only in this host app."))
@click.pass_context
def versions(context: click.Context, platform: str | None, host: str | None) -> int:
    """Show what runs where."""
    with reading(context) as board:
        runs = board.version_pairs.all(
            Host(host) if host else None, Platform(platform) if platform else None
        )
    doubts = version_pairs.contradicting(runs)
    if wants_json():
        emit_json(
            {"pairs": [_pair_as_data(run, doubts.get(place)) for place, run in enumerate(runs)]}
        )
    elif not for_people():
        emit_rows(_pair_as_row(run, doubts.get(place)) for place, run in enumerate(runs))
    elif runs:
        emit(_pair_table(runs, doubts, present(context), columns()))
    if not runs:
        talk(_("No occurrence says both an app version and a base library there."))
        answer.advise(_("Log both: “pitboard log ID --client-version 4.1.8 --lib 3.3.0”."))
    return output.DONE if runs else output.NOTHING_FOUND


def _pair_as_data(run: VersionPair, doubted: Contradiction | None) -> dict[str, Any]:
    return {
        "host": run.host,
        "client_version": run.client_version,
        "platform": run.platform,
        "base_library": run.base_library,
        "count": run.count,
        "first_seen": zoned(run.first_seen),
        "last_seen": zoned(run.last_seen),
        "doubt": doubted and doubted.doubt.value,
    }


def _pair_as_row(run: VersionPair, doubted: Contradiction | None) -> tuple[object, ...]:
    return (
        run.host or "",
        run.client_version,
        run.platform or "",
        run.base_library,
        run.count,
        iso(run.first_seen),
        iso(run.last_seen),
        doubted.doubt.value if doubted else "",
    )


def _pair_table(
    runs: Sequence[VersionPair], doubts: Mapping[int, Contradiction], now: int, cells: int
) -> Iterator[str]:
    """A heading, and a line for each run in at most so many cells."""
    widths = verdicts.widths_of(runs, now)
    yield styled(cut(verdicts.joined(verdicts.headings(), widths), cells), bold=True)
    for place, run in enumerate(runs):
        doubted = doubts.get(place)
        mark = _GAP + verdicts.doubt_word(doubted.doubt) if doubted else ""
        # What is marked has to be seen, whatever else has not the room.
        line = cut(verdicts.joined(verdicts.columns_of(run, now), widths), cells - width(mark))
        yield line + styled(mark, fg="yellow") if mark else line
