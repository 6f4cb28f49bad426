"""The ``pitboard`` command, also as ``python -m tui``."""

from __future__ import annotations

import sys

from tui import compiling_late, look_for_garbage_seldom, signals

if signals.getsignal(signals.SIGINT) is signals.default_int_handler:
    # Until the command can say so in words, Ctrl-C ends it without any.
    signals.signal(signals.SIGINT, signals.SIG_DFL)

# While the command is loaded as well: it was a fiftieth of what “pitboard show” takes.
look_for_garbage_seldom()

with compiling_late():
    from tui.cli import main


def run() -> int:
    """Run the command; its exit code."""
    code = main()
    # All is done and said; to stop now would only take the exit code away.
    signals.signal(signals.SIGINT, signals.SIG_IGN)
    return code


if __name__ == "__main__":
    sys.exit(run())
