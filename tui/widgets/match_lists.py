"""What to choose from: duplicate candidates, what a pasted text may be, which value it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from storage.match.likeness import PitfallMatch
from storage.match.similar import SimilarPitfall
from storage.paste.extraction import FieldContradiction
from storage.read.history import DiffSpan, SpanKind, differences, elided
from storage.text.sanitize import sanitize
from tui.text.cells import cut, width
from tui.text.fields import value_word
from tui.text.history import Tone, styled_span
from tui.text.i18n import _, field_word, read
from tui.text.matches import ComparedPitfalls, match_reason, similarity_words
from tui.text.vocabulary import state_mark, state_words


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

    def show(
        self, found: Sequence[SimilarPitfall], short_id: Callable[[str], str], title: str = ""
    ) -> None:
        """Show what was found; nothing found is said so.

        Args:
            found: the candidates.
            short_id: gives the name of a pitfall to people.
            title: of the report, whose words are marked in the titles.
        """
        self._found = found
        self.clear_options()
        self.add_options(Option(_alike(one, short_id(one.pitfall), title)) for one in found)
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


def _alike(one: SimilarPitfall, short_id: str, title: str) -> Content:
    return Content.assemble(
        f"{state_mark(one)} ",
        *_shared(title, sanitize(read(one.title))),
        "\n  ",
        (f"{short_id}  ", "$accent"),
        (similarity_words(one), "$text-muted"),
    )


def _shared(title: str, candidate: str) -> Iterator[tuple[str, str]]:
    """A candidate's title; what it shares with the report's stands out."""
    for span in differences(title, candidate):
        if span.sort is not SpanKind.REMOVED:
            words = span.text.rstrip()
            yield words, "bold underline" if span.sort is SpanKind.KEPT and words else ""
            yield span.text[len(words) :], ""


class ComparedWith(Static):
    """What a report and a candidate have in common, and in what they differ."""

    DEFAULT_CSS = """
    ComparedWith { height: auto; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._compared = ComparedPitfalls((), ())

    def show(self, compared: ComparedPitfalls) -> None:
        """Show a comparison: ``=`` is the same in both, ``≠`` is the report's, then the other's."""
        self._compared = compared
        self._draw()

    def on_resize(self) -> None:
        """Break the line of fields elsewhere."""
        self._draw()

    def _draw(self) -> None:
        compared = self._compared
        parts: list[Content] = []
        for field in sorted(compared.fields, key=lambda field: field.is_same):
            if field.is_same:
                parts.append(Content.styled(f"= {field.name} {field.candidate}", "$text-muted"))
            else:
                words = f"≠ {field.name} {field.report} → {field.candidate}"
                parts.append(Content.styled(words, "bold $text-warning"))
        lines = _packed(parts, self.size.width)
        if compared.error:
            lines.append(Content.assemble(*_error(compared.error)))
        self.display = bool(lines)
        self.update(Content("\n").join(lines))


def _packed(parts: Sequence[Content], cells: int) -> list[Content]:
    """Parts in as many lines as they need, broken between them wherever one fits into a line."""
    lines: list[Content] = []
    x = 0
    for part in parts:
        needed = width(part.plain)
        if lines and x + _BETWEEN + needed <= cells:
            lines[-1] = Content.assemble(lines[-1], (" · ", "$text-muted"), part)
            x += _BETWEEN + needed
        else:
            lines.append(part)
            x = needed
    return lines


#: The cells between two fields that are compared.
_BETWEEN: Final = 3


def _error(spans: Sequence[DiffSpan]) -> Iterator[tuple[str, str]]:
    """Two error texts: what differs is marked, or all of it where they share no word."""
    kept = [span for span in spans if span.sort is SpanKind.KEPT and span.text.strip()]
    if len(kept) == len(spans):
        yield "= ", "$text-muted"
        yield from ((span.text, "$text-muted") for span in spans)
        return
    yield "≠ ", "bold $text-warning"
    if kept:
        styled = (styled_span(span) for span in elided(spans, _AROUND))
        yield from ((text, _TONES.get(tone, "")) for text, tone in styled)
        return
    for sort, start in ((SpanKind.REMOVED, ""), (SpanKind.ADDED, " → ")):
        yield start + "".join(span.text for span in spans if span.sort is sort), "$text-warning"


#: So many characters of an error text are shown beside what differs.
_AROUND: Final = 40
_TONES: Final = {Tone.REMOVED: "$text-error strike", Tone.ADDED: "$text-success bold"}


# The known pitfalls that something may be about, best first, each with why


class MatchList(OptionList):
    """Matches to choose among, and one more entry for when it is none of them.

    Args:
        otherwise: what that entry says; there is none if it says nothing.
        nothing: what it says where nothing matches.
        tells_line: whether a line of the text, where a signature stands, has a number to people.
    """

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

    def __init__(
        self,
        *,
        id: str | None = None,
        otherwise: str = "",
        nothing: str = "",
        tells_line: bool = True,
    ) -> None:
        super().__init__(id=id, markup=False)
        self._otherwise, self._nothing = otherwise, nothing
        self._tells_line = tells_line
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

    def show(
        self, found: Sequence[PitfallMatch], short_id: Callable[[str], str], *, keep: bool = False
    ) -> None:
        """Offer other matches; the cursor goes to the best, or may ``keep`` its own."""
        kept = self.get_option_at_index(self.highlighted).id if keep and self.highlighted else None
        self._found = {match.pitfall.id: match for match in found}
        self.clear_options()
        self.add_options(
            Option(_match_words(match, short_id(name), tells_line=self._tells_line), id=name)
            for name, match in self._found.items()
        )
        if otherwise := self._otherwise if found else self._nothing:
            self.add_option(Option(Content(otherwise), id=self._NONE))
        if self.option_count:
            ids = [option.id for option in self.options]
            self.highlighted = ids.index(kept) if kept in ids else 0


def _match_words(match: PitfallMatch, short_id: str, *, tells_line: bool) -> Content:
    title = sanitize(read(match.pitfall.title))
    sign = "=" if match.recognised is not None else "≈"
    return Content.assemble(
        f"{state_words(match.pitfall)}  ",
        (title, "bold"),
        "\n  ",
        (f"{short_id} ", "$accent"),
        (f"{sign} {match_reason(match, tells_line=tells_line)}", "$text-muted"),
    )


# Contradicting values of one field in a pasted text, to choose from


#: The brackets and blanks around a value, and the fewest cells that its words get.
_BRACKETS: Final = 3
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
        self._is_open = contradiction.is_open
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

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the values need."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """The field, then the values."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, cells: int) -> list[Content]:
        """The field and the values; one that has no room beside the others stands below them."""
        head = _("? {field}:") if self._is_open else _("≠ {field}:")
        head = head.format(field=field_word(self._field)) + " "
        indent = width(head)
        longest = max(1, cells - indent - _BRACKETS)
        values = [cut(value_word(self._field, one.value), longest) for one in self._readings]
        numbers = [_("line {n}").format(n=reading.line) for reading in self._readings]
        around = indent + sum(width(text) + _BRACKETS for text in (*values, *numbers))
        room = (cells - around) // len(values)
        is_stacked = room < _SHORTEST
        lines: list[list[Content | str]] = [[head]]
        for place, (value, number) in enumerate(zip(values, numbers, strict=True)):
            taken = place == self._at
            shown = f"[{value}]" if taken else f" {value} "
            words = sanitize(self._readings[place].words)
            if is_stacked:
                room = cells - indent - width(f"{shown} {number} ")
                if place:
                    lines.append([" " * indent])
            where = f" {number} {cut(words, room)}" if room > 0 else ""
            lines[-1] += [
                Content.styled(shown, "bold" if taken else ""),
                Content.styled(where if is_stacked else f"{where} ", "$text-muted"),
            ]
        return [Content.assemble(*parts) for parts in lines]

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
        for choice in self.walk_children(ContradictionChoice):
            choice.mark(taken)

    def take_next(self) -> None:
        """Take the next value of the one that has the focus, else of the first."""
        choices = list(self.walk_children(ContradictionChoice))
        chosen = [choice for choice in choices if choice.has_focus] or choices[:1]
        for choice in chosen:
            choice.action_turn(1)
