"""The fixed words of the record, spelled as they are stored and typed."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a pitfall stands: these three and no other."""

    OPEN = "open"
    WORKAROUND = "workaround"
    FIXED_UPSTREAM = "fixed upstream"


class Kind(StrEnum):
    """What sort of pit it is."""

    BUG = "bug"
    DOCS = "docs"
    LIMIT = "limit"
    QUIRK = "quirk"
    TOOLING = "tooling"


class Severity(StrEnum):
    """S1 blocks a release, S2 breaks a feature, S3 annoys, S4 is cosmetic."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class Triage(StrEnum):
    """What was decided about a pitfall's place on the board."""

    SETTLED = "settled"
    INBOX = "inbox"
    SNOOZED = "snoozed"
    DECLINED = "declined"
    DUPLICATE = "duplicate"


class InboxReason(StrEnum):
    """Why a pitfall waits for a decision."""

    NEW = "new"
    IMPORTED = "imported"
    UNMATCHED = "unmatched"
    RETURNED = "returned"
    WOKEN = "woken"
    REGRESSED = "regressed"
    NEEDS_VERSION = "needs-version"


class DeclineReason(StrEnum):
    """Why a pitfall was declined."""

    BY_DESIGN = "by-design"
    NOT_REPRODUCIBLE = "not-reproducible"
    NOT_OURS = "not-ours"


class Outcome(StrEnum):
    """Whether an occurrence showed the pitfall."""

    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not-reproduced"


class Host(StrEnum):
    """The app that hosts the mini-program."""

    WECOM = "wecom"
    WECHAT = "wechat"


class Platform(StrEnum):
    """The system that the host app runs on; devtools is the vendor's simulator."""

    ANDROID = "android"
    IOS = "ios"
    WINDOWS = "windows"
    MACOS = "macos"
    HARMONY = "harmony"
    DEVTOOLS = "devtools"


class Channel(StrEnum):
    """The way by which a build reached the person who ran it."""

    DEVTOOLS = "devtools"
    PREVIEW = "preview"
    TRIAL_INVITED = "trial-invited"
    TRIAL_QR = "trial-qr"
    RELEASE = "release"


class Across(StrEnum):
    """What environments are told apart by, beside app and platform."""

    CHANNEL = "channel"
    LIBRARY = "library"
    CLIENT = "client"


class CellState(StrEnum):
    """What is known of one kind of environment; of one without evidence, nothing is."""

    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not-reproduced"
    STALE = "stale"


class Axis(StrEnum):
    """Along which the vendor resolved a pitfall."""

    CLIENT = "client"
    LIBRARY = "library"
    SERVER = "server"
    DEVTOOLS = "devtools"
    DOCUMENT = "document"
    LIMIT = "limit"


class FixState(StrEnum):
    """What the evidence at or beyond a fix says of it."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    DISPUTED = "disputed"


class Verdict(StrEnum):
    """What an occurrence says, judged against the fixes of its pitfall."""

    REGRESSION = "regression"
    STALE = "stale"
    ROLLING_OUT = "rolling-out"
    NEEDS_VERSION = "needs-version"
    CONFIRMS = "confirms"


class Source(StrEnum):
    """What sort of place a reference points to."""

    COMMUNITY = "community"
    OFFICIAL = "official"
    POST = "post"
    OTHER = "other"


class StatementSort(StrEnum):
    """What it is that somebody said of a pitfall in the vendor's stead."""

    ACKNOWLEDGED = "acknowledged"
    WILL_FIX = "will-fix"
    FIXED = "fixed"
    BY_DESIGN = "by-design"
    DOCUMENT_CHANGED = "document-changed"


class Upstream(StrEnum):
    """How a pitfall stands with the vendor, whatever its own status is."""

    UNREPORTED = "unreported"
    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    CLAIMED_FIXED = "claimed-fixed"
    DECLINED = "declined"


class SignatureForm(StrEnum):
    """How a signature's text is to be read."""

    LITERAL = "literal"
    GLOB = "glob"
    PATTERN = "pattern"


class NoteSort(StrEnum):
    """What sort of thing a team notes when it looks back."""

    NOTE = "note"
    DECISION = "decision"
    FOLLOW_UP = "follow-up"


class HistorySort(StrEnum):
    """What sort of change a line of the history tells of."""

    VALUES = "values"
    STATUS = "status"
    SIGHTINGS = "sightings"
    REFERENCES = "references"
    ATTACHMENTS = "attachments"
    FIXES = "fixes"
    COMMENTS = "comments"
    TRIAGE = "triage"
    TAKEN_BACK = "taken-back"


class AttachmentSort(StrEnum):
    """What sort of file an attachment is, as people tell them apart."""

    IMAGE = "image"
    TEXT = "text"
    OTHER = "other"


class SpanSort(StrEnum):
    """What became of a stretch of text when another text took its place."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"
