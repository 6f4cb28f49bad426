"""Extracted values with their confidence, names of systems, the choice among contradictions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, TypeAlias

from storage.model.environment import ASKED, FIELDS, Environment, environment_of
from storage.model.fields import NamedTuple
from storage.model.vocabulary import Channel, Host, Platform
from storage.paste.template_labels import may_be_wecoms
from storage.text.search_text import folded


class Confidence(IntEnum):
    """How far a value is to be trusted, by where it stood."""

    #: Said of what stands beside: WeCom carries a WeChat and names that one's version as well.
    BESIDE = 0
    PROSE = 1
    LABEL = 2
    #: Written by a program into a log: a user agent, the mark that devtools puts behind a line.
    PROGRAM = 3
    #: Printed by the device itself: ``wx.getSystemInfo`` and its kin.
    DEVICE = 4


#: A printed object, or the line and the words of a text.
Place = tuple[int, int, str]


class ExtractedValue(NamedTuple):
    """A value of a field, and where it was read: the line (from 1) and its words.

    ``printed`` numbers the printed object that it stands in, from 1; 0 if in none.
    """

    field: str
    value: str
    line: int
    words: str
    exactness: Confidence
    printed: int = 0

    @property
    def source(self) -> tuple[int, int]:
        """What one source says is said of one device: an object, a template, a line of others."""
        if self.printed:
            return Confidence.DEVICE, self.printed
        return self.exactness, 0 if self.exactness is Confidence.LABEL else self.line

    @property
    def place(self) -> Place:
        """Where it stands: values of one place, an object or some words, are one device's."""
        return (self.printed, 0, "") if self.printed else (0, self.line, self.words)


def by_field(readings: Iterable[ExtractedValue]) -> dict[str, list[ExtractedValue]]:
    """The readings of each field, the most trustworthy first, else in the order of the text."""
    sorted_in: dict[str, list[ExtractedValue]] = {}
    for reading in readings:
        sorted_in.setdefault(reading.field, []).append(reading)
    for held in sorted_in.values():
        held.sort(key=lambda reading: (-reading.exactness, reading.line))
    return sorted_in


def different(readings: Iterable[ExtractedValue]) -> list[ExtractedValue]:
    """One reading of each value; values that say the same, more or less exactly, are one."""
    kept: list[ExtractedValue] = []
    for reading in readings:
        if not any(_agree(reading.field, reading.value, other.value) for other in kept):
            kept.append(reading)
        if len(kept) == _MOST_VALUES:
            break
    return kept


#: Nobody chooses among more; a log of a whole fleet is no bug report.
_MOST_VALUES: Final = 6


def _versions_agree(one: str, other: str) -> bool:
    """``4.1`` and ``4.1.8`` may be the same; ``4.1.8`` and ``4.1.9`` are not."""
    shorter, longer = sorted((_numbers(one), _numbers(other)), key=len)
    return longer[: len(shorter)] == shorter


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,9}", version.partition("(")[0])]


_Maker: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
_APPLE: Final[_Maker] = ((), ("iphone", "ipad", "apple", "苹果"))
#: The names of each maker that many leave out (Mate 60 is 华为 Mate 60), and those of its models.
_MAKERS: Final[Sequence[_Maker]] = (
    _APPLE,
    (("huawei", "华为"), ()),
    (("honor", "荣耀"), ()),
    (("xiaomi", "小米"), ("redmi", "红米")),
    (("oppo",), ()),
    (("vivo",), ("iqoo",)),
    (("samsung", "三星"), ("galaxy",)),
    (("oneplus", "一加"), ()),
    (("google",), ("pixel",)),
)
_BRANDS: Final = "|".join(name for left_out, _ in _MAKERS for name in left_out)
_BRAND: Final = re.compile(rf"^(?:{_BRANDS})(?=.)")
#: What a device calls itself: ``M2012K11AC``, ``ALN-AL00``, ``2201123C``, ``PGEM10``, ``PJZ110``.
_MODEL_NUMBER: Final = re.compile(
    r"[a-z]{0,4}\d{4,}[a-z0-9]*|[a-z]{2,4}-[a-z]{1,3}\d{2}"
    r"|p(?!ura)[a-z]{3}\d0(?!\d)|p[b-df-hj-np-tv-z]{2}\d{3}"
)


def _maker(device: str) -> _Maker | None:
    return next((one for one in _MAKERS if any(name in device for name in sum(one, ()))), None)


#: Blanks that part no two numbers: 小米 14 is 小米14, and P40 5G no P405G.
_BLANKS: Final = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
#: A name that says which model it is: 小米 14, iPhone X; 小米 and iPad Pro may be several.
_MODEL: Final = re.compile(r"\d|iphone(?:x|se)")
#: What behind such a name makes another model of it: iPhone 13 Pro, 小米 12S, Mate 60 Pro+.
_VARIANT: Final = re.compile(
    r"[a-z]?(?:pro|plus|max|mini|ultra|lite|air|se|fe|neo|turbo|note|fold|flip|edge|xl|gt|rs)"
    r"|\+|[a-z](?![a-z])|青春|至尊|极速|竞速|活力|优享"
)


def _holds(device: str, part: str) -> bool:
    """Whether a name holds another one, and neither half of a number nor of a variant.

    小米 14 is no 小米 1, and iPhone 13 Pro is no iPhone 13.
    """
    found = re.search(rf"(?!(?<=\d)\d){re.escape(part)}(?!(?<=\d)\d)", device)
    return found is not None and not (_MODEL.search(part) and _VARIANT.match(device, found.end()))


def _devices_agree(one: str, other: str) -> bool:
    """A phone's number (``M2012K11AC``) and its name (``红米 K40``) may be the same phone.

    Two names that people use (``小米 11``, ``Mate 60``) are two phones, as are all of Apple's.
    WeChat prints the number behind the name: ``iPhone 13 Pro<iPhone14,2>``.
    """
    ones, others = (_BLANKS.sub("", folded(name)).rstrip("> ").split("<") for name in (one, other))
    one, other = ones[0], others[0]
    if {*ones} & {*others} or _holds(one, other) or _holds(other, one):
        return True
    makers = {_maker(one), _maker(other)}
    if len(makers - {None}) > 1 or _APPLE in makers:
        return False
    shorter, longer = sorted((_BRAND.sub("", one), _BRAND.sub("", other)), key=len)
    if longer.startswith(shorter) and _holds(longer, shorter):
        return True
    return any(_MODEL_NUMBER.search(name) for name in (one, other))


_AGREEMENT: Final[dict[str, Callable[[str, str], bool]]] = {
    "device": _devices_agree,
    **{one.name: _versions_agree for one in FIELDS if one.is_version},
}


def _agree(name: str, one: str, other: str) -> bool:
    """Whether two values of a field may say the same."""
    agree = _AGREEMENT.get(name)
    return agree(one, other) if agree else folded(one) == folded(other)


# What was read from a pasted text


class FieldContradiction(NamedTuple):
    """Values of one field that can't all be true, the most trustworthy first.

    If none of them stands in what was read, the text leaves open which it is; a single one is
    another device's than the platform that stands.
    """

    field: str
    readings: tuple[ExtractedValue, ...]

    @property
    def is_open(self) -> bool:
        """Whether one place leaves open which value it is, and no two places contradict."""
        return _is_undecided(self.readings) and len(self.readings) == len(_TRIALS)


@dataclass(frozen=True, slots=True)
class PasteResult:
    """What a pasted text says, ready to be logged as an occurrence.

    Args:
        values: for each field of an environment that was read, what stands and where it stood.
        contradictions: where the text says several things of one field.
        title: a line that may name the pitfall.
        gist: what it is about, in a line: the error, and how people put it.
        message: the error text, in whole lines.
        reproduction: steps, what was expected and what happened, if they are told apart.
        note: what else was said.
        seen_at: when it happened, in ms, if the text says so.
        urls: the web addresses in it.
        left_out: what printed objects say besides, ``key: value``, and values that were read
            and are neither taken nor among the contradictions; they are kept nowhere.
        said: each field that is read of a device, with each place that says it.
        cut: of the ``message`` and the ``note``, how many characters are too many to be kept.
    """

    values: Mapping[str, ExtractedValue] = field(default_factory=dict)
    contradictions: tuple[FieldContradiction, ...] = ()
    title: str = ""
    gist: str = ""
    message: str = ""
    reproduction: str = ""
    note: str = ""
    seen_at: int | None = None
    urls: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    cut: Mapping[str, int] = field(default_factory=dict)
    said: frozenset[tuple[str, Place]] = frozenset()

    def taking(self, name: str, value: str) -> dict[str, str]:
        """A value of a contradiction, with what its place says of the other fields.

        Whoever takes one of two devices means its system as well, and nothing of the other
        device's: a field that only that one has is empty.
        """
        found = {one.field: one.readings for one in self.contradictions}
        taken = next((one for one in found.get(name, ()) if one.value == value), None)
        if taken is None:
            return {name: value}
        held = {
            other: one.value
            for other, readings in found.items()
            for one in reversed(readings)
            if one.place == taken.place
        } | {name: value}
        left = self.values.get(name)
        if left is None or left.place == taken.place or name not in _ONE_DEVICES:
            return held
        for other in _ONE_DEVICES - held.keys():
            current = self.values.get(other)
            if current is None or (other, taken.place) in self.said:
                continue
            if current.place == left.place or current.source == left.source != taken.source:
                held[other] = ""
        return held

    @property
    def environment(self) -> Environment:
        """Where it was seen; what was not read is None."""
        return environment_of({name: reading.value for name, reading in self.values.items()})


# Of everything that was read, what stands, and what contradicts it


#: A trial version, by invitation or by QR code; see ``storage.paste.environment_text.channel``.
_TRIALS = (Channel.TRIAL_INVITED, Channel.TRIAL_QR)
#: What one device has; a value of these never comes from another device than the platform.
_OF_A_DEVICE: Final = frozenset(["os_version", "device", "client_version", "base_library"])
#: What changes with the device.
_ONE_DEVICES: Final = _OF_A_DEVICE | {"platform"}


class Settled(NamedTuple):
    """What stands for each field, the contradictions, and what is neither, best first."""

    values: dict[str, ExtractedValue]
    contradictions: tuple[FieldContradiction, ...]
    left_out: list[ExtractedValue]


def settle(readings: Iterable[ExtractedValue]) -> Settled:
    """Which readings stand.

    The value that was read where it is most to be trusted stands. Where the platform is
    contradicted, what the other sources say of their device doesn't stand, nor what stands beside
    another device than the one that is taken: no record mixes two devices. It is still among the
    contradictions.
    """
    held = by_field(readings)
    found = {name: list(values) for name, values in held.items()}
    settled: dict[str, ExtractedValue] = {}
    contradictions: list[FieldContradiction] = []
    held["host"] = _unless_better(held.get("host", ()))
    host = held["host"][0].value if held["host"] else ""
    held["client_version"] = _client(held.get("client_version", ()), host)
    held["channel"] = _channel(held.get("channel", ()), held.get("platform", ()), host)
    held["device"] = _of_its_system(held.get("device", ()), held.get("platform", ()))
    others, places = _other_devices(held.get("platform", ()), held["device"])
    for name in (one.name for one in ASKED):
        own: list[ExtractedValue] = []
        foreign: list[ExtractedValue] = []
        for one in held.get(name, ()):
            elsewhere = name in _OF_A_DEVICE and (one.source in others or one.place in places)
            elsewhere = elsewhere or (name == "platform" and one.place in places)
            (foreign if elsewhere else own).append(one)
        shown = different([*own, *foreign])
        if own and not _is_undecided(shown):
            settled[name] = shown[0]
        if len(shown) > 1 or (shown and not own):
            contradictions.append(FieldContradiction(name, tuple(shown)))
    used = [*settled.values(), *(one for found_in in contradictions for one in found_in.readings)]
    left_out = [
        reading
        for name in dict.fromkeys(["client_version", *(one.field for one in contradictions)])
        for reading in found.get(name, ())
        if not any(_agree(name, reading.value, one.value) for one in used if one.field == name)
    ]
    return Settled(settled, tuple(contradictions), left_out)


def _of_its_system(
    devices: Iterable[ExtractedValue], platforms: Sequence[ExtractedValue]
) -> list[ExtractedValue]:
    """Devices, of those that are trusted alike first the ones with the system that is said."""
    held = list(devices)
    named = {one.place for one in held}
    said = next((one.value for one in platforms if one.place not in named), "")
    systems: dict[Place, set[str]] = {}
    for one in platforms:
        systems.setdefault(one.place, set()).add(one.value)

    def rank(device: ExtractedValue) -> tuple[int, int]:
        own = systems.get(device.place, set())
        return -device.exactness, 0 if said in own else 2 if own else 1

    return sorted(held, key=rank) if said else held


def _other_devices(
    platforms: Sequence[ExtractedValue], devices: Sequence[ExtractedValue]
) -> tuple[set[tuple[int, int]], set[Place]]:
    """The sources, and the places, of other devices than the one that is taken.

    A source is one that names a platform, and not the one that stands; a place names a device.
    """
    others = _not_with(platforms, platforms)
    taken = next((one for one in devices if one.source not in others), None)
    if taken is None:
        return others, set()
    own = {one.place for one in devices if _agree("device", one.value, taken.value)}
    places = {one.place for one in devices} - own
    others = _not_with(platforms, [one for one in platforms if one.place not in places])
    return others - {taken.source}, places


def _not_with(
    platforms: Sequence[ExtractedValue], own: Sequence[ExtractedValue]
) -> set[tuple[int, int]]:
    """The sources of platforms, without those that name the first of its own."""
    taken = {one.source for one in own if one.value == own[0].value}
    return {one.source for one in platforms} - taken


def _is_undecided(values: Sequence[ExtractedValue]) -> bool:
    """Whether the same words mean several values: which trial version it was, they don't say."""
    places = {(reading.line, reading.words) for reading in values[:2]}
    return len(values) > 1 and len(places) == 1 and values[0].value in _TRIALS


def _unless_better(readings: Iterable[ExtractedValue]) -> list[ExtractedValue]:
    """The readings, without those of what stood beside if there is one of the thing itself."""
    held = list(readings)
    better = [reading for reading in held if reading.exactness > Confidence.BESIDE]
    return better or held


def _client(readings: Iterable[ExtractedValue], host: str) -> list[ExtractedValue]:
    """The host app's versions, without those of the WeChat that WeCom carries."""
    if host != Host.WECOM:
        return _unless_better(readings)
    return [
        reading
        for reading in readings
        if reading.exactness > Confidence.BESIDE or may_be_wecoms(reading.value)
    ]


def _channel(
    readings: Iterable[ExtractedValue], platforms: Iterable[ExtractedValue], host: str
) -> list[ExtractedValue]:
    held = list(readings)
    if any(reading.value == Platform.DEVTOOLS for reading in platforms):
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
