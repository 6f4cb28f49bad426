"""Contradicting values of one field in a pasted text, to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from storage.paste.extraction import FieldContradiction
from storage.text.sanitize import sanitize
from tui.text.cells import cut, width
from tui.text.fields import value_word
from tui.text.i18n import _, field_word

#: The brackets and blanks around a value, and the fewest cells that its words get.
_AROUND: Final = 3
_SHORTEST: Final = 8


class ContradictionChoice(Widget, can_focus=True):
    """The values of one field, each with its place; the one that is taken is marked."""

    DEFAULT_CSS = """
    ContradictionChoice { height: auto; padding: 0 1; color: $text-warning; }
    ContradictionChoice:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    @dataclass
    class Taken(Message):
        """A value was taken."""

        field: str
        value: str

    def __init__(self, contradiction: FieldContradiction, taken: str) -> None:
        super().__init__()
        self._field, self._readings = contradiction
        self._at = self._place(taken)

    def _place(self, value: str) -> int:
        values = [reading.value for reading in self._readings]
        return values.index(value) if value in values else -1

    def mark(self, taken: Mapping[str, str]) -> None:
        """Mark the value that stands in the field now."""
        at = self._place(taken.get(self._field, ""))
        if at != self._at:
            self._at = at
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        """The field, then the values."""
        head = f"≠ {field_word(self._field)}: "
        values = [value_word(self._field, reading.value) for reading in self._readings]
        numbers = [_("line {n}").format(n=reading.line) for reading in self._readings]
        around = width(head) + sum(width(text) + _AROUND for text in (*values, *numbers))
        room = max(_SHORTEST, (self.size.width - around) // len(values))
        parts: list[Content | str] = [head]
        for place, (value, number) in enumerate(zip(values, numbers, strict=True)):
            taken = place == self._at
            words = cut(sanitize(self._readings[place].words), room)
            parts += [
                Content.styled(f"[{value}]" if taken else f" {value} ", "bold" if taken else ""),
                Content.styled(f"{number} {words}  ", "$text-muted"),
            ]
        return Content.assemble(*parts)

    def action_turn(self, by: int) -> None:
        """Take the next value."""
        self._at = (self._at + by) % len(self._readings) if self._at >= 0 or by > 0 else -1
        self.refresh(layout=True)
        self.post_message(self.Taken(self._field, self._readings[self._at].value))


class Contradictions(Vertical):
    """All contradictions, one below the other."""

    DEFAULT_CSS = """
    Contradictions { height: auto; max-height: 4; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: tuple[FieldContradiction, ...] = ()

    async def show(self, found: tuple[FieldContradiction, ...], taken: Mapping[str, str]) -> None:
        """Show what contradicts.

        Args:
            found: the contradictions.
            taken: the value that stands in each field now.
        """
        if found != self._found:
            self._found = found
            await self.remove_children()
            await self.mount_all(
                ContradictionChoice(one, taken.get(one.field, "")) for one in found
            )
        for choice in self.query(ContradictionChoice):
            choice.mark(taken)

    def take_next(self) -> None:
        """Take the next value of the one that has the focus, else of the first."""
        choices = list(self.query(ContradictionChoice))
        chosen = [choice for choice in choices if choice.has_focus] or choices[:1]
        for choice in chosen:
            choice.action_turn(1)
