"""Where things lie on this machine: the board, the configuration, text that was not saved."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

_APPLICATION: Final = "pitboard"
#: The user's settings, in :func:`config_directory`.
CONFIG_FILE: Final = "config.toml"
#: What was chosen on the board itself, beside it.
CHOICES_FILE: Final = "choices.json"


def board_path(option: str | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """The database file: what ``--db`` said, else ``PITBOARD_DB``, else the platform's place.

    Args:
        option: what ``--db`` said, if anything.
        environment: the process's environment.
    """
    named = option or environment.get("PITBOARD_DB")
    if named:
        return Path(named).expanduser()
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


def _places() -> PlatformDirs:
    # Loaded here, since a command that was told where the board lies does without it.
    from platformdirs import PlatformDirs

    return PlatformDirs(_APPLICATION, appauthor=False)
