"""Text about an environment → its fields: the value behind a label, and plain sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from storage.model.environment import FIELDS
from storage.model.fields import Field
from storage.model.vocabulary import Channel, Host, Platform
from storage.paste import template_labels
from storage.paste.extraction import Confidence, ExtractedValue
from storage.paste.lines import bare, speaks_of_systems, words_of
from storage.paste.template_labels import (
    SYSTEM,
    major,
    may_be_wecoms,
    platform_of,
    system,
    version,
)

_Value = tuple[str, str, Confidence]

_UNSAID: Final = re.compile(
    r"[\s\-–—/.]*|无|没有|未知|不详|不限|全部|所有|所有机型|n/?a|none|unknown|null|undefined|\?+",
    re.IGNORECASE,
)
_TOOLS: Final = re.compile(r"\d\.\d{2}\.\d{6,8}")
_BARE: Final = re.compile(r"v?(\d{1,3}(?:\.\d{1,9}){0,4})")
_CHANNELS: Final = {
    "预览": Channel.PREVIEW,
    "preview": Channel.PREVIEW,
    "develop": Channel.PREVIEW,
    "开发": Channel.PREVIEW,
    "体验": "trial",
    "trial": "trial",
    "正式": Channel.RELEASE,
    "release": Channel.RELEASE,
    "线上": Channel.RELEASE,
    "devtools": Channel.DEVTOOLS,
    "工具": Channel.DEVTOOLS,
}
_LONGEST: Final = 100


def values(name: str, label: str, value: str, line: int, words: str) -> Iterator[ExtractedValue]:
    """The readings of a labelled value.

    Args:
        name: what the label names; see ``storage.paste.template_labels``.
        label: the label itself, which may name a system: ``安卓版本``.
        value: what stands behind it.
        line, words: where it stands, and the words to quote.
    """
    read = _READ.get(name)
    if read is None or _UNSAID.fullmatch(value):
        return
    words = words_of(words)
    texts = [one for one in read(value, label) if one[1]]
    for field, settled, trust in texts:
        exactness = min(Confidence.LABEL, trust)
        yield ExtractedValue(field, str(settled)[:_LONGEST], line, words, exactness)
    if name not in _TELL_NOTHING_ELSE:
        read_fields = {field for field, _, _ in texts}
        for reading in readings(value, line, Confidence.LABEL, words=words):
            if reading.field not in read_fields:
                yield reading


def _wecoms_version(value: str, _label: str) -> Iterator[_Value]:
    yield "host", Host.WECOM, Confidence.LABEL
    # Behind a system's name stands its version, or the app's, by what it may be.
    named = system(value[:_LONGEST])
    if isinstance(named.platform, Platform) and not _BARE.match(value):
        tells = _is_the_clients(named.platform, named.version)
        yield "client_version", named.version if tells else "", Confidence.LABEL
    else:
        yield "client_version", version(value), Confidence.LABEL


def _wechats_version(value: str, _label: str) -> Iterator[_Value]:
    if number := version(value):
        yield from wechats_version(number)


def _host(value: str, _label: str) -> Iterator[_Value]:
    if re.search(r"企业微信|企微|wecom|wxwork", value, re.IGNORECASE):
        yield "host", Host.WECOM, Confidence.LABEL
    elif re.search(r"微信|wechat|weixin", value, re.IGNORECASE):
        yield "host", Host.WECHAT, Confidence.LABEL


def _platform(value: str, _label: str) -> Iterator[_Value]:
    if value.strip() == "工具":
        yield "platform", Platform.DEVTOOLS, Confidence.LABEL
        yield "channel", Channel.DEVTOOLS, Confidence.LABEL
    elif found := _BARE.fullmatch(value.strip()):
        yield "os_version", found[1], Confidence.LABEL


def _os_version(value: str, label: str) -> Iterator[_Value]:
    if label in template_labels.SYSTEMS:
        # “安卓: 4.1.8” tells the app's version, as “安卓 4.1.8” does.
        for reading in readings(f"{label} {value}", 0):
            yield reading.field, reading.value, Confidence.LABEL
        return
    named = system(value)
    yield "platform", named.platform or system(label).platform, Confidence.LABEL
    yield "os_version", named.version or version(value), Confidence.LABEL


def _device(value: str, _label: str) -> Iterator[_Value]:
    name = without_systems(value)
    yield "device", name.strip(" ,;()/、|-"), Confidence.LABEL


def _devtools_version(value: str, _label: str) -> Iterator[_Value]:
    found = _TOOLS.search(value)
    yield "devtools_version", found.group() if found else version(value), Confidence.LABEL


def _channel(value: str, _label: str) -> Iterator[_Value]:
    named = channel(value)
    if not named:
        named = next((_CHANNELS[word] for word in _CHANNELS if word in value.lower()), "")
    yield "channel", named, Confidence.LABEL


def _as_it_is(field: str) -> Callable[[str, str], Iterator[_Value]]:
    return lambda value, _label: iter([(field, value, Confidence.LABEL)])


def _version(field: str) -> Callable[[str, str], Iterator[_Value]]:
    return lambda value, _label: iter([(field, version(value), Confidence.LABEL)])


def _word(field: Field) -> Callable[[str, str], Iterator[_Value]]:
    """Reads a word of the field's vocabulary, however it is spelled."""

    def read(value: str, _label: str) -> Iterator[_Value]:
        if field.words is not None and (word := field.words.spelled(value.strip())):
            yield field.name, word, Confidence.LABEL

    return read


def _usual(field: Field) -> Callable[[str, str], Iterator[_Value]]:
    if field.words is not None:
        return _word(field)
    return _version(field.name) if field.is_version else _as_it_is(field.name)


#: Reads the value behind a label: by the declaration, but for what people write in other ways.
_READ: Final[dict[str, Callable[[str, str], Iterator[_Value]]]] = {
    **{field.name: _usual(field) for field in FIELDS},
    template_labels.WECOMS: _wecoms_version,
    template_labels.WECHATS: _wechats_version,
    "host": _host,
    "platform": _platform,
    "os_version": _os_version,
    "device": _device,
    "devtools_version": _devtools_version,
    "channel": _channel,
}
#: A version of devtools does not say that it was seen there.
_TELL_NOTHING_ELSE: Final = ("permission", "company", "devtools_version")


# Environments as people mention them: “安卓 4.1.8 保存图片是白的”, “on iOS 17, WeCom 4.1.8”


_NUMBER: Final = r"(?P<number>\d{1,9}(?:\.\d{1,9}){0,4})"
_LINK: Final = (
    r"(?:系统|手机|客户端|版本号?|版|端|均|都|皆|全部?|同|统一|目前|现在|当前|最新|已经?|升级?到?|更新到?|降到|用的?|version"
    r"|app|client|at|was|were|is|are|both|[\s:=是为v_/()-]){0,8}"
)
_SYSTEM: Final = re.compile(rf"(?:{SYSTEM}){_LINK}(?:{_NUMBER}(?![\w%.]*[a-z]))?", re.IGNORECASE)
_WECOM: Final = re.compile(
    rf"(?:企业微信|企微|(?<![a-z])(?:wecom|wxwork|wework|wechat work)(?![a-z])){_LINK}"
    rf"(?:{_NUMBER})?",
    re.IGNORECASE,
)

_WECHAT: Final = re.compile(
    rf"(?<!企业)(?:微信|(?<![a-z])wechat(?! work)(?![a-z])){_LINK}{_NUMBER}", re.IGNORECASE
)

#: “8.0.40版微信”, “3.2.1版本的基础库”.
_BEFORE_NAME: Final = re.compile(
    r"(?<![A-Za-z0-9.])(?P<number>\d{1,9}(?:\.\d{1,9}){1,4})\s?版本?的?\s?(?P<name>企业微信|企微|微信|基础库)"
)

_WECHATS_CLIENT: Final = re.compile(
    r"(?<!企业)微信(?:安卓|ios|android)?(?:客户端|里|内|上|端)", re.I
)

_LIBRARY: Final = re.compile(
    rf"(?:基础库|(?<![a-z])(?:base library|sdk(?:version)?|lib(?:rary)?)(?![a-z])){_LINK}"
    r"(?P<number>\d{1,9}(?:\.\d{1,9}){1,4})",
    re.IGNORECASE,
)

_TOOLS_prose: Final = re.compile(
    r"(?:开发者?工具|(?<![a-z])devtools?)\D{0,12}?(?P<number>\d\.\d{2}\.\d{6,8})", re.IGNORECASE
)

_APPLE: Final = re.compile(
    r"(?P<device>(?:iphone|ipad|苹果) ?(?:\d{1,2}[a-z]?|x[sr]?|se\d?|air|pro|mini)"
    r"(?: ?(?:pro|plus|max|mini|air))*)(?![\w.])"
    r"|(?P<bare>(?<![a-z])(?:iphone|ipad)(?![a-z]))",
    re.IGNORECASE,
)

_PHONE: Final = re.compile(
    r"(?:华为|荣耀|小米|红米|三星|一加|魅族|联想|努比亚|中兴|真我"
    r"|(?<![a-z])(?:huawei|honor|xiaomi|redmi|oppo|vivo|iqoo|samsung|oneplus|pixel|galaxy|meizu"
    r"|realme|lenovo|nubia|zte)(?![a-z]))"
    r"(?:[ -]?(?!android|ios|wecom|wechat|harmony)(?:[a-z+]{1,7}\d{1,4}[a-z+]{0,4}"
    r"|\d{1,4}[a-z+]{0,4}(?![.\w])|(?:mate|nova|note|reno|find|galaxy|magic|pro|plus|max|ultra|lite"
    r"|se|mini|fold|flip|gt|neo|turbo|畅享)(?![a-z]))){1,4}",
    re.IGNORECASE,
)

_CHANNELS_prose: Final = (
    (
        Channel.TRIAL_INVITED,
        r"邀请(?:的|类|式)?体验版?|体验版?邀请|trial by invitation|invited trial",
    ),
    (
        Channel.TRIAL_QR,
        r"扫码(?:的|类|式)?(?:进入)?体验版?|体验版?(?:二维码|扫码)|体验码|trial by qr",
    ),
    ("trial", r"体验版|(?<![a-z])trial(?: version| build)?(?![\w-])"),
    (
        Channel.PREVIEW,
        r"预览(?:版|码|二维码)|扫码预览|真机(?:预览|调试)|开发版|preview (?:build|qr)",
    ),
    (Channel.RELEASE, r"正式(?:版|环境)|线上版?|生产环境|release (?:build|version)"),
)

_CHANNEL: Final = re.compile(
    "|".join(f"({pattern})" for _, pattern in _CHANNELS_prose), re.IGNORECASE
)

#: Names that begin what is said of another device.
_NEXT: Final = (
    r"(?=\s*(?:一[台部个])?(?:安卓|ios|苹果|鸿蒙|android|iphone|ipad|华为|荣耀|小米|红米|三星|一加|魅族|huawei|honor"
    r"|xiaomi|redmi|oppo|vivo|iqoo|samsung|oneplus|pixel|galaxy))"
)
_CLAUSES: Final = re.compile(
    rf"[,;。!?]|\.\s|(?<!\d)\.(?=[^\d\w])|但是?|而(?=安卓|ios|苹果)"
    rf"|(?:以及|[和与跟及、&+/]|(?<![a-z])(?:and|vs)(?![a-z])){_NEXT}",
    re.IGNORECASE,
)

#: Where it does not show is not where it was seen.
_FINE: Final = re.compile(
    r"正常|没(?:有|啥|什么)?(?:这个|该|此|任何)?问题|没事|无(?:此|该)?问题|(?:不|无法|未)(?:能|会)?(?:复现|重现|出现)"
    r"|是好的|都?好使|\bfine\b|\bworks?\b|\bno problem|\bnot reproduc|\bok\b",
    re.IGNORECASE,
)
_LONGEST_prose: Final = 2_000


def readings(
    text: str, line: int, exactness: Confidence = Confidence.PROSE, *, words: str = ""
) -> Iterator[ExtractedValue]:
    """What is mentioned of an environment.

    Args:
        text: some words, with half-width signs.
        line: where they stand.
        exactness: how far to trust them; the value of a label is more than a mention.
        words: what to quote as the place; else the clause.
    """
    for clause in _CLAUSES.split(text[:_LONGEST_prose]):
        if clause.strip() and not _FINE.search(clause):
            for name, value, trust in _values(clause):
                place = words or words_of(clause)
                yield ExtractedValue(name, str(value), line, place, min(exactness, trust))


def channel(text: str) -> Channel | str:
    """The first channel that is named; ``trial`` if it is not said which trial version."""
    found = _CHANNEL.search(text)
    return _CHANNELS_prose[found.lastindex - 1][0] if found and found.lastindex else ""


def without_systems(text: str) -> str:
    """``text`` without the systems and their versions: a phone's name stays."""
    return _SYSTEM.sub("", text[:_LONGEST_prose])


#: Names that a program's line, or who passes it on, gives with a number: “iOS 15.4”, “WeCom 4.1.8”.
_NUMBERED: Final = (
    rf"(?:{SYSTEM}|企业微信|企微|微信|基础库|(?<![a-z])(?:wecom|wxwork|wework|wechat(?: work)?"
    r"|base library|sdkversion|lib))"
    r"[\s:]?(?:version |v)?\d{1,9}(?:\.\d{1,9}){0,4}(?![\w%-]|\.\w)"
)
_ANY: Final = rf"{_NUMBERED}|{_APPLE.pattern.partition('|(?P<bare>')[0]}|{_PHONE.pattern}"
_ONE: Final = "(?:" + re.sub(r"\?P<\w+>", "?:", _ANY) + ")"
_RUN: Final = rf"({_ONE}(?:(?:[\s,;|+()]|\b(?:on|with|and|in)\b){{1,6}}{_ONE})*)"
_BEFORE_ERROR: Final = re.compile(rf"[\W\d]{{0,40}}(?:on |in )?{_RUN}[\s:)\]|,]", re.IGNORECASE)
_BEHIND_ERROR: Final = re.compile(rf"(?:^|[\s(\[,;:]){_RUN}[\s)\].,;!]*$", re.IGNORECASE)


def beside(text: str, line: int) -> Iterator[ExtractedValue]:
    """Of where it ran, what an error's line says before or behind it: names with numbers alone.

    Args:
        text: a line with error text, with half-width signs.
        line: where it stands.
    """
    text = bare(text)
    if speaks_of_systems(text):
        return
    for found in (_BEFORE_ERROR.match(text[:120]), _BEHIND_ERROR.search(text[-120:])):
        if found:
            yield from readings(found[1], line, words=found[1])


#: To be trusted as far as the place where it stands.
_SURE: Final = Confidence.DEVICE


def _values(clause: str) -> Iterator[_Value]:
    yield from _system(clause)
    if found := _WECOM.search(clause):
        yield "host", Host.WECOM, _SURE
        if found["number"]:
            yield "client_version", found["number"], _SURE
    if found := _WECHAT.search(clause):
        yield from wechats_version(found["number"])
    elif _WECHATS_CLIENT.search(clause):
        yield "host", Host.WECHAT, Confidence.BESIDE
    for found in _BEFORE_NAME.finditer(clause):
        if found["name"] == "微信":
            yield from wechats_version(found["number"])
        elif found["name"] == "基础库":
            yield "base_library", found["number"], _SURE
        else:
            yield "client_version", found["number"], _SURE
    if found := _LIBRARY.search(clause):
        yield "base_library", found["number"], _SURE
    if found := _TOOLS_prose.search(clause):
        yield "devtools_version", found["number"], _SURE
    yield from _device_prose(clause)
    if named := channel(clause):
        yield "channel", named, _SURE


def wechats_version(number: str) -> Iterator[_Value]:
    """What a version that is called WeChat's says; a WeCom around it would be the host."""
    yield "client_version", number, Confidence.BESIDE
    if not may_be_wecoms(number):
        yield "host", Host.WECHAT, Confidence.BESIDE


def _system(clause: str) -> Iterator[_Value]:
    for found in _SYSTEM.finditer(clause):
        platform = platform_of(found)
        # 苹果 13 is a phone.
        number = "" if found["ios"] == "苹果" else found["number"] or ""
        yield "platform", platform, _SURE
        if platform is Platform.DEVTOOLS:
            yield "channel", Channel.DEVTOOLS, _SURE
        elif number and _is_the_clients(platform, number):
            yield "client_version", number, _SURE
        elif number:
            yield "os_version", number, _SURE


#: The first version of a desktop's system that anybody still has.
_DESKTOPS: Final = {Platform.MACOS: 10, Platform.WINDOWS: 6}


def _is_the_clients(platform: Platform, number: str) -> bool:
    """Whether “安卓 4.1.8” and “for Mac 4.1.3” tell the app's version.

    Android's have two parts, iOS and macOS have passed 9, Windows has passed 5.
    """
    three = number.count(".") > 1
    if platform in _DESKTOPS:
        return "." in number and major(number) < _DESKTOPS[platform]
    if platform is Platform.ANDROID:
        return three
    return platform is Platform.IOS and three and major(number) < 9


def _device_prose(clause: str) -> Iterator[_Value]:
    """The devices of a clause: a report may name two, which are then to be chosen from."""
    for found in _APPLE.finditer(clause):
        yield "platform", Platform.IOS, _SURE
        if found["device"]:
            yield "device", found["device"].strip(), _SURE
    for found in _PHONE.finditer(clause):
        yield "device", found.group().strip(), _SURE
