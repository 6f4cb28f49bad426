"""Text from elsewhere is harmless on every screen."""

from __future__ import annotations

import json
from itertools import count

import pytest

from storage.events import event_id
from storage.imports.importer import import_events
from storage.write.store import Store
from tests.ui.driving import screen, settled, shown
from tui.app import PitboardApp

HOSTILE = "a\x1b]52;c;aGk=\x07b\u202ec\x9bd [bold]e[/] [/ [@click=app.quit]f[/] \x00\u200bg"
PITFALL = "feed" * 4


def foreign_events() -> list[bytes]:
    """What another program might write into a journal."""
    seq = count(1)

    def line(kind: str, **body: object) -> bytes:
        number = next(seq)
        values = {
            "v": 1,
            "actor": "f" * 32,
            "seq": number,
            "prev": None,
            "step": number,
            "hlc": (1_795_000_000_000 << 16) + number,
            "at": 1_795_000_000_000,
            "who": HOSTILE,
            "pitfall": PITFALL,
            "kind": kind,
            "body": body,
        }
        return json.dumps(values).encode()

    reference = line("reference_added", url=f"javascript:{HOSTILE}", title=HOSTILE, quote=HOSTILE)
    return [
        line(
            "reported",
            title=HOSTILE,
            component=HOSTILE,
            workaround=f"{HOSTILE}\n\n[x](javascript:alert)",
            reproduction=HOSTILE,
        ),
        line("tag_added", tag="\x1b[31mtag"),
        line("comment_added", text=HOSTILE),
        reference,
        line(
            "statement_added",
            reference=event_id(reference),
            sort="fixed",
            author=HOSTILE,
            version=HOSTILE,
            quote=HOSTILE,
        ),
        line("signature_added", text=HOSTILE),
        line("fix_recorded", axis="client", from_version=HOSTILE, reference=HOSTILE),
        line("retro_noted", text=HOSTILE, sort="follow-up", owner=HOSTILE),
        line("occurrence_logged", message=HOSTILE, note=HOSTILE, device=HOSTILE, company=HOSTILE),
        line("field_set", field="workaround", value=HOSTILE, reason=HOSTILE),
        line("from the future", anything=HOSTILE),
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_is_shown_as_visible_text(
    app: PitboardApp, somebody: Store, size: tuple[int, int]
) -> None:
    report = import_events(somebody.session, foreign_events())
    assert not report.refused
    opened: list[str] = []
    async with app.run_test(size=size) as pilot:
        app.open_url = lambda url, **_: opened.append(url)  # type: ignore[method-assign]
        await settled(pilot)
        screen(app).go_to(PITFALL)
        await settled(pilot)
        seen = [shown(pilot)]
        assert "␛]52;c;aGk=␇b<U+202E>c<U+009B>d [bold]e[/]" in seen[0]
        await pilot.press("enter")
        for _tab in range(4):
            await settled(pilot)
            seen.append(shown(pilot))
            await pilot.press("G")
            await settled(pilot)
            seen.append(shown(pilot))
            await pilot.press("o", "right_square_bracket")
        for key in ("a", "e", "s", "colon"):
            await pilot.press(key)
            await settled(pilot)
            seen.append(shown(pilot))
            await pilot.press("escape")
            await settled(pilot)
        await pilot.press("R", "m")
        for _tab in range(4):
            await settled(pilot)
            seen.append(shown(pilot))
            await pilot.press("right_square_bracket")
        assert "@a␛]52;c;aGk=␇b<U+202E>c" in "".join(seen[-4:])
        await pilot.press("q", "y", "Y")
        await settled(pilot)
        seen.append(shown(pilot))
        for text in seen:
            for sign in "\x1b\x07\u202e\x9b\x00\u200b":
                assert sign not in text
        assert not opened, "only web addresses are opened"
        assert app.is_running
        assert any("a change from a newer Pitboard" in text for text in seen)
