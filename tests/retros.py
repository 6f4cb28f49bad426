"""A retro made by hand, for tests of what is written about one."""

from __future__ import annotations

from collections.abc import Mapping

from storage.model.records import Pitfall, Reference, RetroNote
from storage.model.retro import (
    AgeBand,
    Bucket,
    By,
    Count,
    Figures,
    FlowPoint,
    Happened,
    Period,
    PeriodKind,
    Ranked,
    Retro,
    Share,
    Wait,
    Waited,
)
from storage.model.row import Kind, OccurrenceTotals, Row, Severity, Status, Text
from storage.model.vocabulary import NoteKind, Source
from storage.reports.retro.figures import Material
from tests.records import DAY_MS
from tui.text.i18n import translator

#: Monday, 2026-11-16, 00:00 in UTC.
SINCE = 1_794_787_200_000
WEEK = 7 * DAY_MS
PERIOD = Period(SINCE, SINCE + WEEK, PeriodKind.WEEK, "2026-W47")
THREAD = "https://developers.weixin.qq.com/community/develop/doc/000a"
HOUR = DAY_MS // 24


def figures(period: Period = PERIOD, times: int = 1) -> Figures:
    """Figures of a period, larger the more often it is said."""
    return Figures(
        period=period,
        counts={one: times * (place + 1) for place, one in enumerate(Count)},
        waits={
            Wait.WORKAROUND: Waited(3, 1, times * 20 * HOUR, times * 90 * HOUR),
            Wait.ANSWER: Waited(1, 4, None, None),
            Wait.FIX: Waited(2, 0, 10 * DAY_MS, 12 * DAY_MS),
            Wait.VERIFICATION: Waited(0, 0, None, None),
        },
        occurrences=24 * times,
        not_reproduced=2 * times,
        shares={
            By.COMPONENT: (Share("wx.qy.login", 20 * times, 2), Share("canvas", 4, 1)),
            By.PLATFORM: (Share("android", 16 * times, 2), Share("ios", 6, 1), Share("", 2, 1)),
            By.CHANNEL: (Share("trial-qr", 24 * times, 2),),
            By.CLIENT: tuple(Share(f"4.1.{n}", n * times, 1) for n in range(20, 8, -1)),
            By.LIBRARY: (),
        },
        ages=(
            AgeBand(0, 4, times),
            AgeBand(4, 12, 0),
            AgeBand(12, 26, 3),
            AgeBand(26, 52, 1),
            AgeBand(52, None, 2),
        ),
        workaround_age=95 * DAY_MS,
    )


def pitfall(name: str, title: str, *, zh: str = "", text: str = "") -> Pitfall:
    """A pitfall with a workaround and a thread; ``text`` is said wherever there is none."""
    return Pitfall(
        id=name,
        title=Text(title, zh),
        kind=Kind.BUG,
        component=Text("wx.qy.login"),
        severity=Severity.S2,
        status=Status.WORKAROUND,
        workaround=Text(
            text or "Log in again\nwith `wx.login`.", "" if text else "改用 wx.login。"
        ),
        reproduction=Text(),
        reported_at=SINCE - WEEK,
        reported_by="Ada",
        changed_at=SINCE,
        references=(
            reference(THREAD, text or "The thread"),
            reference("javascript:alert(1)", text or "No address"),
        ),
    )


def reference(url: str, title: str) -> Reference:
    return Reference(
        *("r" * 16, SINCE, "Ada", url, Text(title), Source.COMMUNITY, Text(), ""),
        official=False,
        recorded_on="ab12" * 4,
    )


def ranked(one: Pitfall, occurrences: int) -> Ranked:
    seen = OccurrenceTotals(occurrences, SINCE, SINCE + DAY_MS)
    row = Row(1, one.id, one.title, one.kind, one.component, one.severity, one.status, seen)
    return Ranked(row, occurrences, occurrences * 4)


def retro_of(pitfalls: Mapping[str, Pitfall], *, text: str = "") -> Retro:
    """A week's retro in which the pitfalls were seen; ``text`` is said wherever anybody wrote."""
    ranking = tuple(ranked(one, 20 - 5 * place) for place, one in enumerate(pitfalls.values()))
    first = next(iter(pitfalls.values()))
    return Retro(
        now=figures(times=2),
        before=figures(Period(SINCE - WEEK, SINCE, PeriodKind.WEEK, "2026-W46")),
        flow=tuple(
            FlowPoint(
                SINCE + n * DAY_MS,
                {Status.OPEN: 9 - n, Status.WORKAROUND: 4 + n // 2, Status.FIXED_UPSTREAM: n // 2},
            )
            for n in range(8)
        ),
        buckets=tuple(
            Bucket(SINCE + n * DAY_MS, {"android": n * 2, "ios": 3 - n % 3, "": n % 2})
            for n in range(7)
        ),
        frequent=ranking,
        expensive=ranking[::-1],
        regressions=ranking[:1],
        timeline=(
            happened(SINCE + 3 * DAY_MS, "status_set", first, text or "now there is one"),
            happened(SINCE + DAY_MS, "comment_added", first, text or "seen again"),
            happened(SINCE + DAY_MS - 1, "reported", first, ""),
        ),
        notes=(
            note("1", NoteKind.DECISION, text or "Ask the vendor weekly."),
            note("2", NoteKind.NOTE, text or "Most of it was one release.", pitfall=first.id),
            note("3", NoteKind.FOLLOW_UP, text or "Test on iOS.", done_on="2026-11-20"),
        ),
        due=(
            note("4", NoteKind.FOLLOW_UP, text or "Write a guide.", due="2026-11-19", owner="Lin"),
            note("5", NoteKind.FOLLOW_UP, text or "Ask again.", due="2026-12-01"),
        ),
        components={},
    )


def happened(at: int, what: str, one: Pitfall, reason: str) -> Happened:
    return Happened(
        *("e" * 32, one.id, one.title, at, "Ada", what, "status"),
        before=Text("open"),
        after=Text("workaround"),
        reason=Text(reason),
    )


def note(name: str, sort: NoteKind, text: str, **values: str) -> RetroNote:
    return RetroNote(name * 32, values.pop("pitfall", ""), SINCE, "Ada", sort, Text(text), **values)


def described(one: Happened) -> str:
    """A line of the timeline, in words of a test."""
    return f"{one.what}: {one.before.plain} → {one.after.plain} ({one.reason.plain})"


def material(language: str = "en", *, text: str = "") -> Material:
    """The material of a week's report; ``text`` is said wherever anybody wrote."""
    pitfalls = {
        one.id: one
        for one in (
            pitfall("ab12" * 4, text or "Login fails", zh="" if text else "登录失败", text=text),
            pitfall("cd34" * 4, text or "A white picture", text=text),
        )
    }
    return Material(
        retro_of(pitfalls, text=text),
        translator(language),
        pitfalls,
        lambda one: one[:4],
        described,
    )
