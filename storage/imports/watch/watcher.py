"""Looking at the pages that a board links: which are due, what became of them, what that suggests.

What is found is kept in tables of the board's file alone, page by page. No event is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from filelock import FileLock, Timeout

from storage.db.board_files import beside
from storage.errors import N_, Busy, PitboardError
from storage.imports.watch.fetch import FetchedPage, Fetcher, HostState, page_text
from storage.imports.watch.pages import PageContent, Post, other_route, read_page
from storage.imports.watch.request import FetchFailed, NotAsked, web_address
from storage.imports.watch.suggestions import gone, suggestion
from storage.model.clock import DAY_MS
from storage.model.fields import NamedTuple
from storage.model.verdicts import ReplySuggestion
from storage.model.vocabulary import WatchOutcome
from storage.text.zones import day_of
from storage.write.session import WriteSession

#: After so many days a page is looked at again, by how often it could not be read before.
_AGAIN_AFTER_DAYS: Final = (1, 1, 3, 7)
#: A page is gone if that is found twice, so far apart (ms).
_GONE_APART: Final = DAY_MS

#: A pitfall has one suggestion for each of its links.
_NAMED_BY: Final = ("pitfall", "url")

_LINKS: Final = """
SELECT r.pitfall, r.url, r.at, e.actor = (SELECT actor FROM store)
FROM pitfall_references AS r JOIN events AS e
  ON e.pitfall = r.recorded_on AND e.id = r.id AND e.kind <> 'occurrence_logged'
WHERE r.pitfall IN (SELECT value FROM json_each(?)) ORDER BY r.pitfall, r.place
"""


class WatchedLink(NamedTuple):
    """A page that some pitfalls link.

    ``places`` are the pitfalls with the address as each has it, ``known_since`` is when (ms) the
    first of them got it; ``is_ours`` says that this store wrote one of these links itself.
    """

    url: str
    host: str
    places: tuple[tuple[str, str], ...]
    known_since: int
    is_ours: bool

    @property
    def pitfalls(self) -> tuple[str, ...]:
        """The pitfalls that link it."""
        return tuple(dict.fromkeys(pitfall for pitfall, _url in self.places))


class HeldPage(NamedTuple):
    """What is known of a page from earlier looks; times in ms."""

    outcome: WatchOutcome | None = None
    content: PageContent | None = None
    final: str = ""
    etag: str = ""
    last_modified: str = ""
    looked_at: int = 0
    due_at: int = 0
    failures: int = 0
    gone_at: int | None = None


#: The fields of what is held whose columns are called as they are.
_PLAIN: Final = HeldPage._fields[2:]


class LookedAt(NamedTuple):
    """What a look at a page came to; ``why`` is set where it could not be read."""

    link: WatchedLink
    outcome: WatchOutcome
    content: PageContent | None = None
    why: PitboardError | None = None
    suggestions: tuple[ReplySuggestion, ...] = ()


class Watcher:
    """Looks at pages that a board links.

    Args:
        session: of the board; only its local tables are written.
        fetcher: makes the fetcher from what may be asked; None where no page is fetched.
    """

    def __init__(
        self,
        session: WriteSession,
        may_ask: Callable[[str], bool] = lambda host: False,
        fetcher: Callable[[Callable[[str], bool], dict[str, HostState]], Fetcher] | None = None,
    ) -> None:
        self._session = session
        with session.locked():
            rows = session.connection.execute(
                f"SELECT host, {', '.join(HostState._fields)} FROM watched_hosts"
            ).fetchall()
        hosts = {str(host): HostState(*rest) for host, *rest in rows}
        self._fetcher = fetcher(may_ask, hosts) if fetcher else Fetcher(may_ask, hosts)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other run looks at pages of this board meanwhile: hosts are asked once in a while.

        Raises:
            Busy: if another one does.
        """
        lock = FileLock(beside(self._session.path, ".watch.lock"), timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise Busy(
                N_("Another run is looking at the pages of {path}."),
                N_("Try again when it is done."),
                path=self._session.path,
            ) from error
        try:
            yield
        finally:
            lock.release()

    @property
    def is_spent(self) -> bool:
        """Whether no more requests may be made in this run."""
        return self._fetcher.left <= 0

    def links(self, pitfalls: Iterable[str]) -> list[WatchedLink]:
        """The pages that some pitfalls link, the one that was looked at longest ago first."""
        with self._session.locked():
            rows = self._session.connection.execute(
                _LINKS, (json.dumps(list(pitfalls)),)
            ).fetchall()
        found: dict[str, WatchedLink] = {}
        for pitfall, url, at, is_ours in rows:
            # What is no web address, or has a password in it, is nothing to look at.
            with suppress(FetchFailed):
                place = web_address(url)
                one = found.get(str(place)) or WatchedLink(str(place), place.host, (), at, False)
                found[one.url] = one._replace(
                    places=(*one.places, (pitfall, url)),
                    known_since=min(one.known_since, at),
                    is_ours=one.is_ours or bool(is_ours),
                )
        held = self.held(found)
        return sorted(found.values(), key=lambda one: held[one.url].looked_at)

    def held(self, urls: Collection[str]) -> dict[str, HeldPage]:
        """What is known of each of some pages."""
        with self._session.locked():
            rows = self._session.connection.execute(
                f"SELECT url, outcome, page, {', '.join(_PLAIN)} FROM watched"
                " WHERE url IN (SELECT value FROM json_each(?))",
                (json.dumps(list(urls)),),
            ).fetchall()
        known = {
            str(url): HeldPage(WatchOutcome(outcome), _content(page), *rest)
            for url, outcome, page, *rest in rows
        }
        return {url: known.get(url, HeldPage()) for url in urls}

    def waits(self, link: WatchedLink, *, only_due: bool) -> bool:
        """Whether a page is not to be looked at yet.

        Args:
            link: the page.
            only_due: whether a page that could be read waits for its day as well.
        """
        held = self.held([link.url])[link.url]
        return held.due_at > self._session.now() and (only_due or held.failures > 0)

    def look(self, link: WatchedLink) -> LookedAt:
        """Look at a page now, and keep what is found."""
        held = self.held([link.url])[link.url]
        now = self._session.now()
        try:
            page, content = self._read(link.url, held)
        except NotAsked as failure:
            # Another host, which was asked, may have led there.
            with self._session.writing():
                self._keep_hosts()
            return LookedAt(link, failure.outcome, held.content, failure)
        except FetchFailed as failure:
            looked = self._failed(link, held, failure, now)
            after = held._replace(outcome=looked.outcome, looked_at=now)
            if failure.outcome is WatchOutcome.GONE:
                after = after._replace(gone_at=held.gone_at or now, failures=held.failures + 1)
            elif failure.outcome is WatchOutcome.OFFLINE:
                after = after._replace(failures=held.failures + 1)
            else:
                after = after._replace(gone_at=None, failures=held.failures + 1)
            days = _AGAIN_AFTER_DAYS[min(after.failures, len(_AGAIN_AFTER_DAYS) - 1)]
            due_at = now + max(days * DAY_MS, failure.retry_after or 0)
            self._keep(looked, after._replace(due_at=due_at))
            return looked
        looked = _compared(link, held.content, content, now)
        after = HeldPage(
            looked.outcome,
            content,
            page.url,
            page.etag,
            page.last_modified,
            now,
            now + _AGAIN_AFTER_DAYS[0] * DAY_MS,
        )
        self._keep(looked, after)
        return looked

    def look_at_file(self, link: WatchedLink, data: bytes, *, keep: bool = True) -> LookedAt:
        """What a saved copy of a page comes to, as a look at the page itself would.

        Args:
            link: the page; without places, it is only read.
            data: of the file.
            keep: whether to keep what is found.

        Raises:
            FetchFailed: if the page is unreadable.
        """
        content = read_page(link.url, page_text(link.url, data))
        now = self._session.now()
        held = self.held([link.url])[link.url]
        looked = _compared(link, held.content, content, now)
        if keep and link.places:
            after = HeldPage(looked.outcome, content, link.url, "", "", now, now + DAY_MS)
            self._keep(looked, after)
        return looked

    def _read(self, url: str, held: HeldPage) -> tuple[FetchedPage, PageContent]:
        """A page as it came, and what it says."""
        is_known = held.content is not None
        page = self._fetcher.fetch(
            url, held.etag if is_known else "", held.last_modified if is_known else ""
        )
        if page.is_same and held.content is not None:
            return page._replace(etag=held.etag, last_modified=held.last_modified), held.content
        try:
            return page, read_page(page.url, page.text())
        except FetchFailed as failure:
            other = other_route(page.url)
            if failure.outcome is not WatchOutcome.UNREADABLE or other is None:
                raise
            # What its server says of the other route does not hold for the page.
            found = self._fetcher.fetch(other)
            content = read_page(found.url, found.text())
            return FetchedPage(page.url), content

    def _failed(
        self, link: WatchedLink, held: HeldPage, failure: FetchFailed, now: int
    ) -> LookedAt:
        found: tuple[ReplySuggestion, ...] = ()
        is_gone = failure.outcome is WatchOutcome.GONE and held.gone_at is not None
        if is_gone and now - (held.gone_at or now) >= _GONE_APART:
            found = _for_each(link, gone(link.url), now)
        return LookedAt(link, failure.outcome, held.content, failure, found)

    def _keep(self, looked: LookedAt, after: HeldPage) -> None:
        """Keep what a look came to, with what was learnt of hosts, in one transaction."""
        why = "" if looked.why is None else str(looked.why)
        with self._session.writing():
            connection = self._session.connection
            connection.execute(
                f"INSERT OR REPLACE INTO watched (url, outcome, why, page, {', '.join(_PLAIN)})"
                f" VALUES (?, ?, ?, ?{', ?' * len(_PLAIN)})",
                (
                    *(looked.link.url, looked.outcome.value, why, _written(after.content)),
                    *after[2:],
                ),
            )
            self._keep_hosts()
            # What is suggested already keeps the time at which it was found.
            names = ReplySuggestion._fields
            changed = ", ".join(f"{one} = excluded.{one}" for one in names if one not in _NAMED_BY)
            connection.executemany(
                f"INSERT INTO suggestions ({', '.join(names)}) VALUES (:{', :'.join(names)})"
                f" ON CONFLICT ({', '.join(_NAMED_BY)}) DO UPDATE SET {changed}"
                " WHERE (post, digest) <> (excluded.post, excluded.digest)",
                [
                    one._asdict()
                    | {"kind": one.kind or "", "why": json.dumps(one.why, ensure_ascii=False)}
                    for one in looked.suggestions
                ],
            )

    def _keep_hosts(self) -> None:
        """Keep what was learnt of hosts: the next run waits for them, and asks for no robots.txt.

        Inside a transaction.
        """
        self._session.connection.executemany(
            f"INSERT OR REPLACE INTO watched_hosts (host, {', '.join(HostState._fields)})"
            f" VALUES (?{', ?' * len(HostState._fields)})",
            [(host, *state) for host, state in self._fetcher.hosts.items()],
        )


def _compared(
    link: WatchedLink, before: PageContent | None, content: PageContent, now: int
) -> LookedAt:
    found = suggestion(link.url, before, content, link.known_since)
    suggested = () if found is None else _for_each(link, found, now)
    differs = bool(suggested) if before is None else _said(before) != _said(content)
    outcome = WatchOutcome.CHANGED if differs else WatchOutcome.SAME
    return LookedAt(link, outcome, content, None, suggested if differs else ())


def _said(content: PageContent) -> tuple[str, frozenset[tuple[str, bool]]]:
    """What a page says, whatever its posts are called."""
    return content.title, frozenset((post.digest, post.official) for post in content.posts)


def _for_each(link: WatchedLink, found: ReplySuggestion, now: int) -> tuple[ReplySuggestion, ...]:
    # A page may name a day that lies ahead, on which nothing can have been said.
    if found.said_on > day_of(now):
        found = found._replace(said_on="")
    return tuple(
        found._replace(pitfall=pitfall, url=url, found_at=now) for pitfall, url in link.places
    )


def _written(content: PageContent | None) -> str:
    return "" if content is None else json.dumps(content, ensure_ascii=False)


def _content(text: str) -> PageContent | None:
    """What a page said, as it was kept; None if it never could be read."""
    if not text:
        return None
    title, posts, marks = json.loads(text)
    return PageContent(title, tuple(Post(*post) for post in posts), tuple(marks))
