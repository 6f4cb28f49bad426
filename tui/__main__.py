"""The ``pitboard`` command, also as ``python -m tui``."""

from __future__ import annotations

import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Until the command can say so in words, Ctrl-C ends it without any.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from tui.cli import main


def run() -> int:
    """Run the command; its exit code."""
    code = main()
    # All is done and said; to stop now would only take the exit code away.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


if __name__ == "__main__":
    sys.exit(run())
