"""Why a known pitfall is offered for a text, and what to do about it, in the reader's words."""

from __future__ import annotations

from storage.model.records import Fix, Pitfall
from storage.paste.matching import Match
from storage.text.sanitize import harmless
from tui.text.i18n import _, read
from tui.text.matches import because
from tui.text.vocabulary import word


def why(match: Match) -> str:
    """Which signature stands where in the text; else in what the two are alike."""
    if match.recognised is not None:
        found = match.recognised
        return _("signature “{signature}” in line {line}: {matched}").format(
            signature=harmless(found.signature.text),
            line=found.line,
            matched=harmless(found.matched.strip()),
        )
    return because(match.alike) if match.alike is not None else ""


def remedy(pitfall: Pitfall) -> str:
    """What to do meanwhile, and what the vendor fixed, in lines; a sentence if there is neither."""
    workaround = harmless(read(pitfall.workaround), lines=True).strip()
    lines = [workaround] if workaround else []
    lines += [_fixed(fix) for fix in pitfall.fixes]
    return "\n".join(lines) or _("No workaround is known yet.")


def _fixed(fix: Fix) -> str:
    since = harmless(fix.from_version or fix.from_date)
    return _("Fixed upstream: {axis}, from {since}").format(axis=word(fix.axis), since=since)
