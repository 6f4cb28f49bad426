"""Two tabs of a pitfall: its references, and the environments that it was seen in.

The references are where it was discussed, what the vendor said there, and what is attached. Below
is how the overview shows the entries of a pitfall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import HorizontalScroll, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from storage.model.environment import Environment
from storage.model.fields import NamedTuple
from storage.model.lead import Hits
from storage.model.records import (
    Attachment,
    Evidence,
    Fix,
    Occurrence,
    Pitfall,
    Reference,
    Signature,
    Tally,
    VendorReply,
)
from storage.model.verdicts import judge, replies_on, state_of
from storage.model.vocabulary import Across, FixState, Outcome, Verdict
from storage.read.entries import JudgedBy
from storage.read.history import LONG, differences, elided
from storage.text.sanitize import sanitize
from tui.text.fields import (
    NumberedClaim,
    claim_origin,
    claim_value,
    conflict_name,
    environment_words,
    kind_marked,
    origin_words,
    size_words,
    source_word,
)
from tui.text.history import Tone, styled_span
from tui.text.i18n import _, read
from tui.text.lead import hit_words
from tui.text.verdicts import fix_details, fix_state_words, since, verdict_words
from tui.text.vocabulary import day, moment, person_name, vendor_reply_words, word
from tui.widgets.matrix import NOT_REPRODUCED, REPRODUCED, Matrix, legend


class ReferenceRow(NamedTuple):
    """What a line is about: a reference, what was said at it, or an attachment."""

    reference: Reference | None = None
    reply: VendorReply | None = None
    attachment: Attachment | None = None

    @property
    def id(self) -> str:
        """The id of the last of them that there is."""
        one = self.attachment or self.reply or self.reference
        return one.id if one is not None else ""


class References(OptionList):
    """A pitfall's references, below each what was said there, and then its attachments."""

    DEFAULT_CSS = """
    References {
        height: auto;
        max-height: 100%;
        border: none;
        padding: 0;
        background: transparent;
        &:focus { border: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._entries: Sequence[ReferenceRow] = ()

    def show(self, pitfall: Pitfall) -> None:
        """Show what belongs to a pitfall; the cursor stays where it was, if it can."""
        before = self._entry
        self._entries = [
            *(
                ReferenceRow(one, value)
                for one in pitfall.references
                for value in (None, *replies_on(pitfall, one.id))
            ),
            *(ReferenceRow(attachment=one) for one in pitfall.attachments),
        ]
        self.clear_options()
        self.add_options(Option(_shown(entry)) for entry in self._entries)
        if not self._entries:
            nothing = Content(_("No reference yet. Press l to add a link, @ to attach a file."))
            self.add_option(Option(nothing, disabled=True))
        else:
            names = [entry.id for entry in self._entries]
            held = before.id if before is not None else ""
            self.highlighted = names.index(held) if held in names else 0

    @property
    def chosen(self) -> Reference | None:
        """The reference under the cursor, or the one where what is under it was said."""
        return self._entry.reference if self._entry is not None else None

    @property
    def chosen_reply(self) -> VendorReply | None:
        """The reply under the cursor."""
        return self._entry.reply if self._entry is not None else None

    @property
    def chosen_attachment(self) -> Attachment | None:
        """The attachment under the cursor."""
        return self._entry.attachment if self._entry is not None else None

    @property
    def _entry(self) -> ReferenceRow | None:
        if self.highlighted is None or self.highlighted >= len(self._entries):
            return None
        return self._entries[self.highlighted]


def _shown(entry: ReferenceRow) -> Content:
    if entry.attachment is not None:
        return _attachment(entry.attachment)
    if entry.reply is not None:
        return _vendor_reply(entry.reply)
    assert entry.reference is not None
    return _reference(entry.reference)


def _attachment(one: Attachment) -> Content:
    note = sanitize(read(one.note), lines=True)
    return Content.assemble(
        (kind_marked(one), "$text-muted"),
        "  ",
        (sanitize(one.label), "bold"),
        (f"  {size_words(one.size)}  {origin_words(one)}", "$text-muted"),
        f"\n{note}" if note else "",
    )


def _reference(one: Reference) -> Content:
    title, quote = sanitize(read(one.title)), sanitize(read(one.quote), lines=True)
    value = [f"“{quote}”"] if quote else []
    if one.quoted_on:
        value.append(sanitize(one.quoted_on))
    if one.official:
        value.append(_("official reply"))
    return Content.assemble(
        (f"{title}\n" if title else "", "bold"),
        (sanitize(one.url), "$secondary underline"),
        (f"  {source_word(one)}".rstrip(), "$text-muted"),
        f"\n{'  '.join(value)}" if value else "",
    )


def _vendor_reply(one: VendorReply) -> Content:
    quote = sanitize(read(one.quote), lines=True)
    return Content.assemble(
        f"  ↳ {vendor_reply_words(one)}",
        (
            "".join(f"\n    {line}" for line in f"“{quote}”".split("\n")) if quote else "",
            "$text-muted",
        ),
    )


class Environments(Vertical):
    """A table of platform × channel or version, and under it the occurrences behind it.

    Args:
        now: the wall clock in milliseconds.
        stale_after_days: gives after how many days evidence says nothing any more.
        has_keys: whether a cursor can walk in the table, by keys that are named below it.
    """

    DEFAULT_CSS = """
    Environments { height: auto; }
    Environments > HorizontalScroll { height: auto; scrollbar-size-horizontal: 1; }
    Environments > #legend { color: $text-muted; margin-bottom: 1; }
    Environments > #behind { text-style: bold; display: none; }
    Environments > #behind.-shown { display: block; }
    """

    class Asked(Message):
        """Other occurrences are asked for: those that count for ``tally``, or all."""

        def __init__(self, tally: Tally | None) -> None:
            super().__init__()
            self.tally = tally

    def __init__(
        self,
        now: Callable[[], int],
        stale_after_days: Callable[[], int],
        *,
        has_keys: bool = True,
    ) -> None:
        super().__init__()
        self._now, self._stale_after_days = now, stale_after_days
        self._has_keys = has_keys
        self._by = JudgedBy()

    def compose(self) -> ComposeResult:
        """The table, its legend, the occurrences."""
        with HorizontalScroll(can_focus=False):
            yield Matrix(id="matrix")
        yield Static(id="legend", markup=False)
        yield Static(id="behind", markup=False)
        yield Static(id="occurrences", markup=False)

    @property
    def across(self) -> Across:
        """What the lines of the table are."""
        return self.query_one(Matrix).across

    @property
    def is_filtered(self) -> bool:
        """Whether only the occurrences behind one cell are listed."""
        return self.query_one(Matrix).is_filtered

    def show(self, tallies: Sequence[Tally], across: Across, by: JudgedBy, *, keep: bool) -> None:
        """Show what the occurrences of one pitfall came to.

        Args:
            tallies: by host, platform and channel or version.
            across: which of these.
            by: what the occurrences are judged by.
            keep: whether the cursor stays on its cell, and the list on what is behind it.
        """
        self._by = by
        now, days = self._now(), self._stale_after_days()
        self.query_one(Matrix).show(
            tallies, across, lambda one: state_of(one, by.fixes, now, days), now, keep=keep
        )
        below = [legend()]
        if self._has_keys:
            others = [word(one) for one in Across if one is not across]
            keys = _("m: by {one} or {other}   h j k l: move   ⏎: open")
            below.append(keys.format(one=others[0], other=others[1]))
        self.query_one("#legend", Static).update(Content("\n".join(below)))
        if not self.is_filtered:
            self.query_one("#behind").remove_class("-shown")

    def list_occurrences(self, occurrences: Sequence[Occurrence], total: int) -> None:
        """List occurrences below the table.

        Args:
            occurrences: the newest ones.
            total: how many there are, each counted as often as it says.
        """
        lines = [occurrence_words(one, self._by) for one in occurrences]
        shown = sum(one.count for one in occurrences)
        if not lines and self.query_one(Matrix).is_filtered:
            lines = [Content(_("Not tried there yet. Press a to log an occurrence."))]
        elif not lines:
            lines = [Content(_("No occurrences yet. Press a to log one."))]
        elif shown < total:
            lines.append(
                Content(
                    _("… and {n} older ones; “pitboard show” lists all.").format(n=total - shown)
                )
            )
        self.query_one("#occurrences", Static).update(Content("\n").join(lines))

    @on(Matrix.Asked)
    def _look_behind(self, asked: Matrix.Asked) -> None:
        asked.stop()
        heading = self.query_one("#behind", Static)
        heading.set_class(asked.place is not None, "-shown")
        if asked.place is not None:
            place = self.query_one(Matrix).named(asked.place)
            heading.update(Content(_("{place}  (esc: all)").format(place=place)))
        if asked.place is not None and asked.tally is None:
            self.list_occurrences((), 0)
        else:
            self.post_message(self.Asked(asked.tally))


def occurrence_words(one: Occurrence, by: JudgedBy) -> Content:
    """An occurrence: when, who, where, what it says of the fixes, its message and note."""
    reproduced = one.outcome is Outcome.REPRODUCED
    mark, style = (REPRODUCED, "$text-error") if reproduced else (NOT_REPRODUCED, "$text-success")
    message, note = sanitize(one.message, lines=True).strip(), sanitize(read(one.note), lines=True)
    times = f" ×{one.count}" if one.count > 1 else ""
    judged = judge(one, by.fixes)
    return Content.assemble(
        (f"{mark}{times} ", style),
        (f"{moment(one.seen_at)} {person_name(one.who)}", "bold"),
        f"\n  {environment_words(one.environment)}" if one.environment != Environment() else "",
        (f"\n  {verdict_words(judged, by)}", _VERDICT_STYLES[judged.verdict]) if judged else "",
        (_indented(message), "$secondary") if message else "",
        _indented(note) if note else "",
    )


def _indented(text: str) -> str:
    return "".join(f"\n  {line}" for line in text.splitlines())


_VERDICT_STYLES: Final = {
    Verdict.REGRESSION: "bold $text-error",
    Verdict.STALE: "$text-muted",
    Verdict.ROLLING_OUT: "$text-muted",
    Verdict.NEEDS_VERSION: "$text-warning",
    Verdict.CONFIRMS: "$text-success",
}


def claim_words(one: NumberedClaim) -> Content:
    """A value that was written at the same time as another: of what, which, by whom."""
    name = f"{conflict_name(one.conflict)}\n" if one.is_shown else ""
    return Content.assemble(
        (name, "bold $accent"),
        (f" {one.number}  ", "bold $primary"),
        (f"{claim_origin(one)}\n", "$text-muted"),
        *_claimed(one),
    )


def _claimed(one: NumberedClaim) -> Iterator[str | tuple[str, str]]:
    """What a claim says; of a long text, what is different from the one that is shown."""
    words, shown = claim_value(one), read(one.conflict.claims[0].value)
    field = one.conflict.part or one.conflict.field
    if one.is_shown or field not in LONG or len(words) < _LONGER:
        yield words
        return
    for span in elided(differences(shown, read(one.claim.value)), _AROUND):
        text, tone = styled_span(span)
        yield text, _TONES.get(tone, "")


def fix_words(fix: Fix, evidence: Evidence) -> Content:
    """All that is known of a fix: what it is found to be, where it holds, who says so."""
    details = " · ".join(fix_details(fix))
    value = sanitize(read(fix.quote), lines=True)
    source = [_("official reply")] if fix.official else []
    source.append(_("recorded {day} by {who}").format(day=day(fix.at), who=person_name(fix.who)))
    return Content.assemble(
        (fix_state_words(evidence), _STATE_STYLES[evidence.state]),
        "  " + _("{axis}, {since}").format(axis=word(fix.axis), since=since(fix)),
        f"\n  {details}" if details else "",
        (f"\n  {' · '.join(source)}", "$text-muted"),
        f"\n  “{value}”" if value else "",
        (f"\n  {sanitize(fix.reference)}", "$secondary") if fix.reference else "",
    )


def signature_words(signature: Signature, hits: Hits) -> Content:
    """A signature, where alone it holds, and how often it has matched."""
    limits = [word(one) for one in (signature.platform, signature.channel) if one is not None]
    limits += filter(None, [hit_words(hits)])
    return Content.assemble(
        (sanitize(signature.text), "$secondary"),
        (f"  {' · '.join(limits)}" if limits else "", "$text-muted"),
    )


#: Texts of several sentences, of which a reader looks for the words that differ.
_LONGER: Final = 40
_AROUND: Final = 60
_TONES: Final = {Tone.REMOVED: "$text-error", Tone.ADDED: "$text-success"}

_STATE_STYLES: Final = {
    FixState.CLAIMED: "bold $text-warning",
    FixState.VERIFIED: "bold $text-success",
    FixState.DISPUTED: "bold $text-error",
}
