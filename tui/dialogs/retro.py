"""The forms of a retro: what is noted, and which days it looks back over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from storage.errors import N_, Refused
from storage.model.records import RetroNote
from storage.model.retro import Period, Release
from storage.model.vocabulary import NoteKind
from storage.reports.retro.formats import FORMAT_OF_ENDING
from storage.retro.happened import RetroNoteReader
from storage.text import dates
from storage.text.sanitize import file_name, sanitize
from storage.text.zones import day_of
from tui.dialogs.fields import (
    ChoiceField,
    FormField,
    LineField,
    LinesField,
    PathField,
    PickField,
    YesNoField,
    called,
    such_as,
)
from tui.dialogs.form import Form, FormValues
from tui.text.i18n import _, read


class AddNote(Form):
    """A note, a decision or a follow-up."""

    title_words: ClassVar[str] = N_("Add a note")

    def __init__(self, about: str) -> None:
        super().__init__()
        self._about = about

    def first_field(self) -> str:
        """What it says."""
        return "text"

    def fields(self) -> Iterable[FormField]:
        """What it is, what it says, and who does it until when."""
        yield from _fields(None)
        if self._about:
            yield YesNoField("about", _("about {title}").format(title=sanitize(self._about)))


class EditNote(Form):
    """A note as it stands, to be put right or hidden."""

    title_words: ClassVar[str] = N_("Edit the note")

    def __init__(self, note: RetroNote) -> None:
        super().__init__()
        self._note = note

    def fields(self) -> Iterable[FormField]:
        """The fields as they stand."""
        yield from _fields(self._note)
        yield LineField(
            "done_on", called(RetroNote, "done_on"), self._note.done_on, such_as("2026-11-20")
        )
        yield YesNoField("hidden", _("hide it"))


def as_it_is(board: Path, note: str) -> EditNote:
    """The form of a note as the board at a path has it now.

    Raises:
        NotFound: it is hidden by now.
    """
    with RetroNoteReader.open(board) as notes:
        return EditNote(notes.note(note))


class ChooseDays(Form):
    """The days to look back over, in any way that a period can be written."""

    title_words: ClassVar[str] = N_("Retro of a period")
    save_words: ClassVar[str] = N_("Go")

    def __init__(self, period: Period) -> None:
        super().__init__()
        self._present = period.name

    def fields(self) -> Iterable[FormField]:
        """A period, as it is written."""
        hint = _("2026-11-01..2026-11-15, 2026-W48, 2026-11, 2026-Q4, last-week, 6w")
        yield LineField("period", _("period"), self._present, hint)


class ExportRetro(Form):
    """The file that a report is written to; its ending gives the format."""

    title_words: ClassVar[str] = N_("Export the retro")
    save_words: ClassVar[str] = N_("Export")
    saving_words: ClassVar[str] = N_("Writing…")

    def __init__(self, period: Period) -> None:
        super().__init__()
        self._file = file_name(f"retro-{period.name or day_of(period.since)}.html")

    def fields(self) -> Iterable[FormField]:
        """The file, and whether it may take the place of another."""
        yield PathField("path", _("file"), self._file, _("ends in .html, .md, .json or .csv"))
        yield YesNoField("force", _("overwrite"))


def export_to(answers: FormValues) -> Path:
    """The file that a report is to be written to.

    Raises:
        Refused: there is no such folder, or the file's ending is that of no report.
    """
    path = Path(answers["path"]).expanduser()
    if not answers["path"] or path.suffix.lower() not in FORMAT_OF_ENDING:
        raise Refused(
            N_("The ending of the file gives the format."),
            N_("Name a file that ends in .html, .md, .json or .csv."),
            field="path",
        )
    if not path.parent.is_dir():
        raise Refused(
            N_("There is no folder {path}."),
            N_("Make it first, or name another."),
            field="path",
            path=path.parent,
        )
    return path


class ChooseRelease(Form):
    """The release to look back over."""

    title_words: ClassVar[str] = N_("Show the retro of a release")
    save_words: ClassVar[str] = N_("Go")

    def __init__(self, releases: Sequence[Release]) -> None:
        super().__init__()
        self._releases = releases

    def fields(self) -> Iterable[FormField]:
        """The releases that were seen, the newest first."""
        versions = [(sanitize(one.version), one.version) for one in reversed(self._releases)]
        yield PickField("period", _("app version"), versions, versions[0][1])


def noted(answers: FormValues, now: int) -> dict[str, Any]:
    """What a note says, as the store takes it.

    Raises:
        Refused: if a day is none.
    """
    values = {name: answers[name] for name in ("sort", "text", "owner", "due")}
    if values["due"]:
        values["due"] = dates.due_day(values["due"], now, "due")
    if "done_on" in answers:
        done_on = answers["done_on"]
        values["done_on"] = dates.day(done_on, "done_on", now) if done_on else ""
    return values


def _fields(note: RetroNote | None) -> Iterable[FormField]:
    sort = note.sort if note else NoteKind.NOTE
    yield ChoiceField("sort", called(RetroNote, "sort"), NoteKind, sort)
    yield LinesField("text", called(RetroNote, "text"), read(note.text) if note else "", height=3)
    yield LineField("owner", called(RetroNote, "owner"), note.owner if note else "")
    yield LineField(
        "due", called(RetroNote, "due"), note.due if note else "", such_as("2026-12-01")
    )
