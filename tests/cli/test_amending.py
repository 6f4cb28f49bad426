"""``pitboard amend`` and ``hide``: an entry is put right; what stood there stays in the history."""

from __future__ import annotations

import json
from typing import Any

import pytest

from storage.db.blobs import Upload
from tests.cli.conftest import Pitboard


@pytest.fixture
def pitfall(pitboard: Pitboard) -> str:
    """A pitfall with an entry of each kind."""
    with pitboard.store() as store:
        pitfall = store.pitfalls.report("A white picture", signatures=["saveImage:fail"])
        store.comments.add(pitfall, "Here, too")
        where = store.links.add(pitfall, "https://example.com/1", title="A thread")
        store.links.add_reply(pitfall, where, said_on="2026-11-01", sort="acknowledged")
        store.fixes.record(pitfall, axis="client", from_version="4.1")
        store.occurrences.log(pitfall, platform="ios", message="errCode:1")
        store.attachments.add(pitfall, Upload(b"\x89PNG", "white.png"))
    return pitfall


def _shown(pitboard: Pitboard, pitfall: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(pitboard("show", pitfall, "--json").out)["pitfalls"][0]
    return shown


@pytest.mark.parametrize(
    ("kind", "values", "field", "value"),
    [
        ("comments", "text=On iOS, too", "text", "On iOS, too"),
        ("references", "title=A = B", "title", "A = B"),
        ("references", "official=yes", "official", True),
        ("vendor_replies", "kind=by-design", "kind", "by-design"),
        ("fixes", "from_version=4.1.8", "from_version", "4.1.8"),
        ("signatures", "platform=android", "platform", "android"),
        ("occurrences", "seen_at=2026-11-20T02:03:00Z", "seen_at", "2026-11-20T10:03:00+08:00"),
        ("occurrences", "count=3", "count", 3),
        ("occurrences", "platform=", "platform", None),
        ("attachments", "label=black.png", "label", "black.png"),
    ],
)
def test_an_entry_of_any_kind_is_put_right(
    pitboard: Pitboard, pitfall: str, kind: str, values: str, field: str, value: object
) -> None:
    entry = _shown(pitboard, pitfall)[kind][0]["id"]
    done = pitboard("entry", "edit", pitfall[:6], entry[:12], values, "--reason", "a slip")
    assert (done.code, done.out.strip()) == (0, pitfall)
    assert _shown(pitboard, pitfall)[kind][0][field] == value
    newest = json.loads(pitboard("history", pitfall, "--json", "--limit", "1").out)["changes"][0]
    part = "sort" if field == "kind" else field
    assert (newest["what"], newest["part"], newest["reason"]) == ("item_amended", part, "a slip")
    assert pitboard("undo").code == 0
    assert _shown(pitboard, pitfall)[kind][0][field] != value


def test_several_fields_and_a_text_from_a_pipe(pitboard: Pitboard, pitfall: str) -> None:
    [reference] = _shown(pitboard, pitfall)["references"]
    values = ("quote=-", "quoted_on=2026-11-02")
    assert (
        pitboard("entry", "edit", pitfall, reference["id"], *values, stdin="Two\nlines\n").code == 0
    )
    [amended] = _shown(pitboard, pitfall)["references"]
    assert (amended["quote"], amended["quoted_on"]) == ("Two\nlines", "2026-11-02")


@pytest.mark.parametrize(
    ("values", "code", "why"),
    [
        ("titel=x", 3, "titel: there is nothing of that name; there are url, title"),
        # A name that people see elsewhere in another word is told as it was typed.
        ("at=x", 3, "at: there is nothing of that name; there are url, title"),
        ("title", 2, "has to be a field, = and its value"),
        ("source=blog", 3, "is none of community"),
        ("url=javascript:alert(1)", 3, "begins with https://"),
    ],
)
def test_what_can_not_be_is_refused_with_the_reason(
    pitboard: Pitboard, pitfall: str, values: str, code: int, why: str
) -> None:
    [reference] = _shown(pitboard, pitfall)["references"]
    before = pitboard.events()
    refused = pitboard("entry", "edit", pitfall, reference["id"], values)
    assert refused.code == code
    assert why in refused.err
    assert pitboard.events() == before


def test_a_day_that_is_none_and_an_entry_that_is_not_there(
    pitboard: Pitboard, pitfall: str
) -> None:
    [seen] = _shown(pitboard, pitfall)["occurrences"]
    assert "is not a time" in pitboard("entry", "edit", pitfall, seen["id"], "seen_at=soon").err
    assert pitboard("entry", "edit", pitfall, "ffffffffffff", "text=x").code == 1
    reported = json.loads(pitboard("history", pitfall, "--json").out)["changes"][-1]
    assert reported["what"] == "reported"
    assert "has no entry" in pitboard("entry", "edit", pitfall, reported["event"], "title=x").err


def test_an_edit_that_changes_nothing_writes_nothing_and_says_so(
    pitboard: Pitboard, pitfall: str
) -> None:
    [comment] = _shown(pitboard, pitfall)["comments"]
    before = pitboard.events()
    done = pitboard("entry", "edit", pitfall, comment["id"], "text=Here, too", "--reason", "again")
    assert (done.code, done.out.strip()) == (0, pitfall)
    assert "Nothing changed in" in done.err
    [noted] = pitboard("retro", "note", "Ask them").out.split()
    assert "Nothing was changed." in pitboard("entry", "edit", "board", noted, "text=Ask them").err
    assert len(pitboard.events()) == len(before) + 1


def test_an_occurrence_whose_version_can_not_be_is_doubted_as_when_it_is_logged(
    pitboard: Pitboard, pitfall: str
) -> None:
    [seen] = _shown(pitboard, pitfall)["occurrences"]
    doubt = "“old” is kept, but can't be compared"
    assert doubt in pitboard("entry", "edit", pitfall, seen["id"], "base_library=old").err
    assert doubt not in pitboard("entry", "edit", pitfall, seen["id"], "count=4").err
    wrong = pitboard("entry", "edit", pitfall, seen["id"], "platform=nokia", "base_library=old")
    assert wrong.code == 3
    assert doubt not in wrong.err


def test_the_fields_of_a_note_are_named_as_they_are_typed(pitboard: Pitboard) -> None:
    [noted] = pitboard("retro", "note", "Ask them").out.split()
    refused = pitboard("entry", "edit", "board", noted, "titel=x")
    assert "there are text, kind, owner, due, done_on" in refused.err
    assert pitboard("entry", "edit", "board", noted, "kind=decision").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("show", ""),
        ("comment", " ", "x"),
        ("entry", "edit", "", "1234", "text=x"),
        ("entry", "edit", "ID", "", "text=x"),
        ("entry", "hide", "board", ""),
        ("revert", "ID", ""),
        ("retro", "done", ""),
    ],
)
def test_an_empty_id_is_said_to_be_empty(
    pitboard: Pitboard, pitfall: str, words: tuple[str, ...]
) -> None:
    ended = pitboard(*(pitfall if one == "ID" else one for one in words))
    assert ended.code == 1
    assert "The id is empty." in ended.err


def test_an_entry_is_hidden_until_that_is_undone(pitboard: Pitboard, pitfall: str) -> None:
    [comment] = _shown(pitboard, pitfall)["comments"]
    assert (
        pitboard("entry", "hide", pitfall, comment["id"][:10], "--reason", "said twice").code == 0
    )
    assert _shown(pitboard, pitfall)["comments"] == []
    pitboard("undo")
    assert _shown(pitboard, pitfall)["comments"] == [comment]


def test_the_fix_that_a_status_rests_on_stays(pitboard: Pitboard, pitfall: str) -> None:
    pitboard("status", pitfall, "fixed", "--axis", "client", "--from", "4.2")
    first, second = (one["id"] for one in _shown(pitboard, pitfall)["fixes"])
    assert pitboard("entry", "hide", pitfall, first).code == 0
    assert "rests on this fix" in pitboard("entry", "hide", pitfall, second).err


def test_a_note_about_the_whole_board(pitboard: Pitboard) -> None:
    [noted] = pitboard("retro", "note", "Ask them agian", "--kind", "follow-up").out.split()
    assert pitboard("entry", "edit", "board", noted, "text=Ask them again", "owner=Ann").code == 0
    [note] = json.loads(pitboard("retro", "follow-ups", "--json").out)["follow_ups"]
    assert (note["text"], note["owner"]) == ("Ask them again", "Ann")
    assert pitboard("entry", "hide", "board", noted).code == 0
    assert json.loads(pitboard("retro", "follow-ups", "--json").out)["follow_ups"] == []
