"""Work in threads, whose answers reach a widget only as long as it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.dom import DOMNode
from textual.worker import Worker, get_current_worker

from storage.errors import N_, PitboardError

_R = TypeVar("_R")


class LoadingCancelled(PitboardError):
    """Raised in a thread whose answer nobody waits for any more."""


def go_on() -> None:
    """Stop the work of this thread if nobody waits for its answer any more.

    Raises:
        LoadingCancelled: nobody does.
    """
    if get_current_worker().is_cancelled:
        raise LoadingCancelled(N_("Left off."))


def in_thread(
    node: DOMNode,
    read: Callable[[], _R],
    then: Callable[[_R], object],
    failed: Callable[[PitboardError], object],
    *,
    group: str,
) -> Worker[None]:
    """Run ``read`` in a thread, and hand what it returns to ``then`` on the event loop.

    A newer call of the same group replaces an older one, which then answers nothing. Nor does
    one whose widget was taken off the screen meanwhile.

    Args:
        node: the screen or widget that the answer is for.
        read: runs in the thread.
        then: takes the answer; may be a coroutine function.
        failed: takes what ``read`` raised instead.
        group: the name of the group.
    """

    def deliver(take: Callable[[_R], object], answer: _R) -> object:
        return take(answer) if is_there(node) else None

    def fail(error: PitboardError) -> object:
        return failed(error) if is_there(node) else None

    def work() -> None:
        worker = get_current_worker()
        try:
            answer = read()
        except PitboardError as error:
            if not worker.is_cancelled:
                node.call_later(fail, error)
            return
        if not worker.is_cancelled:
            node.call_later(deliver, then, answer)

    return node.run_worker(work, thread=True, exclusive=True, group=group, exit_on_error=False)


def is_there(node: DOMNode) -> bool:
    """Whether a widget or a screen is mounted and not being taken away."""
    return node.is_running and node.is_attached
