"""The verbs ``share``, ``sync`` and ``members``: the remote, and who writes on the board."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.text.dates import iso, now_ms, zoned
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import option, output
from tui.cli.answer import wants_json
from tui.cli.group import Verb
from tui.cli.input import AnyMoment, WrongUse
from tui.cli.open_board import ready, writing
from tui.cli.output import (
    ProgressLine,
    Stop,
    columns,
    emit,
    emit_json,
    emit_rows,
    for_people,
    stoppable,
    styled,
    talk,
)
from tui.text.cells import cut
from tui.text.i18n import _, labelled, ngettext, read, say

if TYPE_CHECKING:
    from storage.read.board import Board
    from storage.sharing import members as stores
    from storage.sharing import state
    from storage.sharing import sync as syncing
    from storage.sharing.sync import Steps, SyncResult, SyncStep
    from storage.write.store import Store
    from tui.text import sharing as words
else:
    stores = deferred("storage.sharing.members")
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
@option("--create", is_flag=True, help=_("Create a bare repository at that path first."))
@option("--leave", is_flag=True, help=_("Stop sharing; what was received stays."))
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
                "noticed": [words.as_error(value) for value in synced.noticed],
                "changes": [words.as_changes(one) for one in synced.changes],
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
        emit_json({"sharing": words.as_sharing(sharing, notes)})
    elif sharing is None:
        talk(_("This board is not shared. Join it to a remote: “pitboard share URL”."))
        return output.NOTHING_FOUND
    elif not for_people():
        emit_rows(words.state_lines(sharing, now_ms()))
    else:
        emit(labelled(*line) for line in words.state_lines(sharing, now_ms()))
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


# Who writes on the board, and what of theirs counts here


@click.command(
    "members",
    cls=Verb,
    examples=("pitboard members",),
    help=_(
        "List the people who write on the board.\n\n"
        "The one who wrote last comes first. A name is a claim, not a proof. Piped, it"
        " writes one tab-separated line per person: store, whether it is this one, name,"
        " number of events, first event, last event, what is wrong with the store's events."
    ),
)
@click.pass_context
def members(context: click.Context) -> int:
    """List people and stores."""
    with state.SharingReader.open(ready(context)) as shared:
        writers = shared.writers()
    if wants_json():
        emit_json({"stores": [words.as_writer(writer) for writer in writers]})
    elif not for_people():
        emit_rows(
            (
                *(writer.actor, "here" if writer.here else "", person.name, person.events),
                *(iso(person.first_at), iso(person.last_at)),
                " ".join(writer.problems),
            )
            for writer in writers
            for person in writer.people
        )
    else:
        head, *rest = words.writer_lines(writers, now_ms(), columns())
        emit([styled(head, bold=True), *rest])
    return output.DONE if writers else output.NOTHING_FOUND


_store = click.argument("name", metavar="STORE")


@click.command(
    "members ignore",
    cls=Verb,
    examples=("pitboard members ignore 9f3c", "pitboard members ignore Bo --since 2026-11-20"),
    help=_(
        "Leave a store's changes out of this board.\n\n"
        "STORE is four or more characters of a store, or a person's name. It takes effect here"
        " alone and at once, for what comes later too; “pitboard members trust” reverses it."
    ),
)
@_store
@option(
    "--since",
    metavar="TIME",
    type=AnyMoment(),
    help=_("Only what it wrote from then on, by its own clock."),
)
@click.pass_context
def ignore(context: click.Context, name: str, since: int | None) -> None:
    """Ignore a store."""
    with writing(context) as (store, _board):
        actor = _named(store, name)
        count = stores.ignore(store.session, actor, since)
    _say_count(
        actor,
        count,
        ngettext(
            "Ignored the store {store}: {n} event no longer counts here.",
            "Ignored the store {store}: {n} events no longer count here.",
            count,
        ),
    )


@click.command(
    "members trust",
    cls=Verb,
    examples=("pitboard members trust 9f3c",),
    help=_("Count the changes of an ignored store again."),
)
@_store
@click.pass_context
def trust(context: click.Context, name: str) -> None:
    """Trust a store again."""
    with writing(context) as (store, _board):
        actor = _named(store, name)
        count = stores.trust(store.session, actor)
    _say_count(
        actor,
        count,
        ngettext(
            "{n} event of the store {store} counts again.",
            "{n} events of the store {store} count again.",
            count,
        ),
    )


@click.command(
    "members accept",
    cls=Verb,
    examples=("pitboard members accept 9f3c", "pitboard members accept Bo"),
    help=_(
        "Count quarantined events now.\n\n"
        "NAME is a store, a person, or one event of “pitboard members quarantine”. It takes effect"
        " here alone."
    ),
)
@click.argument("name", metavar="NAME")
@click.pass_context
def accept(context: click.Context, name: str) -> None:
    """Accept quarantined events."""
    with writing(context) as (store, _board):
        with state.SharingReader.open(store.path) as shared:
            names = shared.quarantined_by(name)
        count = stores.accept(store.session, names)
    _say_count(
        "",
        count,
        ngettext(
            "{n} quarantined event counts from now on.",
            "{n} quarantined events count from now on.",
            count,
        ),
    )


@click.command(
    "members quarantine",
    cls=Verb,
    examples=("pitboard members quarantine",),
    help=_(
        "List events that are kept and do not count.\n\n"
        "Their clock is ahead, they claim to be of this store, or their chain is broken or forked."
        " Piped, it writes a line for each: event, reason, store, name, time that it claims,"
        " pitfall, kind of event; between them tabs."
    ),
)
@click.pass_context
def list_quarantine(context: click.Context) -> int:
    """List quarantined events."""
    with state.SharingReader.open(ready(context)) as shared:
        waiting = shared.quarantine()
    if wants_json():
        emit_json(
            {
                "events": [
                    {
                        "event": one.id,
                        "reason": one.reason,
                        "actor": one.actor,
                        "name": one.who,
                        "claims": zoned(one.claims),
                        "pitfall": one.pitfall,
                        "kind": one.event_kind,
                        "relayed_by": one.relayed_by,
                    }
                    for one in waiting
                ]
            }
        )
    elif not for_people():
        emit_rows(
            (one.id, one.reason, one.actor, one.who, iso(one.claims), one.pitfall, one.event_kind)
            for one in waiting
        )
    elif waiting:
        head, *rest = words.quarantine_lines(waiting, columns())
        emit([styled(head, bold=True), *rest])
    if waiting:
        return output.DONE
    return output.nothing_found(
        _("Nothing is quarantined."), _("“pitboard members” shows who writes to this board.")
    )


def _named(store: Store, name: str) -> str:
    with state.SharingReader.open(store.path) as shared:
        return shared.store_named(name)


def _say_count(actor: str, count: int, words: str) -> None:
    if wants_json():
        emit_json({"actor": actor or None, "events": count})
    else:
        talk(words.format(n=count, store=actor[:8]))
