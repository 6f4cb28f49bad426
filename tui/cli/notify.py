"""The verb ``notify`` and those below it: telling a team's chats what happened on the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storage.errors import N_, NotFound
from storage.text.dates import now_ms
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import option, output
from tui.cli.answer import answer_with, wants_json
from tui.cli.group import Verb
from tui.cli.open_board import reading
from tui.cli.output import emit, emit_json, emit_rows, for_people, talk
from tui.text.cells import fit, width
from tui.text.i18n import _, ngettext, say

if TYPE_CHECKING:
    from seeds import sealing
    from tui.services import chat
    from tui.services import config as config_model
    from tui.services import notify as notifying
    from tui.services.chat_channels import ChatChannel
    from tui.services.config import Config
    from tui.services.notify import ChannelResult
else:
    # Settings, what sends and what it keeps wait for pydantic; help needs none of it.
    sealing = deferred("seeds.sealing")
    chat = deferred("tui.services.chat")
    config_model = deferred("tui.services.config")
    notifying = deferred("tui.services.notify")


def _names(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    """The channels of the settings that begin so."""
    return [
        one.name for one in config_model.load().config.notify if one.name.startswith(incomplete)
    ]


@click.command(
    "notify",
    cls=Verb,
    examples=("pitboard notify", "pitboard notify --dry-run"),
    help=_(
        "Tell the team's chats what is new on the board.\n\n"
        "Each [[notify]] table of your settings is a channel: a robot of WeCom, DingTalk, Feishu"
        " or Slack, or a server that takes JSON. It gets what is new since its last run; the"
        " first run starts now. Run it every few minutes by a timer: docs/notify.md has one"
        " for systemd and one for cron. Piped, it writes one tab-separated line per"
        " channel: name, outcome, messages, changes. The exit code is 4 if nothing could be"
        " sent, 5 if some of it could."
    ),
)
@option("--dry-run", is_flag=True, help=_("Show what would be sent; send nothing."))
@click.pass_context
def notify(context: click.Context, dry_run: bool) -> int:
    """Send what is due."""
    file = notifying.NotifyFile()
    with reading(context) as board:
        config = _config()
        notifier = notifying.Notifier(board, file, chat.ChatSender(), now_ms(), (sealing.ACTOR,))
        if dry_run:
            file.read()
            results = [notifier.rehearse(one) for one in config.notify]
        else:
            with file.held():
                is_here = notifying.sends_here(config.notify_from, board.store_name())
                results = [
                    notifier.tell(one) if is_here else notifier.leave_to(one)
                    for one in config.notify
                ]
    return _report(results, config, dry_run=dry_run)


def _config() -> Config:
    """The settings; what can't be used is said.

    Raises:
        NotFound: if they have no channel.
    """
    config, problems, _text = config_model.load()
    for problem in problems:
        talk(say(problem))
    if not config.notify:
        raise NotFound(
            N_("No channel is set up."), N_("Write a [[notify]] table: “pitboard config edit”.")
        )
    return config


def _report(results: list[ChannelResult], config: Config, *, dry_run: bool) -> int:
    """Say what a run did, and with which exit code."""
    if wants_json():
        emit_json(
            {
                "dry_run": dry_run,
                "channels": [
                    {
                        "name": one.name,
                        "outcome": one.outcome.value,
                        "messages": one.messages,
                        "changes": one.notices,
                        "problem": say(one.problem) if one.problem is not None else None,
                        "texts": list(one.texts),
                    }
                    for one in results
                ],
            }
        )
    elif dry_run:
        for one in results:
            emit([f"# {one.name}: {_outcome_words(one, config)}"])
            for text in one.texts:
                emit(["", *sanitize(text, lines=True).splitlines()])
    elif for_people():
        emit(f"{one.name}: {_outcome_words(one, config)}" for one in results)
    else:
        emit_rows((one.name, one.outcome.value, one.messages, one.notices) for one in results)
    problems = [one.problem for one in results if one.problem is not None]
    for problem in problems:
        talk(say(problem))
    if not problems:
        return output.DONE
    is_partial = any(one.messages for one in results)
    return output.PARTIAL if is_partial else output.NOT_WRITTEN


def _outcome_words(one: ChannelResult, config: Config) -> str:
    match one.outcome:
        case notifying.ChannelOutcome.SENT:
            return ngettext("{n} message", "{n} messages", one.messages).format(n=one.messages)
        case notifying.ChannelOutcome.NOTHING:
            return _("nothing new")
        case notifying.ChannelOutcome.STARTED:
            return _("starts now; what happens from here on is sent")
        case notifying.ChannelOutcome.ELSEWHERE:
            return _("left to {name}, by the setting notify_from").format(
                name=sanitize(config.notify_from)
            )
        case notifying.ChannelOutcome.DISABLED:
            return _("off: its address was refused")
        case notifying.ChannelOutcome.FAILED:
            return _("not sent")


@click.command(
    "notify test",
    cls=Verb,
    examples=("pitboard notify test team",),
    help=_(
        "Send a test message to a channel.\n\n"
        "NAME is a channel of your settings. A channel that was turned off because its address"
        " was refused is on again once this works."
    ),
)
@click.argument("name", shell_complete=_names)
@click.pass_context
def test(context: click.Context, name: str) -> None:
    """Try a channel."""
    file = notifying.NotifyFile()
    with reading(context) as board, file.held():
        channel = _channel(_config(), name)
        notifying.Notifier(board, file, chat.ChatSender(), now_ms(), ()).test(channel)
    answer_with(name=channel.name)
    talk(_("The channel “{name}” took the message.").format(name=channel.name))


def _channel(config: Config, name: str) -> ChatChannel:
    for one in config.notify:
        if one.name == name:
            return one
    known = tuple(one.name for one in config.notify)
    raise NotFound(
        N_("There is no channel “{name}”."),
        N_("There are: {known}."),
        name=sanitize(name),
        known=known,
    )


@click.command(
    "notify list",
    cls=Verb,
    examples=("pitboard notify list",),
    help=_(
        "List the channels of the team's chats.\n\n"
        "Piped, it writes one tab-separated line per channel: name, kind, what it gets,"
        " on, off or unusable. A channel is off while its robot refuses its address, and unusable"
        " while its address can't be one."
    ),
)
@click.pass_context
def list_channels(context: click.Context) -> None:
    """Show the channels."""
    file = notifying.NotifyFile()
    file.read()
    with reading(context) as board:
        config = _config()
        notifier = notifying.Notifier(board, file, chat.ChatSender(), now_ms(), ())
        off = {one.name for one in config.notify if notifier.is_off(one)}
    bad = {
        one.name: say(why) for one in config.notify if (why := notifying.unusable(one)) is not None
    }
    if wants_json():
        emit_json(
            {
                "channels": [
                    {
                        "name": one.name,
                        "kind": one.kind.value,
                        "on": list(one.on),
                        "off": one.name in off,
                        "problem": bad.get(one.name),
                    }
                    for one in config.notify
                ]
            }
        )
    elif for_people():
        column = max((width(one.name) for one in config.notify), default=0)
        for one in config.notify:
            state = f"  ({_('off: its address was refused')})" if one.name in off else ""
            state = f"  ({_('unusable')})" if one.name in bad else state
            emit([f"{fit(one.name, column)}  {one.kind.value}  {', '.join(one.on)}{state}"])
    else:
        emit_rows(
            (
                *(one.name, one.kind.value, " ".join(one.on)),
                "unusable" if one.name in bad else "off" if one.name in off else "on",
            )
            for one in config.notify
        )
    for words in bad.values():
        talk(words)
