"""Keeping one of the values that several people wrote at the same time."""

from __future__ import annotations

from typing import Any, Final

from storage import rules
from storage.contests import over
from storage.draft import Draft
from storage.errors import N_, NotFound
from storage.events import Decided, Event, FieldSet, StatusSet, Write
from storage.events.body import said_again
from storage.models import Claim, Contest
from storage.restoring import Restoring
from storage.vocabulary import Status

#: Why, in every language that a reader may have: it is kept as it is written.
_REASON: Final[dict[str, Any]] = {
    "en": "kept, of what several people wrote at the same time",
    "zh": "多人同时写入，保留了这一个",
}


class Keeping(Restoring):
    """The side of the store that ends a contest."""

    def keep(self, pitfall: str, event: str) -> None:
        """Keep one of the values of which several stand, whether it is on top or beside.

        Args:
            pitfall: where they stand.
            event: the one that wrote the value to keep.

        Raises:
            NotFound: if no contested value of the pitfall is that one's.
            Refused: if the record's rules forbid that value by now.
        """
        with self.writing() as transaction:
            draft = transaction.live(pitfall)
            contests = draft.heads.contests(draft.standing)
            claimed = [
                (contest, claim)
                for contest in contests
                for claim in contest.claims
                if claim.event == event
            ]
            if not claimed:
                raise NotFound(
                    N_("No value that several people wrote at the same time is {id}."),
                    N_("“pitboard keep ID” lists them."),
                    id=event,
                )
            for contest, claim in claimed:
                written = transaction.history(pitfall, claim.event)[claim.event]
                body = _once_more(contest, claim, written, draft)
                transaction.add(pitfall, over(draft, contest.field, body))


def _once_more(contest: Contest, claim: Claim, written: Event, draft: Draft) -> Write:
    """The value of a claim as a new write."""
    match written.body:
        case Decided() as decided if claim.decision is not None:
            return decided.model_copy(update={"reason": _REASON})
        case _ if contest.field == "status":
            status = Status(claim.value.plain)
            rules.may_become(draft, status, workaround="", fix=None)
            fix = written.body.fix if isinstance(written.body, StatusSet) else None
            return StatusSet(status=status, reason=_REASON, fix=fix)
        case _:
            value = said_again(claim.value)
            rules.may_take(draft, contest.field, claim.value.plain)
            return FieldSet(field=contest.field, value=value, reason=_REASON)
