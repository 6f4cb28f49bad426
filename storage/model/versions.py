"""Version numbers as the vendor writes them, compared as versions.

``4.0.20 < 4.1.0 < 4.1.8(18808)``: the dotted numbers count, a build or a suffix
behind them does not, and neither do zeros at the end.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_VERSION: Final = r"[vV]?(\d+(?:\.\d+)*)(?![.\d])"
_WIDTH: Final = 10
#: More numbers than any version has; what is longer is no version.
_MOST: Final = 8


@lru_cache(maxsize=4096)
def version_key(version: str) -> str | None:
    """Text that sorts as ``version`` does among versions; None if it can't be compared.

    Equal keys are equal versions: ``2.14`` and ``2.14.0 (beta)`` have the same.
    """
    compared = compared_part(version)
    if compared is None:
        return None
    numbers = [number.lstrip("0") or "0" for number in compared.split(".")]
    if len(numbers) > _MOST or max(map(len, numbers)) > _WIDTH:
        return None
    while len(numbers) > 1 and numbers[-1] == "0":
        numbers.pop()
    return ".".join(number.zfill(_WIDTH) for number in numbers)


def compared_part(version: str) -> str | None:
    """The dotted numbers at the beginning of a version; None if there are none."""
    found = re.match(_VERSION, version.strip())
    return found[1] if found is not None else None
