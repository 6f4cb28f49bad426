"""The first tab of a pitfall: the workaround, then how to see it oneself, both in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from storage.model.fields import NamedTuple
from storage.model.lead import Hits
from storage.model.records import Comment, Evidence, Pitfall
from storage.text.sanitize import sanitize
from tui import deferred
from tui.text import lead as leading
from tui.text.cells import line_breaks
from tui.text.fields import numbered_claims
from tui.text.i18n import _, read
from tui.text.vocabulary import day, person_name
from tui.widgets.bars import MarkdownText, show_text
from tui.widgets.references import claim_words, fix_words, signature_words

if TYPE_CHECKING:
    from textual import highlight
else:
    # Few texts hold code whose language they name.
    highlight = deferred("textual.highlight")


class Overview(Vertical):
    """Workaround, reproduction notes, fixes, signatures and comments of one pitfall."""

    DEFAULT_CSS = """
    Overview { height: auto; }
    Overview > .heading { color: $accent; text-style: bold; margin: 1 0 0 0; }
    Overview > #conflicts-heading { margin: 0; color: $text-warning; }
    Overview > #conflicts { margin: 0 0 1 0; }
    Overview > #workaround-heading { margin: 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Pitfall, dict[str, Evidence], bool, dict[str, Hits]] | None = None
        #: Whether the block above shows the whole workaround already.
        self.shows_no_workaround = False

    def compose(self) -> ComposeResult:
        """The parts; those with nothing to say are hidden."""
        heading = _("Written at the same time   = keeps one")
        yield Static(heading, classes="heading", id="conflicts-heading", markup=False)
        yield Static(id="conflicts", markup=False)
        yield Static(_("Workaround"), classes="heading", id="workaround-heading", markup=False)
        yield MarkdownText(id="workaround")
        yield Static(_("Reproduction"), classes="heading", id="reproduction-heading", markup=False)
        yield MarkdownText(id="reproduction")
        for part, heading in (
            ("fixes", _("Fixes")),
            ("newest", _("Newest occurrences")),
            ("signatures", _("Signatures")),
            ("comments", _("Comments")),
        ):
            yield Static(heading, classes="heading", id=f"{part}-heading", markup=False)
            yield MarkdownText(id=part) if part == "comments" else Static(id=part, markup=False)

    def show(
        self,
        pitfall: Pitfall,
        evidence: Mapping[str, Evidence],
        hits: Mapping[str, Hits],
        newest: Sequence[Content],
    ) -> None:
        """Show a pitfall.

        Args:
            pitfall: the pitfall.
            evidence: what each of its fixes is found to be, by the fix's id.
            hits: how often each of its signatures has matched of late, by its id.
            newest: its newest occurrences.
        """
        asked = pitfall, dict(evidence), self.shows_no_workaround, dict(hits)
        self._fill("newest", list(newest))
        if self._shown == asked:
            return
        self._shown = asked
        self._fill("conflicts", [claim_words(one) for one in numbered_claims(pitfall.conflicts)])
        workaround = "" if self.shows_no_workaround else read(pitfall.workaround)
        texts = {"workaround": workaround, "reproduction": read(pitfall.reproduction)}
        for part, text in texts.items():
            shown = sanitize(text, lines=True)
            self.query_one(f"#{part}", MarkdownText).show_parts(Part(text=shown))
            self._show_if(part, shown)
        self._fill(
            "fixes", [fix_words(fix, evidence.get(fix.id, Evidence())) for fix in pitfall.fixes]
        )
        self._fill(
            "signatures",
            [signature_words(one, hits.get(one.id, Hits())) for one in pitfall.signatures],
        )
        self.query_one("#comments", MarkdownText).show_parts(*map(_comment, pitfall.comments))
        self._show_if("comments", pitfall.comments)

    def _fill(self, part: str, lines: list[Content]) -> None:
        show_text(self.query_one(f"#{part}", Static), Content("\n").join(lines))
        self._show_if(part, lines)

    def _show_if(self, part: str, shown: Sequence[object] | str) -> None:
        for one in (f"#{part}", f"#{part}-heading"):
            self.query_one(one).display = bool(shown)


def _comment(comment: Comment) -> Part:
    head = Content.styled(f"{day(comment.at)} {person_name(comment.who)}  ", "$text-muted")
    return Part(head, sanitize(read(comment.text), lines=True), keeps_breaks=True)


# Markdown as one text, laid out in lines for the width that there is. Textual's own widget has one
# for each paragraph, item and cell, and took most of the time that a pitfall takes to open.

_HEADING: Final = "bold $secondary"
_CODE: Final = "on $surface"
_CODE_INLINE: Final = "$text-warning on $surface"
_DRAWN: Final = "$foreground 30%"
_BULLET: Final = "$text-primary"
_BULLETS: Final = ("• ", "‣ ", "– ")
#: What holds parts of a line, and the look that it gives them.
_MARKS: Final = {"inline": "", "em": "italic", "strong": "bold", "s": "strike"}
_INDENT: Final = Content("  ")
#: The cells of a column of a table that hold no text: "│ " before it, " " behind.
_AROUND: Final = 3


class Part(NamedTuple):
    """A text in Markdown: what comes before its first words, and before each of its lines.

    ``keeps_breaks``: its lines end where their writer ended them, and not only its paragraphs.
    """

    head: Content = Content()
    text: str = ""
    indent: str = ""
    keeps_breaks: bool = False


def lead_part(line: leading.LeadLine) -> Part:
    """A line of the block about what a pitfall means now; the last of its parts may be a text."""
    *before, (text, tone) = line
    if tone is leading.LeadTone.MARKDOWN:
        indent = "".join(words for words, _tone in before)
        return Part(text=text, indent=indent, keeps_breaks=True)
    return Part(Content.assemble(*line))


class _Piece(NamedTuple):
    """Part of a line: where in its source it begins; ``is_drawn`` if that doesn't hold it."""

    text: Content
    start: int
    is_drawn: bool = False


class _Line(NamedTuple):
    """A line as it is seen: the number of its source, its pieces, the style of all its width."""

    source: int
    pieces: tuple[_Piece, ...]
    ground: str = ""

    def behind(self, text: Content) -> _Line:
        """The line behind something that is drawn."""
        return self._replace(pieces=(_Piece(text, self.pieces[0].start, True), *self.pieces))


class Document(Visual):
    """Texts, and their lines for the width that was asked for last.

    ``sources`` are its lines as they would be if there were no end to the width: what is selected
    is counted in them, and copied from them.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.sources: list[str] = []
        self._parts = parts
        self._nodes = [_parsed(part.text, part.keeps_breaks) for part in parts]
        self._width, self._lines = 0, list[_Line]()
        #: The bullets and numbers that the next source begins with.
        self._bullets = ""

    def is_same(self, other: Document) -> bool:
        """Whether another one says the same."""
        return len(self._parts) == len(other._parts) and all(
            mine.head.is_same(its.head) and mine[1:] == its[1:]
            for mine, its in zip(self._parts, other._parts, strict=True)
        )

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All of the width."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines there are."""
        return len(self._laid_out(width))

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """The lines as they are drawn, each part with its place in the sources."""
        get_style = cache(options.get_style)
        strips = []
        for line in self._laid_out(width)[:height]:
            ground = style + get_style(line.ground) if line.ground else style
            selected = options.selection and options.selection.get_span(line.source)
            segments: list[Segment] = []
            for text, start, is_drawn in line.pieces:
                if selected and options.selection_style and not is_drawn:
                    first, last = selected
                    end = None if last < 0 else max(0, last - start)
                    text = text.stylize(options.selection_style, max(0, first - start), end)
                for words, look in text.render(ground, end="", parse_style=get_style):
                    # What is drawn stands for one place, whichever of its cells is pointed at.
                    for part in words if is_drawn else (words,):
                        place = look.rich_style_with_offset(start, line.source)
                        segments.append(Segment(part, place))
                    start += 0 if is_drawn else len(words)
            strip = Strip(segments)
            strips.append(
                strip.extend_cell_length(width, ground.rich_style) if line.ground else strip
            )
        return strips

    def _laid_out(self, width: int) -> list[_Line]:
        if width != self._width:
            self.sources.clear()
            self._width, self._lines = width, []
            for part, nodes in zip(self._parts, self._nodes, strict=True):
                indent = Content(part.indent)
                lines = self._part(part.head, nodes, max(1, width - indent.cell_length))
                self._lines += (line.behind(indent) for line in lines) if indent else lines
        return self._lines

    def _part(self, head: Content, nodes: Sequence[SyntaxTreeNode], width: int) -> Iterator[_Line]:
        # A paragraph begins where the head ends.
        is_joined = bool(head and nodes) and nodes[0].type == "paragraph"
        if head:
            yield from self._wrapped(head + _inside(nodes[0]) if is_joined else head, width)
        if is_joined and nodes[1:]:
            yield from self._wrapped(Content(), width)
        yield from self._blocks(nodes[is_joined:], width)

    def _blocks(
        self, nodes: Sequence[SyntaxTreeNode], width: int, *, apart: bool = True
    ) -> Iterator[_Line]:
        """The lines of blocks, with an empty one after each but headings if they are ``apart``."""
        for number, node in enumerate(nodes):
            if number and apart and nodes[number - 1].type != "heading":
                yield from self._wrapped(Content(), width)
            yield from self._block(node, max(1, width))

    def _block(self, node: SyntaxTreeNode, width: int) -> Iterator[_Line]:
        if node.type == "heading":
            yield from self._wrapped(_inside(node).stylize_before(_HEADING), width)
        elif node.type == "paragraph":
            yield from self._wrapped(_inside(node), width)
        elif node.type in ("fence", "code_block"):
            yield from self._code(node, width)
        elif node.type in ("bullet_list", "ordered_list"):
            yield from self._list(node, width)
        elif node.type == "blockquote":
            bar = Content.styled("▌ ", _DRAWN)
            yield from (line.behind(bar) for line in self._blocks(node.children, width - 2))
        elif node.type == "table":
            yield from self._table(node, width)
        elif node.type == "hr":
            [line] = self._wrapped(Content(), width)
            yield line.behind(Content.styled("─" * width, _DRAWN))

    def _source(self, text: str) -> tuple[int, int]:
        """Adds a source: its number, and where in it the text begins."""
        self.sources.append(self._bullets + text)
        start, self._bullets = len(self._bullets), ""
        return len(self.sources) - 1, start

    def _wrapped(self, text: Content, width: int) -> Iterator[_Line]:
        for line in text.split("\n", allow_blank=True):
            source, start = self._source(line.plain)
            yield from (_Line(source, (_Piece(part, start + x),)) for x, part in _cut(line, width))

    def _code(self, node: SyntaxTreeNode, width: int) -> Iterator[_Line]:
        lines = list(self._wrapped(_code(node.content.rstrip(), node.info.strip()), width - 4))
        above, below = (
            one._replace(pieces=(_Piece(Content(), 0),)) for one in (lines[0], lines[-1])
        )
        for line in (above, *(line.behind(_INDENT) for line in lines), below):
            yield line._replace(ground=_CODE)

    def _list(self, node: SyntaxTreeNode, width: int) -> Iterator[_Line]:
        first = int(node.attrs.get("start", 1))
        cells = len(f" {first + len(node.children) - 1}. ")
        for number, item in enumerate(node.children, first):
            bullet = _BULLETS[node.level // 2 % len(_BULLETS)]
            if node.type == "ordered_list":
                bullet = f"{number}. ".rjust(cells)
            start = len(self._bullets)
            self._bullets += bullet
            lines = self._blocks(item.children, width - len(bullet), apart=False)
            line = next(lines, None) or next(self._wrapped(Content(), width))
            marked = _Piece(Content.styled(bullet, _BULLET), start)
            yield line._replace(pieces=(marked, *line.pieces))
            yield from (line.behind(Content(" " * len(bullet))) for line in lines)

    def _table(self, node: SyntaxTreeNode, width: int) -> Iterator[_Line]:
        found = [row for part in node.children for row in part.children]
        rows = [[_inside(cell) for cell in row.children] for row in found]
        widths = [max(1, *(cell.cell_length for cell in one)) for one in zip(*rows, strict=True)]
        while sum(widths) > max(len(widths), width - _AROUND * len(widths) - 1):
            widths[widths.index(max(widths))] -= 1
        rules = [_rule(corners, widths) for corners in ("┌┬┐", "├┼┤", "└┴┘")]
        edge, last = Content.styled("│ ", _DRAWN), Content.styled("│", _DRAWN)
        for number, row in enumerate(rows):
            source, start = self._source("\t".join(cell.plain for cell in row))
            yield _Line(source, (_Piece(rules[number > 0], start, True),))
            columns = []
            for cell, cells in zip(row, widths, strict=True):
                shown = cell if number else cell.stylize_before(_HEADING)
                columns.append([(start + x, part) for x, part in _cut(shown, cells)])
                start += len(cell) + 1
            for height in range(max(map(len, columns))):
                pieces = []
                for parts, cells in zip(columns, widths, strict=True):
                    x, part = parts[height] if height < len(parts) else (parts[-1][0], Content())
                    blanks = Content(" " * (cells - part.cell_length + 1))
                    pieces += [_Piece(edge, x, True), _Piece(part, x), _Piece(blanks, x, True)]
                yield _Line(source, (*pieces, _Piece(last, start, True)))
        yield _Line(source, (_Piece(rules[-1], start, True),))


def _rule(corners: str, widths: Sequence[int]) -> Content:
    left, middle, right = tuple(corners)
    drawn = middle.join("─" * (cells + 2) for cells in widths)
    return Content.styled(f"{left}{drawn}{right}", _DRAWN)


@cache
def _parser() -> MarkdownIt:
    """What reads GitHub's Markdown; of HTML, it shows what is written."""
    return MarkdownIt("gfm-like", {"html": False})


def _parsed(text: str, keeps_breaks: bool) -> Sequence[SyntaxTreeNode]:
    tokens = _parser().parse(text)
    for inner in (one for token in tokens if keeps_breaks for one in token.children or ()):
        if inner.type == "softbreak":
            inner.type = "hardbreak"
    return SyntaxTreeNode(tokens).children


@lru_cache(64)
def _code(code: str, language: str) -> Content:
    """Code with the colours of its language, if it says one."""
    if not language:
        return Content(code).expand_tabs()
    return highlight.highlight(code, language=language.split()[0]).expand_tabs()


def _cut(line: Content, width: int) -> Iterator[tuple[int, Content]]:
    """A line in parts of at most so many cells, each with where it begins."""
    breaks = line_breaks(line.plain, max(1, width))
    *others, last = line.divide(breaks)
    yield from zip([0, *breaks], [*(part.rstrip() for part in others), last], strict=True)


def _inside(node: SyntaxTreeNode) -> Content:
    return Content("").join(map(_inline, node.children))


def _inline(node: SyntaxTreeNode) -> Content:
    """What is between the marks within a paragraph, with the look that they ask for."""
    if node.type == "code_inline":
        return Content.styled(node.content, _CODE_INLINE)
    if node.type in ("softbreak", "hardbreak"):
        return Content(" " if node.type == "softbreak" else "\n")
    if node.type in ("link", "image"):
        # A picture is shown by what stands for it, as in a browser of text.
        begin, end, name = ("[", "]", "src") if node.type == "image" else ("", "", "href")
        click = Style.from_meta({"@click": f"link({str(node.attrs[name])!r})"})
        return Content.assemble(begin, _inside(node), end).stylize(click)
    if node.type in _MARKS:
        return _inside(node).stylize_before(_MARKS[node.type])
    return Content(re.sub(r"\s+", " ", node.content))
