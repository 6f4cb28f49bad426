"""The git command, so that credentials and SSH work as for its user, and addresses of remotes.

Nothing that lies in a repository of somebody else's can make it run anything: hooks are off,
the settings of our own repository are written anew before each use, and a folder is asked
through a git that is told to run nothing.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from storage.errors import N_, Refused
from storage.model.fields import NamedTuple
from storage.sharing.git_errors import GitErrorKind, SharingFailed, kind_of_failure
from storage.text.sanitize import first_hostile, without_unseen

#: As much of what git says is kept: the end of it.
_KEPT: Final = 64 * 1024
_CHUNKS: Final = 64
#: How often a running git is asked whether it is to be stopped, in seconds.
_LOOK_EVERY: Final = 0.1
_DONE: Final = re.compile(r"([A-Z][a-z]+ objects|Resolving deltas):\s+\d+% \((\d+)/(\d+)\)")

#: What git takes from the repository that it is called in; ours is named on the command line.
_OF_A_REPOSITORY: Final = re.compile(
    "GIT_(?:ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|CONFIG|CONFIG_COUNT|CONFIG_PARAMETERS|DIR"
    "|GRAFT_FILE|IMPLICIT_WORK_TREE|INDEX_FILE|INTERNAL_SUPER_PREFIX|NAMESPACE|NO_REPLACE_OBJECTS"
    "|OBJECT_DIRECTORY|PREFIX|QUARANTINE_PATH|REPLACE_REF_BASE|SHALLOW_FILE|TEMPLATE_DIR|WORK_TREE)"
)

#: For every git of ours, before what its user has set.
_SETTINGS: Final = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "core.alternateRefsCommand=:",
    "transfer.fsckObjects=true",
    "transfer.bundleURI=false",
    # What arrives is kept as it came, so that its size is that of one file; see Repository.fetch.
    "fetch.unpackLimit=1",
    "gc.bigPackThreshold=32m",
    # Larger files are checked as they stream by, and never held in memory.
    "core.bigFileThreshold=16m",
    # A credential is for the remote that was named, and not for whom that one sends on to.
    "http.followRedirects=false",
    "http.lowSpeedLimit=500",
    "http.lowSpeedTime=60",
    "submodule.recurse=false",
    "push.gpgSign=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
    "push.pushOption=",
    "maintenance.auto=false",
    # What packs beside us would hold locks that the next sync takes for left behind.
    "gc.autoDetach=false",
)

#: A folder is read and written by a git that is started there, under its settings. These go
#: before them; it may speak to no other remote, so that nothing missing is fetched for it.
_IN_A_FOLDER: Final = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "core.alternateRefsCommand=:",
    "core.sshCommand=false",
    "core.gitProxy=false",
    "credential.helper=",
    "receive.autogc=false",
    "receive.fsckObjects=true",
    "gc.auto=0",
    # Team folders belong to whoever made them; what of them could run something is off.
    "safe.directory=*",
)


class Transport(StrEnum):
    """How git reaches a remote."""

    HTTPS = "https"
    SSH = "ssh"
    FILE = "file"


class Address(NamedTuple):
    """A remote's address as git takes it, and how git reaches it."""

    url: str
    transport: Transport


class GitProgress(NamedTuple):
    """How far a long work of git is: ``done`` of ``total``, both 0 before it is known."""

    done: int = 0
    total: int = 0


Going = Callable[[GitProgress], object]


def on_the_way(progress: GitProgress) -> None:
    """Nobody looks at the progress."""


class Git:
    """Runs git on one bare repository of our own.

    Args:
        directory: the repository.
        ask: whether git and ssh may ask the person at the terminal, for a password for instance.
    """

    def __init__(self, directory: Path, *, ask: bool = False) -> None:
        self.directory = directory
        self._ask = ask and sys.stdin.isatty()

    def run(self, *arguments: str, data: bytes | None = None) -> bytes:
        """What git says to ``arguments``, here and without a remote.

        Args:
            arguments: the command and what follows it.
            data: its input.

        Raises:
            SharingFailed: if git fails.
        """
        with self._started(arguments, subprocess.PIPE if data is not None else None) as process:
            output, complaint = process.communicate(data)
        if process.returncode:
            raise self._failed(complaint.decode(errors="replace"))
        return output

    @contextmanager
    def talking(self, *arguments: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """A git that is written to and read from; it has to end well, unless the caller fails.

        Yields: its input and its output.
        """
        with self._started(arguments, subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            complaint: deque[bytes] = deque(maxlen=_CHUNKS)
            listener = threading.Thread(target=_listen, args=(process.stderr, complaint.append))
            listener.start()
            try:
                yield process.stdin, process.stdout
                process.stdin.close()
                ended = process.wait() == 0
            except BrokenPipeError:
                ended = False
            except BaseException:
                process.kill()
                raise
            finally:
                with suppress(BrokenPipeError):
                    process.stdin.close()
                listener.join()
            if not ended:
                raise self._failed(b"".join(complaint).decode(errors="replace"))

    def reach(
        self, remote: Address, command: str, *arguments: str, going: Going = on_the_way
    ) -> tuple[bool, str, str]:
        """Speak with a remote.

        Args:
            remote: its address, which is put before ``arguments`` and after a ``--``.
            command: ``fetch`` or ``push``, with its options.
            arguments: what follows the address.
            going: told how far it is about ten times a second; may raise to stop it.

        Returns: whether it was done, what git put out, and what it said of it.
        """
        words = [*command.split(), *_careful(remote, command), "--", remote.url, *arguments]
        with self._started(words, None) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            out, lines_of_interest = deque[bytes](maxlen=_CHUNKS), deque[bytes](maxlen=_CHUNKS)
            listeners = [
                threading.Thread(target=_listen, args=(process.stdout, out.append)),
                threading.Thread(target=_listen, args=(process.stderr, lines_of_interest.append)),
            ]
            # A wait that ends by itself looks up to 50 ms too late whether git has ended.
            waiter = threading.Thread(target=process.wait)
            for thread in (waiter, *listeners):
                thread.start()
            try:
                going(GitProgress())
                waiter.join(_LOOK_EVERY)
                while waiter.is_alive():
                    going(_how_far(lines_of_interest))
                    waiter.join(_LOOK_EVERY)
            except BaseException:
                self._stop(process)
                raise
            finally:
                for thread in (waiter, *listeners):
                    thread.join()
        return (
            process.returncode == 0,
            b"".join(out).decode(errors="replace"),
            b"".join(lines_of_interest).decode(errors="replace")[-_KEPT:],
        )

    @contextmanager
    def _started(
        self, arguments: Sequence[str], standard_input: int | None
    ) -> Iterator[subprocess.Popen[bytes]]:
        options = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            process = subprocess.Popen(
                ["git", f"--git-dir={self.directory}", *options, *arguments],
                stdin=subprocess.DEVNULL if standard_input is None else standard_input,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment(),
                # Away from the terminal, neither git nor ssh can write on the board or wait there.
                start_new_session=not self._ask,
            )
        except FileNotFoundError as error:
            raise SharingFailed(GitErrorKind.NO_GIT) from error
        with process:
            yield process

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not _OF_A_REPOSITORY.fullmatch(name)
            and not name.startswith(("GIT_TRACE", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
        }
        return kept | {
            # A few bytes of a pack can ask for gigabytes of memory.
            "GIT_ALLOC_LIMIT": "512m",
            "GIT_ALLOW_PROTOCOL": "https:ssh:file",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "1" if self._ask else "0",
            # What git says is read; it is told to people in words of our own.
            "LC_ALL": "C",
            "LANGUAGE": "",
        }

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        """End git and whatever it has started."""
        if self._ask or not hasattr(os, "killpg"):
            process.kill()
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)

    def _failed(self, complaint: str) -> SharingFailed:
        return SharingFailed(kind_of_failure(complaint), str(self.directory), last_words(complaint))


def last_words(complaint: str) -> str:
    """The line of git's complaint that says most, without what a remote's own server said."""
    lines = [line.strip() for line in complaint.replace("\r", "\n").splitlines()]
    lines_of_interest = [
        line for line in lines if line.startswith(("fatal:", "error:", "ERROR:", "ssh:"))
    ]
    lines_of_interest = (
        lines_of_interest
        or [line for line in lines if line and not line.startswith("remote:")]
        or lines
    )
    return lines_of_interest[0][:300] if lines_of_interest else ""


def _careful(remote: Address, command: str) -> list[str]:
    """For a folder, the git that is started there, told to run nothing of what it finds."""
    if remote.transport is not Transport.FILE:
        return []
    settings = " ".join(f"-c {shlex.quote(setting)}" for setting in _IN_A_FOLDER)
    verb = "receive-pack" if command.startswith("push") else "upload-pack"
    return [f"--{verb}=GIT_ALLOW_PROTOCOL=none git {settings} {verb}"]


def _listen(stream: IO[bytes], tell: Callable[[bytes], object]) -> None:
    """Read a stream to its end, so that git never waits for a reader."""
    while chunk := stream.read1(_KEPT):  # type: ignore[attr-defined]
        tell(chunk)


def _how_far(lines_of_interest: Iterable[bytes]) -> GitProgress:
    """The last that git said of its progress."""
    text = b"".join(tuple(lines_of_interest)[-4:]).decode(errors="replace")
    found = None
    for found in _DONE.finditer(text):
        pass
    return GitProgress(int(found[2]), int(found[3])) if found else GitProgress()


# Where a board can be shared


_LONGEST: Final = 2_000

#: ``user@host:path``, as git writes ssh addresses; one letter before the colon is a drive.
_SCP_LIKE: Final = re.compile(r"(?P<host>(?:[^@:/\\]+@)?[^@:/\\]{2,}):(?!/{2})(?P<path>.+)")

_OPTION: Final = N_("No part of an address may begin with a dash: it could be taken for an option.")


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
    text = without_unseen(text).strip()
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
