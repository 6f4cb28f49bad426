"""A part of a note that may report a problem: its title, keys, links and error texts."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from storage.imports.import_item import LONGEST_WORDS, ImportLink, is_chinese, one_line
from storage.imports.notes import scoring
from storage.imports.notes.outline import Outline, OutlineBlock, code_in, links_in, plain


@dataclass(frozen=True)
class ProblemCandidate:
    """A part of a note that may tell of one problem.

    Args:
        heading: its first line in words; empty if nothing stands above it.
        above: the Markdown of that line, where it is no part of ``source``.
        source: its Markdown, complete.
        text: the words of that, with inline code between backticks.
        code: its blocks of code.
        links: what it links to.
        line, end: where it begins, from 0, and the first line after it.
        under: the headings above its own, the nearest last.
        stated: whether the note's own shape says that it is a problem.
    """

    heading: str
    above: str
    source: str
    text: str
    code: tuple[str, ...]
    links: tuple[ImportLink, ...]
    line: int
    end: int
    under: tuple[str, ...] = ()
    stated: bool = False

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """The error texts that it quotes."""
        return error_texts(self.heading, self.text, code=self.code)

    @property
    def under_its_own(self) -> tuple[str, ...]:
        """The headings above what stands below this one's."""
        return (*self.under, self.heading) if self.heading else self.under

    @property
    def points(self) -> int:
        """How much speaks for its reporting a problem."""
        in_heading = len(error_texts(self.heading))
        in_text = len(error_texts(self.text, code=self.code))
        announced = any(map(scoring.announces, self.under))
        return scoring.points(self.heading, self.text, in_heading, in_text, announced=announced)

    @property
    def is_problem(self) -> bool:
        """Whether it reports a problem."""
        return self.stated or self.points >= scoring.ENOUGH

    def without_heading(self) -> ProblemCandidate:
        """What stands below the heading, to be judged alone."""
        return replace(self, heading="")

    def heading_alone(self) -> ProblemCandidate:
        """The heading, to be judged alone."""
        return replace(self, text="", code=())


def piece(
    note: Outline,
    heading: str,
    blocks: Sequence[OutlineBlock],
    lines: tuple[int, int],
    *,
    body: int,
    under: tuple[str, ...] = (),
) -> ProblemCandidate:
    """A piece made of whole blocks.

    Args:
        note: what it is a part of.
        heading: its first line in words.
        blocks: what stands below that.
        lines: the first of its lines, and the first after it.
        body: the first line below its heading.
        under: the headings above its own, the nearest last.
    """
    begin, end = lines
    return ProblemCandidate(
        heading=heading,
        above=note.source(begin, body),
        source=note.source(body, end),
        text="\n".join(plain(block.node, code=True) for block in blocks),
        code=tuple(code for block in blocks for code in code_in(block.node)),
        links=tuple(links_in(blocks)),
        line=begin,
        end=end,
        under=under,
    )


# What the problems of a note are called, and by what it knows each again


_COUNT: Final = r"[\d一二三四五六七八九十]+"


_NUMBER: Final = re.compile(
    rf"(?:第?\s*{_COUNT}(?:\.\d+)*\s*(?:[、:：)），]|[.．,](?!\d)|[条坑][、:：\s])"
    rf"|[（(【\[]\s*{_COUNT}\s*[)）】\]]|\d+(?:\.\d+)+\s|\d+\.(?=[^\d\s])"
    rf"|(?:q|问|问题|坑|bug|issue|problem|pitfall)\s*[#＃]?(?:{_COUNT})?\s*[:：.、]"
    r"|\[[ xX~-]\]\s)\s*",
    re.I,
)


#: Marks that were not meant as text, anchors, colons, and references as forges write them.
_DECORATION: Final = re.compile(
    r"\*\*|__|\s*\{#[\w-]+\}\s*$|\s*[:：。]+\s*$|(?:\s+(?:[#!]\d+|~\"[^\"]+\"|~[\w:-]+))+\s*$"
)


#: A heading that only counts.
_COUNTING: Final = re.compile(
    rf"(?:问题|坑|踩坑(?:记录)?|案例|bug|issue|problem|pitfall|case|question)?\s*[#＃]?\s*(?:{_COUNT})?",
    re.I,
)


_ADDRESS: Final = re.compile(r"https?://\S+")


#: So much of a sentence tells two problems of one name apart.
_TELLING: Final = 60


_LONGEST_KEY: Final = 200


def cleaned(heading: str) -> str:
    """A heading without its number and its decorations."""
    text = _DECORATION.sub("", " ".join(heading.replace("`", "").split()))
    without = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    return without.strip() or text.strip()


def titles(pieces: Sequence[ProblemCandidate], otherwise: str) -> list[str]:
    """A title for each piece, and no two the same.

    Args:
        pieces: in the order of the note.
        otherwise: what a piece is called that says nothing.
    """
    plain = [_title(one) or otherwise for one in pieces]
    often = Counter(title.casefold() for title in plain)
    words: list[str] = []
    given: Counter[str] = Counter()
    for title, one in zip(plain, pieces, strict=True):
        if often[title.casefold()] > 1 and (first := first_sentence(one)):
            title = _joined(title, first)
        given[title.casefold()] += 1
        count = given[title.casefold()]
        words.append(one_line(title) if count == 1 else f"{one_line(title, 280)} ({count})")
    return words


def first_sentence(piece: ProblemCandidate) -> str:
    """How a piece begins, in so few words as tell it apart."""
    words = _ADDRESS.sub("", piece.text.replace("`", ""))
    paragraph = next((one for one in words.split("\n\n") if re.search(r"\w", one)), "")
    flowing = re.sub(r"\s*\n\s*", "" if is_chinese(paragraph) else " ", paragraph.strip())
    first = next(iter(scoring.sentences(flowing)), "")
    return one_line(first.rstrip("。，；;,.：:"), _TELLING)


def keys(pieces: Sequence[ProblemCandidate]) -> list[str]:
    """What the note knows each piece again by: its heading, and which of that name it is."""
    found: list[str] = []
    often: Counter[str] = Counter()
    for one in pieces:
        anchor = _anchor(one.heading or first_sentence(one))
        often[anchor] += 1
        found.append(f"{anchor}#{often[anchor]}")
    return found


def _title(piece: ProblemCandidate) -> str:
    title = cleaned(piece.heading)
    if _COUNTING.fullmatch(title):
        return _joined(title, first_sentence(piece)) if not title else first_sentence(piece)
    if scoring.is_part(title) and piece.under:
        return _joined(cleaned(piece.under[-1]), title)
    return title


def _joined(title: str, more: str) -> str:
    if not title or not more:
        return title or more
    return f"{title}：{more}" if is_chinese(title + more) else f"{title}: {more}"


def _anchor(heading: str) -> str:
    """A heading's letters and digits, so that a mark more or less changes nothing."""
    letters = re.sub(r"[\W_]+", "", cleaned(heading).casefold())
    if len(letters) <= _LONGEST_KEY:
        return letters
    whole = hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{letters[:_LONGEST_KEY]}…{whole}"


# The error texts that a note quotes, as signatures to suggest


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


class _FoundText(NamedTuple):
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


def _machine(text: str) -> Iterator[_FoundText]:
    for match in _MACHINE.finditer(text):
        words = match["said"] or match.group()
        ends_quoted = text[match.end() : match.end() + 1] in {"`", '"', "”", "」", "』"}
        if not ends_quoted and (further := _GOES_ON.search(words)):
            words = words[: further.start()]
        yield _FoundText(match.start(), match.end(), words)


def _quoted(text: str) -> Iterator[_FoundText]:
    for match in _QUOTED.finditer(text):
        words = next(part for part in match.groups() if part is not None)
        before = text[max(0, match.start() - 24) : match.start()]
        is_quoted = (
            _ERROR.search(words) or _BEFORE.search(before) or _AFTER.match(text, match.end())
        )
        if is_quoted and not _NAME.fullmatch(words):
            yield _FoundText(match.start(), match.end(), words)


def _meet(one: _FoundText, other: _FoundText) -> bool:
    return one.begin < other.end and other.begin < one.end


def _tidy(text: str) -> str:
    text = " ".join(text.split()).strip(" ,;.")
    unpaired = text.count('"') % 2 or text.count("'") % 2
    return (text.strip("\"'") if unpaired else text)[:LONGEST_WORDS]
