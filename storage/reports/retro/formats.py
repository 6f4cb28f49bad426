"""A report in each format; as data it is a JSON document or a tidy CSV table.

The JSON has the same keys for every period. Times are ISO 8601, they and days are those of
``time_zone``, durations are seconds; what is not known is null. ``now`` is the period, ``before``
the one before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any, Final

from storage.exports.json_shapes import as_json
from storage.exports.whole_board import cell
from storage.model.fields import NamedTuple
from storage.model.records import RetroNote
from storage.model.retro import (
    By,
    Figures,
    Happened,
    Period,
    Ranked,
    ReportFormat,
    Retro,
    Wait,
    Waited,
)
from storage.model.row import Status, Text
from storage.reports.retro.document import markdown
from storage.reports.retro.figures import HEADLINES, RANKINGS, Headline, Material, Ranking, seconds
from storage.reports.retro.sections import document_of
from storage.retro.periods import length
from storage.text.dates import zoned
from storage.text.zones import day_of, zone

#: The format of a file, by the ending of its name.
FORMAT_OF_ENDING: Final = {f".{form}": form for form in ReportFormat} | {
    ".htm": ReportFormat.HTML,
    ".txt": ReportFormat.MARKDOWN,
}


def write(material: Material, form: ReportFormat) -> str:
    """A report in one format."""
    match form:
        case ReportFormat.MARKDOWN:
            return markdown(document_of(material))
        case ReportFormat.HTML:
            # Loaded late: HTML alone needs Jinja.
            from storage.reports.retro.html import html_text

            return html_text(document_of(material), material.translator)
        case ReportFormat.JSON:
            return json_text(material)
        case ReportFormat.CSV:
            return csv_text(material)


def json_text(material: Material) -> str:
    """The report as JSON, its keys always in the same order."""
    return as_json({"schema": 1, **document(material)}, indent=2) + "\n"


def document(material: Material) -> dict[str, Any]:
    """The report as the keys of its JSON document."""
    return _Json(material).whole()


class _Json:
    """Builds the JSON document, its texts in one language."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._retro = material.retro

    def whole(self) -> dict[str, Any]:
        retro = self._retro
        return {
            "period": _period(retro.now.period),
            "before": _period(retro.before.period),
            "told_until": zoned(self._material.end),
            "time_zone": zone().name,
            "compared_days": _pair(*(retro.compared_days or _lengths(retro))),
            "counts": {one.key: _headline(one, retro) for one in HEADLINES if not one.json_key},
            **{one.json_key: _headline(one, retro) for one in HEADLINES if one.json_key},
            "waits": {
                one.value: _pair(_waited(retro.now.waits[one]), _waited(retro.before.waits[one]))
                for one in Wait
            },
            "shares": {one.value: _pair(*_shares(retro, one)) for one in By},
            "workaround_ages": _pair(_ages(retro.now), _ages(retro.before)),
            **{one.json_key: self._ranking(one.of(retro)) for one in RANKINGS},
            "flow": [
                {"at": zoned(point.at)} | {one.value: point.counts.get(one, 0) for one in Status}
                for point in retro.flow
            ],
            "occurrences_over_time": [
                {"since": zoned(one.since), "by_platform": dict(sorted(one.by_platform.items()))}
                for one in retro.buckets
            ],
            "notes": [self._note(one) for one in retro.notes],
            "due": [self._note(one) for one in retro.due],
            "timeline": [self._happened(one) for one in retro.timeline],
        }

    def _read(self, text: Text) -> str:
        return text.read(self._material.language)

    def _ranking(self, ranking: Iterable[Ranked]) -> list[dict[str, Any]]:
        return [
            {
                "id": one.row.id,
                "title": self._read(one.row.title),
                "status": one.row.status.value,
                "regressed": one.row.regressed,
                "severity": one.row.severity.value,
                "component": self._read(one.row.component),
                "occurrences": one.occurrences,
                "cost": one.cost,
                "workaround": self._read(self._material.pitfalls[one.row.id].workaround),
                "references": [each.url for each in self._material.pitfalls[one.row.id].references],
            }
            for one in ranking
        ]

    def _note(self, one: RetroNote) -> dict[str, Any]:
        return one._asdict() | {
            "at": zoned(one.at),
            "kind": one.sort.value,
            "text": self._read(one.text),
        }

    def _happened(self, one: Happened) -> dict[str, Any]:
        return one._asdict() | {
            "at": zoned(one.at),
            "title": self._read(one.title),
            "before": self._read(one.before),
            "after": self._read(one.after),
            "reason": self._read(one.reason),
        }


def _pair(now: object, before: object) -> dict[str, Any]:
    return {"now": now, "before": before}


def _headline(one: Headline, retro: Retro) -> dict[str, Any]:
    return _pair(one.value(retro.now), one.value(retro.before))


def _period(period: Period) -> dict[str, Any]:
    return {
        "kind": period.sort.value,
        "name": period.name,
        "first_day": day_of(period.since),
        "last_day": day_of(period.until - 1),
    }


def _waited(one: Waited) -> dict[str, Any]:
    return {
        "cases": one.cases,
        "reached": one.reached,
        "censored": one.censored,
        "median_seconds": seconds(one.median),
        "p90_seconds": seconds(one.p90),
    }


def _shares(retro: Retro, by: By) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    now, before = (
        [one._asdict() for one in figures.shares.get(by, ())]
        for figures in (retro.now, retro.before)
    )
    return now, before


def _ages(figures: Figures) -> dict[str, Any]:
    return {
        "median_seconds": seconds(figures.workaround_age),
        "bands": [
            {"from_weeks": one.weeks, "below_weeks": one.below, "pitfalls": one.pitfalls}
            for one in figures.ages
        ],
    }


# CSV


class Number(NamedTuple):
    """A row; ``value`` and ``before`` are empty where they are not known.

    ``section`` and ``figure`` are the same in every language; ``of`` is what the figure is
    divided by: a value, a day, a pitfall's title.
    """

    section: str
    figure: str
    of: str
    unit: str
    value: int | None
    before: int | None = None


def csv_text(material: Material) -> str:
    """The report as CSV (RFC 4180) with a header: one row a number, and no cell is a formula."""
    text = StringIO()
    table = csv.writer(text)
    table.writerow(Number._fields)
    table.writerows([cell(value) for value in number] for number in numbers(material))
    return text.getvalue()


def numbers(material: Material) -> Iterator[Number]:
    """Every number of a report, in rows that a spreadsheet can pivot."""
    retro = material.retro
    yield Number("period", "days", _days(retro), "days", *_lengths(retro))
    compared = retro.compared_days or _lengths(retro)
    yield Number("period", "compared-days", "", "days", *compared)
    for one in HEADLINES:
        now, before = one.value(retro.now), one.value(retro.before)
        yield Number(one.section, one.key, "", one.unit, now, before)
    yield from _wait_numbers(retro)
    yield from _share_numbers(retro)
    yield from _age_numbers(retro)
    for ranking in RANKINGS:
        for ranked in ranking.of(retro):
            yield _ranked(ranking, ranked, material.language)
    yield from _over_time(retro)


def _days(retro: Retro) -> str:
    period = retro.now.period
    return f"{day_of(period.since)}..{day_of(period.until - 1)}"


def _lengths(retro: Retro) -> tuple[int, int]:
    return length(retro.now.period), length(retro.before.period)


def _wait_numbers(retro: Retro) -> Iterator[Number]:
    for wait in Wait:
        now, before = retro.now.waits[wait], retro.before.waits[wait]
        for of, unit, value, held in (
            ("median", "seconds", seconds(now.median), seconds(before.median)),
            ("p90", "seconds", seconds(now.p90), seconds(before.p90)),
            ("reached", "pitfalls", now.reached, before.reached),
            ("censored", "pitfalls", now.censored, before.censored),
        ):
            yield Number("waits", wait.value, of, unit, value, held)


def _share_numbers(retro: Retro) -> Iterator[Number]:
    for by in By:
        before = {one.value: one for one in retro.before.shares.get(by, ())}
        for one in retro.now.shares.get(by, ()):
            held = before.pop(one.value, None)
            seen = held.occurrences if held else 0
            yield Number("shares", by.value, one.value, "occurrences", one.occurrences, seen)
        for one in before.values():
            yield Number("shares", by.value, one.value, "occurrences", 0, one.occurrences)


def _age_numbers(retro: Retro) -> Iterator[Number]:
    before = {one.weeks: one.pitfalls for one in retro.before.ages}
    for one in retro.now.ages:
        weeks = f"{one.weeks}+" if one.below is None else f"{one.weeks}..{one.below}"
        number, held = one.pitfalls, before.get(one.weeks, 0)
        yield Number("workaround-ages", "weeks", weeks, "pitfalls", number, held)
    medians = (seconds(retro.now.workaround_age), seconds(retro.before.workaround_age))
    yield Number("workaround-ages", "median", "", "seconds", *medians)


def _ranked(ranking: Ranking, one: Ranked, language: str) -> Number:
    unit, value = ("cost", one.cost) if ranking.has_cost else ("occurrences", one.occurrences)
    return Number(ranking.csv_key, one.row.id, one.row.title.read(language), unit, value)


def _over_time(retro: Retro) -> Iterator[Number]:
    for point in retro.flow:
        day = day_of(max(0, point.at - 1))
        for status in Status:
            n = point.counts.get(status, 0)
            yield Number("flow", status.value, day, "pitfalls", n)
    for bucket in retro.buckets:
        for platform, n in sorted(bucket.by_platform.items()):
            day = day_of(bucket.since)
            yield Number("occurrences-by-platform", platform, day, "occurrences", n)
