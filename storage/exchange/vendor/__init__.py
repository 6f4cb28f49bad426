"""A bug report for the vendor's community, written from the record.

:func:`bug_report` is the door. What the vendor's form asks for is gathered from
the occurrences (``fields``), the reproduction notes are taken apart (``parts``),
and both are written in one of two languages (``wording``, ``writing``).
"""

from __future__ import annotations

from storage.reports.bug_report import BugReport, bug_report, write_report

__all__ = ["BugReport", "bug_report", "write_report"]
