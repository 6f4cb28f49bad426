"""Views: queries by name. Some are built in, the others are a person's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from storage.errors import N_, NotFound
from storage.model.fields import NamedTuple
from tui.text.i18n import _


class View(NamedTuple):
    """A query by name.

    Args:
        name: what the command calls it; of a built-in one, the same in every language.
        query: as it is typed; of a built-in one, in the reader's language.
        label: what a screen calls it, in the reader's language.
        is_own: whether a person made it.
    """

    name: str
    query: str
    label: str
    is_own: bool = False


#: Everything, which is what the board opens with.
ALL: Final = "all"
#: What waits for a decision, whatever waits longest first.
INBOX: Final = N_("inbox:yes sort:waiting")

_BUILT_IN: Final = (
    (ALL, N_("All"), ""),
    ("inbox", N_("Inbox"), INBOX),
    ("blocking", N_("Blocking"), N_("severity:S1 status:open,workaround")),
    ("frequent", N_("Frequent"), N_("seen:<4w status:open,workaround sort:count")),
    ("workarounds", N_("Workarounds"), N_("status:workaround")),
    ("quiet", N_("Quiet"), N_("status:open,workaround (seen:>12w or seen:never)")),
    ("fixed", N_("Fixed"), N_("status:fixed")),
    ("unreported", N_("Unreported"), N_("upstream:unreported")),
    ("unverified", N_("Unverified fixes"), N_("fix:claimed sort:claimed")),
    (
        "stale",
        N_("Stale workarounds"),
        N_("status:open,workaround workaround:>12w sort:verified"),
    ),
    ("mine", N_("Mine"), N_("assignee:me status:open,workaround sort:due")),
)


def built_in() -> tuple[View, ...]:
    """The views that everybody has, in the reader's language."""
    # An empty message would be translated as the head of the catalogue.
    return tuple(View(name, query and _(query), _(label)) for name, label, query in _BUILT_IN)


def own(name: str, query: str) -> View:
    """A view of somebody's own, which is called what they call it."""
    return View(name, query, name, is_own=True)


def view_named(name: str, views: Iterable[View]) -> View:
    """The view of a name, or of a label, in either case.

    Raises:
        NotFound: if there is none.
    """
    wanted = name.strip().casefold()
    views = list(views)
    for view in views:
        if view.name.casefold() == wanted:
            return view
    for view in views:
        if view.label.casefold() == wanted:
            return view
    raise NotFound(
        N_("There is no view “{name}”."), N_("“pitboard view list” shows them."), name=name
    )
