"""What each door loads: reading and the first paint wait for no more than they need."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.query.tree import Query
from storage.read.board import Board
from storage.write.store import Store
from tui import compiling_late
from tui.cli.open_board import CHECKING
from tui.text.verbs import VERBS

ROOT = Path(__file__).parents[2]
HEAVY = ("pydantic", "sqlite_utils", "filelock")
#: What only some calls of a command need.
BESIDE_THE_POINT = ("rich", "platformdirs", "shutil", "subprocess", "tempfile")
#: What the first paint does without.
UNPAINTED = (
    "markdown_it",
    "textual.highlight",
    "textual.widgets._tabs",
    "textual.widgets._text_area",
    "tui.dialogs.form",
    "tui.services.external_programs",
    "tui.text.fields",
    "tui.text.history",
    "tui.text.lead",
    "tui.text.verdicts",
    "tui.widgets.matrix",
    "tui.widgets.overview",
    "tui.widgets.references",
    "tui.widgets.timeline",
    "storage.read.history",
)
#: What Textual loads besides, for other applications than the board.
UNPAINTED_OF_TEXTUAL = (
    "asyncio.sslproto",
    "difflib",
    "locale",
    "platformdirs",
    "ssl",
    "textual.command",
    "textual.types",
    "textual.widgets._directory_tree",
    "textual.widgets._placeholder",
    "textual.widgets._select",
    "textual.widgets._tree",
    "textwrap",
    "tokenize",
    "uuid",
)
#: What is used then of some of them.
USED_OF_TEXTUAL = (
    "import asyncio.sslproto; asyncio.sslproto.SSLProtocol",
    "import textual.types; textual.types.NoSelection",
    "import textual.widgets, textual.app, textual.suggestions; textual.widgets.Placeholder",
    "assert textual.suggestions.get_suggestions('buton', ['button', 'input'], 2) == ['button']",
    "assert textual.app.user_downloads_path().name",
    "from textual.notifications import Notification; assert len(Notification('').identity) == 36",
    "from tui.commands import palette; assert palette.of_commands().id",
)
#: As the command begins to open the screen.
DEFERRING = "from tui.cli.open_board import defer_what_no_paint_uses as defer; defer()"
#: What click loads for options of its own classes, for types with a translated name, and for one
#: that no option has.
OF_CLICK = ("ast", "locale", "uuid")
#: The words and values of what belongs to a pitfall.
ENTRIES = tuple(
    f"storage.model.{name}"
    for name in ("environment", "records", "verdicts", "version_pairs", "vocabulary")
)
#: What a list that is piped does without.
UNLISTED = (
    *OF_CLICK,
    "hashlib",
    "signal",
    "storage.exports",
    "storage.imports",
    "storage.reports",
    "storage.retro",
    *ENTRIES,
    "storage.read.entries",
    "storage.read.history",
    "storage.projection.tables",
    "dataclasses",
    "tui.text.vocabulary",
)
#: What looking for known errors in a log does without.
UNMATCHED = ("rapidfuzz", "storage.read", "storage.query", "storage.exports", "storage.reports")
#: What no help needs: settings, the board and what writes it, the screen, other programs.
UNHELPFUL = (
    *HEAVY,
    *(name for name in BESIDE_THE_POINT if name != "rich"),
    "asyncio",
    "csv",
    "dataclasses",
    "hashlib",
    "http",
    "rich.console",
    "ssl",
    "statistics",
    "textual",
    "tomlkit",
    "tomllib",
    "urllib3",
    "yaml",
    "storage.check",
    "storage.db.schema",
    "storage.events.event",
    "storage.exports.json_shapes",
    "storage.fold",
    "storage.imports.importer",
    "storage.match.known_errors",
    "storage.projection",
    "storage.query.parser",
    "storage.read.history",
    "storage.retro.report",
    "storage.write.store",
    "tui.commands",
    "tui.services.config",
    "tui.services.external_programs",
)
#: Shows the help of each verb in a process of its own, which begins where the command is loaded;
#: writes the verb, and which of some modules it loaded.
SHOW_EACH_HELP = r"""
import os, sys
from tui.cli import main
from tui.text.verbs import VERBS

unneeded = sys.argv[1:]
for verb, entry in VERBS.items():
    child = os.fork()
    if not child:
        answer = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = main([*verb.split(), "--help"])
        there = [name for name, module in sys.modules.items() if type(module) is type(sys)]
        assert not entry.place or entry.place.partition(":")[0] in there
        loaded = [name for name in unneeded if name in there]
        os.write(answer, f"{verb}: {' '.join(loaded)}\n".encode())
        os._exit(code)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{verb} --help failed")
"""


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [
        ("tui.app", (*HEAVY, "click", *UNPAINTED)),
        ("tui.screens.board", HEAVY),
        ("storage.read.board", (*HEAVY, "textual", "click")),
        ("storage.query.parser", HEAVY),
        ("storage.query.sql_conditions", HEAVY),
        ("storage.retro.report", (*HEAVY, "textual", "click")),
        ("storage.as_of.board", (*HEAVY, "textual", "click")),
        ("storage.as_of.board", HEAVY),
        ("storage.query.completion", HEAVY),
        ("tui.cli.list", (*HEAVY, "textual", "mcp")),
        ("tui.cli.list", (*HEAVY, *BESIDE_THE_POINT, *UNLISTED, "textual")),
        (
            "tui.cli.show",
            (
                *HEAVY,
                "textual",
                "markdown_it",
                "storage.exports",
                "storage.imports",
                "storage.reports",
            ),
        ),
        (
            "tui.cli.group",
            (*HEAVY, *BESIDE_THE_POINT, *OF_CLICK, "textual", "json", "storage.read"),
        ),
        ("tui.cli.match", (*HEAVY, *BESIDE_THE_POINT, *UNMATCHED, "textual", "hyperscan")),
        ("storage.match", (*HEAVY, "textual", "click", "hyperscan", "rapidfuzz")),
        ("storage.match.similar", (*HEAVY, "dataclasses", "hyperscan", "rapidfuzz")),
        ("storage.match.stream_scanner", (*HEAVY, *UNMATCHED, "click", "hyperscan")),
        ("storage.write.store", ("textual", "click", "tui")),
        ("storage.check", ("textual", "click", "tui")),
        ("storage.exports.json_shapes", HEAVY),
        ("storage.reports.bug_report", (*HEAVY, "textual", "click", "markdown_it")),
        (
            "storage.reports.retro.formats",
            (*HEAVY, "textual", "click", "jinja2", "storage.imports.issue_lists"),
        ),
        ("tui.cli.retro", (*HEAVY, "textual", "jinja2")),
        ("tui.cli.agents", (*HEAVY, "textual", "mcp", "mcp_types")),
        ("tui.cli.edit", HEAVY),
        ("tui.cli.fixes", HEAVY),
        ("tui.cli.import_", (*HEAVY, "markdown_it", "rapidfuzz")),
        ("tui.cli.paste", (*HEAVY, "hyperscan", "rapidfuzz", "html.parser")),
        ("tui.cli.report", (*HEAVY, "hyperscan", "rapidfuzz", "locale")),
        ("tui.cli.sharing", (*HEAVY, "subprocess")),
        ("tui.cli.triage", (*HEAVY, "storage.reports")),
        ("seeds", HEAVY),
    ],
)
def test_it_loads_only_what_it_needs(module: str, unneeded: tuple[str, ...]) -> None:
    assert loaded_by(f"import {module}", *unneeded) == []


def test_what_textual_loads_for_others_is_put_off_until_it_is_used() -> None:
    assert loaded_by("import tui.app", *UNPAINTED_OF_TEXTUAL) == [*UNPAINTED_OF_TEXTUAL]
    assert loaded_by(f"{DEFERRING}; import tui.app", *UNPAINTED_OF_TEXTUAL) == []
    used = "; ".join(("import tui.app", *USED_OF_TEXTUAL))
    there = loaded_by(f"{DEFERRING}; {used}", *UNPAINTED_OF_TEXTUAL)
    assert {*UNPAINTED_OF_TEXTUAL} - {*there} <= {"locale", "textwrap", "tokenize"}


def test_the_type_that_is_had_without_its_module_is_the_one_of_that_module() -> None:
    asked = "; ".join(
        (
            "import sys, textual.command as command, textual.types as types",
            "known = types.IgnoreReturnCallbackType",
            "assert type(types) is not type(sys)",
            "assert types.DirEntry and type(types) is type(sys)",
            "assert known is types.IgnoreReturnCallbackType is command.IgnoreReturnCallbackType",
        )
    )
    assert loaded_by(f"{DEFERRING}; {asked}", "textual.types") == ["textual.types"]


def test_the_layers_hold() -> None:
    pytest.importorskip("importlinter")
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def loaded_by(statements: str, *modules: str) -> list[str]:
    """Which of some modules are loaded after some statements, and not only put off until later."""
    there = f"[m for m in {modules!r} if type(sys.modules.get(m)) is type(sys)]"
    asked = f"{statements}; import sys; print(*{there})"
    answered = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return answered.stdout.splitlines()[-1].split()


def test_the_help_of_a_verb_waits_for_nothing_that_its_work_needs() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOW_EACH_HELP, *UNHELPFUL],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = dict(line.split(": ", 1) for line in shown.stdout.splitlines())
    assert loaded == dict.fromkeys(VERBS, "")


def test_a_command_that_writes_loads_the_kinds_that_it_writes(tmp_path: Path) -> None:
    board = tmp_path / "board.db"
    run = f"from tui.cli import main; main(['--db', {str(board)!r}, {{}}])"
    report = "'new', 'A', '--component', 'b', '--kind', 'bug', '--severity', 'S3'"
    first = loaded_by(run.format("'init', '--empty'"), "storage.events.values")
    assert first == []
    kinds = [f"storage.events.{name}" for name in ("decisions", "items", "values")]
    unlisted = ("storage.read.listing", "storage.query.sql_order")
    assert loaded_by(run.format(report), *kinds, *unlisted) == ["storage.events.values"]
    with Board.open(board) as read:
        [row] = read.find(Query()).page(0, 1)
    others = (
        "pydantic",
        "pydantic_core.core_schema",
        "filelock",
        "tomllib",
        "storage.exports",
        "tui.cli.show",
        "tui.cli.entries",
    )
    assert loaded_by(run.format(f"'log', {row.id!r}"), *kinds, *unlisted, *others) == []
    unshown = ("rich", "signal", "uuid", "storage.exports")
    assert loaded_by(run.format(f"'show', {row.id!r}"), *unlisted, *unshown) == []
    # A list of all has no query to be read, and a pitfall's row tells of no entry.
    unread = ("storage.query.keys", "storage.query.parser", "storage.query.sql_conditions")
    assert loaded_by(run.format("'list', '--limit', '9'"), *UNLISTED, *unread, *kinds) == []


def test_a_module_that_was_only_named_is_whole_for_whoever_asks() -> None:
    text = "0f8fad5b-d9cd-469f-a165-70867728950e"
    named = "import tui.cli, click, uuid"
    asked = f"from uuid import UUID; assert click.UUID({text!r}) == UUID({text!r})"
    assert loaded_by(named, "uuid") == []
    assert loaded_by(f"{named}; {asked}", "uuid") == ["uuid"]
    # What was loaded before stays as it is.
    assert loaded_by(f"from uuid import UUID; {named}; assert uuid.UUID is UUID", "uuid") == [
        "uuid"
    ]


def test_settings_in_which_nothing_is_wrong_are_checked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{place}_HOME", str(tmp_path / place))
    settings = tmp_path / "CONFIG" / "pitboard" / "config.toml"
    settings.parent.mkdir(parents=True)
    report = "'new', 'A', '--component', 'b', '--kind', 'bug', '--severity', 'S3'"
    board = tmp_path / "board.db"
    Store.open(board, who="Ann").close()
    run = f"from tui.cli import main; main(['--db', {str(board)!r}, {report}])"
    settings.write_text('who = "Lin"\n')
    assert loaded_by(run, "pydantic") == ["pydantic"]
    assert loaded_by(run, "pydantic") == []
    settings.write_text('who = "Ada"\n')
    assert loaded_by(run, "pydantic") == ["pydantic"]
    with Board.open(board) as read:
        names = [read.pitfall(row.id).reported_by for row in read.find(Query()).page(0, 3)]
    assert sorted(names) == ["Ada", "Lin", "Lin"]


def test_settings_are_checked_again_when_a_module_that_checks_them_changes() -> None:
    ours = "[m for name, m in sys.modules.items() if name.startswith(('tui.', 'storage.'))]"
    declares = "any(getattr(x, '__module__', '').startswith('pydantic') for x in vars(m).values())"
    asked = (
        "import sys, tui.services.config\n"
        f"print(*sorted(m.__name__ for m in {ours} if type(m) is type(sys) and {declares}))"
    )
    answered = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert answered.stdout.split() == [f"tui.services.{name}" for name in CHECKING]


def test_no_package_is_searched_for_plugins_of_pydantic() -> None:
    start = "from tui import look_for_no_plugins; look_for_no_plugins()"
    use = "import pydantic; pydantic.TypeAdapter(int).validate_python('1')"
    assert loaded_by(f"{start}; {use}", "importlib.metadata", "email") == []
    # What else a version of pydantic may look for there is still found.
    more = "from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP as name"
    assert loaded_by(f"{start}; {more}; assert name == 'pydantic'", "pydantic") == ["pydantic"]


def test_a_function_that_was_taken_loads_its_module_when_it_is_called() -> None:
    taken = "import tui; from urllib.parse import urlsplit; from pathlib import PurePosixPath"
    assert loaded_by(taken, "urllib.parse") == []
    called = "assert urlsplit('https://b/c').netloc == 'b'"
    assert loaded_by(f"{taken}; {called}", "urllib.parse") == ["urllib.parse"]
    called = "assert PurePosixPath('/a b').as_uri() == 'file:///a%20b'"
    assert loaded_by(f"{taken}; {called}", "urllib.parse") == ["urllib.parse"]
    # What is asked for by its module, and what was taken before, is the function itself.
    named = "import urllib.parse; urllib.parse.quote; assert urllib.parse.quote_from_bytes.__code__"
    assert loaded_by(f"{taken}; {named}", "urllib.parse") == ["urllib.parse"]
    before = f"from urllib.parse import urlsplit as first; {taken}; assert urlsplit is first"
    assert loaded_by(before, "urllib.parse") == ["urllib.parse"]


# Regular expressions that are compiled when they are used

SOURCE = "(?P<sign>b+)|c", re.IGNORECASE
TEXT = "aBBc"


@pytest.mark.parametrize(
    "ask",
    [
        lambda one: one.match(TEXT, 1)["sign"],
        lambda one: one.fullmatch("bb").span(),
        lambda one: one.search(TEXT).groupdict(),
        lambda one: one.findall(TEXT),
        lambda one: [found.span() for found in one.finditer(TEXT)],
        lambda one: one.split(TEXT),
        lambda one: one.sub(r"<\g<0>>", TEXT, count=1),
        lambda one: one.subn("x", TEXT),
        lambda one: re.sub(one, "x", TEXT),
        lambda one: re.compile(one).findall(TEXT),
        lambda one: (one.pattern, one.flags, one.groups, dict(one.groupindex)),
        lambda one: copy.deepcopy(one).findall(TEXT),
        lambda one: pickle.loads(pickle.dumps(one)).findall(TEXT),
        lambda one: isinstance(one, re.Pattern),
    ],
)
def test_an_expression_that_is_compiled_late_answers_as_any_other(
    ask: Callable[[re.Pattern[str]], object],
) -> None:
    with compiling_late():
        late = re.compile(*SOURCE)
    bound = late.search
    assert ask(late) == ask(re.compile(*SOURCE))
    assert ask(late) == ask(late)
    assert bound(TEXT).span() == (1, 3)


def test_an_expression_is_compiled_when_it_is_used_and_no_other_is_late() -> None:
    compiled = re.compile("b")
    with compiling_late():
        wrong = re.compile("(")
        assert re.compile(compiled) is compiled
    with pytest.raises(re.error):
        wrong.match("")
    with pytest.raises(re.error):
        re.compile("(")


def test_the_command_compiles_nothing_that_it_does_not_use() -> None:
    asked = "import re, tui.__main__, gettext; print(type(gettext._token_pattern) is re.Pattern)"
    command = [sys.executable, "-c", asked]
    answered = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert answered.stdout.split() == ["False"]
