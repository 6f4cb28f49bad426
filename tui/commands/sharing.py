"""Sharing the board: syncing, its status, leaving the remote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from tui import dialogs
from tui.commands.command import BOARD, GENERAL, SHARING, Command
from tui.commands.context import CommandContext, PitfallContext
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.screens.board import BoardScreen
    from tui.screens.sharing import SharingScreen


def sync(on: CommandContext[Any]) -> None:
    """Send and take what is new; join a remote first if the board is not shared yet."""
    # On the board, so that leaving another screen leaves the sync alone.
    board: BoardScreen = on.screen.sync.board
    board.start(_sync(board.context))


async def _sync(on: PitfallContext[BoardScreen]) -> None:
    # Loaded here, since it applies events, which need pydantic.
    from storage.sharing.sync import share

    sync = on.screen.sync
    if sync.is_under_way:
        on.hint(_("A sync is under way; esc stops it."))
    elif sync.sharing is not None:
        await sync.run()
    elif synced := await on.fill_in(
        dialogs.board.Join(sync.under_way),
        lambda answers: sync.watched(
            lambda store, steps: share(
                store.session, answers["url"], create=answers["create"] == "yes", steps=steps
            )
        ),
    ):
        sync.tell(synced)


async def sync_status(on: PitfallContext[BoardScreen]) -> None:
    """Show the sync status."""
    await on.visit("sharing", on.screen.sync)


def a_shared_board(on: CommandContext[SharingScreen]) -> str:
    """Why there is no remote to leave; empty if there is one."""
    return "" if on.screen.is_shared else _("This board is not shared.")


async def leave_remote(on: CommandContext[SharingScreen]) -> None:
    """Share the board no longer, if that is meant."""
    # Loaded here, since it applies events, which need pydantic.
    from storage.sharing.sync import leave

    question = _("Share this board no longer? All that came in stays, and what was sent, too.")
    if await on.ask(dialogs.general.Confirm(question, _("Stop sharing"), _("Keep sharing"))):
        await on.write(lambda store: leave(store.session))
        on.done(_("The board is shared no longer."))


COMMANDS: Final = (
    Command(
        "sync",
        "S",
        N_("sync"),
        N_("Sync"),
        N_("Share the board: push and pull changes"),
        GENERAL,
        sync,
        {BOARD: 17},
        aliases=(
            "share join git push pull remote team 同步 共享 upload download refresh fetch "
            "publish collaborate 推送 拉取 协作 团队"
        ),
        writes=True,
    ),
    Command(
        "sync",
        "S",
        N_("sync"),
        N_("Sync"),
        N_("Push and pull changes"),
        GENERAL,
        sync,
        {SHARING: 1},
        aliases=(
            "share join git push pull remote team 同步 共享 upload download refresh fetch "
            "publish collaborate 推送 拉取 协作 团队"
        ),
        writes=True,
    ),
    Command(
        "sharing",
        "ampersand",
        N_("sharing"),
        N_("Sync status"),
        N_("Show the sync status"),
        GENERAL,
        sync_status,
        {BOARD: 0},
        display="&",
        aliases="share members remote team 共享 成员 status who conflicts state 状态 同步状态 团队",
    ),
    Command(
        "leave_remote",
        "X",
        N_("leave"),
        N_("Leave remote…"),
        N_("Stop sharing"),
        GENERAL,
        leave_remote,
        {SHARING: 2},
        aliases="stop sharing disconnect unshare 停止 断开 leave remote quit 退出",
        writes=True,
        when=a_shared_board,
    ),
)
