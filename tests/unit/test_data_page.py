"""The views for guests, and every query of the page of data: in sqlite3 and in Datasette."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from docs.generate import DATA_PAGE, DATASETTE, data_page, datasette
from docs.sql_columns import VIEWS, WORDS, meaning, unexplained, words
from storage.model.environment import NAMES
from storage.model.row import PLAN_NAMES
from storage.projection.sql_views import VIEW_COLUMNS
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import catalogued

PAGE = DATA_PAGE.read_text("utf-8")
QUERIES = dict(re.findall(r"^([A-Z][^\n]+\?)\n\n```sql\n(.*?)^```$", PAGE, re.S | re.M))
SEARCH = re.findall(r"^```sql search\n(.*?)^```$", PAGE, re.S | re.M)[0]
WHITE = "867d51af1c8d9816"


def _last_quarter() -> int:
    """A time in the quarter before this one (ms)."""
    today = datetime.now(UTC)
    this = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return int((this - timedelta(days=10)).timestamp() * 1000)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board on which every one of the queries finds something."""
    path = tmp_path_factory.mktemp("data") / "board.db"
    catalogued(path)
    with closing(Store.open(path, who="Ada")) as store:
        store.fixes.record(WHITE, axis="client", from_version="4.1.8")
        store.occurrences.log(WHITE, platform="ios", client_version="4.1.9", note="after it")
        store.pitfalls.edit([WHITE], {"assignee": "Ada", "due": "2026-12-01"})
        thread = "https://developers.weixin.qq.com/community/thread/1"
        store.links.add_reply(WHITE, thread, sort="will-fix", official=True, quote="下个版本")
        blocking = store.pitfalls.report("Nothing starts", component="map", severity="S1")
        store.triage.accept([blocking])
        back = store.pitfalls.report("It is back", component="map")
        store.status.set(back, "fixed upstream", axis="client", from_version="4.1.8")
        store.occurrences.log(back, platform="ios", client_version="4.1.9")
    with closing(Store.open(path, who="Lin", now=_last_quarter)) as store:
        store.occurrences.log(WHITE, platform="ios")
    return path


@pytest.fixture
def opened(board: Path) -> Iterator[sqlite3.Connection]:
    """The board as a guest opens it, read-only."""
    with closing(sqlite3.connect(f"file:{board}?mode=ro", uri=True)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.row_factory = sqlite3.Row
        yield connection


def test_the_page_and_the_metadata_are_current() -> None:
    assert data_page(PAGE) == PAGE, "run: python -m docs.generate"
    assert datasette(PAGE) == DATASETTE.read_text("utf-8"), "run: python -m docs.generate"
    assert VIEWS.keys() == VIEW_COLUMNS.keys()
    assert len(QUERIES) == 15


def test_every_column_and_every_word_is_explained() -> None:
    assert not unexplained()
    for view, columns in VIEW_COLUMNS.items():
        for column in columns:
            assert meaning(view, column).replace("`", "") != column, (view, column)
        assert {*VIEWS[view].facets} <= {*columns}
    explained = {(column, word) for column, word, _meaning in words()}
    assert {("verdict", "stale"), ("what", "status set")} <= explained
    for kind, told in WORDS.items():
        assert {*told} <= {word.value for word in kind}, kind


def test_no_query_compares_a_time_with_another_form_of_it() -> None:
    for text in (*QUERIES.values(), SEARCH, DATASETTE.read_text("utf-8")):
        assert not re.search(r"\b(datetime|current_timestamp)\b", text, re.I), text


def test_the_words_in_the_views_are_those_of_the_page(opened: sqlite3.Connection) -> None:
    explained: dict[str, set[str]] = {}
    for column, word, _meaning in words():
        explained.setdefault(column, set()).add(word)
    for view, columns in VIEW_COLUMNS.items():
        for column in explained.keys() & {*columns}:
            found = {row[0] for row in opened.execute(f"SELECT DISTINCT {column} FROM {view}")}
            assert found - {None} <= explained[column], (view, column)


def test_datasette_hides_every_table_and_shows_every_view(opened: sqlite3.Connection) -> None:
    whole = json.loads(DATASETTE.read_text("utf-8"))["databases"]["board"]["tables"]
    hidden = {name for name, told in whole.items() if told.get("hidden")}
    made = opened.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')")
    kinds = {name: kind for name, kind in made if not name.startswith("sqlite_")}
    assert hidden == {name for name, kind in kinds.items() if kind == "table"}
    assert whole.keys() - hidden == VIEW_COLUMNS.keys()


def test_the_query_of_statuses_says_who_set_what(tmp_path: Path) -> None:
    [query] = [text for question, text in QUERIES.items() if "changed the status" in question]
    path = tmp_path / "board.db"
    with closing(Store.open(path, who="Mia")) as store:
        pitfall = store.pitfalls.report("It shakes")
        store.status.set(pitfall, "workaround", workaround="Hold it", reason="it helps")
        store.status.set(pitfall, "open", reason="not any more")
        store.status.set(pitfall, "workaround")
        store.history.undo()
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(query).fetchall()
    assert [(row[0], *row[3:]) for row in found] == [
        (pitfall, "Mia", "workaround", "open", "not any more"),
        (pitfall, "Mia", "open", "workaround", "it helps"),
    ]


@pytest.mark.parametrize("question", QUERIES)
def test_every_query_answers(opened: sqlite3.Connection, question: str) -> None:
    assert opened.execute(QUERIES[question]).fetchall()


def test_the_views_hold_what_the_board_shows(opened: sqlite3.Connection, board: Path) -> None:
    rows = {row["id"]: row for row in opened.execute("SELECT * FROM pitfalls_view")}
    with Board.open(board) as shown:
        found = shown.find(Query())
        for row in found.page(0, found.total):
            view = rows[row.id]
            assert (view["title"], view["status"]) == (row.title.plain, row.status.value)
            assert view["occurrence_count"] == row.totals.count
        held = shown.occurrences.of(WHITE)
    assert {*PLAN_NAMES} <= {*rows[WHITE].keys()}
    seen = opened.execute("SELECT * FROM occurrences_view WHERE pitfall_id = ?", (WHITE,))
    views = {row["id"]: row for row in seen.fetchall()}
    assert views.keys() == {one.id for one in held}
    for one in held:
        assert [views[one.id][name] for name in NAMES] == list(one.environment)
    [regression] = [row for row in views.values() if row["verdict"] == "regression"]
    assert (regression["note"], regression["who"]) == ("after it", "Ada")
    assert regression["pitfall_title"] == rows[WHITE]["title"]


def test_times_are_iso_dates_and_no_cell_is_a_number_of_milliseconds(
    opened: sqlite3.Connection,
) -> None:
    for name, columns in VIEW_COLUMNS.items():
        cursor = opened.execute(f"SELECT * FROM {name}")
        assert tuple(one[0] for one in cursor.description) == columns
        rows = cursor.fetchall()
        assert rows, name
        for row in rows:
            for column in columns:
                value = row[column]
                if column.endswith("_at") or column in ("first_seen", "last_seen", "at"):
                    assert value is None or re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:?){3}Z", value)
                assert not isinstance(value, int) or value < 1_000_000_000, column
                assert value != "", (name, column)


def test_a_week_begins_on_its_monday(opened: sqlite3.Connection) -> None:
    days = opened.execute("SELECT DISTINCT strftime('%w', week_begins) FROM weekly_view")
    assert [tuple(row) for row in days] == [("1",)]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("打开失败", True),
        ("内部错误 体验版", True),
        ("失打开败", False),
        ("trial open", True),
        ("TRIAL fai", True),
        ('the "internal', True),
        ("", False),
        ('"', False),
        ("nothing-like-it", False),
    ],
)
def test_search_finds_chinese_and_english(
    opened: sqlite3.Connection, text: str, is_found: bool
) -> None:
    found = [row["id"] for row in opened.execute(SEARCH, {"text": text})]
    assert (WHITE in found) is is_found


def test_the_views_are_made_again_with_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    catalogued(path)
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute("SELECT count(*) FROM pitfalls_view").fetchone()
        connection.execute("DROP VIEW pitfalls_view")
    with closing(Store.open(path)) as store:
        store.rebuild()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM pitfalls_view").fetchone() == before


@pytest.mark.skipif(shutil.which("datasette") is None, reason="Datasette is not installed")
def test_datasette_answers_every_query(board: Path) -> None:
    def get(path: str) -> list[dict[str, object]]:
        ended = subprocess.run(
            ["datasette", board, "--metadata", DATASETTE, "--get", path],
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        found: list[dict[str, object]] = json.loads(ended.stdout)
        return found

    for question, query in QUERIES.items():
        asked = urlencode({"sql": query.strip().removesuffix(";"), "_shape": "array"})
        assert get(f"/board.json?{asked}"), question
    asked = urlencode({"id": WHITE, "_shape": "array"})
    assert [one["id"] for one in get(f"/board/pitfall.json?{asked}")] == [WHITE]
    asked = urlencode({"text": "打开失败", "_shape": "array"})
    assert WHITE in {one["id"] for one in get(f"/board/search.json?{asked}")}
