"""A query as it is asked of a board: its order, its moment, and what of it SQL is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from storage.model.vocabulary import Status
from storage.query import Not, Query
from storage.query.sql_conditions import Sql, view, where
from storage.query.sql_order import index_of, order_by, sort_of
from storage.query.tree import filter_of


@dataclass(frozen=True)
class Asked:
    """A query as one reader asks it, at one moment."""

    query: Query
    language: str
    now: int

    @property
    def order(self) -> str:
        """The SQL order."""
        return self.order_turned(False)

    def order_turned(self, turned: bool) -> str:
        """The SQL order, or the other way round."""
        reverse = self.query.reverse != turned
        return order_by(sort_of(self.query), reverse=reverse, language=self.language)

    @property
    def in_order(self) -> str:
        """The table to read, with the index that holds the order.

        Without being told, SQLite would rather look up what is filtered by and
        then sort it all.
        """
        return f"pitfalls INDEXED BY {index_of(sort_of(self.query), self.language)}"

    @cached_property
    def condition(self) -> Sql:
        """What has to hold of every pitfall, read from the index that holds the order."""
        condition = where(self.query, self.now, of_all=True)
        return condition._replace(text=f"{view(self.query, of_all=True)} AND {condition.text}")

    @property
    def any_status(self) -> Asked:
        """The same without filters on the status."""
        return replace(self, query=self.query.without("status"))

    def chosen(self, counts: dict[Status, int]) -> int:
        """How many of what was counted pass the filters on the status."""
        return sum(count for status, count in counts.items() if self.takes(status))

    def takes(self, status: str) -> bool:
        """Whether a status passes the filters on it."""
        for one in self.query.conditions:
            filter_ = filter_of(one, "status")
            if filter_ and (status in filter_.values) == isinstance(one, Not):
                return False
        return True
