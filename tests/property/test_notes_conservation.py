"""Nothing of a note is lost: what is on no pitfall is named, with its line, as left out."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from storage.imports.notes import ParsedNote, read_note

HEADINGS = (
    *(
        "样式的坑",
        "问题{n}: {w} 上传总是超时",
        "{w} 在安卓上闪退",
        "iOS - 问题",
        "背景 {w}",
        "监控",
        "目录",
    ),
    *(
        "{w}",
        "Known issues",
        "Issue {n}: {w} fails",
        "How to use {w}",
        "Get help",
        "Roadmap",
        "Tips {w}",
    ),
    *(
        "1. {w} hangs",
        "❌ 问题：{w}",
        "~~{w} 白屏~~ ✅ 已修复",
        "常见问题",
        "{w} [old](https://example.org/{w})",
    ),
)
PARTS = (
    "现象",
    "原因分析",
    "解决方案",
    "Symptoms",
    "Fix",
    "临时方案 {w}",
    "报错信息",
    "References",
    "解决方案：用 {w}",
)
LINES = (
    *(
        "{w} 真机上点按钮没有反应。",
        "The sheet of {w} stays open, it fails.",
        "{w} 就是普通的一句话。",
    ),
    *(
        "解决：把 {w} 换成懒加载。",
        "Workaround: call {w} twice.",
        "原因：{w} 没有授权",
        "**解决办法**：用 {w}",
    ),
    *(
        "报错 `{w}:fail no permission`",
        "现象：{w} 白屏。解决办法：延时 {w}b 毫秒",
        "官方回复：{w}",
        "解决：无 {w}",
    ),
    *(
        "见 [{w} 文档](https://example.org/{w})。",
        "<https://example.org/{w}>",
        "![{w}](https://example.org/{w}.png)",
    ),
    *(
        "**{w}**",
        "PS：{w} 也会失败，必须重启才行哦。",
        "**Q: Why does {w} fail?**",
        "A: {w} is set too late, use another.",
    ),
    *(
        "1、{w} 打不开",
        "（2）{w} 重复提交",
        "• {w} 卡死",
        "答：{w} 需要先登录",
        "状态：已解决",
        "> {w} 用别的",
        "---",
    ),
)
CODE = (
    "{w}:fail only by tap",
    "wx.{w}({{ success: 1 }})",
    "Error: {w} is undefined",
    "$ npm run {w}",
)
CELLS = ("{w} 超时", "`{w}` error", "正常", "[{w}](#{w})", "{w}", "")
HEADS = (
    "问题 | 解决方案",
    "错误信息 | 原因",
    "Don't | Do",
    "平台 | 现象",
    "name | value",
    "问题类型 | 位置",
)


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    """A note, and the line of each of the words by which its parts are known."""
    number = count(1)
    lines: list[str] = []
    words: dict[str, int] = {}

    def add(shape: str, prefix: str = "") -> None:
        word = f"Kw{next(number)}q"
        text = shape.replace("{{", "{").replace("}}", "}").replace("{w}", word)
        text = text.replace("{n}", str(len(words) % 9 + 1))
        for one in (word, f"{word}b"):
            if one in text:
                words[one] = len(lines) + 1
        lines.append(prefix + text)

    def some(shapes: tuple[str, ...]) -> str:
        return draw(st.sampled_from(shapes))

    def block(prefix: str = "") -> None:
        match draw(st.sampled_from(["text", "text", "list", "code", "table", "quote"])):
            case "text":
                for _ in range(draw(st.integers(1, 3))):
                    add(some(LINES), prefix)
            case "code":
                lines.append(f"{prefix}```{some(('', 'js', 'log'))}")
                for _ in range(draw(st.integers(1, 2))):
                    add(some(CODE), prefix)
                lines.append(f"{prefix}```")
            case "quote":
                add(some(LINES), f"{prefix}> ")
            case "table":
                lines.append(f"{prefix}| {some(HEADS)} |")
                lines.append(f"{prefix}|---|---|")
                for _ in range(draw(st.integers(1, 3))):
                    add(some(CELLS), f"{prefix}| ")
                    lines[-1] += " | "
                    word = f"Kw{next(number)}q"
                    cell = some(CELLS).replace("{w}", word)
                    if word in cell:
                        words[word] = len(lines)
                    lines[-1] += f"{cell} |"
            case "list":
                mark = some(("- ", "1. ", "- [ ] ", "- [x] ", "* "))
                for _ in range(draw(st.integers(1, 4))):
                    add(some(LINES), prefix + mark)
                    nested = draw(st.sampled_from(["", "", "- ", "> ", "  ", "code"]))
                    inner = prefix + " " * 4
                    if nested == "code":
                        lines.append(f"{inner}```")
                        add(some(CODE), inner)
                        lines.append(f"{inner}```")
                    elif nested:
                        add(some(LINES), inner + nested)
        lines.append("")

    if draw(st.booleans()):
        lines += ["---", "title: A note: with #1", "date: 2024-01-02"]
        add("description: {w}")
        lines += ["---", ""]
    for _ in range(draw(st.integers(0, 2))):
        block()
    for _ in range(draw(st.integers(1, 4))):
        level = draw(st.integers(1, 3))
        add(some(HEADINGS), draw(st.sampled_from(["", "", "", "1. "])) + "#" * level + " ")
        lines.append("")
        for _ in range(draw(st.integers(0, 3))):
            block()
        for _ in range(draw(st.integers(0, 2))):
            add(some(PARTS), "#" * (level + 1) + " ")
            lines.append("")
            block()
    return "\n".join(lines), words


def on_the_board(read: ParsedNote) -> str:
    """All that the pitfalls of a note hold."""
    held = []
    for one in read.proposals:
        held += [one.title, one.reproduction, one.workaround, *one.signatures]
        held += [f"{link.title} {link.url}" for link in (*one.links, *one.loose)]
    return "\n".join(held)


def missing(read: ParsedNote, words: dict[str, int]) -> dict[str, int]:
    """The words that are neither on the board nor named as left out below their line."""
    board = on_the_board(read)
    return {
        word: line
        for word, line in words.items()
        if word not in board
        and not any(part.line <= line <= part.last and word in part.text for part in read.left_out)
        and not any(word in one.heading for one in read.sections if one.line <= line)
    }


@given(notes())
def test_every_part_of_a_note_is_on_the_board_or_named_with_its_line(
    made: tuple[str, dict[str, int]],
) -> None:
    text, words = made
    assert missing(read_note(text, "note.md"), words) == {}, text


@given(notes())
def test_every_pitfall_of_a_note_has_a_title_and_one_place(
    made: tuple[str, dict[str, int]],
) -> None:
    read = read_note(made[0], "note.md")
    assert all(one.title.strip() for one in read.proposals)
    assert len({one.pitfall for one in read.proposals}) == len(read.proposals)
    below = [title for section in read.sections for title in section.taken]
    assert sorted(below) == sorted(one.title for one in read.proposals)
