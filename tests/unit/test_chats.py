"""Robots of team chats: what each takes, and when something counts as sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import socket
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from storage.model.row import Severity
from storage.model.vocabulary import NoticeKind
from tests.chats import Answered, Robot, robot, trusting
from tui.services.chat import BadChannel, ChatSender, Secret, address_of
from tui.services.chat_channels import (
    LARGEST_ANSWER,
    ChatChannel,
    ChatKind,
    Message,
    SendState,
    fitted,
    judged,
    payload,
    plain,
)
from tui.text.i18n import say

KEY = "693a91f6-7aec-4bc4-97a0-0ec2sifa5aaa"
MESSAGE = Message("Heading", ("one", "two"), "end", {"total": 1})


def channel(kind: str = "wecom", **settings: object) -> ChatChannel:
    return ChatChannel.model_validate(
        {"name": "team", "kind": kind, "url_env": "PB_URL"} | settings
    )


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def now(self) -> float:
        return self.at


@pytest.fixture
def chat():
    with robot() as one:
        yield one


def sent(
    chat: Robot,
    one: ChatChannel,
    message: Message = MESSAGE,
    clock: Clock | None = None,
    lately: list[float] | None = None,
    **env: str,
):
    clock = clock or Clock()
    address = address_of(one, {"PB_URL": chat.url(f"/send?key={KEY}"), **env})
    sender = ChatSender(trusting(), sleep=clock.sleep, now=clock.now)
    return sender.send(one, address, message, [] if lately is None else lately)


# What a channel is told of


def test_a_channel_wants_what_its_settings_name():
    usual = channel()
    assert usual.wants(NoticeKind.NEW, Severity.S1)
    assert not usual.wants(NoticeKind.NEW, Severity.S2)
    assert usual.wants(NoticeKind.REGRESSION, Severity.S4)
    assert usual.wants_digest
    every = channel(on=["new"])
    assert every.wants(NoticeKind.NEW, Severity.S4)
    assert not every.wants(NoticeKind.REGRESSION, Severity.S1)
    assert not every.wants_digest


# Room: cut by bytes, at a line


@pytest.mark.parametrize("room", range(0, 120))
def test_a_message_fits_its_bytes_in_whole_lines_and_characters(room):
    lines = [f"第 {n} 行的文字" for n in range(6)]
    text = fitted(Message("标题", lines, "完"), room)
    assert len(text.encode()) <= room
    assert "�" not in text
    for line in text.split("\n")[1:]:
        assert line in lines or line == "完" or line.startswith("… +")


def test_what_is_left_out_is_counted():
    lines = [f"line {n:02}" for n in range(10)]
    text = fitted(Message("Heading", lines, "end"), 60)
    shown = [line for line in text.split("\n") if line.startswith("line")]
    assert shown == lines[: len(shown)]
    assert 0 < len(shown) < 10
    assert f"… +{10 - len(shown)}" in text.split("\n")
    assert text.endswith("\nend")
    assert fitted(Message("Heading", lines, "end"), 1_000).split("\n") == ["Heading", *lines, "end"]


@pytest.mark.parametrize(
    ("settings", "most"),
    [
        ({"kind": "wecom"}, 4_096),
        ({"kind": "wecom", "mention": "@all"}, 2_048),
        ({"kind": "dingtalk", "mention": ["13800000000"]}, 20_000),
        ({"kind": "feishu", "mention": ["@all", "ou_1"]}, 20_000),
        ({"kind": "slack", "mention": ["U1"]}, 40_000),
        ({"kind": "json"}, 20_000),
    ],
)
def test_a_message_of_any_length_is_one_that_the_robot_takes(settings, most):
    one = channel(**settings)
    body = payload(one, Message("标" * 3_000, ["题" * 200] * 200, "end"))
    text = json.dumps(body, ensure_ascii=False)
    assert "题" in text or one.kind is ChatKind.WECOM
    inner = body.get("markdown") or body.get("text")
    content = inner["content"] if isinstance(inner, dict) else text
    assert len(content.encode()) <= most


# Text of the record is neither a mention nor a link


HOSTILE = (
    '<@all> <!channel> @here [x](http://y) `a` **b** &lt; <at user_id="all"></at> \x1b[31m\n# h'
)


@pytest.mark.parametrize("kind", ChatKind)
def test_text_of_the_record_is_data(kind):
    shown = plain(kind, HOSTILE)
    assert "\n" not in shown
    assert "\x1b" not in shown
    if kind is not ChatKind.JSON:
        assert not set("<>@") & set(shown)
    if kind is ChatKind.SLACK:
        assert "&amp;lt;" in shown
    elif kind is not ChatKind.JSON:
        assert not set("[]`*") & set(shown)


@pytest.mark.parametrize("mention", ["<@x>", 'a"b', "a b", "", "x" * 65])
def test_a_mention_of_the_settings_is_only_a_name(mention):
    with pytest.raises(ValueError, match="validation error"):
        channel(mention=[mention])


# What is sent


def test_each_robot_gets_its_own_shape(chat):
    assert sent(chat, channel()).state is SendState.SENT
    [got] = chat.posted
    text = "Heading\none\ntwo\nend"
    assert got.body == {"msgtype": "markdown", "markdown": {"content": text}}
    assert got.path == f"/send?key={KEY}"
    people = ["@all", "ada", "13800000000"]
    assert payload(channel(mention=people), MESSAGE) == {
        "msgtype": "text",
        "text": {
            "content": text,
            "mentioned_list": ["@all", "ada"],
            "mentioned_mobile_list": ["13800000000"],
        },
    }
    assert payload(channel("dingtalk", mention=people), MESSAGE) == {
        "msgtype": "text",
        "text": {"content": text},
        "at": {"atMobiles": ["13800000000"], "atUserIds": ["ada"], "isAtAll": True},
    }
    assert payload(channel("feishu", mention=["all", "ou_1"]), MESSAGE) == {
        "msg_type": "text",
        "content": {"text": f'<at user_id="all"></at> <at user_id="ou_1"></at> {text}'},
    }
    slack = payload(channel("slack", mention=["@here", "all", "U1"]), MESSAGE)
    assert slack["text"] == f"<!here> <!channel> <@U1> {text}"
    assert payload(channel("json", mention=["ada"]), MESSAGE) == {
        "text": text,
        "mention": ["ada"],
        "total": 1,
    }


def test_dingtalk_is_signed_in_its_address(chat):
    clock = Clock()
    sent(chat, channel("dingtalk", secret_env="PB_SECRET"), clock=clock, PB_SECRET="SECabc")
    query = parse_qs(urlsplit(chat.posted[0].path).query)
    at = str(int(clock.at * 1000))
    signed = hmac.new(b"SECabc", f"{at}\nSECabc".encode(), hashlib.sha256).digest()
    assert query == {
        "key": [KEY],
        "timestamp": [at],
        "sign": [base64.b64encode(signed).decode()],
    }


def test_feishu_is_signed_in_its_body(chat):
    clock = Clock()
    sent(chat, channel("feishu", secret_env="PB_SECRET"), clock=clock, PB_SECRET="abc")
    body = chat.posted[0].body
    signed = hmac.new(f"{int(clock.at)}\nabc".encode(), b"", hashlib.sha256).digest()
    assert body["timestamp"] == str(int(clock.at))
    assert body["sign"] == base64.b64encode(signed).decode()
    assert body["msg_type"] == "text"


# When it counts as sent


@pytest.mark.parametrize(
    ("kind", "status", "answer", "state"),
    [
        ("wecom", 200, '{"errcode": 0, "errmsg": "ok"}', "sent"),
        ("wecom", 200, '{"errcode": 93000, "errmsg": "invalid webhook url"}', "bad-key"),
        ("wecom", 200, '{"errcode": 45009}', "limited"),
        ("wecom", 200, '{"errcode": -1}', "unreachable"),
        ("wecom", 200, '{"errcode": 40008}', "refused"),
        ("wecom", 200, '{"errcode": false}', "refused"),
        ("wecom", 200, '{"errcode": "0"}', "refused"),
        ("wecom", 200, "{}", "refused"),
        ("wecom", 200, "[0]", "refused"),
        ("wecom", 200, "ok", "refused"),
        ("wecom", 200, "", "refused"),
        ("wecom", 200, "[" * 40_000, "refused"),
        ("wecom", 201, '{"errcode": 0}', "refused"),
        ("wecom", 302, '{"errcode": 0}', "refused"),
        ("wecom", 404, "", "bad-key"),
        ("wecom", 429, "", "limited"),
        ("wecom", 503, '{"errcode": 0}', "unreachable"),
        ("dingtalk", 200, '{"errcode": 310000}', "bad-key"),
        ("dingtalk", 200, '{"errcode": 130101}', "limited"),
        ("feishu", 200, '{"code": 0, "msg": "success"}', "sent"),
        ("feishu", 200, '{"StatusCode": 0, "code": 0}', "sent"),
        ("feishu", 200, '{"StatusCode": 0, "code": 19021}', "bad-key"),
        ("feishu", 200, '{"code": 11232}', "limited"),
        ("slack", 200, "ok", "sent"),
        ("slack", 200, '{"ok": true}', "refused"),
        ("slack", 403, "invalid_token", "bad-key"),
        ("json", 200, '{"code": 0}', "sent"),
        ("json", 200, '{"ok": true}', "refused"),
    ],
)
def test_it_is_sent_only_if_the_robot_says_so(kind, status, answer, state):
    assert judged(ChatKind(kind), status, answer.encode()).state.value == state


def test_an_answer_that_is_too_long_is_none(chat):
    long = b'{"errcode": 0, "x": "' + b"x" * LARGEST_ANSWER + b'"}'
    chat.answers = [Answered(long)]
    assert sent(chat, channel()).state is SendState.REFUSED


def test_a_redirect_is_not_followed(chat):
    chat.answers = [Answered(b"", 302, (("Location", chat.url("/other")),))]
    assert sent(chat, channel()).state is SendState.REFUSED
    assert len(chat.posted) == 1


def test_a_fault_of_the_server_is_tried_again_after_2_and_8_seconds(chat):
    clock = Clock()
    chat.answers = [Answered(b"", 502), Answered(b"", 500)]
    assert sent(chat, channel(), clock=clock).state is SendState.SENT
    assert clock.slept == [2, 8]
    chat.answers = [Answered(b"", 502)] * 9
    clock.slept.clear()
    assert sent(chat, channel(), clock=clock).state is SendState.UNREACHABLE
    assert clock.slept == [2, 8]


def test_where_nobody_listens_it_is_tried_again(chat):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    clock = Clock()
    address = address_of(channel(), {"PB_URL": f"https://127.0.0.1:{port}/{KEY}"})
    result = ChatSender(trusting(), sleep=clock.sleep, now=clock.now).send(
        channel(), address, MESSAGE, []
    )
    assert (result.state, clock.slept) == (SendState.UNREACHABLE, [2, 8])


def test_a_certificate_is_checked(chat):
    clock = Clock()
    address = address_of(channel(), {"PB_URL": chat.url()})
    result = ChatSender(sleep=clock.sleep, now=clock.now).send(channel(), address, MESSAGE, [])
    assert result.why == "its certificate can't be verified"
    assert not chat.posted


def test_an_answer_that_does_not_come_is_not_waited_for(chat):
    over = threading.Event()
    chat.before = over.wait
    clock = Clock()
    address = address_of(channel(), {"PB_URL": chat.url()})
    sender = ChatSender(trusting(), sleep=clock.sleep, now=clock.now, seconds=0.2)
    result = sender.send(channel(), address, MESSAGE, [])
    over.set()
    assert result.state is SendState.UNREACHABLE
    assert result.why == "it does not answer in time"


def test_a_rate_limit_is_waited_for_once(chat):
    clock = Clock()
    chat.answers = [Answered(b'{"errcode": 45009}')]
    assert sent(chat, channel(), clock=clock).state is SendState.SENT
    assert clock.slept == [60]
    chat.answers = [Answered(b'{"errcode": 45009}')] * 5
    assert sent(chat, channel(), clock=clock).state is SendState.LIMITED
    assert clock.slept == [60, 60]


def test_no_more_than_20_in_a_minute(chat):
    clock = Clock()
    lately = [clock.at - 90, *(clock.at - 50 + n for n in range(20))]
    assert sent(chat, channel(), clock=clock, lately=lately).state is SendState.SENT
    assert clock.slept == [pytest.approx(10)]
    # A clock that was set back keeps nobody waiting.
    clock.slept.clear()
    assert sent(chat, channel(), clock=clock, lately=[clock.at + 3_600] * 30)
    assert clock.slept == []


def test_a_proxy_is_used_only_if_the_settings_name_it(chat, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = f"http://127.0.0.1:{listening.getsockname()[1]}"
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        assert sent(chat, channel()).state is SendState.SENT

        asked: list[bytes] = []

        def refuse() -> None:
            for _try in range(3):
                peer, _ = listening.accept()
                with peer:
                    asked.append(peer.recv(4_096))
                    peer.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        result = sent(chat, channel(proxy=proxy))
        thread.join()
    assert result.state is SendState.UNREACHABLE
    assert asked[0].startswith(f"CONNECT 127.0.0.1:{chat.port} ".encode())
    assert KEY.encode() not in b"".join(asked)


# Keys


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/" + KEY,
        "file:///etc/passwd",
        "HTTPS//x/" + KEY,
        "https://",
        "https://x:y@host/" + KEY,
        "https://host:x/" + KEY,
        "https://host:0/" + KEY,
        "https://host/" + KEY + "#x",
        "https://host/a b" + KEY,
        "https://höst/" + KEY,
        "",
    ],
)
def test_an_address_that_can_not_be_used_is_refused_and_not_repeated(url):
    with pytest.raises(BadChannel) as refused:
        address_of(channel(), {"PB_URL": url})
    assert KEY not in say(refused.value)
    assert "“team”" in say(refused.value)


def test_a_key_in_a_file_is_its_owners_alone(tmp_path: Path):
    path = tmp_path / "key"
    path.write_text(f"https://host/{KEY}\n")
    one = ChatChannel(name="team", kind=ChatKind.WECOM, url_file=str(path))
    path.chmod(0o600)
    assert address_of(one).path.reveal() == f"/{KEY}"
    if os.name == "posix":
        path.chmod(0o640)
        with pytest.raises(BadChannel, match="chmod 600"):
            address_of(one)
    path.unlink()
    with pytest.raises(BadChannel, match="can't be read"):
        address_of(one)


def test_a_secret_shows_its_last_four_characters():
    assert f"{Secret(KEY)} {Secret(KEY)!r}" == "…5aaa …5aaa"
    assert str(Secret("short")) == "…"


def test_a_secret_that_is_not_set_is_named_by_its_variable():
    one = channel("feishu", secret_env="PB_SECRET")
    with pytest.raises(BadChannel, match="PB_SECRET"):
        address_of(one, {"PB_URL": "https://host/" + KEY})


@pytest.mark.parametrize(
    "settings",
    [
        {"url_env": None},
        {"url_file": "/x"},
        {"secret_env": "PB_SECRET"},
        {"url_env": "https://host/key"},
        {"url_env": None, "url_file": "https://host/key"},
        {"kind": "teams"},
        {"on": []},
        {"on": ["new:S9"]},
        {"lang": "fr"},
        {"url": "https://host/key"},
        {"proxy": "http://user:secret@host:1"},
        {"name": "a/b"},
    ],
)
def test_a_channel_that_can_not_be_used_is_refused(settings):
    with pytest.raises(ValueError, match="validation error"):
        channel(**settings)
