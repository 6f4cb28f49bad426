"""Previewing and importing a file, each in a thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from textual.worker import Worker

from storage.imports.importer import (
    Progress,
    import_events,
    import_items,
    preview,
    preview_events,
    read_lines,
)
from storage.imports.sources import SourceFormat, form_of, incoming, opened
from tui.services.session import Session
from tui.text import importing
from tui.text.i18n import _, ngettext

_T = TypeVar("_T")

_SHOWN: Final = 100
_REFUSALS_SHOWN: Final = 20
#: The width of the summary, in cells: that of the smallest dialog.
_SUMMARY: Final = 70


class FilePreview(NamedTuple):
    """What a file holds, in lines; whether something of it is new; whether it has columns."""

    lines: list[str]
    is_new: bool
    has_columns: bool = False


def look_at(
    path: Path,
    asked: Sequence[str],
    board: Path,
    cells: int,
    worker: Worker[None],
    reached: Progress,
) -> FilePreview:
    """What a file holds.

    Args:
        path: of the file.
        asked: what a person says of a list's columns.
        board: the board's file.
        cells: the width that there is.
        worker: looks until it is cancelled.
        reached: told how far it is.
    """
    with opened(path, board) as stream:
        form = form_of(stream, path.name)
        if form is SourceFormat.EVENTS:
            report = preview_events(board, _until(worker, read_lines(stream), reached))
            text = ngettext(
                "{added} new event, {known} known, {refused} that can't be read",
                "{added} new events, {known} known, {refused} that can't be read",
                report.added,
            )
            answers = text.format(added=report.added, known=report.known, refused=report.set_aside)
            return FilePreview([answers], bool(report.added))
        day = importing.day_of(path)
        source = incoming(stream, form, board, file=path.name, day=day, asked=asked)
        tally = preview(board, _until(worker, source.arriving()), reached)
    lines = [
        importing.heading(source, tally),
        *importing.lines(tally, cells, _SHOWN),
        *importing.remarks(source),
        *importing.by_section(source, cells),
        *importing.left_out(source),
        *importing.refusals(tally, _REFUSALS_SHOWN),
    ]
    return FilePreview(lines, bool(tally.new or tally.changed), source.columns is not None)


def take(
    path: Path, asked: Sequence[str], session: Session, worker: Worker[None], reached: Progress
) -> tuple[str, list[str]]:
    """Import a file as it was previewed; what came of it, in a line and by section."""
    sections: list[str] = []
    with opened(path, session.path) as stream:
        form = form_of(stream, path.name)
        if form is SourceFormat.EVENTS:
            report = import_events(
                session.store().session, _until(worker, read_lines(stream), reached)
            )
            text = ngettext("{n} new event came in.", "{n} new events came in.", report.added)
            words = text.format(n=report.added)
        else:
            day = importing.day_of(path)
            source = incoming(stream, form, session.path, file=path.name, day=day, asked=asked)
            tally = import_items(
                session.store().session, _until(worker, source.arriving()), reached
            )
            words = importing.done(tally)
            sections = [*importing.by_section(source, _SUMMARY), *importing.left_out(source)]
    if worker.is_cancelled:
        return _("Stopped before the end. {words}").format(words=words), []
    return words, sections


def _until(
    worker: Worker[None], arriving: Iterable[_T], reached: Progress | None = None
) -> Iterator[_T]:
    """What arrives, until the person stops it."""
    for number, one in enumerate(arriving, 1):
        if worker.is_cancelled:
            return
        if reached is not None:
            reached(number)
        yield one
