"""Lists of matching pitfalls: duplicate candidates, and what a pasted text may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from storage.match.known_errors import PitfallMatch
from storage.match.similar import SimilarPitfall
from storage.text.sanitize import sanitize
from tui.text.i18n import _, read
from tui.text.matches import match_reason, similarity_words
from tui.text.vocabulary import MARKS, marked


class DuplicateCandidates(OptionList):
    """Likely duplicates, the likeliest first."""

    DEFAULT_CSS = """
    DuplicateCandidates {
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
        self._found: Sequence[SimilarPitfall] = ()

    def show(self, found: Sequence[SimilarPitfall], short_id: Callable[[str], str]) -> None:
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


def _alike(one: SimilarPitfall, short_id: str) -> Content:
    return Content.assemble(
        f"{MARKS[one.status]} ",
        (sanitize(read(one.title)), "bold"),
        "\n  ",
        (f"{short_id}  ", "$accent"),
        (similarity_words(one), "$text-muted"),
    )


# The known pitfalls that something may be about, best first, each with why


class MatchList(OptionList):
    """Matches to choose among, and one more entry for when it is none of them."""

    DEFAULT_CSS = """
    MatchList {
        border: none;
        padding: 0;
        height: auto;
        background: transparent;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { border: none; background: transparent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("o", "open", show=False),
        Binding("n", "none_of_these", show=False),
    ]
    _NONE: ClassVar[str] = "none of these"

    @dataclass
    class Opened(Message):
        """A match is to be opened, and nothing logged."""

        match: PitfallMatch

    class Refused(Message):
        """It is none of the matches."""

    def __init__(self, *, id: str | None = None, otherwise: str = "") -> None:
        super().__init__(id=id, markup=False)
        self._otherwise = otherwise
        self._found: dict[str, PitfallMatch] = {}

    @property
    def found(self) -> Sequence[PitfallMatch]:
        """What is offered, without the entry for none of it."""
        return tuple(self._found.values())

    @property
    def chosen(self) -> PitfallMatch | None:
        """The match under the cursor, if it is on one."""
        if self.highlighted is None:
            return None
        return self._found.get(self.get_option_at_index(self.highlighted).id or "")

    def action_open(self) -> None:
        """Have the match under the cursor opened."""
        if (match := self.chosen) is not None:
            self.post_message(self.Opened(match))

    def action_none_of_these(self) -> None:
        """Go to the entry for none of the matches."""
        if self._otherwise and self.option_count:
            self.highlighted = self.option_count - 1
            self.post_message(self.Refused())

    def show(self, found: Sequence[PitfallMatch], short_id: Callable[[str], str]) -> None:
        """Offer other matches; the cursor goes to the best."""
        self._found = {match.pitfall.id: match for match in found}
        self.clear_options()
        self.add_options(
            Option(_match_words(match, short_id(name)), id=name)
            for name, match in self._found.items()
        )
        if self._otherwise:
            self.add_option(Option(Content(self._otherwise), id=self._NONE))
        if self.option_count:
            self.highlighted = 0


def _match_words(match: PitfallMatch, short_id: str) -> Content:
    title = sanitize(read(match.pitfall.title))
    sign = "=" if match.recognised is not None else "≈"
    return Content.assemble(
        f"{marked(match.pitfall.status)}  ",
        (title, "bold"),
        "\n  ",
        (f"{short_id} ", "$accent"),
        (f"{sign} {match_reason(match)}", "$text-muted"),
    )
