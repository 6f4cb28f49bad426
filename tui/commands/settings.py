"""Settings that name keys, commands and themes: which can be used, and why the others can't."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key
from textual.theme import BUILTIN_THEMES

from storage.errors import N_, PitboardError
from storage.model.fields import NamedTuple
from tui.commands import COMMANDS, SCREENS
from tui.services.boards import CONFIG_FILE, config_directory
from tui.services.config import Config, Fault, load, read
from tui.services.themes import OURS

_MODIFIERS: Final = ("ctrl", "alt", "shift")
#: What a terminal sends for these is what it sends for the other key.
_SAME_AS: Final = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
}
#: The app takes these on every screen and in every dialog.
_OF_THE_APP: Final = ("ctrl+c", "ctrl+q", "ctrl+z")
_BY_ID: Final = {command.id: command for command in COMMANDS}
_NAMES: Final = {key.value.rpartition("+")[2] for key in Keys} | set(KEY_NAME_REPLACEMENTS.values())


class Keymap(NamedTuple):
    """The keys that can be used, by the ids of commands, and why the others can't."""

    keys: dict[str, str]
    faults: tuple[Fault, ...]


class ScreenSettings(NamedTuple):
    """The settings as the screen uses them."""

    config: Config
    keys: dict[str, str]
    """By the ids of commands; those that can be used."""
    problems: tuple[PitboardError, ...]


def load_for_screen() -> ScreenSettings:
    """The user's settings, with all that is wrong with them; never fails."""
    loaded = load()
    path = config_directory() / CONFIG_FILE
    further = tuple(fault.left_out(path, loaded.text) for fault in _further_faults(loaded.config))
    keys = usable(loaded.config.keys).keys
    return ScreenSettings(loaded.config, keys, (*loaded.problems, *further))


def find_faults(path: Path, text: str) -> tuple[Fault, ...]:
    """All that is wrong with the user's settings.

    Args:
        path: where the text is from, to name it.
        text: of ``config.toml``.

    Raises:
        BadSettings: if it is no TOML.
    """
    config, structural = read(path, text)
    return (*structural, *_further_faults(config))


def is_theme(name: str) -> bool:
    """Whether there is a theme of that name."""
    return name in _themes()


def _themes() -> set[str]:
    return {theme.name for theme in OURS} | set(BUILTIN_THEMES)


def _further_faults(config: Config) -> list[Fault]:
    """What is wrong with settings besides their form: names of themes and commands, keys."""
    faults = list(usable(config.keys).faults)
    if config.theme and not is_theme(config.theme):
        nearest = next(iter(get_close_matches(config.theme, _themes(), n=1)), "")
        why = PitboardError(N_("there is no theme “{name}”"), name=config.theme, nearest=nearest)
        advice = N_("Is “{nearest}” meant?") if nearest else N_("T on the board shows them all.")
        faults.insert(0, Fault(("theme",), why, advice))
    return faults


def usable(chosen: Mapping[str, str]) -> Keymap:
    """What can be used of the keys that a person chose.

    Args:
        chosen: Textual's names of keys, comma-separated, by the ids of commands; a sign that a key
            types stands for itself.
    """
    keys: dict[str, str] = {}
    faults: list[Fault] = []
    for name, written in chosen.items():
        if name not in _BY_ID:
            faults.append(_no_command(name))
            continue
        wanted = [_named(key) for key in _split(written)]
        wrong = [fault for key in wanted if (fault := _impossible(name, key)) is not None]
        faults += wrong
        if not wrong:
            keys[name] = ",".join(wanted)
    # What is left out has its usual keys again, which another one may have been given.
    while clashes := list(_taken(keys)):
        for name, key, other in clashes:
            why = PitboardError(N_("“{key}” is the key of “{other}”"), key=key, other=other)
            advice = N_("Choose another key, or give “{other}” another one, too.")
            faults.append(Fault(("keys", name), why, advice))
            keys.pop(name, None)
    return Keymap(keys, tuple(faults))


def _split(written: str) -> list[str]:
    """The keys of a list; a comma that stands alone is a key."""
    if written == ",":
        return [written]
    return [key.strip() or key for key in written.split(",")]


def _named(key: str) -> str:
    """A key as Textual names it."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    if not last:
        # The key “+” behind modifiers.
        modifiers, last = [one for one in modifiers if one], "+"
    return "+".join([*modifiers, _character_to_key(last) if len(last) == 1 else last])


def _no_command(name: str) -> Fault:
    nearest = next(iter(get_close_matches(name, _BY_ID, n=1)), "")
    why = PitboardError(N_("there is no command “{name}”"), name=name, nearest=nearest)
    advice = N_("Is “{nearest}” meant?") if nearest else N_("docs/keys.md lists them.")
    return Fault(("keys", name), why, advice)


def _impossible(name: str, key: str) -> Fault | None:
    """Why a key can't be used at all."""
    if key in _SAME_AS:
        same = PitboardError(
            N_("terminals send “{key}” as “{other}”"), key=key, other=_SAME_AS[key]
        )
        return Fault(("keys", name), same)
    if key in _OF_THE_APP:
        return Fault(("keys", name), PitboardError(N_("“{key}” is reserved"), key=key))
    *modifiers, last = key.split("+")
    if all(one in _MODIFIERS for one in modifiers) and (last in _NAMES or _is_sign(last)):
        return None
    none = PitboardError(N_("there is no key “{key}”"), key=key)
    return Fault(("keys", name), none, N_('Examples: "a", "?", "f5", "ctrl+l"'))


def _is_sign(name: str) -> bool:
    """Whether a key types a sign of that name."""
    if len(name) == 1:
        return name.isalnum()
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        # Some names have a hyphen: “hyphen-minus”.
        return name in {_character_to_key(chr(code)) for code in range(33, 127)}
    return True


def _taken(keys: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The commands whose chosen key does something else on one of their screens, and what."""
    given: set[str] = set()
    for screen in SCREENS:
        users: dict[str, list[str]] = {}
        for command in COMMANDS:
            if screen in command.on:
                for key in keys.get(command.id, command.keys).split(","):
                    users.setdefault(key, []).append(command.id)
        for key, names in users.items():
            for name in names:
                if len(names) > 1 and name in keys and name not in given:
                    # Of two that were both chosen, the first keeps it.
                    if all(one in keys for one in names) and name == names[0]:
                        continue
                    given.add(name)
                    yield name, key, next(one for one in names if one != name)
