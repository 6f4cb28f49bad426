"""What can go wrong between a board and its remote, in words that say what to do next."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from storage.errors import N_, NotShared, PitboardError
from storage.model.fields import NamedTuple


class GitErrorKind(StrEnum):
    """What kept a board from being shared; kept with the board until it works again."""

    NO_GIT = "no-git"
    OFFLINE = "offline"
    TIMED_OUT = "timed-out"
    NO_PERMISSION = "no-permission"
    READ_ONLY = "read-only"
    HOST_UNKNOWN = "host-unknown"
    HOST_CHANGED = "host-changed"
    CERTIFICATE = "certificate"
    MOVED = "moved"
    NOTHING_THERE = "nothing-there"
    NOT_PITBOARD = "not-pitboard"
    NOT_OURS = "not-ours"
    DAMAGED = "damaged"
    FULL = "full"
    BUSY = "busy"
    BLOCKED = "blocked"
    TOO_LARGE = "too-large"
    STOPPED = "stopped"
    OTHER = "other"


class _Words(NamedTuple):
    message: str
    advice: str


WORDS: Final[dict[GitErrorKind, _Words]] = {
    GitErrorKind.NO_GIT: _Words(
        N_("Sharing needs the git command, and there is none here."),
        N_("Install git, then sync again."),
    ),
    GitErrorKind.OFFLINE: _Words(
        N_("{url} can't be reached."),
        N_("Check the network, the proxy and the host's name; what is new here waits."),
    ),
    GitErrorKind.TIMED_OUT: _Words(
        N_("{url} did not answer in time."), N_("What is new here waits; sync again later.")
    ),
    GitErrorKind.NO_PERMISSION: _Words(
        N_("Access denied: {url}"),
        N_("Check that “git ls-remote” works there: your key, your account, your rights."),
    ),
    GitErrorKind.READ_ONLY: _Words(
        N_("You may read {url} but not write to it."),
        N_("What others wrote came in. Ask its owner for the right to push."),
    ),
    GitErrorKind.HOST_UNKNOWN: _Words(
        N_("The host key of {url} is not known on this machine."),
        N_("Connect once with ssh, compare the key with the one its owner gives, and accept it."),
    ),
    GitErrorKind.HOST_CHANGED: _Words(
        N_("The host key of {url} is another one than before."),
        N_("Somebody may be in between. Ask the host's owner before you accept the new key."),
    ),
    GitErrorKind.CERTIFICATE: _Words(
        N_("The certificate of {url} can't be trusted."),
        N_("Check the clock, the address, and the certificates that git knows (http.sslCAInfo)."),
    ),
    GitErrorKind.MOVED: _Words(
        N_("{url} sends one on to another address, which is not followed."),
        N_("Share through the address where it ends; mostly that is the same one with “.git”."),
    ),
    GitErrorKind.NOTHING_THERE: _Words(
        N_("There is no git repository at {url}."),
        N_("Check the address. A bare folder is made by “pitboard share PATH --create”."),
    ),
    GitErrorKind.NOT_PITBOARD: _Words(
        N_("What lies at {url} under the name of a board was not written by Pitboard."),
        N_("Share through another repository, or have its refs/pitboard removed."),
    ),
    GitErrorKind.NOT_OURS: _Words(
        N_("git does not trust {url}: the folder belongs to somebody else."),
        N_("If you trust it: git config --global --add safe.directory {url}"),
    ),
    GitErrorKind.DAMAGED: _Words(
        N_("The repository at {url} is damaged."),
        N_("Run “git fsck” there. Whatever this board holds stays, and is sent again."),
    ),
    GitErrorKind.FULL: _Words(
        N_("The disk is full, here or at {url}."), N_("Free some space and sync again.")
    ),
    GitErrorKind.BUSY: _Words(
        N_("Another sync of this board is under way, or others were faster each time."),
        N_("Sync again in a moment."),
    ),
    GitErrorKind.BLOCKED: _Words(
        N_("The ref {details} on the remote leaves no room for this board's journal."),
        N_("Take it away with: git push {url} --delete {details}"),
    ),
    GitErrorKind.TOO_LARGE: _Words(
        N_("What lies at {url} is larger than any board: {details}"),
        N_("Find what was pushed there with “git ls-remote”, and delete its ref."),
    ),
    GitErrorKind.STOPPED: _Words(
        N_("The sync was stopped."), N_("What came in stays; the next one goes on from there.")
    ),
    GitErrorKind.OTHER: _Words(
        N_("git could not do it: {details}"), N_("What is new here waits; sync again later.")
    ),
}

#: What to do where nothing of this board waits to be sent.
_OF_CATALOGUE: Final[dict[GitErrorKind, str]] = {
    GitErrorKind.OFFLINE: N_("Check the network, the proxy and the host's name."),
    GitErrorKind.TIMED_OUT: N_("Try again later."),
    GitErrorKind.MOVED: N_(
        "Name the address where it ends; mostly that is the same one with “.git”."
    ),
    GitErrorKind.NOTHING_THERE: N_("Check the address, or ask who keeps the catalogue."),
    GitErrorKind.OTHER: N_("Try again later."),
}


class SharingFailed(NotShared):
    """A board could not be shared; nothing of it is lost, here or there.

    Args:
        kind: what it was.
        url: the remote.
        details: what git said of it, from elsewhere and to be shown harmlessly.
        is_catalogue: whether the remote is a catalogue, which is only read.
    """

    def __init__(
        self, kind: GitErrorKind, url: str = "", details: str = "", *, is_catalogue: bool = False
    ) -> None:
        self.kind = kind
        self.url = url
        self.details = details
        words = WORDS[kind]
        advice = _OF_CATALOGUE.get(kind, words.advice) if is_catalogue else words.advice
        super().__init__(words.message, advice, url=url, details=details or "–")


class LimitExceeded(PitboardError):
    """A journal is larger or deeper than any that Pitboard writes.

    The message names the ``actor`` or the ``ref``, which whoever catches it may know better.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, "", **({"actor": "–", "ref": "–"} | values))


# What git and ssh say in English, the first that fits. Git's own words, not a host's, come first.
_MESSAGES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"attempting to allocate \d+ over limit", GitErrorKind.TOO_LARGE),
        (r"REMOTE HOST IDENTIFICATION HAS CHANGED", GitErrorKind.HOST_CHANGED),
        (r"host key verification failed|no \S+ host key is known", GitErrorKind.HOST_UNKNOWN),
        (r"dubious ownership", GitErrorKind.NOT_OURS),
        (r"no space left on device|disk quota|quota exceeded|file too large", GitErrorKind.FULL),
        (
            r"could ?n.t resolve|network is unreachable|no route to host|connection refused"
            r"|failed to connect|could not connect|name or service not known|connection reset"
            r"|temporary failure in name resolution|connection closed|broken pipe",
            GitErrorKind.OFFLINE,
        ),
        (r"timed out|operation too slow|too slow", GitErrorKind.TIMED_OUT),
        (r"certificate|ssl peer|gnutls_handshake|self.signed", GitErrorKind.CERTIFICATE),
        (r"unable to update url base from redirection|error: 30\d", GitErrorKind.MOVED),
        (
            r"object file .* is empty|loose object|bad object|corrupt|packfile .* (cannot|is)"
            r"|missing (blob|tree|commit)|unable to (read|parse) (object|tree|[0-9a-f]{40})"
            r"|invalid index-pack output|not our ref|did not send all necessary objects"
            r"|bad (ref|tree|sha1)|unresolved deltas|fsck error|unpack-objects|index-pack failed",
            GitErrorKind.DAMAGED,
        ),
        (
            r"permission denied|could not read (username|password)|authentication failed"
            r"|access denied|403|401|terminal prompts disabled|unauthorized|not authorized",
            GitErrorKind.NO_PERMISSION,
        ),
        (
            r"does not appear to be a git repository|not a git repository|repository .*not found"
            r"|does not exist|not found|404|no such file or directory",
            GitErrorKind.NOTHING_THERE,
        ),
    )
)


def kind_of_failure(stderr: str) -> GitErrorKind:
    """What git's words come to."""
    return next((kind for words, kind in _MESSAGES if words.search(stderr)), GitErrorKind.OTHER)
