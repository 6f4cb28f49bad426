"""Full-text search that works for Chinese.

``unicode61`` does not cut Chinese into words and ``trigram`` never finds a
word of two characters, so every CJK character is written alone between spaces
and a run of them is searched as a phrase. Width, case and traditional forms are
folded on both sides, and API names are cut at their dots and underscores, so that
``wx.qy.login``, ``qy.login`` and ``qy__login`` find each other. An emoji is a word.
Titles are found by how they are read, too: ``tyb`` and ``tiyanban`` find 体验版.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, pairwise
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

_CJK: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Left to ``re`` to compile when first used: a command that only lists starts faster so.
#: The only expression with these characters in it: to compile them takes a millisecond.
_CHINESE: Final = f"([{_CJK}]+)"
_RUN: Final = r'[^\s"]+'
_WORD: Final = r"[^\W_]+"
_HUMP: Final = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+"
#: Signs that are words of their own: emoji, and other symbols outside the BMP and in its last rows.
_EMOJI: Final = "[\u2190-\u2bff\U0001f000-\U0001faff]"
#: Behind a sign, these say how it is drawn.
_DRAWN: Final = "[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]"
#: Either of them, which few texts hold.
_SIGN: Final = f"[{_DRAWN[1:-1]}{_EMOJI[1:-1]}]"
_HOST_OBJECT: Final = r"^wx[._]+(?=\w)"

#: A bit that is set, as ``int`` reads it.
_ONE: Final = ord("1")

#: The ASCII that is meant by what a Chinese input method gives for it, for ``str.translate``:
#: letters, digits and signs of full width, and marks that it puts in the place of signs.
TYPED_FOR: Final = dict(zip(range(0xFF01, 0xFF5F), range(0x21, 0x7F), strict=True)) | str.maketrans(
    "　、。《》〈〉【】「」『』", " /.<><>[][]{}"
)

#: How many candidates are looked at and ranked, newest first.
CANDIDATES: Final = 500


def folded(text: str) -> str:
    """``text`` with width, compatibility forms and case folded."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def searchable(text: str) -> str:
    """``text`` folded, in simplified characters, each emoji the word ``u`` and its number."""
    text = folded(text)
    if text.isascii():
        return text
    if re.search(_SIGN, text):
        text = re.sub(_EMOJI, lambda sign: f" u{ord(sign[0]):x} ", re.sub(_DRAWN, "", text))
    return _simplified(text) if re.search(_CHINESE, text) else text


def spaced(text: str) -> str:
    """``text`` as it is written into the index: each CJK character alone."""
    return characters_apart(searchable(text))


def characters_apart(text: str) -> str:
    """``text`` with each CJK character between blanks."""
    if text.isascii():
        return text
    # Without a call for each character, as a substitution would make.
    parts = re.split(_CHINESE, text)
    parts[1::2] = map(" ".join, parts[1::2])
    return " ".join(parts)


def _runs(text: str) -> list[str]:
    """What stands between blanks and quotes, and a run of CJK characters by itself."""
    found = re.findall(_RUN, text)
    if text.isascii():
        return found
    return [part for run in found for part in re.split(_CHINESE, run) if part]


def humps(text: str) -> str:
    """The words inside camel-case names, so that ``album`` finds ``saveImageToPhotosAlbum``."""
    found: list[str] = []
    for name in re.findall(_WORD, text):
        if not name.islower():
            found += _humps_of(name)
    return " ".join(found).lower()


@lru_cache(maxsize=1024)
def _humps_of(name: str) -> Sequence[str]:
    """Those of one name, which many texts hold; none if it is a single one."""
    parts = re.findall(_HUMP, name)
    return parts if len(parts) > 1 else ()


#: How much of a query is searched for, in characters. A phrase of ten thousand characters
#: would take FTS5 seconds, and nobody types one.
_LONGEST_QUERY: Final = 300
#: Before an expression: what it is looked for in, which is not how Chinese is read.
AS_WRITTEN: Final = "{title names body} : "


def expression(query: str) -> str:
    """The FTS5 expression for what a person typed; empty if nothing of it can be searched.

    Every run must be found; the last one, if Latin, may be the beginning of a
    word. What stands between quotes must be found as it is. Only the beginning
    of a very long query counts.
    """
    query = searchable(query[:_LONGEST_QUERY])
    parts = [
        (part, bool(quoted))
        for quoted, run in re.findall(f'"([^"]+)"|({_RUN})', query)
        for part in ([quoted] if quoted else _runs(run))
    ]
    phrases: list[str] = []
    for place, (part, is_quoted) in enumerate(parts):
        words = _tokens(part)
        if words:
            last = place == len(parts) - 1 and not query[-1:].isspace()
            half = last and not is_quoted and (part.isascii() or not re.match(_CHINESE, part))
            phrases.append(f'"{" ".join(words)}"' + (" *" if half else ""))
    return " AND ".join(phrases)


def _tokens(phrase: str) -> list[str]:
    """The words of a phrase as the index holds them, each CJK character one of them."""
    return re.findall(_WORD, characters_apart(re.sub(_HOST_OBJECT, "", phrase)))


def terms(query: str) -> list[str]:
    """The folded runs of a query, for marking and ranking."""
    return [re.sub(_HOST_OBJECT, "", run) for run in _runs(searchable(query))]


def rank(query: str, title: str, names: str) -> int:
    """How well a candidate answers, higher is better: title before names before the rest.

    Cheap on purpose: bm25 over every match costs a fifth of a second for a
    frequent word on a large board, and says little about lines this short.
    """
    title, names = searchable(title), searchable(names)
    whole, wanted = _asked(query)
    score = 0
    if title == whole:
        score += 100
    elif title.startswith(whole):
        score += 40
    elif whole in title:
        score += 30
    score += 10 * sum(term in title for term in wanted)
    score += 4 * sum(term in names for term in wanted)
    return score


@lru_cache(maxsize=8)
def _asked(query: str) -> tuple[str, tuple[str, ...]]:
    """A query as a whole, and its terms; held, since it is the same for each candidate."""
    return searchable(query).replace('"', "").strip(), tuple(terms(query))


# Chinese as it is read: for the order of titles, and to be found by pinyin


class _Han(NamedTuple):
    """Simplified forms of traditional characters, and the syllable of each simplified one."""

    simplified: dict[int, str]
    traditional: frozenset[str]
    read: dict[str, str]


@cache
def _han() -> _Han:
    # Read when the first Chinese is searched or written: two milliseconds.
    text = Path(__file__).with_name("han.txt").read_text("utf-8")
    simplified: dict[int, str] = {}
    read: dict[str, str] = {}
    for line in text.splitlines():
        head, _, signs = line.partition(" ")
        if head == "=":
            simplified = dict(zip(map(ord, signs[::2]), signs[1::2], strict=True))
        elif head != "#":
            read.update(dict.fromkeys(signs, head))
    return _Han(simplified, frozenset(map(chr, simplified)), read)


def _simplified(text: str) -> str:
    """``text`` in simplified characters."""
    # Most texts hold no others, and to look is faster than to replace each by itself.
    han = _han()
    return text if han.traditional.isdisjoint(text) else text.translate(han.simplified)


@lru_cache(maxsize=256)
def order_key(title: str) -> str:
    """By what a title is sorted: as it is read, without regard to case."""
    title = folded(title).strip()
    if title.isascii():
        return title
    title, read = _simplified(title), _han().read
    # A blank ends each syllable: xi an stands before xian.
    return "".join(f"{read[sign]} " if sign in read else sign for sign in title)


def pronounced(title: str) -> tuple[str, str]:
    """The syllables of a title's Chinese, and their initials, as the index holds them."""
    if title.isascii():
        return "", ""
    read = _han().read
    runs = re.split(_CHINESE, searchable(title))[1::2]
    syllables = [[read[sign] for sign in run if sign in read] for run in runs]
    # A word that nobody can type keeps runs apart, so that no phrase goes from one to the next.
    together = " 0 ".join(" ".join(run) for run in syllables if run)
    return together, " ".join([word[:1] for word in together.split(" ")])


def paired(title: str) -> str:
    """What titles, as :func:`searchable` has them, are compared by: a word for two CJK characters.

    A character by itself is there as well, written twice: in a word of its own, it is found
    without going through all longer texts that hold it.
    """
    if title.isascii():
        return ""
    runs = re.split(_CHINESE, title)[1::2]
    return " ".join(dict.fromkeys(one for run in runs for one in _paired(run)))


def _paired(run: str) -> Iterator[str]:
    yield from map("".join, pairwise(run))
    yield from (2 * sign for sign in run)


#: So many ways to cut letters into syllables are tried: xian is one or two.
_WAYS: Final = 8
_LETTERS: Final = "[a-z]{2,24}"


def pronounced_expression(query: str) -> str:
    """The FTS5 expression for pinyin that a person typed; empty if it can be none.

    Each word is the initials of some characters (``tyb``) or their syllables (``tiyanb``, of which
    the last may be begun).
    """
    words = folded(query).split()
    phrases: list[str] = []
    for word in words:
        if not re.fullmatch(_LETTERS, word):
            return ""
        sides = [f'initials : "{" ".join(word)}"']
        for cut in islice(_cuts(word), _WAYS):
            sides.append(f'syllables : "{" ".join(cut)}" *')
        phrases.append(f"({' OR '.join(sides)})")
    return " AND ".join(phrases)


@cache
def _syllables() -> tuple[frozenset[str], frozenset[str]]:
    """All syllables, and what they begin with."""
    whole = frozenset(_han().read.values())
    return whole, frozenset(one[:end] for one in whole for end in range(1, len(one) + 1))


def _cuts(letters: str) -> Iterator[list[str]]:
    """The ways to cut letters into syllables, of which the last may be begun; the longest first."""
    whole, begun = _syllables()
    if letters in begun:
        yield [letters]
    for end in range(min(6, len(letters) - 1), 0, -1):
        if letters[:end] in whole:
            for rest in _cuts(letters[end:]):
                yield [letters[:end], *rest]


# How alike texts are, letter by letter


def load_rapidfuzz() -> ModuleType:
    """Texts that are nearly the same; it has the modules ``fuzz`` and ``process``."""
    # Loaded here, since only many texts that are compared need it.
    import rapidfuzz

    return rapidfuzz


def ratios(wanted: str, held: Sequence[str]) -> list[float]:
    """How much of each text is in one, in the same order: 0 to 100, as ``rapidfuzz.fuzz.ratio``.

    To load rapidfuzz takes a twentieth of “pitboard new”, and longer than this takes for hundreds
    of titles: they are one number with a bit for each letter, so all are compared at once, by the
    longest common subsequence after Hyyrö. Behind each text a zero ends what is carried.
    """
    if not held:
        return []
    whole = "".join(f"{text}\0" for text in held)
    rows = {sign: bytearray(b"0" * len(whole)) for sign in wanted if sign != "\0"}
    for place, sign in enumerate(reversed(whole)):
        if sign in rows:
            rows[sign][place] = _ONE
    holding = {sign: int(row, 2) for sign, row in rows.items()}
    # The letters that are not in common.
    apart = letters = int("".join("1" * len(text) + "0" for text in held)[::-1], 2)
    for sign in wanted:
        same = apart & holding.get(sign, 0)
        apart = ((apart + same) | (apart - same)) & letters
    found = []
    for text in held:
        both = len(wanted) + len(text)
        unlike = (apart & ((1 << len(text)) - 1)).bit_count()
        found.append(100 * (1 - (len(wanted) - len(text) + 2 * unlike) / both) if both else 100.0)
        apart >>= len(text) + 1
    return found
