"""The verbs ``members``: who writes on the board, and what of theirs counts here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storage.sharing.members import accept as accept_events
from storage.sharing.members import ignore as ignore_store
from storage.sharing.members import trust as trust_store
from storage.sharing.state import (
    SharingReader,
    Writer,
)
from storage.text.dates import iso, zoned
from tui.cli import output
from tui.cli.answer import wants_json
from tui.cli.group import Verb
from tui.cli.input import AnyMoment
from tui.cli.open_board import ready, writing
from tui.cli.output import (
    columns,
    emit,
    emit_json,
    emit_rows,
    for_people,
    styled,
    talk,
)
from tui.services.session import wall_ms
from tui.text.i18n import _, ngettext
from tui.text.sharing import (
    quarantine_lines,
    writer_lines,
)

if TYPE_CHECKING:
    from storage.write.store import Store


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
    with SharingReader.open(ready(context)) as shared:
        writers = shared.writers()
    if wants_json():
        emit_json({"stores": [_as_writer(writer) for writer in writers]})
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
        head, *rest = writer_lines(writers, wall_ms(), columns())
        emit([styled(head, bold=True), *rest])
    return output.DONE if writers else output.NOTHING_FOUND


def _as_writer(writer: Writer) -> dict[str, object]:
    return {
        "actor": writer.actor,
        "here": writer.here,
        "catalogue": writer.is_catalogue,
        "problems": list(writer.problems),
        "ignored_since": zoned(writer.ignored_since),
        "people": [
            {
                "name": person.name,
                "events": person.events,
                "first_at": zoned(person.first_at),
                "last_at": zoned(person.last_at),
            }
            for person in writer.people
        ],
    }


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
@click.option(
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
        count = ignore_store(store.session, actor, since)
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
        count = trust_store(store.session, actor)
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
        with SharingReader.open(store.path) as shared:
            names = shared.quarantined_by(name)
        count = accept_events(store.session, names)
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
    with SharingReader.open(ready(context)) as shared:
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
        head, *rest = quarantine_lines(waiting, columns())
        emit([styled(head, bold=True), *rest])
    if waiting:
        return output.DONE
    return output.nothing_found(
        _("Nothing is quarantined."), _("“pitboard members” shows who writes to this board.")
    )


def _named(store: Store, name: str) -> str:
    with SharingReader.open(store.path) as shared:
        return shared.store_named(name)


def _say_count(actor: str, count: int, words: str) -> None:
    if wants_json():
        emit_json({"actor": actor or None, "events": count})
    else:
        talk(words.format(n=count, store=actor[:8]))
