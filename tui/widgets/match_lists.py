"""The pitfalls that the one being decided about is likely to be the same as, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from storage.match import LookAlike
from storage.text.sanitize import harmless
from tui.text.i18n import _, read
from tui.text.matches import because
from tui.text.vocabulary import MARKS


class Likely(OptionList):
    """Likely duplicates, the likeliest first."""

    DEFAULT_CSS = """
    Likely {
        height: auto;
        border: none;
        padding: 0;
        background: transparent;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { border: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._found: Sequence[LookAlike] = ()

    def show(self, found: Sequence[LookAlike], short_id: Callable[[str], str]) -> None:
        """Show what was found; nothing found is said so."""
        self._found = found
        self.clear_options()
        self.add_options(Option(_alike(one, short_id(one.pitfall))) for one in found)
        if found:
            self.highlighted = 0
        else:
            self.add_option(Option(Content(_("Nothing here is like it.")), disabled=True))

    @property
    def in_order(self) -> list[str]:
        """The pitfalls, the one under the cursor first."""
        ids = [one.pitfall for one in self._found]
        at = self.highlighted if self.highlighted is not None and ids else 0
        return ids[at : at + 1] + ids[:at] + ids[at + 1 :]


def _alike(one: LookAlike, short_id: str) -> Content:
    return Content.assemble(
        f"{MARKS[one.status]} ",
        (harmless(read(one.title)), "bold"),
        "\n  ",
        (f"{short_id}  ", "$accent"),
        (because(one), "$text-muted"),
    )
