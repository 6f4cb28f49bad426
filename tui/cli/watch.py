"""The verb ``watch``: look whether the pages that pitfalls link have changed."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import N_, NotFound, PitboardError
from storage.model.vocabulary import WatchOutcome
from storage.text.dates import now_ms, zoned
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import option, output
from tui.cli.answer import wants_json
from tui.cli.changes import each_name
from tui.cli.input import WrongUse, confirm, is_interactive
from tui.cli.list import QueryVerb, QueryWord, understood
from tui.cli.open_board import must_have_extra, writing
from tui.cli.output import (
    ProgressLine,
    columns,
    emit,
    emit_json,
    emit_rows,
    for_people,
    styled,
    talk,
)
from tui.text.cells import cut
from tui.text.i18n import _, language, listed, ngettext, say

if TYPE_CHECKING:
    from storage.imports.watch import fetch, request, watcher
    from storage.imports.watch.fetch import Fetcher
    from storage.imports.watch.watcher import LookedAt, WatchedLink
    from storage.model.verdicts import ReplySuggestion
    from storage.read.board import Board
    from storage.write.store import Store
    from tui.cli import config as config_verbs
    from tui.services import config as config_model
    from tui.services import config_file
    from tui.text import verdicts, vocabulary
else:
    vocabulary = deferred("tui.text.vocabulary")
    config_verbs = deferred("tui.cli.config")
    fetch = deferred("storage.imports.watch.fetch")
    request = deferred("storage.imports.watch.request")
    watcher = deferred("storage.imports.watch.watcher")
    config_model = deferred("tui.services.config")
    config_file = deferred("tui.services.config_file")
    verdicts = deferred("tui.text.verdicts")

#: What is looked at if nothing is named: what the vendor has not fixed.
_DEFAULT: Final = "has:reference -status:fixed"
_IDS: Final = re.compile(r"[0-9a-fA-F]{4,16}")
_REFUSED: Final = "!"
#: Makes what fetches pages; tests give one for a server of their own.
make_fetcher: Callable[..., Fetcher] | None = None


@click.command(
    "watch",
    cls=QueryVerb,
    examples=(
        "pitboard watch 867d",
        "pitboard watch --due",
        "pitboard watch 867d --from-file thread.html --url https://a.example/thread",
    ),
    help=_(
        "Look for vendor replies on linked pages.\n\n"
        "It fetches the pages that pitfalls link and suggests a vendor reply in the inbox where"
        " one changed; it changes no pitfall. Without ID or QUERY it looks at all that is not"
        " fixed. Only hosts among your setting watch_hosts are asked, once in 10 seconds and at"
        " most 50 times in a run. Piped, it writes one tab-separated line per page: outcome, ids,"
        " URL, suggested kind, why."
    ),
)
@click.argument("query", metavar="[ID…|QUERY]", nargs=-1, type=QueryWord())
@option("--due", is_flag=True, help=_("Look only at pages that are due, for a timer."))
@option("--dry-run", is_flag=True, help=_("List the pages; fetch and keep nothing."))
@option("--from-file", metavar="PAGE", help=_("Read a saved page instead; - is stdin."))
@option("--url", metavar="URL", help=_("Where the saved page is from."))
@click.pass_context
def watch(
    context: click.Context,
    query: tuple[str, ...],
    due: bool,
    dry_run: bool,
    from_file: str | None,
    url: str | None,
) -> int:
    """Look at pages."""
    if (from_file is None) != (url is None):
        raise WrongUse(_("--from-file PAGE and --url URL go together."))
    must_have_extra(context, "watch", "urllib3", "lxml")
    with writing(context) as (store, board):
        pitfalls = _meant(board, query, everything=from_file is not None)
        if from_file is not None and url is not None:
            return _read_file(store, board, pitfalls, from_file, url, dry_run)
        return _look(store, board, pitfalls, due=due, dry_run=dry_run)


def _meant(board: Board, words: Sequence[str], *, everything: bool) -> list[str]:
    """The pitfalls that ids or a query name; ids if all of the words can be some."""
    if words and all(one == "-" or _IDS.fullmatch(one) for one in words):
        try:
            # What a duplicate links counts for its original.
            named = [board.duplicates.original(board.resolve(one)) for one in each_name(words)]
            return list(dict.fromkeys(named))
        except NotFound:
            # A word like “feed” may be meant as one.
            if "-" in words:
                raise
    text = " ".join(words) or ("has:reference" if everything else _DEFAULT)
    found = board.find(understood(text), language=language(), candidates=1 << 31, now=now_ms())
    return [row.id for row in found.page(0, found.total)]


def _look(store: Store, board: Board, pitfalls: Sequence[str], *, due: bool, dry_run: bool) -> int:
    """Look at the pages that some pitfalls link."""
    hosts = _Hosts()
    progress = ProgressLine()
    looking = watcher.Watcher(store.session, hosts.may_ask, _fetcher(progress))
    links = looking.links(pitfalls)
    if not links:
        _write(board, [], [], 0, dry_run=dry_run)
        return output.nothing_found(
            _("None of these pitfalls links a web page."),
            _("“pitboard link ID URL” adds a link."),
            even_piped=True,
        )
    asked = [link for link in links if hosts.are_asked(link, may_ask_person=not dry_run)]
    wanted = [link for link in asked if not looking.waits(link, only_due=due)]
    hosts.say_left_out(links)
    if dry_run:
        _write(board, [], [(link, None) for link in wanted], 0, dry_run=True)
        return output.DONE
    output.work_comes_first(lambda: store.session.has_written)
    looked: list[LookedAt] = []
    try:
        with looking.alone():
            for link in wanted:
                if looking.is_spent:
                    break
                progress.say(_("Looking at {url}…").format(url=sanitize(link.url)))
                looked.append(looking.look(link))
    finally:
        progress.end()
    left = len(wanted) - len(looked)
    _write(board, looked, [(one.link, one) for one in looked], left, dry_run=False)
    _sum_up(board, looked, left)
    all_offline = looked and all(one.outcome is WatchOutcome.OFFLINE for one in looked)
    return output.NOT_WRITTEN if all_offline else output.DONE


def _fetcher(progress: ProgressLine) -> Callable[..., Fetcher] | None:
    """Makes what fetches pages; a person sees why it waits."""

    def pause(seconds: float) -> None:
        progress.say(_("Waiting {n} s before the next request…").format(n=round(seconds)))
        time.sleep(seconds)

    def made(*hosts: Any) -> Fetcher:
        return fetch.Fetcher(*hosts, pause=pause)

    return make_fetcher or made


class _Hosts:
    """Which hosts may be asked: those of the setting, and those that a person allows now."""

    def __init__(self) -> None:
        loaded = config_model.load()
        for problem in loaded.problems:
            talk(say(problem))
        self._held = list(loaded.config.watch_hosts)

    def may_ask(self, host: str) -> bool:
        """Whether a host is among those of the setting, exactly."""
        return host in self._held

    def are_asked(self, link: WatchedLink, *, may_ask_person: bool) -> bool:
        """Whether a link's host is asked; a person is asked once about one that is new here.

        Never because of a link that came by a sync or with the catalogue.
        """
        host = link.host
        if self.may_ask(host) or f"{_REFUSED}{host}" in self._held:
            return self.may_ask(host)
        if link.is_ours and may_ask_person and is_interactive() and _can_be_set(host):
            question = _("Look at pages of {host} from now on?").format(host=sanitize(host))
            allowed = confirm(question, default=False)
            self._remember(host if allowed else f"{_REFUSED}{host}")
        return self.may_ask(host)

    def _remember(self, entry: str) -> None:
        self._held.append(entry)
        config_file.set_value(("watch_hosts",), json.dumps(self._held), config_verbs.find_faults)

    def say_left_out(self, links: Sequence[WatchedLink]) -> None:
        """Say which hosts are not asked, and how that changes."""
        hosts = dict.fromkeys(
            link.host
            for link in links
            if not self.may_ask(link.host) and f"{_REFUSED}{link.host}" not in self._held
        )
        if hosts:
            talk(
                _("Not among your watch_hosts, so not asked: {hosts}.").format(
                    hosts=listed([sanitize(host) for host in hosts])
                )
            )
            talk(_("“pitboard config set watch_hosts …” names the hosts that may be asked."))


def _can_be_set(host: str) -> bool:
    return re.match(config_model.HOST_PATTERN, host) is not None


def _read_file(
    store: Store, board: Board, pitfalls: Sequence[str], file: str, url: str, dry_run: bool
) -> int:
    """Read a saved page as if it had been fetched."""
    try:
        place = request.web_address(url)
        looking = watcher.Watcher(store.session)
        found = [link for link in looking.links(pitfalls) if link.url == str(place)]
        link = found[0] if found else watcher.WatchedLink(str(place), place.host, (), 0, False)
        looked = looking.look_at_file(link, _bytes_of(file), keep=not dry_run)
    except request.FetchFailed as failed:
        why = say(failed)
        raise PitboardError(
            N_("The page can't be used ({outcome}): {why}."),
            outcome=vocabulary.word(failed.outcome),
            why=why,
        ) from failed
    _write(board, [looked], [(link, looked)], 0, dry_run=dry_run, with_posts=True)
    if not found:
        return output.nothing_found(
            _("No pitfall of these links that page, so nothing was kept."),
            _("“pitboard link ID URL” adds a link."),
            even_piped=True,
        )
    _sum_up(board, [looked], 0)
    return output.DONE


def _bytes_of(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(request.LARGEST_PAGE + 1)
        with Path(file).open("rb") as stream:
            return stream.read(request.LARGEST_PAGE + 1)
    except OSError as error:
        raise WrongUse(
            _("{path} can't be read: {why}.").format(path=sanitize(file), why=error.strerror)
        ) from error


# What is written


def _write(
    board: Board,
    looked: Sequence[LookedAt],
    pages: Sequence[tuple[WatchedLink, LookedAt | None]],
    waiting: int,
    *,
    dry_run: bool,
    with_posts: bool = False,
) -> None:
    suggestions = [found for one in looked for found in one.suggestions]
    if wants_json():
        emit_json(
            {
                "dry_run": dry_run,
                "pages": [_as_page(link, one, with_posts=with_posts) for link, one in pages],
                "suggestions": [_as_suggestion(one) for one in suggestions],
                "waiting": waiting,
            }
        )
    elif not for_people():
        emit_rows(_row(link, one) for link, one in pages)
    else:
        emit(line for link, one in pages for line in _lines(board, link, one))
        if with_posts:
            emit(line for one in looked for line in _posts(one))


def _row(link: WatchedLink, looked: LookedAt | None) -> tuple[object, ...]:
    found = looked.suggestions[0] if looked is not None and looked.suggestions else None
    kind = found.kind if found is not None else None
    why = "; ".join(found.why) if found is not None else _why(looked)
    outcome = looked.outcome if looked is not None and link.pitfalls else ""
    return (outcome, " ".join(link.pitfalls), sanitize(link.url), kind or "", why)


def _why(looked: LookedAt | None) -> str:
    return say(looked.why) if looked is not None and looked.why is not None else ""


def _lines(board: Board, link: WatchedLink, looked: LookedAt | None) -> Iterator[str]:
    names = " ".join(board.short_id(one) for one in link.pitfalls)
    # Of a page that no pitfall links it is not known what it said before.
    outcome = f"{vocabulary.word(looked.outcome)}  " if looked is not None and link.pitfalls else ""
    why = f"  ({_why(looked)})" if _why(looked) else ""
    yield f"{styled(outcome, bold=True)}{names}  {sanitize(link.url)}{why}"
    for found in looked.suggestions[:1] if looked is not None else ():
        yield f"  → {verdicts.suggestion_words(found)}"
        if found.quote:
            yield f"    {sanitize(found.quote.splitlines()[0])}"


def _posts(looked: LookedAt) -> Iterator[str]:
    """What was read from a page, a line for each post."""
    for post in looked.content.posts if looked.content is not None else ():
        marks = [
            *((_("official badge"),) if post.official else ()),
            *(() if post.is_news else (_("no news"),)),
        ]
        about = [sanitize(post.key), sanitize(post.author), *marks]
        about += [vocabulary.day(post.at)] if post.at is not None else []
        head = " · ".join(one for one in about if one)
        yield cut(f"  {head}: {' '.join(post.text.split())}", columns())


def _as_page(link: WatchedLink, looked: LookedAt | None, *, with_posts: bool) -> dict[str, object]:
    content = looked.content if looked is not None else None
    page: dict[str, object] = {
        "url": link.url,
        "pitfalls": list(link.pitfalls),
        "outcome": looked.outcome if looked is not None and link.pitfalls else None,
        "why": _why(looked),
        "title": content.title if content is not None else "",
        "looked_at": zoned(now_ms()) if looked is not None else None,
    }
    if with_posts and content is not None:
        page["posts"] = [
            {
                "key": post.key,
                "author": post.author,
                "official": post.official,
                "news": post.is_news,
                "at": zoned(post.at),
                "text": post.text,
            }
            for post in content.posts
        ]
    return page


#: What JSON says of a suggestion, by the fields of it.
_SUGGESTED: Final = (
    *("pitfall", "url", "kind", "why", "author", "official", "said_on", "version", "quote"),
)


def _as_suggestion(one: ReplySuggestion) -> dict[str, object]:
    return {name: getattr(one, name) for name in _SUGGESTED}


def _sum_up(board: Board, looked: Sequence[LookedAt], left: int) -> None:
    """Say what it came to, and what waits in the inbox now."""
    counts = Counter(one.outcome for one in looked)
    parts = [
        f"{vocabulary.word(outcome)} {counts[outcome]}"
        for outcome in WatchOutcome
        if counts[outcome]
    ]
    words = ngettext("Looked at {n} page", "Looked at {n} pages", len(looked))
    talk(f"{words.format(n=len(looked))}{': ' + ', '.join(parts) if parts else ''}.")
    pitfalls = dict.fromkeys(found.pitfall for one in looked for found in one.suggestions)
    waiting = [one for one in pitfalls if board.inbox.suggestions(one)]
    if waiting:
        words = ngettext(
            "{n} pitfall waits in the inbox: pitboard triage.",
            "{n} pitfalls wait in the inbox: pitboard triage.",
            len(waiting),
        )
        talk(words.format(n=len(waiting)))
    if left:
        words = ngettext(
            "{n} page is left for the next run.", "{n} pages are left for the next run.", left
        )
        talk(words.format(n=left))
