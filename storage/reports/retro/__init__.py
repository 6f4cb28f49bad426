"""A retro as a report: HTML or Markdown for people, JSON or CSV for programs.

:func:`gather` collects what a report is made from, :func:`write` writes it. The same material
gives the same bytes, on every machine and on every day.
"""

from __future__ import annotations

from enum import StrEnum

from storage.reports.retro.figures import Material, gather

__all__ = ["Material", "ReportFormat", "gather", "write"]


class ReportFormat(StrEnum):
    """What a report is written as."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"
    CSV = "csv"


def write(material: Material, form: ReportFormat) -> str:
    """A report in one format."""
    # Imported here for start-up cost: each format loads its own writer, HTML alone loads Jinja.
    match form:
        case ReportFormat.MARKDOWN:
            from storage.reports.retro.markdown import markdown
            from storage.reports.retro.sections import document_of

            return markdown(document_of(material))
        case ReportFormat.HTML:
            from storage.reports.retro.html import html_text
            from storage.reports.retro.sections import document_of

            return html_text(document_of(material), material.translator)
        case ReportFormat.JSON:
            from storage.reports.retro.data import json_text

            return json_text(material)
        case ReportFormat.CSV:
            from storage.reports.retro.data import csv_text

            return csv_text(material)
