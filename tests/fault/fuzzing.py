"""Cases for everything that takes text from elsewhere: one target, one seed, so many cases.

``python tests/fault/fuzzing.py TARGET SEED COUNT`` is such a run in a process of its own, with as
much memory as is bounded here. It ends with the case at fault if anything but a known error comes.
"""

from __future__ import annotations

import io
import json
import random
import resource
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from storage.errors import PitboardError  # noqa: E402
from storage.imports.importer import import_events, read_lines  # noqa: E402
from storage.imports.issue_lists import IssueList  # noqa: E402
from storage.imports.notes import read_note  # noqa: E402
from storage.match.generality import check_signature  # noqa: E402
from storage.match.known_errors import KnownErrors  # noqa: E402
from storage.match.normalizer import key_of, normalise  # noqa: E402
from storage.model.vocabulary import SignatureForm  # noqa: E402
from storage.paste.reader import read  # noqa: E402
from storage.query.completion import complete  # noqa: E402
from storage.query.parser import parse  # noqa: E402
from storage.read.board import Board  # noqa: E402
from storage.write.store import Store  # noqa: E402
from tests.records import line  # noqa: E402

_MEMORY: Final = 3 * 1024**3
_LONGEST: Final = 20_000

#: What each format is made of; a case is cut from these and then harmed.
_PIECES: Final = {
    "events": [
        *(chr(sign) for sign in b'{}[]":,\\n\\u'),
        '"v":1',
        '"actor":"' + "a" * 32 + '"',
        '"kind":"reported"',
        '"body":{"title":"x"}',
        "\ud800",
        "1e999",
        "-0",
        "null",
        "9" * 400,
    ],
    "notes": [
        "# A heading\n",
        "## wx.login fails\n",
        "---\ntitle: Notes\ndate: 2026-11-20\ntags: [a, b]\n---\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "```js\nwx.qy.login({})\n```\n",
        "- [link](https://developers.weixin.qq.com/x)\n",
        "> `saveImage:fail`\n",
        "**问题** 打不开\n",
        "1. step\n   - [ ] deeper\n",
        "\n\n",
        "<div onclick=x>",
        "&#x202e;",
        "![p](data:,x)",
        "---\n",
        ": \t",
        "*" * 50,
        "[" * 50,
    ],
    "json": [
        *'{}[]":,',
        '"title"',
        '"Summary"',
        '"labels":["a"]',
        '"priority":{"name":"High"}',
        "null",
        "1e400",
        "\\ud800",
        "标题",
        "\n",
        "[" * 30,
        "{" * 30,
        "true",
    ],
    "csv": [
        "Summary,Description,Priority\n",
        "标题\t严重程度\n",
        '"a ""quoted"" cell",',
        "=1+1,",
        "x,y,z\n",
        "\r\n",
        "\x00",
        ";",
        '"',
        "\t",
        "\ufeff",
        "2026-11-20,",
    ],
    "query": [
        *"()<>:,.-+*\"' ",
        "status:open",
        "状态：未解决",
        "severity:<=S2",
        "lib:<2.14.1",
        "seen:<2w",
        "not ",
        " or ",
        "count:>=5",
        "reported:2026-10..2026-11",
        "sort:title-",
        "has:conflict",
        "wx.qy.login",
        "（组件:相*）",
        "id:867d",
        "9" * 50,
    ],
    "text": [
        "saveImage:fail ",
        "errMsg: ",
        '{"errCode":-1,"errMsg":"qy.login:fail"}',
        "at Object.<anonymous> (app.js:1:2)\n",
        "rid: 5f-6-7 ",
        "https://a.b/c?d=e ",
        "2026-11-20 14:03:01 ",
        "机型：",
        "微信版本：8.0.1\n",
        "Mozilla/5.0 (iPhone) MicroMessenger/8.0 ",
        "wx.qy__login ",
        "\x1b[31m",
        "\u202e",
        "e\u0301",
        "".join(map(chr, range(0x4E00, 0x4E20))),
        "0x7ff",
        "\\n",
        "(a+)+$",
        "[[:alpha:]]",
        "*" * 20,
        ".*",
        "\\",
    ],
}


def harmed(chance: random.Random, pieces: list[str]) -> str:
    """A text of some pieces, some of it gone, doubled, torn or strange."""
    text = "".join(chance.choice(pieces) for _ in range(chance.randint(0, 30)))
    for _ in range(chance.choice([0, 0, 1, 3])):
        place = chance.randint(0, len(text))
        match chance.randrange(5):
            case 0:
                text = text[:place] + text[place + chance.randint(1, 10) :]
            case 1:
                text = text[:place] + chr(chance.randrange(0xD7FF)) + text[place:]
            case 2:
                text += text[place : place + 200] * chance.choice([1, 2, 50])
            case 3:
                text = text[place:] + text[:place]
            case _:
                text = text[:place] + chance.choice("\x00\n\t\"'\\{[") + text[place:]
    return text[:_LONGEST]


class Targets:
    """What takes text, each on a board of its own."""

    def __init__(self, room: Path) -> None:
        self.store = Store.open(room / "board.db", who="Ann")
        pitfall = self.store.pitfalls.report(
            "wx.qy.login fails 打不开", signatures=["qy.login:fail denied"]
        )
        self.store.occurrences.log(pitfall, message="saveImage:fail", platform="ios")
        self.board = Board.open(self.store.path)
        self.known = KnownErrors.open(self.store.path)

    def events(self, chance: random.Random) -> str:
        """Lines, whole and harmed, taken into a board."""
        whole = line(seq=chance.randint(1, 10**6), pitfall=f"{chance.getrandbits(64):016x}")
        text = harmed(chance, _PIECES["events"])
        place = chance.randint(0, len(whole))
        torn = whole[:place] + text.encode(errors="surrogatepass") + whole[place:]
        data = b"\n".join(chance.sample([whole, torn, text.encode(errors="surrogatepass")], 3))
        import_events(self.store.session, read_lines(io.BytesIO(data)))
        return repr(data)

    def notes(self, chance: random.Random) -> str:
        """A note, read."""
        text = harmed(chance, _PIECES["notes"])
        with suppress(PitboardError):
            read_note(text, "note.md")
        return repr(text)

    def lists(self, chance: random.Random) -> str:
        """A list of issues, read."""
        form = chance.choice(["json", "jsonl", "csv", "tsv"])
        text = harmed(chance, _PIECES["json" if form.startswith("json") else "csv"])
        encoding = chance.choice(["utf-8", "utf-8", "utf-16", "gb18030", "latin-1"])
        data = text.encode(encoding, errors="ignore")
        with suppress(PitboardError):
            for _ in IssueList(io.BytesIO(data), form, "issues").arriving():
                pass
        return f"{form} {data!r}"

    def query(self, chance: random.Random) -> str:
        """A query, understood, completed and asked."""
        text = harmed(chance, _PIECES["query"])[:400]
        self.board.find(parse(text)).page(0, 10)
        complete(
            text,
            chance.randint(0, len(text)),
            self.board.names,
            chance.choice(["en", "zh_CN"]),
        )
        return repr(text)

    def normaliser(self, chance: random.Random) -> str:
        """An error text, normalised, recognised, and read as a paste."""
        text = harmed(chance, _PIECES["text"])
        normalise(text)
        key_of(text)
        self.known.recognise(text)
        with suppress(PitboardError):
            read(text)
        return repr(text)

    def signatures(self, chance: random.Random) -> str:
        """A signature, checked as it is when it is typed."""
        text = harmed(chance, _PIECES["text"])[:300]
        with suppress(PitboardError):
            check_signature(text, chance.choice(list(SignatureForm)))
        return repr(text)


TARGETS: Final = ("events", "notes", "lists", "query", "normaliser", "signatures")


def main(target: str, seed: int, count: int) -> None:
    """Try so many cases; the first that fails ends it, and is told."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with tempfile.TemporaryDirectory() as room:
        case: Callable[[random.Random], str] = getattr(Targets(Path(room)), target)
        for number in range(count):
            chance = random.Random(f"{target} {seed} {number}")
            try:
                case(chance)
            except Exception:
                print(json.dumps({"target": target, "seed": seed, "number": number}), flush=True)
                raise
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
