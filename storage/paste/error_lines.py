"""Which lines of a text are error text, and which only surround it."""

from __future__ import annotations

import re
from typing import Final

_ERROR: Final = re.compile(
    r"err(?:msg|code|no)|error|fail|exception|uncaught|traceback|fatal|panic|crash|abort|rejected"
    r"|denied|deny|refused|time[d ]*out|cannot |can't |could not|unable to|no permission"
    r"|not (?:defined|found|supported?|allowed|iterable|an? (?:object|function))"
    r"|层错误|\bERR!|undefined|invalid|unexpected|invoke result|(?-i:\bE[A-Z]{4,12}\b)",
    re.IGNORECASE,
)
#: What a call says when all is well.
_WELL: Final = re.compile(
    r"err(?:or)?_?msg[\"']?\s{0,3}:\s{0,3}[\"']?[\w.]{0,60}:?ok\b"
    r"|err_?(?:or)?(?:code|no)[\"']?\s{0,3}:\s{0,3}[\"']?0\b|\b(?:no|0) errors?\b",
    re.IGNORECASE,
)
#: Short Chinese that a program says, as against a person.
_SAYS: Final = re.compile(r"失败|错误|异常|报错|超时|无权限|没有权限|不存在|不支持|被拒绝")
_PERSON: Final = re.compile(
    r"我|你|他|大家|请问|求助|怎么|为什么|为啥|什么|吗|呢|了,|解决|[?]|时候?[,会]|的时候"
)
_LONGEST_SAYING: Final = 40
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_FRAME: Final = re.compile(
    r"^\s*(?:at\s+\S|\S{0,80}@\s?\S{0,200}:\d|\S{1,60} @ \S|\(anonymous\)|forEach@|global code@"
    r"|[\w<>.$ \[\]]{0,80}\(?\S{0,200}\.js\S{0,200}:\d+)"
)
_NOISE: Final = re.compile(
    r"\s*(?:\[system\]|\[Deprecation\]|\[自动热重载\]|\[基础库\]"
    r"|wx\.getSystemInfo(?:Sync)? is deprecated|Lazy code loading is enabled"
    r"|\[worker\] reportRealtimeAction:fail not support)"
)
_CODE: Final = re.compile(r"[{}<>=$]|;\s*$|\w\(|//|^\s*\S+$")
_LOOKED_AT: Final = 4_000


def is_error(text: str) -> bool:
    """Whether a line is error text, as programs write it."""
    text = text[:_LOOKED_AT]
    if len(_CHINESE.findall(text)) > len(text) // 3:
        return is_saying(text)
    return bool(_ERROR.search(_WELL.sub("", text)))


def is_saying(text: str) -> bool:
    """Whether a line of Chinese is what a program says: 打开失败 内部错误."""
    text = text.strip()
    return len(text) <= _LONGEST_SAYING and bool(_SAYS.search(text)) and not _PERSON.search(text)


def is_frame(text: str) -> bool:
    """Whether a line is a frame of a stack."""
    return bool(_FRAME.match(text[:_LOOKED_AT]))


def is_noise(text: str) -> bool:
    """Whether a line is what a console always says."""
    return bool(_NOISE.match(text))


def is_prose(text: str) -> bool:
    """Whether a person may have written a line: it is Chinese, or neither error text nor code."""
    return is_chinese(text) or not (is_error(text) or _CODE.search(text[:_LOOKED_AT]))


def is_chinese(text: str) -> bool:
    """Whether a person may have written a line in Chinese."""
    return bool(_CHINESE.search(text[:_LOOKED_AT]))
