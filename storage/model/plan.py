"""Who takes care of a pitfall, until when, and under which ticket of the vendor.

The fields are declared once: columns, rows, JSON keys, options, form fields, query keys, columns
of the list and labels follow from ``PLAN_FIELDS``. To add one, declare it here and in the bodies
of the events (:mod:`storage.events.values`), which are what goes over the wire.
"""

from typing import Annotated, Final, NamedTuple

from storage.errors import N_, NP_
from storage.model.fields import Field, declared
from storage.model.vocabulary import Status, Word

#: How a person calls themselves where a name is asked for, in lower case.
ME: Final = ("me", "我", "自己")
#: How a person says that there is nobody, no day or no ticket, in lower case.
NONE: Final = ("none", "nobody", "无", "无人", "未指派")


class CatalogueAuthor(Word):
    """Who wrote the built-in catalogue; as with its tags, the record holds the name in English."""

    FIELD_NOTES = "field notes", NP_("CatalogueAuthor", "field notes"), "field-notes 现场笔记"


class Plan(NamedTuple):
    """What was agreed on about a pitfall; what is not known is empty.

    ``due`` is a day as ISO 8601 writes it, in the board's time zone; it ends with that day.
    """

    assignee: Annotated[
        str,
        Field(
            label=N_("assignee"),
            help=N_("Who takes care of it; “me” is you, an empty text nobody."),
            metavar="NAME",
            example="Ann",
            heading=N_("ASSIGNEE"),
            query="assignee 负责人 指派给 处理人 owner",
            query_help=N_("who takes care of it: me, a name, none"),
        ),
    ] = ""
    due: Annotated[
        str,
        Field(
            label=N_("due date"),
            help=N_("The day by which it is due: 2026-12-01, friday, 2w, or an empty text."),
            metavar="DATE",
            example="2026-12-01",
            heading=N_("DUE"),
            is_day=True,
            query="due 截止日期 截止 deadline",
            query_help=N_("when it is due: overdue, <1w, 2026-12-01, none"),
        ),
    ] = ""
    ticket: Annotated[
        str,
        Field(
            label=N_("vendor ticket"),
            help=N_("The number or address of the vendor's ticket about it."),
            metavar="NUMBER|URL",
            example="WX-20417",
            heading=N_("TICKET"),
            query="ticket 官方工单 工单",
            query_help=N_("the vendor's ticket: a number or address, * for any, none"),
            bug_report=NP_("bug report", "Ticket"),
        ),
    ] = ""

    def is_overdue(self, status: Status, today: str) -> bool:
        """Whether its day has passed and the vendor has not fixed it.

        Args:
            status: of the pitfall.
            today: the present day in the board's time zone, as ISO 8601 writes it.
        """
        return bool(self.due) and self.due < today and status is not Status.FIXED_UPSTREAM


PLAN_FIELDS: Final = declared(Plan)
PLAN_NAMES: Final = Plan._fields
#: The columns of ``pitfalls`` that hold it, as SQL lists them.
PLAN_COLUMNS: Final = ", ".join(PLAN_NAMES)
