"""``pitboard catalogue``: asked for before anything comes in, and given back without names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.catalogues import ENTRY, FIX, Upstream
from tui.text.cells import width


def test_nothing_comes_in_unasked(pitboard: Any, upstream: Upstream) -> None:
    ended = pitboard("catalogue", "subscribe", upstream.folder)
    assert ended.code == 2
    assert "1 new pitfall" in ended.err
    assert "CC-BY-4.0" in ended.err
    assert "Say --yes" in ended.err
    assert pitboard("list", "source:community").out == ""
    ended = pitboard("catalogue", "subscribe", upstream.folder, "--yes")
    assert ended.code == 0
    assert "Taken in: community, 1 new pitfall." in ended.err
    [line] = pitboard("list", "source:community").out.splitlines()
    assert "Login fails" in line


def test_catalogues_are_listed_updated_and_left(pitboard: Any, upstream: Upstream) -> None:
    taken = json.loads(pitboard("catalogue", "subscribe", upstream.folder, "--yes", "--json").out)[
        "catalogues"
    ]
    assert [(one["name"], one["new"]) for one in taken] == [("community", 1)]
    held = json.loads(pitboard("catalogue", "list", "--json").out)["catalogues"]
    assert [(one["name"], one["built_in"], one["entries"]) for one in held] == [
        ("community", False, 1),
    ]
    assert held[0]["url"] == str(upstream.folder)
    [pitfall] = json.loads(pitboard("list", "source:community", "--json").out)["pitfalls"]
    shown = json.loads(pitboard("show", pitfall["id"], "--json").out)["pitfalls"][0]
    assert shown["source"] == "community"
    assert "from the catalogue community" in pitboard("show", pitfall["id"]).out

    assert "nothing is new" in pitboard("catalogue", "update").err
    upstream.entry(1, ENTRY + FIX)
    upstream.commit()
    ended = pitboard("catalogue", "update", "community", "--yes")
    assert (ended.code, "1 claimed fix" in ended.err) == (0, True)
    assert pitboard("catalogue", "update", "nobody").code == 3

    upstream.entry(2, "nonsense")
    upstream.commit()
    told = pitboard("catalogue", "update", "--yes")
    assert "0002-login.toml: it is no TOML: its end is missing." in told.err

    assert pitboard("catalogue", "remove", "community", "--hide").code == 0
    assert pitboard("list", "source:community").out == ""
    assert pitboard("catalogue", "remove", "community").code == 3


@pytest.mark.parametrize("verb", ["update", "remove"])
def test_names_are_completed(pitboard: Any, upstream: Upstream, verb: str) -> None:
    def offered(begun: str, *options: str) -> str:
        words = ["pitboard", *options, "catalogue", verb, begun]
        out: str = pitboard(
            _PITBOARD_COMPLETE="bash_complete",
            COMP_WORDS=" ".join(words),
            COMP_CWORD=str(len(words) - 1),
        ).out
        return out.strip()

    assert pitboard("catalogue", "subscribe", upstream.folder, "--yes").code == 0
    assert offered("com") == "plain,community"
    # What comes with Pitboard is neither updated nor removed.
    assert offered("w") == ""
    assert offered("c", "--db", "/nowhere/x.db") == ""


def test_people_see_what_comes_from_a_catalogue_of_others(
    pitboard: Any, upstream: Upstream, tmp_path: Path
) -> None:
    board = ("--db", str(tmp_path / "other.db"))
    assert pitboard(*board, "init").code == 0
    # What comes with Pitboard has no mark, so that a board without others has no such column.
    assert "CATALOGUE" not in pitboard.seen(*board, "list", columns=200, NO_COLOR="1")
    assert pitboard(*board, "catalogue", "subscribe", upstream.folder, "--yes").code == 0
    heading, *lines = pitboard.seen(*board, "list", columns=200, NO_COLOR="1").splitlines()
    assert "CATALOGUE" in heading
    [marked] = [line for line in lines if "◈" in line]
    assert "◈ Login fails" in marked
    assert "  community" in marked
    assert sum("  wecom " in line for line in lines) == 10
    assert "CATALOGUE" not in pitboard.seen(*board, "list", "source:wecom", columns=200)
    narrow = pitboard.seen(*board, "list", columns=60, NO_COLOR="1").splitlines()
    assert all(width(line) <= 60 for line in narrow)
    assert any("◈ Login" in line for line in narrow)


def test_the_built_in_one_is_the_first(pitboard: Any, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    assert pitboard("--db", path, "init").code == 0
    assert pitboard("--db", path, "catalogue", "list").out.startswith("wecom\t10\t")
    assert len(pitboard("--db", path, "list", "source:wecom").out.splitlines()) == 10
    ended = pitboard("--db", path, "catalogue", "remove", "wecom")
    assert (ended.code, "comes with Pitboard" in ended.err) == (3, True)


def test_a_folder_is_checked(pitboard: Any, upstream: Upstream) -> None:
    ended = pitboard("catalogue", "check", upstream.folder)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "1 entry: nothing is wrong.\n"
    upstream.entry(1, ENTRY.replace('kind = "bug"', 'kind = "bugs"'))
    ended = pitboard("catalogue", "check", upstream.folder)
    assert ended.code == 3
    assert "0001-login.toml: report.kind: “bugs” is none of" in ended.out
    assert "pydantic" not in ended.out
    assert ended.err == "1 entry: 1 mistake.\n"
    chinese = pitboard("catalogue", "check", upstream.folder, PITBOARD_LANG="zh").err
    assert "," not in chinese


def test_where_no_catalogue_is_nobody_is_told_to_make_a_board(
    pitboard: Any, tmp_path: Path
) -> None:
    ended = pitboard("catalogue", "subscribe", tmp_path / "nothing")
    assert ended.code == 4
    assert "There is no git repository" in ended.err
    assert "ask who keeps the catalogue" in ended.err
    assert "share" not in ended.err


def test_what_is_contributed_is_an_entry(pitboard: Any, upstream: Upstream, tmp_path: Path) -> None:
    name = pitboard(
        *("new", "Saving fails for Acme", "--component", "wx.save", "--severity", "S2"),
        *("--workaround", "Ask Ada.\n\nThen save again.", "--signature", "save:fail denied"),
    ).out.strip()
    pitboard("log", name, "--platform", "ios", "--company", "Acme", "--device", "iPhone of Ada")
    ended = pitboard("catalogue", "contribute", name)
    assert ended.code == 0
    assert "iPhone" not in ended.out
    assert "It names “Acme”" in ended.err
    assert "It names “Ada”" in ended.err
    target = upstream.folder / "entries" / "0002-saving-fails.toml"
    assert pitboard("catalogue", "contribute", name, "--output", target).code == 0
    assert target.read_text("utf-8") == ended.out
    assert pitboard("catalogue", "contribute", name, "--output", target).code == 3
    assert pitboard("catalogue", "check", upstream.folder).code == 0
    upstream.commit()
    assert pitboard("catalogue", "subscribe", upstream.folder, "--yes").code == 0
    assert len(pitboard("list", "source:community").out.splitlines()) == 2
    # On a board of somebody else, the entry is what was contributed.
    entry = json.loads(pitboard("list", "source:community", "Saving", "--json").out)["pitfalls"][0]
    assert entry["workaround"] == "Ask Ada.\n\nThen save again."
