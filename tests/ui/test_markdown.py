"""Markdown as one text: what it looks like in a width, what a click opens, what is copied."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.selection import Selection

from tests.ui.driving import paste, running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.text.cells import width
from tui.widgets.bars import LeadBlock, MarkdownText
from tui.widgets.overview import Part


class Reader(App[None]):
    """An application that shows one text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        """The text."""
        yield MarkdownText()

    def on_mount(self) -> None:
        """Show it."""
        self.query_one(MarkdownText).show_parts(Part(text=self.text))

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Note what a browser would open."""
        self.opened.append(url)


def seen(app: App[None]) -> list[str]:
    """The lines that are drawn."""
    widget = app.query_one(MarkdownText)
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


SHOWN = {
    "paragraphs apart, headings with theirs": (
        "# Steps\nOpen it\nat once\n\nThen wait",
        ["Steps", "Open it at once", "", "Then wait"],
    ),
    "lists in lists, wrapped below their own words": (
        "3. one two three four five six\n   - inner\n     - innermost\n4. two\n\n- \n- last",
        [
            " 3. one two three four",
            "    five six",
            "    ‣ inner",
            "      – innermost",
            " 4. two",
            "",
            "•",
            "• last",
        ],
    ),
    "Chinese is broken between characters, not before a comma": (
        "- 企业微信里打开小程序，然后登录",
        ["• 企业微信里打开小程序，", "  然后登录"],
    ),
    "code keeps its blanks, and is shown to the end of its lines": (
        "before\n\n```\nif x:\n    return 123456789012345\n\n\tend\n```",
        ["before", "", "", "  if x:", "      return", "  123456789012345", "", "          end", ""],
    ),
    "quotes": (
        "> somebody said that it works\n>\n> - as designed",
        ["▌ somebody said that it", "▌ works", "▌", "▌ • as designed"],
    ),
    "tables, as narrow as they must be": (
        "| API | 说明 |\n|-|-|\n| `a` | one two three four |\n| b | [x](https://e.com) |",
        [
            "┌─────┬────────────────┐",
            "│ API │ 说明           │",
            "├─────┼────────────────┤",
            "│ a   │ one two three  │",
            "│     │ four           │",
            "├─────┼────────────────┤",
            "│ b   │ x              │",
            "└─────┴────────────────┘",
        ],
    ),
    "a rule": ("a\n\n---\n\nb", ["a", "", "─" * 24, "", "b"]),
    "what looks like markup is text": (
        "[bold]x[/] <b>y</b> **z**\n\n<div>\nkept\n</div>",
        ["[bold]x[/] <b>y</b> z", "", "<div> kept </div>"],
    ),
    "breaks that were asked for, and pictures": (
        "one  \ntwo ![a *cat*](https://e.com/c.png)",
        ["one", "two [a cat]"],
    ),
}


@pytest.mark.parametrize(("text", "lines"), SHOWN.values(), ids=SHOWN)
async def test_it_is_laid_out(text: str, lines: list[str]) -> None:
    app = Reader(text)
    async with app.run_test(size=(24, 30)) as pilot:
        await pilot.pause()
        assert seen(app) == lines
        assert all(width(line) <= 24 for line in seen(app))


@pytest.mark.parametrize("columns", [3, 4, 7])
async def test_no_width_is_too_small(columns: int) -> None:
    app = Reader("\n\n".join(text for text, _lines in SHOWN.values()))
    async with app.run_test(size=(columns, 30)) as pilot:
        await pilot.pause()
        assert len(seen(app)) > 30


async def test_another_width_and_another_text_are_laid_out_anew() -> None:
    app = Reader("one two three")
    async with app.run_test(size=(24, 10)) as pilot:
        await pilot.pause()
        assert seen(app) == ["one two three"]
        await pilot.resize_terminal(8, 10)
        await until(pilot, lambda: seen(app) == ["one two", "three"])
        app.query_one(MarkdownText).show_parts(Part(text="other"))
        await until(pilot, lambda: seen(app) == ["other"])


def styled(app: App[None], words: str) -> str:
    """The look of the words in the first line that has them."""
    widget = app.query_one(MarkdownText)
    for y in range(widget.size.height):
        for text, style, _control in widget.render_line(y):
            if words in text:
                assert style is not None
                return str(style.without_color)
    raise AssertionError(words)


async def test_marks_give_a_look() -> None:
    app = Reader("# head\n*em* **strong** ~~gone~~ ***both***")
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert styled(app, "head") == "bold"
        assert styled(app, "em") == "italic"
        assert styled(app, "strong") == "bold"
        assert styled(app, "gone") == "strike"
        assert styled(app, "both") == "bold italic"


async def test_code_has_the_colours_of_the_language_that_it_names_alone() -> None:
    app = Reader("```js\nconst x = 1\n```\n\n```\nconst y = 2\n```\n\n```no-such\nconst z\n```")
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        widget = app.query_one(MarkdownText)
        lines = [widget.render_line(y) for y in range(widget.size.height)]
        colours = {
            name: {part.style.color for part in line if part.style and part.text.strip()}
            for line in lines
            for name in "xyz"
            if f"const {name}" in line.text
        }
        assert len(colours["x"]) > 1
        assert len(colours["y"]) == len(colours["z"]) == 1


async def test_a_click_opens_a_link_that_a_browser_can_open() -> None:
    app = Reader(
        "see [the *thread*](https://e.com/a%2Fb?x='1') and\nhttps://e.com/plain\n\n"
        '[local](file:///etc/passwd) [old](ftp://e.com) [odd](<https://e.com/"), quit(">)\n\n'
        "| t |\n|-|\n| [cell](https://e.com/t) |"
    )
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        for words in ("thread", "e.com/plain", "local", "old", "odd", "cell"):
            y, line = next((y, line) for y, line in enumerate(seen(app)) if words in line)
            await pilot.click(MarkdownText, offset=(width(line[: line.index(words)]), y))
            await pilot.pause()
        assert app.opened == [
            "https://e.com/a%2Fb?x='1'",
            "https://e.com/plain",
            "https://e.com/%22),%20quit(%22",
            "https://e.com/t",
        ]


COPIED = (
    "- 企业微信里打开 one two\n- second\n\n```\na\n  b\n```\n\n> quote\n\n"
    "| A | B |\n|-|-|\n| 1 | 2 |"
)


def cells(app: App[None]) -> list[tuple[str, object]]:
    """Each character that is drawn, with what is behind it."""
    widget = app.query_one(MarkdownText)
    lines = map(widget.render_line, range(widget.size.height))
    parts = [part for line in lines for part in line if part.style]
    return [(one, part.style and part.style.bgcolor) for part in parts for one in part.text]


@pytest.mark.parametrize("columns", [12, 80])
async def test_what_is_copied_has_no_breaks_that_the_width_made(columns: int) -> None:
    app = Reader(COPIED)
    async with app.run_test(size=(columns, 30)) as pilot:
        await pilot.pause()
        app.screen.selections = {app.query_one(MarkdownText): Selection(None, None)}
        assert app.screen.get_selected_text() == (
            "• 企业微信里打开 one two\n• second\n\na\n  b\n\nquote\n\nA\tB\n1\t2"
        )


@pytest.mark.parametrize("columns", [12, 80])
@pytest.mark.parametrize(
    ("first", "last", "copied"),
    [
        ("one", "second", "one two\n• second"),
        ("•", "two", "• 企业微信里打开 one two"),
        ("开", "two", "开 one two"),
        ("b", "quote", "b\n\nquote"),
        ("1", "2", "1\t2"),
    ],
)
async def test_the_mouse_selects(columns: int, first: str, last: str, copied: str) -> None:
    app = Reader(COPIED)
    async with app.run_test(size=(columns, 30)) as pilot:
        await pilot.pause()
        places = []
        for words in (first, last):
            y, line = next((y, line) for y, line in enumerate(seen(app)) if words in line)
            places.append((width(line[: line.index(words)]), y))
        (x, y), (to_x, to_y) = places
        before = cells(app)
        await pilot.mouse_down(MarkdownText, offset=(x, y))
        await pilot.hover(MarkdownText, offset=(to_x + width(last) - 1, to_y))
        await pilot.hover(MarkdownText, offset=(to_x + width(last), to_y))
        await pilot.mouse_up(MarkdownText, offset=(to_x + width(last), to_y))
        assert app.screen.get_selected_text() == copied
        marked = [
            now
            for (now, here), (_was, there) in zip(cells(app), before, strict=True)
            if here != there
        ]
        assert "".join("".join(marked).split()) == "".join(copied.split())


WORKAROUND = (
    "Open it from a **chat**, or call `wx.reLaunch` and see"
    " [the thread](https://a.example/1) for why that is so.\n- wait"
)


async def test_the_block_at_the_head_and_comments_draw_markdown_with_its_indent(
    start: Callable[..., PitboardApp],
) -> None:
    app = start()
    store = app.session.store()
    pitfall = store.pitfalls.report("A white picture", workaround=WORKAROUND)
    store.comments.add(pitfall, "Seen **again** with `qy.login`\non iOS:\n\n1. tap\n2. wait")
    opened: list[str] = []
    app.open_url = lambda url, *, new_tab=True: opened.append(url)  # type: ignore[method-assign]
    async with running(app) as pilot:
        screen(app).go_to(pitfall)
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        lead = app.screen.query_one("#detail-lead", LeadBlock)
        lines = [lead.render_line(y).text.rstrip() for y in range(lead.size.height)]
        first = next(y for y, line in enumerate(lines) if "Open it from" in line)
        assert lines[first : first + 3] == [
            "  Open it from a chat, or call wx.reLaunch and see the thread for why that is",
            "  so.",
            "",
        ]
        assert lines[first + 3] == "  • wait"
        place = lines[first].index("the thread")
        await pilot.click(LeadBlock, offset=(place + 1, first))
        await until(pilot, lambda: opened == ["https://a.example/1"])
        # What is copied is the text without the indent.
        text, _end = lead.get_selection(Selection(None, None))
        assert "\nOpen it from a chat, or call wx.reLaunch and see the thread" in text
        comments = app.screen.query_one("#comments", MarkdownText)
        drawn = [comments.render_line(y).text.strip() for y in range(comments.size.height)]
        assert drawn == [
            "2026-11-23 Ann  Seen again with qy.login",
            "on iOS:",
            "",
            "1. tap",
            "2. wait",
        ]


async def test_the_block_beside_a_paste_keeps_the_indent_of_wrapped_lines(
    start: Callable[..., PitboardApp],
) -> None:
    app = start()
    store = app.session.store()
    store.pitfalls.report(
        "A white picture", signatures=["whitePicture:fail"], workaround=WORKAROUND
    )
    async with running(app) as pilot:
        await settled(pilot)
        await pilot.press("p")
        await until(pilot, lambda: app.screen.query("#paste-lead"))
        await paste(pilot, "whitePicture:fail 1")
        await until(pilot, lambda: "Open it from a chat, or call wx.reLaunch" in shown(pilot))
        lead = app.screen.query_one("#paste-lead", LeadBlock)
        lines = [lead.render_line(y).text for y in range(lead.size.height)]
        first = next(y for y, line in enumerate(lines) if "Open it from" in line)
        indent = lines[first].index("Open it")
        assert indent >= 2
        assert all(line[:indent].strip(" ▌") == "" for line in lines[first : first + 4])
        assert lines[first + 1][indent:].strip()
