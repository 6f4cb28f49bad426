"""The second tab: where the pitfall showed itself, where it did not, and what is untested."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from textual.app import ComposeResult
from textual.containers import HorizontalScroll, Vertical
from textual.content import Content
from textual.widgets import Static

from storage.models import Environment, Occurrence, Tally
from storage.plaintext import harmless
from storage.vocabulary import Channel, Host, Outcome, Platform
from tui.cells import fit, width
from tui.language import _, read
from tui.words import moment, word

REPRODUCED: Final = "✘"
NOT_REPRODUCED: Final = "✔"
_UNTESTED: Final = "·"

_BLANK: Final = (_UNTESTED, "$text-muted")
_EVERYBODY_HAS: Final = (Platform.ANDROID, Platform.IOS, Platform.DEVTOOLS)


class Environments(Vertical):
    """A table of platform × channel, and under it the occurrences behind it."""

    DEFAULT_CSS = """
    Environments { height: auto; }
    Environments > HorizontalScroll { height: auto; scrollbar-size-horizontal: 1; }
    Environments > HorizontalScroll > #matrix { width: auto; }
    Environments > #legend { color: $text-muted; margin-bottom: 1; }
    """

    def compose(self) -> ComposeResult:
        """The table, its legend, the occurrences."""
        with HorizontalScroll(can_focus=False):
            yield Static(id="matrix", markup=False)
        yield Static(id="legend", markup=False)
        yield Static(id="occurrences", markup=False)

    def show(self, tallies: list[Tally], occurrences: list[Occurrence], total: int) -> None:
        """Show what the occurrences of one pitfall came to.

        Args:
            tallies: by host, platform and channel.
            occurrences: the newest ones.
            total: how many there are, each counted as often as it says.
        """
        self.query_one("#matrix", Static).update(matrix(tallies))
        legend = (
            f"{REPRODUCED} {word(Outcome.REPRODUCED)}  "
            f"{NOT_REPRODUCED} {word(Outcome.NOT_REPRODUCED)}  {_UNTESTED} {_('untested')}"
        )
        self.query_one("#legend", Static).update(Content(legend))
        lines = [_occurrence(one) for one in occurrences]
        shown = sum(one.count for one in occurrences)
        if not lines:
            lines = [Content(_("Nobody has logged an occurrence yet. Press a to log one."))]
        elif shown < total:
            lines.append(
                Content(
                    _("… and {n} older ones; “pitboard show” lists all.").format(n=total - shown)
                )
            )
        self.query_one("#occurrences", Static).update(Content("\n").join(lines))


def matrix(tallies: list[Tally]) -> Content:
    """A table for each host app: a line for each channel, a column for each platform."""
    seen_in = {tally.host for tally in tallies}
    hosts: list[Host | None] = [host for host in Host if host in seen_in]
    hosts += [None] if None in seen_in or not hosts else []
    tables = [_table(host, [tally for tally in tallies if tally.host == host]) for host in hosts]
    return Content("\n").join(tables)


def _table(host: Host | None, tallies: list[Tally]) -> Content:
    cells: dict[tuple[Channel | None, Platform | None], list[int]] = defaultdict(lambda: [0, 0])
    for tally in tallies:
        cell = cells[tally.channel, tally.platform]
        cell[0] += tally.reproduced
        cell[1] += tally.not_reproduced
    filled = {place: _cell(*counts) for place, counts in cells.items()}
    tried = {platform for _channel, platform in filled}
    platforms: list[Platform | None] = [
        one for one in Platform if one in tried or one in _EVERYBODY_HAS
    ]
    channels: list[Channel | None] = list(Channel)
    platforms += [None] if None in tried else []
    channels += [None] if any(channel is None for channel, _platform in filled) else []
    first = 2 + max(width(_channel_word(channel)) for channel in channels)
    columns = {
        platform: 2
        + max(
            width(_platform_word(platform)),
            *(width(filled.get((channel, platform), _BLANK)[0]) for channel in channels),
        )
        for platform in platforms
    }
    lines = [
        Content.assemble(
            (fit(word(host) if host else "", first), "bold"),
            *((fit(_platform_word(one), columns[one]), "bold") for one in platforms),
        )
    ]
    for channel in channels:
        row = [(fit(_channel_word(channel), first), "$text-muted")]
        for platform in platforms:
            text, style = filled.get((channel, platform), _BLANK)
            row.append((fit(text, columns[platform]), style))
        lines.append(Content.assemble(*row))
    return Content("\n").join([*lines, Content("")])


def _channel_word(channel: Channel | None) -> str:
    return _("channel unsaid") if channel is None else word(channel)


def _platform_word(platform: Platform | None) -> str:
    return _("unsaid") if platform is None else word(platform)


def _cell(reproduced: int, not_reproduced: int) -> tuple[str, str]:
    if reproduced and not_reproduced:
        return f"{REPRODUCED}{reproduced} {NOT_REPRODUCED}{not_reproduced}", "$text-warning"
    if reproduced:
        return f"{REPRODUCED} {reproduced}", "$text-error"
    return f"{NOT_REPRODUCED} {not_reproduced}", "$text-success"


def _occurrence(one: Occurrence) -> Content:
    reproduced = one.outcome is Outcome.REPRODUCED
    mark, style = (REPRODUCED, "$text-error") if reproduced else (NOT_REPRODUCED, "$text-success")
    message, note = harmless(one.message, lines=True).strip(), harmless(read(one.note), lines=True)
    times = f" ×{one.count}" if one.count > 1 else ""
    return Content.assemble(
        (f"{mark}{times} ", style),
        (f"{moment(one.seen_at)} {harmless(one.who)}", "bold"),
        f"\n  {described(one.environment)}" if one.environment != Environment() else "",
        (_indented(message), "$secondary") if message else "",
        _indented(note) if note else "",
    )


def _indented(text: str) -> str:
    return "".join(f"\n  {line}" for line in text.splitlines())


def described(environment: Environment) -> str:
    """An environment in one line, of what was said about it."""
    host, platform, channel = environment.host, environment.platform, environment.channel
    parts = [
        " ".join(
            one for one in (word(host) if host else "", environment.client_version or "") if one
        ),
        " ".join(
            one for one in (word(platform) if platform else "", environment.os_version or "") if one
        ),
        environment.device or "",
        word(channel) if channel else "",
        _("base library {v}").format(v=environment.base_library)
        if environment.base_library
        else "",
        _("devtools {v}").format(v=environment.devtools_version)
        if environment.devtools_version
        else "",
        environment.permission or "",
        environment.company or "",
    ]
    return " · ".join(harmless(part) for part in parts if part)
