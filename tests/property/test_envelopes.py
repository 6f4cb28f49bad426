"""Every event kind goes into a line and comes out of it as it was."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import SchemaSerializer

from storage.db.rows import shape_of
from storage.events import KINDS, VERSION, Envelope, OccurrenceLogged, held_columns, parse, seal
from storage.events.event import event_id
from storage.model.records import THE_BOARD, Occurrence
from tests.histories import ABOUT, BODIES, about
from tests.records import envelope

_IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
_ALL = BODIES | {kind: about(kind, _IDS) for kind in ABOUT}


def test_every_kind_is_drawn() -> None:
    assert _ALL.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_sealed_and_parsed_it_is_the_same(kind: str, data: st.DataObject) -> None:
    try:
        body = KINDS[kind].whole(data.draw(_ALL[kind]))
    except ValueError:
        reject()  # A text in several languages with nothing in it is no title.
    values = Envelope(
        v=VERSION,
        actor=data.draw(_IDS),
        seq=data.draw(st.integers(1, 9)),
        prev=data.draw(st.none() | _IDS),
        step=1,
        hlc=data.draw(st.integers(0, 1 << 60)),
        at=1,
        who=data.draw(st.text(max_size=20)),
        pitfall="abcdef0123456789",
        kind=kind,
        body=body.dump(),
    )
    sealed = seal(values, body)
    read = parse(sealed.line)
    assert read.body == body
    assert read.envelope == values
    assert read.id == sealed.id == hashlib.sha256(sealed.line).hexdigest()[:32]
    assert b"\n" not in sealed.line
    assert b"\r" not in sealed.line
    # What is written is what pydantic would write.
    as_json = partial(SchemaSerializer(body.schema.core).to_python, mode="json", by_alias=True)
    assert body.dump() == as_json(body, exclude_defaults=True)
    some = data.draw(st.sets(st.sampled_from([*body.schema.fields])))
    assert body.dump(some) == as_json(body, include=some)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_field_that_is_not_known_is_left_out_of_what_comes_in_and_refused_where_typed(
    kind: str, data: st.DataObject
) -> None:
    plain = data.draw(_ALL[kind])
    try:
        body = KINDS[kind].whole(plain)
    except ValueError:
        reject()
    name = data.draw(st.text(min_size=1).filter(lambda name: name not in KINDS[kind].names()))
    more = {name: data.draw(st.integers() | st.text())}
    read = parse(json.dumps(envelope(kind=kind, body=plain | more)).encode())
    assert read.body == body
    assert read.holds_more
    assert not parse(json.dumps(envelope(kind=kind, body=plain)).encode()).holds_more
    with pytest.raises(ValidationError) as refused:
        KINDS[kind].typed(**plain | more)
    faults = [(fault["type"], fault["loc"]) for fault in refused.value.errors()]
    assert ("extra_forbidden", (name,)) in faults


@pytest.mark.parametrize("kind", [*KINDS, "from_a_newer_pitboard"])
@given(data=st.data())
def test_a_later_version_is_kept_and_not_read(kind: str, data: st.DataObject) -> None:
    body: dict[str, Any] = data.draw(
        st.dictionaries(st.text(max_size=9), st.integers(), max_size=3)
    )
    sealed = seal(
        Envelope(
            v=VERSION + 1,
            actor="a" * 32,
            seq=1,
            prev=None,
            step=1,
            hlc=1,
            at=1,
            who="Ann",
            pitfall="abcdef0123456789",
            kind=kind,
            body=body,
        ),
        KINDS["item_hidden"].whole({"item": "b" * 32}),
    )
    read = parse(sealed.line)
    assert read.body is None
    assert read.line == sealed.line


_SHAPE = shape_of(Occurrence)
#: What JSON can say in the place of a word, a number or a text.
_ODD = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        7.0,
        7.5,
        -1,
        1 << 46,
        1 << 70,
        "7",
        "",
        "b" * 32,
        [],
        {"en": "a"},
        {"en": 1},
    ]
) | st.text(max_size=3)


def _as_json(values: dict[str, Any], again: dict[str, Any]) -> str:
    """An object in which some names come twice."""
    return (
        json.dumps(values)[:-1]
        + "".join(
            f", {json.dumps(name)}: {json.dumps(value)}" for name, value in again.items()
        ).removeprefix("" if values else ", ")
        + "}"
    )


@given(st.data())
def test_the_columns_of_an_occurrence_are_those_of_what_it_is_read_as(data: st.DataObject) -> None:
    names = st.sampled_from([*OccurrenceLogged.schema.fields, "later"])
    body = data.draw(_ALL["occurrence_logged"]) | data.draw(
        st.dictionaries(names, _ODD, max_size=data.draw(st.sampled_from([0, 0, 1, 3])))
    )
    again = data.draw(st.dictionaries(names, _ODD, max_size=data.draw(st.sampled_from([0, 0, 2]))))
    said = envelope(
        kind="occurrence_logged",
        body={},
        v=data.draw(st.sampled_from([VERSION] * 9 + [VERSION + 1])),
        who=data.draw(st.text(max_size=5)),
    )
    line = json.dumps(said).replace('"body": {}', f'"body": {_as_json(body, again)}').encode()
    read = parse(line)
    columns = held_columns(read.id, line)
    if columns is None:
        assert read.body is None or read.holds_more
        return
    assert isinstance(read.body, OccurrenceLogged)
    plain = {name: columns[name] for name in _SHAPE.columns}
    row = _SHAPE.row(read.body.freeze(read))
    assert plain == dict(zip(_SHAPE.columns, row, strict=True))
    assert [*map(type, plain.values())] == [*map(type, row)]


def test_lines_of_another_system_are_those_of_this_one_in_the_columns() -> None:
    for body in ({"message": "a\r\r\nb"}, {"note": "a\r\r\nb"}, {"note": {"en": "a\r\r\nb"}}):
        line = json.dumps(envelope(kind="occurrence_logged", body=body)).encode()
        columns = held_columns(event_id(line), line) or {}
        assert "a\r\nb" in (columns["message"], columns["note"])


def test_no_columns_are_given_of_what_is_no_sound_occurrence() -> None:
    said = envelope(kind="occurrence_logged", body={"message": "login:fail"})
    sound = json.dumps(said).encode()
    assert held_columns(event_id(sound), sound)
    for line in (
        json.dumps(said | {"kind": "comment_added"}).encode(),
        json.dumps(said | {"pitfall": THE_BOARD}).encode(),
        json.dumps(said | {"seq": 0}).encode(),
        json.dumps(said, indent=1).encode(),
        sound + b" " * 70_000,
        sound[:-1],
        b"[]",
    ):
        assert held_columns(event_id(line), line) is None
    assert held_columns("0" * 32, sound) is None
    assert held_columns(event_id(sound), sound.decode()) is None
