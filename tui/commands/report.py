"""What comes in (occurrences, new pitfalls, pasted text, files), and a bug report that goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.read.board import Board
from tui import deferred, dialogs
from tui.commands.command import BOARD, CHANGE, GENERAL, TRIAGE, Command
from tui.commands.context import PitfallContext, a_pitfall_under_the_cursor
from tui.text.i18n import _, listed, translator
from tui.text.vocabulary import day

if TYPE_CHECKING:
    from storage.reports.bug_report import BugReport
    from storage.write.store import Store
    from tui.dialogs.form import Answers
    from tui.dialogs.forms import LogOccurrence
    from tui.text import verdicts
else:
    # The first paint waits for what declares commands, and not for what carries them out.
    verdicts = deferred("tui.text.verdicts")


async def log_occurrence(on: PitfallContext[Any]) -> None:
    """Log an occurrence of the pitfall under the cursor or another one, or of all marked."""
    forms, board = dialogs.forms, on.session.board
    if not on.pitfalls.marked:
        form = forms.LogOccurrence(board, on.pitfalls.row, board.occurrences.last_environment())
        await on.save(form, partial(_log, on), partial(_logged_words, on))
        return
    chosen = on.chosen()

    def log(store: Store, ids: Sequence[str], answers: Answers) -> None:
        _log_of(on, store, ids, dialogs.forms.occurrence_values(answers), answers)

    await on.change(
        forms.LogOnSeveral(chosen, board.occurrences.last_environment()),
        log,
        _("Logged an occurrence of {id}.").format(id=chosen.title),
    )


class Logged(NamedTuple):
    """An occurrence that was just logged: the ids of its pitfall and of itself."""

    pitfall: str
    occurrence: str


def _log(on: PitfallContext[Any], store: Store, answers: Answers) -> Logged:
    """Log an occurrence of the pitfall that a form names."""
    pitfall, values = dialogs.forms.occurrence(answers)
    return Logged(pitfall, _log_of(on, store, pitfall, values, answers))


def _logged_words(on: PitfallContext[Any], logged: Logged) -> str:
    """That it was logged, and what it says of the fixes."""
    words = _("Logged an occurrence of {id}.").format(id=on.short_id(logged.pitfall))
    verdict = verdicts.verdict_of(on.session.board, *logged)
    return f"{words}\n{verdict}" if verdict else words


def _log_of(
    on: PitfallContext[Any],
    store: Store,
    pitfalls: str | Sequence[str],
    values: Mapping[str, Any],
    answers: Answers,
) -> str:
    """Log an occurrence, with the file that the form names; say if its versions are doubtful.

    Returns:
        The occurrence's id; the first one's, if there are several.
    """
    files = dialogs.references.attached(answers)
    doubt = _doubt(on, values)
    logged = store.occurrences.log(pitfalls, attached=files, **values)
    _say_doubt(on, doubt)
    return logged


def _doubt(on: PitfallContext[Any], occurrence: Mapping[str, Any]) -> str:
    """What of an occurrence contradicts the version pairs of the others."""
    with Board.open(on.session.path) as board:
        return verdicts.doubted(board, occurrence)


def _say_doubt(on: PitfallContext[Any], doubt: str) -> None:
    if doubt:
        on.screen.call_later(on.warn, doubt, 12)


async def new_pitfall(on: PitfallContext[Any]) -> None:
    """Report a new pitfall, or log an occurrence of a known one instead; go to it."""

    def report(store: Store, answers: Answers) -> Logged:
        files = dialogs.references.attached(answers)
        new = dialogs.new_pitfall.report(answers)
        seen = new["occurrence"]
        doubt = _doubt(on, seen) if seen is not None else ""
        pitfall = store.pitfalls.report(**new, attached=files)
        _say_doubt(on, doubt)
        return Logged(pitfall, "" if seen is None else "reported")

    def words(reported: Logged) -> str:
        shown = (
            _("Reported {id}, with an occurrence.")
            if reported.occurrence
            else _("Reported {id}. Press a to log where it was seen.")
        )
        return shown.format(id=on.short_id(reported.pitfall))

    async def log_instead(form: LogOccurrence) -> bool:
        logged = await on.save(
            form,
            partial(_log, on),
            partial(_logged_words, on),
            then=lambda logged: on.screen.go_to(logged.pitfall),
        )
        return logged is not None

    await on.save(
        dialogs.new_pitfall.NewPitfall(on.session, log_instead),
        report,
        words,
        then=lambda reported: on.screen.go_to(reported.pitfall),
    )


async def paste(on: PitfallContext[Any]) -> None:
    """Paste anything and log it: against a known pitfall, or as a new one in the inbox."""

    def log(store: Store, answers: Answers) -> Logged:
        if answers["pitfall"]:
            pitfall, occurrence = dialogs.paste.pasted(answers)
            return Logged(pitfall, _log_of(on, store, pitfall, occurrence, answers))
        new = dialogs.paste.unmatched(answers)
        doubt = _doubt(on, new["occurrence"])
        pitfall = store.pitfalls.report(**new)
        _say_doubt(on, doubt)
        return Logged(pitfall, "")

    def words(logged: Logged) -> str:
        if logged.occurrence:
            return _logged_words(on, logged)
        return _("Added {id} to the inbox.").format(id=on.short_id(logged.pitfall))

    await on.save(
        dialogs.paste.Paste(on.session, on.open),
        log,
        words,
        # The workaround is what people came for.
        then=lambda logged: on.open(logged.pitfall),
    )


async def import_(on: PitfallContext[Any]) -> None:
    """Import a file: notes, a list of issues, or events."""
    dialog = dialogs.importing.ImportDialog(on.session)
    message = await on.ask(dialog)
    on.screen.look_for_changes()
    if dialog.wants_triage:
        on.screen.run_command("inbox")
    elif message is not None:
        on.done(message)


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
        "log_occurrence",
        "a",
        N_("log"),
        N_("Log occurrence…"),
        N_("Log an occurrence of a pitfall"),
        CHANGE,
        log_occurrence,
        {BOARD: 3, TRIAGE: 13},
        aliases=(
            "add seen occurrence hit happened again reproduced 出现 复现 遇到 occurrence log "
            "encounter reproduce +1 又遇到 记录 记一次"
        ),
        writes=True,
    ),
    Command(
        "paste",
        "p",
        N_("paste"),
        N_("Paste an error…"),
        N_("Paste an error or a report to find known pitfalls"),
        CHANGE,
        paste,
        {BOARD: 4},
        aliases=(
            "clipboard match recognise known 粘贴 识别 报错 error message stack trace "
            "identify 错误 日志 查错"
        ),
        writes=True,
    ),
    Command(
        "new_pitfall",
        "n",
        N_("new"),
        N_("Report pitfall…"),
        N_("Report a new pitfall"),
        CHANGE,
        new_pitfall,
        {BOARD: 4},
        aliases="create add issue bug 新建 上报 report ticket pitfall 新增 提 缺陷 问题",
        writes=True,
    ),
    Command(
        "import_items",
        "I",
        N_("import"),
        N_("Import…"),
        N_("Import notes, a list of issues, or events"),
        GENERAL,
        import_,
        {BOARD: 0},
        aliases=(
            "file csv json markdown load 导入 文件 migrate bring in upload restore notes "
            "excel 迁移 批量导入"
        ),
        writes=True,
        is_local=True,
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
            "vendor community clipboard 反馈 剪贴板 bug report issue template markdown 报告 提交"
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
