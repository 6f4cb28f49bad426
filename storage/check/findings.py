"""What an examination finds: what is wrong, how bad it is, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

from storage.db.connection import BROKEN
from storage.errors import N_, PitboardError

Severity = Literal["damage", "note"]

#: Of findings that say the same of different things, so many are named.
NAMED_AT_MOST: Final = 20

RESTORE: Final = N_(
    "Keep the file; “pitboard recover” builds a new one from it, backups and journals."
)
REBUILD: Final = N_("Run “pitboard doctor --rebuild”; the events themselves are not touched.")
ASK: Final = N_("Import the events of the board that they came from once more.")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and what to do; sentences are templates."""

    severity: Severity
    message: str
    advice: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip().format(**self.values)


class Findings:
    """The findings so far; of those that say the same, only the first are named."""

    def __init__(self) -> None:
        self._all: list[Finding] = []
        self._times: Counter[str] = Counter()

    def damage(self, message: str, advice: str = RESTORE, **values: object) -> None:
        """Something of the record itself is lost or changed."""
        self._add(Finding("damage", message, advice, values))

    def differs(self, message: str, **values: object) -> None:
        """Something that was computed from the events is not what they come to."""
        self.damage(message, REBUILD, **values)

    def note(self, message: str, advice: str = "", **values: object) -> None:
        """Something that is as it may be, but worth knowing."""
        self._add(Finding("note", message, advice, values))

    def _add(self, finding: Finding) -> None:
        if finding in self._all:
            return
        self._times[finding.message] += 1
        if self._times[finding.message] <= NAMED_AT_MOST:
            self._all.append(finding)

    def all(self) -> tuple[Finding, ...]:
        """What was found, in the order in which it was."""
        beyond = sum(max(0, times - NAMED_AT_MOST) for times in self._times.values())
        more = [Finding("note", N_("And {count} more of the same."), values={"count": beyond})]
        return (*self._all, *(more if beyond else ()))

    @contextmanager
    def going_on(self, advice: str = RESTORE) -> Iterator[None]:
        """What SQLite can't read is a finding, and the rest is looked at all the same."""
        try:
            yield
        except (*BROKEN, PitboardError) as error:
            cause = error if isinstance(error, BROKEN) else error.__cause__
            name = getattr(cause, "sqlite_errorname", "SQLITE_ERROR")
            if not isinstance(cause, BROKEN) or name.startswith("SQLITE_CANTOPEN"):
                raise
            self.damage(
                N_("The file can't be read any further here: {why}."), advice, why=str(cause)
            )
