"""Fields of pitfalls and of their entries, and what stands in them, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from storage.errors import N_, NotFound, Refused
from storage.model.environment import FIELDS, Environment
from storage.model.fields import (
    LONGEST_PASTED_MESSAGE,
    LONGEST_PASTED_NOTE,
    NamedTuple,
    Word,
    declared,
    labels,
)
from storage.model.records import Attachment, Claim, Conflict, Line, Pitfall, Reference
from storage.model.row import Plan, Status, Text
from storage.model.vocabulary import (
    AttachmentKind,
    Axis,
    Channel,
    Host,
    Platform,
    VendorReplyKind,
    attachment_kind,
)
from storage.text.sanitize import sanitize
from tui.text.cells import cut
from tui.text.i18n import _, field_word, ngettext, pgettext, read
from tui.text.vocabulary import (
    day,
    decision_words,
    marked,
    moment,
    person_name,
    shortened,
    tag_word,
    word,
)

if TYPE_CHECKING:
    from storage.events import Body
    from storage.read.board import Board

#: The single values of a pitfall.
VALUES: Final = {**labels(Pitfall), **labels(Plan), "triage": N_("triage")}

#: As much of an entry's headline as tells which one it is.
_LONGEST_HEADLINE: Final = 20

#: The vocabularies of a pitfall's own values; those of entries are in the types of their events.
_VOCABULARY: Final = {one.name: one.words for one in declared(Pitfall)}
_ANSWERS: Final = {"yes": N_("yes"), "no": N_("no")}


def value_name(field: str) -> str:
    """What people call a single value of a pitfall."""
    return _(VALUES.get(field, field))


def entry_name(kind: str) -> str:
    """What people call an entry.

    Args:
        kind: of the event that added it.
    """
    return pgettext("Item", event_kinds()[kind].entry)


def is_entry(kind: str) -> bool:
    """Whether events of a kind add an entry."""
    kinds = event_kinds()
    return kind in kinds and bool(kinds[kind].entry)


def event_kinds() -> Mapping[str, type[Body]]:
    """The class of each kind of event, loaded when it is asked for."""
    # Loaded here, since the classes of events need pydantic, which no start waits for.
    from storage.events import KINDS

    return KINDS


def event_words(kind: str, field: str = "") -> str:
    """What an event of a kind did, and which single value of a pitfall it changed, if it did."""
    if kind == "field_set" and field in VALUES:
        return _("changed the {field}").format(field=value_name(field))
    body = event_kinds().get(kind)
    return _(body.history_words) if body is not None else _("a change from a newer Pitboard")


def done_to_entry(line: Line) -> str:
    """What was done to an entry, and to which field of which one, unless the value says it.

    Empty if the line is about none.
    """
    words = event_kinds()[line.what].entry_words
    if not (words and is_entry(line.field)):
        return ""
    what = _(words).format(entry=entry_name(line.field))
    if not line.part or line.about in (line.before, line.after):
        return what
    return part_of_entry(what, line.field, line.part, line.about)


def part_of_entry(entry: str, kind: str, part: str, headline: Text) -> str:
    """Which entry, by its headline, and which of its fields.

    Args:
        entry: what it is called, or what was done to it.
        kind: of the event that added it.
        part: its own field.
        headline: what tells it from others of its kind.
    """
    words = cut(value_words_of(kind, "", headline), _LONGEST_HEADLINE)
    return _("{what} “{headline}”: {part}").format(
        what=entry, headline=words, part=part_name(kind, part)
    )


def part_name(kind: str, part: str) -> str:
    """What people call a field of an entry.

    Args:
        kind: of the event that added the entry.
        part: the field.
    """
    own = labels(event_kinds()[kind].record)
    return _(own[part]) if part in own else field_word(part)


def value_words_of(field: str, part: str, value: Text, *, lines: bool = False) -> str:
    """A value in words.

    Args:
        field: of the pitfall, or the kind of event that added the entry.
        part: the entry's own field; empty if it is the pitfall's, or the entry's headline.
        value: what stands there.
        lines: whether long texts keep their line breaks.
    """
    name = part or field
    vocabulary = _vocabulary_of(field, part) if part else _VOCABULARY.get(field)
    if vocabulary is not None and value.plain in list(vocabulary):
        return word(vocabulary(value.plain))
    if name == "fix_recorded" and value.plain.partition(" ")[0] in list(Axis):
        axis, _blank, since = value.plain.partition(" ")
        return _("{axis}, from {since}").format(axis=word(Axis(axis)), since=sanitize(since))
    if name == "statement_added" and value.plain.partition(" ")[0] in list(VendorReplyKind):
        return _vendor_reply(value.plain)
    if name == "official" and value.plain in _ANSWERS:
        return _(_ANSWERS[value.plain])
    if name in ("tag", "tag_added", "tag_removed"):
        return tag_word(value.plain)
    if name == "seen_at" and value.plain.isdecimal():
        return moment(int(value.plain))
    text = sanitize(read(value), lines=True) if lines else sanitize(" ".join(read(value).split()))
    if name == "occurrence_logged":
        # Its headline may be where it was seen, as the record spells it.
        return " · ".join(map(_place_word, text.split(" · ")))
    return text


def _place_word(text: str) -> str:
    """A value of where something was seen in the reader's words, if it is one of a vocabulary."""
    for kind in (Host, Platform, Channel):
        if text in list(kind):
            return word(kind(text))
    return text


def _vocabulary_of(kind: str, part: str) -> type[Word] | None:
    """The vocabulary of an entry's field; None if it has none."""
    kinds = event_kinds()
    return kinds[kind].schema.vocabulary(part) if kind in kinds else None


def _vendor_reply(headline: str) -> str:
    sort, _blank, version = headline.partition(" ")
    words = word(VendorReplyKind(sort))
    if not version:
        return words
    return _("{sort} in {version}").format(sort=words, version=sanitize(version))


# The values of an environment as people read them


_BY_NAME: Final = {field.name: field for field in FIELDS}


def cut_words(name: str, n: int) -> str:
    """That so many characters of a pasted text are more than its ``note`` or ``message`` keeps."""
    if name == "note":
        return ngettext(
            "{n} more character is read; the note keeps the first {kept}",
            "{n} more characters are read; the note keeps the first {kept}",
            n,
        ).format(n=n, kept=LONGEST_PASTED_NOTE)
    return ngettext(
        "{n} more character is read; the error message keeps the first {kept}",
        "{n} more characters are read; the error message keeps the first {kept}",
        n,
    ).format(n=n, kept=LONGEST_PASTED_MESSAGE)


def value_word(field: str, value: str) -> str:
    """A value of an environment's field: a word of the vocabulary, or the text as it stands."""
    kind = _BY_NAME[field].words if field in _BY_NAME else None
    return word(kind(value)) if kind is not None else sanitize(value)


def environment_words(where: Environment) -> str:
    """An environment in one line, of what is known of it."""
    words: dict[str, str] = {}
    for field in FIELDS:
        if value := getattr(where, field.name):
            value_words = value_word(field.name, value)
            value_words = (
                _(field.in_line).format(value=value_words) if field.in_line else value_words
            )
            place = field.beside or field.name
            words[place] = f"{words[place]} {value_words}" if place in words else value_words
    return " · ".join(words.values())


# Values that several people wrote at the same time, in the reader's words


class NumberedClaim(NamedTuple):
    """A claim by the number that people choose it by; ``stands`` if it is on top."""

    number: int
    conflict: Conflict
    claim: Claim
    is_shown: bool


def numbered_claims(conflicts: Sequence[Conflict]) -> Iterator[NumberedClaim]:
    """Every claim of a pitfall, numbered from 1."""
    number = 0
    for conflict in conflicts:
        for place, claim in enumerate(conflict.claims):
            number += 1
            yield NumberedClaim(number, conflict, claim, not place)


def conflict_name(conflict: Conflict) -> str:
    """What people call the value: of an entry, which one it is as well."""
    if not conflict.part:
        return value_name(conflict.field)
    entry = entry_name(conflict.field)
    return part_of_entry(entry, conflict.field, conflict.part, conflict.about)


def claim_value(one: NumberedClaim, short_id: Callable[[str], str] = shortened) -> str:
    """What a claim says; long texts keep their line breaks.

    Args:
        one: the claim.
        short_id: gives the name of a pitfall to people.
    """
    conflict, claim = one.conflict, one.claim
    if claim.decision is not None:
        return decision_words(claim.decision, short_id) or _("accepted")
    if conflict.field == "status":
        return marked(Status(claim.value.plain))
    return value_words_of(conflict.field, conflict.part, claim.value, lines=True) or _("nothing")


def claim_origin(one: NumberedClaim) -> str:
    """Who wrote it and when, and whether it is on top."""
    parts = [person_name(one.claim.who) or "–", moment(one.claim.at)]
    return " · ".join([*parts, *([_("shown")] if one.is_shown else [])])


# Attachments, and what is done with their bytes


#: Sorts are mark and word, never colour alone.
ATTACHMENT_MARKS: Final = {
    AttachmentKind.IMAGE: "▣",
    AttachmentKind.TEXT: "≡",
    AttachmentKind.OTHER: "◇",
}
_KB: Final = 1024


def source_word(one: Reference) -> str:
    """Where a reference leads to, in a word; empty if its title begins with that."""
    source = word(one.source)
    return "" if read(one.title).casefold().startswith(source.casefold()) else source


def size_words(size: int) -> str:
    """So many bytes, as people say it: ``812 B``, ``3.4 KB``, ``10 MB``."""
    if size < _KB:
        return f"{size} B"
    number, unit = (size / _KB, "KB") if size < _KB * _KB else (size / _KB / _KB, "MB")
    return f"{number:.1f}".removesuffix(".0") + f" {unit}"


def kind_marked(one: Attachment) -> str:
    """What kind of file it is, as mark and word."""
    kind = attachment_kind(one.media)
    return f"{ATTACHMENT_MARKS[kind]} {word(kind)}"


def origin_words(one: Attachment) -> str:
    """When and by whom it was attached, what it shows, and whether its bytes are missing."""
    parts = [day(one.at), person_name(one.who)]
    if one.occurrence:
        parts.append(_("at an occurrence"))
    if not one.here:
        parts.append(_("not here yet"))
    return " · ".join(parts)


def content_of(board: Board, one: Attachment) -> bytes:
    """The bytes of an attachment.

    Raises:
        NotFound: if they have not arrived.
        Unusable: if they are damaged.
    """
    data = board.attachments.content(one)
    if data is None:
        raise NotFound(
            N_("The bytes of “{label}” have not arrived on this machine yet."),
            N_("“pitboard sync” fetches them once the person who attached it has sent them."),
            label=sanitize(one.label),
        )
    return data


def chosen(attachments: tuple[Attachment, ...], number: int) -> Attachment:
    """The attachment of a number, as they are listed from 1 on.

    Raises:
        Refused: if there is none.
    """
    if not 1 <= number <= len(attachments):
        raise Refused(
            N_("There is no attachment number {number}; there are {count}."),
            N_("“pitboard attachment list ID” lists them."),
            number=number,
            count=len(attachments),
        )
    return attachments[number - 1]
