"""The verbs ``fix``, ``verify``, ``reopen`` and ``vendor-reply``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storage.db.reader import typed_id
from storage.errors import N_, NotFound
from storage.model.row import Status
from storage.model.vocabulary import Axis, Host, Outcome, Platform, VendorReplyKind, is_web_address
from storage.text import dates
from tui import deferred
from tui.cli import option
from tui.cli.changes import carry_out, is_dry_run, meant, on_several, tell
from tui.cli.group import Verb
from tui.cli.input import (
    Day,
    NumberBetween,
    PitfallId,
    StatusWord,
    VersionOrDay,
    WrongUse,
    ask,
    environment_options,
    is_interactive,
    reason_option,
    seen_at_option,
    text_of,
    words,
)
from tui.cli.open_board import writing
from tui.cli.output import talk
from tui.cli.report import warn_first
from tui.text.i18n import _, listed

if TYPE_CHECKING:
    from storage.model.records import Pitfall
    from tui.services import config
    from tui.text import verdicts
else:
    verdicts = deferred("tui.text.verdicts")
    config = deferred("tui.services.config")

_id = click.argument("prefix", metavar="ID", type=PitfallId())


@click.command(
    "fix",
    cls=Verb,
    examples=(
        "pitboard fix 867d --axis client --from 4.1.12 --platform ios",
        "pitboard fix 867d --axis server --from 2026-11-20",
    ),
    help=_(
        "Record that it is fixed from a version or a date.\n\n"
        "Give what is known: the axis, and the version or date from which the fix holds, or"
        " the last affected version. Occurrences are judged by it from then on. The status"
        " stays as it is unless --status is given."
    ),
)
@_id
@option("--axis", type=words(Axis), help=_("What the vendor fixed it in."))
@option(
    "--from",
    "since",
    metavar="VERSION-OR-DATE",
    multiple=True,
    type=VersionOrDay(),
    help=_("The version or date from which the fix holds; may be given twice, for both."),
)
@option("--affected-since", metavar="VERSION", default="", help=_("The first affected version."))
@option("--last-affected", metavar="VERSION", default="", help=_("The last affected version."))
@option("--platform", type=words(Platform), help=_("Only on this platform; the default is all."))
@option("--host", type=words(Host), help=_("Only in this host app; the default is all."))
@option(
    "--ref", "reference", metavar="URL", default="", help=_("The URL where the vendor says so.")
)
@option("--quote", metavar="TEXT|-", help=_("What the vendor says there; - is stdin."))
@option("--official", is_flag=True, help=_("The author speaks for the vendor."))
@option(
    "--grace",
    "grace_days",
    metavar="DAYS",
    type=NumberBetween(0, 366),
    help=_("Days until a new base library has reached everybody; the default is 30."),
)
@option("--status", type=StatusWord(), help=_("Also set the status."))
@click.pass_context
def fix(
    context: click.Context,
    /,
    prefix: str,
    axis: str | None,
    since: tuple[dates.FixStart, ...],
    quote: str | None,
    grace_days: int | None,
    status: Status | None,
    **fields: Any,
) -> None:
    """Record a fix."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        if axis is None and is_interactive():
            axis = ask(_("Axis"), among=words(Axis))
        if grace_days is None:
            grace_days = config.load().config.grace_days
        fields |= {
            "axis": axis,
            "from_version": next((one.version for one in since if one.version), ""),
            "from_date": next((one.day for one in since if one.day), ""),
            "quote": text_of(quote),
            "grace_days": grace_days,
        }
        versions = (fields[name] for name in ("from_version", "affected_since", "last_affected"))
        warn_first(verdicts.not_comparable(*versions))
        store.fixes.record(pitfall, status=status, **fields)
        tell(board, pitfall, _("Recorded a fix of {id}: {title}"))
        held = board.pitfall(pitfall)
    _suggest(held, fields["platform"], status)


def _suggest(pitfall: Pitfall, platform: str | None, status: Status | None) -> None:
    """What else may want to be done about the status."""
    if platform and pitfall.status is Status.FIXED_UPSTREAM and pitfall.workaround.plain:
        talk(
            _(
                "The fix is for one platform only; “pitboard status {id} workaround” keeps the"
                " workaround for the others."
            ).format(id=pitfall.id[:8])
        )
    elif status is None and not platform and pitfall.status is not Status.FIXED_UPSTREAM:
        talk(
            _("The status stays as it is; “pitboard status {id} fixed” changes it.").format(
                id=pitfall.id[:8]
            )
        )


@click.command(
    "verify",
    cls=Verb,
    examples=(
        "pitboard verify 867d --not-reproduced --client-version 4.1.12 --platform ios",
        'pitboard verify 867d --workaround --note "still needed"',
    ),
    help=_(
        "Verify whether a fix or a workaround works.\n\n"
        "The result is logged as an occurrence. The environment is optional, but only a"
        " version at or beyond the fix counts as evidence. With --workaround it records"
        " that the workaround of one or several pitfalls was tried and works; “pitboard"
        " list --view stale” lists those that nobody tried for twelve weeks."
    ),
)
@on_several
@option("--workaround", "of_workaround", is_flag=True, help=_("The workaround works."))
@option(
    "--reproduced/--not-reproduced",
    "reproduced",
    default=None,
    help=_("Whether it was still reproduced there."),
)
@option(
    "--fix",
    "fix_id",
    metavar="ID",
    help=_("The fix, by its id in show --json; the default is the newest."),
)
@environment_options
@option("--message", metavar="TEXT|-", help=_("The error message; - is stdin."))
@seen_at_option
@option("--note", metavar="TEXT|-", help=_("The evidence: what was tried; - is stdin."))
@click.pass_context
def verify(
    context: click.Context,
    /,
    names: tuple[str, ...],
    of_workaround: bool,
    reproduced: bool | None,
    fix_id: str | None,
    **fields: Any,
) -> None:
    """Log a verification."""
    if of_workaround:
        if reproduced is not None or fix_id or any(fields[one] for one in fields if one != "note"):
            raise WrongUse(_("With --workaround only --note can be given."))
        _verify_workaround(context, names, fields["note"])
        return
    if reproduced is None:
        if not is_interactive():
            raise click.UsageError(
                _("Give --reproduced or --not-reproduced, or --workaround."), context
            )
        outcome = ask(_("Outcome"), among=words(Outcome))
    else:
        outcome = (Outcome.REPRODUCED if reproduced else Outcome.NOT_REPRODUCED).value
    tried: list[str] = []
    with writing(context) as (store, board):
        pitfall, *others = meant(board, names)
        if others:
            raise WrongUse(_("A fix is verified for one pitfall at a time."))
        fields |= {field: text_of(fields[field]) for field in ("message", "note")}
        fix = _meant_fix(board.pitfall(pitfall), fix_id)
        warn_first(verdicts.doubted(board, fields))
        carry_out(
            *(context, store, board, [pitfall]),
            lambda _ids: tried.append(store.fixes.verify(pitfall, fix, outcome, **fields)),
            _("Logged a verification of {id}: {title}"),
        )
        if not is_dry_run(context):
            why = verdicts.says_nothing(board, pitfall, tried[-1], fix)
            for line in [why] if why else verdicts.verdicts_of(board, [pitfall], tried):
                talk(line)


def _verify_workaround(context: click.Context, names: tuple[str, ...], note: str | None) -> None:
    """Record that the workarounds of pitfalls work."""
    with writing(context) as (store, board):
        pitfalls = meant(board, names)
        tried = text_of(note) or ""
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: store.fixes.confirm_workaround(ids, tried),
            _("Verified the workaround of {id}: {title}"),
        )


def _meant_fix(pitfall: Pitfall, prefix: str | None) -> str:
    """The fix that is meant.

    Raises:
        NotFound: if there is none.
    """
    found = [one.id for one in pitfall.fixes if one.id.startswith(prefix or "")]
    if not found:
        raise NotFound(
            N_("This pitfall has no such fix."), N_("“pitboard fix” records what the vendor fixed.")
        )
    return found[-1]


@click.command(
    "reopen",
    cls=Verb,
    examples=('pitboard reopen 867d --reason "seen again on 4.1.13"',),
    help=_(
        "Reopen pitfalls: the fix does not hold.\n\n"
        "ID may be given several times; - reads ids from stdin."
    ),
)
@on_several
@reason_option
@click.pass_context
def reopen(context: click.Context, names: tuple[str, ...], reason: str | None) -> None:
    """Go back to the status from before the fix."""
    why = text_of(reason)
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.status.reopen(ids, reason=why or _("The fix does not hold.")),
            _("Reopened {id}: {title}"),
        )


# The verb that records vendor replies: vendor-reply


@click.command(
    "vendor-reply",
    cls=Verb,
    examples=("pitboard vendor-reply 867d --kind will-fix --ref https://a.example/thread",),
    help=_(
        "Record what the vendor replied.\n\n"
        "A vendor reply belongs to a link: --ref is its address, which is added if it is new, or"
        " the beginning of its id (“pitboard show --json” shows it). With a single link it can be"
        " left out. The newest reply gives the vendor's position; official ones (--official)"
        " outrank the others."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@option("--ref", "reference", metavar="URL-OR-ID", help=_("The link to which the reply belongs."))
@option("--kind", type=words(VendorReplyKind), help=_("The kind of reply."))
@option("--at", "said_on", metavar="DATE", type=Day(), help=_("The day of the quote."))
@option("--author", metavar="NAME", help=_("The author."))
@option("--official", is_flag=True, help=_("The author speaks for the vendor."))
@option("--version", metavar="VERSION", help=_("The version in which it is or will be fixed."))
@option("--quote", metavar="TEXT|-", help=_("The quote; - is stdin."))
@click.pass_context
def vendor_reply(
    context: click.Context,
    prefix: str,
    reference: str | None,
    kind: str | None,
    said_on: str | None,
    author: str | None,
    official: bool,
    version: str | None,
    quote: str | None,
) -> None:
    """Note what the vendor said."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        held = board.pitfall(pitfall)
        quote = text_of(quote)
        if is_interactive():
            if reference is None and len(held.references) != 1:
                reference = ask(_("URL of the reply"))
            kind = kind or ask(_("What the vendor says"), among=words(VendorReplyKind))
        where = _place(held, reference)
        if kind is None:
            raise WrongUse(
                _("A vendor reply needs --kind: {kinds}.").format(kinds=listed(VendorReplyKind))
            )
        store.links.add_reply(
            pitfall,
            where,
            sort=kind,
            said_on=said_on,
            author=author,
            official=official,
            version=version,
            quote=quote,
        )
        tell(board, pitfall, _("Added a vendor reply to {id}: {title}"))


def _place(pitfall: Pitfall, fields: str | None) -> str:
    """The id of the reference that is meant, or the address of one that may be new.

    Raises:
        WrongUse: if none is meant, or several could be.
    """
    if fields is not None and is_web_address(fields):
        return fields
    meant = [one.id for one in pitfall.references if one.id.startswith(typed_id(fields or ""))]
    if len(meant) == 1:
        return meant[0]
    if fields is None:
        raise WrongUse(_("Where was it said? Give the address with --ref."))
    raise WrongUse(
        _("“{value}” is neither an address nor the id of one reference of this pitfall.").format(
            value=fields
        )
    )
