"""The forms of what a pitfall points to: references with vendor replies, and attachments."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.types import CSSPathType
from textual.widgets import Static

from storage.db.blobs import Upload, read_file
from storage.errors import N_, NotFound, Refused
from storage.model.records import Attachment, Pitfall, Reference, VendorReply
from storage.model.row import Text
from storage.model.verdicts import ReplySuggestion
from storage.model.vocabulary import Source, VendorReplyKind, is_web_address
from storage.text import dates
from storage.text.sanitize import label_of, sanitize
from tui.dialogs.fields import (
    ChoiceField,
    FormField,
    LineField,
    LinesField,
    PathField,
    YesNoField,
    called,
    such_as,
)
from tui.dialogs.form import Form, FormValues
from tui.dialogs.pitfalls import OnSeveral
from tui.services.terminal import shown
from tui.text.fields import origin_words, size_words
from tui.text.i18n import _, read
from tui.text.verdicts import suggestion_words

if TYPE_CHECKING:
    from PIL.Image import Image as Picture


class AddReference(OnSeveral):
    """A link, and what was said there."""

    title_words: ClassVar[str] = N_("Add a reference")

    def fields(self) -> Iterable[FormField]:
        """The address first; it alone is needed."""
        yield LineField("url", called(Reference, "url"), hint="https://")
        yield LineField("title", called(Reference, "title"))
        yield ChoiceField("source", called(Reference, "source"), Source, optional=True)
        yield LinesField("quote", called(Reference, "quote"), height=3)
        yield LineField("quoted_on", called(Reference, "quoted_on"), hint=such_as("2026-11-20"))
        yield YesNoField("official", called(Reference, "official"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """One reference more."""
        return [_("gets the reference")]


class EditReference(Form):
    """A reference as it stands, to be put right or hidden."""

    title_words: ClassVar[str] = N_("Edit the reference")

    def __init__(self, reference: Reference) -> None:
        super().__init__()
        self._reference = reference

    def fields(self) -> Iterable[FormField]:
        """The fields as they stand, in the reader's language."""
        held = self._reference
        yield LineField("url", called(Reference, "url"), held.url)
        yield LineField("title", called(Reference, "title"), read(held.title))
        yield ChoiceField("source", called(Reference, "source"), Source, held.source)
        yield LinesField("quote", called(Reference, "quote"), read(held.quote), height=3)
        yield LineField(
            "quoted_on", called(Reference, "quoted_on"), held.quoted_on, such_as("2026-11-20")
        )
        yield YesNoField("official", called(Reference, "official"), is_answer=held.official)
        yield YesNoField("hidden", _("hide it"))


class AddVendorReply(Form):
    """What the vendor said at a reference, or at an address that becomes one."""

    title_words: ClassVar[str] = N_("Add a vendor reply")

    def __init__(
        self, reference: Reference | None, suggested: ReplySuggestion | None = None
    ) -> None:
        super().__init__()
        self._reference, self._suggested = reference, suggested

    def heading(self) -> str:
        """What is suggested, if it is, and why."""
        if self._suggested is None:
            return super().heading()
        return _("{action}: {title}").format(
            action=_("Suggested vendor reply"), title=suggestion_words(self._suggested)
        )

    def first_field(self) -> str:
        """What it comes to, where it is known at which reference it was said."""
        return "sort" if self._reference else "reference"

    def fields(self) -> Iterable[FormField]:
        """Where, then what."""
        chosen = self._reference
        yield LineField("reference", _("source"), chosen.url if chosen else "", "https://")
        held = _as_reply(self._suggested) if self._suggested else None
        official = held.official if held else bool(chosen and chosen.official)
        yield from _fields(held, official=official)


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


def _as_reply(found: ReplySuggestion) -> VendorReply:
    """What is suggested, as it would be recorded."""
    return VendorReply(
        id="",
        at=found.found_at,
        who="",
        reference="",
        said_on=found.said_on,
        author=found.author,
        official=found.official,
        sort=found.kind or VendorReplyKind.ACKNOWLEDGED,
        version=found.version,
        quote=Text(found.quote),
        recorded_on="",
    )


def _fields(held: VendorReply | None, *, official: bool) -> Iterable[FormField]:
    sort = held.sort if held else VendorReplyKind.ACKNOWLEDGED
    yield ChoiceField("sort", called(VendorReply, "sort"), VendorReplyKind, sort)
    yield LineField(
        "said_on",
        called(VendorReply, "said_on"),
        held.said_on if held else "",
        such_as("2026-11-20"),
    )
    yield LineField("author", called(VendorReply, "author"), held.author if held else "")
    yield YesNoField("official", called(VendorReply, "official"), is_answer=official)
    yield LineField(
        "version", called(VendorReply, "version"), held.version if held else "", such_as("4.1.10")
    )
    yield LinesField(
        "quote", called(VendorReply, "quote"), read(held.quote) if held else "", height=3
    )


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


# Attachments: attaching a file, putting its label right, saving it


class AttachFile(OnSeveral):
    """A screenshot or a log, and what can be seen in it."""

    title_words: ClassVar[str] = N_("Attach a file")

    def fields(self) -> Iterable[FormField]:
        """The path first; it alone is needed."""
        yield path_field()
        yield LineField("label", called(Attachment, "label"), hint=_("the file's name"))
        yield LinesField(
            "note", called(Attachment, "note"), hint=_("what the picture shows"), height=2
        )

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """One attachment more."""
        return [_("gets the attachment")]


class EditAttachment(Form):
    """An attachment as it stands, to be put right or hidden."""

    title_words: ClassVar[str] = N_("Edit the attachment")

    def __init__(self, attachment: Attachment) -> None:
        super().__init__()
        self._attachment = attachment

    def fields(self) -> Iterable[FormField]:
        """Its label and its note; its bytes stay what they are."""
        yield LineField("label", called(Attachment, "label"), self._attachment.label)
        yield LinesField("note", called(Attachment, "note"), read(self._attachment.note), height=3)
        yield YesNoField("hidden", _("hide it"))


class SaveAttachment(Form):
    """Where an attachment is to be saved."""

    title_words: ClassVar[str] = N_("Save the attachment")

    def __init__(self, attachment: Attachment) -> None:
        super().__init__()
        self._attachment = attachment

    def heading(self) -> str:
        """Which one it is."""
        one = self._attachment
        return _("{action}: {title}").format(
            action=_(self.title_words), title=f"{sanitize(one.label)}  {size_words(one.size)}"
        )

    def fields(self) -> Iterable[FormField]:
        """The folder; downloads, if there is one."""
        downloads = Path.home() / "Downloads"
        folder = "~/Downloads" if downloads.is_dir() else "."
        yield PathField("folder", _("folder"), folder)
        yield YesNoField("force", _("overwrite"))


def path_field(value: str = "") -> FormField:
    """A file that is to be attached."""
    return PathField("attach", _("file to attach"), value, _("a path; → completes it"))


def attached(answers: FormValues) -> list[Upload]:
    """The file that a form names, if it names one; read beside the screen.

    Raises:
        Refused: if it can't be attached.
    """
    if not answers.get("attach"):
        return []
    file = _at(answers["attach"])
    return [file._replace(label=answers.get("label") or file.label)]


def attachment(answers: FormValues) -> Upload:
    """The file that is to be attached, with its label and its note; read beside the screen.

    Raises:
        Refused: if none is named, or it can't be attached.
    """
    files = attached(answers)
    if not files:
        raise Refused(N_("Name the file that is to be attached."), field="attach")
    return files[0]._replace(note=answers["note"])


def _at(typed: str) -> Upload:
    """The file at a path that somebody typed.

    Raises:
        Refused: if it can't be attached, naming the field.
    """
    path = Path(typed).expanduser()
    try:
        return Upload(read_file(path), label_of(path.name))
    except (NotFound, Refused) as error:
        values = {name: value for name, value in error.values.items() if name != "field"}
        raise Refused(error.message, error.advice, field="attach", **values) from error


# An attached picture, shown in the terminal


#: A cell of a terminal is about so many pixels wide and high.
_CELL: Final = (8, 16)


class PictureScreen(ModalScreen[str]):
    """Shows a picture; dismisses what to do with it then: ``open``, ``save``, or nothing.

    Args:
        attachment: what it is.
        picture: unpacked.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = "picture.tcss"

    def __init__(self, attachment: Attachment, picture: Picture) -> None:
        super().__init__()
        self._attachment, self._picture = attachment, picture
        keys = [
            Binding("escape,q,enter", "dismiss('')", _("back"), id="picture.back"),
            Binding("o", "dismiss('open')", _("viewer"), id="picture.open"),
            Binding("greater_than_sign", "dismiss('save')", _("save"), id="picture.save"),
        ]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(keys)])

    def compose(self) -> ComposeResult:
        """What it is, the picture, and the keys."""
        one = self._attachment
        text = "  ".join((sanitize(one.label), size_words(one.size), origin_words(one)))
        yield Static(text, id="picture-heading", markup=False)
        with VerticalScroll(id="picture-room"):
            yield shown(self._picture)
        yield Static(
            _("esc back   o open with the system's viewer   > save"),
            id="picture-keys",
            markup=False,
        )

    def on_resize(self) -> None:
        """Show all of it, as large as it fits, and no larger than it is."""
        [image] = self.query_one("#picture-room").children
        wide, high = self._picture.width / _CELL[0], self._picture.height / _CELL[1]
        scale = min(1.0, self.size.width / wide, (self.size.height - 2) / high)
        image.styles.width = max(1, int(wide * scale))
        image.styles.height = max(1, int(high * scale))


def reference(answers: FormValues) -> dict[str, Any]:
    """The arguments of a reference."""
    return {
        "url": answers["url"],
        "title": answers["title"],
        "source": answers["source"] or None,
        "quote": answers["quote"],
        "quoted_on": dates.day(answers["quoted_on"], "quoted_on") if answers["quoted_on"] else "",
        "official": answers["official"] == "yes",
    }
