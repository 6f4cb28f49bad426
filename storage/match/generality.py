"""Whether a signature tells one error from others, or would match logs of anything.

A signature is refused if all that it says is what any error says: stock words without the name
of an API or an error code (``Permission denied``), a bare name, an id. One that says more may
still match lines that every machine writes; those it is tried on are in ``everyday.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from storage.errors import N_, Refused
from storage.match.error_text import says_success
from storage.match.normalizer import CODE, VARYING, key_of, normalise
from storage.match.signatures import compiled, find, load_hyperscan, matches, pieces, why_not
from storage.match.slow_engine import signs_of
from storage.model.fields import NamedTuple
from storage.model.lead import HIT_DAYS, Hits
from storage.model.vocabulary import SignatureForm

if TYPE_CHECKING:
    from storage.db.reader import Reader
    from storage.model.records import Signature


class Vagueness(StrEnum):
    """Why a text is no signature."""

    STOCK = "stock"
    NAME = "name"
    LABEL = "label"
    EVERYDAY = "everyday"
    SUCCESS = "success"


#: What is said of a text that is no signature; each goes on the sentence about it.
WHY_VAGUE: Final = {
    Vagueness.STOCK: N_("any error may say that"),
    Vagueness.NAME: N_("it names an API and no error"),
    Vagueness.LABEL: N_("it is an id or a label, not the text of an error"),
    Vagueness.EVERYDAY: N_("it matches what logs of anything hold"),
    Vagueness.SUCCESS: N_("it is what a call says that succeeded"),
}


class RefusedSignature(NamedTuple):
    """A text that was proposed as a signature, and why it is none."""

    text: str
    why: Vagueness


class SiftedSignatures(NamedTuple):
    """Texts that are fit for signatures, and those that are not."""

    kept: tuple[str, ...]
    refused: tuple[RefusedSignature, ...]


def check_signature(text: str, form: SignatureForm) -> None:
    """Whether a typed signature can be looked for, and tells errors apart.

    Raises:
        Refused: with the reason that it can't be compiled, or that it would match too much.
    """
    if form is SignatureForm.PATTERN and (reason := why_not(text)) is not None:
        raise Refused(
            N_("The pattern “{text}” can't be looked for: {why}."),
            field="signature",
            text=text,
            why=reason,
        )
    if form is not SignatureForm.PATTERN and not pieces(text, form):
        raise Refused(
            N_("The signature “{text}” would match nearly everything."),
            N_("Give more of the error text."),
            field="signature",
            text=text,
        )
    if (vague := vagueness(text, form)) is not None:
        raise Refused(
            N_("“{text}” is no signature: {why}."),
            N_("Give more of the error text, with the name of the API or the error code."),
            field="signature",
            text=text,
            why=WHY_VAGUE[vague],
        )


def sifted(texts: Iterable[str], *, named: bool = False) -> SiftedSignatures:
    """Error texts that were found in a file or a paste: those fit for signatures, and the others.

    Nobody typed them as signatures, so what has no word of an error and what everyday logs hold
    is none either. ``named`` says that the file calls them signatures.
    """
    kept: list[str] = []
    refused: list[RefusedSignature] = []
    for text in dict.fromkeys(texts):
        why = vagueness(text) or (None if named else _why_not_unasked(text))
        if why is None and not _speaks_of_an_error(text):
            why = Vagueness.LABEL
        if why is None and next(everyday_hits(text), None) is not None:
            why = Vagueness.EVERYDAY
        if why is None:
            kept.append(text)
        else:
            refused.append(RefusedSignature(text, why))
    return SiftedSignatures(tuple(kept), tuple(refused))


def _why_not_unasked(text: str) -> Vagueness | None:
    """Why a text is no signature, though a person may type it as one; None if it can be one."""
    if not any(sign.isalpha() for sign in text):
        return Vagueness.LABEL
    if any(not _NO_CODE.fullmatch(code) for code in normalise(text).codes):
        return None
    names = list(_api_names(text))
    said = {*_words(_without(text, names))} - {*_VERDICTS}
    # ``invoke:fail``, ``errCode: -1``: any call is called that, and any failure has that code.
    is_stock = all(map(_is_stock, said)) if not names else not said
    return Vagueness.STOCK if is_stock and all(_is_stock(one.lower()) for one in names) else None


def vagueness(text: str, form: SignatureForm = SignatureForm.LITERAL) -> Vagueness | None:
    """Why a text tells no error from others; None if it does.

    Args:
        text: of a literal, a glob or a pattern.
        form: which of them it is.
    """
    if form is SignatureForm.LITERAL and _LABEL.fullmatch(text.strip()):
        return Vagueness.LABEL
    plain = _plain(text, form)
    if says_success(plain):
        return Vagueness.SUCCESS
    if _has_code(plain):
        return None
    names = list(_api_names(plain))
    rest = _words(_without(plain, names))
    if names:
        # By itself a name is in every line that speaks of the API.
        says_something = any(word not in _VERDICTS for word in rest)
        return None if says_something or _VERDICT.search(plain) else Vagueness.NAME
    is_short = all(word.isascii() and len(word) < _LEAST_LATIN for word in rest)
    if form is SignatureForm.PATTERN and is_short:
        # What it says is said by its signs.
        return None
    if not rest:
        return Vagueness.LABEL
    return None if any(not _is_stock(word) for word in rest) else Vagueness.STOCK


def everyday_hits(text: str, form: SignatureForm = SignatureForm.LITERAL) -> Iterator[str]:
    """The lines of everyday logs that a signature matches."""
    yield from hits_in(_everyday(), text, form)


def hits_in(
    lines: Iterable[tuple[str, str]], text: str, form: SignatureForm = SignatureForm.LITERAL
) -> Iterator[str]:
    """Those of some lines that a signature matches.

    Args:
        lines: as they are, each with its key (``storage.match.normalizer.key_of``).
        text: the signature's text.
        form: which form it has.
    """
    if form is SignatureForm.PATTERN:
        if why_not(text) is None:
            database = compiled([text], load_hyperscan().HS_MODE_STREAM)
            yield from (line for line, _ in lines if matches(database, line.encode()))
        return
    wanted = pieces(text, form)
    if wanted:
        yield from (line for line, key in lines if find(wanted, key) is not None)


@lru_cache(1)
def _everyday() -> tuple[tuple[str, str], ...]:
    return tuple((line, normalise(line).key) for line in _lines_of("everyday.txt"))


def _lines_of(name: str) -> list[str]:
    """The lines of a file beside this one, without its remarks."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


# The words of a signature, and which of them say something


def _plain(text: str, form: SignatureForm) -> str:
    """The text with blanks for what stands for something else."""
    if form is SignatureForm.GLOB:
        return text.replace("*", " ")
    if form is SignatureForm.PATTERN:
        signs = (
            sign[1:] if re.fullmatch(r"\\[^\w\s]", sign) else sign if len(sign) == 1 else " "
            for sign in signs_of(text)
        )
        return "".join(" " if sign in "()[]{}|*+?^$" else sign for sign in signs)
    return text


#: Codes that say how a request went, or nothing.
_ANY_CODE: Final = re.compile(r"\d{1,2}|[1-5]\d\d")
_NO_CODE: Final = re.compile(rf"-1|{_ANY_CODE.pattern}")


def _has_code(text: str) -> bool:
    return any(not _ANY_CODE.fullmatch(code) for code in normalise(text).codes)


#: What a call of an API that failed ends with.
_VERDICTS: Final = ("fail", "ok")
_VERDICT: Final = re.compile(r"[:\uff1a]\s?fail(?:\b|_)|\bfail(?:s|ed|ure)?\b", re.IGNORECASE)
#: Bounded, and not begun at each letter of a word, so that a long word takes no time.
_CALLED: Final = re.compile(
    r"(?<![a-z_$])([a-z_$][\w.$]{0,255}+)\s?[:\uff1a]\s?(?:fail|ok)(?![a-z])", re.I | re.A
)
_VENDORS: Final = (
    "wx|qy|jwx|ww|qq|uni|my|dd|tt|lark|tma|swan|ks|jd|ft|h5sdk|WeixinJSBridge|canvasContext"
)
_NAME: Final = re.compile(
    rf"(?<![\w.])(?:(?:{_VENDORS})(?:\.|__)[A-Za-z_$][\w$]*(?:(?:\.|__)[A-Za-z_$][\w$]*)*"
    r"|[a-z]+\d*[A-Z][A-Za-z0-9]*)",
    re.ASCII,
)


def _api_names(text: str) -> Iterator[str]:
    for found in _CALLED.finditer(text):
        if found[1].lower() not in _NO_CALLS:
            yield found[1]
    for found in _NAME.finditer(text):
        # errMsg and NetworkError have a hump as well.
        if "." in found.group() or "__" in found.group() or not _is_stock(found.group().lower()):
            yield found.group()


#: What stands before ``:fail`` as well, and is no call.
_NO_CALLS: Final = frozenset(
    ("error", "err", "errmsg", "message", "msg", "result", "status", "test", "build", "exception")
)


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, " ")
    return text


def _words(text: str) -> list[str]:
    """The words that may say something: no numbers, no names of codes."""
    words = (part for word in normalise(text).words for part in re.split(r"[._]", word.text))
    return [word for word in words if word not in ("", VARYING, CODE) and not word.isdecimal()]


class _StockWords(NamedTuple):
    latin: frozenset[str]
    #: What stands before ``Error`` and ``Exception``.
    kinds: frozenset[str]
    chinese: re.Pattern[str]


@lru_cache(1)
def _stock() -> _StockWords:
    sections: dict[str, list[str]] = {}
    for line in _lines_of("stock_words.txt"):
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), [])
        else:
            words += line.split()
    chinese = sorted(sections["chinese"], key=len, reverse=True)
    return _StockWords(
        frozenset(sections["latin"]), frozenset(sections["kinds"]), re.compile("|".join(chinese))
    )


def _is_stock(word: str) -> bool:
    """Whether any error may have the word."""
    if not word.isascii():
        return len(_stock().chinese.sub("", word)) < _LEAST_CHINESE
    stock = _stock()
    if len(word) < _LEAST_LATIN or word in stock.latin:
        return True
    # NetworkError, IOException: a kind of error that programs of all sorts have.
    kind = re.fullmatch(r"(\w+?)(?:errors?|exceptions?)", word)
    return kind is not None and (kind[1] in stock.latin or kind[1] in stock.kinds)


def _speaks_of_an_error(text: str) -> bool:
    """Whether a text has the name of an API, a code, a word that errors have, or many words."""
    if _has_code(text) or any(True for _ in _api_names(text)):
        return True
    words = _words(text)
    # Two Chinese characters are about a word.
    size = sum(1.0 if word.isascii() else len(word) / 2 for word in words)
    return size > _MOST_OF_A_LABEL or any(
        _FAILURE.search(word) or word in _stock().latin for word in words
    )


_LEAST_LATIN: Final = 3
_LEAST_CHINESE: Final = 2
#: A label has so many words at most.
_MOST_OF_A_LABEL: Final = 3

#: Ids, keys of trackers, addresses, versions, and numbered labels.
_LABEL: Final = re.compile(
    r"[A-Z][A-Z0-9]{0,9}-\d{1,7}"
    r"|(?:wx|ww|wk|tt|gh_)[0-9a-f]{12,20}"
    r"|(?:0x)?[0-9A-Fa-f-]{8,40}"
    r"|[A-Za-z0-9_-]*\d[A-Za-z0-9_-]{19,}"
    r"|v?\d+(?:\.\d+){1,4}(?:-[\w.]+)?"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:https?|wss?|file)://\S+"
    r"|(?:bug|issue|case|error|problem|pitfall|todo|fixme|step|no|p|问题|坑|错误|案例|步骤|场景|情况|缺陷|附录?|图)"
    r"\s?[#.:：№_-]?\s?[\d一二三四五六七八九十.]*\d*[A-Za-z]?",
    re.IGNORECASE,
)

_FAILURE: Final = re.compile(
    "err|exception|fail|den(?:y|ied)|invalid|time.?out|not|undefined|失败|错误|异常|出错|报错|繁忙|无权限|没有权限|未授权|不合法|不存在|超时|无法|非法|拒绝|不支持|无效|不能|未找到|找不到"
    "|不足|过期|崩溃|未安装|未发布|未开通|未配置|中断|缺少|不可用|不允许|禁止|有误"
)


# What a signature hits on a board: in the messages of its occurrences, and how often of late


#: So many messages are looked at, the newest first.
_MOST_MESSAGES: Final = 5_000
_DAY_MS: Final = 24 * 60 * 60 * 1000


class BoardHit(NamedTuple):
    """A message of a pitfall's occurrences that a signature matches, and its line that does."""

    pitfall: str
    line: str


def board_hits(reader: Reader, text: str, form: SignatureForm) -> list[BoardHit]:
    """The messages on a board that a signature matches, the newest first, each once.

    Args:
        reader: reads the board.
        text: the signature's text.
        form: which form it has.
    """
    rows = reader.fetch_all(
        "SELECT pitfall, message FROM messages ORDER BY n DESC LIMIT ?", (_MOST_MESSAGES,)
    )
    lines = [(name, line) for name, message in rows for line in str(message).splitlines()]
    hit = set(hits_in(((line, key_of(line)) for _, line in lines), text, form))
    return list(dict.fromkeys(BoardHit(name, line) for name, line in lines if line in hit))


def recent_hits(
    messages: Iterable[tuple[int, str]], signatures: Iterable[Signature], now: int
) -> tuple[Hits, dict[str, Hits]]:
    """How often signatures have matched of late: all of them, and each by its id.

    What ``match --log`` read is one occurrence of a pitfall, and a paste is one, however many
    of their lines matched.

    Args:
        messages: when occurrences were seen (ms), and their messages.
        signatures: of one pitfall.
        now: the present in ms.
    """
    seen: dict[str, dict[int, int]] = {}
    for place, (at, message) in enumerate(messages):
        for line in message.splitlines():
            seen.setdefault(line, {})[place] = at
    lines = [(line, key_of(line)) for line in seen]
    every: dict[int, int] = {}
    each: dict[str, Hits] = {}
    for one in signatures:
        found: dict[int, int] = {}
        for line in hits_in(lines, one.text, one.form):
            found |= seen[line]
        every |= found
        each[one.id] = _counted(found.values(), now)
    return _counted(every.values(), now), each


def _counted(times: Collection[int], now: int) -> Hits:
    return Hits(*(sum(at > now - days * _DAY_MS for at in times) for days in HIT_DAYS))
