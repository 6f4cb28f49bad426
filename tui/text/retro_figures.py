"""The figures of a period as lines, each of which can be opened to the pitfalls behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from textual.content import Content

from storage.model.retro import By, Count, Rank, Ranked, Retro, Share, Wait
from storage.model.vocabulary import Outcome
from storage.retro.report import Behind
from storage.text.sanitize import harmless
from tui.text.cells import fit
from tui.text.i18n import _, ngettext, read
from tui.text.retro import (
    BYS,
    COUNTS,
    RANKS,
    WAITS,
    band_words,
    difference,
    span,
    still_words,
    value_words,
)
from tui.widgets.plots import bar

_NAME: Final = 24
_SHARES: Final = 8
_BAR: Final = 12


class FigureLine(NamedTuple):
    """A line of the figures: a heading has nothing behind it.

    ``pitfall`` is the one that it is about, if it is about one.
    """

    content: Content
    behind: Behind | None = None
    pitfall: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it can't be opened."""
        return self.behind is None and not self.pitfall


def lines(retro: Retro) -> Iterator[FigureLine]:
    """All figures, in the order in which a team talks about them."""
    yield from _counts(retro)
    yield from _waits(retro)
    for by in By:
        yield from _shares(by, retro.now.shares.get(by, ()), retro.before.shares.get(by, ()))
    for rank, ranked in ((Rank.FREQUENT, retro.frequent), (Rank.EXPENSIVE, retro.expensive)):
        yield from _ranked(_(RANKS[rank]), ranked, by_cost=rank is Rank.EXPENSIVE)
    yield from _ranked(_("Regressions"), retro.regressions, by_cost=False)
    yield from _ages(retro)


def _heading(words: str) -> FigureLine:
    return FigureLine(Content.styled(f" {words}", "bold $primary"))


def _counts(retro: Retro) -> Iterator[FigureLine]:
    yield _heading(_("Pitfalls"))
    for count in Count:
        now, before = retro.now.counts.get(count, 0), retro.before.counts.get(count, 0)
        yield FigureLine(_compared(_(COUNTS[count]), now, before), count)
    yield _heading(_("Sightings"))
    seen = _compared(_("seen"), retro.now.sightings, retro.before.sightings)
    yield FigureLine(seen, Outcome.REPRODUCED)
    tried = (retro.now.not_reproduced, retro.before.not_reproduced)
    yield FigureLine(_compared(_("tried, not seen"), *tried), Outcome.NOT_REPRODUCED)


def _compared(name: str, now: int, before: int) -> Content:
    was = _("before: {n}").format(n=before)
    return Content.assemble(
        f"   {fit(name, _NAME)}",
        (f"{now:>7}", "bold"),
        (f"   {fit(difference(now, before), 8)} {was}", "$text-muted"),
    )


def _waits(retro: Retro) -> Iterator[FigureLine]:
    yield _heading(_("Waiting times, from the report on"))
    names = (_("half"), _("9 of 10"), _("got it"), _("before"))
    yield FigureLine(Content.styled(_row("", *names), "$text-muted"))
    for wait in Wait:
        now, before = retro.now.waits.get(wait), retro.before.waits.get(wait)
        if now is None:
            continue
        was = span(before.median) if before is not None and before.cases else "–"
        if not now.cases:
            yield FigureLine(Content(_row(_(WAITS[wait]), "–", "–", _("nobody waited"), was)))
            continue
        got = _("{reached} of {cases}").format(reached=now.reached, cases=now.cases)
        told = _row(_(WAITS[wait]), span(now.median), span(now.p90), got, was)
        yield FigureLine(Content(told), (wait, True))
        if now.censored:
            yield FigureLine(Content(f"     {still_words(now)}"), (wait, False))


def _row(name: str, half: str, most: str, got: str, was: str) -> str:
    return f"   {fit(name, _NAME)}{fit(half, 9)}{fit(most, 9)}{fit(got, 15)}{was}"


def _shares(by: By, now: Sequence[Share], before: Sequence[Share]) -> Iterator[FigureLine]:
    if not now:
        return
    yield _heading(_(BYS[by]))
    was = {share.value: share.sightings for share in before}
    most = max(share.sightings for share in now)
    for share in now[:_SHARES]:
        name = harmless(value_words(by, share.value))
        told = difference(share.sightings, was.get(share.value, 0))
        yield FigureLine(
            Content.assemble(
                f"   {fit(name, _NAME)}",
                (f"{share.sightings:>7}", "bold"),
                (f"   {fit(told, 8)} ", "$text-muted"),
                (bar(share.sightings, most, _BAR), "$accent"),
            ),
            (by, share.value),
        )
    if rest := now[_SHARES:]:
        words = ngettext("{n} other", "{n} others", len(rest)).format(n=len(rest))
        seen = sum(share.sightings for share in rest)
        content = Content.styled(f"   {fit(words, _NAME)}{seen:>7}", "$text-muted")
        yield FigureLine(content, (by, tuple(share.value for share in rest)))


def _ranked(heading: str, ranked: Sequence[Ranked], *, by_cost: bool) -> Iterator[FigureLine]:
    if not ranked:
        return
    yield _heading(heading)
    for one in ranked:
        number = one.cost if by_cost else one.sightings
        title = harmless(read(one.row.title))
        yield FigureLine(
            Content.assemble((f"{number:>7}", "bold"), f"  {one.row.severity}  {title}"),
            pitfall=one.row.id,
        )


def _ages(retro: Retro) -> Iterator[FigureLine]:
    bands = retro.now.ages
    if not any(band.pitfalls for band in bands):
        return
    median = _("half are younger than {age}").format(age=span(retro.now.workaround_age))
    yield _heading(_("Ages of workarounds: {median}").format(median=median))
    most = max(band.pitfalls for band in bands)
    for band in bands:
        yield FigureLine(
            Content.assemble(
                f"   {fit(band_words(band), _NAME)}",
                (f"{band.pitfalls:>7}   ", "bold"),
                (bar(band.pitfalls, most, _BAR), "$accent"),
            ),
            band,
        )
