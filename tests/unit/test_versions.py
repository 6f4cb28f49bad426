import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.model.environment import version_key


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("4.0.20", "4.1.0"),
        ("4.1.0", "4.1.8(18808)"),
        ("4.1.8", "4.1.10"),
        ("2.9.5", "2.14.1"),
        ("v8.0.30", "V8.0.41 beta"),
        ("3", "3.0.1"),
    ],
)
def test_versions_compare_as_versions(older: str, newer: str) -> None:
    one, other = version_key(older), version_key(newer)
    assert one is not None
    assert other is not None
    assert one < other


@pytest.mark.parametrize(
    ("one", "other"), [("4.1.8", "4.1.8(18808)"), ("2.14", "2.14.0"), ("v1.0", "1-beta")]
)
def test_builds_suffixes_and_zeros_at_the_end_do_not_count(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


@pytest.mark.parametrize(
    "text", ["", "latest", "4..1", "4.1.", ".5", "1" * 11, "1.1.1.1.1.1.1.1.1", "版本"]
)
def test_what_is_no_version_has_no_key(text: str) -> None:
    assert version_key(text) is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.data())
def test_keys_sort_as_numbers_do(numbers: list[int], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
    keys = [version_key(".".join(map(str, one))) for one in (numbers, others)]
    width = max(len(numbers), len(others))
    padded = [one + [0] * (width - len(one)) for one in (numbers, others)]
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (  # type: ignore[operator]
        padded[0] < padded[1],
        padded[0] == padded[1],
    )


@given(st.text(max_size=40))
def test_any_text_has_a_key_or_none(text: str) -> None:
    key = version_key(text)
    assert key is None or set(key) <= set("0123456789bcdefghijk")
