"""Saving on a disk that is full, where the text stays, and what takes long, which says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from storage.check import check
from storage.write.store import Store
from tests.processes import PATIENCE
from tests.records import lines_of
from tests.ui.driving import here, messages, running, settled, shown, until
from tui.app import PitboardApp
from tui.dialogs.form import Form
from tui.screens.board import BoardScreen

_LARGE = "A long story. " * 1_300


def _limit_pages(store: Store, most: int) -> None:
    with store.session.locked():
        store.session.connection.execute(f"PRAGMA max_page_count = {most}")


def _flat(pilot: Pilot[None]) -> str:
    """What stands on the screen, without the breaks and borders of a form."""
    return " ".join(shown(pilot).replace("│", " ").split())


@pytest.mark.parametrize(
    ("key", "field"),
    [("c", "text"), ("a", "note"), ("e", "reproduction"), ("s", "workaround")],
)
async def test_what_was_typed_stays_until_it_is_saved_once(
    app: PitboardApp, key: str, field: str
) -> None:
    async with running(app, size=(100, 40)) as pilot:
        before = len(lines_of(app.session.path))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, Form))
        form = app.screen
        assert isinstance(form, Form)
        form.field(field).value = _LARGE
        if key == "s":
            form.field("status").value = "workaround"
        store = app.session.store()
        _limit_pages(store, 1)  # SQLite takes this as: no more than there are.
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is full" in _flat(pilot))
        assert app.screen is form
        assert form.values[field].strip() == _LARGE.strip()
        assert "Free some space" in _flat(pilot)
        assert len(lines_of(app.session.path)) == before
        _limit_pages(store, 1_000_000)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        written = b"".join(lines_of(app.session.path)[before:])
        assert written.count(_LARGE.strip().encode()) == 1
    assert check(app.session.path).sound


async def test_a_action_without_a_form_says_so_and_can_be_done_again(app: PitboardApp) -> None:
    async with running(app, size=(100, 40)) as pilot:
        store = app.session.store()
        store.comments.add(here(app).id, _LARGE)
        await settled(pilot)
        _limit_pages(store, 1)
        with store.session.locked():
            # Whatever is free in the file is taken, so that the next page is one too many.
            store.session.connection.execute("PRAGMA cache_size = 10")
        await pilot.press("u")
        await settled(pilot)
        _limit_pages(store, 1_000_000)
        if "is full" in messages(pilot):
            await pilot.press("u")
        await until(pilot, lambda: not here(app).comments)
    assert check(app.session.path).sound


async def test_a_change_that_takes_long_says_how_far_it_is(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()

    def slow(command: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **values: Any) -> Any:
            app.session.store().session.progress(2_300, 5_010)
            assert goes_on.wait(PATIENCE)
            return command(*arguments, **values)

        return run

    async with running(app, size=(100, 40)) as pilot:
        store = app.session.store()
        monkeypatch.setattr(store.comments, "add", slow(store.comments.add))
        monkeypatch.setattr(store.history, "undo", slow(store.history.undo))
        await pilot.press("c", *"Seen")
        app.call_later(app.simulate_key, "ctrl+s")
        await until(pilot, lambda: "Saving: 2300 of 5010 pitfalls…" in shown(pilot))
        goes_on.set()
        await until(pilot, lambda: len(here(app).comments) == 1)
        await settled(pilot)
        goes_on.clear()
        app.call_later(app.simulate_key, "u")
        await until(pilot, lambda: "Saving: 2300 of 5010 pitfalls…" in messages(pilot))
        goes_on.set()
        await until(pilot, lambda: not here(app).comments)
