"""The verb ``completion``, and what answers a shell's completion script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class
from click.shell_completion import shell_complete as click_completes

from tui.cli.group import COMPLETION, Verb
from tui.cli.output import emit
from tui.text.i18n import _

if TYPE_CHECKING:
    pass


class WholeWords(BashComplete):
    """bash hands over ``status:open`` as three words, and puts in what is to replace the last."""

    name = "bash"
    _standing = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words as they were typed."""
        args, incomplete = super().get_completion_args()
        whole: list[str] = []
        glue = False
        for word in (*args, incomplete):
            colon = bool(word) and not word.strip(":")
            if whole and (glue or colon):
                whole[-1] += word
            else:
                whole.append(word)
            glue = colon
        *args, typed = whole
        if typed != incomplete:
            self._standing = typed[: typed.rindex(":") + 1]
        return args, typed

    def format_completion(self, item: CompletionItem) -> str:
        """The part of it that bash is to put in."""
        item.value = item.value.removeprefix(self._standing)
        return super().format_completion(item)


def shell_complete(command: click.Command, name: str, variable: str, instruction: str) -> int:
    """Answer a shell's completion script; the exit code.

    Args:
        command: the whole command.
        name: its name.
        variable: the environment variable by which the script asks.
        instruction: what that variable says.
    """
    add_completion_class(WholeWords)
    settings: dict[str, Any] = {}
    return click_completes(command, settings, name, variable, instruction)


@click.command(
    "completion",
    cls=Verb,
    help=_(
        "Write the completion script of a shell.\n\n"
        'bash, in ~/.bashrc: eval "$(pitboard completion bash)"\n\n'
        'zsh, in ~/.zshrc: eval "$(pitboard completion zsh)"\n\n'
        "fish: pitboard completion fish > ~/.config/fish/completions/pitboard.fish"
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Write the completion script of a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    command = context.find_root().command
    emit(kind(command, {}, "pitboard", COMPLETION).source().splitlines())
