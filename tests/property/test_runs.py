"""What contradicts the table of what runs where, whatever the table holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.model.environment import Environment, version_key
from storage.model.version_pairs import Doubt, VersionPair, contradicting, contradiction
from storage.model.vocabulary import Host, Platform

_CLIENTS = st.sampled_from(["4.0.20", "4.1.8", "4.1.8(18808)", "4.1.10", "4.2", "latest", ""])
_LIBRARIES = st.sampled_from(["2.3", "2.14.1", "2.14.1 beta", "2.30", "3.0", "3.0.0", "?", "10.1"])
_HOSTS = st.sampled_from([Host.WECOM, Host.WECOM, Host.WECHAT, None])
_PLATFORMS = st.sampled_from([Platform.IOS, Platform.IOS, Platform.DEVTOOLS, None])


@st.composite
def runs(draw: st.DrawFn) -> list[VersionPair]:
    """A table as a board has it: each line of other versions or places."""
    places = st.tuples(_HOSTS, _CLIENTS, _PLATFORMS, _LIBRARIES)
    return [
        VersionPair(
            *place,
            count=occurrences * draw(st.integers(1, 3)),
            occurrences=occurrences,
            first_seen=draw(st.integers(0, 4)),
            last_seen=4,
        )
        for place in draw(st.lists(places, unique=True, max_size=16))
        for occurrences in [draw(st.integers(1, 3))]
    ]


occurrences = st.builds(
    Environment,
    host=_HOSTS,
    client_version=st.none() | _CLIENTS,
    platform=_PLATFORMS,
    base_library=st.none() | _LIBRARIES,
)


#: None is now.
times = st.none() | st.integers(0, 4)


def where_of(run: VersionPair) -> Environment:
    return Environment(
        host=run.host,
        client_version=run.client_version,
        base_library=run.base_library,
        platform=run.platform,
    )


@given(runs())
def test_a_line_contradicts_as_its_only_occurrence_does(held: list[VersionPair]) -> None:
    alone = {
        place: found
        for place, run in enumerate(held)
        if run.occurrences == 1
        and (
            found := contradiction(where_of(run), held[:place] + held[place + 1 :], run.first_seen)
        )
    }
    assert contradicting(held) == alone


@given(occurrences, times, runs(), st.randoms())
def test_the_order_of_the_lines_says_nothing(
    one: Environment, at: int | None, held: list[VersionPair], rng: object
) -> None:
    shuffled = list(held)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert contradiction(one, held, at) == contradiction(one, shuffled, at)


@given(occurrences, times, runs())
def test_an_older_library_is_only_doubted_after_newer_ones(
    one: Environment, at: int | None, held: list[VersionPair]
) -> None:
    found = contradiction(one, held, at)
    if found is not None and found.doubt is Doubt.TOO_OLD:
        assert contradiction(one, held) == found, "what was too old is so later, too"
        assert contradiction(one, held, -1) is None


@given(occurrences, times, runs(), _CLIENTS, st.integers(1, 5))
def test_one_that_agrees_never_makes_a_contradiction(
    one: Environment, at: int | None, held: list[VersionPair], client: str, count: int
) -> None:
    """One with the same library and the same client, or with a later one if that was too new."""
    before = contradiction(one, held, at)
    agreeing = VersionPair(
        one.host, one.client_version or "", one.platform, one.base_library or "", count, 1, 0, 0
    )
    assert contradiction(one, [*held, agreeing], at) is None
    later = agreeing._replace(client_version=client)
    if (version_key(client) or "") >= (version_key(one.client_version or "") or ""):
        after = contradiction(one, [*held, later], at)
        assert after is None or before is not None


@given(occurrences, runs())
def test_what_was_seen_twice_contradicts_nothing(one: Environment, held: list[VersionPair]) -> None:
    if one.client_version and one.base_library:
        twice = VersionPair(
            one.host, one.client_version, one.platform, one.base_library, 2, 2, 0, 0
        )
        others = [run for run in held if where_of(run) != where_of(twice)]
        assert len(others) not in contradicting([*others, twice])


@given(occurrences, runs())
def test_a_contradiction_lies_outside_of_what_it_says_was_seen(
    one: Environment, held: list[VersionPair]
) -> None:
    found = contradiction(one, held)
    if found is not None:
        library = version_key(one.base_library or "")
        lowest, highest = version_key(found.lowest), version_key(found.highest)
        assert library is not None
        assert lowest is not None
        assert highest is not None
        assert library < lowest or library > highest
        assert lowest <= highest
