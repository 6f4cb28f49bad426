"""The verbs ``catalogue``: pitfalls of others, looked at and taken in, and what one gives back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.errors import PitboardError
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.text.dates import zoned
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import answer, option, output
from tui.cli.answer import wants_json
from tui.cli.group import Verb, board_path
from tui.cli.input import PitfallId, WrongUse, confirm, is_interactive
from tui.cli.open_board import reading, ready, writing
from tui.cli.output import ProgressLine, emit, emit_json, emit_rows, for_people, stoppable, talk
from tui.text.i18n import _, ngettext, say

if TYPE_CHECKING:
    import tomlkit

    from storage.sharing import catalogue_history, catalogues
    from storage.sharing.catalogues import CatalogueNews, Subscription
    from storage.sharing.git import GitProgress
    from storage.write.store import Store
    from tui.text import importing
else:
    catalogue_history = deferred("storage.sharing.catalogue_history")
    catalogues = deferred("storage.sharing.catalogues")
    # Only one of the verbs writes TOML.
    tomlkit = deferred("tomlkit")
    importing = deferred("tui.text.importing")


def _names(context: click.Context, _argument: click.Parameter, begun: str) -> list[str]:
    """The names of catalogues of others that begin so, for a shell that completes."""
    with suppress(PitboardError), catalogues.CatalogueReader.open(board_path(context)) as reader:
        held = [one.name for one in reader.subscriptions() if not one.is_built_in]
        return [name for name in held if name.startswith(begun)]
    return []


_yes = option("--yes", "-y", is_flag=True, help=_("Do not ask."))


@click.command(
    "catalogue list",
    cls=Verb,
    examples=("pitboard catalogue list",),
    help=_(
        "List the catalogues whose pitfalls come to this board.\n\n"
        "Piped, it writes one tab-separated line for each: name, number of pitfalls, licence,"
        " address, the commit up to which it was taken in, when that was."
    ),
)
@click.pass_context
def list_(context: click.Context) -> int:
    """List the catalogues of the board."""
    with catalogues.CatalogueReader.open(ready(context)) as reader:
        held = reader.subscriptions()
    if wants_json():
        emit_json({"catalogues": [_as_data(one) for one in held]})
    elif not for_people():
        emit_rows(
            (one.name, one.entries, one.licence, one.url, one.taken, zoned(one.taken_at) or "")
            for one in held
        )
    else:
        emit(line for one in held for line in importing.catalogue_words(one))
    if held:
        return output.DONE
    return output.nothing_found(
        _("This board has no catalogue."), _("“pitboard catalogue subscribe URL” adds one.")
    )


def _as_data(one: Subscription) -> dict[str, Any]:
    return {
        "name": one.name,
        "built_in": one.is_built_in,
        "entries": one.entries,
        "licence": one.licence,
        "url": one.url or None,
        "commit": one.taken or None,
        "pin": one.pin or None,
        "taken_at": zoned(one.taken_at),
    }


@click.command(
    "catalogue subscribe",
    cls=Verb,
    examples=("pitboard catalogue subscribe https://git.example.com/wecom/pitfalls.git",),
    help=_(
        "Subscribe to a catalogue: a git repository of pitfalls that others keep.\n\n"
        "What it would bring is shown and asked for first. Its pitfalls are listed with yours; what"
        " your team decides, edits and tags counts more. “pitboard catalogue update” brings what"
        " is new later."
    ),
)
@click.argument("url", metavar="URL")
@option("--pin", metavar="COMMIT", default="", help=_("Stay at this commit."))
@_yes
@click.pass_context
def subscribe(context: click.Context, url: str, pin: str, yes: bool) -> int:
    """Subscribe to a catalogue."""
    with writing(context) as (store, _board):
        news = _look(store, url, pin)
        _show(news)
        _ask(yes=yes)
        catalogues.take_in(store.session, news)
    _tell([news])
    return output.DONE


@click.command(
    "catalogue update",
    cls=Verb,
    examples=("pitboard catalogue update", "pitboard catalogue update wecom-community --yes"),
    help=_(
        "Take in what is new in the catalogues that the board is subscribed to.\n\n"
        "Without NAME it is all of them. A catalogue whose history was rewritten is left as it is."
    ),
)
@click.argument("names", metavar="[NAME]…", nargs=-1, shell_complete=_names)
@_yes
@click.pass_context
def update(context: click.Context, names: tuple[str, ...], yes: bool) -> int:
    """Bring catalogues up to date."""
    done: list[CatalogueNews] = []
    with writing(context) as (store, _board):
        with catalogues.CatalogueReader.open(store.path) as reader:
            held = [one for one in reader.subscriptions() if not one.is_built_in]
            wanted = [reader.named(name) for name in names] if names else held
        for one in wanted:
            news = _look(store, one.url, one.pin)
            if news.is_empty:
                talk(_("{name}: nothing is new.").format(name=one.name))
                _warn(news)
                continue
            _show(news)
            _ask(yes=yes)
            catalogues.take_in(store.session, news)
            done.append(news)
    if not wanted:
        return output.nothing_found(
            _("This board is subscribed to no catalogue."),
            _("“pitboard catalogue subscribe URL” adds one."),
        )
    _tell(done)
    return output.DONE


@click.command(
    "catalogue remove",
    cls=Verb,
    examples=("pitboard catalogue remove wecom-community --hide",),
    help=_(
        "End the subscription to a catalogue.\n\n"
        "Its pitfalls stay; with --hide they leave this board, except for what people wrote."
        " Subscribing again brings them back."
    ),
)
@click.argument("name", metavar="NAME", shell_complete=_names)
@option("--hide", is_flag=True, help=_("Leave what came of it out of this board."))
@click.pass_context
def remove(context: click.Context, name: str, hide: bool) -> None:
    """End a subscription."""
    with writing(context) as (store, _board):
        hidden = catalogues.leave(store.session, name, hide=hide)
    answer.answer_with(name=name, hidden=hidden)
    for line in importing.left_words(name, hidden if hide else None):
        talk(line)


@click.command(
    "catalogue check",
    cls=Verb,
    examples=("pitboard catalogue check", "pitboard catalogue check pitfalls/ --json"),
    help=_(
        "Check the files of a catalogue that you keep, as a pull request should.\n\n"
        "Each file with a mistake is named, with the first one in it and its place; the exit code"
        " is 3 then. Piped, it writes one line per file."
    ),
)
@click.argument(
    "folder",
    metavar="[FOLDER]",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
def check(folder: Path) -> int:
    """Check a folder that holds a catalogue."""
    entries, mistakes = catalogue_history.mistakes(folder)
    if wants_json():
        emit_json({"entries": entries, "mistakes": [say(one) for one in mistakes]})
    else:
        emit(sanitize(say(one)) for one in mistakes)
    count = ngettext("{n} entry", "{n} entries", entries).format(n=entries)
    if catalogue_history.is_shallow(folder):
        talk(
            _(
                "Only the last commits are here, so deleted entries are not found: fetch the whole"
                " history (git fetch --unshallow)."
            )
        )
    if not mistakes:
        talk(_("{count}: nothing is wrong.").format(count=count))
        return output.DONE
    found = ngettext("{n} mistake", "{n} mistakes", len(mistakes)).format(n=len(mistakes))
    talk(_("{count}: {found}.").format(count=count, found=found))
    return output.REFUSED


@click.command(
    "catalogue contribute",
    cls=Verb,
    examples=("pitboard catalogue contribute 867d --output entries/0042-login-fails.toml",),
    help=_(
        "Write a pitfall as an entry of a catalogue, for its maintainer.\n\n"
        "Companies, devices and the names of people are left out of its occurrences. Texts are"
        " as they were written; names that are still in them are listed."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@option(
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("Write to FILE rather than to stdout."),
)
@option("--force", is_flag=True, help=_("Write over FILE if it is there."))
@click.pass_context
def contribute(context: click.Context, prefix: str, target: Path | None, force: bool) -> None:
    """Write an entry of a catalogue."""
    with reading(context) as board:
        found = board.pitfall(board.resolve(prefix))
        given = catalogues.contribution(board, found, datetime.now(UTC).date())
        path = board.path
    document = tomlkit.document()
    for key, value in given.entry.items():
        document.add(key, _as_toml(value))
    text = tomlkit.dumps(document)
    if wants_json():
        answer.answer_with(file=None if target is None else str(target), text=text)
        answer.answer_with(named=list(given.named))
    if not (wants_json() and target is None):
        with output.sink(target, path, force=force) as write:
            write(text.encode())
    for name in given.named:
        talk(_("It names “{name}”. Read it before you send it.").format(name=sanitize(name)))


def _as_toml(value: Any) -> Any:
    """A value as a person would write it: long texts over several lines."""
    if isinstance(value, str):
        return tomlkit.string(f"\n{value}\n" if "\n" in value else value, multiline="\n" in value)
    if isinstance(value, Mapping):
        table = tomlkit.table()
        for key, one in value.items():
            table.add(key, _as_toml(one))
        return table
    if isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
        tables = tomlkit.aot()
        for one in value:
            tables.append(_as_toml(one))
        return tables
    return tomlkit.item(value)


# What a catalogue brings, before it is on the board and after


def _look(store: Store, url: str, pin: str) -> CatalogueNews:
    with _watched() as (going, progress):
        return catalogues.look_at(
            store.session,
            url,
            pin=pin,
            going=going,
            reading=lambda done: progress.say(_("Reading: {n} files …").format(n=done)),
            ask=is_interactive(),
        )


@contextmanager
def _watched() -> Iterator[tuple[Any, ProgressLine]]:
    """Tell how far it is to whoever waits, and let Ctrl-C stop it."""
    progress = ProgressLine()
    with stoppable() as stop:

        def going(step: GitProgress) -> None:
            if stop.asked:
                raise SharingFailed(GitErrorKind.STOPPED)
            progress.say(_("Fetching: {done} of {total} …").format(**step._asdict()))

        try:
            yield going, progress
        finally:
            progress.end()


def _show(news: CatalogueNews) -> None:
    """What it would bring, for whoever has to agree."""
    for line in importing.news_words(news):
        talk(line)
    _warn(news)


def _warn(news: CatalogueNews) -> None:
    for line in importing.news_mistakes(news):
        talk(line)


def _ask(*, yes: bool) -> None:
    """Go on only if somebody agrees.

    Raises:
        WrongUse: if there is nobody to ask.
    """
    if yes:
        return
    if not is_interactive():
        raise WrongUse(_("Nothing was taken in. Say --yes if that is what you want."))
    confirm(_("Take it in?"), default=True, abort=True)


def _tell(done: Sequence[CatalogueNews]) -> None:
    if wants_json():
        emit_json(
            {
                "catalogues": [
                    {
                        "name": one.manifest.name,
                        "commit": one.history.commit,
                        "new": one.pitfalls,
                        "fixes": one.fixes,
                        "withdrawn": one.withdrawn,
                        "changes": one.changes,
                        "mistakes": [say(wrong) for wrong in one.history.misprints],
                    }
                    for one in done
                ]
            }
        )
        return
    for one in done:
        talk(importing.taken_words(one))
