"""What a pitfall points to: references with vendor replies, and attached files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_, PitboardError, Refused
from storage.model.records import Attachment
from storage.model.vocabulary import is_web_address
from storage.read.board import Board
from storage.text.sanitize import file_name, sanitize
from tui import deferred, dialogs
from tui.commands.command import BOARD, CHANGE, DECIDE, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall, a_pitfall_under_the_cursor
from tui.services import terminal
from tui.text.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.db import blobs
    from storage.model.records import Pitfall, Reference, VendorReply
    from storage.model.verdicts import ReplySuggestion
    from storage.write.store import Store
    from tui.dialogs.form import Answers, Form
    from tui.services import external_programs
    from tui.text import fields
else:
    # The first paint waits for what declares commands, and not for what carries them out.
    blobs = deferred("storage.db.blobs")
    external_programs = deferred("tui.services.external_programs")
    fields = deferred("tui.text.fields")


async def add_reference(on: PitfallContext[Any]) -> None:
    """Add a reference."""
    chosen = on.chosen()
    await on.change(
        dialogs.references.AddReference(chosen),
        lambda store, ids, answers: store.links.add(ids, **dialogs.references.reference(answers)),
        _("Added a reference to {id}.").format(id=chosen.title),
    )


def _again(
    on: PitfallContext[Any], here: Pitfall, name: str, entry: str, form: Callable[[Any], Form]
) -> Form | None:
    """The form of an entry as the board has it now, among those of a name; None if it is hidden."""
    entries = getattr(on.session.board.pitfall(here.id), name)
    return next((form(one) for one in entries if one.id == entry), None)


async def edit_reference(on: PitfallContext[Any], here: Pitfall, chosen: Reference) -> None:
    """Change or hide a reference."""
    await on.amend(
        dialogs.references.EditReference(chosen),
        (here.id, chosen.id),
        dialogs.references.reference,
        _("Saved {id}.").format(id=on.short_id(here.id)),
        lambda: _again(on, here, "references", chosen.id, dialogs.references.EditReference),
    )


async def add_vendor_reply(on: PitfallContext[Any]) -> None:
    """Record what the vendor said at the chosen reference, or elsewhere."""
    here = on.here()
    await _record_reply(on, here, on.reference(here))


async def suggested_reply(on: PitfallContext[Any]) -> None:
    """Record the reply that watching suggests; of a page that is gone, edit its reference."""
    here = on.here()
    found = on.session.board.inbox.suggestions(here.id)
    links = {one.url: one for one in here.references}
    suggested = next((one for one in found if one.url in links), None)
    if suggested is None:
        on.hint(_("No vendor reply is suggested for it."))
    elif suggested.kind is None:
        await edit_reference(on, here, links[suggested.url])
    else:
        await _record_reply(on, here, links[suggested.url], suggested)


async def _record_reply(
    on: PitfallContext[Any],
    here: Pitfall,
    chosen: Reference | None,
    suggested: ReplySuggestion | None = None,
) -> None:
    form = dialogs.references

    def save(store: Store, answers: Answers) -> None:
        # The chosen reference is named by itself: others may have the same address.
        is_there = chosen is not None and "reference" not in answers.changed
        where = chosen.id if chosen is not None and is_there else form.place(answers)
        store.links.add_reply(here.id, where, **form.reply(answers))

    await on.save(
        form.AddVendorReply(chosen, suggested),
        save,
        _("Added a vendor reply to {id}.").format(id=on.short_id(here.id)),
        about=(here.id,),
    )


async def edit_vendor_reply(on: PitfallContext[Any], here: Pitfall, chosen: VendorReply) -> None:
    """Change or hide a vendor reply."""
    await on.amend(
        dialogs.references.EditVendorReply(chosen),
        (here.id, chosen.id),
        dialogs.references.reply,
        _("Saved {id}.").format(id=on.short_id(here.id)),
        lambda: _again(on, here, "vendor_replies", chosen.id, dialogs.references.EditVendorReply),
    )


def open_reference(on: PitfallContext[Any]) -> None:
    """Open the chosen reference in the browser, or the attachment in the system's viewer."""
    if (attachment := on.attachment) is not None:
        on.screen.start(view(on, attachment))
        return
    if not (url := _chosen_url(on)):
        return
    if not is_web_address(url):
        words = _("This is no web address, so it is not opened: {url}")
        on.warn(words.format(url=sanitize(url)))
    elif external_programs.has_browser() and not on.app.is_web:
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


# Attached files


async def attach(on: PitfallContext[Any]) -> None:
    """Attach a file to the pitfall under the cursor, or to all that are marked."""
    chosen = on.chosen()
    await on.change(
        dialogs.references.AttachFile(chosen),
        lambda store, ids, answers: store.attachments.add(
            ids, dialogs.references.attachment(answers)
        ),
        _("Attached a file to {id}.").format(id=chosen.title),
    )


async def edit_attachment(on: PitfallContext[Any], here: Pitfall, chosen: Attachment) -> None:
    """Change or hide an attachment."""
    await on.amend(
        dialogs.references.EditAttachment(chosen),
        (here.id, chosen.id),
        lambda answers: answers,
        _("Saved {id}.").format(id=on.short_id(here.id)),
        lambda: _again(on, here, "attachments", chosen.id, dialogs.references.EditAttachment),
    )


async def save_attachment(on: PitfallContext[Any]) -> None:
    """Save the attachment under the cursor, or the only one."""
    here, chosen = on.here(), on.attachment
    if chosen is None and len(here.attachments) == 1:
        [chosen] = here.attachments
    if chosen is None:
        on.warn(
            _("Choose one of the attachments among the references first.")
            if here.attachments
            else _("Nothing is attached to it. Press @ to attach a file.")
        )
        return
    await _save(on, chosen)


async def _save(on: PitfallContext[Any], chosen: Attachment) -> None:
    def write(answers: Answers) -> Path:
        folder = Path(answers["folder"] or ".").expanduser()
        if not folder.is_dir():
            raise Refused(
                N_("There is no folder {path}."),
                N_("Make it first, or name another."),
                field="folder",
                path=folder,
            )
        force = answers["force"] == "yes"
        return blobs.save_file(_content(on, chosen), file_name(chosen.label), folder, force=force)

    path = await on.fill_in(dialogs.references.SaveAttachment(chosen), write)
    if path is not None:
        on.done(_("Saved to {path}.").format(path=sanitize(str(path))))


async def show(on: PitfallContext[Any], chosen: Attachment) -> None:
    """Show a picture in the terminal, and do then what is wanted of it."""
    picture = await asyncio.to_thread(lambda: terminal.unpacked(_content(on, chosen)))
    terminal.make_ready(on.app)
    wanted = await on.ask(dialogs.references.PictureScreen(chosen, picture))
    if wanted == "open":
        await view(on, chosen)
    elif wanted == "save" and not on.app.is_web:
        await _save(on, chosen)


async def view(on: PitfallContext[Any], chosen: Attachment) -> None:
    """Open an attachment with the system's viewer."""
    if on.app.is_web:
        on.hint(_("Not in a browser: attachments are opened on the machine that serves the board."))
        return
    try:
        await asyncio.to_thread(lambda: external_programs.view(_content(on, chosen)))
    except Refused as error:
        # Here a key does what the advice says.
        raise PitboardError(error.message, N_("Press > to save it."), **error.values) from error
    on.done(_("Opened “{label}”.").format(label=sanitize(chosen.label)))


def _content(on: PitfallContext[Any], chosen: Attachment) -> bytes:
    """The bytes of an attachment; to be read in a thread.

    Raises:
        PitboardError: they are not here, or damaged.
    """
    with Board.open(on.session.path) as board:
        return fields.content_of(board, chosen)


COMMANDS: Final = (
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
            "official answer response tencent upstream 官方 回复 vendor reply statement wecom "
            "腾讯 官方说法 厂商"
        ),
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "suggested_reply",
        "0",
        N_("suggested reply"),
        N_("Suggested vendor reply…"),
        N_("Record the vendor reply that watching links suggests"),
        DECIDE,
        suggested_reply,
        {BOARD: 0, TRIAGE: 6},
        aliases="watch suggestion link changed vendor 建议 官方回复 关注 监视 采纳",
        writes=True,
        when=a_pitfall_under_the_cursor,
    ),
    Command(
        "attach",
        "at",
        N_("attach"),
        N_("Attach file…"),
        N_("Attach a file: a screenshot, a log"),
        CHANGE,
        attach,
        {BOARD: 0, TRIAGE: 29},
        display="@",
        aliases=(
            "upload screenshot image log 附件 截图 上传 file picture photo add 文件 图片 添加附件"
        ),
        writes=True,
        when=a_pitfall,
        is_local=True,
    ),
    Command(
        "save_attachment",
        "greater_than_sign",
        N_("save file"),
        N_("Save attachment…"),
        N_("Save an attachment to a file"),
        CHANGE,
        save_attachment,
        {BOARD: 0, TRIAGE: 30},
        display=">",
        aliases="download screenshot 下载 附件 file save 保存",
        when=a_pitfall_under_the_cursor,
        is_local=True,
    ),
)
