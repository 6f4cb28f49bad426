"""The verbs ``paste`` and ``signature test``: what copied text is about, and what would match."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from storage.db.reader import Reader
from storage.errors import Refused
from storage.model.fields import LONGEST_PASTE
from storage.model.row import InboxReason
from storage.model.vocabulary import SignatureForm
from storage.text.dates import now_ms
from storage.text.sanitize import most_of, sanitize
from tui import deferred
from tui.cli import answer, option, output
from tui.cli.answer import wants_json
from tui.cli.changes import tell
from tui.cli.group import Verb
from tui.cli.input import (
    AnyNumber,
    PitfallId,
    WrongUse,
    environment_options,
    is_interactive,
    note_typed,
    seen_at_option,
    words,
)
from tui.cli.open_board import ReadingVerb, reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, styled, talk
from tui.cli.report import warn_first
from tui.text.cells import cut
from tui.text.fields import cut_words
from tui.text.i18n import _, ngettext, say
from tui.text.i18n import read as read_text

if TYPE_CHECKING:
    from storage.match import error_text, generality, normalizer
    from storage.match.likeness import PitfallMatch
    from storage.paste import reader
    from storage.paste.extraction import PasteResult
    from storage.read.board import Board
    from storage.write.store import Store
    from tui.cli import known_errors
    from tui.text import verdicts
else:
    verdicts = deferred("tui.text.verdicts")
    error_text = deferred("storage.match.error_text")
    generality = deferred("storage.match.generality")
    normalizer = deferred("storage.match.normalizer")
    reader = deferred("storage.paste.reader")
    known_errors = deferred("tui.cli.known_errors")

#: No character of UTF-8 or GB18030 has more bytes.
_BYTES_A_CHARACTER: Final = 4
_LONGEST_TITLE: Final = 40
#: So many lines of each kind are shown that a signature matches.
_SHOWN: Final = 10
_INDENT: Final = "   "


@click.command(
    "paste",
    cls=Verb,
    examples=("pitboard paste error.txt", "pitboard paste --log error.txt"),
    help=_(
        "Check pasted text for known pitfalls, and log or report it.\n\n"
        "FILE or stdin holds anything: console output, the JSON of wx.getSystemInfo, a bug"
        " report, lines of a chat. What the options say of where it was seen counts more than"
        " what was read. Piped, it writes lines with tabs: “read”, “contradiction” and “open” with"
        " field, value, line and words; “message” and “note” with a line of it; “left-out”, what is"
        " not kept; “match” with id, status, title, “signature” or “look-alike”, why, workaround,"
        " “regressed” or nothing; “logged” or “reported” with an id."
        " The exit code is 1 if no signature matched and nothing was saved."
    ),
)
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@option("--log", is_flag=True, help=_("Log an occurrence of the pitfall whose signature matches."))
@option("--to", metavar="ID", type=PitfallId(), help=_("Log an occurrence of this pitfall."))
@option(
    "--inbox",
    is_flag=True,
    help=_("Report text that no signature matches as a new pitfall in the inbox."),
)
@environment_options
@option("--message", metavar="TEXT", help=_("The error message, if not the one that was read."))
@option("--count", metavar="N", type=AnyNumber(), help=_("How many times; the default is 1."))
@seen_at_option
@option("--note", metavar="TEXT", help=_("A note."))
@click.pass_context
def paste(
    context: click.Context,
    /,
    file: str | None,
    log: bool,
    to: str | None,
    inbox: bool,
    **values: Any,
) -> int:
    """Read what was pasted; log it if that is wanted."""
    if to and (log or inbox):
        raise WrongUse(_("--to already says where it belongs; leave out --log and --inbox."))
    text = _text(file)
    pasted = reader.read(text, now=now_ms())
    given = {name: value for name, value in values.items() if value is not None}
    for name, n in pasted.cut.items():
        if name not in given:
            talk(cut_words(name, n))
    title = pasted.title or str(given.get("message", "")).strip()
    if not (log or to or inbox):
        with reading(context) as board:
            found = _known(board, text, pasted, given)
            _write(board, pasted, given, found)
        return output.DONE if _sure(found) else _say_unknown(found, title)
    with writing(context) as (store, board):
        found = _known(board, text, pasted, given)
        if not wants_json():
            _write(board, pasted, given, found)
        pitfall = _belongs_to(board, found, to, log=log, inbox=inbox and bool(title))
        if pitfall is not None:
            warn_first(verdicts.doubted(board, _occurrence(pasted, given)))
        saved: tuple[str, str] | None = None
        logged: list[str] = []
        if pitfall:
            logged = [store.occurrences.log(pitfall, **_occurrence(pasted, given))]
            saved = ("logged", pitfall)
        elif pitfall is not None:
            saved = ("reported", _report(store, title, pasted, given))
        entries = [entry for step in store.session.steps for entry in step.entries]
        _tell(board, pasted, given, found, saved, entries)
        for words in verdicts.verdicts_of(board, [pitfall or ""], logged):
            talk(words)
    return output.DONE if saved else _say_unknown(found, title)


def _text(file: str | None) -> str:
    """What was pasted, whatever its encoding."""
    longest = _BYTES_A_CHARACTER * LONGEST_PASTE
    if file is not None and file != "-":
        with Path(file).open("rb") as stream:
            data = stream.read(longest + 1)
        name = file
    else:
        if sys.stdin.isatty():
            talk(_("What you type is read; Ctrl-D on a line of its own ends it."))
        data, name = sys.stdin.buffer.read(longest + 1), _("Standard input")
    if len(data) > longest:
        raise WrongUse(say(reader.too_long()))
    try:
        text, lost = most_of(data, name)
    except Refused as error:
        raise WrongUse(say(error)) from error
    if lost:
        said = ngettext(
            "{n} byte of {name} could not be read as UTF-8; all else was read.",
            "{n} bytes of {name} could not be read as UTF-8; all else was read.",
            lost,
        )
        talk(said.format(n=lost, name=sanitize(name)))
    if len(text) > LONGEST_PASTE:
        raise WrongUse(say(reader.too_long()))
    note_typed(text)
    return text


def _known(
    board: Board, text: str, pasted: PasteResult, given: Mapping[str, Any]
) -> list[PitfallMatch]:
    values = {name: reading.value for name, reading in pasted.values.items()} | dict(given)
    message = given.get("message", "")
    return known_errors.known_ones(
        board,
        f"{text}\n{message}" if message else text,
        title=pasted.gist,
        message=message or pasted.message,
        platform=values.get("platform"),
        channel=values.get("channel"),
    )


def _sure(found: Sequence[PitfallMatch]) -> list[PitfallMatch]:
    return [match for match in found if match.recognised is not None]


def _say_unknown(found: Sequence[PitfallMatch], title: str) -> int:
    if _sure(found):
        talk(_("It is known, so it was not put into the inbox. --log logs it."))
        return output.NOTHING_FOUND
    if not title:
        talk(_("Nothing in it says what went wrong."))
    elif found:
        talk(_("No signature matches; these are only like it. --to ID logs it, --inbox keeps it."))
    else:
        talk(_("No known pitfall is like it. --inbox puts it into the inbox."))
    answer.advise(_("“pitboard paste --help” shows how to log it or to put it into the inbox."))
    return output.NOTHING_FOUND


# What is written


def _write(
    board: Board,
    pasted: PasteResult,
    given: Mapping[str, Any],
    found: Sequence[PitfallMatch],
) -> None:
    if wants_json():
        emit_json(known_errors.paste_data(board, pasted, given, found))
    elif for_people():
        emit(known_errors.paste_page(board, pasted, given, found))
    else:
        emit_rows(known_errors.paste_rows(pasted, given, found))


def _tell(
    board: Board,
    pasted: PasteResult,
    given: Mapping[str, Any],
    found: Sequence[PitfallMatch],
    saved: tuple[str, str] | None,
    entries: Sequence[str],
) -> None:
    """Say where it went."""
    action, pitfall = saved or ("", "")
    if wants_json():
        outcome: dict[str, Any] = {"logged": None, "reported": None, "entries": []}
        if saved:
            outcome |= {action: pitfall, "entries": entries}
        emit_json(known_errors.paste_data(board, pasted, given, found) | outcome)
    if not saved:
        return
    if not (wants_json() or for_people()):
        emit_rows([(action, pitfall)])
    sentences = {
        "logged": _("Logged an occurrence of {id}: {title}"),
        "reported": _("Put {id} into the inbox: {title}"),
    }
    if for_people() and not wants_json():
        tell(board, pitfall, sentences[action])
    else:
        title = cut(sanitize(read_text(board.pitfall(pitfall).title)), _LONGEST_TITLE)
        talk(sentences[action].format(id=board.short_id(pitfall), title=title))


# What is saved


def _belongs_to(
    board: Board, found: Sequence[PitfallMatch], to: str | None, *, log: bool, inbox: bool
) -> str | None:
    """The pitfall that it is an occurrence of; empty for a new one; None if it is not saved."""
    if to:
        return board.resolve(to)
    sure = _sure(found)
    if sure and log:
        return _chosen(board, sure)
    return "" if inbox and not sure else None


def _chosen(board: Board, sure: Sequence[PitfallMatch]) -> str:
    """The best, unless there are several and somebody can be asked."""
    if len(sure) == 1 or not is_interactive():
        return sure[0].pitfall.id
    if not for_people():
        talk("\n".join(known_errors.numbered(board, sure, remedies=False)))
    answer = known_errors.ask_which(_("Which one was it?"), sure, {}, "1")
    return sure[int(answer) - 1].pitfall.id


def _occurrence(pasted: PasteResult, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the occurrence."""
    note = "\n\n".join(filter(None, (pasted.reproduction, pasted.note)))
    fields: dict[str, Any] = {name: reading.value for name, reading in pasted.values.items()}
    fields |= {"message": pasted.message, "note": note, "seen_at": pasted.seen_at}
    return fields | dict(given)


def _report(store: Store, title: str, pasted: PasteResult, given: Mapping[str, Any]) -> str:
    """A new pitfall in the inbox, with the occurrence by which it was found; its id."""
    occurrence = _occurrence(pasted, given)
    return store.pitfalls.report(
        title,
        reproduction=occurrence.pop("note"),
        references=pasted.urls,
        inbox=InboxReason.UNMATCHED,
        occurrence=occurrence,
    )


# What a signature would match


@click.command(
    "signature test",
    cls=ReadingVerb,
    examples=(
        'pitboard signature test "openDoc:fail only by tap"',
        'pitboard signature test "openDoc:fail*tap" --form glob --against build.log',
    ),
    help=_(
        "Show what a signature would match.\n\n"
        "TEXT is tried on the messages of this board's occurrences, on lines that everyday logs"
        " hold, and on FILE. A signature that any error may hold is refused wherever one is added;"
        " the exit code is 3 then. Piped, it writes lines with tabs: “verdict” with “fine”,"
        " “refused” or “too general” and why; “board” with id and line; “everyday” and “file” with"
        " a line."
    ),
)
@click.argument("text")
@option("--form", type=words(SignatureForm), default="literal", help=_("How TEXT is meant."))
@option(
    "--against",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help=_("A log that it is tried on as well."),
)
@click.pass_context
def test_signature(context: click.Context, text: str, form: str, against: str | None) -> int:
    """Show what a signature would match."""
    kind = SignatureForm(form)
    why = ""
    try:
        generality.check_signature(text, kind)
    except Refused as refused:
        why = say(refused)
    everyday = list(generality.everyday_hits(text, kind))
    lines = None
    if against:
        log = ((line, normalizer.key_of(line)) for line in error_text.lines_of(Path(against)))
        lines = list(generality.hits_in(log, text, kind))
    with reading(context) as board, Reader.open(board.path) as signatures:
        hits = generality.board_hits(signatures, text, kind)
        verdict = "refused" if why else "too general" if everyday else "fine"
        if wants_json():
            emit_json(
                {
                    "text": text,
                    "form": kind.value,
                    "verdict": verdict,
                    "why": why or None,
                    "board": [{"id": one.pitfall, "line": one.line} for one in hits],
                    "everyday": everyday,
                    "file": lines,
                }
            )
        elif for_people():
            emit(_tested(board, text, why, hits, everyday, lines))
        else:
            emit_rows(
                [
                    ("verdict", verdict, why),
                    *(("board", one.pitfall, one.line) for one in hits),
                    *(("everyday", line) for line in everyday),
                    *(("file", line) for line in lines or ()),
                ]
            )
    return output.REFUSED if why else output.DONE


def _tested(
    board: Board,
    text: str,
    why: str,
    hits: Sequence[generality.BoardHit],
    everyday: Sequence[str],
    lines: Sequence[str] | None,
) -> Iterator[str]:
    """The verdict, then the lines that it matches, for people."""
    if why:
        yield sanitize(why)
    elif everyday:
        yield _("“{text}” is too general: it matches what logs of anything hold.").format(
            text=sanitize(text)
        )
    else:
        yield _("“{text}” tells this error from others.").format(text=sanitize(text))
    sections: list[tuple[str, list[str]]] = [
        (
            _("On this board: {n}"),
            [f"{board.short_id(one.pitfall)}  {sanitize(one.line)}" for one in hits],
        ),
        (_("In everyday logs: {n}"), [sanitize(line) for line in everyday]),
    ]
    if lines is not None:
        sections.append((_("In the file: {n}"), [sanitize(line) for line in lines]))
    for heading, shown in sections:
        yield ""
        yield styled(heading.format(n=len(shown)), bold=True)
        yield from (cut(f"{_INDENT}{line}", columns()) for line in shown[:_SHOWN])
        if len(shown) > _SHOWN:
            yield _INDENT + _("… and {n} more").format(n=len(shown) - _SHOWN)
