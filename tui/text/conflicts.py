"""Values that several people wrote at the same time, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from storage.model.records import Claim, Conflict
from storage.model.vocabulary import Status
from storage.text.sanitize import harmless
from tui.text.fields import entry_name, part_of_entry, said_in, value_name
from tui.text.i18n import _
from tui.text.vocabulary import decision_words, marked, moment, shortened


class NumberedClaim(NamedTuple):
    """A claim by the number that people choose it by; ``stands`` if it is on top."""

    number: int
    conflict: Conflict
    claim: Claim
    stands: bool


def numbered_claims(conflicts: Sequence[Conflict]) -> Iterator[NumberedClaim]:
    """Every claim of a pitfall, numbered from 1."""
    number = 0
    for conflict in conflicts:
        for place, claim in enumerate(conflict.claims):
            number += 1
            yield NumberedClaim(number, conflict, claim, not place)


def conflict_name(conflict: Conflict) -> str:
    """What people call the value: of an entry, which one it is as well."""
    if not conflict.part:
        return value_name(conflict.field)
    entry = entry_name(conflict.field)
    return part_of_entry(entry, conflict.field, conflict.part, conflict.about)


def claim_value(one: NumberedClaim, short_id: Callable[[str], str] = shortened) -> str:
    """What a claim says; long texts keep their line breaks.

    Args:
        one: the claim.
        short_id: gives the name of a pitfall to people.
    """
    conflict, claim = one.conflict, one.claim
    if claim.decision is not None:
        return decision_words(claim.decision, short_id) or _("accepted")
    if conflict.field == "status":
        return marked(Status(claim.value.plain))
    return said_in(conflict.field, conflict.part, claim.value, lines=True) or _("nothing")


def claim_origin(one: NumberedClaim) -> str:
    """Who wrote it and when, and whether it is on top."""
    parts = [harmless(one.claim.who) or "–", moment(one.claim.at)]
    return " · ".join([*parts, *([_("shown")] if one.stands else [])])
