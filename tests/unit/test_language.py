"""Pitboard in Chinese: complete, current, compiled; and nothing English is left on a screen."""

from __future__ import annotations

import json
import os
import re
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Message

from storage.errors import Refused
from storage.model.vocabulary import Platform
from tests.boards import catalogued
from tests.cli.speaking import speaker
from tests.processes import PATIENCE
from tests.sizes import storms
from tests.translations import (
    MO,
    PO,
    binaries,
    is_translated,
    known,
    messages,
    read,
    wanted,
)
from tui.app import PitboardApp
from tui.commands import BOARD, COMMANDS
from tui.text.cells import width
from tui.text.i18n import Messages, choose, clauses, say, say_in_form, speak
from tui.text.verbs import VERBS

ROOT = Path(__file__).parents[2]
_BEGUN: Final = int(time.time() * 1000)
HELD = messages(read(PO))


def texts(message: Message) -> tuple[str, str]:
    """The source (the plural of a counted phrase) and the translation."""
    source = message.id if isinstance(message.id, str) else message.id[-1]
    values = message.string if isinstance(message.string, str) else message.string[0]
    return source, values


def placeholders(text: str) -> list[tuple[str, str | None]]:
    return sorted((name, how) for _, name, _, how in string.Formatter().parse(text) if name)


def test_the_catalogue_holds_what_the_sources_say_and_nothing_else():
    values = wanted()
    assert not values.keys() - HELD.keys(), "missing; run: python -m tests.translations"
    assert not HELD.keys() - values.keys(), "stale; run: python -m tests.translations"
    assert {place: message.id for place, message in values.items()} == {
        place: message.id for place, message in HELD.items()
    }


def test_every_message_is_translated():
    assert not [place for place, one in HELD.items() if one.fuzzy or not is_translated(one.string)]


#: Words that a reader would have to translate back into those of the field.
_AVOIDED: Final = re.compile(r"\b(deed|told|whoever|piece|sighting|enclosure|contest)s?\b", re.I)


def test_messages_are_in_plain_words():
    assert not [source for source in map(texts, HELD.values()) if _AVOIDED.search(source[0])]


def test_a_command_line_in_a_message_stays_as_a_shell_takes_it(tmp_path: Path) -> None:
    arguments = ("--lang", "zh_CN", "--db", "none.db", "list")
    code, _, err = speaker("zh_CN").run(arguments, b"", surroundings(tmp_path), tmp_path)
    assert code != 0
    assert re.search(r"pitboard --db '?[^“”]*none\.db'? init", err.decode())


@pytest.mark.parametrize(
    ("english", "chinese"), [("declin(e|ed|es|ing) (?!the vendor)", "驳回"), ("snooz", "暂缓")]
)
def test_one_act_has_one_word(english: str, chinese: str) -> None:
    said = {
        texts(one) for place, one in HELD.items() if place[0] not in ("Upstream", "VendorReplyKind")
    }
    assert not [
        pair for pair in said if re.search(english, pair[0], re.I) and chinese not in pair[1]
    ]


def test_readers_are_addressed_in_one_way():
    assert not [shown for _source, shown in map(texts, HELD.values()) if "您" in shown]


def test_translations_keep_placeholders_and_breaks():
    for message in HELD.values():
        source, shown = texts(message)
        assert placeholders(source) == placeholders(shown), source
        assert source.count("\n") == shown.count("\n"), source
        assert source.startswith(" ") == shown.startswith(" "), source


def test_translations_are_chinese():
    """Whatever has a word of its own says it in Chinese, with Chinese punctuation beside it."""
    for message in HELD.values():
        source, shown = texts(message)
        if re.search("[A-Za-z]{2}", re.sub(r"{\w+(!\w)?}", "", source)) and source != "ID":
            assert re.search("[\u4e00-\u9fff]", shown) or placeholders(source), source
        # In “状态:未解决” it is our query language that wants the colon.
        assert not re.search("[\u4e00-\u9fff][,;!?.]|[,;!?][\u4e00-\u9fff]", shown), shown
        assert not re.search("[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", shown), shown


def test_the_binary_form_is_what_the_catalogue_compiles_to():
    for path, binary in binaries().items():
        assert known(path.read_bytes()) == known(binary), "run: python -m tests.translations"


def test_every_message_is_found_in_the_binary_form():
    held = MO.read_bytes()
    looked_up = Messages(held)
    assert {message: looked_up.get(message) for message in known(held)} == known(held)
    for unknown in ("Never said", "\uffff", "Kind\x04Never said", ("Never said", 0)):
        assert looked_up.get(unknown) is None
        with pytest.raises(KeyError):
            looked_up[unknown]


def test_names_in_the_key_line_are_short():
    names = {one.name: texts(HELD["", one.name])[1] for one in COMMANDS if one.on.get(BOARD)}
    assert not {name for name, values in names.items() if width(values) > 4}


@pytest.mark.parametrize(
    ("option", "environment", "language"),
    [
        (None, {}, "en"),
        ("zh", {"PITBOARD_LANG": "en", "LC_ALL": "en_US.UTF-8"}, "zh_CN"),
        ("zh_CN", {}, "zh_CN"),
        ("en", {"PITBOARD_LANG": "zh", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"PITBOARD_LANG": "zh", "LC_ALL": "en_US.UTF-8"}, "zh_CN"),
        (None, {"PITBOARD_LANG": "en", "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": "zh"}, "en"),
        (None, {"PITBOARD_LANG": "", "LANG": "zh_CN.UTF-8"}, "zh_CN"),
        (None, {"LC_ALL": "zh_CN.UTF-8", "LC_MESSAGES": "en_US", "LANG": "en_US"}, "zh_CN"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US"}, "zh_CN"),
        (None, {"LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "ZH_cn"}, "zh_CN"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh_CN"),
        (None, {"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh_CN"}, "en"),
        (None, {"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        (None, {"LANG": "POSIX", "LANGUAGE": "zh_CN"}, "en"),
        (None, {"LANGUAGE": "zh_CN"}, "en"),
    ],
)
def test_the_language_is_chosen(option, environment, language):
    assert choose(option, environment) == language


#: What is English in every language: options, choices, placeholders, API names, files, verbs.
_TECHNICAL = re.compile(
    r"--?[a-z][\w-]*|\[[^\]]*\]|[\w~$]*[./_$:@|(=][\w~$./_:@|)=-]*"
    rf"|\b(?:pitboard|bash|zsh|fish|{'|'.join(' '.join(VERBS).split())})\b"
)
#: What one entry of the catalogue says in both languages at once: the permission of an account.
_RECORD = re.compile(r"not a trial member / ")
_SENTENCE = re.compile(r"\b[A-Za-z][a-z']*(?: [a-z']+){2,}")


def english(text: str) -> list[str]:
    """The lines with three English words or more in a row."""
    return [
        line
        for line in text.splitlines()
        if _SENTENCE.search(_TECHNICAL.sub("#", _RECORD.sub("", line)))
    ]


def test_english_is_found():
    assert english("中文\nNothing was found here")
    assert not english("“pitboard list” 可查看 [open|workaround|fixed] --json, wx.qy.login")


def surroundings(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "COLUMNS": "80",
    }


def command(
    tmp_path: Path, *arguments: str, script: str = "", words: str = ""
) -> subprocess.CompletedProcess[str]:
    run = ["-c", script] if script else ["-m", "tui", "--lang", "zh_CN"]
    return subprocess.run(
        [sys.executable, *run, *arguments],
        input=words,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=surroundings(tmp_path),
        check=False,
        timeout=PATIENCE,
    )


#: The help of each verb, one after another in one process.
_ALL_HELP = """
import io, json, sys
from contextlib import redirect_stdout
from tui.text.i18n import speak
speak("zh_CN")
from tui.cli import main

said = []
for verb in json.load(sys.stdin):
    with redirect_stdout(io.StringIO()) as out:
        code = main(["--lang", "zh_CN", *verb.split(), "--help"])
    said.append((code, out.getvalue()))
json.dump(said, sys.stdout)
"""


@pytest.fixture(scope="module")
def helps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """The exit code and the help of each verb in Chinese, and without a verb."""
    verbs = ["", *VERBS]
    ended = command(tmp_path_factory.mktemp("home"), script=_ALL_HELP, words=json.dumps(verbs))
    assert ended.returncode == 0, ended.stderr
    return {verb: tuple(said) for verb, said in zip(verbs, json.loads(ended.stdout), strict=True)}


def test_the_help_of_a_process_of_its_own_is_the_same(tmp_path, helps):
    for verb in ("", "log", "triage accept"):
        ended = command(tmp_path, *verb.split(), "--help")
        assert (ended.returncode, ended.stdout) == helps[verb]


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_is_chinese_and_fits(helps, verb):
    code, out = helps[verb]
    assert code == 0
    assert "用法：" in out
    lines = out.splitlines()
    # What a person types holds a title or a comment in any language.
    assert not english("\n".join(line for line in lines if "pitboard " not in line))
    assert max(width(line) for line in lines) <= 80
    # The texts of short terms begin in one column, in cells.
    begins = {width(line[: match.end()]) for line in lines if (match := _TERM.match(line))}
    assert len(begins) == (2 if not verb else 1), begins


_TERM = re.compile(r"  (?:-|[a-z]+ ).*?\S {2,}(?=\S)|  \d {2}(?=\S)")


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        (["nonsense"], "没有命令“nonsense”。"),
        (["list", "--nonsense"], "没有选项“--nonsense”。"),
        (["bug-report"], "缺少参数“ID”"),
        (["bug-report", "a", "b"], "多余的参数（b）"),
        (["list", "--kind", "nonsense"], "“--kind”的值无效：“nonsense”不在可选值中："),
        (["list", "--limit", "-1"], "-1 不在范围 0<=x<=1000000000 内。"),
        (["list", "--tag"], "选项“--tag”需要 1 个参数。"),
        (["list", "status:nonsense"], "状态：“nonsense”不是以下任何一项：未解决、有规避方案"),
        (["show", "zzzz"], "没有 ID 以“zzzz”开头的坑。“pitboard list”可查看 ID。"),
        (["undo"], "没有可撤销的操作。"),
        (["log", "0989", "--count", "0"], "次数：不能小于 1。"),
        (["link", "0989", "ftp://x"], "网址：参考必须是以 https:// 或 http:// 开头的网址。"),
        (["--db", "/", "list"], "/ 是目录，不是看板。请指定其中的文件。"),
    ],
)
def test_errors_are_chinese(tmp_path, arguments, values):
    words = ("--lang", "zh_CN", *arguments)
    code, _, err = speaker("zh_CN").run(words, b"", surroundings(tmp_path), tmp_path)
    assert code != 0
    assert values in err.decode()
    assert not english(err.decode())


def test_the_error_of_a_process_of_its_own_is_the_same(tmp_path):
    words = ("list", "--kind", "nonsense")
    said = speaker("zh_CN").run(("--lang", "zh_CN", *words), b"", surroundings(tmp_path), tmp_path)
    ended = command(tmp_path, *words)
    assert (ended.returncode, ended.stdout.encode(), ended.stderr.encode()) == said


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PitboardApp]:
    """The app on a fresh board, in Chinese."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # ``speak`` sets it.
    monkeypatch.setenv("LANGUAGE", "")
    speak("zh_CN")
    app = PitboardApp(catalogued(tmp_path / "board.db", _BEGUN), who="安")
    yield app
    app.session.close()
    speak("en")


def test_values_and_parts_of_sentences_are_listed_with_the_marks_of_the_language() -> None:
    refused = Refused("{field}: {known}", field="platform", known=(Platform.IOS, Platform.HARMONY))
    for language, typed, chosen, listing in (
        ("en", "platform: ios, harmony", "platform: iOS, HarmonyOS", "a, b"),
        ("zh_CN", "平台: iOS（ios）、鸿蒙（harmony）", "平台: iOS、鸿蒙", "a，b"),
    ):
        speak(language)
        try:
            assert (say(refused), say_in_form(refused)) == (typed, chosen)
            assert clauses(["a", "b"]) == listing
        finally:
            speak("en")


#: What is pressed on the way to each screen.
_WAYS: Final = [
    [],
    ["enter"],
    ["enter", "right_square_bracket"],
    ["enter", "right_square_bracket", "right_square_bracket"],
    ["enter", "left_square_bracket"],
    ["slash", "s", "o", "r", "t", "colon", "x"],
    ["slash", "z", "z", "z", "z"],
    ["a"],
    ["n"],
    ["n", "x", "escape"],
    ["n", "ctrl+s"],
    ["s"],
    ["e"],
    ["l"],
    ["c"],
    ["colon"],
    ["question_mark"],
    ["question_mark", "G"],
    ["ctrl+p"],
    ["u"],
]
_SIZES: Final = ((80, 24), (120, 40))


@pytest.mark.parametrize(
    ("keys", "size"),
    storms(
        # A usual run looks at each in one size.
        [(keys, _SIZES[at % 2]) for at, keys in enumerate(_WAYS)],
        [(keys, _SIZES[1 - at % 2]) for at, keys in enumerate(_WAYS)],
    ),
    ids=str,
)
async def test_screens_are_chinese(chinese, keys, size):
    async with chinese.run_test(size=size) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await pilot.pause()
        if finding := [one for one in chinese.workers if one.group == "find"]:
            await chinese.workers.wait_for_complete(finding)
        await pilot.pause()
        shown = "\n".join(strip.text for strip in chinese.screen._compositor.render_strips())
    assert re.search("[\u4e00-\u9fff]", shown)
    assert not english(shown)


def test_chinese_sentences_have_chinese_marks():
    wrong = []
    for message in HELD.values():
        values = message.string if isinstance(message.string, tuple) else (message.string,)
        for value in values:
            # Between conditions of the query language a colon is its own.
            if re.search(r"[\u4e00-\u9fff](?:\}|'|”)?[,;.](?=\s|$)", value):
                wrong.append(value)
    assert not wrong
