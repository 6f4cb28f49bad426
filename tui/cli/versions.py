"""The verbs ``versions``, which base library runs where, and ``bug-report`` for the vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click

from storage.model.version_pairs import Contradiction, VersionPair, contradicting
from storage.model.vocabulary import Host, Platform
from storage.reports.bug_report import bug_report
from storage.text.dates import iso
from tui.cli import output
from tui.cli.input import PitfallId, json_option, words
from tui.cli.open_board import ReadingVerb, present, reading
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, styled, talk
from tui.text.cells import cut, width
from tui.text.i18n import _, listed, translator
from tui.text.verdicts import columns_of, doubt_word, headings, joined, widths_of
from tui.text.vocabulary import day

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
@click.option("--platform", type=words(Platform), help=_("Only on this platform."))
@click.option("--host", type=words(Host), help=_("Only in this host app."))
@json_option
@click.pass_context
def versions(context: click.Context, platform: str | None, host: str | None, as_data: bool) -> int:
    """Show what runs where."""
    with reading(context) as board:
        runs = board.version_pairs.all(
            Host(host) if host else None, Platform(platform) if platform else None
        )
    doubts = contradicting(runs)
    if as_data:
        emit_json([_as_data(run, doubts.get(place)) for place, run in enumerate(runs)])
    elif not for_people():
        emit_rows(_as_row(run, doubts.get(place)) for place, run in enumerate(runs))
    elif runs:
        emit(_table(runs, doubts, present(context), columns()))
    if not runs:
        talk(_("No occurrence says both an app version and a base library there."))
    return output.DONE if runs else output.NOTHING_FOUND


def _as_data(run: VersionPair, doubted: Contradiction | None) -> dict[str, Any]:
    return {
        "host": run.host,
        "client_version": run.client_version,
        "platform": run.platform,
        "base_library": run.base_library,
        "count": run.count,
        "first_seen": iso(run.first_seen),
        "last_seen": iso(run.last_seen),
        "doubt": doubted and doubted.doubt.value,
    }


def _as_row(run: VersionPair, doubted: Contradiction | None) -> tuple[object, ...]:
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


def _table(
    runs: Sequence[VersionPair], doubts: Mapping[int, Contradiction], now: int, cells: int
) -> Iterator[str]:
    """A heading, and a line for each run in at most so many cells."""
    widths = widths_of(runs, now)
    yield styled(cut(joined(headings(), widths), cells), bold=True)
    for place, run in enumerate(runs):
        doubted = doubts.get(place)
        mark = _GAP + doubt_word(doubted.doubt) if doubted else ""
        # What is marked has to be seen, whatever else has not the room.
        line = cut(joined(columns_of(run, now), widths), cells - width(mark))
        yield line + styled(mark, fg="yellow") if mark else line


# The bug report of a pitfall, for the vendor


@click.command(
    "bug-report",
    cls=ReadingVerb,
    examples=("pitboard bug-report 867d", "pitboard bug-report 867d --lang zh"),
    help=_(
        "Write a bug report for the vendor's community.\n\n"
        "It writes Markdown with the fields of the community's form, in English or Chinese"
        " (--lang zh). What the record lacks is listed on stderr."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.pass_context
def write_report(context: click.Context, prefix: str) -> None:
    """Write a bug report."""
    with reading(context) as board:
        written = bug_report(board, board.resolve(prefix), translator(), day)
    if written.missing:
        talk(
            _("The vendor will ask for what is missing: {what}").format(
                what=listed(written.missing)
            )
        )
    emit(written.text.removesuffix("\n").split("\n"))
