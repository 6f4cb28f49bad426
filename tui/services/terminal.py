"""Around the running board: what ends it, its messages, what its terminal sends and can show.

Textual's own reader of input ends with a traceback at the first byte that is not UTF-8, and takes
an escape sequence within a paste for a key of its own, which puts the pasted text into disorder.
"""

from __future__ import annotations

import codecs
import importlib.util
import os
import selectors
import signal
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from time import time
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual._parser import ParseError
from textual.app import App, SuspendNotSupported
from textual.message import Message
from textual.notifications import Notification

from storage.errors import N_, Refused
from storage.model.fields import NamedTuple
from storage.model.records import Attachment
from storage.model.vocabulary import AttachmentKind, attachment_kind
from storage.text.sanitize import from_elsewhere, text_of
from tui.services.background import KeyParser
from tui.text.cells import terminal_size

if sys.platform == "win32":
    # Windows has no such terminals; pages of a browser are read by the same rules there.
    from textual.driver import Driver as LinuxDriver
else:
    from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from textual.widget import Widget

    from tui.app import PitboardApp

#: What a process that a signal ended adds to the signal's number for its exit code.
SIGNALLED: Final = 128
#: How long putting the terminal right may take after a signal, in seconds.
_LAST_SECONDS: Final = 5.0
#: How often the terminal is looked at, in seconds.
_WATCH_SECONDS: Final = 1.0
_STDIN: Final = 0


@contextmanager
def signals_to(app: PitboardApp) -> Iterator[None]:
    """Let signals end the app as its keys do, and ``kill -INT`` do what ctrl+c does."""
    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def deliver(number: int, _frame: object) -> None:
        if number in ending:
            _end_at_last(app, number)
        loop = app._loop
        if loop is not None:
            # The loop may sleep; only this wakes it.
            loop.call_soon_threadsafe(app.take_signal, number)
        elif number in ending:
            raise SystemExit(SIGNALLED + number)

    before = {number: signal.signal(number, deliver) for number in (signal.SIGINT, *ending)}
    is_over = threading.Event()
    if hasattr(signal, "SIGHUP") and os.isatty(_STDIN):
        threading.Thread(target=_watch_terminal, args=(is_over,), daemon=True).start()
    try:
        yield
    finally:
        is_over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_at_last(app: PitboardApp, number: int) -> None:
    """End the process, whatever it is doing, a while after a signal that ends it.

    A terminal that is gone, or that takes nothing more, can hold up the loop in the middle of a
    write, so that no message arrives there any more.
    """

    def end() -> None:
        try:
            app.keep_drafts()
        finally:
            os._exit(SIGNALLED + number)

    last = threading.Timer(_LAST_SECONDS, end)
    last.daemon = True
    last.start()


def _watch_terminal(is_over: threading.Event) -> None:
    """Hang up when the terminal is gone and nobody says so, as under nohup or a lost multiplexer.

    What reads keys would ask a terminal that is gone for more as fast as it can, for ever.
    """
    while not is_over.wait(_WATCH_SECONDS):
        if not os.isatty(_STDIN):
            os.kill(os.getpid(), signal.SIGHUP)
            return


# Messages over the screen: they go once they were read, and do not pile up


#: After how many seconds a message was read by a person who presses a key.
_READ_AFTER: Final = {"information": 1.5, "warning": 4.0, "error": 4.0}


def forget_read(app: App[Any]) -> None:
    """Take away what a person who goes on has had the time to read."""
    now = time()
    notifications = app._notifications
    _forget(app, (one for one in notifications if _READ_AFTER[one.severity] < now - one.raised_at))


def forget_older(app: App[Any], new: Notification) -> None:
    """Take away what a new message says as well, or what was done before that."""
    _forget(
        app,
        (
            one
            for one in app._notifications
            if one is not new
            and (one.message == new.message or one.severity == new.severity == "information")
        ),
    )


def _forget(app: App[Any], messages: Iterable[Notification]) -> None:
    forgotten = list(messages)
    for one in forgotten:
        app._unnotify(one, refresh=False)
    if forgotten:
        app._refresh_notifications()


# What a terminal sends: pastes whole and as text, keys whatever their bytes


_START: Final = b"\x1b[200~"
_END: Final = b"\x1b[201~"
#: A shorter beginning of :data:`_START` may be a key, which does not wait.
_TELLING: Final = 3
_CHUNK: Final = 65_536
#: How long input is waited for before what is begun is taken as it is, in seconds.
_WAIT_SECONDS: Final = 0.1


class Pasted(NamedTuple):
    """What stood between the marks of a bracketed paste."""

    content: bytes

    @property
    def text(self) -> str:
        """It as text: without colours, with other control characters visible.

        UTF-8, UTF-16 and GB18030 are read; of anything else, what is no UTF-8 is replaced.
        """
        try:
            return text_of(self.content, "")
        except Refused:
            return from_elsewhere(self.content.decode("utf-8", "replace"))


class InputSplitter:
    """Tells pastes from what is typed, however the bytes are cut by reading."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._is_pasting = False
        #: From where the end of a paste is sought; before it there is none.
        self._searched = 0

    def feed(self, data: bytes) -> Iterator[bytes | Pasted]:
        """What was typed and pasted, in its order; the beginning of a paste is kept for later."""
        self._held += data
        while self._held:
            if self._is_pasting:
                end = self._held.find(_END, self._searched)
                if end < 0:
                    self._searched = max(len(self._held) - len(_END) + 1, 0)
                    return
                yield Pasted(bytes(self._held[:end]))
                del self._held[: end + len(_END)]
                self._is_pasting = False
                continue
            start = self._held.find(_START)
            if start < 0:
                keys = len(self._held) - self._begun()
                if keys:
                    yield bytes(self._held[:keys])
                    del self._held[:keys]
                return
            if start:
                yield bytes(self._held[:start])
            del self._held[: start + len(_START)]
            self._is_pasting, self._searched = True, 0

    def flush(self) -> bytes:
        """What looked like the beginning of a paste, and is none since nothing followed."""
        if self._is_pasting:
            return b""
        held, self._held = self._held, bytearray()
        return bytes(held)

    def _begun(self) -> int:
        """How many of the last bytes may be the beginning of a paste."""
        sizes = range(len(_START) - 1, _TELLING - 1, -1)
        return next((size for size in sizes if self._held.endswith(_START[:size])), 0)


class InputMessages:
    """Makes messages of what a terminal or a page sends; what is no UTF-8 is replaced.

    Args:
        debug: whether the app's debug mode is on.
    """

    def __init__(self, *, debug: bool) -> None:
        self._parser, self._splitter = KeyParser(debug), InputSplitter()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def feed(self, data: bytes) -> Iterator[Message]:
        """What was pasted and typed, as far as it is complete."""
        for part in self._splitter.feed(data):
            yield from [events.Paste(part.text)] if isinstance(part, Pasted) else self._typed(part)

    def flush(self) -> Iterator[Message]:
        """What waited for more to come, which does not."""
        yield from self._typed(self._splitter.flush())

    def tick(self) -> Iterator[Message]:
        """The keys that began a sequence, if it has not gone on in time."""
        yield from self._parser.tick()

    def end(self) -> Iterator[Message]:
        """What is left once nothing more is sent."""
        # A sequence that never came to its end is no key.
        with suppress(EOFError, ParseError):
            yield from self._parser.feed("")

    def _typed(self, keys: bytes) -> Iterator[Message]:
        if text := self._decode(keys):
            yield from self._parser.feed(text)


if sys.platform != "win32":

    class TerminalInput(LinuxDriver):
        """Textual's driver for terminals, with a reader of input that takes any bytes."""

        def start_application_mode(self) -> None:
            """Draw on stdout, which is a terminal; Textual takes stderr, which may be a file."""
            self._file = sys.__stdout__
            super().start_application_mode()  # type: ignore[no-untyped-call]

        _get_terminal_size = staticmethod(terminal_size)

        def stop_application_mode(self) -> None:
            """Leave nothing on the screen that is left.

            If it became larger meanwhile, tmux puts what is there among the lines of the shell.
            """
            self.write("\x1b[H\x1b[2J")
            super().stop_application_mode()

        def run_input_thread(self) -> None:
            """Read what the terminal sends until the app ends."""
            sent = InputMessages(debug=self._debug)

            def take(messages: Iterator[Message]) -> None:
                for message in messages:
                    self.process_message(message)

            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    if selector.select(_WAIT_SECONDS):
                        data = self._read()
                        take(sent.feed(data))
                        if not data:
                            # The terminal is gone: it would be asked again and again.
                            self.exit_event.wait(_WAIT_SECONDS)
                    else:
                        take(sent.flush())
                    take(sent.tick())
            take(sent.end())

        def _read(self) -> bytes:
            with suppress(OSError):
                return os.read(self.fileno, _CHUNK)
            return b""


# Showing a picture, where the extra “images” is installed and colours are many. It comes from
# anybody: its format must be one of a few, and its size is looked at before it is unpacked


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
    """Load what shows pictures, once; it asks the terminal, and Textual listens to nothing then.

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
    is_guessed = renderable.Image is renderable.UnicodeImage
    return widget.HalfcellImage(picture) if is_guessed else widget.Image(picture)


def _not_shown(why: object) -> Refused:
    template, hint = N_("It can't be shown as a picture: {why}."), N_("Save it instead.")
    return Refused(template, hint, why=str(why))
