"""What a person types beside the options: on stdin, or when asked for what is missing.

None of it is lost: text that the record does not take is kept in a file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

from tui.text.i18n import _

#: Far beyond what the record takes; whatever is longer was not meant for it.
_LONGEST_INPUT: Final = 64 * 1024 * 1024
_TYPED: Final = "pitboard.typed"


class WrongUse(click.ClickException):
    """The command was used wrongly, and the message says all there is to say."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The bare sentence: main writes it."""
        click.echo(self.format_message(), file=file)


def is_interactive() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, *, among: Any = str, default: str | None = None) -> str:
    """What a person answers; asked on stderr, so that stdout stays data.

    Args:
        question: in a word or two.
        among: the click type that the answer must be of.
        default: what an empty answer means; without one an answer must be given.
    """
    answer = str(
        click.prompt(question, default=default, type=among, show_default=bool(default), err=True)
    )
    note_typed(answer)
    return answer


def text_of(value: str | None) -> str | None:
    """The text that an option or argument gives; ``-`` stands for all of stdin.

    Raises:
        Wrong: if stdin was taken already, or does not hold text.
    """
    if value != "-":
        return value
    text = read_stdin()
    note_typed(text)
    return text.removesuffix("\n")


def read_stdin() -> str:
    """All of stdin, which can be asked for once.

    Raises:
        Wrong: if it was taken already, or does not hold text.
    """
    meta = click.get_current_context().meta
    if "pitboard.stdin" in meta:
        raise WrongUse(_("Standard input (-) can only be taken once."))
    meta["pitboard.stdin"] = True
    said = sys.stdin.buffer.read(_LONGEST_INPUT + 1)
    if len(said) > _LONGEST_INPUT:
        raise WrongUse(_("Standard input holds more than any text here can be; nothing was saved."))
    try:
        return said.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(
            _("Standard input is not UTF-8 text (byte {place}); nothing was saved.").format(
                place=error.start
            )
        ) from error


def note_typed(text: str) -> None:
    """Remember text that would be lost if the deed at hand fails."""
    click.get_current_context().meta.setdefault(_TYPED, []).append(text)


@contextmanager
def save_typed_on_error(context: click.Context) -> Iterator[None]:
    """If what is done inside fails, keep what was typed for it, and note on the error where."""
    try:
        yield
    except BaseException as error:
        typed = [text for text in context.meta.get(_TYPED, ()) if text.strip()]
        if typed:
            # Loaded here, since it hardly ever comes to this.
            from tui.services.external_programs import put_aside

            path = put_aside("\n".join(typed))
            error.add_note(_("What you typed is kept in {path}.").format(path=path))
        raise
