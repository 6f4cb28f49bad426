"""Work beside the screen, and the keys that wait for it.

An answer reaches a widget only as long as it is there. A key reaches the screen once it is ready
for it: Textual gives a key to whatever has the focus at that moment, which is the wrong widget
while a dialog is opening, a command is writing, or the list still shows the answer to an older
query. What is typed in one burst does what it does when typed slowly.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, runtime_checkable
from weakref import WeakKeyDictionary

from textual import dom, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._compositor import Compositor
from textual._queue import Queue
from textual._xterm_parser import XTermParser
from textual.dom import DOMNode
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from storage.errors import N_, PitboardError
from storage.text.search_text import TYPED_FOR
from tui.text.cells import cuts_in_sight, render_in_sight, up_to_cuts
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.app import PitboardApp

_R = TypeVar("_R")

#: When each worker of :func:`in_thread` began, by the monotonic clock.
_BEGAN: Final[WeakKeyDictionary[Worker[None], float]] = WeakKeyDictionary()


@cache
def _computes(one: type) -> tuple[str, ...]:
    return tuple(name for name in vars(one) if name.startswith(("compute_", "_compute_")))


def _all_computes(widget: type) -> set[str]:
    """The names by which a class of widgets computes values."""
    return {name for one in widget.__mro__ for name in _computes(one)}


# Textual looks for these among all names of each class of widgets when it is declared, some 450,
# which takes two thirds of declaring it.
dom.dir = _all_computes  # type: ignore[attr-defined]


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

    worker = node.run_worker(work, thread=True, exclusive=True, group=group, exit_on_error=False)
    _BEGAN[worker] = monotonic()
    return worker


def is_there(node: DOMNode) -> bool:
    """Whether a widget or a screen is mounted and not being taken away."""
    return node.is_running and node.is_attached


def is_at_work(node: MessagePump) -> bool:
    """Whether a widget handles a message, or was sent one: it then waits for no further one.

    Its queue alone does not tell: it is empty while the last message is handled, which may send
    the next to a widget that was found calm before. Textual has no public name for it.
    """
    queue: Queue[Message | None] = node._message_queue
    return bool(queue.values or node._next_callbacks or not queue.ready_event._waiters)


# Keys


#: Workers that do what a key asked for, by their groups: a command, a form that saves or is left.
COMMANDS: Final = frozenset({"command", "save", "leave", "attach"})
#: Workers that read what the next key may act on, and are quick on a board of any size: the list,
#: completions, what was pasted, version pairs, hits of the palette.
READS: Final = frozenset(
    {"find", "complete", "look", "runs", "--textual-command-palette-gather-commands"}
)
#: Workers that may read for seconds, which escape stops.
LONG_READS: Final = frozenset({"retro", "behind", "diff", "story", "status", "import"})
#: Keys that move by one line; held down they come faster than anything is read.
MOVING: Final = frozenset({"j", "k", "down", "up"})
#: Keys that leave a screen, whatever is still read for it.
_LEAVING: Final = frozenset({"q", "ctrl+q"})
#: The key that stops a long read. One that has only just begun is about to be there; stopping it
#: would make the key do something else than when it is pressed a moment later.
_STOPPING: Final = "escape"

#: No key waits longer than that, in seconds: something hangs, and one has to get out of it.
_LONGEST_WAIT: Final = 10.0
#: How long a key waits for a long read, in seconds; the one that stops it counts from its begin.
_LONG_READ_WAIT: Final = 1.0
#: So often it is looked without a pause: mostly a few turns of the event loop are enough.
_QUICK_LOOKS: Final = 50
#: The longest pause between two looks, in seconds.
_LOOK_EVERY: Final = 0.01


@runtime_checkable
class Settling(Protocol):
    """A screen with something about to be read after a short pause in typing or moving."""

    def is_settling(self, key: str) -> bool:
        """Whether a key has to wait for it; an empty one waits for everything."""
        ...


#: What begins sequences of a terminal; such a key with alt is rather one that was cut off.
_BEGINNINGS: Final = "[]"


class KeyParser(XTermParser):
    """Textual's parser, which names every character after escape a key with alt.

    It makes ``¡`` of alt+1, as one layout of a Mac does, and forgets alt at ``!`` and its like.
    """

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterator[events.Key]:
        if len(sequence) == 2 and isinstance(ANSI_SEQUENCES_KEYS.get(sequence), str):
            sequence, alt = sequence[1], True
        for key in super()._sequence_to_key_events(sequence, alt):
            if alt and key.is_printable:
                name = key.key if key.key.startswith("alt+") else f"alt+{key.key}"
                yield events.Key(name, None if sequence in _BEGINNINGS else key.character)
            else:
                yield key


class Keyboard:
    """The keys and pastes that wait to be handed to the screen.

    Args:
        app: is given them in order by its ``deliver``.
    """

    def __init__(self, app: PitboardApp) -> None:
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._runs = False
        #: The widget that the last event was typed into as text, if it was.
        self._typed_into: DOMNode | None = None
        #: Whether it was said that an input method is on.
        self._hinted = False

    @property
    def is_empty(self) -> bool:
        """Whether everything was handed on."""
        return not self._runs

    async def settled(self) -> None:
        """Wait until every key that was typed has had its effect, and what it read is shown."""
        while self._runs:
            await asyncio.sleep(_LOOK_EVERY)
        await self._settle(None)

    def take(self, event: events.Event) -> None:
        """Hand an event on as soon as everything before it has had its effect."""
        self._waiting.extend(self._meant(event))
        if not self._runs:
            self._runs = True
            self._app.run_worker(self._hand_on(), group="keys")

    def _meant(self, event: events.Event) -> Iterator[events.Event]:
        """The keys that are meant: what follows escape at once is a key of its own.

        A terminal sends the same bytes for alt and a letter.
        """
        if (
            isinstance(event, events.Key)
            and event.key.startswith("alt+")
            and event.character is not None
            and not self._is_bound(event.key)
        ):
            yield events.Key("escape", "\x1b")
            letter = event.character
            yield events.Key(letter if letter.isalnum() else event.key[4:], letter)
        else:
            yield event

    def _is_bound(self, key: str) -> bool:
        return key in self._app.active_bindings

    async def _hand_on(self) -> None:
        try:
            while self._waiting:
                event = self._waiting[0]
                if not self._is_more_text(event):
                    await self._settle(event)
                self._waiting.popleft()
                event = self._in_ascii(event)
                self._typed_into = self._text_field(event)
                self._app.call_later(self._app.deliver, event)
        finally:
            self._runs = False

    def _in_ascii(self, event: events.Event) -> events.Event:
        """The key that a sign of an input method is meant for, where it is no text."""
        typed = event.character or "" if isinstance(event, events.Key) else ""
        meant = typed.translate(TYPED_FOR)
        if self._text_field(event) is not None:
            return event
        if meant == typed:
            # Chinese begins here; an input method that was left on is told of once.
            if typed >= "\u2e80" and not self._hinted:
                self._hinted = True
                words = _("Keys are letters: switch the input method to English.")
                self._app.notify(words, markup=False)
            return event
        return events.Key(_character_to_key(meant), meant)

    # Text

    def _text_field(self, event: events.Event) -> DOMNode | None:
        """The widget that takes a key as text, if one does."""
        focused = self._app.focused
        if focused is None or not isinstance(event, events.Key):
            return None
        takes = focused.check_consume_key(event.key, event.character) and event.is_printable
        return focused if takes else None

    def _is_more_text(self, event: events.Event) -> bool:
        """Whether an event only goes on with the text that the one before it began."""
        return self._typed_into is not None and self._text_field(event) is self._typed_into

    # Settling

    async def _settle(self, event: events.Event | None) -> None:
        """Wait until everything that was typed before an event has had its effect."""
        began, pause = monotonic(), 0.0
        key = event.key if isinstance(event, events.Key) else "" if event is None else "mouse"
        while (waited := monotonic() - began) < _LONGEST_WAIT:
            await self._pass_through(began)
            # The key before it may have left the field that would have taken it as text.
            is_text = event is not None and self._text_field(event) is not None
            if not (self._is_busy() or self._is_working(key, waited, is_text=is_text)):
                return
            await asyncio.sleep(pause)
            pause = min(pause + 0.001, _LOOK_EVERY)

    async def _pass_through(self, began: float) -> None:
        """Wait until the focused widget and all around it have handled what they were sent."""
        screen, focused = self._app.screen, self._app.focused
        around = [focused, *focused.ancestors] if focused is not None else [screen, self._app]
        handled: set[MessagePump] = set()

        def handle(node: MessagePump) -> None:
            handled.add(node)

        asked = [node for node in around if node.call_later(handle, node)]
        looks = 0
        while any(node.is_running and node not in handled for node in asked):
            if monotonic() - began > _LONGEST_WAIT:
                return
            looks += 1
            await asyncio.sleep(0 if looks < _QUICK_LOOKS else _LOOK_EVERY)

    def _is_busy(self) -> bool:
        """Whether the screen is being mounted, or messages and callbacks are on their way."""
        app, screen = self._app, self._app.screen
        # Textual has no other name for what waits for the next refresh.
        if not (screen.is_running and screen.is_mounted) or screen._callbacks:
            return True
        return any(is_at_work(one) for one in (app, *screen.walk_children(with_self=True)))

    def _is_working(self, key: str, waited: float, *, is_text: bool) -> bool:
        """Whether something that a key before this one began is still going on."""
        screen = self._app.screen
        at_work = {one.group for one in self._app.workers if self._is_for(one, screen)}
        if at_work & COMMANDS:
            return True
        if is_text:
            return False
        if isinstance(screen, Settling) and screen.is_settling(key):
            return True
        if at_work & LONG_READS and self._waits_for_long_reads(key, waited):
            return True
        return bool(at_work & READS)

    def _waits_for_long_reads(self, key: str, waited: float) -> bool:
        """Whether a key still waits for what may take seconds to read."""
        if key in _LEAVING:
            return False
        if key != _STOPPING:
            return not key or waited < _LONG_READ_WAIT
        screen, now = self._app.screen, monotonic()
        return any(
            now - _BEGAN.get(one, 0.0) < _LONG_READ_WAIT
            for one in self._app.workers
            if one.group in LONG_READS and self._is_for(one, screen)
        )

    @staticmethod
    def _is_for(worker: Worker[object], screen: DOMNode) -> bool:
        """Whether a worker runs for the screen on top; one below waits for that one to be left."""
        node = worker.node
        return not worker.is_finished and (node is screen or screen in node.ancestors)


# What Textual would lay out or draw again though nothing has changed, or tear

_take_size: Final = Widget._size_updated
_lay_out_for: Final = Screen._screen_resized


def _take_size_once(
    widget: Widget, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
) -> bool:
    """Take the size that a layout gives, without another layout for it.

    Textual asks for one whenever a size has changed, which lays out and draws the whole screen
    again. Scrollbars that come or go, for which it does so, ask for it by themselves.
    """
    return _take_size(widget, size, virtual_size, container_size, layout=False)


def _lay_out_once_for(screen: Screen[object], size: Size) -> None:
    """Lay a screen out for the size of the terminal.

    Once it is laid out for one, Textual tells it that it has that size, and has it and every
    screen below it laid out for it again.
    """
    if size != screen.outer_size:
        _lay_out_for(screen, size)


Screen._screen_resized = _lay_out_once_for  # type: ignore[method-assign, assignment]
Widget._size_updated = _take_size_once  # type: ignore[method-assign, assignment]
# What has the focus looks different by its style; the rest of the screen is not drawn again.
Screen.focused._repaint = False
Compositor.cuts = property(cuts_in_sight)  # type: ignore[assignment, method-assign]
Compositor._render_chops = render_in_sight  # type: ignore[assignment, method-assign]
Compositor.render_partial_update = up_to_cuts(  # type: ignore[method-assign, assignment]
    Compositor.render_partial_update
)
