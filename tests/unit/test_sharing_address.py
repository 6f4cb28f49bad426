"""Which addresses a board can be shared through."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import Refused
from storage.sharing.git import Transport, address


@pytest.mark.parametrize(
    ("text", "transport"),
    [
        ("https://git.example.com/team/board.git", Transport.HTTPS),
        ("https://ann@git.example.com:8443/team/board.git", Transport.HTTPS),
        ("ssh://git@git.example.com:2222/team/board.git", Transport.SSH),
        ("git@git.example.com:team/board.git", Transport.SSH),
        ("git.example.com:/srv/board.git", Transport.SSH),
    ],
)
def test_what_git_reaches_stays_as_it_is_written(text: str, transport: Transport) -> None:
    assert address(f" {text} ") == (text, transport)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/mnt/team/board.git", "/mnt/team/board.git"),
        ("file:///mnt/our%20team/board.git", "/mnt/our team/board.git"),
        ("file://localhost/mnt/board.git", "/mnt/board.git"),
        ("~/board.git", "~/board.git"),
        ("board.git", "board.git"),
        ("./a:b/board.git", "a:b/board.git"),
    ],
)
def test_a_folder_is_named_from_the_root(text: str, path: str) -> None:
    assert address(text) == (str(Path(path).expanduser().absolute()), Transport.FILE)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://git.example.com/board.git", "not shared over http"),
        ("git://git.example.com/board.git", "not shared over git"),
        ("ext::sh -c 'touch owned'", "not shared over ext"),
        ("ext::sh -c touch% /tmp/owned", "not shared over ext"),
        ("fd::17/board", "not shared over fd"),
        ("ftp://git.example.com/board.git", "not shared over ftp"),
        ("https://ann:secret@git.example.com/board.git", "holds a password"),
        ("ssh://ann:secret@git.example.com/board.git", "holds a password"),
        ("-oProxyCommand=touch owned", "dash"),
        ("--upload-pack=touch owned", "dash"),
        ("ssh://-oProxyCommand=touch/board.git", "dash"),
        ("ssh://git@-oProxyCommand=touch/board.git", "dash"),
        ("-oProxyCommand=touch:board.git", "dash"),
        ("git.example.com:-board.git", "dash"),
        ("ssh://git.example.com/-board.git", "dash"),
        ("https:///board.git", "not an address"),
        ("https://git.example.com:port/board.git", "not an address"),
        ("file://fileserver/board.git", "not an address"),
        ("", "not an address"),
        ("x" * 3_000, "not an address"),
        ("https://git.example.com/\x1b[2Jboard.git", "can't be kept"),
        ("https://git.example.com/\nboard.git", "can't be kept"),
        ("https://git.example.com/\u202eboard.git", "can't be kept"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        address(text)
