"""What a writing verb says when it is done: the id on stdout, a sentence on stderr."""

from __future__ import annotations

from typing import Final

from storage.board import Board
from storage.errors import NotFound
from storage.plaintext import harmless
from tui.cells import cut
from tui.cli.output import emit, for_people, talk
from tui.language import read

_LONGEST_TITLE: Final = 40


def tell(board: Board, pitfall: str, sentence: str, **values: object) -> None:
    """Write the pitfall's id, short for people and whole for scripts, and say what was done.

    Args:
        board: where the pitfall is.
        pitfall: its id.
        sentence: a template; ``{id}`` and ``{title}`` are the pitfall's.
        values: what else fills it.
    """
    name = board.short_id(pitfall)
    try:
        title = read(board.pitfall(pitfall).title)
    except NotFound:
        # What undo took back may be the pitfall itself.
        title = str(values.pop("title", ""))
    emit([name if for_people() else pitfall])
    shown = cut(harmless(title), _LONGEST_TITLE)
    talk(sentence.format(**values | {"id": name, "title": shown}))
