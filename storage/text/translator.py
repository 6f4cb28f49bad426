"""The translator that reports take: gettext messages and vocabulary words in one language.

The record knows no languages of its own; whoever asks for a report passes a translator in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from storage.model.vocabulary import Word


class Translator(Protocol):
    """Messages in one language, which may differ from the reader's."""

    @property
    def language(self) -> str:
        """A locale name such as ``zh_CN``."""

    def gettext(self, message: str) -> str:
        """``message`` in this language."""

    def pgettext(self, context: str, message: str) -> str:
        """``message``, as it is meant in ``context``, in this language."""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of a counted phrase that ``count`` asks for."""

    def word(self, value: Word) -> str:
        """A value of the vocabulary as people call it."""
