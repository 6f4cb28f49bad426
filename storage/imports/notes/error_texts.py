"""The error texts that a note quotes, as signatures to suggest.

What is fenced, quoted or set as code below a label or a sentence that announces an error is taken
whole. Elsewhere only what a machine says in its own form counts, such as ``getLocation:fail``.
Of program code nothing is taken but a comment that is an error text as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from storage.imports.import_item import LONGEST_WORDS
from storage.imports.notes.labels import LabelledLine, Role, labelled
from storage.imports.notes.remedies import announces_error
from storage.match.error_text import says_success
from storage.model.fields import NamedTuple

#: So many are a help; more are a log that was pasted into the note.
_MOST: Final = 8
_SHORTEST: Final = 4
#: A message that is longer is a text.
_LONGEST_MESSAGE: Final = 120


# What a machine says goes on to the end of the line, or to where it is quoted to, or to where
# the author goes on in Chinese.
_REST: Final = (
    r"(?:[^\n`\"“”「」『』，。；！？、（）《》\u3400-\u9fff]"
    # page "pages/index" is not found
    r"|\"[^\"\n]{1,100}\"(?= [a-z])|“[^”\n]{1,100}”(?= [a-z])){0,300}"
)
# Bounded, since each beginning is tried.
_CALL: Final = r"[A-Za-z_$][\w.$]{0,80}"
_KEY: Final = r"(?<![A-Za-z])[\"']?(?:{})[\"']?\s*[:：=]\s*"
_MACHINE: Final = re.compile(
    "|".join(
        (
            # invoke result:qy.login,qy.login:fail auth deny
            rf"(?:invoke result:\s*)?(?<![\w.$]){_CALL}(?:,{_CALL}){{0,4}}:\s?fail(?:\b|_){_REST}",
            # TypeError: Cannot read property 'x' of undefined
            rf"(?<![\w.])(?:[A-Z]\w{{0,80}}?)?(?:Error|Exception)\b\s?[:：]{_REST}",
            # a JSON body: errcode, then errmsg
            _KEY.format("[eE]rr(?:or)?_?[cC]ode|errno")
            + r"[\"']?-?\d{1,9}[\"']?\s*,\s*"
            + _KEY.format("[eE]rr_?[mM]sg")
            + r"[\"'][^\"'\n]{1,300}[\"']",
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
    r"(?:报错?(?:信息|内容|日志|提示)?|错误(?:信息|内容|码|提示|是|为)?|提示|抛出?|日志"
    r"|errors?|exception|message|msg|says?|throws?|thrown|fail(?:s|ed)? with|reports?|complains?"
    r"|logs?|logged)"
    r"[\s:：，,是为了出的]*$",
    re.I,
)
_AFTER: Final = re.compile(r"\s*(?:的)?(?:错误|报错|异常|提示|error|exception)", re.I)
# What only an error text says; a button's name, quoted as well, says none of it.
_ERROR: Final = re.compile(
    r"失败|错误|异常|出错|繁忙|无权限|没有权限|未授权|不合法|不存在|超时|无法|非法|拒绝|不支持|找不到"
    r"|(?<![a-z])(?:errors?|fail(?:ed|ure|s)?|exception|denied|deny|invalid|not found|timeout"
    r"|timed out|refused|forbidden|unauthori[sz]ed|no permission|not supported|unsupported"
    r"|undefined|cannot|can't|is not|illegal|expected|missing|unknown|fatal|rejected)(?![a-z])",
    re.I,
)
# A name in quotes, such as ``fail`` or ``onError()``, is not what a machine said.
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*(?:\([^)]*\))?|\S*成功\S*")
_FENCE: Final = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(`{3,}|~{3,})\s*(\w*)"
)
#: Languages of programs, and not of what they print.
_LANGUAGES: Final = frozenset(
    [
        "js",
        "javascript",
        "jsx",
        "ts",
        "typescript",
        "tsx",
        "vue",
        "html",
        "xml",
        "wxml",
        "wxss",
        "css",
        "less",
        "scss",
        "sass",
        "java",
        "kotlin",
        "swift",
        "objc",
        "c",
        "cpp",
        "csharp",
        "go",
        "python",
        "py",
        "php",
        "ruby",
        "rust",
        "sql",
        "sh",
        "bash",
        "shell",
        "zsh",
        "yaml",
        "yml",
        "toml",
        "ini",
        "diff",
        "dockerfile",
        "nginx",
    ]
)
_CODE_LINE: Final = re.compile(
    r"\s*(?:const|let|var|function|import|export|return|if|for|await|async|class|try|catch|else)\b"
    r"|\s*</?[A-Za-z][\w-]*[\s>/]|\s*(?:wx|uni|my|dd|tt|this|console|that|App|Page)[.(]"
    r"|.*(?:=>|[{};])\s*$|\s*[})\]]+[;,)]*\s*$|\s*[\w$]+\s*:\s*[\w'\"{\[(][^:]*,\s*$"
)
#: What only a message says, though it begins as code does.
_SAYS: Final = re.compile(r"is not (?:a|an|defined|allowed)\b|is undefined|cannot |can't |: fail")
_COMMENT: Final = re.compile(
    r"\s*(?://+|#+|/?\*+|--|<!--)\s*(?:[=-]>\s*)?(?:报错|错误|error)?\s*[:：]?\s*", re.I
)
_FRAME: Final = re.compile(r"\s*(?:at\s.{0,200}[:(]\d|at <|at [\w.$]+ \(|File \")")
#: A path, a tag or a remark is no message.
_NO_MESSAGE: Final = re.compile(r"[\w.$@-]*/[\w./$@-]*$|[\w$-]+\.\w{1,5}$|<|//|/\*|#|\$ ")
#: What an error text in Chinese holds that is no sentence of a list.
_TECHNICAL: Final = re.compile(r"^(?!\d{1,2}[.、)）]|[-*•]).*(?:[A-Za-z]{3}|\d{3})")
#: An output that nobody announced is looked at if it has no more lines.
_FEW: Final = 8
#: What a log puts before a message: a time, a level, the step of a build.
_LOG_LEAD: Final = re.compile(
    r"(?:\[?\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\]?\s*|\d\d:\d\d:\d\d[\d.,]*\s*)?"
    r"(?:\[(?:error|warn(?:ing)?|info|fatal|debug)\]\s*[:：]?\s*|(?:error|fatal)(?:\s(?:build|compile|link|ld|log))?\s?[:：]\s+"
    r"|\$ .*)?",
)
#: Labels below which a message stands, in whatever words.
_MESSAGE_LABEL: Final = re.compile(
    r"(?:报错|错误|异常)(?:信息|内容|提示|日志|消息)|报错|日志|控制台"
    r"|(?:the )?(?:full )?error(?: messages?| texts?| logs?)?|messages?|err ?msg|console|logs?",
    re.I,
)


class _Quote(NamedTuple):
    begin: int
    end: int
    text: str


def error_texts(*parts: str, announced: bool = False) -> tuple[str, ...]:
    """The error texts quoted in texts, in their order, each once.

    Args:
        parts: Markdown, such as a heading and what stands below it.
        announced: whether all of it is announced as the text of an error.
    """
    found: list[str] = []
    for part in parts:
        found += _of(labelled(f"错误信息：{part}" if announced else part))
    found_words = dict.fromkeys(
        text for text in found if len(text) >= _SHORTEST and not says_success(text)
    )
    return tuple(found_words)[:_MOST]


def _of(lines: Sequence[LabelledLine]) -> Iterator[str]:
    before = ""
    place = 0
    while place < len(lines):
        one = lines[place]
        if one.is_code:
            end = _end_of_code(lines, place)
            expected = one.role is Role.ERROR or announces_error(before)
            opening = _FENCE.match(one.line)
            language = opening[2].lower() if opening else ""
            code = [line.line for line in lines[place + 1 : end - 1]]
            yield from _in_code(code, language, expected=expected)
            place, before = end, ""
            continue
        if one.line.lstrip().startswith(">"):
            end = place + 1
            while end < len(lines) and lines[end].line.lstrip().startswith(">"):
                end += 1
            quoted = [re.sub(r"^[ \t>]+", "", line.line) for line in lines[place:end]]
            if one.role is Role.ERROR or announces_error(before):
                yield from _output(quoted)
            else:
                yield from _in_prose("\n".join(quoted))
            place, before = end, ""
            continue
        if one.line.strip():
            yield from _in_line(one)
            before = one.line
        place += 1


def _end_of_code(lines: Sequence[LabelledLine], begin: int) -> int:
    """The place after a fence that begins at ``begin``."""
    mark = _FENCE.match(lines[begin].line)
    for place in range(begin + 1, len(lines)):
        if not lines[place].is_code:
            return place
        closing = _FENCE.match(lines[place].line)
        if mark and closing and closing[1].startswith(mark[1]) and not closing[2]:
            return place + 1
    return len(lines)


def _in_line(line: LabelledLine) -> Iterator[str]:
    """The error texts of a line of prose."""
    text = _plain(line.text if line.label is not None else line.line)
    found = list(_in_prose(text, all_code=line.role is Role.ERROR))
    label = line.label if line.role is Role.ERROR else None
    if not found and label and _MESSAGE_LABEL.fullmatch(label.words) and _is_message(text):
        found = [_tidy(text)]
    yield from found


def _is_message(text: str) -> bool:
    """Whether words without quotes are those of a machine."""
    if len(text) > _LONGEST_MESSAGE or not _ERROR.search(text):
        return False
    return text.isascii() or not re.search(r"[。，].*[。，]|我|点击|之后|的时候|时候", text)


def _in_prose(text: str, *, all_code: bool = False) -> Iterator[str]:
    machine = list(_machine(text))
    quoted = [
        one
        for one in _quoted(text, all_code=all_code)
        if not any(_meet(one, other) for other in machine)
    ]
    whole = [_widened(one, text) for one in machine]
    yield from (_tidy(one.text) for one in sorted([*whole, *quoted]))


def _widened(one: _Quote, text: str) -> _Quote:
    """An error text that stands in code marks, as long as these go; else as it is."""
    for match in re.finditer(r"`([^`\n]{1,300})`", text):
        if match.start(1) <= one.begin and one.end <= match.end(1):
            said, begin = match[1], one.begin - match.start(1)
            if not said.startswith(one.text, begin):
                # What it names is told apart already.
                return one
            opening = said[begin - 1 : begin]
            if opening in ('"', "'"):
                # What stands behind errMsg goes to the end of its quotes.
                end = said.find(opening, begin)
                return _Quote(one.begin, one.end, said[begin : end if end > 0 else None])
            # A JSON body is whole, with what stands before its code.
            is_body = said.lstrip()[:1] in "{“" and one.text[:1] in ('"', "'")
            return _Quote(one.begin, one.end, said if is_body else said[begin:])
    return one


def _in_code(lines: Sequence[str], language: str, *, expected: bool) -> Iterator[str]:
    lines = [line for line in lines if line.strip()]
    if language in _LANGUAGES or _is_program(lines):
        for line in lines:
            lead = _COMMENT.match(line)
            text = line[lead.end() :].strip() if lead and lead.end() else ""
            match = _MACHINE.match(text)
            if match and match.end() >= len(text):
                yield _tidy(text)
        return
    found = list(_output(lines)) if expected else []
    if not expected and len(lines) <= _FEW:
        said = [text for text in _output(lines, announced=False) if _is_message(text)]
        found = [text for text in said if text.isascii() or _TECHNICAL.search(text)]
    yield from found or (
        _tidy(text, code=True) for line in lines if (text := _said_by_machine(line))
    )


def _is_program(lines: Sequence[str]) -> bool:
    of_code = sum(1 for line in lines if _CODE_LINE.match(line) and not _is_said(line))
    return bool(of_code) and 2 * of_code >= len(lines)


def _is_said(line: str) -> bool:
    """Whether a line that may be code is what a machine says: a message, a body of JSON."""
    text = line.strip()
    found = _MACHINE.search(text)
    is_body = found is not None and text.startswith(("{", '"')) and found.group()[0] in "\"'"
    return is_body or _MACHINE.match(text) is not None or _SAYS.search(line) is not None


def _output(lines: Iterable[str], *, announced: bool = True) -> Iterator[str]:
    """The lines of an output that say what went wrong.

    If none does so, and it was announced as an error, its first line, unless that is a path.
    """
    found_words = [
        line.strip()
        for line in lines
        if line.strip() and not _FRAME.match(line) and not says_success(line)
    ]
    said = [_message(line) for line in found_words]
    wrong = [text for text in said if text and (_MACHINE.search(text) or _ERROR.search(text))]
    first = said[:1] if announced and said and not _NO_MESSAGE.match(said[0]) else []
    for text in wrong or first:
        yield _tidy(text, code=True)


def _message(line: str) -> str:
    """A line of output as a message: whole, but for what a log puts before it."""
    if (match := _MACHINE.search(line)) and match.start():
        return _said_by_machine(line)
    lead = _LOG_LEAD.match(line)
    return line[lead.end() :].strip() if lead else line


def _said_by_machine(line: str) -> str:
    """What a machine says in a line of output, to its end or to where it is quoted to."""
    match = _MACHINE.search(line)
    if match is None:
        return ""
    if match["said"]:
        return match["said"]
    before = line[: match.start()]
    if before.endswith(('"', "'")) and (end := line.find(before[-1], match.start())) > 0:
        return line[match.start() : end]
    if match.group().startswith(('"', "'")) or "{" in before:
        return match.group()
    return line[match.start() :].strip()


def _machine(text: str) -> Iterator[_Quote]:
    for match in _MACHINE.finditer(text):
        said = match["said"] or match.group()
        ends_quoted = text[match.end() : match.end() + 1] in {"`", '"', "”", "」", "』"}
        if not ends_quoted and not match["said"] and (further := _GOES_ON.search(said)):
            said = said[: further.start()]
        yield _Quote(match.start(), match.end(), said)


def _quoted(text: str, *, all_code: bool) -> Iterator[_Quote]:
    for match in _QUOTED.finditer(text):
        said = next(part for part in match.groups() if part is not None)
        before = text[max(0, match.start() - 24) : match.start()]
        is_quoted = _ERROR.search(said) or _BEFORE.search(before) or _AFTER.match(text, match.end())
        if (is_quoted or all_code) and not _NAME.fullmatch(said):
            yield _Quote(match.start(), match.end(), said)


def _meet(one: _Quote, other: _Quote) -> bool:
    return one.begin < other.end and other.begin < one.end


def _plain(markdown: str) -> str:
    """A line without links, pictures and stress, but with its code marks."""
    text = re.sub(r"!\[[^\[\]]*\]\([^)]*\)", "", markdown)
    text = re.sub(r"\[([^\[\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\*\*|~~|<https?://[^>]*>", "", text)


def _tidy(said: str, *, code: bool = False) -> str:
    said = " ".join(said.split())
    if code:
        return said[:LONGEST_WORDS]
    said = said.strip(" ,;.：，。；")
    unpaired = said.count('"') % 2 or said.count("'") % 2
    return (said.strip("\"'") if unpaired else said)[:LONGEST_WORDS]
