"""A report from its material: head, numbers, stories, and how it came about."""

from __future__ import annotations

from storage.days import utc_day
from storage.exchange.retro import numbers
from storage.exchange.retro.document import Cell, Document, Name
from storage.exchange.retro.material import Material
from storage.exchange.retro.stories import Stories
from storage.exchange.retro.wording import Say, Wording
from storage.retro.models import Period


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
        numbers.figures(retro, say),
        numbers.over_time(retro, say),
        *stories.rankings(),
        numbers.waits(retro, say),
        numbers.shares(retro, say),
        numbers.ages(retro, say),
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
