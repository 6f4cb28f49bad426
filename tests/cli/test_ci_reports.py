"""``pitboard match --format``: reports for build servers and editors, and what fails a build."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from jsonschema import Draft4Validator

from tests.cli.conftest import Ended
from tui.cli.ci_reports import GITHUB_MOST, REPORTS
from tui.cli.known_errors import place_in_sources
from tui.cli.match import FORMATS

CASES = Path(__file__).parents[1] / "cases" / "ci"
HOSTILE = "Saving | breaks ::error::x,y:z%0A @all <b>&amp; ]]> [click](https://a.example) `rm`"

LOG = """\
starting
src/pages/index.js:14:3 TypeError save:fail denied
again save:fail denied
  at login (src/pages/login.js:7:12) qy.login:fail
old.ts(3,9): chooseImage:fail cancel
"""


@pytest.fixture
def project(pitboard: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Sources and a log in the working directory, and the ids of what the log holds."""
    sources = pitboard.home / "src" / "pages"
    sources.mkdir(parents=True)
    for name in ("index.js", "login.js"):
        (sources / name).write_text("x\n")
    (pitboard.home / "build.log").write_text(LOG)
    monkeypatch.chdir(pitboard.home)
    with pitboard.store() as store:
        ids = {
            "hostile": store.pitfalls.report(
                HOSTILE,
                component="wx.save",
                kind="bug",
                severity="S1",
                workaround="Don't.\n::error::no\n%0A::warning::x",
                signatures=["save:fail denied"],
            ),
            "back": store.pitfalls.report(
                "Login fails",
                component="wx.qy.login",
                kind="bug",
                severity="S2",
                signatures=["qy.login:fail"],
            ),
            "fixed": store.pitfalls.report(
                "选图后取消会报错",
                component="wx.chooseImage",
                kind="bug",
                severity="S3",
                signatures=["chooseImage:fail cancel"],
            ),
        }
        for name in ("back", "fixed"):
            store.fixes.record(
                ids[name], status="fixed upstream", axis="client", from_version="4.1.8"
            )
        store.occurrences.log(ids["back"], client_version="4.1.9")
    return ids


def with_names(text: str, ids: Mapping[str, str]) -> str:
    """A report with names in place of what differs from board to board."""
    for name, one in ids.items():
        text = text.replace(one, f"<{name}>")
        text = re.sub(rf"\b{one[:4]}[0-9a-f]*\b", f"<{name}>", text)
    return re.sub(r"\b[0-9a-f]{64}\b", "<fingerprint>", text)


def test_every_format_has_its_report() -> None:
    assert tuple(REPORTS) == FORMATS


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_is_as_it_was_agreed_on(pitboard: Any, project: dict[str, str], form: str) -> None:
    ended = pitboard("match", "--format", form, "build.log")
    assert (ended.code, ended.err) == (0, "")
    golden = CASES / f"report.{form}"
    assert with_names(ended.out, project) == golden.read_text("utf-8")


def test_sarif_is_valid(pitboard: Any, project: dict[str, str]) -> None:
    schema = json.loads((CASES / "sarif-schema-2.1.0.json").read_text("utf-8"))
    for log in ("build.log", "-"):
        report = json.loads(pitboard("match", "--format", "sarif", log, stdin=LOG).out)
        assert [one.message for one in Draft4Validator(schema).iter_errors(report)] == []
    assert not Draft4Validator(schema).is_valid({"version": "2.1.0"})
    empty = json.loads(pitboard("match", "--format", "sarif", stdin="").out)
    assert [one.message for one in Draft4Validator(schema).iter_errors(empty)] == []


def test_junit_skips_what_is_known_and_fails_what_is_back(
    pitboard: Any, project: dict[str, str]
) -> None:
    out = pitboard("match", "--format", "junit", "build.log").out
    top = Xml.fromstring(out)
    cases = {str(case.get("name")): case for case in top.iter("testcase")}
    assert [sorted(part.tag for part in case) for case in cases.values()] == [
        ["skipped"],
        ["failure"],
        ["skipped"],
    ]
    assert (top.get("tests"), top.get("failures"), top.get("skipped")) == ("3", "1", "2")
    assert any(HOSTILE in name for name in cases)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]", out)


def test_github_shows_ten_of_a_level_and_the_rest_in_the_summary(pitboard: Any) -> None:
    count = GITHUB_MOST + 2
    with pitboard.store() as store:
        for number in range(count):
            store.pitfalls.report(
                f"|{HOSTILE}| {number}",
                component="wx.save",
                kind="bug",
                severity="S2",
                signatures=[f"save:fail kind{number:02}x"],
            )
    log = "".join(f"save:fail kind{number:02}x\n" for number in range(count))
    plain = pitboard("match", "--format", "github", stdin=log).out.splitlines()
    assert [line[:10] for line in plain[:GITHUB_MOST]] == ["::warning "] * GITHUB_MOST
    # What is not shown as an annotation can be no command either.
    assert [line[:2] for line in plain[GITHUB_MOST:]] == ["  "] * 2
    summary = pitboard.home / "summary.md"
    summary.write_text("before\n")
    ended = pitboard("match", "--format", "github", stdin=log, GITHUB_STEP_SUMMARY=str(summary))
    told = ended.out.splitlines()
    assert told == plain[:GITHUB_MOST]
    written = summary.read_text("utf-8")
    assert written.startswith("before\n\n| ")
    rows = written.splitlines()[4:]
    assert len(rows) == 2
    for row in rows:
        assert row.count("|") == 5
        assert not re.search(r"[<>`@\[\]]", row)


def test_a_fingerprint_stays_when_lines_move(pitboard: Any, project: dict[str, str]) -> None:
    def prints(log: str) -> list[str]:
        out = pitboard("match", "--format", "gitlab", stdin=log).out
        return [one["fingerprint"] for one in json.loads(out)]

    before = prints(LOG)
    assert len(set(before)) == 3
    assert prints("\n\n" + LOG.replace("index.js:14:3", "index.js:99:1")) == before
    assert prints(LOG.replace("index.js", "login.js")) != before


FAILS = {
    "none": (0, 0),
    "known": (6, 0),
    "unknown": (0, 6),
    "regression": (6, 0),
    "S1": (6, 0),
    "S4": (6, 0),
}


@pytest.mark.parametrize("fail_on", FAILS)
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_build_fails_on_what_was_named(
    pitboard: Any, project: dict[str, str], fail_on: str, form: str
) -> None:
    options = ("match", "--format", form, "--fail-on", fail_on)
    codes = (pitboard(*options, stdin=LOG).code, pitboard(*options, stdin="all is well\n").code)
    assert codes == FAILS[fail_on]


#: What each format says fails a build that nothing known explains.
UNEXPLAINED = {
    "github": "::error title=Pitboard unknown::{log}: Nothing known is in it.%0A{advice}\n",
    "gcc": "{log}:1:1: error: {log}: Nothing known is in it. [unknown]\n",
}
ADVICE = "“pitboard paste” shows what is only like it, and can report it."


@pytest.mark.parametrize("log", ["stdin", "a%b.log"])
@pytest.mark.parametrize("form", FORMATS)
def test_what_nobody_explains_fails_in_every_report(
    pitboard: Any, monkeypatch: pytest.MonkeyPatch, form: str, log: str
) -> None:
    monkeypatch.chdir(pitboard.home)
    (pitboard.home / "a%b.log").write_text("Segfault\n")
    with pitboard.store() as store:
        store.pitfalls.report("Other", signatures=["other:fail"])
    given = () if log == "stdin" else (log,)
    call = ("match", "--format", form, *given)
    ended = pitboard(*call, "--fail-on", "unknown", stdin="Segfault\n")
    assert (ended.code, ended.err) == (6, "Nothing known is in it.\n")
    headline = f"{log}: Nothing known is in it."
    match form:
        case "gitlab":
            [issue] = json.loads(ended.out)
            assert issue["description"] == f"{headline} (unknown)"
            assert issue["check_name"] == "pitboard-unknown"
            assert issue["severity"] == "critical"
            assert issue["location"] == {"path": log, "lines": {"begin": 1}}
            again = pitboard(*call, "--fail-on", "unknown", stdin="\nAbort\n").out
            assert json.loads(again)[0]["fingerprint"] == issue["fingerprint"]
        case "sarif":
            report = json.loads(ended.out)
            schema = json.loads((CASES / "sarif-schema-2.1.0.json").read_text("utf-8"))
            assert [one.message for one in Draft4Validator(schema).iter_errors(report)] == []
            [result] = report["runs"][0]["results"]
            [rule] = report["runs"][0]["tool"]["driver"]["rules"]
            assert (result["ruleId"], rule["id"], result["level"]) == (
                "unknown",
                "unknown",
                "error",
            )
            assert result["message"]["text"] == f"{headline}\n{ADVICE}"
        case "junit":
            top = Xml.fromstring(ended.out)
            assert (top.get("tests"), top.get("failures"), top.get("skipped")) == ("1", "1", "0")
            [failure] = top.iter("failure")
            assert (failure.get("message"), failure.text) == (headline, ADVICE)
        case _:
            wanted = UNEXPLAINED[form].replace("{advice}", ADVICE)
            shown = log.replace("%", "%25") if form == "github" else log
            assert ended.out == wanted.replace("{log}", shown)
    # Without that, nothing found is nothing to report.
    calm = pitboard(*call, stdin="Segfault\n")
    assert calm.code == 0
    assert "unknown" not in calm.out


def test_what_is_explained_is_not_unknown(pitboard: Any, project: dict[str, str]) -> None:
    for form in FORMATS:
        ended = pitboard("match", "--format", form, "--fail-on", "unknown", "build.log")
        assert ended.code == 0
        assert "unknown" not in ended.out


def test_a_severity_means_it_and_what_is_worse(pitboard: Any, project: dict[str, str]) -> None:
    login = "qy.login:fail\n"
    codes = [pitboard("match", "--fail-on", f"s{n}", stdin=login).code for n in range(1, 5)]
    assert codes == [0, 6, 6, 6]


def test_the_environment_says_whether_a_fixed_one_is_back(
    pitboard: Any, project: dict[str, str]
) -> None:
    def code(log: str, *environment: str) -> int:
        ended: Ended = pitboard("match", "--fail-on", "regression", *environment, stdin=log)
        return ended.code

    fixed = "chooseImage:fail cancel\n"
    assert code(fixed) == 0
    assert code(fixed, "--client-version", "4.1.7") == 0
    assert code(fixed, "--client-version", "4.1.8") == 6
    # As the record and the query line take it.
    assert code(fixed, "--client-version", "４．１。8") == 6
    assert code(fixed, "--client-version", "4,1,7") == 0
    back = "qy.login:fail\n"
    assert code(back) == 6
    assert code(back, "--client-version", "4.1.7") == 0


def test_a_report_goes_to_a_file(pitboard: Any, project: dict[str, str]) -> None:
    for form in ("text", "json", *FORMATS):
        shown = pitboard("match", "--format", form, "build.log")
        target = pitboard.home / f"report.{form}"
        target.write_text("what was there before")
        ended = pitboard("match", "--format", form, "--output", target, "build.log")
        assert (ended.code, ended.out, ended.err) == (0, "", "")
        assert target.read_text("utf-8") == shown.out
    ended = pitboard("match", "--output", pitboard.path, "build.log")
    assert ended.code == 3
    assert pitboard("list").code == 0
    ended = pitboard("match", "--format", "gcc", "--output", "no/where", "build.log")
    assert ended.code in (3, 4)
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "options",
    [
        ("--json", "--format", "sarif"),
        ("--follow", "--format", "gcc", "build.log"),
        ("--tee", "--format", "junit"),
        ("--format", "html"),
        ("--fail-on", "S5"),
        ("--root", "nowhere"),
    ],
)
def test_what_does_not_go_together_is_refused(
    pitboard: Any, project: dict[str, str], options: tuple[str, ...]
) -> None:
    ended = pitboard("match", *options, stdin=LOG)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.strip()


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("src/a.js:3:7: error", ("src/a.js", 3, 7)),
        ("at f (./src/a.js:3)", ("src/a.js", 3, 0)),
        ("src/a.js(3,7): error TS1", ("src/a.js", 3, 7)),
        ('  File "src/a.js", line 12, in f', ("src/a.js", 12, 0)),
        ("webpack:///./src/a.js:5:1", ("src/a.js", 5, 1)),
        ("[10:00:01] src/nope.js:1 src/中文 页.js:2 src/页.js:4", ("src/页.js", 4, 0)),
        ("https://a.example/src/a.js:3", None),
        ("../secret.js:3", None),
        ("src/link.js:3", None),
        ("src/loop.js:3", None),
        ("src:3", None),
        ("src/a.js:0", None),
        ("10:00:01 all is well", None),
        ("x" * 5_000 + ":1", None),
        ("\0/a.js:1", None),
    ],
)
def test_a_place_is_a_file_below_the_root(
    tmp_path: Path, line: str, place: tuple[str, int, int] | None
) -> None:
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (root / "src" / "a.js").write_text("")
    (root / "src" / "页.js").write_text("")
    (tmp_path / "secret.js").write_text("")
    (root / "src" / "link.js").symlink_to(tmp_path / "secret.js")
    (root / "src" / "loop.js").symlink_to(root / "src" / "loop.js")
    found = place_in_sources(line, root.resolve())
    assert (found and found[:3]) == place
    inside = place_in_sources(f"{root.resolve()}/src/a.js:9", root.resolve())
    assert inside is not None
    assert inside[:2] == ("src/a.js", 9)
