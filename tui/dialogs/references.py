"""The forms of references, and of what the vendor said there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from storage.errors import N_, Refused
from storage.model.records import Pitfall, Reference, VendorReply
from storage.model.vocabulary import Source, VendorReplyKind, is_web_address
from storage.text import dates
from tui.dialogs.fields import ChoiceField, FormField, LineField, LinesField, YesNoField, such_as
from tui.dialogs.form import Form, FormValues
from tui.dialogs.on_several import OnSeveral
from tui.text.i18n import _, read


class AddReference(OnSeveral):
    """A link, and what was said there."""

    title_words: ClassVar[str] = N_("Add a reference")

    def fields(self) -> Iterable[FormField]:
        """The address first; it alone is needed."""
        yield LineField("url", _("address"), hint="https://")
        yield LineField("title", _("title"))
        yield ChoiceField("source", _("source type"), Source, optional=True)
        yield LinesField("quote", _("quote"), height=3)
        yield LineField("quoted_on", _("date"), hint=such_as("2026-11-20"))
        yield YesNoField("official", _("official reply"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """One reference more."""
        return [_("gets the reference")] if answers["url"] else []


class EditReference(Form):
    """A reference as it stands, to be put right or hidden."""

    title_words: ClassVar[str] = N_("Edit the reference")

    def __init__(self, reference: Reference) -> None:
        super().__init__()
        self._reference = reference

    def fields(self) -> Iterable[FormField]:
        """The fields as they stand, in the reader's language."""
        held = self._reference
        yield LineField("url", _("address"), held.url)
        yield LineField("title", _("title"), read(held.title))
        yield ChoiceField("source", _("source type"), Source, held.source)
        yield LinesField("quote", _("quote"), read(held.quote), height=3)
        yield LineField("quoted_on", _("date"), held.quoted_on, such_as("2026-11-20"))
        yield YesNoField("official", _("official reply"), is_answer=held.official)
        yield YesNoField("hidden", _("hide it"))


class AddVendorReply(Form):
    """What the vendor said at a reference, or at an address that becomes one."""

    title_words: ClassVar[str] = N_("Vendor replies")

    def __init__(self, reference: Reference | None) -> None:
        super().__init__()
        self._reference = reference

    def first_field(self) -> str:
        """What it comes to, where it is known at which reference it was said."""
        return "sort" if self._reference else "reference"

    def fields(self) -> Iterable[FormField]:
        """Where, then what."""
        chosen = self._reference
        yield LineField("reference", _("source"), chosen.url if chosen else "", "https://")
        yield from _fields(None, official=chosen.official if chosen else False)


class EditVendorReply(Form):
    """A reply as it stands, to be put right or hidden."""

    title_words: ClassVar[str] = N_("Edit the vendor reply")

    def __init__(self, reply: VendorReply) -> None:
        super().__init__()
        self._reply = reply

    def fields(self) -> Iterable[FormField]:
        """The fields as they stand, in the reader's language."""
        yield from _fields(self._reply, official=self._reply.official)
        yield YesNoField("hidden", _("hide it"))


def _fields(held: VendorReply | None, *, official: bool) -> Iterable[FormField]:
    sort = held.sort if held else VendorReplyKind.ACKNOWLEDGED
    yield ChoiceField("sort", _("vendor's position"), VendorReplyKind, sort)
    yield LineField("said_on", _("date"), held.said_on if held else "", such_as("2026-11-20"))
    yield LineField("author", _("author"), held.author if held else "")
    yield YesNoField("official", _("one of the vendor"), is_answer=official)
    yield LineField("version", _("in version"), held.version if held else "", such_as("4.1.10"))
    yield LinesField("quote", _("their words"), read(held.quote) if held else "", height=3)


def place(answers: FormValues) -> str:
    """The address where it was said.

    Raises:
        Refused: if it is none.
    """
    if not is_web_address(answers["reference"]):
        raise Refused(
            N_("Where was it said? Give an address that begins with https:// or http://."),
            field="reference",
        )
    return answers["reference"]


def reply(answers: FormValues) -> dict[str, Any]:
    """The arguments of a reply but for its place.

    Raises:
        Refused: if the day is none.
    """
    return {
        "sort": answers["sort"],
        "said_on": dates.day(answers["said_on"], "said_on") if answers["said_on"] else "",
        "author": answers["author"],
        "official": answers["official"] == "yes",
        "version": answers["version"],
        "quote": answers["quote"],
    }
