"""Write what the pages of docs derive from declarations: ``python -m docs.generate``.

``reference.md``, ``json.md``, ``schema.json``, ``datasette.json`` and ``pitboard.1`` are written
as a whole; in ``keys.md``, ``data.md`` and the pages that show what was measured, the tables
between two comments. A test fails while one of them is out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import click
from textual.keys import format_key

from benchmarks import record
from benchmarks.table import details, ratios, summary
from benchmarks.targets import targets
from docs.sql_columns import VIEWS, meaning, words
from storage.db.connection import RECORD_TABLES
from storage.model.environment import FIELDS
from storage.projection.sql_views import VIEW_COLUMNS
from storage.projection.tables import LOCAL_TABLES, READ_TABLES
from storage.query.keys import KEYS, Key, Reads
from tui.cli.completion import manual_page
from tui.cli.group import Verb, Verbs, pitboard, shared_options
from tui.cli.schemas import all_schemas, shapes_of, verbs
from tui.commands import BOARD, COMMANDS, Command, commands_on
from tui.commands.command import DIFF, RETRO, SHARING, TRIAGE, VERSIONS
from tui.commands.command import GROUPS as HEADINGS
from tui.services.views import built_in
from tui.text.verbs import GROUPS

HERE = Path(__file__).parent
ROOT = HERE.parent
REFERENCE = HERE / "reference.md"
KEYS_PAGE = HERE / "keys.md"
JSON_PAGE = HERE / "json.md"
SCHEMAS = HERE / "schema.json"
MANUAL = HERE / "pitboard.1"
DATA_PAGE = HERE / "data.md"
DATASETTE = HERE / "datasette.json"
#: The pages that show what was measured, and which table each shows.
FIGURES = {
    ROOT / "README.md": summary,
    HERE / "performance.md": details,
    ROOT / "benchmarks" / "README.md": ratios,
    ROOT / "benchmarks" / "PROFILE.md": targets,
}
BEGIN, END = "<!-- generated -->", "<!-- end of what is generated -->"

#: What every verb takes; listed once.
SHARED = {name for option in shared_options() for name in option.opts} | {"--help"}
#: What describes an environment; listed once.
ENVIRONMENT = {field.option or f"--{field.name.replace('_', '-')}" for field in FIELDS}
#: How a value is written, by how its key reads it.
VALUES = {
    Reads.TEXT: "a name; `*` matches anything",
    Reads.PREFIX: "the beginning of an id",
    Reads.TIME: "a day, a month, a range or an age",
    Reads.DAY: "`overdue`, a day or a range, or how far ahead: `<1w`",
    Reads.NUMBER: "a number, also with `<` `<=` `>` `>=`",
    Reads.VERSION: "a version, also with `<` `<=` `>` `>=`; `*` matches anything",
}
TITLES = {
    BOARD: "Board",
    TRIAGE: "Triage",
    RETRO: "Retro",
    VERSIONS: "App and base library versions",
    DIFF: "Compare with an earlier date",
    SHARING: "Sync status",
}
#: Where Textual's print of a key is no word that a person would look for.
PRINTED = {"⏎": "enter", "pgdn": "pagedown", "pgup": "pageup"}


def reference() -> str:
    """The page of verbs, query keys and views."""
    lines = [
        "# Reference",
        "",
        "<!-- Written from the declarations by `python -m docs.generate`. -->",
        "",
        "Every verb with its options, every key of the query language and every built-in view.",
        "`pitboard help VERB` shows a verb in your terminal, in English or Chinese.",
        "",
        "- [Verbs](#verbs)",
        "- [Environment options](#environment-options)",
        "- [Query keys](#query-keys)",
        "- [Built-in views](#built-in-views)",
        "",
        *_verbs(),
        *_environment_options(),
        *_query_keys(),
        *_views(),
    ]
    return "\n".join(lines)


def keys_page(text: str) -> str:
    """The page of keys with its tables written anew."""
    return _with_generated(text, _keys())


def data_page(text: str) -> str:
    """The page of data with its tables of views, columns and words written anew."""
    lines = _table(("view", "a row is"), [(f"`{name}`", one.row) for name, one in VIEWS.items()])
    for name, columns in VIEW_COLUMNS.items():
        lines += [f"### `{name}`", ""]
        lines += _table(
            ("column", "meaning"), [(f"`{column}`", meaning(name, column)) for column in columns]
        )
    lines += ["### Words", "", *_table(("column", "words in it"), _words())]
    return _with_generated(text, lines)


def figures_page(page: Path) -> str:
    """A page of figures with its table written anew from what was measured last."""
    return _with_generated(page.read_text("utf-8"), [*FIGURES[page](record.read()), "", ""])


def _words() -> Iterator[tuple[str, str]]:
    """Each column of fixed words with all of them; what a word says itself is not repeated."""
    for column, rows in groupby(words(), key=itemgetter(0)):
        told = [
            f"`{word}`" if _plain(word) == _plain(told_of_it) else f"`{word}`: {told_of_it}"
            for _column, word, told_of_it in rows
        ]
        yield f"`{column}`", "; ".join(told)


def _plain(text: str) -> str:
    return text.lower().replace("-", " ")


def _with_generated(text: str, lines: Iterable[str]) -> str:
    start, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{start}{BEGIN}\n\n" + "\n".join(lines) + f"{END}{after}"


def datasette(page: str) -> str:
    """What Datasette shows of a board: titles, columns, facets, and two queries of that page."""
    tables = {
        name: {
            "title": name.removesuffix("_view").capitalize(),
            "description": f"A row is {VIEWS[name].row}. Facets count rows.",
            "facets": list(VIEWS[name].facets),
            "columns": {column: meaning(name, column).replace("`", "") for column in columns},
            **({"label_column": "title"} if "title" in columns else {}),
        }
        for name, columns in VIEW_COLUMNS.items()
    }
    board = {
        "title": "Pitboard",
        "description": "Pitfalls of a platform. Times are in UTC.",
        "tables": tables | {name: {"hidden": True} for name in _internal_tables()},
        "queries": {
            "search": {
                "sql": _marked(page, "search"),
                "title": "Search",
                "description": "Words in English or Chinese, in titles, names and texts.",
                "params": ["text"],
                "hide_sql": True,
            },
            "pitfall": {
                "sql": _marked(page, "pitfall"),
                "title": "Pitfall",
                "description": "The pitfall with an id.",
                "params": ["id"],
            },
        },
    }
    whole = {"title": "Pitboard", "databases": {"board": board}}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _marked(page: str, mark: str) -> str:
    """The query of a page whose block of code has a mark."""
    _before, _begin, rest = page.partition(f"```sql {mark}\n")
    return rest.partition("```")[0].strip().removesuffix(";")


def _internal_tables() -> Iterator[str]:
    """Every table of a board's file: only its views are for guests."""
    yield from (*READ_TABLES, *LOCAL_TABLES, *RECORD_TABLES, "projection", "_sqlite_migrations")
    for table in (name for name in READ_TABLES if name.endswith("search")):
        # What SQLite keeps of a full-text table without the sizes of its columns.
        yield from (f"{table}_{part}" for part in ("data", "idx", "content", "config"))


def json_page() -> str:
    """The page of the shapes of JSON."""
    lines = [
        "# JSON",
        "",
        "<!-- Written from the declarations by `python -m docs.generate`. -->",
        "",
        "What each verb writes with `--json`, see [Scripts](scripts.md#json). As JSON Schema it is",
        "in [schema.json](schema.json), and `pitboard schema VERB` prints it.",
        "",
        *_shapes(),
    ]
    return "\n".join(lines)


def json_schemas() -> str:
    """The JSON Schemas of all that ``--json`` writes."""
    whole = all_schemas()
    shapes = whole.pop("$defs")
    lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in whole.items()]
    defined = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in shapes.items()]
    lines.append('"$defs": {\n' + ",\n".join(defined) + "\n}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def manual() -> str:
    """The manual page, which is installed with the command."""
    root = click.Context(pitboard, info_name="pitboard", **pitboard.context_settings)
    return "\n".join(manual_page(root)) + "\n"


def _shapes() -> Iterator[str]:
    """Which verb writes which shape, and the keys of each."""
    yield from ("## Documents", "")
    by_shapes: dict[str, list[str]] = {}
    for verb in verbs():
        shapes = " or ".join(f"[{one}](#{one.lower()})" for one in shapes_of(verb))
        by_shapes.setdefault(shapes, []).append(f"`{verb}`")
    yield from _table(
        ("verbs", "shape"), [(", ".join(names), shapes) for shapes, names in by_shapes.items()]
    )
    yield from ("## Shapes", "")
    yield from ("A key with `?` may be missing, a type with `?` is `null` at times.", "")
    for name, shape in all_schemas()["$defs"].items():
        yield from (f"### {name}", "", shape["description"], "")
        required = {*shape["required"]}
        yield from _table(
            ("key", "value"),
            [
                (f"`{key}`" + ("" if key in required else "?"), _type(value))
                for key, value in shape["properties"].items()
            ],
        )


def _type(schema: Mapping[str, Any]) -> str:
    """The type of a key as people read it."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        first, second = schema["anyOf"]
        return f"{_type(first)}?" if second == {"type": "null"} else f"{_type(first)} …"
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("type", "anything")
    optional = "?" if isinstance(kind, list) else ""
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema:
        return " ".join(f"`{one}`" for one in schema["enum"] if one is not None) + optional
    if kind == "array":
        return f"list: {_type(schema['items'])}"
    if kind == "object":
        return f"object: {_type(schema['additionalProperties'])} by key"
    if str(schema.get("pattern", "")).startswith("^[0-9a-f]"):
        return "id" + optional
    words = {"string": "text", "date-time": "time", "date": "day", "boolean": "true or false"}
    return words.get(schema.get("format", kind), kind) + optional


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(heads), line(["---"] * len(heads)), *map(line, rows), ""]


def _verbs() -> Iterator[str]:
    context = click.Context(pitboard, info_name="pitboard", **pitboard.context_settings)
    yield from ("## Verbs", "", "Every verb takes these options:", "")
    yield from _options([*shared_options(), pitboard.get_help_option(context)], context)
    own = [one for one in pitboard.params if not set(one.opts) & SHARED]
    yield from ("`pitboard` without a verb opens the board. It also takes:", "")
    yield from _options(own, context)
    for group in GROUPS:
        yield from (f"### {group.heading}", "")
        for name in group.verbs:
            command = Verbs().get_command(context, name)
            assert isinstance(command, Verb)
            yield from _verb(name, command, context)


def _verb(name: str, command: Verb, context: click.Context) -> Iterator[str]:
    yield from (f"#### `pitboard {name}`", "")
    if arguments := [one for one in command.params if isinstance(one, click.Argument)]:
        yield from ("Arguments: `" + " ".join(a.make_metavar(context) for a in arguments) + "`", "")
    yield from ((command.help or "").replace("\b\n", ""), "")
    given = {spelling for one in command.params for spelling in one.opts}
    shared = SHARED | (ENVIRONMENT if given >= ENVIRONMENT else set())
    yield from _options((one for one in command.params if not set(one.opts) & shared), context)
    if given >= ENVIRONMENT:
        yield from ("It takes the [environment options](#environment-options), too.", "")
    if command.examples:
        yield from ("```sh norun", *command.examples, "```", "")


def _options(parameters: Iterable[click.Parameter | None], context: click.Context) -> list[str]:
    """A table of those that are options; nothing without any."""
    rows = []
    for one in parameters:
        if isinstance(one, click.Option) and not one.hidden:
            spelled = ", ".join(f"`{name}`" for name in [*one.opts, *one.secondary_opts])
            value = "" if one.is_flag or one.count else f"`{one.make_metavar(context)}`"
            rows.append((spelled, value, one.help or ""))
    return _table(("option", "value", "meaning"), rows) if rows else []


def _environment_options() -> Iterator[str]:
    yield from ("## Environment options", "", "Where something was seen. All are optional.", "")
    context = click.Context(pitboard)
    command = Verbs().get_command(context, "log")
    assert command is not None
    yield from _options((one for one in command.params if set(one.opts) & ENVIRONMENT), context)


def _query_keys() -> Iterator[str]:
    yield from ("## Query keys", "")
    yield from ("[Find](find.md#the-query-language) explains how they are combined.", "")
    yield from _table(
        ("key", "中文", "value", "finds"),
        [(f"`{key.en}:`", f"`{key.zh}:`", _values(key), key.help) for key in KEYS],
    )


def _values(key: Key) -> str:
    if key.words:
        return " ".join(f"`{word.en}`" for word in key.words)
    return VALUES[key.reads]


def _views() -> Iterator[str]:
    yield from ("## Built-in views", "")
    yield from _table(
        ("view", "query"),
        [(f"`{view.name}`", f"`{view.query}`" if view.query else "") for view in built_in()],
    )


def _keys() -> Iterator[str]:
    whole = {command.id: command for command in commands_on(BOARD)}
    yield from (f"## {TITLES[BOARD]}", "")
    for heading in HEADINGS:
        if held := [one for one in whole.values() if one.group == heading]:
            yield from (f"### {heading}", "", *_commands(held))
    for screen, title in TITLES.items():
        if screen == BOARD:
            continue
        offered = commands_on(screen)
        same = [one for one in offered if whole.get(one.id) is one]
        yield from (f"## {title}", "")
        yield from _commands(one for one in offered if whole.get(one.id) is not one)
        if same:
            yield from ("As on the board: " + ", ".join(f"`{one.id}`" for one in same) + ".", "")


def _commands(commands: Iterable[Command]) -> list[str]:
    rows = [(f"`{one.id}`", _pressed(one), one.help) for one in commands]
    return _table(("command", "keys", "what it does"), rows) if rows else []


def _pressed(command: Command) -> str:
    return ", ".join(f"`{printed_key(key)}`" for key in command.keys.split(","))


def printed_key(key: str) -> str:
    """A key as people read it.

    Args:
        key: Textual's name of it.
    """
    printed = format_key(key)
    return PRINTED.get(printed, printed)


if __name__ == "__main__":
    assert {screen for one in COMMANDS for screen in one.on} == TITLES.keys()
    REFERENCE.write_text(reference(), "utf-8")
    JSON_PAGE.write_text(json_page(), "utf-8")
    DATA_PAGE.write_text(data_page(DATA_PAGE.read_text("utf-8")), "utf-8")
    DATASETTE.write_text(datasette(DATA_PAGE.read_text("utf-8")), "utf-8")
    MANUAL.write_text(manual(), "utf-8")
    SCHEMAS.write_text(json_schemas(), "utf-8")
    for figures in FIGURES:
        figures.write_text(figures_page(figures), "utf-8")
    KEYS_PAGE.write_text(keys_page(KEYS_PAGE.read_text("utf-8")), "utf-8")
