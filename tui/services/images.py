"""Showing a picture in the terminal, where the extra “images” is installed and colours are many.

A picture comes from anybody: its format must be one of a few, and its size is looked at before
any of it is unpacked.
"""

from __future__ import annotations

import importlib.util
import sys
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from textual.app import SuspendNotSupported

from storage.errors import N_, Refused
from storage.model.records import Attachment
from storage.model.vocabulary import AttachmentKind, attachment_kind

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from textual.app import App
    from textual.widget import Widget

#: More than any screen has; a few kilobytes can claim to be billions.
_MOST_PIXELS: Final = 50_000_000
#: No terminal shows more in either direction.
_SHOWN_PIXELS: Final = (2_000, 2_000)
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")
#: As it is loaded, it asks the terminal what it knows.
_WIDGETS: Final = "textual_image.widget"
_MANY_COLOURS: Final = {"256", "truecolor"}


def is_picture(one: Attachment) -> bool:
    """Whether an attachment is a picture, by what it was taken for."""
    return attachment_kind(one.media) is AttachmentKind.IMAGE


def can_show(app: App[Any]) -> bool:
    """Whether this terminal can show a picture, as far as that can be told without asking it."""
    has_colours = app.console.color_system in _MANY_COLOURS and not app.no_color
    return has_colours and importlib.util.find_spec("textual_image") is not None


def unpacked(data: bytes) -> Picture:
    """A picture, small enough for a terminal.

    Raises:
        Refused: if it is none, is damaged, or too large to be unpacked.
    """
    # Loaded here, since the extra may be missing.
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=_FORMATS)
            if picture.width * picture.height > _MOST_PIXELS:
                raise Image.DecompressionBombError
            # A JPEG is unpacked at a fraction of its size.
            picture.draft("RGB", _SHOWN_PIXELS)
            picture.thumbnail(_SHOWN_PIXELS)
            return picture.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(
            N_("The picture is too large to be shown here."), N_("Open it elsewhere, or save it.")
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _not_shown(error) from error


def make_ready(app: App[Any]) -> None:
    """Load what shows pictures, once.

    It asks the terminal what it knows, so Textual listens meanwhile to nothing.

    Raises:
        Refused: if it can't be loaded.
    """
    if _WIDGETS in sys.modules:
        return
    try:
        with app.suspend():
            # An error that left this block would leave the screen put away.
            failed = _load()
    except SuspendNotSupported:
        failed = _load()
    app.refresh(repaint=True, layout=True)
    if failed is not None:
        raise _not_shown(failed) from failed


def _load() -> Exception | None:
    try:
        importlib.import_module(_WIDGETS)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        return error
    return None


def shown(picture: Picture) -> Widget:
    """The widget that shows a picture in the best way that the terminal knows."""
    # Loaded here, since the extra may be missing, and loading it asks the terminal.
    from textual_image import renderable, widget

    # Where there is nobody to ask, such as a browser, there are colours all the same.
    if renderable.Image is renderable.UnicodeImage:
        return widget.HalfcellImage(picture)
    return widget.Image(picture)


def _not_shown(why: Exception) -> Refused:
    return Refused(
        N_("It can't be shown as a picture: {why}."), N_("Save it instead."), why=str(why)
    )
