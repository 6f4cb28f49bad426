"""Of everything that was read, what stands, and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.model.vocabulary import Channel, Host, Platform
from storage.paste.extraction import FIELDS, Exactness, Reading, by_field, different
from storage.paste.pasted import Contradiction
from storage.paste.versions import may_be_wecoms

#: A trial version, by invitation or by QR code; see ``storage.paste.prose.channel``.
_TRIALS = (Channel.TRIAL_INVITED, Channel.TRIAL_QR)


def settle(
    readings: Iterable[Reading],
) -> tuple[dict[str, Reading], tuple[Contradiction, ...]]:
    """What stands for each field, and the contradictions.

    The value that was read where it is most to be trusted stands.
    """
    held = by_field(readings)
    said: dict[str, Reading] = {}
    contradictions: list[Contradiction] = []
    held["host"] = _unless_better(held.get("host", ()))
    host = held["host"][0].value if held["host"] else ""
    held["client_version"] = _client(held.get("client_version", ()), host)
    held["channel"] = _channel(held.get("channel", ()), held.get("platform", ()), host)
    for name in FIELDS:
        values = different(held.get(name, ()))
        if values and not _is_undecided(values):
            said[name] = values[0]
        if len(values) > 1:
            contradictions.append(Contradiction(name, tuple(values)))
    return said, tuple(contradictions)


def _is_undecided(values: Sequence[Reading]) -> bool:
    """Whether the same words mean several values: which trial version it was, they don't say."""
    places = {(reading.line, reading.words) for reading in values[:2]}
    return len(values) > 1 and len(places) == 1 and values[0].value in _TRIALS


def _unless_better(readings: Iterable[Reading]) -> list[Reading]:
    """The readings, without those of what stood beside if there is one of the thing itself."""
    held = list(readings)
    better = [reading for reading in held if reading.exactness > Exactness.BESIDE]
    return better or held


def _client(readings: Iterable[Reading], host: str) -> list[Reading]:
    held = _unless_better(readings)
    if host != Host.WECOM:
        return held
    return [
        reading
        for reading in held
        if reading.exactness > Exactness.BESIDE or may_be_wecoms(reading.value)
    ]


def _channel(readings: Iterable[Reading], platforms: Iterable[Reading], host: str) -> list[Reading]:
    held = list(readings)
    in_devtools = any(reading.value == Platform.DEVTOOLS for reading in platforms)
    if in_devtools:
        # What runs in devtools calls itself a build in development.
        held = [reading for reading in held if "develop" not in reading.words]
    if any(reading.value in _TRIALS for reading in held):
        return [reading for reading in held if reading.value != "trial"]
    # WeChat has one trial version, WeCom has two.
    kinds = (Channel.TRIAL_QR,) if host == Host.WECHAT else _TRIALS
    return [
        reading._replace(value=str(value))
        for reading in held
        for value in (kinds if reading.value == "trial" else (reading.value,))
    ]
