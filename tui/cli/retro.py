"""The verb ``retro``: a period's figures for who asks, and a report for who was not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

from storage.errors import Refused
from storage.model.retro import Happened, Period, Release
from storage.reports.retro import Form, Material, gather, write
from storage.retro.periods import SPRINT_WEEKS, USUAL_SPRINT, parse
from storage.retro.report import Retrospect
from storage.retro.timeline import REGRESSION
from tui.cli.group import Verb
from tui.cli.open_board import reading
from tui.cli.output import columns, emit, emit_rows, for_people, sink, styled, talk
from tui.cli.parameters import Day
from tui.cli.progress import Progress
from tui.cli.prompts import Wrong
from tui.text.cells import cut
from tui.text.history import change
from tui.text.i18n import _, language, say

_FORM_OF_ENDING: Final = {".md": Form.MARKDOWN, ".htm": Form.PAGE} | {
    f".{form.value}": form for form in Form
}
#: What is shown at a terminal; the rest is for a report.
_SHOWN: Final = ("figures", "frequent", "expensive", "regressions", "waits", "due")


class PeriodWord(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """A period as people call it; what it means depends on the day and on the board."""

    name = "period"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The periods that now is in, and those before them."""
        return [
            CompletionItem(f"{which}-{sort}")
            for sort in ("week", "sprint", "month", "quarter")
            for which in ("last", "this")
            if f"{which}-{sort}".startswith(incomplete)
        ]


@click.command(
    "retro",
    cls=Verb,
    help=_(
        "Look back over a period: its figures, beside those before.\n\n"
        "PERIOD is last-week (as if nothing is said), this-month, last-sprint and so on, 2026-W48,"
        " 2026-11, 2026-Q4, 2026-11-01..2026-11-15, 2w, or a client version: while it was the"
        " newest one seen. Its days are days in UTC. A report is a page (html), Markdown (md),"
        " JSON or a CSV table; the same record and period give the same bytes. Without --format"
        " it shows the most important of it; piped, it writes a line for each number: section,"
        " figure, of what, unit, value, value before; between them tabs."
    ),
)
@click.argument("period", metavar="[PERIOD]", required=False, type=PeriodWord())
@click.option("--since", metavar="DATE", type=Day(), help=_("From this day on."))
@click.option("--until", metavar="DATE", type=Day(), help=_("Up to this day; else until today."))
@click.option(
    "--sprint",
    "weeks",
    metavar="WEEKS",
    type=click.IntRange(SPRINT_WEEKS.start, SPRINT_WEEKS.stop - 1),
    help=_("A sprint takes so many weeks; without a PERIOD, the last whole one."),
)
@click.option(
    "--format", "form", type=click.Choice([form.value for form in Form]), help=_("What to write.")
)
@click.option(
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("Write to FILE, in the format that its ending tells."),
)
@click.option("--force", is_flag=True, help=_("Write over FILE if there is one."))
@click.pass_context
def retro(
    context: click.Context,
    period: str | None,
    since: str | None,
    until: str | None,
    weeks: int | None,
    form: str | None,
    target: Path | None,
    force: bool,
) -> None:
    """Look back over a period."""
    written_as = Form(form) if form else _form_of(target)
    now = time.time_ns() // 1_000_000
    with reading(context) as board, Retrospect.open(board.path) as looking:
        meant = _meant(period, since, until, weeks, now, looking.releases())
        progress = Progress(_("Looking back: {done} %"))
        try:
            looked = looking.look_back(meant, now, lambda done, of: progress(100 * done // of))
        finally:
            progress.end()
        material = gather(board, looked, language(), lambda one: _told(one, board.short_id))
        if written_as is not None:
            with sink(target, board.path, force=force) as put:
                put(write(material, written_as).encode())
        elif for_people():
            emit(_for_people(material, columns()))
        else:
            from storage.reports.retro.csv_rows import numbers

            emit_rows(
                ["" if value is None else value for value in number] for number in numbers(material)
            )
    if target is not None and str(target) != "-":
        talk(_("Written to {path}.").format(path=target))


def _meant(
    period: str | None,
    since: str | None,
    until: str | None,
    weeks: int | None,
    now: int,
    releases: Sequence[Release],
) -> Period:
    """The period that was asked for.

    Raises:
        Wrong: if it was asked for in two ways, or is none.
    """
    if since is None and until is not None:
        raise Wrong(_("From which day on? Say it with --since."))
    if since is not None:
        if period is not None or weeks is not None:
            raise Wrong(_("Name a period, or say --since; not both."))
        period = f"{since}..{until or ''}"
    try:
        asked = period or ("last-week" if weeks is None else "last-sprint")
        return parse(asked, now, weeks or USUAL_SPRINT, releases)
    except Refused as error:
        raise Wrong(say(error)) from error


def _told(one: Happened, short_id: Callable[[str], str]) -> str:
    """A line of the timeline in words."""
    if one.what == REGRESSION:
        return _("saw it where it should be fixed")
    return change(one.as_line(), short_id).whole


def _form_of(target: Path | None) -> Form | None:
    """The form of a file by its ending; Markdown if that tells none."""
    if target is None:
        return None
    return _FORM_OF_ENDING.get(target.suffix.lower(), Form.MARKDOWN)


def _for_people(material: Material, cells: int) -> Iterator[str]:
    """The most important of a report, in lines of at most so many cells."""
    # Loaded here, since what is piped needs no document.
    from storage.reports.retro.report import report
    from tui.cli.retro_terminal import paragraph_lines, section_lines

    document = report(material)
    yield styled(cut(document.title, cells), bold=True)
    for said in document.lead:
        yield from paragraph_lines(said, cells)
    for section in document.sections:
        if section.key in _SHOWN:
            yield ""
            yield from section_lines(section, cells)
