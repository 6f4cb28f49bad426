"""Changing and copying what is written about a pitfall: fields, comments, references."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_, PitboardError
from storage.model.plan import ME
from storage.model.vocabulary import is_web_address
from storage.read.board import Board
from storage.text.sanitize import sanitize
from tui import dialogs
from tui.commands import attachments
from tui.commands.command import BOARD, CHANGE, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall, a_pitfall_under_the_cursor
from tui.services.external_programs import (
    document,
    document_changes,
    edit_beside,
    has_browser,
    put_aside,
)
from tui.text.i18n import _, listed, translator
from tui.text.vocabulary import day

if TYPE_CHECKING:
    from storage.model.records import Pitfall, Reference, VendorReply
    from storage.reports.bug_report import BugReport
    from storage.write.store import Store
    from tui.dialogs.form import Answers


async def edit(on: PitfallContext[Any]) -> None:
    """Edit every field; among the references, the entry under the cursor."""
    if on.pitfalls.marked:
        await _edit_several(on)
        return
    here, tab = on.here(), on.detail.tab if on.screen.reading else ""
    if tab == "references" and (reply := on.detail.chosen_reply) is not None:
        await _edit_vendor_reply(on, here, reply)
    elif (attachment := on.attachment) is not None:
        await attachments.edit(on, here, attachment)
    elif tab == "references" and (reference := on.detail.chosen_reference) is not None:
        await _edit_reference(on, here, reference)
    else:
        await _edit_fields(on, here)


async def _edit_fields(on: PitfallContext[Any], here: Pitfall) -> None:
    await on.save(
        dialogs.forms.EditPitfall(here, on.session.path),
        lambda store, answers: store.pitfalls.edit(
            here.id, **dialogs.forms.edits(answers.only_changed)
        ),
        _("Saved {id}.").format(id=on.short_id(here.id)),
        about=(here.id,),
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


async def _edit_reference(on: PitfallContext[Any], here: Pitfall, chosen: Reference) -> None:
    await on.amend(
        dialogs.references.EditReference(chosen),
        (here.id, chosen.id),
        dialogs.references.reference,
        _("Saved {id}.").format(id=on.short_id(here.id)),
    )


async def _edit_vendor_reply(on: PitfallContext[Any], here: Pitfall, chosen: VendorReply) -> None:
    await on.amend(
        dialogs.references.EditVendorReply(chosen),
        (here.id, chosen.id),
        dialogs.references.reply,
        _("Saved {id}.").format(id=on.short_id(here.id)),
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
    before = document(here)
    after = edit_beside(on.app, before)
    try:
        edited = document_changes(before, after)
        changed = await on.write(
            lambda store: store.pitfalls.edit(
                here.id, edited.changes, tags=edited.tags, signatures=edited.signatures
            )
        )
    except PitboardError:
        # Put what was refused where its writer finds it.
        on.screen.notify(
            _("What you typed is in {path}.").format(path=put_aside(after)),
            timeout=20,
            markup=False,
        )
        raise
    words = _("Saved {id}.") if changed else _("Nothing changed in {id}.")
    on.done(words.format(id=on.short_id(here.id)))


async def comment(on: PitfallContext[Any]) -> None:
    """Comment."""
    chosen = on.chosen()
    await on.change(
        dialogs.forms.AddComment(chosen),
        lambda store, ids, answers: store.comments.add(ids, answers["text"]),
        _("Commented on {id}.").format(id=chosen.title),
    )


async def add_reference(on: PitfallContext[Any]) -> None:
    """Add a reference."""
    chosen = on.chosen()
    await on.change(
        dialogs.references.AddReference(chosen),
        lambda store, ids, answers: store.links.add(ids, **dialogs.references.reference(answers)),
        _("Added a reference to {id}.").format(id=chosen.title),
    )


async def add_vendor_reply(on: PitfallContext[Any]) -> None:
    """Record what the vendor said at the chosen reference, or elsewhere."""
    form, here = dialogs.references, on.here()
    chosen = on.reference(here)

    def save(store: Store, answers: Answers) -> None:
        # The chosen reference is named by itself: others may have the same address.
        is_there = chosen is not None and "reference" not in answers.changed
        where = chosen.id if chosen is not None and is_there else form.place(answers)
        store.links.add_reply(here.id, where, **form.reply(answers))

    await on.save(
        form.AddVendorReply(chosen),
        save,
        _("Added a vendor reply to {id}.").format(id=on.short_id(here.id)),
        about=(here.id,),
    )


def open_reference(on: PitfallContext[Any]) -> None:
    """Open the chosen reference in the browser, or the attachment in the system's viewer."""
    if (attachment := on.attachment) is not None:
        on.screen.start(attachments.view(on, attachment))
        return
    if not (url := _chosen_url(on)):
        return
    if not is_web_address(url):
        words = _("This is no web address, so it is not opened: {url}")
        on.warn(words.format(url=sanitize(url)))
    elif has_browser():
        on.app.open_url(url)
        on.done(_("Opened {url}").format(url=sanitize(url)))
    else:
        on.app.copy_to_clipboard(sanitize(url))
        words = _("No browser can be opened from here, so it was copied: {url}")
        on.done(words.format(url=sanitize(url)))


def copy_link(on: PitfallContext[Any]) -> None:
    """Copy the link of the chosen reference."""
    if url := _chosen_url(on):
        on.app.copy_to_clipboard(sanitize(url))
        on.done(_("Copied {what}").format(what=sanitize(url)))


def _chosen_url(on: PitfallContext[Any]) -> str:
    chosen = on.reference(on.here())
    if chosen is None:
        on.hint(_("It has no reference yet. Press l to add one."))
        return ""
    return chosen.url


def copy_id(on: PitfallContext[Any]) -> None:
    """Copy the id."""
    if (row := on.pitfalls.row) is not None:
        on.app.copy_to_clipboard(row.id)
        on.done(_("Copied {what}").format(what=row.id))


async def copy_bug_report(on: PitfallContext[Any]) -> None:
    """Copy a bug report for the vendor's community."""
    # Loaded here, since few reports are written.
    from storage.reports.bug_report import bug_report

    pitfall = on.here().id

    def write() -> BugReport:
        with Board.open(on.session.path) as board:
            return bug_report(board, pitfall, translator(), day)

    written = await asyncio.to_thread(write)
    on.app.copy_to_clipboard(written.text)
    on.done(_("Copied a bug report of {id}.").format(id=on.short_id(pitfall)))
    if written.missing:
        words = _("The vendor will ask for what is missing: {what}")
        on.warn(words.format(what=listed(written.missing)), 12)


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
            "tag label priority rename signature update 标题 严重程度 优先级 改 编辑"
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
        "add_reference",
        "l",
        N_("link"),
        N_("Add reference…"),
        N_("Add a reference with its URL and a quote"),
        CHANGE,
        add_reference,
        {BOARD: 0, TRIAGE: 27},
        aliases="url link source 链接 参考 issue docs attach reference 网址 引用",
        writes=True,
        when=a_pitfall,
    ),
    Command(
        "open_reference",
        "o",
        N_("browse"),
        N_("Open reference"),
        N_("Open a reference in the browser, or a file"),
        CHANGE,
        open_reference,
        {BOARD: 0, TRIAGE: 28},
        aliases="url link web browser attachment 浏览器 链接 visit follow browse 打开链接",
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "copy_link",
        "Y",
        N_("copy link"),
        N_("Copy link"),
        N_("Copy the link of a reference"),
        CHANGE,
        copy_link,
        {BOARD: 0, TRIAGE: 32},
        aliases="url clipboard yank 剪贴板 链接 copy 复制",
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "add_vendor_reply",
        "A",
        N_("vendor reply"),
        N_("Add vendor reply…"),
        N_("Add a reply of the vendor"),
        CHANGE,
        add_vendor_reply,
        {BOARD: 0, TRIAGE: 39},
        aliases=(
            "official answer response tencent upstream 官方 回复 vendor statement reply wecom "
            "腾讯 官方说法 厂商"
        ),
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "copy_report",
        "B",
        N_("bug report"),
        N_("Copy bug report"),
        N_("Copy a bug report for the vendor"),
        CHANGE,
        copy_bug_report,
        {BOARD: 0, TRIAGE: 40},
        aliases=(
            "vendor community clipboard export 反馈 剪贴板 bug report issue template markdown "
            "导出 报告 提交"
        ),
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "copy_id",
        "y",
        N_("copy id"),
        N_("Copy id"),
        N_("Copy the id"),
        CHANGE,
        copy_id,
        {BOARD: 0, TRIAGE: 31},
        aliases="clipboard yank 剪贴板 编号 copy number 复制 ID",
        when=a_pitfall_under_the_cursor,
    ),
)
