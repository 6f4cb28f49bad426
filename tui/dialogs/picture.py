"""An attached picture, shown in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.types import CSSPathType
from textual.widgets import Static

from storage.model.records import Attachment
from storage.text.sanitize import harmless
from tui.services.images import shown
from tui.text.attachments import origin_words, size_words
from tui.text.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

#: A cell of a terminal is about so many pixels wide and high.
_CELL: Final = (8, 16)


class PictureScreen(ModalScreen[str]):
    """Shows a picture; dismisses what to do with it then: ``open``, ``save``, or nothing.

    Args:
        attachment: what it is.
        picture: unpacked.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = "picture.tcss"

    def __init__(self, attachment: Attachment, picture: Picture) -> None:
        super().__init__()
        self._attachment, self._picture = attachment, picture
        keys = [
            Binding("escape,q,enter", "dismiss('')", _("back"), id="picture.back"),
            Binding("o", "dismiss('open')", _("viewer"), id="picture.open"),
            Binding("greater_than_sign", "dismiss('save')", _("save"), id="picture.save"),
        ]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    def compose(self) -> ComposeResult:
        """What it is, the picture, and the keys."""
        one = self._attachment
        told = "  ".join((harmless(one.label), size_words(one.size), origin_words(one)))
        yield Static(told, id="picture-heading", markup=False)
        with VerticalScroll(id="picture-room"):
            yield shown(self._picture)
        yield Static(
            _("esc back   o open with the system's viewer   > save"),
            id="picture-keys",
            markup=False,
        )

    def on_resize(self) -> None:
        """Show all of it, as large as it fits, and no larger than it is."""
        [image] = self.query_one("#picture-room").children
        wide, high = self._picture.width / _CELL[0], self._picture.height / _CELL[1]
        scale = min(1.0, self.size.width / wide, (self.size.height - 2) / high)
        image.styles.width = max(1, int(wide * scale))
        image.styles.height = max(1, int(high * scale))
