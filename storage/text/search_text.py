"""Full-text search that works for Chinese.

``unicode61`` does not cut Chinese into words and ``trigram`` never finds a
word of two characters, so every CJK character is written alone between spaces
and a run of them is searched as a phrase. Width and case are folded on both
sides, and API names are cut at their dots and underscores, so that
``wx.qy.login``, ``qy.login`` and ``qy__login`` find each other.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CJK: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Left to ``re`` to compile when first used: a command that only lists starts faster so.
_CHARACTER: Final = f"([{_CJK}])"
_RUN: Final = f'[{_CJK}]+|[^\\s"{_CJK}]+'
_WORD: Final = r"[^\W_]+"
_HUMP: Final = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+"
_HOST_OBJECT: Final = r"^wx[._]+(?=\w)"

#: How many candidates are looked at and ranked, newest first.
CANDIDATES: Final = 500


def folded(text: str) -> str:
    """``text`` with width, compatibility forms and case folded."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def spaced(text: str) -> str:
    """``text`` as it is written into the index: folded, each CJK character alone."""
    text = folded(text)
    # Cut and joined without a call for each character, as a substitution would make.
    return text if text.isascii() else " ".join(re.split(_CHARACTER, text))


def humps(text: str) -> str:
    """The words inside camel-case names, so that ``album`` finds ``saveImageToPhotosAlbum``."""
    found = (re.findall(_HUMP, name) for name in re.findall(_WORD, text) if not name.islower())
    return " ".join(word.lower() for parts in found if len(parts) > 1 for word in parts)


#: How much of a query is searched for, in characters. A phrase of ten thousand characters
#: would take FTS5 seconds, and nobody types one.
_LONGEST_QUERY: Final = 300


def expression(query: str) -> str:
    """The FTS5 expression for what a person typed; empty if nothing of it can be searched.

    Every run must be found; the last one, if Latin, may be the beginning of a
    word. What stands between quotes must be found as it is. Only the beginning
    of a very long query counts.
    """
    query = folded(query[:_LONGEST_QUERY])
    parts = re.findall(f'"([^"]+)"|({_RUN})', query)
    phrases: list[str] = []
    for place, (quoted, run) in enumerate(parts):
        words = _tokens(quoted or run)
        if words:
            last = place == len(parts) - 1 and not query[-1:].isspace()
            half = last and not quoted and not re.match(_CHARACTER, run)
            phrases.append(f'"{" ".join(words)}"' + (" *" if half else ""))
    return " AND ".join(phrases)


def _tokens(phrase: str) -> list[str]:
    """The words of a phrase as the index holds them, each CJK character one of them."""
    text = re.sub(_CHARACTER, r" \1 ", re.sub(_HOST_OBJECT, "", phrase))
    return re.findall(_WORD, text)


def terms(query: str) -> list[str]:
    """The folded runs of a query, for marking and ranking."""
    return [re.sub(_HOST_OBJECT, "", run) for run in re.findall(_RUN, folded(query))]


def rank(query: str, title: str, names: str) -> int:
    """How well a candidate answers, higher is better: title before names before the rest.

    Cheap on purpose: bm25 over every match costs a fifth of a second for a
    frequent word on a large board, and says little about lines this short.
    """
    title, names, whole = folded(title), folded(names), folded(query).replace('"', "").strip()
    wanted = terms(query)
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
