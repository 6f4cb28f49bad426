"""The board's time zone: one for everybody who shares the board, wherever they read it."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Pitboard

#: A Sunday evening in Shanghai, which is Sunday afternoon in UTC; in Kiritimati it is Monday.
SUNDAY = "2026-11-22 23:30"
MACHINES = ("UTC", "America/New_York", "Asia/Shanghai", "Europe/Berlin", "Pacific/Kiritimati")


@pytest.fixture
def evening(pitboard: Pitboard, login: str) -> str:
    """A pitfall that was seen on that evening, and fixed on the Monday after it."""
    assert pitboard("log", login, "--at", SUNDAY, "--platform", "ios").code == 0
    assert pitboard("fix", login, "--axis", "server", "--from", "2026-11-23").code == 0
    return login


def of_the_evening(pitboard: Pitboard, login: str, **env: str) -> list[str]:
    """What every verb says that shows or takes a day."""
    verbs = (
        ("show", login),
        ("list", "seen:2026-11-22"),
        ("list", "seen:2026-W47"),
        ("list", "-seen:>=2026-11-23"),
        ("history", login, "--since", "2026-11-22"),
        *(
            ("retro", week, "--format", form)
            for week in ("2026-W47", "2026-W48", "2026-11-22")
            for form in ("md", "html", "json", "csv")
        ),
        ("export", "--format", "json"),
        ("bug-report", login),
        ("diff", "2026-11-22", "2026-11-23"),
        ("list", "--as-of", "2026-11-22", "--json"),
        ("config", "timezone"),
    )
    return [pitboard(*verb, **env).out for verb in verbs]


def test_an_evening_is_of_the_same_day_for_every_reader(pitboard: Pitboard, evening: str) -> None:
    first = of_the_evening(pitboard, evening)
    for machine in MACHINES:
        assert of_the_evening(pitboard, evening, TZ=machine) == first
    counts = {
        week: json.loads(pitboard("retro", week, "--format", "json").out)["occurrences"]["now"]
        for week in ("2026-W47", "2026-W48")
    }
    assert counts == {"2026-W47": 1, "2026-W48": 0}
    assert "time zone Asia/Shanghai" in pitboard("retro", "2026-W47", "--format", "md").out


def test_the_zone_is_that_of_the_machine_that_made_the_board(pitboard: Pitboard) -> None:
    for machine, zone in (
        ("America/New_York", "America/New_York"),
        (":/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("CST-8", "+08:00"),
    ):
        path = pitboard.home / f"{zone.replace('/', '-')}.db"
        assert pitboard("init", "--db", path, TZ=machine).code == 0
        assert pitboard("config", "timezone", "--db", path).out == f"{zone}\n"
        # Nobody wrote anything yet that could be undone.
        assert pitboard("undo", "--db", path).code == 1


def test_a_zone_is_set_and_undone(pitboard: Pitboard, evening: str) -> None:
    before = pitboard("show", evening, "--json").out
    assert "2026-11-22" in pitboard("show", evening).out
    ended = pitboard("config", "timezone", "kiritimati", "--json")
    assert json.loads(ended.out)["time_zone"] == "Pacific/Kiritimati"
    # There it was Monday already: it came after the fix.
    assert pitboard("list", "seen:2026-W48", "--count").out == "1\n"
    assert pitboard("list", "verdict:regression", "--count").out == "1\n"
    assert pitboard("doctor").code == 0
    assert "Pacific/Kiritimati" in pitboard("doctor").out
    ended = pitboard("undo")
    assert ended.code == 0
    assert "set the time zone: Pacific/Kiritimati" in ended.err
    assert pitboard("config", "timezone").out == "Asia/Shanghai\n"
    assert pitboard("show", evening, "--json").out == before
    assert pitboard("doctor").code == 0


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("asia/shanghai", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("new york", "America/New_York"),
        ("＋８", "+08:00"),
        ("UTC-3:30", "-03:30"),
        ("utc", "UTC"),
        ("+00:00", "UTC"),
    ],
)
def test_a_zone_is_named_as_people_write_it(pitboard: Pitboard, typed: str, zone: str) -> None:
    pitboard("config", "timezone", "Europe/Paris")
    assert pitboard("config", "timezone", "--", typed).code == 0
    assert pitboard("config", "timezone").out == f"{zone}\n"


@pytest.mark.parametrize(
    "typed", ["", "Mars/Olympus", "localtime", "../etc/passwd", "+25", "posix/Asia/Shanghai"]
)
def test_what_is_no_zone_is_refused(pitboard: Pitboard, typed: str) -> None:
    ended = pitboard("config", "timezone", typed)
    assert ended.code == 3
    assert "is not a time zone. Write it as Asia/Shanghai" in ended.err
    assert pitboard("config", "timezone").out == "Asia/Shanghai\n"
