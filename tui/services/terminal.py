"""What ends the running board from outside (signals, a lost terminal), and its messages."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import time
from typing import TYPE_CHECKING, Any, Final

from textual.app import App
from textual.notifications import Notification

if TYPE_CHECKING:
    from tui.app import PitboardApp

#: What a process that a signal ended adds to the signal's number for its exit code.
SIGNALLED: Final = 128
#: How long putting the terminal right may take after a signal, in seconds.
_LAST_SECONDS: Final = 5.0
#: How often the terminal is looked at, in seconds.
_WATCH_SECONDS: Final = 1.0
_STDIN: Final = 0


@contextmanager
def signals_to(app: PitboardApp) -> Iterator[None]:
    """Let signals end the app as its keys do, and ``kill -INT`` do what ctrl+c does."""
    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def deliver(number: int, _frame: object) -> None:
        if number in ending:
            _end_at_last(app, number)
        loop = app._loop
        if loop is not None:
            # The loop may sleep; only this wakes it.
            loop.call_soon_threadsafe(app.take_signal, number)
        elif number in ending:
            raise SystemExit(SIGNALLED + number)

    before = {number: signal.signal(number, deliver) for number in (signal.SIGINT, *ending)}
    is_over = threading.Event()
    if hasattr(signal, "SIGHUP") and os.isatty(_STDIN):
        threading.Thread(target=_watch_terminal, args=(is_over,), daemon=True).start()
    try:
        yield
    finally:
        is_over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_at_last(app: PitboardApp, number: int) -> None:
    """End the process, whatever it is doing, a while after a signal that ends it.

    A terminal that is gone, or that takes nothing more, can hold up the loop in the middle of a
    write, so that no message arrives there any more.
    """

    def end() -> None:
        try:
            app.keep_drafts()
        finally:
            os._exit(SIGNALLED + number)

    last = threading.Timer(_LAST_SECONDS, end)
    last.daemon = True
    last.start()


def _watch_terminal(is_over: threading.Event) -> None:
    """Hang up when the terminal is gone and nobody says so, as under nohup or a lost multiplexer.

    What reads keys would ask a terminal that is gone for more as fast as it can, for ever.
    """
    while not is_over.wait(_WATCH_SECONDS):
        if not os.isatty(_STDIN):
            os.kill(os.getpid(), signal.SIGHUP)
            return


# Messages over the screen: they go once they were read, and do not pile up


#: After how many seconds a message was read by a person who presses a key.
_READ_AFTER: Final = {"information": 1.5, "warning": 4.0, "error": 4.0}


def forget_read(app: App[Any]) -> None:
    """Take away what a person who goes on has had the time to read."""
    now = time()
    notifications = app._notifications
    _forget(app, (one for one in notifications if _READ_AFTER[one.severity] < now - one.raised_at))


def forget_older(app: App[Any], new: Notification) -> None:
    """Take away what a new message says as well, or what was done before that."""
    _forget(
        app,
        (
            one
            for one in app._notifications
            if one is not new
            and (one.message == new.message or one.severity == new.severity == "information")
        ),
    )


def _forget(app: App[Any], messages: Iterable[Notification]) -> None:
    forgotten = list(messages)
    for one in forgotten:
        app._unnotify(one, refresh=False)
    if forgotten:
        app._refresh_notifications()
