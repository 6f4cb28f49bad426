"""The vocabulary as people read it: words, marks, dates and ages in the reader's language."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from storage.errors import N_
from storage.vocabulary import (
    Axis,
    Channel,
    Host,
    Kind,
    Outcome,
    Platform,
    Severity,
    Source,
    Status,
)
from tui.language import _, ngettext

#: Status is always mark and word, never colour alone.
MARKS: Final = {Status.OPEN: "●", Status.WORKAROUND: "◐", Status.FIXED_UPSTREAM: "✔"}

_WORDS: Final[dict[type[StrEnum], dict[StrEnum, str]]] = {
    Status: {
        Status.OPEN: N_("open"),
        Status.WORKAROUND: N_("workaround"),
        Status.FIXED_UPSTREAM: N_("fixed upstream"),
    },
    Kind: {
        Kind.BUG: N_("bug"),
        Kind.DOCS: N_("docs"),
        Kind.LIMIT: N_("limit"),
        Kind.QUIRK: N_("quirk"),
        Kind.TOOLING: N_("tooling"),
    },
    Severity: {
        Severity.S1: N_("S1 blocks a release"),
        Severity.S2: N_("S2 breaks a feature"),
        Severity.S3: N_("S3 annoys"),
        Severity.S4: N_("S4 is cosmetic"),
    },
    Outcome: {
        Outcome.REPRODUCED: N_("reproduced"),
        Outcome.NOT_REPRODUCED: N_("not reproduced"),
    },
    Host: {
        Host.WECOM: N_("WeCom"),
        Host.WECHAT: N_("WeChat"),
    },
    Platform: {
        Platform.ANDROID: "Android",
        Platform.IOS: "iOS",
        Platform.WINDOWS: "Windows",
        Platform.MACOS: "macOS",
        Platform.HARMONY: N_("HarmonyOS"),
        Platform.DEVTOOLS: N_("devtools"),
    },
    Channel: {
        Channel.DEVTOOLS: N_("devtools"),
        Channel.PREVIEW: N_("preview"),
        Channel.TRIAL_INVITED: N_("trial by invitation"),
        Channel.TRIAL_QR: N_("trial by QR code"),
        Channel.RELEASE: N_("release"),
    },
    Axis: {
        Axis.CLIENT: N_("client release"),
        Axis.LIBRARY: N_("base library"),
        Axis.SERVER: N_("server side"),
        Axis.DEVTOOLS: N_("devtools"),
        Axis.DOCUMENT: N_("document"),
        Axis.LIMIT: N_("limit lifted"),
    },
    Source: {
        Source.COMMUNITY: N_("community thread"),
        Source.OFFICIAL: N_("official document"),
        Source.POST: N_("post"),
        Source.OTHER: N_("link"),
    },
}


def word(value: StrEnum) -> str:
    """A word of the vocabulary as the reader knows it."""
    return _(_WORDS[type(value)][value])


def marked(status: Status) -> str:
    """A status as mark and word."""
    return f"{MARKS[status]} {word(status)}"


#: Events from elsewhere may claim any time; this one every time zone can write.
_LAST_MS: Final = 253_402_128_000_000


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(min(at, _LAST_MS) / 1000).astimezone()


def day(at: int | None) -> str:
    """The day of a time in ms, in the reader's time zone; a dash if there is none."""
    return "–" if at is None else _local(at).strftime("%Y-%m-%d")


def moment(at: int) -> str:
    """A time in ms to the minute, in the reader's time zone."""
    return _local(at).strftime("%Y-%m-%d %H:%M")


_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def ago(at: int | None, now: int) -> str:
    """How long ago a time in ms was, in at most four cells of English: ``5m``, ``3d``, ``4y``."""
    if at is None:
        return "–"
    passed = max(0, now - at)
    for unit, length, limit in (
        (N_("{n}m"), _MINUTE, _HOUR),
        (N_("{n}h"), _HOUR, 2 * _DAY),
        (N_("{n}d"), _DAY, 60 * _DAY),
        (N_("{n}mo"), 30 * _DAY, 365 * _DAY),
    ):
        if passed < limit:
            n = passed // length
            return _("now") if n == 0 and unit == "{n}m" else _(unit).format(n=n)
    return _("{n}y").format(n=passed // (365 * _DAY))


def times(count: int) -> str:
    """How many occurrences, in words."""
    return ngettext("{n} occurrence", "{n} occurrences", count).format(n=count)


_BARS: Final = " ▁▂▃▄▅▆▇█"


def sparkline(counts: list[int]) -> str:
    """One cell for each count, the highest full; all blank if nothing was counted."""
    top = max(counts, default=0)
    if top == 0:
        return " " * len(counts)
    return "".join(_BARS[-(-count * 8 // top)] for count in counts)
