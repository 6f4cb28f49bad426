"""A catalogue that somebody keeps in a repository, for tests."""

from __future__ import annotations

from pathlib import Path

from storage.events.catalogue import MANIFEST
from tests.teams import git

ABOUT = """
uuid = "5a1c0c9e-6b0b-4d55-8a53-3f6a6c7f2a11"
name = "community"
licence = "CC-BY-4.0"
schema = 1
"""

ENTRY = """
day = 2026-01-02
tags = ["login"]
signatures = [{ text = "qy.login:fail" }]

[report]
kind = "bug"
severity = "S3"
component = "wx.qy.login"
title = "Login fails"
"""

FIX = '\n[[fixes]]\naxis = "client"\nfrom_version = "4.1.8"\n'
GONE = '\n[withdrawn]\nbecause = "by-design"\nreason = "It is documented now"\n'


class Upstream:
    """The repository of somebody who keeps a catalogue."""

    def __init__(self, room: Path) -> None:
        self.folder = room / "upstream"
        (self.folder / "entries").mkdir(parents=True)
        git(self.folder, "init", "--quiet", "--initial-branch=main")
        self.write(MANIFEST, ABOUT)

    def write(self, name: str, text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / name).write_bytes(data)

    def entry(self, number: int, text: str, slug: str = "login") -> None:
        self.write(f"entries/{number:04}-{slug}.toml", text)

    def commit(self, message: str = "change") -> str:
        git(self.folder, "add", "--all")
        git(
            self.folder,
            *("-c", "user.name=Keeper", "-c", "user.email=k@a.example"),
            *("commit", "--quiet", "--allow-empty", "--message", message),
        )
        return git(self.folder, "rev-parse", "HEAD").strip()
