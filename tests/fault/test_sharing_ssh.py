"""Sharing over SSH, with a server of our own on this machine's loopback."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.sync import share, sync
from storage.write.store import Store
from tests.processes import PATIENCE
from tests.records import dump
from tests.teams import git

_SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")

pytestmark = pytest.mark.skipif(
    _SSHD is None or shutil.which("ssh") is None, reason="there is no SSH server on this machine"
)


class Server(NamedTuple):
    """A running SSH server: its port, a folder for repositories, the key that it lets in."""

    port: int
    room: Path
    key: Path
    known_hosts: Path

    def url(self, path: str) -> str:
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{self.room}/{path}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    assert _SSHD is not None
    port, host, key = _free_port(), _key(tmp_path / "host"), _key(tmp_path / "key")
    (tmp_path / "authorized").write_text(key.with_suffix(".pub").read_text())
    Path("/run/sshd").mkdir(exist_ok=True) if getpass.getuser() == "root" else None
    options = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": host,
        "AuthorizedKeysFile": tmp_path / "authorized",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "PermitRootLogin": "yes",
    }
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    process = subprocess.Popen(
        [_SSHD, "-D", "-e", "-f", "/dev/null", *words], stderr=subprocess.DEVNULL
    )
    for _ in range(PATIENCE * 20):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    known_hosts = tmp_path / "known_hosts"
    known_hosts.write_text(f"[127.0.0.1]:{port} {host.with_suffix('.pub').read_text()}")
    monkeypatch.setenv(
        "GIT_SSH_COMMAND",
        f"ssh -F none -i {key} -o IdentitiesOnly=yes -o UserKnownHostsFile={known_hosts}"
        " -o StrictHostKeyChecking=yes",
    )
    yield Server(port, tmp_path, key, known_hosts)
    process.terminate()
    process.wait()


def test_two_boards_in_step_over_ssh(server: Server, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", str(tmp_path / "remote.git"))
    ann, bo = (Store.open(tmp_path / f"{name}.db", who=name) for name in ("Ann", "Bo"))
    pitfall = ann.pitfalls.report("A white picture")
    assert share(ann.session, server.url("remote.git")).sent == 1
    assert share(bo.session, server.url("remote.git")).received == 1
    bo.comments.add(pitfall, "Here, too")
    assert sync(bo.session).sent == 1
    assert sync(ann.session).received == 1
    assert dump(ann.path) == dump(bo.path)
    ann.close()
    bo.close()


def test_what_a_person_is_told(server: Server, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", str(tmp_path / "remote.git"))
    store = Store.open(tmp_path / "board.db")

    def kind(path: str = "remote.git") -> GitErrorKind:
        with pytest.raises(SharingFailed) as failed:
            share(store.session, server.url(path))
        return failed.value.kind

    assert kind("nothing.git") is GitErrorKind.NOTHING_THERE
    (tmp_path / "authorized").write_text("")
    assert kind() is GitErrorKind.NO_PERMISSION
    known = server.known_hosts.read_text()
    server.known_hosts.write_text("")
    assert kind() is GitErrorKind.HOST_UNKNOWN
    other = _key(tmp_path / "other").with_suffix(".pub").read_text()
    server.known_hosts.write_text(f"{known.split(' ')[0]} {other}")
    assert kind() is GitErrorKind.HOST_CHANGED
    store.close()
