"""Messages over the screen: they go once they were read, and do not pile up over what is below."""

from __future__ import annotations

from collections.abc import Iterable
from time import time
from typing import Any, Final

from textual.app import App
from textual.notifications import Notification

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
