"""The rows of the values that several people wrote at the same time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from storage.model.records import Contest, Decision


def write_contests(
    connection: sqlite3.Connection, pitfall: str, contests: Iterable[Contest]
) -> None:
    """Replace what is contested on a pitfall."""
    connection.execute("DELETE FROM contested WHERE pitfall = ?", (pitfall,))
    connection.executemany(
        "INSERT INTO contested VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(pitfall, contest.name, place, contest.field, contest.part, *contest.about),
                *(claim.event, claim.at, claim.who, *claim.value, _as_json(claim.decision)),
            )
            for contest in contests
            for place, claim in enumerate(contest.claims)
        ],
    )


def _as_json(decision: Decision | None) -> str:
    if decision is None:
        return ""
    wake = decision.wake and decision.wake._asdict()
    return json.dumps(decision._asdict() | {"wake": wake}, sort_keys=True)
