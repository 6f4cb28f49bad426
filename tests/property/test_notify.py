"""A key of a chat appears in no output, whatever a robot answers and at whatever level one logs."""

from __future__ import annotations

import http.client
import logging
import traceback
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import PitboardError
from storage.exports.whole_board import export_events
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import fresh
from tests.chats import Answered, Robot, robot, trusting
from tui.services.chat import ChatSender, Secret, address_of
from tui.services.chat_channels import ChatChannel, ChatKind
from tui.services.notify import Notifier, NotifyFile
from tui.text.i18n import say

KEYS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=20)
#: What a robot answers; it may repeat the key.
ANSWERS = st.sampled_from(
    [
        (200, '{{"errcode": 0, "code": 0, "errmsg": "{key}"}}'),
        (200, '{{"errcode": 93000, "code": 19001, "errmsg": "bad {key}", "msg": "bad {key}"}}'),
        (200, '{{"errcode": 1, "code": 1, "errmsg": "{half} is bad", "msg": "{upper}"}}'),
        (200, "{key}"),
        (302, "{key}"),
        (404, "no {key}"),
        (429, "{key}"),
        (500, "{key}"),
    ]
)


@pytest.fixture(scope="module")
def chat() -> Iterator[Robot]:
    with robot() as one:
        yield one


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fresh(tmp_path_factory.mktemp("board") / "board.db")


@given(
    key=KEYS,
    secret=KEYS,
    kind=st.sampled_from(ChatKind),
    answers=st.lists(ANSWERS, max_size=3),
    is_trusted=st.booleans(),
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_key_is_in_no_output(chat, path, key, secret, kind, answers, is_trusted, capfd):
    logged = StringIO()
    handler = logging.StreamHandler(logged)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    http.client.HTTPConnection.debuglevel = 9
    signs = kind in (ChatKind.DINGTALK, ChatKind.FEISHU)
    one = ChatChannel(
        name="team",
        kind=kind,
        url_env="PB_URL",
        secret_env="PB_SECRET" if signs else None,
        on=["new"],
    )
    chat.answers = [
        Answered(
            text.format(key=key, half=key[: len(key) // 2], upper=key.upper()).encode(), status
        )
        for status, text in answers
    ]
    shown: list[object] = []
    kept = path.with_name("notify.json")
    kept.unlink(missing_ok=True)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("PB_URL", chat.url(f"/send/{key}?key={key}"))
            patched.setenv("PB_SECRET", secret)
            address = address_of(one)
            shown += [address, one, one.model_dump_json()]
            sender = ChatSender(trusting() if is_trusted else None, sleep=lambda _seconds: None)
            file = NotifyFile(kept)
            with closing(Store.open(path)) as store, Board.open(path) as board, file.held():
                notifier = Notifier(board, file, sender, store.session.now(), ())
                shown.append(notifier.tell(one))
                store.pitfalls.report("White picture")
                for _run in range(2):
                    result = notifier.tell(one)
                    shown += [result, notifier.rehearse(one)]
                    if result.problem is not None:
                        shown += [say(result.problem), repr(result.problem)]
                        shown += traceback.format_exception(result.problem)
                try:
                    notifier.test(one)
                except PitboardError as error:
                    shown += [say(error), *traceback.format_exception(error)]
    finally:
        http.client.HTTPConnection.debuglevel = 0
        root.removeHandler(handler)
        root.setLevel(level)
    lines: list[bytes] = []
    export_events(path, lines.append)
    captured = capfd.readouterr()
    output = "".join(
        (
            *map(repr, shown),
            *map(str, shown),
            logged.getvalue(),
            captured.out,
            captured.err,
            kept.read_text(),
            b"".join(lines).decode(),
        )
    )
    assert not Secret(key).is_in(output)
    assert not Secret(secret).is_in(output)
