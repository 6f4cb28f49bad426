"""The verbs ``share`` and ``sync``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from storage.errors import PitboardError
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.text.dates import zoned
from storage.text.sanitize import sanitize
from tui.cli import output
from tui.cli.answer import wants_json
from tui.cli.group import Verb, deferred
from tui.cli.input import WrongUse
from tui.cli.open_board import ready, writing
from tui.cli.output import (
    ProgressLine,
    Stop,
    emit,
    emit_json,
    emit_rows,
    for_people,
    stoppable,
    talk,
)
from tui.services.session import wall_ms
from tui.text.cells import cut
from tui.text.i18n import _, ngettext, read, say

if TYPE_CHECKING:
    from storage.read.board import Board
    from storage.sharing import state
    from storage.sharing import sync as syncing
    from storage.sharing.sync import Steps, SyncResult, SyncStep
    from storage.write.store import Store
    from tui.text import sharing as words
else:
    state = deferred("storage.sharing.state")
    syncing = deferred("storage.sharing.sync")
    words = deferred("tui.text.sharing")

#: So many notes are told with the state; all of them stand in JSON.
_TOLD = 5
_LONGEST_TITLE = 50


@click.command(
    "share",
    cls=Verb,
    examples=("pitboard share git@example.com:team/board.git", "pitboard share"),
    help=_(
        "Share the board through a git remote.\n\n"
        "URL is any remote that git reaches by https, by ssh or as a bare folder. Join it"
        " once. Without URL it shows the sync status."
    ),
)
@click.argument("url", metavar="[URL]", required=False)
@click.option("--create", is_flag=True, help=_("Create a bare repository at that path first."))
@click.option("--leave", is_flag=True, help=_("Stop sharing; what was received stays."))
@click.pass_context
def share(context: click.Context, url: str | None, create: bool, leave: bool) -> int:
    """Join the board to a remote, leave it, or tell how it stands."""
    if leave:
        if url or create:
            raise WrongUse(_("--leave goes alone."))
        with writing(context) as (store, _board):
            syncing.leave(store.session)
        talk(_("The board is shared no longer. All that came in stays, and what was sent, too."))
        return output.DONE
    if url is None:
        if create:
            raise WrongUse(_("--create needs the path of a folder."))
        return _tell(context)
    return _do(
        context,
        lambda store, steps: syncing.share(
            store.session, url, create=create, steps=steps, ask=True
        ),
    )


@click.command(
    "sync",
    cls=Verb,
    examples=("pitboard sync",),
    help=_(
        "Send and receive what is new.\n\n"
        "Share the board first: “pitboard share URL”. Piped, it writes the number of events"
        " that were sent, a tab, and the number that were received."
    ),
)
@click.pass_context
def sync(context: click.Context) -> int:
    """Bring the board and its remote into step."""
    return _do(context, lambda store, steps: syncing.sync(store.session, steps=steps, ask=True))


def _do(context: click.Context, action: Callable[[Store, Steps], SyncResult]) -> int:
    with writing(context) as (store, board):
        with _watched() as steps:
            synced = action(store, steps)
        conflicts = words.conflict_words(synced, lambda one: _title(board, one))
    if wants_json():
        emit_json(
            {
                "sent": synced.sent,
                "received": synced.received,
                "renamed": synced.renamed,
                "noticed": [_as_error(value) for value in synced.noticed],
                "changes": [_as_changes(one) for one in synced.changes],
                "conflicts": synced.conflicts,
            }
        )
    elif for_people():
        emit([words.synced_words(synced)])
    else:
        emit_rows([(synced.sent, synced.received)])
    for line in [*words.changes_words(synced.changes), *words.noticed_words(synced)]:
        talk(line)
    if conflicts:
        talk(conflicts)
        talk(_("“pitboard show ID” tells the values, “pitboard resolve ID” keeps one of them."))
    return output.DONE


def _title(board: Board, pitfall: str) -> str:
    title = sanitize(read(board.pitfall(pitfall).title))
    return f"{board.short_id(pitfall)} {cut(title, _LONGEST_TITLE)}"


@contextmanager
def _watched() -> Iterator[Steps]:
    """Tell how far a sync is to whoever waits, and let Ctrl-C stop it."""
    with stoppable() as stop:
        telling = _Telling(stop)
        try:
            yield telling
        except SharingFailed as failed:
            # A git that shares the terminal is stopped by the same key.
            if stop.asked and failed.kind is not GitErrorKind.STOPPED:
                raise SharingFailed(GitErrorKind.STOPPED) from failed
            raise
        finally:
            telling.end()


class _Telling:
    """A line on stderr that says what a sync is doing, once it takes a while."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._progress = ProgressLine()

    def __call__(self, step: SyncStep) -> None:
        if self._stop.asked:
            raise SharingFailed(GitErrorKind.STOPPED)
        self._progress.say(words.step_words(step))

    def end(self) -> None:
        self._progress.end()


def _tell(context: click.Context) -> int:
    """Tell how the sharing stands."""
    with state.SharingReader.open(ready(context)) as shared:
        sharing, notes = shared.sharing(), shared.notes()
    if wants_json():
        emit_json({"sharing": _as_data(sharing, notes)})
    elif sharing is None:
        talk(_("This board is not shared. Join it to a remote: “pitboard share URL”."))
        return output.NOTHING_FOUND
    elif not for_people():
        emit_rows(words.state_lines(sharing, wall_ms()))
    else:
        emit(f"{about}: {value}" for about, value in words.state_lines(sharing, wall_ms()))
        if problem := words.problem_words(sharing):
            talk(problem)
        for note in notes[:_TOLD]:
            talk(say(note.what))
        if len(notes) > _TOLD:
            more = len(notes) - _TOLD
            talk(ngettext("… and {n} more", "… and {n} more", more).format(n=more))
    if sharing is not None:
        return output.DONE
    return output.nothing_found(
        _("This board is not shared."), _("Join it to a remote: “pitboard share URL”.")
    )


def _as_data(
    sharing: state.SharingState | None, notes: list[state.SyncNote]
) -> dict[str, Any] | None:
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
        "problem": _as_error(sharing.problem) | {"kind": sharing.problem.kind}
        if sharing.problem
        else None,
        "notes": [_as_error(note.what) | {"at": zoned(note.at)} for note in notes],
        "changes": [_as_changes(one) for one in sharing.changes],
    }


def _as_changes(changes: state.MemberChanges) -> dict[str, Any]:
    return {
        "actor": changes.actor,
        "name": changes.name,
        "unusual": changes.unusual,
        **{kind.value: changes.counts.get(kind, 0) for kind in state.ChangeKind},
    }


def _as_error(value: PitboardError) -> dict[str, Any]:
    return {
        "message": value.message.format(**value.values),
        "advice": value.advice.format(**value.values),
    }
