"""Random actions: what people do to a board, drawn as data and done through the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as st

from storage.db.blobs import Upload
from storage.errors import NotFound, Refused
from storage.model.clock import LIMIT
from storage.query.parser import parse
from storage.read.board import Board
from storage.retro.happened import RetroNoteReader
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY

T = TypeVar("T")

TAKING_BACK = ("undo", "redo")
#: Declined pitfalls and duplicates as well.
EVERYTHING = parse("triage:settled,inbox,snoozed,declined,duplicate")

_TEXT = st.sampled_from(
    [
        "The picture is white",
        "用户点了返回",
        "saveImage:fail",
        "wx.qy.login",
        "换个渠道",
        "Ａ b",
        "x",
    ]
)
_TAGS = st.lists(st.sampled_from(["login", "体验版", "android"]), max_size=3)
_FIX = st.fixed_dictionaries(
    {
        "axis": st.sampled_from(["client", "server", "library"]),
        "from_date": st.sampled_from(["2026-10-01", "2026-11-01"]),
    },
    optional={
        "from_version": st.sampled_from(["4.1.0", "2.14.1", "soon"]),
        "platform": st.sampled_from(["android", "ios"]),
        "host": st.just("wecom"),
    },
)
_OCCURRENCE = st.fixed_dictionaries(
    {},
    optional={
        "outcome": st.sampled_from(["reproduced", "not-reproduced"]),
        "count": st.integers(1, 9),
        "seen_at": st.integers(MONDAY - 60 * DAY_MS, MONDAY),
        "message": _TEXT,
        "note": _TEXT,
        "host": st.sampled_from(["wecom", "wechat"]),
        "platform": st.sampled_from(["android", "ios"]),
        "channel": st.sampled_from(["preview", "trial-qr"]),
        "device": _TEXT,
        "client_version": st.sampled_from(["4.1.8", "4.0.20 (beta)", "latest"]),
        "base_library": st.sampled_from(["2.14.1", "3.0"]),
    },
)
_REPORT = st.fixed_dictionaries(
    {"title": _TEXT},
    optional={"workaround": _TEXT, "component": _TEXT, "tags": _TAGS, "severity": st.just("S1")},
)
_VALUES = st.fixed_dictionaries(
    {}, optional={"title": _TEXT, "component": _TEXT | st.just(""), "workaround": _TEXT}
)
_STATUS = st.one_of(
    st.just({"status": "open"}),
    st.builds(lambda text: {"status": "workaround", "workaround": text}, _TEXT),
    st.builds(lambda fix: {"status": "fixed upstream"} | fix, _FIX),
)
_STATEMENT = st.fixed_dictionaries(
    {"sort": st.sampled_from(["acknowledged", "will-fix", "fixed", "by-design"])},
    optional={
        "url": st.sampled_from(
            [
                "https://a.b/c",
                "https://developers.weixin.qq.com/community/develop/doc/1",
                "https://developers.weixin.qq.com/miniprogram/dev/",
            ]
        ),
        "said_on": st.sampled_from(["2026-10-01", "2026-11-02"]),
        "official": st.booleans(),
        "version": st.just("4.1.8"),
        "quote": _TEXT,
    },
)
_SAID: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "report": _REPORT,
    "edit": _VALUES.map(lambda values: {"changes": values}),
    "label": st.fixed_dictionaries({"tags": _TAGS, "signatures": st.lists(_TEXT, max_size=2)}),
    "set_status": _STATUS,
    "record_fix": st.one_of(_FIX, _FIX.map(lambda fix: {"status": "fixed upstream"} | fix)),
    "verify": _OCCURRENCE.map(lambda said: {"outcome": "not-reproduced"} | said),
    "reopen": st.just({}),
    "confirm_workaround": st.fixed_dictionaries({}, optional={"note": _TEXT}),
    "log": _OCCURRENCE,
    "comment": st.fixed_dictionaries({"text": _TEXT}),
    "add_reference": st.fixed_dictionaries({"url": st.just("https://a.b/c"), "quote": _TEXT}),
    "add_vendor_reply": _STATEMENT,
    "attach": st.fixed_dictionaries(
        {"data": st.sampled_from([b"log\n", b"\x89PNG\r\n\x1a\n", b"\0"]), "label": _TEXT},
        optional={"note": _TEXT},
    ),
    "add_signature": st.fixed_dictionaries({"text": _TEXT}),
    "note_retro": st.fixed_dictionaries(
        {"text": _TEXT, "sort": st.sampled_from(["note", "decision", "follow-up"])},
        optional={"owner": _TEXT, "due": st.sampled_from(["2026-12-01", "2026-12-24"])},
    ),
    "finish_follow_ups": st.just({}),
    "set_time_zone": st.fixed_dictionaries(
        {"name": st.sampled_from(["Asia/Shanghai", "America/New_York", "+14:00", "UTC"])}
    ),
    "amend": st.one_of(
        st.fixed_dictionaries({"text": _TEXT}),
        st.fixed_dictionaries({"quote": _TEXT}),
        st.fixed_dictionaries({"label": _TEXT}),
        st.fixed_dictionaries({"sort": st.just("by-design"), "official": st.just(True)}),
        _OCCURRENCE.filter(bool),
    ),
    "hide": st.just({}),
    "restore": st.just({}),
    "accept": st.fixed_dictionaries({}, optional={"severity": st.just("S2"), "component": _TEXT}),
    "decline": st.fixed_dictionaries({"because": st.sampled_from(["by-design", "not-ours"])}),
    "snooze": st.one_of(
        st.fixed_dictionaries({"occurrences": st.integers(1, 5)}),
        st.just({"axis": "client", "version": "4.1.8"}),
    ),
    "mark_duplicate": st.just({}),
    "return_to_inbox": st.just({}),
    "mark_not_duplicate": st.just({}),
    "undo": st.just({}),
    "redo": st.just({}),
}


class Action(NamedTuple):
    """One action: ``pitfall`` and ``item`` count through those that are there when it is done."""

    verb: str
    pitfall: int
    item: int
    said: dict[str, Any]


def actions(*, without: tuple[str, ...] = ()) -> st.SearchStrategy[Action]:
    """Any action; occurrences and reports come more often, as they do in life."""
    verbs = [verb for verb in (*_SAID, "log", "log", "report", "undo") if verb not in without]
    return st.sampled_from(verbs).flatmap(
        lambda verb: st.builds(
            Action, st.just(verb), st.integers(0, 3), st.integers(0, 5), _SAID[verb]
        )
    )


@st.composite
def series(draw: st.DrawFn, one: st.SearchStrategy[T], most: int) -> list[T]:
    """Up to ``most`` of them, as often many as few; lists of Hypothesis are mostly short."""
    return [draw(one) for _ in range(draw(st.integers(0, most)))]


def do(store: Store, action: Action) -> bool:
    """Do it, if the record's rules allow it; whether anything was written."""
    written: list[frozenset[str]] = []
    store.subscribe(written.append)
    try:
        _do(store, action)
    except (NotFound, Refused):
        assert not written
    return bool(written)


def _do(store: Store, action: Action) -> None:
    verb, values = action.verb, action.said
    if verb in TAKING_BACK:
        store.history.undo() if verb == "undo" else store.history.redo()
        return
    with Board.open(store.path) as board:
        there = [row.id for row in board.find(EVERYTHING).page(0, 100)]
        if verb == "report" or not there:
            store.pitfalls.report(**(values if verb == "report" else {"title": "The first"}))
            return
        pitfall = there[action.pitfall % len(there)]
        held = board.pitfall(pitfall)
        occurrences = board.occurrences.of(pitfall)
        changes = board.history.timeline(pitfall) if verb == "restore" else []
    with RetroNoteReader.open(store.path) as notes:
        noted = [one.id for one in sorted(notes.notes(0, LIMIT), key=lambda one: one.text)]
    items = [one.id for one in occurrences]
    items += [one.id for one in held.comments] + [one.id for one in held.references]
    items += [one.id for one in held.signatures] + [one.id for one in held.fixes]
    items += [one.id for one in held.vendor_replies] + [one.id for one in held.attachments] + noted
    if verb == "set_status":
        store.status.set(there[: action.item + 1] if action.pitfall == 0 else pitfall, **values)
    elif verb == "log":
        store.occurrences.log(pitfall, **values)
    elif verb == "label":
        store.pitfalls.edit(pitfall, {}, **values)
    elif verb == "verify":
        fix = held.fixes[action.item % len(held.fixes)].id if held.fixes else "0" * 32
        store.fixes.verify(pitfall, fix, **values)
    elif verb == "add_vendor_reply":
        where = [values["url"]] if "url" in values else [one.id for one in held.references]
        rest = {name: value for name, value in values.items() if name != "url"}
        store.links.add_reply(
            pitfall, where[action.item % len(where)] if where else "0" * 32, **rest
        )
    elif verb == "attach":
        shown = ["", *(one.id for one in occurrences)]
        store.attachments.add(pitfall, Upload(**values), occurrence=shown[action.item % len(shown)])
    elif verb in {"amend", "hide"}:
        item = items[action.item % len(items)] if items else "0" * 32
        store.entries.edit(pitfall, item, values) if verb == "amend" else store.entries.hide(
            pitfall, item
        )
    elif verb == "note_retro":
        store.retro.note(**values, pitfall=pitfall if action.item else "")
    elif verb == "set_time_zone":
        store.board.set_time_zone(**values)
    elif verb == "finish_follow_ups":
        store.retro.finish(noted[action.item % len(noted)] if noted else "0" * 32)
    elif verb == "restore":
        store.history.revert(
            pitfall, changes[(action.item * 5 + action.pitfall) % len(changes)].event
        )
    elif verb in {"mark_duplicate", "mark_not_duplicate"}:
        other = there[action.item % len(there)]
        if verb == "mark_duplicate":
            store.triage.mark_duplicate(pitfall, other)
        else:
            store.triage.not_duplicate(pitfall, other)
    else:
        commands: dict[str, Callable[..., object]] = {
            "edit": store.pitfalls.edit,
            "record_fix": store.fixes.record,
            "reopen": store.status.reopen,
            "confirm_workaround": store.fixes.confirm_workaround,
            "comment": store.comments.add,
            "add_reference": store.links.add,
            "add_signature": store.signatures.add,
            "accept": store.triage.accept,
            "decline": store.triage.decline,
            "snooze": store.triage.snooze,
            "return_to_inbox": store.triage.requeue,
        }
        commands[verb](pitfall, **values)
