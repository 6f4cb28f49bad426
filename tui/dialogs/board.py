"""The forms about the board as a whole: views, columns, dates, the remote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from storage.errors import N_
from storage.model.clock import ClockKind, Moment
from storage.text import dates
from tui.dialogs.fields import FormField, LineField, PickField, YesNoField
from tui.dialogs.form import Form, FormValues
from tui.services import saved_views
from tui.services.views import View
from tui.text.columns import COLUMNS, DEFAULT, TITLE
from tui.text.i18n import _, pgettext
from tui.text.sharing import SyncProgress, step_words

_HINT: Final = N_("2026-11-20, 2026-11-20 14:03, yesterday, or an age: 2w")
#: How often a form says how far the sync is, in seconds.
_TELL_EVERY: Final = 0.2


class SaveView(Form):
    """A name for the query."""

    title_words: ClassVar[str] = N_("Keep the query as a view")

    def __init__(self, name: str, query: str) -> None:
        super().__init__()
        self._present, self._query = name, query

    def heading(self) -> str:
        """What is kept."""
        return _("Save as a view: {query}").format(query=self._query or _("everything"))

    def fields(self) -> Iterable[FormField]:
        """The name alone; that of a view of one's own replaces it."""
        yield LineField("name", _("name"), self._present)

    def keep(self, answers: FormValues) -> View:
        """Keep it in the file of views; it fails as :func:`tui.services.saved_views.save` does."""
        return saved_views.save(answers["name"], self._query)


class EditView(Form):
    """A view of one's own, to be changed or removed."""

    title_words: ClassVar[str] = N_("Edit the view")

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view

    def fields(self) -> Iterable[FormField]:
        """Name and query as they stand."""
        yield LineField("name", _("name"), self._view.name)
        yield LineField("query", _("query"), self._view.query)
        yield YesNoField("remove", _("remove it"))

    def keep(self, answers: FormValues) -> str:
        """Change or remove it in the file of views; its name from now on, empty if it is gone.

        It fails as :func:`tui.services.saved_views.change` does.
        """
        if answers["remove"] == "yes":
            saved_views.remove(self._view.name)
            return ""
        return saved_views.change(self._view.name, answers["name"], answers["query"]).name


class Travel(Form):
    """A moment to go back to."""

    title_words: ClassVar[str] = N_("Show the board as it was")
    save_words: ClassVar[str] = N_("Go")
    saving_words: ClassVar[str] = N_("Going back…")

    def fields(self) -> Iterable[FormField]:
        """When, and by which clock."""
        yield LineField("at", _("when"), hint=_(_HINT))
        yield PickField(
            "clock",
            _("shows"),
            [
                (_("what had been done by then"), ClockKind.AT.value),
                (_("what this machine knew by then"), ClockKind.KNOWN.value),
            ],
            ClockKind.AT.value,
        )


class Compare(Form):
    """Two moments to compare."""

    title_words: ClassVar[str] = N_("Changes of the board")
    save_words: ClassVar[str] = N_("Compare")
    saving_words: ClassVar[str] = N_("Comparing…")

    def __init__(self, until: str) -> None:
        super().__init__()
        self._until = until

    def fields(self) -> Iterable[FormField]:
        """From when to when; without an end, until now."""
        yield LineField("since", _("since"), hint=_(_HINT))
        yield LineField("until", _("to"), self._until, hint=pgettext("Moment", "now"))


def moment(answers: FormValues, now: int) -> Moment:
    """The moment to go back to.

    Raises:
        Refused: if there is none, or it lies ahead.
    """
    return Moment(dates.as_of(answers["at"], now, "at"), ClockKind(answers["clock"]))


def stretch(answers: FormValues, now: int) -> tuple[int, int]:
    """The two moments to compare (ms), the earlier one first.

    Raises:
        Refused: if one of them is none, or lies ahead.
    """
    since = dates.as_of(answers["since"], now, "since")
    until = dates.as_of(answers["until"], now, "until") if answers["until"].strip() else now
    return min(since, until), max(since, until)


class TimeZone(Form):
    """The time zone of the board, for everybody who shares it."""

    title_words: ClassVar[str] = N_("Time zone of the board")
    saving_words: ClassVar[str] = N_("Counting the days again… this takes a while on a large board")

    def __init__(self, present: str) -> None:
        super().__init__()
        self._present = present

    def fields(self) -> Iterable[FormField]:
        """Its name alone."""
        yield LineField("zone", _("time zone"), self._present, hint="Asia/Shanghai, UTC, +08:00")

    def below(self) -> Iterable[Widget]:
        """What it means."""
        words = _(
            "Days, weeks and months are those of this zone, for everybody who shares the board."
        )
        yield Static(Content(words), classes="explained", markup=False)


class Fetching(Form):
    """A form whose answers have something fetched by git, which escape stops.

    Args:
        under_way: tells how far that is.
    """

    can_be_stopped: ClassVar[bool] = True

    def __init__(self, under_way: SyncProgress) -> None:
        super().__init__()
        self._under_way = under_way

    def on_mount(self) -> None:
        """Say how far it is, while it is being done."""
        self.set_interval(_TELL_EVERY, self._tell)

    def _tell(self) -> None:
        if (step := self._under_way.step) is not None:
            words = f"{step_words(step)}  {_('esc stops it')}"
            self.query_one("#form-problem", Static).update(Content(words))

    def action_leave(self) -> None:  # type: ignore[override]
        """Stop it, if it is under way; else leave."""
        if not self._under_way.stop():
            super().action_leave()


class Join(Fetching):
    """A remote to share the board through."""

    title_words: ClassVar[str] = N_("Share the board through a git remote")
    save_words: ClassVar[str] = N_("Join")
    saving_words: ClassVar[str] = N_("Joining…")

    def fields(self) -> Iterable[FormField]:
        """The address, and whether a folder is made there."""
        yield LineField("url", _("address"), hint="git@host:team/board.git, https://…, /mnt/…")
        yield YesNoField("create", _("make a bare folder"))

    def below(self) -> Iterable[Widget]:
        """What it means."""
        words = _(
            "Who may read there reads all of the board; who may write there adds to it."
            " git can't ask for a password here: if it has to, join with “pitboard share” once."
        )
        yield Static(Content(words), classes="explained", markup=False)


class ChooseStore(Form):
    """One of the stores that wrote on the board.

    Args:
        stores: the words and the name of each.
        asks_since: whether it also asks from when on.
    """

    title_words: ClassVar[str] = N_("Choose a store")
    save_words: ClassVar[str] = N_("Continue")

    def __init__(
        self, heading: str, stores: Iterable[tuple[str, str]], *, asks_since: bool
    ) -> None:
        super().__init__()
        self._heading, self._stores = heading, list(stores)
        self._asks_since = asks_since

    def heading(self) -> str:
        """What is done to it."""
        return self._heading

    def fields(self) -> Iterable[FormField]:
        """The store, and from when on, if that is asked."""
        yield PickField("store", _("store"), self._stores, self._stores[0][1])
        if self._asks_since:
            yield LineField("since", _("since"), hint=_("all that it wrote"))


# The columns of the list


class ChooseColumns(ModalScreen[list[str] | None]):
    """The columns of the list, to be chosen and ordered; those that are shown come first.

    Args:
        shown: the names of those that are shown now, in their order.
    """

    DEFAULT_CSS = """
    ChooseColumns { align: center middle; }
    ChooseColumns > Vertical {
        width: 60; max-width: 100%; height: auto; max-height: 100%;
        background: $background; border: round $primary; padding: 0 1;
    }
    ChooseColumns OptionList, ChooseColumns OptionList:focus {
        border: none; height: auto; max-height: 1fr; padding: 0;
    }
    ChooseColumns #columns-keys { color: $text-muted; height: auto; }
    ChooseColumns Horizontal { height: 1; }
    ChooseColumns Button { margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("enter,ctrl+s", "save", show=False, priority=True),
        Binding("space,x", "show_or_hide", show=False),
        Binding("j", "go(1)", show=False),
        Binding("k", "go(-1)", show=False),
        Binding("J,shift+down", "carry(1)", show=False),
        Binding("K,shift+up", "carry(-1)", show=False),
        Binding("d", "defaults", show=False),
    ]

    def __init__(self, shown: Sequence[str]) -> None:
        super().__init__()
        self._take(shown)

    def _take(self, shown: Sequence[str]) -> None:
        self._shown = {*shown, TITLE}
        self._order = list(dict.fromkeys([*shown, *COLUMNS]))

    def compose(self) -> ComposeResult:
        """The columns, the keys, and the two ways out."""
        with Vertical() as box:
            box.border_title = Content(_("Columns of the list"))
            yield OptionList(markup=False)
            keys = _("space: show or hide   J K: move   d: default")
            yield Static(keys, id="columns-keys", markup=False)
            with Horizontal():
                save = Content(_("Save") + " ⏎")
                yield Button(save, id="save", variant="primary", compact=True)
                yield Button(Content(_("Cancel") + " esc"), id="leave", compact=True)

    def on_mount(self) -> None:
        """Begin at the first; enter saves wherever one is."""
        for button in self.walk_children(Button):
            button.can_focus = False
        self.query_one(OptionList).focus()
        self._show(0)

    def _show(self, at: int) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        for name in self._order:
            mark = "✔" if name in self._shown else " "
            always = _("(always)") if name == TITLE else ""
            label = _(COLUMNS[name].label)
            options.add_option(
                Option(Content.assemble(f"{mark} {label} ", (always, "$text-muted")), id=name)
            )
        options.highlighted = at

    def action_go(self, by: int) -> None:
        """Go to the next column, or the one before."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def action_show_or_hide(self) -> None:
        """Show the column under the cursor, or hide it."""
        at = self.query_one(OptionList).highlighted or 0
        if (name := self._order[at]) != TITLE:
            self._shown ^= {name}
            self._show(at)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.action_show_or_hide()

    def action_carry(self, by: int) -> None:
        """Move the column under the cursor down or up."""
        at = self.query_one(OptionList).highlighted or 0
        to = max(0, min(at + by, len(self._order) - 1))
        self._order.insert(to, self._order.pop(at))
        self._show(to)

    def action_defaults(self) -> None:
        """Choose what the list shows as long as nobody chose."""
        self._take(DEFAULT)
        self._show(0)

    def action_save(self) -> None:
        """Have them taken."""
        self.dismiss([name for name in self._order if name in self._shown])

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_save() if event.button.id == "save" else self.dismiss(None)
