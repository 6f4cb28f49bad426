"""The user's settings: ``config.toml``, and what was chosen on the board itself.

Choices that are made on the board go into a small file of their own beside it. The user's file is
written by “pitboard config” and “pitboard boards” alone (:mod:`tui.services.config_file`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from storage.errors import N_, PitboardError, Refused
from storage.model.fields import LONGEST_WHO, NamedTuple
from storage.model.vocabulary import VENDOR_HOSTS
from tui.services.boards import (
    BOARD_NAME,
    CHANNELS,
    CHOICES_FILE,
    CONFIG_FILE,
    config_directory,
    line_of,
    replace_file,
)
from tui.services.chat_channels import TRIGGERS, ChatChannel, ChatKind, with_names_of_their_own
from tui.text.columns import COLUMNS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

#: A host's name as requests name it, and with “!” one that is never to be asked.
HOST_PATTERN: Final = r"^!?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"
#: So many boards are remembered as started.
_BOARDS_REMEMBERED: Final = 200


class BadSettings(PitboardError):
    """Something in the settings can't be used; the defaults stand in for it."""

    code = "bad-settings"


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

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, title="Pitboard's settings"
    )

    who: Annotated[str, Field(max_length=LONGEST_WHO)] = ""
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
    """Keys for commands: the command's id, as docs/keys.md lists it, and one key or a list."""

    watch_hosts: list[Annotated[str, Field(pattern=HOST_PATTERN, max_length=254)]] = [*VENDOR_HOSTS]
    """Hosts whose pages “pitboard watch” looks at; “!” stands before those it never asks about."""

    boards: dict[
        Annotated[str, Field(pattern=f"^{BOARD_NAME}$")],
        Annotated[str, Field(min_length=1, max_length=4_096)],
    ] = {}
    """Files of boards by their names, for ``--board``, ``.pitboard`` files and the board's B."""

    notify_from: Annotated[str, Field(max_length=255)] = ""
    """The one machine that notifies, by its host name or its store's id; else every one does."""

    notify: Annotated[list[ChatChannel], AfterValidator(with_names_of_their_own)] = []
    """Channels of the team's chats, for “pitboard notify”; see docs/notify.md."""


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
    text: str = ""
    """Of ``config.toml``, to find lines in."""


class ReadConfig(NamedTuple):
    """The settings of a text."""

    config: Config
    faults: tuple[Fault, ...] = ()
    """Of what is left out."""


def load(directory: Path | None = None) -> LoadedConfig:
    """The settings; never fails, whatever the file holds.

    A setting that can't be used is reported and left at its default, the
    others stand. ``theme`` is the one chosen last: on the board, unless
    ``config.toml`` names another one since.
    """
    directory = directory or config_directory()
    path = directory / CONFIG_FILE
    problems: tuple[BadSettings, ...]
    try:
        text = _text(path)
        config, faults = read(path, text)
    except BadSettings as problem:
        text, config, problems = "", Config(), (problem,)
    else:
        problems = tuple(fault.left_out(path, text) for fault in faults)
    choices, chosen = _choices(directory), dict[str, object]()
    if choices.theme and choices.instead_of == config.theme:
        chosen["theme"] = choices.theme
    if choices.columns and choices.columns_instead_of == config.columns:
        chosen["columns"] = [name for name in choices.columns if name in COLUMNS]
    return LoadedConfig(config.model_copy(update=chosen), problems, text)


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
    path = directory / CONFIG_FILE
    try:
        configured = read(path, _text(path)).config
    except BadSettings:
        # It was said when the board was opened; the choice is remembered all the same.
        configured = Config()
    choices = _choices(directory)
    chosen = dict(chosen)
    if "theme" in chosen:
        chosen["instead_of"] = configured.theme
    if "columns" in chosen:
        chosen["columns_instead_of"] = configured.columns
    if "started" in chosen:
        started = dict.fromkeys([*choices.started, str(chosen["started"])])
        chosen["started"] = list(started)[-_BOARDS_REMEMBERED:]
    fresh = choices.model_copy(update=chosen)
    replace_file(directory / CHOICES_FILE, f"{fresh.model_dump_json()}\n".encode())


def _text(path: Path) -> str:
    """What a file holds; nothing if there is none.

    Raises:
        BadSettings: if it can't be read.
    """
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def read(path: Path, text: str) -> ReadConfig:
    """The settings of a text, without those that can't be used.

    Args:
        path: where the text is from, to name it.
        text: of ``config.toml``.

    Raises:
        BadSettings: if it is no TOML at all.
    """
    try:
        settings = tomllib.loads(text)
    except ValueError as error:
        raise _unreadable(path, error) from error
    try:
        return ReadConfig(Config.model_validate(settings))
    except ValidationError as error:
        faults = tuple(_fault(fault) for fault in error.errors(include_url=False))
        return ReadConfig(_without_faults(settings, error), faults)


class Fault(NamedTuple):
    """Why one setting can't be used."""

    setting: tuple[str, ...]
    """Its name, behind that of its table if it is in one."""
    why: PitboardError
    """A clause without a full stop."""
    advice: str = ""
    entry: str = ""
    """What an entry of the setting's list says, if only that is wrong."""

    def left_out(self, path: Path, text: str) -> BadSettings:
        """It with its place.

        Args:
            path: of the settings.
            text: which they hold.
        """
        return BadSettings(
            N_("{path}, line {line}: “{setting}” is left out: {why}."),
            self.advice,
            **self.why.values,
            path=path,
            line=line_of(text, self.setting, self.entry),
            setting=self.name,
            why=self.why,
        )

    def refused(self) -> Refused:
        """It where somebody sets that."""
        values: dict[str, Any] = {**self.why.values, "setting": self.name, "why": self.why}
        return Refused(N_("“{setting}” can't be set so: {why}."), self.advice, **values)

    @property
    def name(self) -> str:
        """The setting as people name it, or the entry of its list."""
        name = ".".join(self.setting)
        return f"{name}: {self.entry}" if self.entry else name


def _fault(error: ErrorDetails) -> Fault:
    """What pydantic found, in words."""
    place = [part for part in error["loc"] if part != "[key]"]
    is_entry, is_secret = isinstance(place[-1], int), place[0] == CHANNELS
    if is_secret and len(place) > 1:
        # By its number, as people count; never with its value, which may be a misplaced key.
        place = [CHANNELS, int(place[1]) + 1, *(part for part in place[2:3])]
    names = [str(part) for part in place if not isinstance(part, int)]
    why = _WHY.get(error["type"], N_("it has a value that can't be used"))
    if error["type"] == "string_pattern_mismatch":
        why = PATTERNED.get(names[-1], why)
    nearest = _nearest(error)
    columns, triggers, chats = tuple(COLUMNS), tuple(TRIGGERS), tuple(ChatKind)
    return Fault(
        tuple(str(part) for part in (place[:-1] if is_entry and not is_secret else place)),
        PitboardError(
            why,
            nearest=nearest,
            host=VENDOR_HOSTS[0],
            columns=columns,
            triggers=triggers,
            chats=chats,
        ),
        N_("Is “{nearest}” meant?") if nearest else _ADVICE.get(error["type"], ""),
        str(error["input"]) if is_entry and not is_secret else "",
    )


def _nearest(fault: ErrorDetails) -> str:
    """The setting that a name which is none may mean."""
    if fault["type"] != "extra_forbidden":
        return ""
    known = (ChatChannel if fault["loc"][0] == CHANNELS else Config).model_fields
    return next(iter(get_close_matches(str(fault["loc"][-1]), known, n=1)), "")


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
    "dict_type": N_("it must be a table"),
    "list_type": N_("it must be a list of names between quotes"),
    "no_column": N_("there is no such column"),
    "no_trigger": N_("there is no notification of that name"),
    "no_variable": N_("it must be the name of an environment variable, which holds the text"),
    "no_file": N_("it must be the path of a file, which holds the address"),
    "one_address": N_("either url_env or url_file is needed, and not both"),
    "no_signature": N_("only DingTalk and Feishu take a signature"),
    "same_name": N_("two channels have the same name"),
    "missing": N_("it is missing"),
    "enum": N_("there is no such chat"),
    "model_type": N_("it must be a table: [[notify]]"),
    "string_pattern_mismatch": N_("a name has letters, digits, spaces, “-” and “_”"),
}
#: What a setting wants that has a pattern and is no name.
PATTERNED: Final = {
    "watch_hosts": N_("it must be the name of a host in lower case, such as {host}"),
    "lang": N_("it must be en or zh"),
    "mention": N_("it must be an id of that chat: letters, digits, “_”, “.”, “+” and “-”"),
    "proxy": N_("it must be an address such as http://127.0.0.1:8080"),
}
_ADVICE: Final = {
    "no_column": N_("There are: {columns}."),
    "no_trigger": N_("There are: {triggers}."),
    "enum": N_("There are: {chats}."),
}


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
        name: dict(value)
        if isinstance(value, dict)
        else [*value]
        if isinstance(value, list)
        else value
        for name, value in settings.items()
    }
    for fault in error.errors(include_url=False):
        place = fault["loc"]
        holder = settings.get(str(place[0]))
        if len(place) > 1 and isinstance(holder, dict):
            holder.pop(str(place[1]), None)
        elif len(place) > 1 and isinstance(holder, list):
            # None is in no list of settings; the places of the others stay.
            holder[int(place[1])] = None
        else:
            settings.pop(str(place[0]), None)
    return Config.model_validate(
        {
            name: [one for one in value if one is not None] if isinstance(value, list) else value
            for name, value in settings.items()
        }
    )


def _choices(directory: Path) -> _Choices:
    try:
        return _Choices.model_validate_json((directory / CHOICES_FILE).read_bytes())
    except (OSError, ValidationError):
        # It only holds a preference, and is written anew with the next choice.
        return _Choices()
