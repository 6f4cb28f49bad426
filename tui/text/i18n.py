"""The reader's language: English source text, gettext catalogues beside it.

Chosen once, by ``--lang``, else ``PITBOARD_LANG``, else the locale, before
anything translated is imported.
"""

from __future__ import annotations

import gettext as _gettext
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_, PitboardError, Spelled
from storage.model.fields import Word, labels

if TYPE_CHECKING:
    from storage.model.row import Text

DOMAIN: Final = "pitboard"
#: That of click's own messages: it reads all of its catalogue, so that has no others.
CLICK_DOMAIN: Final = "click"
LOCALES: Final = Path(__file__).parents[1] / "locale"
LANGUAGES: Final = ("en", "zh_CN")


class Messages:
    """The messages of a binary catalogue, each read when it is asked for: a call needs few.

    It holds, as words of 32 bits, the number of messages and where the tables of originals and of
    translations begin; each entry of a table says how long a text is and where. They are ordered
    by message, then by context, as Babel writes them.

    Args:
        held: the bytes of the catalogue.
    """

    def __init__(self, held: bytes) -> None:
        self._held = held
        self._count, self._originals, self._translated = unpack_from("<3I", held, 8)
        #: What was looked up before: a screen asks for the same again and again.
        self._known: dict[str | tuple[str, int], str | None] = {}

    def get(self, message: str | tuple[str, int], missing: Any = None) -> Any:
        """A translation, as :class:`gettext.GNUTranslations` asks for it.

        Args:
            message: the original behind its context, or one with the number of a plural form.
            missing: what is given where there is none.
        """
        if message not in self._known:
            self._known[message] = self._looked_up(message)
        found = self._known[message]
        return missing if found is None else found

    def _looked_up(self, message: str | tuple[str, int]) -> str | None:
        text, form = message if isinstance(message, tuple) else (message, None)
        context, _between, original = text.rpartition("\x04")
        place = bisect_left(range(self._count), (original, context), key=self._original)
        if place == self._count or self._original(place) != (original, context):
            return None
        forms = self._text(self._translated, place).split("\0")
        is_counted = "\0" in self._text(self._originals, place)
        return forms[form or 0] if is_counted == (form is not None) else None

    def __getitem__(self, message: str | tuple[str, int]) -> str:
        found = self.get(message)
        if found is None:
            raise KeyError(message)
        return str(found)

    def _original(self, place: int) -> tuple[str, str]:
        context, _between, original = self._text(self._originals, place).rpartition("\x04")
        return original.partition("\0")[0], context

    def _text(self, table: int, place: int) -> str:
        length, start = unpack_from("<2I", self._held, table + 8 * place)
        return self._held[start : start + length].decode()


class LazyTranslations(_gettext.GNUTranslations):
    """Translations that are looked up in their file; reading all takes longer than a list."""

    def _parse(self, fp: Any) -> None:
        self._catalog = Messages(fp.read())
        # No language of ours has more forms.
        self.plural = lambda count: 0


_translations: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def choose(option: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The language to speak, one of ``LANGUAGES``.

    Args:
        option: what ``--lang`` said, if anything.
        environment: the process's environment.
    """
    wanted = option or environment.get("PITBOARD_LANG")
    if not wanted:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            if environment.get(name):
                wanted = environment[name]
                break
        # LANGUAGE is a list of wishes that the C locale switches off, as in GNU gettext.
        wishes = environment.get("LANGUAGE", "").split(":")[0]
        if wishes and wanted and not wanted.startswith(("C", "POSIX")):
            wanted = wishes
    name = (wanted or "").lower()
    return next((one for one in LANGUAGES if name.startswith(one.partition("_")[0])), "en")


def speak(language: str) -> None:
    """Show everything in ``language`` from now on, the command line's own messages included."""
    global _translations, _language
    _language = language
    _translations = _catalogue(language)
    # click translates its messages through gettext's global domain.
    os.environ["LANGUAGE"] = language
    _gettext.bindtextdomain(CLICK_DOMAIN, str(LOCALES))
    _gettext.textdomain(CLICK_DOMAIN)


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    # gettext.translation would look for it under each of a locale's names, which it has loaded
    # for that.
    path = LOCALES / choose(language, {}) / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not path.exists():
        return _gettext.NullTranslations()
    with path.open("rb") as file:
        return LazyTranslations(file)


def language() -> str:
    """The language wanted now."""
    return _language


def _(message: str) -> str:
    """``message`` in the reader's language."""
    # What gettext keeps under the empty message is the catalogue's header.
    return _translations.gettext(message) if message else ""


def pgettext(context: str, message: str) -> str:
    """``message``, as it is meant in ``context``, in the reader's language."""
    return _translations.pgettext(context, message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a counted phrase that ``count`` asks for, in the reader's language."""
    return _translations.ngettext(one, many, count)


class Translation:
    """Messages and words of the vocabulary in one language; see ``storage.model.vocabulary``."""

    def __init__(self, language: str) -> None:
        self.language: Final = language
        self._translations = _catalogue(language)

    def gettext(self, message: str) -> str:
        """``message`` in this language."""
        return self._translations.gettext(message) if message else ""

    def pgettext(self, context: str, message: str) -> str:
        """``message``, as it is meant in ``context``, in this language."""
        return self._translations.pgettext(context, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of a counted phrase that ``count`` asks for."""
        return self._translations.ngettext(one, many, count)

    def word(self, value: Word) -> str:
        """A value of the vocabulary as people call it."""
        return self.pgettext(type(value).__name__, value.label)


def translator(language: str | None = None) -> Translation:
    """Messages in a language, the reader's by default."""
    return Translation(language or _language)


def read(text: Text) -> str:
    """The record's words for this reader."""
    return text.read(_language)


#: Fields of forms that hold a field of the record under another name.
_OF_FORMS: Final = {"at": N_("when"), "tag": N_("tags")}


@cache
def _field_labels() -> Mapping[str, str]:
    # Loaded here, since hardly any start says what is wrong with a field.
    from storage.model import records

    declaring = [one for one in vars(records).values() if isinstance(one, type)]
    return _OF_FORMS | {name: label for one in declaring for name, label in labels(one).items()}


def field_word(field: str) -> str:
    """What people call a field of the record."""
    return _(_field_labels().get(field, field))


def saving_words(done: int, total: int) -> str:
    """How far a large step is, as :class:`storage.write.session.WriteSession` tells it."""
    if not total:
        return _("Saving: {done} changes…").format(done=done)
    return _("Saving: {done} of {total} pitfalls…").format(done=done, total=total)


def say(error: PitboardError) -> str:
    """A known error in the reader's language: what happened, then what to do."""
    return sentences(error.message, error.advice, error.values)


def say_in_form(error: PitboardError) -> str:
    """The same where words are chosen, and not typed as the command takes them."""
    return sentences(error.message, error.advice, error.values, is_typed=False)


def sentences(
    message: str, advice: str, values: Mapping[str, object], *, is_typed: bool = True
) -> str:
    """Two templates in the reader's language, filled in; the second may be empty."""
    values_in_words = {name: _in_words(value, is_typed) for name, value in values.items()}
    field = values_in_words.get("field")
    if isinstance(field, str) and not isinstance(values["field"], Spelled):
        values_in_words["field"] = field_word(field)
    if isinstance(why := values.get("why"), str):
        values_in_words["why"] = _(why)
    shown = _(message).format(**values_in_words)
    if not advice:
        return shown
    return _("{sentence} {advice}").format(
        sentence=shown, advice=_(advice).format(**values_in_words)
    )


def _in_words(value: object, is_typed: bool) -> object:
    """What fills a template, as the reader calls it, and types it if it is typed."""
    if isinstance(value, PitboardError):
        return sentences(value.message, "", value.values, is_typed=is_typed)
    if isinstance(value, Spelled):
        return value.en if _language == "en" else value.zh
    if isinstance(value, tuple):
        return listed(str(_in_words(one, is_typed)) for one in value)
    if isinstance(value, Word) and not (is_typed and _language == "en"):
        label = pgettext(type(value).__name__, value.label)
        # What a command takes is its English spelling.
        return f"{label}（{value.value}）" if is_typed else label
    return value


def listed(words: Iterable[str]) -> str:
    """Names and values one after the other, as the reader's language puts marks between them."""
    return pgettext("list", ", ").join(words)


def clauses(words: Iterable[str]) -> str:
    """Parts of a sentence one after the other; Chinese puts another mark between these."""
    return _(", ").join(words)


def labelled(name: str, text: str) -> str:
    """What something is called, and behind it what it is."""
    return _("{name}: {text}").format(name=name, text=text)


def marked_in_chinese(text: str) -> str:
    """What click put together from parts, with Chinese marks where the reader's language is."""
    if not language().startswith("zh"):
        return text
    # Behind a Latin word stands what is to be given to a shell.
    text = re.sub(r"(?<![\w-])(?<![a-z0-9-] )'([^'\n]+)'", r"“\1”", text)
    text = re.sub("(?<=[\u4e00-\u9fff]) (?=“)|(?<=”) (?=[\u4e00-\u9fff])", "", text)
    text = text.replace("”, “", "”、“")
    text = re.sub(r"(?<=[”\u4e00-\u9fff])\. *(?=[\u4e00-\u9fff])", "。", text)
    text = re.sub("(?<=[：。，？]) +", "", text)
    return re.sub(r"(?<!\.)\.$", "。", text)
