"""A part of a note that may report a problem: its title, keys, links and error texts."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from storage.imports.import_item import NOWHERE, ImportLink, is_chinese, one_line
from storage.imports.notes import scoring
from storage.imports.notes.error_texts import error_texts
from storage.imports.notes.labels import PRIORITY, severity_of
from storage.imports.notes.outline import Outline, OutlineBlock, links_in, plain, plain_words
from storage.imports.notes.remedies import SOLVED, SplitText, said_to_be_solved, split
from storage.model.environment import Environment
from storage.model.row import Kind, Severity


@dataclass(frozen=True)
class ProblemCandidate:
    """A part of a note that may tell of one problem.

    Args:
        heading: its first line in words; empty if nothing stands above it.
        above: the Markdown of that line, where it is no part of ``source``.
        source: its Markdown, complete.
        text: the words of that, with inline code between backticks.
        links: what it links to.
        line, end: where it begins, from 0, and the first line after it.
        under: the headings above its own, the nearest last.
        stated: whether the note's own shape says that it is a problem.
        is_item: whether it is an item of a list, so that what is nested in it is a remedy.
        is_checked: whether it is an item that is ticked off.
        shared: lines that it has in common with others, such as the head of a table.
        remedy, quoted, state, environment: what helps, error texts, the state and where it was
            seen, where a table says so.
    """

    heading: str
    above: str
    source: str
    text: str
    links: tuple[ImportLink, ...]
    line: int
    end: int
    under: tuple[str, ...] = ()
    stated: bool = False
    is_item: bool = False
    is_checked: bool = False
    shared: tuple[int, ...] = ()
    remedy: str = ""
    quoted: tuple[str, ...] = ()
    state: str = ""
    environment: Environment = NOWHERE

    @cached_property
    def split(self) -> SplitText:
        """Its source as notes and workaround."""
        if self.remedy:
            return SplitText(self.source, self.remedy, self.text)
        if not self.is_item:
            return split(self.source)
        # An item's first line is its heading, whether or not it is a part of the source.
        alone = self.above not in ("", self.source.partition("\n")[0])
        found = split(f"{self.above}\n{self.source}" if alone else self.source, nested=True)
        if not alone:
            return found
        return found._replace(
            notes=found.notes.removeprefix(self.above.rstrip()).strip("\n"),
            symptom=found.symptom.removeprefix(self.above.rstrip()).strip("\n"),
        )

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """The error texts that it quotes."""
        if self.quoted:
            return self.quoted
        source = self.split.notes if self.split.workaround else self.source
        return error_texts(self.heading, source)

    @property
    def lines(self) -> Iterator[int]:
        """The lines that it takes, from 0."""
        yield from self.shared
        yield from range(self.line, self.end)

    @property
    def under_its_own(self) -> tuple[str, ...]:
        """The headings above what stands below this one's."""
        return (*self.under, self.heading) if self.heading else self.under

    @property
    def points(self) -> int:
        """How much speaks for its reporting a problem."""
        in_heading = len(error_texts(self.heading))
        in_text = len(error_texts(self.source))
        announced = any(map(scoring.announces, self.under))
        return scoring.points(self.heading, self.text, in_heading, in_text, announced=announced)

    @property
    def is_problem(self) -> bool:
        """Whether it reports a problem: by its labels, or else by its words."""
        if self.stated or is_labelled(self.heading):
            return True
        wording = self.split
        if scoring.is_frame(self.heading) or (
            scoring.explains(self.heading) and not wording.has_symptom and not self.errors
        ):
            return False
        if wording.has_symptom or (wording.has_remedy and wording.workaround):
            return True
        # What is only ticked off may be a step as well.
        if solved_mark(self) not in ("", "[x]"):
            return True
        return self.points >= scoring.ENOUGH

    def heading_alone(self) -> ProblemCandidate:
        """The heading, to be judged alone."""
        return replace(self, text="", source="")


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
        links=tuple(links_in(blocks)),
        line=begin,
        end=end,
        under=under,
    )


# What the problems of a note are called, and by what it knows each again


_COUNT: Final = r"(?:\d{1,2}(?!\d)|[一二三四五六七八九十]{1,3})"
_NUMBERS: Final = rf"{_COUNT}(?:[.-]{_COUNT})*"
_LABEL: Final = (
    r"(?:踩坑|问题|坑点?|陷阱|缺陷|错误|报错|症状|现象|案例|问|常见问题"
    r"|bugs?|issues?|problems?|pitfalls?|gotchas?|traps?|errors?|questions?|case|q)"
)
#: What speaks of a problem when it stands before a heading.
_PROBLEM_LABEL: Final = re.compile(
    r"[\W_]{0,12}(?:踩坑|问题|坑点?|陷阱|缺陷|错误|报错|症状|现象"
    r"|bug|issue|problem|pitfall|gotcha|trap|error)"
    rf"\s*[#＃№]?\s*(?:(?:{_NUMBERS})\s*[:：、.．)）\]】\-–—]?|[:：、\]】])\s*[^\s\W]",
    re.I,
)
_NUMBERED_PROBLEM: Final = re.compile(
    rf"[\W_]{{0,12}}(?:踩坑|问题|坑点?|bug|issue|problem|pitfall|gotcha|trap)\s*[#＃№]?\s*{_NUMBERS}\W{{0,12}}",
    re.I,
)
_NUMBER: Final = re.compile(
    rf"(?:第?\s*{_NUMBERS}\s*(?:[、:：)），\]】]|[.．,](?!\d)|[条坑个点章节][、:：\s])"
    rf"|[（(【\[]\s*{_NUMBERS}\s*[)）】\]]|\d{{1,2}}(?:\.\d{{1,2}})+\s|第\s*{_COUNT}\s*个?坑[:：、\s]"
    rf"|[【\[（(]?{_LABEL}\s*(?:[#＃№-]|No\.?)?\s*{_NUMBERS}"
    # “Problem 1 happens on …” is a sentence.
    r"(?:\s*[:：、.．)）\]】\-–—]+|\s+(?-i:(?![a-z]))|$)"
    rf"|[【\[（(]?{_LABEL}\s*[#＃]?\s*[:：、\]】)）]"
    rf"|[#＃]{_NUMBERS}[:：.、\s]|[①-⑳]|\[[ xX~-]\]\s)\s*",
    re.I,
)
#: Pictures and other signs around words, which say nothing.
_SIGNS: Final = (
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2460-\u24ff\u2500-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3]"
)
_AROUND: Final = re.compile(rf"^(?:{_SIGNS}|\d\ufe0f?\u20e3|[\s|·•]|-\s)+|(?:{_SIGNS}|\s)+$")
#: Marks that were not meant as text, anchors, colons, and references as forges write them.
_DECORATION: Final = re.compile(
    r"\*\*|__(?=\S.*__)|(?<=\S)__(?!\w)|\s*\{#[\w-]+\}\s*$|\s*(?:[:：。—–]|\s-)+\s*$"
    r"|(?:\s+(?:[#!]\d+(?!\d*\s*$)|~\"[^\"]+\"|~[\w:-]+))+\s*$|</?(?:b|strong|font|span|br)\b[^>]*>"
)
_PICTURES_OF_PROBLEMS: Final = ("🐛", "🐞", "🕳", "❌")
#: A heading that only counts.
_COUNTING: Final = re.compile(
    rf"(?:{_LABEL}|记录|踩坑记录)?\s*[#＃]?\s*(?:{_NUMBERS})?\s*[:：]?", re.I
)
_ADDRESS: Final = re.compile(r"https?://\S+")
#: So much of a sentence tells two problems of one name apart.
_TELLING: Final = 60
_LONGEST_KEY: Final = 200
#: More of a line is no heading.
_LONGEST_LINE: Final = 1_000


def is_labelled(heading: str) -> bool:
    """Whether a heading says by a label in front of it that it names a problem."""
    return (
        _PROBLEM_LABEL.match(heading) is not None
        or heading[:1] in _PICTURES_OF_PROBLEMS
        or is_numbered_problem(heading)
    )


def is_numbered_problem(heading: str) -> bool:
    """Whether a heading only counts problems: Issue 2, 坑三."""
    return _NUMBERED_PROBLEM.fullmatch(heading) is not None


def solved_mark(candidate: ProblemCandidate) -> str:
    """What says that a problem is solved, as it was written; empty if nothing does."""
    first = candidate.above or candidate.heading
    heading, source = candidate.heading[:_LONGEST_LINE], candidate.source
    said = said_to_be_solved(first[:_LONGEST_LINE], heading, source, candidate.state)
    return said or ("[x]" if candidate.is_checked else "")


def cleaned(heading: str) -> str:
    """A heading without its number, its label and its decorations."""
    return title_and_severity(heading)[0]


def title_and_severity(heading: str) -> tuple[str, Severity | None]:
    """A heading, cleaned, and how bad its label before the title says that it is."""
    severity = None
    text = SOLVED.sub("", " ".join(heading[:_LONGEST_LINE].split()))
    text = _AROUND.sub("", _DECORATION.sub("", _AROUND.sub("", text))).strip()
    for _ in range(4):
        label = PRIORITY.match(text)
        found = _NUMBER.match(text) or label
        without = _AROUND.sub("", text[found.end() :]).strip() if found else ""
        if not without:
            break
        severity = severity or (severity_of(label["word"]) if label else None)
        text = without
    text = _DECORATION.sub("", text).strip() or heading.strip()
    # Code marks around all of a title set nothing apart.
    return text[1:-1] if re.fullmatch(r"`[^`]+`", text) else text, severity


def titles(pieces: Sequence[ProblemCandidate], otherwise: str) -> list[str]:
    """A title for each piece, and no two the same.

    Args:
        pieces: in the order of the note.
        otherwise: what a piece is called that says nothing.
    """
    plain = [_title(one) or otherwise for one in pieces]
    often = Counter(title.casefold() for title in plain)
    wording: list[str] = []
    given: Counter[str] = Counter()
    for title, one in zip(plain, pieces, strict=True):
        if often[title.casefold()] > 1 and (first := first_sentence(one)):
            title = _joined(title, first)
        given[title.casefold()] += 1
        count = given[title.casefold()]
        wording.append(one_line(title) if count == 1 else f"{one_line(title, 280)} ({count})")
    return wording


def first_sentence(piece: ProblemCandidate) -> str:
    """How a piece begins, in so few words as tell it apart; its symptom, if that is labelled."""
    said = _ADDRESS.sub("", piece.text)
    if piece.split.has_symptom and piece.split.symptom:
        said = _prose(piece.split.symptom)
    paragraph = next((one for one in said.split("\n\n") if re.search(r"\w", one)), "")
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
    if not title or _COUNTING.fullmatch(title) or scoring.is_generic(title):
        return first_sentence(piece) or title
    if scoring.is_part(title) and piece.under:
        above = cleaned(piece.under[-1])
        return first_sentence(piece) if scoring.is_generic(above) else _joined(above, title)
    return title


def _prose(markdown: str) -> str:
    """Markdown without its code blocks, tables and marks."""
    text = re.sub(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", "", markdown, flags=re.M | re.S)
    text = re.sub(r"^[ \t]*(?:\|.*|#{1,6}\s.*|>.*|!\[.*|[-*+]\s+|\d+[.)]\s+)", "", text, flags=re.M)
    return _ADDRESS.sub("", plain_words(text))


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


# The kinds of problems


#: What tells the sorts of pits apart.
_DOCUMENT_WRONG: Final = scoring.any_of(
    """
    (?:文档|示例|官网).{0,30}?(?:错|有误|误|不符|不一致|没有?[写说提]|未[写说提]|毫无|过时|坑|无效|不生效)
    """,
    """
    (?:docs?|documents?|documentation|examples?).{0,40}?(?:wrong|incorrect|outdated|otherwise)
    (?:docs?|documents?|documentation|examples?).{0,40}?(?:do(?:es)?n['’]t|does_not|misleading|never)
    """,
)

_LIMIT: Final = scoring.any_of(
    """
    (?<!无)限制 上限 最多 配额 限流 [只仅]能?.{0,12}?\\d 每[天日月分].{0,8}?\\d
    \\d+\\s*(?:条|次|个|张|kb|mb).{0,6}?以[内下]
    """,
    """
    limit(?:s|ed|ations?)? quotas? at_most up_to_\\d maximum no_more_than per_(?:day|month|hour)
    """,
)

_TOOLING: Final = scoring.any_of(
    "开发者?工具 模拟器 编译 构建 调试器",
    "devtools? dev_tools developer_tools? simulator builds? compil(?:e|es|er|ing|ation) npm ide",
)

_BUG: Final = scoring.any_of(
    """
    报错 出错 失败 异常 崩溃 闪退 卡死 [白黑花]色?[屏图] 乱码 错位 不消失 不触发 失效 无法 打不开
    没有?(?:任何)?(?:效果|反应|回调)
    """,
    """
    bugs? buggy fail(?:s|ed|ures?)? errors? exceptions? crash(?:es|ed)? broken blank hangs?
    freez(?:es|ing) regressions?
    """,
)

_KINDS: Final = (
    (Kind.DOCS, _DOCUMENT_WRONG),
    (Kind.LIMIT, _LIMIT),
    (Kind.TOOLING, _TOOLING),
    (Kind.BUG, _BUG),
)


def kind_of(heading: str, text: str, quoted: int) -> Kind:
    """The sort of pit that a section tells of, guessed from the sentences that hold a sign.

    Args:
        heading, text: without their Markdown.
        quoted: how many error texts they quote.
    """
    wording = [
        one
        for one in scoring.sentences(text)
        if scoring.PLAIN.search(one) or scoring.HINT.search(one)
    ]
    weights = {
        kind: 2 * len(pattern.findall(heading)) + sum(bool(pattern.search(one)) for one in wording)
        for kind, pattern in _KINDS
    }
    likeliest = max(weights, key=lambda kind: weights[kind])
    if weights[likeliest]:
        return likeliest
    return Kind.BUG if quoted else Kind.QUIRK
