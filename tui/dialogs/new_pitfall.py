"""Reporting a new pitfall, with the known ones that are like it beside what is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.types import CSSPathType
from textual.widgets import Checkbox, Input, OptionList, Static, TextArea

from storage.errors import N_, PitboardError
from storage.match.error_text import component_in
from storage.match.likeness import PitfallMatch, matches
from storage.model.environment import ASKED
from storage.model.fields import LONGEST_WORDS
from storage.model.row import PLAN_NAMES, Kind, Plan, Severity
from tui.dialogs.fields import (
    ChoiceField,
    FormField,
    LineField,
    LinesField,
    YesNoField,
    such_as,
)
from tui.dialogs.form import Form, FormValues
from tui.dialogs.forms import (
    LogOccurrence,
    SignaturesField,
    environment_fields,
    lines_of,
    plan_fields,
    tag_names,
)
from tui.dialogs.references import path_field
from tui.services.background import in_thread
from tui.services.session import Session
from tui.text.i18n import _, say_in_form
from tui.widgets.match_lists import MatchList

#: How long a person pauses before the known ones are looked through.
_PAUSE_SECONDS: Final = 0.15
_OFFERED: Final = 5
#: How many rows they are given: their heading, and three of them.
_ROWS: Final = 7
#: What is typed of a pitfall and tells which one it is.
_TELLING: Final = ("title", "component", "reproduction", "signatures")


class NewPitfall(Form):
    """A new pitfall, with what is known of it.

    Args:
        session: the board.
        log_instead: shows the form of an occurrence of a known one; whether it was logged.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = ["form.tcss", "new_pitfall.tcss"]
    title_words: ClassVar[str] = N_("Report a new pitfall")

    def __init__(
        self, session: Session, log_instead: Callable[[LogOccurrence], Awaitable[bool]]
    ) -> None:
        super().__init__()
        self._session, self._log = session, log_instead
        self._pause: Timer | None = None
        keys = [Binding("ctrl+l", "similar", _("like it"), id="form.look_alikes")]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    def fields(self) -> Iterable[FormField]:
        """What names it first."""
        yield LineField(
            "title", _("title"), hint=_("what goes wrong, in one sentence"), longest=LONGEST_WORDS
        )
        yield LineField(
            "component", _("component"), hint=such_as("wx.qy.login"), longest=LONGEST_WORDS
        )
        yield ChoiceField("kind", _("kind"), Kind, Kind.BUG)
        yield ChoiceField("severity", _("severity"), Severity, Severity.S3)
        yield YesNoField("seen", _("seen here"), words=_("log an occurrence with it"))
        yield from environment_fields(self._session.board.occurrences.last_environment())
        yield LinesField(
            "workaround", _("workaround"), hint=_("workaround until it is fixed"), height=3
        )
        yield LinesField(
            "reproduction", _("reproduction"), hint=_("steps, expected, actual (Markdown)")
        )
        hint = _("error texts, one a line")
        yield SignaturesField(self._session.path, hint=hint, height=2)
        yield LineField("tags", _("tags"), hint=_("separated by spaces or commas"))
        yield LineField("url", _("reference"), hint="https://")
        yield from plan_fields(Plan())
        yield path_field()

    def beneath(self) -> ComposeResult:
        """The known ones, in sight whatever the fields are scrolled to."""
        with Vertical(id="alike"):
            yield Static(_("Similar known pitfalls") + "   ^l", id="alike-heading", markup=False)
            yield MatchList(id="alike-list", tells_line=False)

    def on_resize(self) -> None:
        """Leave room for the known ones."""
        super().on_resize()
        alike, fields = self.query_one("#alike"), self.query_one("#form-fields")
        rows = max(3, min(_ROWS, self.size.height // 3))
        alike.styles.height = rows
        if alike.has_class("-shown"):
            room = self.size.height - self.query_one("#form-heading").size.height - 4
            fields.styles.max_height = max(3, room - rows)

    # Where it was seen

    def on_mount(self) -> None:
        """Ask where it was seen only if it was."""
        super().on_mount()
        self._show_environment()

    @on(Checkbox.Changed)
    def _show_environment(self) -> None:
        is_seen = self.field("seen").value == "yes"
        for one in ASKED:
            self.field(one.name).display = is_seen
        for note in self.query(".remembered-note"):
            note.display = is_seen and any(
                one.is_remembered for one in self.walk_children(FormField)
            )

    # Looking through the known ones

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_SECONDS, self._look_through)

    def is_settling(self, key: str) -> bool:
        """Whether a key has to wait for the known ones that are like what was just typed."""
        looks = any(one.group == "alike" and not one.is_finished for one in self.workers)
        return key in ("", "ctrl+l") and (self._pause is not None or looks)

    def _look_through(self) -> None:
        self._pause = None
        answers = {name: self.field(name).value for name in _TELLING}
        if any(answers.values()):
            self._look(**answers)
        else:
            self._show_similar(())

    def _look(self, title: str, component: str, reproduction: str, signatures: str) -> None:
        def look() -> Sequence[PitfallMatch]:
            known = self._session.recognise("\n".join((signatures, reproduction, title)))
            near = self._session.near(title, signatures, component, limit=_OFFERED)
            return matches(self._session.board, known, near, _OFFERED)

        in_thread(self, look, self._show_similar, self._failed, group="alike")

    def _show_similar(self, found: Sequence[PitfallMatch]) -> None:
        self.query_one(MatchList).show(found, self._session.board.short_id)
        self.query_one("#alike").set_class(bool(found), "-shown")
        self.on_resize()

    def _failed(self, error: PitboardError) -> None:
        self.query_one("#form-problem", Static).update(Content(say_in_form(error)))

    # One of them instead

    def action_similar(self) -> None:
        """Go to the known ones, and back."""
        known = self.query_one(MatchList)
        if known.has_focus:
            self.field("title").enter()
        elif known.found:
            known.focus()

    @on(OptionList.OptionSelected, "#alike-list")
    @work(exclusive=True, group="attach")
    async def _log_instead(self, event: OptionList.OptionSelected) -> None:
        """Log an occurrence of a known one, with what was typed; nothing of it is lost."""
        event.stop()
        match, board = self.query_one(MatchList).chosen, self._session.board
        rowid = board.list.rowid(match.pitfall.id) if match is not None else None
        if rowid is None:
            return
        [row] = board.list.rows([rowid])
        answers = self.values
        form = LogOccurrence(
            *(board, row, board.occurrences.last_environment()),
            *(answers["signatures"], _rest(answers), answers["attach"]),
        )
        if await self._log(form):
            # Nothing of it is lost: it is in the occurrence.
            self.drop_draft()
            self.close(None)


def _rest(answers: FormValues) -> str:
    """What was typed besides the error text, to stand in the note."""
    words = (answers["title"], answers["reproduction"], answers["workaround"], answers["url"])
    return "\n\n".join(text for text in words if text)


def report(answers: FormValues) -> dict[str, Any]:
    """The arguments of a report, with its first occurrence if it was seen."""
    seen = {one.name: answers[one.name] for one in ASKED if answers[one.name]}
    is_seen = answers["seen"] == "yes"
    return {
        "title": answers["title"],
        "component": answers["component"]
        or component_in(answers["title"], answers["signatures"].splitlines()),
        "kind": answers["kind"],
        "severity": answers["severity"],
        "workaround": answers["workaround"],
        "reproduction": answers["reproduction"],
        "tags": tag_names(answers["tags"]),
        "signatures": lines_of(answers["signatures"]),
        "references": answers["url"].split(),
        **{name: answers.get(name, "") for name in PLAN_NAMES},
        "occurrence": seen | {"message": answers["signatures"]} if is_seen else None,
    }
