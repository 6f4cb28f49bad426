"""Filling in forms as a person does, without walking through every field."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Checkbox, Input, Select, TextArea

from tests.ui.driving import begun, running, settled, until
from tui.app import PitboardApp
from tui.dialogs.fields import FormField
from tui.dialogs.form import Form
from tui.screens.board import BoardScreen


def field(app: PitboardApp, name: str) -> FormField:
    """A field of the form that is open."""
    assert isinstance(app.screen, Form), app.screen
    return app.screen.field(name)


def fill(app: PitboardApp, **values: str) -> None:
    """Fill in fields without walking through them."""
    for name, value in values.items():
        control = field(app, name).query_one(".control")
        if isinstance(control, TextArea):
            control.text = value
        elif isinstance(control, Checkbox):
            control.value = value == "yes"
        else:
            assert isinstance(control, Input | Select)
            control.value = value


async def saved(pilot: Pilot[None]) -> None:
    """Save, and wait until the form is gone."""
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))
    await settled(pilot)


@asynccontextmanager
async def running_form(
    app: PitboardApp, key: str, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """The app, running, with the form open that a key opens."""
    async with running(app, size=size) as pilot:
        await opened(pilot, key)
        yield pilot


async def opened(pilot: Pilot[None], key: str) -> None:
    """Press a key, and wait for its form."""
    await begun(pilot)
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, Form))
    await settled(pilot)
