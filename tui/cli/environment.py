"""The options that say where an occurrence was seen, the same for every verb that logs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from storage.model.vocabulary import Channel, Host, Platform
from tui.cli.parameters import words
from tui.text.i18n import _


def environment_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Let a verb take an environment: each field by its name, None if it is not said."""
    for option in reversed(
        (
            click.option(
                "--host", type=words(Host), help=_("The app that hosts the mini-program.")
            ),
            click.option("--client-version", metavar="VERSION", help=_("The host app's version.")),
            click.option(
                "--lib", "base_library", metavar="VERSION", help=_("The base library's version.")
            ),
            click.option("--platform", type=words(Platform), help=_("The system it runs on.")),
            click.option("--os-version", metavar="VERSION", help=_("That system's version.")),
            click.option("--device", metavar="NAME", help=_("The phone or computer.")),
            click.option(
                "--channel", type=words(Channel), help=_("How the build reached whoever ran it.")
            ),
            click.option(
                "--permission", metavar="TEXT", help=_("What the account was allowed to.")
            ),
            click.option("--devtools-version", metavar="VERSION", help=_("The devtools' version.")),
            click.option(
                "--company", metavar="ALIAS", help=_("An alias of the company it was seen at.")
            ),
        )
    ):
        verb = option(verb)
    return verb
