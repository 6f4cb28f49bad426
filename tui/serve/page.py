"""The process behind one page: how it is started, fed and ended; and what runs in it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual._parser import ParseError
from textual.driver import Driver
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.message import Message
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

import tui
from storage.db.board_files import file_gone
from storage.errors import PitboardError
from storage.text.sanitize import sanitize
from storage.write.board_file import look
from tui import look_for_garbage_seldom
from tui.app import PitboardApp
from tui.services.session import Session
from tui.services.terminal import InputMessages
from tui.text.i18n import _, language, say

if TYPE_CHECKING:
    from aiohttp import web

#: How long a board may take to end once its page is closed, in seconds.
LAST_SECONDS: Final = 5.0
#: Cells of a page, each way: what a browser says is not believed without end.
_MOST_CELLS: Final = 1_000
#: Starts a board. Nothing of the working directory is imported, whatever lies there; texts are
#: translated as modules are loaded.
_START: Final = """\
import sys
root, language, *arguments = sys.argv[1:]
sys.path.append(root)
from tui import look_for_no_plugins
from tui.text.i18n import speak
look_for_no_plugins()
speak(language)
from tui.serve.page import main
main(*arguments)
"""
#: What Textual's protocol begins with.
_PRELUDE: Final = b"__GANGLION__\n"


def page_command(path: Path, who: str, *, is_read_only: bool) -> list[str]:
    """The command that shows a board in a page, in the language that is spoken here.

    Args:
        path: the board's file.
        who: writes; empty for the person who serves the board.
        is_read_only: whether nothing can be written.
    """
    root = str(Path(tui.__file__).parents[1])
    mode = "read-only" if is_read_only else "writable"
    return [sys.executable, "-P", "-c", _START, root, language(), str(path), who, mode]


class PageProcess(AppService):
    """The process behind one page.

    textual-serve runs its command through a shell, lets the app start downloads and open addresses
    in the browser, and waits for ever for one that does not end; this one does none of it.

    Args:
        arguments: the command and its arguments.
        page: the page's socket, as textual-serve writes to it.
    """

    def __init__(self, arguments: Sequence[str], page: web.WebSocketResponse) -> None:
        super().__init__(
            "",
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=page.close,  # type: ignore[arg-type]  # whether it was open is not asked
            download_manager=DownloadManager(),
        )
        self._arguments = arguments

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        # The app itself says what speaks with the page.
        del environment["TEXTUAL_DRIVER"]
        return environment

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            # ctrl+c in the terminal of the server is for the server.
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        """Pass on what the board shows; the page learns that it has ended, however it did."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def on_meta(self, data: bytes) -> None:
        """Hear that the board has ended; nothing else is done in the browser for it."""
        if json.loads(data).get("type") == "exit":
            await self.remote_close()

    async def stop(self) -> None:
        """End the board as a closed terminal does; by force, if it does not end."""
        task, self._task = self._task, None
        if task is None or self._process is None:
            return
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await self.send_meta({"type": "quit"})
                    await task
                    await self._process.wait()
        finally:
            # Also if what the board sent could not be passed on, or the server itself is stopped.
            if self._process.returncode is None:
                with suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()

    async def take(self, message: Any) -> bool:
        """Take a message of the page; whether it was one that is known."""
        match message:
            case ["stdin", str(typed)]:
                await self.send_bytes(typed.encode("utf-8", "replace"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                await self.set_terminal_size(cells(width), cells(height))
            case ["ping", str(sent)]:
                await self.remote_write_str(json.dumps(["pong", sent]))
            case ["focus"]:
                await self.focus()
            case ["blur"]:
                await self.blur()
            case _:
                return False
        return True


def cells(number: int) -> int:
    """A number of cells as a page may have it."""
    return min(max(number, 1), _MOST_CELLS)


# What runs in that process


class PageDriver(WebDriver):
    """Textual's driver for pages, with a reader that takes pastes whole, and any bytes."""

    def run_input_thread(self) -> None:
        """Read what the page sends until the app or the page ends."""
        sent, packets = InputMessages(debug=self._debug), ByteStream()

        def take(messages: Iterator[Message]) -> None:
            for message in messages:
                self.process_message(message)

        try:
            for data in self._input_reader:
                for kind, payload in packets.feed(data) if data else ():
                    if kind != "D":
                        self._on_meta(kind, payload)
                        continue
                    take(sent.feed(payload))
                    # A page sends a key or a paste in one packet.
                    take(sent.flush())
                take(sent.tick())
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
