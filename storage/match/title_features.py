"""The titles of a board, held in memory to be compared with one that is typed.

Rapidfuzz compares a hundred thousand of them in some twenty milliseconds: once as they
are, and once by the Chinese characters in them, each once and in one order, so that
what two sets have in common is what their sequences have in common. The first finds
what is said in the same words, the second what is said in others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from storage.match.normalizer import normalise
from storage.text.search_text import folded, humps, load_rapidfuzz, ratios, searchable

#: Chinese characters that say nothing about what a sentence is about.
_EMPTY: Final = frozenset(
    "的了在是不和与及或就都也而被把从到给对为以于时后前里中上下个一这那会能要有还又再很之其"
)
#: Words that any report has: where two titles share them, they have nothing in common.
_OF_ANY_REPORT: Final = re.compile(
    "企业微信|企微|微信|小程序|真机|手机|内容|问题|报错|错误|异常|失败|出现|发生|情况|现象|时候|调用|接口|使用|测试"
    "|反馈|求助|请问|怎么|如何|为什么|踩坑"
)
#: Platforms, of which each language has its own names; they say more than other words.
_PLATFORMS: Final = (
    ("android", re.compile("安卓|(?<![a-z])android(?![a-z])", re.I | re.A)),
    ("ios", re.compile("苹果|(?<![a-z])(?:ios|iphone|ipad)(?![a-z])", re.I | re.A)),
    ("harmony", re.compile("鸿蒙|(?<![a-z])harmony ?(?:os)?(?![a-z])", re.I | re.A)),
    (
        "devtools",
        re.compile("开发者?工具|模拟器|(?<![a-z])(?:devtools?|simulator)(?![a-z])", re.I | re.A),
    ),
    ("windows", re.compile("(?<![a-z])windows(?![a-z])", re.I | re.A)),
    ("macos", re.compile("(?<![a-z])mac ?os(?![a-z])", re.I | re.A)),
)
PLATFORM_NAMES: Final = frozenset(name for name, _written in _PLATFORMS)
#: “后台体验权限”, “相册的全部权限”, “trial permission”: what a permission is for.
_PERMISSION: Final = re.compile(
    # Any letters but Latin ones, and only Latin ones in either case: to compile all Chinese
    # characters, or to fold their case, would take milliseconds.
    r"([^\W\x00-\x7f]{2})的?(?:全部|所有|访问|使用)?(?:权限|授权)"
    r"|(?ai:(?<![a-z])(trial|album|camera|location|microphone|contacts?|clipboard|admin\w*|phone)\s"
    r"(?:permissions?|access)(?![a-z]))"
)
#: What marks a trait that is more than a word.
TRAIT: Final = "="
#: How large a board must be for a share of its titles to say something.
FEW_TITLES: Final = 20
#: With more titles than this it is worth it to load rapidfuzz.
_MANY_TITLES: Final = 2_000
#: Below these two titles have less in common than two sentences by chance.
_LEAST_IN_COMMON: Final = 40
_LEAST_CHARACTERS: Final = 15


class TitleIndex:
    """Titles by the rowids of their pitfalls; a pitfall may have one in each language."""

    def __init__(self, *, knows_shares: bool = True) -> None:
        self._knows_shares = knows_shares
        self._places: dict[int, list[int]] = {}
        self._rowids: list[int] = []
        self._titles: list[str | None] = []
        self._characters: list[str | None] = []
        self._holders: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._places)

    def put(self, rowid: int, titles: Iterable[str]) -> None:
        """Hold a pitfall's titles instead of those that it had; none takes it out."""
        for place in self._places.pop(rowid, ()):
            self._holders.subtract(_counted(self._titles[place], self._characters[place]))
            self._titles[place] = self._characters[place] = None
        for title in dict.fromkeys(titles):
            if title:
                self._places.setdefault(rowid, []).append(len(self._titles))
                self._rowids.append(rowid)
                self._titles.append(folded(title))
                self._characters.append(characters(title) or None)
                if self._knows_shares:
                    self._holders.update(_counted(self._titles[-1], self._characters[-1]))

    def share(self, word: str) -> float:
        """The share of the titles that hold a word; 0 on a board too small to tell."""
        return self._holders[word] / len(self) if len(self) >= FEW_TITLES else 0.0

    def nearest(self, title: str, limit: int) -> list[int]:
        """The rowids of the ``limit`` nearest titles, and of as many by their characters."""
        found: dict[int, None] = {}
        for wanted, held, least in (
            (folded(title), self._titles, _LEAST_IN_COMMON),
            (characters(title), self._characters, _LEAST_CHARACTERS),
        ):
            if wanted:
                places = _nearest(wanted, held, limit, least)
                found.update((self._rowids[place], None) for place in places)
        return list(found)


def _nearest(wanted: str, held: list[str | None], limit: int, least: float) -> list[int]:
    """The places of the texts that have most letters in common with one, and at least so many."""
    if len(held) > _MANY_TITLES:
        rapidfuzz = load_rapidfuzz()
        near = rapidfuzz.process.extract(
            wanted, held, scorer=rapidfuzz.fuzz.ratio, limit=limit, score_cutoff=least
        )
        return [place for _, _, place in near]
    texts = {place: text for place, text in enumerate(held) if text is not None}
    scores = dict(zip(texts, ratios(wanted, list(texts.values())), strict=True))
    places = [place for place, score in scores.items() if score >= least]
    return sorted(places, key=scores.__getitem__, reverse=True)[:limit]


def parts_of(title: str) -> dict[str, str]:
    """What of a title the full-text index is asked for, each once, and by what expression."""
    text = folded(title)
    # Two Chinese characters side by side, and each by itself.
    signs = _signs(text)
    found = [one + other for one, other in pairwise(text) if {one, other} <= signs]
    found += sorted(signs)
    parts = {
        part: f'{{pairs}} : "{searchable(part if len(part) > 1 else 2 * part)}"'
        for part in found
        if not set(part) <= _EMPTY
    }
    latin = dict.fromkeys(re.findall(_LATIN_WORD, f"{text} {humps(title)}"))
    return parts | {word: f'{{title names}} : "{word}"' for word in latin if word not in _NO_TRAITS}


def characters(text: str) -> str:
    """The Chinese characters of a text that say something, each once, in one order."""
    return "".join(sorted(_signs(_OF_ANY_REPORT.sub(" ", text)) - _EMPTY))


def _signs(text: str) -> set[str]:
    """Chinese characters; an expression for them alone would take longer to compile."""
    return {sign for sign in text if "\u3400" <= sign <= "\u4dbf" or "\u4e00" <= sign <= "\u9fff"}


def _counted(title: str | None, characters: str | None) -> set[str]:
    """The words of a title of which the index knows how many titles hold them."""
    words = set(re.findall(_LATIN_WORD, title)) if title else set()
    return words.union(characters or "")


# What of a title and an error text can be the same in another: names, codes, words


# A name with a joint or a hump in it; a Latin word by itself may be any word.
_NAME: Final = r"[A-Za-z_$][\w$]*(?:(?:\.|__)[A-Za-z_$][\w$]*)+|[a-z]+\d*[A-Z][A-Za-z0-9]*"
#: A longer run of signs, such as a key or a picture in Base64, holds no name.
_LONGEST_NAME: Final = 256

#: What is written like an API's name and is none: iOS, iPhone 12, macOS, eSIM.
_NO_NAME: Final = re.compile(
    r"[a-z][A-Z][A-Za-z0-9]*|(?ai:ipados|macos|harmonyos|openharmony|weixin|wechat|wecom)\w*"
)

#: Each begins where its run of signs begins: a long run is gone through once.
_ADDRESS: Final = (
    r"(?<!\w)\w+://\S+"
    r"|(?<![\w./\\-])[\w./\\-]*\.(?:com|cn|net|org|js|ts|json|html?|wxml|vue|md)\b"
)
_LATIN_WORD: Final = r"[a-z][a-z0-9]{2,}"

#: Latin words that say nothing about what a sentence is about.
_NO_TRAITS: Final = frozenset(
    re.findall(
        r"\w+",
        "the and for with from that this when while not but are was were has have had its into"
        " onto after before then than only does did can could will would should may might been"
        " test tests testing bug bugs error errors issue issues"
        " problem problems api wecom wechat",
    )
)
#: Codes that every error may have.
_ANY_CODE: Final = frozenset({"0", "1", "-1"})
#: The shortest error text that says something.
_SHORTEST_KEY: Final = 6


class TitleFeatures:
    """The traits of a title, an error text and a component.

    Args:
        title: in one language or, on two lines, in two.
        message: error texts, in any number of lines.
        component: the API or surface, likewise.
    """

    def __init__(self, title: str, message: str = "", component: str = "") -> None:
        self.title = title
        self.message = message
        self.component = component

    @cached_property
    def names(self) -> dict[str, str]:
        """The API names in it: their one spelling, and how they were written first."""
        text = re.sub(_ADDRESS, " ", "\n".join((self.title, self.component, self.message)))
        names: dict[str, str] = {}
        # ASCII, since \w would take the Chinese around a name for a part of it.
        runs = [run for run in re.findall(r"[\w$.]+", text, re.A) if len(run) <= _LONGEST_NAME]
        for name in re.findall(_NAME, " ".join(runs), re.ASCII):
            if not _NO_NAME.fullmatch(name):
                names.setdefault(_one_spelling(name), name)
        return names

    @cached_property
    def codes(self) -> frozenset[str]:
        """The error codes that say something; only what has a digit can hold one."""
        lines = f"{self.title}\n{self.message}".split("\n")
        numbered = (_normalised(line) for line in lines if any(map(str.isdigit, line)))
        return frozenset(code for line in numbered for code in line.codes) - _ANY_CODE

    @cached_property
    def _calls(self) -> list[tuple[re.Pattern[str], str]]:
        """What finds each of the names in a text that is small and joined by dots.

        One that was written without an owner may have any.
        """
        return [
            (re.compile(rf"{_owner(written)}{re.escape(name)}(?![a-z0-9_$])"), written)
            for name, written in self.names.items()
        ]

    def names_in(self, other: TitleFeatures) -> list[str]:
        """Those of the API names that stand in another one, as they are written here."""
        text = "\n".join((other.title, other.component, other.message)).lower()
        text = text.replace("__", ".")
        return [written for call, written in self._calls if call.search(text)]

    def words_in(self, other: TitleFeatures, names: Iterable[str]) -> frozenset[str]:
        """The words that stand in another one's title too, besides those of some names."""
        return (self.words & other.words) - words_of(names)

    def as_written(self, word: str) -> str:
        """A Latin word that it shares, as it stands in the title."""
        return f"{word}s" if f"{word}s" in self.latin and word not in self.latin else word

    def may_have(self, code: str) -> bool:
        """Whether a code stands in it at all; to find out whether it is one takes longer."""
        return code in self.title or code in self.message

    @cached_property
    def keys(self) -> dict[str, str]:
        """Its error texts: as they are compared, and as they are shown."""
        lines = (_normalised(line) for line in self.message.split("\n") if line)
        return {line.key: line.text for line in lines if len(line.key) >= _SHORTEST_KEY}

    @cached_property
    def words(self) -> frozenset[str]:
        """What the title says: its Chinese characters and its Latin words."""
        return frozenset().union(*self.words_by_language)

    @cached_property
    def latin(self) -> tuple[str, ...]:
        """The Latin words of the title as they stand there, each once."""
        words = dict.fromkeys(re.findall(_LATIN_WORD, folded(self.title)))
        return tuple(word for word in words if word not in _NO_TRAITS)

    @cached_property
    def words_by_language(self) -> list[frozenset[str]]:
        """The words of the title, for each language; also those inside of camel-case names."""
        return [_words(title) for title in self.title.split("\n")]

    @cached_property
    def folded(self) -> list[str]:
        """The title in each language, folded."""
        return [folded(title) for title in self.title.split("\n")]

    @cached_property
    def components(self) -> frozenset[str]:
        """The names of the component in every language, folded."""
        return frozenset(filter(None, folded(self.component).split("\n")))


def words_of(names: Iterable[str]) -> frozenset[str]:
    """The words inside of API names."""
    return _words(" ".join(names))


@lru_cache(4_000)
def _words(title: str) -> frozenset[str]:
    # While somebody types, the same titles are compared again and again.
    named = [(name, written) for name, written in _PLATFORMS if written.search(title)]
    permissions = [*_PERMISSION.finditer(title)]
    traits = {f"{TRAIT}{name}" for name, _written in named}
    traits.update(f"{TRAIT}{_one_permission(found)}" for found in permissions)
    # Most titles name neither.
    for _name, written in named:
        title = written.sub(" ", title)
    if permissions or named:
        title = _PERMISSION.sub(" ", title)
    latin = re.findall(_LATIN_WORD, f"{folded(title)} {humps(title)}")
    singular = {word.removesuffix("s") if len(word) > 3 else word for word in latin}
    return frozenset(characters(title)) | (singular - _NO_TRAITS) | traits


def _one_permission(found: re.Match[str]) -> str:
    """A permission by the one name that it has in both languages, where it has one."""
    name = (found[1] or found[2]).lower()
    return f"{_PERMISSIONS.get(name, name)}权限"


_PERMISSIONS: Final = {
    "trial": "体验",
    "album": "相册",
    "camera": "相机",
    "location": "定位",
    "microphone": "录音",
    "contact": "联系",
    "contacts": "联系",
    "位置": "定位",
    "麦克": "录音",
}
#: The same messages stand on many pitfalls.
_normalised: Final = lru_cache(4_000)(normalise)


def _owner(name: str) -> str:
    """What may stand before an API's name, as an expression."""
    joined = "." in name or "__" in name
    return r"(?<![a-z0-9_$.])(?:wx[._]+)?" if joined else r"(?<![a-z0-9_$])"


def _one_spelling(name: str) -> str:
    """An API's name as the normaliser spells it, without all that it does for error texts."""
    return re.sub(r"^(?:wx[._]+)+", "", re.sub(r"[._]*\.[._]*|__+", ".", name.lower()))
