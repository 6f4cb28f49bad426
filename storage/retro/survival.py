"""How long a share of the waiting waited, where some still wait.

After Kaplan and Meier, "Nonparametric estimation from incomplete observations" (1958): who
still waits counts among those who wait for as long as it is known that they did, and not
at all afterwards. Leaving them out would tell of those alone who did not wait for long.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

#: Products of many shares are not exact; half of ten is half nevertheless.
_NEARLY: Final = 1e-9


def quantiles(
    shares: Sequence[float], reached: Iterable[int], censored: Iterable[int]
) -> list[int | None]:
    """For each share, the least time by which so many of all had reached it; None if not known.

    Args:
        shares: between 0 and 1, such as 0.5 for the median, the least first.
        reached: how long each of those waited that reached it.
        censored: how long each of the others has waited so far.
    """
    times = Counter(reached)
    waited = sorted([*times.elements(), *censored])
    found: list[int | None] = []
    left = 1.0
    for time in sorted(times):
        at_risk = len(waited) - bisect_left(waited, time)
        left *= 1 - times[time] / at_risk
        while len(found) < len(shares) and left <= 1 - shares[len(found)] + _NEARLY:
            found.append(time)
    return found + [None] * (len(shares) - len(found))
