"""The verbs ``history``, ``revert``, ``resolve``, ``undo`` and ``redo``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import NotFound
from storage.model.vocabulary import HistoryCategory
from storage.text import dates
from storage.text.dates import iso
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import option, output
from tui.cli.answer import wants_json
from tui.cli.changes import showing_progress, tell
from tui.cli.group import Verb
from tui.cli.input import MOST, Day, NumberBetween, PitfallId, WrongUse, words
from tui.cli.open_board import ReadingVerb, reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, named, styled, talk
from tui.text.cells import cut
from tui.text.i18n import _, language, listed, read

if TYPE_CHECKING:
    from storage.exports import json_shapes
    from storage.model.records import Line
    from storage.read import history as read_history
    from storage.read.board import Board
    from storage.write.history import Step
    from tui.text import fields
    from tui.text import history as history_text
    from tui.text.fields import NumberedClaim
    from tui.text.history import TimelineRow, Tone
else:
    json_shapes = deferred("storage.exports.json_shapes")
    read_history = deferred("storage.read.history")
    fields = deferred("tui.text.fields")
    history_text = deferred("tui.text.history")


#: How many changes the history of a whole board shows unless told otherwise.
_NEWEST_CHANGES: Final = 100
#: More than any board holds, and later than any of it.
_ALL: Final = 1 << 31
_EVER: Final = 1 << 62
#: As many digits of a change's id as name it to people, if that is enough among what is shown.
_SHORTEST_NAME: Final = 6
_INDENT: Final = "  "
#: The room that a line of the story has at least, however narrow the terminal is.
_NARROWEST: Final = 24


@click.command(
    "history",
    cls=ReadingVerb,
    examples=("pitboard history 867d", "pitboard history --since 2022-01-01 --kind values"),
    help=_(
        "Show who changed what, when and why.\n\n"
        "The newest change comes first; on a terminal, what one person did within one minute"
        " stands in the order in which they did it. In a long text [-…-] marks what was removed and"
        " {+…+} what was added. “pitboard revert” takes ID and that of a change. Without ID it"
        " shows the history of the whole board. Piped, it writes one tab-separated line per"
        " change: time, pitfall, who, what, field, before, after, why, undone, id, part of"
        " the entry, outcome, “undo” or “redo”, what that took back, the ids that it names."
    ),
)
@click.argument("prefix", metavar="[ID]", required=False, type=PitfallId())
@option(
    "--kind",
    "sorts",
    metavar="KIND",
    type=words(HistoryCategory),
    multiple=True,
    help=_("Only changes of this kind: {kinds}.").format(kinds=listed(HistoryCategory)),
)
@option("--since", metavar="DATE", type=Day(), help=_("From this day on."))
@option("--until", metavar="DATE", type=Day(last=True), help=_("Up to the end of this day."))
@option(
    "--limit",
    metavar="N",
    type=NumberBetween(0, MOST),
    help=_(
        "Show at most N changes; 0 shows all. The default is all changes of a pitfall,"
        " and the newest 100 of a board."
    ),
)
@click.pass_context
def history(
    context: click.Context,
    prefix: str | None,
    sorts: tuple[str, ...],
    since: str | None,
    until: str | None,
    limit: int | None,
) -> int:
    """Show what was done to a pitfall, or to all of them."""
    wanted = [HistoryCategory(sort) for sort in sorts]
    between = (dates.moment(since) if since else 0, _end_of(until) if until else _EVER)
    with reading(context) as board:
        if prefix is None:
            most = _NEWEST_CHANGES if limit is None else limit
            lines = board.history.newest_changes(most or _ALL, sorts=wanted, between=between)
        else:
            lines = _of_one(board, board.resolve(prefix), wanted, between, limit or _ALL)
        if wants_json():
            emit_json({"changes": [json_shapes.as_history(line, language()) for line in lines]})
        elif for_people():
            emit(_story(board, lines, columns(), of_several=prefix is None))
        else:
            emit_rows(map(_columns, lines))
    if lines:
        return output.DONE
    return output.nothing_found(_("No changes then."), _("Ask for a longer time or more kinds."))


def _end_of(day: str) -> int:
    return dates.moment((date.fromisoformat(day) + timedelta(days=1)).isoformat())


def _of_one(
    board: Board,
    pitfall: str,
    sorts: Sequence[HistoryCategory],
    between: tuple[int, int],
    limit: int,
) -> list[Line]:
    """The newest lines of a pitfall's history that are asked for."""
    # Nothing but the number is asked of the occurrences: so many of the newest are enough.
    enough = limit if between == (0, _EVER) else _ALL
    if sorts and not {HistoryCategory.OCCURRENCES, HistoryCategory.TAKEN_BACK} & set(sorts):
        enough = 0
    since, until = between
    lines = board.history.timeline(pitfall, enough)
    meant = [line for line in lines if read_history.is_of(line, sorts)]
    return [line for line in meant if since <= line.at < until][:limit]


def _columns(line: Line) -> tuple[str | None, ...]:
    return (
        iso(line.at),
        line.pitfall,
        line.who,
        line.what,
        line.field,
        json_shapes.as_value(line.part, line.before, language()),
        json_shapes.as_value(line.part, line.after, language()),
        read(line.reason),
        "undone" if line.void else "",
        line.event,
        line.part,
        line.outcome or "",
        ("redo" if line.redoes else "undo") if line.names else "",
        " ".join(dict.fromkeys(_taken_back(one) for one in line.took_back)),
        " ".join(line.names),
    )


def _taken_back(line: Line) -> str:
    """What an undo took back, for data: what it did, and to which field or with which outcome."""
    about = (line.field if line.field != line.what else "", line.part, line.outcome)
    return ":".join(filter(None, (line.what, *about)))


def _story(board: Board, lines: Sequence[Line], cells: int, *, of_several: bool) -> Iterator[str]:
    """The history as a story in at most so many cells, with the changes' names in a column."""
    digits = _telling_digits([line.event for line in lines])
    beside = len(_INDENT) * 2 + digits

    @cache
    def name(pitfall: str) -> str:
        if not of_several or not pitfall:
            return ""
        try:
            return cut(named(board, pitfall), cells // 2)
        except NotFound:
            return board.short_id(pitfall)

    day = True
    for part in history_text.timeline(lines, name):
        if isinstance(part, history_text.TimelineHeading):
            if part.row[0].tone is history_text.Tone.DAY and not day:
                yield ""
            day = False
            yield _coloured(history_text.wrap_row(part.row, cells)[0])
            continue
        front = _INDENT + styled(part.event[:digits], fg="yellow") + _INDENT
        for row in _rows(part, board.short_id, max(_NARROWEST, cells - beside)):
            yield front + row
            front = " " * beside


def _rows(line: Line, short_id: Callable[[str], str], cells: int) -> Iterator[str]:
    for paragraph in history_text.change_rows(line, short_id, in_short=True):
        for row in history_text.wrap_row(paragraph, cells):
            yield _coloured(row)


@cache
def _styles() -> Mapping[Tone, Mapping[str, Any]]:
    """How each tone looks."""
    tone = history_text.Tone
    return {
        tone.DAY: {"bold": True, "underline": True},
        tone.WHEN: {"dim": True},
        tone.WHO: {"bold": True},
        tone.BEFORE: {"dim": True},
        tone.AFTER: {"bold": True},
        tone.SAID: {"fg": "cyan"},
        tone.REMOVED: {"fg": "red"},
        tone.ADDED: {"fg": "green", "bold": True},
        tone.REASON: {"italic": True},
        tone.ASIDE: {"dim": True},
        tone.UNDONE: {"dim": True, "strikethrough": True},
        tone.TAKEN_BACK: {"bold": True},
    }


def _coloured(row: TimelineRow) -> str:
    return "".join(styled(text, **_styles().get(tone, {})) for text, tone in row).rstrip()


def _telling_digits(events: Sequence[str]) -> int:
    """How many digits tell all of some events apart."""
    digits = _SHORTEST_NAME
    while len({event[:digits] for event in events}) < len(set(events)):
        digits += 1
    return digits


@click.command(
    "revert",
    cls=Verb,
    examples=("pitboard history 867d", "pitboard revert 867d 3f1c"),
    help=_(
        "Revert one change of a pitfall's history.\n\n"
        "CHANGE is the beginning of its id, which “pitboard history ID” shows. Later"
        " changes stay in the history, and “pitboard undo” takes the revert back."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.argument("change")
@click.pass_context
def revert(context: click.Context, prefix: str, change: str) -> None:
    """Revert a change of a pitfall."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        store.history.revert(pitfall, board.history.change_named(pitfall, change))
        tell(board, pitfall, _("Reverted that change of {id}: {title}"))


# The verb that resolves conflicts


_LONGEST = 60
#: Fewer digits are a number, and not the beginning of an event's id.
_SHORTEST_EVENT = 4


@click.command(
    "resolve",
    cls=Verb,
    examples=("pitboard resolve 867d", "pitboard resolve 867d --value 2"),
    help=_(
        "Resolve a conflict: values that people changed at once.\n\n"
        "Without --value it lists them, each with its number. Piped, it writes one"
        " tab-separated line per value: number, name, event, who, value. Numbers are those of the"
        " list as it is now; a script names a value by its event, which stays."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@option(
    "--value",
    "values",
    metavar="N|EVENT",
    multiple=True,
    help=_("The number or the event of the value to keep; may be repeated."),
)
@click.pass_context
def resolve(context: click.Context, prefix: str, values: tuple[str, ...]) -> int:
    """List conflicts, or resolve some by choosing a value of each."""
    if not values:
        return _list(context, prefix)
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        claims = list(fields.numbered_claims(board.pitfall(pitfall).conflicts))
        # All are looked up before the first is kept, which numbers the others anew.
        chosen = [_claim(claims, value, prefix) for value in values]
        if len({one.conflict.name for one in chosen}) < len(chosen):
            raise WrongUse(_("Name one value of each conflict."))
        for kept in chosen:
            store.conflicts.resolve(pitfall, kept.conflict.name, kept.claim.event)
            shown = cut(" ".join(fields.claim_value(kept, board.short_id).split()), _LONGEST)
            name = fields.conflict_name(kept.conflict)
            talk(_("Kept the {name}: {value}").format(name=name, value=shown))
    return output.DONE


def _claim(claims: Sequence[NumberedClaim], value: str, prefix: str) -> NumberedClaim:
    """The claim of a number, or of the event that begins so.

    Raises:
        WrongUse: if there is none, or several.
    """
    typed = value.strip().lower()
    is_number = typed.isdecimal() and len(typed) < _SHORTEST_EVENT
    found = [
        one
        for one in claims
        if (typed == str(one.number) if is_number else one.claim.event.startswith(typed))
    ]
    if len(found) != 1 or not typed:
        advice = _("“pitboard resolve {id}” lists them with their numbers.").format(id=prefix)
        raise WrongUse(_("There is no value {n} here.").format(n=sanitize(value)) + f" {advice}")
    return found[0]


def _list(context: click.Context, prefix: str) -> int:
    with reading(context) as board:
        conflicts = board.pitfall(board.resolve(prefix)).conflicts
        claims = list(fields.numbered_claims(conflicts))
        if wants_json():
            emit_json(
                {"conflicts": [json_shapes.as_conflict(one, language()) for one in conflicts]}
            )
        elif not for_people():
            emit_rows(
                (
                    *(one.number, one.conflict.name, one.claim.event, one.claim.who),
                    json_shapes.as_value(one.conflict.part, one.claim.value, language()),
                )
                for one in claims
            )
        elif claims:
            emit(lines(claims, board))
    if claims:
        return output.DONE
    return output.nothing_found(
        _("This pitfall has no conflicts."), _("“pitboard list has:conflict” shows those that do.")
    )


def lines(claims: Sequence[NumberedClaim], board: Board) -> Iterator[str]:
    """Each value with its number, who wrote it, and when, below what it is a value of."""
    for one in claims:
        if one.is_shown:
            yield styled(sanitize(fields.conflict_name(one.conflict)), bold=True)
        event = styled(one.claim.event[:8], dim=True)
        yield f"{one.number:>3}  {fields.claim_origin(one)}  {event}"
        yield from (f"     {line}" for line in fields.claim_value(one, board.short_id).splitlines())


@click.command(
    "undo",
    cls=Verb,
    examples=("pitboard undo",),
    help=_("Undo the last change."),
)
@click.pass_context
def undo(context: click.Context) -> None:
    """Take back the newest action."""
    with writing(context) as (store, board):
        with showing_progress(store):
            step = store.history.undo()
        about_all = _("Undone: {actions} ({title})")
        _tell_step(board, step, _("Undone in {id}: {actions} ({title})"), about_all)


@click.command(
    "redo",
    cls=Verb,
    examples=("pitboard redo",),
    help=_("Redo the change that was undone last."),
)
@click.pass_context
def redo(context: click.Context) -> None:
    """Do again what was undone last."""
    with writing(context) as (store, board):
        with showing_progress(store):
            step = store.history.redo()
        about_all = _("Redone: {actions} ({title})")
        _tell_step(board, step, _("Redone in {id}: {actions} ({title})"), about_all)


def _tell_step(board: Board, step: Step, sentence: str, about_all: str) -> None:
    """Say what was done, or of what is about the whole board another sentence."""
    gone = [read(one) for one in step.titles]
    actions = history_text.done_words(step.did, board.short_id)
    tell(board, step.pitfalls, sentence if step.pitfalls else about_all, gone, actions=actions)
