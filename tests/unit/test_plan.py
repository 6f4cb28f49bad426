"""Who takes care of a pitfall, until when, under which ticket: everywhere that it is declared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import get_args

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.as_of.board import AsOfBoard
from storage.errors import Refused
from storage.events import KINDS, FieldSet, Reported
from storage.events.values import FieldName
from storage.exports.json_shapes import as_listed
from storage.exports.whole_board import export_csv
from storage.fold.fold import fold
from storage.imports.importer import import_items
from storage.imports.sources import SourceFormat, incoming
from storage.model.clock import ClockKind, Moment
from storage.model.fields import Field
from storage.model.row import (
    ME,
    NONE,
    PLAN_FIELDS,
    PLAN_NAMES,
    InboxReason,
    OccurrenceTotals,
    Plan,
    Status,
    Triage,
)
from storage.query.completion import complete
from storage.query.keys import Has
from storage.query.parser import parse
from storage.read.board import Board
from storage.reports.bug_report import bug_report
from storage.text.dates import due_day
from storage.text.zones import zone
from storage.write.store import Store
from tests.boards import fresh
from tests.records import DAY_MS, MONDAY, Wall
from tests.teams import Team
from tui.cli.edit import edit
from tui.cli.report import new
from tui.dialogs import forms
from tui.dialogs.forms import plan_fields
from tui.services.external_programs import document, document_changes
from tui.services.views import built_in, view_named
from tui.text.columns import COLUMNS
from tui.text.fields import value_name
from tui.text.i18n import _, pgettext, speak, translator
from tui.text.lead import lead_facts, lead_lines

WHOLE = {"assignee": "Ann Li", "due": "2026-12-01", "ticket": "WX-20417"}


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def store(tmp_path: Path, wall: Wall) -> Iterator[Store]:
    store = Store.open(fresh(tmp_path / "board.db"), who="Ann Li", now=wall)
    yield store
    store.close()


def titles(store: Store, text: str, *, me: str = "Ann Li", now: int = MONDAY) -> str:
    """What a query finds, in its order."""
    query = parse(text)
    assert not query.problems, query.problems
    with Board.open(store.path) as board:
        board.asked_by(lambda: me)
        found = board.find(query, now=now)
        return " ".join(row.title.plain for row in found.page(0, 99))


@pytest.mark.parametrize("field", PLAN_FIELDS, ids=lambda field: field.name)
class TestField:
    """What a field is declared with reaches every place."""

    def test_it_has_its_words_in_both_languages(self, field: Field) -> None:
        for message in (field.label, field.help, field.heading, field.query_help):
            assert message
            speak("zh_CN")
            chinese = _(message)
            speak("en")
            assert chinese != message
        assert value_name(field.name) == field.label
        assert Has(field.name).spellings

    def test_events_tables_and_columns_hold_it(self, field: Field, store: Store) -> None:
        for kind in (Reported,):
            assert getattr(kind, field.name) == ""
        assert FieldSet(field=field.name, value=WHOLE[field.name]).value == WHOLE[field.name]
        with closing(sqlite3.connect(store.path)) as connection:
            for table in ("pitfalls", "states"):
                columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
                assert field.name in [name for _n, name, *_ in columns]
        assert COLUMNS[field.name].label == field.label

    def test_what_was_written_is_read_exported_and_found(self, field: Field, store: Store) -> None:
        value = WHOLE[field.name]
        other = store.pitfalls.report("Other")
        pitfall = store.pitfalls.report("It", **{field.name: value})
        with Board.open(store.path) as board:
            held = board.pitfall(pitfall)
            assert held.plan == Plan(**{field.name: value})
            [row] = board.find(parse(f'{field.key}:"{value}"')).page(0, 9)
            assert (row.id, row.plan) == (pitfall, held.plan)
            listed = as_listed(held, OccurrenceTotals(), "en")
            assert listed[field.name] == value
            assert as_listed(board.pitfall(other), OccurrenceTotals(), "en")[field.name] is None
            written: list[str] = []
            export_csv(board, "en", written.append)
            assert field.name in written[0].split(",")
            assert value in "".join(written)
            text = bug_report(board, pitfall, translator("en"), str).text
            assert (value in text) == bool(field.bug_report)
            if field.bug_report:
                assert pgettext("bug report", field.bug_report) in text
        for spelling in field.query.split():
            assert titles(store, f'{spelling}:"{value}"') == "It"
            assert titles(store, f'-{spelling}:"{value}" tag:none or {spelling}:none') == "Other"
        assert titles(store, f"has:{field.name}") == "It"
        assert titles(store, f"-has:{field.name}") == "Other"
        for none in NONE:
            assert titles(store, f"{field.key}:{none}") == "Other"

    def test_commands_forms_and_the_document_ask_for_it(self, field: Field, store: Store) -> None:
        for verb in (new, edit):
            [option] = [one for one in verb.params if one.name == field.name]
            assert isinstance(option, click.Option)
            assert option.help == _(field.help)
        assert field.name in [one.field for one in plan_fields(Plan())]
        changed = {field.name: WHOLE[field.name]}
        assert forms.edits(changed)["changes"] == changed
        pitfall = store.pitfalls.report("It")
        with Board.open(store.path) as board:
            before = document(board.pitfall(pitfall))
        after = before.replace(f"\n{field.name}: ", f"\n{field.name}: {WHOLE[field.name]}")
        assert document_changes(before, after).changes == changed

    def test_it_is_undone_reverted_and_seen_as_it_was(
        self, field: Field, store: Store, wall: Wall
    ) -> None:
        value = WHOLE[field.name]
        pitfall = store.pitfalls.report("It")
        before = wall.ms
        wall.ms += DAY_MS
        store.pitfalls.edit(pitfall, {field.name: value})
        with Board.open(store.path) as board:
            [line] = [one for one in board.history.timeline(pitfall) if one.field == field.name]
            assert line.after.plain == value
        with AsOfBoard(store.path, Moment(before, ClockKind.AT)) as past:
            assert past.find(parse(f"has:{field.name}")).total == 0
            assert past.pitfall(pitfall).plan == Plan()
        with AsOfBoard(store.path, Moment(wall.ms, ClockKind.AT)) as past:
            assert past.find(parse(f'{field.key}:"{value}"')).total == 1
        store.history.revert(pitfall, line.event)
        assert titles(store, f"{field.key}:none") == "It"
        store.history.undo()
        assert titles(store, f"has:{field.name}") == "It"
        store.history.undo()
        assert titles(store, f"has:{field.name}") == ""

    def test_two_who_write_it_at_once_are_shown_both(self, field: Field, tmp_path: Path) -> None:
        team = Team(tmp_path)
        values = {"assignee": ("Ann", "Bo"), "due": ("2026-12-01", "2026-12-02")}
        one, other = values.get(field.name, ("T1", "T2"))
        try:
            pitfall = team["Ann"].pitfalls.report("It")
            team.sync("Ann", "Bo")
            team["Ann"].pitfalls.edit(pitfall, {field.name: one})
            team["Bo"].pitfalls.edit(pitfall, {field.name: other})
            team.sync("Ann", "Bo", "Ann")
            for name in ("Ann", "Bo"):
                with Board.open(team[name].path) as board:
                    [conflict] = board.pitfall(pitfall).conflicts
                    assert conflict.name == field.name
                    assert {claim.value.plain for claim in conflict.claims} == {one, other}
        finally:
            team.close()

    def test_an_import_fills_it_and_follows_the_file(self, field: Field, store: Store) -> None:
        path = store.path.parent / "list.csv"

        def take(text: str) -> Plan:
            path.write_text(text, "utf-8")
            with path.open("rb") as stream:
                items = incoming(
                    *(stream, SourceFormat.CSV, store.path),
                    file=path.name,
                    day="",
                    asked=[f"{field.name}=Mine"],
                    name="",
                )
                assert items.columns is not None
                assert items.columns.of[field.name].names == ("Mine",)
                import_items(store.session, items.arriving())
            with Board.open(store.path) as board:
                [row] = board.find(parse("inbox:yes")).page(0, 9)
                return row.plan

        value = WHOLE[field.name]
        assert take(f"id,title,Mine\nA-1,It fails,{value}\n") == Plan(**{field.name: value})
        later = "2026-12-05" if field.is_day else "Later"
        assert take(f"id,title,Mine\nA-1,It fails,{later}\n") == Plan(**{field.name: later})


def test_a_day_that_can_not_be_read_is_left_in_the_notes(store: Store) -> None:
    path = store.path.parent / "list.csv"
    path.write_text("id,title,due\n1,Soon,asap\n2,Never,0000-00-00\n", "utf-8")
    with path.open("rb") as stream:
        items = incoming(
            *(stream, SourceFormat.CSV, store.path), file="list.csv", day="", asked=(), name=""
        )
        import_items(store.session, items.arriving())
    with Board.open(store.path) as board:
        rows = board.find(parse("inbox:yes sort:title")).page(0, 9)
        notes = [board.pitfall(row.id).reproduction.plain for row in rows]
    assert notes == ["", "due: asap"]


def test_the_declaration_and_the_events_name_the_same() -> None:
    assert tuple(field.name for field in PLAN_FIELDS) == PLAN_NAMES
    assert set(PLAN_NAMES) <= Reported.schema.fields.keys()
    assert set(PLAN_NAMES) <= {*get_args(FieldName)}
    assert KINDS["field_set"] is FieldSet


def test_me_is_whoever_asks_or_writes(store: Store) -> None:
    for number, me in enumerate(ME):
        store.pitfalls.report(f"Mine{number}", assignee=me)
    store.pitfalls.report("Theirs", assignee="Bo")
    mine = {f"Mine{number}" for number in range(len(ME))}
    for me in ME:
        assert set(titles(store, f"assignee:{me}").split()) == mine
        assert titles(store, f"assignee:{me}", me="bo") == "Theirs"
    assert set(titles(store, "assignee:me,bo").split()) == mine | {"Theirs"}
    assert titles(store, "-assignee:me tag:none or -负责人:我") == "Theirs"
    assert titles(store, "assignee:*", me="nobody").count("Mine") == len(ME)
    view = view_named("mine", built_in())
    assert set(titles(store, view.query).split()) == mine


#: Monday, 2026-11-23: what is due when, by its title.
DAYS = {"Past": "2026-11-22", "Today": "2026-11-23", "Week": "2026-11-30", "Far": "2027-01-15"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("due:overdue", "Past"),
        ("截止:逾期", "Past"),
        ("due:2026-11-23", "Today"),
        ("due:2026-11-30", "Week"),
        ("due:2026-W48", "Today"),
        ("due:2026-11", "Past Today Week"),
        ("due:<1w", "Past Today"),
        ("due:<=1w", "Past Today Week"),
        ("due:1w", "Past Today Week"),
        ("due:>1w", "Far"),
        ("due:<1周", "Past Today"),
        ("due:0d..8d", "Today Week"),
        ("due:2026-11-23..2026-12-01", "Today Week"),
        ("due:next-week", None),
        ("-due:<1w has:due", "Far Week"),
        ("due:none", "Never"),
        ("due:overdue or due:>3w", "Far Past"),
    ],
)
def test_days_are_asked_for_in_every_way(store: Store, query: str, found: str | None) -> None:
    for title, due in DAYS.items():
        store.pitfalls.report(title, due=due)
    done = store.pitfalls.report("Done", due="2026-11-01")
    store.status.set(done, "fixed upstream", axis="client", from_version="4.1.9")
    store.pitfalls.report("Never")
    if found is None:
        assert parse(query).problems
        return
    wanted = titles(store, f"({query}) status:open")
    assert " ".join(sorted(wanted.split())) == found
    assert "Done" not in titles(store, "due:overdue")
    assert titles(store, "sort:due status:open") == "Past Today Week Far Never"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026年12月1日", "2026-12-01"),
        ("tomorrow", "2026-11-24"),
        ("明天", "2026-11-24"),
        ("2026-W49", "2026-12-06"),
        ("friday", "2026-11-27"),
        ("next friday", "2026-12-04"),
        ("周五", "2026-11-27"),
        ("下周五", "2026-12-04"),
        ("monday", "2026-11-30"),
        ("本周一", "2026-11-23"),
        ("next week", "2026-11-30"),
        ("2w", "2026-12-07"),
        ("3天后", "2026-11-26"),
    ],
)
def test_a_day_is_typed_in_every_way(store: Store, typed: str, day: str) -> None:
    pitfall = store.pitfalls.report("It", due=typed)
    store.pitfalls.edit(store.pitfalls.report("Other"), {"due": typed})
    with Board.open(store.path) as board:
        assert board.pitfall(pitfall).plan.due == day
        assert [row.plan.due for row in board.find(parse("has:due")).page(0, 9)] == [day] * 2


@pytest.mark.parametrize("typed", ["someday", "2026-13-01", "-1", "99999999d"])
def test_what_is_no_day_is_refused_and_writes_nothing(store: Store, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        store.pitfalls.report("It", due=typed)
    assert refused.value.field == "due"
    assert titles(store, "It") == ""


@given(st.integers(0, 400))
def test_what_lies_ahead_is_that_many_days_away(days: int) -> None:
    assert due_day(f"{days}d", MONDAY) == due_day("today", MONDAY + days * DAY_MS)


def test_the_block_says_it_and_marks_what_is_overdue(store: Store) -> None:
    pitfall = store.pitfalls.report("It", **WHOLE | {"due": "2026-11-20"})
    with Board.open(store.path) as board:

        def block(now: int) -> str:
            facts = lead_facts(board, board.pitfall(pitfall), now)
            lines = lead_lines(facts, lambda step: step.verb)
            return "\n".join("".join(words for words, _tone in line) for line in lines)

        words = "assigned to Ann Li · ! overdue: 2026-11-20 · vendor ticket WX-20417"
        assert words in block(MONDAY)
        # The day itself has not passed before it ends.
        assert "· due 2026-11-20 ·" in block(MONDAY - 3 * DAY_MS)


def test_the_end_of_an_address_is_a_ticket(store: Store) -> None:
    store.pitfalls.report("It", ticket="https://vendor.example/tickets/20417")
    assert titles(store, "ticket:20417") == "It"
    assert titles(store, "ticket:204") == ""
    assert titles(store, "ticket:*204*") == "It"


def test_names_are_completed(store: Store) -> None:
    store.pitfalls.report("It", assignee="Bo")
    with Board.open(store.path) as board:
        for text, first in (("assignee:", "me"), ("assignee:B", "Bo"), ("负责人:", "我")):
            language = "en" if text.isascii() else "zh_CN"
            offers = complete(text, len(text), board.names, language).offers
            assert offers[0].text == first
        assert "Ann Li" in [one.value for one in complete("assignee:", 9, board.names).offers]


def test_an_event_of_before_has_none_and_a_day_of_elsewhere_is_written_one_way(
    store: Store,
) -> None:
    assert Reported.read({"title": "It"})[0].due == ""
    body, holds_more = Reported.read({"title": "It", "due": "20261201", "later": 1})
    assert (body.due, holds_more) == ("2026-12-01", True)
    assert fold([]).pitfall is None


# What is overdue comes up in triage


def waits(path: Path, now: int) -> dict[str, tuple[InboxReason | None, int]]:
    """Why and since when what waits for a decision does, by its title; asked in every way."""
    with Board.open(path) as board:
        query = parse("inbox:yes -inbox:no")
        rows = board.find(query, now=now).page(0, 99)
        assert board.inbox.count(now) == len(rows) == board.find(query, now=now).total
        for row in rows:
            [found] = board.find(parse(f'inbox:yes "{row.title.plain}"'), now=now).page(0, 99)
            assert found.id == row.id
        decisions = board.inbox.decisions([row.id for row in rows], now)
        assert {one.triage for one in decisions.values()} <= {Triage.INBOX}
        return {
            row.title.plain: (decisions[row.id].inbox_reason, decisions[row.id].at) for row in rows
        }


def test_what_is_overdue_waits_until_somebody_decides(store: Store, wall: Wall) -> None:
    names = {title: store.pitfalls.report(title, due=due) for title, due in DAYS.items()}
    fixed = store.pitfalls.report("The vendor did it", due="2026-11-23")
    never = store.pitfalls.report("Last of all days", due="9999-12-31")
    store.triage.accept([*names.values(), fixed, never])
    store.status.set(fixed, "fixed upstream", axis="client", from_version="4.1.9")
    before = store.pitfalls.report("Its day passed before it was accepted", due="2026-11-01")
    store.triage.accept(before)
    assert waits(store.path, MONDAY) == {}
    begin = zone().begins
    tuesday = begin(date(2026, 11, 24))
    with Board.open(store.path) as board:
        # The screen reads its inbox again then.
        assert board.inbox.next_wake(MONDAY) == tuesday
        assert board.inbox.next_wake(begin(date(2027, 2, 1))) is not None
    overdue = InboxReason.OVERDUE
    assert waits(store.path, tuesday - 1) == {}
    assert waits(store.path, tuesday) == {"Today": (overdue, tuesday)}
    week = begin(date(2026, 12, 1))
    assert waits(store.path, week) == {"Today": (overdue, tuesday), "Week": (overdue, week)}

    wall.ms = week
    events = store.session.connection.execute("SELECT count(*) FROM events").fetchall()
    with Board.open(store.path) as board:
        assert board.pitfall(names["Week"]).status is Status.OPEN
    assert store.session.connection.execute("SELECT count(*) FROM events").fetchall() == events

    store.pitfalls.edit(names["Today"], {"due": "2026-12-05"})
    store.triage.snooze(names["Week"], until=week + 3 * DAY_MS)
    assert waits(store.path, week) == {}
    store.history.undo()
    assert set(waits(store.path, week)) == {"Week"}
    store.triage.accept(names["Week"], reason="It stays.")
    assert waits(store.path, week + DAY_MS) == {}
    # It comes up once for each day that passed.
    assert set(waits(store.path, week + 5 * DAY_MS)) == {"Today"}
    store.pitfalls.edit(names["Week"], {"due": "2026-12-02"})
    assert set(waits(store.path, week + 2 * DAY_MS)) == {"Week"}
    with AsOfBoard(store.path, Moment(week + 2 * DAY_MS)) as then:
        assert then.inbox.count(week + 2 * DAY_MS) == 1


def test_a_decision_on_what_is_overdue_counts_for_the_whole_team(tmp_path: Path) -> None:
    team = Team(tmp_path)
    pitfall = team["Ann"].pitfalls.report("Late", due="2026-11-24")
    team["Ann"].triage.accept(pitfall)
    team.sync()
    team.wall.ms += 2 * DAY_MS
    paths = [team[name].path for name in ("Ann", "Bo")]
    assert [set(waits(path, team.wall.ms)) for path in paths] == [{"Late"}] * 2
    team["Bo"].triage.accept(pitfall)
    team.sync()
    assert [waits(path, team.wall.ms) for path in paths] == [{}, {}]
