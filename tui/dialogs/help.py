"""All keys of a screen, from the declarations of its commands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.text.cells import fit, width
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.commands.command import Command


class HelpScreen(ModalScreen[None]):
    """The help; any of the usual keys closes it.

    Args:
        commands: of the screen, by the headings of help.
    """

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 100%; max-width: 84; height: auto; max-height: 100%;
        background: $background; border: round $primary;
    }
    HelpScreen VerticalScroll { height: auto; max-height: 1fr; padding: 0 1; }
    HelpScreen Static { width: 1fr; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "dismiss(None)", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("ctrl+d,pagedown,space", "scroll(10)", show=False),
        Binding("ctrl+u,pageup", "scroll(-10)", show=False),
        Binding("G,end", "scroll(1000)", show=False),
        Binding("g,home", "scroll(-1000)", show=False),
    ]

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Keys by group, then how to search."""
        with Vertical(), VerticalScroll():
            yield Static(self._keys(), markup=False)

    def _keys(self) -> Content:
        lines: list[Content] = []
        column = max(width(command.shown) for command in self._commands) + 2
        for group, commands in groupby(self._commands, attrgetter("group")):
            lines.append(Content.styled(_(group), "bold $accent"))
            lines += [
                Content.assemble((fit(f" {command.shown}", column), "bold"), " ", _(command.help))
                for command in commands
            ]
            lines.append(Content(""))
        lines.append(Content.styled(_("In the query line"), "bold $accent"))
        lines += [
            Content.assemble((f" {example}", "bold"), "  ", explained)
            for example, explained in (
                (_("white picture"), _("words anywhere; the last may be half typed")),
                ("qy.login:fail", _("error text as it was copied")),
                ("status:open severity:<=S2", _("filters; commas give several values")),
                ("-kind:docs (tag:album or has:fix)", _("a minus leaves out; one or the other")),
                ("platform:android lib:<2.14.1", _("where it was seen")),
                ("seen:>2w first:2026-10-01..2026-11-01", _("ages and dates")),
                ("sort:title, sort:count-", _("the order; - is downwards, + upwards")),
            )
        ]
        return Content("\n").join(lines)

    def action_scroll(self, by: int) -> None:
        """Scroll by some lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
