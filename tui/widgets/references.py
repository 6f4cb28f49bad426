"""The fourth tab: where it was discussed, and what the vendor said there."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from storage.models import Pitfall, Reference, Statement
from storage.plaintext import harmless
from storage.upstream import said_at
from tui.language import _, read
from tui.words import statement_words, word


class References(OptionList):
    """A pitfall's references, below each what was said there; Enter opens one in the browser."""

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
        self._entries: Sequence[tuple[Reference, Statement | None]] = ()

    def show(self, pitfall: Pitfall) -> None:
        """Show a pitfall's references and statements; the cursor stays where it was, if it can."""
        before = self._entry
        self._entries = [
            (one, said) for one in pitfall.references for said in (None, *said_at(pitfall, one.id))
        ]
        self.clear_options()
        self.add_options(
            Option(_reference(one) if said is None else _statement(said))
            for one, said in self._entries
        )
        if not pitfall.references:
            nothing = Content(_("No reference yet. Press l to add a link."))
            self.add_option(Option(nothing, disabled=True))
        else:
            names = [(one.id, said and said.id) for one, said in self._entries]
            held = before and (before[0].id, before[1] and before[1].id)
            self.highlighted = names.index(held) if held in names else 0

    @property
    def chosen(self) -> Reference | None:
        """The reference under the cursor, or the one where what is under it was said."""
        entry = self._entry
        return entry[0] if entry is not None else None

    @property
    def chosen_statement(self) -> Statement | None:
        """The statement under the cursor."""
        entry = self._entry
        return entry[1] if entry is not None else None

    @property
    def _entry(self) -> tuple[Reference, Statement | None] | None:
        if self.highlighted is None or self.highlighted >= len(self._entries):
            return None
        return self._entries[self.highlighted]


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


def _statement(one: Statement) -> Content:
    quote = harmless(read(one.quote), lines=True)
    return Content.assemble(
        f"  ↳ {statement_words(one)}",
        (
            "".join(f"\n    {line}" for line in f"“{quote}”".split("\n")) if quote else "",
            "$text-muted",
        ),
    )
