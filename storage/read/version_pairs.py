"""Version pairs: the base libraries that each app version was seen with."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from storage.db.reader import BoardPart, Reader
from storage.db.rows import row_guard
from storage.model.environment import Environment, version_key
from storage.model.version_pairs import VersionPair, contradiction
from storage.model.vocabulary import Host, Platform

if TYPE_CHECKING:
    from storage.model.version_pairs import Contradiction

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
    return False, (*(-int(number) for number in key.split(".")), 1), version
