"""Channels of team chats: how the settings declare them, what each robot takes, what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from enum import Enum, StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.model.row import Severity
from storage.model.vocabulary import NoticeKind
from storage.text.sanitize import sanitize
from tui.services.boards import BOARD_NAME

#: Sums up the week before, once in each week.
DIGEST: Final = "digest:weekly"
#: What a channel can be told of: every kind of notice, new pitfalls of one severity, a digest.
TRIGGERS: Final = (
    *(kind.value for kind in NoticeKind),
    *(f"{NoticeKind.NEW}:{severity}" for severity in Severity),
    DIGEST,
)
#: What it is told of unless it says otherwise.
_USUAL: Final = ("new:S1", "regression", "vendor-reply", "fix-verified", "fix-disputed", DIGEST)

_VARIABLE: Final = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"
#: Nothing that ends a mark of a chat, or begins another one.
_MENTION: Final = r"^@?[A-Za-z0-9_.+-]{1,64}$"
_PROXY: Final = r"^http://[A-Za-z0-9.-]{1,253}:\d{1,5}/?$"


class ChatKind(StrEnum):
    """Whose chat a channel is in."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    SLACK = "slack"
    JSON = "json"


#: The kinds that can sign what they are sent.
SIGNING: Final = (ChatKind.DINGTALK, ChatKind.FEISHU)


def _known_trigger(name: str) -> str:
    if name not in TRIGGERS:
        raise PydanticCustomError("no_trigger", "no notification of that name")
    return name


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _variable(name: str) -> str:
    # Somebody may have put the key itself here, so it is not repeated.
    if not re.match(_VARIABLE, name):
        raise PydanticCustomError("no_variable", "not the name of a variable")
    return name


def _file(name: str) -> str:
    if "://" in name:
        raise PydanticCustomError("no_file", "not the path of a file")
    return name


_Variable = Annotated[str, AfterValidator(_variable)]


class ChatChannel(BaseModel):
    """A channel of a team's chat; its key is in the environment or in a file of its own."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    name: Annotated[str, Field(pattern=f"^{BOARD_NAME}$")]
    """What you call the channel."""

    kind: ChatKind
    """Whose chat it is in; json is a server of your own."""

    url_env: _Variable | None = None
    """The environment variable that holds the robot's address."""

    url_file: (
        Annotated[str, Field(min_length=1, max_length=4_096), AfterValidator(_file)] | None
    ) = None
    """The file that holds it instead; nobody else may read it (mode 0600)."""

    secret_env: _Variable | None = None
    """The environment variable that holds the secret of the robot's signature."""

    on: Annotated[list[Annotated[str, AfterValidator(_known_trigger)]], Field(min_length=1)] = list(
        _USUAL
    )
    """What the channel is told of."""

    lang: Annotated[str, Field(pattern="^(en|zh|zh_CN)$")] | None = None
    """The language of its messages; else yours."""

    mention: Annotated[
        list[Annotated[str, Field(pattern=_MENTION)]], BeforeValidator(_several)
    ] = []
    """Whom each message mentions, by the chat's own ids; @all is everybody."""

    proxy: Annotated[str, Field(pattern=_PROXY)] | None = None
    """The HTTP proxy to go through; the environment's is not used."""

    @model_validator(mode="after")
    def _has_one_key(self) -> Self:
        if (self.url_env is None) == (self.url_file is None):
            raise PydanticCustomError("one_address", "either url_env or url_file is needed")
        if self.secret_env is not None and self.kind not in SIGNING:
            raise PydanticCustomError("no_signature", "such a robot takes no signature")
        return self

    @property
    def wants_digest(self) -> bool:
        """Whether it is told how each week was."""
        return DIGEST in self.on

    def wants(self, kind: NoticeKind, severity: Severity) -> bool:
        """Whether it is told of something that happened to a pitfall of a severity."""
        return kind.value in self.on or f"{kind}:{severity}" in self.on


def with_names_of_their_own(channels: list[ChatChannel]) -> list[ChatChannel]:
    """The channels of the settings.

    Raises:
        PydanticCustomError: if two have one name.
    """
    if len({one.name for one in channels}) < len(channels):
        raise PydanticCustomError("same_name", "two have the same name")
    return channels


# What robots take


#: The bytes of one message; those of WeCom with a mention are plain text.
_BYTES: Final = {
    ChatKind.WECOM: 4_096,
    ChatKind.DINGTALK: 15_000,
    ChatKind.FEISHU: 15_000,
    ChatKind.SLACK: 12_000,
    ChatKind.JSON: 15_000,
}
_WECOM_TEXT: Final = 2_048
_EVERYBODY: Final = "all"
_A_PHONE: Final = 11

#: What a chat may take for a link, a mention, a quotation or emphasis, as signs that look alike.
_LOOK_ALIKE: Final = str.maketrans("<>@[]`*#&\\|~", "＜＞＠［］｀＊＃＆＼｜～")
#: Slack has a spelling for what it would take for more than text.
_SLACK: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "＠"})


class Message(NamedTuple):
    """A message to a chat: a heading, lines of which the last ones may be left out, an end.

    ``data`` is what a robot of the kind ``json`` gets beside the text.
    """

    heading: str
    lines: Sequence[str]
    end: str = ""
    data: Mapping[str, Any] = {}


class SendState(Enum):
    """What came of sending a message."""

    SENT = "sent"
    UNREACHABLE = "unreachable"
    LIMITED = "limited"
    BAD_KEY = "bad-key"
    REFUSED = "refused"


class SendResult(NamedTuple):
    """What came of sending, why, and what the robot calls that."""

    state: SendState
    why: str = ""
    code: str = ""
    said: str = ""


def plain(kind: ChatKind, text: str) -> str:
    """Text of the record in one line, in which a chat sees neither a mention nor a link."""
    shown = sanitize(text)
    if kind is ChatKind.JSON:
        return shown
    return shown.translate(_SLACK if kind is ChatKind.SLACK else _LOOK_ALIKE)


def fitted(message: Message, room: int) -> str:
    """A message within so many bytes of UTF-8: whole lines, and never a part of a character."""
    heading = _within(message.heading, room)
    end = f"\n{message.end}" if message.end else ""
    room -= len(heading.encode()) + len(end.encode())
    if room < 0:
        return heading
    kept: list[str] = []
    for place, line in enumerate(message.lines):
        left = len(message.lines) - place
        more = f"\n… +{left}"
        size = len(line.encode()) + 1
        # What is left out has to be said, unless this is the last one.
        if size + (len(more.encode()) if left > 1 else 0) > room:
            kept.append(more if len(more.encode()) <= room else "")
            break
        kept.append(f"\n{line}")
        room -= size
    return f"{heading}{''.join(kept)}{end}"


def _within(text: str, room: int) -> str:
    """A text cut to so many bytes, with a mark where it was."""
    data = text.encode()
    if len(data) <= room:
        return text
    mark = "…"
    left = room - len(mark.encode())
    return "" if left < 0 else data[:left].decode(errors="ignore") + mark


def payload(channel: ChatChannel, message: Message) -> dict[str, Any]:
    """What a robot is sent, before it is signed."""
    mentioned = [one.removeprefix("@") for one in channel.mention]
    text = fitted(
        message,
        _WECOM_TEXT
        if channel.kind is ChatKind.WECOM and mentioned
        else _BYTES[channel.kind] - _room_for(channel.kind, mentioned),
    )
    match channel.kind:
        case ChatKind.WECOM if mentioned:
            return {
                "msgtype": "text",
                "text": {
                    "content": text,
                    "mentioned_list": [
                        "@all" if one == _EVERYBODY else one
                        for one in mentioned
                        if not _is_phone(one)
                    ],
                    "mentioned_mobile_list": [*filter(_is_phone, mentioned)],
                },
            }
        case ChatKind.WECOM:
            return {"msgtype": "markdown", "markdown": {"content": text}}
        case ChatKind.DINGTALK:
            people = [one for one in mentioned if one != _EVERYBODY]
            return {
                "msgtype": "text",
                "text": {"content": text},
                "at": {
                    "atMobiles": [*filter(_is_phone, people)],
                    "atUserIds": [one for one in people if not _is_phone(one)],
                    "isAtAll": _EVERYBODY in mentioned,
                },
            }
        case ChatKind.FEISHU:
            return {
                "msg_type": "text",
                "content": {"text": _marks(channel.kind, mentioned) + text},
            }
        case ChatKind.SLACK:
            return {
                "text": _marks(channel.kind, mentioned) + text,
                "mrkdwn": False,
                "unfurl_links": False,
            }
        case ChatKind.JSON:
            return {"text": text, "mention": mentioned, **message.data}


def _is_phone(name: str) -> bool:
    return name.lstrip("+").isdigit() and len(name) >= _A_PHONE


def _room_for(kind: ChatKind, mentioned: Sequence[str]) -> int:
    return len(_marks(kind, mentioned).encode())


def _marks(kind: ChatKind, mentioned: Sequence[str]) -> str:
    """The mentions of the settings, as a chat reads them in its text."""
    if kind is ChatKind.FEISHU:
        marks = [f'<at user_id="{one}"></at>' for one in mentioned]
    elif kind is ChatKind.SLACK:
        groups = {_EVERYBODY: "<!channel>", "channel": "<!channel>", "here": "<!here>"}
        marks = [groups.get(one, f"<@{one}>") for one in mentioned]
    else:
        return ""
    return f"{' '.join(marks)} " if marks else ""


# What the robots say


#: More bytes than this are no answer.
LARGEST_ANSWER: Final = 64 * 1024
#: Codes by which each says that it gets too much, and that the address, the signature, the sender
#: or a word that it asks for is wrong.
_TOO_MANY: Final = {
    ChatKind.WECOM: (45009, 45033),
    ChatKind.DINGTALK: (130101, 410100, 90018),
    ChatKind.FEISHU: (11232, 11247),
}
_BAD_KEY: Final = {
    ChatKind.WECOM: (93000, 93004, 93008, 93017, 40058),
    ChatKind.DINGTALK: (300001, 300005, 310000, 40014),
    ChatKind.FEISHU: (19001, 19021, 19022, 19024),
}
#: The robot itself is busy.
_LATER: Final = (-1,)
_WRONG_ADDRESS: Final = (401, 403, 404, 405, 410)


def judged(kind: ChatKind, status: int, answer: bytes) -> SendResult:
    """What an answer means.

    Args:
        kind: of the robot.
        status: of HTTP.
        answer: its body.
    """
    code = f"HTTP {status}"
    if status >= 500 or status == 408:
        return SendResult(SendState.UNREACHABLE, N_("its server has a fault"), code)
    if status == 429:
        return SendResult(SendState.LIMITED, N_("it gets too many messages"), code)
    if 300 <= status < 400:
        return SendResult(SendState.REFUSED, N_("it wants to redirect, which is not done"), code)
    if status in _WRONG_ADDRESS:
        return SendResult(SendState.BAD_KEY, N_("it does not know this address"), code)
    if status != 200:
        return SendResult(SendState.REFUSED, N_("it refuses the message"), code)
    if len(answer) > LARGEST_ANSWER:
        return SendResult(SendState.REFUSED, N_("its answer is too long to be one"))
    if kind is ChatKind.SLACK:
        if answer.strip() == b"ok":
            return SendResult(SendState.SENT)
        return SendResult(SendState.REFUSED, N_("it does not say that it has the message"))
    try:
        held = json.loads(answer)
    except (ValueError, RecursionError):
        held = None
    names = ("errcode", "code", "StatusCode")
    codes = [held[name] for name in names if name in held] if isinstance(held, dict) else []
    if not codes or not all(type(one) is int for one in codes):
        return SendResult(SendState.REFUSED, N_("it does not say that it has the message"))
    wrong = next((one for one in codes if one != 0), 0)
    if not wrong:
        return SendResult(SendState.SENT)
    said = str(held.get("errmsg") or held.get("msg") or held.get("StatusMessage") or "")
    if wrong in _TOO_MANY.get(kind, ()):
        return SendResult(SendState.LIMITED, N_("it gets too many messages"), str(wrong), said)
    if wrong in _BAD_KEY.get(kind, ()):
        return SendResult(
            SendState.BAD_KEY,
            N_("it refuses the address, the signature or the sender"),
            str(wrong),
            said,
        )
    if wrong in _LATER:
        return SendResult(SendState.UNREACHABLE, N_("it is busy"), str(wrong), said)
    return SendResult(SendState.REFUSED, N_("it refuses the message"), str(wrong), said)
