"""What a person gives a verb: types of options and arguments, stdin, answers to prompts."""

from __future__ import annotations

import operator
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import Refused
from storage.model.row import NONE, PLAN_FIELDS, Status
from storage.text import dates, sanitize
from storage.text.search_text import folded
from tui import deferred
from tui.cli import option
from tui.cli.answer import wants_json
from tui.text.i18n import _, language, listed, say

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from storage.model import environment
    from storage.model.fields import Field, Word
    from tui.cli.completion import CompletionSource
    from tui.services import external_programs
else:
    # What only reads takes no environment, and hardly anything typed has to be kept aside.
    environment = deferred("storage.model.environment")
    external_programs = deferred("tui.services.external_programs")


class VocabularyWord(click.Choice):  # type: ignore[type-arg]  # not generic in every click 8
    """One of the fixed words of a vocabulary, in either case, width and language."""

    def __init__(self, kind: type[Word]) -> None:
        super().__init__([word.value for word in kind], case_sensitive=False)
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The value meant, as the record spells it."""
        word = self._kind.spelled(folded(str(value).strip()))
        return str(super().convert(value if word is None else word.value, param, ctx))


def words(kind: type[Word]) -> VocabularyWord:
    """The type of an option or an answer that is a word of a vocabulary."""
    return VocabularyWord(kind)


#: No number that is given is larger, nor could SQLite take one that is much larger.
MOST: Final = 1_000_000_000


class AnyNumber(click.types.IntParamType):
    """A whole number, which click itself calls by an English word."""

    name = _("whole number")


class NumberBetween(click.IntRange):
    """A whole number from one to another."""

    name = AnyNumber.name


class _Value(click.ParamType):  # type: ignore[type-arg]  # not generic in every click 8
    """A value of our own."""


class OneOf(_Value):
    """One of a few answers to a question, in either case and width.

    Args:
        spellings: other ways to say each answer, the reader's own first.
    """

    name = "answer"

    def __init__(self, spellings: Mapping[str, Sequence[str]]) -> None:
        self._spellings = spellings

    @classmethod
    def words(cls, kind: type[Word]) -> OneOf:
        """One of the fixed words of the vocabulary, in English or in Chinese."""
        own = operator.attrgetter("zh" if language().startswith("zh") else "en")
        return cls({word.value: (own(word), *word.spellings) for word in kind})

    @property
    def shown(self) -> str:
        """The answers, each with the reader's own word for it."""
        return listed(
            " ".join(dict.fromkeys((answer, *others[:1])))
            for answer, others in self._spellings.items()
        )

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The answer meant."""
        typed = folded(str(value).strip())
        for answer, others in self._spellings.items():
            if typed in map(folded, (answer, *others)):
                return answer
        what = _("“{value}” is none of these: {answers}.")
        what = what.format(value=sanitize.sanitize(str(value)), answers=self.shown)
        raise click.BadParameter(what, ctx, param)


class Completed(_Value, ABC):
    """A value whose completions come from the board or the saved views."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """What begins so."""
        # Loaded here, since a verb that is carried out completes nothing.
        from tui.cli.completion import CompletionSource

        return self._offered(CompletionSource(ctx), incomplete)

    @abstractmethod
    def _offered(self, source: CompletionSource, incomplete: str) -> list[CompletionItem]:
        """What begins so, of the values that there are."""


class PitfallId(Completed):
    """The beginning of a pitfall's id; the board resolves it when it is open."""

    name = "id"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The ids on this board that begin so, with their titles."""
        found = super().shell_complete(ctx, param, incomplete)
        return [*found, *_of_what_follows(ctx, param, incomplete)]

    def _offered(self, source: CompletionSource, incomplete: str) -> list[CompletionItem]:
        return source.pitfall_ids(incomplete)


def _of_what_follows(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> Iterator[CompletionItem]:
    """What the argument behind any number of ids may be: click offers only the ids."""
    if param.nargs == -1:
        arguments = [one for one in ctx.command.params if isinstance(one, click.Argument)]
        for after in arguments[arguments.index(param) + 1 :] if param in arguments else ():
            yield from after.type.shell_complete(ctx, after, incomplete)


class StatusWord(click.Choice):  # type: ignore[type-arg]  # as above
    """A status as the command line spells it: ``fixed`` will do for ``fixed upstream``."""

    name = "status"

    def __init__(self) -> None:
        super().__init__(("open", "workaround", "fixed"))

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Status:
        """The status meant."""
        # Loaded here, since few verbs take a status.
        from storage.query.values import parse_status

        try:
            return parse_status(value)
        except Refused as error:
            self.fail(say(error), param, ctx)


class AnyMoment(_Value):
    """A day or a time in the board's time zone, as milliseconds since 1970.

    Args:
        is_seen: something was seen then, which can't be still to come.
    """

    name = "time"

    def __init__(self, *, is_seen: bool = False) -> None:
        self._is_seen = is_seen

    def _read(self, text: str) -> int:
        return (dates.seen if self._is_seen else dates.moment)(text)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The moment meant; a day is its beginning."""
        if isinstance(value, int):
            return value
        try:
            return self._read(value)
        except Refused as error:
            self.fail(say(error), param, ctx)


class FutureMoment(AnyMoment):
    """A moment still to come: a day, a time, or how long from now."""

    def _read(self, text: str) -> int:
        return dates.ahead(text, dates.now_ms())


class Day(_Value):
    """A day, as ISO 8601 writes it.

    Args:
        last: of a week the last day is meant, not the first.
        is_due: it is one by which something is due, and may be none.
    """

    name = "date"

    def __init__(self, *, last: bool = False, is_due: bool = False) -> None:
        self._last, self._is_due = last, is_due

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The day meant."""
        try:
            if not self._is_due:
                return dates.day(value, last=self._last)
            is_none = value.strip().casefold() in ("", *NONE)
            return "" if is_none else dates.due_day(value, dates.now_ms())
        except Refused as error:
            self.fail(say(error), param, ctx)


class VersionOrDay(_Value):
    """The version or the day from which a fix holds."""

    name = "version or date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dates.FixStart:
        """A day if it is written as one, else a version."""
        if isinstance(value, dates.FixStart):
            return value
        try:
            return dates.since(value)
        except Refused as error:
            self.fail(say(error), param, ctx)


def environment_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Let a verb take an environment: each field by its name, None if it is not said."""
    return _field_options(verb, environment.FIELDS)


def plan_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Let a verb take what was agreed on, likewise."""
    return _field_options(verb, PLAN_FIELDS)


class Assignee(Completed):
    """A name."""

    name = "name"

    def _offered(self, source: CompletionSource, incomplete: str) -> list[CompletionItem]:
        return source.people(incomplete)


def _field_options(verb: Callable[..., Any], fields: Sequence[Field]) -> Callable[..., Any]:
    types = {"assignee": Assignee(), "due": Day(is_due=True)}
    for field in reversed(fields):
        verb = option(
            field.option or f"--{field.name.replace('_', '-')}",
            field.name,
            type=types.get(field.name) if field.words is None else words(field.words),
            metavar=field.metavar or None,
            help=_(field.help),
        )(verb)
    return verb


# Options of several verbs

reason_option = option("--reason", metavar="TEXT|-", help=_("Why, for the history; - is stdin."))
seen_at_option = option(
    "--at",
    "seen_at",
    metavar="TIME",
    type=AnyMoment(is_seen=True),
    help=_("When it was seen; the default is now: 2026-11-20 14:03."),
)


# What a person types beside the options: on stdin, or when asked for what is missing


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
    return not wants_json() and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, *, among: Any = str, default: str | None = None) -> str:
    """What a person answers; asked on stderr, so that stdout stays data.

    Args:
        question: in a word or two.
        among: the click type that the answer must be of.
        default: what an empty answer means; without one an answer must be given.
    """
    if isinstance(among, OneOf):
        question = _("{question} ({answers})").format(question=question, answers=among.shown)
    answer = str(
        click.prompt(question, default=default, type=among, show_default=bool(default), err=True)
    )
    note_typed(answer)
    return answer


def confirm(question: str, *, default: bool, abort: bool = False) -> bool:
    """Whether a person agrees.

    Args:
        question: to be answered with yes or no.
        default: what an empty answer means.
        abort: whether the verb ends if not.

    Raises:
        click.Abort: it is to end.
    """
    answers = OneOf({"y": ("y", "yes", "是"), "n": ("n", "no", "否")})
    shown, usual = (f"{question} [Y/n]", "y") if default else (f"{question} [y/N]", "n")
    answer = click.prompt(shown, default=usual, type=answers, show_default=False, err=True)
    if abort and answer != "y":
        raise click.Abort
    return bool(answer == "y")


def text_of(value: str | None) -> str | None:
    """The text that an option or argument gives; ``-`` stands for all of stdin.

    Raises:
        WrongUse: if stdin was taken already, or does not hold text.
    """
    if value != "-":
        return value
    text = read_stdin()
    note_typed(text)
    return text.removesuffix("\n")


def read_stdin() -> str:
    """All of stdin, which can be asked for once, as text from elsewhere.

    Raises:
        WrongUse: if it was taken already, holds too much, or no text.
    """
    meta = click.get_current_context().meta
    if "pitboard.stdin" in meta:
        raise WrongUse(_("Standard input (-) can only be taken once."))
    meta["pitboard.stdin"] = True
    data = sys.stdin.buffer.read(_LONGEST_INPUT + 1)
    if len(data) > _LONGEST_INPUT:
        raise WrongUse(_("Standard input holds more than any text here can be; nothing was saved."))
    try:
        return sanitize.text_of(data, _("Standard input"))
    except Refused as error:
        raise WrongUse(say(error)) from error


def note_typed(text: str) -> None:
    """Remember text that would be lost if the action at hand fails."""
    click.get_current_context().meta.setdefault(_TYPED, []).append(text)


@contextmanager
def save_typed_on_error(context: click.Context) -> Iterator[None]:
    """If what is done inside fails, keep what was typed for it, and note on the error where."""
    try:
        yield
    except BaseException as error:
        typed = [text for text in context.meta.get(_TYPED, ()) if text.strip()]
        if typed:
            path = external_programs.put_aside("\n".join(typed))
            error.add_note(_("What you typed is kept in {path}.").format(path=path))
        raise
