"""The user's settings: ``config.toml``, and what was chosen on the board itself.

The user's file is only ever read. Choices go into a small file of their own
beside it, so that comments and order in ``config.toml`` stay as they are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from storage.errors import N_, PitboardError
from tui.services.paths import CHOICES_FILE, CONFIG_FILE, config_directory
from tui.text.columns import COLUMNS

#: So many boards are remembered as started.
_BOARDS_REMEMBERED: Final = 200


class BadSettings(PitboardError):
    """Something in the settings can't be used; the defaults stand in for it."""


def _joined(keys: object) -> object:
    """Several keys as Textual's keymaps write them: ``["a", "ctrl+n"]`` is ``a,ctrl+n``."""
    if isinstance(keys, list) and all(isinstance(key, str) for key in keys):
        return ",".join(keys)
    return keys


def _known_column(name: str) -> str:
    if name not in COLUMNS:
        raise PydanticCustomError("no_column", "no such column")
    return name


class Config(BaseModel):
    """What ``config.toml`` may hold; all of it optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Annotated[str, Field(max_length=200)] = ""
    """The name under which events are written; else git's ``user.name``, else the login."""

    theme: Annotated[str, Field(max_length=100)] = ""
    """The name of the board's theme. One that is chosen on the board later goes before it."""

    grace_days: Annotated[int, Field(ge=0, le=366)] = 30
    """How many days a new base library takes to reach everybody, unless a fix says otherwise."""

    stale_after_days: Annotated[int, Field(ge=1, le=36_500)] = 180
    """After how many days what was tried in an environment is shown as stale."""

    sync_every_minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None
    """After how many minutes a board on the screen that is shared syncs by itself; else never."""

    columns: list[Annotated[str, AfterValidator(_known_column)]] = []
    """The columns of the list, in their order. Those chosen on the board later go before them."""

    keys: dict[str, Annotated[str, BeforeValidator(_joined), Field(min_length=1)]] = {}
    """Keys for actions: the action's id, as the help screen shows it, and one key or a list."""


class _Choices(BaseModel):
    """What was chosen on the board.

    ``instead_of`` is the configured theme at that time, ``columns_instead_of`` are the columns.
    """

    theme: str = ""
    instead_of: str = ""
    columns: list[str] = []
    columns_instead_of: list[str] = []
    side: str = ""
    started: list[str] = []


class LoadedConfig(NamedTuple):
    """The settings that can be used, and what could not be."""

    config: Config
    problems: tuple[BadSettings, ...] = ()


def load(directory: Path | None = None) -> LoadedConfig:
    """The settings; never fails, whatever the file holds.

    A setting that can't be used is reported and left at its default, the
    others stand. ``theme`` is the one chosen last: on the board, unless
    ``config.toml`` names another one since.
    """
    directory = directory or config_directory()
    config, problems = _read(directory / CONFIG_FILE)
    choices, chosen = _choices(directory), dict[str, object]()
    if choices.theme and choices.instead_of == config.theme:
        chosen["theme"] = choices.theme
    if choices.columns and choices.columns_instead_of == config.columns:
        chosen["columns"] = [name for name in choices.columns if name in COLUMNS]
    return LoadedConfig(config.model_copy(update=chosen), tuple(problems))


def remember(chosen: Mapping[str, str | Sequence[str]], directory: Path | None = None) -> None:
    """Keep what was chosen on the board for the next start.

    Args:
        chosen: ``theme``, ``columns``, ``side`` (what the third pane shows), or ``started`` (a
            board on which nobody needs to be told any more how to start).
        directory: where the settings are, if not at their usual place.

    Raises:
        OSError: if it can't be written.
    """
    directory = directory or config_directory()
    configured, choices = _read(directory / CONFIG_FILE)[0], _choices(directory)
    chosen = dict(chosen)
    if "theme" in chosen:
        chosen["instead_of"] = configured.theme
    if "columns" in chosen:
        chosen["columns_instead_of"] = configured.columns
    if "started" in chosen:
        started = dict.fromkeys([*choices.started, str(chosen["started"])])
        chosen["started"] = list(started)[-_BOARDS_REMEMBERED:]
    fresh_choices = choices.model_copy(update=chosen)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = directory / f".{CHOICES_FILE}.new"
    fresh.write_text(fresh_choices.model_dump_json() + "\n", "utf-8")
    fresh.replace(directory / CHOICES_FILE)


def _read(path: Path) -> tuple[Config, list[BadSettings]]:
    try:
        text = path.read_text("utf-8-sig")
        settings = tomllib.loads(text)
    except FileNotFoundError:
        return Config(), []
    except (OSError, ValueError) as error:
        return Config(), [_unreadable(path, error)]
    try:
        return Config.model_validate(settings), []
    except ValidationError as error:
        return _without_faults(settings, error), [
            BadSettings(
                N_("{path}, line {line}: “{setting}” is left out: {why}."),
                _ADVICE.get(fault["type"], ""),
                path=path,
                line=_line_of(text, fault["loc"], fault["input"]),
                setting=_setting(fault["loc"], fault["input"]),
                why=_WHY.get(fault["type"], N_("it has a value that can't be used")),
                columns=", ".join(COLUMNS),
            )
            for fault in error.errors(include_url=False)
        ]


_WHY: Final = {
    "extra_forbidden": N_("there is no setting of that name"),
    "string_type": N_("it must be text between quotes"),
    "string_too_long": N_("it is too long"),
    "string_too_short": N_("it is empty"),
    "int_type": N_("it must be a whole number"),
    "int_parsing": N_("it must be a whole number"),
    "int_from_float": N_("it must be a whole number"),
    "greater_than_equal": N_("it is too small"),
    "less_than_equal": N_("it is too large"),
    "dict_type": N_("it must be a table of actions and their keys"),
    "list_type": N_("it must be a list of names between quotes"),
    "no_column": N_("there is no such column"),
}
_ADVICE: Final = {"no_column": N_("There are: {columns}.")}


def _setting(place: tuple[int | str, ...], value: object) -> str:
    """What a setting is called; an entry of a list by what it says."""
    if isinstance(place[-1], int):
        return f"{place[0]}: {value}"
    return ".".join(map(str, place))


def _line_of(text: str, place: tuple[int | str, ...], value: object) -> int:
    """The line of a setting in the file, or of an entry of its list."""
    lines = text.splitlines()
    name = [part for part in place if isinstance(part, str)][-1]
    assigned = re.compile(rf"""\s*(\[\s*)?["']?{re.escape(name)}["']?\s*[=\].]""")
    line = next((n for n, words in enumerate(lines, 1) if assigned.match(words)), 1)
    if isinstance(place[-1], int):
        quoted = (f'"{value}"', f"'{value}'", str(value))
        for n in range(line, len(lines) + 1):
            if any(words in lines[n - 1] for words in quoted):
                return n
    return line


def _unreadable(path: Path, error: OSError | ValueError) -> BadSettings:
    if not isinstance(error, OSError):
        # The library says why in English, and only for those who know its grammar.
        place = re.search(r"at line (\d+)", str(error))
        return BadSettings(
            N_("{path} can't be read: it is no TOML from line {line} on."),
            N_("The defaults are used."),
            path=path,
            line=place[1] if place else 1,
        )
    why = error.strerror
    return BadSettings(
        N_("{path} can't be read: {why}."), N_("The defaults are used."), path=path, why=why
    )


def _without_faults(settings: dict[str, Any], error: ValidationError) -> Config:
    """The settings without those at fault: one key of ``[keys]`` does not cost the others."""
    settings = {
        name: dict(value) if isinstance(value, dict) else value for name, value in settings.items()
    }
    for fault in error.errors(include_url=False):
        place = fault["loc"]
        holder = settings.get(str(place[0]))
        if len(place) > 1 and isinstance(holder, dict):
            holder.pop(str(place[1]), None)
        elif len(place) > 1 and isinstance(holder, list):
            settings[str(place[0])] = [one for one in holder if one != fault["input"]]
        else:
            settings.pop(str(place[0]), None)
    return Config.model_validate(settings)


def _choices(directory: Path) -> _Choices:
    try:
        return _Choices.model_validate_json((directory / CHOICES_FILE).read_bytes())
    except (OSError, ValidationError):
        # It only holds a preference, and is written anew with the next choice.
        return _Choices()
