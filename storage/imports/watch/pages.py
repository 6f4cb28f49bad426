"""What a page says: its title and its posts, read by an adapter for the place that it is from.

Whatever has no structure that is known is unreadable: it never counts as changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any, Final
from unicodedata import normalize

from lxml import etree, html

from storage.errors import N_
from storage.imports.watch.request import FetchFailed
from storage.model.fields import NamedTuple
from storage.model.vocabulary import VENDOR_HOSTS, Source, WatchOutcome, source_of
from storage.text.sanitize import from_elsewhere

_MOST_POSTS: Final = 300
_LONGEST_POST: Final = 10_000
_LONGEST_TITLE: Final = 300
_LONGEST_NAME: Final = 100
#: So many values of a JSON document are looked at.
_MOST_VALUES: Final = 100_000


class Post(NamedTuple):
    """Something that somebody wrote on a page; ``at`` is in ms, None if it is not known.

    ``key`` names it among those of its page, ``official`` says that a mark of the vendor was
    found with it, ``is_news`` that it is neither made by a machine nor the vendor's stock answer.
    """

    key: str
    text: str
    author: str = ""
    official: bool = False
    at: int | None = None
    is_news: bool = True

    @property
    def digest(self) -> str:
        """A name of its text, the same on every machine and for every spacing."""
        return digest_of(self.text)


class PageContent(NamedTuple):
    """What was read from a page; ``marks`` are those that were found on it."""

    title: str
    posts: tuple[Post, ...]
    marks: tuple[str, ...] = ()


def digest_of(text: str) -> str:
    """A name of a text, whatever its blanks and widths."""
    return sha256("".join(normalize("NFKC", text).split()).encode()).hexdigest()[:32]


def read_page(url: str, text: str) -> PageContent:
    """What a page says.

    Args:
        url: where it is from.
        text: all of it.

    Raises:
        FetchFailed: if it is unreadable, says that it is gone, or wants a login.
    """
    if source_of(url) is Source.COMMUNITY:
        content = _of_community(text)
    elif _is_json(text):
        raise _unreadable(N_("there is no adapter for JSON of this host"))
    else:
        content = _of_any(text)
    return content._replace(title=content.title[:_LONGEST_TITLE])


def other_route(url: str) -> str | None:
    """Where else the same thread can be read; None if nowhere."""
    found = re.match(rf"https://{re.escape(VENDOR_HOSTS[0])}/community/[^?#]*?/doc/(\w+)", url)
    if found is None or "/ngi/" in url:
        return None
    return f"https://{VENDOR_HOSTS[0]}/community/ngi/doc/detail/{found[1]}"


def _unreadable(message: str, **values: object) -> FetchFailed:
    return FetchFailed(WatchOutcome.UNREADABLE, message, retry_after=None, **values)


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


# Any page: its main text is one post


_LEFT_OUT: Final = frozenset(
    (
        *("script", "style", "noscript", "template", "nav", "footer", "aside", "form", "button"),
        *("svg", "iframe", "select", "textarea", "head", "object"),
    )
)
_BLOCKS: Final = frozenset(
    (
        *("p", "div", "li", "ul", "ol", "br", "tr", "table", "section", "article", "pre", "main"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "blockquote", "header", "hr"),
    )
)
_MAIN: Final = "//main | //article | //*[@role='main'] | //*[@id='content' or @id='docContent']"
_GONE: Final = re.compile(
    r"(内容|帖子|文章|页面|问题|评论)[^。，]{0,6}(已被?删除|不存在|已下线)"
    r"|page not found|has been deleted"
)
_LOGIN: Final = re.compile(
    r"请(先|您)?登[录陆]|登[录陆]后(可|才|即)?(查看|继续|可见)"
    r"|log ?in to continue|please (log|sign) in"
)


def _document(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable(N_("there is no page in it")) from error
    return root


def _lines_of(element: Any) -> str:
    """The text of an element, a line for each block; without going deeper than the page does."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        is_left_out = not isinstance(one.tag, str) or one.tag in _LEFT_OUT
        if event == "start":
            if is_left_out:
                walk.skip_subtree()
            else:
                parts.append("\n" if one.tag in _BLOCKS else "")
                parts.append(one.text or "")
        else:
            parts.append("\n" if one.tag in _BLOCKS else "")
            parts.append((one.tail or "") if one is not element else "")
    lines = (" ".join(line.split()) for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


def _of_any(text: str) -> PageContent:
    root = _document(text)
    found = [_lines_of(one) for one in root.xpath(_MAIN)[:50]]
    body = root.find("body")
    main = max(found, key=len, default="") or (_lines_of(body) if body is not None else "")
    title = " ".join((root.findtext(".//title") or "").split())
    _must_be_here(f"{title}\n{main}")
    if not main:
        raise _unreadable(N_("there is no text on it"))
    # Entities write signs that the text of the page as a whole does not show.
    said = from_elsewhere(main[: 10 * _LONGEST_POST])
    return PageContent(from_elsewhere(title), (Post("page", said),))


def _must_be_here(text: str) -> None:
    """Raise what a short page says instead of what was asked for."""
    if len(text) < 400 and _GONE.search(text.lower()):
        raise FetchFailed(WatchOutcome.GONE, N_("the page says that it is gone"))
    if len(text) < 400 and _LOGIN.search(text.lower()):
        raise FetchFailed(WatchOutcome.LOGIN, N_("the page wants to know who reads it"))


# The vendor's community: JSON of its routes or within its pages, else elements by their classes


#: Begins the vendor's stock answer, without what stands between the words.
_STOCK: Final = "你好麻烦通过点击下方反馈信息按钮"
_BY_MACHINE: Final = re.compile(
    r"(本|该|以上)?(回答|回复|内容)由\s*(AI|人工智能|机器人)\s*(自动)?(生成|提供|回答)"
    r"|^\s*[\[【(（]?\s*AI\s*(回答|回复|生成|助手)|generated by AI",
    re.IGNORECASE,
)
_STATE: Final = re.compile(r"__INITIAL_STATE__\s*=\s*(?=\{)")


def _of_community(text: str) -> PageContent:
    if _is_json(text):
        return _of_json(_json(text))
    if state := _STATE.search(text):
        with suppress(FetchFailed):
            return _of_json(_json(text[state.end() :]))
    return _of_elements(text)


def _json(text: str) -> object:
    try:
        value, _end = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError) as error:
        raise _unreadable(N_("its JSON can't be read")) from error
    return value


_TEXTS: Final = ("content", "commentcontent", "replycontent", "answercontent")
_KEYS: Final = ("commentid", "replyid", "answerid", "docid", "postid", "id")
_TIMES: Final = ("createtime", "publishtime", "ctime", "createdat", "time")
_NAMES: Final = ("nickname", "authorname", "username", "author", "name")
_PEOPLE: Final = ("author", "user", "userinfo", "creator", "owner")
_OFFICIAL: Final = ("isofficial", "official", "isofficialreply", "officialreply")
_MACHINE: Final = ("isai", "isaireply", "isaianswer", "aigenerated", "isaigc", "aianswer")


def _of_json(value: object) -> PageContent:
    """The thread in a JSON document: an object with a title and a text, and what answers it."""
    title, posts = "", dict[str, Post]()
    said: list[str] = []
    for one in _objects(value):
        fields = {name.lower().replace("_", ""): held for name, held in one.items()}
        said += [held for name in ("msg", "errmsg") if isinstance(held := fields.get(name), str)]
        heading = fields.get("title")
        is_thread = isinstance(heading, str) and "docid" in fields
        text = next((fields[name] for name in _TEXTS if isinstance(fields.get(name), str)), None)
        key = next((fields[name] for name in _KEYS if _is_key(fields.get(name))), None)
        if text is None or key is None or (is_thread and title):
            # A second thread is one that the page recommends.
            continue
        person: dict[str, Any] = next(
            (fields[name] for name in _PEOPLE if isinstance(fields.get(name), dict)), {}
        )
        about = {name.lower().replace("_", ""): held for name, held in person.items()} | {
            name: held for name, held in fields.items() if not isinstance(held, dict | list)
        }
        if is_thread:
            title = " ".join(str(heading).split())
        elif not any(isinstance(about.get(name), str) for name in _NAMES) or not any(
            name in fields for name in _TIMES
        ):
            continue
        post = _post("doc" if is_thread else str(key)[:100], text, about)
        posts.setdefault(post.key, post)
    if "doc" not in posts:
        _must_be_here("\n".join(said)[:300])
        raise _unreadable(N_("there is no thread in it"))
    return _content(title, posts.values())


def _is_key(value: object) -> bool:
    return (isinstance(value, str | int) and not isinstance(value, bool)) and bool(value)


def _objects(value: object) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document, outer ones and earlier ones first."""
    waiting, left = [value], _MOST_VALUES
    while waiting and left:
        one, left = waiting.pop(), left - 1
        inner = one if isinstance(one, list) else []
        if isinstance(one, dict):
            yield one
            inner = list(one.values())
        waiting += [part for part in reversed(inner) if isinstance(part, dict | list)]


def _post(key: str, text: str, about: Mapping[str, Any]) -> Post:
    plain = _lines_of(_document(f"<div>{text}</div>")) if "<" in text else text.strip()
    name = next((about[one] for one in _NAMES if isinstance(about.get(one), str)), "")
    at = next((_moment(about[one]) for one in _TIMES if one in about), None)
    by_machine = any(about.get(one) in (True, 1, "1", "true") for one in _MACHINE)
    official = any(about.get(one) in (True, 1, "1", "true") for one in _OFFICIAL)
    return _checked(Post(key, plain, name, official, at, not by_machine))


def _checked(post: Post) -> Post:
    """A post within its bounds, and no news if it is the stock answer or one of a machine."""
    # Within JSON, signs can be written in ways that the page as a whole does not show.
    text = from_elsewhere(post.text[:_LONGEST_POST]).strip()
    is_stock = re.sub(r"[\W_]", "", text).startswith(_STOCK)
    return post._replace(
        text=text,
        author=" ".join(from_elsewhere(post.author).split())[:_LONGEST_NAME],
        is_news=post.is_news and not is_stock and not _BY_MACHINE.search(text),
    )


def _content(title: str, posts: Any) -> PageContent:
    read = tuple(posts)[:_MOST_POSTS]
    marks = {"official" for one in read if one.official} | {
        "set" for one in read if not one.is_news
    }
    return PageContent(from_elsewhere(title), read, tuple(sorted(marks)))


_DAY: Final = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2}))?")
#: The vendor writes times of its own zone.
_CHINA: Final = timezone(timedelta(hours=8))
_EARLIEST, _LATEST = 1_000_000_000, 10_000_000_000


def _moment(value: object) -> int | None:
    """A time in ms, as the vendor writes it: seconds, ms, or a date with or without a time."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value[:15])
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value // 1000 if value >= _LATEST else value
        return seconds * 1000 if _EARLIEST <= seconds < _LATEST else None
    if isinstance(value, str) and (found := _DAY.search(value)):
        with suppress(ValueError, OverflowError):
            year, month, day, hour, minute = (int(part or 0) for part in found.groups())
            at = datetime(year, month, day, hour, minute, tzinfo=_CHINA)
            return int(at.astimezone(UTC).timestamp() * 1000)
    return None


#: Names of classes with hyphens between their words: what elements of the page are.
_ITEM: Final = re.compile(r"(?:^|-)(?:comment|answer|reply)(?:-(?:list-)?item)?$")
_LIST: Final = re.compile(r"(?:^|-)(?:comment|answer|reply)s?-list$")
_THREAD: Final = re.compile(r"(?:^|-)(?:post|topic|doc|question|thread)-(?:content|body|detail)$")
_HEADING: Final = re.compile(r"(?:^|-)(?:post|topic|doc|question|thread)-title$")
_PART: Final = {
    "text": re.compile(r"(?:^|-)(?:content|text|body)$"),
    "author": re.compile(r"(?:^|-)(?:nick|nickname|author|name)$"),
    "time": re.compile(r"(?:^|-)(?:time|date)$"),
    "official": re.compile(r"(?:^|-)official(?:-(?:tag|mark|icon|badge|label|reply))?$"),
    "machine": re.compile(r"(?:^|-)ai-(?:tag|mark|icon|answer|reply|label)$"),
}
_IDS: Final = ("data-commentid", "data-comment-id", "data-replyid", "data-id", "data-docid", "id")
_LONGEST_CLASS: Final = 200


def _has(element: Any, pattern: re.Pattern[str]) -> bool:
    classes = (element.get("class") or "")[:_LONGEST_CLASS].lower().split()
    return any(pattern.search(re.sub("[_-]+", "-", name)) for name in classes)


def _of_elements(text: str) -> PageContent:
    """The thread in a page of the community, by the classes of its elements."""
    root = _document(text)
    classed = [one for one in root.iter() if isinstance(one.tag, str) and one.get("class")]
    heading = next((one for one in classed if _has(one, _HEADING)), None)
    thread = next((one for one in classed if _has(one, _THREAD)), None)
    items = [one for one in classed if _has(one, _ITEM) and _key_of(one)]
    if heading is None or thread is None or not (items or any(_has(one, _LIST) for one in classed)):
        _must_be_here(_lines_of(root)[:1000])
        raise _unreadable(N_("there is no thread in it"))
    posts = {"doc": _checked(Post("doc", _lines_of(thread)))}
    answers = set(items)
    for item in items[:_MOST_POSTS]:
        parts = _parts_of(item, answers)
        if "text" not in parts or "author" not in parts:
            raise _unreadable(N_("an answer in it has no text or no author"))
        stamp = parts.get("time")
        written = "" if stamp is None else stamp.get("datetime") or _lines_of(stamp)
        post = Post(
            _key_of(item),
            _lines_of(parts["text"]),
            _lines_of(parts["author"]),
            "official" in parts,
            _moment(written),
            "machine" not in parts,
        )
        posts.setdefault(post.key, _checked(post))
    return _content(_lines_of(heading).replace("\n", " "), posts.values())


def _key_of(item: Any) -> str:
    return next((item.get(name)[:100] for name in _IDS if item.get(name)), "")


def _parts_of(item: Any, answers: set[Any]) -> dict[str, Any]:
    """The parts of an answer by their names, without those of the answers within it."""
    parts: dict[str, Any] = {}
    walk = etree.iterwalk(item, events=("start",))
    for _event, one in walk:
        if one is not item and one in answers:
            walk.skip_subtree()
        elif one is not item and isinstance(one.tag, str) and one.get("class"):
            for name, pattern in _PART.items():
                if name not in parts and _has(one, pattern):
                    parts[name] = one
    return parts
