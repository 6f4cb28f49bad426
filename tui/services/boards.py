"""Where things are on this machine, and which board is meant.

The board is a file that is named, a name of the settings, or the default one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.db.blobs import written_whole
from storage.errors import N_, PitboardError
from storage.model.fields import NamedTuple

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

_APPLICATION: Final = "pitboard"
#: The user's settings, in :func:`config_directory`.
CONFIG_FILE: Final = "config.toml"
#: What was chosen on the board itself, beside it.
CHOICES_FILE: Final = "choices.json"


def default_board() -> Path:
    """The board that is meant where nothing says another."""
    return _places().user_data_path / "board.db"


def config_directory() -> Path:
    """Where the user's ``config.toml`` lies, and the choices made on the board beside it."""
    return _places().user_config_path


def unsaved_directory() -> Path:
    """Where text is kept that somebody typed and the record did not take."""
    return _places().user_state_path / "unsaved"


def drafts_directory() -> Path:
    """Where what was typed into a form lies until it is saved."""
    return _places().user_state_path / "drafts"


def state_file(name: str) -> Path:
    """A file in which something of this machine alone is kept."""
    return _places().user_state_path / name


def viewed_directory() -> Path:
    """Where attachments lie while a viewer of the system shows them."""
    return _places().user_cache_path / "viewed"


def settings_note() -> Path:
    """Where it is noted in which settings nothing was found to be wrong."""
    return _places().user_cache_path / "settings"


def replace_file(path: Path, content: bytes) -> None:
    """Give a file of the user's another content in one step, so that nobody ever reads half of it.

    Raises:
        Refused: if it is no file.
        OSError: if it can't be written; it is as it was then.
    """
    path.resolve().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_whole(path) as write:
        write(content)


class _Places(NamedTuple):
    user_data_path: Path
    user_config_path: Path
    user_state_path: Path
    user_cache_path: Path


#: The variable and the folder of the home of each place, by the XDG base directories.
_XDG: Final = (
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_STATE_HOME", ".local/state"),
    ("XDG_CACHE_HOME", ".cache"),
)


def _places() -> _Places | PlatformDirs:
    if sys.platform == "linux" and Path.home().is_absolute():
        # As platformdirs says; loading it takes longer than opening the board.
        named = (os.environ.get(variable, "") for variable, _ in _XDG)
        at_home = (Path.home() / folder for _, folder in _XDG)
        return _Places(
            *(
                Path(path if path.startswith("/") else usual, _APPLICATION)
                for path, usual in zip(named, at_home, strict=True)
            )
        )
    # Loaded here, since a command that was told where the board lies does without it.
    from platformdirs import PlatformDirs

    return PlatformDirs(_APPLICATION, appauthor=False)


#: Says in a folder, for all below it, which board is meant: ``board = "name"``.
BOARD_FILE: Final = ".pitboard"
#: The table of the settings that maps names to files.
BOARDS_TABLE: Final = "boards"
#: The setting that is a list of tables: the channels of the team's chats.
CHANNELS: Final = "notify"
#: The theme of the board where none is set or chosen.
DEFAULT_THEME: Final = "pitboard-dark"
_VARIABLE: Final = "PITBOARD_DB"
#: Letters of any script and digits, with spaces, “-” and “_” among them: no option, and no part of
#: a path.
BOARD_NAME: Final = r"[^\W_](?:[\w -]{0,62}[\w-])?"
#: One line needs no more (bytes); a larger file is something else.
_LONGEST_FILE: Final = 4_096


class ChosenBy(Enum):
    """What said which board is meant, most important first."""

    FILE = "--db"
    NAME = "--board"
    VARIABLE = _VARIABLE
    FOLDER = BOARD_FILE
    DEFAULT = "default"


class BoardChoice(NamedTuple):
    """The board that a call is about, and why."""

    path: Path
    by: ChosenBy
    name: str = ""
    """Its name in the settings, if it was chosen by one."""
    place: Path | None = None
    """The file that named it."""

    @property
    def is_named(self) -> bool:
        """Whether somebody named it, so that nothing may be made up where there is none."""
        return self.by is not ChosenBy.DEFAULT


class UnknownBoard(PitboardError):
    """A board was named of which the settings know nothing, or the file that names it is none."""

    code = "unknown-board"


def chosen_board(
    file: str | None = None,
    name: str | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
    settings: Path | None = None,
) -> BoardChoice:
    """The board that is meant.

    The order is ``--db`` or ``--board``, then ``PITBOARD_DB``, then the nearest ``.pitboard`` file
    from the working directory upwards, then the default.

    Args:
        file: what ``--db`` said, if anything.
        name: what ``--board`` said, if anything.
        environment: the process's environment.
        folder: where the search for ``.pitboard`` begins; the working directory by default.
        settings: the folder of the user's settings; the platform's by default.

    Raises:
        UnknownBoard: if the name is not in the settings, or ``.pitboard`` holds something else.
    """
    if file:
        return BoardChoice(Path(file).expanduser(), ChosenBy.FILE)
    if name:
        return BoardChoice(_path_of(name, None, settings), ChosenBy.NAME, name)
    if set_in := environment.get(_VARIABLE):
        return BoardChoice(Path(set_in).expanduser(), ChosenBy.VARIABLE)
    for place in _board_files(folder):
        named = _name_in(place)
        return BoardChoice(_path_of(named, place, settings), ChosenBy.FOLDER, named, place)
    return BoardChoice(default_board(), ChosenBy.DEFAULT)


def named_boards(settings: Path | None = None) -> dict[str, Path]:
    """The boards of the settings by name; those that can't be used are left out.

    It reads the file without validating it all, so that a verb that only reads needs no pydantic.
    """
    try:
        text = ((settings or config_directory()) / CONFIG_FILE).read_text("utf-8-sig")
        table = _toml(text).get(BOARDS_TABLE, {})
    except (OSError, ValueError):
        # What is wrong with the settings is said where they are loaded whole.
        return {}
    if not isinstance(table, dict):
        return {}
    return {
        name: Path(file).expanduser()
        for name, file in table.items()
        if re.fullmatch(BOARD_NAME, name) and isinstance(file, str) and file
    }


def names_begun(begun: str) -> list[str]:
    """The names of the settings' boards that begin so, for a shell that completes."""
    return [name for name in named_boards() if name.startswith(begun)]


def name_of(path: Path, settings: Path | None = None) -> str:
    """The name of a board where there are several: of the settings, “default”, or its file's.

    Empty if the settings name no board at all.
    """
    known = named_boards(settings)
    if not known:
        return ""
    for name, file in known.items():
        if is_same_file(file, path):
            return name
    return ChosenBy.DEFAULT.value if is_same_file(default_board(), path) else path.name


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file, which need not be there."""
    try:
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError):
        # A chain of links that leads to itself.
        return one == other


def _path_of(name: str, place: Path | None, settings: Path | None) -> Path:
    """The file of a board's name.

    Raises:
        UnknownBoard: if there is no such name.
    """
    known = named_boards(settings)
    if name in known:
        return known[name]
    advice = N_("Add it: pitboard boards add {name} FILE")
    if not re.fullmatch(BOARD_NAME, name):
        advice = N_("A board's name has letters, digits, spaces, “-” and “_”.")
        if place is None and (os.sep in name or Path(name).suffix):
            advice = N_("That looks like a file: name it with --db in place of --board.")
    if place is None:
        raise UnknownBoard(N_("There is no board “{name}” in your settings."), advice, name=name)
    raise UnknownBoard(
        N_("{place} names the board “{name}”, which is not in your settings."),
        advice,
        name=name,
        place=place,
    )


def _board_files(folder: Path | None) -> Iterator[Path]:
    """The ``.pitboard`` files from a folder upwards, as far as the home directory."""
    try:
        folder = folder or Path.cwd()
        home = Path.home()
    except (OSError, RuntimeError):
        # A working directory that was deleted, an account without a home.
        return
    for one in (folder, *folder.parents):
        place = one / BOARD_FILE
        if os.path.lexists(place):
            yield place
        if one == home:
            return


def _name_in(place: Path) -> str:
    """The name that a ``.pitboard`` file holds.

    Raises:
        UnknownBoard: if it holds anything else: a path or an address would let whoever wrote it
            choose which file of this machine is opened.
    """
    advice = N_('It has one line, a name of your settings: board = "name"')
    try:
        if not place.is_file():
            raise UnknownBoard(N_("{place} is no file."), advice, place=place)
        with place.open("rb") as file:
            content = file.read(_LONGEST_FILE + 1)
        held = _toml(content.decode("utf-8-sig")) if len(content) <= _LONGEST_FILE else {}
    except OSError as error:
        raise UnknownBoard(
            N_("{place} can't be read: {why}."), advice, place=place, why=error.strerror
        ) from error
    except ValueError as error:
        raise UnknownBoard(
            N_("{place} does not say which board is meant."), advice, place=place
        ) from error
    name = held.get("board")
    if list(held) != ["board"] or not isinstance(name, str) or not name:
        raise UnknownBoard(N_("{place} does not say which board is meant."), advice, place=place)
    return name


def _toml(text: str) -> dict[str, Any]:
    """What a TOML text holds.

    Raises:
        ValueError: if it is none.
    """
    # Loaded here, since most calls find no such file.
    import tomllib

    return tomllib.loads(text)


# Where a setting is in the text of the settings: TOML's readers do not tell places


def line_of(text: str, setting: Sequence[str], entry: str = "") -> int:
    """The line of a setting in a TOML text, from 1; that of its table, or 1, if it is not found.

    TOML's readers do not tell places. A line may say ``name =``, ``table.name =`` or, below
    ``[table]``, ``name =``.

    Args:
        text: the settings.
        setting: its name, behind that of its table if it is in one.
        entry: of the setting's list, to find its own line.
    """
    lines = text.splitlines()
    line = _line_of_name(lines, setting)
    if entry:
        quoted = (f'"{entry}"', f"'{entry}'", entry)
        for number in range(line, len(lines) + 1):
            if any(words in lines[number - 1] for words in quoted):
                return number
    return line


def _line_of_name(lines: Sequence[str], setting: Sequence[str]) -> int:
    if setting[0] == CHANNELS and len(setting) > 1:
        return _line_of_channel(lines, int(setting[1]), setting[2:])
    *tables, name = setting
    table: list[str] = []
    found = 1
    for number, line in enumerate(lines, 1):
        if heading := re.match(_HEADING, line):
            table = _names(heading[1])
            if table == list(setting[: len(table)]):
                found = number
        elif (pair := re.match(_PAIR, line)) and [*table, *_names(pair[1])] in (
            [*tables, name],
            [*setting[:1]] if len(setting) > 1 else None,
        ):
            return number
    return found


def _line_of_channel(lines: Sequence[str], channel: int, name: Sequence[str]) -> int:
    """The line of a setting below the heading of a channel, the first of which is 1."""
    heads = [n for n, line in enumerate(lines, 1) if re.match(_CHANNEL, line)]
    head = heads[channel - 1] if channel <= len(heads) else 1
    for number, line in enumerate(lines[head:], head + 1):
        if line.lstrip().startswith("["):
            break
        if name and (pair := re.match(_PAIR, line)) and _names(pair[1]) == [*name]:
            return number
    return head


#: A name of TOML, bare or between quotes, and several of them with dots.
_TOML_NAME: Final = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED: Final = rf"{_TOML_NAME}(?:\s*\.\s*{_TOML_NAME})*"
_HEADING: Final = rf"\s*\[\s*({_DOTTED})\s*\]"
_CHANNEL: Final = rf"\s*\[\[\s*{CHANNELS}\s*\]\]"
_PAIR: Final = rf"\s*({_DOTTED})\s*="


def _names(dotted: str) -> list[str]:
    return [name.strip("\"'") for name in re.findall(_TOML_NAME, dotted)]
