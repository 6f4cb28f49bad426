"""Lines from elsewhere: what is an event, what is kept unread, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from storage import events
from storage.events import (
    KINDS,
    LONGEST_LINE,
    Body,
    Envelope,
    MalformedEvent,
    OccurrenceLogged,
    Reported,
    event_id,
    parse,
    seal,
)
from storage.events.checked import SCHEMAS, Schema, _kept, kept_as, schema_of
from storage.events.values import LooseLink
from storage.fold.fold import fold, timeline
from storage.model.clock import LIMIT
from storage.model.environment import Environment
from storage.model.records import THE_BOARD
from storage.model.row import Severity, Text
from storage.model.vocabulary import Host, Platform
from tests.records import MONDAY, envelope, line


def test_an_event_keeps_its_exact_bytes() -> None:
    odd = b'{ "kind":"reported",' + json.dumps(envelope(more="from a newer one"))[1:].encode()
    event = parse(odd)
    assert event.line == odd
    assert event.id == event_id(odd)
    assert isinstance(event.body, Reported)


_GARBLED: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"Dear diary",
    "no object": b"[]",
    "half a line": line()[:-9],
    "no UTF-8": line(who="Ann").replace(b"Ann", b"\xff\xfe"),
    "no UTF-8 where nobody looks": line(more="Ann").replace(b'"Ann"', b'"\xff"', 1),
    "half a character": line().replace(b"white", b"\\ud800"),
    "UTF-16": line().decode().encode("utf-16"),
    "nested beyond reason": line(body={"q": 0}).replace(b"0}", b"[" * 9_000 + b"]" * 9_000 + b"}"),
    "a number beyond reason": line(body={"q": 0}).replace(b"0}", b"9" * 9_000 + b"}"),
    "a line break": line().replace(b'"v"', b'\n"v"'),
    "a carriage return": line() + b"\r",
    "too long": line(body={"title": "x" * LONGEST_LINE}),
}


@pytest.mark.parametrize("garbled", _GARBLED.values(), ids=_GARBLED.keys())
def test_what_is_no_event_is_refused_with_a_reason(garbled: bytes) -> None:
    with pytest.raises(MalformedEvent) as refused:
        parse(garbled)
    assert str(refused.value)


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "A" * 32},
        {"actor": "a" * 31},
        {"seq": 0},
        {"seq": True},
        {"seq": 1.0},
        {"seq": "1"},
        {"hlc": -1},
        {"hlc": LIMIT},
        {"at": LIMIT},
        {"prev": "nobody"},
        {"who": "x" * 201},
        {"pitfall": "abc"},
        {"pitfall": "no hex!"},
        {"pitfall": "867d"},
        {"pitfall": "ab12cd34ab12cd345"},
        {"pitfall": "AB12CD34AB12CD34"},
        {"pitfall": THE_BOARD},
        {"pitfall": THE_BOARD, "kind": "occurrence_logged", "body": {}},
        {"kind": ""},
        {"kind": "x" * 61},
        {"body": []},
        {"v": None},
    ],
    ids=repr,
)
def test_an_envelope_must_be_whole(values: dict[str, Any]) -> None:
    with pytest.raises(MalformedEvent):
        parse(line(**values))


@pytest.mark.parametrize("name", sorted(envelope()))
def test_an_envelope_must_be_complete(name: str) -> None:
    values = envelope()
    del values[name]
    with pytest.raises(MalformedEvent, match=name):
        parse(json.dumps(values).encode())


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "moved_to_the_moon", "body": {"crater": 3}},
        {"v": 2},
        {"body": {"title": ""}},
        {"body": {"title": {"en": "", "zh": ""}}},
        {"body": {"title": {}}},
        {"body": {"title": "x" * 301}},
        {"kind": "field_set", "body": {"field": "severity", "value": "S9"}},
        {"kind": "field_set", "body": {"field": "title", "value": ""}},
        {"kind": "tag_added", "body": {"tag": "two words"}},
        {"kind": "field_set", "body": {"field": "impact", "value": "high"}},
        {"kind": "status_set", "body": {"status": "closed"}},
        {"kind": "fix_recorded", "body": {"axis": "client"}},
        {"kind": "fix_recorded", "body": {"axis": "kernel", "from_version": "2"}},
        # On one platform only, which left out would be on all.
        {
            "kind": "fix_recorded",
            "body": {"axis": "client", "from_version": "2", "platform": "visionos"},
        },
        {"kind": "signature_added", "body": {"text": "fail", "form": "fuzzy"}},
        {"kind": "occurrence_logged", "body": {"outcome": "sometimes"}},
        {"kind": "fix_recorded", "body": {"axis": "client", "from_date": "yesterday"}},
        {"kind": "occurrence_logged", "body": {"count": 0}},
        {"kind": "undone", "body": {"events": []}},
    ],
    ids=repr,
)
def test_what_is_not_understood_is_kept_and_not_folded(values: dict[str, Any]) -> None:
    unread = parse(line(hlc=(MONDAY + 1) << 16, **({"who": "Later"} | values)))
    assert unread.body is None
    assert unread.holds_more
    known = parse(line())
    assert fold([known, unread]) == fold([known])


def test_a_report_is_read_by_the_fields_and_words_that_are_known() -> None:
    values = {"title": "x", "colour": "green", "severity": "S1", "status": "closed", "kind": "leak"}
    event = parse(line(body=values))
    assert event.body == Reported(title="x", severity=Severity.S1)
    assert event.holds_more
    assert json.loads(event.line)["body"] == values


def test_an_occurrence_with_unknown_words_counts_without_them() -> None:
    values = {
        "platform": "visionos",
        "host": "wecom",
        "channel": "carrier pigeon",
        "count": 3,
        "gravity": 9.81,
    }
    logged = parse(line(kind="occurrence_logged", body=values))
    folded = fold([parse(line()), logged])
    [occurrence] = folded.occurrences
    assert occurrence.count == 3
    assert occurrence.environment == Environment(host=Host.WECOM)
    assert logged.holds_more
    [output] = [one for one in timeline([logged]) if one.event == logged.id]
    assert output.known
    assert output.holds_more


def test_an_occurrence_with_what_is_no_value_is_not_understood() -> None:
    for values in ({"count": "many"}, {"client_version": 4}, {"platform": "ios", "seen_at": -1}):
        assert parse(line(kind="occurrence_logged", body=values)).body is None


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ({"device": "Phone", "gravity": 9.81}, Environment(platform=Platform.IOS, device="Phone")),
        ({"device": "Phone", "platform": "visionos"}, Environment(device="Phone")),
        ({"gravity": 9.81}, Environment(platform=Platform.IOS)),
        ({"device": "Phone", "outcome": "sometimes"}, Environment(platform=Platform.IOS)),
    ],
    ids=repr,
)
def test_an_amendment_is_read_by_what_is_known_of_it(
    changes: dict[str, Any], now: Environment
) -> None:
    logged = parse(line(kind="occurrence_logged", body={"platform": "ios"}))
    values = {"item": logged.id, "changes": changes}
    amended = parse(line(kind="item_amended", hlc=(MONDAY + 1) << 16, body=values))
    [occurrence] = fold([parse(line()), logged, amended]).occurrences
    assert occurrence.environment == now
    output = [one for one in timeline([logged, amended]) if one.event == amended.id]
    assert all(one.holds_more for one in output)
    assert output


def test_of_two_reports_the_first_says_who_reported_and_the_last_what() -> None:
    first, last = (
        line(who="Ann"),
        line(who="Bo", hlc=(MONDAY + 1) << 16, body={"title": "Reworded"}),
    )
    pitfall = fold([parse(last), parse(first)]).pitfall
    assert pitfall is not None
    assert (pitfall.reported_by, pitfall.title.plain) == ("Ann", "Reworded")


def test_the_bodies_of_all_kinds_say_what_they_speak_of() -> None:
    target = "b" * 32
    values = {
        "undone": {"events": [target]},
        "item_hidden": {"item": target},
        "item_shown": {"item": target},
        "item_amended": {"item": target, "changes": {"text": "x"}},
    }
    for kind, body in KINDS.items():
        event = parse(line(kind=kind, body=values.get(kind, {})))
        if kind in values:
            assert event.body is not None
            assert event.body.mentions() == (target,)
        else:
            assert object.__new__(body).mentions() == ()


def test_texts_from_elsewhere_may_hold_what_may_not_be_typed() -> None:
    event = parse(line(body={"title": "\x1b[1m", "workaround": {"zh": "\u202e", "en": "\x00"}}))
    pitfall = fold([event]).pitfall
    assert pitfall is not None
    assert pitfall.title == Text("\x1b[1m")
    assert pitfall.workaround == Text("\x00", "\u202e")


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ({"en": "Title", "zh": "标题"}, Text("Title", "标题")),
        ({"zh": "标题"}, Text("标题")),
        ({"zh": "标题", "en": ""}, Text("标题")),
        ({"zh": "标题", "de": "Titel"}, Text("Titel", "标题")),
        ({"zh": "Title", "en": "Title"}, Text("Title")),
    ],
    ids=repr,
)
def test_a_text_in_languages_reads_the_same_in_any_order(title: dict[str, str], read: Text) -> None:
    for values in (title, dict(reversed(title.items()))):
        pitfall = fold([parse(line(body={"title": values}))]).pitfall
        assert pitfall is not None
        assert pitfall.title == read


def test_a_action_too_long_for_a_line_is_refused() -> None:
    body = Reported(title="x", reproduction="长" * 20_000, workaround="长" * 20_000)
    said = Envelope(**envelope(body=body.dump()))
    with pytest.raises(MalformedEvent, match="too long"):
        seal(said, body)


@pytest.mark.parametrize("checked", [Envelope, LooseLink, *KINDS.values()])
def test_a_kept_schema_is_what_pydantic_makes_of_the_class(checked: type[Body]) -> None:
    """After a change: ``.ci/schemas.py`` writes the file anew."""
    assert vars(checked)["schema"].of is checked
    made = schema_of(checked)
    line = json.dumps({checked.__name__: kept_as(made)}) + "\n"
    assert line in SCHEMAS.read_text("utf-8")
    assert kept_as(checked.schema.core) == kept_as(made)


def test_schemas_that_were_kept_for_another_core_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "metadata" not in Schema(OccurrenceLogged).core
    _kept.cache_clear()
    monkeypatch.setattr("storage.events.checked.core_series", lambda: "1.0")
    try:
        schema = Schema(OccurrenceLogged)
        assert "metadata" in schema.core
        made = schema.values.validate_python({"message": "x", "host": "wecom"})
    finally:
        _kept.cache_clear()
    assert made == OccurrenceLogged(message="x", host=Host.WECOM)


def test_a_body_can_not_be_changed() -> None:
    body = OccurrenceLogged(message="x")
    with pytest.raises(AttributeError, match=r"OccurrenceLogged\.count can't be set"):
        body.count = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="deleted"):
        del body.count
    assert body.replaced(count=2) != body == body.replaced(count=1)
    assert "count=1" in repr(body)


def test_every_kind_is_found_under_its_own_name() -> None:
    assert {body.kind: body for body in KINDS.values()} == dict(KINDS)
    assert all(getattr(events, body.__name__) is body for body in KINDS.values())
    assert not hasattr(events, "Unknown")
