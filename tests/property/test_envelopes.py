"""Every event kind goes into a line and comes out of it as it was."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from pydantic import ValidationError

from storage.events import KINDS, VERSION, Envelope, parse, seal
from tests.histories import BODIES, about
from tests.records import envelope

_IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
_ALL = BODIES | about(_IDS)


def test_every_kind_is_drawn() -> None:
    assert _ALL.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_sealed_and_parsed_it_is_the_same(kind: str, data: st.DataObject) -> None:
    try:
        body = KINDS[kind].model_validate(data.draw(_ALL[kind]))
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


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_field_that_is_not_known_is_left_out_of_what_comes_in_and_refused_where_typed(
    kind: str, data: st.DataObject
) -> None:
    plain = data.draw(_ALL[kind])
    try:
        body = KINDS[kind].model_validate(plain)
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
        KINDS["item_hidden"].model_validate({"item": "b" * 32}),
    )
    read = parse(sealed.line)
    assert read.body is None
    assert read.line == sealed.line
