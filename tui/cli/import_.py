"""The verb ``import``: notes, lists of issues, or events from another board."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, cast

import click

from storage.errors import Refused
from storage.model.records import THE_BOARD
from tui import deferred
from tui.cli import option, output
from tui.cli.answer import wants_json
from tui.cli.group import Verb
from tui.cli.input import WrongUse, confirm, is_interactive
from tui.cli.open_board import existing, open_store
from tui.cli.output import ProgressLine, columns, emit, emit_json, emit_rows, for_people, talk
from tui.text.i18n import _, ngettext, say

if TYPE_CHECKING:
    import shutil
    import tempfile

    from storage.imports import importer, sources
    from storage.write.store import Store
    from tui.text import importing
else:
    # Only stdin is copied.
    shutil = deferred("shutil")
    tempfile = deferred("tempfile")
    importer = deferred("storage.imports.importer")
    sources = deferred("storage.imports.sources")
    importing = deferred("tui.text.importing")

_FORMS: Final = ("notes", "json", "csv", "events")
#: How many of the lines that are set aside are named, and of the pitfalls that will come.
_NAMED_AT_MOST: Final = 20
_SHOWN_AT_MOST: Final = 40


class _ReadableFile(click.File):
    """A file to be read, or why it can't be, in the reader's language."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> IO[Any]:
        """The open file."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            why = error.__context__
            if isinstance(why, OSError):
                name = click.format_filename(value)
                self.fail(f"'{name}': {_(why.strerror or str(why))}", param, ctx)
            raise


@click.command(
    "import",
    cls=Verb,
    examples=("pitboard import issues.csv --dry-run", "pitboard import note.md --yes"),
    help=_(
        "Import notes, issue lists or events.\n\n"
        "Notes in Markdown: each section that reports a problem becomes a pitfall in the"
        " inbox. Lists in JSON or CSV: each entry becomes one. Events: what “pitboard"
        " export” wrote on another board. The format of FILE is detected; - is stdin.\n\n"
        "Importing the same file again imports only what changed. What can't be read is"
        " named with its line, the rest is imported, and the exit code is 5; it is 3 if there"
        " is no rest."
    ),
)
@option(
    "--as",
    "form",
    type=click.Choice(_FORMS),
    help=_("The format of FILE; the default is to detect it."),
)
@option(
    "--map",
    "maps",
    metavar=_("FIELD=COLUMN"),
    multiple=True,
    help=_(
        "Of a list: the column of a field, as in title=Summary, notes=Description+Steps,"
        " severity=Priority:High=S1,Low=S4; tags= uses none."
    ),
)
@option(
    "--source",
    "name",
    metavar=_("NAME"),
    default="",
    help=_("A name by which FILE is recognised when it is imported again."),
)
@option("--yes", "-y", is_flag=True, help=_("Do not ask."))
@option("--dry-run", is_flag=True, help=_("Show what would be imported, and change nothing."))
@click.argument("source", metavar="FILE|-", type=_ReadableFile("rb"))
@click.pass_context
def import_(
    context: click.Context,
    form: str | None,
    maps: Sequence[str],
    name: str,
    yes: bool,
    dry_run: bool,
    source: BinaryIO,
) -> int:
    """Bring in what is in a file."""
    board = existing(context)
    file = "" if source is sys.stdin.buffer else Path(source.name).name
    with _held(source) as stream:
        found = sources.SourceFormat(form) if form else sources.form_of(stream, file)
        if maps and found not in (sources.SourceFormat.JSON, sources.SourceFormat.CSV):
            raise WrongUse(_("--map is for lists in JSON or CSV."))
        if found is sources.SourceFormat.EVENTS:
            return _take_events(board, stream, dry_run=dry_run)
        try:
            items = sources.incoming(
                stream,
                found,
                board,
                file=file,
                day=importing.day_of(Path(source.name)) if file else "",
                asked=maps,
                name=name,
            )
        except Refused as error:
            if error.field == "map":
                raise WrongUse(f"--map: {say(error)}") from error
            raise
        if wants_json():
            return _write_data(board, items, dry=dry_run)
        return _bring_in(board, items, found, ask=is_interactive() and not yes, dry=dry_run)


@contextmanager
def _held(source: BinaryIO) -> Iterator[BinaryIO]:
    """A file that can be read again from its beginning; what comes by a pipe is copied first."""
    if source.seekable():
        yield source
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(source, copy)
        copy.seek(0)
        yield cast("BinaryIO", copy)


def _code(set_aside: int, read: int) -> int:
    """The exit code, by how much was set aside and how much could be read."""
    if not set_aside:
        return output.DONE
    return output.PARTIAL if read else output.REFUSED


# Notes and lists


def _bring_in(
    board: Path, items: sources.ImportSource, form: sources.SourceFormat, *, ask: bool, dry: bool
) -> int:
    # Of a list nobody waits for two readings, unless somebody looks at the first.
    if ask or dry or form is sources.SourceFormat.NOTES:
        tally = _look(board, items, dry=dry)
        if dry or not (tally.new or tally.changed):
            _tell_refusals(tally)
            if not dry:
                talk(_("There is nothing new in it."))
            return _code(tally.set_aside, tally.proposals)
        if ask:
            _tell_refusals(tally)
            confirm(_("Import this?"), default=True, abort=True)
    else:
        _tell_remarks(items)
    announced = items.columns
    progress = ProgressLine(_("{done} entries …"))
    with _collecting(board) as store:
        tally = importer.import_items(store.session, items.arriving(), progress)
        progress.end()
    if not ask:
        _tell_refusals(tally)
    if announced is not None and items.columns is not None:
        later = tuple(name for name in items.columns.unused if name not in announced.unused)
        for line in importing.not_taken(later):
            talk(line)
    talk(importing.done(tally))
    for line in importing.by_section(items, columns()):
        talk(line)
    return _code(tally.set_aside, tally.proposals)


def _write_data(board: Path, items: sources.ImportSource, *, dry: bool) -> int:
    """Import, or look only, and write what came of it as JSON."""
    found: list[dict[str, object]] = []
    tally = importer.preview(board, items.arriving(), each=lambda one: found.append(_as_data(one)))
    if not dry and (tally.new or tally.changed):
        store = open_store(board)
        try:
            tally = importer.import_items(store.session, items.arriving())
        finally:
            store.close()
    columns_of = items.columns
    emit_json(
        {
            "source": items.name,
            "day": items.day,
            "format": items.form.value,
            "dry_run": dry,
            "new": tally.new,
            "changed": tally.changed,
            "same": tally.same,
            "pitfalls": found,
            "sections": [
                {
                    "line": one.line,
                    "level": one.level,
                    "heading": one.heading,
                    "taken": list(one.taken),
                    "left_out": [part.line for part in one.left_out],
                }
                for one in items.sections
            ],
            "left_out": [part._asdict() for part in items.left_out],
            "unused_columns": list(columns_of.unused) if columns_of is not None else [],
            "refused": [{"line": one.line, "why": say(one.why)} for one in tally.refused],
        }
    )
    return _code(tally.set_aside, tally.proposals)


def _as_data(one: importer.PreviewedItem) -> dict[str, object]:
    item = one.proposal
    return {
        "state": one.state.value,
        "id": item.pitfall,
        "line": item.line,
        "title": item.title,
        "component": item.component,
        "kind": item.kind.value,
        "severity": item.severity.value,
        "status": item.status_on_board.value,
        "solved": item.solved,
        "fixed_in": {"axis": item.fixed_in.axis.value, "version": item.fixed_in.version}
        if item.fixed_in
        else None,
        "environment": {
            name: value for name, value in item.environment._asdict().items() if value is not None
        },
        "workaround": item.workaround,
        "reproduction": item.reproduction,
        "signatures": list(item.signatures),
        "refused_signatures": [{"text": text, "why": why.value} for text, why in item.vague],
        "links": [link._asdict() for link in item.links],
        "loose_links": [link._asdict() for link in item.loose],
        "tags": list(item.tags),
        "assignee": item.assignee or None,
        "due": item.due or None,
        "ticket": item.ticket or None,
    }


def _look(board: Path, items: sources.ImportSource, *, dry: bool) -> importer.ImportTally:
    """What would come; shown to a person, or written out for a script that asks for no more."""
    progress = ProgressLine(_("{done} entries …"))
    to_script = dry and not for_people()

    def write(one: importer.PreviewedItem) -> None:
        proposal = one.proposal
        emit_rows(
            [
                (
                    one.state.value,
                    proposal.pitfall,
                    proposal.title,
                    proposal.component,
                    proposal.kind.value,
                    proposal.severity.value,
                    len(proposal.signatures),
                    len(proposal.links),
                )
            ]
        )

    tally = importer.preview(board, items.arriving(), progress, write if to_script else None)
    progress.end()
    talk(importing.heading(items, tally))
    shown = [] if to_script else importing.lines(tally, columns(), _SHOWN_AT_MOST)
    if dry:
        emit(shown)
    else:
        for line in shown:
            talk(line)
    _tell_remarks(items)
    return tally


def _tell_remarks(items: sources.ImportSource) -> None:
    for line in importing.remarks(items):
        talk(line)
    # A terminal shows how each part begins; what is kept in a file holds all of it.
    for line in importing.left_out(items, columns() if sys.stderr.isatty() else None):
        talk(line)


def _tell_refusals(tally: importer.ImportTally) -> None:
    for line in importing.refusals(tally, _NAMED_AT_MOST):
        talk(line)


@contextmanager
def _collecting(board: Path, *, tells: bool = True) -> Iterator[Store]:
    """The store; a script gets the ids of what was touched, even if the end is never reached."""
    touched: set[str] = set()
    store = open_store(board)
    output.work_comes_first(lambda: store.session.has_written)
    store.subscribe(touched.update)
    try:
        yield store
    except KeyboardInterrupt:
        if not touched:
            raise
        # Below the ^C that the terminal shows.
        talk("\n" + _("Stopped; what came before is kept, and importing again goes on from there."))
        raise click.exceptions.Exit(output.INTERRUPTED) from None
    finally:
        store.close()
        if tells and not for_people():
            emit(sorted(touched - {THE_BOARD}))


# Events


def _take_events(board: Path, stream: BinaryIO, *, dry_run: bool) -> int:
    lines = _counted(importer.read_lines(stream))
    if dry_run:
        report = importer.preview_events(board, lines)
        words = ngettext(
            "{added} event is new, and {known} are known; nothing was changed.",
            "{added} events are new, and {known} are known; nothing was changed.",
            report.added,
        )
        message = words.format(added=report.added, known=report.known)
    else:
        pitfalls: set[str] = set()
        with _collecting(board, tells=not wants_json()) as store:
            store.subscribe(pitfalls.update)
            report = importer.import_events(store.session, lines)
        words = ngettext(
            "{added} new event came in, on {pitfalls} pitfalls; {known} were known.",
            "{added} new events came in, on {pitfalls} pitfalls; {known} were known.",
            report.added,
        )
        message = words.format(added=report.added, pitfalls=len(pitfalls), known=report.known)
    if wants_json():
        refused = [{"line": line, "why": say(why)} for line, why in report.refused]
        emit_json(
            {
                "format": sources.SourceFormat.EVENTS.value,
                "dry_run": dry_run,
                "added": report.added,
                "known": report.known,
                "refused": refused,
            }
        )
        return _code(report.set_aside, report.added + report.known)
    _tell_set_aside(report)
    if not (report.added or report.known or report.set_aside):
        message = _("There is nothing new in it.")
    talk(message)
    if report.quarantined:
        talk(
            ngettext(
                "{n} of them is quarantined: “pitboard members quarantine” says why.",
                "{n} of them are quarantined: “pitboard members quarantine” says why.",
                report.quarantined,
            ).format(n=report.quarantined)
        )
    return _code(report.set_aside, report.added + report.known)


def _counted(lines: Iterable[bytes]) -> Iterator[bytes]:
    progress = ProgressLine(_("{done} events …"))
    for number, line in enumerate(lines, 1):
        progress(number)
        yield line
    progress.end()


def _tell_set_aside(report: importer.ImportReport) -> None:
    for number, why in report.refused[:_NAMED_AT_MOST]:
        talk(_("Line {number} was set aside: {why}").format(number=number, why=say(why)))
    if report.set_aside > _NAMED_AT_MOST:
        talk(_("And {count} more of the same.").format(count=report.set_aside - _NAMED_AT_MOST))
