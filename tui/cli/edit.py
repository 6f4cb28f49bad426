"""The verbs ``status``, ``edit``, ``comment`` and ``link``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from storage.errors import N_, Refused
from storage.model.row import Kind, Severity, Status
from storage.model.vocabulary import Axis, Source, tags_named
from storage.text import dates
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import option
from tui.cli.changes import (
    LastArgument,
    carry_out,
    flag_tags,
    meant,
    on_several,
)
from tui.cli.group import Verb
from tui.cli.input import (
    Day,
    OneOf,
    StatusWord,
    VersionOrDay,
    WrongUse,
    ask,
    confirm,
    is_interactive,
    note_typed,
    plan_options,
    reason_option,
    text_of,
    words,
)
from tui.cli.open_board import writing
from tui.cli.output import talk
from tui.cli.report import warn_first
from tui.text.i18n import _, say

if TYPE_CHECKING:
    from storage.match import generality
    from storage.model.records import Pitfall
    from storage.read.board import Board
    from tui.services import external_programs
    from tui.services.external_programs import DocumentChanges
    from tui.text import verdicts, vocabulary
else:
    verdicts = deferred("tui.text.verdicts")
    vocabulary = deferred("tui.text.vocabulary")
    generality = deferred("storage.match.generality")
    # An editor is seldom asked for.
    external_programs = deferred("tui.services.external_programs")


@click.command(
    "status",
    cls=Verb,
    examples=(
        'pitboard status 867d workaround --workaround "Open it from a chat"',
        "pitboard status 867d fixed --axis client --from 4.1.12",
    ),
    help=_(
        "Set the status of pitfalls.\n\n"
        "ID may be given several times; - reads ids from stdin. “workaround” needs a"
        " workaround text, “fixed” needs an axis and the version or date from which the fix"
        " holds. On a terminal it asks for what is missing."
    ),
)
@on_several
@click.argument(
    "status",
    cls=LastArgument,
    question=_("Status"),
    type=StatusWord(),
)
@option("--workaround", metavar="TEXT|-", help=_("What to do meanwhile; - is stdin."))
@option("--axis", type=words(Axis), help=_("What the vendor fixed it in."))
@option(
    "--from",
    "since",
    metavar="VERSION-OR-DATE",
    type=VersionOrDay(),
    help=_("The version or date from which the fix holds."),
)
@option(
    "--ref", "reference", metavar="URL", default="", help=_("The URL where the vendor says so.")
)
@reason_option
@click.pass_context
def status(
    context: click.Context,
    names: tuple[str, ...],
    status: Status,
    workaround: str | None,
    axis: str | None,
    since: dates.FixStart | None,
    reference: str,
    reason: str | None,
) -> None:
    """Set the status of pitfalls."""
    is_fix = status is Status.FIXED_UPSTREAM
    if (axis or since or reference) and not is_fix:
        raise WrongUse(
            _("--axis, --from and --ref tell of a fix; give them with the status “fixed”.")
        )
    with writing(context) as (store, board):
        pitfalls = meant(board, names)
        workaround = text_of(workaround)
        why = text_of(reason) or ""
        if is_interactive():
            held = [board.pitfall(one) for one in pitfalls]
            if status is Status.WORKAROUND and not (
                workaround or all(one.workaround.plain for one in held)
            ):
                workaround = ask(_("Workaround"))
            if is_fix and (axis or since or reference or not all(one.fixes for one in held)):
                axis = axis or ask(_("Axis"), among=OneOf.words(Axis))
                since = since or _asked_since()
        warn_first(verdicts.not_comparable(since.version if since else ""))
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: store.status.set(
                ids,
                status,
                reason=why,
                workaround=workaround or "",
                axis=axis,
                from_version=since.version if since else "",
                from_date=since.day if since else "",
                reference=reference,
            ),
            _("Set {id} to {status}: {title}"),
            status=vocabulary.word(status),
        )


def _asked_since() -> dates.FixStart:
    text = click.prompt(_("Holds from version or date"), type=VersionOrDay(), err=True)
    assert isinstance(text, dates.FixStart)
    return text


@click.command(
    "edit",
    cls=Verb,
    examples=("pitboard edit 867d --severity S1 --tag checked",),
    help=_(
        "Edit the fields, tags and workaround of pitfalls.\n\n"
        "ID may be given several times; - reads ids from stdin. Without options it opens"
        " all fields of one pitfall in $EDITOR. An empty text clears a field."
    ),
)
@on_several
@option("--title", metavar="TEXT", help=_("The title."))
@option("--component", metavar="NAME", help=_("The vendor's API or surface."))
@option("--kind", type=words(Kind), help=_("The kind of pitfall."))
@option("--severity", type=words(Severity), help=_("The severity."))
@plan_options
@option("--workaround", metavar="TEXT|-", help=_("What to do meanwhile; - is stdin."))
@option(
    "--reproduction", metavar="TEXT|-", help=_("Steps, expected, actual, as Markdown; - is stdin.")
)
@option("--tag", "tags", metavar="TAG", multiple=True, help=_("Add a tag."))
@option("--untag", "untags", metavar="TAG", multiple=True, help=_("Remove a tag."))
@option("--signature", "signatures", metavar="TEXT", multiple=True, help=_("Add a signature."))
@option("--unsign", "unsigned", metavar="TEXT", multiple=True, help=_("Remove a signature."))
@reason_option
@click.pass_context
def edit(
    context: click.Context,
    /,
    names: tuple[str, ...],
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    signatures: tuple[str, ...],
    unsigned: tuple[str, ...],
    reason: str | None,
    **fields: str | None,
) -> None:
    """Change fields of pitfalls."""
    with writing(context) as (store, board):
        pitfalls = meant(board, names)
        changes = {
            field: text_of(value) or "" for field, value in fields.items() if value is not None
        }
        why = text_of(reason) or ""
        wanted_tags, wanted_signatures = None, None
        asked = changes or tags or untags or signatures or unsigned
        if len(pitfalls) == 1:
            pitfall = board.pitfall(pitfalls[0])
            wanted_signatures = _with(
                [one.text for one in pitfall.own_signatures], signatures, unsigned
            )
            if not asked:
                changes, wanted_tags, wanted_signatures = _edited(board, pitfall)
        elif not asked:
            raise WrongUse(_("Only one pitfall can be edited in $EDITOR at a time."))
        elif "title" in changes or signatures or unsigned:
            raise WrongUse(_("A title and signatures belong to one pitfall; name only one."))
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: store.pitfalls.edit(
                ids,
                changes,
                tags=wanted_tags,
                add_tags=tags_named(*tags),
                # As it is written, too: what came from elsewhere may begin with a #.
                remove_tags=[*untags, *tags_named(*untags)],
                signatures=wanted_signatures,
                reason=why,
            ),
            _("Edited {id}: {title}"),
        )
        flag_tags(board, pitfalls, tags)
        _flag_signatures(signatures)


def _edited(board: Board, pitfall: Pitfall) -> DocumentChanges:
    """What a person makes of a pitfall in their editor; kept from here on if it is refused."""
    before = external_programs.document(pitfall)
    try:
        after = external_programs.edit_text(before)
        if after.strip() != before.strip():
            note_typed(after)
        edited = external_programs.document_changes(before, after)
    except (external_programs.NoEditor, external_programs.InvalidDocument) as error:
        raise WrongUse(say(error)) from error
    now = external_programs.document(board.pitfall(pitfall.id))
    if found := external_programs.replaced_fields(before, after, now):
        talk(_("Changed on the board meanwhile:"))
        talk(external_programs.replaced_words(found))
        if not (is_interactive() and confirm(_("Replace it?"), default=False)):
            raise Refused(
                N_("Nothing was saved: it would replace what was changed on the board meanwhile."),
                N_("Edit it again."),
            )
    return edited


def _with(held: Sequence[str], added: Sequence[str], taken: Sequence[str]) -> list[str] | None:
    """What is held with some added and some taken away; None if that is what it was."""
    wanted = [one for one in dict.fromkeys((*held, *added)) if one not in taken]
    return wanted if wanted != list(held) else None


def _flag_signatures(signatures: Iterable[str]) -> None:
    """Say which new signatures match what everyday logs hold; they are kept all the same."""
    for text in signatures:
        line = next(generality.everyday_hits(text), None)
        if line is not None:
            talk(
                _("“{text}” matches everyday logs: {line}").format(
                    text=sanitize(text), line=sanitize(line)
                )
            )


@click.command(
    "comment",
    cls=Verb,
    examples=('pitboard comment 867d "Seen again after the update"',),
    help=_(
        "Add a comment.\n\n"
        "ID may be given several times; - reads ids from stdin. The last argument is the"
        " text; on a terminal, “pitboard comment ID” asks for it."
    ),
)
@on_several
@click.pass_context
def comment(context: click.Context, names: tuple[str, ...]) -> None:
    """Say something about pitfalls."""
    ids, text = (names[:-1], names[-1]) if len(names) > 1 else (names, None)
    if text is None and not is_interactive():
        raise WrongUse(_("A comment needs a text: pitboard comment ID TEXT, or - for stdin."))
    with writing(context) as (store, board):
        pitfalls = meant(board, ids)
        value = ask(_("Comment")) if text is None else text_of(text) or ""
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: store.comments.add(ids, value),
            _("Commented on {id}: {title}"),
        )


@click.command(
    "link",
    cls=Verb,
    examples=("pitboard link 867d https://a.example/thread --title Thread",),
    help=_("Add a link."),
)
@on_several
@click.argument("url", cls=LastArgument, question=_("URL"))
@option("--title", metavar="TEXT", help=_("The title of the link."))
@option(
    "--source", type=words(Source), help=_("The type of source; the default follows from the URL.")
)
@option("--quote", metavar="TEXT|-", help=_("What the vendor says there; - is stdin."))
@option("--quoted-on", metavar="DATE", type=Day(), help=_("The day of the quote."))
@option("--official", is_flag=True, help=_("The author speaks for the vendor."))
@click.pass_context
def link(
    context: click.Context,
    names: tuple[str, ...],
    url: str,
    title: str | None,
    source: str | None,
    quote: str | None,
    quoted_on: str | None,
    official: bool,
) -> None:
    """Add a link."""
    with writing(context) as (store, board):
        pitfalls = meant(board, names)
        text = text_of(quote)
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: store.links.add(
                ids,
                url,
                title=title,
                source=source,
                quote=text,
                quoted_on=quoted_on,
                official=official,
            ),
            _("Added a link to {id}: {title}"),
        )
