"""The verbs about the user's settings: ``config`` and ``boards``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from storage.db.board_files import exists
from storage.errors import N_, NotFound, Refused
from storage.text.sanitize import sanitize
from tui.cli import output
from tui.cli.group import Verb, board_choice
from tui.cli.output import emit, emit_json, emit_rows, for_people, styled, talk
from tui.services import config_file
from tui.services.boards import BOARD_NAME, BOARDS_TABLE, ChosenBy, is_same_file, named_boards
from tui.services.config import BadSettings, Config, Fault, load
from tui.services.paths import CONFIG_FILE, config_directory, default_board
from tui.text.cells import fit, width
from tui.text.i18n import _, say

_JSON = click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
_GAP = "  "


def _config_path() -> Path:
    return config_directory() / CONFIG_FILE


def _find_faults(path: Path, text: str) -> Sequence[Fault]:
    # Loaded here, since it knows every command of the screen, and so needs Textual.
    from tui.commands.settings import find_faults

    return find_faults(path, text)


def _say_faults(text: str) -> int:
    """Say all that is wrong with the settings; the exit code."""
    path = _config_path()
    try:
        found = [fault.left_out(path, text) for fault in _find_faults(path, text)]
    except BadSettings as problem:
        found = [problem]
    for one in found:
        talk(say(one))
    return output.REFUSED if found else output.DONE


def _settings(config: Config) -> Iterator[tuple[str, object, bool]]:
    """Each setting with its value, and whether it is other than the default."""
    for name, field in Config.model_fields.items():
        value = getattr(config, name)
        if name in config_file.TABLES:
            yield from ((f"{name}.{inner}", held, True) for inner, held in value.items())
        else:
            yield name, value, value != field.default


@click.command(
    "config list",
    cls=Verb,
    examples=("pitboard config list",),
    help=_(
        "List the settings with their values.\n\n"
        "A setting at its default is marked. What can't be used is named with its line, and the"
        " exit code is 3 then. Piped, it writes one tab-separated line per setting: name, value,"
        " set or default."
    ),
)
@_JSON
def list_(as_data: bool) -> int:
    """Show all settings."""
    loaded = load()
    settings = list(_settings(loaded.config))
    if as_data:
        emit_json(
            {
                "file": str(_config_path()),
                "settings": [
                    {"name": name, "value": value, "set": is_set}
                    for name, value, is_set in settings
                ],
            }
        )
    elif for_people():
        column = max(width(name) for name, _value, _is_set in settings)
        emit([styled(sanitize(str(_config_path())), bold=True)])
        for name, value, is_set in settings:
            mark = "" if is_set else styled(f"{_GAP}({_('default')})", dim=True)
            shown = "—" if value in (None, "") else sanitize(str(value))
            emit([styled(fit(sanitize(name), column), fg="cyan") + _GAP + shown + mark])
    else:
        emit_rows(
            (name, "" if value is None else value, "set" if is_set else "default")
            for name, value, is_set in settings
        )
    return _say_faults(config_file.content(_config_path()).text)


@click.command(
    "config get",
    cls=Verb,
    examples=("pitboard config get who",),
    help=_("Print the value of a setting.\n\nThe exit code is 1 if it has none."),
)
@click.argument("name")
@_JSON
def get(name: str, as_data: bool) -> int:
    """Show one setting."""
    setting = config_file.setting_named(name)
    value: object = getattr(load().config, setting[0])
    if len(setting) > 1:
        assert isinstance(value, dict)
        value = value.get(setting[1])
    if as_data:
        emit_json({"name": name, "value": value})
    elif value not in (None, ""):
        emit([sanitize(str(value))])
    return output.DONE if value not in (None, "") else output.NOTHING_FOUND


@click.command(
    "config set",
    cls=Verb,
    examples=("pitboard config set who Lin", "pitboard config set keys.log_occurrence a,ctrl+l"),
    help=_(
        "Set a setting in config.toml.\n\n"
        "Comments, order and line ends of the file stay as they are. A value that can't be used"
        " is refused, with the reason."
    ),
)
@click.argument("name")
@click.argument("value")
def set_(name: str, value: str) -> None:
    """Give a setting a value."""
    config_file.set_value(config_file.setting_named(name), value, _find_faults)
    output.work_comes_first(lambda: True)
    talk(_("Set {name} in {path}.").format(name=sanitize(name), path=_shown(_config_path())))


@click.command(
    "config unset",
    cls=Verb,
    examples=("pitboard config unset theme",),
    help=_("Leave a setting at its default."),
)
@click.argument("name")
def unset(name: str) -> None:
    """Forget a setting."""
    config_file.unset(config_file.setting_named(name))
    output.work_comes_first(lambda: True)
    talk(_("Removed {name} from {path}.").format(name=sanitize(name), path=_shown(_config_path())))


@click.command(
    "config edit",
    cls=Verb,
    examples=("pitboard config edit",),
    help=_(
        "Edit config.toml in your editor.\n\n"
        "What can't be used is named with its line afterwards, and the exit code is 3 then; what"
        " you wrote is kept."
    ),
)
def edit(**_nothing: object) -> int:
    """Edit the settings."""
    # Loaded here, since the other verbs start no editor.
    from tui.services.external_programs import edit_text

    before = config_file.content(_config_path())
    after = edit_text(before.text or _TEMPLATE, ".toml") + "\n"
    if after.strip() not in (before.text.strip(), _TEMPLATE.strip()):
        before.write(after)
        output.work_comes_first(lambda: True)
        talk(_("Saved {path}.").format(path=_shown(_config_path())))
    else:
        talk(_("Nothing was changed."))
        after = before.text
    return _say_faults(after)


#: What is edited where there is no file yet.
_TEMPLATE = """\
# who = "Lin"
# theme = "pitboard-light"
# sync_every_minutes = 10

# [keys]
# log_occurrence = "a,ctrl+l"

# [boards]
# wecom = "~/boards/wecom.db"
"""


@click.command(
    "config schema",
    cls=Verb,
    examples=("pitboard config schema",),
    help=_("Print the JSON Schema of config.toml, for editors."),
)
def schema(**_nothing: object) -> None:
    """Describe the settings to an editor."""
    emit([json.dumps(settings_schema(), ensure_ascii=False, indent=2)])


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of ``config.toml``; a key may be one or a list, as its validator takes it."""
    described = Config.model_json_schema()
    for one in (described, *described["properties"].values()):
        one["description"] = one["description"].replace("``", "`")
        one.pop("title", None)
    described["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    keys = described["properties"]["keys"]
    key = keys["additionalProperties"]
    keys["additionalProperties"] = {"anyOf": [key, {"type": "array", "items": key}]}
    return described


# Boards by name


def _boards(name: str, *, examples: tuple[str, ...]) -> Callable[[Callable[..., Any]], Verb]:
    """The list, under each of its two names."""
    return click.command(
        name,
        cls=Verb,
        examples=examples,
        help=_(
            "List the boards of your settings.\n\n"
            "The one that is meant here has a mark. A board is chosen with --board NAME, or for a"
            ' folder and all below it by a file .pitboard with the line board = "NAME". Piped, it'
            " writes one tab-separated line per board: name, file, whether the file is there,"
            " whether it is meant here."
        ),
        params=[click.Option(["--json", "as_data"], is_flag=True, help=_("Write JSON."))],
    )


def _list_boards(as_data: bool) -> None:
    """List the boards, the default one first."""
    chosen = board_choice(click.get_current_context()).path
    boards = {ChosenBy.DEFAULT.value: default_board()} | named_boards()
    rows = [(name, path, exists(path), is_same_file(path, chosen)) for name, path in boards.items()]
    if as_data:
        emit_json(
            [
                {"name": name, "file": str(path), "exists": is_there, "chosen": is_chosen}
                for name, path, is_there, is_chosen in rows
            ]
        )
    elif for_people():
        column = max(width(name) for name in boards)
        for name, path, is_there, is_chosen in rows:
            mark = "●" if is_chosen else " "
            missing = "" if is_there else styled(f"{_GAP}({_('no file')})", dim=True)
            shown = sanitize(str(path))
            emit([f"{mark} {styled(fit(name, column), fg='cyan')}{_GAP}{shown}{missing}"])
    else:
        emit_rows(
            (name, sanitize(str(path)), "exists" if is_there else "missing", "*" if here else "")
            for name, path, is_there, here in rows
        )


boards = _boards("boards", examples=("pitboard boards",))(_list_boards)
list_boards = _boards("boards list", examples=("pitboard boards list --json",))(_list_boards)


@click.command(
    "boards add",
    cls=Verb,
    examples=("pitboard boards add wecom wecom.db",),
    help=_(
        "Give a board's file a name in your settings.\n\n"
        "The file is not made: “pitboard --board NAME init” does that."
    ),
)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
def add(name: str, file: Path) -> None:
    """Name a board."""
    path = Path.cwd() / file.expanduser()
    if name == ChosenBy.DEFAULT.value or not BOARD_NAME.fullmatch(name):
        raise Refused(
            N_("A board can't be called “{name}”."),
            N_("A name has letters, digits, “-” and “_”; “default” is the board without a name."),
            name=name,
        )
    held = named_boards().get(name)
    if held is not None and not is_same_file(held, path):
        raise Refused(
            N_("The board “{name}” is {path} already."),
            N_("Remove that name first: pitboard boards remove {name}"),
            name=name,
            path=held,
        )
    if held is None:
        config_file.set_value((BOARDS_TABLE, name), str(path))
    output.work_comes_first(lambda: True)
    talk(_("The board “{name}” is {path}.").format(name=name, path=_shown(path)))
    if not exists(path):
        talk(_("There is no file yet. Create it: pitboard --board {name} init").format(name=name))


@click.command(
    "boards remove",
    cls=Verb,
    examples=("pitboard boards remove wecom",),
    help=_("Remove a board's name from your settings.\n\nIts file stays."),
)
@click.argument("name")
def remove(name: str) -> None:
    """Forget a board's name."""
    path = named_boards().get(name)
    if path is None:
        raise NotFound(
            N_("There is no board “{name}” in your settings."),
            N_("“pitboard boards” lists them."),
            name=name,
        )
    config_file.unset((BOARDS_TABLE, name))
    output.work_comes_first(lambda: True)
    talk(
        _("Removed the name “{name}”; the file {path} was left as it is.").format(
            name=name, path=_shown(path)
        )
    )


def _shown(path: Path) -> str:
    return sanitize(str(path))
