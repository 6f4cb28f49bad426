"""The history of one pitfall, and of the whole board."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from storage.db.connection import BROKEN, unreadable
from storage.db.reader import BoardPart, Reader, id_array, typed_id
from storage.errors import N_, NotFound
from storage.model.records import Line
from storage.model.vocabulary import HistoryCategory
from storage.read.entries import shown_with
from storage.text.text_diff import DiffSpan, differences

#: The default number of occurrences in a pitfall's history.
OCCURRENCES_SHOWN: Final = 200
#: The first time (ms) and the last that can be asked for.
_EVER: Final = (0, 1 << 62)


# What a line of the history is about, the same for command, screen and JSON


#: The kinds that speak of an item, which tells what sort they are of.
OF_ITEMS: Final = ("item_amended", "item_hidden", "item_shown")


#: Values of several sentences: where one changed, a reader looks for the words that did.
LONG: Final = {"workaround", "reproduction", "text", "quote", "note", "message"}


def is_of(line: Line, sorts: Collection[HistoryCategory]) -> bool:
    """Whether a line is of one of some sorts; of none at all, every line is.

    What was taken back is of its own sort, and of those that were taken back.
    """
    if not sorts or (line.void and HistoryCategory.TAKEN_BACK in sorts):
        return True
    return line.sort in sorts


def kinds_in(sorts: Iterable[HistoryCategory]) -> list[str]:
    """The kinds of events that are of some sorts."""
    # Loaded here, since what only lists and shows does without pydantic.
    from storage.events import kinds_of

    return kinds_of(sorts)


def words_changed(line: Line, language: str) -> tuple[DiffSpan, ...]:
    """What became of a long text word by word; nothing if the line tells of none.

    Args:
        line: the change.
        language: of the reader.
    """
    before, after = line.before.read(language), line.after.read(language)
    is_long = (line.part or line.field) in LONG and (line.part or line.what == "field_set")
    if not (is_long and before and after):
        return ()
    return differences(before, after)


class HistoryReader(BoardPart):
    """Reads the history of pitfalls and of the board."""

    def timeline(self, pitfall: str, occurrences: int = OCCURRENCES_SHOWN) -> list[Line]:
        """A pitfall's history, newest first, with its newest ``occurrences`` occurrences."""
        condition, whose = shown_with(self._reader, pitfall)
        return newest_first(
            self._reader,
            pitfall,
            f"SELECT id FROM occurrences WHERE {condition} ORDER BY seen_at DESC, id DESC LIMIT ?",
            (*whose, occurrences),
        )

    def older_occurrences(self, pitfall: str, occurrences: int = OCCURRENCES_SHOWN) -> int:
        """The number of occurrences that are too old for the timeline."""
        condition, whose = shown_with(self._reader, pitfall)
        [(total,)] = self._reader.fetch_all(
            f"SELECT count(*) FROM occurrences WHERE {condition}", whose
        )
        return max(0, int(total) - occurrences)

    def newest_changes(
        self,
        limit: int,
        *,
        sorts: Collection[HistoryCategory] = (),
        between: tuple[int, int] = _EVER,
    ) -> list[Line]:
        """The newest changes on the whole board, the last to arrive first.

        Args:
            limit: the maximum number.
            sorts: only changes of these kinds, if there are any.
            between: only changes from the first time (ms) on and before the second.
        """
        condition = "n < ? AND at >= ? AND at < ?"
        wanted = kinds_in(sorts) if sorts else []
        if sorts:
            kinds = f"kind IN ({', '.join('?' * len(wanted))})"
            taken_back = "EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)"
            condition += f" AND ({kinds} OR {taken_back})"
        lines: list[Line] = []
        last = 1 << 62
        while len(lines) < limit:
            rows = self._reader.fetch_all(
                f"SELECT n, id, pitfall FROM events WHERE {condition} ORDER BY n DESC LIMIT ?",
                (last, *between, *wanted, limit),
            )
            found = self._lines_of({str(event): str(pitfall) for _, event, pitfall in rows})
            lines += [line for line in found if is_of(line, sorts)]
            if len(rows) < limit:
                break
            last = rows[-1][0]
        return lines[:limit]

    def change_named(self, pitfall: str, prefix: str) -> str:
        """The id of the change in a pitfall's history that begins with ``prefix``.

        Raises:
            NotFound: if none does, or several do.
        """
        wanted = typed_id(prefix)
        rows = self._reader.fetch_all(
            "SELECT id FROM events WHERE pitfall = ?1 AND id >= ?2 AND id < ?2 || 'g' LIMIT 2",
            (pitfall, wanted),
        )
        if not rows or not wanted:
            raise NotFound(
                N_("The history of this pitfall holds no change {id}."),
                N_("“pitboard history ID” shows the names of the changes."),
                id=prefix,
            )
        if len(rows) > 1:
            raise NotFound(
                N_("Several changes have a name that begins with “{prefix}”."),
                N_("Give more of it."),
                prefix=prefix,
            )
        return str(rows[0][0])

    def _lines_of(self, events: Mapping[str, str]) -> list[Line]:
        """The lines of some events (id → pitfall), in the order of the events."""
        place = {event: n for n, event in enumerate(events)}
        own: dict[str, list[str]] = {}
        for event, pitfall in events.items():
            own.setdefault(pitfall, []).append(event)
        lines = [
            line
            for pitfall, named in own.items()
            for line in newest_first(
                self._reader, pitfall, "SELECT value FROM json_each(?)", (id_array(named),)
            )
            if line.event in place
        ]
        return sorted(lines, key=lambda line: place[line.event])


def newest_first(
    reader: Reader, pitfall: str, occurrence_ids: str, parameters: tuple[object, ...]
) -> list[Line]:
    """A pitfall's history, newest first, with the occurrences whose ids an SQL query gives.

    Raises:
        Unusable: if the board can't be read.
    """
    # Loaded here, since lists and pages do without events, and so without pydantic.
    from storage.projection.update import history_of

    try:
        return history_of(reader.connection, pitfall, occurrence_ids, parameters)[::-1]
    except BROKEN as error:
        raise unreadable(error, reader.path) from error
