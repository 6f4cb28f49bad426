"""Groups of duplicates are flat and the same on every machine, whatever people marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.projection.duplicates import originals

_NAMES = st.sampled_from("abcdefgh")
_SAID = st.dictionaries(_NAMES, _NAMES, max_size=8)


@given(_SAID, st.sets(_NAMES))
def test_an_original_is_on_the_board_and_no_duplicate_itself(
    shown: dict[str, str], others: set[str]
) -> None:
    there = others | shown.keys()
    found = originals(shown, there)
    assert found.keys() <= shown.keys()
    assert set(found.values()) <= there
    assert not set(found.values()) & found.keys()


@given(_SAID, st.randoms(use_true_random=False))
def test_the_order_of_marking_does_not_matter(values: dict[str, str], random) -> None:
    there = set("abcdefgh")
    items = list(values.items())
    random.shuffle(items)
    assert originals(dict(items), there) == originals(values, there)


@given(_SAID)
def test_each_goes_where_what_it_names_goes(values: dict[str, str]) -> None:
    there = set("abcdefgh")
    found = originals(values, there)
    for one, other in values.items():
        assert found.get(one, one) == found.get(other, other)
