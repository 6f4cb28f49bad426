"""The forms: which fields each has, and what stands in them at first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widgets import Select

from storage.board import Board
from storage.errors import N_
from storage.models import Environment, Pitfall, Reference, Row
from storage.plaintext import harmless
from storage.vocabulary import (
    Axis,
    Channel,
    Host,
    Kind,
    Outcome,
    Platform,
    Severity,
    Source,
    Status,
)
from tui.dialogs.fields import (
    ChoiceField,
    Field,
    LineField,
    LinesField,
    PitfallField,
    YesNoField,
)
from tui.dialogs.form import Form, Save
from tui.language import _, read


class LogOccurrence(Form[str]):
    """Somebody ran into it: where, with what message. The environment is as last time."""

    title_words: ClassVar[str] = N_("Log an occurrence")

    def __init__(
        self, save: Save[str], board: Board, row: Row | None, environment: Environment
    ) -> None:
        super().__init__(save)
        self._board, self._row, self._last = board, row, environment

    def first_field(self) -> str:
        """The message, when the pitfall is known."""
        return "message" if self._row else "pitfall"

    def fields(self) -> Iterable[Field]:
        """Pitfall, outcome and message first; the environment below."""
        last = self._last
        yield PitfallField("pitfall", _("pitfall"), self._board, self._row)
        yield ChoiceField("outcome", _("outcome"), Outcome, Outcome.REPRODUCED)
        yield LinesField("message", _("error message"), hint=_("paste it here"))
        yield ChoiceField("platform", _("platform"), Platform, last.platform, optional=True)
        yield ChoiceField("channel", _("channel"), Channel, last.channel, optional=True)
        yield ChoiceField("host", _("host app"), Host, last.host, optional=True)
        yield LineField(
            "client_version", _("app version"), last.client_version or "", _such_as("4.1.8")
        )
        yield LineField(
            "base_library", _("base library"), last.base_library or "", _such_as("2.30.4")
        )
        yield LineField("os_version", _("OS version"), last.os_version or "")
        yield LineField("device", _("device"), last.device or "")
        yield LineField("permission", _("permission"), last.permission or "")
        yield LineField("devtools_version", _("devtools version"), last.devtools_version or "")
        yield LineField("company", _("company alias"), last.company or "")
        yield LineField("count", _("count"), "1")
        yield LineField("at", _("when"), hint=_("now, or 2026-11-20 14:03"))
        yield LinesField("note", _("note"), height=2)


class NewPitfall(Form[str]):
    """A new pitfall, with what is known of it."""

    title_words: ClassVar[str] = N_("Report a new pitfall")

    def fields(self) -> Iterable[Field]:
        """What names it first."""
        yield LineField("title", _("title"), hint=_("what goes wrong, in one sentence"))
        yield LineField("component", _("component"), hint=_such_as("wx.qy.login"))
        yield ChoiceField("kind", _("kind"), Kind, Kind.BUG)
        yield ChoiceField("severity", _("severity"), Severity, Severity.S3)
        yield LinesField("workaround", _("workaround"), hint=_("what to do meanwhile"), height=3)
        yield LinesField(
            "reproduction", _("reproduction"), hint=_("steps, expected, actual (Markdown)")
        )
        yield LinesField("signatures", _("signatures"), hint=_("error texts, one a line"), height=2)
        yield LineField("tags", _("tags"), hint=_("separated by blanks"))
        yield LineField("url", _("reference"), hint="https://")


class EditPitfall(Form[str]):
    """Every field of a pitfall."""

    title_words: ClassVar[str] = N_("Edit the pitfall")

    def __init__(self, save: Save[str], pitfall: Pitfall) -> None:
        super().__init__(save)
        self._pitfall = pitfall

    def fields(self) -> Iterable[Field]:
        """The fields as they stand, in the reader's language."""
        held = self._pitfall
        yield LineField("title", _("title"), read(held.title))
        yield LineField("component", _("component"), read(held.component))
        yield ChoiceField("kind", _("kind"), Kind, held.kind)
        yield ChoiceField("severity", _("severity"), Severity, held.severity)
        yield LinesField("workaround", _("workaround"), read(held.workaround), height=4)
        yield LinesField("reproduction", _("reproduction"), read(held.reproduction), height=6)
        signatures = "\n".join(one.text for one in held.signatures)
        yield LinesField("signatures", _("signatures"), signatures, _("one a line"), height=3)
        yield LineField("tags", _("tags"), " ".join(held.tags), _("separated by blanks"))
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))


class SetStatus(Form[str]):
    """A status with its reason, and with what the status needs."""

    title_words: ClassVar[str] = N_("Set the status")

    def __init__(self, save: Save[str], pitfalls: list[Pitfall]) -> None:
        super().__init__(save)
        self._pitfalls = pitfalls

    def heading(self) -> str:
        """Whose status."""
        first = harmless(read(self._pitfalls[0].title))
        more = len(self._pitfalls) - 1
        if more:
            return _("Set the status: {title} and {n} more").format(title=first, n=more)
        return _("Set the status: {title}").format(title=first)

    def fields(self) -> Iterable[Field]:
        """The status, then what it needs."""
        alone = len(self._pitfalls) == 1
        held = self._pitfalls[0]
        workaround = read(held.workaround) if alone else ""
        yield ChoiceField("status", _("status"), Status, held.status)
        yield LinesField("workaround", _("workaround"), workaround, _("what to do meanwhile"))
        yield ChoiceField("axis", _("fixed in"), Axis, optional=True)
        yield LineField("from", _("from"), hint=_("version or date: 4.1.8, 2026-11-20"))
        yield LinesField("quote", _("the vendor's words"), height=2)
        yield LineField("reference", _("reference"), hint="https://")
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def on_mount(self) -> None:
        """Show only what the status needs."""
        self._show_needs()

    @on(Select.Changed)
    def _show_needs(self) -> None:
        status = self.field("status").value
        self.field("workaround").display = status == Status.WORKAROUND
        for name in ("axis", "from", "quote", "reference"):
            self.field(name).display = status == Status.FIXED_UPSTREAM


class AddReference(Form[str]):
    """A link, and what was said there."""

    title_words: ClassVar[str] = N_("Add a reference")

    def fields(self) -> Iterable[Field]:
        """The address first; it alone is needed."""
        yield LineField("url", _("address"), hint="https://")
        yield LineField("title", _("title"))
        yield ChoiceField("source", _("sort of source"), Source, optional=True)
        yield LinesField("quote", _("what was said"), height=3)
        yield LineField("quoted_on", _("said on"), hint=_such_as("2026-11-20"))
        yield YesNoField("official", _("said by the vendor"))


class EditReference(Form[str]):
    """A reference as it stands, to be put right or hidden."""

    title_words: ClassVar[str] = N_("Edit the reference")

    def __init__(self, save: Save[str], reference: Reference) -> None:
        super().__init__(save)
        self._reference = reference

    def fields(self) -> Iterable[Field]:
        """The fields as they stand, in the reader's language."""
        held = self._reference
        yield LineField("url", _("address"), held.url)
        yield LineField("title", _("title"), read(held.title))
        yield ChoiceField("source", _("sort of source"), Source, held.source)
        yield LinesField("quote", _("what was said"), read(held.quote), height=3)
        yield LineField("quoted_on", _("said on"), held.quoted_on, _such_as("2026-11-20"))
        yield YesNoField("official", _("said by the vendor"), said=held.official)
        yield YesNoField("hidden", _("hide it"))


class AddComment(Form[str]):
    """A comment."""

    title_words: ClassVar[str] = N_("Comment")

    def fields(self) -> Iterable[Field]:
        """The text."""
        yield LinesField("text", _("comment"), height=6)


def _such_as(example: str) -> str:
    """A hint that nobody takes for a value, not even without colour."""
    return _("such as {example}").format(example=example)
