"""The lead block: every combination of status, workaround, fix, evidence and vendor reply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from storage.model.lead import Condition, Hits, Lead, NextStep, lead
from storage.model.records import Evidence, Fix
from storage.model.row import OccurrenceTotals, Status, Text
from storage.model.vocabulary import Axis, FixState, Upstream
from tui.text.i18n import speak
from tui.text.lead import STEPS, LeadFacts, LeadTone, headline, lead_lines
from tui.text.vocabulary import ago

_DAY = 1_763_596_800_000

_FOUND = (None, *FixState)
ALL = [*product(Status, (False, True), _FOUND, Upstream, (False, True))]


def fix(name: str = "f", at: int = 0) -> Fix:
    return Fix(name, at, "Ann", Axis.CLIENT, "4.1.8", "", Text(), "")


def made(
    status: Status, workaround: bool, found: FixState | None, upstream: Upstream, waits: bool
) -> Lead:
    return lead(
        status,
        has_workaround=workaround,
        fixes=() if found is None else (fix(),),
        evidence={} if found is None else {"f": Evidence(found, "o", _DAY)},
        upstream=upstream,
        waits=waits,
    )


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever a test speaks, the next one speaks English."""
    yield
    speak("en")


def lines(found: Lead, language: str = "en") -> list[str]:
    speak(language)
    facts = LeadFacts(
        found,
        "Wait a minute." if found.has_workaround else "",
        OccurrenceTotals(3, _DAY, _DAY),
        ("iOS",),
        "4.1.9" if found.condition is Condition.FIX_FAILS else "",
        Hits(),
    )
    return ["".join(part for part, _ in line) for line in lead_lines(facts, lambda step: step.verb)]


@pytest.mark.parametrize(("status", "workaround", "found", "upstream", "waits"), ALL)
def test_no_two_lines_contradict_each_other(status, workaround, found, upstream, waits):
    one = made(status, workaround, found, upstream, waits)
    text = "\n".join(lines(one))
    fails = found is FixState.DISPUTED
    assert ("but seen again on 4.1.9" in text) == fails
    assert ("verified by us on" in text) == (found is FixState.VERIFIED)
    # Who records a fix says that the vendor made one.
    if found is not None or status is Status.FIXED_UPSTREAM:
        assert "unreported" not in text
        assert "claimed fixed" in text
    assert ("Wait a minute." in text) == workaround
    assert ("no workaround yet" in text) == (one.condition is Condition.UNSOLVED)
    # A tick and its colour are for what holds alone.
    (mark, tone), _rest = headline(LeadFacts(one, "", OccurrenceTotals(), (), "", Hits()))
    if fails:
        assert tone is LeadTone.BAD
        assert "✔" not in mark
    if tone is LeadTone.GOOD:
        assert (status, found) == (Status.FIXED_UPSTREAM, FixState.VERIFIED)


def test_only_triage_needs_no_hint_to_decide() -> None:
    waiting = made(Status.OPEN, False, None, Upstream.UNREPORTED, True)
    facts = LeadFacts(waiting, "", OccurrenceTotals(), (), "", Hits())

    def last(in_triage: bool) -> str:
        # Without a key, as while a field has the focus.
        *_, line = lead_lines(facts, lambda step: "", in_triage=in_triage)
        return "".join(part for part, _tone in line)

    assert last(False) == "next: decide about it in triage"
    assert "next:" not in last(True)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        *((0, "now"), (59, "now"), (60, "1 min"), (3599, "59 min"), (3600, "1h")),
        *((90 * 86_400, "3mo"), (365 * 86_400, "1y"), (800 * 86_400, "2y")),
        # Clocks differ by minutes; what is dated later than that is not now.
        *((-3599, "now"), (-3600, "in 1h"), (-3 * 86_400, "in 3d"), (-90 * 86_400, "in 3mo")),
        (-800 * 86_400, "in 2y"),
    ],
)
def test_a_minute_is_no_month(passed: int, words: str) -> None:
    assert ago(_DAY, _DAY + passed * 1000) == words


@pytest.mark.parametrize(("status", "workaround", "found", "upstream", "waits"), ALL)
def test_what_is_next_fits_what_is(status, workaround, found, upstream, waits):
    step = made(status, workaround, found, upstream, waits).step
    is_fixed = status is Status.FIXED_UPSTREAM
    if is_fixed and found is FixState.DISPUTED:
        assert step is NextStep.REOPEN
    elif waits:
        assert step is NextStep.DECIDE
    elif found is FixState.DISPUTED:
        assert step is NextStep.REPORT_AGAIN
    elif found is FixState.VERIFIED:
        assert step is (NextStep.NOTHING if is_fixed else NextStep.SET_FIXED)
    elif found is FixState.CLAIMED or is_fixed:
        assert step is NextStep.VERIFY
    elif upstream is Upstream.CLAIMED_FIXED:
        assert step is NextStep.RECORD_FIX
    elif not workaround:
        assert step is NextStep.ADD_WORKAROUND
    else:
        assert step is (NextStep.REPORT if upstream is Upstream.UNREPORTED else NextStep.NOTHING)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_state_in_words(snapshot, language: str) -> None:
    """The headline of every status, fix and workaround, as people read it."""
    shown = {
        f"{status.value}, {found and found.value}, {'workaround' if workaround else 'none'}": lines(
            made(status, workaround, found, Upstream.REPORTED, False), language
        )
        for status, found, workaround in product(Status, _FOUND, (False, True))
    }
    assert shown == snapshot


def test_of_several_fixes_the_failing_one_decides() -> None:
    fixes = (fix("a", 1), fix("b", 2), fix("c", 3))
    evidence = {
        "a": Evidence(FixState.VERIFIED, "o", 5),
        "b": Evidence(FixState.DISPUTED, "p", 4),
    }
    found = lead(
        Status.FIXED_UPSTREAM,
        has_workaround=True,
        fixes=fixes,
        evidence=evidence,
        upstream=Upstream.REPORTED,
        waits=False,
    )
    assert (found.fix, found.condition) == (fixes[1], Condition.FIX_FAILS)
    evidence["b"] = Evidence(FixState.VERIFIED, "p", 4)
    found = lead(
        Status.FIXED_UPSTREAM,
        has_workaround=True,
        fixes=fixes[::-1],
        evidence=evidence,
        upstream=Upstream.REPORTED,
        waits=False,
    )
    assert (found.fix, found.condition) == (fixes[2], Condition.FIX_CLAIMED)


def test_what_a_later_fix_explains_decides_nothing() -> None:
    fixes = (fix("a", 1), fix("b", 2))
    evidence = {"a": Evidence(FixState.DISPUTED, "p", 4, excused=True)}
    for state, condition in (
        (FixState.CLAIMED, Condition.FIX_CLAIMED),
        (FixState.VERIFIED, Condition.FIX_HOLDS),
        (FixState.DISPUTED, Condition.FIX_FAILS),
    ):
        evidence["b"] = Evidence(state, "q", 5)
        found = lead(
            Status.FIXED_UPSTREAM,
            has_workaround=True,
            fixes=fixes,
            evidence=evidence,
            upstream=Upstream.REPORTED,
            waits=False,
        )
        assert (found.fix, found.condition) == (fixes[1], condition)


def test_a_verification_says_what_it_answers_while_that_waits() -> None:
    one = made(Status.FIXED_UPSTREAM, False, FixState.VERIFIED, Upstream.REPORTED, True)
    facts = LeadFacts(one, "", OccurrenceTotals(), (), "", Hits(), alarmed=True)
    [(mark, tone), (rest, _tone)] = headline(facts)
    assert (mark, tone) == ("✔ fixed upstream", LeadTone.GOOD)
    assert rest.endswith(" · seen again, then verified by us on 2025-11-20")


def test_every_step_has_words() -> None:
    assert STEPS.keys() == set(NextStep) - {NextStep.NOTHING}
