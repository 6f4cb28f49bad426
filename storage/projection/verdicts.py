"""What the occurrences of a pitfall say of its fixes, as columns that are asked for.

``storage.model.verdicts`` judges; here its judgements are written beside each occurrence, the
newest evidence beside each fix, and beside each pitfall the time of what calls for a
decision.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from storage.db.connection import sorted_afterwards
from storage.db.rows import JUDGED, NEWEST_FIRST, PROOF, evidence_of, shape_of
from storage.model.clock import LIMIT
from storage.model.records import Evidence, Fix, Occurrence, Pitfall
from storage.model.row import Status
from storage.model.verdicts import Standing, alarms, judge_at, positions, regressed, state_by
from storage.model.vocabulary import Verdict

_AT_ONCE: Final = 1_000

_OCCURRENCE: Final = shape_of(Occurrence)
_FIX: Final = shape_of(Fix)
_OF_PITFALL: Final = f"""
SELECT n, {_OCCURRENCE.selected} FROM occurrences
WHERE pitfall = ? AND (seen_at, hlc, id) < (?, ?, ?) {NEWEST_FIRST} LIMIT ?
"""
_NEW_VERDICT: Final = "UPDATE occurrences SET verdict = ?1 WHERE id = ?2 AND verdict <> ?1"
#: By its number, an occurrence is found without its id, which lies anywhere among all.
_FIRST_VERDICT: Final = "UPDATE occurrences SET verdict = ? WHERE n = ?"
_GATHER: Final = "INSERT INTO temp.first_verdicts (verdict, n) VALUES (?, ?)"
_GATHERED: Final = "SELECT verdict, n FROM temp.first_verdicts ORDER BY n"
_REGRESSION: Final = Verdict.REGRESSION.value
_FIRST_EVIDENCE: Final = "UPDATE fixes SET state = ?, evidence = ?, evidence_at = ? WHERE id = ?"
_FIRST_SUMMARY: Final = """
UPDATE pitfalls SET regressed_at = ?, unclear_at = ?, fix_at = ?, judged = ?, regressed = ?
WHERE id = ?
"""
_NEW_EVIDENCE: Final = """
UPDATE fixes SET state = ?2, evidence = ?3, evidence_at = ?4
WHERE id = ?1 AND (ifnull(evidence_at, -1),
  ifnull((SELECT hlc FROM occurrences WHERE occurrences.id = evidence), -1), evidence)
  < (?4, ?5, ?3)
"""
_NEW_ALARMS: Final = """
UPDATE pitfalls SET regressed_at = nullif(max(ifnull(regressed_at, -1), ifnull(?2, -1)), -1),
  unclear_at = nullif(max(ifnull(unclear_at, -1), ifnull(?3, -1)), -1)
WHERE id = ?1
"""

#: The age of what is claimed, of the pitfall ?1.
_OLDEST_CLAIM: Final = "(SELECT min(at) FROM fixes WHERE pitfall = ?1 AND state = 'claimed')"
#: The states of its fixes and the verdicts on its occurrences, as bits; an index answers each.
_JUDGED: Final = " + ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE pitfall = ?1 AND {column} = '{word}'"
    f" AND {column} <> '') * {bit}"
    for table, column in (("fixes", "state"), ("occurrences", "verdict"))
    for word, bit in JUDGED[column].items()
)
_REGRESSED: Final = "SELECT status, regressed, regressed_at IS NOT NULL FROM pitfalls WHERE id = ?"
_PROOFS: Final = f"SELECT {PROOF} FROM fixes WHERE pitfall = ?"
_NEW_SUMMARY: Final = f"""
UPDATE pitfalls SET fix_at = {_OLDEST_CLAIM}, judged = {_JUDGED}
WHERE id = ?1 AND (fix_at, judged) IS NOT ({_OLDEST_CLAIM}, {_JUDGED})
"""


class Judged:
    """What some occurrences of one pitfall say.

    ``verdicts`` are by the occurrence, without those that say nothing, and ``numbers`` are the
    numbers of the occurrences, where they are known; ``evidence`` is the newest
    occurrence at or beyond each fix, by the fix; ``alarms`` are the times of the newest regression
    and of the newest occurrence that needs a version.
    """

    def __init__(self) -> None:
        self.verdicts: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.evidence: dict[str, Occurrence] = {}
        self.alarms: tuple[int | None, int | None] = (None, None)

    def add(
        self, occurrences: Sequence[Occurrence], fixes: Collection[Fix], status: Status
    ) -> None:
        """Judge some more of them."""
        alarmed = dict(zip((Verdict.REGRESSION, Verdict.NEEDS_VERSION), self.alarms, strict=True))
        for one in occurrences:
            placed = positions(one, fixes)
            for stance, fix in placed:
                if stance.standing is Standing.BEYOND:
                    newest = self.evidence.get(fix.id)
                    if newest is None or one.place > newest.place:
                        self.evidence[fix.id] = one
            found = judge_at(one, placed)
            if found is None:
                continue
            self.verdicts[one.id] = found.verdict.value
            if alarms(found, status):
                at = max(one.logged_at, found.fix.at)
                alarmed[found.verdict] = max(alarmed[found.verdict] or 0, at)
        self.alarms = alarmed[Verdict.REGRESSION], alarmed[Verdict.NEEDS_VERSION]


def judged(connection: sqlite3.Connection, pitfall: str, status: Status | None) -> Judged:
    """What all occurrences that count for a pitfall say of its fixes.

    Args:
        connection: reads the board.
        pitfall: an original.
        status: its status; None if it is not on the board.
    """
    fixes = _fixes(connection, pitfall) if status is not None else []
    return _judged(connection, pitfall, fixes, status) if status is not None else Judged()


def _judged(
    connection: sqlite3.Connection, pitfall: str, fixes: Collection[Fix], status: Status
) -> Judged:
    found = Judged()
    if fixes:
        for part in _parts(connection, pitfall):
            found.add([one for _, one in part], fixes, status)
            found.numbers |= {one.id: n for n, one in part if one.id in found.verdicts}
    return found


@contextmanager
def in_order_of_occurrences(connection: sqlite3.Connection) -> Iterator[None]:
    """Gather what :func:`judge_first` finds of occurrences, and write it at the end in their order.

    Those of one pitfall lie anywhere among all: where these are more than SQLite keeps in memory,
    most of them would be read and written again for each pitfall.
    """
    connection.execute("CREATE TEMP TABLE first_verdicts (n INTEGER PRIMARY KEY, verdict TEXT)")
    with sorted_afterwards(connection, "occurrences", of="verdict"):
        yield
        connection.executemany(_FIRST_VERDICT, connection.execute(_GATHERED))
    connection.execute("DROP TABLE temp.first_verdicts")


def judge_first(connection: sqlite3.Connection, pitfalls: Iterable[Pitfall]) -> None:
    """Judge the occurrences of some pitfalls, nothing of which is judged yet.

    It writes what :func:`judge_all` does, but knows without asking what that has to read again.

    Args:
        connection: inside a write transaction, and inside :func:`in_order_of_occurrences`.
        pitfalls: no duplicates, with fixes.
    """
    gathered: list[tuple[str, int]] = []
    proven: list[tuple[object, ...]] = []
    summaries: list[tuple[object, ...]] = []
    for pitfall in pitfalls:
        found = _judged(connection, pitfall.id, pitfall.fixes, pitfall.status)
        words, proofs = found.verdicts, found.evidence
        gathered += [(word, found.numbers[one]) for one, word in words.items()]
        evidence = {
            fix: Evidence(state_by(one), one.id, one.seen_at, words.get(one.id) != _REGRESSION)
            for fix, one in proofs.items()
        }
        proven += [(one.state.value, *one[1:3], fix) for fix, one in evidence.items()]
        claimed = [fix.at for fix in pitfall.fixes if fix.id not in evidence]
        states = {evidence.get(fix.id, Evidence()).state.value for fix in pitfall.fixes}
        bits = [JUDGED["state"][state] for state in states]
        bits += [JUDGED["verdict"][word] for word in set(words.values())]
        is_back = regressed(pitfall.status, pitfall.fixes, evidence)
        summaries.append(
            (
                *found.alarms,
                min(claimed, default=None),
                sum(bits),
                is_back and found.alarms[0] is not None,
                pitfall.id,
            )
        )
    connection.executemany(_GATHER, gathered)
    connection.executemany(_FIRST_EVIDENCE, proven)
    connection.executemany(_FIRST_SUMMARY, summaries)


def summarize(connection: sqlite3.Connection, pitfall: str) -> None:
    """Write beside a pitfall what its fixes and verdicts come to, by which lists are filtered.

    That is when the oldest of its fixes was recorded that is merely claimed, the bits of
    ``judged``, and whether it regressed.
    """
    connection.execute(_NEW_SUMMARY, (pitfall,))
    row = connection.execute(_REGRESSED, (pitfall,)).fetchone()
    if row is None:
        return
    status, held, alarmed = row
    proofs = connection.execute(_PROOFS, (pitfall,)).fetchall() if alarmed or held else []
    evidence = {proof[0]: evidence_of(proof) for proof in proofs}
    now = bool(alarmed) and regressed(Status(status), _fixes(connection, pitfall), evidence)
    if now != held:
        connection.execute("UPDATE pitfalls SET regressed = ? WHERE id = ?", (now, pitfall))


def judge_all(connection: sqlite3.Connection, pitfall: str) -> None:
    """Judge every occurrence that counts for a pitfall again."""
    _forget(connection, pitfall)
    status = _status(connection, pitfall)
    if status is not None:
        _write(connection, pitfall, judged(connection, pitfall, status))
        summarize(connection, pitfall)


def judge_added(connection: sqlite3.Connection, pitfall: str, added: Sequence[Occurrence]) -> None:
    """Judge occurrences that are new among those that count for a pitfall."""
    fixes = _fixes(connection, pitfall)
    status = _status(connection, pitfall) if fixes else None
    if status is not None:
        found = Judged()
        found.add(added, fixes, status)
        _write(connection, pitfall, found)
        summarize(connection, pitfall)


def _status(connection: sqlite3.Connection, pitfall: str) -> Status | None:
    row = connection.execute("SELECT status FROM pitfalls WHERE id = ?", (pitfall,)).fetchone()
    return Status(row[0]) if row is not None else None


def _fixes(connection: sqlite3.Connection, pitfall: str) -> list[Fix]:
    rows = connection.execute(
        f"SELECT {_FIX.selected} FROM fixes WHERE pitfall = ?", (pitfall,)
    ).fetchall()
    return [_FIX.read(row) for row in rows]


def _parts(connection: sqlite3.Connection, pitfall: str) -> Iterator[list[tuple[int, Occurrence]]]:
    """The occurrences of a pitfall, each with its number, so many at once: there may be many."""
    last: tuple[int, int, str] = (LIMIT, 0, "")
    while True:
        rows = connection.execute(_OF_PITFALL, (pitfall, *last, _AT_ONCE)).fetchall()
        part = [(n, _OCCURRENCE.read(row)) for n, *row in rows]
        yield part
        if len(part) < _AT_ONCE:
            return
        last = part[-1][1].place


def _forget(connection: sqlite3.Connection, pitfall: str) -> None:
    """Take away what was found before; each statement finds what there is by an index."""
    for sql in (
        "UPDATE occurrences SET verdict = '' WHERE pitfall = ? AND verdict <> ''",
        "UPDATE fixes SET state = 'claimed', evidence = '', evidence_at = NULL"
        " WHERE pitfall = ? AND evidence_at IS NOT NULL",
        "UPDATE pitfalls SET regressed_at = NULL, unclear_at = NULL WHERE id = ?"
        " AND (regressed_at IS NOT NULL OR unclear_at IS NOT NULL)",
    ):
        connection.execute(sql, (pitfall,))


def _write(connection: sqlite3.Connection, pitfall: str, found: Judged) -> None:
    numbered = [(found.numbers.get(name), name, word) for name, word in found.verdicts.items()]
    connection.executemany(_FIRST_VERDICT, [(word, n) for n, _, word in numbered if n is not None])
    connection.executemany(_NEW_VERDICT, [(word, name) for n, name, word in numbered if n is None])
    connection.executemany(
        _NEW_EVIDENCE,
        [
            (fix, state_by(one).value, one.id, one.seen_at, one.hlc)
            for fix, one in found.evidence.items()
        ],
    )
    if found.alarms != (None, None):
        connection.execute(_NEW_ALARMS, (pitfall, *found.alarms))
