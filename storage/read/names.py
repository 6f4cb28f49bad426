"""The names on a board: ids, components, tags, people, versions; and who is writing on it.

A version pair is an app version with a base library that it was seen with.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.db.reader import CATALOGUE_NAME, OF_CATALOGUE, BoardPart, Reader, given_id, row_guard
from storage.errors import N_, Ambiguous, NotFound
from storage.model.environment import CatalogueAuthor, Environment, version_key
from storage.model.fields import LONGEST_WHO
from storage.model.row import Text
from storage.model.version_pairs import VersionPair, contradiction
from storage.model.vocabulary import CatalogueTag, Host, Platform

if TYPE_CHECKING:
    from storage.model.version_pairs import Contradiction

#: So many characters of an id a short one has at least, and a write has to be given.
_SHORTEST_ID: Final = 4
_BEGINNING: Final = """
SELECT id, title, title_zh FROM pitfalls WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT 10
"""
_AXES: Final = {"lib": "library", "client": "client"}
#: How many versions are looked through, from the newest on.
_VERSIONS: Final = 300


class NameReader(BoardPart):
    """Resolves and completes names, those of ids aside with the names of today."""

    _shortest = 1

    def require_enough(self) -> None:
        """From now on, refuse ids so short that one character decides what is changed."""
        self._shortest = _SHORTEST_ID

    def resolve(self, prefix: str) -> str:
        """The id that begins with ``prefix``.

        Raises:
            NotFound: if none does, or too little of it is given.
            Ambiguous: if several do; the error holds them.
        """
        wanted = given_id(prefix)
        if len(wanted) < self._shortest:
            raise NotFound(
                N_("“{prefix}” is too short to change a pitfall: give {count} digits of its id."),
                N_("“pitboard list” shows the ids."),
                prefix=prefix,
                count=self._shortest,
            )
        rows = self._reader.fetch_all(_BEGINNING, (wanted,))
        if not rows:
            raise NotFound(
                N_("No pitfall has an id that begins with “{prefix}”."),
                N_("“pitboard list” shows the ids."),
                prefix=prefix,
            )
        if len(rows) > 1 and str(rows[0][0]) != wanted:
            raise Ambiguous(prefix, [(self.short_id(one), Text.of(*title)) for one, *title in rows])
        return str(rows[0][0])

    def short_id(self, pitfall: str) -> str:
        """The shortest prefix, of four characters or more, that is unique on this board."""
        [(before, after)] = self._reader.fetch_all(
            "SELECT (SELECT max(id) FROM pitfalls WHERE id < ?1),"
            " (SELECT min(id) FROM pitfalls WHERE id > ?1)",
            (pitfall,),
        )
        shared = max(_shared_length(pitfall, str(other or "")) for other in (before, after))
        return pitfall[: max(_SHORTEST_ID, shared + 1)]

    def components(self) -> list[str]:
        """Every component, those with most pitfalls first."""
        rows = self._reader.fetch_all(
            "SELECT component FROM pitfalls GROUP BY 1 ORDER BY count(*) DESC, 1"
        )
        return [str(name) for (name,) in rows if name]

    def tags(self) -> list[str]:
        """Every tag, the most used first."""
        rows = self._reader.fetch_all("SELECT tag FROM tags GROUP BY 1 ORDER BY count(*) DESC, 1")
        return [str(tag) for (tag,) in rows]

    def matching(self, field: str, part: str, language: str, limit: int) -> list[str]:
        """Values of a field that contain ``part``: those that begin with it first, then by use.

        Args:
            field: ``component``, ``tag``, ``by``, ``source``, ``assignee``, or for versions, the
                newest of which come first, ``lib`` or ``client``; others have none.
            part: the text, in either case.
            language: the reader's language.
            limit: the maximum number of values.
        """
        chinese = language.startswith("zh")
        match field:
            case "component":
                read = "ifnull(nullif(component_zh, ''), component)" if chinese else "component"
                return self._most_used(read, "main.pitfalls", part, limit)
            case "tag":
                return self._tags_with(part, limit, chinese=chinese)
            case "assignee":
                return self._people(part, limit)
            case "by":
                return self._authors_with(part, limit, chinese=chinese)
            case "source":
                table = f"(SELECT {CATALOGUE_NAME} AS name FROM events WHERE {OF_CATALOGUE})"
                return self._most_used("name", table, part, limit)
            case "lib" | "client":
                return self._versions(_AXES[field], part)[:limit]
            case _:
                return []

    def source(self, pitfall: str) -> str:
        """The catalogue that a pitfall comes from; empty if it was reported by people."""
        rows = self._reader.fetch_all(
            f"SELECT {CATALOGUE_NAME} FROM events WHERE pitfall = ? AND {OF_CATALOGUE}", (pitfall,)
        )
        return str(rows[0][0]) if rows else ""

    def _people(self, part: str, limit: int) -> list[str]:
        """Who takes care of something, then who reported something."""
        names = self._most_used("assignee", "main.pitfalls", part, limit)
        names += self._most_used("reported_by", "main.pitfalls", part, limit + len(CatalogueAuthor))
        # The catalogue reports, and takes care of nothing.
        return [name for name in dict.fromkeys(names) if name not in {*CatalogueAuthor}][:limit]

    def _authors_with(self, part: str, limit: int, *, chinese: bool) -> list[str]:
        """Who reported something; the catalogue's author in the reader's language."""
        names = self._most_used("reported_by", "main.pitfalls", part, limit)
        if not chinese:
            return names
        written = {one.value: one.zh for one in CatalogueAuthor}
        besides = [one.zh for one in CatalogueAuthor if part and part in one.zh]
        return [*dict.fromkeys([*besides, *(written.get(name, name) for name in names)])][:limit]

    def _tags_with(self, part: str, limit: int, *, chinese: bool) -> list[str]:
        """Tags that contain ``part``; those of the catalogue in the reader's language."""
        if not chinese:
            return self._most_used("tag", "main.tags", part, limit)
        read = {one.value: one.zh for one in CatalogueTag}
        found = [(read.get(tag, tag), tag) for tag in self.tags()]
        wanted = part.casefold()
        fitting = [both for both in found if any(wanted in one.casefold() for one in both)]
        # First those that begin with it, by their name or by the tag itself.
        fitting.sort(key=lambda both: not any(one.casefold().startswith(wanted) for one in both))
        return [name for name, _tag in fitting[:limit]]

    def _most_used(self, column: str, table: str, part: str, limit: int) -> list[str]:
        # The names of columns and tables come from above, never from what was typed.
        rows = self._reader.fetch_all(
            f"SELECT {column} FROM {table} WHERE {column} <> '' AND instr(lower({column}), ?)"
            f" GROUP BY 1 ORDER BY instr(lower({column}), ?) > 1, count(*) DESC, 1 LIMIT ?",
            (part.lower(), part.lower(), limit),
        )
        return [str(name) for (name,) in rows]

    def _versions(self, axis: str, part: str) -> list[str]:
        """Distinct versions, the newest first; each step jumps over all pitfalls of one."""
        rows = self._reader.fetch_all(
            "WITH RECURSIVE distinct_keys (key) AS ("
            " SELECT max(key) FROM main.seen_versions WHERE axis = ?1 UNION ALL"
            " SELECT (SELECT max(key) FROM main.seen_versions WHERE axis = ?1 AND key < newer.key)"
            " FROM distinct_keys AS newer WHERE key IS NOT NULL LIMIT ?2)"
            " SELECT (SELECT version FROM main.seen_versions"
            " WHERE axis = ?1 AND key = here.key LIMIT 1)"
            " FROM distinct_keys AS here WHERE key IS NOT NULL",
            (axis, _VERSIONS),
        )
        return [str(version) for (version,) in rows if str(version).startswith(part)]


def _shared_length(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


#: Read from one index alone, which holds the groups one after the other.
_PAIRS: Final = """
SELECT host, platform, client_version, base_library, sum(count), count(*), min(seen_at),
  max(seen_at)
FROM {occurrences}
WHERE client_version <> '' AND base_library <> '' {where}
GROUP BY host, platform, client_version, base_library
"""
_HOSTS: Final = {host: place for place, host in enumerate(Host)}
_PLATFORMS: Final = {platform: place for place, platform in enumerate(Platform)}


class VersionPairReader(BoardPart):
    """Reads which app and base library versions occur together.

    Args:
        reader: reads the board.
        occurrences: the table to read, with the index to use.
    """

    def __init__(
        self, reader: Reader, occurrences: str = "occurrences INDEXED BY idx_occurrences_runs"
    ) -> None:
        super().__init__(reader)
        self._occurrences = occurrences

    def all(self, host: Host | None = None, platform: Platform | None = None) -> list[VersionPair]:
        """Every pair of an app version and a base library in the occurrences, with their counts.

        By host app; then the newest app version first, then by platform, then the newest base
        library first. Versions that can't be compared come last.

        Args:
            host, platform: only occurrences there; None for all, unspecified ones included.
        """
        return sorted(self._unsorted(host, platform), key=_place)

    def _unsorted(self, host: Host | None, platform: Platform | None) -> list[VersionPair]:
        wanted = [(name, one) for name, one in (("host", host), ("platform", platform)) if one]
        where = "".join(f" AND {name} = ?" for name, _ in wanted)
        rows = self._reader.fetch_all(
            _PAIRS.format(occurrences=self._occurrences, where=where),
            [one.value for _, one in wanted],
        )
        return [_run(row) for row in rows]

    def contradiction(self, where: Environment, at: int | None = None) -> Contradiction | None:
        """How a new occurrence's versions contradict the known pairs; None if they don't.

        Args:
            where: its environment; see :func:`storage.model.version_pairs.contradiction`.
            at: its time (ms); None for now.
        """
        if where.host is None or where.platform is None:
            return None
        return contradiction(where, self._unsorted(where.host, where.platform), at)


@row_guard
def _run(row: Any) -> VersionPair:
    host, platform, client, library, count, occurrences, first, last = row
    return VersionPair(
        host=Host(host) if host else None,
        client_version=client,
        platform=Platform(platform) if platform else None,
        base_library=library,
        count=count,
        occurrences=occurrences,
        first_seen=first,
        last_seen=last,
    )


def _place(run: VersionPair) -> tuple[object, ...]:
    """What runs are sorted by."""
    return (
        _HOSTS[run.host] if run.host else len(_HOSTS),
        _turned(run.client_version),
        _PLATFORMS[run.platform] if run.platform else len(_PLATFORMS),
        _turned(run.base_library),
    )


@lru_cache(maxsize=4096)
def _turned(version: str) -> tuple[bool, tuple[int, ...], str]:
    """What sorts versions from the newest to the oldest, and those that are none at the end."""
    key = version_key(version)
    if key is None:
        return True, (), version
    # A longer version is a later one: 4.1 is 4.1.0.
    return False, (*(-int(number) for number in re.findall(r"\d+", key)), 1), version


# Who is writing: a name for people to read, not a proof


def person(configured: str = "") -> str:
    """The name under which events are written.

    Args:
        configured: the name from the user's configuration. ``PITBOARD_WHO``
            goes before it; without both it is git's ``user.name``, else the login.
    """
    return (os.environ.get("PITBOARD_WHO") or configured or _git_name() or _login())[:LONGEST_WHO]


def _login() -> str:
    # Loaded here, since most people have a name, and reading needs none.
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


# git's user.name: starting git takes longer than writing an event, so its files are read


#: Where git may have been told of other files, or of values.
_OVERRIDDEN: Final = ("GIT_CONFIG", "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_CEILING")
_SECTION: Final = r"\s*\[\s*([\w.-]+)\s*(\"?)[^]]*\]\s*(.*)"
_VALUE: Final = r"\s*name\s*=\s*(.*?)\s*"
#: What only git reads: other files, and lines that go on; in a value quotes, escapes, comments.
_FOR_GIT: Final = r"(?im)^\s*\[\s*include|worktreeConfig|\\$"
_QUOTED: Final = r"[\"\\#;]"


class _Intricate(Exception):
    """Only git itself can tell."""


def _git_name() -> str:
    """git's ``user.name`` here; from its files where they are plain, else from git."""
    if any(name.startswith(_OVERRIDDEN) for name in os.environ):
        return _asked_of_git()
    try:
        for path in _git_files():
            name = _name_in(path)
            if name is not None:
                return name
    except (OSError, RuntimeError, _Intricate):
        return _asked_of_git()
    # Elsewhere, only git knows where its own installation keeps a file.
    return "" if sys.platform == "linux" else _asked_of_git()


def _git_files() -> Iterator[Path]:
    """The files that hold git's configuration here, in the order in which they count."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        inside = folder / ".git"
        if inside.is_file():
            inside = _linked(inside)
        if (inside / "HEAD").exists():
            yield inside / "config"
            break
        if (folder / "HEAD").exists():
            # Perhaps a bare repository.
            raise _Intricate
    home = Path.home()
    yield home / ".gitconfig"
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git" / "config"
    yield Path("/etc/gitconfig")
    yield Path("/usr/local/etc/gitconfig")


def _linked(file: Path) -> Path:
    """Where the repository is that a linked work tree or a submodule names."""
    inside = file.parent / file.read_text("utf-8").removeprefix("gitdir:").strip()
    shared = inside / "commondir"
    return inside / shared.read_text("utf-8").strip() if shared.exists() else inside


def _name_in(path: Path) -> str | None:
    """The ``user.name`` that a file sets last; None if it sets none.

    Raises:
        _Intricate: if it takes git to read it.
    """
    try:
        text = path.read_text("utf-8-sig", errors="replace")
    except FileNotFoundError:
        return None
    if re.search(_FOR_GIT, text):
        raise _Intricate
    section, found = "", None
    for line in text.splitlines():
        if heads := re.fullmatch(_SECTION, line):
            section = f"{heads[1].casefold()}{heads[2]}"
            line = heads[3]
        if section == "user" and (said := re.fullmatch(_VALUE, line, re.IGNORECASE)):
            if re.search(_QUOTED, said[1]):
                raise _Intricate
            found = said[1]
    return found


def _asked_of_git() -> str:
    # Loaded here, since most configurations are read without starting git.
    import subprocess

    try:
        asked = subprocess.run(
            ["git", "config", "--get", "user.name"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()
