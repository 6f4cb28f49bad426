"""Files on the board: attached by key and from the forms, looked at, opened, saved, hidden."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from textual.pilot import Pilot

from storage.db.blobs import Upload
from storage.imports.importer import import_events
from storage.model.fields import LARGEST_ATTACHMENT
from storage.text.sanitize import first_hostile
from storage.write.store import Store
from tests.records import line
from tests.ui.driving import here, messages, running, screen, settled, shown, until
from tests.ui.filling import field, fill, opened, running_form, saved
from tui.app import PitboardApp
from tui.dialogs.form import Form
from tui.dialogs.references import PictureScreen, SaveAttachment

Start = Callable[..., PitboardApp]


def picture(width: int = 90, height: int = 160) -> bytes:
    """A picture of a phone's screen."""
    stream = BytesIO()
    Image.new("RGB", (width, height), (200, 40, 40)).save(stream, "PNG")
    return stream.getvalue()


def bomb() -> bytes:
    """A picture of a few bytes that claims to be a hundred thousand pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        sum_ = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + sum_

    side = (100_000).to_bytes(4, "big")
    head = chunk(b"IHDR", side + side + b"\x08\x02\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of many colours, and no desktop beside it."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    path = tmp_path / "white.png"
    path.write_bytes(picture())
    return path


async def read_files(pilot: Pilot[None]) -> None:
    """Open the references, where attachments are listed below the links."""
    await settled(pilot)
    await pilot.press("enter", "left_square_bracket")
    await settled(pilot)
    await pilot.press("G")


def attach(store: Store, app: PitboardApp, *files: Upload) -> None:
    """Attach files to the pitfall under the cursor, as somebody else."""
    store.attachments.add(here(app).id, files)
    screen(app).look_for_changes()


async def test_a_file_is_attached_by_its_path(start: Start, shot: Path) -> None:
    app = start()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "at")
        fill(app, attach=str(shot), note="The page is white")
        await saved(pilot)
        [held] = here(app).attachments
        assert (held.label, held.media, held.here) == ("white.png", "image/png", True)
        assert held.note.plain == "The page is white"
        await read_files(pilot)
        assert "▣ image  white.png" in shown(pilot)
        await pilot.press("u")
        await until(pilot, lambda: not here(app).attachments)


async def test_the_path_is_completed(start: Start, shot: Path) -> None:
    app = start()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "at")
        fill(app, attach=str(shot)[:-4])
        await pilot.press("end")
        line_ = field(app, "attach").query_one(".control")
        await until(pilot, lambda: line_._suggestion == str(shot))  # type: ignore[attr-defined]
        await pilot.press("right")
        assert field(app, "attach").value == str(shot)


async def test_what_cannot_be_attached_is_said_beside_the_path(
    start: Start, tmp_path: Path
) -> None:
    large = tmp_path / "large.log"
    with large.open("wb") as file:
        file.truncate(LARGEST_ATTACHMENT + 1)
    app = start()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "at")
        for path, words in (
            ("", "Name the file"),
            (str(tmp_path / "nowhere"), "There is no file"),
            (str(tmp_path), "is a directory"),
            (str(large), "too large"),
        ):
            fill(app, attach=path)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: words in shown(pilot))  # noqa: B023
        assert isinstance(app.screen, Form)


async def test_several_get_one_file(start: Start, shot: Path) -> None:
    app = start()
    async with running(app) as pilot:
        await pilot.press("space", "space")
        marked = list(screen(app).pitfalls.marked)
        await opened(pilot, "at")
        fill(app, attach=str(shot))
        await saved(pilot)
        board = app.session.board
        assert [len(board.pitfall(one).attachments) for one in marked] == [1, 1]


async def test_an_occurrence_is_logged_with_a_file(start: Start, shot: Path) -> None:
    app = start()
    async with running_form(app, "a") as pilot:
        fill(app, message="white", attach=str(shot))
        await saved(pilot)
        [held] = here(app).attachments
        newest = app.session.board.occurrences.of(here(app).id, limit=1)[0]
        assert held.occurrence == newest.id


async def test_a_pitfall_is_reported_with_a_file(start: Start, shot: Path) -> None:
    app = start()
    async with running_form(app, "n") as pilot:
        fill(app, title="The page is white after the login", attach=str(shot))
        await saved(pilot)
        await until(pilot, lambda: "after the login" in here(app).title.plain)
        assert [one.label for one in here(app).attachments] == ["white.png"]


async def test_a_refused_file_leaves_the_report_open(start: Start, tmp_path: Path) -> None:
    app = start()
    async with running_form(app, "n") as pilot:
        before = app.session.board.inbox.count(app.session.now())
        fill(app, title="The page is white", attach=str(tmp_path / "nowhere"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "There is no file" in shown(pilot))
        assert app.session.board.inbox.count(app.session.now()) == before


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_a_picture_is_shown_in_the_terminal(
    start: Start, somebody: Store, size: tuple[int, int]
) -> None:
    app = start()
    async with running(app, size=size) as pilot:
        attach(somebody, app, Upload(picture(900, 1600), "white.png"))
        await settled(pilot)
        await read_files(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PictureScreen))
        await pilot.pause()
        [image] = app.screen.query_one("#picture-room").children
        assert 0 < image.region.height <= size[1] - 2
        assert 0 < image.region.width <= size[0]
        assert "white.png" in shown(pilot)
        await pilot.press("escape")
        assert app.screen is screen(app)


@pytest.mark.parametrize("lacks", ["colours", "the extra"])
async def test_what_cannot_be_shown_here_goes_to_the_viewer(
    start: Start, somebody: Store, monkeypatch: pytest.MonkeyPatch, lacks: str
) -> None:
    if lacks == "colours":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    app = start()
    async with running(app) as pilot:
        attach(somebody, app, Upload(picture(), "white.png"))
        await settled(pilot)
        await read_files(pilot)
        await pilot.press("enter")
        if sys.platform == "linux":
            await until(pilot, lambda: "Press > to save it." in messages(pilot))
        assert app.screen is screen(app)


@pytest.mark.parametrize(
    ("data", "words"),
    [(bomb(), "too large to be shown"), (picture()[:60], "can't be shown as a picture")],
    ids=["bomb", "cut"],
)
async def test_a_picture_that_cannot_be_shown_is_not(
    start: Start, somebody: Store, data: bytes, words: str
) -> None:
    app = start()
    async with running(app) as pilot:
        attach(somebody, app, Upload(data, "white.png"))
        await settled(pilot)
        await read_files(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: words in messages(pilot))
        assert app.screen is screen(app)


@pytest.mark.skipif(sys.platform != "linux", reason="the viewer of other systems has another name")
async def test_a_log_is_opened_with_the_viewer(
    start: Start, somebody: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given"
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{given}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    app = start()
    async with running(app) as pilot:
        attach(somebody, app, Upload(b"fail\n", "run.sh"))
        await settled(pilot)
        await read_files(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "Opened “run.sh”." in messages(pilot))
        assert given.read_text().strip().endswith("/attachment.txt")


async def test_it_is_saved(start: Start, somebody: Store, tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    app = start()
    async with running(app) as pilot:
        attach(somebody, app, Upload(b"fail\n", "run.log"))
        await settled(pilot)
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: isinstance(app.screen, SaveAttachment))
        fill(app, folder=str(tmp_path / "nowhere"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "There is no folder" in shown(pilot))
        fill(app, folder=str(room))
        await saved(pilot)
        assert (room / "run.log").read_bytes() == b"fail\n"


async def test_label_and_note_are_put_right_and_it_is_hidden(start: Start, somebody: Store) -> None:
    app = start()
    async with running(app) as pilot:
        attach(somebody, app, Upload(b"fail\n", "IMG_0001.log"))
        await settled(pilot)
        await read_files(pilot)
        await opened(pilot, "e")
        fill(app, label="vconsole.log", note="Line 3")
        await saved(pilot)
        [held] = here(app).attachments
        assert (held.label, held.note.plain) == ("vconsole.log", "Line 3")
        await opened(pilot, "e")
        fill(app, hidden="yes")
        await saved(pilot)
        assert not here(app).attachments


async def test_without_any_it_says_how_to_attach(start: Start) -> None:
    app = start()
    async with running(app) as pilot:
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: "Press @ to attach" in messages(pilot))


async def test_bytes_that_have_not_arrived_are_said_to_be_missing(
    start: Start, somebody: Store
) -> None:
    app = start()
    async with running(app) as pilot:
        body = {
            "digest": "0" * 64,
            "size": 9,
            "label": "\x1b]8;;x\x07../\u202egpj",
            "note": "\x1b[31m",
            "media": "image/png",
        }
        event = line(pitfall=here(app).id, kind="attachment_added", body=body)
        import_events(somebody.session, [event])
        screen(app).look_for_changes()
        await settled(pilot)
        await read_files(pilot)
        assert "not here yet" in shown(pilot)
        assert first_hostile(shown(pilot), lines=True) is None
        await pilot.press("enter")
        await until(pilot, lambda: "not arrived" in messages(pilot))


async def test_enter_opens_a_link_among_the_files(start: Start, somebody: Store) -> None:
    app = start()
    async with running(app) as pilot:
        somebody.links.add(here(app).id, "https://example.org/thread")
        attach(somebody, app, Upload(b"fail", "run.log"))
        await settled(pilot)
        await read_files(pilot)
        await pilot.press("g", "j", "enter")
        await until(pilot, lambda: "https://example.org/thread" in messages(pilot))
