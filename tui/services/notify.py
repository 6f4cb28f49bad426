"""Telling a team's chats what happened on a board: what is due, and how far each is.

How far a channel has been told is known on this machine alone, in a file of its own.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from storage.db.board_files import PRIVATE
from storage.errors import N_, Busy, NotSaved, NotShared, PitboardError
from storage.model.fields import NamedTuple
from storage.model.vocabulary import NoticeKind
from storage.read.board import Board
from storage.read.notices import Cursor, Notice
from storage.text.zones import week_of
from tui.services.boards import replace_file, state_file
from tui.services.chat import BadChannel, ChatSender, address_of
from tui.services.chat_channels import ChatChannel, SendResult, SendState
from tui.services.notify_words import ChatWords

#: More than so many are told in one message.
_ONE_BY_ONE: Final = 5
#: Of a store's id, so many digits name it.
_SHORTEST_ID: Final = 4
_FILE: Final = "notify.json"


class NotSent(NotShared):
    """A robot did not take a message."""

    code = "not-sent"


class ChannelOutcome(Enum):
    """What a run did for a channel."""

    SENT = "sent"
    NOTHING = "nothing"
    STARTED = "started"
    ELSEWHERE = "elsewhere"
    DISABLED = "disabled"
    FAILED = "failed"


class ChannelResult(NamedTuple):
    """What a run did for a channel: how many messages went out, with how many notices."""

    name: str
    outcome: ChannelOutcome
    messages: int = 0
    notices: int = 0
    problem: PitboardError | None = None
    texts: tuple[str, ...] = ()
    """What would be sent, of a run that sends nothing."""


# How far each channel has been told


class ChannelState(BaseModel):
    """How far a channel has been told, and what became of it.

    ``week`` is the last one that needs no digest any more; ``sent`` is when something was sent
    lately (seconds); ``off`` is the fingerprint of an address that was refused.
    """

    n: int = 0
    event: str = ""
    held: tuple[int, ...] = ()
    found: int = 0
    seen: tuple[str, ...] = ()
    week: int = 0
    sent: list[float] = []
    off: str = ""

    @property
    def cursor(self) -> Cursor:
        """The place in the events."""
        return Cursor(self.n, self.event, self.held, self.found, self.seen)

    def move(self, cursor: Cursor) -> None:
        """Be told up to there."""
        self.n, self.event, self.held, self.found, self.seen = cursor


class _Kept(BaseModel):
    model_config = ConfigDict(extra="ignore")

    channels: dict[str, ChannelState] = {}


class NotifyFile:
    """The file that says how far each channel of each board has been told."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or state_file(_FILE)
        self._kept = _Kept()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Read it, and be the only one who sends, until the end.

        Raises:
            Busy: if another run is sending.
            NotSaved: if it can't be read or locked: what was sent already would be sent again.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=0, mode=PRIVATE):
                self.read()
                yield
        except Timeout as error:
            raise Busy(
                N_("Another “pitboard notify” is sending."), N_("Try again in a minute.")
            ) from error

    def read(self) -> None:
        """Read it only, to look at it.

        Raises:
            NotSaved: if it can't be read.
        """
        try:
            self._kept = _Kept.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            self._kept = _Kept()
        except (OSError, ValidationError) as error:
            raise NotSaved(
                N_("{path} can't be read; it says what was sent to each chat."),
                N_("Remove it: each channel then starts with what is new from there on."),
                path=self.path,
            ) from error

    def of(self, store: str, channel: str) -> ChannelState | None:
        """What is known of a channel of a board; None before its first run."""
        return self._kept.channels.get(f"{store}/{channel}")

    def keep(self, store: str, channel: str, state: ChannelState) -> None:
        """Write down how far a channel has been told.

        Raises:
            NotSaved: if it can't be written.
        """
        self._kept.channels[f"{store}/{channel}"] = state
        try:
            replace_file(self.path, f"{self._kept.model_dump_json()}\n".encode())
            self.path.chmod(PRIVATE)
        except OSError as error:
            raise NotSaved(
                N_("{path} can't be written: {why}."), path=self.path, why=error.strerror
            ) from error


def sends_here(notify_from: str, store: str) -> bool:
    """Whether this machine is the one that notifies.

    Args:
        notify_from: the setting: a host name, or the beginning of a store's id.
        store: the id of the board's store here.
    """
    wanted = notify_from.strip().casefold()
    host = platform.node().casefold()
    by_id = len(wanted) >= _SHORTEST_ID and store.startswith(wanted)
    return not wanted or by_id or wanted in (host, host.partition(".")[0])


# A run


class Notifier:
    """Tells channels what happened on a board.

    Args:
        board: reads it.
        file: how far each channel has been told; held while this is in use.
        sender: sends the messages.
        now: the present (ms).
        without: stores whose events nobody needs to be told of, such as the catalogue's.
    """

    def __init__(
        self, board: Board, file: NotifyFile, sender: ChatSender, now: int, without: Sequence[str]
    ) -> None:
        self._board = board
        self._file = file
        self._sender = sender
        self._now = now
        self._without = without
        self._store = board.store_name()

    def leave_to(self, channel: ChatChannel) -> ChannelResult:
        """Leave a channel to the machine that notifies, which has told it all by now."""
        with self._board.snapshot():
            self._begin(channel)
        return ChannelResult(channel.name, ChannelOutcome.ELSEWHERE)

    def rehearse(self, channel: ChatChannel) -> ChannelResult:
        """What a channel would be sent now; nothing is. It says why a run would send nothing."""
        problem = unusable(channel)
        state = self._state(channel)
        if state is None:
            outcome = ChannelOutcome.FAILED if problem else ChannelOutcome.STARTED
            return ChannelResult(channel.name, outcome, problem=problem)
        if self.is_off(channel):
            return ChannelResult(channel.name, ChannelOutcome.DISABLED)
        with self._board.snapshot():
            notices = self._notices(channel, state, self._board.notices.newest())
            words = ChatWords(channel, self._board)
            if len(notices) > _ONE_BY_ONE:
                messages = [words.digest(notices)]
            else:
                messages = [words.notice(one) for one in notices]
        if self._is_due(channel, state):
            messages.append(words.week(self._now))
        outcome = ChannelOutcome.SENT if messages else ChannelOutcome.NOTHING
        texts = tuple("\n".join([m.heading, *m.lines, m.end]).strip() for m in messages)
        if problem is not None:
            failed = ChannelOutcome.FAILED
            return ChannelResult(channel.name, failed, problem=problem, texts=texts)
        return ChannelResult(channel.name, outcome, len(messages), len(notices), texts=texts)

    def tell(self, channel: ChatChannel) -> ChannelResult:
        """Send a channel what it has not been told yet; each message is noted once it is there.

        Raises:
            NotSaved: if that can't be noted.
        """
        try:
            address = address_of(channel)
        except BadChannel as error:
            return ChannelResult(channel.name, ChannelOutcome.FAILED, problem=error)
        state = self._state(channel)
        if state is None:
            with self._board.snapshot():
                self._begin(channel)
            return ChannelResult(channel.name, ChannelOutcome.STARTED)
        if state.off == address.fingerprint:
            return ChannelResult(channel.name, ChannelOutcome.DISABLED)
        state.off = ""
        until = self._board.notices.newest()
        words = ChatWords(channel, self._board)
        messages = notices = 0
        while True:
            # Read again before each message: what was undone meanwhile is not sent.
            with self._board.snapshot():
                due = self._notices(channel, state, until)
                count, after = len(due), until
                if len(due) > _ONE_BY_ONE:
                    message = words.digest(due)
                elif due:
                    message, count = words.notice(due[0]), 1
                    after = self._board.notices.after(state.cursor, due[0])
            if not due:
                if not self._is_due(channel, state):
                    break
                message = words.week(self._now)
            result = self._sender.send(channel, address, message, state.sent)
            if result.state is not SendState.SENT:
                if result.state is SendState.BAD_KEY:
                    state.off = address.fingerprint
                self._file.keep(self._store, channel.name, state)
                problem = not_sent(channel.name, str(address.path), result)
                return ChannelResult(
                    channel.name, ChannelOutcome.FAILED, messages, notices, problem
                )
            state.move(after)
            if not due:
                state.week = week_of(self._now)
            messages, notices = messages + 1, notices + count
            self._file.keep(self._store, channel.name, state)
        state.move(until)
        self._file.keep(self._store, channel.name, state)
        outcome = ChannelOutcome.SENT if messages else ChannelOutcome.NOTHING
        return ChannelResult(channel.name, outcome, messages, notices)

    def test(self, channel: ChatChannel) -> SendResult:
        """Send a channel a message that says so; one that is taken turns the channel on again.

        Raises:
            BadChannel: if it can't be used as it is set up.
            NotSent: if the robot does not take it.
        """
        address = address_of(channel)
        state = self._file.of(self._store, channel.name)
        sent = state.sent if state is not None else []
        result = self._sender.send(channel, address, ChatWords(channel, self._board).test(), sent)
        if result.state is not SendState.SENT:
            raise not_sent(channel.name, str(address.path), result, is_test=True)
        if state is not None:
            state.off = ""
            self._file.keep(self._store, channel.name, state)
        return result

    def is_off(self, channel: ChatChannel) -> bool:
        """Whether a channel is off because its address was refused."""
        state = self._file.of(self._store, channel.name)
        return state is not None and bool(state.off) and state.off == _fingerprint(channel)

    def _state(self, channel: ChatChannel) -> ChannelState | None:
        """How far a channel has been told; None if it has not begun with this file."""
        state = self._file.of(self._store, channel.name)
        if state is None:
            return None
        cursor = self._board.notices.found(state.cursor)
        if cursor is None:
            return None
        state.move(cursor)
        return state

    def _begin(self, channel: ChatChannel) -> None:
        """Take all that has happened by now as told."""
        state = self._file.of(self._store, channel.name) or ChannelState()
        state.move(self._board.notices.newest())
        state.week = week_of(self._now)
        self._file.keep(self._store, channel.name, state)

    def _notices(self, channel: ChatChannel, state: ChannelState, until: Cursor) -> list[Notice]:
        """What the channel wants; a fix that a regression disputes is told of with that."""
        found = [
            one
            for one in self._board.notices.since(state.cursor, until, without=self._without)
            if channel.wants(one.what.kind, one.row.severity)
        ]
        regressed = {one.row.id for one in found if one.what.kind is NoticeKind.REGRESSION}
        return [
            one
            for one in found
            if one.what.kind is not NoticeKind.FIX_DISPUTED or one.row.id not in regressed
        ]

    def _is_due(self, channel: ChatChannel, state: ChannelState) -> bool:
        return channel.wants_digest and state.week < week_of(self._now)


def unusable(channel: ChatChannel) -> BadChannel | None:
    """Why a channel can't be used as it is set up; None if it can."""
    try:
        address_of(channel)
    except BadChannel as error:
        return error
    return None


def _fingerprint(channel: ChatChannel) -> str:
    try:
        return address_of(channel).fingerprint
    except BadChannel:
        return ""


_NEXT: Final = {
    SendState.UNREACHABLE: N_("The next run sends what is left."),
    SendState.LIMITED: N_("The next run sends what is left."),
    SendState.BAD_KEY: N_(
        "The channel is off until its address is another one or"
        " “pitboard notify test {name}” works."
    ),
    SendState.REFUSED: N_("See whether “pitboard notify test {name}” works."),
}


def not_sent(name: str, key: str, result: SendResult, *, is_test: bool = False) -> NotSent:
    """That a robot did not take a message, and what to do; of its key only the end is said."""
    advice = "" if is_test else _NEXT[result.state]
    code = ": ".join(one for one in (result.code, result.said) if one)
    message = N_("The robot of the channel “{name}” ({key}) did not take it: {why}.")
    if code:
        message = N_("The robot of the channel “{name}” ({key}) did not take it: {why} ({code}).")
    return NotSent(message, advice, name=name, key=key, why=result.why, code=code)
