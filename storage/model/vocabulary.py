"""The fixed words of the record, spelled as they are stored and typed.

A word is declared once, with its label for people (translated where it is shown) and the
other ways in which people type it, in both languages. Marks and colours are the business of
what shows it.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final, Protocol
from urllib.parse import urlsplit

from storage.errors import NP_
from storage.model.fields import Word


class Outcome(Word):
    """Whether an occurrence showed the pitfall."""

    REPRODUCED = "reproduced", NP_("Outcome", "reproduced"), "已复现 复现"
    NOT_REPRODUCED = "not-reproduced", NP_("Outcome", "not reproduced"), "未复现"


class Host(Word):
    """The app that hosts the mini-program."""

    WECOM = "wecom", NP_("Host", "WeCom"), "企业微信"
    WECHAT = "wechat", NP_("Host", "WeChat"), "微信"


class Platform(Word):
    """The system that the host app runs on; devtools is the vendor's simulator."""

    ANDROID = "android", "Android", "安卓"
    IOS = "ios", "iOS", "苹果"
    WINDOWS = "windows", "Windows"
    MACOS = "macos", "macOS", "mac"
    HARMONY = "harmony", NP_("Platform", "HarmonyOS"), "鸿蒙 harmonyos"
    DEVTOOLS = "devtools", NP_("Platform", "devtools"), "开发者工具"


class Channel(Word):
    """The way by which a build reached the person who ran it."""

    DEVTOOLS = "devtools", NP_("Channel", "devtools"), "开发者工具"
    PREVIEW = "preview", NP_("Channel", "preview"), "预览"
    TRIAL_INVITED = "trial-invited", NP_("Channel", "trial by invitation"), "邀请体验版"
    TRIAL_QR = "trial-qr", NP_("Channel", "trial by QR code"), "扫码体验版"
    RELEASE = "release", NP_("Channel", "release"), "正式版"


class NetworkType(Word):
    """What connected the device, in the words of ``wx.getNetworkType``."""

    WIFI = "wifi", "Wi-Fi", "wi-fi wlan 无线"
    FIVE_G = "5g", "5G"
    FOUR_G = "4g", "4G"
    THREE_G = "3g", "3G"
    NONE = "none", NP_("NetworkType", "none"), "无网络 断网 offline"
    UNKNOWN = "unknown", NP_("NetworkType", "unknown"), "未知"


class Across(Word):
    """What environments are told apart by, beside app and platform."""

    CHANNEL = "channel", NP_("Across", "channel")
    LIBRARY = "library", NP_("Across", "base library")
    CLIENT = "client", NP_("Across", "app version")


class CellState(Word):
    """What is known of one kind of environment; of one without evidence, nothing is."""

    REPRODUCED = "reproduced", NP_("CellState", "reproduced")
    NOT_REPRODUCED = "not-reproduced", NP_("CellState", "not reproduced")
    STALE = "stale", NP_("CellState", "stale")


class Axis(Word):
    """Along which the vendor resolved a pitfall."""

    CLIENT = "client", NP_("Axis", "client release"), "应用版本 客户端"
    LIBRARY = "library", NP_("Axis", "base library"), "基础库"
    SERVER = "server", NP_("Axis", "server side"), "服务端"
    DEVTOOLS = "devtools", NP_("Axis", "devtools"), "开发者工具"
    DOCUMENT = "document", NP_("Axis", "document"), "文档"
    LIMIT = "limit", NP_("Axis", "limit lifted"), "解除限制 限制"


class FixState(Word):
    """What the evidence at or beyond a fix says of it."""

    CLAIMED = "claimed", NP_("FixState", "claimed"), "待验证"
    VERIFIED = "verified", NP_("FixState", "verified"), "已验证"
    DISPUTED = "disputed", NP_("FixState", "disputed"), "有争议"


class Verdict(Word):
    """What an occurrence says, judged against the fixes of its pitfall."""

    REGRESSION = "regression", NP_("Verdict", "regression"), "回归"
    STALE = "stale", NP_("Verdict", "stale"), "旧版本 stale-client"
    ROLLING_OUT = "rolling-out", NP_("Verdict", "rolling out"), "灰度中"
    NEEDS_VERSION = "needs-version", NP_("Verdict", "needs version"), "缺版本"
    CONFIRMS = "confirms", NP_("Verdict", "confirms the fix"), "已确认"


class Source(Word):
    """What sort of place a reference points to."""

    COMMUNITY = "community", NP_("Source", "community thread"), "社区帖子 社区"
    OFFICIAL = "official", NP_("Source", "official document"), "官方文档"
    POST = "post", NP_("Source", "post"), "文章"
    OTHER = "other", NP_("Source", "link"), "链接 其他"


class VendorReplyKind(Word):
    """What it is that somebody said of a pitfall in the vendor's stead."""

    ACKNOWLEDGED = "acknowledged", NP_("VendorReplyKind", "acknowledged"), "已确认"
    WILL_FIX = "will-fix", NP_("VendorReplyKind", "will fix"), "将修复"
    FIXED = "fixed", NP_("VendorReplyKind", "fixed"), "已修复"
    BY_DESIGN = "by-design", NP_("VendorReplyKind", "by design"), "设计如此"
    DOCUMENT_CHANGED = "document-changed", NP_("VendorReplyKind", "document changed"), "文档已更新"


class WatchOutcome(Word):
    """What a look at a linked page came to."""

    SAME = "same", NP_("WatchOutcome", "same")
    CHANGED = "changed", NP_("WatchOutcome", "changed")
    GONE = "gone", NP_("WatchOutcome", "gone")
    LOGIN = "login", NP_("WatchOutcome", "wants a login")
    UNREADABLE = "unreadable", NP_("WatchOutcome", "unreadable")
    REFUSED = "refused", NP_("WatchOutcome", "refused")
    OFFLINE = "offline", NP_("WatchOutcome", "offline")


class Upstream(Word):
    """How a pitfall stands with the vendor, whatever its own status is."""

    UNREPORTED = "unreported", NP_("Upstream", "unreported"), "未反馈"
    REPORTED = "reported", NP_("Upstream", "reported"), "已反馈"
    ACKNOWLEDGED = "acknowledged", NP_("Upstream", "acknowledged"), "已确认"
    CLAIMED_FIXED = "claimed-fixed", NP_("Upstream", "claimed fixed"), "称已修复 claimed"
    DECLINED = "declined", NP_("Upstream", "declined"), "已拒绝"


class SignatureForm(Word):
    """How a signature's text is to be read."""

    LITERAL = "literal", NP_("SignatureForm", "literal text"), "原文"
    GLOB = "glob", NP_("SignatureForm", "text with *"), "通配"
    PATTERN = "pattern", NP_("SignatureForm", "regular expression"), "正则 正则表达式"


class NoteKind(Word):
    """What sort of thing a team notes when it looks back."""

    NOTE = "note", NP_("NoteKind", "note"), "备注"
    DECISION = "decision", NP_("NoteKind", "decision"), "决定"
    FOLLOW_UP = "follow-up", NP_("NoteKind", "follow-up"), "待办"


class HistoryCategory(Word):
    """What sort of change a line of the history tells of."""

    VALUES = "values", NP_("HistoryCategory", "values"), "字段"
    STATUS = "status", NP_("HistoryCategory", "status"), "状态"
    OCCURRENCES = "occurrences", NP_("HistoryCategory", "occurrences"), "出现记录"
    REFERENCES = "references", NP_("HistoryCategory", "references"), "参考 官方回复"
    ATTACHMENTS = "attachments", NP_("HistoryCategory", "attachments"), "附件"
    FIXES = "fixes", NP_("HistoryCategory", "fixes"), "官方修复"
    COMMENTS = "comments", NP_("HistoryCategory", "comments"), "评论"
    TRIAGE = "triage", NP_("HistoryCategory", "triage"), "分诊"
    TAKEN_BACK = "taken-back", NP_("HistoryCategory", "undone"), "已撤销"


class NoticeKind(Word):
    """What happened on a board that a team may want to read in its chat."""

    NEW = "new", NP_("NoticeKind", "new pitfall")
    REGRESSION = "regression", NP_("NoticeKind", "regression")
    VENDOR_REPLY = "vendor-reply", NP_("NoticeKind", "vendor reply")
    FIX_VERIFIED = "fix-verified", NP_("NoticeKind", "fix verified")
    FIX_DISPUTED = "fix-disputed", NP_("NoticeKind", "fix disputed")


class AttachmentKind(Word):
    """What sort of file an attachment is, as people tell them apart."""

    IMAGE = "image", NP_("AttachmentKind", "image")
    TEXT = "text", NP_("AttachmentKind", "text")
    OTHER = "other", NP_("AttachmentKind", "other file")


class CatalogueTag(Word):
    """A tag of the built-in catalogue: the record holds it in English, people read it in theirs."""

    ALBUM = "album", NP_("CatalogueTag", "album"), "相册"
    CALLBACK = "callback", NP_("CatalogueTag", "callback"), "回调"
    COMPANY = "company", NP_("CatalogueTag", "company"), "企业"
    CUSTOMER = "customer", NP_("CatalogueTag", "customer"), "客户"
    DEVTOOLS = "devtools", NP_("CatalogueTag", "devtools"), "开发者工具"
    DOCUMENTATION = "documentation", NP_("CatalogueTag", "documentation"), "文档"
    ERROR_MESSAGE = "error-message", NP_("CatalogueTag", "error-message"), "报错信息"
    IMAGE = "image", NP_("CatalogueTag", "image"), "图片"
    INPUT = "input", NP_("CatalogueTag", "input"), "输入"
    INVITATION = "invitation", NP_("CatalogueTag", "invitation"), "邀请"
    LOGIN = "login", NP_("CatalogueTag", "login"), "登录"
    MOMENTS = "moments", NP_("CatalogueTag", "moments"), "朋友圈"
    NETWORK = "network", NP_("CatalogueTag", "network"), "网络"
    OUTAGE = "outage", NP_("CatalogueTag", "outage"), "故障"
    PERMISSION = "permission", NP_("CatalogueTag", "permission"), "账号权限"
    POPUP = "popup", NP_("CatalogueTag", "popup"), "弹窗"
    QR_CODE = "qr-code", NP_("CatalogueTag", "qr-code"), "二维码"
    QUOTA = "quota", NP_("CatalogueTag", "quota"), "配额"
    RENDERING = "rendering", NP_("CatalogueTag", "rendering"), "渲染"
    SHARE = "share", NP_("CatalogueTag", "share"), "分享"
    STALE_BUILD = "stale-build", NP_("CatalogueTag", "stale-build"), "旧构建"
    TRIAL_VERSION = "trial-version", NP_("CatalogueTag", "trial-version"), "体验版"


def tags_named(*texts: str) -> list[str]:
    """The tags that a person means, with commas between them as in a query.

    Each is one of the catalogue in any of its spellings, else the text. A tag is shown with ``#``
    before it, and may be typed with it.
    """
    tags = []
    for text in texts:
        for one in re.split("[,，、]", text):
            if text.strip() and not one.strip():
                continue
            bare = one.strip().lstrip("#＃") or one
            tags.append(CatalogueTag.spelled(bare) or bare)
    return tags


def is_web_address(url: str) -> bool:
    """Whether ``url`` is a web address; others are kept as text and never opened."""
    return url.lower().startswith(("https://", "http://")) and not any(c.isspace() for c in url)


#: The hosts on which the vendor writes, the first one with its community too.
VENDOR_HOSTS: Final = ("developers.weixin.qq.com", "developer.work.weixin.qq.com")


def source_of(url: str) -> Source:
    """What sort of place an address is: by its host, which a link elsewhere may well mention."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return Source.OTHER
    if host not in VENDOR_HOSTS:
        return Source.OTHER
    if host == VENDOR_HOSTS[0] and re.match("/+community(/|$)", parts.path):
        return Source.COMMUNITY
    return Source.OFFICIAL


class Quarantine(Word):
    """Why an event is kept and does not count; see ``storage.write.quarantine``."""

    #: Its clock is more than a day ahead of this machine's.
    FUTURE = "future", NP_("Quarantine", "clock ahead"), "时钟超前"
    #: It claims to be of this store, which did not write it.
    NOT_OURS = "not-ours", NP_("Quarantine", "not written here"), "非本地所写"
    #: Somebody passed it on, and the event that it follows is not here.
    UNLINKED = "unlinked", NP_("Quarantine", "broken chain"), "链断开"
    #: Somebody passed it on, and its store wrote another one with that number.
    FORKED = "forked", NP_("Quarantine", "forked chain"), "链分叉"
    #: Its store is ignored here.
    IGNORED = "ignored", NP_("Quarantine", "ignored store"), "已忽略"


# What the bytes of a file are, told by the bytes themselves; a name only refines it


TEXT: Final = "text/plain"
UNKNOWN: Final = "application/octet-stream"

#: What files of each type begin with.
_SIGNS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
)
#: Of text, the ending of the name says what is in it.
_TEXT_ENDINGS: Final = {
    ".json": "application/json",
    ".har": "application/json",
    ".csv": "text/csv",
    ".md": "text/markdown",
}
#: What no text holds, whatever its encoding; logs colour themselves with escapes.
_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\f\r\x1b"))
#: What a viewer may be given, and the ending by which it knows it. A name from the record
#: never chooses the program.
_VIEWED: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    TEXT: ".txt",
}


def media_of(data: bytes, label: str = "") -> str:
    """The media type of some bytes.

    Args:
        data: all of them.
        label: what the file is called; it is believed only of text.
    """
    for sign, media in _SIGNS:
        if data.startswith(sign):
            return media
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if not _is_text(data):
        return UNKNOWN
    return _TEXT_ENDINGS.get(PurePath(label).suffix.lower(), TEXT)


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        # Logs of older systems are in encodings that can't be told.
        return len(data.translate(None, _CONTROLS)) == len(data)


def attachment_kind(media: str) -> AttachmentKind:
    """What kind of file people call a media type."""
    if media.startswith("image/"):
        return AttachmentKind.IMAGE
    if media.startswith("text/") or media == "application/json":
        return AttachmentKind.TEXT
    return AttachmentKind.OTHER


def ending_to_view(data: bytes) -> str:
    """The ending under which a viewer may be given some bytes; empty if none may."""
    return _VIEWED.get(media_of(data), "")


# What translates them: the record knows no languages of its own, so that whoever asks for a report
# passes a translator in


class Translator(Protocol):
    """Messages in one language, which may differ from the reader's."""

    @property
    def language(self) -> str:
        """A locale name such as ``zh_CN``."""

    def gettext(self, message: str) -> str:
        """``message`` in this language."""

    def pgettext(self, context: str, message: str) -> str:
        """``message``, as it is meant in ``context``, in this language."""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of a counted phrase that ``count`` asks for."""

    def word(self, value: Word) -> str:
        """A value of the vocabulary as people call it."""
