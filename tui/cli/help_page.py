"""Pages of help, measured in terminal cells: click counts characters, and Chinese takes two."""

from __future__ import annotations

from collections.abc import Iterable

import click

from tui.text.cells import fit, width, wrap


class HelpPage(click.HelpFormatter):
    """What click writes, with its columns and lines measured in cells."""

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        indent = " " * self.current_indent
        for line in self._wrapped(text, self.width - self.current_indent):
            self.write(f"{indent}{line}".rstrip() + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms, and beside them what they mean."""
        rows = list(rows)
        indent = " " * self.current_indent
        column = min(max(width(term) for term, _meaning in rows), col_max) + col_spacing
        room = max(self.width - self.current_indent - column, 10)
        for term, meaning in rows:
            lines = list(self._wrapped(meaning, room))
            head = term
            if width(term) <= column - col_spacing:
                head = fit(term, column) + lines.pop(0)
            self.write(f"{indent}{head}".rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}".rstrip() + "\n")

    @staticmethod
    def _wrapped(text: str, cells: int) -> Iterable[str]:
        for paragraph in text.split("\n"):
            yield from wrap(paragraph, cells)
