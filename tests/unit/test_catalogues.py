"""Catalogues of others: what comes of their history, and how it stands beside what people write."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from storage.as_of.board import AsOfBoard
from storage.errors import PitboardError, Refused
from storage.events.catalogue import MANIFEST, read_manifest
from storage.model.clock import DAY_MS, Moment
from storage.model.row import Severity, Status, Triage
from storage.model.vocabulary import FixState
from storage.query.parser import parse as query
from storage.query.tree import SortKey
from storage.read.board import Board
from storage.sharing import catalogue_history
from storage.sharing.catalogue_history import mistakes
from storage.sharing.catalogues import CatalogueReader, contribution, leave, look_at, take_in
from storage.sharing.git_errors import LimitExceeded, SharingFailed
from storage.write.store import Store
from tests.boards import catalogued, fresh
from tests.catalogues import ABOUT, ENTRY, FIX, GONE, Upstream
from tests.records import MONDAY
from tests.teams import Team, git
from tui.text.columns import COLUMNS, ListedRow, laid_out, upper_words
from tui.text.vocabulary import FROM_CATALOGUE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(fresh(tmp_path / "board.db"), who="Ada")
    yield opened
    opened.close()


def taken(store: Store, upstream: Upstream, pin: str = "") -> None:
    """Subscribe, or take in what is new."""
    take_in(store.session, look_at(store.session, str(upstream.folder), pin=pin))


def only(store: Store) -> str:
    """The pitfall of the first entry, whatever was decided about it."""
    name = read_manifest(ABOUT).pitfall("0001")
    with Board.open(store.path) as board:
        return board.pitfall(name).id


def board_of(store: Store) -> Board:
    return Board.open(store.path)


def said(path: Path) -> object:
    """All that a board shows of its pitfalls."""
    with Board.open(path) as board:
        rows = board.find(query("triage:settled or triage:declined or triage:inbox")).page(0, 100)
        return {row.id: board.pitfall(row.id) for row in rows}


# Taking in


def test_its_pitfalls_come_to_the_board(store: Store, upstream: Upstream) -> None:
    news = look_at(store.session, str(upstream.folder))
    assert (news.pitfalls, news.fixes, news.changes) == (1, 0, 0)
    with board_of(store) as board:
        assert board.find(query("")).total == 0
    take_in(store.session, news)
    with board_of(store) as board:
        pitfall = board.pitfall(only(store))
        assert (pitfall.title.plain, pitfall.status, pitfall.tags) == (
            "Login fails",
            Status.OPEN,
            ("login",),
        )
        assert pitfall.reported_by == "community"
        assert [one.text for one in pitfall.signatures] == ["qy.login:fail"]
    assert look_at(store.session, str(upstream.folder)).is_empty


def test_what_changes_there_changes_here(store: Store, upstream: Upstream) -> None:
    taken(store, upstream)
    changed = ENTRY.replace("S3", "S2").replace("Login fails", "Login fails often")
    changed = changed.replace('"login"', '"network"').replace(
        "qy.login:fail", "qy.login:fail 40001"
    )
    upstream.entry(1, changed + FIX, slug="renamed")
    (upstream.folder / "entries" / "0001-login.toml").unlink()
    upstream.commit()
    news = look_at(store.session, str(upstream.folder))
    assert (news.pitfalls, news.fixes, news.withdrawn) == (0, 1, 0)
    take_in(store.session, news)
    with board_of(store) as board:
        pitfall = board.pitfall(only(store))
        assert (pitfall.title.plain, pitfall.severity) == ("Login fails often", Severity.S2)
        assert pitfall.tags == ("network",)
        assert [one.text for one in pitfall.signatures] == ["qy.login:fail 40001"]
        # A fix of a catalogue is a claim, and changes no status.
        assert pitfall.status is Status.OPEN
        [state] = board.fixes.evidence(pitfall.id).values()
        assert state.state is FixState.CLAIMED


def test_a_withdrawn_entry_leaves_the_view(store: Store, upstream: Upstream) -> None:
    taken(store, upstream)
    upstream.entry(1, ENTRY + GONE)
    upstream.commit()
    taken(store, upstream)
    with board_of(store) as board:
        assert board.find(query("")).total == 0
        assert board.pitfall(only(store)).decision.triage is Triage.DECLINED
    upstream.entry(1, ENTRY)
    upstream.commit()
    taken(store, upstream)
    with board_of(store) as board:
        assert board.find(query("")).total == 1


def test_what_people_decide_counts_more(store: Store, upstream: Upstream) -> None:
    taken(store, upstream)
    name = only(store)
    store.pitfalls.edit(name, {"severity": "S1"})
    store.pitfalls.edit(name, {"workaround": "Log in again."})
    store.status.set(name, "workaround")
    store.triage.accept(name)
    store.pitfalls.edit(name, {}, remove_tags=["login"])
    upstream.entry(1, ENTRY.replace("S3", "S4").replace("Login fails", "Login") + GONE)
    upstream.commit()
    taken(store, upstream)
    with board_of(store) as board:
        pitfall = board.pitfall(name)
        assert (pitfall.severity, pitfall.status, pitfall.tags) == (
            Severity.S1,
            Status.WORKAROUND,
            (),
        )
        assert pitfall.decision.triage is Triage.SETTLED
        # Nobody here had changed the title, so it is theirs; nothing else is in conflict.
        assert pitfall.title.plain == "Login"
        assert pitfall.conflicts == ()


def test_a_change_below_an_edit_is_a_conflict(store: Store, upstream: Upstream) -> None:
    taken(store, upstream)
    name = only(store)
    store.pitfalls.edit(name, {"title": "登录失败"})
    upstream.entry(1, ENTRY.replace("Login fails", "Login fails on Android"))
    upstream.commit()
    taken(store, upstream)
    with board_of(store) as board:
        pitfall = board.pitfall(name)
        assert pitfall.title.plain == "登录失败"
        [conflict] = pitfall.conflicts
        assert [claim.value.plain for claim in conflict.claims] == [
            "登录失败",
            "Login fails on Android",
        ]
    store.pitfalls.edit(name, {"title": "Login fails on Android"})
    with board_of(store) as board:
        assert board.pitfall(name).conflicts == ()


# The same everywhere


def history_of(upstream: Upstream, seed: int) -> list[str]:
    """Some commits, with mistakes among them; their ids."""
    chosen = random.Random(seed)
    commits = []
    for _ in range(8):
        number = chosen.randint(1, 3)
        text = ENTRY.replace("Login fails", f"Login fails {chosen.randint(1, 4)}")
        text += chosen.choice(["", FIX, GONE, "nonsense"])
        upstream.entry(number, text)
        commits.append(upstream.commit())
    for number in (1, 2, 3):
        upstream.entry(number, ENTRY)
    return [*commits, upstream.commit()]


@pytest.mark.parametrize("seed", range(3))
def test_whoever_subscribes_later_has_the_same_events(
    tmp_path: Path, upstream: Upstream, seed: int
) -> None:
    commits = history_of(upstream, seed)
    stores = [Store.open(tmp_path / f"{name}.db", who=name) for name in ("early", "late")]
    for commit in (commits[2], commits[5], ""):
        taken(stores[0], upstream, commit)
    taken(stores[1], upstream)
    for one in stores:
        one.close()
    assert said(tmp_path / "early.db") == said(tmp_path / "late.db")
    early, late = (lines(tmp_path / f"{name}.db") for name in ("early", "late"))
    assert early == late


def lines(path: Path) -> list[str]:
    with Board.open(path) as board:
        return sorted(line.event for line in board.history.newest_changes(1_000))


def test_two_who_subscribe_and_share_hold_each_pitfall_once(
    tmp_path: Path, upstream: Upstream
) -> None:
    (tmp_path / "team").mkdir()
    team = Team(tmp_path / "team")
    try:
        taken(team["Ann"], upstream)
        name = only(team["Ann"])
        team["Ann"].pitfalls.edit(name, {"title": "Ann's title"})
        upstream.entry(1, ENTRY.replace("Login fails", "Login fails on Android") + FIX)
        upstream.commit()
        taken(team["Bo"], upstream)
        team.sync("Ann", "Bo", "Ann")
        paths = [team[one].path for one in ("Ann", "Bo")]
        assert said(paths[0]) == said(paths[1])
        with Board.open(paths[0]) as board:
            assert board.find(query("source:community")).total == 1
            assert board.pitfall(name).title.plain == "Ann's title"
            assert len(board.pitfall(name).conflicts) == 1
        # Ann takes in what Bo's sync has brought already.
        assert look_at(team["Ann"].session, str(upstream.folder)).is_empty
        assert not team.notes("Ann")
        assert not team.notes("Bo")
    finally:
        team.close()


# Mistakes and bad intentions


def test_a_commit_with_a_mistake_waits_for_one_without(store: Store, upstream: Upstream) -> None:
    whole = upstream.commit()
    upstream.entry(1, ENTRY.replace("Login fails", "Login fails more"))
    upstream.entry(2, "day = 1")
    upstream.commit()
    news = look_at(store.session, str(upstream.folder))
    assert news.history.commit != whole or news.history.misprints
    assert any("0002-login.toml" in str(one) for one in news.history.misprints)
    take_in(store.session, news)
    with board_of(store) as board:
        assert board.pitfall(only(store)).title.plain == "Login fails"
    (upstream.folder / "entries" / "0001-login.toml").unlink()
    upstream.entry(2, ENTRY)
    upstream.commit()
    [named] = look_at(store.session, str(upstream.folder)).history.misprints
    assert "withdrawn, not deleted" in str(named)


def test_a_rewritten_history_is_refused(store: Store, upstream: Upstream) -> None:
    taken(store, upstream)
    git(upstream.folder, "checkout", "--quiet", "--orphan", "other")
    upstream.entry(1, ENTRY.replace("Login fails", "Something else"))
    upstream.commit()
    with pytest.raises(Refused, match="was rewritten"):
        look_at(store.session, str(upstream.folder))
    with board_of(store) as board:
        assert board.pitfall(only(store)).title.plain == "Login fails"


def test_a_merge_that_pushes_the_main_line_aside_is_refused(
    store: Store, upstream: Upstream
) -> None:
    git(upstream.folder, "branch", "aside")
    upstream.entry(1, ENTRY.replace("S3", "S2"))
    upstream.commit()
    taken(store, upstream)
    git(upstream.folder, "checkout", "--quiet", "aside")
    upstream.write("README", "x")
    upstream.commit()
    git(
        upstream.folder,
        *("-c", "user.name=K", "-c", "user.email=k@a.example"),
        *("merge", "--quiet", "--no-edit", "main"),
    )
    with pytest.raises(Refused, match="was rewritten"):
        look_at(store.session, str(upstream.folder))


def test_another_catalogue_of_that_name_or_place_is_refused(
    tmp_path: Path, store: Store, upstream: Upstream
) -> None:
    taken(store, upstream)
    other = Upstream(tmp_path / "other")
    other.write(MANIFEST, ABOUT.replace("5a1c0c9e", "00000000"))
    other.entry(1, ENTRY)
    other.commit()
    with pytest.raises(Refused, match="another catalogue"):
        look_at(store.session, str(other.folder))
    other.write(MANIFEST, ABOUT.replace("5a1c0c9e", "00000000").replace("community", "wecom"))
    other.commit()
    # Its uuid stays, and it takes no name that stands for another one.
    with pytest.raises(Refused, match="built-in"):
        look_at(store.session, str(other.folder))


@pytest.mark.parametrize(
    ("limit", "most"), [("LARGEST_FETCH", 50), ("MOST_ENTRIES", 0), ("LARGEST_HISTORY", 100)]
)
def test_one_that_is_too_large_is_left_out(
    store: Store, upstream: Upstream, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(catalogue_history, limit, most)
    with pytest.raises(LimitExceeded):
        look_at(store.session, str(upstream.folder))
    with board_of(store) as board:
        assert board.find(query("")).total == 0
    monkeypatch.undo()
    taken(store, upstream)


def test_links_and_long_or_broken_files_are_mistakes(store: Store, upstream: Upstream) -> None:
    (upstream.folder / "entries" / "0002-link.toml").symlink_to("/etc/passwd")
    upstream.commit()
    upstream.entry(3, ENTRY + "#" * catalogue_history.LARGEST_FILE)
    upstream.entry(4, b"\xff\xfe" + ENTRY.encode())
    upstream.commit()
    found = look_at(store.session, str(upstream.folder)).history.misprints
    named = " ".join(map(str, found))
    assert "0003" in named
    assert "0004-login.toml: it is not UTF-8" in named
    assert "root:" not in named


def test_a_change_of_the_future_is_left_out(
    store: Store, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = (store.session.now() + 3 * DAY_MS) // 1000
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{later} +0000")
    upstream.entry(1, ENTRY.replace("S3", "S2"))
    upstream.commit()
    with pytest.raises(Refused, match="of the future"):
        look_at(store.session, str(upstream.folder))


@pytest.mark.parametrize(
    "url", ["ext::sh -c id", "http://a.example/x.git", "--upload-pack=id", "/nowhere/at/all"]
)
def test_what_is_no_address_is_refused(store: Store, url: str) -> None:
    with pytest.raises((Refused, SharingFailed)):
        look_at(store.session, url)


def test_a_repository_without_a_catalogue_is_refused(
    tmp_path: Path, store: Store, upstream: Upstream
) -> None:
    (upstream.folder / MANIFEST).unlink()
    git(upstream.folder, "checkout", "--quiet", "--orphan", "other")
    upstream.commit()
    with pytest.raises(PitboardError, match="no catalogue"):
        look_at(store.session, str(upstream.folder))


# Leaving, and giving


def test_a_catalogue_is_left_and_taken_up_again(store: Store, upstream: Upstream) -> None:
    taken(store, upstream)
    name = only(store)
    store.occurrences.log(name, platform="ios")
    assert leave(store.session, "community", hide=True) > 0
    with CatalogueReader.open(store.path) as reader:
        assert reader.subscriptions() == []
    with board_of(store) as board:
        assert board.find(query("source:community")).total == 0
    taken(store, upstream)
    with board_of(store) as board:
        assert board.find(query("")).total == 1
        assert board.occurrences.totals(name).count == 1
    leave(store.session, "community")
    with board_of(store) as board:
        assert board.find(query("")).total == 1
    with pytest.raises(Refused):
        leave(store.session, "community")
    with pytest.raises(Refused):
        leave(store.session, "wecom")


def test_a_pitfall_is_given_without_names(store: Store, upstream: Upstream) -> None:
    name = store.pitfalls.report(
        "Saving fails for Acme",
        component="wx.save",
        kind="bug",
        severity="S2",
        workaround="Ask Ada.\nThen save again.",
        signatures=["save:fail denied"],
    )
    store.occurrences.log(
        name, platform="ios", client_version="4.1.8", company="Acme", device="Ada's phone"
    )
    store.occurrences.log(name, platform="ios", client_version="4.1.8", message="by Ada")
    with board_of(store) as board:
        given = contribution(board, board.pitfall(name), date(2026, 1, 2))
    assert given.named == ("Acme", "Ada")
    [seen] = given.entry["occurrences"]
    assert seen.keys() == {"seen_on", "platform", "client_version"}
    assert given.entry["report"]["status"] == "workaround"


def test_a_hidden_one_is_not_taken_up_at_an_earlier_commit(
    store: Store, upstream: Upstream
) -> None:
    first = upstream.commit()
    upstream.entry(2, ENTRY)
    upstream.commit()
    taken(store, upstream)
    leave(store.session, "community", hide=True)
    with pytest.raises(Refused, match="later changes"):
        look_at(store.session, str(upstream.folder), pin=first)
    git(upstream.folder, "checkout", "--quiet", "--orphan", "other")
    upstream.entry(1, ENTRY.replace("Login fails", "Something else"))
    upstream.commit()
    with pytest.raises(Refused, match="was rewritten"):
        look_at(store.session, str(upstream.folder))
    with board_of(store) as board:
        assert board.find(query("source:*")).total == 0


def test_what_subscribers_have_is_not_deleted(upstream: Upstream) -> None:
    upstream.entry(2, "nonsense")
    upstream.commit()
    (upstream.folder / "entries" / "0002-login.toml").unlink()
    # It never was whole, so nobody has it.
    assert mistakes(upstream.folder) == (1, [])
    (upstream.folder / "entries" / "0001-login.toml").unlink()
    upstream.commit()
    _count, [named] = mistakes(upstream.folder)
    assert "0001: an entry is withdrawn" in str(named)


def test_an_entry_that_came_and_went_within_a_broken_commit_is_nothing(
    store: Store, upstream: Upstream
) -> None:
    upstream.entry(2, "nonsense")
    upstream.commit()
    (upstream.folder / "entries" / "0002-login.toml").unlink()
    upstream.entry(3, ENTRY)
    upstream.commit()
    news = look_at(store.session, str(upstream.folder))
    assert (news.pitfalls, news.history.misprints) == (2, ())


def test_a_folder_is_checked(upstream: Upstream) -> None:
    assert mistakes(upstream.folder) == (1, [])
    upstream.entry(2, ENTRY, slug="again")
    upstream.entry(2, ENTRY)
    upstream.entry(3, ENTRY.replace("qy.login:fail", "fail"))
    upstream.write("entries/notes.txt", "x")
    upstream.write(MANIFEST, ABOUT.replace("schema = 1", "schema = 2"))
    count, found = mistakes(upstream.folder)
    assert count == 5
    assert [str(one).partition(":")[0] for one in found] == [
        MANIFEST,
        "0002-login.toml",
        "0003-login.toml",
        "notes.txt",
    ]


def test_the_list_marks_what_comes_from_a_catalogue_of_others(
    tmp_path: Path, upstream: Upstream
) -> None:
    store = Store.open(catalogued(tmp_path / "marked.db"), who="Ann", now=lambda: MONDAY)
    take_in(store.session, look_at(store.session, str(upstream.folder)))
    ours = store.pitfalls.report("Ours")
    with Board.open(store.path) as board:
        listing = board.find(query("sort:title"))
        plain = listing.page(0, 99)
        assert {row.source for row in plain} == {""}
        rows = {row.title.plain: row for row in listing.with_sources(plain)}
        assert list(rows) == [row.title.plain for row in plain]
        assert rows["Login fails"].source == "community"
        assert rows["Ours"].source == ""
        assert {row.source for row in rows.values()} == {"community", "wecom", ""}
        for row in rows.values():
            assert board.names.source(row.id) == row.source
            shown = ListedRow(row, [0], "", SortKey.TITLE, MONDAY)
            layout = laid_out([COLUMNS["title"]], {}, 60, SortKey.TITLE, in_one_line=True)
            words = [text for text, _part in upper_words(layout.upper, shown)]
            assert (f"{FROM_CATALOGUE} " in words) == (row.source == "community")
            assert COLUMNS["source"].cell(shown) == row.source
        with AsOfBoard(store.path, Moment(MONDAY)) as then:
            before = then.find(query("source:community"))
            assert [row.source for row in before.with_sources(before.page(0, 9))] == ["community"]
    assert ours
    store.close()
