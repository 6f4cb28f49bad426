"""Every key, value, field, event kind, command and verb has its words in both languages."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import StrEnum

import click
import pytest

import storage.model.vocabulary
from storage.events import KINDS
from storage.model.environment import Environment
from storage.model.history_kinds import OF_ITEMS, kinds_of
from storage.model.records import Line, Text
from storage.model.vocabulary import HistorySort, SpanSort
from storage.query.editing import Suggestion, complete
from storage.query.keys import KEYS
from tui.cli.group import VERBS, Verbs
from tui.commands import ACTIONS, IN_BECOMING, IN_RETRO, IN_SHARING, IN_TRIAGE, IN_VERSIONS
from tui.text.history import change_words, event_words
from tui.text.i18n import _, field_word, speak
from tui.text.query_help import completion_help
from tui.text.vocabulary import word

VOCABULARIES = [
    kind
    for _name, kind in inspect.getmembers(storage.model.vocabulary, inspect.isclass)
    if issubclass(kind, StrEnum) and kind is not StrEnum
]


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    speak(request.param)
    yield request.param
    speak("en")


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_query_key_has_help_and_completes_by_each_spelling(key, language: str) -> None:
    assert completion_help(Suggestion(f"{key.name}:", key.name))
    for spelling in key.spellings:
        if spelling.replace("-", "").replace("_", "").isalnum():
            offered = complete(spelling, len(spelling), None, language, most=99).offers
            assert key.name in [offer.key for offer in offered], spelling
    for value in key.words:
        assert word(value)
        for spelling in value.spellings:
            begun = f'{key.name}:"{spelling}'
            offered = complete(begun, len(begun), None, language, most=99).offers
            whole = [offer.value for offer in offered]
            assert value.value in whole or not whole, spelling


@pytest.mark.parametrize("kind", VOCABULARIES, ids=lambda kind: kind.__name__)
def test_a_value_of_a_vocabulary_has_a_word(kind: type[StrEnum], language: str) -> None:
    words = [_label(value) for value in kind]
    assert all(words)
    assert len(set(words)) == len(words)


def _label(value: StrEnum) -> str:
    # What became of a stretch of text is shown by colour and sign and has no word.
    return str(value) if isinstance(value, SpanSort) else word(value)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_kind_has_its_words_and_its_sort(kind: str, language: str) -> None:
    assert event_words(kind) != event_words("no such kind")
    assert kind in kinds_of(HistorySort) or kind in OF_ITEMS
    for name in KINDS[kind].model_fields:
        assert field_word(name)


def test_a_change_that_holds_more_than_is_known_says_so(language: str) -> None:
    plain = Line("e" * 32, "ab12", 0, "Ann", "tag_added", after=Text("moon"))
    assert change_words(plain).what == event_words("tag_added")
    more = change_words(plain._replace(holds_more=True))
    assert more.what.startswith(event_words("tag_added"))
    assert more.what != event_words("tag_added")
    unknown = plain._replace(known=False, holds_more=True)
    assert change_words(unknown).what == event_words("no such kind")


@pytest.mark.parametrize("name", Environment._fields)
def test_a_field_has_a_label(name: str) -> None:
    speak("zh_CN")
    try:
        assert _(field_word(name)) != name, "no Chinese label"
    finally:
        speak("en")


COMMANDS = {
    one.id: one
    for one in [*ACTIONS, *IN_TRIAGE, *IN_VERSIONS, *IN_BECOMING, *IN_SHARING, *IN_RETRO]
}


@pytest.mark.parametrize("action", COMMANDS.values(), ids=lambda one: one.id)
def test_a_command_of_the_screen_has_a_label(action, language: str) -> None:
    assert _(action.name)
    assert _(action.help)
    assert _(action.group)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_a_help_text(verb: str, language: str) -> None:
    command = Verbs().get_command(click.Context(click.Command("pitboard")), verb)
    assert command is not None
    assert command.get_short_help_str()
