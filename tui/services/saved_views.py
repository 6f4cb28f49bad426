"""A person's own views, in a small file of theirs beside their settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from storage.errors import N_, NotFound, Refused
from storage.model.fields import NamedTuple
from storage.query.parser import parse
from storage.text.sanitize import first_hostile, without_unseen
from tui.services.boards import config_directory, replace_file
from tui.services.config import BadSettings
from tui.services.views import View, built_in, own

VIEWS_FILE: Final = "views.json"
_LONGEST_NAME: Final = 40
_LONGEST_QUERY: Final = 4_000
_MOST: Final = 100

_Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_NAME)
]


class _Kept(BaseModel):
    """One view as the file holds it."""

    model_config = ConfigDict(frozen=True)

    name: _Name
    query: Annotated[str, Field(max_length=_LONGEST_QUERY)]


class _File(BaseModel):
    """What the file holds."""

    views: Annotated[list[_Kept], Field(max_length=_MOST)] = []


class LoadedViews(NamedTuple):
    """The views that can be used, built-in ones first, and what is wrong with the file."""

    views: tuple[View, ...]
    problem: BadSettings | None = None


def load(directory: Path | None = None) -> LoadedViews:
    """All views; never fails, whatever the file holds."""
    path = _path(directory)
    try:
        stored = _read(path)
    except BadSettings as problem:
        return LoadedViews(built_in(), problem)
    taken = {view.name.casefold() for view in built_in()}
    views = []
    for one in stored:
        if one.name.casefold() not in taken and not first_hostile(one.name + one.query):
            taken.add(one.name.casefold())
            views.append(own(one.name, one.query))
    return LoadedViews((*built_in(), *views))


def save(name: str, query: str, directory: Path | None = None) -> View:
    """Keep a query under a name; one of that name is replaced.

    Raises:
        Refused: if the name or the query can't be kept.
        BadSettings: if the file can't be read, which is then left as it is.
        OSError: if it can't be written.
    """
    path = _path(directory)
    name, query = _allowed(name), without_unseen(query)
    _well_formed(query)
    views = _read(path)
    view = _Kept(name=name, query=query.strip())
    places = [place for place, one in enumerate(views) if _is(one, name)]
    if places:
        views[places[0]] = view
    elif len(views) >= _MOST:
        raise Refused(N_("{most} views are kept at most."), field="name", most=_MOST)
    else:
        views.append(view)
    _write(path, views)
    return own(view.name, view.query)


def change(old: str, name: str, query: str | None = None, directory: Path | None = None) -> View:
    """Give one's own view another name or another query; its place stays.

    Args:
        old: its name so far.
        name: its name from now on, which may be the same.
        query: its query from now on; None to leave it.
        directory: where one's views lie.

    Raises:
        NotFound: if there is no such view of one's own.
        Refused: if it is built in, or the name or the query can't be kept.
        BadSettings, OSError: as for :func:`save`.
    """
    path = _path(directory)
    _not_built_in(old)
    name = _allowed(name)
    views = _read(path)
    found = next((one for one in views if _is(one, old)), None)
    if found is None:
        raise _no_such_view(old)
    query = found.query if query is None else without_unseen(query)
    _well_formed(query)
    if not _is(_Kept(name=old, query=""), name) and any(_is(one, name) for one in views):
        raise Refused(N_("There is a view “{name}” already."), field="name", name=name)
    view = _Kept(name=name, query=query.strip())
    _write(path, [view if _is(one, old) else one for one in views])
    return own(view.name, view.query)


def remove(name: str, directory: Path | None = None) -> None:
    """Forget one's own view.

    Raises:
        NotFound: if there is no such view of one's own.
        Refused: if it is built in.
        BadSettings, OSError: as for :func:`save`.
    """
    path = _path(directory)
    _not_built_in(name)
    views = _read(path)
    left = [one for one in views if not _is(one, name)]
    if len(left) == len(views):
        raise _no_such_view(name)
    _write(path, left)


def _path(directory: Path | None) -> Path:
    return (directory or config_directory()) / VIEWS_FILE


def _is(views: _Kept, name: str) -> bool:
    return views.name.casefold() == name.strip().casefold()


def _allowed(name: str) -> str:
    """The name as it is kept.

    Raises:
        Refused: if no view can be called so.
    """
    name = " ".join(without_unseen(name).split())
    if not name:
        raise Refused(N_("A view needs a name."), field="name")
    if len(name) > _LONGEST_NAME:
        raise Refused(
            N_("A view's name has {most} characters at most."), field="name", most=_LONGEST_NAME
        )
    if hostile := first_hostile(name):
        raise Refused(N_("A view can't hold “{sign}”."), field="name", sign=hostile[1])
    _not_built_in(name)
    return name


def _not_built_in(name: str) -> None:
    for view in built_in():
        if name.strip().casefold() in (view.name.casefold(), view.label.casefold()):
            raise Refused(
                N_("“{name}” is built in and stays as it is."),
                N_("Choose another name."),
                field="name",
                name=view.label,
            )


def _well_formed(query: str) -> None:
    if hostile := first_hostile(query):
        raise Refused(N_("A view can't hold “{sign}”."), field="query", sign=hostile[1])
    if len(query) > _LONGEST_QUERY:
        raise Refused(
            N_("A view's query has {most} characters at most."), field="query", most=_LONGEST_QUERY
        )
    for mistake in parse(query).problems:
        raise mistake


def _no_such_view(name: str) -> NotFound:
    return NotFound(
        N_("You have no view “{name}”."), N_("“pitboard view list” shows them."), name=name
    )


def _read(path: Path) -> list[_Kept]:
    """What the file holds; nothing if there is none.

    Raises:
        BadSettings: if it can't be read, or holds something else.
    """
    try:
        data: Any = json.loads(path.read_text("utf-8-sig"))
        return _File.model_validate(data).views
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError | ValueError | RecursionError) -> BadSettings:
    if isinstance(error, ValidationError):
        [fault, *_others] = error.errors(include_url=False)
        why = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
    else:
        why = (isinstance(error, OSError) and error.strerror) or str(error)
    return BadSettings(
        N_("Your views in {path} can't be read: {why}."),
        N_("Put the file right or take it away; until then there are the built-in ones."),
        path=path,
        why=why,
    )


def _write(path: Path, views: list[_Kept]) -> None:
    held = {"views": [one.model_dump() for one in views]}
    replace_file(path, (json.dumps(held, ensure_ascii=False, indent=2) + "\n").encode())
