"""What is said of a board that is not today's."""

from __future__ import annotations

from storage.model.moment import Clock, Moment
from tui.text.i18n import _
from tui.text.vocabulary import moment as written


def banner(moment: Moment) -> str:
    """Which board is shown, and how to come back from it."""
    return _("{board}  Nothing can be changed; t comes back.").format(board=told(moment))


def told(moment: Moment) -> str:
    """Which board is shown."""
    time = written(moment.at)
    if moment.clock is Clock.KNOWN:
        return _("The board as this machine knew it at {time}.").format(time=time)
    return _("The board as it was at {time}.").format(time=time)
