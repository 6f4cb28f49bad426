"""A retro as a report: for people as a page or as Markdown, for programs as JSON or a table.

:func:`gather` collects what a report is made from, :func:`write` writes it. The same material
gives the same bytes, on every machine and on every day.
"""

from __future__ import annotations

from enum import StrEnum

from storage.reports.retro.context import Material, gather

__all__ = ["Form", "Material", "gather", "write"]


class Form(StrEnum):
    """What a report is written as."""

    MARKDOWN = "md"
    PAGE = "html"
    JSON = "json"
    TABLE = "csv"


def write(material: Material, form: Form) -> str:
    """A report; of the modules that write them only the one that is needed is loaded."""
    match form:
        case Form.MARKDOWN:
            from storage.reports.retro.markdown import markdown
            from storage.reports.retro.report import report

            return markdown(report(material))
        case Form.PAGE:
            from storage.reports.retro.page import page
            from storage.reports.retro.report import report

            return page(report(material))
        case Form.JSON:
            from storage.reports.retro.data import json_text

            return json_text(material)
        case Form.TABLE:
            from storage.reports.retro.csv_rows import csv_text

            return csv_text(material)
