"""What programs write into logs about where they run: user agents and the marks of devtools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from storage.model.vocabulary import Channel, Host, Platform
from storage.paste.extraction import Confidence, ExtractedValue, system
from storage.paste.lines import PastedLine, words_of

_DEVTOOLS: Final = re.compile(
    r"\(env: ?(?P<on>\w{1,20}), ?m[pg], ?(?P<tools>[\d.]{1,30}); ?lib: ?(?P<library>[\d.]{1,30})\)"
)
_LIBRARY: Final = re.compile(r"(?:WeChatLib: ?|\bWA\w{1,40}\.js\?[\w=&]{0,80}\bv=)([\d.]{1,30})")
_AGENT: Final = re.compile(r"Mozilla/[45]\.0 \(|MicroMessenger/|wxwork/|wechatdevtools/", re.I)
_PRODUCT: Final = re.compile(r"(wxwork|MicroMessenger|wechatdevtools)/(\d[\d.]{0,30})", re.I)
_WHERE: Final = re.compile(r"Mozilla/[45]\.0 \(([^()\n]{1,200})\)", re.I)
_ANDROID_DEVICE: Final = re.compile(r"Android [\d.]{1,12}; (?:[a-z]{2}-[a-z]{2}; )?([^;()]{2,60})")
_BUILD: Final = re.compile(r" Build/| MIUI/")


def readings(line: PastedLine) -> Iterator[ExtractedValue]:
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
