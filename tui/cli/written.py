"""The result of a writing verb: ids on stdout, a sentence on stderr."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from storage.errors import NotFound
from storage.read import Board
from storage.text.sanitize import harmless
from tui.cli.output import emit, for_people, talk
from tui.text.cells import cut
from tui.text.i18n import listed, ngettext, read

_LONGEST_TITLE: Final = 40
#: More than fit into the room of a title.
_TITLES: Final = 5


def tell(
    board: Board,
    pitfalls: str | Sequence[str],
    sentence: str,
    *,
    gone: object = "",
    **values: object,
) -> None:
    """Write the pitfalls' ids, short for people and whole for scripts, and say what was done.

    Args:
        board: where the pitfalls are.
        pitfalls: an id, several, or none if it was about the whole board.
        sentence: a template; ``{id}`` and ``{title}`` are the pitfall's, or say how many there
            are and what the first are called.
        gone: the title of what is no longer there, or of what is no pitfall.
        values: what else fills it.
    """
    ids = [pitfalls] if isinstance(pitfalls, str) else pitfalls
    emit([board.short_id(one) if for_people() else one for one in ids])
    name = board.short_id(ids[0]) if ids else ""
    if len(ids) > 1:
        name = ngettext("{n} pitfall", "{n} pitfalls", len(ids)).format(n=len(ids))
    titles = [_title(board, one, gone) for one in ids[:_TITLES]] or [harmless(str(gone))]
    title = cut(listed(titles), _LONGEST_TITLE)
    talk(sentence.format(**values | {"id": name, "title": title}))


def _title(board: Board, pitfall: str, gone: object) -> str:
    try:
        return harmless(read(board.pitfall(pitfall).title))
    except NotFound:
        # What undo took back may be the pitfall itself.
        return harmless(str(gone))
