"""The verbs that write: what lands in the record, and what is said about it."""

from __future__ import annotations

import json

import pytest

from storage.model.row import Kind, Severity, Status
from storage.model.vocabulary import Axis, Channel, Host, Outcome, Platform, Source


def test_new_takes_everything_and_prints_the_id(pitboard):
    ended = pitboard(
        *("new", "相册保存白图", "--component", "wx.saveImage", "--kind", "bug"),
        *("--severity", "S1", "--reproduction", "-", "--workaround", "授权"),
        *("--ref", "https://example.com/1", "--signature", "saveImage:fail"),
        *("--tag", "album", "--tag", "android"),
        stdin="## 步骤\n\n1. 保存\n",
    )
    assert ended.code == 0
    name = ended.out.strip()
    pitfall = pitboard.pitfall(name)
    assert pitfall.title.plain == "相册保存白图"
    assert (pitfall.kind, pitfall.severity) == (Kind.BUG, Severity.S1)
    assert pitfall.status is Status.WORKAROUND
    assert pitfall.reproduction.plain == "## 步骤\n\n1. 保存"
    assert pitfall.tags == ("album", "android")
    assert [one.text for one in pitfall.signatures] == ["saveImage:fail"]
    assert [one.url for one in pitfall.references] == ["https://example.com/1"]
    assert pitfall.reported_by == "Ada"
    assert name[:4] in ended.err


def test_new_asks_for_what_is_missing(pitboard):
    screen = pitboard.terminal("new")
    screen.expect("Title:")
    screen.sendline("it fails")
    screen.expect("Component:")
    screen.sendline("wx.foo")
    screen.expect("Kind.*bug.*:")
    screen.sendline("nonsense")
    screen.expect("Error")
    screen.sendline("docs")
    screen.expect("Severity.*S3.*:")
    screen.sendline("")
    screen.expect("Reported ([0-9a-f]+): it fails")
    screen.expect_exact("\n")
    listed = pitboard("list").out.split("\t")
    assert listed[1:5] == ["open", "S3", "wx.foo", "it fails"]


def test_new_without_a_terminal_needs_a_title_and_takes_the_defaults_of_the_form(pitboard):
    ended = pitboard("new", "--kind", "docs")
    assert (ended.code, ended.out) == (2, "")
    assert "needs a title" in ended.err
    for empty in ("", " "):
        ended = pitboard("new", empty)
        assert (ended.code, "needs a title" in ended.err) == (3, True), empty
    ended = pitboard("new", "iOS: qy.openEnterpriseChat 没反应")
    shown = json.loads(pitboard("show", ended.out.strip(), "--json").out)["pitfalls"][0]
    assert (shown["kind"], shown["severity"]) == ("bug", "S3")
    assert shown["component"] == "wx.qy.openEnterpriseChat"
    plain = pitboard("new", "iOS: nothing happens").out.strip()
    assert json.loads(pitboard("show", plain, "--json").out)["pitfalls"][0]["component"] == ""


def test_log_takes_the_whole_environment(pitboard, login):
    ended = pitboard(
        *("log", login[:8], "--outcome", "not-reproduced", "--host", "wecom"),
        *("--client-version", "4.1.2", "--lib", "3.0", "--platform", "android"),
        *("--os-version", "14", "--device", "Pixel", "--channel", "trial-invited"),
        *(
            "--network-type",
            "WIFI",
            "--permission",
            "none",
            "--message",
            "-",
            "--count",
            "5",
            "--note",
            "slow",
        ),
        *("--at", "2026-11-20 14:03", "--company", "acme", "--devtools-version", "1.06"),
        stdin="qy.login:fail\nat line 2\n",
    )
    assert (ended.code, ended.out) == (0, f"{login}\n")
    [seen] = pitboard.occurrences(login)
    where = seen.environment
    assert seen.outcome is Outcome.NOT_REPRODUCED
    assert (where.host, where.platform, where.channel) == (
        Host.WECOM,
        Platform.ANDROID,
        Channel.TRIAL_INVITED,
    )
    assert (where.client_version, where.base_library, where.os_version) == ("4.1.2", "3.0", "14")
    assert (where.device, where.permission, where.company) == ("Pixel", "none", "acme")
    assert (where.devtools_version, where.network_type) == ("1.06", "wifi")
    assert (seen.message, seen.note.plain, seen.count) == ("qy.login:fail\nat line 2", "slow", 5)
    # 14:03 in Shanghai.
    assert seen.seen_at == 1_795_154_580_000


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-11-20", 1_795_104_000_000),
        ("2026-11-20T14:03:00+08:00", 1_795_154_580_000),
        ("2026-11-20T06:03:00Z", 1_795_154_580_000),
    ],
)
def test_times_are_local_unless_they_say_otherwise(pitboard, login, time, at):
    assert pitboard("log", login, "--at", time).code == 0
    assert pitboard.occurrences(login)[0].seen_at == at


@pytest.mark.parametrize("time", ["2026-02-30", "lately", "", "1950-01-01", "0001-01-01", "25:00"])
def test_an_impossible_time_is_exit_2(pitboard, login, time):
    ended = pitboard("log", login, "--at", time)
    assert (ended.code, ended.out) == (2, "")
    assert "2026-11-20 14:03" in ended.err
    assert not pitboard.occurrences(login)


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        (["log", "--at", "2996-01-01"], 3),
        (["log", "--count", "0"], 3),
        (["log", "--platform", "symbian"], 2),
        (["log", "--message", "a\x1b[31mb"], 3),
        (["status", "workaround"], 3),
        (["status", "fixed"], 3),
        (["status", "fixed", "--axis", "client"], 3),
        (["status", "fixed", "--axis", "client", "--from", "2026-13-45"], 2),
        (["status", "fixed", "--axis", "moon", "--from", "1"], 2),
        (["status", "solved"], 2),
        (["status", "open", "--axis", "client"], 2),
        (["edit", "--title", ""], 3),
        (["edit", "--severity", "S9"], 2),
        (["edit", "--tag", "two words"], 3),
        (["comment"], 2),
        (["comment", ""], 3),
        (["comment", "\u202e"], 3),
        (["link", "javascript:alert(1)"], 3),
        (["link", "https://example.com", "--quoted-on", "2026-02-30"], 2),
    ],
)
def test_what_can_not_be_is_refused_and_leaves_no_trace(pitboard, login, verb, code):
    before = pitboard.events()
    ended = pitboard(verb[0], login, *verb[1:])
    assert (ended.code, ended.out) == (code, "")
    assert ended.err
    assert "\x1b" not in ended.err
    assert "\u202e" not in ended.err
    assert pitboard.events() == before


def test_status_workaround_and_back(pitboard, login):
    ended = pitboard("status", login, "workaround", "--workaround", "reload", "--reason", "works")
    assert (ended.code, ended.out) == (0, f"{login}\n")
    assert pitboard.pitfall(login).workaround.plain == "reload"
    assert pitboard("status", login, "open").code == 0
    assert pitboard.pitfall(login).status is Status.OPEN


@pytest.mark.parametrize("word", ["fixed", "fixed upstream", "Fixed"])
def test_status_fixed_from_a_version(pitboard, login, word):
    ended = pitboard(
        *("status", login, word, "--axis", "library", "--from", "3.2.1"),
        *("--ref", "https://example.com/fix"),
    )
    assert ended.code == 0
    [fix] = pitboard.pitfall(login).fixes
    assert (fix.axis, fix.from_version, fix.from_date) == (Axis.LIBRARY, "3.2.1", "")
    assert fix.reference == "https://example.com/fix"


def test_status_fixed_from_a_day(pitboard, login):
    assert pitboard("status", login, "fixed", "--axis", "server", "--from", "2026-11-01").code == 0
    [fix] = pitboard.pitfall(login).fixes
    assert (fix.from_version, fix.from_date) == ("", "2026-11-01")


def test_status_asks_for_what_it_needs(pitboard, login):
    screen = pitboard.terminal("status", login, "workaround")
    screen.expect("Workaround:")
    screen.sendline("reload")
    screen.expect("to workaround: wx.qy.login fails")
    screen = pitboard.terminal("status", login, "fixed")
    screen.expect("Axis.*:")
    screen.sendline("client")
    screen.expect("version or date:")
    screen.sendline("2026-13-45")
    screen.expect("not a date")
    screen.sendline("4.1.2")
    screen.expect("to fixed upstream")
    assert pitboard.pitfall(login).fixes[0].from_version == "4.1.2"


def test_what_follows_an_id_is_what_is_missing_and_is_asked_for(pitboard, login):
    for verb, last in (("status", "{open|workaround|fixed}"), ("link", "URL")):
        for given in (login, login[:4], "-"):
            ended = pitboard(verb, given)
            assert (ended.code, f"Missing argument '{last}'" in ended.err) == (2, True), ended.err
        ended = pitboard(verb)
        assert (ended.code, "Missing argument 'ID…|-'" in ended.err) == (2, True)
    for arguments in (("status", "fixed"), ("link", "https://a.example/thread")):
        assert "Missing argument 'ID…|-'" in pitboard(*arguments).err
    screen = pitboard.terminal("status", login[:4])
    screen.expect(r"Status \(open, workaround, fixed\):")
    screen.sendline("shut")
    screen.expect("none of open")
    screen.sendline("workaround")
    screen.expect("Workaround:")
    screen.sendline("reload")
    screen.expect("to workaround: wx.qy.login fails")
    screen = pitboard.terminal("link", login[:4])
    screen.expect("URL:")
    screen.sendline("https://a.example/thread")
    screen.expect("Added a link to")
    assert [one.url for one in pitboard.pitfall(login).references] == ["https://a.example/thread"]


def test_edit_sets_fields_adds_and_takes_away(pitboard, login):
    ended = pitboard(
        *("edit", login, "--title", "new title", "--kind", "docs", "--component", "wx"),
        *("--severity", "s4", "--workaround", "-", "--reproduction", "step"),
        *("--tag", "a", "--tag", "b", "--signature", "x:fail", "--reason", "why not"),
        stdin="do this",
    )
    assert (ended.code, ended.out) == (0, f"{login}\n")
    pitfall = pitboard.pitfall(login)
    assert (pitfall.title.plain, pitfall.kind, pitfall.severity) == ("new title", Kind.DOCS, "S4")
    assert (pitfall.workaround.plain, pitfall.reproduction.plain) == ("do this", "step")
    assert pitfall.tags == ("a", "b")
    assert pitboard("edit", login, "--untag", "a", "--unsign", "x:fail").code == 0
    assert pitboard.pitfall(login).tags == ("b",)
    assert pitboard.pitfall(login).signatures == ()
    unchanged = pitboard("edit", login, "--title", "new title")
    assert unchanged.code == 0
    assert "Nothing changed" in unchanged.err


def test_comment_from_argument_stdin_and_prompt(pitboard, login):
    assert pitboard("comment", login, "first").out == f"{login}\n"
    assert pitboard("comment", login, "-", stdin="second\nline\n").code == 0
    screen = pitboard.terminal("comment", login)
    screen.expect("Comment:")
    screen.sendline("third")
    screen.expect("Commented on")
    values = [one.text.plain for one in pitboard.pitfall(login).comments]
    assert values == ["first", "second\nline", "third"]


def test_ref_with_what_the_vendor_says(pitboard, login):
    ended = pitboard(
        *("link", login, "https://developers.weixin.qq.com/community/1", "--title", "thread"),
        *("--quote", "solved", "--quoted-on", "2021-04-23", "--official"),
    )
    assert (ended.code, ended.out) == (0, f"{login}\n")
    [one] = pitboard.pitfall(login).references
    assert (one.title.plain, one.quote.plain, one.quoted_on) == ("thread", "solved", "2021-04-23")
    assert (one.source, one.official) == (Source.COMMUNITY, True)


def test_undo_and_redo_say_what_they_did(pitboard):
    name = pitboard(
        "new", "it fails", "--component", "wx", "--kind", "bug", "--severity", "S2"
    ).out.strip()
    pitboard("comment", name, "hm")
    undone = pitboard("undo")
    assert (undone.code, undone.out) == (0, f"{name}\n")
    assert "commented" in undone.err
    assert "it fails" in undone.err
    undone = pitboard("undo")
    assert undone.out == f"{name}\n"
    assert "reported" in undone.err
    assert "it fails" in undone.err
    assert pitboard("undo").code == 1
    assert pitboard("redo").out == f"{name}\n"
    assert "commented" in pitboard("redo").err
    assert pitboard("redo").code == 1


def test_undo_and_redo_say_of_how_many_pitfalls_they_were(pitboard):
    details = ("--component", "wx", "--kind", "bug", "--severity", "S2")
    names = [pitboard("new", title, *details).out.strip() for title in ("it fails", "it hangs")]
    pitboard("edit", *names, "--due", "2027-01-01")
    assert (
        "Undone in 2 pitfalls: changed the due date: – → 2027-01-01 (it fails, it hangs)"
        in pitboard("undo").err
    )
    assert (
        "Redone in 2 pitfalls: changed the due date: – → 2027-01-01 (it fails, it hangs)"
        in pitboard("redo").err
    )


def test_an_import_that_is_undone_names_all_that_is_gone(pitboard, tmp_path):
    (tmp_path / "two.json").write_text('[{"title": "A fails"}, {"title": "B hangs"}]')
    pitboard("import", str(tmp_path / "two.json"))
    for verb in ("undo", "redo", "undo"):
        assert "(A fails, B hangs)" in pitboard(verb).err


def test_people_get_the_short_id(pitboard):
    seen = pitboard.seen("new", "x", "--component", "y", "--kind", "bug", "--severity", "S4")
    name = pitboard("list").out[:4]
    assert seen.startswith(f"{name}\n")


def test_the_name_comes_from_environment_configuration_or_login(pitboard, login):
    pitboard("comment", login, "a")
    settings = pitboard.home / "config" / "pitboard" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('who = "Bob"\n')
    pitboard("comment", login, "b", PITBOARD_WHO="")
    settings.write_text("who = \n")
    broken = pitboard("comment", login, "c", PITBOARD_WHO="", GIT_CONFIG_GLOBAL="/dev/null")
    assert broken.code == 0
    assert str(settings) in broken.err
    assert [one.who for one in pitboard.pitfall(login).comments][:2] == ["Ada", "Bob"]


@pytest.mark.parametrize("verb", [("comment", "x"), ("status", "open"), ("log",), ("attach", "f")])
def test_a_change_needs_four_characters_of_an_id(pitboard, login, verb):
    name, *rest = verb
    ended = pitboard(name, login[:3], *rest)
    assert ended.code == 1
    assert "give 4 digits of its id" in ended.err
    assert pitboard("show", login[:3]).code == 0
    assert pitboard("comment", login[:4], "x").code == 0


def test_a_tag_may_be_typed_with_its_sign_and_in_any_case(pitboard, login):
    assert pitboard("edit", login, "--tag", "#Camera", "--tag", "＃相册").code == 0
    assert pitboard.pitfall(login).tags == ("Camera", "album")
    other = pitboard("new", "Another", "--component", "x", "--tag", "#camera")
    assert pitboard.pitfall(other.out.strip()).tags == ("Camera",)
    assert "The tag “camera” is “Camera” on this board" in other.err
    again = pitboard("edit", login, "--tag", "CAMERA")
    assert "Nothing changed" in again.err
    assert pitboard("list", "--tag", "#camera").out.count("\n") == 2
    assert pitboard("edit", login, "--untag", "#CAMERA").code == 0
    assert pitboard.pitfall(login).tags == ("album",)


def test_a_tag_that_came_with_its_sign_can_be_removed(pitboard, login):
    with pitboard.store() as store:
        store.pitfalls.edit(login, {}, add_tags=["#old"])
    assert pitboard("edit", login, "--untag", "#old").code == 0
    assert pitboard.pitfall(login).tags == ()


def test_a_tag_of_the_catalogue_is_typed_in_either_language(pitboard, login):
    assert pitboard("edit", login, "--tag", "相册", "--tag", "ours").code == 0
    assert pitboard.pitfall(login).tags == ("album", "ours")
    assert login in pitboard("list", "标签:相册").out
    assert pitboard("edit", login, "--untag", "相册").code == 0
    assert pitboard.pitfall(login).tags == ("ours",)


def test_commas_stand_between_tags_wherever_they_are_typed(pitboard, login):
    assert pitboard("edit", login, "--tag", "one, #two，相册", "--tag", "three").code == 0
    assert pitboard.pitfall(login).tags == ("album", "one", "three", "two")
    assert pitboard("list", "--tag", "nowhere,two").out.startswith(login)
    assert pitboard("edit", login, "--untag", "one、two").code == 0
    assert pitboard.pitfall(login).tags == ("album", "three")
    made = pitboard("new", "Blank map", "--tag", "a,b")
    assert pitboard.pitfall(made.out.strip()).tags == ("a", "b")
    # One that came with a comma can be removed.
    with pitboard.store() as store:
        store.pitfalls.edit(login, {}, add_tags=["c,d"])
    assert pitboard("edit", login, "--untag", "c,d").code == 0
    assert pitboard.pitfall(login).tags == ("album", "three")
    assert pitboard("edit", login, "--tag", ",").code == 0


def test_no_occurrence_is_logged_for_tomorrow(pitboard, login):
    for word in ("tomorrow", "明天"):
        ended = pitboard("log", login, "--at", word)
        assert (ended.code, ended.out) == (2, "")
        assert "can't be dated in the future" in ended.err
    assert not pitboard.occurrences(login)
    # It may be that day already where it was seen.
    assert pitboard("log", login, "--at", "today").code == 0


def test_a_version_that_cannot_be_compared_is_named_where_it_is_logged(pitboard, login):
    ended = pitboard("log", login, "--client-version", "abc", "--lib", "2.x")
    assert ended.code == 0
    assert "“abc” is kept, but can't be compared" in ended.err
    assert "can't be compared" not in pitboard("log", login, "--client-version", "4.1.8").err


def test_a_person_is_asked_before_a_version_is_kept_that_cannot_be_compared(pitboard, login):
    for answer, count in (("n", 0), ("y", 1)):
        asked = pitboard.terminal("log", login, "--client-version", "abc")
        asked.expect_exact("“abc” is kept, but can't be compared")
        asked.expect_exact("Save it nevertheless? [y/N]")
        assert not pitboard.occurrences(login)
        asked.sendline(answer)
        asked.read()
        asked.close()
        assert len(pitboard.occurrences(login)) == count


_UNSEEN = "\u200b\ufeff\u2060\u00ad"


def test_signs_of_no_width_are_dropped_from_all_that_is_typed(pitboard):
    made = pitboard(
        *(
            "new",
            f"首页{_UNSEEN}白屏{_UNSEEN}",
            "--reproduction",
            f"打开{_UNSEEN}\n白屏",
            "--tag",
            f"登{_UNSEEN}录",
        ),
        *("--signature", f"scanCode:fail{_UNSEEN} busy 80201"),
    )
    assert made.code == 0, made.err
    [listed] = json.loads(pitboard("list", "--json").out)["pitfalls"]
    assert (listed["title"], listed["tags"]) == ("首页白屏", ["登录"])
    pitfall = listed["id"]
    assert pitboard("comment", f"{pitfall[:6]}\u200b", f"好{_UNSEEN}了").code == 0
    shown = pitboard("show", pitfall, "--json").out
    assert not set(_UNSEEN) & set(shown)
    assert "好了" in shown
    # Emoji and scripts need their joiners.
    assert pitboard("comment", pitfall, "👩\u200d💻 می\u200cخواهم").code == 0
    assert "👩\u200d💻 می\u200cخواهم" in pitboard("show", pitfall, "--json").out
    nothing = pitboard("new", _UNSEEN)
    assert (nothing.code, nothing.out) == (3, "")
    assert pitboard("comment", pitfall, "a\u202eb").code == 3
