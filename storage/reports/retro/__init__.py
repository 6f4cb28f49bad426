"""A retro as a report: HTML or Markdown for people, JSON or CSV for programs.

:func:`~storage.reports.retro.figures.gather` collects what a report is made from,
:func:`~storage.reports.retro.formats.write` writes it. The same material gives the same bytes, on
every machine and on every day.
"""
