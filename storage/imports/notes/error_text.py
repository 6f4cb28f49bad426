"""The error texts that a note quotes, as signatures to suggest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from storage.imports.import_item import LONGEST_WORDS

#: So many are a help; more are a log that was pasted into the note.
_MOST: Final = 8
_SHORTEST: Final = 4

# What a machine says goes on to the end of the line, or to where it is quoted to, or to where
# the author goes on in Chinese.
_REST: Final = r"[^\n`\"“”「」『』，。；！？、（）《》\u3400-\u9fff]*"
# Bounded, since each beginning is tried.
_CALL: Final = r"[A-Za-z_$][\w.$]{0,80}"
_KEY: Final = r"(?<![A-Za-z])[\"']?(?:{})[\"']?\s*[:：=]\s*"
_MACHINE: Final = re.compile(
    "|".join(
        (
            # invoke result:qy.login,qy.login:fail auth deny
            rf"(?:invoke result:\s*)?(?<![\w.$]){_CALL}(?:,{_CALL}){{0,4}}:\s?fail\b{_REST}",
            # TypeError: Cannot read property 'x' of undefined
            rf"(?<![\w.])[A-Z]\w{{0,80}}?(?:Error|Exception)\b\s?[:：]{_REST}",
            # errCode: 80201, "errcode":40029
            _KEY.format("[eE]rr(?:or)?_?[cC]ode|errno") + r"[\"']?-?\d{2,}[\"']?",
            # "errmsg": "invalid credential"
            _KEY.format("[eE]rr_?[mM]sg") + r"[\"'](?P<said>[^\"'\n]{1,300})[\"']",
        )
    )
)
# In an English sentence, an error text ends where the sentence goes on.
_GOES_ON: Final = re.compile(
    r"[,;]\s|\.\s+(?=[A-Z])"
    r"|\s+(?:when|whenever|on|in|if|after|before|while|but|and|although|even|unless|until|only)\s"
)
_QUOTED: Final = re.compile(
    "|".join(
        f"{begin}([^{end}\n]{{1,300}}){end}" for begin, end in ("“”", "「」", "『』", '""', "``")
    )
)
# What an author says right before quoting a machine, or right after.
_BEFORE: Final = re.compile(
    r"(?:报错?|错误(?:信息|码|提示|是|为)?|提示|抛出?|报错信息|日志"
    r"|errors?|exception|message|msg|says?|throws?|thrown|fail(?:s|ed)? with|reports?|complains?)"
    r"[\s:：，,是为了出的]*$",
    re.I,
)
_AFTER: Final = re.compile(r"\s*(?:的)?(?:错误|报错|异常|提示|error|exception)", re.I)
# What only an error text says; a button's name, quoted as well, says none of it.
_ERROR: Final = re.compile(
    r"失败|错误|异常|出错|繁忙|无权限|没有权限|未授权|不合法|不存在|超时|无法|非法|拒绝|不支持"
    r"|(?<![a-z])(?:errors?|fail(?:ed|ure|s)?|exception|denied|deny|invalid|not found|timeout"
    r"|timed out|refused|forbidden|unauthori[sz]ed|no permission|not supported|unsupported"
    r"|undefined|cannot|can't|is not|illegal)(?![a-z])",
    re.I,
)
# A name in quotes, such as ``fail`` or ``onError()``, is not what a machine said.
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]*(?:\([^)]*\))?|\S*成功\S*")


class _Said(NamedTuple):
    begin: int
    end: int
    text: str


def error_texts(*parts: str, code: Iterable[str] = ()) -> tuple[str, ...]:
    """The error texts quoted in a section, in its order, each once.

    Args:
        parts: its heading and its text, with inline code between backticks.
        code: its blocks of code, where only what a machine says is looked for.
    """
    found: list[str] = []
    for part in parts:
        machine = list(_machine(part))
        quoted = [one for one in _quoted(part) if not any(_meet(one, other) for other in machine)]
        found += (one.text for one in sorted([*machine, *quoted]))
    for block in code:
        found += (one.text for one in _machine(block))
    tidy = dict.fromkeys(map(_tidy, found))
    return tuple(text for text in tidy if len(text) >= _SHORTEST)[:_MOST]


def _machine(text: str) -> Iterator[_Said]:
    for match in _MACHINE.finditer(text):
        said = match["said"] or match.group()
        ends_quoted = text[match.end() : match.end() + 1] in {"`", '"', "”", "」", "』"}
        if not ends_quoted and (further := _GOES_ON.search(said)):
            said = said[: further.start()]
        yield _Said(match.start(), match.end(), said)


def _quoted(text: str) -> Iterator[_Said]:
    for match in _QUOTED.finditer(text):
        said = next(part for part in match.groups() if part is not None)
        before = text[max(0, match.start() - 24) : match.start()]
        spoken_of = _ERROR.search(said) or _BEFORE.search(before) or _AFTER.match(text, match.end())
        if spoken_of and not _NAME.fullmatch(said):
            yield _Said(match.start(), match.end(), said)


def _meet(one: _Said, other: _Said) -> bool:
    return one.begin < other.end and other.begin < one.end


def _tidy(said: str) -> str:
    said = " ".join(said.split()).strip(" ,;.")
    unpaired = said.count('"') % 2 or said.count("'") % 2
    return (said.strip("\"'") if unpaired else said)[:LONGEST_WORDS]
