"""Pydantic at the door: what a person typed becomes a typed value, or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from storage import events as kinds
from storage.errors import N_, NotFound, Refused, refused_value
from storage.events import Body, Event, Item, OccurrenceLogged
from storage.events.checked import ValidationError
from storage.fold.state import Draft
from storage.model.environment import version_key
from storage.model.row import Status, Text
from storage.model.vocabulary import Axis
from storage.text.dates import not_seen_yet
from storage.text.zones import day_of

_B = TypeVar("_B", bound=Body)


def typed(kind: type[_B], /, **values: object) -> _B:
    """A body from what a person typed; None and blank values count as not said.

    Raises:
        Refused: naming the field and what is wrong with it.
    """
    fields = {
        name: value
        for name, value in values.items()
        if value is not None and (value != "" or name in {"value", "text", "title", "tag", "url"})
    }
    try:
        body = kind.typed(**fields)
    except ValidationError as error:
        # A single value is refused by its own name, not as the value of an event.
        names = (kind.schema.json_name(name) for name in kind.schema.fields)
        # The record calls a kind otherwise than everybody does.
        known = ["kind" if name == "sort" else name for name in names]
        raise refusal(error, str(values.get("field", "")), known) from error
    # By its name first: to ask for the class loads it.
    if kind.kind == "signature_added" and isinstance(body, kinds.SignatureAdded):
        # Loaded late: most of what people type holds no signature.
        from storage.match.generality import check_signature

        check_signature(body.text, body.form)
    return body


def refusal(error: ValidationError, field: str, known: Iterable[str] = ()) -> Refused:
    """What is wrong with a value, in words for whoever typed it or chose it.

    Args:
        error: what pydantic says.
        field: which value, if the error does not tell that itself.
        known: the names of the values that there are.
    """
    return refused_value(error.errors(include_url=False)[0], field, known)


# The rules of the record: what a change needs before it may be written


_DAY_MS = 24 * 60 * 60 * 1000


def may_become(
    draft: Draft, status: Status, *, workaround: str, fix: kinds.FixRecorded | None
) -> None:
    """Whether a pitfall has what ``status`` needs, or is given it with the change.

    Raises:
        Refused: naming what is missing.
    """
    if status is Status.WORKAROUND and not (workaround.strip() or draft.values["workaround"].plain):
        raise Refused(
            N_("The status “workaround” needs a workaround text."),
            N_("Say what to do meanwhile."),
            field="workaround",
        )
    if status is Status.FIXED_UPSTREAM and fix is None and not _fixes(draft):
        raise Refused(
            N_("The status “fixed upstream” needs a fix record."),
            N_("Give the axis ({axes}) and the version or the date from which it holds."),
            field="axis",
            axes=tuple(Axis),
        )


def fix_is_complete(axis: str, beginnings: Iterable[str]) -> None:
    """Whether a new fix record names both its axis and its beginning.

    Args:
        axis: along which the vendor resolved it; may be empty.
        beginnings: the version and the day from which it holds, and the last version affected;
            one is enough.

    Raises:
        Refused: naming what is missing.
    """
    if not axis:
        raise Refused(N_("A fix record needs its axis: {axes}."), field="axis", axes=tuple(Axis))
    if not any(beginnings):
        raise Refused(
            N_("A fix record needs the version or the date from which it holds."),
            N_("The last version affected will do, too."),
            field="from_version",
        )


def status_before_fix(draft: Draft) -> Status:
    """The status that a fixed pitfall had before, as far as it has still what that needs.

    Raises:
        Refused: if it is not fixed.
    """
    if draft.values["status"].plain != Status.FIXED_UPSTREAM:
        raise Refused(
            N_("Only a pitfall that is fixed upstream can go back to the status before that."),
            N_("Set the status instead; “pitboard triage accept ID” takes it out of the inbox."),
            field="status",
        )
    before = draft.status_before_fix or Status.OPEN
    lacks = before is Status.WORKAROUND and not draft.values["workaround"].plain
    return Status.OPEN if lacks else before


def may_take(draft: Draft, field: str, value: str) -> None:
    """Whether a field may take a value, the status being what it is.

    Raises:
        Refused: if the status rests on what would go.
    """
    rests = field == "workaround" and draft.values["status"].plain == Status.WORKAROUND
    if rests and not value.strip():
        raise Refused(
            N_("The status “workaround” needs a workaround text."),
            N_("Set another status first."),
            field="workaround",
        )


def has_workaround(draft: Draft) -> None:
    """Whether a pitfall has a workaround that can be confirmed.

    Raises:
        Refused: if there is none.
    """
    if draft.workaround_at is None:
        raise Refused(
            N_("There is no workaround that could be confirmed."),
            N_("Write one first: what to do meanwhile."),
            field="workaround",
        )


def may_hide(draft: Draft, item: str) -> None:
    """Whether an item may go out of sight, the status being what it is.

    Raises:
        Refused: if the status rests on it.
    """
    _, body = item_of(draft, item)
    status = draft.values.get("status", Text()).plain
    if (
        status == Status.FIXED_UPSTREAM
        and isinstance(body, kinds.FixRecorded)
        and len(_fixes(draft)) == 1
    ):
        raise Refused(
            N_("The status “fixed upstream” rests on this fix record."),
            N_("Set another status first."),
        )


def item_of(draft: Draft, item: str) -> tuple[Event, Item]:
    """The item of that id.

    Raises:
        NotFound: if the pitfall has no such item.
    """
    if item not in draft.items:
        raise NotFound(N_("This pitfall has no entry {id}."), id=item)
    return draft.items[item]


def refers(draft: Draft, item: str) -> None:
    """Whether an item is a reference, as the place of a vendor reply has to be.

    Raises:
        NotFound: if the pitfall has no such reference.
    """
    if not draft.refers(item):
        raise NotFound(
            N_("This pitfall has no reference {id}."),
            N_("Give its address instead, which adds it."),
            id=item,
        )


def is_occurrence_of(draft: Draft, item: str) -> None:
    """Whether an item is an occurrence, as what an attachment shows has to be.

    Raises:
        NotFound: if the pitfall has no such occurrence.
    """
    if item not in draft.items or not isinstance(draft.items[item][1], OccurrenceLogged):
        raise NotFound(
            N_("This pitfall has no occurrence {id}."),
            N_("“pitboard show --json” tells the ids of its occurrences."),
            id=item,
        )


def keeps_its_bytes(body: Item, amended: Item) -> None:
    """Whether an attachment still names the same file after it was amended.

    Raises:
        Refused: if it would name another one.
    """
    if isinstance(body, kinds.AttachmentAdded) and isinstance(amended, kinds.AttachmentAdded):
        same = {"label": body.label, "note": body.note}
        if amended.replaced(**same) != body:
            raise Refused(
                N_("Of an attachment, only its label and its note can be changed."),
                N_("Attach the other file, and hide this one."),
            )


def is_past_day(day: str, now: int) -> None:
    """Whether the day (ISO 8601) of a vendor reply has come; one is left for time zones.

    Raises:
        Refused: if it lies in the future.
    """
    if day > day_of(now + _DAY_MS):
        raise Refused(
            N_("The date of a reply can't be in the future."),
            N_("Give the day on which it was said."),
            field="said_on",
        )


def was_in_the_past(seen_at: int, now: int) -> None:
    """Whether an occurrence's time (ms) has come; a day is left for clocks and time zones.

    Raises:
        Refused: if it lies in the future.
    """
    if seen_at > now + _DAY_MS:
        raise not_seen_yet("seen_at")


def is_ahead(until: int, now: int) -> None:
    """Whether a time (ms) lies ahead, as the end of a snooze has to.

    Raises:
        Refused: if it does not.
    """
    if until <= now:
        raise Refused(
            N_("A snooze can't end in the past."),
            N_("Name a day or a time that is still to come."),
            field="until",
        )


def is_unseen(version: str, newest: str) -> None:
    """Whether a version is still to come, as the end of a snooze has to.

    Raises:
        Refused: if this version or a later one was seen before.
    """
    seen = version_key(newest)
    if seen is not None and seen >= (version_key(version) or ""):
        raise Refused(
            N_("Version {newest} was seen on this board already."),
            N_("Name a later one."),
            field="version",
            newest=newest,
        )


def may_be_duplicate(pitfall: str, original: str) -> None:
    """Whether a pitfall may be called a duplicate of an original.

    Raises:
        Refused: if they are one, or if the other counts for this one already.
    """
    if pitfall == original:
        raise Refused(
            N_("That would make the pitfall a duplicate of itself."),
            N_(
                "Name the pitfall that is to stay; undo or return the other one first if it counts"
                " for this one."
            ),
            field="of",
        )


def recorded_fix(draft: Draft, fix: kinds.FixRecorded | None) -> str | None:
    """The id of the fix that says the same and is recorded already, if there is one."""
    return next((one for one, (_, body) in draft.items.items() if fix and body == fix), None)


def _fixes(draft: Draft) -> list[Item]:
    return [body for _, body in draft.items.values() if isinstance(body, kinds.FixRecorded)]
