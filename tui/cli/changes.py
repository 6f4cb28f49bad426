"""Changes to one or several pitfalls: ids, ``--dry-run``, confirmation, and the result in words."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from storage.db.blobs import Upload, read_file, read_stream
from storage.db.reader import typed_id
from storage.errors import N_, Ambiguous, NotFound, PitboardError, Refused
from storage.model.vocabulary import tags_named
from storage.text.sanitize import NAMELESS, label_of, sanitize
from tui import deferred
from tui.cli import answer, option
from tui.cli.input import PitfallId, WrongUse, ask, confirm, is_interactive, read_stdin
from tui.cli.output import ProgressLine, columns, emit, emit_rows, for_people, named, talk
from tui.text.cells import cut
from tui.text.i18n import _, listed, ngettext, read, saving_words

if TYPE_CHECKING:
    from storage.model.records import Line
    from storage.read.board import Board
    from storage.write.store import Store
    from tui.text import vocabulary
else:
    vocabulary = deferred("tui.text.vocabulary")

_DRY_RUN: Final = "pitboard.dry_run"
_SURE: Final = "pitboard.sure"
_LACKS_LAST: Final = "pitboard.lacks_last"
#: As many pitfalls as a question names; ``--dry-run`` names all.
_NAMED_AT_MOST: Final = 20
_INDENT: Final = "  "

_Parsed = tuple[Any, list[str]]


class _Ids(click.Argument):
    """Any number of ids; click gives a lone one to the argument behind them."""

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> _Parsed:
        """Take the one id where nothing was typed behind it."""
        names = opts.get("names")
        has_names = isinstance(names, tuple) and bool(names)
        for after in ctx.command.params:
            lone = opts.get(after.name or "") if isinstance(after, LastArgument) else None
            if not has_names and _is_id(lone):
                ctx.meta[_LACKS_LAST] = True
                opts = {**opts, "names": (lone,)}
        return super().handle_parse_result(ctx, opts, args)


def _is_id(typed: object) -> bool:
    """Whether it can only be meant as the beginning of an id, or as ids on stdin."""
    return isinstance(typed, str) and re.fullmatch("[0-9a-f]+|-", typed_id(typed)) is not None


class LastArgument(click.Argument):
    """What follows the ids of :func:`on_several`; on a terminal it is asked for.

    Args:
        question: asks for it, in a word or two.
    """

    def __init__(self, *args: Any, question: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._question = question

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> _Parsed:
        """Ask for it where only ids were typed.

        Raises:
            click.MissingParameter: if there is nobody to ask.
        """
        if not ctx.meta.get(_LACKS_LAST) or ctx.resilient_parsing:
            return super().handle_parse_result(ctx, opts, args)
        if not is_interactive():
            raise click.MissingParameter(ctx=ctx, param=self)
        answer = ask(self._question, among=self.type)
        return super().handle_parse_result(ctx, {**opts, self.name or "": answer}, args)


def on_several(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Let a verb take several ids (as ``names``), ``--dry-run`` and ``--yes``."""
    for parameter in (
        option(
            "--yes",
            "-y",
            is_flag=True,
            expose_value=False,
            callback=_noting(_SURE),
            help=_("Do not ask before changing several."),
        ),
        option(
            "--dry-run",
            is_flag=True,
            expose_value=False,
            callback=_noting(_DRY_RUN),
            help=_("Show what would change, and change nothing."),
        ),
        click.argument(
            "names", cls=_Ids, metavar="ID…|-", nargs=-1, required=True, type=PitfallId()
        ),
    ):
        verb = parameter(verb)
    return verb


def _noting(key: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def note(context: click.Context, _option: click.Parameter, value: bool) -> None:
        context.meta[key] = value

    return note


def is_dry_run(context: click.Context) -> bool:
    """Whether ``--dry-run`` was given."""
    return bool(context.meta[_DRY_RUN])


def meant(board: Board, names: Iterable[str]) -> list[str]:
    """The pitfalls that ids name, each once.

    Args:
        board: where they are.
        names: beginnings of ids; ``-`` stands for the first column of what comes on stdin,
            which the piped output of ``pitboard list`` can be.

    Raises:
        NotFound, Ambiguous: if one names none or several, or none came on stdin.
    """
    return list(dict.fromkeys(board.resolve(prefix) for prefix in [*each_name(names)]))


def each_name(names: Iterable[str]) -> Iterator[str]:
    """The ids that were given, those on stdin for ``-``."""
    for name in names:
        yield from _ids_on_stdin() if name == "-" else [name]


def _ids_on_stdin() -> list[str]:
    ids = [line.split(maxsplit=1)[0] for line in read_stdin().splitlines() if line.strip()]
    if not ids:
        raise NotFound(N_("No ids came on standard input."))
    return ids


def those_there(board: Board, names: Sequence[str]) -> tuple[list[str], list[PitboardError]]:
    """The pitfalls that ids name, each once, and what is wrong with the other ids.

    Raises:
        NotFound, Ambiguous: if no id names a pitfall.
    """
    found: dict[str, None] = {}
    missing: list[PitboardError] = []
    for name in [*each_name(names)]:
        try:
            found[board.resolve(name)] = None
        except (NotFound, Ambiguous) as error:
            missing.append(error)
    if missing and not found:
        raise missing[0]
    return list(found), missing


def carry_out(
    context: click.Context,
    store: Store,
    board: Board,
    pitfalls: Sequence[str],
    change: Callable[[Sequence[str]], object],
    sentence: str,
    **values: object,
) -> None:
    """Do something to one pitfall or several in one step, and say so.

    ``--dry-run`` shows what would change instead; a person is shown it and asked before it is
    done to several, unless ``--yes`` says that they are sure.

    Args:
        context: holds what those options say.
        store, board: of the board.
        pitfalls: their ids.
        change: calls the store's method with the ids; False says that nothing changed.
        sentence: what is said then, a template as :func:`tui.cli.changes.tell` takes it.
        values: what else fills it.

    Raises:
        Refused: naming the first pitfall at fault, if there are several.
        Abort: if the person does not want it.
    """
    try:
        if is_dry_run(context):
            _show(board, store.rehearse(lambda: change(pitfalls)))
            return
        if len(pitfalls) > 1 and is_interactive() and not context.meta[_SURE]:
            _ask(board, store.rehearse(lambda: change(pitfalls)))
        with showing_progress(store):
            changed = change(pitfalls)
    except Refused as refused:
        if len(pitfalls) > 1:
            refused.add_note("  " + named(board, _at_fault(store, pitfalls, change)))
        raise
    if changed is False:
        sentence = _("Nothing changed in {id}: {title}")
    tell(board, pitfalls, sentence, **values)


@contextmanager
def showing_progress(store: Store) -> Iterator[None]:
    """Tell a person how far a change is that takes long."""
    progress = ProgressLine()

    def tell(done: int, total: int) -> None:
        if done or total:
            progress.say(saving_words(done, total))

    store.session.progress = tell
    try:
        yield
    finally:
        progress.end()


def _at_fault(
    store: Store, pitfalls: Sequence[str], change: Callable[[Sequence[str]], object]
) -> str:
    """The first pitfall that an action is refused for."""
    for pitfall in pitfalls[:-1]:
        try:
            store.rehearse(lambda one=pitfall: change([one]))  # type: ignore[misc]
        except Refused:
            return pitfall
    return pitfalls[-1]


def _show(board: Board, lines: Sequence[Line]) -> None:
    if answer.held is not None:
        answer.held.rehearsed = list(lines)
    if not lines:
        talk(_("Nothing would change."))
    elif for_people():
        emit(_previewed(board, lines))
    else:
        titles = {name: read(board.pitfall(name).title) for name in _touched(lines)}
        emit_rows(
            (
                line.pitfall,
                line.what,
                line.field,
                read(line.before),
                read(line.after),
                titles[line.pitfall],
            )
            for line in lines
        )


def _ask(board: Board, lines: Sequence[Line]) -> None:
    count = len(_touched(lines))
    if not lines:
        return
    shown = [line for line in lines if line.pitfall in _touched(lines)[:_NAMED_AT_MOST]]
    for text in _previewed(board, shown):
        talk(text)
    if count > _NAMED_AT_MOST:
        talk(_("… and {n} more; --dry-run shows all.").format(n=count - _NAMED_AT_MOST))
    question = ngettext("Change {n} pitfall?", "Change {n} pitfalls?", count).format(n=count)
    confirm(question, default=True, abort=True)


def _touched(lines: Iterable[Line]) -> list[str]:
    return list(dict.fromkeys(line.pitfall for line in lines))


def _previewed(board: Board, lines: Iterable[Line]) -> Iterator[str]:
    """Each pitfall, and below it what would change of it, from what to what."""
    for pitfall, changes in groupby(lines, lambda line: line.pitfall):
        yield cut(named(board, pitfall), columns())
        for line in changes:
            yield cut(f"{_INDENT}{_becomes(board, line)}", columns())


def _becomes(board: Board, line: Line) -> str:
    if line.decision is None:
        # Loaded here, since it is for those who are asked first.
        from tui.text.history import change_words

        return change_words(line, board.short_id).text
    before = vocabulary.decision_words(board.pitfall(line.pitfall).decision, board.short_id)
    return f"{before or '–'} → {vocabulary.decision_words(line.decision, board.short_id)}"


# The result of a writing verb: ids on stdout, a sentence on stderr


_LONGEST_TITLE: Final = 40
#: More than fit into the room of a title.
_TITLES: Final = 5


def flag_tags(board: Board, pitfalls: Sequence[str], typed: Iterable[str]) -> None:
    """Say which tags were written otherwise than they were typed, since the board has them so."""
    there = {tag.lower(): tag for one in pitfalls[:1] for tag in board.pitfall(one).tags}
    for tag in dict.fromkeys(tags_named(*typed)):
        if (written := there.get(tag.lower(), tag)) != tag:
            talk(
                _("The tag “{typed}” is “{written}” on this board, and was added as that.").format(
                    typed=sanitize(tag), written=sanitize(written)
                )
            )


def tell(
    board: Board,
    pitfalls: str | Sequence[str],
    sentence: str,
    gone: Sequence[str] = (),
    /,
    **values: object,
) -> None:
    """Write the pitfalls' ids, short for people and whole for scripts, and say what was done.

    Args:
        board: where the pitfalls are.
        pitfalls: an id, several, or none if it was about the whole board.
        sentence: a template; ``{id}`` and ``{title}`` are the pitfall's, or say how many there
            are and what the first are called.
        gone: the titles of the first ones, should they be gone, or that of what is no pitfall.
        values: what else fills it.
    """
    ids = [pitfalls] if isinstance(pitfalls, str) else pitfalls
    answer.about(ids)
    emit([board.short_id(one) if for_people() else one for one in ids])
    name = board.short_id(ids[0]) if ids else ""
    if len(ids) > 1:
        name = ngettext("{n} pitfall", "{n} pitfalls", len(ids)).format(n=len(ids))
    named = zip_longest(ids[:_TITLES], gone, fillvalue="")
    title = cut(listed(_title(board, *one) for one in named), _LONGEST_TITLE)
    talk(sentence.format(**values | {"id": name, "title": title}))


def _title(board: Board, pitfall: str, gone: str) -> str:
    try:
        return sanitize(read(board.pitfall(pitfall).title) if pitfall else gone)
    except NotFound:
        # What undo took back may be the pitfall itself.
        return sanitize(gone)


# Files that are named to be attached, whichever verb takes them


attach_option = option(
    "--attach",
    "paths",
    metavar="FILE",
    multiple=True,
    help=_("A screenshot or log to attach; may be repeated."),
)


def uploads(paths: Iterable[str], *, note: str = "", label: str = "") -> list[Upload]:
    """The files that paths name, ``-`` being stdin.

    Raises:
        WrongUse: if stdin is named twice.
        NotFound, Refused: naming the first that can't be attached.
    """
    return [_upload(path, note, label) for path in paths]


def _upload(path: str, note: str, label: str) -> Upload:
    if path != "-":
        file = Path(path)
        try:
            return Upload(read_file(file), label or label_of(file.name), note)
        except Refused as refused:
            if "path" not in refused.values:
                refused.add_note(f"  {sanitize(path)}")
            raise
    meta = click.get_current_context().meta
    if "pitboard.stdin" in meta:
        raise WrongUse(_("Standard input (-) can only be taken once."))
    meta["pitboard.stdin"] = True
    return Upload(read_stream(sys.stdin.buffer), label or NAMELESS, note)
