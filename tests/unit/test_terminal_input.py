"""What a terminal sends is told apart, wherever reading cuts it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui.services.terminal import InputMessages, InputSplitter, Pasted

START, END = b"\x1b[200~", b"\x1b[201~"

#: Bytes that look like marks and sequences, and others.
anything = st.lists(
    st.sampled_from([b"\x1b", b"[", b"2", b"0", b"1", b"~", b"\xff", b"\n", b"a", b"\x1b[31m"]),
    max_size=30,
).map(b"".join)
typed = anything.filter(lambda one: START not in one)
pasted = anything.filter(lambda one: END not in one)


def read(chunks: list[bytes]) -> list[bytes | Pasted]:
    """What is told of some chunks, typed bytes joined."""
    splitter, parts = InputSplitter(), list[bytes | Pasted]()
    for chunk in chunks:
        parts += splitter.feed(chunk)
    parts.append(splitter.flush())
    joined: list[bytes | Pasted] = []
    for part in parts:
        if isinstance(part, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += part
        elif part:
            joined.append(part)
    return [one for one in joined if one]


@given(before=typed, content=pasted, after=typed, data=st.data())
def test_a_paste_is_whole_wherever_it_is_cut(before, content, after, data):
    sent = before + START + content + END + after
    # A cut within the first two bytes of the mark leaves them to Textual, since they may be a key.
    safe = {n for n in range(1, len(sent)) if not 0 < n - sent.find(START) < 3}
    cuts = sorted(data.draw(st.sets(st.sampled_from(sorted(safe)), max_size=6)) if safe else [])
    chunks = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    whole = read([sent])
    assert [one for one in whole if isinstance(one, Pasted)][:1] == [Pasted(content)]
    assert b"".join(one for one in whole if isinstance(one, bytes)) == before + after
    assert read(chunks) == whole


def test_a_beginning_that_nothing_follows_is_keys():
    splitter = InputSplitter()
    assert list(splitter.feed(b"x\x1b[20")) == [b"x"]
    assert splitter.flush() == b"\x1b[20"
    assert list(InputSplitter().feed(b"\x1b")) == [b"\x1b"]
    assert list(InputSplitter().feed(b"\x1b[")) == [b"\x1b["]


def test_a_paste_is_text_whatever_its_bytes():
    assert Pasted("打开失败\r\n内部错误".encode()).text == "打开失败\n内部错误"
    assert Pasted("打开失败 内部错误".encode("gb18030")).text == "打开失败 内部错误"
    assert Pasted(b"\x1b[31mqy.login:fail\x1b[0m").text == "qy.login:fail"
    picture = Pasted(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe").text
    assert "PNG" in picture
    assert "\0" not in picture
    assert "\x1a" not in picture


@pytest.mark.parametrize(
    "character", [*string.digits, *string.punctuation, " ", "§", "a", "Z", "中"]
)
def test_a_character_after_escape_is_a_key_with_alt(character):
    sent = InputMessages(debug=False)
    # No terminal leaves out the end of what it sends; at the end nothing is waited for.
    keys = [*sent.feed(f"\x1b{character}".encode()), *sent.end()]
    [key] = [one for one in keys if isinstance(one, events.Key)]
    assert key.key.startswith("alt+")
    # What may begin a sequence that was cut off types nothing, and leaves nothing.
    assert key.character == (None if character in "[]" else character)
