"""Deciding about pitfalls: accept, duplicate, decline, snooze, back into the inbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from storage.model.row import Status
from storage.text.sanitize import sanitize
from tui import dialogs
from tui.commands.command import BOARD, CHANGE, DECIDE, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall, a_pitfall_under_the_cursor
from tui.text.i18n import _, read

if TYPE_CHECKING:
    from storage.model.records import Pitfall
    from storage.write.store import Store
    from tui.dialogs.form import Answers
    from tui.dialogs.forms import CorrectField


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
    """Decline; in triage, what is suggested as a vendor reply, where that is what waits."""
    if _needs_no_form(on) and await _declined_suggestion(on):
        return
    decisions, chosen = dialogs.decisions, on.chosen()
    await on.change(
        decisions.Decline(chosen),
        lambda store, ids, answers: store.triage.decline(
            ids, decisions.because(answers), reason=answers["reason"]
        ),
        _("Declined: {title}").format(title=chosen.title),
    )


async def _declined_suggestion(on: PitfallContext[Any]) -> bool:
    """Decline the vendor reply that is suggested for the report at hand; whether one was."""
    async with on.screen.deciding:
        row = on.pitfalls.row
        if row is None or not on.session.board.inbox.suggestions(row.id):
            return False
        await on.write(lambda store: store.triage.decline_suggestions(row.id))
        words = _("Declined the suggested vendor reply: {title}")
        on.done(words.format(title=sanitize(read(row.title))))
    return True


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


def _named(on: PitfallContext[Any], pitfall: str) -> str:
    """The other pitfall of a decision: its id and title, in which nothing is to be filled in."""
    title = sanitize(read(on.session.board.pitfall(pitfall).title))
    return f"{on.short_id(pitfall)} {title}".replace("{", "{{").replace("}", "}}")


def _marked_as_duplicate(on: PitfallContext[Any], original: str) -> str:
    """What is said then, with a place for the title of the duplicate."""
    words = _("Marked as duplicate of {other}: {title}")
    return words.format(other=_named(on, original), title="{title}")


def _marked_not_duplicate(on: PitfallContext[Any], other: str) -> str:
    """What is said then, with a place for the title of what was compared with it."""
    words = _("Marked not a duplicate of {other}: {title}")
    return words.format(other=_named(on, other), title="{title}")


async def mark_duplicate(on: PitfallContext[Any]) -> None:
    """Mark as a duplicate; in triage, of the candidate under the cursor.

    Where the candidate has other error codes, that is asked first.
    """
    if _needs_no_form(on) and (original := on.screen.candidate) is not None:
        if (doubt := on.screen.doubt) and not await on.ask(
            dialogs.general.Confirm(doubt, _("Mark as duplicate"), _("Leave it"))
        ):
            return
        await _at_once(
            on,
            lambda store, pitfall: store.triage.mark_duplicate(pitfall, original),
            _marked_as_duplicate(on, original),
        )
        return
    decisions, chosen = dialogs.decisions, on.chosen()

    def mark(store: Store, ids: Sequence[str], answers: Answers) -> str:
        original = decisions.other(answers)
        store.triage.mark_duplicate(ids, original, reason=answers["reason"])
        return original

    await on.change(
        decisions.MarkDuplicate(chosen, on.session.board, on.screen.likely()),
        mark,
        lambda original: _marked_as_duplicate(on, original).format(title=chosen.title),
    )


async def mark_not_duplicate(on: PitfallContext[Any]) -> None:
    """Mark as no duplicate of another one; in triage, of the candidate under the cursor."""
    if _needs_no_form(on) and (other := on.screen.candidate) is not None:
        await _at_once(
            on,
            lambda store, pitfall: store.triage.not_duplicate(other, pitfall),
            _marked_not_duplicate(on, other),
        )
        return
    decisions, chosen = dialogs.decisions, on.chosen()

    def tell_apart(store: Store, ids: Sequence[str], answers: Answers) -> str:
        other = decisions.other(answers)
        store.triage.not_duplicate(other, ids)
        return other

    await on.change(
        decisions.TellApart(chosen, on.session.board, on.screen.likely()),
        tell_apart,
        lambda other: _marked_not_duplicate(on, other).format(title=chosen.title),
    )


async def return_to_inbox(on: PitfallContext[Any]) -> None:
    """Put back into the inbox."""
    chosen = on.chosen()
    await on.change(
        dialogs.decisions.ReturnToInbox(chosen),
        lambda store, ids, answers: store.triage.requeue(ids, reason=answers["reason"]),
        _("In the inbox again: {title}").format(title=chosen.title),
    )


async def correct_title(on: PitfallContext[Any]) -> None:
    """Correct the title."""
    await _correct(on, "title")


async def correct_workaround(on: PitfallContext[Any]) -> None:
    """Correct the workaround; one that is new gives the pitfall that status."""
    await _correct(on, "workaround")


async def correct_signatures(on: PitfallContext[Any]) -> None:
    """Correct the signatures."""
    await _correct(on, "signatures")


async def _correct(on: PitfallContext[Any], name: str) -> None:
    here = on.here()
    source = on.session.board.imported_text(here.id)

    def form(held: Pitfall) -> CorrectField:
        return dialogs.forms.CorrectField(held, name, source)

    def save(store: Store, answers: Answers) -> None:
        workaround = answers.get("workaround", "").strip()
        if name == "workaround" and workaround and here.status is Status.OPEN:
            store.status.set(here.id, Status.WORKAROUND, workaround=workaround)
        else:
            store.pitfalls.edit(here.id, **dialogs.forms.edits(answers.only_changed))

    await on.save(
        form(here),
        save,
        _("Saved {id}.").format(id=on.short_id(here.id)),
        again=lambda: form(on.session.board.pitfall(here.id)),
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
        N_("different"),
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
    Command(
        "correct_title",
        "7",
        N_("title"),
        N_("Correct title…"),
        N_("Correct the title, with the imported text beside it"),
        CHANGE,
        correct_title,
        {TRIAGE: 46},
        aliases="rename import source 标题 改名 更正 导入",
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "correct_workaround",
        "8",
        N_("workaround"),
        N_("Correct workaround…"),
        N_("Correct the workaround, with the imported text beside it"),
        CHANGE,
        correct_workaround,
        {TRIAGE: 47},
        aliases="remedy solution import source 规避方案 解决 更正 导入",
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "correct_signatures",
        "9",
        N_("signatures"),
        N_("Correct signatures…"),
        N_("Correct the signatures, with the imported text beside them"),
        CHANGE,
        correct_signatures,
        {TRIAGE: 48},
        aliases="error text import source 特征 报错 更正 导入",
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
)
