"""Help: its layout, and the verb ``help``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from tui.cli import output
from tui.cli.answer import answer_with
from tui.cli.group import Verb, Verbs, no_such_verb
from tui.text import cells
from tui.text.i18n import _


class HelpPage(click.HelpFormatter):
    """What click writes, with its columns and lines measured in cells: Chinese takes two."""

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
        column = min(max(cells.width(term) for term, _meaning in rows), col_max) + col_spacing
        room = max(self.width - self.current_indent - column, 10)
        for term, meaning in rows:
            lines = list(self._wrapped(meaning, room))
            head = term
            if cells.width(term) <= column - col_spacing:
                head = cells.fit(term, column) + lines.pop(0)
            self.write(f"{indent}{head}".rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}".rstrip() + "\n")

    def _wrapped(self, text: str, room: int) -> Iterable[str]:
        for paragraph in text.split("\n"):
            yield from cells.wrap(paragraph, room)


@click.command("help", cls=Verb, help=_("Show the help of a verb."))
@click.argument("verb", nargs=-1)
@click.pass_context
def help_(context: click.Context, verb: tuple[str, ...]) -> None:
    """Show what “pitboard VERB --help” shows."""
    root = context.find_root()
    if not verb:
        _show_help(root)
        return
    assert isinstance(root.command, Verbs)
    name, command, rest = root.command.resolve_command(root, [*verb])
    if command is None or rest:
        raise no_such_verb(" ".join(verb), root)
    with command.make_context(name, [], parent=root, resilient_parsing=True) as asked:
        _show_help(asked)


def _show_help(context: click.Context) -> None:
    text = context.get_help()
    answer_with(command=context.command_path, help=text)
    output.emit(text.split("\n"))
