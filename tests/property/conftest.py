"""How hard Hypothesis looks: quickly by default, long with HYPOTHESIS_PROFILE=thorough."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Disks differ, so no example is timed; a random history takes a while to draw.
_UNTIMED = [HealthCheck.too_slow]

settings.register_profile(
    "quick", max_examples=100, deadline=None, suppress_health_check=_UNTIMED, print_blob=True
)
settings.register_profile(
    "thorough", max_examples=2_000, deadline=None, suppress_health_check=_UNTIMED, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
