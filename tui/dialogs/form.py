"""What all forms share: saving, staying open when refused, keeping what was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Select, Static, TextArea

from storage.errors import N_, PitboardError, Refused
from tui.dialogs.fields import FormField, LinesField, saving_keys, with_note
from tui.dialogs.general import Confirm, buttons, catch_up
from tui.services.drafts import DraftBoard, DraftFile, FormDraft
from tui.services.external_programs import NoEditor, edit_beside
from tui.text.i18n import _, say_in_form
from tui.text.vocabulary import moment
from tui.widgets.text_area import Choices

FormValues = dict[str, str]

#: The fields of forms that stand for fields of the record, where a form has none of that name:
#: one for a version or a day, one for several values, and the time in a person's words.
_FORM_FIELDS: Final = {
    "from_version": "from",
    "from_date": "from",
    "seen_at": "at",
    "signature": "signatures",
    "tag": "tags",
}

#: How often what is typed is kept on disk, in seconds.
_KEEP_EVERY: Final = 0.4


class Answers(FormValues):
    """What each field of a form says, by its name.

    Args:
        said: every value by field name.
        changed: the fields that say something else than at first.
    """

    def __init__(self, answers: FormValues, changed: Iterable[str] = ()) -> None:
        super().__init__(answers)
        self.changed = frozenset(changed)

    @property
    def only_changed(self) -> FormValues:
        """What the changed fields say."""
        return {name: value for name, value in self.items() if name in self.changed}


class Form(ModalScreen[tuple[Any] | None]):
    """Fields, and what takes their answers.

    The form stays open until its answers are taken: whatever is refused is said beside its
    field, and nothing typed is lost. It is left with the result in a tuple, or with None.

    ``take`` is given the answers in a thread, ``progress`` says how far that is; ``then`` is given
    what it returned, before the form closes. ``fill_in`` of :mod:`tui.commands.context` sets them.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = "form.tcss"
    # At once, so that a quick paste is not lost.
    AUTO_FOCUS = ".-first .control"
    title_words: ClassVar[str] = ""
    #: What the button says that saves, and what is said meanwhile.
    save_words: ClassVar[str] = N_("Save")
    saving_words: ClassVar[str] = N_("Saving…")
    #: Whether saving may take long and is stopped by escape; else keys wait until it is done.
    can_be_stopped: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.take: Callable[[Answers], Any] = Answers.copy
        self.then: Callable[[Any], object] | None = None
        self.progress: Callable[[], str] = lambda: ""
        #: Reads what is edited once more, for a form that says it; in a thread.
        self.again: Callable[[], Form | None] | None = None
        #: Where what is typed lies until it is saved; None where that is not worth it.
        self.draft: DraftFile | None = None
        self._offered: FormDraft | None = None
        self._kept: FormValues = {}
        self._saving = False
        #: Whether to save once the fields have taken in what was chosen in a list.
        self._saves_next = False
        #: What all fields said when they were refused together.
        self._refused: FormValues | None = None
        keys = [
            Binding("ctrl+s", "save", _("save"), id="form.save"),
            Binding("escape", "leave", _("leave"), id="form.leave"),
            Binding("ctrl+e", "editor", _("editor"), id="form.editor"),
            Binding("ctrl+r", "restore_draft", _("draft"), id="form.restore_draft"),
            Binding("ctrl+n", "clear_remembered", _("clear"), id="form.clear_remembered"),
        ]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    def fields(self) -> Iterable[FormField]:
        """The fields, in the order in which they are filled in."""
        return ()

    def first_field(self) -> str:
        """The field that has the focus at first; the very first, if none is named."""
        return ""

    def below(self) -> Iterable[Widget]:
        """What stands below the fields."""
        return ()

    def beneath(self) -> Iterable[Widget]:
        """What stands beneath the fields, in sight whatever they are scrolled to."""
        return ()

    def heading(self) -> str:
        """What the form is for, in a line."""
        return _(self.title_words)

    def compose(self) -> ComposeResult:
        """Heading, fields, buttons."""
        fields = list(self.fields())
        first = self.first_field() or fields[0].field
        next(field for field in fields if field.field == first).add_class("-first")
        with Vertical(id="form"):
            yield Static(self.heading(), id="form-heading", markup=False)
            yield Static(id="form-draft", markup=False)
            with VerticalScroll(id="form-fields", can_focus=False):
                yield from with_note(fields)
                yield from self.below()
            yield from self.beneath()
            yield from buttons(_(self.save_words))

    def on_mount(self) -> None:
        """Offer what was typed and not saved last time, and keep what is typed now."""
        # As it will be below a heading of one line; else it is all laid out anew for it.
        self.query_one("#form-fields").styles.max_height = max(3, self.app.size.height - 5)
        self.call_after_refresh(self._show_keys)
        if self.draft is None:
            return
        self._offered = self.draft.find()
        self.set_interval(_KEEP_EVERY, self.keep_draft)
        if self._offered is not None:
            day = moment(int(self._offered.at * 1000))
            words = _("What you typed here at {time} was not saved.  ^r brings it back")
            offer = self.query_one("#form-draft", Static)
            offer.update(Content(f"↺ {words.format(time=day)}"))
            offer.add_class("-shown")
            self.call_after_refresh(self.on_resize)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Style it alone the first time: all that is in it was styled when it was mounted."""
        if not self.outer_size:
            event.refresh_styles = False
            self.app.stylesheet.update_nodes([self])

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        # Their line is as high whatever they are.
        self.query_one("#form-keys", Static).update(Content(self.keys_words()), layout=False)

    def keys_words(self) -> str:
        """What saves from the field that has the focus, and which other keys there are."""
        return saving_keys(self.focused, _(self.save_words))

    def on_resize(self) -> None:
        """Leave room for heading, problem and buttons, whatever the terminal's height."""
        above = (self.query_one("#form-heading"), self.query_one("#form-draft"))
        taken = sum(one.size.height for one in above) + 4
        self.query_one("#form-fields").styles.max_height = max(3, self.size.height - taken)

    def field(self, name: str) -> FormField:
        """The field of a name."""
        return self.query_one(f"#field-{name}", FormField)

    @property
    def values(self) -> FormValues:
        """Every value by field name."""
        return {field.field: field.value for field in self.walk_children(FormField)}

    @property
    def answers(self) -> Answers:
        """Every value by field name, and which ones were changed."""
        return Answers(self.values, (field.field for field in self.changed_fields))

    @property
    def changed(self) -> bool:
        """Whether something would be lost by leaving."""
        return bool(self.changed_fields)

    @property
    def changed_fields(self) -> list[FormField]:
        """The fields that say something else than at first."""
        return [field for field in self.walk_children(FormField) if field.changed]

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_save() if event.button.id == "save" else self.action_leave()

    def action_save(self) -> None:
        """Have the answers taken; stay if they are refused."""
        if any(choices.keep_highlighted() for choices in self.walk_children(Choices)):
            # Other fields may depend on it.
            self._saves_next = True
        elif not self._saving:
            self._saving = True
            self.run_worker(self._save(), group="long save" if self.can_be_stopped else "save")

    async def _save(self) -> None:
        for field in self.walk_children(FormField):
            field.show_problem("")
        self._refused = None
        problem = self.query_one("#form-problem", Static)

        def tell() -> None:
            problem.update(Content(self.progress() or _(self.saving_words)))

        tell()
        telling = self.set_interval(1, tell, pause=self.can_be_stopped)
        try:
            newer = await asyncio.to_thread(self.again) if self.again else None
            if newer is not None and self._would_replace(newer):
                problem.update("")
                return
            result = await asyncio.to_thread(self.take, self.answers)
        except PitboardError as error:
            problem.update("")
            self._show(error, problem)
            return
        finally:
            telling.stop()
            self._saving = False
        self.drop_draft()
        if self.then is not None:
            self.then(result)
        self.close((result,))

    def _would_replace(self, newer: Form) -> bool:
        """Start from what the board says by now; whether a changed field would replace it unseen.

        That is said beside the field, and saving once more replaces it. Fields that nobody
        touched say what the board says.
        """
        replacing = catch_up(self.walk_children(FormField), newer.fields())
        if replacing:
            self._go_to(replacing[0])
        return bool(replacing)

    def close(self, result: tuple[Any] | None) -> None:
        """Close the form, and what was opened over it meanwhile; once."""
        stack = self.app.screen_stack
        if self in stack:
            for above in reversed(stack[stack.index(self) + 1 :]):
                above.dismiss(None)
            self.dismiss(result)

    def _show(self, error: PitboardError, problem: Static) -> None:
        name = error.field if isinstance(error, Refused) else ""
        if name and not self.query(f"#field-{name}"):
            name = _FORM_FIELDS.get(name, name)
        for field in self.query(f"#field-{name}").results(FormField) if name else ():
            field.show_problem(say_in_form(error))
            self._go_to(field)
            return
        problem.update(Content(say_in_form(error)))
        self._refused = self.values

    def _go_to(self, field: FormField) -> None:
        field.display = True
        field.enter()
        # Once it is laid out: the problem below the last field needs a line of its own.
        self.call_after_refresh(field.scroll_visible, animate=False)

    @on(Select.Changed)
    def _save_next(self) -> None:
        if self._saves_next:
            self._saves_next = False
            self.action_save()

    @on(Input.Changed)
    @on(Select.Changed)
    @on(Checkbox.Changed)
    @on(TextArea.Changed)
    def _corrected(self) -> None:
        """What was refused of all fields together goes once one of them says something else."""
        if self._refused is not None and self.values != self._refused:
            self._refused = None
            self.query_one("#form-problem", Static).update("")

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave; ask first if something would be lost."""
        if await self._may_leave():
            self.close(None)

    async def _may_leave(self) -> bool:
        """Whether nothing would be lost, or the person gives up what was typed."""
        if self.changed:
            question = _("Discard changes?")
            if self.draft is not None:
                question += "\n" + _("To get them back, open this form again and press ^r.")
            confirm = Confirm(question, _("Discard"), _("Keep editing"))
            if not await self.app.push_screen_wait(confirm):
                return False
        if self.unsaved():
            self.keep_draft(is_discarded=True)
        elif self._kept:
            self.drop_draft()
        return True

    # Drafts

    def keep_drafts(self, board: DraftBoard, about: Sequence[str]) -> None:
        """Keep what is typed until it is saved, and offer what was kept before.

        Args:
            board: the board that it is about.
            about: the ids of what the form changes; none for something new.
        """
        self.draft = DraftFile(board, type(self).__name__, " ".join(about))

    def unsaved(self) -> FormValues:
        """What would be lost with the form: what the changed fields say."""
        return self.answers.only_changed

    def keep_draft(self, *, is_discarded: bool = False) -> None:
        """Keep what was typed, if it is not kept already."""
        values = self.unsaved()
        if self.draft is None or not values or (values == self._kept and not is_discarded):
            return
        try:
            self.draft.keep(self.title_words, values, is_discarded=is_discarded)
        except OSError as error:
            # Once, and not at every word.
            self.draft = None
            words = _("What you type can't be kept next to the board: {why}")
            self.notify(words.format(why=error.strerror), severity="warning", markup=False)
        else:
            self._kept = values

    def drop_draft(self) -> None:
        """Offer nothing of this again."""
        if self.draft is not None:
            # What can't be removed now goes by itself after some weeks.
            with suppress(OSError):
                self.draft.drop()

    def action_restore_draft(self) -> None:
        """Put back what was typed and not saved last time."""
        if self._offered is not None:
            self.restore(self._offered.values)
            self._offered = None
            self.query_one("#form-draft").remove_class("-shown")

    def restore(self, values: FormValues) -> None:
        """Put some values into their fields."""
        for field in self.walk_children(FormField):
            if field.field in values:
                field.value = values[field.field]

    # What was filled in from last time

    def action_clear_remembered(self) -> None:
        """Empty the fields that still say what they said last time."""
        for field in self.walk_children(FormField):
            if field.is_remembered:
                field.value = ""
                field.rest()
        for note in self.query(".remembered-note"):
            note.display = False

    # The editor
    def action_editor(self) -> None:
        """Open the field that has the focus in the editor."""
        for field in self.walk_children(LinesField):
            if field.has_pseudo_class("focus-within"):
                try:
                    field.value = edit_beside(self.app, field.value)
                except NoEditor as error:
                    field.show_problem(say_in_form(error))
