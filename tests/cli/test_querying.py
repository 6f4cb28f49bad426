"""Queries on the command line: minus signs, mistakes, views, completion in shells."""

from __future__ import annotations

import json

import pytest

from tui.services.views import built_in
from tui.text.cells import width


@pytest.fixture
def three(pitboard):
    """Three pitfalls, the first of them tagged and seen on an iPhone."""
    with pitboard.store() as store:
        one = store.pitfalls.report("One", tags=["album"], component="wx.qy.login", severity="S1")
        two = store.pitfalls.report("Two", workaround="Wait.", component="wx.login")
        three = store.pitfalls.report("Three", kind="docs")
        store.occurrences.log(one, platform="ios", base_library="2.9.1")
        store.triage.decline(three, "by-design")
    return one, two, three


def titles(ended):
    return {line.split("\t")[4] for line in ended.out.splitlines()}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-tag:album"], {"Two"}),
        (["-标签:album"], {"Two"}),
        (["status:open", "or", "has:workaround"], {"One", "Two"}),
        (["(tag:album or has:workaround)", "-severity:S1"], {"Two"}),
        (["-(tag:album", "or", "kind:docs)"], {"Two"}),
        (["lib:<2.14"], {"One"}),
        (["component:wx.*.login"], {"One"}),
        (["--component", "wx.*"], {"One", "Two"}),
        (["severity:<=S2"], {"One"}),
        (["seen:<1d"], {"One"}),
        (["seen:never"], {"Two"}),
        (["triage:declined"], {"Three"}),
        (["inbox:yes"], {"One", "Two"}),
        (["状态:未解决", "平台:苹果"], {"One"}),
        (["--", "-one"], {"Two"}),
    ],
)
def test_a_query_is_taken_as_the_board_takes_it(pitboard, three, arguments, expected):
    ended = pitboard("list", *arguments)
    assert titles(ended) == expected
    assert pitboard("list", "--count", *arguments).out == f"{len(expected)}\n"


@pytest.mark.parametrize("arguments", [["--", "-"], ["status:open", "--", "-"]])
def test_a_minus_with_nothing_behind_it_is_wrong_use(pitboard, three, arguments):
    ended = pitboard("list", *arguments)
    assert ended.code == 2
    assert "Behind the minus" in ended.err


def test_nothing_to_count_is_exit_1(pitboard, three):
    assert pitboard("list", "--count", "nothing").code == 1
    assert pitboard("list", "--count", "nothing").out == "0\n"


@pytest.mark.parametrize("query", [(), ("status:open",), ("nothing",)])
def test_an_empty_board_says_that_it_is_empty_and_how_to_begin(pitboard, query):
    advice = "Report a pitfall with “pitboard new”, or import notes with “pitboard import”."
    ended = pitboard("list", *query)
    assert (ended.code, ended.out, ended.err) == (1, "", f"The board is empty. {advice}\n")
    assert "The board is empty." in pitboard.seen("list", *query, columns=120)
    ended = pitboard("list", "--json", *query)
    failed = json.loads(ended.err)
    assert json.loads(ended.out)["total"] == 0
    assert (failed["message"], failed["hint"]) == ("The board is empty.", advice)
    counted = pitboard("list", "--count", *query)
    assert (counted.code, counted.out, counted.err) == (1, "0\n", "")
    chinese = pitboard("--lang", "zh", "list", *query).err
    assert "看板是空的" in chinese
    assert "pitboard import" in chinese


def test_a_board_with_something_on_it_is_not_said_to_be_empty(pitboard, three):
    assert pitboard("list", "nothing").err == "No pitfalls match.\n"
    with pitboard.store() as store:
        for pitfall in three[:2]:
            store.triage.decline(pitfall, "by-design")
    assert pitboard("list").err == "No pitfalls match.\n"
    assert "The board is empty" not in pitboard("list", "--as-of", "2001-01-01").err


def test_an_option_stays_an_option(pitboard, three):
    assert pitboard("list", "-x").code == 2
    assert "-h" in pitboard("list", "-h").out


def test_a_mistake_is_pointed_at(pitboard, three):
    ended = pitboard("list", "登录", "状态:未解抉", "kind:bgu")
    assert (ended.code, ended.out) == (2, "")
    lines = ended.err.splitlines()
    assert "未解决" in lines[0]
    assert lines[1] == "  登录 状态:未解抉 kind:bgu"
    assert width(lines[2].rstrip("^")) == width("  登录 状态:")
    assert lines[2].count("^") == width("未解抉")
    assert "bug" in lines[3]
    assert lines[5].index("^") - 2 == width("登录 状态:未解抉 kind:")


def test_a_mistake_that_is_made_often_is_said_once(pitboard, three):
    said = "This parenthesis is not closed."
    ended = pitboard("list", "(((")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[:3] == [said, "  (((", "  ^^^"]
    assert ended.err.count(said) == 1
    lines = pitboard("list", "sev:S9 ((status:open sev:S9").err.splitlines()
    assert lines[1::3] == ["  sev:S9 ((status:open sev:S9"] * 2
    assert lines[2::3] == ["      ^^                   ^^", "         ^^"]


def test_a_mistake_far_to_the_right_is_pointed_at_within_the_terminal(pitboard, three):
    for columns in (40, 80):
        seen = pitboard.seen("list", "坑" * 200, "seen:soon", columns=columns)
        _message, line, marks = (one for one in seen.splitlines() if one.startswith("  ") or one)
        assert width(line) <= columns
        assert line[line.index("seen:") :].startswith("seen:soon")
        assert width(line[: line.index("soon")]) == marks.index("^")


@pytest.mark.parametrize("text", ["\x1b[31m status:x", "status:\u202ex", "status:[/red]"])
def test_a_mistake_is_shown_harmlessly(pitboard, three, text):
    ended = pitboard("list", text)
    assert ended.code == 2
    assert not {"\x1b", "\u202e"} & set(ended.err)


# Views


def test_views_are_saved_asked_listed_and_removed(pitboard, three):
    assert pitboard("view", "save", "my own", "-tag:album", "sort:title").code == 0
    assert titles(pitboard("list", "--view", "My Own")) == {"Two"}
    assert titles(pitboard("list", "--view", "my own", "severity:S1")) == set()
    listed = json.loads(pitboard("view", "list", "--json").out)["views"]
    assert listed[-1] == {"name": "my own", "query": "-tag:album sort:title", "own": True}
    assert listed[0] == {"name": "all", "query": "", "own": False}
    assert pitboard("view").out.splitlines()[-1] == "my own\town\t-tag:album sort:title"
    assert pitboard("view", "save", "MY OWN", "tag:album").code == 0
    assert titles(pitboard("list", "--view", "my own")) == {"One"}
    assert pitboard("view", "remove", "My own").code == 0
    assert pitboard("list", "--view", "my own").code == 1


@pytest.mark.parametrize("query", ["(((", "status:nope", '"album'])
def test_a_query_that_cannot_be_read_is_not_saved(pitboard, three, query):
    ended = pitboard("view", "save", "mine", query)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == pitboard("list", query).err
    assert ended.err.count("^")
    assert all(not one["own"] for one in json.loads(pitboard("view", "--json").out)["views"])


def test_a_view_is_renamed_in_its_place(pitboard, three):
    pitboard("view", "save", "ours", "tag:album")
    pitboard("view", "save", "other", "kind:docs")
    assert pitboard("view", "rename", "Ours", "albums").code == 0
    listed = json.loads(pitboard("view", "--json").out)["views"]
    assert [one["name"] for one in listed if one["own"]] == ["albums", "other"]
    assert titles(pitboard("list", "--view", "albums")) == {"One"}
    assert pitboard("view", "rename", "albums", "Other").code == 3
    assert pitboard("view", "rename", "inbox", "ours").code == 3
    assert pitboard("view", "rename", "ours", "again").code == 1


def test_view_alone_takes_what_its_list_takes(pitboard):
    assert pitboard("view", "--json").out == pitboard("view", "list", "--json").out
    assert pitboard("view", "--json", "list").out == pitboard("view", "--json").out
    assert pitboard("view", "--lang", "zh", "--db", pitboard.path).code == 0


def test_built_in_views_have_one_name_in_every_language(pitboard, three):
    names = {one["name"] for one in json.loads(pitboard("view", "list", "--json").out)["views"]}
    for name in names:
        ended = pitboard("--lang", "zh", "list", "--view", name, "--json")
        assert ended.code in (0, 1)
        assert not ended.err or ended.code == 1
    assert titles(pitboard("list", "--view", "inbox")) == {"One", "Two"}
    assert titles(pitboard("list", "--view", "blocking")) == {"One"}
    assert titles(pitboard("list", "--view", "workarounds")) == {"Two"}


def test_a_view_and_a_query_narrow_each_other(pitboard, three):
    pitboard("view", "save", "either", "tag:album or kind:docs")
    assert titles(pitboard("list", "--view", "either")) == {"One"}
    assert titles(pitboard("list", "--view", "either", "kind:docs")) == set()
    assert titles(pitboard("list", "--view", "either", "kind:bug or has:fix")) == {"One"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("save", "inbox", "x"), 3),
        (("save", "  ", "x"), 3),
        (("save", "a" * 50, "x"), 3),
        (("save", "a\x1bb", "x"), 3),
        (("save", "wrong", "status:x"), 2),
        (("remove", "all"), 3),
        (("remove", "nothing"), 1),
    ],
)
def test_what_can_not_be_kept_is_refused(pitboard, arguments, code):
    ended = pitboard("view", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err
    assert not list(pitboard.home.rglob("views.json"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"views": [{}]}', b'{"views": 3}', b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "half", "a list", "no name", "a number", "no text", "deep"],
)
def test_a_damaged_file_is_said_and_left_as_it_is(pitboard, three, content):
    pitboard("view", "save", "ours", "x")
    [path] = pitboard.home.rglob("views.json")
    path.write_bytes(content)
    ended = pitboard("view", "list")
    assert len(ended.out.splitlines()) == len(built_in())
    assert "views.json" in ended.err
    assert pitboard("list", "--view", "all").code == 0
    assert "views.json" in pitboard("list", "--view", "ours").err
    assert pitboard("view", "save", "ours", "x").code == 3
    assert path.read_bytes() == content


def test_a_mistake_in_a_view_is_pointed_at(pitboard, three):
    pitboard("view", "save", "ours", "x")
    [path] = pitboard.home.rglob("views.json")
    path.write_text('{"views": [{"name": "ours", "query": "login sev:S9"}]}')
    ended = pitboard("list", "--view", "ours")
    assert ended.code == 2
    lines = ended.err.splitlines()
    assert "ours" in lines[0]
    assert lines[2:] == ["  login sev:S9", "            ^^"]


def test_people_get_a_table_of_views(pitboard):
    pitboard("view", "save", "ours", "status:open " * 20)
    for lang in ("en", "zh"):
        seen = pitboard.seen("--lang", lang, "view", NO_COLOR="1").splitlines()
        assert all(width(line) <= 80 for line in seen)
        assert len(seen) == len(built_in()) + 1


# Completion


def completed(pitboard, shell, *words):
    env = {
        "_PITBOARD_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(["pitboard", *words]),
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
    }
    return pitboard(**env).out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["list", "sta"], ["status:open", "status:workaround", "status:fixed"]),
        (["list", "status", ":", "w"], ["workaround"]),
        (["list", "status", ":"], ["open", "workaround", "fixed"]),
        (["list", "'status:w"], ["status:workaround"]),
        (["list", "se"], ["severity:", "seen:"]),
        (["list", "-sta"], ["-status:open", "-status:workaround", "-status:fixed"]),
        (["list", "tag", ":", "a"], ["album"]),
        (["list", "x", "component", ":", "qy"], ["wx.qy.login"]),
        (["list", "--view", "b"], ["blocking"]),
        (["list", "login"], []),
    ],
)
def test_bash_is_offered_the_word_that_it_is_at(pitboard, three, words, offered):
    lines = completed(pitboard, "bash", *words).split()
    assert lines == [f"plain,{one}" for one in offered]


def test_other_shells_are_offered_whole_words(pitboard, three):
    assert "status:workaround" in completed(pitboard, "zsh", "list", "status:w")
    assert "status:workaround" in completed(pitboard, "fish", "list", "status:w")


def test_views_of_ones_own_are_offered(pitboard):
    pitboard("view", "save", "ours", "x")
    assert completed(pitboard, "bash", "list", "--view", "ou").split() == ["plain,ours"]
    assert completed(pitboard, "bash", "view", "remove", "").split() == ["plain,ours"]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("lib:2.9", "lib:2.9.*"),
        ("lib:2.9.2", "lib:2.9.1"),
        ("tag:albm severity:S1", "tag:album severity:S1"),
        ("标签：Albun", "标签：album"),
        ("component:wx.qy.logn", "component:wx.qy.login"),
        # No key has the name that was typed.
        ("title:two", "two"),
        ("severity=S1", "severity:S1"),
        ("严重程度＝S1", "严重程度:S1"),
        ("tagged:yes", "has:tag"),
        ("no:workaround", "-has:workaround"),
        ("comments:no", "-has:comment"),
        ("regressed:yes", ""),
        ("chooseImage:two", ""),
        # What is near finds nothing either, or nothing is near.
        ("tag:albm severity:S4", ""),
        ("lib:7", ""),
        ("tag:nowhere", ""),
        ("tag:album severity:S4", ""),
        ("nothing", ""),
    ],
)
def test_a_query_that_finds_nothing_names_the_nearest_one_that_does(pitboard, three, query, meant):
    ended = pitboard("list", query)
    assert ended.code == 1
    assert ended.err == "No pitfalls match.\n" + (f"Did you mean “{meant}”?\n" if meant else "")
    hint = json.loads(pitboard("list", query, "--json").err)["hint"]
    assert (f"“{meant}”" in hint) == bool(meant)
    if meant:
        assert pitboard("list", meant).code == 0


def test_a_tag_is_near_for_whoever_reads_chinese_as_well(pitboard, three):
    assert "“tag:album”" in pitboard("list", "tag:albm", "--lang", "zh").err
