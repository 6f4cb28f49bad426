"""The reader's language: English source text, gettext catalogues beside it.

Chosen once, by ``--lang``, else ``PITBOARD_LANG``, else the locale, before
anything translated is imported.
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from storage.errors import PitboardError
from storage.models import Text

DOMAIN: Final = "pitboard"
LOCALES: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en", "zh_CN")

_translations: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def choose(option: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The language to speak, one of ``LANGUAGES``.

    Args:
        option: what ``--lang`` said, if anything.
        environment: the process's environment.
    """
    spoken = option or environment.get("PITBOARD_LANG")
    if not spoken:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            if environment.get(name):
                spoken = environment[name]
                break
        # LANGUAGE is a list of wishes that the C locale switches off, as in GNU gettext.
        wishes = environment.get("LANGUAGE", "").split(":")[0]
        if wishes and spoken and not spoken.startswith(("C", "POSIX")):
            spoken = wishes
    return "zh_CN" if (spoken or "").lower().startswith("zh") else "en"


def speak(language: str) -> None:
    """Show everything in ``language`` from now on, the command line's own messages included."""
    global _translations, _language
    _language = language
    _translations = _gettext.translation(
        DOMAIN, localedir=LOCALES, languages=[language], fallback=True
    )
    # click translates its messages through gettext's global domain.
    os.environ["LANGUAGE"] = language
    _gettext.bindtextdomain(DOMAIN, str(LOCALES))
    _gettext.textdomain(DOMAIN)


def language() -> str:
    """The language spoken now."""
    return _language


def _(message: str) -> str:
    """``message`` in the reader's language."""
    return _translations.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a counted phrase that ``count`` asks for, in the reader's language."""
    return _translations.ngettext(one, many, count)


def read(text: Text) -> str:
    """The record's words for this reader."""
    return text.read(_language)


def say(error: PitboardError) -> str:
    """A known error in the reader's language: what happened, then what to do."""
    values = {
        name: _(value) if name == "field" and isinstance(value, str) and value else value
        for name, value in error.values.items()
    }
    if isinstance(values.get("why"), str):
        values["why"] = _(str(values["why"]))
    sentences = (error.message, error.advice)
    return " ".join(_(sentence).format(**values) for sentence in sentences if sentence)
