"""Forms whose change is made to several pitfalls: they show what will become of each."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Final, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Select, Static, TextArea

from storage.model.records import Pitfall
from storage.text.sanitize import sanitize
from tui.dialogs.form import Form, FormValues
from tui.text.i18n import _, ngettext, read
from tui.text.vocabulary import MARKS

#: How many of the chosen pitfalls a preview names.
PREVIEWED: Final = 6


class Chosen(NamedTuple):
    """The pitfalls that a form is about: the ids of all, and the first few as they are."""

    ids: tuple[str, ...]
    shown: tuple[Pitfall, ...]

    @property
    def several(self) -> bool:
        """Whether it is more than one."""
        return len(self.ids) > 1

    @property
    def title(self) -> str:
        """The first one's title, and how many more there are."""
        first = sanitize(read(self.shown[0].title))
        more = len(self.ids) - 1
        return _("{title} and {n} more").format(title=first, n=more) if more else first


class OnSeveral(Form):
    """A form whose change is made to all that were chosen, as one step of undo."""

    DEFAULT_CSS = """
    #form-preview {
        height: auto; margin: 1 1 0 1; padding: 0 0 0 1; border-left: thick $panel;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self.chosen = chosen

    def heading(self) -> str:
        """What is done, and to which."""
        return _("{action}: {title}").format(action=_(self.title_words), title=self.chosen.title)

    @abstractmethod
    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """What of a pitfall will change, each as “before → after”."""

    def below(self) -> Iterable[Widget]:
        """The preview, if there is more than one."""
        if self.chosen.several:
            yield Static(id="form-preview", markup=False)

    def compose(self) -> ComposeResult:
        """The form, with the preview filled in at once."""
        yield from super().compose()
        self.call_after_refresh(self._show_preview)

    @on(Input.Changed)
    @on(Select.Changed)
    @on(TextArea.Changed)
    def _show_preview(self) -> None:
        if not self.chosen.several or not self.query("#form-preview"):
            return
        answers = self.values
        lines = []
        for pitfall in self.chosen.shown[:PREVIEWED]:
            changes = " · ".join(self.outcome(pitfall, answers)) or _("stays as it is")
            lines.append(
                Content.assemble(
                    (f"{MARKS[pitfall.status]} {sanitize(read(pitfall.title))}", ""),
                    "\n  ",
                    (changes, "$text-muted"),
                )
            )
        more = len(self.chosen.ids) - len(lines)
        if more:
            words = ngettext("and {n} more", "and {n} more", more)
            lines.append(Content.styled(words.format(n=more), "$text-muted"))
        self.query_one("#form-preview", Static).update(Content("\n").join(lines))


def becomes(before: str, after: str) -> list[str]:
    """One change in words; none if nothing changes."""
    return [] if before == after else [f"{before or '–'} → {after or '–'}"]
