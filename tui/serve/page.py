"""The process behind one page: the board, with a driver that reads what the page sends."""

from __future__ import annotations

import codecs
import os
import signal
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver

from storage.db.board_files import file_gone
from storage.errors import PitboardError
from storage.text.sanitize import sanitize
from storage.write.board_file import look
from tui.app import PitboardApp
from tui.cli import look_for_garbage_seldom
from tui.services.session import Session
from tui.services.terminal import InputSplitter, Pasted
from tui.text.i18n import _, say

#: What Textual's protocol begins with.
_PRELUDE: Final = b"__GANGLION__\n"


class PageDriver(WebDriver):
    """Textual's driver for pages, with a reader that takes pastes whole, and any bytes."""

    def run_input_thread(self) -> None:
        """Read what the page sends until the app or the page ends."""
        parser, splitter, packets = XTermParser(self._debug), InputSplitter(), ByteStream()
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode

        def take(part: bytes | Pasted) -> None:
            if isinstance(part, Pasted):
                self.process_message(events.Paste(part.text))
            elif text := decode(part):
                for event in parser.feed(text):
                    self.process_message(event)

        try:
            for data in self._input_reader:
                for kind, payload in packets.feed(data) if data else ():
                    if kind != "D":
                        self._on_meta(kind, payload)
                        continue
                    for part in splitter.feed(payload):
                        take(part)
                    # A page sends a key or a paste in one packet.
                    take(splitter.flush())
                for event in parser.tick():
                    self.process_message(event)
        except (EOFError, ParseError):
            # A sequence that never came to its end.
            pass
        if not self.exit_event.is_set():
            self._hang_up()

    def on_meta(self, packet_type: str, payload: Mapping[str, object]) -> None:
        """Take what the server says of the page."""
        if packet_type == "quit":
            self._hang_up()
        else:
            super().on_meta(packet_type, dict(payload))

    def _hang_up(self) -> None:
        """End the app as a closed terminal does: what was being typed is kept."""
        loop = self._app._loop
        if loop is not None and not loop.is_closed():
            # Where there is no such signal, it stands for the same.
            number = getattr(signal, "SIGHUP", signal.SIGTERM)
            loop.call_soon_threadsafe(self._app.take_signal, number)  # type: ignore[attr-defined]


class PageApp(PitboardApp):
    """The board in a page.

    Args:
        path: the database file.
        who: writes; empty for the person who serves the board.
        is_read_only: whether nothing can be written.
    """

    # Looked for beside the class.
    CSS_PATH = "../screens/board.tcss"

    def __init__(self, path: Path, who: str, *, is_read_only: bool) -> None:
        opened = partial(Session, guest=who, is_read_only=is_read_only)
        super().__init__(path, who, alone=True, open_session=opened)

    def get_driver_class(self) -> type[Driver]:
        """What speaks with the page."""
        return PageDriver

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Copy an address in place of opening it: a page opens what its reader clicks, no more."""
        self.copy_to_clipboard(sanitize(url))
        self.notify(_("Copied {what}").format(what=sanitize(url)), markup=False)

    def remember(self, **chosen: str | Sequence[str]) -> None:
        """Keep what was chosen for this page alone: settings are of the person who serves it."""


def main(path: str, who: str, mode: str) -> None:
    """Show a board in a page; the server starts it in a process of its own.

    Args:
        path: the board's file.
        who: writes; empty for the person who serves the board.
        mode: ``read-only`` if nothing can be written.
    """
    look_for_garbage_seldom()
    try:
        if look(Path(path)) is None:
            # It would be made anew.
            raise file_gone(Path(path))
        app = PageApp(Path(path), who, is_read_only=mode == "read-only")
        try:
            app.run()
        finally:
            app.session.close()
    except PitboardError as error:
        os.write(1, _page_of(say(error)))


def _page_of(text: str) -> bytes:
    """A page that shows why there is no board."""
    lines = sanitize(text, lines=True).replace("\n", "\r\n").encode()
    page = _PRELUDE
    for kind, payload in ((b"D", lines), (b"M", b'{"type": "exit"}')):
        page += kind + len(payload).to_bytes(4, "big") + payload
    return page
