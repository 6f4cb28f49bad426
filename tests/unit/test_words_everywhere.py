"""Every key, value, field, event kind, command and verb has its words in both languages."""

from __future__ import annotations

import inspect
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from typing import get_args

import click
import pytest

import storage.model.row
import storage.model.vocabulary
from seeds.reading import entries
from storage.db.rows import shape_of
from storage.events import KINDS, Item, OccurrenceLogged
from storage.events.checked import model_of
from storage.exports.json_shapes import as_shown
from storage.model.environment import FIELDS, NAMES, Environment, public
from storage.model.fields import Field, Word, labels
from storage.model.records import Line, Occurrence
from storage.model.row import Status, Text
from storage.model.vocabulary import (
    CatalogueTag,
    FixState,
    HistoryCategory,
    Upstream,
    Verdict,
    tags_named,
)
from storage.paste.reader import read
from storage.paste.template_labels import LABELS
from storage.query.completion import Suggestion, complete
from storage.query.keys import KEYS
from storage.query.parser import parse
from storage.read.board import Board
from storage.reports.bug_report import bug_report
from storage.write.store import Store
from tests.records import Wall
from tui.cli.group import Verbs
from tui.cli.paste import paste
from tui.cli.report import log
from tui.commands import COMMANDS, SCREENS, commands_on
from tui.dialogs import forms
from tui.dialogs.forms import environment_fields
from tui.services.external_programs import document_changes
from tui.services.views import View, built_in
from tui.text.fields import (
    entry_name,
    environment_words,
    event_words,
    part_name,
    value_word,
    value_words_of,
)
from tui.text.history import change_words
from tui.text.i18n import _, field_word, pgettext, speak, translator
from tui.text.verbs import VERBS
from tui.text.verdicts import STATE_MARKS, VERDICT_MARKS
from tui.text.vocabulary import MARKS, UPSTREAM_MARKS, completion_help, tag_word, word

VOCABULARIES = [
    kind
    for module in (storage.model.row, storage.model.vocabulary)
    for _name, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, StrEnum) and kind is not StrEnum
]
#: The kinds that add something which can be amended and hidden.
ITEM_KINDS = {kind: body for kind, body in KINDS.items() if issubclass(body, Item)}


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
    words = [word(value) for value in kind]
    assert all(words)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_kind_has_its_words_and_its_sort(kind: str, language: str) -> None:
    assert event_words(kind) != event_words("no such kind")
    body = KINDS[kind]
    assert _(body.history_words) == event_words(kind)
    if body.entry_words:
        assert body.history_category is None
        assert "{entry}" in _(body.entry_words)
    else:
        assert body.history_category in HistoryCategory
    if kind in ITEM_KINDS:
        assert entry_name(kind)


ENTRY_FIELDS = [
    (kind, name)
    for kind, body in ITEM_KINDS.items()
    for name in body.schema.fields
    # Which bytes a file has does not change, and where an entry belongs is told by its place.
    if name not in {"digest", "size", "media", "occurrence", "fix"}
]


@pytest.mark.parametrize(("kind", "name"), ENTRY_FIELDS, ids="-".join)
def test_a_field_of_an_entry_has_a_label_and_its_words(kind: str, name: str, language: str) -> None:
    label = part_name(kind, name)
    assert label
    if language != "en":
        assert not label.isascii()
    words = ITEM_KINDS[kind].schema.vocabulary(name)
    for value in words or ():
        assert value_words_of(kind, name, Text(value.value)) == word(value)


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_what_an_entry_is_read_as_declares_what_its_fields_are_called(kind: str) -> None:
    body = ITEM_KINDS[kind]
    named = inspect.signature(body.freeze).return_annotation.rpartition(".")[2]
    assert body.record.__name__ == named
    declared_there = labels(body.record) | labels(Environment)
    assert {name for of, name in ENTRY_FIELDS if of == kind} <= declared_there.keys()


def test_a_change_that_holds_more_than_is_known_says_so(language: str) -> None:
    plain = Line("e" * 32, "ab12", 0, "Ann", "tag_added", after=Text("moon"))
    assert change_words(plain).what == event_words("tag_added")
    more = change_words(plain._replace(holds_more=True))
    assert more.what.startswith(event_words("tag_added"))
    assert more.what != event_words("tag_added")
    unknown = plain._replace(known=False, holds_more=True)
    assert change_words(unknown).what == event_words("no such kind")


def in_chinese(message: str) -> str:
    speak("zh_CN")
    try:
        return _(message)
    finally:
        speak("en")


def a_value(field: Field) -> str:
    """A value of a field that nobody takes for one of another."""
    if field.words is not None:
        return field.words(next(iter(field.words))).value
    return field.example or ("7.6.5" if field.is_version else f"Some {field.name}")


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Board, str]]:
    """A board on which somebody said everything of where it was seen."""
    store = Store.open(tmp_path_factory.mktemp("fields") / "board.db", now=Wall())
    pitfall = store.pitfalls.report("It fails")
    store.occurrences.log(pitfall, **{field.name: a_value(field) for field in FIELDS})
    store.close()
    with Board.open(store.path) as board:
        yield board, pitfall


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
class TestField:
    """What a field of the environment is declared with reaches every place."""

    def test_it_has_its_words_in_both_languages(self, field: Field) -> None:
        for message in (field.label, field.help):
            assert message
            assert in_chinese(message) != message
        assert field_word(field.name) == field.label
        assert bool(field.bug_report) != bool(field.private or field.beside)
        assert field.words or field.metavar, "the help of its option says nothing of its value"

    def test_the_event_and_the_read_table_hold_it(
        self, field: Field, logged: tuple[Board, str]
    ) -> None:
        held = model_of(OccurrenceLogged).model_fields[field.name]
        assert not held.is_required()
        assert held.default is None
        assert (field.words or str) in (held.annotation, *get_args(held.annotation)) or (
            field.words is None
        )
        with closing(sqlite3.connect(logged[0].path)) as connection:
            columns = connection.execute("PRAGMA table_info(occurrences)").fetchall()
        assert (field.name, "TEXT") in [(name, kind) for _n, name, kind, *_ in columns]

    def test_what_was_logged_is_read_and_shown(
        self, field: Field, logged: tuple[Board, str], language: str
    ) -> None:
        board, pitfall = logged
        [occurrence] = board.occurrences.of(pitfall)
        value = a_value(field)
        assert getattr(occurrence.environment, field.name) == value
        shown = as_shown(
            board.pitfall(pitfall), board.occurrences.totals(pitfall), [occurrence], language
        )
        assert shown["occurrences"][0][field.name] == value
        assert value_word(field.name, value) in environment_words(occurrence.environment)

    def test_a_bug_report_holds_it_unless_it_is_private(
        self, field: Field, logged: tuple[Board, str], language: str
    ) -> None:
        board, pitfall = logged
        text = bug_report(board, pitfall, translator(language), str).text
        assert (value_word(field.name, a_value(field)) in text) != field.private
        if field.bug_report:
            assert pgettext("bug report", field.bug_report) in text

    def test_a_query_finds_it(self, field: Field, logged: tuple[Board, str]) -> None:
        board, _pitfall = logged
        if not field.query:
            assert not field.query_help
            return
        assert in_chinese(field.query_help) != field.query_help
        for spelling in field.query.split():
            query = parse(f"{spelling}:{a_value(field)}")
            assert not query.problems
            assert board.find(query).total == 1
            assert board.find(parse(f"-{spelling}:{a_value(field)}")).total == 0

    def test_commands_and_forms_ask_for_it(self, field: Field) -> None:
        for verb in (log, paste):
            [option] = [one for one in verb.params if one.name == field.name]
            assert isinstance(option, click.Option)
            assert option.help
            if field.words is not None:
                assert isinstance(option.type, click.Choice)
        asked = [one.field for one in environment_fields(Environment())]
        assert asked.count(field.name) == 1
        assert len(asked) == len(FIELDS)

    def test_paste_reads_it_behind_each_of_its_labels(self, field: Field) -> None:
        assert field.paste.split()
        for label in field.paste.split():
            assert LABELS[label] == field.name
        # A word that several languages spell alike is read by its own recogniser.
        text = f"{field.paste.split()[0]}: {a_value(field)}"
        assert read(text).values[field.name].value == a_value(field)
        if field.printed:
            text = f'{{"{field.printed}": "{a_value(field)}"}}'
            assert read(text).values[field.name].value == a_value(field)


def test_the_event_holds_no_field_of_the_environment_that_is_not_declared() -> None:
    own = {"outcome", "count", "seen_at", "message", "note", "fix"}
    assert OccurrenceLogged.schema.fields.keys() - own == set(NAMES)
    assert [field.name for field in FIELDS] == list(NAMES)
    assert set(shape_of(Occurrence).columns) >= set(NAMES) | own


def test_what_is_private_is_not_public() -> None:
    private = [field.name for field in FIELDS if field.private]
    assert private == ["company"]
    assert public(Environment(company="acme", device="Phone")) == Environment(device="Phone")


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        (Status, MARKS),
        (Upstream, UPSTREAM_MARKS),
        (Verdict, VERDICT_MARKS),
        (FixState, STATE_MARKS),
    ],
)
def test_what_has_a_mark_has_one_of_its_own(kind: type[Word], marks: dict[Word, str]) -> None:
    assert marks.keys() == set(kind)
    assert len(set(marks.values())) == len(kind)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.id)
def test_a_command_of_the_screen_has_a_label(command, language: str) -> None:
    assert _(command.name)
    assert _(command.help)
    assert _(command.group)
    label = _(command.label)
    assert len(label.removesuffix("…").replace("↔", "").split()) <= 4
    assert command.aliases
    assert command.on.keys() <= set(SCREENS)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_offers_each_command_and_key_once(screen: str) -> None:
    offered = commands_on(screen)
    assert len({one.id for one in offered}) == len(offered)
    keys = [key for one in offered for key in one.keys.split(",")]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_a_help_text(verb: str, language: str) -> None:
    command = Verbs().get_command(click.Context(click.Command("pitboard")), verb)
    assert command is not None
    assert command.get_short_help_str()


# What the catalogue and the built-in views say

speak("en")
BUILT_IN = built_in()


@pytest.mark.parametrize("view", BUILT_IN, ids=lambda view: view.name)
def test_a_built_in_view_asks_the_same_in_every_language(view: View, language: str) -> None:
    [shown] = [one for one in built_in() if one.name == view.name]
    assert parse(shown.query) == parse(view.query)
    if language != "en":
        assert not re.search("[a-z]{2}", shown.query)


def test_every_tag_of_the_catalogue_is_a_word(language: str) -> None:
    used = {tag.tag for entry in entries() for tag in entry.tags}
    # A name in every language.
    assert used - {"android"} == {tag.value for tag in CatalogueTag}
    for tag in CatalogueTag:
        assert tag_word(tag.value) == (tag.value if language == "en" else tag.zh)
        assert tags_named(tag.zh, tag.value) == [tag.value, tag.value]
    assert tags_named("ours") == [tag_word("ours")] == ["ours"]
    # What a form or a document shows is read back as the record holds it.
    shown = " ".join(map(tag_word, ("album", "ours")))
    assert forms.edits({"tags": shown})["tags"] == ["album", "ours"]
    changed = document_changes("tags: \n", f"tags: {shown}\n")
    assert changed.tags == ["album", "ours"]
