"""Verdicts: monotone in the version, and the same after any order of events and any undo."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.model.environment import version_key
from storage.model.records import Fix, Occurrence
from storage.model.verdicts import evidence, judge
from storage.model.vocabulary import Axis, Host, Outcome, Platform, Verdict
from tests.records import DAY_MS, MONDAY
from tests.unit.test_verdicts import fix, seen

_VERSIONS = st.one_of(
    st.lists(st.integers(0, 12), min_size=1, max_size=4).map(lambda p: ".".join(map(str, p))),
    st.sampled_from(["4.1.8(18808)", "v2.14.1", "latest", "", "4.1.8 beta"]),
)
_DAYS = st.sampled_from(["", "2026-09-01", "2026-11-01", "2026-11-22", "2027-01-01"])
_IDS = st.text("0123456789abcdef", min_size=32, max_size=32)

fixes = st.lists(
    st.builds(
        fix,
        st.sampled_from(Axis),
        id=_IDS,
        from_version=_VERSIONS,
        from_date=_DAYS,
        last_affected=_VERSIONS,
        platform=st.none() | st.sampled_from([Platform.IOS, Platform.ANDROID]),
        host=st.none() | st.sampled_from(Host),
        grace_days=st.integers(0, 60),
        at=st.integers(MONDAY - 90 * DAY_MS, MONDAY),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
occurrences = st.builds(
    seen,
    st.sampled_from(Outcome),
    st.floats(-60, 120),
    client_version=st.none() | _VERSIONS,
    base_library=st.none() | _VERSIONS,
    devtools_version=st.none() | _VERSIONS,
    platform=st.none() | st.sampled_from(Platform),
    host=st.none() | st.sampled_from(Host),
)
#: From the one that excuses to the one that accuses.
_SEVERITY = [None, Verdict.STALE, Verdict.ROLLING_OUT, Verdict.NEEDS_VERSION, Verdict.REGRESSION]


@given(occurrences, fixes, st.randoms())
def test_the_order_of_the_fixes_says_nothing(one: Occurrence, held: list[Fix], rng: object) -> None:
    shuffled = list(held)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(one, held) == judge(one, shuffled)


@given(occurrences, fixes, st.lists(st.integers(0, 40), min_size=3, max_size=3))
def test_a_later_version_never_has_the_milder_verdict(
    one: Occurrence, held: list[Fix], parts: list[int]
) -> None:
    low = ".".join(map(str, parts))
    high = ".".join(map(str, [*parts[:2], parts[2] + 1]))
    for axis in ("client_version", "base_library"):
        reproduced = one._replace(outcome=Outcome.REPRODUCED)
        verdicts = []
        for version in (low, high):
            where = one.environment._replace(**{axis: version})
            found = judge(reproduced._replace(environment=where), held)
            verdicts.append(found.verdict if found else None)
        assert _SEVERITY.index(verdicts[0]) <= _SEVERITY.index(verdicts[1])


@given(occurrences, fixes)
def test_an_unknown_version_is_never_a_regression(one: Occurrence, held: list[Fix]) -> None:
    for version in (None, "", "latest"):
        where = one.environment._replace(
            client_version=version, base_library=version, devtools_version=version
        )
        found = judge(one._replace(environment=where), held)
        if found is not None and found.verdict is Verdict.REGRESSION:
            assert found.fix.axis in (Axis.SERVER, Axis.DOCUMENT, Axis.LIMIT)
            versioned = [f for f in held if f.axis in (Axis.CLIENT, Axis.LIBRARY, Axis.DEVTOOLS)]
            assert all(judge(one._replace(environment=where), [f]) is None for f in versioned)


@given(occurrences, fixes)
def test_a_regression_is_one_against_each_fix_alone(one: Occurrence, held: list[Fix]) -> None:
    found = judge(one, held)
    if found is not None and found.verdict in (Verdict.REGRESSION, Verdict.CONFIRMS):
        alone = [judge(one, [each]) for each in held if can_be_compared(each)]
        assert all(each is None or each.verdict is found.verdict for each in alone)


def can_be_compared(one: Fix) -> bool:
    version = one.from_version or one.last_affected
    is_by_day = one.axis in (Axis.SERVER, Axis.DOCUMENT, Axis.LIMIT)
    return is_by_day or version_key(version) is not None


@given(occurrences, fixes, fixes)
def test_a_fix_that_cannot_be_compared_changes_no_verdict_of_the_others(
    one: Occurrence, held: list[Fix], more: list[Fix]
) -> None:
    version = "4.1.9"
    where = one.environment._replace(
        client_version=version, base_library=version, devtools_version=version
    )
    one = one._replace(environment=where)
    unreadable = [each._replace(from_date="") for each in more if not can_be_compared(each)]
    found = judge(one, held)
    if found is not None and all(map(can_be_compared, held)):
        assert judge(one, [*held, *unreadable]) == found


@given(st.lists(occurrences, max_size=5), fixes, st.randoms())
def test_evidence_is_the_same_in_any_order(
    held: list[Occurrence], recorded: list[Fix], rng: object
) -> None:
    named = [one._replace(id=f"{place:032x}") for place, one in enumerate(held)]
    shuffled = list(named)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    for one in recorded:
        assert evidence(one, named) == evidence(one, shuffled)
