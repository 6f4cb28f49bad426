"""Text by pipe and file: one decoder for every verb that takes it, and one rule for its colours."""

from __future__ import annotations

import codecs
import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from storage.match.error_text import LogDecoder
from storage.text.sanitize import first_hostile
from tests.cli.conftest import Pitboard

_SAID = "体验版打不开：白屏 40029"

#: Bytes of a text in each encoding that is read.
_ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16-le": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16-be": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "gb18030": lambda text: text.encode("gb18030"),
}
#: Bytes that are no text, or in an encoding that can't be told.
_REFUSED: dict[str, bytes] = {
    "big5": "體驗版打開失敗，請稍後再試一次".encode("big5"),
    "shift-jis": "体験版を開けません。もう一度試してください".encode("shift-jis"),
    "latin-1": "Die Seite läßt sich nicht öffnen: größer".encode("latin-1"),
    "utf-16 without a mark": "no mark at all".encode("utf-16-le"),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}


class Door:
    """A verb that takes a text, and what the record then holds of it."""

    def __init__(self, pitboard: Pitboard, pitfall: str) -> None:
        self.pitboard = pitboard
        self.pitfall = pitfall
        self.before = set(pitboard.events())

    def run(self, name: str, text: Callable[[str], bytes]) -> subprocess.CompletedProcess[bytes]:
        arguments, written = _DOORS[name]
        words = [one.format(id=self.pitfall, home=self.pitboard.home) for one in arguments]
        data = text(written)
        (self.pitboard.home / "file").write_bytes(data)
        return self.pitboard.taking(*words, stdin=data)

    def stored(self) -> str:
        """The bodies of the new events."""
        lines = [one for one in self.pitboard.events() if one not in self.before]
        return "\n".join(json.dumps(json.loads(one)["body"], ensure_ascii=False) for one in lines)


_NOTE = f"# 记录\n\n## 体验版白屏\n\n现象：{_SAID}\n"
_CSV = f"title,notes,severity\n体验版白屏,{_SAID},S2\n"
_JSON = json.dumps([{"title": "体验版白屏", "notes": _SAID}], ensure_ascii=False)
_DOORS: dict[str, tuple[tuple[str, ...], str]] = {
    "comment": (("comment", "{id}", "-"), _SAID),
    "log --message": (("log", "{id}", "--message", "-"), _SAID),
    "log --note": (("log", "{id}", "--note", "-"), _SAID),
    "edit --workaround": (("edit", "{id}", "--workaround", "-"), _SAID),
    "retro note": (("retro", "note", "-"), _SAID),
    "paste": (("paste", "--to", "{id}"), f"errMsg: {_SAID}"),
    "paste FILE": (("paste", "--to", "{id}", "{home}/file"), f"errMsg: {_SAID}"),
    "match": (("match", "--log"), f"ok\nerrMsg: {_SAID}\n"),
    "match FILE": (("match", "--log", "{home}/file"), f"ok\nerrMsg: {_SAID}\n"),
    "import notes": (("import", "--as", "notes", "--yes", "{home}/file"), _NOTE),
    "import notes by pipe": (("import", "--as", "notes", "--yes", "-"), _NOTE),
    "import csv": (("import", "--as", "csv", "--yes", "{home}/file"), _CSV),
    "import json": (("import", "--as", "json", "--yes", "{home}/file"), _JSON),
}


@pytest.fixture
def door(pitboard: Pitboard, login: str) -> Door:
    """A board with a pitfall that the text names."""
    with pitboard.store() as store:
        store.signatures.add(login, "白屏 40029")
    return Door(pitboard, login)


@pytest.mark.parametrize("encoding", _ENCODINGS)
@pytest.mark.parametrize("name", _DOORS)
def test_every_encoding_comes_in_by_every_door(door: Door, name: str, encoding: str) -> None:
    ended = door.run(name, _ENCODINGS[encoding])
    assert ended.returncode == 0, ended.stderr.decode()
    assert _SAID in door.stored()


@pytest.mark.parametrize("refused", _REFUSED)
@pytest.mark.parametrize("name", _DOORS)
def test_what_is_no_text_comes_in_by_no_door(door: Door, name: str, refused: str) -> None:
    ended = door.run(name, lambda _text: _REFUSED[refused])
    said = ended.stderr.decode()
    assert "Traceback" not in said
    assert door.stored() == ""
    if not name.startswith("match"):
        # A log is looked through whatever it holds; nothing known is in this one.
        assert ended.returncode in (2, 3)
        assert "can't be read as text in UTF-8, so nothing of it was taken." in said


@pytest.mark.parametrize("name", _DOORS)
def test_colours_come_in_by_no_door(door: Door, name: str) -> None:
    def coloured(text: str) -> bytes:
        link = "\x1b]8;;https://a.example/x\x07"
        red = f"\x1b[1;31m{_SAID}\x1b[0m{link}\x1b]8;;\x07"
        if name == "import json":
            red = json.dumps(red)[1:-1]
        return text.replace(_SAID, red).encode()

    ended = door.run(name, coloured)
    assert ended.returncode == 0, ended.stderr.decode()
    assert _SAID in door.stored()
    assert "[1;31m" not in door.stored()
    assert "a.example" not in door.stored()


@pytest.mark.parametrize("name", [one for one in _DOORS if not one.startswith("match")])
def test_other_control_characters_are_made_visible_by_every_door(door: Door, name: str) -> None:
    def hostile(text: str) -> bytes:
        said = f"{_SAID} \a\u202e"
        if name == "import json":
            said = json.dumps(said, ensure_ascii=False)[1:-1]
        return text.replace(_SAID, said).encode()

    ended = door.run(name, hostile)
    assert ended.returncode == 0, ended.stderr.decode()
    assert f"{_SAID} ␇<U+202E>" in door.stored()
    assert first_hostile(door.stored(), lines=True) is None


def test_a_log_of_lines_in_two_encodings_is_matched(door: Door) -> None:
    lines = ["启动 ok\n".encode(), f"errMsg: {_SAID}\n".encode("gb18030")] * 3
    ended = door.pitboard.taking("match", "--log", stdin=b"".join(lines))
    assert ended.returncode == 0
    assert _SAID in door.stored()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("how", ["whole", "file", "byte by byte"])
def test_a_log_in_utf_16_without_a_mark_is_matched(door: Door, encoding: str, how: str) -> None:
    """As a program writes it that appends to a file, or into a pipe."""
    data = f"2026-11-30 08:00 启动 ok\r\nerrMsg: {_SAID}\r\n".encode(encoding)
    path = door.pitboard.home / "app.log"
    path.write_bytes(data)
    words = ["match", "--log", *([str(path)] if how == "file" else [])]
    if how == "byte by byte":
        script = f"import sys\nfor one in {data!r}: sys.stdout.buffer.write(bytes([one]));"
        script += " sys.stdout.flush()"
        ended = subprocess.run(
            ["sh", "-c", '"$1" -c "$2" | "$1" -m tui match --log', "sh", sys.executable, script],
            env=door.pitboard.env,
            capture_output=True,
            check=False,
        )
    else:
        ended = door.pitboard.taking(*words, stdin=b"" if how == "file" else data)
    assert ended.returncode == 0, ended.stderr.decode()
    assert _SAID in door.stored()


@pytest.mark.parametrize("data", [b"\0" * 64, b"ab\0\0cd\0\0" * 9, b"a\0", b"qy.login:fail \0x\0y"])
def test_zeros_alone_make_no_utf_16(data: bytes) -> None:
    decoder = LogDecoder(strict=False)
    assert decoder.clean(data) + decoder.clean(b"", last=True) == data
