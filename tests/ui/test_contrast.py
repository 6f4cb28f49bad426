"""Text can be read: in every theme, in every state of a widget, whatever colours there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from rich.color import Color
from rich.segment import Segment
from textual.pilot import Pilot
from textual.theme import Theme
from textual.widgets import Button

from storage.write.store import Store
from tests.records import DAY_MS
from tests.ui.bursts import burst, keys_of
from tests.ui.conftest import NOW
from tests.ui.driving import at_rest, running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.dialogs.fields import TickBox
from tui.services.themes import (
    _DRAWN,
    DARK,
    LEAST_CONTRAST,
    LIGHT,
    OF_16,
    OURS,
    Readable,
    contrast,
    is_dark,
    luminance,
)
from tui.text.vocabulary import BARS

#: Keys that lead to each place whose texts are looked at.
PLACES: Final = {
    "board": "",
    "list blurred": "slash 'status:",
    "marked": "space j space",
    "pitfall": "enter",
    "timeline": "O j",
    "environments": "enter ]",
    "references": "enter [",
    "form": "a 'text tab",
    "select open": "e tab tab enter",
    "tick box": "l tab tab tab tab tab",
    "refused": "n ctrl+s",
    "last entry": "a tab",
    "discard": "c 'text escape",
    "new, similar ones": "n 'wx.qy.login",
    "paste": "p 'qy.login:fail ctrl+l",
    "import, disabled": "I 'nowhere enter",
    "help": "question_mark",
    "palette": "ctrl+p down",
    "go to": ": 'w down",
    "triage": "i",
    "retro": "R",
    "plots": "R ]",
    "versions": "L",
    "diff": "D '30d enter",
    "sharing": "ampersand",
    "message": "u",
}
SYSTEMS: Final = {
    "truecolor": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256": {"TERM": "xterm-256color"},
    "standard": {"TERM": "xterm"},
}


@pytest.fixture
def opened(
    board_file: Path, start: Callable[..., PitboardApp], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], PitboardApp]:
    """Starts the app on a board with something of everything, in a terminal with some colours."""

    def _open(system: str) -> PitboardApp:
        monkeypatch.delenv("COLORTERM", raising=False)
        for name, value in SYSTEMS[system].items():
            monkeypatch.setenv(name, value)
        app = start()
        store: Store = app.session.store()
        broken = store.pitfalls.report(
            "Camera says no",
            component="wx.chooseMedia",
            severity="S1",
            occurrence={
                "message": "chooseMedia:fail",
                "platform": "android",
                "client_version": "4.1.9",
                "base_library": "3.7.0",
                "seen_at": NOW - DAY_MS,
            },
        )
        store.status.set(broken, "fixed upstream", axis="client", from_version="4.1.8")
        store.links.add(broken, "https://example.com/1", quote="已反馈")
        store.comments.add(broken, "seen here")
        store.pitfalls.edit(broken, changes={"title": "Camera says no, again"})
        store.pitfalls.report("Camera says nothing", inbox="imported")
        return app

    return _open


def unreadable(app: PitboardApp) -> Iterator[str]:
    """The texts on the screen that have too little contrast, each with its colours."""
    filter_ = app.get_line_filters()[-1]
    assert isinstance(filter_, Readable)
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if ratio := _too_low(segment, filter_):
                yield f"{segment.text.strip()!r} {segment.style} {ratio:.1f}"


def _too_low(segment: Segment, seen: Readable) -> float:
    """The contrast of a segment if it is too low, else 0."""
    style = segment.style
    if style is None or _DRAWN.fullmatch(segment.text):
        return 0
    text, ground = style.color or Color.default(), style.bgcolor or Color.default()
    assert not style.dim, segment
    if text.is_default and ground.is_default:
        return 0
    ratio = contrast(seen.shown(text, is_text=True), seen.shown(ground, is_text=False))
    return ratio if ratio < LEAST_CONTRAST - 0.01 else 0


async def go(pilot: Pilot[None], app: PitboardApp, way: str) -> None:
    """Go to a place, from wherever the last one was."""
    board = screen(app)
    while app.screen is not board:
        app.screen.dismiss(None)
        await at_rest(pilot)
    board.pitfalls.clear_marks()
    board.search.line.value = ""
    board.go_to_list()
    await settled(pilot)
    await burst(pilot, keys_of(way))


async def look_at(app: PitboardApp, themes: list[str], places: dict[str, str]) -> None:
    """Look for unreadable text at places in themes."""
    async with running(app, size=(120, 40)) as pilot:
        for place, way in places.items():
            await go(pilot, app, way)
            for theme in themes:
                app.theme = theme
                await pilot.pause()
                assert not list(unreadable(app)), (theme, place)
            for button in app.screen.query(Button).results():
                await pilot.hover(button)
                assert not list(unreadable(app)), (themes[-1], place, "hovered")


@pytest.mark.parametrize(("system", "theme"), [*zip(SYSTEMS, OURS, strict=True)])
async def test_text_can_be_read_everywhere_in_our_themes(
    opened: Callable[[str], PitboardApp], system: str, theme: Theme
) -> None:
    # Every second place in each theme; the storm looks at all of them in all themes.
    places = [*PLACES][[*SYSTEMS].index(system) % 2 :: 2]
    await look_at(opened(system), [theme.name], {name: PLACES[name] for name in places})


@pytest.mark.parametrize("system", SYSTEMS)
async def test_text_can_be_read_in_textuals_themes(
    opened: Callable[[str], PitboardApp], system: str
) -> None:
    app = opened(system)
    # Each theme with some colours; the others are for the storm.
    themes = sorted(app.available_themes)[[*SYSTEMS].index(system) :: len(SYSTEMS)]
    await look_at(app, themes, {name: PLACES[name] for name in ("list blurred", "form")})


@pytest.mark.storm
@pytest.mark.parametrize("system", SYSTEMS)
async def test_text_can_be_read_everywhere_in_all_themes(
    opened: Callable[[str], PitboardApp], system: str
) -> None:
    app = opened(system)
    await look_at(app, sorted(app.available_themes), PLACES)


async def test_what_matters_less_stands_out_less(opened: Callable[[str], PitboardApp]) -> None:
    app = opened("truecolor")
    async with running(app, size=(120, 40)) as pilot:
        await go(pilot, app, "enter")
        for theme in (DARK.name, LIGHT.name, "nord"):
            app.theme = theme
            await at_rest(pilot)
            drawn = [part for strip in app.screen._compositor.render_strips() for part in strip]

            def standing_out(text: str, drawn: Sequence[Segment] = drawn) -> float:
                style = next(part.style for part in drawn if text in part.text)
                assert style is not None
                assert style.color is not None
                assert style.bgcolor is not None
                return contrast(style.color.get_truecolor(), style.bgcolor.get_truecolor())

            assert standing_out("vendor:") < standing_out("next:"), theme


@pytest.mark.parametrize(("system", "theme"), [*zip(SYSTEMS, OURS, strict=True)])
async def test_a_tick_box_is_text_in_both_states(
    opened: Callable[[str], PitboardApp], system: str, theme: Theme
) -> None:
    app = opened(system)
    async with running(app, size=(120, 40)) as pilot:
        app.theme = theme.name
        await go(pilot, app, PLACES["tick box"])
        box = app.screen.query_one(TickBox)
        for mark in ("[ ]", "[✔]"):
            await until(pilot, lambda mark=mark: mark in shown(pilot))
            assert not list(unreadable(app)), mark
            box.toggle()


async def test_weeks_under_the_cursor_can_be_seen(opened: Callable[[str], PitboardApp]) -> None:
    app = opened("truecolor")
    async with running(app, size=(120, 40)) as pilot:
        for theme in (DARK.name, LIGHT.name):
            app.theme = theme
            await settled(pilot)
            bars = [
                one.style
                for one in cursor_lines(app)[0]
                if one.style and set(one.text.strip()) & set(BARS[1:])
            ]
            assert bars
            for style in bars:
                assert style.color is not None
                assert style.bgcolor is not None
                seen = contrast(style.color.get_truecolor(), style.bgcolor.get_truecolor())
                assert seen >= LEAST_CONTRAST, theme


def test_contrast_is_that_of_wcag() -> None:
    colours = [Color.parse(name).get_truecolor() for name in ("#000000", "#ffffff", "#767676")]
    black, white, grey = colours
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, grey) == pytest.approx(4.54, abs=0.01)
    assert luminance(white) == pytest.approx(1)


# Terminals with few colours, and with none


async def test_a_terminal_of_16_colours_gets_a_theme_of_those(
    opened: Callable[[str], PitboardApp],
) -> None:
    app = opened("standard")
    async with running(app) as pilot:
        assert app.theme == OF_16.name
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    assert colour is None or colour.triplet is None, segment
        await settled(pilot)
        assert app.theme == OF_16.name, "the theme of another terminal is not taken"


def cursor_lines(app: PitboardApp) -> list[list[Segment]]:
    """The segments of the two lines of the first pitfall, without margins and scrollbar."""
    region = screen(app).pitfalls.scrollable_content_region
    strips = app.screen._compositor.render_strips()
    return [list(strips[region.y + line].crop(region.x, region.right)) for line in (0, 2)]


async def test_without_colour_cursor_and_focus_are_seen_by_other_means(
    start: Callable[..., PitboardApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = start()
    async with running(app, size=(80, 24)) as pilot:
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    assert colour is None or colour.is_default, segment
        here, there = cursor_lines(app)
        assert all(one.style and one.style.reverse for one in here)
        assert not any(one.style and one.style.reverse for one in there)
        await burst(pilot, ["slash"])
        here, there = cursor_lines(app)
        assert any(one.style and one.style.underline for one in here)
        assert not any(one.style and one.style.underline for one in there)
        await burst(pilot, keys_of("escape c 'text escape"))
        keep, discard = (app.screen.query_one(name, Button) for name in ("#no", "#yes"))
        assert keep.rich_style.reverse
        assert not discard.rich_style.reverse


@pytest.mark.parametrize(
    ("ground", "dark"), [("15;0", True), ("0;15", False), ("0;default;7", False), ("", True)]
)
def test_a_terminal_may_say_that_it_is_light(ground: str, dark: bool) -> None:
    assert is_dark({"COLORFGBG": ground}) is dark
