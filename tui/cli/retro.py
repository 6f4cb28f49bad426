"""The verb ``retro`` and those below it: ``note``, ``follow-ups`` and ``done``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from storage.errors import Refused
from storage.model.retro import SPRINT_WEEKS, ReportFormat
from storage.model.vocabulary import NoteKind
from storage.text.dates import now_ms
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import answer, format_of, option, output
from tui.cli.answer import answer_with, wants_json
from tui.cli.group import Verb, words_below
from tui.cli.input import Day, NumberBetween, PitfallId, WrongUse, read_stdin, text_of, words
from tui.cli.open_board import ReadingVerb, moment_of, reading, writing
from tui.cli.output import (
    ProgressLine,
    columns,
    emit,
    emit_json,
    emit_rows,
    for_people,
    sink,
    styled,
    talk,
)
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, language, read, say, translator
from tui.text.verbs import nearest

if TYPE_CHECKING:
    from click import shell_completion
    from click.shell_completion import CompletionItem

    from storage.exports import json_shapes
    from storage.model.clock import Moment
    from storage.model.records import RetroNote
    from storage.model.retro import Period, Release
    from storage.read.board import Board
    from storage.reports.retro import figures, formats, sections
    from storage.reports.retro.figures import Material
    from storage.retro import happened, periods, report
    from tui.cli import tables
    from tui.text import history as history_text
else:
    # Notes wait for nothing that counts, and help for nothing that a verb does.
    shell_completion = deferred("click.shell_completion")
    json_shapes = deferred("storage.exports.json_shapes")
    figures = deferred("storage.reports.retro.figures")
    formats = deferred("storage.reports.retro.formats")
    sections = deferred("storage.reports.retro.sections")
    happened = deferred("storage.retro.happened")
    periods = deferred("storage.retro.periods")
    report = deferred("storage.retro.report")
    tables = deferred("tui.cli.tables")
    history_text = deferred("tui.text.history")

#: What is shown at a terminal; the rest is for a report.
_SHOWN: Final = ("figures", "frequent", "expensive", "regressions", "waits", "due")


class PeriodWord(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """A period as people call it; what it means depends on the day and on the board."""

    name = "period"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The verbs below ``retro``, the periods that now is in, and those before them."""
        named = [
            shell_completion.CompletionItem(f"{which}-{sort}")
            for sort in ("week", "sprint", "month", "quarter")
            for which in ("last", "this")
            if f"{which}-{sort}".startswith(incomplete)
        ]
        return [*words_below("retro", incomplete), *named]


@click.command(
    "retro",
    cls=Verb,
    examples=(
        "pitboard retro",
        "pitboard retro 2026-Q3 --output retro.html",
        "pitboard retro --sprint 2 --format json",
    ),
    help=_(
        "Show the figures of a week, sprint or other period.\n\n"
        "PERIOD is last-week (the default), this-month, last-sprint and so on, 2026-W48,"
        " 2026-11, 2026-Q4, 2026-11-01..2026-11-15, 2w, or an app version: the time while"
        " it was the newest one seen. Days are those of the board's time zone. A report is a"
        " page (html), Markdown (md), JSON or a CSV table; the same record and period give the"
        " same bytes."
        " Without --format it shows the most important figures. Piped, it writes one"
        " tab-separated line per number: section, figure, of what, unit, value, value"
        " before."
    ),
)
@click.argument("period", metavar="[PERIOD]", required=False, type=PeriodWord())
@option("--since", metavar="DATE", type=Day(), help=_("From this day on."))
@option(
    "--until", metavar="DATE", type=Day(last=True), help=_("Up to this day; the default is today.")
)
@option(
    "--sprint",
    "weeks",
    metavar="WEEKS",
    type=NumberBetween(SPRINT_WEEKS.start, SPRINT_WEEKS.stop - 1),
    help=_("Weeks in a sprint; without a PERIOD, show the last whole sprint."),
)
@option(
    "--format",
    "form",
    type=click.Choice([form.value for form in ReportFormat]),
    help=_("The format."),
)
@option(
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("Write to FILE; its ending gives the format."),
)
@option("--force", is_flag=True, help=_("Overwrite FILE."))
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
    written_as = ReportFormat(form) if form else None
    if written_as is None and target is not None:
        written_as = format_of(target, formats.FORMAT_OF_ENDING, ReportFormat.MARKDOWN)
    to_stdout = target is None or str(target) == "-"
    if wants_json() and to_stdout and form not in (None, ReportFormat.JSON.value):
        raise WrongUse(_("--json writes JSON; name a file for another format: --output FILE."))
    now = now_ms()
    with reading(context) as board, report.RetroReport.open(board.path) as looking:
        meant = _meant(period, since, until, weeks, now, looking.releases())
        progress = ProgressLine(_("Looking back: {done} %"))
        try:
            looked = looking.look_back(meant, now, lambda done, of: progress(100 * done // of))
        finally:
            progress.end()
        material = figures.gather(
            board,
            looked,
            translator(),
            lambda one: history_text.happened_words(one, board.short_id),
        )
        if wants_json() and to_stdout:
            emit_json(formats.document(material))
        elif written_as is not None:
            answer_with(file=str(target), format=written_as.value)
            with sink(target, board.path, force=force) as put:
                # Excel on Windows reads a file as UTF-8 if it begins with a byte-order mark.
                is_table = written_as is ReportFormat.CSV and not to_stdout
                encoding = "utf-8-sig" if is_table else "utf-8"
                put(formats.write(material, written_as).encode(encoding))
        elif for_people():
            emit(_for_people(material, columns()))
        else:
            emit_rows(
                ["" if value is None else value for value in number]
                for number in formats.numbers(material)
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
        WrongUse: if it was asked for in two ways, or is none.
    """
    if since is None and until is not None:
        raise WrongUse(_("From which day on? Say it with --since."))
    if since is not None:
        if period is not None or weeks is not None:
            raise WrongUse(_("Name a period, or say --since; not both."))
        period = f"{since}..{until or ''}"
    try:
        asked = period or ("last-week" if weeks is None else "last-sprint")
        return periods.parse(asked, now, weeks or periods.USUAL_SPRINT, releases)
    except Refused as error:
        wrong = WrongUse(say(error))
        # Somebody may have meant a verb below this one.
        if (verb := nearest(f"retro {period}")) and verb != "retro":
            wrong.add_note(_("Did you mean {name!r}?").format(name=verb))
        raise wrong from error


def _for_people(material: Material, cells: int) -> Iterator[str]:
    """The most important of a report, in lines of at most so many cells."""
    document = sections.document_of(material)
    yield styled(cut(document.title, cells), bold=True)
    for line in document.lead:
        yield from tables.paragraph_lines(line, cells)
    for section in document.sections:
        if section.key in _SHOWN:
            yield ""
            yield from tables.section_lines(section, cells)


# The verbs for notes of a retro: retro note, retro follow-ups, retro done


#: As many digits of an id as tell notes apart, and as people like to type.
_ID: Final = 8
_LONGEST_OWNER: Final = 16
_GAP: Final = "  "


@click.command(
    "retro note",
    cls=Verb,
    examples=('pitboard retro note "Ask the vendor" --kind follow-up --owner Lin',),
    help=_(
        "Add a note, a decision or a follow-up.\n\n"
        "A follow-up comes up again, here and in the next retro, until “pitboard retro"
        " done” marks it as done."
    ),
)
@click.argument("text", metavar="TEXT|-")
@option("--kind", type=words(NoteKind), default=NoteKind.NOTE.value, help=_("The kind of note."))
@option("--owner", metavar="NAME", default="", help=_("The person who does it."))
@option(
    "--due", metavar="DATE", type=Day(is_due=True), help=_("The day by which it is to be done.")
)
@option(
    "--pitfall",
    "prefix",
    metavar="ID",
    type=PitfallId(),
    help=_("The pitfall to which it belongs."),
)
@click.pass_context
def note(
    context: click.Context, text: str, kind: str, owner: str, due: str | None, prefix: str | None
) -> None:
    """Note something."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix) if prefix is not None else ""
        noted = store.retro.note(
            text_of(text) or "", sort=kind, owner=owner, due=due or "", pitfall=pitfall
        )
    if for_people():
        talk(_("Noted {id}.").format(id=noted[:_ID]))
    else:
        emit([noted])


@click.command(
    "retro follow-ups",
    cls=ReadingVerb,
    examples=("pitboard retro follow-ups --all",),
    help=_(
        "List the follow-ups that are not done.\n\n"
        "The earliest due date comes first. Piped, it writes one tab-separated line per"
        " follow-up: id, due, done on, owner, pitfall, text."
    ),
)
@option("--all", "with_done", is_flag=True, help=_("List those that are done, too."))
@click.pass_context
def follow_ups(context: click.Context, with_done: bool) -> int:
    """List follow-ups."""
    with reading(context) as board:
        everything = _follow_ups(board.path, moment_of(context))
        found = [one for one in everything if with_done or not one.done_on]
        if wants_json():
            emit_json({"follow_ups": [json_shapes.as_note(one, language()) for one in found]})
        elif not for_people():
            emit_rows(
                (one.id, one.due, one.done_on, one.owner, one.pitfall, read(one.text))
                for one in found
            )
        elif found:
            emit(_table(found, board, columns()))
    if not found:
        talk(_("There is nothing left to follow up. Well done."))
        answer.advise(_("“pitboard retro note TEXT --kind follow-up” adds one."))
    return output.DONE if found else output.NOTHING_FOUND


def _follow_ups(path: Path, moment: Moment | None) -> tuple[RetroNote, ...]:
    if moment is not None:
        # Loaded here, since it folds events and so needs pydantic.
        from storage.as_of.refold import follow_ups_at

        return follow_ups_at(path, moment)
    with happened.RetroNoteReader.open(path) as notes:
        return notes.follow_ups()


@click.command(
    "retro done",
    cls=Verb,
    examples=("pitboard retro done 3f1c",),
    help=_(
        "Mark follow-ups as done.\n\n"
        "NOTE is the beginning of an id, which “pitboard retro follow-ups” shows. Several"
        " may be given; - reads them from stdin."
    ),
)
@click.argument("prefixes", metavar="NOTE…|-", nargs=-1, required=True)
@option("--at", "done_on", metavar="DATE", type=Day(), help=_("The day; the default is today."))
@click.pass_context
def done(context: click.Context, prefixes: tuple[str, ...], done_on: str | None) -> None:
    """Say that follow-ups are done."""
    with writing(context) as (store, board), happened.RetroNoteReader.open(board.path) as notes:
        named = [one for prefix in prefixes for one in _named(prefix)]
        meant = {one.id: one for one in map(notes.note, named)}
        store.retro.finish(list(meant), done_on=done_on or "")
        for one in meant.values():
            talk(_("Done: {text}").format(text=cut(sanitize(read(one.text)), 60)))


def _named(prefix: str) -> list[str]:
    if prefix != "-":
        return [prefix]
    ids = [line.split(maxsplit=1)[0] for line in read_stdin().splitlines() if line.strip()]
    if not ids:
        raise WrongUse(_("No ids came on stdin."))
    return ids


def _table(found: Sequence[RetroNote], board: Board, cells: int) -> Iterator[str]:
    """A line for each: id, due, owner, and as much of the text as there is room for."""
    owners = [cut(sanitize(one.owner), _LONGEST_OWNER) or "–" for one in found]
    wide = max(map(width, (*owners, _("OWNER"))))
    head = _GAP.join((fit(_("ID"), _ID), fit(_("DUE"), 10), fit(_("OWNER"), wide), _("FOLLOW-UP")))
    yield styled(cut(head, cells), bold=True)
    for one, owner in zip(found, owners, strict=True):
        about = f"{board.short_id(one.pitfall)}  " if one.pitfall else ""
        ticked = f"✓ {one.done_on}  " if one.done_on else ""
        text = f"{ticked}{about}{sanitize(read(one.text))}"
        line = _GAP.join((one.id[:_ID], fit(sanitize(one.due) or "–", 10), fit(owner, wide), text))
        yield styled(cut(line, cells), dim=True) if one.done_on else cut(line, cells)
