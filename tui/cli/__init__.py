"""The ``pitboard`` command: stdout is data, stderr is talk, exit codes are a promise.

This module alone ends the process's work: it chooses the language before
anything translated is imported, says every known error, and gives its code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from io import StringIO, TextIOWrapper
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tui import deferred, look_for_no_plugins, merely_named, signals

with merely_named("uuid", "UUID"):
    # No option takes one. To load them, with what looks which system it is for them, took a
    # twenty-fifth of “pitboard list”.
    import click

from storage.errors import Ambiguous, Busy, NotFound, NotSaved, NotShared, PitboardError, ReadOnly
from storage.text.sanitize import sanitize
from tui.cli import answer, output
from tui.cli.output import talk
from tui.services.boards import UnknownBoard
from tui.text.i18n import _, choose, labelled, listed, marked_in_chinese, read, say, speak
from tui.text.verbs import near

if TYPE_CHECKING:
    from pathlib import Path

    from tui.text import cells

_Form = TypeVar("_Form")
_LONGEST_TITLE: Final = 60
#: What people type who know another tool.
_OPTION_SYNONYMS: Final = {"--at": ("--when", "--date", "--time")}


if not TYPE_CHECKING:
    # A verb that is carried out shows no help.
    cells = deferred("tui.text.cells")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code.

    Args:
        arguments: what follows the program's name; this process's own by default.
    """
    if signals.getsignal(signals.SIGINT) is signals.SIG_DFL:
        signals.signal(signals.SIGINT, _interrupt)
    look_for_no_plugins()
    # The module of the verb ``list`` hides the builtin here once it is loaded.
    arguments = [*(sys.argv[1:] if arguments is None else arguments)]
    output.take_streams()
    answer.take(False)
    _write_utf8()
    speak(choose(_language_asked_for(arguments)))
    code = _carried_out(arguments)
    if answer.held is not None:
        _tell_rest(code, None, _(dict(output.MEANINGS).get(code, "")))
    return output.ended(code)


def _tell_rest(code: int, error: BaseException | None, message: str = "") -> None:
    """End a call with ``--json``: stderr gets its messages, or one object if it failed."""
    held = answer.held
    assert held is not None
    answer.take(False)
    if code == output.DONE:
        for text in held.said:
            talk(text)
        return
    # Loaded here, since most calls do what they were asked for.
    from storage.exports.json_shapes import as_json

    with suppress(OSError):
        click.echo(as_json(answer.failed(code, error, message, held.said, held.hint)), err=True)


def _carried_out(arguments: list[str]) -> int:
    """What the call comes to, with every known error said."""
    try:
        return _run(arguments)
    except (PitboardError, click.ClickException, click.Abort, KeyboardInterrupt) as error:
        if isinstance(error, click.UsageError) and "--json" in _before_dashes(arguments):
            # What can't be parsed names no option.
            answer.take(True)
        return _explain(_with_nearest(error) if isinstance(error, click.NoSuchOption) else error)
    except UnicodeEncodeError:
        talk(_("What was typed is not valid UTF-8; nothing was done."))
        return output.WRONG_USE
    except OSError as error:
        if output.is_lost(error):
            return output.DONE
        talk(
            _("{path} can't be read or written: {why}.").format(
                path=error.filename or _("The output"), why=_(error.strerror or str(error))
            )
        )
        return output.NOT_WRITTEN
    except Exception:
        if not _interrupt.came:
            raise
        return _explain(KeyboardInterrupt())


def _with_nearest(error: click.NoSuchOption) -> click.UsageError:
    """That there is no such option, with the one that it is near to, dashes aside."""
    there = [
        name
        for one in (error.ctx.command.get_params(error.ctx) if error.ctx else ())
        for name in one.opts
        if name.startswith("--")
    ]
    typed = error.option_name
    meant = [one for one in there if typed in _OPTION_SYNONYMS.get(one, ())]
    if not meant:
        bare = near(typed.strip("-"), [one.strip("-") for one in there])
        meant = [f"--{bare}"] if bare else []
    words = (error.message, *(_("Did you mean {name!r}?").format(name=one) for one in meant))
    return click.UsageError(" ".join(words), error.ctx)


class _Interrupt:
    """Ctrl-C, as Python has it, and remembered: what loads a module makes other errors of it."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise it where the program is."""
        self.came = True
        signals.default_int_handler(number, frame)


_interrupt: Final = _Interrupt()


def _run(arguments: list[str]) -> int:
    # Loaded here, since it translates its texts as it is loaded.
    from tui.cli.group import COMPLETION, pitboard

    asked = os.environ.get(COMPLETION)
    if asked:
        # Loaded here, since only shells ask for it.
        from tui.cli.completion import shell_complete

        return shell_complete(pitboard, "pitboard", COMPLETION, asked)
    try:
        with pitboard.make_context("pitboard", arguments) as context:
            code = pitboard.invoke(context)
    except click.exceptions.Exit as done:
        code = done.exit_code
    return code if isinstance(code, int) else output.DONE


def _language_asked_for(arguments: list[str]) -> str | None:
    """What ``--lang`` says, wherever it stands: click parses it only after all texts are loaded."""
    options = _before_dashes(arguments)
    for place, argument in enumerate(options):
        if argument == "--lang":
            return next(iter(arguments[place + 1 :]), None)
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def _before_dashes(arguments: list[str]) -> list[str]:
    """The arguments that may be options: those before ``--``."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _write_utf8() -> None:
    """Chinese comes out whatever the locale says: as UTF-8, or as a terminal's own encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            own = stream.isatty() and _knows_chinese(stream.encoding)
            stream.reconfigure(
                encoding=stream.encoding if own else "utf-8", errors="backslashreplace"
            )


def _knows_chinese(encoding: str) -> bool:
    try:
        return bool("坑".encode(encoding))
    except UnicodeEncodeError:
        return False


def _explain(error: BaseException) -> int:
    """Say an error and what was noted on it; the exit code that stands for it."""
    if answer.held is not None:
        return _explain_in_json(error)
    code = output.REFUSED
    match error:
        case PitboardError():
            talk(say(error))
            code = _code_of(error)
        case click.ClickException():
            written = StringIO()
            error.show(written)
            talk(marked_in_chinese(written.getvalue().rstrip("\n")))
            code = error.exit_code
        case _:
            # Below the ^C that the terminal shows.
            talk("\n" + _stopped())
            code = output.INTERRUPTED
    if isinstance(error, Ambiguous):
        # Loaded here, since it waits for tables of how wide signs are.
        from tui.text.cells import cut

        for name, title in error.candidates:
            talk(f"  {sanitize(name)}  {cut(sanitize(read(title)), _LONGEST_TITLE)}")
    for note in getattr(error, "__notes__", ()):
        talk(note)
    return code


def _stopped() -> str:
    """What Ctrl-C came to: it may come when all is done but the answer."""
    if output.is_done():
        return _("Stopped; what was done before is saved.")
    return _("Stopped; nothing was saved.")


def _explain_in_json(error: BaseException) -> int:
    match error:
        case PitboardError():
            code, message = _code_of(error), ""
        case click.exceptions.NoArgsIsHelpError():
            code, message = error.exit_code, _("A command is missing.")
        case click.ClickException():
            code, message = error.exit_code, marked_in_chinese(error.format_message())
        case _:
            code, message = output.INTERRUPTED, _stopped()
    _tell_rest(code, error, message)
    return code


def _code_of(error: PitboardError) -> int:
    match error:
        case NotFound():
            return output.NOTHING_FOUND
        case Ambiguous() | UnknownBoard():
            return output.WRONG_USE
        case Busy() | ReadOnly() | NotSaved() | NotShared():
            return output.NOT_WRITTEN
        case _:
            return output.REFUSED


def one_value(option: str, given: Sequence[str], context: click.Context) -> click.UsageError:
    """That an option takes one of the values that were given, and not which."""
    words = _("{option} takes one value: give it once, not with each of {values}.")
    values = ", ".join(sanitize(one) for one in given)
    return click.UsageError(words.format(option=option, values=values), context)


class VerbOption(click.Option):
    """An option of a verb. Its help is in the form in which it is shown.

    click brings each help into that form with ``inspect``, and to load that takes as long as all
    that opens a board.
    """

    def __init__(self, *args: Any, help: str | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.help = help
        self._takes_one = not (self.is_flag or self.multiple or self.count)

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Let all be gathered that is given for it: click keeps the last value alone."""
        if not self._takes_one:
            super().add_to_parser(parser, ctx)
            return
        parser.add_option(self, self.opts, self.name, action="append", nargs=self.nargs)

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Take the one value.

        Raises:
            click.UsageError: if several were given.
        """
        given = opts.get(self.name or "")
        if self._takes_one and isinstance(given, Sequence):
            if len(given) > 1 and not ctx.resilient_parsing:
                raise one_value(max(self.opts, key=len), given, ctx)
            opts = {**opts, self.name or "": given[-1]}
        return super().handle_parse_result(ctx, opts, args)


#: Lets a verb take an option, as :func:`click.option` does.
option: Final = partial(click.option, cls=VerbOption)


def format_of(target: Path | None, endings: Mapping[str, _Form], otherwise: _Form) -> _Form:
    """The format that the ending of a file gives; ``otherwise`` for stdout, or without an ending.

    Raises:
        click.UsageError: no format has this ending.
    """
    ending = target.suffix.lower() if target is not None else ""
    if ending in endings or not ending:
        return endings.get(ending, otherwise)
    words = _("“{ending}” is no ending of {known}. Give one of these, or --format.")
    said = words.format(ending=sanitize(ending), known=listed(endings))
    raise click.UsageError(said, click.get_current_context())


class HelpPage(click.HelpFormatter):
    """What click writes, with its columns and lines measured in cells: Chinese takes two."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called; arguments that don't fit stand below the first."""
        head = marked_in_chinese(f"{prefix or _('Usage:') + ' '}{prog} ")
        for line in self._wrapped(args, max(self.width - cells.width(head), 10)):
            self.write(f"{head}{line}".rstrip() + "\n")
            head = " " * cells.width(head)

    def write_heading(self, heading: str) -> None:
        """Write what is above a part."""
        self.write(f"{'':>{self.current_indent}}{labelled(heading, '').rstrip()}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        indent = " " * self.current_indent
        for line in self._wrapped(text, self.width - self.current_indent):
            self.write(f"{indent}{line}".rstrip() + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms, and beside them what they mean."""
        # The module of the verb ``list`` hides the builtin here.
        rows = [*rows]
        indent = " " * self.current_indent
        column = min(max(cells.width(term) for term, _meaning in rows), col_max) + col_spacing
        room = max(self.width - self.current_indent - column, 10)
        for term, meaning in rows:
            lines = [*self._wrapped(meaning, room)]
            head = term
            if cells.width(term) <= column - col_spacing:
                head = cells.fit(term, column) + lines.pop(0)
            self.write(f"{indent}{head}".rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}".rstrip() + "\n")

    def _wrapped(self, text: str, room: int) -> Iterable[str]:
        for paragraph in text.split("\n"):
            yield from cells.wrap(paragraph, room)


class HelpedContext(click.Context):
    """A call whose help is measured in cells."""

    def make_formatter(self) -> click.HelpFormatter:
        """What writes help and usage."""
        # As click has it.
        return HelpPage(width=max(min(output.columns(), self.max_content_width or 80) - 2, 50))


def help_option(command: click.Command, context: click.Context) -> VerbOption | None:
    """The option for help; None if a command has others of its names."""
    names = command.get_help_option_names(context)
    return _help_option(*names) if names else None


@cache
def _help_option(*names: str) -> VerbOption:
    # One for all calls: click finds it again as the same object.
    return VerbOption(
        ["shows_help", *names],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help=_("Show this message and exit."),
    )


def _show_help(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(context.get_help())
        context.exit()


def write_help(command: click.Command, formatter: click.HelpFormatter) -> None:
    """Write the help above the options; as that of an option, it is in the form that is shown."""
    if command.help:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(command.help)
