"""Random histories: events as stores in any state might have written them.

They mention each other forwards and backwards, come from clocks that disagree,
and hold kinds, versions and bodies that this version does not know.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from storage.events import VERSION, Event, parse
from storage.model.clock import LIMIT
from storage.model.records import THE_BOARD
from storage.model.row import DeclineReason, InboxReason, Kind, Severity, Status
from storage.model.vocabulary import (
    Axis,
    Channel,
    Host,
    NetworkType,
    NoteKind,
    Outcome,
    Platform,
    SignatureForm,
    Source,
    VendorReplyKind,
)
from tests.records import MONDAY

PITFALLS = ("ab12cd34ab12cd34", "ab12ef56ab12ef56", "0f0f0f0f0f0f0f0f", THE_BOARD)
ACTORS = ("a" * 32, "b" * 32, "c" * 32)

#: Far apart, with and without summer time, and one that no machine knows.
ZONES = st.sampled_from(
    ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "-11:30", "UTC", "Mars/Olympus"]
)
_LETTERS = "aB9 .:_-\"'*(白屏登录体验版Ａ１\u3000é\n\t\x00\x1b\u202e\u200b😀"
_SOME = st.text(_LETTERS, max_size=12)
_WORD = st.sampled_from(["login", "白屏", "体验版", "qy.login:fail", "NEAR", "é"])
TEXTS = _SOME | _WORD
_BY_LANGUAGE = st.dictionaries(st.sampled_from(["en", "zh", "de"]), TEXTS, min_size=1, max_size=3)
_TEXT = TEXTS | _BY_LANGUAGE


def _one(words: type[Any]) -> st.SearchStrategy[str]:
    return st.sampled_from([word.value for word in words])


def _said(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with any of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


_DATE = st.sampled_from(["2026-11-23", "2025-02-28"])
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": TEXTS.filter(bool) | _BY_LANGUAGE,
    "kind": _one(Kind),
    "component": _TEXT,
    "severity": _one(Severity),
    "workaround": _TEXT,
    "reproduction": _TEXT,
    "assignee": TEXTS,
    "due": _DATE | st.just(""),
    "ticket": TEXTS | st.just("https://a.example/ticket/1"),
}
_SEEN = st.integers(MONDAY - 10**10, MONDAY + 10**10)
_ITEMS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "comment_added": st.fixed_dictionaries({"text": TEXTS.filter(bool) | _BY_LANGUAGE}),
    "reference_added": st.tuples(
        st.fixed_dictionaries({"url": st.sampled_from(["https://a.b/c", "javascript:x"])}),
        _said(title=_TEXT, source=_one(Source), quote=_TEXT, official=st.booleans()),
    ).map(lambda parts: parts[0] | parts[1]),
    "signature_added": st.tuples(
        st.fixed_dictionaries({"text": TEXTS.filter(bool)}),
        _said(form=_one(SignatureForm), platform=_one(Platform), channel=_one(Channel)),
    ).map(lambda parts: parts[0] | parts[1]),
    "fix_recorded": st.tuples(
        st.fixed_dictionaries({"axis": _one(Axis), "from_date": _DATE}),
        _said(from_version=TEXTS, quote=_TEXT, reference=TEXTS),
    ).map(lambda parts: parts[0] | parts[1]),
    "occurrence_logged": _said(
        outcome=_one(Outcome),
        count=st.integers(1, 5),
        seen_at=_SEEN,
        message=TEXTS,
        note=_TEXT,
        host=_one(Host),
        platform=_one(Platform),
        channel=_one(Channel),
        client_version=TEXTS | st.sampled_from(["4.1.8", "4.1.8(18808)", "4.0.20"]),
        base_library=TEXTS,
        device=TEXTS,
        network_type=_one(NetworkType),
    ),
}
_PLAIN: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "reported": st.tuples(
        st.fixed_dictionaries({"title": _FIELDS["title"]}),
        _said(
            kind=_one(Kind),
            component=_TEXT,
            severity=_one(Severity),
            status=_one(Status),
            workaround=_TEXT,
            reproduction=_TEXT,
            assignee=TEXTS,
            due=_DATE | st.just("20261201"),
            ticket=TEXTS,
            inbox=_one(InboxReason),
        ),
    ).map(lambda parts: parts[0] | parts[1]),
    "field_set": st.sampled_from(list(_FIELDS)).flatmap(
        lambda name: st.fixed_dictionaries({"field": st.just(name), "value": _FIELDS[name]})
    ),
    "status_set": st.fixed_dictionaries({"status": _one(Status), "reason": _TEXT}),
    "tag_added": st.fixed_dictionaries({"tag": st.sampled_from(["a", "b", "标签"])}),
    "tag_removed": st.fixed_dictionaries({"tag": st.sampled_from(["a", "b", "标签"])}),
    "accepted": _said(reason=_TEXT),
    "declined": st.fixed_dictionaries({"because": _one(DeclineReason), "reason": _TEXT}),
    "snoozed": st.one_of(
        st.fixed_dictionaries({"until": _SEEN}),
        st.fixed_dictionaries({"sightings": st.integers(1, 9), "seen": st.integers(0, 9)}),
        st.fixed_dictionaries(
            {"axis": st.sampled_from(["client", "library"]), "version": st.just("4.1.8(18808)")}
        ),
    ),
    "duplicate_marked": st.fixed_dictionaries({"of": st.sampled_from([*PITFALLS, "feed"])}),
    "returned": _said(reason=_TEXT),
    "workaround_confirmed": _said(note=_TEXT),
    "imported": _said(
        source=TEXTS,
        key=TEXTS,
        day=_DATE,
        values=st.dictionaries(st.sampled_from(list(_FIELDS)), st.just("0" * 16), max_size=2),
        items=st.lists(st.just("f" * 16), max_size=2),
        links=st.lists(st.fixed_dictionaries({"url": TEXTS, "title": TEXTS}), max_size=2),
    ),
    "statement_added": st.tuples(
        st.fixed_dictionaries({"reference": st.just("0" * 32), "sort": _one(VendorReplyKind)}),
        _said(said_on=_DATE, author=TEXTS, official=st.booleans(), version=TEXTS, quote=_TEXT),
    ).map(lambda parts: parts[0] | parts[1]),
    "attachment_added": st.tuples(
        st.fixed_dictionaries(
            {
                "digest": st.sampled_from(["0" * 64, "f" * 64]),
                "size": st.sampled_from([1, 10 * 1024 * 1024]),
                "label": TEXTS.filter(bool),
            }
        ),
        _said(media=TEXTS, note=_TEXT, occurrence=st.sampled_from(["", "0" * 32])),
    ).map(lambda parts: parts[0] | parts[1]),
    "board_made": st.fixed_dictionaries({"zone": ZONES}),
    "time_zone_set": st.fixed_dictionaries({"zone": ZONES}),
    "retro_noted": st.tuples(
        st.fixed_dictionaries({"text": TEXTS.filter(bool)}),
        _said(sort=_one(NoteKind), owner=TEXTS, due=_DATE, done_on=_DATE),
    ).map(lambda parts: parts[0] | parts[1]),
    "told_apart": st.fixed_dictionaries({"other": st.sampled_from(PITFALLS)}),
    "suggestion_declined": st.tuples(
        st.fixed_dictionaries(
            {
                "url": st.just("https://a.b/c"),
                "post": st.sampled_from(["doc", "17"]),
                "digest": st.sampled_from(["0" * 32, "f" * 32]),
            }
        ),
        _said(quote=TEXTS),
    ).map(lambda parts: parts[0] | parts[1]),
}
#: For each kind that speaks of no other event, the bodies that its events may have.
BODIES = _PLAIN | _ITEMS

_CHANGES = st.one_of(*_ITEMS.values()).filter(bool)
_STRANGE = st.dictionaries(st.text(max_size=5), st.none() | st.integers() | TEXTS, max_size=3)


#: The kinds that speak of other events.
ABOUT = (
    *("item_amended", "item_hidden", "item_shown", "statement_added", "attachment_added", "undone"),
)


def about(kind: str, targets: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """The bodies of a kind that speaks of other events, given those events' ids."""
    if kind == "item_amended":
        return st.fixed_dictionaries({"item": targets, "changes": _CHANGES})
    if kind == "undone":
        some = st.lists(targets, min_size=1, max_size=3, unique=True)
        return st.fixed_dictionaries({"events": some})
    if kind in BODIES:
        name = {"statement_added": "reference", "attachment_added": "occurrence"}[kind]
        return st.tuples(st.fixed_dictionaries({name: targets}), BODIES[kind]).map(
            lambda parts: parts[1] | parts[0]
        )
    return st.fixed_dictionaries({"item": targets})


#: What is about no pitfall; all else that claims to be is refused where it comes in.
_ITS_VALUES = ("board_made", "time_zone_set")
_OF_THE_BOARD = (
    *("retro_noted", "item_amended", "item_hidden", "item_shown", "undone", "later"),
    *_ITS_VALUES,
)


# What each event draws, made once: to make a strategy takes longer than to draw from it.
_ACTOR = st.sampled_from(ACTORS)
_PITFALL = st.sampled_from([*PITFALLS, PITFALLS[0], PITFALLS[0]])
_HLC = st.integers(0, 40) | st.sampled_from([0, LIMIT - 1])
_AT = st.integers(MONDAY, MONDAY + 1_000) | st.sampled_from([0, LIMIT - 1])
_V = st.sampled_from([VERSION] * 9 + [VERSION + 1])
_WHO = st.sampled_from(["Ann", "Bo", "", "李雷"])
_EITHER = st.booleans()
_OF_THREE, _OF_FOUR, _OF_FIVE, _OF_TEN = (st.integers(0, most) for most in (2, 3, 4, 9))
_ANY_KIND, _KIND_ABOUT = (
    st.sampled_from([*kinds, *kinds, "reported", "occurrence_logged", "later"])
    for kinds in (BODIES, ABOUT)
)


@st.composite
def events(draw: st.DrawFn, most: int = 24) -> list[Event]:
    """Events of a few pitfalls by a few actors; each parses, not each can be folded."""
    drawn: list[Event] = []
    seqs = dict.fromkeys(ACTORS, 0)
    for _ in range(draw(st.integers(1, most))):
        actor = draw(_ACTOR)
        seqs[actor] += 1
        pitfall = draw(_PITFALL)
        hlc = draw(_HLC)
        spoken_of = None
        if len(drawn) > 0 and draw(_EITHER):
            # What speaks of another event mostly does so on its pitfall, and after it.
            spoken_of = drawn[draw(st.integers(0, len(drawn) - 1))]
            if draw(_OF_FIVE):
                pitfall = spoken_of.pitfall
                hlc = min(spoken_of.envelope.hlc + draw(_OF_FOUR), LIMIT - 1)
        kind = draw(_KIND_ABOUT if spoken_of else _ANY_KIND)
        if pitfall == THE_BOARD and kind not in _OF_THE_BOARD:
            pitfall = PITFALLS[1]
        if kind in _ITS_VALUES and draw(_OF_FIVE):
            pitfall = THE_BOARD
        if not draw(_OF_TEN):
            body = draw(_STRANGE)
        elif spoken_of and kind in ABOUT:
            ids = [event.id for event in drawn]
            body = draw(about(kind, st.just(spoken_of.id) | st.sampled_from(ids)))
        else:
            body = draw(BODIES.get(kind, _STRANGE))
        values = {
            "v": draw(_V),
            "actor": actor,
            # Two events with one number: a store that was copied.
            "seq": seqs[actor] if draw(_OF_THREE) else 1,
            "prev": None,
            "step": seqs[actor],
            "hlc": hlc,
            "at": draw(_AT),
            "who": draw(_WHO),
            "pitfall": pitfall,
            "kind": kind,
            "body": body,
        }
        drawn.append(parse(json.dumps(values, ensure_ascii=draw(_EITHER)).encode()))
    return drawn
