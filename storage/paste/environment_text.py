"""What stands behind a label → the fields of an environment that it tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from storage.model.vocabulary import Channel, Host, Platform
from storage.paste import prose, template_labels
from storage.paste.extraction import Exactness, Reading
from storage.paste.lines import words_of
from storage.paste.platforms import system, version

_Value = tuple[str, str, Exactness]

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


def values(name: str, label: str, value: str, line: int, words: str) -> Iterator[Reading]:
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
    told = [one for one in read(value, label) if one[1]]
    for field, said, trust in told:
        exactness = min(Exactness.LABEL, trust)
        yield Reading(field, str(said)[:_LONGEST], line, words, exactness)
    if name not in _TELL_NOTHING_ELSE:
        told_fields = {field for field, _, _ in told}
        for reading in prose.readings(value, line, Exactness.LABEL, words=words):
            if reading.field not in told_fields:
                yield reading


def _wecoms_version(value: str, _label: str) -> Iterator[_Value]:
    yield "host", Host.WECOM, Exactness.LABEL
    yield "client_version", version(value), Exactness.LABEL


def _wechats_version(value: str, _label: str) -> Iterator[_Value]:
    if number := version(value):
        yield from prose.wechats_version(number)


def _host(value: str, _label: str) -> Iterator[_Value]:
    if re.search(r"企业微信|企微|wecom|wxwork", value, re.IGNORECASE):
        yield "host", Host.WECOM, Exactness.LABEL
    elif re.search(r"微信|wechat|weixin", value, re.IGNORECASE):
        yield "host", Host.WECHAT, Exactness.LABEL


def _platform(value: str, _label: str) -> Iterator[_Value]:
    if value.strip() == "工具":
        yield "platform", Platform.DEVTOOLS, Exactness.LABEL
        yield "channel", Channel.DEVTOOLS, Exactness.LABEL
    elif found := _BARE.fullmatch(value.strip()):
        yield "os_version", found[1], Exactness.LABEL


def _os_version(value: str, label: str) -> Iterator[_Value]:
    if label in template_labels.SYSTEMS:
        # “安卓: 4.1.8” tells the app's version, as “安卓 4.1.8” does.
        for reading in prose.readings(f"{label} {value}", 0):
            yield reading.field, reading.value, Exactness.LABEL
        return
    named = system(value)
    yield "platform", named.platform or system(label).platform, Exactness.LABEL
    yield "os_version", named.version or version(value), Exactness.LABEL


def _device(value: str, _label: str) -> Iterator[_Value]:
    name = prose.without_systems(value)
    yield "device", name.strip(" ,;()/、|-"), Exactness.LABEL


def _devtools_version(value: str, _label: str) -> Iterator[_Value]:
    found = _TOOLS.search(value)
    yield "devtools_version", found.group() if found else version(value), Exactness.LABEL


def _channel(value: str, _label: str) -> Iterator[_Value]:
    named = prose.channel(value)
    if not named:
        named = next((_CHANNELS[word] for word in _CHANNELS if word in value.lower()), "")
    yield "channel", named, Exactness.LABEL


def _as_it_is(field: str) -> Callable[[str, str], Iterator[_Value]]:
    return lambda value, _label: iter([(field, value, Exactness.LABEL)])


def _version(field: str) -> Callable[[str, str], Iterator[_Value]]:
    return lambda value, _label: iter([(field, version(value), Exactness.LABEL)])


_READ: Final[dict[str, Callable[[str, str], Iterator[_Value]]]] = {
    template_labels.WECOMS: _wecoms_version,
    template_labels.WECHATS: _wechats_version,
    "client_version": _version("client_version"),
    "base_library": _version("base_library"),
    "host": _host,
    "platform": _platform,
    "os_version": _os_version,
    "device": _device,
    "devtools_version": _devtools_version,
    "channel": _channel,
    "permission": _as_it_is("permission"),
    "company": _as_it_is("company"),
}
#: A version of devtools does not say that it was seen there.
_TELL_NOTHING_ELSE: Final = ("permission", "company", "devtools_version", "base_library")
