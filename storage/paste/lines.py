"""A pasted text as lines that can be read, and which of its words are kept as notes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from storage.model.fields import NamedTuple
from storage.paste import template_labels
from storage.text.sanitize import from_elsewhere
from storage.text.zones import zone

_WORDS: Final = 60


class PastedLine(NamedTuple):
    """One line: its number from 1, as it was pasted, and as it is compared.

    ``text`` has half-width letters, digits and marks, and is otherwise ``whole``.
    """

    number: int
    whole: str
    text: str


def lines_of(text: str) -> list[PastedLine]:
    """The lines of a pasted text; each row of a table in HTML is one."""
    text = from_elsewhere(text)
    numbered: list[tuple[int, str]] = []
    done, number = 0, 1
    for table in template_labels.TABLE.finditer(text):
        before = text[done : table.start()]
        numbered += enumerate(before.split("\n"), number)
        number += before.count("\n")
        numbered += [
            (number + below, row) for below, row in template_labels.table_rows(table.group())
        ]
        number += table.group().count("\n")
        done = table.end()
    numbered += enumerate(text[done:].split("\n"), number)
    return [PastedLine(number, whole.rstrip(), narrow(whole)) for number, whole in numbered]


def narrow(text: str) -> str:
    """``text`` with half-width letters, digits and marks."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def words_of(text: str) -> str:
    """So much of a text that one finds the place again."""
    text = " ".join(text[: 4 * _WORDS].split())
    return text if len(text) <= _WORDS else f"{text[:_WORDS]}…"


# What is kept of a text's words: whole lines, titles, addresses


#: “张三: …”, as chats are copied.
_SPEAKER: Final = re.compile(r"^[\s>]*[\u4e00-\u9fff]{2,8}\s?[:：]\s?(?=\S)")
_CALLED: Final = re.compile(r"err(?:or)?_?msg[\"']?\s{0,3}:\s{0,3}[\"']([^\"'\n]{4,300})", re.I)
#: Times and places before a console's line, and the mark of devtools behind it.
_ASIDE: Final = re.compile(
    r"^(?:\[?[\d/:.T-]{5,30}(?: [\d:.]{5,15})?\]?\s{1,4}|\S{1,80}:\d{1,9}\s|VM\d{1,9}\s){1,3}"
    r"|\(env: [^()]{1,80}\)$"
)

#: “errMsg: "…"” and nothing else.
_CALLED_ALONE: Final = re.compile(
    r"[\"']?err(?:or)?_?msg[\"']?\s*[:=\uff1a]?\s*[\"'“](.+)[\"'”][,，。.;]?", re.IGNORECASE
)
#: What begins a message and says nothing of it, and the calls that print where it runs.
_EMPTY_WORDS: Final = re.compile(
    r"(?:(?:Uncaught )?Error: )?(?:MiniProgramError|thirdScriptError|SystemError \(\w+\)|Error):?"
    r"|(?:wx\.)?(?:qy\.)?get(?:System|Device|AppBase|Account)Info(?:A?sync)?\s?(?:\([^()]{0,40}\))?"
    r"[\s:：=>]{0,4}",
    re.IGNORECASE,
)
_MOST_LINES: Final = 2_000
_LONGEST_TITLE: Final = 120
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>()\[\]{}，。；、）】」]{4,1900}", re.IGNORECASE)
#: Addresses of devtools' own files.
_LOCAL: Final = re.compile(r"//(?:127\.|localhost|usr/|tmp/)|/__pageframe__/|\.js[?:]", re.I)
_MOST_ADDRESSES: Final = 10


def joined(lines: Iterable[str], longest: int) -> str:
    """As many of the first lines as fit into ``longest`` characters.

    Without blank ones around them, and without those that repeat the one before.
    """
    kept: list[str] = []
    size = 0
    for line in lines:
        if (kept and line == kept[-1]) or not (kept or line.strip()):
            continue
        size += len(line) + 1
        if size > longest:
            return "\n".join(kept).rstrip() or f"{line[:longest]}…"
        kept.append(line)
    return "\n".join(kept).rstrip()


def without_empty(lines: Sequence[str]) -> list[str]:
    """The lines without the headings of a template under which nothing was written."""
    kept: list[str] = []
    below = None
    for line in reversed(lines[:_MOST_LINES]):
        if not line.strip():
            kept.append(line)
            continue
        heading = _is_heading(line)
        if heading and below in {None, "heading"} and not _says_something(line):
            continue
        kept.append(line)
        below = "heading" if heading else "text"
    return kept[::-1]


def title_of(lines: Iterable[str]) -> str:
    """The first line that says something, as a title; empty if there is none."""
    for line in lines:
        label = template_labels.labelled(narrow(line))
        is_field = label is not None and label.names not in template_labels.SECTIONS
        if label is not None and is_field and not _is_headline(label):
            continue
        text = label.value if label else unspoken(line).strip()
        text = bare(text)
        if text and not _EMPTY_WORDS.fullmatch(text):
            called = _CALLED.search(text)
            title = (called[1] if called else text).strip()
            return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
    return ""


def _is_headline(label: template_labels.LabelledValue) -> bool:
    """Whether an app's name stands before a title, and not before a version: 【企业微信】白屏."""
    named = label.names in (template_labels.WECOMS, template_labels.WECHATS)
    return named and is_chinese(label.value) and re.match(r"\W*[vV]?\d", label.value) is None


def what_happened(lines: Sequence[str]) -> Sequence[str]:
    """Of what a template asks for, the lines from “actual” on; all, if it is not told."""
    for place, line in enumerate(lines):
        label = template_labels.labelled(narrow(line))
        if label is not None and label.label in template_labels.HAPPENED:
            return lines[place:]
    return lines


def unspoken(line: str) -> str:
    """A line of a chat without who said it."""
    return _SPEAKER.sub("", line)


def bare(line: str) -> str:
    """A console's line without the time and the place before it, and the mark behind it."""
    return _ASIDE.sub("", line)


def uncalled(text: str) -> str:
    """An error text without the ``errMsg`` around it."""
    called = _CALLED_ALONE.fullmatch(text.strip())
    return called[1] if called else text


def addresses(lines: Iterable[str]) -> tuple[str, ...]:
    """The web addresses in the lines, each once."""
    found: dict[str, None] = {}
    for line in lines:
        for match in _ADDRESS.finditer(line):
            url = match.group().rstrip(".,;:!?")
            if not _LOCAL.search(url):
                found[url] = None
        if len(found) >= _MOST_ADDRESSES:
            break
    return tuple(found)[:_MOST_ADDRESSES]


def _is_heading(line: str) -> bool:
    label = template_labels.labelled(narrow(line))
    return label is not None and label.names in template_labels.SECTIONS


def _says_something(line: str) -> bool:
    label = template_labels.labelled(narrow(line))
    return label is not None and bool(label.value)


# Which lines of a text are error text, and which only surround it


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
#: “点击提交后报错” tells that there is one.
_TOLD: Final = re.compile(r"(?:就|会|都|一直|总是|直接|[后时])报错了?\W*$")
_LONGEST_SAYING: Final = 40
#: “无报错”, “不会超时”: that there is none.
_NONE_OF_IT: Final = re.compile(
    r"(?:没有|没|无|未|不再|不会|不应该?|不)(?:任何|出现|发生|再|有|看到|见到)*(?:报错|错误|异常|失败|超时|提示)"
)
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
    said = bare(text)
    if len(_CHINESE.findall(said)) > len(said) // 3:
        return is_sentence(said)
    return bool(_ERROR.search(_WELL.sub("", text)))


#: What a program says within a sentence of a person's, to where that goes on.
_WITHIN: Final = re.compile(
    r"(?<![\w.$])(?:[A-Za-z_$][\w.$]{1,60}(?:,[A-Za-z_$][\w.$]{1,60}){0,4}:\s?fail(?:\b|_)"
    r"|[A-Z]\w{0,40}(?:Error|Exception)\s?:)"
    r"(?:(?!请问|怎么|求助|求解|有没有|是不是|麻烦|导致|但是?|然后)"
    r"(?:[^\n\"“”'‘’`「」，。；！？]|[\"“'][^\"”'\n]{1,100}[\"”'](?= [a-z])))*"
)
_ENGLISH: Final = re.compile(
    r"\b(?:expected|actual|i|we|my|our|when|after|tapping|clicking)\b", re.I
)
#: So many characters of Chinese are said by a person.
_SAID: Final = 4


def error_within(text: str) -> str:
    """What a program says in the middle of a person's sentence; empty if all of it is output."""
    found = _WITHIN.search(text[:_LOOKED_AT])
    if found is None:
        return ""
    before = text[: found.start()]
    is_speech = len(_CHINESE.findall(before)) >= _SAID or len(_ENGLISH.findall(before)) > 1
    return re.sub(r"[\s,.;)}\]]+$", "", found.group()) if is_speech else ""


def is_sentence(text: str) -> bool:
    """Whether a line of Chinese is what a program says: 打开失败 内部错误."""
    text = _NONE_OF_IT.sub("", bare(text.strip()))
    is_short = len(text) <= _LONGEST_SAYING and not _TOLD.search(text)
    return is_short and bool(_SAYS.search(text)) and not _PERSON.search(text)


def is_frame(text: str) -> bool:
    """Whether a line is a frame of a stack."""
    return bool(_FRAME.match(text[:_LOOKED_AT]))


def is_noise(text: str) -> bool:
    """Whether a line is what a console always says."""
    return bool(_NOISE.match(text))


#: Paths, addresses and agents name apps and systems, too, and errors those that they ask for.
_SPEAKS_OF: Final = re.compile(
    r"[\w.]/[\w.]|//|\\|mozilla|requir|minimum|maximum|at least|\bor (?:later|above|higher|newer"
    r"|below|lower|older)|\b(?:only|since|before|until|needs?|than|sdk|target|expected|got)\b"
    r"|deprecated|upgrade|update|install|simulator|emulator|build|compil|\bERR!|unsupported"
    r"|support(?!ed)|supported (?:on|by|in|from)\b",
    re.IGNORECASE,
)


def speaks_of_systems(text: str) -> bool:
    """Whether the systems that an error line names may be others than the one where it was seen."""
    return bool(_SPEAKS_OF.search(text[:_LOOKED_AT]))


def is_prose(text: str) -> bool:
    """Whether a person may have written a line: it is Chinese, or neither error text nor code."""
    return is_chinese(text) or not (is_error(text) or _CODE.search(text[:_LOOKED_AT]))


def is_chinese(text: str) -> bool:
    """Whether a person may have written a line in Chinese."""
    return bool(_CHINESE.search(text[:_LOOKED_AT]))


#: A build's date stands behind its version and says nothing of the occurrence.
_BUILT: Final = re.compile(r"WeChatLib|\bbuil[dt]\b", re.IGNORECASE)
_CLOCK: Final = (
    r"(?P<half>上午|下午|晚上)?\s?(?P<hour>\d{1,2})[:点时](?P<minute>\d{2})(?:[:分](?P<second>\d{2}))?"
    r"(?:[.,]\d{1,9})?\s?(?P<zone>Z|(?:GMT|UTC)?[+-]\d{2}:?\d{2})?"
)

_ISO: Final = re.compile(
    r"(?<![\d.])(?P<year>20\d{2})[-/年.](?P<month>\d{1,2})[-/月.](?P<day>\d{1,2})(?![\d.])日?"
    rf"(?:[\sT,]{{0,3}}{_CLOCK})?"
)

_SCRIPT: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?P<name>[A-Z][a-z]{2}) (?P<day>\d{2}) (?P<year>20\d{2})"
    rf" {_CLOCK}"
)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"


def moment(text: str, *, whole_day: bool = False) -> int | None:
    """The first time that ``text`` names, in ms; without a zone it is the board's.

    Args:
        text: a line, with half-width signs.
        whole_day: whether a day without a time of day counts, as its beginning.
    """
    if _BUILT.search(text):
        return None
    found = _SCRIPT.search(text) or _ISO.search(text)
    if found is None or not (whole_day or found["hour"]):
        return None
    parts = found.groupdict()
    try:
        month = _MONTHS.index(parts["name"]) // 3 + 1 if parts.get("name") else int(parts["month"])
        at = datetime(int(parts["year"]), month, int(parts["day"]))
        at += timedelta(hours=_hour(parts), minutes=int(parts["minute"] or 0))
        at += timedelta(seconds=int(parts["second"] or 0))
        return zone().ms(_placed(at, parts["zone"] or ""))
    except (ValueError, OverflowError, OSError):
        return None


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    return hour + 12 if parts["half"] in {"下午", "晚上"} and hour < 12 else hour


def _placed(at: datetime, offset: str) -> datetime:
    if not offset:
        return at
    if offset == "Z":
        return at.replace(tzinfo=UTC)
    sign, digits = offset.lstrip("GMTUC")[0], re.sub(r"\D", "", offset)
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return at.replace(tzinfo=timezone(-ahead if sign == "-" else ahead))
