"""What a team's chat is told of a board, in the words and the language of a channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from storage.errors import N_
from storage.model.lead import shown_state
from storage.model.records import Occurrence
from storage.model.retro import PeriodKind
from storage.model.vocabulary import NoticeKind
from storage.read.board import Board
from storage.read.notices import Notice
from storage.reports.retro.figures import HEADLINES
from storage.retro.periods import before, period_of
from storage.retro.report import RetroReport
from storage.text.dates import zoned
from storage.text.sanitize import sanitize
from storage.text.zones import day_of
from tui.services.chat_channels import ChatChannel, ChatKind, Message, plain
from tui.text.i18n import Translation, language, translator

#: Of a workaround or a quote, so many characters.
_LONGEST_QUOTE: Final = 300
#: So many are in the data of a digest; the text says how many there are.
_IN_DATA: Final = 50
#: So many pitfalls lead the digest of a week.
_RANKED: Final = 3

_HEADINGS: Final = {
    NoticeKind.NEW: N_("New pitfall: {title}"),
    NoticeKind.REGRESSION: N_("Regression: {title}"),
    NoticeKind.VENDOR_REPLY: N_("Vendor reply: {title}"),
    NoticeKind.FIX_VERIFIED: N_("Fix verified: {title}"),
    NoticeKind.FIX_DISPUTED: N_("Fix disputed: {title}"),
}
_SUGGESTED: Final = N_("Perhaps a vendor reply: {title}")


class ChatWords:
    """The messages of a channel, in its language."""

    def __init__(self, channel: ChatChannel, board: Board) -> None:
        self._channel = channel
        self._board = board
        lang = {"zh": "zh_CN"}.get(channel.lang or "", channel.lang)
        self._t: Translation = translator(lang or language())

    def notice(self, notice: Notice) -> Message:
        """One notice."""
        pitfall = self._board.short_id(notice.row.id)
        lines = [line for line in self._lines(notice) if line]
        event = self._t.gettext("event {id}").format(id=notice.what.event)
        end = f"pitboard show {pitfall} · {event}"
        return Message(
            self._bold(self._head(notice)), lines, end, {"items": [self._data(notice)], "total": 1}
        )

    def digest(self, notices: Sequence[Notice]) -> Message:
        """Several notices, a line for each."""
        count = len(notices)
        heading = self._t.ngettext(
            "{n} change on the board", "{n} changes on the board", count
        ).format(n=count)
        lines = [f"{self._head(one)}  {self._board.short_id(one.row.id)}" for one in notices]
        end = self._t.gettext("event {id}").format(id=notices[-1].what.event)
        items = [self._data(one) for one in notices[:_IN_DATA]]
        return Message(self._bold(heading), lines, end, {"items": items, "total": count})

    def week(self, now: int) -> Message:
        """How the week before a time (ms) was."""
        period = before(period_of(PeriodKind.WEEK, now))
        retro = RetroReport(self._board.connection, self._board.path).look_back(period, now)
        days = f"{day_of(period.since)} – {day_of(period.until - 1)}"
        heading = self._t.gettext("The week {name}, {days}").format(name=period.name, days=days)
        counts = {one.key: one.value(retro.now) for one in HEADLINES}
        lines = [
            f"{one.name(self._t)}: {one.value(retro.now)} ({one.value(retro.before)})"
            for one in HEADLINES
        ]
        lines.append(self._t.gettext("In brackets: the week before."))
        for ranked in retro.frequent[:_RANKED]:
            title = self._plain(ranked.row.title.read(self._t.language))
            lines.append(f"{ranked.occurrences} × {title}  {self._board.short_id(ranked.row.id)}")
        end = f"pitboard retro {period.name}"
        return Message(self._bold(heading), lines, end, {"week": period.name, "counts": counts})

    def test(self) -> Message:
        """That the channel works."""
        words = self._t.gettext("Test of the channel “{name}”: it works.")
        return Message(words.format(name=self._channel.name), (), "pitboard notify", {"test": True})

    def _plain(self, text: str) -> str:
        return plain(self._channel.kind, text)

    def _bold(self, text: str) -> str:
        is_markdown = self._channel.kind is ChatKind.WECOM and not self._channel.mention
        return f"**{text}**" if is_markdown else text

    def _head(self, notice: Notice) -> str:
        title = self._plain(notice.row.title.read(self._t.language))
        heading = _HEADINGS[notice.what.kind] if notice.what.suggestion is None else _SUGGESTED
        words = self._t.gettext(heading).format(title=title)
        # Round brackets: square ones may begin a link.
        return (
            f"（{notice.row.severity}）{words}"
            if self._is_chinese
            else (f"({notice.row.severity}) {words}")
        )

    @property
    def _is_chinese(self) -> bool:
        return self._t.language != "en"

    def _lines(self, notice: Notice) -> Iterator[str]:
        what, row, t = notice.what, notice.row, self._t
        component = self._plain(row.component.read(t.language))
        facts = (component, t.word(row.kind), t.word(shown_state(row)))
        yield " · ".join(one for one in facts if one)
        if what.occurrence is not None:
            yield self._seen(what.occurrence, what.times)
        if what.reply is not None:
            words = [t.word(what.reply.sort), what.reply.version, what.reply.author]
            words += [t.gettext("official")] if what.reply.official else []
            yield " · ".join(self._plain(one) for one in (*words, what.reply.said_on) if one)
            yield self._quote(what.reply.quote.read(t.language))
        if what.suggestion is not None:
            found = what.suggestion
            words = [t.word(found.kind) if found.kind else t.gettext("the page is gone")]
            words += [found.version, found.author, t.gettext("official") if found.official else ""]
            yield " · ".join(self._plain(one) for one in (*words, found.said_on) if one)
            yield self._quote(found.quote)
        if what.fix is not None:
            fix = what.fix
            since = fix.from_version or fix.from_date or fix.last_affected
            yield f"{t.word(fix.axis)} {self._plain(since)}"
        if what.suggestion is None:
            yield t.gettext("By {name}").format(name=self._plain(what.who))
        workaround = self._quote(notice.workaround.read(t.language))
        if workaround and what.kind is not NoticeKind.FIX_VERIFIED:
            yield t.gettext("Workaround: {text}").format(text=workaround)

    def _seen(self, seen: Occurrence, times: int) -> str:
        """Where a regression was seen; what must not leave the team is not in it."""
        where = seen.environment
        app = [self._t.word(where.host)] if where.host is not None else []
        app += [where.client_version] if where.client_version else []
        places = [
            " ".join(app),
            self._t.word(where.platform) if where.platform is not None else "",
            where.base_library or "",
            self._t.word(where.channel) if where.channel is not None else "",
            f"× {times}" if times > 1 else "",
        ]
        return " · ".join(self._plain(one) for one in places if one)

    def _quote(self, text: str) -> str:
        """A longer text in one line."""
        words = " ".join(text.split())
        cut = words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE]}…"
        return self._plain(cut)

    def _data(self, notice: Notice) -> dict[str, Any]:
        what, row, read = notice.what, notice.row, self._t.language
        return {
            "event": what.event,
            "reason": what.kind.value,
            "at": zoned(what.at),
            "who": sanitize(what.who),
            "pitfall": row.id,
            "title": sanitize(row.title.read(read)),
            "severity": row.severity.value,
            "status": row.status.value,
            "regressed": row.regressed,
            "component": sanitize(row.component.read(read)),
            "times": what.times,
        }
