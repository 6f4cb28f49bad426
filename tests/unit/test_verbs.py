"""The verb table: its texts, its suggestions, its examples, and every message that names a verb."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from tests.translations import PO
from tui.cli.group import Verb, Verbs, pitboard
from tui.text.verbs import GROUPS, SYNONYMS, VERBS, nearest

ROOT = Path(__file__).parents[2]
#: A word that only leads to others has no command of its own.
LEADING = {verb for verb, entry in VERBS.items() if not entry.place}


def command(verb: str) -> Verb:
    found = Verbs().get_command(click.Context(pitboard), verb)
    assert isinstance(found, Verb)
    return found


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - LEADING))
def test_the_table_agrees_with_the_verb(verb: str) -> None:
    found = command(verb)
    assert found.name == verb
    assert (found.help or "").split("\n")[0] == VERBS[verb].help
    module = VERBS[verb].place.partition(":")[0]
    assert import_module(module).__doc__


def test_the_first_lines_agree_in_chinese() -> None:
    with PO.open("rb") as file:
        shown = {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}
    shorts = {entry.help for entry in VERBS.values()}
    for source, translation in shown.items():
        first, _breaks, rest = source.partition("\n\n")
        if rest and first in shorts:
            assert str(translation).split("\n\n")[0] == shown[first], first


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - LEADING))
def test_each_help_ends_with_examples_of_the_verb(verb: str) -> None:
    examples = command(verb).examples
    assert 1 <= len(examples) <= 3
    assert any(f"pitboard {verb}" in line or "--db" in line for line in examples)
    # Whole in a terminal of 80 columns.
    assert all(len(line) <= 78 for line in examples)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.heading)
def test_the_example_of_a_group_is_one_of_its_verbs(group) -> None:
    assert re.match("pitboard (.*)", group.example)
    assert any(f"{group.example} ".startswith(f"pitboard {verb} ") for verb in group.verbs)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []], ids=" ".join)
def test_help_imports_no_verb(arguments: list[str]) -> None:
    places = {entry.place.partition(":")[0] for entry in VERBS.values()} - {""}
    if not arguments:
        # The verb “help” itself lives beside others that explain the command.
        places -= {"tui.cli.completion"}
    asked = (
        "import sys; from tui.cli import main; main(sys.argv[1:]);"
        f"print(*[m for m in {sorted(places)!r} if m in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked, *(arguments or ["help"])],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "triage accept" in ended.stdout
    assert ended.stderr.split() == []


# What people type


def test_each_synonym_leads_to_a_verb_and_means_one_thing() -> None:
    assert SYNONYMS.keys() <= VERBS.keys()
    words = [word for known in SYNONYMS.values() for word in known]
    assert len(set(words)) == len(words)
    assert not set(words) & {verb for verb in VERBS if " " not in verb}


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("ls", "list"),
        ("serach", "list"),
        ("find", "list"),
        ("lits", "list"),
        ("add", "new"),
        ("create", "new"),
        ("close", "status"),
        ("delete", "entry hide"),
        ("rm", "entry hide"),
        ("dup", "triage duplicate"),
        ("accept", "triage accept"),
        ("triage dup", "triage duplicate"),
        ("triage acept", "triage accept"),
        ("inbox", "triage list"),
        ("whoami", "members"),
        ("merge", "triage duplicate"),
        ("restore", "revert"),
        ("keep", "triage accept"),
        ("conflict", "resolve"),
        ("followups", "retro follow-ups"),
        ("note", "retro note"),
        ("attachments", "attachment list"),
        ("搜索", "list"),
        ("合并", "triage duplicate"),
        ("删除", "entry hide"),
        ("导出", "export"),
        ("sh", "show"),
        ("sta", "status"),
        ("tri", "triage"),
        ("hi", "history"),
        ("imp", "import"),
        ("do", "doctor"),
        ("config s", "config set"),
        ("triage l", "triage list"),
        ("qqqqqq", None),
        ("retro quarter", None),
    ],
)
def test_a_verb_that_does_not_exist_is_answered_with_the_nearest(
    typed: str, verb: str | None
) -> None:
    assert nearest(typed) == verb


#: What a person wants, and the verb for it; the words between ``*`` are in its short help.
JOBS = [
    ("*log* an *occurrence*", "log"),
    ("*report* a *new* *pitfall*", "new"),
    ("is this *pasted* text a *known* one?", "paste"),
    ("*find* known ones in a *log* file", "match"),
    ("*attach* a *screenshot*", "attach"),
    ("mark as *fixed* *from a version*", "fix"),
    ("check whether a *workaround* still *works*", "verify"),
    ("the *fix* *does not hold*", "reopen"),
    ("see what people *changed at once*", "resolve"),
    ("*undo* the *last change*", "undo"),
    ("*mark* as *duplicate*", "triage duplicate"),
    ("what is in the *inbox*, *longest* waiting first?", "triage list"),
    ("*snooze* *until* a *date*", "triage snooze"),
    ("*add* a *comment*", "comment"),
    ("record what the *vendor* *replied*", "vendor-reply"),
    ("*who changed* it, and *when*", "history"),
    ("what *changed* *between two dates*", "diff"),
    ("write a *bug report* for the *vendor*", "bug-report"),
    ("the *figures* of a *sprint*", "retro"),
    ("*mark* a *follow-up* as *done*", "retro done"),
    ("*share* the board through *git*", "share"),
    ("*export* as *CSV*", "export"),
    ("is the board *damaged*?", "doctor"),
]


@pytest.mark.parametrize(("job", "verb"), JOBS)
def test_help_alone_leads_from_a_job_to_its_verb(job: str, verb: str) -> None:
    phrases = re.findall(r"\*([^*]+)\*", job.casefold())
    assert len(phrases) > 0

    def holds(text: str, phrase: str) -> bool:
        return phrase in text or phrase.removesuffix("d").removesuffix("e") in text

    def score(name: str) -> int:
        text = f"{name} {VERBS[name].help}".casefold()
        return sum(holds(text, phrase) for phrase in phrases)

    assert score(verb) == len(phrases)
    assert not [other for other in VERBS.keys() - LEADING - {verb} if score(other) > score(verb)]


# Messages that name a verb


def _named() -> dict[str, str]:
    """Each “pitboard …” in a message and in its translation, with the message."""
    with PO.open("rb") as file:
        held = list(read_po(file))
    named = {}
    for message in held:
        texts = [
            text
            for part in (message.id, message.string)
            for text in (part if isinstance(part, tuple | list) else [part])
        ]
        for text in texts:
            for words in re.findall(r"(?<![\w/-])pitboard ([a-z][\w-]*(?: [a-z][\w-]*)?)", text):
                named[words] = text
    return named


def test_every_verb_that_a_message_names_exists() -> None:
    named = _named()
    assert len(named) > 20
    for words, text in named.items():
        first = words.split()[0]
        assert words in VERBS or first in VERBS, text
        if first in LEADING | {"triage", "view"} and words != first:
            assert words in VERBS, text
