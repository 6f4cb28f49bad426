"""The board in a browser: the verb ``serve``."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from contextlib import redirect_stdout, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import click

from storage.errors import N_, Refused
from storage.text.sanitize import first_hostile
from tui.cli import output
from tui.cli.answer import wants_json
from tui.cli.group import Verb, deferred
from tui.cli.open_board import ready
from tui.cli.output import emit, emit_json, talk
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.serve import server
else:
    # It is an extra, and only a call that serves needs it.
    server = deferred("tui.serve.server")

_MOST_IN_NAME: Final = 200
_HERE: Final = "127.0.0.1"
_PORT: Final = 8088


@click.command(
    "serve",
    cls=Verb,
    examples=(
        "pitboard serve",
        "pitboard serve --read-only",
        "pitboard serve --as Lin --port 9000",
    ),
    help=_(
        "Show the board in a browser.\n\n"
        "It prints an address that lets one browser in, once; enter prints another one, ctrl+c"
        " ends it. Only programs on this machine reach it. It needs the extra “serve”."
    ),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help=_("The port; 0 for any that is free."),
)
@click.option("--read-only", "is_read_only", is_flag=True, help=_("Let nobody write."))
@click.option("--as", "who", metavar="NAME", help=_("Who writes; the default is your own name."))
@click.option(
    "--host",
    metavar="ADDRESS",
    default=_HERE,
    help=_("Listen on this name or address instead of this machine alone; it is not encrypted."),
)
@click.pass_context
def serve(context: click.Context, port: int, is_read_only: bool, who: str | None, host: str) -> int:
    """Serve the board until a signal comes."""
    if is_read_only and who is not None:
        raise click.UsageError(_("With --read-only nobody writes: leave --as out."), context)
    if who is not None and (not who.strip() or first_hostile(who) or len(who) > _MOST_IN_NAME):
        raise click.UsageError(_("--as needs a name, on one line."), context)
    address = _address(host)
    if not host or (address is not None and address.is_unspecified):
        raise click.UsageError(
            _("--host needs the one name or address that browsers use for this machine."), context
        )
    if find_spec("textual_serve") is None:
        raise Refused(
            N_("The board in a browser needs the extra “serve”, which is not installed."),
            N_("Install it: uv tool install 'pitboard[serve]', or with pipx or pip."),
        )
    path = ready(context).absolute()
    serving = server.BoardServer(
        path, str(address or host), port, who=who or "", is_read_only=is_read_only
    )
    out = sys.stdout

    def show_address() -> None:
        with redirect_stdout(out):
            if wants_json():
                emit_json({"verb": "serve", "address": serving.new_address(), "port": serving.port})
            else:
                emit([serving.new_address()])
            out.flush()

    def started() -> None:
        if address is None or not address.is_loopback:
            talk(
                _(
                    "Warning: nothing is encrypted; whoever can see the traffic to {host} can read"
                    " along and take over. A tunnel (ssh -L) is safer."
                ).format(host=host)
            )
        show_address()
        if not wants_json():
            talk(_("Open that address; it works once. Enter prints another; ctrl+c ends this."))

    # What a board's process says at its end is no data.
    with suppress(KeyboardInterrupt), redirect_stdout(sys.stderr):
        asyncio.run(serving.serve(started, show_address))
    return output.DONE


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is named by; None if it is a name."""
    if host.lower() == "localhost":
        return ipaddress.ip_address(_HERE)
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
