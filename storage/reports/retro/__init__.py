"""A retro as a report: HTML or Markdown for people, JSON or CSV for programs.

:func:`gather` collects what a report is made from, :func:`write` writes it. The same material
gives the same bytes, on every machine and on every day.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from storage.reports.retro.data import csv_text, json_text
from storage.reports.retro.document import markdown
from storage.reports.retro.figures import Material, gather
from storage.reports.retro.sections import document_of

__all__ = ["FORMAT_OF_ENDING", "Material", "ReportFormat", "gather", "write"]


class ReportFormat(StrEnum):
    """What a report is written as."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"
    CSV = "csv"


#: The format of a file, by the ending of its name.
FORMAT_OF_ENDING: Final = {".htm": ReportFormat.HTML} | {f".{form}": form for form in ReportFormat}


def write(material: Material, form: ReportFormat) -> str:
    """A report in one format."""
    match form:
        case ReportFormat.MARKDOWN:
            return markdown(document_of(material))
        case ReportFormat.HTML:
            # Loaded late: HTML alone needs Jinja.
            from storage.reports.retro.html import html_text

            return html_text(document_of(material), material.translator)
        case ReportFormat.JSON:
            return json_text(material)
        case ReportFormat.CSV:
            return csv_text(material)
