"""What comes from elsewhere, shown before it comes: files, each in a thread, and catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from storage.errors import N_
from storage.imports.importer import (
    Progress,
    import_events,
    import_items,
    preview,
    preview_events,
    read_lines,
)
from storage.imports.sources import SourceFormat, form_of, incoming, opened
from storage.model.fields import NamedTuple
from tui.dialogs.board import Fetching
from tui.dialogs.fields import FormField, LineField, PickField, YesNoField
from tui.dialogs.form import Form
from tui.dialogs.general import Confirm
from tui.services.session import Session
from tui.text import importing
from tui.text.i18n import _, ngettext

if TYPE_CHECKING:
    from storage.sharing.catalogues import CatalogueNews, Subscription
    from tui.text.sharing import SyncProgress

_T = TypeVar("_T")

_SHOWN: Final = 100
_REFUSALS_SHOWN: Final = 20
#: The width of the summary, in cells: that of the smallest dialog.
_SUMMARY: Final = 70
#: So many lines about mistakes of a catalogue are shown.
_MISTAKES_SHOWN: Final = 6


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


# Catalogues of others


class Catalogues(Fetching):
    """The catalogues of the board, and what to do about them.

    Args:
        under_way: as for :class:`Fetching`.
        held: all of them.
    """

    title_words: ClassVar[str] = N_("Catalogues of the board")
    save_words: ClassVar[str] = N_("Continue")
    saving_words: ClassVar[str] = N_("Looking for what is new…")

    def __init__(self, under_way: SyncProgress, held: Sequence[Subscription]) -> None:
        super().__init__(under_way)
        self._held = held

    def fields(self) -> Iterable[FormField]:
        """What to do; its value begins with a verb, which a name may follow."""
        names = [one.name for one in self._held if not one.is_built_in]
        choices = [(_("Update {name}").format(name=name), f"update {name}") for name in names]
        choices.append((_("Subscribe to another one…"), "subscribe"))
        choices += [(_("Remove {name}…").format(name=name), f"remove {name}") for name in names]
        yield PickField("do", _("do"), choices, choices[0][1])

    def below(self) -> Iterable[Widget]:
        """How each of them stands."""
        lines = [line for one in self._held for line in importing.catalogue_words(one)]
        words = "\n".join(lines) or _("This board has no catalogue.")
        yield Static(Content(words), classes="explained", markup=False)


class Subscribe(Fetching):
    """A catalogue to subscribe to."""

    title_words: ClassVar[str] = N_("Subscribe to a catalogue")
    save_words: ClassVar[str] = N_("Continue")
    saving_words: ClassVar[str] = N_("Looking for what is new…")

    def fields(self) -> Iterable[FormField]:
        """Its address, and the commit at which it stays, if it does."""
        yield LineField("url", _("address"), hint="https://git.example.com/wecom/pitfalls.git")
        yield LineField("pin", _("commit"), hint=_("the newest"))

    def below(self) -> Iterable[Widget]:
        """What it means."""
        words = _(
            "A git repository of pitfalls that others keep. What it would bring is shown first."
            " Its pitfalls are listed with yours; what your team decides, edits and tags counts"
            " more."
        )
        yield Static(Content(words), classes="explained", markup=False)


class TakeIn(Confirm):
    """Whether to take in what is new in a catalogue.

    Args:
        news: what that is.
    """

    def __init__(self, news: CatalogueNews) -> None:
        lines = [*importing.news_words(news), *self.mistakes(news), "", _("Take it in?")]
        super().__init__("\n".join(lines), _("Take in"), _("Cancel"))
        self._news = news

    @staticmethod
    def mistakes(news: CatalogueNews) -> list[str]:
        """What keeps later commits from being taken in, in a few lines; the command says all."""
        return importing.news_mistakes(news)[:_MISTAKES_SHOWN]

    @property
    def done(self) -> str:
        """What is said then."""
        return importing.taken_words(self._news)


class EndSubscription(Form):
    """A catalogue to be left; its pitfalls stay, unless they are to go."""

    save_words: ClassVar[str] = N_("Remove")

    def __init__(self, name: str) -> None:
        super().__init__()
        self._catalogue = name

    def heading(self) -> str:
        """Which one."""
        return _("End the subscription to {name}").format(name=self._catalogue)

    def fields(self) -> Iterable[FormField]:
        """Whether what came of it goes as well."""
        words = _("leave out what came of it, except for what people wrote")
        yield YesNoField("hide", _("its content"), words=words)

    def done(self, hidden: int | None) -> str:
        """What is said then; ``hidden`` changes count no longer, None if that was not asked."""
        return " ".join(importing.left_words(self._catalogue, hidden))
