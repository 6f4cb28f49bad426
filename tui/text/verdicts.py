"""Fixes and verdicts in the reader's words: the board and the command say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from storage.model.environment import (
    FIELDS,
    NAMES,
    Environment,
    compared_part,
    typed_environment,
    version_key,
)
from storage.model.records import Evidence, Fix, Occurrence
from storage.model.verdicts import Judgement, ReplySuggestion, Standing, Why, judge, position
from storage.model.vocabulary import Axis, FixState, Host, Platform, Verdict
from storage.read.board import Board
from storage.read.entries import JudgedBy
from storage.text.sanitize import sanitize
from tui import deferred
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, language, ngettext
from tui.text.vocabulary import REGRESSED, ago, day, word

if TYPE_CHECKING:
    from storage.model import version_pairs
    from storage.model.version_pairs import Contradiction, Doubt, VersionPair
    from storage.query import keys
else:
    # A pitfall alone is judged without what other environments show.
    version_pairs = deferred("storage.model.version_pairs")
    keys = deferred("storage.query.keys")

#: A verdict and the state of a fix are always mark and word, never colour alone.
VERDICT_MARKS: Final = {
    Verdict.REGRESSION: REGRESSED,
    Verdict.STALE: "◷",
    Verdict.ROLLING_OUT: "◔",
    Verdict.NEEDS_VERSION: "?",
    Verdict.CONFIRMS: "✔",
}
STATE_MARKS: Final = {FixState.CLAIMED: "?", FixState.VERIFIED: "✔", FixState.DISPUTED: "✘"}


def verdict_words(judged: Judgement, by: JudgedBy) -> str:
    """A verdict and its reason in one line: ``↻ regression: 4.1.10 is at or beyond …``.

    What disputes a fix that the status does not rest on is not called a regression.
    """
    is_claim = judged.verdict is Verdict.REGRESSION and not by.is_believed(judged.fix)
    mark = STATE_MARKS[FixState.DISPUTED] if is_claim else VERDICT_MARKS[judged.verdict]
    named = word(FixState.DISPUTED if is_claim else judged.verdict)
    return _("{verdict}: {why}").format(verdict=f"{mark} {named}", why=reason(judged))


def judgements(occurrences: Iterable[Occurrence], by: JudgedBy) -> dict[str, str]:
    """What each of some occurrences says of the fixes, in a line, by its id; without the silent."""
    judged = ((one.id, judge(one, by.fixes)) for one in occurrences)
    return {name: verdict_words(found, by) for name, found in judged if found is not None}


def verdict_of(board: Board, pitfall: str, occurrence: str) -> str:
    """What an occurrence that was just logged says of the fixes, in a line; empty if nothing.

    Raises:
        PitboardError: the board can't be read.
    """
    logged = (one for one in board.occurrences.of(pitfall) if one.id == occurrence)
    return judgements(logged, board.fixes.judging(pitfall)).get(occurrence, "")


def verdicts_of(board: Board, pitfalls: Iterable[str], entries: Iterable[str]) -> Iterator[str]:
    """What occurrences of pitfalls that were just logged say of the fixes, each in a line.

    Args:
        board: which reads them.
        pitfalls: the pitfalls; of several, each line names its own.
        entries: the ids of what was logged.

    Raises:
        PitboardError: the board can't be read.
    """
    pitfalls, logged = list(pitfalls), set(entries)
    for pitfall in pitfalls if logged else ():
        # Most have no fix, and may have many occurrences.
        if (by := board.fixes.judging(pitfall)).fixes:
            new = [one for one in board.occurrences.of(pitfall) if one.id in logged]
            for words in judgements(new, by).values():
                yield words if len(pitfalls) == 1 else f"{board.short_id(pitfall)}  {words}"


def says_nothing(board: Board, pitfall: str, occurrence: str, fix: str) -> str:
    """Why a verification that was just logged says nothing of a fix; empty if it says something.

    Raises:
        PitboardError: the board can't be read.
    """
    [tried] = [one for one in board.occurrences.of(pitfall) if one.id == occurrence]
    [meant] = [one for one in board.pitfall(pitfall).fixes if one.id == fix]
    stance = position(tried, meant)
    if stance is None:
        return _("It says nothing of the fix, which is for somewhere else.")
    if stance.standing is Standing.BEYOND:
        return ""
    if stance.why in (Why.NO_VERSION, Why.NO_PLATFORM):
        return _(
            "It says nothing of the fix: only what was tried at or beyond it does. Give the"
            " version, or edit the occurrence."
        )
    judged = Judgement(Verdict.STALE, meant, stance.why, stance.ours, stance.theirs)
    return _("It says nothing of the fix: {why}.").format(why=reason(judged))


def reason(judged: Judgement) -> str:
    """Why a verdict is what it is, in one line."""
    fix = judged.fix
    return _reason_words(judged).format(
        ours=sanitize(judged.ours),
        theirs=sanitize(judged.theirs),
        axis=word(fix.axis),
        platform=word(fix.platform) if fix.platform is not None else "",
    )


def _reason_words(judged: Judgement) -> str:
    """A reason with places for ``ours``, ``theirs``, ``axis`` and ``platform``."""
    by_last_affected = not judged.fix.from_version
    match judged.why:
        case Why.OLDER if by_last_affected:
            return _("{ours} is not beyond {axis} {theirs}, the last one affected")
        case Why.OLDER:
            return _("{ours} is older than the fix in {axis} {theirs}")
        case Why.AT_OR_BEYOND if by_last_affected:
            return _("{ours} is beyond {axis} {theirs}, the last one affected")
        case Why.AT_OR_BEYOND:
            return _("{ours} is at or beyond the fix in {axis} {theirs}")
        case Why.SEEN_BEFORE:
            return _("seen on {ours}, before the fix of {theirs} ({axis})")
        case Why.SEEN_SINCE:
            return _("seen on {ours}, since the fix of {theirs} ({axis})")
        case Why.IN_GRACE:
            return _("{axis} {ours} may reach some people only by {theirs}")
        case Why.NO_VERSION:
            return _("its version was not said; the fix is in the {axis}")
        case Why.NOT_COMPARABLE:
            return _("its version “{ours}” can't be compared with the fix in {axis} {theirs}")
        case Why.FIX_NOT_COMPARABLE if not judged.theirs:
            return _("nobody knows the version of the fix ({axis})")
        case Why.FIX_NOT_COMPARABLE:
            return _("the version of the fix, “{theirs}” ({axis}), can't be compared")
        case Why.NO_PLATFORM:
            return _("the fix is for {platform} alone, and the platform was not said")


def fix_words(fix: Fix) -> str:
    """What a fix is called where there is one line for it: axis, beginning, where it holds."""
    named = _("{axis}, {since}").format(axis=word(fix.axis), since=since(fix))
    return " · ".join([named, *_where(fix)])


def since(fix: Fix) -> str:
    """From when a fix holds: its version, its day, or the last version affected."""
    if fix.from_version and fix.from_date:
        words = _("from {version} of {day}")
    elif fix.from_version or fix.from_date:
        words = _("from {since}")
    else:
        words = _("beyond {last}")
    return words.format(
        version=sanitize(fix.from_version),
        day=sanitize(fix.from_date),
        since=sanitize(fix.from_version or fix.from_date),
        last=sanitize(fix.last_affected),
    )


def fix_details(fix: Fix) -> list[str]:
    """What else is known of a fix: where it holds, which versions it spares, its grace."""
    parts = _where(fix)
    if fix.affected_since and fix.last_affected:
        parts.append(
            _("affected: {first} to {last}").format(
                first=sanitize(fix.affected_since), last=sanitize(fix.last_affected)
            )
        )
    elif fix.affected_since:
        parts.append(_("affected since {first}").format(first=sanitize(fix.affected_since)))
    elif fix.last_affected and (fix.from_version or fix.from_date):
        parts.append(_("last affected {last}").format(last=sanitize(fix.last_affected)))
    if fix.axis is Axis.LIBRARY:
        parts.append(
            ngettext("{n} day of grace", "{n} days of grace", fix.grace_days).format(
                n=fix.grace_days
            )
        )
    return parts


def _where(fix: Fix) -> list[str]:
    return [word(one) for one in (fix.platform, fix.host) if one is not None]


def fix_state_words(evidence: Evidence) -> str:
    """The state of a fix as mark and word, with the day of what shows it."""
    state = f"{STATE_MARKS[evidence.state]} {word(evidence.state)}"
    return f"{state} {day(evidence.at)}" if evidence.at is not None else state


# Version pairs in words: table columns, doubts, and which environment to test next


def doubt_word(doubt: Doubt) -> str:
    """A doubt as mark and word: what is in a cell of its own where runs are listed."""
    is_old = doubt is version_pairs.Doubt.TOO_OLD
    return _("! too old") if is_old else _("! too new")


def host_word(host: Host | None) -> str:
    """A host app, or a dash where nobody said it."""
    return word(host) if host else "–"


def platform_word(platform: Platform | None) -> str:
    """A platform, or a dash where nobody said it."""
    return word(platform) if platform else "–"


def doubted(board: Board, answers: Mapping[str, Any]) -> str:
    """What is doubtful of an occurrence that is about to be logged; mostly nothing.

    Its versions may contradict what runs where, or be none that can be compared.

    Args:
        board: what was seen so far.
        answers: fields of the occurrence.

    Raises:
        PitboardError: the board can't be read.
    """
    where = typed_environment(answers)
    found = board.version_pairs.contradiction(where, answers.get("seen_at"))
    doubts = [contradiction_words(where, found)] if found is not None else []
    versions = (getattr(where, field.name) or "" for field in FIELDS if field.is_version)
    return "\n".join(filter(None, (*doubts, not_comparable(*versions))))


def doubted_edit(board: Board, pitfall: str, item: str, changes: Mapping[str, Any]) -> str:
    """What is doubtful of an entry once it is changed: of an occurrence's place or time.

    Args:
        board: what was seen so far, the occurrence as it was among it.
        pitfall, item: the ids.
        changes: the fields that change, as they were typed.
    """
    if not changes.keys() & {*NAMES, "seen_at"}:
        return ""
    for one in board.occurrences.of(pitfall):
        if one.id == item:
            # A word of no vocabulary is refused by the store, with what may stand there.
            with suppress(ValueError):
                was = one.environment._asdict() | {"seen_at": one.seen_at}
                return doubted(board, was | dict(changes))
    return ""


def not_comparable(*versions: str) -> str:
    """Which versions that were typed are no numbers that can be compared; mostly nothing."""
    words = _("“{version}” is kept, but can't be compared with other versions.")
    return "\n".join(
        words.format(version=sanitize(one)) for one in versions if one and version_key(one) is None
    )


def contradiction_words(where: Environment | VersionPair, found: Contradiction) -> str:
    """A contradiction in two sentences.

    Args:
        where: the occurrence, or the run that rests on it.
        found: how it contradicts the others.
    """
    sentence = {
        version_pairs.Doubt.TOO_OLD: _(
            "Base library {library} is older than any that {app} was seen with on {platform}:"
            " {lowest} to {highest}. Is a version mistyped?"
        ),
        version_pairs.Doubt.TOO_NEW: _(
            "Base library {library} is newer than any that {app} or a later version was seen with"
            " on {platform}: up to {highest}. Is a version mistyped?"
        ),
    }[found.doubt]
    return sentence.format(
        library=sanitize(where.base_library or ""),
        app=f"{host_word(where.host)} {sanitize(where.client_version or '')}",
        platform=platform_word(where.platform),
        lowest=sanitize(found.lowest),
        highest=sanitize(found.highest),
    )


def asked_of(run: VersionPair) -> str:
    """The query, in the reader's language, that finds the pitfalls seen there.

    A version that can't be compared can't be asked for, and is left out.
    """
    answers = {
        "host": run.host,
        "client": compared_part(run.client_version),
        "platform": run.platform,
        "lib": compared_part(run.base_library),
    }
    return " ".join(
        keys.spelled(field, value, language()) for field, value in answers.items() if value
    )


_GAP: Final = "  "
#: Some builds and suffixes are long.
_LONGEST_VERSION: Final = 20
#: From this column on there are figures, which stand to the right.
_FIGURES: Final = 4


def headings() -> tuple[str, ...]:
    """What the columns are called."""
    return (
        _("HOST APP"),
        _("APP VERSION"),
        _("PLATFORM"),
        _("LIBRARY"),
        _("SEEN"),
        _("FIRST"),
        _("LAST"),
    )


def columns_of(run: VersionPair, now: int) -> tuple[str, ...]:
    """What stands in the columns for a run.

    Args:
        run: the run.
        now: the present in ms, for the ages.
    """
    return (
        host_word(run.host),
        cut(sanitize(run.client_version), _LONGEST_VERSION),
        platform_word(run.platform),
        cut(sanitize(run.base_library), _LONGEST_VERSION),
        str(run.count),
        ago(run.first_seen, now),
        ago(run.last_seen, now),
    )


def widths_of(runs: Iterable[VersionPair], now: int) -> list[int]:
    """How wide the columns are for some runs; the arguments are as above."""
    lines = (headings(), *(columns_of(run, now) for run in runs))
    return [max(map(width, column)) for column in zip(*lines, strict=True)]


# What watching suggests


def why_suggested(found: ReplySuggestion) -> str:
    """Why a vendor reply is suggested: marks, and words of the page."""
    named = {
        "official": _("official badge"),
        "document": _("the official document changed"),
        "gone": _("the page is gone"),
    }
    return "; ".join(named.get(one, sanitize(one)) for one in found.why)


def suggestion_words(found: ReplySuggestion) -> str:
    """What is suggested, in a line: “fixed 4.1.12 (official badge; 已修复)”."""
    kind = word(found.kind) if found.kind is not None else _("no answer any more")
    version = f" {sanitize(found.version)}" if found.version else ""
    return _("{what} ({why})").format(what=f"{kind}{version}", why=why_suggested(found))


def suggestion_lines(found: ReplySuggestion) -> list[str]:
    """What is suggested, who said it when and where, and the quote."""
    said = [sanitize(one) for one in (found.author, found.said_on, found.url) if one]
    quote = [f"“{sanitize(found.quote, lines=True)}”"] if found.quote else []
    head = _("Vendor reply? {what}").format(what=suggestion_words(found))
    return [head, " · ".join(said), *quote]


def joined(columns: Sequence[str], widths: Sequence[int]) -> str:
    """A line of the table."""
    return _GAP.join(
        fit(text, cells) if place < _FIGURES else " " * (cells - width(text)) + text
        for place, (text, cells) in enumerate(zip(columns, widths, strict=True))
    )
