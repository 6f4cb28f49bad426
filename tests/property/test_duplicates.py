"""Groups of duplicates are flat and the same on every machine, whatever people marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.db.rows import originals

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


class Counted(dict[str, str]):
    """Counts how often something is looked up."""

    lookups = 0

    def __getitem__(self, name: str) -> str:
        self.lookups += 1
        return super().__getitem__(name)


@pytest.mark.parametrize("length", [800, 10_000])
def test_a_long_chain_is_gone_through_once(length: int) -> None:
    chain = Counted({f"{n:05}": f"{n + 1:05}" for n in range(length)})
    end = f"{length:05}"
    there = {*chain.keys(), end}
    chain.lookups = 0
    assert originals(chain, there) == dict.fromkeys(chain.keys(), end)
    assert chain.lookups <= length
    # The same if it is met from its other end.
    backwards = Counted(reversed(chain.items()))
    assert originals(backwards, there) == originals(chain, there)
    assert backwards.lookups <= length
