"""The query language: what a person types to find pitfalls, on the board and in the command.

``status:open component:wx.qy.* (白色图片 or -platform:ios)``. Keys that are
known, with a colon and a value, filter; everything else is searched for, so
that pasted error text needs no quoting (``storage.query.tokenizer`` says where
text is only text). A space means *and*, ``or`` and parentheses group, a minus
turns round. A mistake never raises: it stands in ``Query.problems`` with its
place, and the rest counts.
"""

from __future__ import annotations

from storage.model.vocabulary import Status
from storage.query.keys import key_of
from storage.query.parser import parse
from storage.query.sql_conditions import waiting
from storage.query.tree import (
    AllOf,
    AnyOf,
    Between,
    Bound,
    Condition,
    Filter,
    Mistake,
    Not,
    Query,
    SortKey,
    TextRange,
    Value,
    Words,
)
from storage.query.values import values_of

__all__ = [
    "AllOf",
    "AnyOf",
    "Between",
    "Bound",
    "Condition",
    "Filter",
    "Mistake",
    "Not",
    "Query",
    "SortKey",
    "TextRange",
    "Value",
    "Words",
    "parse",
    "parse_status",
    "waiting",
]


def parse_status(text: str) -> Status:
    """The status that a person means: ``fixed`` will do for ``fixed upstream``.

    Raises:
        Refused: if it is none.
    """
    key = key_of("status")
    assert key is not None
    [status] = values_of(key, text)
    return Status(str(status))
