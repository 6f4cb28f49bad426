"""The addresses that a board can be shared through: https, ssh or a folder."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from storage.errors import N_, Refused
from storage.text.sanitize import first_hostile

_LONGEST: Final = 2_000

#: ``user@host:path``, as git writes ssh addresses; one letter before the colon is a drive.
_SCP_LIKE: Final = re.compile(r"(?P<host>(?:[^@:/\\]+@)?[^@:/\\]{2,}):(?!/{2})(?P<path>.+)")

_OPTION: Final = N_("No part of an address may begin with a dash: it could be taken for an option.")


class Transport(StrEnum):
    """How git reaches a remote."""

    HTTPS = "https"
    SSH = "ssh"
    FILE = "file"


class Address(NamedTuple):
    """A remote's address as git takes it, and how git reaches it."""

    url: str
    transport: Transport


def address(text: str) -> Address:
    """The address of a remote, checked.

    Other transports are refused: of those that git knows, ``ext::`` runs what it names, and
    ``git://`` and ``http://`` tell everybody on the way what is on the board.

    Args:
        text: an https or ssh address, ``user@host:path``, ``file://`` or the path of a folder.

    Raises:
        Refused: if it is none of these, or holds a password, a sign that can't be seen, or
            a part that could be taken for an option.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        raise _no_address(text[:80])
    if (hostile := first_hostile(text, lines=False)) is not None:
        raise Refused(N_("The address holds {sign}, which can't be kept."), sign=hostile[1])
    if text.startswith("-"):
        raise Refused(_OPTION)
    scheme, separator, _ = text.partition("://")
    if separator:
        return _of_scheme(text, scheme.casefold())
    if "::" in text.partition("/")[0]:
        raise _refused_transport(text.partition("::")[0])
    if found := _SCP_LIKE.fullmatch(text):
        return _over_ssh(text, found["host"], found["path"])
    return Address(str(Path(text).expanduser().absolute()), Transport.FILE)


def _of_scheme(text: str, scheme: str) -> Address:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise _no_address(text) from error
    if parts.password is not None:
        raise Refused(
            N_("The address holds a password, and everybody who reads this file would see it."),
            N_("Leave it out: git asks your credential helper, as for every other remote."),
        )
    match scheme:
        case "https" if host:
            return Address(text, Transport.HTTPS)
        case "ssh" if host:
            return _over_ssh(text, parts.netloc, parts.path.lstrip("/"))
        case "file" if host in ("", "localhost") and parts.path:
            return Address(str(Path(unquote(parts.path)).absolute()), Transport.FILE)
        case "https" | "ssh" | "file":
            raise _no_address(text)
        case _:
            raise _refused_transport(scheme)


def _over_ssh(text: str, host: str, path: str) -> Address:
    if any(part.startswith("-") for part in (host, host.rpartition("@")[2], path)):
        raise Refused(_OPTION)
    return Address(text, Transport.SSH)


def _no_address(text: str) -> Refused:
    return Refused(
        N_("“{value}” is not an address that a board can be shared through."),
        N_(
            "Name a git remote: https://host/team/board.git, git@host:team/board.git,"
            " or a bare folder: /mnt/team/board.git."
        ),
        value=text,
    )


def _refused_transport(name: str) -> Refused:
    return Refused(
        N_("A board is not shared over {transport}."),
        N_("Use https, ssh, or the path of a bare folder."),
        transport=name,
    )
