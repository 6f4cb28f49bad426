"""Text from the record is data: what could fool a reader or a terminal is made visible."""

from __future__ import annotations

import pytest

from storage.text.sanitize import first_hostile, sanitize

_HOSTILE = {
    "\x1b]52;c;cm0=\x07": "␛]52;c;cm0=␇",
    "a\x00b": "a␀b",
    "one\rtwo": "one␍two",
    "\x7f": "␡",
    "\x9b31m": "<U+009B>31m",
    "abc\u202edef": "abc<U+202E>def",
    "pay\u200bpal": "pay<U+200B>pal",
    "\u2066x\u2069": "<U+2066>x<U+2069>",
    "a\u2028b": "a<U+2028>b",
    "\ufeffa": "<U+FEFF>a",
    "\U000e0041": "<U+E0041>",
    "\ud800": "<U+D800>",
}


@pytest.mark.parametrize(("text", "shown"), _HOSTILE.items())
def test_it_is_shown_as_symbols(text: str, shown: str) -> None:
    assert sanitize(text) == shown
    assert sanitize(text, lines=True) == shown
    assert sanitize(sanitize(text)) == sanitize(text)


@pytest.mark.parametrize(
    "text",
    ["plain", "用户点了返回", "Ａ１", "é", "e\u0301", "👩 😀", "[bold]x[/]", "日本語 한국어", ""],
)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert sanitize(text) == text
    assert first_hostile(text) is None


def test_no_hostile_sign_is_passed_over_as_printable() -> None:
    signs = [chr(code) for code in range(0x110000)]
    hostile = [sign for sign in signs if first_hostile(sign, lines=True)]
    assert len(hostile) > 2_000
    assert [sign for sign in hostile if sanitize(f"坑{sign}", lines=True) == f"坑{sign}"] == []


def test_line_breaks_and_tabs_stay_only_where_several_lines_are_shown() -> None:
    text = "one\n\ttwo"
    assert sanitize(text, lines=True) == text
    assert sanitize(text) == "one␊␉two"
    assert first_hostile(text, lines=True) is None
    assert first_hostile(text) == (1, "␊")


def test_marks_heaped_on_a_letter_do_not_smear_the_screen() -> None:
    shown = sanitize("Z" + "\u0300" * 200 + "algo")
    assert shown == "Z" + "\u0300" * 4 + "…algo"


def test_the_first_hostile_sign_is_named_with_its_line() -> None:
    assert first_hostile("fine\nfine\nnot \x1b[1m\u202e", lines=True) == (3, "␛")
