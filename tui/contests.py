"""Values that several people wrote at the same time, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from storage.errors import N_
from storage.models import Claim, Contest
from storage.plaintext import harmless
from storage.vocabulary import Kind, Severity, Status
from tui.language import _, read
from tui.words import decision_words, marked, moment, shortened, word

_NAMES: Final = {
    "title": N_("title"),
    "kind": N_("kind"),
    "component": N_("component"),
    "severity": N_("severity"),
    "status": N_("status"),
    "workaround": N_("workaround"),
    "reproduction": N_("reproduction notes"),
    "triage": N_("triage"),
}


class Numbered(NamedTuple):
    """A claim by the number that people choose it by; ``stands`` if it is on top."""

    number: int
    contest: Contest
    claim: Claim
    stands: bool


def numbered(contests: Sequence[Contest]) -> Iterator[Numbered]:
    """Every claim of a pitfall, numbered from 1."""
    number = 0
    for contest in contests:
        for place, claim in enumerate(contest.claims):
            number += 1
            yield Numbered(number, contest, claim, not place)


def name_of(contest: Contest) -> str:
    """What people call the value."""
    return _(_NAMES.get(contest.field, contest.field))


def value_of(one: Numbered, short_id: Callable[[str], str] = shortened) -> str:
    """What a claim says; long texts keep their line breaks.

    Args:
        one: the claim.
        short_id: gives the name of a pitfall to people.
    """
    said = one.claim.value
    match one.contest.field:
        case "triage" if one.claim.decision is not None:
            return decision_words(one.claim.decision, short_id) or _("accepted")
        case "status":
            return marked(Status(said.plain))
        case "severity":
            return word(Severity(said.plain))
        case "kind":
            return word(Kind(said.plain))
        case _:
            return harmless(read(said), lines=True) or _("nothing")


def origin_of(one: Numbered) -> str:
    """Who wrote it and when, and whether it is on top."""
    parts = [harmless(one.claim.who) or "–", moment(one.claim.at)]
    return " · ".join([*parts, *([_("shown")] if one.stands else [])])
