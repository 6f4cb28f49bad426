"""What the parts of a note are about.

Its links, each assigned to the entries that it belongs to; the interface that an entry is about;
and whether a list goes on about it or tells of others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from storage.imports.import_item import ImportLink
from storage.imports.notes.remedies import SOLVED
from storage.imports.notes.scoring import HARMLESS, PLAIN
from storage.match.error_text import ROOTS, names_in

_BARE: Final = re.compile(r"https?://[^\s<>\"'`|\\，。；：！？、（）【】「」『』“”‘’《》]+", re.I)
_LONGEST_LABEL: Final = 80
#: A sentence before an address is not its name.
_SPOKEN: Final = re.compile(r"[,，。；;！!]|\.\s|(?:see|见|参考|链接)$", re.I)
_CHINESE: Final = re.compile("[\u3400-\u9fff]+")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]+")
#: What every second link and heading says here; it tells nothing.
_COMMON: Final = re.compile(
    "企业微信|微信|企微|小程序|公众号|开发者?|官方|文档|社区|接口|问题|教程|相关|参考|如何|怎么|什么|[的和与及在了是]"
)
_COMMON_LATIN: Final = re.compile(
    "wecom|wechat|weixin|mini|(?:mini)?programs?|developers?|documents?|documentation|docs|guide"
    "|official|community|issues?|threads?|posts?|pages?|links?|https?|html|with|when|what|from"
    "|that|this|into|about"
)
#: A phrase in common tells something from so many Chinese characters or Latin letters on.
_PHRASE, _WORD = 3, 4
#: A link belongs to an entry that has so large a share of its words, the rare ones counting more.
_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """An entry that links can be assigned to: heading, component if any, and text."""

    heading: str
    component: str
    text: str


def bare_links(text: str) -> Iterator[ImportLink]:
    """The web addresses that stand in a text as they are, called by the words before them."""
    end = 0
    for match in _BARE.finditer(text):
        url = match.group().rstrip(".,;:!?")
        while url.endswith((")", "]", "}")) and not any(sign in url for sign in "([{"):
            url = url[:-1].rstrip(".,;:!?")
        label = re.sub(r"<[^>]*>?", "", text[end : match.start()]).strip(" \t:：-–—*()[]（）·")
        yield ImportLink(url, "" if len(label) > _LONGEST_LABEL or _SPOKEN.search(label) else label)
        end = match.end()


def belonging(links: Sequence[ImportLink], entries: Sequence[LinkTarget]) -> list[list[int]]:
    """For each link, the places of the entries that it belongs to; empty where none can be told.

    A link that names an interface, by its words or its address, belongs to
    the entries about that interface, or else to those that mention it; where
    the heading of some of them has a phrase in common with its words, to
    these alone. Any other belongs to the entries whose heading has a phrase in common with its
    words, and to those that have most of its words.
    """
    words = [_terms(f"{entry.heading} {entry.text}") for entry in entries]
    rarity = Counter(term for held in words for term in held)
    phrases = [_phrases(entry.heading) for entry in entries]
    usual = {
        phrase
        for phrase, count in Counter(one for held in phrases for one in held).items()
        if len(entries) > 3 and count > len(entries) / 2
    }
    parts = []
    for link in links:
        called = f"{link.title} {unquote(link.url)}"
        own = _phrases(link.title) - usual
        if places := _by_name(called, entries):
            named = {last_part(entries[place].component).lower() for place in places}
            closer = [place for place in places if (own - named) & phrases[place]]
            parts.append(closer or places)
            continue
        wanted = _terms(link.title or unquote(link.url).partition("://")[2].partition("/")[2])
        parts.append(
            [
                place
                for place in range(len(entries))
                if own & phrases[place] or _share(wanted, words[place], rarity) >= _SHARE
            ]
        )
    return parts


def _by_name(called: str, entries: Sequence[LinkTarget]) -> list[int]:
    """The entries about the interfaces that a link names, or else those that mention them."""
    own = set(names_in(called))
    words = set(_LATIN.findall(called))

    def names(name: str) -> bool:
        return name in own or (len(last_part(name)) > _WORD and last_part(name) in words)

    about = [place for place, entry in enumerate(entries) if names(entry.component)]
    if about:
        return about
    return [
        place
        for place, entry in enumerate(entries)
        if any(map(names, names_in(f"{entry.heading} {entry.text}")))
    ]


def _share(wanted: set[str], held: set[str], rarity: Counter[str]) -> float:
    """How much of what a link says an entry says as well."""
    if len(wanted & held) < 2:
        return 0
    everything = sum(_weight(term, rarity) for term in wanted)
    return sum(_weight(term, rarity) for term in wanted & held) / everything


def _weight(term: str, rarity: Counter[str]) -> float:
    return 1 / math.sqrt(max(1, rarity[term]))


def _terms(text: str) -> set[str]:
    """The pairs of Chinese characters and the Latin words of a text."""
    text = _COMMON.sub(" ", text)
    runs = _CHINESE.findall(text)
    pairs = (run[place : place + 2] for run in runs for place in range(len(run) - 1))
    return {*pairs, *_latin(text)}


def _phrases(text: str) -> set[str]:
    """Runs of Chinese characters just long enough to tell something, and Latin words."""
    text = _COMMON.sub(" ", text)
    runs = _CHINESE.findall(text)
    pieces = (
        run[place : place + _PHRASE] for run in runs for place in range(len(run) - _PHRASE + 1)
    )
    return {*pieces, *(word for word in _latin(text) if len(word) >= _WORD)}


def _latin(text: str) -> Iterable[str]:
    found = (word.lower() for word in _LATIN.findall(text))
    return (word for word in found if len(word) > 2 and not _COMMON_LATIN.fullmatch(word))


# The names of the platform's interfaces, as developers write them in passing


#: Tags of the platform's components whose names are those of nothing else.
_TAG: Final = re.compile(
    r"(?<![\w./@-])(?:movable-(?:view|area)|scroll-view|cover-(?:view|image)|web-view|rich-text"
    r"|picker-view(?:-column)?|swiper-item|live-(?:player|pusher)|page-(?:container|meta)"
    r"|navigation-bar|match-media|open-data|official-account|share-element|root-portal"
    r"|checkbox-group|radio-group|keyboard-accessory|voip-room|functional-page-navigator"
    r"|native-component|ad-custom|grid-view|list-view|sticky-(?:header|section))(?![\w-])"
)
#: Tags that are words as well, so that only marks tell them.
_TAG_WORD: Final = (
    "audio|button|camera|canvas|checkbox|editor|form|icon|image|input|label|map|navigator|picker"
    "|progress|radio|slider|swiper|switch|text|textarea|video|view"
)
_MARKED_TAG: Final = re.compile(
    rf"<({_TAG_WORD})\b[^>]*>|`({_TAG_WORD})`|(?<![\w.-])({_TAG_WORD})\s?(?:组件|标签|component)"
)
#: What failed, in an error text: ``qy.login:fail``.
_FAILED: Final = re.compile(r"(?<![\w.$])([A-Za-z_$][\w$.]{1,60}):\s?fail(?:\b|_)")
_ENDS: Final = re.compile(r"[。！？!?；;\n]|\.\s")
_WRONG: Final = re.compile(
    r"报错|失败|异常|无效|没有?反应|不触发|不回调|不生效|白屏|崩溃|闪退|不能|无法|返回|超时"
    r"|fail|error|never|nothing|doesn['’]t|does not|return|crash|hang|timeout",
    re.I,
)


def component_of(heading: str, errors: Iterable[str], symptom: str, *, root: str = "wx") -> str:
    """The interface or component that a problem is about; empty if that is not said.

    Args:
        heading: where the name of one decides.
        errors: error texts, which name what failed.
        symptom: what happens. One that is named alone, or most, or where it goes wrong.
        root: what a bare name in an error text hangs on.
    """
    if names := [*names_in(heading), *tags_in(heading)]:
        return names[0]
    named = names_in(symptom)
    for error in errors:
        if names := [*names_in(error), *_failed(error, named, root)]:
            return names[0]
    return _most_named([*named, *tags_in(symptom)]) or _most_named(
        name
        for sentence in _ENDS.split(symptom)
        if _WRONG.search(sentence)
        for name in names_in(sentence)
    )


def tags_in(text: str) -> list[str]:
    """The tags of components that ``text`` names: ``scroll-view``, ``<input>``, ``map 组件``."""
    marked = (next(filter(None, match.groups())) for match in _MARKED_TAG.finditer(text))
    return [*(match.group() for match in _TAG.finditer(text)), *marked]


def _failed(error: str, named: Sequence[str], root: str) -> Iterator[str]:
    for name in _FAILED.findall(error):
        full = next((one for one in named if one.endswith(f".{name}")), "")
        if full or not re.match(rf"(?:{ROOTS})\.", name):
            yield full or f"{root}.{name}"


def _most_named(names: Iterable[str]) -> str:
    """The one that is named alone, or more often than any other."""
    counts = Counter(names).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return ""
    return counts[0][0]


def last_part(name: str) -> str:
    """What is left of a name when people leave out where it hangs: ``shareAppMessage``."""
    return name.rpartition(".")[2]


# Whether a list goes on about the problem above it

#: ``getLocation``, as a heading names an interface in short.
_HUMP: Final = re.compile(r"(?<![\w./-])[a-z]+[A-Z]\w+")
#: ``getLocation:fail timeout``, to the end of what is not Chinese.
_FAILURE: Final = re.compile(r"[A-Za-z_$][\w$.]{0,60}:\s?fail[\x00-\x7f]*")
#: So many letters beside an error text say what happened.
_SHORTEST: Final = 4
_MARKED: Final = re.compile(r"\s*[-*+]\s+(?:\[[xX]\]\s|~~)")
#: An item that says so goes on about what stands above it.
_GOES_ON: Final = re.compile(
    r"也|同样|一样|同时|改用|换[成用]|因为|由于|导致|需要|必须|https?:|\]\("
    r"|\b(?:also|too|same|instead|because|need)\b"
    r"|^\s*[-*+]\s+(?:\[.\]\s+)?(?:如果|若|但|而|先|再|然后|(?:if|when|then|but|and|so)\b)",
    re.I,
)


def are_about_others(items: Sequence[str], above: str) -> bool:
    """Whether the items of a list tell of other problems than the text above the list.

    Most of them have to name another interface, of which they say that it fails, and the others
    to be ticked off, struck out, marked as solved, or to sound like a problem.

    Args:
        items: the first line of each, in Markdown.
        above: the heading and the text above the list.
    """
    if not (_named(above) or _HUMP.search(above)) or any(map(_GOES_ON.search, items)):
        return False
    others = [one for one in items if _is_about_another(one, above)]
    rest = [one for one in items if one not in others]
    return len(others) >= max(1, len(rest)) and all(
        _MARKED.match(one) or SOLVED.search(one) or PLAIN.search(HARMLESS.sub(" ", one))
        for one in rest
    )


def _is_about_another(item: str, above: str) -> bool:
    named = _named(item)
    failure = _FAILURE.search(item)
    # Of an item that is nothing but an error text, it is not told what it belongs to.
    words = re.sub(r"[\W_]|`[^`]*`", "", _FAILURE.sub("", item))
    if not named or (failure and len(words) < _SHORTEST):
        return False
    if any(last_part(one).casefold() in above.casefold() for one in named):
        return False
    return failure is not None or PLAIN.search(HARMLESS.sub(" ", item)) is not None


def _named(text: str) -> list[str]:
    return [*names_in(text), *_FAILED.findall(text)]
