"""Wrong values for every option and argument of every verb: refused in words, in both languages."""

from __future__ import annotations

import re

import click
import pytest

from tests.cli.conftest import Pitboard
from tests.sizes import sizes
from tui.cli.group import Verbs
from tui.cli.group import pitboard as group
from tui.cli.input import AnyNumber, NumberBetween
from tui.serve.server import PageServer
from tui.text.verbs import VERBS

#: Out of range, too long, hostile, and of another kind than any option takes.
WRONG = (
    *("9" * 25, "70368744177664", "-1", "0", "1e999", "NaN", "٣"),
    *("x" * 30_000, "坑" * 400, "1.2.3.4.5.6.7.8" * 20),
    *("", "\a\x1b[31m", "\u202e", "2026-99-99", "99999-01-01", "a=b", "ftp://x", "-"),
)
#: What libraries say, for programmers.
RAW = re.compile(
    r"Traceback|Exception ignored|[Ii]nput should|String should|Value error|validation error"
    r"|Field required|pydantic|errors\.pydantic|type=\w+_\w+|Python int|sqlite3|json\.|Errno"
    r"|Extra inputs|unable to parse|Expecting|codec can't|OverflowError|ValueError|KeyError"
)
#: What click has for numbers, which it names in English.
NUMBERS = (type(click.INT), type(click.FLOAT), click.IntRange, click.FloatRange)
#: These would start something else: a shell's script, an editor, a board on the screen.
SKIPPED = {"--db", "--lang", "--help"}


def lines_of(verb: str, pitfall: str, step: int) -> list[list[str]]:
    """The verb with each of its options and arguments at fault, each time ``step`` ways on.

    Each begins with another way, so that a verb of several options meets all ways.
    """
    command = Verbs().get_command(click.Context(group), verb)
    assert command is not None
    usual = {"names": pitfall, "prefix": pitfall, "status": "open", "url": "https://a.example/x"}
    usual |= {"entry": "ffff", "changes": "text=x"}
    places = [one for one in command.params if isinstance(one, click.Argument)]

    def arguments(at_fault: click.Argument | None, value: str) -> list[str]:
        return [
            value if one is at_fault else usual.get(str(one.name), "x")
            for one in places
            if one.required or one is at_fault
        ]

    # A pitfall's id is made at random: one that begins with "0" has "0" for a name, which is right.
    wrong = [value for value in WRONG if not value or not pitfall.startswith(value)]
    lines = []
    for place, parameter in enumerate(command.params):
        for value in wrong[place % step :: step]:
            if isinstance(parameter, click.Argument):
                lines.append([*verb.split(), "--", *arguments(parameter, value)])
            elif not SKIPPED & {*parameter.opts} and not getattr(parameter, "is_flag", False):
                option = f"{parameter.opts[0]}={value}"
                lines.append([*verb.split(), option, *arguments(None, "")])
    return lines


def test_a_file_that_is_not_there_is_named_in_the_readers_language(pitboard: Pitboard) -> None:
    ended = pitboard("import", "zzzz", "--lang", "zh")
    assert ended.code == 2
    assert "No such file" not in ended.err


@pytest.mark.parametrize("word", ["zzzz", "quarter"])
def test_a_word_that_is_no_period_is_answered_with_no_verb_that_is_far(
    pitboard: Pitboard, word: str
) -> None:
    ended = pitboard("retro", word)
    assert ended.code == 2
    assert "Did you mean" not in ended.err


@pytest.mark.parametrize(
    ("option", "meant"), [("--when", "--at"), ("--platfrom", "--platform"), ("--zeal", None)]
)
def test_an_option_that_does_not_exist_is_answered_with_one_that_is_near(
    pitboard: Pitboard, login: str, option: str, meant: str | None
) -> None:
    ended = pitboard("log", login, option, "2026-11-20")
    assert ended.code == 2
    assert f"No such option '{option}'." in ended.err
    assert (f"Did you mean '{meant}'?" in ended.err) is (meant is not None)
    assert ("Did you mean" in ended.err) is (meant is not None)


def test_an_option_of_one_value_is_given_once(pitboard: Pitboard, login: str) -> None:
    seen = 0
    for verb in VERBS:
        command = Verbs().get_command(click.Context(group), verb)
        assert command is not None
        for one in command.params:
            if isinstance(one, click.Option) and not (one.is_flag or one.multiple):
                name, seen = max(one.opts, key=len), seen + 1
                ended = pitboard(*verb.split(), name, "1", f"{name}=2")
                assert (ended.code, ended.out) == (2, ""), (verb, name)
                assert f"{name} takes one value" in ended.err, (verb, name)
                assert "1, 2" in ended.err, (verb, name)
    assert seen > 2 * len(VERBS)
    for name in ("--db", "--board"):
        ended = pitboard(name, "one", "list", name, "other")
        assert (ended.code, f"{name} takes one value" in ended.err) == (2, True)
    ended = pitboard("--lang", "en", "list", "--lang", "zh_CN")
    assert (ended.code, "--lang takes one value" in ended.err) == (2, True)
    assert pitboard("--lang", "en", "list", "--lang", "en").code == 0
    assert pitboard("--db", pitboard.path, "list", "--db", pitboard.path).code == 0
    assert pitboard("list", "--tag", "a", "--tag", "b").code == 1


def test_no_editor_is_the_same_for_each_verb(pitboard: Pitboard, login: str) -> None:
    for words in (("edit", login), ("config", "edit")):
        assert pitboard(*words, EDITOR="", VISUAL="").code == 2


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("step", sizes(3, 1))
def test_no_wrong_value_is_answered_in_a_librarys_words(
    pitboard: Pitboard, login: str, verb: str, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pitboard.home)
    if verb == "serve":
        # What is right would go on until somebody ends it; hosts and ports: see test_serve.py.
        monkeypatch.setattr(PageServer, "run", lambda *_: None)
    for line in lines_of(verb, login, step):
        ended = pitboard(*line, stdin="a line\n")
        shown = [word[:40] for word in line]
        assert ended.code in (0, 1, 2, 3, 4), shown
        assert not RAW.search(ended.err), (shown, ended.err[:400])
        # What it says of a signature is the answer of that verb.
        assert ended.code == 0 or ended.err or verb == "signature test", shown


#: A wrong value of each kind that something refuses, and the verb that takes it.
IN_CHINESE = [
    ["log", "ID", "--count", "9" * 25],
    ["log", "ID", "--count", "70368744177664"],
    ["log", "ID", "--count", "-1"],
    ["log", "ID", "--count", "many"],
    ["log", "ID", "--client-version", "x" * 30_000],
    ["log", "ID", "--platform", "beos"],
    ["log", "ID", "--at", "2026-99-99"],
    ["log", "ID", "--note", "\a"],
    ["comment", "ID", "x" * 30_000],
    ["edit", "ID", "--title", ""],
    ["link", "ID", "ftp://x"],
    ["list", "--limit", "9" * 25],
    ["history", "--limit", "9" * 25],
    ["history", "--since", "soon"],
    ["view", "save", "x", "y" * 5_000],
    ["view", "save", "x" * 50, "y"],
    ["entry", "edit", "ID", "ENTRY", "count=many"],
    ["entry", "edit", "ID", "ENTRY", "count=70368744177665"],
    ["entry", "edit", "ID", "ENTRY", "nonsense=1"],
    ["triage", "snooze", "ID", "--occurrences", "0"],
    ["fix", "ID", "--axis", "client", "--grace-days", "-1"],
    ["import", "--as", "json", "broken.json"],
    ["import", "--as", "events", "broken.jsonl"],
    ["import", "--as", "csv", "broken.csv"],
    ["import", "picture.md"],
    ["paste", "picture.md"],
]


@pytest.mark.parametrize("line", IN_CHINESE, ids=lambda line: " ".join(line)[:50])
def test_a_wrong_value_is_refused_in_chinese(
    pitboard: Pitboard, login: str, line: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (pitboard.home / "broken.json").write_text('[{"title": "坑" "x"}]', "utf-8")
    (pitboard.home / "broken.jsonl").write_text('{"actor":1,"hlc":"x","kind":[]}\n', "utf-8")
    (pitboard.home / "broken.csv").write_text('title,notes\n坑,"没有闭合\n', "utf-8")
    (pitboard.home / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with pitboard.store() as store:
        entry = store.occurrences.log(login)
    names = {"ID": login, "ENTRY": entry if isinstance(entry, str) else "ffff"}
    monkeypatch.chdir(pitboard.home)
    ended = pitboard(*(names.get(word, word) for word in line), PITBOARD_LANG="zh")
    assert ended.code in (1, 2, 3), ended.err
    assert not RAW.search(ended.err), ended.err
    told = re.sub(r"pitboard [a-z -]+", "", ended.err)
    # Names, options and words of the vocabulary are as they are typed.
    words = re.findall(r"(?<![-\w./'“\[|])[a-z]{3,}(?: [a-z]{2,}){2,}", told)
    assert not words, ended.err
    # click's own names of types stand in such brackets.
    assert not re.search("（[a-z ]+）", ended.err), ended.err
    assert re.search(r"[\u4e00-\u9fff]", ended.err), ended.err


def test_click_names_no_kind_of_number_in_english() -> None:
    numbers = 0
    for verb in VERBS:
        command = Verbs().get_command(click.Context(group), verb)
        assert command is not None
        for one in command.params:
            is_number = isinstance(one.type, NUMBERS)
            is_ours = isinstance(one.type, AnyNumber | NumberBetween)
            assert is_ours or not is_number, (verb, one.name)
            numbers += is_number
    assert numbers > 5
