"""What runs where: the base libraries that each client version was seen with."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from storage.db.reader import Reader
from storage.db.rows import undamaged
from storage.model.records import Environment, Run
from storage.model.versions import version_key
from storage.model.vocabulary import Host, Platform

if TYPE_CHECKING:
    from storage.model.version_pairs import Contradiction

#: Read from one index alone, which holds the groups one after the other.
_RUNS: Final = """
SELECT host, platform, client_version, base_library, sum(count), count(*), min(seen_at),
  max(seen_at)
FROM {occurrences}
WHERE client_version <> '' AND base_library <> '' {where}
GROUP BY host, platform, client_version, base_library
"""
_HOSTS: Final = {host: place for place, host in enumerate(Host)}
_PLATFORMS: Final = {platform: place for place, platform in enumerate(Platform)}


class Runs(Reader):
    """The side of a board that tells which versions are seen together."""

    #: What they are read from, with the index that SQLite has to be told of.
    _occurrences_by_run = "occurrences INDEXED BY idx_occurrences_runs"

    def runs(self, host: Host | None = None, platform: Platform | None = None) -> list[Run]:
        """What every occurrence says of which client version runs which base library.

        By host app; the newest client version first, and of each the platforms, and on each
        the newest base library first. Versions that can't be compared come last.

        Args:
            host, platform: only what was seen there; None for all, also where nobody said.
        """
        return sorted(self._runs(host, platform), key=_place)

    def _runs(self, host: Host | None, platform: Platform | None) -> list[Run]:
        wanted = [(name, one) for name, one in (("host", host), ("platform", platform)) if one]
        where = "".join(f" AND {name} = ?" for name, _ in wanted)
        rows = self._all(
            _RUNS.format(occurrences=self._occurrences_by_run, where=where),
            [one.value for _, one in wanted],
        )
        return [_run(row) for row in rows]

    def contradiction(self, where: Environment, at: int | None = None) -> Contradiction | None:
        """Whether a sighting that is yet to be logged contradicts those that were.

        Args:
            where: where it was made; see :func:`storage.model.version_pairs.contradiction`.
            at: when (ms); None for now.
        """
        if where.host is None or where.platform is None:
            return None
        # Loaded here, since it is asked only where a sighting is about to be logged.
        from storage.model.version_pairs import contradiction

        return contradiction(where, self._runs(where.host, where.platform), at)


@undamaged
def _run(row: Any) -> Run:
    host, platform, client, library, count, occurrences, first, last = row
    return Run(
        host=Host(host) if host else None,
        client_version=client,
        platform=Platform(platform) if platform else None,
        base_library=library,
        count=count,
        occurrences=occurrences,
        first_seen=first,
        last_seen=last,
    )


def _place(run: Run) -> tuple[object, ...]:
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
    return False, (*(-int(number) for number in key.split(".")), 1), version
