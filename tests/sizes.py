"""How large the tests are that try something many times: small in a usual run, and as storms."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import product
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

#: With how many examples properties are tried: in a usual run, where a fault was seeded, and long.
EXAMPLES: Final = {"quick": 40, "full": 100, "thorough": 2_000}

for _name, _most in EXAMPLES.items():
    settings.register_profile(
        _name,
        max_examples=_most,
        # Disks differ, so no example is timed; a random history takes a while to draw.
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def examples(full: int) -> settings:
    """So many examples of a property that is slow to try, in the profile of that name.

    Others take more or fewer, in proportion.
    """
    most = EXAMPLES[settings.get_current_profile_name()]
    return settings(max_examples=full * most // EXAMPLES["full"])


def sizes(small: Any, full: Any) -> list[Any]:
    """What a test is parametrised with: its size in a usual run, and in ``pytest -m storm``."""
    usual, storm = (one if isinstance(one, tuple) else (one,) for one in (small, full))
    return [
        pytest.param(*usual, id="small"),
        pytest.param(*storm, id="full", marks=pytest.mark.storm),
    ]


def storms(usual: Iterable[Any], more: Iterable[Any]) -> list[Any]:
    """What a test is parametrised with: what a usual run tries, and what only a storm does."""
    listed = [one if isinstance(one, tuple) else (one,) for one in more]
    return [*usual, *(pytest.param(*one, marks=pytest.mark.storm) for one in listed)]


def each_once(one: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Pairs of which a usual run tries each value in turn, and a storm tries all others."""
    firsts, seconds = [*one], [*other]
    usual = [
        (firsts[at % len(firsts)], seconds[at % len(seconds)])
        for at in range(max(len(firsts), len(seconds)))
    ]
    return storms(usual, [pair for pair in product(firsts, seconds) if pair not in usual])
