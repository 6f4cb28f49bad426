"""Writes ``storage/text/han.txt``: how Chinese characters are read, and their simplified forms.

It needs ``pip install pypinyin opencc-purepy``, which nothing else here does: a table of a few
thousand characters loads within two milliseconds, those packages within hundreds.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

from pypinyin.pinyin_dict import pinyin_dict

TARGET = Path(__file__).parents[1] / "storage" / "text" / "han.txt"
HEAD = """\
# How Chinese characters are read, and the simplified forms of traditional ones; written by
# .ci/han.py. Readings are those of pypinyin (MIT License, Copyright 2016 mozillazg and others),
# simplified forms those of OpenCC (Apache License 2.0, Copyright 2010 Carbo Kuo and others).
# Each line: a syllable and the characters that are read so; behind "=" traditional characters,
# each followed by its simplified form.
"""
#: Of several readings, the one that the words of developers have: 重复, 弹窗, 长按, 行, 率, 调用.
READ = {
    **{"重": "chong", "弹": "tan", "长": "chang", "行": "xing", "率": "lv"},
    **{"调": "diao", "似": "si"},
}


def plain(reading: str) -> str:
    """A syllable without its tone; ü as people type it."""
    letters = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    letters = letters.replace("u\u0308", "v")
    return "".join(one for one in letters if one.isascii() and one.isalpha())


def is_common(sign: str) -> bool:
    """Whether a character belongs to those of GB 2312, which simplified texts consist of."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    """Write the table."""
    simple: dict[str, str] = {}
    text = (files("opencc_purepy") / "dicts" / "TSCharacters.txt").read_text("utf-8")
    for line in text.splitlines():
        sign, _, forms = line.partition("\t")
        form = forms.split(" ")[0]
        # What simplified texts use as it is (乾, 著) stays.
        if len(sign) == len(form) == 1 and is_common(form) and not is_common(sign):
            simple[sign] = form
    read: dict[str, list[str]] = defaultdict(list)
    for number, readings in sorted(pinyin_dict.items()):
        sign = chr(number)
        if is_common(sign):
            syllable = READ.get(sign) or plain(unicodedata.normalize("NFC", readings.split(",")[0]))
            if syllable:
                read[syllable].append(sign)
    lines = [f"{syllable} {''.join(signs)}" for syllable, signs in sorted(read.items())]
    pairs = "".join(f"{sign}{form}" for sign, form in sorted(simple.items()))
    TARGET.write_text(HEAD + "\n".join([*lines, f"= {pairs}"]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
