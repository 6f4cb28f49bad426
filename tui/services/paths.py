"""Where things lie on this machine: the board, the configuration, text that was not saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

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


def viewed_directory() -> Path:
    """Where attachments lie while a viewer of the system shows them."""
    return _places().user_cache_path / "viewed"


def replace_file(path: Path, content: bytes) -> None:
    """Give a file of the user's another content in one step, so that nobody ever reads half of it.

    A link stays a link, and the file that it leads to keeps its permissions.

    Raises:
        OSError: if it can't be written; it is as it was then.
    """
    path = path.resolve()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(content)
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _places() -> PlatformDirs:
    # Loaded here, since a command that was told where the board lies does without it.
    from platformdirs import PlatformDirs

    return PlatformDirs(_APPLICATION, appauthor=False)
