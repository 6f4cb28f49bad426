"""Whatever is pasted, it is read without an error, and what was read can be logged as it is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from storage.paste.extraction import PasteResult
from storage.paste.reader import read
from storage.text.sanitize import first_hostile
from storage.write.store import Store
from tests.boards import fresh

_PIECES = st.sampled_from(
    [
        '{"brand":"HUAWEI","model":"ALN-AL00","SDKVersion":"2.30.4"}',
        "{",
        "}",
        '"',
        "\\",
        "errMsg: 'x:fail'",
        "企业微信版本：4.1.8",
        "终端类型",
        "：",
        "iOS 17.1.2",
        "安卓",
        "体验版",
        "微信 8.0.40",
        "报错信息：",
        "复现步骤：",
        "Mozilla/5.0 (",
        "wxwork/4.1.8",
        "(env: macOS,mp,1.06.2504010; lib: 3.8.10)",
        "时间：2026-02-30 25:61",
        "Fri Nov 20 2026 14:03:22 GMT+9999",
        "https://example.com/a?b=c",
        "    at x (a.js:1:1)",
        "|---|---|",
        "\t",
        " ",
        "\n",
        "\r\n",
        "\u2028",
        "\u200b",
        "\x1b[31m",
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=12), max_size=40).map("".join)


@given(_TEXTS)
def test_any_text_is_read(text: str) -> None:
    pasted = read(text)
    for value in (pasted.message, pasted.note, pasted.reproduction):
        assert first_hostile(value, lines=True) is None
    for reading in pasted.values.values():
        assert reading.value
        assert first_hostile(reading.value) is None
    for contradiction in pasted.contradictions:
        values = [reading.value for reading in contradiction.readings]
        assert len(set(values)) == len(values) > 0
        # A single one is another device's than the platform that stands.
        assert len(values) > 1 or contradiction.field not in pasted.values
        assert all(1 <= reading.line <= text_lines(text) for reading in contradiction.readings)
    assert pasted == read(text)


def text_lines(text: str) -> int:
    return len(text.splitlines()) + 1


@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_what_was_read_can_be_logged_as_it_is(tmp_path_factory, texts: list[str]) -> None:
    store = Store.open(fresh(_board(tmp_path_factory)))
    try:
        pitfall = store.pitfalls.report("A pitfall")
        for text in texts:
            store.occurrences.log(pitfall, **_occurrence(read(text, now=store.session.now())))
    finally:
        store.close()


def _occurrence(pasted: PasteResult) -> dict[str, object]:
    fields: dict[str, object] = {name: reading.value for name, reading in pasted.values.items()}
    return fields | {
        "message": pasted.message,
        "note": pasted.note,
        "seen_at": pasted.seen_at,
    }


def _board(factory) -> Path:
    path: Path = factory.mktemp("boards") / "board.db"
    return path
