"""The normaliser is total and idempotent; a stream holds what its lines hold, however it comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from storage.events import SignatureAdded
from storage.match import signature_index, slow_engine, stream_scanner
from storage.match.error_text import LogDecoder
from storage.match.known_errors import KnownErrors
from storage.match.normalizer import key_of, normalise
from storage.match.signature_index import LineCounter, PlainText
from storage.match.signatures import (
    compiled,
    find,
    is_fast,
    load_hyperscan,
    matches,
    may_hold,
    pieces,
    plan_of,
    words_asked,
)
from storage.match.stream_scanner import StreamScanner
from storage.model.vocabulary import SignatureForm
from storage.text.sanitize import ENOUGH, utf_16
from storage.write.store import Store

pytestmark = pytest.mark.usefixtures("engine")

SIGNATURES = [
    ("qy.login:fail", SignatureForm.LITERAL),
    ("wx.login:fail 40029", SignatureForm.LITERAL),
    ("saveImageToPhotosAlbum:fail system permission denied", SignatureForm.LITERAL),
    ("打开失败 内部错误", SignatureForm.LITERAL),
    ("失败", SignatureForm.LITERAL),
    ("fail 超时", SignatureForm.LITERAL),
    ("errCode -1", SignatureForm.LITERAL),
    ("错误码 60011", SignatureForm.LITERAL),
    ("request code", SignatureForm.LITERAL),
    ("timeout 5000ms later", SignatureForm.LITERAL),
    ("save*:fail", SignatureForm.GLOB),
    ("打开*错误", SignatureForm.GLOB),
    ("log*fail*9", SignatureForm.GLOB),
    (r"denied\s+by \w+$", SignatureForm.PATTERN),
    (r"^\[warn\] .*失败", SignatureForm.PATTERN),
    (r"\Aabort.{0,9}end\Z", SignatureForm.PATTERN),
]

WORDS = [
    *("qy", "wx", "login", "fail", "failed", "saveImageToPhotosAlbum", "system permission denied"),
    *(
        "打开失败",
        "内部错误",
        "打开",
        "失败",
        "错误",
        "超时",
        "request",
        "code",
        "timeout",
        "later",
    ),
    *("errCode", "err_code", "errMsg", "错误码", "devtool/query?e=", "-1", "40029", "60011", "9"),
    *("5000", "ms", "denied by ada", "[warn] ", "abort", "end", "save", "log", "invoke result:"),
    *("hint: [", "]", "rid: ", "at x (a.js:1:2)", "2026-11-20 10:00:00", "MiniProgramError"),
]
JOINTS = [
    *(
        "",
        " ",
        ".",
        "__",
        "_",
        ":",
        "：",
        ", ",
        '"',
        '\\"',
        "\\n",
        "\\\\n",
        "\t",
        "\r",
        "…",
        "，",
        "(",
        "{",
    ),
    *("\x1b[31m", "\x1b[", "\x1b", "　", "wx.", "\x00"),
]


def escaped(word: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in word)


def wide(word: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)


words = st.sampled_from(WORDS).flatmap(
    lambda word: st.sampled_from(
        [word, word, word, word.upper(), wide(word), escaped(word), word[:2] + escaped(word[2:])]
    )
)
texts = st.lists(st.one_of(words, st.sampled_from(JOINTS), st.text(max_size=3)), max_size=14).map(
    "".join
)
lines = st.one_of(
    texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    texts.map(lambda text: text.encode("gb18030", "replace")),
    st.binary(max_size=30),
)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    parts: list[bytes] = []
    for line in draw(st.lists(lines, max_size=8)):
        parts += [line, draw(st.sampled_from([b"\n", b"\n", b"\r\n", b"\n\n"]))]
    return b"".join(parts[:-1] if draw(st.booleans()) else parts)


@given(st.one_of(st.text(), texts))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    twice = normalise(once.text)
    assert twice.text == once.text
    assert twice.key == once.key
    assert once.text.encode().decode() == once.text
    for word in once.words:
        assert 0 <= word.start < word.end <= len(text)


@given(st.one_of(st.text(), texts))
def test_the_key_alone_is_the_key_of_the_whole(text: str) -> None:
    assert key_of(text) == normalise(text).key


@given(st.lists(texts, min_size=1, max_size=4), texts)
def test_a_line_that_is_ruled_out_by_its_words_matches_nothing(own: list[str], line: str) -> None:
    looks = [(one, SignatureForm.LITERAL) for one in own]
    looks += [one for one in SIGNATURES if one[1] is not SignatureForm.PATTERN]
    plan = plan_of([(form, text) for text, form in looks])
    asked = words_asked(plan)
    assert asked is not None
    key = key_of(line)
    if any(wanted and find(wanted, key) for wanted in plan["pieces"]):
        assert may_hold(asked, line)


#: What begins or ends a token that may hold an id or a time, or lies beside one.
_BESIDE = [
    *(
        "at ",
        'file "',
        '", line ',
        ", in ",
        "from ip ",
        "rid: ",
        "id=",
        "hint: [",
        "invoke result: ",
    ),
    *(
        "mon ",
        "dec ",
        "dec 5 ",
        "fri nov 20 2026 ",
        "gmt",
        "z",
        "z ",
        " am ",
        "+0800",
        "error ",
        "code=",
    ),
    *(
        "http://a.b/",
        "?a=",
        "?a[",
        ".js:12",
        "(a.js:1:2)",
        "native)",
        ":12",
        "@app-",
        "0x",
        "wx.",
        "#",
    ),
    *(
        "-",
        "v",
        "1",
        "123",
        "12345",
        "失败",
        "ms",
        " ",
        " ",
        "(",
        ")",
        "[",
        "]",
        '"',
        ",",
        ".",
        ":",
        "\\n",
    ),
]
_digits = st.integers(0, 99).map("{:02}".format)
_times = st.tuples(
    st.sampled_from(["", "["]),
    st.one_of(st.just(""), st.tuples(_digits, _digits, _digits).map("-".join).map("20{} ".format)),
    st.tuples(_digits, _digits, _digits).map(":".join),
    st.sampled_from(["", ".123", ",456", ".7"]),
    st.sampled_from(["]", " ", "z ", "z", "+08:00 ", "-", ""]),
).map("".join)
_ids = st.text("0123456789abcdefF", min_size=7, max_size=33)
_enclosed = st.tuples(st.sampled_from(" ([,"), _ids, st.sampled_from([" ", ")", "]", ",", ""])).map(
    "".join
)
_more = st.lists(st.one_of(_enclosed, _enclosed, _times, st.sampled_from(_BESIDE)), max_size=9)


@given(st.one_of(st.just(""), _times), _more.map("".join))
@example("10:38:04z", " login")
@example("[2026-11-20 10:38:04z]", " login (a1b2c3d4")
def test_a_line_has_its_own_key_though_another_one_differs_in_its_time_and_ids_alone(
    time: str, more: str
) -> None:
    assert key_of(time + more) == normalise(time + more).key


@pytest.fixture(scope="module")
def known(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnownErrors]:
    path: Path = tmp_path_factory.mktemp("known") / "board.db"
    store = Store.open(path)
    for text, form in SIGNATURES:
        pitfall = store.pitfalls.report(text, component="x", kind="bug", severity="S3")
        # As it comes from elsewhere: what is typed may not be as short as some of these.
        with store.session.writing() as transaction:
            transaction.add(pitfall, SignatureAdded(text=text, form=form))
    store.close()
    with KnownErrors.open(path) as known:
        yield known


def sieved(known: KnownErrors, stream: bytes, cuts: list[int]) -> dict[str, tuple[int, int]]:
    """The signatures found in a stream that comes in pieces: how many lines, and the first."""
    one = StreamScanner(known)
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    # What came first tells the encoding: a few bytes with a zero among them may look like UTF-16.
    assume(all(utf_16(stream[:end]) == utf_16(stream) for end in places if end >= ENOUGH))
    for start, end in pairwise(places):
        one.feed(stream[start:end])
    one.close()
    return {found.signature.text: (found.lines, found.first_line) for found in one.found.values()}


def compared(stream: bytes) -> dict[str, tuple[int, int]]:
    """The same by comparing every line with every signature, without an index."""
    cleaner = LogDecoder(strict=True)
    whole = cleaner.clean(stream) + cleaner.clean(b"", last=True)
    found: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(whole.decode().split("\n"), 1):
        for text, form in SIGNATURES:
            if form is SignatureForm.PATTERN:
                matched = matches(_COMPILED[text], line.encode())
            else:
                matched = find(pieces(text, form), normalise(line).key) is not None
            if matched:
                lines, first = found.get(text, (0, number))
                found[text] = lines + 1, first
    return found


def _compiled() -> dict[str, object]:
    return {
        text: compiled([text], load_hyperscan().HS_MODE_STREAM)
        for text, form in SIGNATURES
        if form is SignatureForm.PATTERN
    }


_COMPILED = _compiled()


@given(stream=streams(), cuts=st.lists(st.integers(0, 500), max_size=6))
def test_a_stream_holds_what_its_lines_hold(
    known: KnownErrors, stream: bytes, cuts: list[int]
) -> None:
    assert sieved(known, stream, cuts) == compared(stream)


@contextmanager
def windows_of(length: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_scanner, "WINDOW", length)
        patch.setattr(stream_scanner, "_STEP", length // 2)
        patch.setattr(slow_engine, "_WINDOW", length)
        patch.setattr(slow_engine, "_STEP", length // 2)
        yield


#: Signs at the ends of each row of UTF-8, and bytes that are no sign, or half of one.
_UTF_8 = [
    *"a~\x00\x7f\x80\xe9\u07ff\u0800\u0fff\u4e2d\ud7ff\ue000\uffff\U00010000\U0010ffff",
    "\r",
    "\x1b",
]
_NOT_UTF_8 = [
    *(
        b"\x80",
        b"\xbf",
        b"\xc0\x80",
        b"\xc1",
        b"\xc2",
        b"\xdf",
        b"\xe0\x9f\xbf",
        b"\xe4\xb8",
        b"\xed\xa0\x80",
    ),
    *(
        b"\xef",
        b"\xf0\x8f\xbf\xbf",
        b"\xf0\x9f\x98",
        b"\xf4\x90\x80\x80",
        b"\xf5",
        b"\xff",
        "失败".encode("gb18030"),
    ),
]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(_UTF_8).map(str.encode),
            st.sampled_from(_UTF_8).map(str.encode),
            st.sampled_from(_NOT_UTF_8),
            st.binary(min_size=1, max_size=3),
        ),
        min_size=1,
        max_size=8,
    ).map(b"".join)
)
def test_plain_text_is_utf_8_without_carriage_returns_and_escapes(data: bytes) -> None:
    with worth_compiling():
        assert PlainText().holds(data) == (is_fast() and is_plain(data))


def is_plain(data: bytes) -> bool:
    """Whether there is nothing to clean."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\r" not in data and b"\x1b" not in data


@contextmanager
def worth_compiling() -> Iterator[None]:
    """As in a log of megabytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signature_index, "_WORTH_COMPILING", 0)
        patch.setattr(signature_index, "_SHORT", 0)
        yield


@given(
    st.lists(st.sampled_from([b"\n", b"\n" * 16, b"a\r\n", "失败".encode(), b"\xff"])), st.data()
)
def test_lines_are_counted_between_any_two_places(parts: list[bytes], draw: st.DataObject) -> None:
    text = b"".join(parts)
    counter = LineCounter()
    with worth_compiling():
        for _ in range(4):
            start, end = sorted(draw.draw(st.integers(0, len(text))) for _ in range(2))
            assert counter.count(text, start, end) == text[start:end].count(b"\n")


@given(stream=streams(), cuts=st.lists(st.integers(0, 500), max_size=6))
def test_a_stream_of_megabytes_holds_what_its_lines_hold(
    known: KnownErrors, stream: bytes, cuts: list[int]
) -> None:
    with worth_compiling():
        assert sieved(known, stream, cuts) == compared(stream)


@given(stream=streams(), cuts=st.lists(st.integers(0, 500), max_size=6))
def test_long_lines_are_found_in_alike_however_they_come(
    known: KnownErrors, stream: bytes, cuts: list[int]
) -> None:
    with windows_of(40):
        assert sieved(known, stream, cuts) == sieved(known, stream, [])


@given(before=st.integers(0, 300), after=st.integers(0, 300), cuts=st.lists(st.integers(0, 600)))
def test_a_signature_is_found_wherever_it_stands_in_a_long_line(
    known: KnownErrors, before: int, after: int, cuts: list[int]
) -> None:
    line = b"x " * before + b"wx.qy.login:fail!" + b" y" * after
    with windows_of(64):
        assert sieved(known, b"\n" + line, cuts) == {"qy.login:fail": (1, 2)}
