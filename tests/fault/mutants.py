"""Seeded faults: each is put into a copy of the code, and the tests have to notice.

``python tests/fault/mutants.py`` tries all of them and prints which are caught, and by what.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
_COPIED: Final = ("storage", "seeds", "tui", "tests", "pyproject.toml")


class Mutant(NamedTuple):
    """A fault: what is written in a file instead of what, and the tests that have to notice."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]


MUTANTS: Final = (
    Mutant(
        "fold: in order of arrival",
        "storage/fold/fold.py",
        "return sorted({event.id: event for event in events}.values(), key=_ORDER)",
        "return list({event.id: event for event in events}.values())",
        ("tests/property/test_fold.py", "tests/property/test_sharing.py"),
    ),
    Mutant(
        "fold: an undo reaches what comes after it",
        "storage/fold/state.py",
        "return one.actor == other.actor and other.seq < one.seq",
        "return one.actor == other.actor",
        ("tests/property/test_fold.py", "tests/property/test_taking_back.py"),
    ),
    Mutant(
        "fold: an undo that was undone still counts",
        "storage/fold/fold.py",
        "        if undo.id not in void:\n            void",
        "        if True:\n            void",
        ("tests/property/test_taking_back.py", "tests/unit/test_store.py"),
    ),
    Mutant(
        "fold: an undo takes back what others wrote",
        "storage/fold/state.py",
        "return one.actor == other.actor and other.seq < one.seq",
        "return other.seq < one.seq",
        ("tests/property/test_fold.py", "tests/unit/test_sharing.py"),
    ),
    Mutant(
        "draft: the first write stands",
        "storage/fold/state.py",
        "        self.values[name] = value\n        self.standing[name] = event.id",
        "        self.values.setdefault(name, value)\n        self.standing[name] = event.id",
        ("tests/unit/test_store.py",),
    ),
    Mutant(
        "draft: a workaround stays verified when it is gone",
        "storage/fold/state.py",
        "self.workaround_at = event.envelope.at if any(value) else None",
        "self.workaround_at = event.envelope.at",
        ("tests/unit/test_store.py", "tests/unit/test_verdicts.py", "tests/unit/test_upstream.py"),
    ),
    Mutant(
        "clock: it goes back with the wall",
        "storage/model/clock.py",
        "max(wall_ms << _SHIFT, self.seen + 1, FIRST)",
        "max(wall_ms << _SHIFT, FIRST)",
        ("tests/unit/test_clock.py", "tests/unit/test_store.py"),
    ),
    Mutant(
        "clock: it does not witness what others wrote",
        "storage/model/clock.py",
        "return Clock(max(self.seen, reading), self.doubted_since)",
        "return Clock(self.seen, self.doubted_since)",
        ("tests/unit/test_clock.py", "tests/property/test_sharing.py"),
    ),
    Mutant(
        "clock: any wall clock is believed",
        "storage/model/clock.py",
        "if self.seen and ahead > _BELIEVABLE_MS:",
        "if False:",
        ("tests/unit/test_clock.py",),
    ),
    Mutant(
        "undo: somebody else's action",
        "storage/write/history.py",
        "WHERE actor = ?1 AND who = ?2 AND kind = 'undone'",
        "WHERE actor = ?1 AND kind = 'undone'",
        ("tests/unit/test_store.py", "tests/property/test_taking_back.py"),
    ),
    Mutant(
        "verdicts: the version of the fix itself is older",
        "storage/model/verdicts.py",
        "if our_key < their_key or (our_key == their_key and not fix.from_version):",
        "if our_key <= their_key:",
        ("tests/unit/test_verdicts.py", "tests/property/test_verdicts.py"),
    ),
    Mutant(
        "verdicts: one that did not reproduce regresses",
        "storage/model/verdicts.py",
        "if occurrence.outcome is Outcome.NOT_REPRODUCED:\n",
        "if False:\n",
        ("tests/unit/test_verdicts.py", "tests/property/test_verdicts.py"),
    ),
    Mutant(
        "verdicts: a fix for another platform judges",
        "storage/model/verdicts.py",
        "is_there = fix.platform is None or where.platform in (None, fix.platform)",
        "is_there = True",
        ("tests/unit/test_verdicts.py",),
    ),
    Mutant(
        "conflicts: a write settles nothing beside it",
        "storage/fold/conflicts.py",
        "body.replaced(replaces=standing, settles=settled)",
        "body.replaced(replaces=standing)",
        ("tests/unit/test_conflicts.py", "tests/property/test_conflicts.py"),
    ),
    Mutant(
        "conflicts: of two amendments of an entry the last one wins",
        "storage/events/decisions.py",
        "self.reason, self.knew)",
        "self.reason, None)",
        ("tests/unit/test_conflicts.py",),
    ),
    Mutant(
        "conflicts: what was taken back is forgotten with what it knew",
        "storage/fold/conflicts.py",
        "waiting += self._void.get(event, ())",
        "pass",
        ("tests/unit/test_conflicts.py", "tests/property/test_conflicts.py"),
    ),
    Mutant(
        "projection: an occurrence counts once, whatever it says",
        "storage/as_of/temp_tables.py",
        "sum(CASE outcome WHEN 'reproduced' THEN count END) AS yes",
        "sum(CASE outcome WHEN 'reproduced' THEN 1 END) AS yes",
        ("tests/property/test_past.py", "tests/unit/test_past.py"),
    ),
    Mutant(
        "sharing: what was rewound on the remote is not missed",
        "storage/sharing/pull.py",
        "if lost:",
        "if not theirs:",
        ("tests/fault/test_sharing_faults.py",),
    ),
    Mutant(
        "sharing: what lies there already is sent again",
        "storage/sharing/pull.py",
        "journal.mark(connection, held)",
        "journal.mark(connection, [])",
        ("tests/fault/test_sharing_faults.py", "tests/property/test_sharing_git.py"),
    ),
    Mutant(
        "sharing: a copied file goes on under the same name",
        "storage/write/transaction.py",
        "        if before.is_copied_to(now):\n            self._become_another()",
        "        if before.is_copied_to(now):\n            pass",
        ("tests/fault/test_sharing_faults.py", "tests/unit/test_store.py"),
    ),
    Mutant(
        "sharing: a damaged line stops the rest",
        "storage/sharing/pull.py",
        "                except MalformedEvent as bad:\n"
        "                    refused.append((number, bad))",
        "                except MalformedEvent as bad:\n"
        "                    refused.append((number, bad))\n"
        "                    break",
        ("tests/fault/test_sharing_faults.py",),
    ),
    Mutant(
        "trust: what claims to be of this store is taken in",
        "storage/write/quarantine.py",
        "            return Quarantine.NOT_OURS",
        "            return None",
        ("tests/fault/test_sharing_trust.py",),
    ),
    Mutant(
        "trust: a clock far ahead counts at once",
        "storage/write/quarantine.py",
        "            return Quarantine.FUTURE",
        "            return None",
        ("tests/fault/test_sharing_trust.py",),
    ),
    Mutant(
        "trust: what an ignored store amended stays so",
        "storage/projection/update.py",
        "        touched = {target for event in events for target in mentions(event)}",
        "        touched = {event.id for event in events}",
        ("tests/property/test_projection.py", "tests/fault/test_sharing_trust.py"),
    ),
    Mutant(
        "sharing: hooks of a folder run",
        "storage/sharing/git.py",
        '_IN_A_FOLDER: Final = (\n    f"core.hooksPath={os.devnull}",',
        "_IN_A_FOLDER: Final = (",
        ("tests/fault/test_sharing_safety.py",),
    ),
)


class Verdict(NamedTuple):
    """What became of a mutant: whether a test noticed it, and which one did."""

    mutant: Mutant
    caught: bool
    by: str


@contextmanager
def _mutated(mutant: Mutant) -> Iterator[Path]:
    """A copy of the code with the fault in it."""
    with tempfile.TemporaryDirectory(prefix="pitboard-mutant-") as room:
        tree = Path(room)
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, tree / name, ignore=ignored)
            else:
                shutil.copy(source, tree / name)
        file = tree / mutant.file
        text = file.read_text("utf-8")
        assert text.count(mutant.right) == 1, f"{mutant.name}: its place is not there any more"
        file.write_text(text.replace(mutant.right, mutant.wrong), "utf-8")
        yield tree


def judge(mutant: Mutant) -> Verdict:
    """Put a fault in and run the tests that have to notice it."""
    with _mutated(mutant) as tree:
        words = [sys.executable, "-m", "pytest", "-x", "-q"]
        words += ["-p", "no:cacheprovider", "-p", "no:xdist"]
        done = subprocess.run(
            [*words, *mutant.tests],
            cwd=tree,
            env=os.environ | {"HYPOTHESIS_PROFILE": "full"},
            capture_output=True,
            text=True,
            check=False,
        )
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    caught = done.returncode == 1 and bool(failed)
    return Verdict(mutant, caught, failed[0].split(" ")[1] if failed else done.stdout[-300:])


def main(names: Sequence[str]) -> int:
    """Try the mutants of those names, or all; the number of those that no test noticed."""
    chosen = [one for one in MUTANTS if not names or one.name in names]
    missed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for verdict in pool.map(judge, chosen):
            missed += not verdict.caught
            values = "caught" if verdict.caught else "MISSED"
            print(values, verdict.mutant.name, verdict.by, sep="\t", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} caught")
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
