"""Why a pitfall matches a text or resembles another, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from storage.errors import N_
from storage.match.likeness import PitfallMatch, SimilarityKind, SimilarityReason
from storage.match.normalizer import normalise
from storage.match.similar import SimilarPitfall
from storage.model.fields import NamedTuple
from storage.model.records import Fix, Pitfall
from storage.model.vocabulary import Platform
from storage.read.board import Board
from storage.read.history import DiffSpan, differences
from storage.text.sanitize import sanitize
from tui.text.cells import in_bold, mark_bold, wrap
from tui.text.i18n import _, clauses, listed, read
from tui.text.lead import duplicates_workarounds
from tui.text.vocabulary import word

#: Of a pitfall that was seen often, the newest messages say enough.
_MESSAGES: Final = 3
#: Of an error text so many characters are compared.
_LONGEST_ERROR: Final = 400

_REASONS: Final[Mapping[SimilarityKind, str]] = {
    SimilarityKind.API: N_("the same API {value}"),
    SimilarityKind.CODE: N_("the same error code {value}"),
    SimilarityKind.MESSAGE: N_("the same message"),
    SimilarityKind.TITLE: N_("a similar title"),
    SimilarityKind.WORDS: N_("shares {value}"),
    SimilarityKind.COMPONENT: N_("the same component"),
}


def similarity_words(alike: SimilarPitfall) -> str:
    """All that a known pitfall has in common with what was asked for, in a line."""
    return clauses(_reason(why) for why in alike.because)


def _reason(why: SimilarityReason) -> str:
    value = why.value
    if why.reason is SimilarityKind.WORDS:
        # Of platforms likeness names the value, which is the same in both languages.
        shared = value.split(", ")
        value = listed(word(Platform(one)) if one in {*Platform} else one for one in shared)
    return _(_REASONS[why.reason]).format(value=sanitize(value)).strip()


def compared_texts(board: Board, pitfall: Pitfall) -> tuple[str, str, str]:
    """What of a pitfall on the board is compared with others: title, error texts, component."""
    seen = board.occurrences.of(pitfall.id, _MESSAGES)
    texts = [one.text for one in pitfall.signatures] + [one.message for one in seen]
    return read(pitfall.title), "\n".join(filter(None, texts)), read(pitfall.component)


# A report beside the pitfall that it may be a duplicate of


class ComparedField(NamedTuple):
    """What two pitfalls say in one field; nothing is compared where one of them says nothing."""

    name: str
    report: str
    candidate: str

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return self.report.casefold() == self.candidate.casefold()


class ComparedPitfalls(NamedTuple):
    """What tells a report from a candidate: their fields, and the spans of their error texts."""

    fields: tuple[ComparedField, ...]
    error: tuple[DiffSpan, ...]
    codes: ComparedField | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether both name error codes, and none that is the same: rarely one bug."""
        return self.codes is not None and not self.codes.is_same


def compare(board: Board, report: Pitfall, candidate: Pitfall) -> ComparedPitfalls:
    """Compare a report with a candidate.

    Raises:
        PitboardError: if the board can't be read.
    """
    here, there = (_facts(board, one) for one in (report, candidate))
    fields = (
        ComparedField(name, here.facts[name], there.facts[name])
        for name in here.facts
        if here.facts[name] and there.facts[name]
    )
    both = here.error and there.error
    codes = _codes(here.codes, there.codes)
    return ComparedPitfalls(
        (*([codes] if codes else []), *fields),
        differences(here.error, there.error) if both else (),
        codes,
    )


def _codes(report: Sequence[str], candidate: Sequence[str]) -> ComparedField | None:
    """The error codes of both: one that they share, or all; None where one of them has none."""
    if not report or not candidate:
        return None
    shared = [code for code in report if code in candidate]
    here, there = (shared[:1], shared[:1]) if shared else (report, candidate)
    return ComparedField(_("error code"), listed(here), listed(there))


def doubtful_words(compared: ComparedPitfalls) -> str:
    """What to ask before a report is merged with a candidate that has other error codes."""
    assert compared.codes is not None
    return _(
        "The error codes differ: {report} in the report, {candidate} in the candidate. Mark it as a"
        " duplicate?"
    ).format(report=compared.codes.report, candidate=compared.codes.candidate)


class _Facts(NamedTuple):
    facts: Mapping[str, str]
    error: str
    codes: tuple[str, ...]


def _facts(board: Board, pitfall: Pitfall) -> _Facts:
    """What of a pitfall is set beside another: fields by their names, and its error text."""
    seen = board.occurrences.of(pitfall.id, _MESSAGES)
    platforms = dict.fromkeys(
        word(one.environment.platform) for one in seen if one.environment.platform is not None
    )
    messages = [one.message for one in seen if one.message.strip()]
    texts = messages or [one.text for one in pitfall.signatures]
    facts = {
        _("component"): sanitize(read(pitfall.component)),
        _("platform"): listed(platforms),
        _("kind"): word(pitfall.kind),
        _("severity"): pitfall.severity.value,
    }
    named = messages + [one.text for one in pitfall.signatures]
    codes = dict.fromkeys(
        sanitize(code) for text in named for code in normalise(text[:_LONGEST_ERROR]).codes
    )
    error = sanitize(" ".join(texts[0].split()))[:_LONGEST_ERROR] if texts else ""
    return _Facts(facts, error, tuple(codes))


# Why a known pitfall is offered for a text, and what to do about it, in the reader's words


def match_reason(match: PitfallMatch, *, tells_line: bool = True) -> str:
    """Which signature stands where in the text; else in what the two are alike.

    Args:
        match: the match.
        tells_line: whether to say in which line; what stands in a field or an option has none.
    """
    if match.recognised is not None:
        found = match.recognised
        words = (
            _("signature “{signature}” in line {line}: {matched}")
            if tells_line
            else _("signature “{signature}”: {matched}")
        )
        return words.format(
            signature=sanitize(found.signature.text),
            line=found.line,
            matched=sanitize(found.matched.strip()),
        )
    return similarity_words(match.alike) if match.alike is not None else ""


def workaround_text(board: Board, pitfall: Pitfall) -> str:
    """What to do meanwhile, also by its duplicates, and what the vendor fixed, in lines.

    It is a sentence if there is nothing of it.
    """
    workaround = sanitize(read(pitfall.workaround), lines=True).strip()
    lines = [workaround] if workaround else []
    lines += duplicates_workarounds(board, pitfall)
    lines += [_fixed(fix) for fix in pitfall.fixes]
    return "\n".join(lines) or _("No workaround is known yet.")


def workaround_lines(
    board: Board, pitfall: Pitfall, cells: int, bold: Callable[[str], str] | None
) -> list[str]:
    """The same in lines of at most so many cells.

    Args:
        board: where the pitfall is.
        pitfall: the pitfall.
        cells: the room that there is.
        bold: makes what Markdown has between two asterisks bold; None leaves it as it is.
    """
    text = workaround_text(board, pitfall)
    lines = (mark_bold(text) if bold else text).splitlines()
    pieces = [piece.rstrip() for line in lines for piece in wrap(line, cells)]
    return [*in_bold(pieces, bold)] if bold else pieces


def _fixed(fix: Fix) -> str:
    since = sanitize(fix.from_version or fix.from_date)
    return _("Fixed upstream: {axis}, from {since}").format(axis=word(fix.axis), since=since)
