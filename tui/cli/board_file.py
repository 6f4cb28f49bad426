"""The verbs about the board's file: ``init``, ``doctor``, ``recover``, ``export``, ``backup``."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

import seeds
from storage.db.backup import back_up
from storage.read.names import person
from storage.text.sanitize import sanitize
from storage.write.board_file import look
from tui.cli import answer, format_of, option, output
from tui.cli.answer import answer_with, wants_json
from tui.cli.group import Verb, board_path
from tui.cli.input import WrongUse, confirm, is_interactive
from tui.cli.open_board import (
    ReadingVerb,
    configured_name,
    existing,
    moment_of,
    open_store,
    reading,
    store_class,
)
from tui.cli.output import ProgressLine, emit, emit_json, emit_path, for_people, sink, talk
from tui.text.i18n import _, labelled, language, ngettext, sentences

if TYPE_CHECKING:
    from storage.check import Finding, Report
    from storage.check.recover import Recovered


@click.command(
    "doctor",
    cls=Verb,
    examples=("pitboard doctor",),
    help=_(
        "Check the board for damage.\n\n"
        "It checks the file, the events, and that the tables agree with the events. The"
        " exit code is 3 if something is damaged."
    ),
)
@option("--rebuild", is_flag=True, help=_("Rebuild the tables from the events first."))
@option(
    "--reset-clock",
    is_flag=True,
    help=_("Turn back the clock of a board that is ahead of this machine's."),
)
@click.pass_context
def doctor(context: click.Context, rebuild: bool, reset_clock: bool) -> int:
    """Look the board over."""
    # Loaded here and below, since both read events, and “pitboard path” waits for none of it.
    from storage.check import check

    path = existing(context)
    progress = ProgressLine(_("{done} events …"))
    if rebuild and look(path):
        _rebuild(path, progress)
    if reset_clock:
        # Loaded here, since only this writes anything; see above.
        from storage.sharing.members import reset_clock as turn_back

        store = open_store(path)
        try:
            reset = turn_back(store.session)
        finally:
            store.close()
        talk(
            _(
                "The clock was turned back: {rewritten} events of this board were written again"
                " with the present time, {quarantined} of others wait for theirs."
            ).format(rewritten=reset.rewritten, quarantined=reset.quarantined)
        )
    report = check(path, progress=progress)
    progress.end()
    if wants_json():
        emit_json(
            {
                "sound": report.sound,
                "record_whole": report.is_record_whole,
                "events": report.events,
                "pitfalls": report.pitfalls,
                "occurrences": report.occurrences,
                "time_zone": report.time_zone,
                "findings": [
                    {"severity": finding.severity, "message": _said(finding)}
                    for finding in report.findings
                ],
            }
        )
    else:
        emit(f"{'·' if one.severity == 'note' else '✗'} {_said(one)}" for one in report.findings)
        counts = _("{events} events, {pitfalls} pitfalls, {occurrences} occurrences").format(
            events=report.events, pitfalls=report.pitfalls, occurrences=report.occurrences
        )
        emit([labelled(_state_of(report), counts)])
        if report.time_zone:
            zone = _("Days are those of the time zone {zone}.")
            emit([f"· {zone.format(zone=sanitize(report.time_zone))}"])
    if not report.sound and report.is_record_whole:
        talk(
            _(
                "Every event is as it was written, so nothing is lost: only tables that are"
                " computed from them were changed, as another program does that writes to the file."
            )
        )
        if is_interactive() and confirm(_("Compute the tables again?"), default=True):
            _rebuild(path, progress)
            return output.DONE
    return output.DONE if report.sound else output.REFUSED


def _rebuild(path: Path, progress: ProgressLine) -> None:
    with closing(open_store(path)) as store:
        done = store.rebuild(progress)
        progress.end()
    talk(_("The board was computed anew from {count} events.").format(count=done))


def _state_of(report: Report) -> str:
    """How a board is, in a word or two."""
    if report.sound:
        return f"✔ {_('sound')}"
    return f"✗ {_('tables differ')}" if report.is_record_whole else f"✗ {_('damaged')}"


def _said(finding: Finding) -> str:
    return sanitize(sentences(finding.message, finding.advice, finding.values))


# The verb that builds a new board from what is left of a damaged one


@click.command(
    "recover",
    cls=Verb,
    examples=("pitboard recover new.db --from copy.db",),
    help=_(
        "Recover a damaged board into a new file.\n\n"
        "FILE is the new board. Every event is verified by its id; missing ones are taken"
        " from backups, event files and the journals of sharing. The damaged file is only"
        " read. The exit code is 1 if something is or may be missing."
    ),
)
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@option(
    "--from",
    "others",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A backup, a colleague's board, or a file of events; may be given several times."),
)
@option(
    "--without",
    metavar="STORE",
    multiple=True,
    help=_("Leave out a store, by eight or more characters of its name; repeatable."),
)
@click.pass_context
def recover(
    context: click.Context, target: Path, others: tuple[Path, ...], without: tuple[str, ...]
) -> int:
    """Recover a board."""
    # Loaded here, since it reads events; see ``doctor``.
    from storage.check.recover import recover as build

    for name in without:
        if not re.fullmatch("[0-9a-f]{8,32}", name):
            raise WrongUse(
                _("“{name}” is not a store: “pitboard members” lists them.").format(name=name)
            )
    progress = ProgressLine()
    recovered = build(
        board_path(context),
        target,
        others,
        without=without,
        who=person(configured_name()),
        catalogue=seeds.lines,
        edition=seeds.EDITION,
        progress=lambda name, done: progress.say(
            _("{name}: {done} events …").format(name=sanitize(name), done=done)
        ),
    )
    progress.end()
    output.work_comes_first(lambda: True)
    if wants_json():
        emit_json(_as_data(recovered, target))
        answer.advise(_("A backup or a colleague's board may hold it: add it with --from."))
        return output.DONE if recovered.complete else output.NOTHING_FOUND
    _tell_recovered(recovered, target)
    emit([sanitize(str(target)) if for_people() else str(target)])
    return output.DONE if recovered.complete else output.NOTHING_FOUND


def _as_data(recovered: Recovered, target: Path) -> dict[str, object]:
    return {
        "file": str(target),
        "sources": [one._asdict() for one in recovered.sources],
        "gaps": [gap._asdict() for gap in recovered.gaps],
        "missing_attachments": recovered.missing_contents,
        "ignored": list(recovered.ignored),
        "was_whole": recovered.whole,
        "complete": recovered.complete,
    }


def _tell_recovered(recovered: Recovered, target: Path) -> None:
    for one in recovered.sources:
        words = ngettext(
            "{name}: {found} event, {added} of them new",
            "{name}: {found} events, {added} of them new",
            one.found,
        )
        talk(words.format(name=sanitize(one.name), found=one.found, added=one.added))
    for gap in recovered.gaps:
        count = gap.last - gap.first + 1
        words = ngettext(
            "Missing: {n} event of the store {actor}, number {first}",
            "Missing: {n} events of the store {actor}, numbers {first} to {last}",
            count,
        )
        talk(words.format(n=count, actor=gap.actor[:8], first=gap.first, last=gap.last))
    if recovered.missing_contents:
        words = ngettext(
            "Missing: the bytes of {n} attachment",
            "Missing: the bytes of {n} attachments",
            recovered.missing_contents,
        )
        talk(words.format(n=recovered.missing_contents))
    for actor in recovered.ignored:
        talk(_("Ignored as before: the store {actor}").format(actor=sanitize(actor[:8])))
    if recovered.complete:
        talk(_("Nothing is missing."))
    elif not recovered.whole:
        talk(_("The damaged file could not be read whole; it may have held more than was found."))
    if recovered.url:
        words = _("It was shared; join the new board again: pitboard --db {file} share {url}")
        talk(words.format(file=sanitize(str(target)), url=sanitize(recovered.url)))


# The verbs ``export`` (events, JSON, CSV) and ``backup``: copies of the board outside it

_FORMATS: Final = ("events", "json", "csv")
#: The first is what is exported unless another one is asked for.
_PARTS: Final = ("pitfalls", "occurrences")
_FORMAT_OF_ENDING: Final = {
    ".json": "json",
    ".csv": "csv",
    ".jsonl": "events",
    ".ndjson": "events",
    ".events": "events",
}


@click.command(
    "export",
    cls=ReadingVerb,
    examples=("pitboard export board.csv", "pitboard export --what occurrences seen.csv"),
    help=_(
        "Export the board as events, JSON or CSV.\n\n"
        "Another board imports events with “pitboard import”. Without --format the ending"
        " of FILE gives the format, else it is events. A CSV file begins with a byte-order mark,"
        " for Excel; a cell that a spreadsheet would take for a formula begins with an apostrophe,"
        " which “pitboard import” takes away again."
    ),
)
@option("--format", "form", type=click.Choice(_FORMATS), help=_("The format."))
@option(
    "--what",
    type=click.Choice(_PARTS),
    default=_PARTS[0],
    help=_("What JSON and CSV hold; the default is pitfalls."),
)
@option("--force", is_flag=True, help=_("Overwrite FILE."))
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def export(
    context: click.Context, form: str | None, what: str, force: bool, target: Path | None
) -> None:
    """Write the whole board out."""
    # Loaded here, since it reads events; see ``doctor``.
    from storage.exports import whole_board

    to_stdout = target is None or str(target) == "-"
    if wants_json() and to_stdout and form not in (None, "json"):
        raise WrongUse(_("--json writes JSON; name a file for another format."))
    form = form or format_of(target, _FORMAT_OF_ENDING, "events")
    if form == "events" and what != _PARTS[0] and not (wants_json() and to_stdout):
        raise WrongUse(_("Events are the whole record. --what goes with --format json or csv."))
    if form == "events" and moment_of(context) is not None:
        raise click.UsageError(
            _("Events are the whole record. --as-of goes with --format json or csv."), context
        )
    if wants_json() and to_stdout:
        of = whole_board.pitfalls if what == _PARTS[0] else whole_board.occurrences
        with reading(context) as board:
            held = list(of(board, language()))
        emit_json({"total": len(held), what: held})
        return
    answer_with(file=str(target), format=form)
    attached = 0
    # Opened first, so that a board that can't be read leaves no file behind.
    with reading(context) as board, sink(target, board.path, force=force) as write:
        if form == "events":
            whole_board.export_events(board.path, write)
            attached = board.attachments.count()
        else:
            if form == "csv" and not to_stdout:
                write(whole_board.BYTE_ORDER_MARK.encode())
            whole_board.EXPORTS[what, form](board, language(), lambda text: write(text.encode()))
    if not to_stdout:
        talk(_("Written to {path}.").format(path=target))
    if attached:
        words = ngettext(
            "Events name the {n} attachment and do not carry it: share the board, or copy it whole"
            " with “pitboard backup”.",
            "Events name the {n} attachments and do not carry them: share the board, or copy it"
            " whole with “pitboard backup”.",
            attached,
        )
        talk(words.format(n=attached))


@click.command(
    "backup",
    cls=Verb,
    examples=("pitboard backup copy.db", "pitboard backup --restore copy.db"),
    help=_(
        "Back up the board to a file, or restore it from one.\n\n"
        "FILE is a board of its own. --restore checks a backup and puts a copy of it in place of"
        " the board, which is kept beside it under another name. Never copy a file over a board"
        " by hand: SQLite would add the log that lies beside it."
    ),
)
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@option(
    "--restore",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("Replace the board with this backup."),
)
@click.pass_context
def backup(context: click.Context, target: Path | None, source: Path | None) -> None:
    """Copy the board, or put a copy back."""
    if (target is None) == (source is None):
        raise WrongUse(_("Name one file: the copy to write, or the backup after --restore."))
    if target is not None:
        back_up(existing(context), target)
        output.work_comes_first(lambda: True)
        emit_path(target)
        talk(_("The copy is a board of its own: pitboard --db FILE opens it."))
    elif source is not None:
        _restore(board_path(context), source)


def _restore(path: Path, source: Path) -> None:
    restored = store_class().restore(path, source)
    output.work_comes_first(lambda: True)
    answer_with(
        restored_from=str(source),
        events=restored.events,
        kept=None if restored.kept is None else str(restored.kept),
    )
    emit_path(path)
    words = ngettext(
        "Restored {source}: {n} event.", "Restored {source}: {n} events.", restored.events
    )
    talk(words.format(source=source, n=restored.events))
    if restored.kept is None:
        return
    if restored.before is None:
        talk(_("The file that was there is kept as {kept}.").format(kept=restored.kept))
        return
    words = ngettext(
        "The board that was there, with {n} event, is kept as {kept}.",
        "The board that was there, with {n} events, is kept as {kept}.",
        restored.before,
    )
    talk(words.format(n=restored.before, kept=restored.kept))
