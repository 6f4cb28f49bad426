"""The names on a board: ids and their prefixes, components, tags, people, versions."""

from __future__ import annotations

from typing import Final

from storage.db.reader import BoardPart, typed_id
from storage.errors import N_, Ambiguous, NotFound
from storage.model.vocabulary import CatalogueTag

#: So many characters of an id a short one has at least, and a write has to be given.
_SHORTEST_ID: Final = 4
_AXES: Final = {"lib": "library", "client": "client"}
#: How many versions are looked through, from the newest on.
_VERSIONS: Final = 300


class NameReader(BoardPart):
    """Resolves and completes names, those of ids aside with the names of today."""

    _shortest = 1

    def require_enough(self) -> None:
        """From now on, refuse ids so short that one character decides what is changed."""
        self._shortest = _SHORTEST_ID

    def resolve(self, prefix: str) -> str:
        """The id that begins with ``prefix``.

        Raises:
            NotFound: if none does, or too little of it is given.
            Ambiguous: if several do; the error holds them.
        """
        wanted = typed_id(prefix)
        if 0 < len(wanted) < self._shortest:
            raise NotFound(
                N_("“{prefix}” is too short for a change: give {count} characters of the id."),
                N_("“pitboard list” shows the ids."),
                prefix=prefix,
                count=self._shortest,
            )
        rows = self._reader.fetch_all(
            "SELECT id, title FROM pitfalls WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT 10",
            (wanted,),
        )
        if not rows or not wanted:
            raise NotFound(
                N_("No pitfall has an id that begins with “{prefix}”."),
                N_("“pitboard list” shows the ids."),
                prefix=prefix,
            )
        if len(rows) > 1 and str(rows[0][0]) != wanted:
            raise Ambiguous(prefix, [(self.short_id(str(i)), str(title)) for i, title in rows])
        return str(rows[0][0])

    def short_id(self, pitfall: str) -> str:
        """The shortest prefix, of four characters or more, that is unique on this board."""
        [(before, after)] = self._reader.fetch_all(
            "SELECT (SELECT max(id) FROM pitfalls WHERE id < ?1),"
            " (SELECT min(id) FROM pitfalls WHERE id > ?1)",
            (pitfall,),
        )
        shared = max(_shared_length(pitfall, str(other or "")) for other in (before, after))
        return pitfall[: max(_SHORTEST_ID, shared + 1)]

    def components(self) -> list[str]:
        """Every component, those with most pitfalls first."""
        rows = self._reader.fetch_all(
            "SELECT component FROM pitfalls GROUP BY 1 ORDER BY count(*) DESC, 1"
        )
        return [str(name) for (name,) in rows if name]

    def tags(self) -> list[str]:
        """Every tag, the most used first."""
        rows = self._reader.fetch_all("SELECT tag FROM tags GROUP BY 1 ORDER BY count(*) DESC, 1")
        return [str(tag) for (tag,) in rows]

    def matching(self, field: str, part: str, language: str, limit: int) -> list[str]:
        """Values of a field that contain ``part``: those that begin with it first, then by use.

        Args:
            field: ``component``, ``tag``, ``by``, or for versions, the newest of
                which come first, ``lib`` or ``client``; others have none.
            part: the text, in either case.
            language: the reader's language.
            limit: the maximum number of values.
        """
        zh = "_zh" if language.startswith("zh") else ""
        match field:
            case "component":
                return self._most_used(f"component{zh}", "main.pitfalls", part, limit)
            case "tag":
                return self._tags_with(part, limit, chinese=bool(zh))
            case "by":
                return self._most_used("reported_by", "main.pitfalls", part, limit)
            case "lib" | "client":
                return self._versions(_AXES[field], part)[:limit]
            case _:
                return []

    def _tags_with(self, part: str, limit: int, *, chinese: bool) -> list[str]:
        """Tags that contain ``part``; those of the catalogue in the reader's language."""
        if not chinese:
            return self._most_used("tag", "main.tags", part, limit)
        read = {one.value: one.zh for one in CatalogueTag}
        found = [(read.get(tag, tag), tag) for tag in self.tags()]
        wanted = part.casefold()
        fitting = [name for name, tag in found if wanted in name.casefold() or wanted in tag]
        return sorted(fitting, key=lambda name: not name.startswith(part))[:limit]

    def _most_used(self, column: str, table: str, part: str, limit: int) -> list[str]:
        # The names of columns and tables come from above, never from what was typed.
        rows = self._reader.fetch_all(
            f"SELECT {column} FROM {table} WHERE {column} <> '' AND instr(lower({column}), ?)"
            f" GROUP BY 1 ORDER BY instr(lower({column}), ?) > 1, count(*) DESC, 1 LIMIT ?",
            (part.lower(), part.lower(), limit),
        )
        return [str(name) for (name,) in rows]

    def _versions(self, axis: str, part: str) -> list[str]:
        """Distinct versions, the newest first; each step jumps over all pitfalls of one."""
        rows = self._reader.fetch_all(
            "WITH RECURSIVE distinct_keys (key) AS ("
            " SELECT max(key) FROM main.seen_versions WHERE axis = ?1"
            " UNION ALL"
            " SELECT (SELECT max(key) FROM main.seen_versions WHERE axis = ?1 AND key < newer.key)"
            " FROM distinct_keys AS newer WHERE key IS NOT NULL LIMIT ?2)"
            " SELECT (SELECT version FROM main.seen_versions"
            " WHERE axis = ?1 AND key = here.key LIMIT 1)"
            " FROM distinct_keys AS here WHERE key IS NOT NULL",
            (axis, _VERSIONS),
        )
        return [str(version) for (version,) in rows if str(version).startswith(part)]


def _shared_length(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
