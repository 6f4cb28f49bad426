"""The board in a real browser: typed, pasted and composed text, and what the page may load."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from storage.read.board import Board
from tests.boards import catalogued
from tests.browser import LivePage, live_page, needs_chromium
from tests.processes import PATIENCE
from tests.served import served
from tests.ui.conftest import NOW

ROOT = Path(__file__).parents[2]


async def shows(page: LivePage, text: str) -> None:
    """Wait until the board in the page shows some text."""
    async with asyncio.timeout(PATIENCE):
        while text not in page.shown():
            await page.says("1")
            await asyncio.sleep(0.05)


@needs_chromium
async def test_chromium_types_pastes_and_composes(tmp_path: Path, board_file: Path) -> None:
    catalogued(board_file, NOW)
    env = os.environ | {"PITBOARD_DB": str(board_file), "PYTHONPATH": str(ROOT)}
    async with (
        served(sys.executable, "--as", "Lin", env=env) as server,
        live_page(tmp_path) as page,
    ):
        origin = server.address.partition("/?")[0]
        # A page of somebody else gets no board.
        await page.call("Page.navigate", url="about:blank")
        refused = await page.says(
            "new Promise(done => {"
            f" const one = new WebSocket('{origin.replace('http', 'ws')}/ws');"
            " one.onopen = () => done('open'); one.onerror = () => done('refused'); })"
        )
        assert refused == "refused"

        await page.call("Page.navigate", url=server.address)
        await shows(page, "search, or filter")
        assert await page.says("location.href") == f"{origin}/"
        assert await page.says("document.cookie") == ""

        # An input method composes Chinese, and sends it whole.
        await page.type("/")
        await page.call("Input.imeSetComposition", text="da kai", selectionStart=6, selectionEnd=6)
        await page.call("Input.insertText", text="打开失败")
        await shows(page, "best match")
        await page.type("\r")

        # ctrl+v pastes, with line breaks; what would end a paste does not.
        await page.type("p")
        await shows(page, "Paste anything")
        await page.call(
            "Browser.grantPermissions",
            permissions=["clipboardReadWrite", "clipboardSanitizedWrite"],
            origin=origin,
        )
        copied = "打开失败 内部错误\\n第二行 \\x1b[201~qq"
        await page.says(f'navigator.clipboard.writeText("{copied}").then(() => 1)')
        await page.press("v", 86, modifiers=2, commands=["paste"])
        await shows(page, "第二行")
        await shows(page, "signature")
        await page.press("s", 83, modifiers=2)
        await shows(page, "Logged")

        await page.says("1")
        asked: list[str] = [
            event["params"]["request"]["url"]
            for event in page.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        assert len(asked) > 5
        assert [url for url in asked if not url.startswith((f"{origin}/", "data:"))] == []
        assert [text for text in map(complaint, page.events) if text] == []
    with Board.open(board_file) as board:
        occurrences = board.occurrences.of(board.names.resolve("867d"))
        assert occurrences[0].who == "Lin"
        assert "打开失败 内部错误" in occurrences[0].message


def complaint(event: dict[str, Any]) -> str:
    """What a browser complains of in an event; empty if it does not."""
    match event:
        case {"method": "Runtime.exceptionThrown", "params": {"exceptionDetails": details}}:
            return str(details)
        case {"method": "Log.entryAdded", "params": {"entry": {"level": "error"} as entry}}:
            # The socket that was refused.
            return "" if "WebSocket" in entry["text"] else str(entry)
    return ""
