"""Why one pitfall is like another, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from storage.errors import N_
from storage.match import LookAlike, Reason, Why
from storage.model.records import Pitfall
from storage.read import Board
from storage.text.sanitize import harmless
from tui.text.i18n import _, listed, read

#: Of a pitfall that was seen often, the newest messages say enough.
_MESSAGES: Final = 3

_REASONS: Final[Mapping[Reason, str]] = {
    Reason.API: N_("the same API {value}"),
    Reason.CODE: N_("the same error code {value}"),
    Reason.MESSAGE: N_("the same message"),
    Reason.TITLE: N_("a similar title"),
    Reason.WORDS: N_("shares {value}"),
    Reason.COMPONENT: N_("the same component"),
}


def because(alike: LookAlike) -> str:
    """All that a known pitfall has in common with what was asked for, in a line."""
    return listed(_reason(why) for why in alike.because)


def _reason(why: Why) -> str:
    return _(_REASONS[why.reason]).format(value=harmless(why.value)).strip()


def compared_by(board: Board, pitfall: Pitfall) -> tuple[str, str, str]:
    """What of a pitfall on the board is compared with others: title, error texts, component."""
    seen = board.occurrences(pitfall.id, _MESSAGES)
    texts = [one.text for one in pitfall.signatures] + [one.message for one in seen]
    return read(pitfall.title), "\n".join(filter(None, texts)), read(pitfall.component)
