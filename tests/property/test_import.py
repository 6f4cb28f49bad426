"""Whatever a file holds, it is read without an error, and comes in once."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from storage.check import check
from storage.errors import Refused
from storage.imports.import_item import ImportItem, UnreadableItem
from storage.imports.importer import import_items, preview
from storage.imports.notes import read_note
from storage.imports.sources import SourceFormat, form_of, incoming, recognised
from storage.model.vocabulary import is_web_address
from storage.text.sanitize import sanitize
from storage.write.store import Store
from tests.boards import fresh
from tests.records import Wall, lines_of
from tests.sizes import examples

_PIECES = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "### 一、",
            "\n",
            "\n\n",
            "---\n",
            "===\n",
            "- ",
            "1. ",
            "- [ ] ",
            "> ",
            "    ",
        ),
        *(
            "**Q: ",
            "** ",
            "`",
            "```\n",
            "| a | 问题 |\n|---|---|\n",
            "| ",
            "![",
            "[x](",
            "](",
            ")",
            "<",
        ),
        *("https://example.org/", "javascript:x", "[r]: ", "PS：", "title: ", "date: 2024-01-01\n"),
        *(
            "wx.qy.login",
            "报错“打开失败”",
            "fails",
            "不显示",
            "参考",
            "Summary",
            "x:fail",
            "，",
            "。",
        ),
        *("\x00", "\x1b[31m", "\u202e", "\ud800", "\u2028", "é", "😀", "\r\n", "\t", "&amp;", "\\"),
        *("标题,描述\n", ",", '"', ";", "Title", "{", "}", "[", "]", ":", '"title"', '"actor"'),
    ]
)
TEXTS = st.lists(_PIECES | st.text(max_size=4), max_size=60).map("".join)

_CELLS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
_VALUES = st.recursive(
    _CELLS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
_ISSUES = st.lists(
    st.dictionaries(
        st.sampled_from(
            ["title", "key", "Description", "标签", "url", "severity", "error", "date"]
        ),
        _VALUES,
        max_size=6,
    )
    | _VALUES,
    max_size=6,
)


def within_the_record(one: ImportItem) -> None:
    """Whatever is proposed fits into the record as it is."""
    assert 0 < len(one.title) <= 300
    assert one.title == one.title.strip()
    assert "\n" not in one.title
    assert len(one.reproduction) <= 20_000
    assert all(0 < len(text) <= 300 for text in (*one.signatures, *one.tags))
    assert all(is_web_address(link.url) for link in one.links)
    assert sanitize(one.title)
    json.dumps(one.reproduction, ensure_ascii=False).encode()


@given(TEXTS)
@example("# a\n" * 50)
@example("| 问题 |\n|---|\n| |\n")
@example("PS：\n" * 3)
def test_any_text_is_a_note(text: str) -> None:
    read = read_note(text, "note.md")
    for one in read.proposals:
        within_the_record(one)
    assert len({one.pitfall for one in read.proposals}) == len(read.proposals)
    titles = [one.title.casefold() for one in read.proposals]
    assert len(set(titles)) == len(titles)
    # The same text gives the same pitfalls on every machine.
    assert read_note(text, "note.md") == read


@given(TEXTS, st.sampled_from(SourceFormat), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_bytes_are_taken_for_what_they_are_said_to_be(
    text: str, form: SourceFormat, encoding: str
) -> None:
    data = text.encode(encoding, "replace")
    with suppress(Refused):
        form_of(io.BytesIO(data), "x")
    if form is SourceFormat.EVENTS:
        return
    # A list whose columns nobody understands is refused, and that is all.
    with suppress(Refused):
        coming = incoming(io.BytesIO(data), form, Path("none.db"), file="x")
        for one in coming.arriving():
            assert isinstance(one, ImportItem | UnreadableItem)
            if isinstance(one, ImportItem):
                within_the_record(one)


def brought(path: Path, data: bytes, form: SourceFormat) -> tuple[int, int, int]:
    """Look at a file and bring it in; how much was new, changed and the same."""
    coming = incoming(io.BytesIO(data), form, path, file="list")
    looked = preview(path, coming.arriving())
    if not path.exists():
        fresh(path)
    store = Store.open(path, now=Wall())
    came = import_items(store.session, coming.arriving())
    store.close()
    assert (came.new, came.changed, came.same) == (looked.new, looked.changed, looked.same)
    assert check(path).findings == ()
    return came.new, came.changed, came.same


@given(TEXTS, TEXTS)
@examples(40)
def test_notes_come_in_once_whatever_they_hold(text: str, more: str) -> None:
    # What holds that is no text, and refused whole.
    assume("\0" not in text + more)
    with TemporaryDirectory() as room:
        path = Path(room, "board.db")
        first, second = (one.encode("utf-8", "replace") for one in (text, f"{text}\n{more}"))
        new, _changed, _same = brought(path, first, SourceFormat.NOTES)
        held = lines_of(path)
        assert brought(path, first, SourceFormat.NOTES) == (0, 0, new)
        assert lines_of(path) == held
        brought(path, second, SourceFormat.NOTES)
        again = brought(path, second, SourceFormat.NOTES)
        assert again[:2] == (0, 0)


@given(_ISSUES)
@examples(40)
def test_lists_come_in_once_whatever_they_hold(issues: list[Any]) -> None:
    with TemporaryDirectory() as room:
        path = Path(room, "board.db")
        data = json.dumps([{"title": "The first"}, *issues]).encode()
        new, changed, same = brought(path, data, SourceFormat.JSON)
        assert new >= 1
        held = lines_of(path)
        assert brought(path, data, SourceFormat.JSON) == (0, 0, new + changed + same)
        assert lines_of(path) == held


@given(_ISSUES, TEXTS)
@examples(30)
def test_what_comes_again_with_other_words_never_raises(issues: list[Any], text: str) -> None:
    with TemporaryDirectory() as room:
        path = fresh(Path(room, "board.db"))
        for title in ("a", text):
            changed = [{"title": f"b{title}", "key": "K-1", "notes": text}, *issues]
            brought(path, json.dumps(changed).encode(), SourceFormat.JSON)

        assert recognised(path, read_note(text, "x").proposals)[1] == []
