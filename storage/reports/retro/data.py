"""A report as data: one JSON document with the same keys whatever the period holds.

Times are ISO 8601 in UTC, days are days in UTC, lengths of time are seconds; what nobody knows
is null. ``now`` is the period, ``before`` the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from storage.exports.json_shapes import as_json
from storage.model.records import Text
from storage.model.retro import (
    By,
    Count,
    Figures,
    Happened,
    Period,
    Ranked,
    Retro,
    RetroNote,
    Wait,
    Waited,
)
from storage.model.vocabulary import Status
from storage.reports.retro.context import Material
from storage.text.dates import iso, utc_day


def json_text(material: Material) -> str:
    """The report as JSON, its keys always in the same order."""
    return as_json(_Shapes(material).whole(), indent=2) + "\n"


class _Shapes:
    """Gives everything in a material its shape as data, texts in one language."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._retro = material.retro

    def whole(self) -> dict[str, Any]:
        retro, ranked = self._retro, self._material.ranked
        return {
            "period": _period(retro.now.period),
            "before": _period(retro.before.period),
            "told_until": iso(self._material.end),
            "counts": {
                one.value: _pair(retro.now.counts[one], retro.before.counts[one]) for one in Count
            },
            "sightings": _pair(retro.now.sightings, retro.before.sightings),
            "not_reproduced": _pair(retro.now.not_reproduced, retro.before.not_reproduced),
            "waits": {
                one.value: _pair(_waited(retro.now.waits[one]), _waited(retro.before.waits[one]))
                for one in Wait
            },
            "shares": {one.value: _pair(*_shares(retro, one)) for one in By},
            "workaround_ages": _pair(_ages(retro.now), _ages(retro.before)),
            "most_frequent": self._ranking(ranked(retro.frequent)),
            "most_expensive": self._ranking(ranked(retro.expensive)),
            "regressions": self._ranking(ranked(retro.regressions)),
            "flow": [
                {"at": iso(point.at)} | {one.value: point.counts.get(one, 0) for one in Status}
                for point in retro.flow
            ],
            "sightings_over_time": [
                {"since": iso(one.since), "by_platform": dict(sorted(one.by_platform.items()))}
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
                "severity": one.row.severity.value,
                "component": self._read(one.row.component),
                "sightings": one.sightings,
                "cost": one.cost,
                "workaround": self._read(self._material.pitfalls[one.row.id].workaround),
                "references": [each.url for each in self._material.pitfalls[one.row.id].references],
            }
            for one in ranking
        ]

    def _note(self, one: RetroNote) -> dict[str, Any]:
        return one._asdict() | {
            "at": iso(one.at),
            "sort": one.sort.value,
            "text": self._read(one.text),
        }

    def _happened(self, one: Happened) -> dict[str, Any]:
        return one._asdict() | {
            "at": iso(one.at),
            "title": self._read(one.title),
            "before": self._read(one.before),
            "after": self._read(one.after),
            "reason": self._read(one.reason),
        }


def _pair(now: object, before: object) -> dict[str, Any]:
    return {"now": now, "before": before}


def _period(period: Period) -> dict[str, Any]:
    return {
        "sort": period.sort.value,
        "name": period.name,
        "first_day": utc_day(period.since),
        "last_day": utc_day(period.until - 1),
    }


def _waited(one: Waited) -> dict[str, Any]:
    return {
        "cases": one.cases,
        "reached": one.reached,
        "censored": one.censored,
        "median_seconds": seconds(one.median),
        "p90_seconds": seconds(one.p90),
    }


def seconds(ms: int | None) -> int | None:
    """A length of time as data has it; None if nobody knows it."""
    return None if ms is None else ms // 1000


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
