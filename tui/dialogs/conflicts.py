"""The choice among values that several people wrote at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from storage.model.records import Pitfall
from tui.text.fields import NumberedClaim, claim_origin, claim_value, conflict_name, numbered_claims
from tui.text.i18n import _


class ResolveConflict(ModalScreen[NumberedClaim | None]):
    """Chooses the value to keep, by its number or with the cursor; escape chooses none.

    Args:
        pitfall: has conflicts.
        short_id: gives the name of a pitfall to people.
    """

    DEFAULT_CSS = """
    ResolveConflict { align: center middle; }
    ResolveConflict > Vertical {
        width: 100%; max-width: 100; height: auto; max-height: 100%; padding: 0 1;
        background: $background; border: round $primary;
    }
    ResolveConflict #keep-heading { color: $primary; text-style: bold; height: auto; }
    ResolveConflict OptionList {
        height: auto; border: none; padding: 0; background: $background;
        &:focus { border: none; }
    }
    ResolveConflict #keep-keys { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
        *(Binding(str(number), f"keep({number})", show=False) for number in range(1, 10)),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, pitfall: Pitfall, short_id: Callable[[str], str]) -> None:
        super().__init__()
        self._short_id = short_id
        self._claims = {one.number: one for one in numbered_claims(pitfall.conflicts)}

    def compose(self) -> ComposeResult:
        """Each value with who wrote it and when."""
        with Vertical():
            yield Static(_("Written at the same time: which one is kept?"), id="keep-heading")
            yield OptionList(*self._options(), markup=False)
            yield Static(_("1 2 … or ⏎ keeps it   esc leaves both"), id="keep-keys", markup=False)

    def on_resize(self) -> None:
        """Leave room for heading, keys and border, whatever the terminal's height."""
        self.query_one(OptionList).styles.max_height = max(3, self.size.height - 4)

    def _options(self) -> Iterator[Option]:
        for one in self._claims.values():
            if one.is_shown:
                yield Option(
                    Content.styled(conflict_name(one.conflict), "bold $accent"), disabled=True
                )
            yield Option(
                Content.assemble(
                    (f" {one.number}  ", "bold"),
                    f"{claim_origin(one)}\n",
                    claim_value(one, self._short_id),
                ),
                id=str(one.number),
            )

    def action_down(self) -> None:
        """Go down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Go up."""
        self.query_one(OptionList).action_cursor_up()

    def action_keep(self, number: int) -> None:
        """ResolveConflict the value of that number."""
        if number in self._claims:
            self.dismiss(self._claims[number])

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_keep(int(str(event.option.id)))
