"""Lines are broken where a reader of their language breaks them."""

from __future__ import annotations

import os
import shutil
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich._wrap import divide_line

from tui.text.cells import line_breaks, terminal_size, width

_TEXT = st.text(st.sampled_from("ab #中文，。（）“”1.-体验"), max_size=60)


def lines(text: str, cells: int) -> list[str]:
    """The lines of a text."""
    ends = [0, *line_breaks(text, cells), len(text)]
    return [text[a:b] for a, b in pairwise(ends)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2. 在管理后台将账号设为体验成员", ["2. 在管理后台将账号", "设为体验成员"]),
        ("打开失败，再试一次。", ["打开失败，再试一次。"]),
        ("一二三四五六七八九（十）", ["一二三四五六七八九", "（十）"]),
        ("a b c", ["a b c"]),
        ("这里有问题吗 #账号权限", ["这里有问题吗 ", "#账号权限"]),
        ("一二三四五六七八九十一", ["一二三四五六七八九", "十一"]),
        ("记一次出现，一共选了 3 个", ["记一次出现，一共选了 ", "3 个"]),
        ("甲 wx.openLocations 个", ["甲 wx.openLocations ", "个"]),
    ],
)
def test_chinese_is_broken_between_characters_and_not_only_at_blanks(text, expected):
    assert lines(text, 20) == expected


@given(_TEXT, st.integers(2, 30))
def test_nothing_is_lost_and_no_line_is_too_long(text, cells):
    found = lines(text, cells)
    assert "".join(found) == text
    assert all(width(line.rstrip()) <= cells for line in found)


@given(st.text(st.sampled_from("ab -.1"), max_size=60), st.integers(1, 30))
def test_latin_is_broken_as_ever(text, cells):
    assert line_breaks(text, cells) == divide_line(text, cells)


@pytest.mark.parametrize("size", [(0, 0), (133, 0), (133, 44), None])
@pytest.mark.parametrize("columns", [None, "", "0", "100", "wide"])
@pytest.mark.parametrize("lines", [None, "0", "30"])
def test_the_terminal_is_as_large_as_the_standard_library_says(
    size: tuple[int, int] | None,
    columns: str | None,
    lines: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def asked(_descriptor: int) -> os.terminal_size:
        if size is None:
            raise OSError
        return os.terminal_size(size)

    monkeypatch.setattr(os, "get_terminal_size", asked)
    for name, value in (("COLUMNS", columns), ("LINES", lines)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert terminal_size() == tuple(shutil.get_terminal_size())
