"""The fourth tab: where it was discussed, what the vendor said there, and what is attached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from storage.model.records import Attachment, Pitfall, Reference, VendorReply
from storage.model.verdicts import replies_on
from storage.text.sanitize import sanitize
from tui.text.fields import kind_marked, origin_words, size_words
from tui.text.i18n import _, read
from tui.text.vocabulary import vendor_reply_words, word


class ReferenceRow(NamedTuple):
    """What a line is about: a reference, what was said at it, or an attachment."""

    reference: Reference | None = None
    reply: VendorReply | None = None
    attachment: Attachment | None = None

    @property
    def id(self) -> str:
        """The id of the last of them that there is."""
        one = self.attachment or self.reply or self.reference
        return one.id if one is not None else ""


class References(OptionList):
    """A pitfall's references, below each what was said there, and then its attachments."""

    DEFAULT_CSS = """
    References {
        height: auto;
        max-height: 100%;
        border: none;
        padding: 0;
        background: transparent;
        &:focus { border: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._entries: Sequence[ReferenceRow] = ()

    def show(self, pitfall: Pitfall) -> None:
        """Show what belongs to a pitfall; the cursor stays where it was, if it can."""
        before = self._entry
        self._entries = [
            *(
                ReferenceRow(one, value)
                for one in pitfall.references
                for value in (None, *replies_on(pitfall, one.id))
            ),
            *(ReferenceRow(attachment=one) for one in pitfall.attachments),
        ]
        self.clear_options()
        self.add_options(Option(_shown(entry)) for entry in self._entries)
        if not self._entries:
            nothing = Content(_("No reference yet. Press l to add a link, @ to attach a file."))
            self.add_option(Option(nothing, disabled=True))
        else:
            names = [entry.id for entry in self._entries]
            held = before.id if before is not None else ""
            self.highlighted = names.index(held) if held in names else 0

    @property
    def chosen(self) -> Reference | None:
        """The reference under the cursor, or the one where what is under it was said."""
        return self._entry.reference if self._entry is not None else None

    @property
    def chosen_reply(self) -> VendorReply | None:
        """The reply under the cursor."""
        return self._entry.reply if self._entry is not None else None

    @property
    def chosen_attachment(self) -> Attachment | None:
        """The attachment under the cursor."""
        return self._entry.attachment if self._entry is not None else None

    @property
    def _entry(self) -> ReferenceRow | None:
        if self.highlighted is None or self.highlighted >= len(self._entries):
            return None
        return self._entries[self.highlighted]


def _shown(entry: ReferenceRow) -> Content:
    if entry.attachment is not None:
        return _attachment(entry.attachment)
    if entry.reply is not None:
        return _vendor_reply(entry.reply)
    assert entry.reference is not None
    return _reference(entry.reference)


def _attachment(one: Attachment) -> Content:
    note = sanitize(read(one.note), lines=True)
    return Content.assemble(
        (kind_marked(one), "$text-muted"),
        "  ",
        (sanitize(one.label), "bold"),
        (f"  {size_words(one.size)}  {origin_words(one)}", "$text-muted"),
        f"\n{note}" if note else "",
    )


def _reference(one: Reference) -> Content:
    title, quote = sanitize(read(one.title)), sanitize(read(one.quote), lines=True)
    value = [f"“{quote}”"] if quote else []
    if one.quoted_on:
        value.append(sanitize(one.quoted_on))
    if one.official:
        value.append(_("official reply"))
    return Content.assemble(
        (f"{title}\n" if title else "", "bold"),
        (sanitize(one.url), "$secondary underline"),
        (f"  {word(one.source)}", "$text-muted"),
        f"\n{'  '.join(value)}" if value else "",
    )


def _vendor_reply(one: VendorReply) -> Content:
    quote = sanitize(read(one.quote), lines=True)
    return Content.assemble(
        f"  ↳ {vendor_reply_words(one)}",
        (
            "".join(f"\n    {line}" for line in f"“{quote}”".split("\n")) if quote else "",
            "$text-muted",
        ),
    )
