"""A report as one tidy table: a row for each number, with the one of the period before beside it.

A spreadsheet pivots it, a script filters it by its first column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from storage.exports.csv_tables import cell
from storage.model.retro import By, Count, Rank, Ranked, Retro, Wait
from storage.model.vocabulary import Status
from storage.reports.retro.context import Material
from storage.reports.retro.data import seconds
from storage.text.dates import utc_day


class Number(NamedTuple):
    """A row: ``value`` and ``before`` are empty where nobody knows, or where there is no such.

    ``section`` and ``figure`` are words of the record, the same in every language; ``of`` is
    what the figure is divided by: a value, a day, a pitfall's title.
    """

    section: str
    figure: str
    of: str
    unit: str
    value: int | None
    before: int | None = None


def csv_text(material: Material) -> str:
    """The report as a CSV table under a row of names (RFC 4180); no cell is a formula."""
    text = StringIO()
    table = csv.writer(text)
    table.writerow(Number._fields)
    table.writerows([cell(value) for value in number] for number in numbers(material))
    return text.getvalue()


def numbers(material: Material) -> Iterator[Number]:
    """Every number of a report, the most asked for first."""
    retro = material.retro
    yield Number("period", "days", _days(retro), "days", *_lengths(retro))
    for count in Count:
        now, before = retro.now.counts[count], retro.before.counts[count]
        yield Number("counts", count.value, "", "pitfalls", now, before)
    yield Number(
        *("sightings", "reproduced", "", "sightings"), retro.now.sightings, retro.before.sightings
    )
    yield Number(
        *("sightings", "not-reproduced", "", "sightings"),
        retro.now.not_reproduced,
        retro.before.not_reproduced,
    )
    yield from _waits(retro)
    yield from _shares(retro)
    yield from _ages(retro)
    language = material.language
    for name, ranking, unit in (
        (Rank.FREQUENT.value, retro.frequent, "sightings"),
        (Rank.EXPENSIVE.value, retro.expensive, "cost"),
        ("regressions", retro.regressions, "sightings"),
    ):
        for one in material.ranked(ranking):
            yield _ranked(name, one, unit, language)
    yield from _over_time(retro)


def _days(retro: Retro) -> str:
    period = retro.now.period
    return f"{utc_day(period.since)}..{utc_day(period.until - 1)}"


def _lengths(retro: Retro) -> tuple[int, int]:
    now, before = (
        (one.period.until - one.period.since) // 86_400_000 for one in (retro.now, retro.before)
    )
    return now, before


def _waits(retro: Retro) -> Iterator[Number]:
    for wait in Wait:
        now, before = retro.now.waits[wait], retro.before.waits[wait]
        for of, unit, value, held in (
            ("median", "seconds", seconds(now.median), seconds(before.median)),
            ("p90", "seconds", seconds(now.p90), seconds(before.p90)),
            ("reached", "pitfalls", now.reached, before.reached),
            ("censored", "pitfalls", now.censored, before.censored),
        ):
            yield Number("waits", wait.value, of, unit, value, held)


def _shares(retro: Retro) -> Iterator[Number]:
    for by in By:
        before = {one.value: one for one in retro.before.shares.get(by, ())}
        for one in retro.now.shares.get(by, ()):
            held = before.pop(one.value, None)
            seen = held.sightings if held else 0
            yield Number("shares", by.value, one.value, "sightings", one.sightings, seen)
        for one in before.values():
            yield Number("shares", by.value, one.value, "sightings", 0, one.sightings)


def _ages(retro: Retro) -> Iterator[Number]:
    before = {one.weeks: one.pitfalls for one in retro.before.ages}
    for one in retro.now.ages:
        weeks = f"{one.weeks}+" if one.below is None else f"{one.weeks}..{one.below}"
        number, held = one.pitfalls, before.get(one.weeks, 0)
        yield Number("workaround-ages", "weeks", weeks, "pitfalls", number, held)
    medians = (seconds(retro.now.workaround_age), seconds(retro.before.workaround_age))
    yield Number("workaround-ages", "median", "", "seconds", *medians)


def _ranked(name: str, one: Ranked, unit: str, language: str) -> Number:
    value = one.cost if unit == "cost" else one.sightings
    return Number(name, one.row.id, one.row.title.read(language), unit, value)


def _over_time(retro: Retro) -> Iterator[Number]:
    for point in retro.flow:
        day = utc_day(max(0, point.at - 1))
        for status in Status:
            n = point.counts.get(status, 0)
            yield Number("flow", status.value, day, "pitfalls", n)
    for bucket in retro.buckets:
        for platform, n in sorted(bucket.by_platform.items()):
            day = utc_day(bucket.since)
            yield Number("sightings-by-platform", platform, day, "sightings", n)
