"""Writing ``config.toml``: one setting at a time, all else in the file stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, get_origin

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable

from storage.errors import N_, NotFound, NotSaved, Refused
from storage.model.fields import NamedTuple
from storage.read.names import person
from tui.services.boards import (
    BOARDS_TABLE,
    CHANNELS,
    CONFIG_FILE,
    DEFAULT_THEME,
    config_directory,
    replace_file,
)
from tui.services.config import BadSettings, Config, Fault, read

#: The settings that hold others.
TABLES: Final = ("keys", BOARDS_TABLE)
_MARK: Final = b"\xef\xbb\xbf"
#: What is edited where there is no file yet.
TEMPLATE: Final = """\
# who = "Lin"
# theme = "pitboard-light"
# sync_every_minutes = 10

# [keys]
# log_occurrence = "a,ctrl+l"

# [boards]
# wecom = "~/boards/wecom.db"

# [[notify]]
# name = "team"
# kind = "wecom"
# url_file = "~/.config/pitboard/team.url"
# on = ["new:S1", "regression", "vendor-reply"]
"""

FindFaults = Callable[[Path, str], Sequence[Fault]]


def _structural(path: Path, text: str) -> Sequence[Fault]:
    return read(path, text).faults


def setting_named(name: str) -> tuple[str, ...]:
    """The parts of a setting's name: ``who``, or ``keys.undo`` for one in a table.

    Raises:
        NotFound: if there is none of that name.
    """
    table, dot, inner = name.partition(".")
    if table in Config.model_fields and (table in TABLES) == bool(dot and inner):
        return (table, inner) if inner else (table,)
    if table in TABLES:
        raise NotFound(
            N_("“{name}” is a table of settings."), N_("Name one of it: {name}.NAME"), name=table
        )
    if name in ("lang", "language", "locale"):
        raise NotFound(
            N_("There is no setting “{name}”."),
            N_("The language is that of --lang, of PITBOARD_LANG, or of your locale."),
            name=name,
        )
    nearest = next(iter(get_close_matches(name, Config.model_fields, n=1)), "")
    raise NotFound(
        N_("There is no setting “{name}”."),
        N_("Is “{nearest}” meant?") if nearest else N_("“pitboard config list” shows them."),
        name=name,
        nearest=nearest,
    )


def in_effect(name: str, value: object) -> object:
    """The value that a setting has, or what stands for it where it is not set."""
    if value == "" and name in ("who", "theme"):
        return person() if name == "who" else DEFAULT_THEME
    return value


def as_toml(value: object) -> str:
    """A value as the file has it, in one line; text stands for itself."""
    match value:
        case None:
            return ""
        case str():
            return value
        case list():
            return f"[{', '.join(map(_inline, value))}]"
        case _:
            return _inline(value)


def _inline(value: object) -> str:
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return table.as_string()
    return tomlkit.item(value).as_string()


def set_value(
    setting: Sequence[str],
    written: str,
    find_faults: FindFaults = _structural,
    directory: Path | None = None,
) -> None:
    """Give a setting a value.

    Args:
        setting: see :func:`setting_named`.
        written: the value, as TOML writes it or as bare text.
        find_faults: what is wrong with settings, by their path and text.
        directory: of the settings.

    Raises:
        Refused: if the setting can't have that value.
        BadSettings: if the file can't be read; it is left as it is.
        NotSaved: if it can't be written.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        _holder(document, setting)[setting[-1]] = _value(setting, written)

    _change(change, setting, find_faults, directory)


def unset(setting: Sequence[str], directory: Path | None = None) -> None:
    """Leave a setting at its default.

    Raises:
        NotFound: if the file doesn't have it.
        BadSettings, NotSaved: as for :func:`set_value`.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        holder = _holder(document, setting)
        if setting[-1] not in holder:
            raise NotFound(N_("“{name}” is not set."), name=".".join(setting))
        del holder[setting[-1]]
        if len(setting) > 1 and not holder:
            del document[setting[0]]

    _change(change, setting, _structural, directory)


def _holder(document: tomlkit.TOMLDocument, setting: Sequence[str]) -> Any:
    """The table that a setting is in."""
    if len(setting) == 1:
        return document
    if setting[0] not in document:
        document[setting[0]] = tomlkit.table()
    holder = document[setting[0]]
    if not isinstance(holder, AbstractTable | tomlkit.items.InlineTable):
        raise Refused(N_("“{name}” is not a table in your settings."), name=setting[0])
    return holder


def _value(setting: Sequence[str], written: str) -> Any:
    """A value as the setting wants it: of numbers and lists TOML's, else the text itself."""
    if setting[0] == CHANNELS:
        raise Refused(
            N_("“{name}” is a list of tables, which is not set in one line."),
            N_("Write it in the file: “pitboard config edit”."),
            name=setting[0],
        )
    kind = get_origin(annotation := Config.model_fields[setting[0]].annotation) or annotation
    if kind is str:
        return written
    try:
        value = tomlkit.value(written)
    except (TOMLKitError, ValueError):
        # Of a list, the entries as a shell takes them without quotes.
        return [one.strip() for one in written.split(",")] if kind is list else written
    # A key like “1” or a folder called “true” is text.
    return written if len(setting) > 1 and not isinstance(value, list | str) else value


def _change(
    change: Callable[[tomlkit.TOMLDocument], None],
    setting: Sequence[str],
    find_faults: FindFaults,
    directory: Path | None,
) -> None:
    """Read the file, change it, see that what comes out can be used, and write it."""
    path = (directory or config_directory()) / CONFIG_FILE
    held = content(path)
    try:
        document = tomlkit.parse(held.raw)
    except (TOMLKitError, ValueError) as error:
        # The reader of the settings says where it is wrong.
        read(path, held.text)
        raise BadSettings(N_("{path} can't be read: {why}."), path=path, why=str(error)) from error
    change(document)
    text = tomlkit.dumps(document)
    for fault in find_faults(path, text):
        if fault.setting == tuple(setting):
            raise fault.refused()
    held.write(text)


class Content(NamedTuple):
    """What ``config.toml`` holds, as it is written."""

    path: Path
    raw: str
    """Without a byte-order mark; with the ends of lines as they are."""
    mark: bytes = b""

    @property
    def text(self) -> str:
        """With each line ended by a line feed."""
        return self.raw.replace("\r\n", "\n")

    def write(self, text: str) -> None:
        """Write another text, with the byte-order mark and the ends of lines that there were.

        Raises:
            NotSaved: if it can't be written.
        """
        if "\r\n" in self.raw:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        try:
            replace_file(self.path, self.mark + text.encode())
        except OSError as error:
            raise NotSaved(
                N_("{path} can't be written: {why}."), path=self.path, why=error.strerror
            ) from error


def content(path: Path) -> Content:
    """What the file holds; nothing if there is none.

    Raises:
        BadSettings: if it can't be read.
    """
    try:
        held = path.read_bytes()
        mark = _MARK if held.startswith(_MARK) else b""
        return Content(path, held.removeprefix(mark).decode(), mark)
    except FileNotFoundError:
        return Content(path, "")
    except OSError as error:
        raise BadSettings(
            N_("{path} can't be read: {why}."), path=path, why=error.strerror
        ) from error
    except UnicodeDecodeError as error:
        raise BadSettings(N_("{path} is not UTF-8 text."), path=path) from error


# What the file may hold, for editors


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of ``config.toml``; a key may be one or a list, as its validator takes it."""
    described = Config.model_json_schema()
    channel = described["$defs"]["ChatChannel"]
    properties = (*described["properties"].values(), *channel["properties"].values())
    for one in (described, *described["$defs"].values(), *properties):
        one["description"] = one["description"].replace("``", "`")
        one.pop("title", None)
    described["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    keys = described["properties"]["keys"]
    key = keys["additionalProperties"]
    keys["additionalProperties"] = {"anyOf": [key, {"type": "array", "items": key}]}
    return described
