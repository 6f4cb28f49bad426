"""What a file is that is brought in: told by its content first and its name second."""

from __future__ import annotations

import io

import pytest

from storage.errors import Refused
from storage.imports.sources import SourceFormat, form_of
from storage.text.sanitize import encoding_of, from_elsewhere, most_of, text_of
from tests.records import line


def form(content: str | bytes, file: str = "") -> SourceFormat:
    data = content if isinstance(content, bytes) else content.encode()
    stream = io.BytesIO(data)
    found = form_of(stream, file)
    assert stream.tell() == 0
    return found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (line() + b"\n", SourceFormat.EVENTS),
        (b"{garbled\n" + line(), SourceFormat.EVENTS),
        (b"\xef\xbb\xbf" + line(), SourceFormat.EVENTS),
        ('[{"title": "a"}]', SourceFormat.JSON),
        ('\n  {"title": "a", "actor": "x"}\n', SourceFormat.JSON),
        ('{"issues": []}', SourceFormat.JSON),
        ("[]", SourceFormat.JSON),
        ("Key,Summary\nA,b\n", SourceFormat.CSV),
        ("编号\t标题\n1\t白屏\n".encode("gb18030"), SourceFormat.CSV),
        ("Title;Notes\n", SourceFormat.CSV),
        ("sep=|\nTitle|Notes\na|b\n", SourceFormat.CSV),
        ("Title,Notes\na,Title,Notes\n".encode("utf-16"), SourceFormat.CSV),
        ("# A note\n\nIt fails.\n", SourceFormat.NOTES),
        ("A note\n======\n", SourceFormat.NOTES),
        ("---\ntitle: x\n---\n", SourceFormat.NOTES),
        ("title: x\ntags: [a]\n---\nIt fails.", SourceFormat.NOTES),
        ("**Q: why?**\nA: because\n", SourceFormat.NOTES),
        ("## 标题\n\n报错\n".encode("gb18030"), SourceFormat.NOTES),
        ("[A link](https://example.org)\n\n# It fails\n", SourceFormat.NOTES),
        ("", SourceFormat.EVENTS),
    ],
)
@pytest.mark.parametrize("ending", ["", ".csv", ".json", ".md"])
def test_content_tells(content: str | bytes, expected: SourceFormat, ending: str) -> None:
    if content:
        assert form(content, f"file{ending}" if ending else "") is expected


@pytest.mark.parametrize(
    ("content", "file", "expected"),
    [
        ("It fails.\n", "note.md", SourceFormat.NOTES),
        ("It fails.\n", "NOTE.TXT", SourceFormat.NOTES),
        ("A,B\n1,2\n", "list.csv", SourceFormat.CSV),
        ("garbage\n", "list.jsonl", SourceFormat.JSON),
        ("Title,Notes\na,b\n\n# x\n", "list.csv", SourceFormat.CSV),
        ("Title,Notes\na,b\n\n# x\n", "list.md", SourceFormat.NOTES),
        ("Title,Notes\na,b\n\n# x\n", "", SourceFormat.CSV),
        ("", "note.md", SourceFormat.NOTES),
        ("", "", SourceFormat.EVENTS),
    ],
)
def test_the_name_tells_where_content_does_not(
    content: str, file: str, expected: SourceFormat
) -> None:
    assert form(content, file) is expected


@pytest.mark.parametrize("content", [b"hello", b"\x89PNG\r\n\x1a\n\0\0", b"a,b\n1,2\n", b"\0" * 99])
def test_what_nobody_can_tell_is_refused_with_advice(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        form(content)
    assert refused.value.advice


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain", "utf-8"),
        ("白屏".encode(), "utf-8"),
        ("白屏".encode("utf-8-sig"), "utf-8-sig"),
        ("白屏".encode("gbk"), "gb18030"),
        ("白屏".encode("utf-16"), "utf-16"),
        ("白屏".encode("utf-32"), "utf-32"),
        ("白".encode() * 700_000, "utf-8"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    stream = io.BytesIO(data)
    assert encoding_of(stream, "x") == encoding
    assert stream.tell() == 0
    assert text_of(data, "x")[:1] == data.decode(encoding).removeprefix("\ufeff")[:1]


@pytest.mark.parametrize(
    ("data", "at", "encoding"),
    [
        (b"\xff\x00\xff", 1, "UTF-8"),
        ("體驗版打開失敗，請稍後再試".encode("big5"), 1, "UTF-8"),
        ("体験版を開けません。もう一度試してください".encode("shift-jis"), 1, "UTF-8"),
        ("Die Seite läßt sich nicht öffnen, größer".encode("latin-1"), 12, "UTF-8"),
        ("no mark".encode("utf-16-le"), 2, "UTF-8"),
        ("白屏".encode("utf-16-le") + b"\n\0\0", 6, "UTF-8"),
        ("白屏".encode("utf-16") + b"\n", 7, "UTF-16"),
        ("白\0屏".encode("utf-16"), 5, "UTF-16"),
        ("白屏".encode("utf-8-sig") + b"\xff", 10, "UTF-8"),
        ("白".encode() * 700_000 + b"\xff", 2_100_001, "UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 1, "UTF-8"),
    ],
)
def test_what_is_no_text_that_can_be_told_is_refused(data: bytes, at: int, encoding: str) -> None:
    with pytest.raises(Refused, match=rf"Byte {at} of x can't be read as text in {encoding},"):
        text_of(data, "x")


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (b"## White picture\n\nSince \0 4.1.8\n", 25),
        ("白".encode() * 700_000 + b"\0", 2_100_001),
        ("白屏".encode("utf-8-sig") + b"\0", 10),
    ],
)
def test_a_nul_in_a_text_is_named(data: bytes, at: int) -> None:
    for read in (text_of, lambda data, name: form_of(io.BytesIO(data), name)):
        with pytest.raises(Refused, match=rf"Byte {at} of x is a NUL, which no text holds"):
            read(data, "x")


LOST = "上传失败\n报错: 打开失败 内部错误\n渠道: 邀请体验版"


@pytest.mark.parametrize(
    ("data", "text", "lost"),
    [
        (LOST.encode(), LOST, 0),
        (LOST.encode("gb18030"), LOST, 0),
        ("npm error: 打开失败".encode("gb18030"), "npm error: 打开失败", 0),
        (LOST.encode()[1:], LOST[1:], 2),
        (LOST.encode()[2:-1], LOST[1:-1], 3),
        (LOST.encode() + b"\xff", f"{LOST}\ufffd", 1),
        (b"err\xffor: fail\n", "err\ufffdor: fail\n", 1),
        (b"error\0: fail", "error␀: fail", 1),
        (LOST.encode("utf-8-sig")[:-2], LOST[:-1], 1),
    ],
)
def test_a_text_that_was_cut_or_damaged_is_read_but_for_some_bytes(
    data: bytes, text: str, lost: int
) -> None:
    assert most_of(data, "x") == (text, lost)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"\xff\x00\xff",
        "體驗版打開失敗，請稍後再試".encode("big5"),
        "体験版を開けません。もう一度試してください".encode("shift-jis"),
        "Die Seite läßt sich nicht öffnen, größer".encode("latin-1"),
        "no mark".encode("utf-16-le"),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        bytes(range(256)) * 100,
    ],
)
def test_what_is_mostly_no_text_is_not_read_at_all(data: bytes) -> None:
    with pytest.raises(Refused, match="can't be read as text in UTF-8"):
        most_of(data, "x")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]8;;https://a.example\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x1b\\here", "here"),
        ("\x9b1mbold", "bold"),
        ("\x1b(Bplain\x1b=", "plain"),
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("a\tb", "a\tb"),
        ("bell\x07", "bell␇"),
        ("\u202ebidi", "<U+202E>bidi"),
        ("half \x1b[", "half ␛["),
    ],
)
def test_one_rule_for_control_characters(written: str, kept: str) -> None:
    assert from_elsewhere(written) == kept
    assert text_of(written.encode(), "x") == kept
