"""Every door where a date or an id is typed takes it in every way in which people write one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import click
import pytest

from storage.errors import Refused
from storage.retro import periods
from storage.text.dates import ahead as ahead_of
from storage.text.dates import as_of, day, due_day, moment
from storage.text.zones import day_of, zone
from storage.write.store import Store
from tests.cli.conftest import Pitboard
from tests.records import DAY_MS, MONDAY, Wall
from tui import dialogs
from tui.cli.group import Verbs
from tui.cli.input import AnyMoment, Day, FutureMoment, StatusWord, VersionOrDay, VocabularyWord
from tui.cli.open_board import AsOfMoment
from tui.text.verbs import VERBS

#: Friday, 2026-11-20, in all the ways that don't depend on today.
FRIDAY = ("2026-11-20", "2026/11/20", "2026年11月20日", "２０２６／１１／２０", "2026-11-20 00:00")
#: Days that depend on today, and how far from it they are.
NAMED = {"today": 0, "今天": 0, "yesterday": -1, "昨天": -1, "前天": -2}
#: The Monday of a week.
WEEK = ("2026-W47", "2026-w47", "2026W47")
#: What reads a date that was typed.
_DATES = (AnyMoment, FutureMoment, Day, VersionOrDay, AsOfMoment)


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    """Every option and argument of the command, with its verb and name."""
    context = click.Context(click.Group())
    for verb in VERBS:
        command = Verbs().get_command(context, verb)
        assert command is not None
        for one in command.params:
            yield f"{verb} {one.opts[0]}", one


def doors() -> dict[str, click.ParamType]:
    """Those that are a date."""
    found = {}
    for name, one in parameters():
        if isinstance(one.type, _DATES):
            found[name] = one.type
        else:
            # What says that it is a date, and reads none.
            words = {(one.metavar or "").strip("[]")}
            assert not words & {"DATE", "TIME", "WHEN"}, name
    return found


DOORS = doors()


def test_no_door_is_forgotten() -> None:
    assert len(DOORS) > 25
    assert {name.partition(" ")[0] for name in DOORS} >= {"log", "history", "retro", "diff", "list"}


@pytest.mark.parametrize("door", DOORS)
def test_a_day_is_taken_in_every_way(door: str) -> None:
    def read(text: str) -> object:
        return DOORS[door].convert(text, None, None)

    midnight = isinstance(DOORS[door], AnyMoment | FutureMoment)
    assert len({read(text) for text in (FRIDAY if midnight else FRIDAY[:-1])}) == 1
    assert len({read(text) for text in WEEK}) == 1
    assert read("2026-W47") != read("2026-W46")
    today = zone().local(time.time_ns() // 1_000_000).date()
    for text, days in NAMED.items():
        if days or not isinstance(DOORS[door], AsOfMoment):
            assert read(text) == read((today + timedelta(days=days)).isoformat())


@pytest.mark.parametrize("text", [*FRIDAY[:-1], "2026-W47"])
def test_forms_take_it_too(text: str) -> None:
    """What the forms of the screen make of their answers."""
    is_week = text == "2026-W47"
    first, last = ("2026-11-16", "2026-11-22") if is_week else ("2026-11-20", "2026-11-20")
    at = moment(first)
    assert dialogs.board.moment({"at": text, "clock": "at"}, MONDAY).at == as_of(last, MONDAY)
    assert dialogs.board.stretch({"since": text, "until": ""}, MONDAY) == (
        as_of(last, MONDAY),
        MONDAY,
    )
    note = dialogs.retro.noted(
        {"due": text, "done_on": text, "sort": "follow-up", "text": "x", "owner": ""},
        MONDAY,
    )
    assert (note["due"], note["done_on"]) == (last, first)
    assert dialogs.forms.occurrence_values({"at": text})["seen_at"] == at
    link = dict.fromkeys(("url", "title", "source", "quote", "official"), "")
    assert dialogs.references.reference(link | {"quoted_on": text})["quoted_on"] == first
    status = dict.fromkeys(("axis", "quote", "reference", "reason"), "")
    status |= {"status": "fixed upstream", "from": text}
    assert dialogs.fixes.status(status)["from_date"] == first
    reply = dict.fromkeys(("sort", "author", "official", "version", "quote"), "")
    assert dialogs.references.reply(reply | {"said_on": text})["said_on"] == first
    snooze = dict.fromkeys(("occurrences", "client", "library", "reason"), "")
    assert dialogs.decisions.snoozed(snooze | {"until": text}, 0)["until"] == at
    assert day_of(periods.parse(text, MONDAY).since) == first
    assert day_of(periods.parse(text, MONDAY).until - 1) == last


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("yesterday", "2026-11-22", "2026-11-22"),
        ("昨天", "2026-11-22", "2026-11-22"),
        ("今天", "2026-11-23", "2026-11-23"),
        ("2026年11月", "2026-11-01", "2026-11-30"),
        ("2026/11", "2026-11-01", "2026-11-30"),
        ("2026年", "2026-01-01", "2026-12-31"),
        ("2026/11/01..昨天", "2026-11-01", "2026-11-22"),
    ],
)
def test_a_period_is_typed_as_people_write_it(text: str, first: str, last: str) -> None:
    period = periods.parse(text, MONDAY)
    assert (day_of(period.since), day_of(period.until - 1)) == (first, last)


@pytest.mark.parametrize(
    ("text", "passed", "ahead"),
    [
        ("12月5日", "2025-12-05", "2026-12-05"),
        ("１１月２０号", "2026-11-20", "2027-11-20"),
        ("11月23日", "2026-11-23", "2026-11-23"),
        ("2月29日", "2024-02-29", "2028-02-29"),
        ("31号", "2026-10-31", "2026-12-31"),
        ("23号", "2026-11-23", "2026-11-23"),
        ("月底", "2026-10-31", "2026-11-30"),
        ("下个月底", None, "2026-12-31"),
        ("end of month", "2026-10-31", "2026-11-30"),
        ("上月底", "2026-10-31", None),
    ],
)
def test_a_day_without_a_year_is_the_nearest(
    text: str, passed: str | None, ahead: str | None
) -> None:
    if ahead:
        assert due_day(text, MONDAY) == ahead
        assert day_of(ahead_of(text, MONDAY)) == ahead
    if passed:
        assert day(text, now=MONDAY) == passed
        assert day_of(moment(text, now=MONDAY)) == passed
        assert day_of(periods.parse(text, MONDAY).since) == passed


@pytest.mark.parametrize("text", ["13月1日", "2月30日", "0号", "32号"])
def test_no_month_has_that_day(text: str) -> None:
    for read in (day, due_day):
        with pytest.raises(Refused):
            read(text, now=MONDAY)


def test_filters_take_a_day_without_a_year(pitboard: Pitboard) -> None:
    made = pitboard("new", "White screen", "--due", "月底")
    assert made.code == 0, made.err
    assert pitboard("list", "due:月底", "--count").out == "1\n"
    # Whichever of them the end of this month is.
    sides = [pitboard("list", f"due:{side}12月5日", "--count").out for side in ("<", ">=")]
    assert sorted(sides) == ["0\n", "1\n"]
    assert pitboard("list", "seen:12月5日", "--count").out == "0\n"


# Ids, and dates where the board answers


@pytest.fixture
def friday(pitboard: Pitboard) -> str:
    """A pitfall that was seen on that Friday and changed on the Sunday after it."""
    wall = Wall(MONDAY - 3 * DAY_MS)
    with closing(Store.open(pitboard.path, who="Ada", now=wall)) as store:
        name = store.pitfalls.report("White screen")
        store.occurrences.log(name, seen_at=wall.ms)
        wall.ms = MONDAY - DAY_MS
        store.comments.add(name, "Still there")
        store.retro.note("Ask the vendor", sort="follow-up", pitfall=name)
    return name


@pytest.mark.parametrize("text", [*FRIDAY[:-1], "2026-W47"])
def test_the_board_answers_to_each(pitboard: Pitboard, friday: str, text: str) -> None:
    assert pitboard("list", f"seen:{text}", "--count").out == "1\n"
    assert pitboard("list", f"seen:>{text}", "--count").out == "0\n"
    lines = pitboard("history", friday, "--since", text, "--until", text).out.splitlines()
    # The comment of Sunday is of that week, and of no Friday.
    assert len(lines) == (4 if text == "2026-W47" else 2)
    assert "White screen" in pitboard("list", "--as-of", text).out
    data = json.loads(pitboard("retro", text, "--format", "json").out)
    assert data["occurrences"]["now"] == 1
    ranged = pitboard("retro", "--since", text, "--until", text, "--format", "json")
    assert json.loads(ranged.out)["period"] == data["period"] | {"kind": "days", "name": ""}
    note = json.loads(pitboard("retro", "follow-ups", "--json").out)["follow_ups"][0]["id"]
    assert pitboard("entry", "edit", friday, note, f"due={text}").code == 0
    due = json.loads(pitboard("retro", "follow-ups", "--json").out)["follow_ups"][0]["due"]
    assert due == ("2026-11-16" if text == "2026-W47" else "2026-11-20")


def spellings(name: str) -> list[str]:
    """An id as people copy and type it."""
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in name[:6])
    return [name, name[:6], f"#{name[:6]}", name[:6].upper(), wide, f"＃{wide}", f" #{name[:6]} "]


def test_an_id_is_taken_in_every_way(pitboard: Pitboard, friday: str) -> None:
    with pitboard.store() as store:
        other = store.pitfalls.report("Another one")
    note = json.loads(pitboard("retro", "follow-ups", "--json").out)["follow_ups"][0]["id"]
    for name in spellings(friday):
        for words in (
            ("show", name),
            ("history", name),
            ("list", f"id:{name.strip()}"),
            ("comment", name, "again"),
            ("triage", "not-duplicate", other, name),
            ("retro", "note", "x", "--pitfall", name),
            ("bug-report", name),
        ):
            ended = pitboard(*words)
            assert ended.code == 0, (words, ended.err)
    for name in spellings(note):
        assert pitboard("entry", "edit", friday, name, f"owner={name.strip()}").code == 0
    assert pitboard("retro", "done", f"＃{note[:8]}").code == 0


# Words of a vocabulary

#: The lists of words that are no vocabulary of the record: formats, parts, shells, languages.
_NO_VOCABULARY = {"form", "what", "fail_on", "shell", "lang"}


def vocabularies() -> dict[str, VocabularyWord]:
    """Those that are a word of a vocabulary."""
    found = {}
    for name, one in parameters():
        if isinstance(one.type, VocabularyWord):
            found[name] = one.type
        elif isinstance(one.type, click.Choice) and not isinstance(one.type, StatusWord):
            assert one.name in _NO_VOCABULARY, name
    return found


def test_an_option_takes_the_words_of_both_languages() -> None:
    found = vocabularies()
    assert len(found) > 25
    for name, kind in found.items():
        for word in kind._kind:
            for spelling in word.spellings:
                wide = spelling.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
                for typed in (spelling, spelling.upper(), wide, f" {spelling} "):
                    assert kind.convert(typed, None, None) == word.value, (name, typed)
        if not {"S1", "ios", "wifi"} & {word.value for word in kind._kind}:
            assert all(not word.zh.isascii() for word in kind._kind), name


def test_words_in_chinese_are_taken_whatever_the_language(pitboard: Pitboard) -> None:
    made = pitboard("new", "白屏", "--kind", "缺陷", "--severity", "ｓ２")
    assert made.code == 0, made.err
    pitfall = pitboard("list", "白屏").out.split("\t")[0]
    logged = pitboard("log", pitfall, "--platform", "安卓", "--channel", "正式版")
    assert logged.code == 0, logged.err
    assert pitfall[:4] in pitboard("list", "--kind", "缺陷", "platform:android").out
    refused = pitboard("log", pitfall, "--platform", "塞班")
    assert refused.code == 2
    assert "塞班" in refused.err
    assert "android" in refused.err
