"""Brings the catalogues up to date: ``python -m tests.translations`` in a checkout, with Babel.

Translations that are no longer needed go, new messages come in untranslated;
fill them in and run it again, which also compiles. It exits with 1 as long as
something is left to translate. The tests use it to see that nothing is.
"""

from __future__ import annotations

import ast
import gettext
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po

ROOT: Final = Path(__file__).parents[1]
HERE: Final = ROOT / "tui" / "locale"
PO: Final = HERE / "zh_CN" / "LC_MESSAGES" / "pitboard.po"
MO: Final = PO.with_suffix(".mo")
#: What click says is by itself: click reads a whole catalogue for the first of its messages.
CLICK: Final = "click"
CLICK_MO: Final = MO.with_stem(CLICK)

_SOURCES: Final = ("tui", "storage", "seeds")
#: Messages of others that reach our readers: click translates through our catalogue, and what
#: the system says of a file is translated where it is shown.
_OF_OTHERS: Final = ("click.pot", "system.pot")
_KEYWORDS: Final = {
    "_": "one",
    "gettext": "one",
    "N_": "one",
    "ngettext": "counted",
    "pgettext": "in context",
    "NP_": "in context",
}
_HEADER: Final = """\
# Pitboard in Simplified Chinese. To update: python -m tests.translations (see README.md).
msgid ""
msgstr ""
"Project-Id-Version: pitboard\\n"
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

Key = tuple[str, str]


def key(message: Message) -> Key:
    """What tells messages apart: the context, if any, and the text."""
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def messages(catalogue: Catalog) -> dict[Key, Message]:
    """The messages of a catalogue, without its header."""
    return {key(message): message for message in catalogue if message.id}


def wanted() -> dict[Key, Message]:
    """Every message that a reader can meet."""
    found = Catalog()
    for folder in _SOURCES:
        for path in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call):
                    _take(call, found, f"{path}:{call.lineno}")
    every = messages(found)
    for name in _OF_OTHERS:
        for place, message in messages(read(HERE / name)).items():
            every.setdefault(place, message)
            every[place].auto_comments = [name.removesuffix(".pot")]
    return every


def _take(call: ast.Call, found: Catalog, where: str) -> None:
    """Add what a call marks or translates; Babel's own extractor misses those in f-strings."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=("gettext" | "pgettext" | "ngettext") as name):
            pass
        case _:
            return
    if any(isinstance(one, ast.JoinedStr) for one in call.args) and name in _KEYWORDS:
        raise ValueError(f"{where}: an f-string can't be translated; use str.format")
    translation = [one.value for one in call.args if isinstance(one, ast.Constant)]
    texts = [text for text in translation if isinstance(text, str)]
    match _KEYWORDS.get(name), texts:
        case "one", [text]:
            found.add(text)
        case "counted", [one, many]:
            found.add((one, many))
        case "in context", [context, text]:
            found.add(text, context=context)


def read(path: Path) -> Catalog:
    """A catalogue as its file holds it."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN" if path.suffix == ".po" else None)


def compiled(catalogue: Catalog) -> bytes:
    """The binary form of a catalogue."""
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def binaries() -> dict[Path, bytes]:
    """The binary catalogues: the whole one, and what is click's in it."""
    whole = read(PO)
    of_click = Catalog(locale="zh_CN")
    for message in messages(whole).values():
        if CLICK in message.auto_comments:
            of_click.add(message.id, message.string, context=message.context)
    return {MO: compiled(whole), CLICK_MO: compiled(of_click)}


def known(binary: bytes) -> dict[object, str]:
    """What a binary catalogue translates, whatever wrote it."""
    catalogue: dict[object, str] = vars(gettext.GNUTranslations(BytesIO(binary)))["_catalog"]
    return {message: translation for message, translation in catalogue.items() if message}


def is_translated(translation: object) -> bool:
    """Whether a translation says something, in every form that it has."""
    return all(translation) if isinstance(translation, list | tuple) else bool(translation)


def main() -> int:
    """Write the catalogue and its binary form; how many messages lack a translation."""
    held = messages(read(PO)) if PO.exists() else {}
    fresh = Catalog(locale="zh_CN")
    missing = []
    for place, message in sorted(wanted().items()):
        previous = held.get(place)
        translation = (
            previous.string if previous and not previous.fuzzy and previous.id == message.id else ""
        )
        fresh.add(
            message.id,
            translation,
            context=message.context,
            auto_comments=message.auto_comments,
        )
        if not is_translated(translation):
            missing.append(place[1])
    lines = generate_po(fresh, omit_header=True, sort_by="message", width=100)
    PO.write_text(_HEADER + "".join(lines).lstrip("\n"), "utf-8")
    for path, binary in binaries().items():
        if not path.exists() or known(path.read_bytes()) != known(binary):
            path.write_bytes(binary)
    for text in missing:
        print(f"to translate: {text!r}")
    return len(missing)


if __name__ == "__main__":
    sys.exit(bool(main()))
