"""Files on pitfalls: attaching, viewing, saving, editing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.db.blobs import save_file
from storage.errors import N_, PitboardError, Refused
from storage.model.records import Attachment
from storage.read.board import Board
from storage.text.sanitize import file_name, sanitize
from tui import dialogs
from tui.commands.command import BOARD, CHANGE, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall, a_pitfall_under_the_cursor
from tui.services import external_programs, images
from tui.text.fields import content_of
from tui.text.i18n import _

if TYPE_CHECKING:
    from storage.model.records import Pitfall
    from tui.dialogs.form import Answers


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


async def edit(on: PitfallContext[Any], here: Pitfall, chosen: Attachment) -> None:
    """Change or hide an attachment."""
    await on.amend(
        dialogs.references.EditAttachment(chosen),
        (here.id, chosen.id),
        lambda answers: answers,
        _("Saved {id}.").format(id=on.short_id(here.id)),
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
        return save_file(_content(on, chosen), file_name(chosen.label), folder, force=force)

    path = await on.fill_in(dialogs.references.SaveAttachment(chosen), write)
    if path is not None:
        on.done(_("Saved to {path}.").format(path=sanitize(str(path))))


async def show(on: PitfallContext[Any], chosen: Attachment) -> None:
    """Show a picture in the terminal, and do then what is wanted of it."""
    picture = await asyncio.to_thread(lambda: images.unpacked(_content(on, chosen)))
    images.make_ready(on.app)
    wanted = await on.ask(dialogs.references.PictureScreen(chosen, picture))
    if wanted == "open":
        await view(on, chosen)
    elif wanted == "save":
        await _save(on, chosen)


async def view(on: PitfallContext[Any], chosen: Attachment) -> None:
    """Open an attachment with the system's viewer."""
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
        return content_of(board, chosen)


COMMANDS: Final = (
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
        aliases="download export screenshot 下载 附件 file save 保存 导出",
        when=a_pitfall_under_the_cursor,
    ),
)
