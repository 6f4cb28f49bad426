"""What a file is that is brought in: told by its content first and its name second."""

from __future__ import annotations

import io

import pytest

from storage.errors import Refused
from storage.imports.sources import Form, form_of
from storage.text.decoding import encoding_of, text_of
from tests.records import line


def form(content: str | bytes, file: str = "") -> Form:
    data = content if isinstance(content, bytes) else content.encode()
    stream = io.BytesIO(data)
    found = form_of(stream, file)
    assert stream.tell() == 0
    return found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (line() + b"\n", Form.EVENTS),
        (b"{garbled\n" + line(), Form.EVENTS),
        (b"\xef\xbb\xbf" + line(), Form.EVENTS),
        ('[{"title": "a"}]', Form.JSON),
        ('\n  {"title": "a", "actor": "x"}\n', Form.JSON),
        ('{"issues": []}', Form.JSON),
        ("[]", Form.JSON),
        ("Key,Summary\nA,b\n", Form.CSV),
        ("编号\t标题\n1\t白屏\n".encode("gb18030"), Form.CSV),
        ("Title;Notes\n", Form.CSV),
        ("sep=|\nTitle|Notes\na|b\n", Form.CSV),
        ("Title,Notes\na,Title,Notes\n".encode("utf-16"), Form.CSV),
        ("# A note\n\nIt fails.\n", Form.NOTES),
        ("A note\n======\n", Form.NOTES),
        ("---\ntitle: x\n---\n", Form.NOTES),
        ("title: x\ntags: [a]\n---\nIt fails.", Form.NOTES),
        ("**Q: why?**\nA: because\n", Form.NOTES),
        ("## 标题\n\n报错\n".encode("gb18030"), Form.NOTES),
        ("[A link](https://example.org)\n\n# It fails\n", Form.NOTES),
        ("", Form.EVENTS),
    ],
)
@pytest.mark.parametrize("ending", ["", ".csv", ".json", ".md"])
def test_content_tells(content: str | bytes, expected: Form, ending: str) -> None:
    if content:
        assert form(content, f"file{ending}" if ending else "") is expected


@pytest.mark.parametrize(
    ("content", "file", "expected"),
    [
        ("It fails.\n", "note.md", Form.NOTES),
        ("It fails.\n", "NOTE.TXT", Form.NOTES),
        ("A,B\n1,2\n", "list.csv", Form.CSV),
        ("garbage\n", "list.jsonl", Form.JSON),
        ("Title,Notes\na,b\n\n# x\n", "list.csv", Form.CSV),
        ("Title,Notes\na,b\n\n# x\n", "list.md", Form.NOTES),
        ("Title,Notes\na,b\n\n# x\n", "", Form.CSV),
        ("", "note.md", Form.NOTES),
        ("", "", Form.EVENTS),
    ],
)
def test_the_name_tells_where_content_does_not(content: str, file: str, expected: Form) -> None:
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
        (b"\xff\x00\xff", "utf-8"),
        ("白".encode() * 700_000, "utf-8"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    stream = io.BytesIO(data)
    assert encoding_of(stream) == encoding
    assert stream.tell() == 0
    assert text_of(data)[:1] == data.decode(encoding, "replace").removeprefix("\ufeff")[:1]
