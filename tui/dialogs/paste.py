"""Paste anything: what can be read from it, which known pitfall it is, and one key to log it."""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final

from textual import _time, events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.types import CSSPathType
from textual.widgets import OptionList, Static, TextArea

from storage.errors import N_, PitboardError
from storage.match.likeness import PitfallMatch, matches
from storage.model.environment import Environment
from storage.model.fields import LONGEST_WORDS, NamedTuple
from storage.model.row import InboxReason
from storage.model.vocabulary import Channel, Platform
from storage.paste.extraction import PasteResult
from storage.paste.reader import read
from storage.text.sanitize import sanitize
from tui.dialogs.fields import ChoiceField, FormField, LineField, LinesField
from tui.dialogs.form import Form, FormValues
from tui.dialogs.forms import environment_fields, occurrence
from tui.dialogs.general import buttons
from tui.services.background import in_thread
from tui.services.session import Session
from tui.text.fields import cut_words
from tui.text.i18n import _, say_in_form
from tui.text.vocabulary import moment
from tui.widgets.bars import LeadBlock
from tui.widgets.inputs import TooLong
from tui.widgets.match_lists import ContradictionChoice, Contradictions, MatchList
from tui.widgets.text_area import PasteArea

_PAUSE_SECONDS: Final = 0.2
_WIDE: Final = 100
_HIGH: Final = 34
_ONE: Final = "1"
_TEXT: Final = "text"  # What a draft calls the text, which is no field.
_LONG: Final = 200_000  # A text of more characters takes a moment to read.


class Looked(NamedTuple):
    """What was read from a text, which values were taken, and what it may be."""

    pasted: PasteResult
    values: dict[str, str]
    found: Sequence[PitfallMatch]


class Paste(Form):
    """A pasted text as an occurrence: of a known pitfall, or of a new one in the inbox.

    Args:
        session: the board.
        open_pitfall: opens a match on the board, once this is left.

    Its answers are an occurrence's fields, the ``pitfall`` (empty if it is none of the known
    ones), and a ``title`` and ``urls`` for a new one.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = ["form.tcss", "paste.tcss"]
    AUTO_FOCUS = "#paste-text"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_HIGH, "-high")]  # noqa: RUF012
    title_words: ClassVar[str] = N_("Paste anything: an error, a report, what a device prints")
    save_words: ClassVar[str] = N_("Log")

    def __init__(self, session: Session, open_pitfall: Callable[[str], object]) -> None:
        super().__init__()
        self._session = session
        self._open_pitfall = open_pitfall
        self._pasted = PasteResult()
        self._pause: Timer | None = None
        self._text = ""
        #: Whether the text is being looked at.
        self.looking = False
        self._offered_for = ""  # The text for which matches are offered.
        self._save_waits = False
        #: What was read and matched when it was last painted, since when it is on the screen, and
        #: when the last key was typed, by Textual's clock.
        self._painted: object = None
        self._painted_at = self._typed_at = 0.0
        #: For each field of which one of several values was taken, that and what comes with it;
        #: and what was put into each field.
        self._taken: dict[str, dict[str, str]] = {}
        self._filled: dict[str, str] = {}
        keys = [
            Binding("ctrl+o", "other_value", _("the other value"), id="form.other_value"),
            Binding("ctrl+l", "matches", _("known pitfalls"), id="form.look_alikes"),
        ]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    # What stands where

    def compose(self) -> ComposeResult:
        """The text and what was read from it; beside or below it what it may be; buttons."""
        with Vertical(id="form"):
            yield Static(self.heading(), id="form-heading", markup=False)
            yield Static(id="form-draft", markup=False)
            with Container(id="paste-halves"):
                with Vertical(id="paste-read"):
                    yield PasteArea(
                        _("Paste here: console output, wx.getSystemInfo, a bug report, a chat…"),
                        id="paste-text",
                    )
                    with VerticalScroll(id="form-fields", can_focus=False):
                        with Container(id="paste-environment"):
                            yield from environment_fields(Environment())
                        yield from self._others()
                    yield Contradictions(id="paste-contradictions")
                    yield Static(id="paste-left-out", markup=False)
                with Vertical(id="paste-known"):
                    yield MatchList(
                        id="paste-matches",
                        otherwise=_("✉ none of these: add it to the inbox"),
                        nothing=_("✉ no known pitfall matches: add it to the inbox"),
                    )
                    with VerticalScroll(id="paste-remedy"):
                        yield LeadBlock(id="paste-lead")
                    yield LineField("title", _("title"), longest=LONGEST_WORDS)
            yield from buttons(_(self.save_words))

    def keys_words(self) -> str:
        """The keys that do something from where the focus is, or how to get to where they do."""
        offered = self.query_one(MatchList)
        if offered.has_focus and not offered.found:
            words = _("⏎: log   n: title   ^l: text")
        elif offered.has_focus:
            words = _("⏎: log   o: open   n: new   ^l: text")
        elif offered.option_count:
            words = _("^l, then o: open, n: new")
        else:
            words = super().keys_words()
        if self.walk_children(ContradictionChoice):
            words += "   " + _("^o: other")
        return words

    def _others(self) -> Iterable[FormField]:
        yield LinesField("message", _("error message"), height=2)
        yield LinesField("note", _("note"), height=2)
        yield LineField("count", _("count"), _ONE)
        yield LineField("at", _("when"), hint=_("now, or 2026-11-20 14:03"))

    def on_mount(self) -> None:
        """Nothing is pasted yet."""
        self._show_chosen()

    def on_resize(self) -> None:
        """The style sheet leaves each part its room."""

    @property
    def values(self) -> FormValues:
        """The fields, the pitfall that was chosen, and the addresses for a new one."""
        chosen = self.query_one(MatchList).chosen
        return super().values | {
            "pitfall": chosen.pitfall.id if chosen is not None else "",
            "urls": "\n".join(self._pasted.urls),
        }

    @property
    def changed_fields(self) -> list[FormField]:
        """The fields in which somebody typed: what was only pasted was read from the text."""
        return [one for one in self.walk_children(FormField) if one.value != self._left_in(one)]

    @property
    def changed(self) -> bool:
        """Whether leaving would lose what was typed, here or into the text."""
        return super().changed or self.query_one(PasteArea).typed

    def unsaved(self) -> FormValues:
        """The text, too: what was only pasted may have left the clipboard meanwhile."""
        text = self.query_one(PasteArea).whole
        return super().unsaved() | ({_TEXT: text} if text.strip() else {})

    def restore(self, values: FormValues) -> None:
        """Put back the text, and what was typed into the fields."""
        self.query_one(PasteArea).take(values.get(_TEXT, ""))
        super().restore(values)

    def _left_in(self, field: FormField) -> str:
        """What stands in a field unless somebody typed there."""
        return self._filled.get(field.field, _ONE if field.field == "count" else "")

    # Reading what was pasted

    @on(PasteArea.Pasted)
    def _was_pasted(self) -> None:
        self.query_one(MatchList).focus()
        self._taken.clear()
        self._start()

    @on(TextArea.Changed, "#paste-text")
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        if self.query_one(PasteArea).whole != self._text:
            self._pause = self.set_timer(_PAUSE_SECONDS, self._start)

    @on(TooLong)
    def _say_too_long(self, event: TooLong) -> None:
        event.stop()
        words = _("That is {n} characters; {limit} can be read. Paste the part that matters.")
        self._say(words.format(n=event.size, limit=event.limit))

    def is_settling(self, key: str) -> bool:
        """Whether a key has to wait for what was typed into the text to be read."""
        return self._pause is not None and key not in {"tab", "shift+tab", "escape"}

    def _start(self) -> None:
        # A paste changes the text, too: what is read now is not read again after the pause.
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        self._text = self.query_one(PasteArea).whole
        self.looking = True
        self._say(_("Reading…") if len(self._text) > _LONG else "")
        text, taken = self._text, dict(ChainMap(*reversed(self._taken.values())))
        in_thread(
            self, lambda: self._look(text, taken), self._show_looked, self._failed, group="look"
        )

    def _look(self, text: str, taken: dict[str, str]) -> Looked:
        pasted = read(text, now=self._session.now())
        answers = {name: reading.value for name, reading in pasted.values.items()} | taken
        platform, channel = answers.get("platform"), answers.get("channel")
        known = self._session.recognise(
            text,
            Platform(platform) if platform else None,
            Channel(channel) if channel else None,
        )
        near = self._session.near(pasted.gist, pasted.message) if pasted.gist else []
        return Looked(pasted, answers, matches(self._session.board, known, near))

    def _failed(self, error: PitboardError) -> None:
        self.looking = self._save_waits = False
        self._say(say_in_form(error))

    async def _show_looked(self, looked: Looked) -> None:
        self._pasted = pasted = looked.pasted
        self._say("")
        for shortfall in self._session.new_shortfalls():
            self.notify(shortfall, severity="warning", timeout=15, markup=False)
        note = "\n\n".join(text for text in (pasted.reproduction, pasted.note) if text)
        at = moment(pasted.seen_at) if pasted.seen_at is not None else ""
        words = {"message": pasted.message, "note": note, "at": at, "title": pasted.title}
        for field in self.walk_children(FormField):
            if field.field != "count" and field.value == self._left_in(field):
                self._fill(field, (looked.values | words).get(field.field, ""))
        await self.query_one(Contradictions).show(pasted.contradictions, looked.values)
        left_out = self.query_one("#paste-left-out", Static)
        # Below the beginning of a long text, the area itself says what becomes of the rest.
        said = {"note"} if self.query_one(PasteArea).read_only else set()
        lines = [f"… {cut_words(name, n)}" for name, n in pasted.cut.items() if name not in said]
        if pasted.left_out:
            lines.append(_("Not kept: {what}").format(what=sanitize("; ".join(pasted.left_out))))
        left_out.display = bool(lines)
        left_out.update(Content("\n".join(lines)))
        offered = self.query_one(MatchList)
        if self._text.strip():
            # Who chose among what is known of this text chose it, however often it is looked up.
            same = self._text == self._offered_for
            offered.show(looked.found, self._session.board.short_id, keep=same)
            self._offered_for = self._text
        else:
            offered.clear_options()
        self._show_keys()
        self._show_chosen()
        found = [one.pitfall.id for one in looked.found]
        if self._painted != (shown := (pasted.contradictions, found)):
            self._painted, self._painted_at = shown, math.inf
            self.call_after_refresh(self._note_painted)
        self.looking = False
        if self._save_waits:
            self.action_save()

    def _note_painted(self) -> None:
        self._painted_at = _time.get_time()

    def action_save(self) -> None:
        """Log it when it is read, unless it was typed ahead of what is to be looked at first."""
        self._save_waits = self.looking or self.query_one(PasteArea).whole != self._text
        if self._typed_at < self._painted_at and (unseen := self._unseen()):
            self._say(unseen)
        elif not self._save_waits:
            super().action_save()

    def _unseen(self) -> str:
        """What to look at before it is logged; nothing for a known error without contradictions."""
        if not all(one.is_open for one in self._pasted.contradictions):
            return _("Not logged yet: check what is marked ≠, then log it.")
        offered = self.query_one(MatchList)
        if (chosen := offered.chosen) and chosen.recognised:
            return ""
        if not offered.found:
            return _("Not logged yet: no known pitfall matches; check the title, then log it.")
        return _("Not logged yet: check which pitfall it is, then log it.")

    def _fill(self, field: FormField, value: str) -> None:
        if isinstance(field, LineField | LinesField | ChoiceField):
            field.value = value
            self._filled[field.field] = field.value

    def _say(self, words: str) -> None:
        self.query_one("#form-problem", Static).update(Content(words))

    # Choosing

    @on(OptionList.OptionHighlighted, "#paste-matches")
    def _show_chosen(self) -> None:
        """What to do about the chosen one; for none of them, the title that a new one gets."""
        chosen = self.query_one(MatchList).chosen
        self.field("title").display = chosen is None
        self.query_one("#paste-remedy").display = chosen is not None
        if chosen is not None:
            self.query_one(LeadBlock).show(
                self._session.board, chosen.pitfall, self._session.now(), whole=True
            )

    @on(MatchList.Opened)
    @work(exclusive=True, group="leave")
    async def _open(self, event: MatchList.Opened) -> None:
        """Read all of a match and log nothing."""
        event.stop()
        if await self._may_leave():
            self._open_pitfall(event.match.pitfall.id)
            self.close(None)

    @on(MatchList.Refused)
    def _name_a_new_one(self, event: MatchList.Refused) -> None:
        event.stop()
        self._show_chosen()
        self.field("title").enter()

    @on(OptionList.OptionSelected, "#paste-matches")
    def _log(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_save()

    def on_mouse_down(self) -> None:
        """Who clicks has seen what there is to click on."""
        self._typed_at = math.inf

    def on_key(self, event: events.Key) -> None:
        """Enter right behind a paste waits until it is read; see :meth:`action_save`."""
        self._typed_at = event.time
        if event.key == "enter" and self.looking and self.query_one(MatchList).has_focus:
            self._save_waits = True
            event.stop()
            event.prevent_default()

    @on(ContradictionChoice.Taken)
    def _take(self, event: ContradictionChoice.Taken) -> None:
        event.stop()
        taken = self._pasted.taking(event.field, event.value)
        # What was taken before stays unless it is of another device than this.
        self._taken = {
            name: values
            for name, values in self._taken.items()
            if name != event.field
            and all(taken.get(field, value) == value for field, value in values.items())
        } | {event.field: taken}
        for name, value in taken.items():
            field = self.field(name)
            if name == event.field or field.value == self._left_in(field):
                self._fill(field, value)
        self._start()

    def action_other_value(self) -> None:
        """Take another value of a field of which the text says several."""
        self.query_one(Contradictions).take_next()

    def action_matches(self) -> None:
        """Go to the known ones, and back to the text."""
        offered = self.query_one(MatchList)
        (self.query_one(PasteArea) if offered.has_focus else offered).focus()


def pasted(answers: FormValues) -> tuple[str, dict[str, Any]]:
    """The pitfall's id, and the fields of an occurrence that was pasted."""
    return occurrence({name: answers[name] for name in answers.keys() - {"title", "urls"}})


def unmatched(answers: FormValues) -> dict[str, Any]:
    """The arguments of a report of what was pasted and is none of the known pitfalls."""
    _none, values = pasted(answers | {"pitfall": "none", "note": ""})
    return {
        "title": answers["title"],
        "reproduction": answers["note"],
        "references": answers["urls"].split(),
        "inbox": InboxReason.UNMATCHED,
        "occurrence": values,
    }
