"""What the keys and values of the query language stand for, in the reader's language."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from storage.errors import N_
from storage.query.completion import Offer
from storage.vocabulary import Channel, Host, Kind, Outcome, Platform, Severity, Status, Triage
from tui.language import _
from tui.words import word

_KEYS: Final = {
    "status": N_("how it stands"),
    "severity": N_("how much it hurts; <=S2 is S1 and S2"),
    "component": N_("the vendor's API or surface; * for any"),
    "tag": N_("its tags; * for any"),
    "platform": N_("the system it was seen on"),
    "channel": N_("the channel it was seen in"),
    "host": N_("the app it was seen in"),
    "outcome": N_("whether it was reproduced"),
    "kind": N_("what sort of pit it is"),
    "has": N_("what belongs to it"),
    "seen": N_("when it was last seen: <2w, 2026-10-01"),
    "first": N_("when it was first seen: >8w, 2026-10"),
    "updated": N_("when it was last changed"),
    "reported": N_("when it was reported"),
    "count": N_("how many occurrences: >=5"),
    "lib": N_("base libraries it was seen in: <2.14.1"),
    "client": N_("app versions it was seen in: >=4.1.8"),
    "by": N_("who reported it"),
    "inbox": N_("whether it waits for a decision"),
    "triage": N_("what was decided about it"),
    "id": N_("how its id begins"),
    "sort": N_("the order; - is downwards, + upwards"),
}
_VOCABULARY: Final[dict[str, type[StrEnum]]] = {
    "status": Status,
    "severity": Severity,
    "platform": Platform,
    "channel": Channel,
    "host": Host,
    "outcome": Outcome,
    "kind": Kind,
    "triage": Triage,
}


def explained(offer: Offer) -> str:
    """What an offer stands for; empty if it speaks for itself."""
    if not offer.value:
        return _(_KEYS[offer.key])
    kind = _VOCABULARY.get(offer.key)
    said = word(kind(offer.value)) if kind else ""
    return "" if said.casefold() == offer.text.casefold() else said
