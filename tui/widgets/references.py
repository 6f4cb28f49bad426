"""The fourth tab: where it was discussed, and what the vendor said there."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from storage.models import Reference
from storage.plaintext import harmless
from tui.language import _, read
from tui.words import word


class References(OptionList):
    """A pitfall's references; Enter opens one in the browser."""

    DEFAULT_CSS = """
    References {
        height: auto;
        max-height: 100%;
        border: none;
        padding: 0;
        background: transparent;
        &:focus { border: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._references: Sequence[Reference] = ()

    def show(self, references: Sequence[Reference]) -> None:
        """Show a pitfall's references."""
        self._references = references
        self.clear_options()
        self.add_options(Option(_reference(one), id=one.id) for one in references)
        if not references:
            nothing = Content(_("No reference yet. Press l to add a link."))
            self.add_option(Option(nothing, disabled=True))
        else:
            self.highlighted = 0

    @property
    def chosen(self) -> Reference | None:
        """The reference under the cursor."""
        if self.highlighted is None or self.highlighted >= len(self._references):
            return None
        return self._references[self.highlighted]


def _reference(one: Reference) -> Content:
    title, quote = harmless(read(one.title)), harmless(read(one.quote), lines=True)
    said = [f"“{quote}”"] if quote else []
    if one.quoted_on:
        said.append(harmless(one.quoted_on))
    if one.official:
        said.append(_("said by the vendor"))
    return Content.assemble(
        (f"{title}\n" if title else "", "bold"),
        (harmless(one.url), "$secondary underline"),
        (f"  {word(one.source)}", "$text-muted"),
        f"\n{'  '.join(said)}" if said else "",
    )
