"""Deciding about pitfalls: accept, duplicate, decline, snooze, back into the inbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from storage.text.sanitize import sanitize
from tui import dialogs
from tui.commands.command import BOARD, DECIDE, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall
from tui.text.i18n import _, read

if TYPE_CHECKING:
    from storage.write.store import Store


async def inbox(on: PitfallContext[Any]) -> None:
    """Go through the inbox; come back to the pitfall that was opened there."""
    opened = await on.visit("triage")
    if opened is not None:
        on.open(opened)


async def _at_once(
    on: PitfallContext[Any], decide: Callable[[Store, str], object], words: str
) -> None:
    """Decide about the report at hand without a form; ``u`` takes it back.

    Keys that come in quick succession decide one after the other, each about what is at hand then.
    """
    async with on.screen.deciding:
        row = on.pitfalls.row
        if row is None:
            on.hint(_("There is no pitfall here."))
            return
        await on.write(lambda store: decide(store, row.id))
        on.done(words.format(title=sanitize(read(row.title))))


def _needs_no_form(on: PitfallContext[Any]) -> bool:
    """Whether a digit decides at once: in triage, about one report."""
    return on.screen.NAME == TRIAGE and not on.pitfalls.marked


async def accept(on: PitfallContext[Any]) -> None:
    """Accept."""
    if _needs_no_form(on):
        words = _("Accepted: {title}")
        await _at_once(on, lambda store, pitfall: store.triage.accept(pitfall), words)
        return
    decisions, chosen = dialogs.decisions, on.chosen()
    await on.change(
        decisions.Accept(chosen),
        lambda store, ids, answers: store.triage.accept(ids, **decisions.accepted(answers)),
        _("Accepted: {title}").format(title=chosen.title),
    )


async def decline(on: PitfallContext[Any]) -> None:
    """Decline."""
    decisions, chosen = dialogs.decisions, on.chosen()
    await on.change(
        decisions.Decline(chosen),
        lambda store, ids, answers: store.triage.decline(
            ids, decisions.because(answers), reason=answers["reason"]
        ),
        _("Declined: {title}").format(title=chosen.title),
    )


async def snooze(on: PitfallContext[Any]) -> None:
    """Snooze."""
    decisions, chosen = dialogs.decisions, on.chosen()
    await on.change(
        decisions.Snooze(chosen),
        lambda store, ids, answers: store.triage.snooze(
            ids, **decisions.snoozed(answers, on.session.now())
        ),
        _("Snoozed: {title}").format(title=chosen.title),
    )


async def mark_duplicate(on: PitfallContext[Any]) -> None:
    """Mark as a duplicate; in triage, of the candidate under the cursor."""
    if _needs_no_form(on) and (original := on.screen.candidate) is not None:
        await _at_once(
            on,
            lambda store, pitfall: store.triage.mark_duplicate(pitfall, original),
            _("Marked as duplicate: {title}"),
        )
        return
    decisions, chosen = dialogs.decisions, on.chosen()
    await on.change(
        decisions.MarkDuplicate(chosen, on.session.board, on.screen.likely()),
        lambda store, ids, answers: store.triage.mark_duplicate(
            ids, decisions.other(answers), reason=answers["reason"]
        ),
        _("Marked as duplicate: {title}").format(title=chosen.title),
    )


async def mark_not_duplicate(on: PitfallContext[Any]) -> None:
    """Mark as no duplicate of another one; in triage, of the candidate under the cursor."""
    if _needs_no_form(on) and (other := on.screen.candidate) is not None:
        await _at_once(
            on,
            lambda store, pitfall: store.triage.not_duplicate(other, pitfall),
            _("Marked not a duplicate: {title}"),
        )
        return
    decisions, chosen = dialogs.decisions, on.chosen()
    await on.change(
        decisions.TellApart(chosen, on.session.board, on.screen.likely()),
        lambda store, ids, answers: store.triage.not_duplicate(decisions.other(answers), ids),
        _("Marked not a duplicate: {title}").format(title=chosen.title),
    )


async def return_to_inbox(on: PitfallContext[Any]) -> None:
    """Put back into the inbox."""
    chosen = on.chosen()
    await on.change(
        dialogs.decisions.ReturnToInbox(chosen),
        lambda store, ids, answers: store.triage.requeue(ids, reason=answers["reason"]),
        _("In the inbox again: {title}").format(title=chosen.title),
    )


COMMANDS: Final = (
    Command(
        "inbox",
        "i",
        N_("inbox"),
        N_("Triage inbox"),
        N_("Triage the pitfalls in the inbox"),
        DECIDE,
        inbox,
        {BOARD: 4},
        aliases="decide review waiting 收件箱 分诊 triage new pending queue 待分诊 待处理 处理",
        writes=True,
    ),
    Command(
        "accept",
        "1",
        N_("accept"),
        N_("Accept…"),
        N_("Accept: keep it on the board"),
        DECIDE,
        accept,
        {BOARD: 0, TRIAGE: 1},
        aliases="keep confirm settle 接受 收下 approve yes valid 确认 通过",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "duplicate",
        "2",
        N_("duplicate"),
        N_("Mark as duplicate…"),
        N_("Mark as a duplicate of another pitfall"),
        DECIDE,
        mark_duplicate,
        {BOARD: 0, TRIAGE: 2},
        aliases="same merge 重复 合并 dup dupe duplicates copy as 相同 查重",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "decline",
        "3",
        N_("decline"),
        N_("Decline…"),
        N_("Decline: remove it from the board's views"),
        DECIDE,
        decline,
        {BOARD: 0, TRIAGE: 3},
        aliases=(
            "reject close wontfix not a bug 拒绝 不处理 delete remove archive invalid trash "
            "wont fix dismiss 删除 移除 归档 无效 驳回"
        ),
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "mark_not_duplicate",
        "4",
        N_("not a duplicate"),
        N_("Not a duplicate of…"),
        N_("Mark as not a duplicate of another pitfall"),
        DECIDE,
        mark_not_duplicate,
        {BOARD: 0, TRIAGE: 5},
        aliases="different distinct split 不同 不重复 not duplicate unmerge unlink 拆分 不是重复",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "snooze",
        "H",
        N_("snooze"),
        N_("Snooze…"),
        N_("Snooze until a date, version or number of occurrences"),
        DECIDE,
        snooze,
        {BOARD: 0, TRIAGE: 4},
        aliases="later defer postpone hide 稍后 推迟 wait remind pause mute 暂缓 以后 提醒",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "return_to_inbox",
        "5",
        N_("to inbox"),
        N_("Return to inbox…"),
        N_("Return it to the inbox"),
        DECIDE,
        return_to_inbox,
        {BOARD: 0, TRIAGE: 34},
        aliases="requeue triage again 重新分诊 收件箱 back undo untriage 退回 待分诊",
        writes=True,
        when=a_pitfall,
    ),
)
