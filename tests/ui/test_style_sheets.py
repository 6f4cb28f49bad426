"""What is done faster than Textual does it comes out as Textual has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual import widgets
from textual.app import App
from textual.css.errors import UnresolvedVariableError
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.widget import Widget

import tui
import tui.widgets
from tui.services.themes import DARK, QuickStylesheet

TUI = Path(tui.__file__).parent


def classes(of: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for one in of.__subclasses__():
        yield one
        yield from classes(one)


def said(rules: list[RuleSet]) -> list[tuple[object, ...]]:
    """What some rules say; a layout is one of its class."""
    return [
        (
            [
                [(s.name, s.type, s.combinator, s.pseudo_classes) for s in one.selectors]
                for one in rule.selector_set
            ],
            [one.specificity for one in rule.selector_set],
            re.sub(r" at 0x[0-9a-f]+", "", str(sorted(rule.styles.get_rules().items()))),
            rule.styles.important,
            rule.is_default_rules,
            rule.tie_breaker,
        )
        for rule in rules
    ]


def test_style_sheets_say_the_same_without_their_blanks() -> None:
    for folder in ("widgets", "dialogs", "screens"):
        for module in walk_packages([str(TUI / folder)], f"tui.{folder}."):
            import_module(module.name)
    for module in walk_packages(widgets.__path__, "textual.widgets."):
        import_module(module.name)
    sources = {
        f"{one.__module__}.{one.__name__}": one.__dict__.get("DEFAULT_CSS", "")
        for one in classes(DOMNode)
    }
    sources |= {str(path): path.read_text("utf-8") for path in TUI.rglob("*.tcss")}
    assert len([text for text in sources.values() if text]) > 100
    app: App[None] = App()
    app.register_theme(DARK)
    app.theme = DARK.name
    variables = app.get_css_variables()
    slow, quick = Stylesheet(variables=variables), QuickStylesheet(variables=variables)
    for name, text in sources.items():
        rules = quick._parse_rules(text, (name, ""), True, 1, "Some")
        assert said(rules) == said(slow._parse_rules(text, (name, ""), True, 1, "Some")), name


@pytest.mark.parametrize(
    "text",
    [
        "A { color: red; } # a line\nB { color: blue; }",
        "$own: red;\nA { color: $own; }",
        "$own: red\nA { color: $own; }",
        'A { hatch: "/" red; keyline: thin green; }',
        "A .b  >  #c:hover , D { padding:  1  2 ; /* two */ }\n\n",
        "A { &:focus { color: red !important } .b:hover{} & > .c { margin: 1 } }",
    ],
)
def test_no_blank_that_says_something_is_left_out(text: str) -> None:
    rules = QuickStylesheet()._parse_rules(text, ("", text))
    assert rules
    assert said(rules) == said(Stylesheet()._parse_rules(text, ("", text)))


def test_an_unknown_variable_is_an_error() -> None:
    sheet = QuickStylesheet(variables={"known": "red"})
    with pytest.raises(UnresolvedVariableError, match="unknown"):
        sheet._parse_rules("A { color: $unknown; }", ("", "unknown"))


def test_other_variables_are_taken() -> None:
    sheet = QuickStylesheet(variables={"shade": "red"})
    [red] = sheet._parse_rules("A { color: $shade; }", ("", ""))
    sheet.set_variables({"shade": "blue"})
    [blue] = sheet._parse_rules("A { color: $shade; }", ("", ""))
    assert [one.styles.color.hex for one in (red, blue)] == ["#FF0000", "#0000FF"]


def test_values_that_a_widget_computes_are_found() -> None:
    class Doubled(Widget):
        one = reactive(2)
        two = reactive(0)

        def compute_two(self) -> int:
            return self.one * 2

    class Trebled(Doubled):
        three = reactive(0)

        def _compute_three(self) -> int:
            return self.one * 3

    # As Textual finds them.
    assert Doubled._computes == {"two"}
    assert Trebled._computes == {"two", "three"}
    assert (Trebled().two, Trebled().three) == (4, 6)
