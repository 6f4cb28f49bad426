"""The verb ``show``: a page of headed sections, the workaround first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import NotFound
from storage.model.lead import Hits
from storage.model.records import Attachment, Evidence, Fix, Occurrence, Pitfall, Reference, Tally
from storage.model.row import Decision, OccurrenceTotals, Text, Triage
from storage.model.verdicts import replies_on, upstream_of
from storage.model.vocabulary import Outcome
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import answer, output
from tui.cli.answer import wants_json
from tui.cli.changes import those_there
from tui.cli.input import PitfallId
from tui.cli.open_board import ReadingVerb, present, reading
from tui.cli.output import columns, emit, emit_json, for_people, named, styled, talk
from tui.text.cells import in_bold, mark_bold, wrap
from tui.text.i18n import _, clauses, labelled, language, pgettext, read, say
from tui.text.verdicts import fix_details, fix_state_words, judgements, since
from tui.text.vocabulary import (
    day,
    decision_words,
    moment,
    person_name,
    plan_words,
    state_words,
    tag_word,
    times,
    upstream_words,
    vendor_reply_words,
    word,
)

if TYPE_CHECKING:
    from storage.read.board import Board
    from tui.text import fields
    from tui.text import lead as leading
    from tui.text.fields import NumberedClaim
else:
    # Help shows no page.
    fields = deferred("tui.text.fields")
    leading = deferred("tui.text.lead")

_INDENT: Final = "  "
#: A page says how it was of late; ``--json`` holds every occurrence.
_NEWEST_OCCURRENCES: Final = 10
#: A page to decide by says less.
_FEW_OCCURRENCES: Final = 3
_FEW_LINES: Final = 12


def page(
    board: Board,
    pitfall: Pitfall,
    totals: OccurrenceTotals,
    cells: int | None,
    hits: Mapping[str, Hits],
    now: int,
) -> Iterator[str]:
    """The lines of the page.

    Args:
        board: where the rest is read.
        pitfall, totals: what it is about.
        cells: the width of the terminal; None leaves long lines whole.
        hits: how often each signature has matched of late, by its id.
        now: the present in ms.
    """
    yield from _head(board, pitfall, totals, cells, now)
    for heading, lines in _sections(board, pitfall, totals, hits):
        yield from section(heading, lines, cells)


def brief(
    board: Board, pitfall: Pitfall, totals: OccurrenceTotals, cells: int, now: int
) -> Iterator[str]:
    """The lines of a page that is enough to decide by; the arguments are those of a page."""
    yield from _head(board, pitfall, totals, cells, now)
    newest = board.occurrences.of(pitfall.id, limit=_FEW_OCCURRENCES)
    for heading, lines in (
        (_("Workaround"), _lines(pitfall.workaround)),
        (_("Reproduction notes"), _lines(pitfall.reproduction)),
        (_("Newest occurrences"), [line for one in newest for line in _occurrence(one)]),
        (_("Signatures"), [sanitize(one.text) for one in pitfall.signatures]),
    ):
        more = [] if len(lines) <= _FEW_LINES else ["…"]
        if lines:
            yield from section(heading, [*lines[:_FEW_LINES], *more], cells)


def section(heading: str, lines: Iterable[str], cells: int | None) -> Iterator[str]:
    """A heading and its lines below it."""
    yield ""
    yield styled(heading, bold=True)
    pieces = (
        f"{_INDENT}{piece}".rstrip()
        for line in lines
        for piece in _wrapped(line, cells and cells - len(_INDENT))
    )
    yield from in_bold(pieces, partial(styled, bold=True))


def _head(
    board: Board, pitfall: Pitfall, totals: OccurrenceTotals, cells: int | None, now: int
) -> Iterator[str]:
    """What it is, how often it was seen, and how it stands in triage."""
    for piece in _wrapped(sanitize(read(pitfall.title)), cells):
        yield styled(piece, bold=True)
    facts = [
        board.short_id(pitfall.id),
        state_words(pitfall),
        word(pitfall.severity),
        word(pitfall.kind),
        sanitize(read(pitfall.component)),
        *(f"#{tag_word(tag)}" for tag in pitfall.tags),
    ]
    yield from _wrapped(" · ".join(fact for fact in facts if fact), cells)
    seen = times(totals)
    if totals.last_seen is not None:
        first, last = day(totals.first_seen), day(totals.last_seen)
        if first == last:
            when = _("seen on {day}").format(day=last)
        else:
            when = _("seen from {first} to {last}").format(first=first, last=last)
        seen = clauses((seen, when))
    yield seen
    yield upstream_words(upstream_of(pitfall))
    if plan := " · ".join(words for words, _late in plan_words(pitfall.plan, pitfall.status, now)):
        yield from _wrapped(plan, cells)
    if decided := _decided(board, pitfall.decision):
        yield from _wrapped(decided, cells)


def _decided(board: Board, decision: Decision) -> str:
    """How it stands in triage; nothing if it is simply on the board."""
    if decision.triage is Triage.SETTLED:
        return ""
    words = decision_words(decision, board.short_id)
    if decision.triage is not Triage.DUPLICATE:
        return _("{decision}, since {day}").format(decision=words, day=day(decision.at))
    try:
        original = board.pitfall(decision.duplicate_of)
    except NotFound:
        return words
    return labelled(words, sanitize(read(original.title)))


def _signatures(pitfall: Pitfall, hits: Mapping[str, Hits]) -> list[str]:
    """The signatures, each with how often it matched of late."""
    lines = ((one.text, leading.hit_words(hits.get(one.id, Hits()))) for one in pitfall.signatures)
    return [_with(sanitize(text), words) if words else sanitize(text) for text, words in lines]


def _sections(
    board: Board, pitfall: Pitfall, totals: OccurrenceTotals, hits: Mapping[str, Hits]
) -> Iterator[tuple[str, list[str]]]:
    """Each section that has something to say: its heading and its lines."""
    newest = board.occurrences.of(pitfall.id, limit=_NEWEST_OCCURRENCES)
    claims = fields.numbered_claims(pitfall.conflicts)
    verdicts = judgements(newest, board.fixes.judging(pitfall.id))
    evidence = board.fixes.evidence(pitfall.id)
    source = board.names.source(pitfall.id)
    sections = (
        (
            _("Written at the same time"),
            [line for one in claims for line in _claim(board, one)],
        ),
        (_("Workaround"), [*_workaround(pitfall), *leading.duplicates_workarounds(board, pitfall)]),
        (_("Reproduction notes"), _lines(pitfall.reproduction)),
        (
            _("Fixes"),
            [line for fix in pitfall.fixes for line in _fix(fix, evidence[fix.id])],
        ),
        (
            _("Environments"),
            [_tally(tally) for tally in board.occurrences.environments(pitfall.id)],
        ),
        (
            _("Newest occurrences")
            if totals.logged > len(newest)
            else pgettext("Section", "Occurrences"),
            [line for one in newest for line in _occurrence(one, verdicts.get(one.id, ""))],
        ),
        (_("Signatures"), _signatures(pitfall, hits)),
        (
            _("References"),
            [line for one in pitfall.references for line in _reference(pitfall, one)],
        ),
        (
            _("Attachments"),
            [
                line
                for number, one in enumerate(pitfall.attachments, 1)
                for line in _attachment(number, one)
            ],
        ),
        (_("Duplicates"), [named(board, row.id) for row in board.duplicates.of(pitfall.id)]),
        (_("Not the same as"), [named(board, one) for one in _not_duplicates(board, pitfall)]),
        (
            _("Comments"),
            [
                line
                for one in pitfall.comments
                for line in (f"{moment(one.at)}  {person_name(one.who)}", *_deeper(one.text))
            ],
        ),
        (
            _("Reported"),
            [
                _("{time} by {who}").format(
                    time=moment(pitfall.reported_at), who=person_name(pitfall.reported_by)
                ),
                *([_("from the catalogue {name}").format(name=sanitize(source))] if source else []),
            ],
        ),
    )
    for heading, lines in sections:
        if lines:
            yield heading, lines


def _claim(board: Board, one: NumberedClaim) -> Iterator[str]:
    """A value that was written at the same time as another, with what it is a value of."""
    value = fields.claim_value(one, board.short_id).splitlines() or [""]
    yield f"{one.number}  {labelled(fields.conflict_name(one.conflict), value[0])}"
    yield from (f"   {line}" for line in value[1:])
    yield f"   {fields.claim_origin(one)}"


def _not_duplicates(board: Board, pitfall: Pitfall) -> list[str]:
    """Those that are on this board; another board may know more."""
    others = board.duplicates.excluded(pitfall.id)
    return sorted(board.inbox.decisions(others, 0))


def _workaround(pitfall: Pitfall) -> list[str]:
    """The workaround, and since when nobody has said that it works."""
    if pitfall.workaround_at is None:
        return []
    verified = _("written or last verified on {day}").format(day=day(pitfall.workaround_at))
    return [*_lines(pitfall.workaround), _("({words})").format(words=verified)]


def _lines(text: Text) -> list[str]:
    words = (mark_bold if for_people() else str)(sanitize(read(text), lines=True))
    return words.expandtabs(4).split("\n") if words else []


def _deeper(text: Text) -> list[str]:
    return [f"{_INDENT}{line}" for line in _lines(text)]


def _fix(fix: Fix, found: Evidence) -> list[str]:
    parts = [
        _("{axis}, {since}").format(axis=word(fix.axis), since=since(fix)),
        *fix_details(fix),
        fix_state_words(found),
    ]
    lines = [_with(" · ".join(parts), clauses((day(fix.at), person_name(fix.who))))]
    if fix.official:
        lines.append(f"{_INDENT}{_('said by the vendor')}")
    if fix.reference:
        lines.append(f"{_INDENT}{sanitize(fix.reference)}")
    return lines + _deeper(fix.quote)


def _tally(tally: Tally) -> str:
    where = " · ".join(word(one) for one in (tally.host, tally.platform, tally.channel) if one)
    counts = _("{yes} × reproduced, {no} × not").format(
        yes=tally.reproduced, no=tally.not_reproduced
    )
    words = _("{what} ({why})").format(what=counts, why=day(tally.last_at))
    return labelled(where or _("not said"), words)


def _occurrence(one: Occurrence, verdict: str = "") -> list[str]:
    mark = "✗" if one.outcome is Outcome.REPRODUCED else "✓"
    count = f" ×{one.count}" if one.count > 1 else ""
    head = f"{day(one.seen_at)}  {mark} {word(one.outcome)}{count}  {person_name(one.who)}"
    where = fields.environment_words(one.environment)
    return [
        head + (f"  {where}" if where else ""),
        *([f"{_INDENT}{verdict}"] if verdict else []),
        *_deeper(Text(one.message)),
        *_deeper(one.note),
    ]


def _reference(pitfall: Pitfall, one: Reference) -> list[str]:
    title, source = sanitize(read(one.title)), fields.source_word(one)
    lines = [labelled(source, title) if title and source else title or source]
    lines.append(f"{_INDENT}{sanitize(one.url)}")
    if one.quote.plain:
        who = _("the vendor") if one.official else _("someone")
        said = clauses((who, sanitize(one.quoted_on))) if one.quoted_on else who
        lines.append(f"{_INDENT}{labelled(said, '')}".rstrip())
        lines += [f"{_INDENT}{line}" for line in _deeper(one.quote)]
    for words in replies_on(pitfall, one.id):
        lines.append(f"{_INDENT}{vendor_reply_words(words)}")
        lines += [f"{_INDENT}{line}" for line in _deeper(words.quote)]
    return lines


def _attachment(number: int, one: Attachment) -> list[str]:
    kind, size = fields.kind_marked(one), fields.size_words(one.size)
    words = [f"{number}  {kind}", size, sanitize(one.label)]
    return [_with(_INDENT.join(words), fields.origin_words(one)), *_deeper(one.note)]


def _with(text: str, words: str) -> str:
    return _("{text}  ({words})").format(text=text, words=words)


def _wrapped(line: str, cells: int | None) -> Iterator[str]:
    """``line`` in pieces that fit into ``cells``, or whole."""
    return iter((line,)) if cells is None else wrap(line, cells)


# The verb ``show``. It loads neither pydantic nor Textual


@click.command(
    "show",
    cls=ReadingVerb,
    examples=("pitboard show 867d", "pitboard show 867d 0989 --json"),
    help=_(
        "Show a pitfall with everything recorded on it.\n\n"
        "The workaround comes first. --json holds every occurrence, the page the newest. ID may"
        " be given several times; - reads ids from stdin. Of several, those that are there are"
        " shown; the exit code is 5 if others are not, which are named."
    ),
)
@click.argument("names", metavar="ID…|-", nargs=-1, required=True, type=PitfallId())
@click.pass_context
def show(context: click.Context, names: tuple[str, ...]) -> int:
    """Show pitfalls."""
    with reading(context) as board:
        found, missing = those_there(board, names)
        if wants_json():
            emit_json({"pitfalls": [_as_data(board, one, present(context)) for one in found]})
        else:
            for place, name in enumerate(found):
                emit(["", ""] if place else [])
                emit(_page(board, name, present(context)))
    for problem in missing:
        talk(say(problem))
    answer.advise(_("“pitboard list” shows what there is; the others were shown."))
    return output.PARTIAL if missing else output.DONE


def _page(board: Board, name: str, now: int) -> Iterator[str]:
    [pitfall] = board.inbox.standing([board.pitfall(name)], now)
    _all_hits, hits = leading.hits_of(board, pitfall, now)
    totals = board.occurrences.totals(name)
    cells = columns() if for_people() else None
    return page(board, pitfall, totals, cells, hits, now)


def _as_data(board: Board, name: str, now: int) -> dict[str, Any]:
    # Loaded here, since a page for people does without.
    from storage.exports.json_shapes import as_shown

    [pitfall] = board.inbox.standing([board.pitfall(name)], now)
    all_hits, hits = leading.hits_of(board, pitfall, now)
    return as_shown(
        pitfall,
        board.occurrences.totals(name),
        board.occurrences.of(name),
        language(),
        duplicates=[row.id for row in board.duplicates.of(name)],
        not_duplicates=board.duplicates.excluded(name),
        fixes=board.fixes.judging(name).fixes,
        evidence=board.fixes.evidence(name),
        source=board.names.source(name),
    ) | {
        "hits": all_hits._asdict(),
        "signature_hits": {one: held._asdict() for one, held in hits.items()},
    }
