"""A retro's report: the same numbers in every form, and nothing of the record that does harm."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from storage.model.retro import ReportFormat
from storage.model.row import Text
from storage.reports.retro.document import Chart, Series
from storage.reports.retro.formats import write
from storage.reports.retro.sections import document_of
from storage.retro.report import TIMELINE
from storage.text.sanitize import first_hostile
from tests.retros import THREAD, material
from tui.cli.tables import section_lines
from tui.text.cells import width

#: What is a trick somewhere: script, markup, a mention, a formula, escape sequences, bidi marks.
HOSTILE = (
    "=cmd|'/c calc'!A1 <script>alert(1)</script> <img src=x onerror=alert(1)> {{7*7}} {% x %} "
    "@all @张三 #12 !3 &4 %5 ~bug $1$ :smile: a_b _i_ *b* `c` [l](http://evil.example) | | a\n# h\n"
    "- x\t&amp; &#60; https://evil.example/?a=\"b' www.evil.example mail@evil.example "
    "\x1b]52;c;x\x07 \u202egpj.exe \u2066\x00"
)
FORMS = list(ReportFormat)


class Page(HTMLParser):
    """A page taken apart: its tags in order, and whether each is closed where it should be."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr", "base"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.rows: list[list[str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if self.rows and {"th", "td"} & set(self.open):
            self.rows[-1][-1] += data


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in (token, *inline(token.children or []))]


def tables(markdown: str) -> list[list[list[str]]]:
    """The tables that a reader of Markdown makes of it, as the texts of their cells."""
    found: list[list[list[str]]] = []
    is_inside = False
    for token in MarkdownIt("gfm-like").parse(markdown):
        if token.type in {"table_open", "table_close"}:
            is_inside = token.type == "table_open"
            found += [[]] if is_inside else []
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and is_inside:
            found[-1][-1].append("".join(one.content for one in token.children or ()))
    return found


# The same in every form


def test_the_figures_stand_beside_those_before_in_every_form():
    report = material()
    assert ["Regressed in the period", "12", "6", "+6 ✗ worse"] in tables(
        write(report, ReportFormat.MARKDOWN)
    )[0]
    page = Page(write(report, ReportFormat.HTML))
    assert "Regressed in the period12 Before 6 +6 ✗ worse" in re.sub(r"\s+", " ", page.text)
    data = json.loads(write(report, ReportFormat.JSON))
    assert data["counts"]["regressed"] == {"now": 12, "before": 6}
    rows = list(csv.reader(StringIO(write(report, ReportFormat.CSV))))
    assert rows[0] == ["section", "figure", "of", "unit", "value", "before"]
    assert ["counts", "regressed", "", "pitfalls", "12", "6"] in rows


def test_a_wait_that_too_few_came_to_the_end_of_is_not_a_number():
    report = material()
    [waits] = [one for one in tables(write(report, ReportFormat.MARKDOWN)) if one[0][0] == "Until"]
    assert waits[1][1:] == ["40 h ✗ worse", "20 h", "7 d", "3", "1"]
    assert waits[2][1:] == ["not yet", "not yet", "not yet", "1", "4"]
    assert waits[4][1:] == ["–", "–", "–", "0", "0"]
    answer = json.loads(write(report, ReportFormat.JSON))["waits"]["first-answer"]["now"]
    assert answer == {
        **{"cases": 5, "reached": 1, "censored": 4, "median_seconds": None, "p90_seconds": None}
    }
    assert "waits,first-answer,median,seconds,,\r\n" in write(report, ReportFormat.CSV)


def test_values_without_a_name_of_their_own_add_up_in_a_last_row():
    [clients] = [
        one
        for one in tables(write(material(), ReportFormat.MARKDOWN))
        if one[0][0] == "Client version"
    ]
    assert len(clients) == 10
    assert clients[1][::2] == ["4.1.20", "40", "1"]
    assert clients[-1][0] == "(others: 4)"
    assert [int(row[2]) for row in clients[1:]][-1] == 2 * (9 + 10 + 11 + 12)


def test_rankings_say_what_to_do_meanwhile_and_where_the_vendor_is_asked():
    report = material("zh_CN")
    markdown = write(report, ReportFormat.MARKDOWN)
    assert f"改用 wx.login。 [The thread](<{THREAD}>)" in markdown
    page = Page(write(report, ReportFormat.HTML))
    links = [attributes for tag, attributes in page.tags if tag == "a"]
    assert {one["href"] for one in links} == {THREAD}
    assert all("noopener" in str(one["rel"]) for one in links)
    assert "ab12 登录失败" in page.text
    [first, _second] = json.loads(write(report, ReportFormat.JSON))["most_frequent"]
    assert (first["title"], first["occurrences"], first["references"][0]) == (
        "登录失败",
        20,
        THREAD,
    )


@pytest.mark.parametrize(
    ("workaround", "output"),
    [
        ("Use **this**:\n```js\nwx.x()\n```\nand `that`.", "Use this: … and that."),
        ("```js\nwx.x()\n```", "wx.x()"),
        ("~~~\nnever ends", "never ends"),
        ("x" * 200, "x" * 139 + "…"),
        ("", "–"),
    ],
)
def test_a_workaround_is_told_in_short(workaround, output):
    report = material()
    pitfalls = {
        name: one._replace(workaround=Text(workaround), references=())
        for name, one in report.pitfalls.items()
    }
    markdown = write(replace(report, pitfalls=pitfalls), ReportFormat.MARKDOWN)
    [frequent, *_others] = [one for one in tables(markdown) if one[0][0] == "Pitfall"]
    assert frequent[1][-1] == output


def test_what_is_due_says_whether_it_is_late():
    [due] = [one for one in tables(write(material(), ReportFormat.MARKDOWN)) if one[0][0] == "Due"]
    assert due[1:] == [
        ["2026-11-19 (overdue)", "Lin", "Write a guide."],
        ["2026-12-01", "–", "Ask again."],
    ]
    # A follow-up that is told there is not told again among the notes.
    assert write(material(), ReportFormat.MARKDOWN).count("Write a guide.") == 1


def test_the_timeline_goes_by_days_from_the_first_to_the_last():
    markdown = write(material(), ReportFormat.MARKDOWN)
    assert re.findall(r"^### (2026-\d\d-\d\d)$", markdown, re.M) == [
        *("2026-11-16", "2026-11-17", "2026-11-19")
    ]


def test_a_flow_is_told_by_how_each_day_ended():
    [flow] = [
        one for one in tables(write(material(), ReportFormat.MARKDOWN)) if one[0][0] == "End of day"
    ]
    assert flow[1][:4] == ["2026-11-15", "9", "4", "0"]
    assert flow[-1][:4] == ["2026-11-22", "2", "7", "3"]


@given(
    st.integers(2, 40),
    st.lists(st.integers(0, 99), min_size=1, max_size=90),
    st.booleans(),
)
def test_a_coarser_chart_keeps_sums_and_ends(most, values, adds_up):
    steps = tuple(str(place) for place in range(len(values)))
    chart = Chart("", "", "", "", steps, (Series("", "", tuple(values)),), adds_up)
    [series] = (few := chart.coarser(most)).series
    assert len(few.steps) == len(series.values) <= min(most, len(values))
    assert few.steps[0] == "0"
    if adds_up:
        assert sum(series.values) == sum(values)
    else:
        assert [values[int(step)] for step in few.steps] == list(series.values)
        assert few.steps[-1] == steps[-1]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_table_below_a_chart_has_the_numbers_of_its_columns(language):
    page = Page(write(material(language), ReportFormat.HTML))
    assert ["2026-11-21", "10", "1", "1"] in page.rows
    output = [
        attributes["aria-labelledby"].split()
        for tag, attributes in page.tags
        if tag == "svg" and attributes.get("role") == "img"
    ]
    ids = [attributes["id"] for tag, attributes in page.tags if "id" in attributes]
    assert len(output) == 2
    assert len(ids) == len(set(ids))
    assert {name for one in output for name in one} <= set(ids)


def test_a_chinese_report_is_chinese():
    page = Page(write(material("zh_CN"), ReportFormat.HTML))
    assert ("html", {"lang": "zh-CN"}) in page.tags
    own = page.text.replace("The thread", "").replace("pitboard show ID", "")
    for values in ("复盘 2026-W47", "有规避方案", "未到", "2026-11-19（已过期）", "待办事项"):
        assert values in own
    assert not re.search("[\u4e00-\u9fff][,;!?]", own)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_material_gives_the_same_bytes(form):
    assert write(material(), form) == write(material(), form)


# Hostile text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_hostile_leaves(form, language):
    text = write(material(language, text=HOSTILE), form)
    assert first_hostile(text.replace("\t", " ").replace("\r\n", "\n"), lines=True) is None


def test_a_page_is_one_file_that_runs_nothing_and_asks_nobody():
    html = write(material(text=HOSTILE), ReportFormat.HTML)
    page = Page(html)
    tags = {tag for tag, _attributes in page.tags}
    assert not tags & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "image",
    }
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert not {"src", "style", "srcset", "xlink:href", "action"} & attributes.keys()
        assert tag == "a" or "href" not in attributes
    assert {str(one["href"]) for tag, one in page.tags if tag == "a"} == {THREAD}
    [style] = re.findall("<style>(.*?)</style>", html, re.S)
    assert not re.search(r"url\(|@import|expression|https?:", style)
    assert any(
        "default-src 'none'" in str(attributes.get("content")) for _tag, attributes in page.tags
    )
    assert "<script>alert(1)</script>" in page.text
    assert "{{7*7}}" in page.text


def test_markdown_shows_hostile_text_and_does_nothing_with_it():
    calm, hostile = (
        MarkdownIt("gfm-like").parse(write(material(text=text), ReportFormat.MARKDOWN))
        for text in ("a", HOSTILE)
    )
    # The text changes nothing of what stands around it.
    assert [one.type for one in calm] == [one.type for one in hostile]
    found = inline(hostile)
    assert {one.attrs["href"] for one in found if one.type == "link_open"} == {THREAD}
    assert not {one.type for one in found} & {"html_inline", "html_block", "image", "em_open"}
    plain = "".join(one.content for one in found if one.type == "text")
    for live in ("@all", "@张三", "#12", "!3", "&4", "~bug", ":smile:", "evil.example"):
        assert live not in plain
    code = {one.content for one in found if one.type == "code_inline"}
    assert {"@all", "@张三", "#12", "!3", "&4", "%5", "~bug", ":smile:"} <= code


def test_no_cell_of_the_table_is_a_formula():
    text = write(material(text=HOSTILE), ReportFormat.CSV)
    for row in csv.reader(StringIO(text)):
        assert not [value for value in row if value[:1] in set("=+-@\t\r")]


def test_json_keeps_the_exact_text():
    data = json.loads(write(material(text=HOSTILE), ReportFormat.JSON))
    assert data["most_frequent"][0]["title"] == HOSTILE
    assert data["due"][0]["text"] == HOSTILE


@given(st.integers(8, 200), st.sampled_from(["", HOSTILE, "打开失败 " * 30]))
def test_a_terminal_of_any_width_gets_lines_that_fit(cells, text):
    document = document_of(material(text=text))
    lines = [
        line
        for section in document.sections
        for line in section_lines(section, cells)
        if not isinstance(section.blocks[0], Chart)
    ]
    long_words = [line for line in lines if " " not in line]
    assert max(width(line) for line in lines if line not in long_words) <= cells
    assert first_hostile("\n".join(lines), lines=True) is None


@given(st.text(max_size=40))
def test_any_text_stays_in_its_place(text):
    words = f"x{text}y"
    calm, other = (
        MarkdownIt("gfm-like").parse(write(material(text=one), ReportFormat.MARKDOWN))
        for one in ("a", words)
    )
    assert [one.type for one in calm] == [one.type for one in other]
    assert {one.attrs["href"] for one in inline(other) if one.type == "link_open"} <= {THREAD}
    page = Page(write(material(text=words), ReportFormat.HTML))
    assert [tag for tag, _ in page.tags] == [
        tag for tag, _ in Page(write(material(text="a"), ReportFormat.HTML)).tags
    ]


# What can be read


def colours(scheme: int) -> dict[str, str]:
    """The colours of a scheme: 0 is light and for paper, 1 dark."""
    [style] = re.findall("<style>(.*?)</style>", write(material(), ReportFormat.HTML), re.S)
    named = re.findall(r":root \{(.*?)\}", style, re.S)[scheme]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", named))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2)."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_everything_stands_out_from_what_is_behind_it(scheme):
    named = colours(scheme)
    for text in ("ink", "quiet", "accent", "better", "worse"):
        assert contrast(named[text], named["paper"]) >= 4.5
        assert contrast(named[text], named["card"]) >= 4.5
    shapes = named.keys() - {"paper", "card", "ink", "quiet", "accent", "line", "better", "worse"}
    assert len(shapes) == 10
    for shape in shapes:
        assert contrast(named[shape], named["paper"]) >= 3, shape


def test_a_long_timeline_says_that_it_goes_on() -> None:
    report = material()
    [event, *_] = report.retro.timeline
    many = tuple(event._replace(event=f"{number:032x}") for number in range(TIMELINE))
    for output, says in ((many, True), (many[1:], False)):
        markdown = write(
            replace(report, retro=report.retro._replace(timeline=output)), ReportFormat.MARKDOWN
        )
        assert (f"The newest {TIMELINE} events." in markdown) == says
