"""The names on a board, for whoever is typing one: components, tags, people, versions."""

from __future__ import annotations

from typing import Final

from storage.db.reader import Reader

_AXES: Final = {"lib": "library", "client": "client"}
#: How many versions are looked through, from the newest on.
_VERSIONS: Final = 300


class Names(Reader):
    """The side of a board that completes what is typed, with the names of today."""

    def names(self, field: str, part: str, language: str, limit: int) -> list[str]:
        """Values of a field that hold ``part``: those that begin so first, then the most used.

        Args:
            field: ``component``, ``tag``, ``by``, or for versions, the newest of
                which come first, ``lib`` or ``client``; others have no names.
            part: what they hold, in either case.
            language: of the reader.
            limit: how many at most.
        """
        zh = "_zh" if language.startswith("zh") else ""
        match field:
            case "component":
                return self._most_used(f"component{zh}", "main.pitfalls", part, limit)
            case "tag":
                return self._most_used("tag", "main.tags", part, limit)
            case "by":
                return self._most_used("reported_by", "main.pitfalls", part, limit)
            case "lib" | "client":
                return self._versions(_AXES[field], part)[:limit]
            case _:
                return []

    def _most_used(self, column: str, table: str, part: str, limit: int) -> list[str]:
        # The names of columns and tables come from above, never from what was typed.
        rows = self._all(
            f"SELECT {column} FROM {table} WHERE {column} <> '' AND instr(lower({column}), ?)"
            f" GROUP BY 1 ORDER BY instr(lower({column}), ?) > 1, count(*) DESC, 1 LIMIT ?",
            (part.lower(), part.lower(), limit),
        )
        return [str(name) for (name,) in rows]

    def _versions(self, axis: str, part: str) -> list[str]:
        """Distinct versions, the newest first; each step jumps over all pitfalls of one."""
        rows = self._all(
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
