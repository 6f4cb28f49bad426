"""What a worker of xdist tells of each test: that it ended, and what went wrong."""

from __future__ import annotations

from typing import Any, Final

import pytest

#: Shorter parts are named by no list of durations, in seconds.
_A_MOMENT: Final = 0.005
#: A report that is not sent.
_UNSAID: Final = "unsaid"


class FewWords:
    """Sends two messages for a test that passes, in place of six.

    The others say that it begins, that it was set up and taken down in a moment, and that it is
    over, which nobody reads. To write and to read them took as long as pytest's own work.
    """

    def __init__(self, worker: Any) -> None:
        """Takes the place of how a worker sends; ``worker`` is xdist's ``WorkerInteractor``."""
        self._worker = worker
        self._send = worker.sendevent
        worker.sendevent = self._send_if_read

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_to_serializable(
        self, report: pytest.CollectReport | pytest.TestReport
    ) -> dict[str, Any] | None:
        """Spare the writing of what is not sent."""
        says_nothing = (
            isinstance(report, pytest.TestReport)
            and report.when != "call"
            and report.passed
            and report.duration < _A_MOMENT
            and not report.sections
        )
        return {_UNSAID: True} if says_nothing else None

    def _send_if_read(self, name: str, **values: Any) -> None:
        if (
            name == "logstart"
            # The end of the last test of all ends the line of dots.
            or (name == "logfinish" and isinstance(self._worker.nextitem_index, int))
            or (name == "testreport" and _UNSAID in values["data"])
        ):
            return
        self._send(name, **values)


def tell_little(config: pytest.Config) -> None:
    """In a worker, leave out what a quiet run does not show; nothing where all is asked for."""
    options = config.option
    if config.get_verbosity() > 0 or options.xmlpath or options.durations_min is not None:
        return
    for plugin in config.pluginmanager.get_plugins():
        if type(plugin).__name__ == "WorkerInteractor":
            config.pluginmanager.register(FewWords(plugin))
            return
