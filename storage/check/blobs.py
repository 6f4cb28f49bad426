"""Whether the bytes of attachments are what their digests say, and all of them here."""

from __future__ import annotations

import sqlite3
from typing import Final

from storage.check.findings import NAMED_AT_MOST, Findings
from storage.db import blobs
from storage.errors import N_, Unusable

_NEXT: Final = "SELECT digest FROM contents WHERE digest > ? ORDER BY digest LIMIT 1"
_NOT_HERE: Final = f"""
SELECT DISTINCT label, recorded_on FROM attachments
WHERE digest NOT IN (SELECT digest FROM contents) ORDER BY at LIMIT {NAMED_AT_MOST + 1}
"""
_AGAIN: Final = N_("Attach the same file once more; whoever shares this board may hold it whole.")


def look_at_contents(connection: sqlite3.Connection, findings: Findings) -> None:
    """Read every attachment's bytes, one after the other, and ask which are not here.

    Args:
        connection: in a snapshot.
        findings: takes what is found.
    """
    with findings.going_on():
        last = ""
        while row := connection.execute(_NEXT, (last,)).fetchone():
            (last,) = row
            try:
                blobs.get(connection, last)
            except Unusable as damaged:
                findings.damage(damaged.message, _AGAIN, **damaged.values)
    with findings.going_on():
        for label, pitfall in connection.execute(_NOT_HERE).fetchall():
            findings.note(
                N_("The bytes of “{label}”, attached to pitfall {pitfall}, are not here yet."),
                N_("“pitboard sync” fetches them once whoever attached it has sent them."),
                label=label,
                pitfall=pitfall,
            )
