"""Sharing from the board: joining, syncing, what is told of it, and leaving."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.query.tree import Query
from storage.read.board import Board
from storage.sharing.sync import share, sync
from storage.write.store import Store
from tests.processes import PATIENCE
from tests.sizes import each_once
from tests.teams import chained, push
from tests.ui.conftest import NOW
from tests.ui.driving import messages, running, screen, shown, type_, until
from tui.app import PitboardApp
from tui.dialogs.board import ChooseStore, Join
from tui.screens.board import BoardScreen
from tui.screens.sharing import SharingScreen
from tui.text.cells import width

SIZES = [(80, 24), (120, 40), (200, 50)]


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return tmp_path / "team.git"


@pytest.fixture
def colleague(tmp_path: Path, remote: Path) -> Iterator[Store]:
    """Somebody else's board, shared already."""
    store = Store.open(tmp_path / "colleague.db", who="Bo", now=lambda: NOW + 1000)
    store.pitfalls.report("A white picture")
    share(store.session, str(remote), create=True)
    yield store
    store.close()


def _joined(app: PitboardApp, remote: Path) -> None:
    share(app.session.store().session, str(remote))


def titles(app: PitboardApp) -> list[str]:
    with Board.open(app.session.path) as board:
        return [row.title.plain for row in board.find(Query()).page(0, 50)]


async def test_a_board_is_joined_by_a_key_and_an_address(
    app: PitboardApp, colleague: Store, remote: Path
) -> None:
    async with running(app) as pilot:
        assert "⇅" not in shown(pilot)
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, Join))
        await type_(pilot, str(remote))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await until(pilot, lambda: "⇅" in shown(pilot).splitlines()[0])
        assert "1 received" in messages(pilot)
        await until(pilot, lambda: "A white picture" in shown(pilot))


async def test_a_folder_is_made_when_it_is_asked_for(app: PitboardApp, remote: Path) -> None:
    async with running(app) as pilot:
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, Join))
        await type_(pilot, str(remote))
        await pilot.press("enter")
        await until(pilot, lambda: "There is no git repository" in shown(pilot))
        await pilot.press("tab", "space", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert (remote / "HEAD").is_file()


@pytest.mark.parametrize("address", ["ext::sh -c true", "http://host/board.git"])
async def test_an_address_that_can_not_be_used_stays_in_the_form(
    app: PitboardApp, address: str
) -> None:
    async with running(app) as pilot:
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, Join))
        form = app.screen
        assert isinstance(form, Join)
        form.field("url").value = address
        await pilot.press("enter")
        await until(pilot, lambda: "A board is not shared over" in shown(pilot))
        assert form.values["url"] == address


async def test_what_others_wrote_comes_with_one_key(
    app: PitboardApp, colleague: Store, remote: Path
) -> None:
    _joined(app, remote)
    async with running(app) as pilot:
        await until(pilot, lambda: "⇅" in shown(pilot).splitlines()[0])
        app.session.store().pitfalls.report("Mine")
        await until(pilot, lambda: "⇅ 1" in shown(pilot).splitlines()[0])
        colleague.pitfalls.report("From the colleague")
        sync(colleague.session)
        await pilot.press("S")
        await until(pilot, lambda: "From the colleague" in shown(pilot))
        await until(pilot, lambda: "1 sent, 1 received" in messages(pilot))
        await until(pilot, lambda: "⇅ 1" not in shown(pilot).splitlines()[0])
    sync(colleague.session)
    with Board.open(colleague.path) as board:
        assert "Mine" in [row.title.plain for row in board.find(Query()).page(0, 50)]


async def test_a_remote_that_is_out_of_reach_is_told_in_words(
    app: PitboardApp, colleague: Store, remote: Path
) -> None:
    _joined(app, remote)
    remote.rename(remote.with_name("away.git"))
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("S")
        await until(pilot, lambda: "There is no git repository" in messages(pilot))
        await until(pilot, lambda: "⇅ !" in shown(pilot).splitlines()[0])
        await pilot.press("&")
        await until(pilot, lambda: isinstance(app.screen, SharingScreen))
        await until(pilot, lambda: "There is no git repository" in shown(pilot))
        remote.with_name("away.git").rename(remote)
        await pilot.press("S")
        await until(pilot, lambda: "There is no git repository" not in shown(pilot))


@pytest.mark.parametrize(("size", "language"), each_once(SIZES, ["en", "zh_CN"]))
async def test_how_it_stands_fits_every_size(
    start: Callable[..., PitboardApp],
    colleague: Store,
    remote: Path,
    size: tuple[int, int],
    language: str,
) -> None:
    app = start(language)
    _joined(app, remote)
    async with running(app, size=size) as pilot:
        await pilot.press("&")
        await until(pilot, lambda: isinstance(app.screen, SharingScreen))
        await until(pilot, lambda: "Bo" in shown(pilot))
        lines = shown(pilot).splitlines()
        assert all(width(line) <= size[0] for line in lines)
        # An address that is longer than the terminal is wide goes on in the next line.
        assert str(remote) in "".join("".join(lines).split())
        await pilot.press("j", "k", "G", "g", "q")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))


async def test_a_board_that_is_not_shared_says_how_it_would_be(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("&")
        await until(pilot, lambda: "S joins one" in shown(pilot))
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, Join))


async def test_leaving_asks_and_keeps_everything(
    app: PitboardApp, colleague: Store, remote: Path
) -> None:
    _joined(app, remote)
    async with running(app) as pilot:
        await pilot.press("&")
        await until(pilot, lambda: "Bo" in shown(pilot))
        await pilot.press("X")
        await until(pilot, lambda: "Stop sharing this board?" in shown(pilot))
        await pilot.press("left", "enter")
        await until(pilot, lambda: "This board is not shared" in shown(pilot))
        await pilot.press("q")
        await until(pilot, lambda: "⇅" not in shown(pilot).splitlines()[0])
    assert "A white picture" in titles(app)


async def test_it_syncs_by_itself_and_tells_a_trouble_once(
    app: PitboardApp, colleague: Store, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _joined(app, remote)
    async with running(app) as pilot:
        await until(pilot, lambda: screen(app).sync.sharing is not None)
        screen(app).sync.repeat(0.2)
        colleague.pitfalls.report("From the colleague")
        sync(colleague.session)
        await until(pilot, lambda: "From the colleague" in shown(pilot))
        remote.rename(remote.with_name("away.git"))
        await until(pilot, lambda: "There is no git repository" in messages(pilot))
        tries = 0

        def counted(*arguments: object, **more: object) -> object:
            nonlocal tries
            tries += 1
            return sync(*arguments, **more)  # type: ignore[arg-type]

        monkeypatch.setattr("storage.sharing.sync.sync", counted)
        await until(pilot, lambda: tries > 2)
        assert messages(pilot).count("There is no git repository") == 1


async def test_the_board_can_end_under_a_sync(
    app: PitboardApp, colleague: Store, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _joined(app, remote)
    begun, may_end = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        begun.set()
        may_end.wait(PATIENCE)

    async with running(app) as pilot:
        await until(pilot, lambda: screen(app).sync.sharing is not None)
        monkeypatch.setattr("storage.sharing.sync.sync", slow)
        await pilot.press("S")
        await until(pilot, begun.is_set)
    may_end.set()


async def test_the_past_is_not_synced(app: PitboardApp, colleague: Store, remote: Path) -> None:
    _joined(app, remote)
    async with running(app) as pilot:
        await pilot.press("t")
        await type_(pilot, "2w")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.session.moment is not None)
        await pilot.press("S")
        await until(pilot, lambda: "nothing can be changed in the past" in messages(pilot))


async def test_a_store_is_ignored_and_trusted_again_on_the_screen(
    app: PitboardApp, colleague: Store, remote: Path
) -> None:
    _joined(app, remote)
    async with running(app) as pilot:
        await pilot.press("S")
        await until(pilot, lambda: "A white picture" in shown(pilot))
        await pilot.press("&")
        await until(pilot, lambda: "Who wrote" in shown(pilot))
        await pilot.press("I")
        await until(pilot, lambda: isinstance(app.screen, ChooseStore))
        assert "Bo · " in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SharingScreen))
        await until(pilot, lambda: "⚠ ignored" in shown(pilot))
        assert "A white picture" not in titles(app)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, ChooseStore))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SharingScreen))
        await until(pilot, lambda: "⚠ ignored" not in shown(pilot))
        assert "A white picture" in titles(app)


async def test_what_is_quarantined_is_shown_and_accepted_on_the_screen(
    app: PitboardApp, colleague: Store, remote: Path
) -> None:
    _joined(app, remote)
    ahead = {"hlc": (1 << 62) - 1, "who": "Mallory", "body": {"title": "Ahead"}}
    push(remote, f"refs/pitboard/{'e' * 32}", chained("e" * 32, ahead))
    async with running(app) as pilot:
        await pilot.press("S")
        await until(pilot, lambda: "claim to be of" in messages(pilot))
        await pilot.press("&")
        await until(pilot, lambda: "clock ahead" in shown(pilot))
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, ChooseStore))
        assert "Mallory · eeeeeeee (1)" in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SharingScreen))
        await until(pilot, lambda: "clock ahead" not in shown(pilot))
        assert "Ahead" in titles(app)


async def test_what_others_changed_is_told_on_the_board_and_kept_on_the_screen(
    app: PitboardApp, colleague: Store, remote: Path
) -> None:
    _joined(app, remote)
    with Board.open(colleague.path) as board:
        pitfall = board.find(Query()).page(0, 1)[0].id
    for comment in [colleague.comments.add(pitfall, f"{n}") for n in range(50)]:
        colleague.entries.hide(pitfall, comment)
    sync(colleague.session)
    async with running(app) as pilot:
        await pilot.press("S")
        await until(pilot, lambda: "Bo: 50 hidden, 50 comments (unusual)" in messages(pilot))
        await pilot.press("&")
        await until(pilot, lambda: "What others changed" in shown(pilot))
        assert "Bo: 50 hidden, 50 comments (unusual)" in shown(pilot)


async def test_a_board_that_is_not_shared_offers_no_key_that_needs_a_remote(
    app: PitboardApp, remote: Path
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("ampersand")
        await until(pilot, lambda: "This board is not shared." in shown(pilot))
        last = shown(pilot).splitlines()[-1]
        assert "S sync" in last
        for word in ("leave", "ignore", "trust", "accept"):
            assert word not in last
        await pilot.press("q")
        share(app.session.store().session, str(remote), create=True)
        await pilot.press("ampersand")
        await until(pilot, lambda: "X leave" in shown(pilot).splitlines()[-1])
        # No gap where nothing was changed by others, and nothing is quarantined.
        assert "\n\n\n" not in shown(pilot).split("Who wrote")[0]
