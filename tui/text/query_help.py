"""What the keys and values of the query language stand for, in the reader's language."""

from __future__ import annotations

from storage.query.completion import Offer
from storage.query.keys import keys_by_spelling
from tui.text.i18n import _
from tui.text.vocabulary import word


def explained(offer: Offer) -> str:
    """What an offer stands for; empty if it speaks for itself."""
    key = keys_by_spelling()[offer.key]
    if not offer.value:
        return _(key.help)
    said = next((word(one.member) for one in key.words if one.value == offer.value), "")
    return "" if said.casefold() == offer.text.casefold() else said
