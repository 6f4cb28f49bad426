"""The process behind one page of a browser: how it is started, fed and ended."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

import tui
from tui.text.i18n import language

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
from tui.cli import look_for_no_plugins
from tui.text.i18n import speak
look_for_no_plugins()
speak(language)
from tui.serve.page import main
main(*arguments)
"""


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
        await self.send_meta({"type": "quit"})
        try:
            await asyncio.wait_for(task, LAST_SECONDS)
            await asyncio.wait_for(self._process.wait(), LAST_SECONDS)
        except TimeoutError:
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
