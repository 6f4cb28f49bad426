"""What is said of a file before it is brought in, and after: on the board and in the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from storage.errors import N_, NP_
from storage.imports.import_item import MappedState
from storage.match.generality import WHY_VAGUE
from storage.text.sanitize import sanitize
from storage.text.zones import zone
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, clauses, listed, ngettext, pgettext, say
from tui.text.vocabulary import day

if TYPE_CHECKING:
    from storage.imports.importer import ImportTally, PreviewedItem
    from storage.imports.sources import ImportSource
    from storage.sharing.catalogues import CatalogueNews, Subscription

_STATES: Final = {
    "new": NP_("Brought in", "new"),
    "changed": NP_("Brought in", "changed"),
    "same": NP_("Brought in", "the same"),
}
_FIELDS: Final = {
    "key": N_("key"),
    "title": N_("title"),
    "reproduction": N_("reproduction notes"),
    "workaround": N_("workaround"),
    "component": N_("component"),
    "kind": N_("kind"),
    "severity": N_("severity"),
    "status": N_("status"),
    "resolution": N_("resolution"),
    "assignee": N_("assignee"),
    "due": N_("due date"),
    "ticket": N_("vendor ticket"),
    "comments": N_("comments"),
    "tags": N_("tags"),
    "references": N_("references"),
    "signatures": N_("signatures"),
    "created": N_("date"),
    "environment": N_("environment"),
}
#: What a tracker's state comes to on the board.
_OUTCOMES: Final = {
    None: NP_("Outcome of a state", "open, since it is not known"),
    "open": NP_("Outcome of a state", "open"),
    "workaround": NP_("Outcome of a state", "workaround"),
    "fixed": NP_("Outcome of a state", "fixed upstream"),
    "by-design": NP_("Outcome of a state", "declined: by design"),
    "not-reproducible": NP_("Outcome of a state", "declined: not reproducible"),
    "not-ours": NP_("Outcome of a state", "declined: not ours"),
    "duplicate": NP_("Outcome of a state", "duplicate, to be decided on in triage"),
}
#: What a word comes to that is not known, where it is no state, and what it may be mapped to.
_INSTEAD: Final = {
    "severity": (NP_("Outcome of a state", "S3, since it is not known"), "S2"),
    "kind": (NP_("Outcome of a state", "bug, since it is not known"), "limit"),
}
_REASONS: Final = {
    "introduction": N_("introduction"),
    "contents": N_("table of contents"),
    "frame": N_("background, links, plans or help"),
    "no-problem": N_("reports no problem"),
    "front-matter": N_("front matter"),
    "too-long": N_("too long for one pitfall"),
}
_GAP: Final = "  "
_LONGEST_COMPONENT: Final = 28
_LONGEST_TITLE: Final = 300
_SHORTEST_TITLE: Final = 24
_NAMED: Final = 12


def day_of(path: Path) -> str:
    """The day on which a file was written last, as ISO 8601; empty if it can't be asked."""
    try:
        return zone().local(int(path.stat().st_mtime * 1000)).date().isoformat()
    except (OSError, OverflowError, ValueError):
        return ""


def state(item: PreviewedItem) -> str:
    """What a proposal is to the board, in a word."""
    return pgettext("Brought in", _STATES[item.state])


def counts(tally: ImportTally) -> str:
    """How much is new, changed and the same."""
    return clauses(
        f"{count} {pgettext('Brought in', _STATES[name])}"
        for name, count in (("new", tally.new), ("changed", tally.changed), ("same", tally.same))
    )


def heading(incoming: ImportSource, tally: ImportTally) -> str:
    """The file, its day, and how much of it is new."""
    name = sanitize(incoming.name) or "-"
    if incoming.day and incoming.day not in incoming.name:
        name = f"{name} ({incoming.day})"
    return _("{name}: {counts}").format(name=name, counts=counts(tally))


def lines(tally: ImportTally, cells: int, most: int) -> Iterator[str]:
    """What will come, a pitfall a line, within so many cells.

    Args:
        tally: of a look at the file.
        cells: the width that there is.
        most: so many are named.
    """
    shown = tally.shown[:most]
    states = max((width(state(one)) for one in shown), default=0)
    for one in shown:
        yield _line(one, states, cells)
    if tally.proposals > len(shown):
        yield _("… and {n} more").format(n=tally.proposals - len(shown))


def _line(one: PreviewedItem, states: int, cells: int) -> str:
    title, room = sanitize(one.proposal.title), cells - states - 2 * len(_GAP)
    component = cut(sanitize(one.proposal.component), _LONGEST_COMPONENT)
    # A title that names its component needs the room for what else it says.
    is_in_title = component.casefold() in title.casefold()
    beside = [part for part in ("" if is_in_title else component, _belongings(one)) if part]
    # The title gives way first, and last of all.
    while beside and room - width(_GAP + _GAP.join(beside)) < min(_SHORTEST_TITLE, width(title)):
        beside.pop()
    title = cut(title, room - sum(width(_GAP + part) for part in beside))
    return _GAP + _GAP.join([fit(state(one), states), title, *beside])


def _belongings(one: PreviewedItem) -> str:
    """What comes with it: a workaround, error texts, links; nothing is said of none."""
    signatures, links = len(one.proposal.signatures), len(one.proposal.links)
    parts = []
    if one.proposal.solved:
        parts.append(_("solved: {mark}").format(mark=sanitize(one.proposal.solved)))
    if one.proposal.workaround:
        parts.append(_("workaround"))
    if signatures:
        parts.append(ngettext("{n} error text", "{n} error texts", signatures).format(n=signatures))
    if links:
        parts.append(ngettext("{n} link", "{n} links", links).format(n=links))
    return clauses(parts)


def not_taken(columns: tuple[str, ...]) -> Iterator[str]:
    """Which columns are not taken, if any."""
    if columns:
        yield _("Not taken: {columns}").format(columns=sanitize(_some(columns)))


def remarks(incoming: ImportSource) -> Iterator[str]:
    """What else one should know before it is brought in."""
    columns = incoming.columns
    if columns is not None:
        is_in_title = (
            f"{_(_FIELDS[field])} ← {'+'.join(column.names)}"
            for field, column in columns.of.items()
        )
        yield _("Columns: {columns}").format(columns=sanitize(listed(is_in_title)))
        yield from not_taken(columns.unused)
        if not incoming.encoding.startswith("utf-8"):
            yield _("Read as {encoding}.").format(encoding=incoming.encoding.upper())
    if incoming.spread:
        yield ngettext(
            "{n} link that stands apart went to the pitfalls that it belongs to",
            "{n} links that stand apart went to the pitfalls that they belong to",
            len(incoming.spread),
        ).format(n=len(incoming.spread))
    if incoming.loose:
        yield ngettext(
            "{n} link belongs to none in particular; the history of the first keeps it: {links}",
            "{n} links belong to none in particular; the history of the first keeps them: {links}",
            len(incoming.loose),
        ).format(
            n=len(incoming.loose),
            links=sanitize(_some(tuple(one.title or one.url for one in incoming.loose))),
        )
    if incoming.gone:
        yield _("No longer in the file, and left as they are: {titles}").format(
            titles=sanitize(_some(incoming.gone))
        )


def by_section(incoming: ImportSource, cells: int) -> Iterator[str]:
    """What was taken of each heading of a note, and what was not, a line for each.

    Args:
        incoming: the note; nothing is said of anything else.
        cells: the width that there is.
    """
    if not incoming.sections:
        return
    yield _("By section:")
    numbers = max(len(str(one.line)) for one in incoming.sections)
    for one in incoming.sections:
        taken = len(one.taken)
        details = [ngettext("{n} taken", "{n} taken", taken).format(n=taken)] if taken else []
        whys = dict.fromkeys(_(_REASONS[part.why]) for part in one.left_out)
        details += [_("left out: {why}").format(why=why) for why in whys]
        words = clauses(details) or "–"
        heading = sanitize(f"{'#' * one.level} {one.heading}".strip()) or _("(no heading)")
        room = max(_SHORTEST_TITLE, cells - numbers - width(words) - 3 * len(_GAP))
        yield f"{_GAP}{one.line:>{numbers}}{_GAP}{fit(cut(heading, room), room)}{_GAP}{words}"


def left_out(incoming: ImportSource, cells: int | None = None) -> Iterator[str]:
    """The parts of a note that are on no pitfall: their lines, why, and their text.

    Args:
        incoming: the note.
        cells: the width that there is, to begin each text in one line; all of it, if None.
    """
    parts = incoming.left_out
    if not parts:
        return
    words = ngettext(
        "{n} part is on no pitfall:", "{n} parts are on no pitfall:", len(parts)
    ).format(n=len(parts))
    yield words
    for part in parts:
        place = f"{part.line}" if part.line == part.last else f"{part.line}–{part.last}"
        head = _("line {place}, {why}").format(place=place, why=_(_REASONS[part.why]))
        lines = sanitize(part.text, lines=True).split("\n")
        if cells is None:
            yield f"{_GAP}{head}:"
            yield from (f"{_GAP * 2}{line}" for line in lines if line.strip())
        else:
            begin = " ".join(" ".join(lines).split())
            room = cells - width(head) - len(_GAP) - 2
            yield f"{_GAP}{head}: {cut(begin, max(room, _SHORTEST_TITLE))}"


def refusals(tally: ImportTally, most: int) -> Iterator[str]:
    """The parts of which no pitfall can be made: the line of each, and why."""
    for one in tally.refused[:most]:
        words = _("Line {number} was set aside: {why}")
        yield words.format(number=one.line, why=sanitize(say(one.why)))
    if tally.set_aside > most:
        yield _("And {count} more of the same.").format(count=tally.set_aside - most)
    yield from states(tally)
    if tally.vague:
        texts = tuple(f"{one.text} ({_(WHY_VAGUE[one.why])})" for one in tally.vague)
        yield _("Kept as text, since they are no signatures: {texts}").format(
            texts=sanitize(_some(texts))
        )


def states(tally: ImportTally) -> Iterator[str]:
    """What each state of a tracker, and each unknown word, was taken for, a column a line."""
    columns: dict[str, list[str]] = {}
    examples: dict[str, MappedState] = {}
    for one, count in tally.states:
        instead, meant = _INSTEAD.get(one.field, (_OUTCOMES[one.outcome], "by-design"))
        outcome = pgettext("Outcome of a state", instead)
        examples.setdefault(meant, one)
        columns.setdefault(one.column, []).append(f"{one.value} → {outcome} ({count})")
    for column, states in columns.items():
        yield _("{column}: {states}").format(
            column=sanitize(column), states=sanitize(listed(states))
        )
    for meant, one in examples.items():
        yield _("Change it with --map, as in {field}={column}:{value}={example}.").format(
            field=one.field,
            column=sanitize(one.column),
            value=sanitize(one.value),
            example=meant,
        )


def done(tally: ImportTally) -> str:
    """What came of it."""
    words = _("Imported: {counts}.").format(counts=counts(tally))
    if not tally.new:
        return words
    return _("{sentence} {advice}").format(
        sentence=words, advice=_("What is new waits in the inbox.")
    )


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    shown = listed(cut(name, _LONGEST_TITLE) for name in names[:_NAMED])
    return shown if more <= 0 else _("{names} and {n} more").format(names=shown, n=more)


# What a catalogue brings, before it is on the board and after

_SHORT_COMMIT: Final = 12


def catalogue_words(one: Subscription) -> list[str]:
    """A catalogue of the board: its name and where it stands; its address, if it has one."""
    count = ngettext("{n} pitfall", "{n} pitfalls", one.entries).format(n=one.entries)
    if one.is_built_in:
        return [f"{one.name}  {count}  {_('built in')}"]
    parts = [one.name, count, sanitize(one.licence)]
    if one.taken_at is not None:
        parts.append(_("as of {day}").format(day=day(one.taken_at)))
    if one.pin:
        parts.append(_("stays at {commit}").format(commit=one.pin[:_SHORT_COMMIT]))
    return ["  ".join(parts), f"  {sanitize(one.url)}"]


def news_words(news: CatalogueNews) -> list[str]:
    """A catalogue and what taking it in would bring, for whoever has to agree."""
    manifest, commit = news.manifest, news.history.commit[:_SHORT_COMMIT]
    head = f"{manifest.name}  {sanitize(manifest.licence)}  {commit}"
    return [head, *(f"  {line}" for line in news_counts(news))]


def news_counts(news: CatalogueNews) -> list[str]:
    """How many of each sort are new in a catalogue."""
    counts = (
        (news.pitfalls, ngettext("{n} new pitfall", "{n} new pitfalls", news.pitfalls)),
        (news.fixes, ngettext("{n} claimed fix", "{n} claimed fixes", news.fixes)),
        (news.withdrawn, ngettext("{n} withdrawn", "{n} withdrawn", news.withdrawn)),
        (news.changes, ngettext("{n} other change", "{n} other changes", news.changes)),
    )
    return [words.format(n=n) for n, words in counts if n] or [_("nothing new")]


def news_mistakes(news: CatalogueNews) -> list[str]:
    """Up to where a catalogue can be taken in, and the mistakes behind that, if there are any."""
    if not news.history.misprints:
        return []
    words = _("Later commits hold mistakes, so it is taken in up to {commit}:")
    head = words.format(commit=news.history.commit[:_SHORT_COMMIT])
    return [head, *(f"  {say(one)}" for one in news.history.misprints)]


def taken_words(news: CatalogueNews) -> str:
    """What was taken in."""
    return _("Taken in: {name}, {counts}.").format(
        name=news.manifest.name, counts=clauses(news_counts(news))
    )


def left_words(name: str, hidden: int | None) -> list[str]:
    """That a subscription has ended, and how many changes count no longer, if that was asked."""
    lines = [_("The subscription to {name} has ended.").format(name=sanitize(name))]
    if hidden is not None:
        words = ngettext(
            "{n} change of it no longer counts here.",
            "{n} changes of it no longer count here.",
            hidden,
        )
        lines.append(words.format(n=hidden))
    return lines
