"""Known pitfalls are recognised in error text; each answer explains itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import seeds
from storage.errors import Refused
from storage.match import signature_index as kept
from storage.match.generality import check_signature
from storage.match.known_errors import KnownErrors, RecognisedPitfall
from storage.match.normalizer import TokenKind
from storage.model.vocabulary import Channel, Platform, SignatureForm
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.records import line, take_in

Signed = Callable[..., str]


pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def known(store: Store) -> Iterator[KnownErrors]:
    with KnownErrors.open(store.path) as known:
        yield known


@pytest.fixture
def signed(store: Store) -> Signed:
    """Reports a pitfall with a signature; its id."""

    def sign(text: str, form: str = "literal", **limits: str) -> str:
        pitfall = store.pitfalls.report(f"about {text}", component="x", kind="bug", severity="S3")
        store.signatures.add(pitfall, text, form=form, **limits)
        return pitfall

    return sign


def ids(found: list[RecognisedPitfall]) -> list[str]:
    return [one.pitfall for one in found]


# The catalogue


@pytest.mark.parametrize(
    "text",
    [
        "qy.login:fail",
        "wx.qy.login fail",
        "wx.qy.login:fail",
        "qy__login:fail",
        "invoke result:qy.login,qy.login:fail",
        'MiniProgramError\n{"errMsg":"qy.login:fail"}\n    at Function.x (WASubContext.js:1:2)',
        "Uncaught (in promise) {errMsg: “QY.LOGIN：FAIL”}",
        "打开失败 内部错误",
        "打开失败，内部错误",
        "弹窗提示：打开失败内部错误。",
        r"{\"msg\":\"\u6253\u5f00\u5931\u8d25 \u5185\u90e8\u9519\u8bef\"}",
    ],
)
def test_what_people_paste_of_the_catalogue_is_recognised(tmp_path: Path, text: str) -> None:
    path = tmp_path / "board.db"
    Store.open(path, catalogue=seeds.lines, edition=seeds.EDITION).close()
    with KnownErrors.open(path) as known, Board.open(path) as board:
        [found] = known.recognise(text)
        assert found.signature in board.pitfall(found.pitfall).signatures


def test_every_signature_of_the_catalogue_is_recognised_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path, catalogue=seeds.lines, edition=seeds.EDITION).close()
    with KnownErrors.open(path) as known, Board.open(path) as board:
        texts = {
            one.text: row.id
            for row in board.find(parse("")).page(0, 100)
            for one in board.pitfall(row.id).signatures
        }
        assert texts
        for text, pitfall in texts.items():
            assert ids(known.recognise(text)) == [pitfall]


# Forms


def test_a_literal_stands_anywhere_in_a_line_but_begins_a_name(
    known: KnownErrors, signed: Signed
) -> None:
    login = signed("wx.login:fail")
    assert ids(known.recognise("error: login:failed (1)")) == [login]
    assert known.recognise("qy.login:fail") == []
    assert known.recognise("autologin:fail") == []
    assert known.recognise("login\n\nfail") == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "  \n    "])
@pytest.mark.parametrize(
    ("text", "form", "first", "second"),
    [
        ("chooseMedia:fail permission denied", "literal", "chooseMedia:fail permission", "denied"),
        (
            "chooseMedia:fail permission denied",
            "literal",
            "e: chooseMedia:fail perm",
            "ission denied!",
        ),
        ("打开失败 内部错误", "literal", "弹窗：打开失败", "内部错误。"),
        ("朋友圈发表接口返回超限", "literal", "提示朋友圈发表接", "口返回超限了"),
        ("wx.save*:fail * denied", "glob", "saveFile:fail by system", "denied"),
        ("qyapi code [0-9]{4}x", "pattern", "qyapi code 12", "34x"),
    ],
)
def test_a_message_that_is_broken_over_two_lines_is_recognised(
    known: KnownErrors,
    signed: Signed,
    text: str,
    form: str,
    first: str,
    second: str,
    newline: str,
) -> None:
    pitfall = signed(text, form)
    broken = f"it said\n{first}{newline}{second}\nand no more"
    [found] = known.recognise(broken)
    assert (found.pitfall, found.line) == (pitfall, 2)
    assert found.matched[0] in first
    assert found.matched.rstrip("了。!").endswith(text[-1])
    assert known.recognise(f"{first}{newline}{newline}{second}") == [], "a paragraph ends there"
    log = "\n".join([*["info: nothing"] * 300, first, second])
    assert known.recognise(log) == [], "each line of a log is by itself"


def test_of_a_message_in_one_line_the_line_is_said(known: KnownErrors, signed: Signed) -> None:
    signed("login:fail")
    [found] = known.recognise("first\nlogin:fail\nlast")
    assert (found.line, found.start, found.end, found.matched) == (2, 0, 10, "login:fail")


def test_a_literal_that_ends_in_a_code_is_about_that_code(
    known: KnownErrors, signed: Signed
) -> None:
    pitfall = signed("login:fail errcode 400")
    assert ids(known.recognise("login:fail errCode=400, sorry")) == [pitfall]
    assert known.recognise("login:fail errCode=40029") == []


def test_numbers_that_vary_may_vary(known: KnownErrors, signed: Signed) -> None:
    pitfall = signed("request:fail timeout 5000ms")
    assert ids(known.recognise("request:fail timeout 12 ms")) == [pitfall]
    assert known.recognise("request:fail timeout soon") == []


def test_a_globs_pieces_follow_one_another_in_a_line(known: KnownErrors, signed: Signed) -> None:
    save = signed("wx.save*:fail * denied", "glob")
    assert ids(known.recognise("saveImageToPhotosAlbum:fail system permission denied")) == [save]
    assert ids(known.recognise("saveFile:fail auth denied")) == [save]
    assert known.recognise("denied saveFile:fail auth") == []
    assert known.recognise("saveFile:fail\n\ndenied") == []


def test_a_pattern_is_tried_on_the_line_as_it_stands(known: KnownErrors, signed: Signed) -> None:
    pitfall = signed(r"^\[warn\].*打开.?失败 \d+$", "pattern")
    [found] = known.recognise("first\n[WARN] now 打开了失败 12\r\nlast")
    assert (found.pitfall, found.line, found.matched) == (pitfall, 2, "[WARN] now 打开了失败 12")
    assert known.recognise("x [warn] 打开失败 12") == []


def test_a_pattern_that_would_freeze_others_is_just_slow_to_nobody(
    known: KnownErrors, signed: Signed
) -> None:
    signed("(a+)+$", "pattern")
    assert known.recognise("a" * 50_000 + "b") == []


# Answers


def test_an_answer_says_which_signature_stands_where_and_what_was_stripped(
    known: KnownErrors, signed: Signed
) -> None:
    pitfall = signed("qy.login:fail timeout")
    text = 'up\n  10:00:00 {"errMsg":"wx.qy__login:FAIL, timeout", "rid": "5f"}'
    [found] = known.recognise(text)
    assert found.pitfall == pitfall
    assert found.signature.text == "qy.login:fail timeout"
    assert found.line == 2
    assert found.matched == "qy__login:FAIL, timeout"
    assert text.split("\n")[1][found.start : found.end] == found.matched
    assert [one.sort for one in found.stripped] == [
        TokenKind.TIME,
        TokenKind.WRAPPING,
        TokenKind.REQUEST,
    ]


def test_where_it_stands_is_counted_in_what_was_given(known: KnownErrors, signed: Signed) -> None:
    signed("打开失败")
    text = r'{"a":"\n\u6253\u5f00\u5931\u8d25"}'
    [found] = known.recognise(text)
    assert text[found.start : found.end] == r"\u6253\u5f00\u5931\u8d25"


def test_the_one_that_says_most_comes_first_and_each_pitfall_once(
    store: Store, known: KnownErrors, signed: Signed
) -> None:
    short = signed("login:fail")
    long = signed("login:fail album is denied")
    store.signatures.add(long, "album is denied")
    found = known.recognise("login:fail album is denied")
    assert ids(found) == [long, short]
    assert found[0].signature.text == "login:fail album is denied"


def test_of_two_that_say_the_same_the_limited_one_comes_first(
    known: KnownErrors, signed: Signed
) -> None:
    any_platform = signed("login:fail")
    android = signed("login:fail", platform="android")
    assert ids(known.recognise("login:fail", Platform.ANDROID)) == [android, any_platform]


# Limits


def test_a_limited_signature_does_not_match_elsewhere(known: KnownErrors, signed: Signed) -> None:
    android = signed("login:fail", platform="android")
    trial = signed("pay:fail", channel="trial-qr")
    assert ids(known.recognise("login:fail")) == [android]
    assert ids(known.recognise("login:fail", Platform.ANDROID)) == [android]
    assert known.recognise("login:fail", Platform.IOS) == []
    assert ids(known.recognise("pay:fail", Platform.IOS, Channel.TRIAL_QR)) == [trial]
    assert known.recognise("pay:fail", None, Channel.RELEASE) == []


# Which pitfalls


def test_a_fixed_pitfall_is_recognised_too(
    store: Store, known: KnownErrors, signed: Signed
) -> None:
    pitfall = signed("login:fail")
    store.status.set(pitfall, "fixed upstream", axis="client", from_version="4.1.30")
    assert ids(known.recognise("login:fail")) == [pitfall]


def test_a_duplicates_signature_counts_for_its_original(
    store: Store, known: KnownErrors, signed: Signed
) -> None:
    original, duplicate = signed("album is white"), signed("login:fail")
    store.triage.mark_duplicate([duplicate], original)
    [found] = known.recognise("login:fail")
    assert found.pitfall == original
    assert found.signature.recorded_on == duplicate


def test_what_changes_on_the_board_counts_at_once(
    store: Store, known: KnownErrors, signed: Signed
) -> None:
    assert known.recognise("login:fail") == []
    pitfall = signed("login:fail")
    assert ids(known.recognise("login:fail")) == [pitfall]
    store.occurrences.log(pitfall)
    assert ids(known.recognise("login:fail")) == [pitfall]
    [signature] = [one.signature for one in known.recognise("login:fail")]
    store.entries.hide(pitfall, signature.id)
    assert known.recognise("login:fail") == []


def test_a_signature_from_elsewhere_that_cant_be_looked_for_is_passed_over(
    tmp_path: Path,
) -> None:
    path = tmp_path / "board.db"
    bodies = [
        ("reported", {"title": "A white picture"}),
        *(
            ("signature_added", {"text": text, "form": form})
            for text, form in (
                ("(?<=a)b", "pattern"),
                (".*", "pattern"),
                ("a", "literal"),
                ("***", "glob"),
                ("login:fail", "literal"),
            )
        ),
    ]
    events = [
        line(seq=seq, step=seq, hlc=seq, kind=kind, body=body)
        for seq, (kind, body) in enumerate(bodies, 1)
    ]
    assert take_in(path, events).set_aside == 0
    with KnownErrors.open(path) as known:
        [found] = known.recognise("ab a login:fail")
        assert found.signature.text == "login:fail"


# Refusals


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(?<=a)b", "Zero-width assertions"),
        ("(?=a)b", "Zero-width assertions"),
        (r"(a)\1", "Back-references"),
        ("a*", "nearly everything"),
        (".", "nearly everything"),
        ("(", "parenthesis"),
        ("x.{32000}y", "repeats too much"),
        (r"((\p{L}{1,99}x){1,99}y)", "repeats too much"),
        ("(?-m)^x", "turned off"),
    ],
)
def test_a_pattern_that_cant_be_looked_for_is_refused_with_the_reason(
    store: Store, signed: Signed, text: str, why: str
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        signed(text, "pattern")
    assert refused.value.field == "signature"
    with pytest.raises(Refused, match=why):
        check_signature(text, SignatureForm.PATTERN)


@pytest.mark.parametrize(
    ("text", "form"),
    [("MiniProgramError", "literal"), ("qy", "literal"), ("12", "literal"), ("* : *", "glob")],
)
def test_what_would_match_nearly_everything_is_refused(
    store: Store, text: str, form: str, signed: Signed
) -> None:
    with pytest.raises(Refused, match="nearly everything"):
        signed(text, form)


@pytest.mark.parametrize("text", ["60011", "扫码页", "errCode -80", "x:fail"])
def test_a_short_signature_that_says_something_is_taken(
    known: KnownErrors, signed: Signed, text: str
) -> None:
    pitfall = signed(text)
    assert ids(known.recognise(f"it says {text} here")) == [pitfall]


# The cache


@pytest.fixture
def slow_to_compile(
    engine: str, store: Store, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A board whose signatures are compiled once; its path."""
    if engine == "slow":
        pytest.skip("it compiles in no time, and keeps nothing")
    monkeypatch.setattr("storage.match.signature_index._LONG", -1)
    signed("login:fail")
    signed("扫码.?失败", "pattern")
    return store.path


def recognised_afresh(path: Path) -> int:
    with KnownErrors.open(path) as known:
        return len(known.recognise("扫码了失败 login:fail"))


def test_what_was_compiled_is_kept_for_its_owner_alone(
    slow_to_compile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recognised_afresh(slow_to_compile) == 2
    assert kept.cache_path(slow_to_compile).stat().st_mode & 0o777 == 0o600
    # It is not compiled again.
    monkeypatch.setattr("storage.match.signature_index.plan_of", None)
    assert recognised_afresh(slow_to_compile) == 2


def test_other_signatures_are_compiled_anew(slow_to_compile: Path, signed: Signed) -> None:
    assert recognised_afresh(slow_to_compile) == 2
    signed("失败 login:fail")
    assert recognised_afresh(slow_to_compile) == 3


def test_a_text_that_another_pitfall_has_as_well_is_not_compiled_anew(
    slow_to_compile: Path, store: Store, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recognised_afresh(slow_to_compile) == 2
    monkeypatch.setattr("storage.match.signature_index.plan_of", None)
    signed("login:fail")
    assert recognised_afresh(slow_to_compile) == 3
    store.history.undo()
    assert recognised_afresh(slow_to_compile) == 2


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "writable", "folder"])
def test_a_cache_that_cant_be_trusted_counts_as_absent(slow_to_compile: Path, damage: str) -> None:
    assert recognised_afresh(slow_to_compile) == 2
    held = kept.cache_path(slow_to_compile)
    data = held.read_bytes()
    match damage:
        case "cut":
            held.write_bytes(data[: len(data) // 2])
        case "changed":
            held.write_bytes(data[:-100] + bytes(100))
        case "foreign":
            held.write_bytes(b"something else")
        case "writable":
            held.chmod(0o666)
        case _:
            held.unlink()
            held.mkdir()
    assert recognised_afresh(slow_to_compile) == 2


def test_without_room_for_a_cache_it_goes_without(
    slow_to_compile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "cache_path", lambda board: board / "nowhere" / "kept")
    assert recognised_afresh(slow_to_compile) == 2


HELD = [
    *("login:fail", "LOGIN:FAIL", "ｌｏｇｉｎ：ｆａｉｌ", "\\u006cogin:fail", "lo\x1b[31mgin:fail"),
    *("错误码 60011", "errcode: 60011", "errno=60011", "devtool/query?e=60011 60011"),
    *("打开失败", "\\u6253\\u5f00失败", '{"errMsg":"\\u6253\\u5f00\\u5931\\u8d25"}', "all is well"),
    "x" * 2_000 + " login:fail",
]


@pytest.mark.parametrize("text", HELD)
def test_what_is_kept_rules_out_no_line_that_matches(
    engine: str,
    store: Store,
    signed: Signed,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
) -> None:
    monkeypatch.setattr(kept, "_LONG", -1)
    for one in ("login:fail", "错误码 60011", "打开失败"):
        signed(one)
    with KnownErrors.open(store.path) as known:
        compiled = known.recognise(text)
    assert kept.cache_path(store.path).exists()
    with KnownErrors.open(store.path) as known:
        assert known.recognise(text) == compiled
    assert bool(compiled) == (text != "all is well")


def test_a_line_without_any_word_of_a_signature_compiles_and_loads_nothing(
    engine: str, store: Store, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_LONG", -1)
    signed("login:fail")
    with KnownErrors.open(store.path) as known:
        assert known.recognise("login:fail")
    monkeypatch.setattr("storage.match.known_errors.SignatureIndex", None)
    with KnownErrors.open(store.path) as known:
        assert known.recognise("the album does not open") == []
        with pytest.raises(AttributeError):
            known.recognise("login:fail")
