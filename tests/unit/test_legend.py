"""The legend explains every mark that is drawn."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path

import tui
from tui.dialogs.general import legend

_FOLDERS = ("text", "widgets", "screens", "dialogs")
#: Keys, arrows in words, and the drawing of frames and plots: no marks.
_DRAWING = set("←→↑↓↔⏎×−+=<>|~^$`│─┌┐└┘├┤┬┴┼━┃▏▎▍▌▋▊▉▐░▒▓°±⺀▲▼\ufffd")


def marks(source: str) -> set[str]:
    """The symbols in string literals of a module, docstrings left out."""
    tree = ast.parse(source)
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {
        sign
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        for sign in node.value
        if (not sign.isascii() and unicodedata.category(sign) in {"So", "Sm"}) or sign in "⇅≈"
    }


def test_every_mark_has_a_legend() -> None:
    explained = {sign for mark, _meaning in legend() for sign in mark} | set("▁▂▃▄▅▆▇█")
    folder = Path(tui.__file__).parent
    for path in sorted(p for name in _FOLDERS for p in (folder / name).rglob("*.py")):
        unknown = marks(path.read_text("utf-8")) - explained - _DRAWING
        assert not unknown, f"{path.name}: {unknown} needs a line in tui/dialogs/general.py"


def test_a_new_mark_is_noticed() -> None:
    assert marks('MARK = "⚑ flagged"') == {"⚑"}
