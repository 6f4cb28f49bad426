"""What programs print about where they run: objects of ``wx.getSystemInfo`` and its kin.

They are pasted as JSON, as the console prints objects (keys without quotes,
single quotes, or a tree opened by hand, with no braces at all), as a string
inside other JSON, and cut off anywhere. So nothing is parsed: names and values
are collected by the braces around them, and a group counts if it looks like a
device's. What it says besides is listed, so that nothing is left out unseen.

Their keys: https://developers.weixin.qq.com/miniprogram/dev/api/base/system/wx.getSystemInfo.html,
wx.getDeviceInfo, wx.getAppBaseInfo and wx.getAccountInfoSync beside it; what
WeCom adds: https://developer.work.weixin.qq.com/document/path/91511 and /95046; those of ``uni``:
https://uniapp.dcloud.net.cn/api/system/info.html.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from storage.model.environment import FIELDS
from storage.model.vocabulary import Channel, Host, Platform
from storage.paste.extraction import Confidence, ExtractedValue
from storage.paste.lines import PastedLine, words_of
from storage.paste.template_labels import may_be_wecoms, system, version

_PAIR: Final = re.compile(
    r"(?P<open>\{)|(?P<close>\})"
    r"|(?:(?<![\w$.])[\"']?(?P<key>[A-Za-z_$\u4e00-\u9fff][\w$-]{0,40})[\"']?"
    r"|\"(?P<odd>[^\"\\\n:]{1,60})\")[ \t]{0,4}:\s{0,8}"
    r"(?:\"(?P<double>(?:[^\"\\\n]|\\.){0,300})(?P<end>\"?)|'(?P<single>(?:[^'\\\n]|\\.){0,300})'?"
    r"|(?P<bare>-?\d[\w.+-]{0,30}|true|false|null|undefined)(?![\w.])|(?P<child>\{)|(?P<list>\[[^\[\]{}]{0,400}\]?))"
)
#: What may stand between two pairs of one object that has no braces.
_BETWEEN: Final = re.compile(r"[\s,;]*")
#: What is read together with others: a device's name is made of its model and its brand.
_BRANDS: Final = ("brand", "deviceBrand")
_DEEPEST: Final = 50
_LONGEST_PAIR: Final = 60
#: Keys that a device's object has, of which one alone might be anybody's; then those of ``uni``.
_SYSTEM_KEYS: Final = """
    brand model system platform version SDKVersion environment benchmarkLevel pixelRatio abi
    screenWidth screenHeight windowWidth windowHeight statusBarHeight fontSizeSetting
    language deviceAbi enableDebug cpuType memorySize theme deviceOrientation
    PCKernelVersion
    osName osVersion deviceBrand deviceModel deviceType hostName hostVersion hostSDKVersion
    uniPlatform romName
"""
_SYSTEM: Final = frozenset(_SYSTEM_KEYS.split())
_ACCOUNT: Final = "envVersion"
#: Fields that ``wx`` prints as they are, under a key that nothing else has.
_PRINTED: Final = [one for one in FIELDS if one.printed]
_ITS_OWN: Final = re.compile(r"qy(?:[._]{1,2})getSystemInfo")
_BEFORE: Final = 60
_SIGN: Final = re.compile(r"[^\n]")

_PLATFORMS: Final = {
    "android": Platform.ANDROID,
    "ios": Platform.IOS,
    "windows": Platform.WINDOWS,
    "mac": Platform.MACOS,
    "macos": Platform.MACOS,
    "ohos": Platform.HARMONY,
    "ohos_pc": Platform.HARMONY,
    "harmony": Platform.HARMONY,
    "devtools": Platform.DEVTOOLS,
}
_HOSTS: Final = {
    "wechat": Host.WECHAT,
    "weixin": Host.WECHAT,
    "wxwork": Host.WECOM,
    "wecom": Host.WECOM,
    "企业微信": Host.WECOM,
    "微信": Host.WECHAT,
}
_CHANNELS: Final = {"develop": Channel.PREVIEW, "trial": "trial", "release": Channel.RELEASE}


@dataclass(slots=True)
class _Group:
    """The pairs of one object, and where it begins and ends in the text."""

    name: str
    start: int
    braces: bool
    end: int = 0
    pairs: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def value(self, key: str) -> str:
        return self.pairs[key][0] if key in self.pairs else ""

    @property
    def is_a_device(self) -> bool:
        known = self.pairs.keys() & _SYSTEM
        # Any address may be called a host; one that is an app of ours is what a device says.
        known |= {"host"} if self.value("host").lower() in _HOSTS else set()
        return bool(known & {"SDKVersion", "hostSDKVersion"}) or len(known) > 1

    def first(self, *keys: str) -> tuple[str, str]:
        """The first of some keys that says something, and what it says."""
        return next(((key, said) for key in keys if (said := self.value(key))), (keys[0], ""))


class DeviceObjects:
    """The objects in a text that say where it ran.

    Args:
        lines: the text.
    """

    def __init__(self, lines: Sequence[PastedLine]) -> None:
        # A string inside JSON has its quotes escaped; to us they are quotes.
        texts = [line.text.replace('\\"', '"') for line in lines]
        self._numbers = [line.number for line in lines]
        self._text = "\n".join(texts)
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        self.readings: list[ExtractedValue] = []
        self._spans: list[tuple[int, int]] = []
        #: Every pair of the text: where it begins, and what it says.
        self._pairs: dict[int, str] = {}
        self._used: set[int] = set()
        for group in self._groups():
            self._read(group)
        self._covered = _merged(self._spans)
        self._pairs_by_line: dict[int, list[str]] = {}
        for place, pair in self._pairs.items():
            if not self._is_read(place):
                self._pairs_by_line.setdefault(self._place(place), []).append(pair)

    @property
    def rests(self) -> list[str | None]:
        """For each line that holds some of an object, what else stands on it; else None."""
        pieces: list[str] = []
        touched: set[int] = set()
        done = 0
        for start, end in sorted(self._spans):
            if end > done:
                start = max(start, done)
                pieces += [self._text[done:start], _SIGN.sub(" ", self._text[start:end])]
                touched.update(range(self._place(start), self._place(end - 1) + 1))
                done = end
        rests = "".join([*pieces, self._text[done:]]).split("\n")
        return [rest if number in touched else None for number, rest in enumerate(rests, 1)]

    @property
    def left_out(self) -> list[str]:
        """What the objects that were read say besides, which nobody else keeps: ``key: value``."""
        return [
            pair
            for place, pair in sorted(self._pairs.items())
            if self._is_read(place) and place not in self._used
        ]

    def pairs_of(self, line: int) -> list[str]:
        """All that the pairs on a line say that stand in no object that was read."""
        return self._pairs_by_line.get(line, [])

    def _is_read(self, at: int) -> bool:
        """Whether something stands in an object that was read."""
        place = bisect_right(self._covered, (at, len(self._text) + 1)) - 1
        return place >= 0 and at < self._covered[place][1]

    def _place(self, at: int) -> int:
        """On which of the lines that were given something stands, from 1."""
        return bisect_right(self._starts, at)

    def _line(self, at: int) -> int:
        """The number of the line on which something stands."""
        return self._numbers[self._place(at) - 1]

    def _groups(self) -> Iterator[_Group]:
        """Every object of the text, the inner ones before the outer."""
        loose = _Group("", 0, braces=False)
        open_: list[_Group] = []
        for found in _PAIR.finditer(self._text):
            start, end = found.span()
            if found["close"]:
                if open_:
                    open_[-1].end = end
                    yield open_.pop()
                continue
            name = found["key"] or found["odd"]
            if name and not found["child"]:
                words = found.group().partition(":")[2].split()
                self._pairs[start] = f"{name}: {' '.join(words)}"[:_LONGEST_PAIR]
            if found["open"] or found["child"]:
                if len(open_) < _DEEPEST:
                    open_.append(_Group(name or "", start, braces=True, end=end))
            elif found["list"] is None:
                if not open_ and not _BETWEEN.fullmatch(self._text, loose.end, start):
                    yield loose
                    loose = _Group("", start, braces=False)
                group = open_[-1] if open_ else loose
                quoted = found["double"] if found["double"] is not None else found["single"]
                value = found["bare"] or "" if quoted is None else quoted
                group.pairs.setdefault(name, (value, start, found.group()))
                group.end = end
        yield loose
        # Cut off before their braces closed.
        yield from reversed(open_)

    def _read(self, group: _Group) -> None:
        readings = list(self._values(group))
        if not readings:
            return
        self.readings += readings
        # An object that reports an error is a message as well, and stays where it is.
        if "errMsg" not in group.pairs or group.value("errMsg").endswith(":ok"):
            self._spans.append((group.start, group.end))

    def _values(self, group: _Group) -> Iterator[ExtractedValue]:
        if group.name == "host":
            # Of the WeChat that WeCom carries it says nothing more; its version is a number.
            if _HOSTS.get(group.value("env").lower()) is Host.WECOM:
                yield from self._reading(group, "env", "host", Host.WECOM)
                own = version(group.value("version")) if "." in group.value("version") else ""
                yield from self._reading(group, "version", "client_version", own)
            return
        if _ACCOUNT in group.pairs:
            channel = _CHANNELS.get(group.value(_ACCOUNT).lower(), "")
            yield from self._reading(group, _ACCOUNT, "channel", channel)
        for one in _PRINTED:
            if one.words is not None and (word := one.words.spelled(group.value(one.printed))):
                yield from self._reading(group, one.printed, one.name, word)
        if named := _HOSTS.get(group.value("host").lower()):
            yield from self._reading(group, "host", "host", named)
        if self._is_wecoms_own(group):
            yield from self._reading(group, "version", "host", Host.WECOM)
            own = version(group.value("version"))
            yield from self._reading(group, "version", "client_version", own)
        elif group.is_a_device:
            yield from self._device(group)

    def _is_wecoms_own(self, group: _Group) -> bool:
        """Whether it is the answer of ``wx.qy.getSystemInfo``: WeCom's version and nothing else."""
        if "version" not in group.pairs or "SDKVersion" in group.pairs:
            return False
        before = self._text[max(0, group.start - _BEFORE) : group.start].rpartition("\n")[2]
        return bool(_ITS_OWN.search(group.value("errMsg")) or _ITS_OWN.search(before))

    def _device(self, group: _Group) -> Iterator[ExtractedValue]:
        key, name = group.first("platform", "osName")
        named_platform = _PLATFORMS.get(name.lower(), "")
        named = system(group.value("system"))
        simulated = named_platform is Platform.DEVTOOLS or group.value("brand") == "devtools"
        if simulated:
            yield from self._reading(group, "platform", "platform", Platform.DEVTOOLS)
            yield from self._reading(group, "platform", "channel", Channel.DEVTOOLS)
        else:
            key = key if named_platform else "system"
            yield from self._reading(group, key, "platform", named_platform or named.platform)
            # The simulator makes up its system and its client.
            numbered = "system" if named.version else "osVersion"
            number = named.version or version(group.value("osVersion"))
            yield from self._reading(group, numbered, "os_version", number)
            yield from self._client(group)
        if group.value("environment") == "wxwork":
            yield from self._reading(group, "environment", "host", Host.WECOM)
        elif host := _HOSTS.get(group.value("hostName").lower()):
            yield from self._reading(group, "hostName", "host", host)
        key, library = group.first("SDKVersion", "hostSDKVersion")
        yield from self._reading(group, key, "base_library", version(library))
        key, _model = group.first("model", "deviceModel", "brand", "deviceBrand")
        yield from self._reading(group, key, "device", _device_name(group))
        # A name that is of no system we know is said to be left out.
        also = [
            *_BRANDS,
            *(["system", "osVersion"] if named.platform or simulated else ["osVersion"]),
        ]
        also += ["platform", "osName"] if named_platform else []
        self._used.update(group.pairs[one][1] for one in also if one in group.pairs)

    def _client(self, group: _Group) -> Iterator[ExtractedValue]:
        beside = group.value("environment") == "wxwork"
        # The version of ``uni`` may be the one of its own runtime; the host's is what is meant.
        key, client = group.first("hostVersion", "version")
        own = not beside or may_be_wecoms(version(client))
        exactness = Confidence.DEVICE if own else Confidence.BESIDE
        yield from self._reading(group, key, "client_version", version(client), exactness)

    def _reading(
        self,
        group: _Group,
        key: str,
        name: str,
        value: str,
        exactness: Confidence = Confidence.DEVICE,
    ) -> Iterator[ExtractedValue]:
        if value and key in group.pairs:
            _value, place, words = group.pairs[key]
            self._used.add(place)
            line, said = self._line(place), words_of(words)
            yield ExtractedValue(name, str(value), line, said, exactness, group.start + 1)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _device_name(group: _Group) -> str:
    brand = group.first("brand", "deviceBrand")[1].strip()
    model = group.first("model", "deviceModel")[1].strip()
    if not model or model.lower() == "unknown":
        return brand if brand != "devtools" else ""
    with_brand = brand.lower() in {"", "devtools", "apple", "iphone", "ipad"}
    if with_brand or model.lower().startswith(brand.lower()):
        return model
    return f"{brand} {model}"


# What programs write into logs about where they run: user agents and the marks of devtools


_DEVTOOLS: Final = re.compile(
    r"\(env: ?(?P<on>\w{1,20}), ?m[pg], ?(?P<tools>[\d.]{1,30}); ?lib: ?(?P<library>[\d.]{1,30})\)"
)
_LIBRARY: Final = re.compile(r"(?:WeChatLib: ?|\bWA\w{1,40}\.js\?[\w=&]{0,80}\bv=)([\d.]{1,30})")
_AGENT: Final = re.compile(r"Mozilla/[45]\.0 \(|MicroMessenger/|wxwork/|wechatdevtools/", re.I)
_PRODUCT: Final = re.compile(r"(wxwork|MicroMessenger|wechatdevtools)/(\d[\d.]{0,30})", re.I)
_WHERE: Final = re.compile(r"Mozilla/[45]\.0 \(([^()\n]{1,200})\)", re.I)
_ANDROID_DEVICE: Final = re.compile(r"Android [\d.]{1,12}; (?:[a-z]{2}-[a-z]{2}; )?([^;()]{2,60})")
_BUILD: Final = re.compile(r" Build/| MIUI/")


def marks_on(line: PastedLine) -> Iterator[ExtractedValue]:
    """What the programs' marks on a line say."""
    if found := _DEVTOOLS.search(line.text):
        yield _reading(line, found, "platform", Platform.DEVTOOLS)
        yield _reading(line, found, "channel", Channel.DEVTOOLS)
        yield _reading(line, found, "devtools_version", found["tools"].strip("."))
        yield _reading(line, found, "base_library", found["library"].strip("."))
    elif found := _LIBRARY.search(line.text):
        yield _reading(line, found, "base_library", found[1].strip("."))
    if _AGENT.search(line.text):
        yield from _agent(line)


def without_marks(text: str) -> str:
    """A line as it was before devtools put its mark behind it."""
    return _DEVTOOLS.sub("", text)


def is_agent(line: PastedLine) -> bool:
    """Whether a line is a user agent and says no more."""
    return bool(_WHERE.search(line.text) and _PRODUCT.search(line.text))


def _reading(line: PastedLine, found: re.Match[str], name: str, value: str) -> ExtractedValue:
    return ExtractedValue(
        name, str(value), line.number, words_of(found.group()), Confidence.PROGRAM
    )


def _agent(line: PastedLine) -> Iterator[ExtractedValue]:
    products = {found[1].lower(): found for found in _PRODUCT.finditer(line.text)}
    where = _WHERE.search(line.text)
    if tools := products.get("wechatdevtools"):
        # The simulator claims to be a phone.
        yield _reading(line, tools, "platform", Platform.DEVTOOLS)
        yield _reading(line, tools, "channel", Channel.DEVTOOLS)
        yield _reading(line, tools, "devtools_version", tools[2].strip("."))
    elif where and products:
        named = system(where[1])
        if named.platform:
            yield _reading(line, where, "platform", named.platform)
        if named.version:
            yield _reading(line, where, "os_version", named.version)
        if device := _device(where[1]):
            yield _reading(line, where, "device", device)
    if own := products.get("wxwork"):
        yield _reading(line, own, "host", Host.WECOM)
        if not tools:
            yield _reading(line, own, "client_version", own[2].strip("."))
    elif (wechat := products.get("micromessenger")) and not tools:
        yield _reading(line, wechat, "host", Host.WECHAT)
        yield _reading(line, wechat, "client_version", wechat[2].strip("."))


def _device(where: str) -> str:
    if found := _ANDROID_DEVICE.search(where):
        return _BUILD.split(found[1])[0].strip()
    return next((name for name in ("iPhone", "iPad") if where.startswith(name)), "")
