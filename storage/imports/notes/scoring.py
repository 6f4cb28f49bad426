"""By which signs a section of a note reports a problem, and of what kind.

The rule, in points; three are enough:

- a plain sign (fails, error, doesn't, 报错, 无效, 坑, 限制 …) is worth three in the heading, and
  two in the text, each different one again;
- a quoted error text is worth three in the heading and two in the text;
- a hint (only, make sure, otherwise, 注意, 不然, 区别 …) is worth one wherever it stands, each
  different one again, but three at most;
- two platforms in one breath are worth two in the heading, and one in the text;
- the name of an interface is worth one;
- of a long text, each four hundred characters (a Latin letter is a third of one) take one away
  again, down to none, since among many words some will sound like a problem;
- a heading above that announces problems (known issues, 踩坑记录) is worth one;
- a heading that promises an explanation (how to …, 如何 …, 使用 …) takes two away.

The frame of a note (background, summary, links …) never reports a problem.
"""

from __future__ import annotations

import re
from typing import Final

from storage.imports.notes import words
from storage.imports.notes.links import names_in
from storage.model.vocabulary import Kind

ENOUGH: Final = 3
_MOST_FOR_HINTS: Final = 3
_ONE_LESS_EVERY: Final = 400
_CHINESE: Final = re.compile("[\u3400-\u9fff]")

#: What stands around the words of a heading: numbers, marks, pictures.
_AROUND: Final = re.compile(r"^(?:[\W_]|\d|[一二三四五六七八九十]+(?=[、.．)）]))+|[\W_]+$")
_SENTENCE_END: Final = re.compile(r"(?<=[。！？!?；;])|(?<=\.)\s+|\n+")
_KINDS: Final = (
    (Kind.DOCS, words.DOCUMENT_WRONG),
    (Kind.LIMIT, words.LIMIT),
    (Kind.TOOLING, words.TOOLING),
    (Kind.BUG, words.BUG),
)


def is_frame(heading: str) -> bool:
    """Whether a heading belongs to the frame of a note, such as its background or its links."""
    return words.FRAME.fullmatch(_bare(heading)) is not None


def is_story(heading: str) -> bool:
    """Whether a heading names a part of one problem's story, such as its cause."""
    return words.STORY.fullmatch(_bare(heading)) is not None


def is_part(heading: str) -> bool:
    """Whether it does, or names what stands beside such a story, such as an example."""
    return is_story(heading) or words.ASIDE.fullmatch(_bare(heading)) is not None


def announces(heading: str) -> bool:
    """Whether a heading says that problems follow, in so many words."""
    said = words.HARMLESS.sub(" ", heading)
    return is_collection(heading) or words.PLAIN.search(said) is not None


def is_collection(heading: str) -> bool:
    """Whether a heading announces problems without naming one."""
    return not names_in(heading) and words.COLLECTION.fullmatch(_bare(heading)) is not None


def points(
    heading: str, text: str, quoted_in_heading: int, quoted_in_text: int, *, announced: bool
) -> int:
    """How much speaks for a section's reporting a problem; see above for what counts.

    Args:
        heading, text: without their Markdown.
        quoted_in_heading, quoted_in_text: how many error texts they quote.
        announced: whether a heading above announces problems.
    """
    if is_frame(heading):
        return 0
    head, body = (words.HARMLESS.sub(" ", part) for part in (heading, text))
    hints = _different(words.HINT, head) | _different(words.HINT, body)
    by_heading = (
        (3 if words.PLAIN.search(head) or quoted_in_heading else 0)
        + (2 if words.CONTRAST.search(head) else 0)
        + (1 if names_in(heading) or names_in(text) else 0)
        + (1 if announced else 0)
        - (2 if words.EXPLAINING.search(_bare(heading)) else 0)
    )
    by_text = (
        2 * len(_different(words.PLAIN, body))
        + (2 if quoted_in_text else 0)
        + (1 if words.CONTRAST.search(body) else 0)
        + min(_MOST_FOR_HINTS, len(hints))
    )
    return by_heading + max(0, by_text - _length(text) // _ONE_LESS_EVERY)


def kind_of(heading: str, text: str, quoted: int) -> Kind:
    """The sort of pit that a section tells of, guessed from the sentences that hold a sign.

    Args:
        heading, text: without their Markdown.
        quoted: how many error texts they quote.
    """
    told = [one for one in sentences(text) if words.PLAIN.search(one) or words.HINT.search(one)]
    weights = {
        kind: 2 * len(pattern.findall(heading)) + sum(bool(pattern.search(one)) for one in told)
        for kind, pattern in _KINDS
    }
    likeliest = max(weights, key=lambda kind: weights[kind])
    if weights[likeliest]:
        return likeliest
    return Kind.BUG if quoted else Kind.QUIRK


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line's end ends one as well."""
    return [one.strip() for one in _SENTENCE_END.split(text) if one.strip()]


def _different(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match.group().lower() for match in pattern.finditer(text)}


def _length(text: str) -> int:
    """How much a text says, in Chinese characters."""
    chinese = len(_CHINESE.findall(text))
    return chinese + (len(text) - chinese) // 3


def _bare(heading: str) -> str:
    """A heading's words."""
    return _AROUND.sub("", heading)
