"""Keys in one burst, as a terminal sends what was typed ahead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from textual import events
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.widget import Widget

from storage.query.tree import Query
from tests.ui.driving import at_rest, screen
from tui.app import PitboardApp
from tui.dialogs.form import Form


def key_event(key: str) -> events.Key:
    """The event of a key by its name, such as ``ctrl+s`` or ``slash``, or by its sign."""
    if len(key) == 1 and not key.isalnum():
        return events.Key(_character_to_key(key), key)
    name = REPLACED_KEYS.get(key, key)
    try:
        sign: str | None = unicodedata.lookup(_get_unicode_name_from_key(name))
    except KeyError:
        sign = key if len(key) == 1 else None
    return events.Key(key, sign)


def keys_of(recorded: str) -> list[str]:
    """The keys of a recorded sequence: names between blanks; after ' what is typed as text."""
    keys: list[str] = []
    for word in recorded.split():
        keys += [" " if sign == "_" else sign for sign in word[1:]] if word[0] == "'" else [word]
    return keys


def send(pilot: Pilot[None], keys: Iterable[str]) -> None:
    """Send keys without a pause."""
    driver = pilot.app._driver
    assert driver is not None
    for key in keys:
        driver.send_message(key_event(key))


async def burst(pilot: Pilot[None], keys: Iterable[str]) -> None:
    """Send keys without a pause, and wait until all have had their effect."""
    send(pilot, keys)
    await at_rest(pilot)


def state(app: PitboardApp) -> dict[str, object]:
    """What a person and the record have got to: screens, focus, what is typed, what is written."""
    board, focused = screen(app), app.focused
    known = app.session.board
    rows = known.find(Query()).page(0, 100)
    return {
        "screens": [type(one).__name__ for one in app.screen_stack],
        "focus": [one.id for one in focused.ancestors_with_self if isinstance(one, Widget)]
        if focused is not None
        else None,
        "said": app.screen.values if isinstance(app.screen, Form) else None,
        "query": board.search.line.value,
        "cursor": board.pitfalls.row and board.pitfalls.row.title.plain,
        "marked": len(board.pitfalls.marked),
        "tab": board.detail.tab,
        "exit": app._exit,
        "record": {
            row.title.plain: (
                row.status,
                [one.text.plain for one in known.pitfall(row.id).comments],
                sorted(one.message for one in known.occurrences.of(row.id)),
                known.pitfall(row.id).decision.triage,
            )
            for row in rows
        },
    }
