"""What stands in for hyperscan takes the same patterns and finds the same."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.match.signature_index import SignatureIndex
from storage.match.signatures import locate, why_not
from storage.model.vocabulary import SignatureForm
from tests.engines import ENGINES, engine_of

_SIGNS = st.sampled_from(
    [
        *("a", "b", "fail", "失败", ":", "-", "9", " ", ".", r"\.", r"\d", r"\w", r"\s", r"\W"),
        *(
            r"\D",
            r"\S",
            r" \bfail",
            r"a\b ",
            r"a\Bb",
            "[ab]",
            "[^a]",
            r"[\d:]",
            r"[^\w]",
            "[a-f失]",
            r"\x61",
        ),
        *(r"\(", "{", "(?i)", r"\Qa.b\E", r"[\]]", r"\h"),
    ]
)
_REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,3}", "*?", "+?", "{2,}"])
_UNTAKEN = st.sampled_from(
    # Closed, since a digit behind \1 would make it the number of a sign.
    ["(?=a)", "(?<!b)", r"(?:(a)\1)", "a++", "(?>a)", "(", "[", "a*", r"\K", r"\N"]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, _REPEATS).map(lambda two: f"({two[0]}){two[1]}"),
    )


_UNREPEATED = ("(?i)", r"a\b ", r" \bfail", r"a\Bb", "{")
_ONE = st.tuples(_SIGNS, _REPEATS).map(
    lambda two: two[0] if two[0] in _UNREPEATED else "".join(two)
)
_BODIES = st.recursive(_ONE, _grown, max_leaves=8)
#: What never stands at the ends of a line can never match, which only hyperscan sees.
PATTERNS = st.tuples(
    st.sampled_from(["", "", "^", r"\A"]), _BODIES, st.sampled_from(["", "", "$", r"\Z"])
).map("".join)
LINES = st.lists(
    st.sampled_from(
        ["a", "b", "ab", "A", "fail", "失败", ":", " ", "9", "_", "(", "é", "a.b", "{", "]"]
    ),
    max_size=8,
).map("".join)


#: It tries every way to cut the line in two.
FOR_EVER = "(?:(?:a|ab|b)+)+[cd][!?]"


def found(patterns: list[str], lines: list[str]) -> list[object]:
    """What an engine says of each pattern and line."""
    taken = [why_not(pattern) is None for pattern in patterns]
    index = SignatureIndex.made([(SignatureForm.PATTERN, one) for one in dict.fromkeys(patterns)])
    matched = [index.matching_patterns(line.encode()) for line in lines]
    return [taken, matched]


@given(st.lists(PATTERNS, min_size=1, max_size=3), st.lists(LINES, max_size=5))
def test_both_engines_take_and_find_the_same(patterns: list[str], lines: list[str]) -> None:
    answers = []
    for name in ENGINES:
        with engine_of(name):
            answers.append(found(patterns, lines))
    assert answers[0] == answers[1]


@given(_UNTAKEN, _BODIES)
@example("[", r"\d")
@example("[]", "a")
@example("[^]", r"[ab]")
@example("[^", "a")
@example("[", r"\Qa.b\E[ab]")
def test_what_hyperscan_refuses_is_refused(untaken: str, pattern: str) -> None:
    for one in (untaken, pattern + untaken, untaken + pattern):
        with engine_of("hyperscan"):
            refused = why_not(one) is not None
        with engine_of("slow"):
            assert (why_not(one) is not None) == refused, one


@pytest.mark.parametrize(
    ("pattern", "line", "part"),
    [
        ("login:fail(ed)?", "wx.login:failed now", "login:failed"),
        (r"失败.{0,3}", "登录失败了。再试", "失败了。再"),
        ("a+?", "xaaay", "aaa"),
        (r"^\w+", "abc def", "abc"),
    ],
)
def test_a_match_is_where_it_begins_and_as_long_as_can_be(
    pattern: str, line: str, part: str
) -> None:
    for name in ENGINES:
        with engine_of(name):
            start, end = locate(pattern, line)
            assert line[start:end] == part, name


def test_a_pattern_that_takes_for_ever_is_given_up() -> None:
    looks = [(SignatureForm.PATTERN, FOR_EVER), (SignatureForm.PATTERN, "x[0-9]y")]
    with engine_of("slow"):
        index = SignatureIndex.made(looks)
        for _ in range(20):
            assert index.matching_patterns(b"ab" * 3_000 + b" x7y") == [1]
        assert index.given_up == [FOR_EVER]
        # It counts as no finding, and the other one goes on.
        assert index.matching_patterns(b"x3y") == [1]


def test_what_may_be_in_a_line_comes_in_the_same_order_each_time() -> None:
    words = [f"{chr(ord('a') + n)}chooseimage:fail" for n in range(20)]
    index = SignatureIndex.made([(SignatureForm.LITERAL, word) for word in words])
    # Of texts, a set has another order in each process.
    assert index.candidates(" ".join(words)) == list(range(20))
