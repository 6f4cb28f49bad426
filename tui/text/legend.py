"""The legend: every mark that a screen shows, and what it means."""

from __future__ import annotations

from tui.text import attachments, retro, sharing, verdicts
from tui.text.i18n import _
from tui.text.vocabulary import BARS, MARKS, UPSTREAM_MARKS, word


def legend() -> list[tuple[str, str]]:
    """Marks with their meanings, from the tables that the screens use."""
    lines = [(mark, word(status)) for status, mark in MARKS.items()]
    lines += [
        (mark, _("vendor: {state}").format(state=word(state)))
        for state, mark in UPSTREAM_MARKS.items()
    ]
    lines += [(mark, word(verdict)) for verdict, mark in verdicts.VERDICT_MARKS.items()]
    lines += [
        (mark, _("fix: {state}").format(state=word(state)))
        for state, mark in verdicts.STATE_MARKS.items()
    ]
    lines += [
        ("✘", _("reproduced (environments)")),
        ("✔", _("not reproduced (environments)")),
        ("◷", _("seen in older versions only")),
        ("·", _("untested")),
        ("✉", _("waits in the inbox")),
        (sharing.SHARED, _("shared board, sync status")),
        ("=", _("matches a signature or a message")),
        ("≈", _("similar text")),
        ("↳", _("vendor reply at a reference")),
        ("≠", _("conflicting values in a pasted text")),
        (f"{BARS[1]}…{BARS[-1]}", _("occurrences by week")),
    ]
    lines += [(mark, word(kind)) for kind, mark in attachments.MARKS.items()]
    lines += [(mark, word(kind)) for kind, mark in retro.NOTE_MARKS.items()]
    lines.append((retro.DONE, _("follow-up done")))
    return lines
