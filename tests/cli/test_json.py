"""``--json`` of every verb: documents as their schemas say, errors as one object."""

from __future__ import annotations

import json
import re
from typing import Any

import click
import pytest

from tests.boards import catalogued
from tests.cli.conftest import Ended, Pitboard
from tests.json_schema import must_be_a_schema, problems, validator
from tui.cli.group import Verb, Verbs
from tui.cli.group import pitboard as root
from tui.cli.schemas import ERROR, all_schemas, schema, shapes_of, verbs


def data(ended: Ended) -> dict[str, Any]:
    """The document of a run, which ``tests.cli.here`` has held against its schema."""
    found: dict[str, Any] = json.loads(ended.out)
    return found


def error(ended: Ended) -> dict[str, Any]:
    """The object on stderr."""
    found: dict[str, Any] = json.loads(ended.err)
    return found


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_takes_it_and_has_a_schema(verb: str) -> None:
    command = Verbs().get_command(click.Context(root), verb)
    assert isinstance(command, Verb)
    assert [one for one in command.params if "--json" in one.opts]
    found = schema(verb)
    assert {*shapes_of(verb)} <= found["$defs"].keys()
    must_be_a_schema(found)
    # An empty object lacks keys.
    assert problems({}, validator(found))


def test_an_error_has_a_schema() -> None:
    must_be_a_schema(schema(ERROR))
    assert problems({}, validator(schema(ERROR)))


def test_every_shape_is_written_by_a_verb_or_part_of_one_that_is() -> None:
    whole = all_schemas()
    used = {name for verb in verbs() for name in schema(verb)["$defs"]} | {*schema(ERROR)["$defs"]}
    assert whole["$defs"].keys() - used == {"Document", "Done"}
    assert set(whole["verbs"]) == set(verbs())


#: A call of every verb that writes to the board, in this order on one board; ``ID`` is a pitfall,
#: ``ENTRY`` the entry that the call before added.
WRITTEN = (
    ("log ID --platform ios --client-version 4.1.8", 1),
    ("entry edit ID ENTRY count=3", 1),
    ("entry hide ID ENTRY", 1),
    ("undo", 1),
    ("redo", 1),
    ("comment ID Hello", 1),
    ("link ID https://a.example/thread", 1),
    ("vendor-reply ID --kind will-fix", 1),
    ("fix ID --axis client --from 4.1.12", 1),
    ("verify ID --not-reproduced --client-version 4.1.12", 1),
    ("status ID workaround --workaround Wait", 0),
    ("edit ID --severity S1 --tag map", 0),
    ("triage snooze ID --until 2w", 0),
    ("triage requeue ID", 0),
    ("triage accept ID", 0),
    ("triage decline ID --kind not-ours", 0),
    ("status ID fixed", 0),
    ("reopen ID", 0),
    ("retro note Ask --kind follow-up --pitfall ID", 1),
    ("retro done ENTRY", 1),
)


def test_writers_say_what_they_changed(pitboard: Pitboard, login: str) -> None:
    entry, steps = "", []
    for line, entries in WRITTEN:
        words = [{"ID": login, "ENTRY": entry}.get(word, word) for word in line.split()]
        ended = pitboard(*words, "--json")
        assert ended.code == 0, (line, ended.err)
        found = data(ended)
        assert found["verb"] == line.split(" ID")[0].split(" Ask")[0].split(" ENTRY")[0]
        assert found["pitfalls"] == [login], line
        assert len(found["entries"]) == entries, line
        assert found["changes"], line
        assert {one["event"] for one in found["changes"]}
        steps.append((found["actor"], found["step"]))
        entry = found["entries"][0] if entries else entry
    assert len(set(steps)) == len(steps)
    assert pitboard("doctor", "--json").code == 0


def test_a_change_has_before_and_after(pitboard: Pitboard, login: str) -> None:
    [change] = data(pitboard("edit", login, "--severity", "S1", "--json"))["changes"]
    assert (change["field"], change["before"], change["after"]) == ("severity", "S2", "S1")
    assert change["at"].endswith("+08:00")
    again = data(pitboard("edit", login, "--severity", "S1", "--json"))
    assert (again["step"], again["changes"], again["pitfalls"]) == (None, [], [login])
    tried = data(pitboard("--json", "edit", login, "--severity", "S3", "--dry-run"))
    assert (tried["dry_run"], tried["step"]) == (True, None)
    assert tried["changes"][0]["after"] == "S3"
    assert pitboard.pitfall(login).severity.value == "S1"


def test_an_occurrence_can_be_edited_by_the_id_that_log_gives(
    pitboard: Pitboard, login: str
) -> None:
    [entry] = data(pitboard("log", login, "--json"))["entries"]
    assert pitboard("entry", "edit", login, entry, "count=7").code == 0
    assert [(one.id, one.count) for one in pitboard.occurrences(login)] == [(entry, 7)]


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (["show", "ffff"], 1, "not-found"),
        (["list", "nothing-like-it"], 1, "nothing-found"),
        (["list", "--bogus"], 2, "wrong-use"),
        (["--json", "frob"], 2, "wrong-use"),
        (["log"], 2, "wrong-use"),
        (["list", "severity:S9"], 2, "wrong-use"),
        (["list", "--board", "nowhere"], 2, "unknown-board"),
        (["triage", "snooze", "ID"], 2, "wrong-use"),
        (["new"], 2, "wrong-use"),
        (["new", ""], 3, "refused"),
        (["edit", "ID", "--title", ""], 3, "refused"),
        (["import", "nowhere.csv"], 2, "wrong-use"),
        ([], 2, "wrong-use"),
        (["triage", "accept"], 2, "wrong-use"),
        (["entry"], 2, "wrong-use"),
        (["share"], 1, "nothing-found"),
        (["config", "set", "nothing", "1"], 1, "not-found"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_errors_have_stable_codes(
    pitboard: Pitboard, login: str, arguments: list[str], code: int, name: str
) -> None:
    words = [login if word == "ID" else word for word in arguments]
    ended = pitboard(*words, *([] if "--json" in words else ["--json"]))
    assert ended.code == code, ended
    assert (error(ended)["code"], error(ended)["exit_code"]) == (name, code)
    assert error(ended)["message"]


@pytest.mark.parametrize(
    "words",
    [
        *(
            ["share"],
            ["members", "quarantine"],
            ["config", "get", "notify_from"],
            ["resolve", "ID"],
        ),
        *(["list", "nothing-like-it"], ["history", "ID", "--since", "2030-01-01"]),
        *(
            ["list", "nothing-like-it", "--count"],
            ["diff", "2020-01-01", "2020-01-02"],
            ["versions"],
        ),
        *(["attachment", "list", "ID"], ["match"], ["paste"], ["retro", "follow-ups"]),
    ],
    ids=" ".join,
)
def test_what_was_not_found_is_named_with_what_to_do_next(
    pitboard: Pitboard, login: str, words: list[str]
) -> None:
    ended = pitboard(*(login if word == "ID" else word for word in words), "--json")
    assert ended.code == 1
    assert error(ended)["message"] not in ("", "nothing found") or "--count" in words
    assert error(ended)["hint"] not in ("", "“pitboard --help” lists what can be done.")
    assert data(ended)


def test_an_ambiguous_id_names_what_it_may_mean(pitboard: Pitboard, login: str) -> None:
    for number in range(17):
        pitboard("new", f"Number {number}", "--component", "map")
    listed = data(pitboard("list", "--json"))["pitfalls"]
    first = [one["id"] for one in listed]
    shared = next(one[0] for one in first if sum(name[0] == one[0] for name in first) > 1)
    found = error(pitboard("show", shared, "--json"))
    assert found["code"] == "ambiguous"
    assert {one["id"][0] for one in found["candidates"]} == {shared}
    assert all(one["title"] for one in found["candidates"])


def test_an_ambiguous_id_lists_titles_in_the_readers_language(pitboard: Pitboard) -> None:
    board = catalogued(pitboard.home / "catalogued.db")
    ended = pitboard("show", "1", "--json", "--lang", "zh", "--db", board)
    assert len(error(ended)["candidates"]) > 1
    assert all(re.search("[一-龥]", one["title"]) for one in error(ended)["candidates"])


def test_show_takes_several_and_names_what_is_missing(pitboard: Pitboard, login: str) -> None:
    [other] = data(pitboard("new", "Blank map", "--component", "map", "--json"))["pitfalls"]
    both = pitboard("show", login, other, "--json")
    assert [one["id"] for one in data(both)["pitfalls"]] == [login, other]
    part = pitboard("show", login, "ffffffff", "--json")
    assert (part.code, error(part)["code"]) == (5, "partial")
    assert [one["id"] for one in data(part)["pitfalls"]] == [login]
    plain = pitboard("show", "-", stdin=f"{login}\n{other}\n").out
    assert "Blank map" in plain
    assert "wx.qy.login fails" in plain


def test_the_schema_of_each_verb_is_printed(pitboard: Pitboard) -> None:
    assert json.loads(pitboard("schema", "triage", "list").out) == schema("triage list")
    assert data(pitboard("schema", "error", "--json"))["json_schema"] == schema(ERROR)
    assert json.loads(pitboard("schema").out) == all_schemas()
    assert "Did you mean 'list'?" in pitboard("schema", "lits").err


def test_other_verbs_write_documents_too(pitboard: Pitboard, login: str) -> None:
    home = pitboard.home
    assert data(pitboard("path", "--json"))["file"] == str(pitboard.path)
    assert "own" in data(pitboard("view", "save", "own", "status:open", "--json"))["name"]
    assert data(pitboard("view", "rename", "own", "ours", "--json"))["before"] == "own"
    assert pitboard("view", "remove", "ours", "--json").code == 0
    changed = data(pitboard("config", "set", "grace_days", "7", "--json"))
    assert (changed["before"], changed["after"]) == (30, 7)
    assert data(pitboard("config", "timezone", "UTC", "--json"))["changes"]
    assert data(pitboard("config", "timezone", "--json"))["time_zone"] == "UTC"
    assert data(pitboard("export", home / "b.csv", "--json"))["format"] == "csv"
    assert data(pitboard("export", "--json"))["pitfalls"][0]["id"] == login
    assert pitboard("export", "--format", "csv", "--json").code == 2
    assert data(pitboard("backup", home / "copy.db", "--json"))["file"] == str(home / "copy.db")
    assert data(pitboard("--db", home / "new.db", "init", "--json"))["created"] is True
    assert data(pitboard("bug-report", login, "--json"))["missing"]
    assert "complete" in data(pitboard("completion", "bash", "--json"))["script"]
    assert "Usage" in data(pitboard("help", "list", "--json"))["help"]
    assert data(pitboard("triage", "--json"))["total"] == len(
        data(pitboard("triage", "list", "--json"))["pitfalls"]
    )
    assert data(pitboard("list", "--count", "--json"))["total"] == 1
    assert data(pitboard("retro", "--json"))["schema"] == 1
    assert data(pitboard("retro", "--json", "--output", home / "r.html"))["format"] == "html"


def test_errors_speak_chinese(pitboard: Pitboard) -> None:
    found = error(pitboard("show", "ffff", "--json", PITBOARD_LANG="zh"))
    assert found["code"] == "not-found"
    assert "没有" in found["message"]
