"""What a query finds on a board."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import pytest

from storage.errors import Unusable
from storage.imports.importer import import_events
from storage.model.environment import version_key
from storage.query.parser import parse
from storage.query.tree import Between, Query, SortKey
from storage.read.board import Board
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall, line

DATES = {"A": 1, "B": 20, "E": 400}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Pitfalls named A to H; A, B and C are plain, the others were decided about."""
    wall = Wall()
    store = Store.open(tmp_path_factory.mktemp("query") / "board.db", who="Ann", now=wall)
    a = store.pitfalls.report(
        "A white picture",
        kind="bug",
        severity="S1",
        component="wx.qy.login",
        tags=["login", "ios"],
        reproduction="1. Log in",
        signatures=["qy.login:fail"],
    )
    b = store.pitfalls.report(
        "B",
        kind="docs",
        severity="S2",
        component="Trial",
        workaround="Wait.",
        references=["https://a.b/c"],
    )
    store.pitfalls.edit(b, {}, tags=["login", "100%"])
    store.comments.add(b, "me too")
    seen = MONDAY - DAY_MS
    store.occurrences.log(
        a, host="wecom", platform="ios", channel="preview", seen_at=seen, client_version="4.1.8"
    )
    store.occurrences.log(
        a, host="wechat", platform="android", outcome="not-reproduced", base_library="2.9.1"
    )
    store.occurrences.log(
        b, platform="android", channel="trial-qr", seen_at=MONDAY - 20 * DAY_MS, count=7
    )
    store.occurrences.log(b, base_library="2.14.1", client_version="4.1.22 (beta)", count=1)
    body = {"title": "C", "component": {"en": "album", "zh": "相册"}, "status": "fixed upstream"}
    import_events(store.session, [line(body=body, who="Bob")])
    store.triage.accept([a, b])
    d = store.pitfalls.report("D waits")
    e = store.pitfalls.report("E is late", kind="quirk")
    store.occurrences.log(e, seen_at=MONDAY - 400 * DAY_MS, message="invoke result: not supported")
    f = store.pitfalls.report("F was declined")
    g = store.pitfalls.report("G is A again")
    h = store.pitfalls.report("H sleeps", severity="S4", component="wx.qy.getContext")
    store.triage.accept(e)
    store.triage.decline(f, "not-ours")
    store.triage.mark_duplicate(g, a)
    store.triage.snooze(h, until=MONDAY + 10 * DAY_MS)
    assert d
    store.close()
    with Board.open(store.path) as board:
        yield board


def found(board: Board, text: str, now: int = MONDAY) -> str:
    query = parse(text)
    assert not query.problems
    listing = board.find(query, now=now)
    titles = [row.title.plain[0] for row in listing.page(0, 100)]
    assert listing.total == len(titles)
    return "".join(sorted(titles))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", "ABCDEH"),
        ("status:open", "ADEH"),
        ("status:open,fixed", "ACDEH"),
        ("-status:open", "BC"),
        ("kind:docs", "B"),
        ("severity:S1,S2 -kind:docs", "A"),
        ("severity:<=S2", "AB"),
        ("severity:>S4", ""),
        ("-severity:>S4", "ABCDEH"),
        ("component:WX.QY.LOGIN", "A"),
        ("component:wx.qy.*", "AH"),
        ("component:*.qy.*t", "H"),
        ("组件:相册", "C"),
        ("组件:相*", "C"),
        ("component:Album", "C"),
        ("component:trial,相册", "BC"),
        ("-component:trial", "ACDEH"),
        ("tag:login", "AB"),
        ("tag:LOGIN -tag:ios", "B"),
        ("tag:#login", "AB"),
        ("tag:＃iOS,nothing", "A"),
        ("tag:100%", "B"),
        ("tag:1*%", "B"),
        ("tag:ios,nothing", "A"),
        ("platform:android", "AB"),
        ("平台:苹果", "A"),
        ("-platform:android", "CDEH"),
        ("outcome:not-reproduced", "A"),
        ("host:wecom,wechat", "A"),
        ("channel:trial-qr", "B"),
        ("状态:官方已修复", "C"),
        ("by:ann", "ABDEH"),
        ("by:a*", "ABDEH"),
        ("-by:Ann", "C"),
        ("has:workaround", "B"),
        ("has:reference", "B"),
        ("has:comment", "B"),
        ("has:tag", "AB"),
        ("has:signature", "A"),
        ("has:reproduction", "A"),
        ("has:occurrence", "ABE"),
        ("has:fix", ""),
        ("-has:occurrence", "CDH"),
        ("has:workaround,reproduction", "AB"),
        ("count:>=3", "B"),
        ("count:1..2", "AE"),
        ("count:0", "CDH"),
        ("lib:<2.14.1", "A"),
        ("lib:2.9.1..2.14.1", "AB"),
        ("lib:2.14.*", "B"),
        ("-lib:>2", "CDEH"),
        ("client:>=4.1.9", "B"),
        ("client:4.1.8", "A"),
        ("client:4.1.22", "B"),
        ("seen:<2w", "AB"),
        ("seen:>1y", "E"),
        ("seen:never", "CDH"),
        ("-seen:<2w", "CDEH"),
        ("seen:>52w or seen:never", "CDEH"),
        ("first:>2w", "BE"),
        ("reported:<1d", "ABCDEH"),
        ("updated:>100y", ""),
    ],
)
def test_filters_find(board: Board, text: str, titles: str) -> None:
    assert found(board, text) == titles


def day(ago: int) -> str:
    return datetime.fromtimestamp((MONDAY - ago * DAY_MS) / 1000).strftime("%Y-%m-%d")


def test_days_are_the_readers_own(board: Board) -> None:
    assert found(board, f"first:{day(1)}") == "A"
    assert found(board, f"first:{day(20)}..{day(1)}") == "AB"
    assert found(board, f"first:>{day(20)}") == "A"
    assert found(board, f"first:>={day(20)}") == "AB"
    assert found(board, f"first:<{day(20)}") == "E"
    assert found(board, f"first:<={day(20)}") == "BE"
    assert found(board, f"first:{day(400)[:7]}") == "E"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("inbox:yes", "D"),
        ("待分诊:是", "D"),
        ("inbox:no", "ABCEFGH"),
        ("triage:inbox", "D"),
        ("triage:snoozed", "H"),
        ("triage:declined", "F"),
        ("triage:duplicate", "G"),
        ("triage:settled", "ABCE"),
        ("triage:declined,duplicate", "FG"),
        ("-triage:settled", "DFGH"),
        ("status:open or triage:declined", "ADEFGH"),
    ],
)
def test_what_was_decided_is_found_when_it_is_asked_for(
    board: Board, text: str, titles: str
) -> None:
    assert found(board, text) == titles


def test_what_is_asked_for_by_its_id_is_found_wherever_it_is(board: Board) -> None:
    [declined] = board.find(parse("triage:declined")).page(0, 9)
    assert found(board, f"id:{declined.id[:8].upper()}") == "F"
    assert found(board, "id:zz") == ""
    assert found(board, "declined") == ""


def test_what_has_woken_waits_again(board: Board) -> None:
    later = MONDAY + 11 * DAY_MS
    assert found(board, "inbox:yes", later) == "DH" == found(board, "triage:inbox", later)
    assert found(board, "triage:snoozed", later) == ""
    assert found(board, "inbox:no", later) == "ABCEFG"


def test_ages_are_counted_from_now(board: Board) -> None:
    assert found(board, "seen:<2w", MONDAY + 30 * DAY_MS) == ""
    assert found(board, "seen:<5w", MONDAY + 30 * DAY_MS) == "AB"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("kind:docs or severity:S1", "AB"),
        ("kind:docs or severity:S1 status:open", "AB"),
        ("(kind:docs or severity:S1) status:open", "A"),
        ("-(kind:docs or severity:S1)", "CDEH"),
        ("not (status:open tag:login)", "BCDEH"),
        ("platform:ios or component:wx.qy.*", "AH"),
        ("waits or sleeps", "DH"),
        ("waits or kind:docs", "BD"),
        ("(waits or sleeps) severity:S4", "H"),
        ("-waits", "ABCEH"),
        ('-"white picture"', "BCDEH"),
        ("supported or tag:ios", "AE"),
        ("-supported status:open", "ADH"),
        ('"white picture"', "A"),
        ('"picture white"', ""),
        ("picture white", "A"),
        ("login or waits -component:wx.*", "ABD"),
        ("invoke result: not supported", "E"),
        ("--- or waits", "D"),
        ("--- or kind:docs", "B"),
        ('kind:docs -"---"', "B"),
        ("---", ""),
    ],
)
def test_conditions_are_joined(board: Board, text: str, titles: str) -> None:
    assert found(board, text) == titles


@pytest.mark.parametrize("text", ["", "tag:login", "kind:bug or kind:docs", "login", "a or -b"])
@pytest.mark.parametrize("sort", list(SortKey))
@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_every_order_of_every_sort_of_listing_holds_the_same(
    board: Board, text: str, sort: SortKey, sign: str
) -> None:
    listing = board.find(parse(f"{text} sort:{sort}{sign}"), now=MONDAY)
    rows = listing.page(0, 100)
    assert {row.id for row in rows} == {row.id for row in board.find(parse(text)).page(0, 100)}
    assert [listing.place(row.id) for row in rows] == list(range(len(rows)))
    for size in (1, 4):
        pages = [listing.page(offset, size) for offset in range(0, listing.total, size)]
        assert [row for page in pages for row in page] == rows


def test_the_new_orders_go_from_the_greatest_down(board: Board) -> None:
    def titles(text: str) -> str:
        return "".join(row.title.plain[0] for row in board.find(parse(text)).page(0, 100))

    assert titles("sort:count")[:3] == "BEA"
    assert titles("sort:count+")[-3:] == "AEB"
    assert titles("sort:first seen:<99y") == "ABE"
    assert titles("sort:first+ -seen:never") == "EBA"
    assert titles("sort:last-seen- -seen:never") == "BAE"


@pytest.mark.parametrize("text", ["status:open", "tag:login -status:workaround", "picture"])
def test_counts_leave_the_filter_on_the_status_aside(board: Board, text: str) -> None:
    query = parse(text)
    counts = board.find(query).counts
    assert sum(counts.values()) == board.find(query.without("status")).total
    for row in board.find(query).page(0, 10):
        assert counts[row.status] > 0


def test_counts_are_those_of_the_conditions_and_follow_what_others_write(store: Store) -> None:
    first = store.pitfalls.report("one", kind="bug")
    store.pitfalls.report("two", kind="docs")
    with Board.open(store.path) as board:

        def totals() -> list[int]:
            return [board.find(parse(text)).total for text in ("", "kind:bug", "status:open", "")]

        assert totals() == [2, 1, 2, 2]
        assert totals() == [2, 1, 2, 2]
        store.pitfalls.report("three", kind="bug")
        assert totals() == [3, 2, 3, 3]
        store.status.set(first, "fixed upstream", axis="client", from_version="4.1")
        assert totals() == [3, 2, 2, 3]


def test_a_status_below_an_or_counts_like_any_condition(board: Board) -> None:
    listing = board.find(parse("status:fixed or kind:docs"))
    assert {status.value: n for status, n in listing.counts.items()} == {
        "open": 0,
        "workaround": 1,
        "fixed upstream": 1,
    }


def test_several_values_are_any_of_them(board: Board) -> None:
    for field, values, titles in (("component", ("trial", "相册"), "BC"), ("tag", ("ios",), "A")):
        rows = board.find(Query().having(field, *values)).page(0, 10)
        assert "".join(sorted(row.title.plain[0] for row in rows)) == titles


def test_a_star_alone_asks_for_any_and_finds_nothing_where_there_is_none(store: Store) -> None:
    bare = store.pitfalls.report("bare")
    full = store.pitfalls.report("full", component="wx.a", tags=["a"])
    with Board.open(store.path) as board:
        for key in ("component", "tag"):
            for star in ("*", "**"):
                found = [row.id for row in board.find(parse(f"{key}:{star}")).page(0, 9)]
                others = [row.id for row in board.find(parse(f"-{key}:{star}")).page(0, 9)]
                assert (found, others) == ([full], [bare]), key


#: Each names few pitfalls of the board below, or a part of them; the first four are listed by an
#: index of their own.
FEW = ("tag:rare", "inbox:yes", "due:overdue", "tag:some", "client:4.1.*", "has:reproduction")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Seventy pitfalls of which a few are told from the others, each in several ways."""
    wall = Wall()
    store = Store.open(tmp_path_factory.mktemp("large") / "board.db", who="Ann", now=wall)
    for number in range(70):
        is_rare = number in (3, 30, 44)
        pitfall = store.pitfalls.report(
            f"{number:02} 登录",
            severity=f"S{number % 4 + 1}",
            component="wx.qy.login",
            tags=["login", *(["rare"] if is_rare else []), *(["some"] if number % 5 == 0 else [])],
            reproduction="1. Log in" if is_rare else "",
            due="2022-01-01" if number % 20 == 0 else "",
        )
        if not is_rare:
            store.triage.accept(pitfall)
        store.occurrences.log(
            pitfall,
            seen_at=MONDAY - (number * 7 % 70) * DAY_MS,
            client_version="4.1.8" if is_rare else "4.2.0",
        )
    store.triage.mark_duplicate(pitfall, store.pitfalls.report("71 is gone", tags=["rare"]))
    store.close()
    with Board.open(store.path) as board:
        yield board


@pytest.mark.parametrize("few", FEW)
@pytest.mark.parametrize("rest", ["", "severity:S1,S3", "-tag:login", "client:>=4", "tag:login"])
@pytest.mark.parametrize("sort", [None, *SortKey])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_few_that_are_looked_up_are_what_going_through_all_finds(
    large: Board, few: str, rest: str, sort: SortKey | None, language: str
) -> None:
    query = parse(f"{few} {rest}").replaced(sort=sort)
    listing = large.find(query, language=language, now=MONDAY)
    # An “or” is answered by going through all.
    through = parse(f"({few} or {few} kind:bug) {rest}").replaced(sort=sort)
    expected = large.find(through, language=language, now=MONDAY)
    assert listing.counts == expected.counts
    assert listing.page(0, 100) == expected.page(0, 100)
    assert listing.total == len(listing.page(0, 100))
    assert listing.total or "-tag" in rest


@pytest.mark.parametrize(
    "text", ["", "severity:S1,S3", "-severity:S2 status:open", "kind:docs", "count:>=1 -tag:rare"]
)
@pytest.mark.parametrize("sort", list(SortKey))
@pytest.mark.parametrize("sign", ["", "-", "+"])
@pytest.mark.parametrize("deviations", [0.01, 2.6])
def test_a_page_from_the_midst_is_that_part_of_all(
    large: Board,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    sort: SortKey,
    sign: str,
    deviations: float,
) -> None:
    query = parse(f"{text} sort:{sort}{sign}")
    rows = large.find(query, now=MONDAY).page(0, 70)
    # What a board of seventy has in the midst is what a large one has, with a sample as small.
    monkeypatch.setattr("storage.read.places._OUTERMOST", 9)
    monkeypatch.setattr("storage.read.places._DEVIATIONS", deviations)
    monkeypatch.setattr("storage.read.places._SAMPLE", 20)
    monkeypatch.setattr("storage.read.listing._SIFTED", -1)
    # Of titles, pages near an end are looked up, and others found in one pass.
    monkeypatch.setattr("storage.read.board._LOOKED_UP", 0.3)
    monkeypatch.setattr("storage.read.places._LOOKED_UP", 3)
    for language in ("en", "zh_CN"):
        for size in (1, 7, 70):
            for offset in range(len(rows) - 2, 0, -9):
                page = large.find(query, language=language, now=MONDAY).page(offset, size)
                assert page == rows[offset : offset + size], (language, offset, size)


@pytest.mark.parametrize(
    "text", ["count:>=1", "kind:bug has:tag", "client:4.2.* status:open", "inbox:yes or count:>=1"]
)
@pytest.mark.parametrize("sort", [None, *SortKey])
@pytest.mark.parametrize("sign", ["-", "+"])
def test_what_one_pass_lists_is_what_is_counted_and_read_by_pages(
    large: Board, monkeypatch: pytest.MonkeyPatch, text: str, sort: SortKey | None, sign: str
) -> None:
    query = parse(f"{text} sort:{sort}{sign}" if sort else text)
    found = []
    # As if a sample said that many answer, and that few do.
    for answering in (-1, 1_000):
        monkeypatch.setattr("storage.read.listing._SIFTED", answering)
        listing = large.find(query, now=MONDAY)
        pages = [listing.page(offset, 7) for offset in range(0, listing.total, 7)]
        found.append((listing.counts, listing.total, pages))
    assert found[0] == found[1]
    assert found[0][1]


@pytest.mark.parametrize("sort", ["component", "severity", "count", "first", "due"])
@pytest.mark.parametrize("sign", ["-", "+"])
def test_a_page_from_the_midst_tells_what_is_alike_apart(
    store: Store, monkeypatch: pytest.MonkeyPatch, sort: str, sign: str
) -> None:
    # Quotes and Chinese in what is compared, many that are alike in all else, and some never seen.
    names = ['say "a", b', "it's\\", "", "相册"]
    for number in range(40):
        due = f"2022-01-0{number % 3}" if number % 3 else ""
        pitfall = store.pitfalls.report(f"{number}", component=names[number % 4], due=due)
        for _ in range(number % 3):
            store.occurrences.log(pitfall, seen_at=MONDAY - number % 2 * DAY_MS)
    with Board.open(store.path) as board:
        query = parse(f"sort:{sort}{sign}")
        # Who asks for more than there are gets them sorted by SQLite.
        rows = board.find(query).page(0, 1_000)
        assert len({row.id for row in rows}) == 40
    monkeypatch.setattr("storage.read.places._OUTERMOST", 2)
    monkeypatch.setattr("storage.read.places._SAMPLE", 20)
    monkeypatch.setattr("storage.read.places._DEVIATIONS", 0.5)
    for offset in range(3, 36):
        # Another board each time, since this one would remember what it has read.
        with Board.open(store.path) as board:
            assert board.find(query).page(offset, 2) == rows[offset : offset + 2]


@pytest.mark.parametrize("column", ["changed_at", "occurrence_count"])
def test_an_order_says_that_a_number_is_damaged(
    store: Store, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    monkeypatch.setattr("storage.read.places._OUTERMOST", 3)
    monkeypatch.setattr("storage.read.places._DEVIATIONS", 0.01)
    several = [store.pitfalls.report(f"{n}") for n in range(9)]
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(f"UPDATE pitfalls SET {column} = 'soon' WHERE id = ?", several[4:5])
        connection.commit()
    with Board.open(store.path) as board, pytest.raises(Unusable, match="damaged"):
        board.find(parse("sort:updated" if column == "changed_at" else "sort:count")).page(0, 3)


def test_a_page_from_the_midst_holds_what_was_written_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.read.places._OUTERMOST", 1)
    several = [store.pitfalls.report(f"{n:02}") for n in range(9)]
    with Board.open(store.path) as board:

        def midst() -> str:
            return board.find(parse("sort:count")).page(2, 3)[0].title.plain

        assert midst() == "06"
        for seldom, pitfall in enumerate(several):
            store.occurrences.log(pitfall, count=9 - seldom)
        assert midst() == "02"


def test_a_page_from_the_midst_holds_what_the_time_brings(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.read.places._OUTERMOST", 1)
    for ago in range(9):
        store.occurrences.log(store.pitfalls.report(f"{ago}"), seen_at=MONDAY - ago * DAY_MS)
    with Board.open(store.path) as board:

        def midst(now: int) -> list[str]:
            listing = board.find(parse("seen:<5d sort:reported"), now=now)
            return [row.title.plain for row in listing.page(1, 9)]

        assert midst(MONDAY) == ["3", "2", "1", "0"]
        assert midst(MONDAY + 2 * DAY_MS) == ["1", "0"]


#: Versions that pitfalls of these names were seen in. 2.3, 2.23 and 5.3 share a bit.
SEEN = {
    "A": ("2.3.1", "2.9"),
    "B": ("2.23",),
    "C": ("1.0", "5.3.4"),
    "D": ("2.1", "3.0"),
    "E": ("nightly",),
    "F": ("2.2", "2.23.4", "4.0"),
    "G": (),
}
RANGES = (
    *("1..2", "2.*", "2.3.*", "2.3.1", "2.23.*", "2.3..2.22", "2.2..2.3", "5.*", "5.3.*", "3..4"),
    *("2.10..2.22", "0..9", "7.*", "1.0", "2.23..5.3", "4.*,2.1", "2.3.*,5.3.*"),
)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    store = Store.open(tmp_path_factory.mktemp("versions") / "board.db", who="Ann", now=Wall())
    for title, seen in SEEN.items():
        pitfall = store.pitfalls.report(title)
        for version in seen:
            store.occurrences.log(pitfall, client_version=version, base_library=version)
    store.close()
    with Board.open(store.path) as board:
        yield board


@pytest.mark.parametrize("range_", RANGES)
@pytest.mark.parametrize("key", ["client", "lib"])
def test_a_range_finds_what_was_seen_in_one_of_its_versions(
    versions: Board, key: str, range_: str
) -> None:
    values = parse(f"{key}:{range_}").values_of(key)

    def holds(version: str) -> bool:
        known = version_key(version)
        ranges = [one for one in values if isinstance(one, Between)]
        return known is not None and any(one.holds(known) for one in ranges)

    inside = "".join(title for title, seen in SEEN.items() if any(map(holds, seen)))
    outside = "".join(title for title in SEEN if title not in inside)
    for rest in ("", "sort:title", "sort:count", "kind:bug"):
        assert found(versions, f"{key}:{range_} {rest}") == inside
        assert found(versions, f"-{key}:{range_} {rest}") == outside
    assert found(versions, f"{key}:{range_} or {key}:99.*") == inside


def test_a_version_seen_later_is_found_at_once(store: Store) -> None:
    one, other = store.pitfalls.report("One"), store.pitfalls.report("Two")
    store.occurrences.log(one, client_version="2.3")
    with Board.open(store.path) as board:
        assert [found(board, f"client:{text}") for text in ("2.*", "2.3.*")] == ["O", "O"]
        store.occurrences.log(other, client_version="5.3")
        store.occurrences.log(other, client_version="2.0")
        assert [found(board, f"client:{text}") for text in ("2.*", "2.3.*")] == ["OT", "O"]
        step = store.history.undo()
        assert step
        assert [found(board, f"client:{text}") for text in ("2.*", "5.3.*")] == ["O", "T"]


def test_tags_are_counted_by_the_status_that_their_pitfalls_have_by_now(store: Store) -> None:
    a = store.pitfalls.report("A", tags=["login", "Login", "登录"])
    b = store.pitfalls.report("B", tags=["login"])
    c = store.pitfalls.report("C", tags=["other"])
    with Board.open(store.path) as board:

        def counted(text: str) -> list[int]:
            listing = board.find(parse(text))
            assert listing.total == len(listing.page(0, 9))
            return [*listing.counts.values()]

        def both() -> tuple[list[int], list[int]]:
            return counted("tag:login"), counted("-tag:login")

        assert both() == ([2, 0, 0], [1, 0, 0])
        assert counted("tag:login,other") == [3, 0, 0]
        store.status.set(a, "fixed upstream", axis="client", from_version="4.1")
        assert both() == ([1, 0, 1], [1, 0, 0])
        assert counted("tag:登录") == counted("tag:login status:fixed") == [1, 0, 1]
        store.triage.mark_duplicate(b, c)
        assert both() == ([0, 0, 1], [1, 0, 0])
        store.triage.decline(a, "not-ours")
        assert both() == ([0, 0, 0], [1, 0, 0])
        store.pitfalls.edit(c, {}, tags=["login"])
        assert both() == ([1, 0, 0], [0, 0, 0])


@pytest.mark.parametrize(
    "text", ["", "status:open", "severity:S1", "tag:login", "client:4.*", "登录"]
)
@pytest.mark.parametrize("sort", ["", "sort:count", "sort:title-"])
def test_what_is_counted_later_is_the_same(large: Board, text: str, sort: str) -> None:
    query = parse(f"{text} {sort}")
    at_once, later = large.find(query, now=MONDAY), large.find(query, now=MONDAY, lazily=True)
    assert later.page(0, 100) == at_once.page(0, 100)
    assert later.page(0, 10) == at_once.page(0, 10)
    assert (later.total, later.counts) == (at_once.total, at_once.counts)
    assert later.page(later.total - 3, 10) == at_once.page(0, 100)[-3:]
