"""What a changed page says of a pitfall: which post is news, what it comes to, and why.

Only a suggestion comes of it, which a person takes up or declines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from storage.imports.watch.pages import PageContent, Post, digest_of
from storage.model.fields import NamedTuple
from storage.model.verdicts import ReplySuggestion
from storage.model.vocabulary import Source, VendorReplyKind, source_of
from storage.text.zones import day_of

_LONGEST_QUOTE: Final = 500
#: What is said of a page that is gone, instead of a post of it.
GONE: Final = "gone"
#: Why something is suggested, besides the words that were found.
OFFICIAL: Final = "official"
DOCUMENT: Final = "document"

#: What vendors write, the kind that says most first.
_SAYS: Final = {
    VendorReplyKind.FIXED: re.compile(
        r"(?:已|已经|现已|均已)(?:全量|全部|完成|灰度|发版|线上)?(?:修复|解决)|修复(?:完成|上线|发布)了?"
        r"|(?:修复|解决)了|\b(?:is|was|has been|been|now|already) (?:fixed|resolved)\b"
        r"|(?<!\bbe )\bfixed(?: in\b|[.!]?$)",
        re.IGNORECASE,
    ),
    VendorReplyKind.DOCUMENT_CHANGED: re.compile(
        r"文档(?:已|已经)?(?:更新|修改|补充|更正)|(?:更新|修改|补充|更正)了?(?:一下)?文档"
        r"|\b(?:docs?|documentation) (?:is|was|has been|are|have been) (?:updated|corrected)\b",
        re.IGNORECASE,
    ),
    VendorReplyKind.WILL_FIX: re.compile(
        r"(?:将|会|计划|预计|准备)[^，。；]{0,12}(?:修复|解决|优化|支持)|(?:修复|解决)中|正在(?:修复|解决)"
        r"|(?:下个|下一个|后续|新)版本[^，。；]{0,6}(?:修复|解决|优化|支持)|已?排期"
        r"|\b(?:will be|to be|being) (?:fixed|resolved)\b|\b(?:will|going to) (?:fix|resolve)\b",
        re.IGNORECASE,
    ),
    VendorReplyKind.BY_DESIGN: re.compile(
        r"设计如此|符合预期|预期(?:内|行为|表现)|(?:暂|目前|现阶段)?不(?:再)?支持|不予(?:修复|支持)|正常现象"
        r"|\bby design\b|\b(?:as|is) (?:intended|expected)\b|\bnot a bug\b|\bnot supported\b",
        re.IGNORECASE,
    ),
    VendorReplyKind.ACKNOWLEDGED: re.compile(
        r"已(?:经)?(?:确认|复现|收到|反馈|定位|知悉)|(?:能|可以|可)复现|(?:正在|会|在)(?:排查|跟进|定位|处理)"
        r"|\b(?:confirmed|reproduced|acknowledged|looking into|investigating)\b",
        re.IGNORECASE,
    ),
}
#: What takes it all back: it is not done, and nobody says when.
_NEGATED: Final = re.compile(
    r"(?:未(?!来)|没有?|尚未|还没|仍未|并未|暂未|不会|不能|无法|没法|难以)[^，。；！？!?\s]{0,6}(?:修复|解决|修好|处理|修正)"
    r"|(?:修复|解决|处理)(?:不了|不好)|尚未|还没有?"
    r"|(?:\bnot|n['’]t|\bnever|\bno|\bwithout|\bcannot)\b(?:\s+[\w-]+){0,3}?"
    r"\s+(?:fix(?:ed|es)?|resol\w+|solv\w+|work(?:s|ing)?)\b"
    r"|\bun(?:fixed|resolved|solved)\b|\b(?:still|yet) (?:broken|open)\b",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"[?？]\s*$|吗|了没|是否|有没有|什么时候|何时|多久|请问|如果|假如|希望|^\s*if\b", re.IGNORECASE
)
_CLAUSES: Final = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.)\s")
_VERSION: Final = re.compile(r"(?<![\d.])\d{1,3}\.\d{1,3}(?:\.\d{1,5}){0,2}(?!\.?\d)")


class Said(NamedTuple):
    """What a text comes to: a kind, the words that say so, and the version that it names."""

    kind: VendorReplyKind
    words: str
    sentence: str
    version: str = ""


def said_in(text: str) -> Said | None:
    """What a text comes to; None if nothing, if it is negated, or if it only asks."""
    if _NEGATED.search(text):
        return None
    sentences = [one for one in _CLAUSES.split(text) if one and not _ASKED.search(one.strip())]
    for kind, pattern in _SAYS.items():
        for sentence in sentences:
            if found := pattern.search(sentence.strip()):
                version = _VERSION.search(sentence)
                return Said(kind, found[0], sentence, version[0] if version else "")
    return None


def quote_of(text: str, sentence: str = "") -> str:
    """At most 500 characters of a text, from a sentence on if the whole is longer."""
    if len(text) > _LONGEST_QUOTE and sentence:
        text = text[max(0, text.find(sentence)) :].lstrip()
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1].rstrip()}…"


def suggestion(
    url: str, before: PageContent | None, now: PageContent, known_since: int
) -> ReplySuggestion | None:
    """What is suggested of a page; None if nothing of it is news.

    Args:
        url: its address.
        before: what it said at the last look; None at the first.
        now: what it says.
        known_since: since when (ms) somebody knows the page; what is older is no news.
    """
    found = [
        (one.kind in _BY_THEMSELVES, post.official, post.at or 0, _suggested(post, one, why, url))
        for post in _news(before, now, known_since)
        for one, why in _judged(url, post)
    ]
    return max(found, key=lambda one: one[:3])[3] if found else None


#: What also somebody else's word is suggested for.
_BY_THEMSELVES: Final = frozenset(_SAYS) - {VendorReplyKind.ACKNOWLEDGED}


def _news(before: PageContent | None, now: PageContent, known_since: int) -> Iterator[Post]:
    """The posts that are new or say something else; of a page without posts, its new lines."""
    held = {post.key: post for post in before.posts} if before is not None else {}
    # By its text too: another route to the same thread may call its posts otherwise.
    texts = {
        (post.digest, official) for post in held.values() for official in (False, post.official)
    }
    for post in now.posts:
        known = held.get(post.key)
        if not post.is_news or (post.digest, post.official) in texts:
            continue
        if before is None and (post.at is None or post.at <= known_since):
            continue
        if known is not None:
            lines = set(known.text.splitlines())
            added = "\n".join(line for line in post.text.splitlines() if line not in lines)
            post = post._replace(text=added or post.text)
        yield post


def _judged(url: str, post: Post) -> Iterator[tuple[Said, tuple[str, ...]]]:
    said = said_in(post.text)
    if said is not None and (post.official or said.kind in _BY_THEMSELVES):
        yield said, (*((OFFICIAL,) if post.official else ()), said.words)
    elif post.official and said is None and not _NEGATED.search(post.text):
        yield Said(VendorReplyKind.ACKNOWLEDGED, "", ""), (OFFICIAL,)
    elif post.key == "page" and source_of(url) is Source.OFFICIAL:
        yield Said(VendorReplyKind.DOCUMENT_CHANGED, "", ""), (DOCUMENT,)


def _suggested(post: Post, said: Said, why: Iterable[str], url: str) -> ReplySuggestion:
    return ReplySuggestion(
        url=url,
        post=post.key,
        digest=post.digest,
        kind=said.kind,
        why=tuple(why),
        quote=quote_of(post.text, said.sentence),
        author=post.author,
        official=post.official,
        said_on=day_of(post.at) if post.at is not None else "",
        version=said.version,
    )


def gone(url: str) -> ReplySuggestion:
    """That a page is gone."""
    return ReplySuggestion(
        url=url, post=GONE, digest=digest_of(url), kind=None, why=(GONE,), quote=""
    )
