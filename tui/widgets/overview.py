"""What a pitfall comes to, and the first tab: the workaround, then how to see it oneself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.style import Style as VisualStyle
from textual.widgets import Markdown, Static

from storage.model.lead import Hits
from storage.model.records import Evidence, Fix, Pitfall, Signature
from storage.model.vocabulary import FixState, is_web_address
from storage.read.history import LONG, differences, elided
from storage.text.sanitize import sanitize
from tui.text.fields import NumberedClaim, claim_origin, claim_value, conflict_name, numbered_claims
from tui.text.history import Tone, styled_span
from tui.text.i18n import _, read
from tui.text.lead import (
    LeadFacts,
    LeadLine,
    LeadTone,
    NextStepWords,
    hit_words,
    lead_facts,
    lead_lines,
    next_step,
)
from tui.text.verdicts import fix_details, fix_state_words, since
from tui.text.vocabulary import day, person_name, word

if TYPE_CHECKING:
    from storage.read.board import Board


class Overview(Vertical):
    """Workaround, reproduction notes, fixes, signatures and comments of one pitfall."""

    DEFAULT_CSS = """
    Overview { height: auto; }
    Overview > .heading { color: $accent; text-style: bold; margin: 1 0 0 0; }
    Overview > #conflicts-heading { margin: 0; color: $text-warning; }
    Overview > #conflicts { margin: 0 0 1 0; }
    Overview > #workaround-heading { margin: 0; }
    Overview > Markdown { padding: 0; margin: 0; background: transparent; height: auto; }
    Overview > Markdown > * { margin: 0 0 1 0; }
    Overview > Markdown > MarkdownBlock:last-child { margin: 0; }
    Overview MarkdownH1, Overview MarkdownH2, Overview MarkdownH3, Overview MarkdownH4 {
        content-align: left middle; text-style: bold; color: $secondary; margin: 0;
        background: transparent; padding: 0; border: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Pitfall, dict[str, Evidence], bool, dict[str, Hits]] | None = None
        #: Whether the block above shows the whole workaround already.
        self.shows_no_workaround = False

    def compose(self) -> ComposeResult:
        """The parts; those with nothing to say are hidden."""
        heading = _("Written at the same time   = keeps one")
        yield Static(heading, classes="heading", id="conflicts-heading", markup=False)
        yield Static(id="conflicts", markup=False)
        yield Static(_("Workaround"), classes="heading", id="workaround-heading", markup=False)
        yield Markdown(id="workaround", open_links=False)
        yield Static(_("Reproduction"), classes="heading", id="reproduction-heading", markup=False)
        yield Markdown(id="reproduction", open_links=False)
        for part, heading in (
            ("fixes", _("Fixes")),
            ("newest", _("Newest occurrences")),
            ("signatures", _("Signatures")),
            ("comments", _("Comments")),
        ):
            yield Static(heading, classes="heading", id=f"{part}-heading", markup=False)
            yield Static(id=part, markup=False)

    async def show(
        self,
        pitfall: Pitfall,
        evidence: Mapping[str, Evidence],
        hits: Mapping[str, Hits],
        newest: Sequence[Content],
    ) -> None:
        """Show a pitfall.

        Args:
            pitfall: the pitfall.
            evidence: what each of its fixes is found to be, by the fix's id.
            hits: how often each of its signatures has matched of late, by its id.
            newest: its newest occurrences.
        """
        asked = pitfall, dict(evidence), self.shows_no_workaround, dict(hits)
        self._fill("newest", list(newest))
        if self._shown == asked:
            # Markdown takes most of the time that opening a pitfall takes.
            return
        self._shown = asked
        self._fill("conflicts", [_claim(one) for one in numbered_claims(pitfall.conflicts)])
        workaround = (
            "" if self.shows_no_workaround else sanitize(read(pitfall.workaround), lines=True)
        )
        await self.query_one("#workaround", Markdown).update(workaround)
        for part in ("#workaround-heading", "#workaround"):
            self.query_one(part).display = bool(workaround)
        reproduction = sanitize(read(pitfall.reproduction), lines=True)
        await self.query_one("#reproduction", Markdown).update(reproduction)
        self.query_one("#reproduction").display = bool(reproduction)
        self.query_one("#reproduction-heading").display = bool(reproduction)
        self._fill("fixes", [_fix(fix, evidence.get(fix.id, Evidence())) for fix in pitfall.fixes])
        self._fill(
            "signatures",
            [_signature(one, hits.get(one.id, Hits())) for one in pitfall.signatures],
        )
        self._fill(
            "comments",
            [
                Content.assemble(
                    (f"{day(comment.at)} {person_name(comment.who)}  ", "$text-muted"),
                    sanitize(read(comment.text), lines=True),
                )
                for comment in pitfall.comments
            ],
        )

    def _fill(self, part: str, lines: list[Content]) -> None:
        widget = self.query_one(f"#{part}", Static)
        widget.update(Content("\n").join(lines))
        widget.display = bool(lines)
        self.query_one(f"#{part}-heading").display = bool(lines)

    @on(Markdown.LinkClicked)
    def _open(self, event: Markdown.LinkClicked) -> None:
        event.stop()
        if is_web_address(event.href):
            self.app.open_url(event.href)


def _claim(one: NumberedClaim) -> Content:
    """A value that was written at the same time as another: of what, which, by whom."""
    name = f"{conflict_name(one.conflict)}\n" if one.is_shown else ""
    return Content.assemble(
        (name, "bold $accent"),
        (f" {one.number}  ", "bold $primary"),
        (f"{claim_origin(one)}\n", "$text-muted"),
        *_value(one),
    )


def _value(one: NumberedClaim) -> Iterator[str | tuple[str, str]]:
    """What a claim says; of a long text, what is different from the one that is shown."""
    words, shown = claim_value(one), read(one.conflict.claims[0].value)
    field = one.conflict.part or one.conflict.field
    if one.is_shown or field not in LONG or len(words) < _LONGER:
        yield words
        return
    for span in elided(differences(shown, read(one.claim.value)), _AROUND):
        text, tone = styled_span(span)
        yield text, _TONES.get(tone, "")


def _fix(fix: Fix, evidence: Evidence) -> Content:
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


def _signature(signature: Signature, hits: Hits) -> Content:
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


# The block that says what a pitfall comes to: in the preview, in paste, in triage, in detail


class LeadBlock(Static):
    """What a pitfall means now, what to do meanwhile, how often and where, and what is next."""

    DEFAULT_CSS = "LeadBlock { height: auto; padding: 0 1; }"

    def __init__(self, *, in_triage: bool = False, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._in_triage = in_triage

    def show(self, board: Board, pitfall: Pitfall, now: int, *, whole: bool = False) -> LeadFacts:
        """Show a pitfall as it is at a time (ms); ``whole`` with all of its workaround.

        Raises:
            PitboardError: if the board can't be read.
        """
        facts = lead_facts(board, pitfall, now)
        words = lead_lines(facts, self._key_of, whole=whole, in_triage=self._in_triage)
        lines, step = [*map(_styled, words)], next_step(facts, in_triage=self._in_triage)
        if step is not None and self._key_of(step):
            click = VisualStyle.from_meta({"@click": f"screen.run({step.command!r})"})
            lines[-1] = lines[-1].stylize(click)
        self.update(Content("\n").join(lines))
        return facts

    def _key_of(self, step: NextStepWords) -> str:
        """The key of a step as it is bound on this screen; nothing where it can't be taken."""
        for active in self.screen.active_bindings.values():
            if active.enabled and active.binding.id == step.command:
                return active.binding.key_display or active.binding.key
        return ""


def _styled(line: LeadLine) -> Content:
    return Content.assemble(*((text, _STYLES[tone]) for text, tone in line))


_STYLES: Final = {
    LeadTone.BAD: "bold $text-error",
    LeadTone.MEANWHILE: "bold $text-warning",
    LeadTone.GOOD: "bold $text-success",
    LeadTone.PLAIN: "",
    LeadTone.QUIET: "$text-muted",
    LeadTone.KEY: "bold $accent",
}
