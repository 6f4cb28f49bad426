"""A report as one HTML file: no scripts, nothing loaded from elsewhere, charts as SVG.

Jinja escapes everything that is put into the template, since a report quotes the record, and
the record may quote anybody. A chart fits a phone at its own size, so its text is never scaled
down; series are stacked, so that their sum shows too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import DictLoader, Environment, StrictUndefined, Template

from storage.model.fields import NamedTuple
from storage.model.vocabulary import Translator, is_web_address
from storage.reports.retro.document import (
    Bar,
    Block,
    BulletList,
    Chart,
    Inline,
    KeyFigures,
    ReportDocument,
    Table,
    Trend,
    Typed,
    WebLink,
)
from storage.text.sanitize import sanitize

_TEMPLATES: Final = ("page.html.jinja", "page.css.jinja")


def html_text(document: ReportDocument, translator: Translator) -> str:
    """The report as HTML; the same document gives the same text."""
    colon, comma = translator.gettext(": "), translator.pgettext("list", ", ")

    def draw(chart: Chart) -> Drawing:
        return drawing(chart, colon, comma)

    return _template().render(
        document=document,
        html_language=document.language.replace("_", "-"),
        draw=draw,
        columns=COLUMNS,
        frame=(WIDTH, HEIGHT),
        table_words=translator.gettext("The same as a table"),
    )


@cache
def _template() -> Template:
    here = files(__package__)
    texts = {name: (here / name).read_text("utf-8") for name in _TEMPLATES}
    environment = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_sanitized,
    )
    environment.tests["web_address"] = is_web_address
    environment.globals["kind_of"] = _kind_of
    return environment.get_template(_TEMPLATES[0])


def _sanitized(value: object) -> object:
    """Sanitise whatever the template writes out."""
    return sanitize(value, lines=True) if type(value) is str else value


def _kind_of(part: Block | Inline) -> str:
    """The name by which the template recognises a block or an inline."""
    match part:
        case Table():
            return "table"
        case KeyFigures():
            return "facts"
        case Chart():
            return "chart"
        case BulletList():
            return "listed"
        case WebLink():
            return "link"
        case Typed():
            return "name"
        case Bar():
            return "bar"
        case Trend():
            return "trend"
        case str():
            return "text"
        case _:
            return "paragraph"


# Charts as SVG coordinates

#: Beyond the days of a month, columns are too thin to show their parts.
COLUMNS: Final = 31
#: In units of the drawing, which are about a pixel on a phone.
WIDTH: Final = 360
HEIGHT: Final = 230
#: The room that a digit of a label takes, and the gap between a label and the plot.
_DIGIT: Final = 7.5
_LABEL_GAP: Final = 8
#: Above and below the plot are the words of its axes.
_TOP: Final = 24
_BOTTOM: Final = 40
#: Between columns, as a part of the room that each has.
_GAP: Final = 0.18
#: The room that the day below a column takes, with some between it and the next.
_DAY: Final = 74


class ColumnPart(NamedTuple):
    """The part of a column that one series makes up."""

    key: str
    y: float
    height: float


class StackedColumn(NamedTuple):
    """The column of a step, and its tooltip."""

    x: float
    width: float
    parts: tuple[ColumnPart, ...]
    label: str


class AxisLabel(NamedTuple):
    """A label on an axis; ``anchor`` is the end that is placed there."""

    at: float
    label: str
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as SVG coordinates in a frame of ``WIDTH`` by ``HEIGHT``."""

    stacks: tuple[StackedColumn, ...]
    levels: tuple[AxisLabel, ...]
    days: tuple[AxisLabel, ...]
    left: float
    bottom: float = HEIGHT - _BOTTOM


def drawing(chart: Chart, colon: str, comma: str) -> Drawing:
    """The coordinates of a chart.

    Args:
        chart: the numbers.
        colon, comma: the marks of the page's language, for the tooltips.
    """
    sums = [sum(values) for values in zip(*(one.values for one in chart.series), strict=True)]
    top, step = _scale(max(sums, default=0))
    height = HEIGHT - _TOP - _BOTTOM
    left = _LABEL_GAP + _DIGIT * max(2, len(str(top)))
    room = (WIDTH - left) / len(chart.steps)

    def y(value: int) -> float:
        return round(_TOP + height * (1 - value / top), 2)

    stacks = []
    for place, day in enumerate(chart.steps):
        parts, below = [], 0
        for one in chart.series:
            if value := one.values[place]:
                above = below + value
                parts.append(ColumnPart(one.key, y(above), round(y(below) - y(above), 2)))
                below = above
        numbers = comma.join(f"{one.name} {one.values[place]}" for one in chart.series)
        x = round(left + room * (place + _GAP / 2), 2)
        width = round(room * (1 - _GAP), 2)
        stacks.append(StackedColumn(x, width, tuple(parts), f"{day}{colon}{numbers}"))
    levels = tuple(AxisLabel(y(value), str(value)) for value in range(0, top + 1, step))
    return Drawing(tuple(stacks), levels, _days(chart.steps, left, room), left)


def _scale(most: int) -> tuple[int, int]:
    """A round number no less than ``most``, and the step of two to five levels up to it."""
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if most <= 4 * step:
                return max(1, -(-most // step)) * step, step
        unit *= 10


def _days(steps: tuple[str, ...], left: float, room: float) -> tuple[AxisLabel, ...]:
    """The days that there is room for: the first, the last, and some between them."""
    last = len(steps) - 1
    count = max(1, min(last, int((WIDTH - left) // _DAY) - 1))
    labels = []
    for place in sorted({last * n // count for n in range(count + 1)}):
        anchor, at = "middle", (place + 0.5) * room
        if last and place in {0, last}:
            anchor, at = ("start", 0.0) if place == 0 else ("end", room * len(steps))
        # The year is in the head of the page.
        labels.append(AxisLabel(round(left + at, 2), steps[place][5:], anchor))
    return tuple(labels)
