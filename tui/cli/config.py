"""The verb ``config``: list, change and edit the user's settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from storage.text.sanitize import sanitize
from tui.cli import output
from tui.cli.group import Verb
from tui.cli.output import emit, emit_json, emit_rows, for_people, styled, talk
from tui.services import config_file
from tui.services.config import BadSettings, Config, Fault, load
from tui.services.external_programs import edit_text
from tui.services.paths import CONFIG_FILE, config_directory
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


def _shown(path: Path) -> str:
    return sanitize(str(path))
