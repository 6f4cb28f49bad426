"""The forms for views of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from storage.errors import N_
from tui.dialogs.fields import FormField, LineField, YesNoField
from tui.dialogs.form import Form
from tui.services.views import View
from tui.text.i18n import _


class SaveView(Form):
    """A name for the query."""

    title_words: ClassVar[str] = N_("Keep the query as a view")

    def __init__(self, name: str, query: str) -> None:
        super().__init__()
        self._present, self._query = name, query

    def heading(self) -> str:
        """What is kept."""
        return _("Keep as a view: {query}").format(query=self._query or _("everything"))

    def fields(self) -> Iterable[FormField]:
        """The name alone; that of a view of one's own replaces it."""
        yield LineField("name", _("name"), self._present)


class EditView(Form):
    """A view of one's own, to be changed or removed."""

    title_words: ClassVar[str] = N_("Edit the view")

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view

    def fields(self) -> Iterable[FormField]:
        """Name and query as they stand."""
        yield LineField("name", _("name"), self._view.name)
        yield LineField("query", _("query"), self._view.query)
        yield YesNoField("remove", _("remove it"))
