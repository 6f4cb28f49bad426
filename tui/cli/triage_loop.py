"""``pitboard triage`` at a terminal: goes through the inbox, one key for each decision."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import click

from storage.errors import N_, PitboardError
from storage.match.similar import SimilarPitfall, SimilarPitfalls
from storage.model.records import Pitfall
from storage.model.row import DeclineReason, Severity, Triage
from storage.text.dates import now_ms
from storage.text.sanitize import sanitize
from tui.cli.input import FutureMoment, NumberBetween, OneOf, ask, confirm
from tui.cli.output import columns, emit, styled, talk
from tui.cli.show import brief, section
from tui.text.cells import cut
from tui.text.history import done_words
from tui.text.i18n import _, read, say
from tui.text.matches import compare, compared_texts, doubtful_words, similarity_words
from tui.text.verdicts import suggestion_lines
from tui.text.vocabulary import decision_words, state_mark, word

if TYPE_CHECKING:
    from storage.read.board import Board
    from storage.write.store import Store

_LIKELY: Final = 5
_ESCAPE: Final = "\x1b"

_KEYS: Final = {
    "1": N_("accept"),
    "2": N_("duplicate of"),
    "3": N_("decline"),
    "4": N_("not the same as"),
    "H": N_("snooze"),
    "s": N_("skip"),
    "u": N_("undo"),
    "q": N_("quit"),
}
#: What is offered besides, or instead, where a vendor reply is suggested.
_SUGGESTED: Final = {"0": N_("record the reply"), "3": N_("decline the reply")}
_UNTIL: Final = {
    "1": N_("until a date"),
    "2": N_("until further occurrences"),
    "3": N_("until a version of the app"),
    "4": N_("until a base library"),
}


class _Unsaid(Exception):
    """What was to be said about a decision was not, so nothing was decided."""


class TriageLoop:
    """One person's way through the inbox.

    Args:
        store, board: of the board.
        alike: finds the likely duplicates.
        queue: the ids of what waits, in the order in which to decide.
        now: the wall clock in ms.
    """

    def __init__(
        self,
        store: Store,
        board: Board,
        alike: SimilarPitfalls,
        queue: Sequence[str],
        now: Callable[[], int],
    ) -> None:
        self._store = store
        self._board = board
        self._alike = alike
        self._queue = queue
        self._now = now
        self._place = 0
        # What each action of this round was about, for undo to come back to.
        self._actions: list[int] = []

    def go(self) -> int:
        """Go through until the end or until it is enough; how many no longer wait."""
        try:
            while self._place < len(self._queue):
                if not self._waits(self._place):
                    # Decided here, or by a colleague who was faster.
                    self._place += 1
                elif not self._decide(self._held(self._place)):
                    break
        except (KeyboardInterrupt, EOFError):
            talk("")
        return len({place for place in self._actions if not self._waits(place)})

    def _waits(self, place: int) -> bool:
        decided = self._board.inbox.decisions([self._queue[place]], self._now())
        return any(one.triage is Triage.INBOX for one in decided.values())

    def _held(self, place: int) -> Pitfall:
        board = self._board
        return board.inbox.standing([board.pitfall(self._queue[place])], self._now())[0]

    def _decide(self, held: Pitfall) -> bool:
        """Show a pitfall and do what the key says; whether to go on."""
        likely = self._near(held)
        self._show(held, likely)
        suggested = self._board.inbox.suggestions(held.id)
        decisions = {
            "1": lambda: self._accept(held),
            "2": lambda: self._duplicate(held, likely),
            "3": lambda: self._decline(held),
            "4": lambda: self._mark_not_duplicate(held, likely),
            "H": lambda: self._snooze(held),
            "0": lambda: self._record_reply(held),
        }
        if suggested:
            decisions["3"] = lambda: self._decline_reply(held)
        while True:
            keys = _KEYS | (_SUGGESTED if suggested else {})
            key = _chosen({key: _(what) for key, what in keys.items()})
            if key in ("q", _ESCAPE):
                return False
            if key == "s":
                self._place += 1
                return True
            try:
                if key == "u":
                    if self._undo():
                        return True
                else:
                    decisions[key]()
                    self._actions.append(self._place)
                    if not (suggested and key in _SUGGESTED):
                        self._tell_decision(held)
                    return True
            except (_Unsaid, click.Abort):
                talk(_("Nothing was decided."))
            except PitboardError as error:
                talk(say(error))

    # What is shown

    def _near(self, held: Pitfall) -> list[SimilarPitfall]:
        texts = compared_texts(self._board, held)
        return self._alike.near(*texts, limit=_LIKELY, besides=[held.id])

    def _show(self, held: Pitfall, likely: Sequence[SimilarPitfall]) -> None:
        cells = columns()
        at = _("{n} of {total}").format(n=self._place + 1, total=len(self._queue))
        rule = f"── {at} "
        lines = ["", styled(rule + "─" * (cells - len(rule)), dim=True)]
        lines += brief(self._board, held, self._board.occurrences.totals(held.id), cells, now_ms())
        alike = [
            line
            for n, one in enumerate(likely, 1)
            for line in (
                f"{n}  {state_mark(one)} {sanitize(read(one.title))}",
                f"   {self._board.short_id(one.pitfall)}  {similarity_words(one)}",
            )
        ]
        for found in self._board.inbox.suggestions(held.id)[:1]:
            head, *rest = suggestion_lines(found)
            lines += ["", head, *(f"  {line}" for text in rest for line in text.splitlines())]
        if alike:
            lines += section(_("Likely the same"), [cut(one, cells - 2) for one in alike], None)
        emit([*lines, ""])

    def _tell_decision(self, held: Pitfall) -> None:
        decision = self._held(self._place).decision
        if decision != held.decision:
            talk(f"→ {decision_words(decision, self._board.short_id)}")

    # What is decided

    def _accept(self, held: Pitfall) -> None:
        severity = ask(_("Severity"), among=OneOf.words(Severity), default=held.severity.value)
        present = sanitize(read(held.component))
        component = ask(_("Component"), default=present)
        self._store.triage.accept(
            held.id, severity=severity, component=None if component == present else component
        )

    def _duplicate(self, held: Pitfall, likely: Sequence[SimilarPitfall]) -> None:
        original = self._other(_("The same as"), likely)
        compared = compare(self._board, held, self._board.pitfall(original))
        if compared.is_doubtful and not confirm(doubtful_words(compared), default=False):
            raise _Unsaid
        self._store.triage.mark_duplicate(held.id, original)

    def _mark_not_duplicate(self, held: Pitfall, likely: Sequence[SimilarPitfall]) -> None:
        self._store.triage.not_duplicate(held.id, self._other(_("Not the same as"), likely))

    def _other(self, question: str, likely: Sequence[SimilarPitfall]) -> str:
        """The pitfall that a person names, by its number among the likely ones or by its id."""
        hint = _("a number from above, or an id") if likely else _("an id")
        answer = ask(f"{question} ({hint})", default="1" if likely else "").strip()
        if not answer:
            raise _Unsaid
        if answer.isdecimal() and 0 < int(answer) <= len(likely):
            return likely[int(answer) - 1].pitfall
        return self._board.resolve(answer)

    def _decline(self, held: Pitfall) -> None:
        reasons = {str(n): word(one) for n, one in enumerate(DeclineReason, 1)}
        because = list(DeclineReason)[int(_said(reasons)) - 1]
        self._store.triage.decline(held.id, because, reason=ask(_("In words"), default=""))

    def _record_reply(self, held: Pitfall) -> None:
        """Record the vendor reply that is suggested, as it is."""
        found = next(iter(self._board.inbox.suggestions(held.id)), None)
        if found is None or found.kind is None:
            talk(_("The page is gone. “pitboard entry hide” takes its link away."))
            raise _Unsaid
        self._store.links.add_reply(
            held.id,
            found.url,
            sort=found.kind,
            said_on=found.said_on,
            author=found.author,
            official=found.official,
            version=found.version,
            quote=found.quote,
        )
        talk(_("Recorded the vendor reply."))

    def _decline_reply(self, held: Pitfall) -> None:
        self._store.triage.decline_suggestions(held.id)
        talk(_("Declined the suggested vendor reply."))

    def _snooze(self, held: Pitfall) -> None:
        match _said({key: _(what) for key, what in _UNTIL.items()}):
            case "1":
                until = ask(_("Until (2w, tomorrow, 2026-12-01)"), among=FutureMoment())
                self._store.triage.snooze(held.id, until=int(until))
            case "2":
                more = ask(_("Number of further occurrences"), among=NumberBetween(min=1))
                self._store.triage.snooze(held.id, occurrences=int(more))
            case "3":
                self._store.triage.snooze(held.id, axis="client", version=ask(_("Version")))
            case _:
                self._store.triage.snooze(held.id, axis="library", version=ask(_("Version")))

    def _undo(self) -> bool:
        """Take back the last action of this round and go back to it; whether there was one."""
        if not self._actions:
            talk(_("Nothing was decided yet in this round."))
            return False
        step = self._store.history.undo()
        self._place = self._actions.pop()
        talk(_("Undone: {actions}").format(actions=done_words(step.did)))
        return True


def _said(what: dict[str, str]) -> str:
    """The key that a person chooses to say more about a decision."""
    key = _chosen(what)
    if key == _ESCAPE:
        raise _Unsaid
    return key


def _chosen(what: dict[str, str]) -> str:
    """The key that a person presses, of those that are named, or Escape."""
    keys = {key.casefold(): key for key in (*what, _ESCAPE)}
    talk("   ".join(f"{key} {text}" for key, text in what.items()))
    while True:
        # Input methods of Chinese may give digits and letters in full width.
        pressed = unicodedata.normalize("NFKC", click.getchar()).casefold()
        if pressed in keys:
            return keys[pressed]


def go_through(store: Store, board: Board, queue: Sequence[str], now: Callable[[], int]) -> int:
    """Let a person decide about what waits, until the end or until they quit.

    Returns:
        How many no longer wait.
    """
    with SimilarPitfalls.open(board.path) as alike:
        return TriageLoop(store, board, alike, queue, now).go()
