"""Which releases of the client there were, as far as anybody saw something in one."""

from __future__ import annotations

from typing import Final

from storage.model.retro import Release
from storage.model.versions import version_key
from storage.model.vocabulary import Host
from storage.retro.elapsed import Looking

#: The versions of the other host app are not counted like these.
_FIRST_SEEN: Final = f"""
SELECT client_version, min(seen_at) FROM occurrences
WHERE client_version <> '' AND ifnull(host, '') <> '{Host.WECHAT}' GROUP BY client_version
"""


class Releases(Looking):
    """Reads when the versions of the client were seen first."""

    def releases(self) -> tuple[Release, ...]:
        """The versions of WeCom that were newer than any seen before, the oldest first."""
        seen = sorted((at, version_key(name) or "", name) for name, at in self._all(_FIRST_SEEN))
        found: list[Release] = []
        newest = ""
        for at, key, name in seen:
            if key > newest:
                newest = key
                found.append(Release(name, at))
        return tuple(found)
