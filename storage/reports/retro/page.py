"""A report as a page: one file of HTML without a script or anything from elsewhere.

Jinja escapes whatever is put into the template unless it is told not to, and it is never told;
a page for people who were not there quotes the record, and the record quotes anybody.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import DictLoader, Environment, StrictUndefined, Template

from storage.model.urls import is_web_address
from storage.reports.retro import charts
from storage.reports.retro.document import (
    Bar,
    Block,
    Chart,
    Document,
    Facts,
    Link,
    Listed,
    Name,
    Piece,
    Table,
)
from storage.reports.retro.wording import Say, Wording
from storage.reports.words import is_chinese
from storage.text.sanitize import harmless

_TEMPLATES: Final = ("page.html.jinja", "page.css.jinja")


def page(document: Document) -> str:
    """The report as HTML; the same document gives the same text."""
    say = Wording(document.language)

    def draw(chart: Chart) -> charts.Drawing:
        return charts.drawing(chart, say(Say.COLON), say(Say.COMMA))

    return _template().render(
        document=document,
        html_language="zh-CN" if is_chinese(document.language) else "en",
        draw=draw,
        columns=charts.COLUMNS,
        frame=(charts.WIDTH, charts.HEIGHT),
        table_words=say(Say.TABLE),
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
        finalize=_harmless,
    )
    environment.tests["web_address"] = is_web_address
    environment.globals["sort_of"] = _sort_of
    return environment.get_template(_TEMPLATES[0])


def _harmless(value: object) -> object:
    """Whatever the template writes out: text of the record can fool no reader."""
    return harmless(value, lines=True) if type(value) is str else value


def _sort_of(what: Block | Piece) -> str:
    """The name by which the template tells apart what stands in a document."""
    match what:
        case Table():
            return "table"
        case Facts():
            return "facts"
        case Chart():
            return "chart"
        case Listed():
            return "listed"
        case Link():
            return "link"
        case Name():
            return "name"
        case Bar():
            return "bar"
        case str():
            return "text"
        case _:
            return "paragraph"
