"""Whatever two texts are, their spans joined give both of them again."""

from __future__ import annotations

import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from storage.read.history import DiffSpan, SpanKind, differences, elided

_PIECES = st.sampled_from(
    ["use", "the", "preview", "白", "色", "图片", " ", "  ", "\n", "\t", "，", ".", "é", "😀", "-"]
)
_TEXTS = st.lists(_PIECES, max_size=30).map("".join) | st.text(max_size=20)


def without(sort: SpanKind, spans: tuple[DiffSpan, ...]) -> str:
    """One of the two texts: all but what the other one has alone."""
    return "".join(span.text for span in spans if span.sort is not sort)


@given(_TEXTS, _TEXTS)
@example("的" * 700, "的一" * 700)
@example("a b\n" * 3_000, "b a\n" * 3_000)
@example("x\n" * 300 + "用 预览", "x\n" * 400 + "用 体验版")
def test_the_spans_joined_give_both_texts(before: str, after: str) -> None:
    spans = differences(before, after)
    assert without(SpanKind.ADDED, spans) == before
    assert without(SpanKind.REMOVED, spans) == after


@given(_TEXTS, _TEXTS)
def test_no_span_is_empty_and_no_neighbours_are_of_one_sort(before: str, after: str) -> None:
    spans = differences(before, after)
    assert all(span.text for span in spans)
    assert all(one.sort is not next_.sort for one, next_ in itertools.pairwise(spans))


@given(_TEXTS)
def test_a_text_has_no_difference_from_itself(text: str) -> None:
    assert all(span.sort is SpanKind.KEPT for span in differences(text, text))


@given(_TEXTS, _TEXTS, st.integers(0, 9))
def test_eliding_shortens_only_what_is_kept(before: str, after: str, around: int) -> None:
    spans = differences(before, after)
    shown = elided(spans, around)
    for span, short in zip(spans, shown, strict=True):
        assert span.sort is short.sort
        if span.sort is SpanKind.KEPT:
            assert len(short.text) <= min(len(span.text), 2 * around + 1) or short == span
        else:
            assert short == span
