"""What waits in the inbox: the one condition that everybody asks with."""

from __future__ import annotations

from typing import Final, NamedTuple


class Sql(NamedTuple):
    """A condition on ``pitfalls``, and what its question marks stand for."""

    text: str
    parameters: tuple[object, ...] = ()


#: A snooze ends at a time, at a number of sightings, or when a version is seen.
_WOKEN: Final = (
    "(wakes_on <= ? OR occurrence_count >= wakes_at_count OR wakes_at_version <="
    " (SELECT max(key) FROM seen_versions WHERE axis = wakes_axis))"
)
#: As the partial index over what waits says it, without which SQLite does not use that.
_UNDECIDED: Final = "triage IN ('inbox', 'snoozed')"
#: What was seen where it should be fixed since somebody decided last, and where nobody can tell;
#: each as a condition that its own partial index answers.
REGRESSED: Final = "(regressed_at IS NOT NULL AND regressed_at > decided_at)"
UNCLEAR: Final = "(unclear_at IS NOT NULL AND unclear_at > decided_at)"
_ALARMED: Final = f"(triage = 'settled' AND {REGRESSED} OR triage = 'settled' AND {UNCLEAR})"


def waiting(now: int) -> Sql:
    """The condition that a decision is due.

    Args:
        now: in milliseconds; what was snoozed until then has woken.
    """
    return Sql(f"({_UNDECIDED} AND (triage = 'inbox' OR {_WOKEN}) OR {_ALARMED})", (now,))


def parts(now: int) -> tuple[Sql, ...]:
    """Conditions of which a pitfall that waits fulfils exactly one.

    SQLite answers each from an index of its own, and goes through all rows for their sum.

    Args:
        now: as for :func:`waiting`.
    """
    return (
        Sql(f"{_UNDECIDED} AND (triage = 'inbox' OR {_WOKEN})", (now,)),
        Sql(f"triage = 'settled' AND {REGRESSED}"),
        Sql(f"triage = 'settled' AND {UNCLEAR} AND {REGRESSED} IS NOT TRUE"),
    )


def asleep(now: int) -> Sql:
    """The condition that it is snoozed and has not woken."""
    return Sql(f"({_UNDECIDED} AND triage = 'snoozed' AND {_WOKEN} IS NOT TRUE)", (now,))
