"""A retro's page in a real browser: on a phone, on a screen, in the dark, on paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.model.retro import ReportFormat
from storage.reports.retro.formats import write
from tests.browser import Browser, Colour, first_pixel, needs_chinese_fonts, needs_chromium
from tests.retros import material

pytestmark = needs_chromium

#: What some people write into titles: long words, and what asks for a browser's attention.
WORDS = "<script>document.title=1</script> wx.qy.createMiniProgramSession_" + "x" * 120 + " 打不开"


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page in Chinese."""
    target = tmp_path / "page.html"
    target.write_text(write(material("zh_CN"), ReportFormat.HTML), "utf-8")
    return target


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A page whose every text was written by somebody who means no good."""
    target = tmp_path / "hostile.html"
    target.write_text(write(material(text=WORDS), ReportFormat.HTML), "utf-8")
    return target


def test_the_browser_has_nothing_to_complain_of(browser, page, hostile):
    assert browser.says(page) == []
    assert browser.says(hostile) == []


def test_it_loads_nothing_and_runs_nothing(browser, hostile):
    loaded, scripts, title = browser.measured(
        hostile,
        1000,
        'return [view.performance.getEntriesByType("resource").length, page.scripts.length,'
        " page.title]",
    )
    assert (loaded, scripts, title) == (0, 0, "Retro 2026-W47")


def test_it_is_never_wider_than_the_window(browser, page, hostile):
    frames = [(one, width) for width in (320, 360, 768, 1280) for one in (page, hostile)]
    measured = browser.measured_each(
        frames,
        "const root = page.documentElement;"
        "const wide = [...page.querySelectorAll('body *')].filter((one) =>"
        " !one.closest('.scroll, details') && one.getBoundingClientRect().right > width());"
        "function width() { return root.clientWidth + 0.5; }"
        "return [root.clientWidth, root.scrollWidth <= root.clientWidth,"
        " wide.map((one) => one.outerHTML)]",
    )
    for (one, width), (shown_width, is_all_shown, wide) in zip(frames, measured, strict=True):
        where = (one.name, width)
        assert shown_width in range(width - 20, width + 1), where
        assert is_all_shown, where
        assert wide == [], where


def test_on_a_phone_text_is_large_enough_and_rows_say_what_their_cells_are(browser, page):
    sizes, heads, labels = browser.measured(
        page,
        360,
        "const size = (one) => parseFloat(view.getComputedStyle(one).fontSize)"
        " * (one.ownerSVGElement ? one.getScreenCTM().a : 1);"
        "const texts = [...page.querySelectorAll('p, td, th, dt, dd, li, small, svg text')];"
        "const cells = [...page.querySelectorAll('.stacks td')];"
        "return [texts.map(size), [...page.querySelectorAll('.stacks thead')].map((one) =>"
        " one.getBoundingClientRect().width), cells.map((one) =>"
        " view.getComputedStyle(one, '::before').content.length)]",
    )
    assert min(sizes) >= 10
    assert max(heads) <= 1
    assert min(labels) > 3


@needs_chinese_fonts
def test_chinese_has_glyphs_of_its_own(browser, page):
    same_as_none, same_as_others = browser.measured(
        page,
        800,
        "const draw = (sign) => { const canvas = document.createElement('canvas');"
        " const pen = canvas.getContext('2d'); pen.font = view.getComputedStyle(page.body).font;"
        " pen.fillText(sign, 20, 40); return canvas.toDataURL(); };"
        "const none = draw('\\u{10fffd}'), signs = [...'坑复盘规避方案官已修'].map(draw);"
        "return [signs.includes(none), new Set(signs).size < signs.length]",
    )
    assert not same_as_none
    assert not same_as_others


def test_it_is_dark_where_people_want_it_so(browser, page):
    light = browser.picture(page, 360, 800)
    dark = browser.picture(page, 360, 800, dark=True)
    assert first_pixel(light) == Colour(0xFF, 0xFF, 0xFF)
    assert max(first_pixel(dark)) < 0x30
    assert light.read_bytes() != dark.read_bytes()


def test_on_paper_nothing_is_cut_off(browser, hostile):
    paper = hostile.with_name("paper.html")
    styled = hostile.read_text("utf-8").replace("@media print", "@media all")
    paper.write_text(styled.replace("@media screen", "@media not all"), "utf-8")
    # What is left of a sheet of A4 between its margins.
    cut_off = browser.measured(
        paper,
        660,
        "return [...page.querySelectorAll('body, body *')].filter((one) =>"
        " one.getBoundingClientRect().right > 660.5).map((one) => one.outerHTML)",
    )
    assert cut_off == []


def test_it_can_be_printed(browser, page):
    pdf = browser.printed(page)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") >= 1


def test_the_page_of_a_board_is_such_a_page(browser, pitboard, login):
    target = pitboard.home / "retro.html"
    ended = pitboard("retro", "this-week", "--lang", "zh", "--output", target)
    assert ended.code == 0
    assert browser.says(target) == []
    assert browser.measured(target, 360, "return page.querySelector('.facts b').innerText") == "1"
