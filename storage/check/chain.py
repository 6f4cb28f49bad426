"""Whether each store's events are all there, in the order in which it wrote them."""

from __future__ import annotations

from storage.check.findings import ASK, RESTORE, Findings
from storage.errors import N_
from storage.events import Event


class Chain:
    """One actor's events as they go by in their order: numbered from 1, each naming the last."""

    def __init__(self, findings: Findings, own: str) -> None:
        self._findings = findings
        self._own = own
        self._actor = ""
        self._seq = 0
        self._here: set[str | None] = {None}
        self._before: set[str | None] | None = None
        self._copied = False

    def follow(self, event: Event) -> None:
        """Take the next event; they come ordered by store and number."""
        said = event.envelope
        if said.actor != self._actor:
            self._actor, self._seq, self._here, self._copied = said.actor, 0, {None}, False
        if said.seq == self._seq:
            self._note_copy()
            self._here.add(event.id)
        else:
            missing = said.seq - self._seq - 1
            self._before = None if missing else self._here
            self._here, self._seq = {event.id}, said.seq
            if missing:
                self._broken(
                    N_("{count} events of the store {actor} before number {seq} are missing."),
                    count=missing,
                    seq=said.seq,
                )
        if self._before is not None and said.prev not in self._before:
            self._broken(
                N_("Event {event} of the store {actor} does not follow the one before it."),
                event=event.id,
            )

    def _note_copy(self) -> None:
        if not self._copied:
            self._copied = True
            self._findings.note(
                N_("Two boards wrote as the store {actor}, from number {seq} on: one is a copy."),
                N_(
                    "Nothing is lost; whichever takes in the other's events gets a name of its own."
                ),
                actor=self._actor[:8],
                seq=self._seq,
            )

    def _broken(self, message: str, **values: object) -> None:
        values["actor"] = self._actor[:8]
        if self._actor == self._own:
            self._findings.damage(message, RESTORE, **values)
        else:
            self._findings.note(message, ASK, **values)
