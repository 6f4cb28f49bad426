"""The verbs ``config`` and ``view``: settings, and saved views."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.text.sanitize import sanitize
from storage.text.zones import zone, zone_names
from tui import deferred
from tui.cli import output
from tui.cli.answer import answer_with, wants_json
from tui.cli.group import Verb
from tui.cli.input import WrongUse
from tui.cli.list import QueryVerb, QueryWord, ViewName, understood
from tui.cli.open_board import reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, styled, talk
from tui.services.boards import CHANNELS, CONFIG_FILE, config_directory
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, say

if TYPE_CHECKING:
    from tui.commands import settings
    from tui.services import config as config_model
    from tui.services import config_file, external_programs, saved_views
    from tui.services.config import Config, Fault
    from tui.services.views import View
else:
    # It knows every command of the screen, and so needs Textual, as they all do.
    deferred("tui.commands")
    settings = deferred("tui.commands.settings")
    # What reads and writes the files waits for pydantic; help needs none of it.
    config_model = deferred("tui.services.config")
    config_file = deferred("tui.services.config_file")
    external_programs = deferred("tui.services.external_programs")
    saved_views = deferred("tui.services.saved_views")

_GAP = "  "


def _config_path() -> Path:
    return config_directory() / CONFIG_FILE


def find_faults(path: Path, text: str) -> Sequence[Fault]:
    """What is wrong with settings, by their path and text."""
    return settings.find_faults(path, text)


def _in_effect() -> tuple[Config, str]:
    """The settings that are used, and the theme that is left out of them, as there is none such."""
    config = config_model.load().config
    if not config.theme or settings.is_theme(config.theme):
        return config, ""
    return config.model_copy(update={"theme": ""}), config.theme


def _say_faults(text: str) -> int:
    """Say all that is wrong with the settings; the exit code."""
    path = _config_path()
    try:
        found = [fault.left_out(path, text) for fault in find_faults(path, text)]
    except config_model.BadSettings as problem:
        found = [problem]
    for one in found:
        talk(say(one))
    return output.REFUSED if found else output.DONE


def _settings(config: Config) -> Iterator[tuple[str, object, bool]]:
    """Each setting with its value, and whether it is other than the default."""
    for name, field in config_model.Config.model_fields.items():
        value = getattr(config, name)
        if name in config_file.TABLES:
            yield from ((f"{name}.{inner}", held, True) for inner, held in value.items())
        elif name == CHANNELS:
            yield name, _channels(config), bool(value)
        else:
            yield name, config_file.in_effect(name, value), value != field.default


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
def list_() -> int:
    """Show all settings."""
    config, no_theme = _in_effect()
    listed = list(_settings(config))
    if wants_json():
        emit_json(
            {
                "file": str(_config_path()),
                "settings": [
                    {"name": name, "value": value, "set": is_set} for name, value, is_set in listed
                ],
            }
        )
    elif for_people():
        column = max(width(name) for name, _value, _is_set in listed)
        emit([styled(sanitize(str(_config_path())), bold=True)])
        for name, value, is_set in listed:
            default = _("default")
            if no_theme and name == "theme":
                default = _("default; “{value}” is refused").format(value=sanitize(no_theme))
            mark = "" if is_set else styled(f"{_GAP}({default})", dim=True)
            if name == CHANNELS:
                value = ", ".join(f"{one.name} ({one.kind})" for one in config.notify)
            shown = "—" if value in (None, "") else sanitize(config_file.as_toml(value))
            emit([styled(fit(sanitize(name), column), fg="cyan") + _GAP + shown + mark])
    else:
        emit_rows(
            (name, config_file.as_toml(value), "set" if is_set else "default")
            for name, value, is_set in listed
        )
    return _say_faults(config_file.content(_config_path()).text)


@click.command(
    "config get",
    cls=Verb,
    examples=("pitboard config get who",),
    help=_("Print the value of a setting.\n\nThe exit code is 1 if it has none."),
)
@click.argument("name")
def get(name: str) -> int:
    """Show one setting."""
    value = config_file.in_effect(name, _value_of(config_file.setting_named(name)))
    if wants_json():
        emit_json({"name": name, "value": value})
    elif value not in (None, ""):
        emit([sanitize(config_file.as_toml(value))])
    if value not in (None, ""):
        return output.DONE
    return output.nothing_found(
        _("The setting {name} has no value.").format(name=sanitize(name)),
        _("Set it: “pitboard config set {name} VALUE”.").format(name=sanitize(name)),
    )


def _channels(config: Config) -> list[dict[str, Any]]:
    """The channels of chats, as the file has them."""
    return [one.model_dump(mode="json", exclude_unset=True) for one in config.notify]


def _value_of(setting: Sequence[str]) -> object:
    """The value that a setting has now; None if it has none."""
    if setting[0] == CHANNELS:
        return _channels(config_model.load().config)
    value: object = getattr(_in_effect()[0], setting[0])
    if len(setting) > 1:
        assert isinstance(value, dict)
        value = value.get(setting[1])
    return value


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
    setting = config_file.setting_named(name)
    before = _value_of(setting)
    config_file.set_value(setting, value, find_faults)
    answer_with(name=name, before=before, after=_value_of(setting), file=str(_config_path()))
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
    setting = config_file.setting_named(name)
    before = _value_of(setting)
    config_file.unset(setting)
    answer_with(name=name, before=before, after=_value_of(setting), file=str(_config_path()))
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
    answer_with(file=str(_config_path()), changed=False)
    try:
        after = external_programs.edit_text(before.text or config_file.TEMPLATE, ".toml") + "\n"
    except external_programs.NoEditor as error:
        raise WrongUse(say(error)) from error
    if after.strip() not in (before.text.strip(), config_file.TEMPLATE.strip()):
        before.write(after)
        answer_with(changed=True)
        output.work_comes_first(lambda: True)
        talk(_("Saved {path}.").format(path=_shown(_config_path())))
    else:
        talk(_("Nothing was changed."))
        after = before.text
    return _say_faults(after)


@click.command(
    "config schema",
    cls=Verb,
    examples=("pitboard config schema",),
    help=_("Print the JSON Schema of config.toml, for editors."),
)
def schema(**_nothing: object) -> None:
    """Describe the settings to an editor."""
    answer_with(json_schema=config_file.settings_schema())
    emit([json.dumps(config_file.settings_schema(), ensure_ascii=False, indent=2)])


def _shown(path: Path) -> str:
    return sanitize(str(path))


def _verb(name: str, *, examples: tuple[str, ...]) -> Callable[[Callable[..., Any]], Verb]:
    """The list, under each of its two names."""
    return click.command(
        name,
        cls=Verb,
        examples=examples,
        help=_(
            "List the saved views.\n\n"
            "A view is a query with a name. “pitboard list --view NAME” lists its pitfalls;"
            " on the board views are the tabs above the list. Your own views are in"
            " views.json in your configuration directory. Piped, it writes one"
            " tab-separated line per view: name, built-in or own, query."
        ),
    )


def _list_views() -> None:
    """List the views, the built-in ones first."""
    views, problem = saved_views.load()
    if problem is not None:
        talk(say(problem))
    if wants_json():
        emit_json({"views": [{"name": v.name, "query": v.query, "own": v.is_own} for v in views]})
    elif for_people():
        emit(_table(views))
    else:
        emit_rows((v.name, "own" if v.is_own else "built-in", v.query) for v in views)


view = _verb("view", examples=("pitboard view", "pitboard list --view blocking"))(_list_views)
list_views = _verb("view list", examples=("pitboard view list --json",))(_list_views)


def _table(views: tuple[View, ...]) -> list[str]:
    names = [sanitize(one.name) for one in views]
    labels = ["" if one.is_own or one.label.lower() == one.name else one.label for one in views]
    column = max(map(width, names))
    second = max(map(width, labels))
    lines = []
    for name, label, one in zip(names, labels, views, strict=True):
        head = styled(fit(name, column), fg="cyan") + _GAP
        if second:
            head += fit(label, second) + _GAP
        room = columns() - column - second - 2 * len(_GAP)
        lines.append((head + cut(sanitize(one.query), room)).rstrip())
    return lines


@click.command(
    "view save",
    cls=QueryVerb,
    examples=("pitboard view save ios status:open platform:ios",),
    help=_(
        "Save a query as a view.\n\n"
        "An own view of the same NAME is replaced. QUERY is what “pitboard list” takes."
    ),
)
@click.argument("name")
@click.argument("query", nargs=-1, type=QueryWord())
def save(name: str, query: tuple[str, ...]) -> None:
    """Keep a query by name."""
    text = " ".join(query)
    understood(text)
    saved = saved_views.save(name, text)
    answer_with(name=saved.name, query=saved.query)
    talk(_("Saved the view “{name}”.").format(name=sanitize(saved.name)))


@click.command(
    "view rename",
    cls=Verb,
    examples=("pitboard view rename ios phones",),
    help=_("Rename a view."),
)
@click.argument("name", type=ViewName(own=True))
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Call a view something else; its place stays."""
    saved = saved_views.change(name, new_name)
    answer_with(name=saved.name, query=saved.query, before=name)
    talk(_("Saved the view “{name}”.").format(name=sanitize(saved.name)))


@click.command(
    "view remove",
    cls=Verb,
    examples=("pitboard view remove ios",),
    help=_("Remove a view."),
)
@click.argument("name", type=ViewName(own=True))
def remove(name: str) -> None:
    """Forget a view."""
    saved_views.remove(name)
    answer_with(name=name)
    talk(_("Removed the view “{name}”.").format(name=sanitize(name)))


# The verb ``config``: settings of the board, which everybody shares who shares the board


def _zones(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    """The names of time zones that begin so."""
    begun = incomplete.casefold()
    return [name for name in zone_names() if name.casefold().startswith(begun)]


@click.command(
    "config timezone",
    cls=Verb,
    examples=("pitboard config timezone", "pitboard config timezone Asia/Shanghai"),
    help=_(
        "Show or set the board's time zone.\n\n"
        "Days, weeks and months are those of this zone, for everybody who shares the board:"
        " in lists, histories, retros and reports, and in dates that you type. It is the"
        " zone of the machine that created the board until somebody sets it. ZONE is a name"
        " such as Asia/Shanghai, or an offset such as +08:00. “pitboard undo” takes it back."
    ),
)
@click.argument("name", metavar="[ZONE]", required=False, shell_complete=_zones)
@click.pass_context
def time_zone(context: click.Context, name: str | None) -> None:
    """Say in which time zone the board's days begin, or set it."""
    if name is None:
        with reading(context):
            held = zone().name
    else:
        with writing(context) as (store, _board):
            progress = output.ProgressLine(_("Counting by days again…"))
            held = store.board.set_time_zone(name, lambda: progress(0))
            progress.end()
            changed = _("The board's time zone is {zone} now, for everybody who shares it.")
            talk(changed.format(zone=sanitize(held)))
    answer_with(time_zone=held)
    emit([sanitize(held)])
