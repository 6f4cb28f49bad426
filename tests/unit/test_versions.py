import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.events import FixRecorded, OccurrenceLogged
from storage.imports.importer import import_events
from storage.model.environment import version_as_written, version_key
from storage.query.parser import parse
from storage.query.tree import Filter
from storage.read.board import Board
from storage.write.store import Store
from storage.write.validation import typed
from tests.records import line, lines_of


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("4.0.20", "4.1.0"),
        ("4.1.0", "4.1.8(18808)"),
        ("4.1.8", "4.1.10"),
        ("2.9.5", "2.14.1"),
        ("v8.0.30", "V8.0.41 beta"),
        ("3", "3.0.1"),
    ],
)
def test_versions_compare_as_versions(older: str, newer: str) -> None:
    one, other = version_key(older), version_key(newer)
    assert one is not None
    assert other is not None
    assert one < other


@pytest.mark.parametrize(
    ("one", "other"), [("4.1.8", "4.1.8(18808)"), ("2.14", "2.14.0"), ("v1.0", "1-beta")]
)
def test_builds_suffixes_and_zeros_at_the_end_do_not_count(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


@pytest.mark.parametrize(
    "text", ["", "latest", "4..1", "4.1.", ".5", "1" * 11, "1.1.1.1.1.1.1.1.1", "版本"]
)
def test_what_is_no_version_has_no_key(text: str) -> None:
    assert version_key(text) is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.data())
def test_keys_sort_as_numbers_do(numbers: list[int], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
    keys = [version_key(".".join(map(str, one))) for one in (numbers, others)]
    width = max(len(numbers), len(others))
    padded = [one + [0] * (width - len(one)) for one in (numbers, others)]
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (  # type: ignore[operator]
        padded[0] < padded[1],
        padded[0] == padded[1],
    )


@given(st.text(max_size=40))
def test_any_text_has_a_key_or_none(text: str) -> None:
    key = version_key(text)
    assert key is None or set(key) <= set("0123456789bcdefghijk")


# What people type with a Chinese keyboard


@pytest.mark.parametrize(
    ("typed_so", "written"),
    [
        ("４．１．８", "4.1.8"),
        ("4.1。9", "4.1.9"),
        ("4｡1．9", "4.1.9"),
        ("4,1,9", "4.1.9"),
        ("4，1，9", "4.1.9"),
        ("4.1，9 (beta)", "4.1.9 (beta)"),
        ("ｖ4。1。8（18808）", "v4.1.8(18808)"),
        ("٤.١.٨", "4.1.8"),
        ("4.1.8,4.1.9", "4.1.8,4.1.9"),
        ("4.1.8, 17 beta", "4.1.8, 17 beta"),
        ("4.1.9。", "4.1.9。"),
        ("最新版。", "最新版。"),
        ("4.1.8(18808)", "4.1.8(18808)"),
    ],
)
def test_a_version_is_written_as_the_vendor_writes_it(typed_so: str, written: str) -> None:
    assert version_as_written(typed_so) == written
    assert typed(OccurrenceLogged, os_version=f" {typed_so} ").os_version == written


_NUMBERS = st.lists(st.integers(0, 10**6).map(str), min_size=2, max_size=5)
_WIDE = {ord("0") + n: 0xFF10 + n for n in range(10)}


@given(_NUMBERS, st.lists(st.sampled_from(".。．｡"), min_size=4, max_size=4), st.booleans())
def test_a_version_means_the_same_whatever_the_keyboard(
    numbers: list[str], stops: list[str], is_wide: bool
) -> None:
    plain = ".".join(numbers)
    wide = [one.translate(_WIDE) for one in numbers] if is_wide else numbers
    text = wide[0] + "".join(a + b for a, b in zip(stops, wide[1:], strict=False))
    fix = typed(FixRecorded, axis="client", from_version=text, last_affected=text)
    assert (fix.from_version, fix.last_affected) == (plain, plain)
    [asked], [meant] = parse(f"client:<{text}").conditions, parse(f"client:<{plain}").conditions
    assert isinstance(asked, Filter)
    assert isinstance(meant, Filter)
    assert asked.values == meant.values


@given(_NUMBERS, st.sampled_from(",，"))
def test_commas_for_dots_are_dots(numbers: list[str], comma: str) -> None:
    assert version_as_written(comma.join(numbers)) == ".".join(numbers)


@given(st.text(max_size=40))
def test_to_write_a_version_twice_is_to_write_it_once(text: str) -> None:
    once = version_as_written(text)
    assert len(once) == len(text)
    assert version_as_written(once) == once


def test_what_was_recorded_elsewhere_stays_as_it_is(store: Store) -> None:
    there = line(
        kind="occurrence_logged", seq=2, body={"client_version": "４．１。８", "note": "Blank"}
    )
    import_events(store.session, [line(), there])
    pitfall = "ab12cd34ab12cd34"
    with Board.open(store.path) as board:
        [seen] = board.occurrences.of(pitfall)
    assert seen.environment.client_version == "４．１。８"
    # Neither does a change of something else touch it.
    store.entries.edit(pitfall, seen.id, {"note": "White"})
    assert there + b"\n" in lines_of(store.path)
    with Board.open(store.path) as board:
        [seen] = board.occurrences.of(pitfall)
    assert (seen.environment.client_version, seen.note.plain) == ("４．１。８", "White")


def test_an_entry_is_edited_and_snoozed_in_the_same_way(store: Store) -> None:
    pitfall = store.pitfalls.report("A white picture")
    seen = store.occurrences.log(pitfall, client_version="4.1.8")
    store.entries.edit(pitfall, seen, {"client_version": "４。１，９"})
    store.triage.snooze(pitfall, axis="client", version="4。2，0")
    with Board.open(store.path) as board:
        [one] = board.occurrences.of(pitfall)
        wake = board.pitfall(pitfall).decision.wake
    assert one.environment.client_version == "4.1.9"
    assert wake is not None
    assert wake.version == "4.2.0"
