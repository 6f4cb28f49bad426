"""Our themes, and text that can be read on its background in every theme and on every terminal.

What is readable is decided where a line is drawn, and not in style sheets: only there the colours
are known that a terminal with 16 or 256 of them puts in place of those that were asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.color import Color as Background
from textual.css.match import _check_selectors
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.css.tokenize import tokenize_values
from textual.css.tokenizer import Token
from textual.css.types import CSSLocation, Specificity3
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

from tui.services.boards import DEFAULT_THEME

#: The least contrast of a text with its background, as WCAG 2 measures it.
LEAST_CONTRAST: Final = 4.5
#: Steps from a colour to black or white.
_STEPS: Final = 20
#: Lines and blocks are drawn with these; a picture, too, which keeps its colours.
_DRAWN: Final = re.compile(r"[\s─-▟⠀-⣿]*")
_NO_DIM: Final = Style(dim=False)

#: Variables of a theme that a style sheet uses, and blanks and comments in it that say nothing.
_USED: Final = re.compile(r"\$([\w-]+)")
_NEEDLESS: Final = re.compile(r"/\*.*?\*/|(?<=[{};:,])\s+|\s+(?=[{};])", re.DOTALL)
#: What ends with its line, or may hold any sign: a comment, a variable, a text.
_BY_LINES: Final = re.compile(r"# |\$[\w-]+:|\"")

# Textual hashes each rule for each widget that it styles, by its identity and in Python.
RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]


class QuickStylesheet(Stylesheet):
    """Textual's style sheet with less work: each source is parsed once for the same colours.

    Textual's own parses all anew in a second one when it applies the first theme, and once more
    in this one when a widget is mounted. It styles a whole subtree when one widget of it gets or
    loses a class or the focus, which costs more than all else that the screen does.

    Args:
        variables: the theme's.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        # Textual keeps 64 parsed sources; with a form there are more, and each is parsed anew.
        self._parse_cache.grow(1024)
        #: Sources without their blanks, and the variables that they use, as they are parsed.
        self._short: dict[str, str] = {}
        self._used: dict[str, list[Token]] = {}

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take a theme's variables; what was parsed is kept if they are the same."""
        if variables != self._variables:
            super().set_variables(variables)
            self._short.clear()
            self._used.clear()

    def reparse(self) -> None:
        """Parse what was not parsed with these variables; the rules stay if that fails."""
        self.parse()

    @property
    def _variable_tokens(self) -> dict[str, list[Token]]:
        """Those alone that a source uses: Textual parses all of a theme, some two hundred."""
        return self._used

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        """The rules of a source; blanks, which are half of what is parsed, are left out before."""
        # All sources are asked for again whenever one comes to them.
        if (short := self._short.get(css)) is None:
            short = self._short[css] = css if _BY_LINES.search(css) else _NEEDLESS.sub("", css)
            variables = self._variables
            used = {*_USED.findall(short)} - self._used.keys()
            self._used |= tokenize_values({n: variables[n] for n in used if n in variables})
        return super()._parse_rules(short, read_from, is_default_rules, tie_breaker, scope)

    @classmethod
    def _check_rule(
        cls, rule_set: RuleSet, css_path_nodes: list[DOMNode]
    ) -> Iterator[Specificity3]:
        """How specific each selector of a rule is that the last node of a path matches.

        Most fail at that node already, which Textual comes to after all those above it.
        """
        for one in rule_set.selector_set:
            *above, last = one.selectors
            if last.check(css_path_nodes[-1]) and (
                not above or _check_selectors(one.selectors, css_path_nodes)
            ):
                yield one.specificity

    @classmethod
    def replace_rules(cls, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        """Give a node its styles, by setting those alone that are not as before.

        Args:
            node: a widget, or a part of one that has styles of its own.
            rules: all its styles.
            animate: whether those around it are as before, so that it is only drawn again for
                its own. Nothing moves on the board.
        """
        base = node.styles.base
        before = base.get_rules()
        differing = [
            name
            for name in before.keys() | rules.keys()
            if (was := before.get(name)) is not (becomes := rules.get(name)) and was != becomes
        ]
        if differing or not animate:
            for name in differing:
                setattr(base, name, rules.get(name))
            node.notify_style_update()


@lru_cache(1024)
def luminance(colour: ColorTriplet) -> float:
    """The relative luminance of a colour, from 0 to 1, as WCAG 2 defines it."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


#: A sign with others that change it: drawn as an emoji or in a key, joined to others, or shaded.
_JOINED: Final = re.compile(
    "(?s).(?:\ufe0f|\u20e3|\u200d[\u2600-\u27bf\U0001f000-\U0001faff]|[\U0001f3fb-\U0001f3ff])+"
)


class SameWidth(LineFilter):
    """Shows what terminals measure in different ways by its first sign alone, in the same cells.

    Where the terminal takes such a sequence for narrower or wider than it was laid out, all that
    follows in its line is shifted, and so are the dividers of panes.
    """

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        """The segments of a line, each as wide in every terminal."""
        return [
            segment
            if segment.text.isascii() or not _JOINED.search(segment.text)
            else Segment(_JOINED.sub(_first_sign, segment.text), segment.style, segment.control)
            for segment in segments
        ]


def _first_sign(found: re.Match[str]) -> str:
    sign = found[0][0]
    return sign + " " * max(0, cell_len(found[0]) - cell_len(sign))


#: One for all lines: a line remembers what a filter made of it.
SAME_WIDTH: Final = SameWidth()


class Readable(LineFilter):
    """Lightens or darkens text until it can be read on its background; signs keep their width.

    Args:
        system: the colours that the terminal has.
        terminal: what its first 16 colours, and its own two, are taken for.
    """

    def __init__(self, system: ColorSystem, terminal: TerminalTheme) -> None:
        super().__init__()
        self._system, self._terminal = system, terminal

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        """The segments of a line, with text that can be read."""
        behind = background.rich_color
        return [
            segment
            if segment.style is None
            or segment.text.isspace()
            or (style := self._readable(segment.style, behind)) is segment.style
            or _DRAWN.fullmatch(segment.text)
            else Segment(segment.text, style, segment.control)
            for segment in SAME_WIDTH.apply(segments, background)
        ]

    def shown(self, colour: Color, *, is_text: bool) -> ColorTriplet:
        """What the terminal shows for a colour."""
        return colour.downgrade(self._system).get_truecolor(self._terminal, foreground=is_text)

    @lru_cache(4096)  # noqa: B019 - as long as the app
    def _readable(self, style: Style, behind: Color) -> Style:
        """A style whose text can be read; the same one, if it can already."""
        text = style.color or Color.default()
        ground = style.bgcolor or behind
        if text.is_default and ground.is_default:
            # The terminal's own; whoever set them reads them.
            return style + _NO_DIM if style.dim else style
        on = self.shown(ground, is_text=False)
        if not style.dim and contrast(self.shown(text, is_text=True), on) >= LEAST_CONTRAST:
            return style
        for candidate in self._candidates(text, on):
            if contrast(self.shown(candidate, is_text=True), on) >= LEAST_CONTRAST:
                return style + Style(color=candidate, dim=False)
        return style

    def _candidates(self, text: Color, on: ColorTriplet) -> Iterator[Color]:
        """What to try in place of a colour, the nearest first; the last can always be read.

        They are made one by one, since one of the first few will do mostly.
        """
        black, white = ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)
        end = max(black, white, key=lambda one: contrast(one, on))
        if text.triplet is None:
            ends = [Color.from_ansi(0), Color.from_ansi(15)]
            number = text.number
            bright = [Color.from_ansi(number + 8)] if number is not None and number < 8 else []
            readable = sorted(ends, key=lambda one: -contrast(self.shown(one, is_text=True), on))
            yield from (text, *bright, *readable)
            return
        start = text.triplet
        for step in range(_STEPS + 1):
            mixed = (round(a + (b - a) * step / _STEPS) for a, b in zip(start, end, strict=True))
            yield Color.from_triplet(ColorTriplet(*mixed))


def terminal_theme(*, dark: bool) -> TerminalTheme:
    """What the colours of a terminal are taken for where it does not say: those of xterm."""
    black, white = (0, 0, 0), (255, 255, 255)
    return TerminalTheme(
        black if dark else white,
        (229, 229, 229) if dark else black,
        [
            black,
            (205, 0, 0),
            (0, 205, 0),
            (205, 205, 0),
            (0, 0, 238),
            (205, 0, 205),
            (0, 205, 205),
            (229, 229, 229),
        ],
        [
            (127, 127, 127),
            (255, 0, 0),
            (0, 255, 0),
            (255, 255, 0),
            (92, 92, 255),
            (255, 0, 255),
            (0, 255, 255),
            white,
        ],
    )


def is_dark(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal says that its background is dark; most are, and don't say."""
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return ground not in {"7", "15"}


#: Cursor, button and selection where there is no colour to show them by.
WITHOUT_COLOUR: Final = {
    "block-cursor-text-style": "bold reverse",
    "block-cursor-blurred-text-style": "underline",
    "button-focus-text-style": "bold reverse",
    "input-cursor-text-style": "reverse",
}

DARK: Final = Theme(
    name=DEFAULT_THEME,
    primary="#5fb3b3",
    secondary="#8fa1b3",
    accent="#d8a657",
    foreground="#d8dee9",
    background="#14181d",
    surface="#1b2027",
    panel="#252c35",
    success="#99c794",
    warning="#e0a458",
    error="#ec6a71",
    dark=True,
    variables={
        "block-cursor-foreground": "#14181d",
        "block-cursor-blurred-background": "#303a46",
    },
)

LIGHT: Final = Theme(
    name="pitboard-light",
    primary="#1f6f78",
    secondary="#566573",
    accent="#9a5b00",
    foreground="#22282f",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e6e3db",
    success="#2f7d32",
    warning="#a35a00",
    error="#b3261e",
    dark=False,
    variables={
        "block-cursor-blurred-background": "#d3cdbf",
        "block-cursor-blurred-foreground": "#22282f",
    },
)
#: How much of the text's colour a muted text has; the rest is the background's.
_MUTED: Final = 0.65


def drawn_with(variables: dict[str, str], *, colours: bool) -> dict[str, str]:
    """The variables of a theme as they are drawn with: marks without colours, and a muted colour.

    Textual's own, a share of black or white, loses its share in styles of parts of a text, which
    then stand out instead.
    """
    if not colours:
        return {**variables, **WITHOUT_COLOUR}
    text, ground = variables["foreground"], variables["background"]
    if not variables["text-muted"].startswith("auto") or "ansi" in text + ground:
        return variables
    muted = Background.parse(ground).blend(Background.parse(text), _MUTED)
    return {**variables, "text-muted": muted.hex6}


def _of_16(name: str, *, dark: bool) -> Theme:
    """A theme in the terminal's own colours; the cursor is shown by swapping them."""
    hues = ("cyan", "yellow", "green", "red") if dark else ("blue", "magenta", "blue", "red")
    primary, accent, success, error = (f"ansi_{hue}" for hue in hues)
    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        primary=primary,
        secondary="ansi_default",
        accent=accent,
        warning=accent,
        error=error,
        success=success,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            # What Textual's own style sheets ask of such a theme.
            **BUILTIN_THEMES["ansi-dark" if dark else "ansi-light"].variables,
            **WITHOUT_COLOUR,
            "text-muted": "ansi_default",
            "text-disabled": "ansi_default",
            "block-cursor-foreground": "ansi_default",
            "block-cursor-background": "ansi_default",
            "block-cursor-blurred-foreground": "ansi_default",
            "block-cursor-blurred-background": "ansi_default",
        },
    )


#: For terminals of 16 colours, and for none at all.
OF_16: Final = _of_16("pitboard-ansi", dark=is_dark())

OURS: Final = (DARK, LIGHT, OF_16)
