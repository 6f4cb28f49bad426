"""Whether a signature that somebody types can be looked for at all."""

from __future__ import annotations

from storage.errors import N_, Refused
from storage.match.patterns import why_not
from storage.match.signature_text import pieces
from storage.model.vocabulary import SignatureForm


def check_signature(text: str, form: SignatureForm) -> None:
    """Whether a signature can be looked for, and tells errors apart.

    Raises:
        Refused: with the reason that it can't be compiled, or that it would match
            nearly everything.
    """
    if form is SignatureForm.PATTERN:
        reason = why_not(text)
        if reason is not None:
            raise Refused(
                N_("The pattern “{text}” can't be looked for: {why}."),
                field="signature",
                text=text,
                why=reason,
            )
        return
    if not pieces(text, form):
        raise Refused(
            N_("The signature “{text}” would match nearly everything."),
            N_("Give more of the error text."),
            field="signature",
            text=text,
        )
