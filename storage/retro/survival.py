"""How long a share of the waiting waited, where some still wait.

After Kaplan and Meier, "Nonparametric estimation from incomplete observations" (1958): who
still waits counts among those who wait for as long as it is known that they did, and not
at all afterwards. Leaving them out would tell of those alone who did not wait for long.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import Final

#: Products of many shares are not exact; half of ten is half nevertheless.
_NEARLY: Final = 1e-9


def quantile(share: float, reached: Iterable[int], censored: Iterable[int]) -> int | None:
    """The least time by which ``share`` of all had reached it; None if that is not known.

    Args:
        share: between 0 and 1, such as 0.5 for the median.
        reached: how long each of those waited that reached it.
        censored: how long each of the others has waited so far.
    """
    times = Counter(reached)
    waited = sorted([*times.elements(), *censored])
    left = 1.0
    for time in sorted(times):
        at_risk = len(waited) - bisect_left(waited, time)
        left *= 1 - times[time] / at_risk
        if left <= 1 - share + _NEARLY:
            return time
    return None
