"""What can't be understood in a query: what, where it stands, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable

from storage.errors import N_, Refused


class Mistake(Refused):
    """A part of a query that can't be understood; the rest counts.

    Args:
        message, advice: as for every error.
        start, end: where it stands in the text that was typed.
        suggestion: what could stand there instead, if anything is near.
        unfinished: whether it may still become right as one types on.
        values: fill the templates.
    """

    def __init__(
        self,
        message: str,
        advice: str = "",
        *,
        start: int = 0,
        end: int = 0,
        suggestion: str = "",
        unfinished: bool = False,
        **values: object,
    ) -> None:
        self.start, self.end = start, end
        self.suggestion = suggestion
        self.unfinished = unfinished
        if suggestion:
            advice = N_("Did you mean “{suggestion}”?")
            values["suggestion"] = suggestion
        super().__init__(message, advice, **values)  # type: ignore[arg-type]


def nearest(word: str, known: Iterable[str], likeness: float | None = None) -> str:
    """The known word that ``word`` was perhaps meant to be; empty if none is near.

    Args:
        word: as it was typed, in lower case.
        known: in the order of preference.
        likeness: from 0 (anything) to 1 (the same); by default what suits the word.
    """
    from difflib import get_close_matches

    if likeness is None:
        # A Chinese word is half wrong with one of its two characters.
        likeness = 0.6 if word.isascii() else 0.5
    known = list(known)
    begun = [one for one in known if word and one.startswith(word)]
    near = begun or get_close_matches(word, known, 1, likeness)
    return near[0] if near else ""
