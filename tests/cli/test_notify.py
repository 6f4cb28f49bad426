"""``pitboard notify``: a team's chats are told what happened, once, and never see or show a key."""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import seeds
from storage.events import event_id
from storage.imports.importer import import_events
from storage.model.row import Status
from storage.read.board import Board
from tests.chats import CERTIFICATE, Answered, Robot, robot
from tests.cli.conftest import Pitboard
from tests.records import DAY_MS, line, take_in
from tests.teams import Team

KEY = "693a91f6-7aec-4bc4-97a0-0ec2sifa5aaa"
THREAD = "https://developers.weixin.qq.com/community/develop/doc/000a"


@pytest.fixture
def chat() -> Iterator[Robot]:
    with robot() as one:
        yield one


def settings_of(pitboard: Pitboard, text: str) -> Path:
    path = pitboard.home / "config" / "pitboard" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


TEAM = '[[notify]]\nname = "team"\nkind = "wecom"\nurl_env = "PB_URL"\n'


@pytest.fixture
def told(pitboard: Pitboard, chat: Robot) -> Pitboard:
    """The command with a channel that has begun."""
    settings_of(pitboard, TEAM)
    pitboard.env |= {
        "SSL_CERT_FILE": str(CERTIFICATE),
        "PB_URL": chat.url(f"/cgi-bin/webhook/send?key={KEY}"),
    }
    assert pitboard("notify").out == "team\tstarted\t0\t0\n"
    return pitboard


def report(pitboard: Pitboard, title: str, **fields: str) -> str:
    with pitboard.store() as store:
        return store.pitfalls.report(title, **{"severity": "S1", **fields})


def state_of(pitboard: Pitboard) -> dict[str, object]:
    kept = json.loads((pitboard.home / "state" / "pitboard" / "notify.json").read_text())
    [channel] = kept["channels"].values()
    return channel


def test_without_a_channel_it_says_how_to_get_one(pitboard):
    for words in (["notify"], ["notify", "list"], ["notify", "test", "team"]):
        ended = pitboard(*words)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith("No channel is set up. Write a [[notify]] table")


def test_the_first_run_begins_now(pitboard, chat):
    report(pitboard, "Old")
    settings_of(pitboard, TEAM)
    env = {"SSL_CERT_FILE": str(CERTIFICATE), "PB_URL": chat.url()}
    assert pitboard("notify", **env).out == "team\tstarted\t0\t0\n"
    report(pitboard, "New")
    assert pitboard("notify", **env).out == "team\tsent\t1\t1\n"
    assert pitboard("notify", **env).out == "team\tnothing\t0\t0\n"
    [text] = chat.texts
    assert "New pitfall: New" in text


def test_a_message_names_pitfall_event_and_workaround(told, chat, login):
    name = report(told, "White picture", component="wx.canvas", workaround="Use\n another one")
    told("notify")
    event = json.loads(told("history", name, "--json").out)["changes"][-1]["event"]
    [text] = chat.texts
    assert text.split("\n") == [
        "**(S1) New pitfall: White picture**",
        "wx.canvas · bug · workaround",
        "By Ada",
        "Workaround: Use another one",
        f"pitboard show {name[:4]} · event {event}",
    ]


def test_only_what_the_channel_wants_is_sent(told, chat):
    report(told, "Minor", severity="S3")
    assert told("notify").out == "team\tnothing\t0\t0\n"
    assert chat.posted == []


def test_what_was_undone_hidden_or_declined_before_is_not_sent(told, chat):
    report(told, "Undone")
    assert told("undo").code == 0
    declined, duplicate, other = (
        report(told, title) for title in ("Declined", "Duplicate", "Original")
    )
    with told.store() as store:
        store.triage.decline(declined, "not-ours")
        store.triage.mark_duplicate(duplicate, other)
    told("notify")
    assert [text.split("\n")[0] for text in chat.texts] == ["**(S1) New pitfall: Original**"]


def test_what_is_undone_while_others_are_sent_is_not_sent(told, chat):
    report(told, "First")
    report(told, "Second")

    def undo() -> None:
        chat.before = lambda: None
        with told.store() as store:
            store.history.undo()

    chat.before = undo
    assert told("notify").out == "team\tsent\t1\t1\n"
    assert "First" in chat.texts[0]


def test_regressions_of_a_pitfall_are_one_message_and_no_company_is_in_it(told, chat, login):
    with told.store() as store:
        store.fixes.record(login, axis="client", from_version="4.1.8", status=Status.FIXED_UPSTREAM)
    told("notify")
    with told.store() as store:
        for version in ("4.1.7", "4.1.9", "4.1.12"):
            store.occurrences.log(
                login, client_version=version, platform="ios", host="wecom", company="acme"
            )
    assert told("notify").out == "team\tsent\t1\t1\n"
    [text] = chat.texts
    assert "**(S2) Regression: wx.qy.login fails**" in text
    assert "WeCom 4.1.12 · iOS · × 2" in text
    assert "acme" not in text


def test_a_fix_is_told_of_when_the_evidence_says_something_else(told, chat, login):
    with told.store() as store:
        fix = store.fixes.record(login, axis="client", from_version="4.1.8")
    assert told("notify").out == "team\tnothing\t0\t0\n"

    def verify(outcome: str) -> str:
        with told.store() as store:
            store.fixes.verify(login, fix, outcome, client_version="4.1.9")
        return told("notify").out

    assert verify("not-reproduced") == "team\tsent\t1\t1\n"
    assert "Fix verified: wx.qy.login fails" in chat.texts[-1]
    assert "client release 4.1.8" in chat.texts[-1]
    # Verified once more, it is no news.
    assert verify("not-reproduced") == "team\tnothing\t0\t0\n"
    # What nobody calls fixed did not regress; the fix is only disputed.
    assert verify("reproduced") == "team\tsent\t1\t1\n"
    assert "Fix disputed: wx.qy.login fails" in chat.texts[-1]
    with told.store() as store:
        store.status.set(login, "fixed upstream")
    assert verify("reproduced") == "team\tsent\t1\t1\n"
    assert "Regression: wx.qy.login fails" in chat.texts[-1]
    settings_of(told, TEAM + 'on = ["fix-disputed", "fix-verified"]\n')
    assert verify("not-reproduced") == "team\tsent\t1\t1\n"


def test_a_disputed_fix_is_told_of_where_regressions_are_not(told, chat, login):
    settings_of(told, TEAM + 'on = ["fix-disputed"]\n')
    with told.store() as store:
        fix = store.fixes.record(login, axis="server", from_date="2026-01-01")
        store.fixes.verify(login, fix, "reproduced")
    told("notify")
    assert "Fix disputed: wx.qy.login fails" in chat.texts[0]


def test_a_vendor_reply_is_quoted_as_data(told, chat, login):
    with told.store() as store:
        link = store.links.add(login, THREAD)
        store.links.add_reply(
            login,
            link,
            sort="will-fix",
            official=True,
            author="<@all>",
            said_on="2026-11-20",
            quote="[see](http://x)\nsoon @here",
        )
    told("notify")
    [text] = chat.texts
    assert "will fix · ＜＠all＞ · official · 2026-11-20" in text
    assert "［see］(http://x) soon ＠here" in text


def found_by_watching(pitboard: Pitboard, pitfall: str, quote: str, at: int) -> None:
    """A suggestion as “pitboard watch” writes it."""
    with closing(sqlite3.connect(pitboard.path)) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO suggestions (pitfall, url, post, digest, kind, why, quote,"
            " author, official, said_on, version, found_at)"
            " VALUES (?, ?, '1', ?, 'fixed', '[]', ?, 'Lin', 1, '2026-11-20', '4.1.12', ?)",
            (pitfall, THREAD, hashlib.sha256(quote.encode()).hexdigest()[:32], quote, at),
        )
        connection.commit()


def test_what_watching_suggests_is_told_once(told, chat, login):
    others = [report(told, title) for title in ("Second", "Third")]
    with told.store() as store:
        for name in (login, *others):
            store.triage.accept(name)
            store.links.add(name, THREAD)
    told("notify")
    chat.posted.clear()
    later = time.time_ns() // 1_000_000 + 1_000
    # One page, two pitfalls: found at the same time.
    for name in (login, others[0]):
        found_by_watching(told, name, "已修复 <@all>", later)
    chat.answers = [Answered(), Answered(b'{"errcode": 40008}')]
    assert told("notify").out == "team\tfailed\t1\t1\n"
    assert told("notify").out == "team\tsent\t1\t1\n"
    assert told("notify").out == "team\tnothing\t0\t0\n"
    assert len({text.split("\n")[0] for text in chat.texts}) == 2
    for text in chat.texts:
        assert "Perhaps a vendor reply: " in text
        assert "fixed · 4.1.12 · Lin · official · 2026-11-20" in text
        assert "已修复 ＜＠all＞" in text
    # What was declined by then is not sent.
    found_by_watching(told, others[1], "fixed", later + 1)
    with told.store() as store:
        store.triage.decline_suggestions(others[1])
    assert told("notify").out == "team\tnothing\t0\t0\n"


def test_what_counts_only_later_is_told_then(told, chat):
    """Its number is that of its arrival, which the channel has passed by then."""
    later = time.time_ns() // 1_000_000 + 3 * DAY_MS
    ahead = line(at=later, hlc=later << 16, body={"title": "Ahead", "severity": "S1"})
    take_in(told.path, [ahead], now=time.time_ns() // 1_000_000)
    report(told, "Now")
    assert told("notify").out == "team\tsent\t1\t1\n"
    assert told("members", "accept", event_id(ahead)).code == 0
    assert told("notify").out == "team\tsent\t1\t1\n"
    assert told("notify").out == "team\tnothing\t0\t0\n"
    assert "New pitfall: Ahead" in chat.texts[-1]


def test_a_misplaced_key_is_named_by_its_line_and_not_repeated(told):
    key = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
    for wrong, number in (
        (f'url = "{key}"\n', 5),
        (f'secret_env = "{key}"\n', 5),
        (f'[[notify]]\nname = "b"\nkind = "slack"\nurl_file = "{key}"\n', 8),
        (f'on = ["{key}"]\n', 5),
        (f'mention = ["{key}"]\n', 5),
    ):
        path = settings_of(told, TEAM + wrong)
        for words in (["config", "list"], ["notify"], ["notify", "list", "--json"]):
            ended = told(*words)
            assert KEY not in f"{ended.out}{ended.err}", words
            assert f"{path}, line {number}: “notify." in ended.err or "--json" in words, ended
    settings_of(told, f'notify = ["{key}"]\n')
    assert KEY not in str(told("config", "list"))


def test_more_than_five_become_a_digest(told, chat):
    for number in range(5):
        report(told, f"No {number}")
    assert told("notify").out == "team\tsent\t5\t5\n"
    for number in range(6):
        report(told, f"Next {number}")
    assert told("notify").out == "team\tsent\t1\t6\n"
    lines = chat.texts[-1].split("\n")
    assert lines[0] == "**6 changes on the board**"
    assert [line[:24] for line in lines[1:7]] == [
        f"(S1) New pitfall: Next {number}"[:24] for number in range(6)
    ]
    assert told("notify").out == "team\tnothing\t0\t0\n"


def test_a_hundred_fit_the_room_and_the_rest_is_counted(told, chat):
    for number in range(100):
        report(told, f"第 {number} 个坑，标题很长很长很长很长很长很长")
    assert told("notify").out == "team\tsent\t1\t100\n"
    [text] = chat.texts
    assert len(text.encode()) <= 4_096
    assert "\n… +" in text


def test_what_failed_is_sent_by_the_next_run_and_nothing_twice(told, chat):
    for title in ("First", "Second", "Third"):
        report(told, title)
    chat.answers = [Answered(), Answered(b'{"errcode": 40008, "errmsg": "no"}')]
    ended = told("notify")
    assert (ended.code, ended.out) == (5, "team\tfailed\t1\t1\n")
    assert "it refuses the message (40008: no)" in ended.err
    assert told("notify").out == "team\tsent\t2\t2\n"
    titles = [text.split("**")[1].rpartition(" ")[2] for text in chat.texts]
    assert titles == ["First", "Second", "Second", "Third"]


def test_a_refused_key_is_said_once_and_never_shown(told, chat):
    report(told, "White picture")
    said = f'{{"errcode": 93000, "errmsg": "invalid webhook url ...send?key={KEY}"}}'
    chat.answers = [Answered(said.encode())]
    ended = told("notify")
    assert ended.code == 4
    assert "(…5aaa)" in ended.err
    again = told("notify")
    assert (again.code, again.out, again.err) == (0, "team\tdisabled\t0\t0\n", "")
    assert told("notify", "list").out.endswith("\toff\n")
    assert len(chat.posted) == 1
    # Another key, or a test that works, turns it on again.
    assert told("notify", PB_URL=chat.url("/other/key/that/is/long")).out == "team\tsent\t1\t1\n"
    chat.answers = [Answered(b"", 404)]
    report(told, "Another")
    told("notify")
    assert told("notify", "test", "team").code == 0
    assert "Test of the channel “team”" in chat.texts[-1]
    assert told("notify").out == "team\tsent\t1\t1\n"
    shown = "".join(map(str, (ended, again, told("doctor"), told("config", "list"))))
    assert KEY not in shown


def test_a_test_that_fails_ends_with_4(told, chat):
    chat.answers = [Answered(b'{"errcode": 40008}')]
    ended = told("notify", "test", "team", "--json")
    assert (ended.code, ended.out) == (4, "")
    assert json.loads(ended.err)["code"] == "not-sent"
    assert told("notify", "test", "teem").code == 1
    assert json.loads(told("notify", "test", "team", "--json").out)["name"] == "team"


def test_a_dry_run_shows_and_sends_nothing(told, chat):
    report(told, "White picture")
    before = state_of(told)
    ended = told("notify", "--dry-run")
    assert "**(S1) New pitfall: White picture**" in ended.out
    held = json.loads(told("notify", "--dry-run", "--json", PB_URL="").out)
    assert held["dry_run"] is True
    missing = held["channels"][0]
    assert (missing["outcome"], missing["messages"], len(missing["texts"])) == ("failed", 0, 1)
    assert (chat.posted, state_of(told)) == ([], before)


def test_a_missing_address_is_said_each_time(told):
    for _run in range(2):
        ended = told("notify", PB_URL="")
        assert ended.code == 4
        assert "PB_URL is empty or not set" in ended.err


def test_the_catalogue_is_nobodys_news(told, chat):
    with told.store() as store:
        import_events(store.session, seeds.lines())
    settings_of(told, TEAM + 'on = ["new", "vendor-reply"]\n')
    assert told("notify").out == "team\tnothing\t0\t0\n"
    assert chat.posted == []


def test_each_week_has_one_digest(told, chat, login):
    report(told, "White picture")
    told("notify")
    chat.posted.clear()
    path = told.home / "state" / "pitboard" / "notify.json"
    kept = json.loads(path.read_text())
    for one in kept["channels"].values():
        one["week"] -= 1
    path.write_text(json.dumps(kept))
    ended = told("notify")
    assert (ended.out, ended.err) == ("team\tsent\t1\t0\n", "")
    [text] = chat.texts
    assert text.startswith("**The week ")
    assert "Occurrences: " in text
    assert "pitboard retro " in text
    assert told("notify").out == "team\tnothing\t0\t0\n"


def test_the_language_is_the_channels(told, chat):
    settings_of(told, TEAM + 'lang = "zh"\n')
    report(told, "White picture")
    told("notify")
    assert "新坑：White picture" in chat.texts[0]


def test_another_file_at_the_boards_place_begins_anew(told, chat, tmp_path):
    report(told, "White picture")
    told("notify")
    with closing(sqlite3.connect(told.home / "board.db")) as connection:
        # As a backup without the last events would be.
        connection.execute("UPDATE events SET id = hex(randomblob(16)) WHERE n > 0")
        connection.commit()
    assert told("notify").out == "team\tstarted\t0\t0\n"


def test_a_file_that_can_not_be_read_is_not_sent_again(told, chat):
    report(told, "White picture")
    path = told.home / "state" / "pitboard" / "notify.json"
    path.write_text("{")
    ended = told("notify")
    assert (ended.code, chat.posted) == (4, [])
    assert str(path) in ended.err


def test_two_machines_do_not_double(pitboard, chat, tmp_path):
    """Both hold the same board and the same settings, which name the store of one."""
    team = Team(tmp_path)
    team.sync()
    with closing(team):
        stores = {name: team[name].path for name in ("Ann", "Bo")}
        with Board.open(stores["Bo"]) as board:
            bo = board.store_name()
        settings_of(pitboard, f'notify_from = "{bo[:8]}"\n{TEAM}on = ["new"]\n')
        env = {"SSL_CERT_FILE": str(CERTIFICATE), "PB_URL": chat.url()}

        def run() -> list[str]:
            return [
                pitboard("notify", PITBOARD_DB=str(path), **env).out.split("\t")[1]
                for path in stores.values()
            ]

        assert run() == ["elsewhere", "started"]
        for number in range(4):
            team["Ann" if number % 2 else "Bo"].pitfalls.report(f"No {number}")
            team.sync()
            assert run() == ["elsewhere", "sent"]
        assert len(chat.posted) == 4
        # Where another one takes over, what was told is not told again.
        settings_of(pitboard, TEAM + 'on = ["new"]\n')
        assert run() == ["nothing", "nothing"]


def test_the_host_name_names_a_machine(told, chat):
    report(told, "White picture")
    settings_of(told, f'notify_from = "another"\n{TEAM}')
    assert told("notify").out == "team\telsewhere\t0\t0\n"
    settings_of(told, f'notify_from = "{platform.node().upper()}"\n{TEAM}')
    report(told, "Next")
    assert told("notify").out == "team\tsent\t1\t1\n"


def test_an_address_that_can_not_be_used_is_said_before_it_is_sent(pitboard):
    config = pitboard.home / "config" / "pitboard" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(
        '[[notify]]\nname = "team"\nkind = "slack"\nurl_env = "PB_URL"\non = ["new"]\n'
    )
    listed = pitboard("notify", "list", PB_URL="http://a.example/key")
    assert listed.out.split("\t")[-1].strip() == "unusable"
    assert "does not begin with https://" in listed.err
    rehearsed = pitboard("notify", "--dry-run", PB_URL="http://a.example/key")
    assert (rehearsed.code, "starts now" in rehearsed.out) == (4, False)
