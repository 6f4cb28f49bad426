"""A report from its material: head, numbers, stories, and how it came about."""

from __future__ import annotations

from storage.model.retro import Period
from storage.reports.retro import figures
from storage.reports.retro.context import Material
from storage.reports.retro.document import Cell, Document, Name
from storage.reports.retro.sections import Stories
from storage.reports.retro.wording import Say, Wording
from storage.text.dates import utc_day


def report(material: Material) -> Document:
    """The report on a period. It holds no wall clock, so the same record gives the same report."""
    say = Wording(material.language)
    retro, period = material.retro, material.retro.now.period
    days, before = _days(period, say), _days(retro.before.period, say)
    lead: list[Cell] = [(say(Say.PERIOD, days=days, before=before),)]
    if material.end < period.until:
        lead.append((say(Say.SO_FAR, day=utc_day(material.end)),))
    stories = Stories(material, say)
    sections = (
        figures.figures(retro, say),
        figures.over_time(retro, say),
        *stories.rankings(),
        figures.waits(retro, say),
        figures.shares(retro, say),
        figures.ages(retro, say),
        stories.due(),
        stories.notes(),
        stories.timeline(),
    )
    return Document(
        title=say(Say.TITLE, name=period.name or days),
        language=material.language,
        lead=tuple(lead),
        sections=tuple(section for section in sections if section is not None),
        colophon=(
            (say(Say.NAMES), " ", Name("pitboard show ID"), say(Say.STOP)),
            (say(Say.COLOPHON),),
        ),
    )


def _days(period: Period, say: Wording) -> str:
    """From its first to its last day."""
    return say(Say.DAYS, first=utc_day(period.since), last=utc_day(period.until - 1))
