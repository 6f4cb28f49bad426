"""Sharing the board: syncing, its status, leaving the remote."""

from __future__ import annotations

import asyncio
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from storage.text.dates import as_of
from storage.text.sanitize import sanitize
from tui import dialogs
from tui.commands.command import BOARD, GENERAL, SHARING, Command
from tui.commands.context import CommandContext, PitfallContext
from tui.text.i18n import _, ngettext

if TYPE_CHECKING:
    from storage.sharing.catalogues import CatalogueNews, Subscription
    from storage.write.store import Store
    from tui.dialogs.form import FormValues
    from tui.screens.board import BoardScreen
    from tui.screens.sharing import SharingScreen


def _loaded() -> ModuleType:
    # Loaded when it is needed, with all that it needs: it applies events by pydantic.
    import storage.sharing.sync

    return storage.sharing


def _catalogues() -> ModuleType:
    # As above.
    return import_module("storage.sharing.catalogues")


def sync(on: CommandContext[Any]) -> None:
    """Send and take what is new; join a remote first if the board is not shared yet."""
    # On the board, so that leaving another screen leaves the sync alone.
    board: BoardScreen = on.screen.sync.board
    board.start(_sync(board.context))


async def _sync(on: PitfallContext[BoardScreen]) -> None:
    sync = on.screen.sync
    if sync.is_under_way:
        on.hint(_("A sync is under way; esc stops it."))
    elif sync.sharing is not None:
        await sync.run()
    elif on.app.is_web:
        on.hint(_("The board is not shared; the person who serves it can share it."))
    elif synced := await on.fill_in(
        dialogs.board.Join(sync.under_way),
        lambda answers: sync.watched(
            lambda store, steps: _loaded().sync.share(
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
    question = _("Stop sharing this board? What was received and sent stays.")
    if await on.ask(dialogs.general.Confirm(question, _("Stop sharing"), _("Keep sharing"))):
        await on.write(lambda store: _loaded().sync.leave(store.session))
        on.done(_("The board is shared no longer."))


def _stores(on: CommandContext[SharingScreen], *, ignored: bool) -> list[tuple[str, str]]:
    """The stores of others, in words and by their names: those that are ignored, or the others."""
    return [
        (
            f"{sanitize(', '.join(person.name or '–' for person in one.people))} · {one.actor[:8]}",
            one.actor,
        )
        for one in on.screen.writers
        if not (one.here or one.is_catalogue) and (one.ignored_since is not None) is ignored
    ]


def a_store_to_ignore(on: CommandContext[SharingScreen]) -> str:
    """Why no store can be ignored; empty if one can."""
    return "" if _stores(on, ignored=False) else _("Nobody else wrote on this board.")


async def ignore_store(on: CommandContext[SharingScreen]) -> None:
    """Leave what a store wrote out of this board."""
    form = dialogs.board.ChooseStore(
        _("Leave a store's changes out of this board"),
        _stores(on, ignored=False),
        asks_since=True,
    )

    def take(answers: FormValues) -> int:
        since = answers["since"].strip()
        at = as_of(since, on.session.now(), "since") if since else None
        return int(_loaded().members.ignore(on.session.store().session, answers["store"], at))

    count = await on.fill_in(form, take)
    if count is not None:
        on.screen.look_for_changes()
        words = ngettext(
            "{n} event no longer counts here; T reverses it.",
            "{n} events no longer count here; T reverses it.",
            count,
        )
        on.done(words.format(n=count))


def an_ignored_store(on: CommandContext[SharingScreen]) -> str:
    """Why no store can be trusted again; empty if one can."""
    return "" if _stores(on, ignored=True) else _("No store is ignored.")


async def trust_store(on: CommandContext[SharingScreen]) -> None:
    """Count what an ignored store wrote again."""
    form = dialogs.board.ChooseStore(
        _("Count the changes of an ignored store again"),
        _stores(on, ignored=True),
        asks_since=False,
    )
    count = await on.fill_in(
        form, lambda answers: _loaded().members.trust(on.session.store().session, answers["store"])
    )
    if count is not None:
        on.screen.look_for_changes()
        words = ngettext("{n} event counts again.", "{n} events count again.", count)
        on.done(words.format(n=count))


def something_quarantined(on: CommandContext[SharingScreen]) -> str:
    """Why nothing can be accepted; empty if something can."""
    return "" if on.screen.quarantine else _("Nothing is quarantined.")


async def accept_quarantined(on: CommandContext[SharingScreen]) -> None:
    """Count quarantined events of a store now."""
    waiting: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for one in on.screen.quarantine:
        waiting.setdefault(one.actor, []).append(one.id)
        names.setdefault(one.actor, f"{sanitize(one.who) or '–'} · {one.actor[:8]}")
    form = dialogs.board.ChooseStore(
        _("Count quarantined events now, here alone"),
        [(f"{names[actor]} ({len(ids)})", actor) for actor, ids in waiting.items()],
        asks_since=False,
    )
    count = await on.fill_in(
        form,
        lambda answers: _loaded().members.accept(
            on.session.store().session, waiting[answers["store"]]
        ),
    )
    if count is not None:
        on.screen.look_for_changes()
        words = ngettext(
            "{n} quarantined event counts from now on.",
            "{n} quarantined events count from now on.",
            count,
        )
        on.done(words.format(n=count))


# Catalogues of others


async def show_catalogues(on: PitfallContext[BoardScreen]) -> None:
    """Show the catalogues of the board; update one, subscribe to one, or leave one."""
    forms, sync = dialogs.import_preview, on.screen.sync
    catalogues, steps = _catalogues(), _loaded().sync

    def held() -> list[Subscription]:
        with catalogues.CatalogueReader.open(on.session.path) as reader:
            return list(reader.subscriptions())

    def look(url: str, pin: str) -> CatalogueNews:
        step, stages = steps.SyncStep, steps.SyncStage
        with sync.under_way.watched() as note:
            news: CatalogueNews = catalogues.look_at(
                on.session.store().session,
                url,
                pin=pin,
                going=lambda going: note(step(stages.FETCHING, *going)),
                reading=lambda _done: note(step(stages.TAKING)),
            )
        return news

    known = {one.name: one for one in await asyncio.to_thread(held)}

    def take(answers: FormValues) -> tuple[str, str, CatalogueNews | None]:
        verb, _blank, name = answers["do"].partition(" ")
        is_update = verb == "update"
        return verb, name, look(known[name].url, known[name].pin) if is_update else None

    chosen = await on.fill_in(forms.Catalogues(sync.under_way, list(known.values())), take)
    if chosen is None:
        return
    verb, name, news = chosen
    if verb == "remove":
        await _leave_catalogue(on, name)
        return
    if verb == "subscribe":
        news = await on.fill_in(
            forms.Subscribe(sync.under_way),
            lambda answers: look(answers["url"], answers["pin"].strip()),
        )
    if news is None:
        return
    if news.is_empty:
        on.done(_("{name}: nothing is new.").format(name=news.manifest.name))
        if mistakes := forms.TakeIn.mistakes(news):
            on.warn("\n".join(mistakes), 15)
        return
    found, question = news, forms.TakeIn(news)
    if await on.ask(question):
        await on.write(lambda store: catalogues.take_in(store.session, found))
        on.done(question.done)


async def _leave_catalogue(on: PitfallContext[BoardScreen], name: str) -> None:
    form = dialogs.import_preview.EndSubscription(name)

    def leave(store: Store, answers: FormValues) -> int | None:
        hide = answers["hide"] == "yes"
        hidden: int = _catalogues().leave(store.session, name, hide=hide)
        return hidden if hide else None

    await on.save(form, leave, form.done)


COMMANDS: Final = (
    Command(
        "catalogues",
        "K",
        N_("catalogues"),
        N_("Catalogues…"),
        N_("Show the catalogues of the board; update, subscribe, remove"),
        GENERAL,
        show_catalogues,
        {BOARD: 0},
        aliases=(
            "catalogue subscribe update subscription source upstream community remove"
            " 目录 订阅 更新 来源 社区 取消订阅"
        ),
        writes=True,
        is_local=True,
    ),
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
    Command(
        "ignore_store",
        "I",
        N_("ignore"),
        N_("Ignore a store…"),
        N_("Leave a store's changes out of this board"),
        GENERAL,
        ignore_store,
        {SHARING: 7},
        aliases="members block mute distrust hide colleague 忽略 屏蔽 成员 store exclude",
        writes=True,
        when=a_store_to_ignore,
    ),
    Command(
        "trust_store",
        "T",
        N_("trust"),
        N_("Trust a store again…"),
        N_("Count the changes of an ignored store again"),
        GENERAL,
        trust_store,
        {SHARING: 8},
        aliases="members unblock unmute unignore 信任 恢复 成员 store include",
        writes=True,
        when=an_ignored_store,
    ),
    Command(
        "accept_quarantined",
        "A",
        N_("accept"),
        N_("Accept quarantined changes…"),
        N_("Count quarantined events now"),
        GENERAL,
        accept_quarantined,
        {SHARING: 9},
        aliases="members quarantine release future clock forged 接受 隔离 成员 时钟",
        writes=True,
        when=something_quarantined,
    ),
)
