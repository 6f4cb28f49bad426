"""What is said of a board that is not today's."""

from __future__ import annotations

from storage.past.moment import Clock, Moment
from tui.language import _
from tui.words import moment as written


def banner(moment: Moment) -> str:
    """Which board is shown, and how to come back from it."""
    return _("{board}  Nothing can be changed; t comes back.").format(board=told(moment))


def told(moment: Moment) -> str:
    """Which board is shown."""
    time = written(moment.at)
    if moment.clock is Clock.KNOWN:
        return _("The board as this machine knew it at {time}.").format(time=time)
    return _("The board as it was at {time}.").format(time=time)
