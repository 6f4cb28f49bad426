"""Changing a pitfall: its fields and comments, its status and fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_, PitboardError, Refused
from storage.model.row import ME, Status
from storage.model.verdicts import judge
from tui import deferred, dialogs
from tui.commands import references
from tui.commands.command import BOARD, CHANGE, DECIDE, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall, a_pitfall_under_the_cursor
from tui.text.i18n import _, read
from tui.text.vocabulary import marked, moment, state_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.model.records import Pitfall
    from storage.write.store import Store
    from tui.dialogs.fixes import RecordFix, SetStatus
    from tui.dialogs.form import Answers
    from tui.dialogs.forms import EditPitfall
    from tui.dialogs.pitfalls import Chosen
    from tui.services import external_programs
    from tui.text import verdicts
else:
    # The first paint waits for what declares commands, and not for what carries them out.
    external_programs = deferred("tui.services.external_programs")
    verdicts = deferred("tui.text.verdicts")


async def edit(on: PitfallContext[Any]) -> None:
    """Edit every field; among the references, the entry under the cursor."""
    if on.pitfalls.marked:
        await _edit_several(on)
        return
    here, tab = on.here(), on.detail.tab if on.screen.reading else ""
    if tab == "references" and (reply := on.detail.chosen_reply) is not None:
        await references.edit_vendor_reply(on, here, reply)
    elif (attachment := on.attachment) is not None:
        await references.edit_attachment(on, here, attachment)
    elif tab == "references" and (reference := on.detail.chosen_reference) is not None:
        await references.edit_reference(on, here, reference)
    else:
        await _edit_fields(on, here)


async def _edit_fields(on: PitfallContext[Any], here: Pitfall) -> None:
    def form(held: Pitfall) -> EditPitfall:
        return dialogs.forms.EditPitfall(held, on.session.path)

    await on.save(
        form(here),
        lambda store, answers: store.pitfalls.edit(
            here.id, **dialogs.forms.edits(answers.only_changed)
        ),
        _("Saved {id}.").format(id=on.short_id(here.id)),
        about=(here.id,),
        again=lambda: form(on.session.board.pitfall(here.id)),
    )


async def _edit_several(on: PitfallContext[Any]) -> None:
    chosen = on.chosen()
    await on.change(
        dialogs.forms.EditSeveral(chosen),
        lambda store, ids, answers: store.pitfalls.edit(
            ids, **dialogs.forms.edits_of_several(answers)
        ),
        _("Saved {id}.").format(id=chosen.title),
    )


async def assign_to_me(on: PitfallContext[Any]) -> None:
    """Take what is chosen on, as one step."""
    chosen = on.chosen()
    changed = await on.write(lambda store: store.pitfalls.edit(chosen.ids, {"assignee": ME[0]}))
    on.pitfalls.clear_marks()
    words = _("Assigned to you: {title}") if changed else _("Already assigned to you: {title}")
    on.done(words.format(title=chosen.title))


async def edit_in_editor(on: PitfallContext[Any]) -> None:
    """Edit the whole pitfall in the person's own editor, as ``pitboard edit`` does."""
    here = on.here()
    before = external_programs.document(here)
    after = external_programs.edit_beside(on.app, before)
    try:
        edited = external_programs.document_changes(before, after)
        await _ask_to_replace(on, here, before, after)
        changed = await on.write(
            lambda store: store.pitfalls.edit(
                here.id, edited.changes, tags=edited.tags, signatures=edited.signatures
            )
        )
    except PitboardError:
        # Put what was refused where its writer finds it.
        on.screen.notify(
            _("What you typed is in {path}.").format(path=external_programs.put_aside(after)),
            timeout=20,
            markup=False,
        )
        raise
    words = _("Saved {id}.") if changed else _("Nothing changed in {id}.")
    on.done(words.format(id=on.short_id(here.id)))


async def _ask_to_replace(on: PitfallContext[Any], here: Pitfall, before: str, after: str) -> None:
    """Ask before what somebody else wrote meanwhile is replaced, and again if that is changed.

    Raises:
        Refused: the person does not replace it.
    """
    seen: dict[str, str] = {}
    while True:
        now = external_programs.document(on.session.board.pitfall(here.id))
        found = external_programs.replaced_fields(before, after, now)
        if not found or found == seen:
            return
        seen = found
        words = external_programs.replaced_words(found)
        question = _("Changed on the board meanwhile:") + f"\n{words}"
        if not await on.ask(dialogs.general.Confirm(question, _("Replace"), _("Don't save"))):
            raise Refused(N_("Nothing was saved."))


async def comment(on: PitfallContext[Any]) -> None:
    """Comment."""
    chosen = on.chosen()
    await on.change(
        dialogs.forms.AddComment(chosen),
        lambda store, ids, answers: store.comments.add(ids, answers["text"]),
        _("Commented on {id}.").format(id=chosen.title),
    )


# Status and fixes: setting the status, recording and verifying fixes, going back


async def set_status(on: PitfallContext[Any]) -> None:
    """Set the status of the pitfall under the cursor, or of all that are marked."""

    def change(store: Store, ids: Sequence[str], answers: Answers) -> tuple[Sequence[str], Status]:
        values = dialogs.fixes.status(answers)
        store.status.set(ids, **values)
        return ids, Status(values["status"])

    def done(changed: tuple[Sequence[str], Status]) -> str:
        ids, status = changed
        # One that was seen again at a fix is not shown as fixed.
        words = state_words(on.session.board.pitfall(ids[0])) if len(ids) == 1 else marked(status)
        return _("Now {id}.").format(id=words)

    def again() -> SetStatus | None:
        if chosen.several:
            return None
        held = on.session.board.pitfall(chosen.ids[0])
        return dialogs.fixes.SetStatus(chosen._replace(shown=(held,)))

    chosen = on.chosen()
    await on.change(dialogs.fixes.SetStatus(chosen), change, done, again)


async def record_fix(on: PitfallContext[Any]) -> None:
    """Record a fix of the pitfall under the cursor, or amend one."""
    here = on.here()

    def save(store: Store, answers: Answers) -> None:
        values, fix = dialogs.fixes.recorded(answers), answers.get("fix")
        if not fix:
            store.fixes.record(here.id, status=answers["status"] or None, **values)
        elif answers["hidden"] == "yes":
            store.entries.hide(here.id, fix)
        elif changed := {name: values[name] for name in values if name in answers.changed}:
            store.entries.edit(here.id, fix, changed)

    def again() -> RecordFix | None:
        chosen, held = form.chosen, on.session.board.pitfall(here.id)
        fix = next((one for one in held.fixes if chosen and one.id == chosen.id), None)
        return dialogs.fixes.RecordFix(held, grace_days, fix) if fix else None

    grace_days = on.session.grace_days
    form = dialogs.fixes.RecordFix(here, grace_days)
    await on.save(
        form,
        save,
        _("Saved the fix of {id}.").format(id=on.short_id(here.id)),
        about=(here.id,),
        again=again,
    )


async def verify(on: PitfallContext[Any]) -> None:
    """Say whether a fix of the pitfall under the cursor holds somewhere."""
    here = on.here()
    if not here.fixes:
        on.hint(_("It has no fix record yet. Press F to record one."))
        return

    def log(store: Store, answers: Answers) -> tuple[str, str]:
        values = dialogs.fixes.verified(answers)
        return store.fixes.verify(here.id, **values), values["fix"]

    def words(logged: tuple[str, str]) -> str:
        done = _("Logged a verification of {id}.").format(id=on.short_id(here.id))
        why = verdicts.says_nothing(on.session.board, here.id, *logged)
        return f"{done}\n{why}" if why else done

    await on.save(
        dialogs.fixes.Verify(here, on.session.board.occurrences.last_environment()),
        log,
        words,
        about=(here.id,),
    )


async def reopen(on: PitfallContext[Any]) -> None:
    """Go back to the status before the fix, with what shows that it is broken again."""
    chosen = on.chosen()
    if not chosen.several and chosen.shown[0].status is not Status.FIXED_UPSTREAM:
        on.hint(_("It is not fixed upstream, so nothing is to be reopened. s sets the status."))
        return
    await on.change(
        dialogs.fixes.Reopen(chosen, _why_broken(on, chosen)),
        lambda store, ids, answers: store.status.reopen(ids, reason=answers["reason"]),
        _("Reopened: {id}").format(id=chosen.title),
    )


def _why_broken(on: PitfallContext[Any], chosen: Chosen) -> str:
    """What the newest regression says; nothing if there are several pitfalls, or none."""
    if chosen.several:
        return ""
    [pitfall] = chosen.shown
    newest = on.session.board.occurrences.newest_regression(pitfall.id)
    by = on.session.board.fixes.judging(pitfall.id)
    judged = judge(newest, by.fixes) if newest is not None else None
    if newest is None or judged is None:
        return ""
    return _("{verdict} (seen {when} by {who})").format(
        verdict=verdicts.verdict_words(judged, by), when=moment(newest.seen_at), who=newest.who
    )


async def confirm_workaround(on: PitfallContext[Any]) -> None:
    """Confirm the workaround of what is chosen."""
    chosen = on.chosen()
    if not chosen.several and not read(chosen.shown[0].workaround):
        on.hint(_("It has no workaround yet. Press e to add one."))
        return
    await on.change(
        dialogs.fixes.ConfirmWorkaround(chosen),
        lambda store, ids, answers: store.fixes.confirm_workaround(ids, answers["note"]),
        _("Confirmed the workaround: {title}").format(title=chosen.title),
    )


COMMANDS: Final = (
    Command(
        "edit",
        "e",
        N_("edit"),
        N_("Edit…"),
        N_("Edit every field"),
        CHANGE,
        edit,
        {BOARD: 8, TRIAGE: 12},
        aliases=(
            "change title component severity tags workaround assignee due ticket 修改 字段 标签 "
            "tag label priority rename signature update entry 标题 严重程度 优先级 改 编辑"
        ),
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "assign_to_me",
        "M",
        N_("assign"),
        N_("Assign to me"),
        N_("Assign it to yourself"),
        CHANGE,
        assign_to_me,
        {BOARD: 0, TRIAGE: 49},
        aliases="assignee owner mine take claim 指派 负责人 我 认领 处理人 own",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "edit_in_editor",
        "E",
        N_("editor"),
        N_("Edit in $EDITOR…"),
        N_("Edit the pitfall in $EDITOR"),
        CHANGE,
        edit_in_editor,
        {BOARD: 0, TRIAGE: 26},
        aliases="vim nano external markdown 编辑器 yaml 外部",
        writes=True,
        when=a_pitfall_under_the_cursor,
        is_local=True,
    ),
    Command(
        "comment",
        "c",
        N_("comment"),
        N_("Comment…"),
        N_("Add a comment"),
        CHANGE,
        comment,
        {BOARD: 0, TRIAGE: 14},
        aliases="note remark discuss 评论 备注 reply message 留言 讨论",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "set_status",
        "s",
        N_("status"),
        N_("Set status…"),
        N_("Set the status, with its reason or fix"),
        CHANGE,
        set_status,
        {BOARD: 5, TRIAGE: 11},
        aliases=(
            "open workaround fixed close resolve 状态 解决 关闭 done finished state change "
            "完成 改状态 设置状态"
        ),
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "record_fix",
        "F",
        N_("fix"),
        N_("Record fix…"),
        N_("Record a fix, or edit one"),
        CHANGE,
        record_fix,
        {BOARD: 0, TRIAGE: 42},
        aliases="fixed upstream version released 修复 版本 patch resolved 已修复 官方修复 fix",
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "verify",
        "V",
        N_("verify"),
        N_("Verify fix…"),
        N_("Log whether a fix holds here"),
        CHANGE,
        verify,
        {BOARD: 0, TRIAGE: 43},
        aliases="test tried works not reproduced 验证 复测 check confirm retest holds 检查",
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "confirm_workaround",
        "C",
        N_("confirm"),
        N_("Confirm workaround…"),
        N_("Confirm that the workaround still works"),
        CHANGE,
        confirm_workaround,
        {BOARD: 0},
        aliases="still works review verify 规避方案 确认 valid 有效",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "reopen",
        "6",
        N_("reopen"),
        N_("Reopen (fix doesn't hold)…"),
        N_("Reopen: the fix doesn't hold"),
        DECIDE,
        reopen,
        {BOARD: 0, TRIAGE: 41},
        aliases=(
            "regression broken again fix does not hold 回归 重新打开 came back returned "
            "regressed 复发 又出现 重开"
        ),
        writes=True,
        when=a_pitfall,
    ),
)
