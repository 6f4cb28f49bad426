"""Version pairs in words: table columns, doubts, and which environment to test next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from storage.errors import N_
from storage.model.environment import Environment
from storage.model.records import VersionPair
from storage.model.version_pairs import Contradiction, Doubt
from storage.model.versions import compared_part
from storage.model.vocabulary import Host, Platform
from storage.query.keys import spelled
from storage.read import Board
from storage.text.sanitize import harmless
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, language
from tui.text.vocabulary import ago, word

#: Mark and word: what is in a cell of its own where runs are listed.
_DOUBTS: Final = {Doubt.TOO_OLD: N_("! too old"), Doubt.TOO_NEW: N_("! too new")}


def doubt_word(doubt: Doubt) -> str:
    """A doubt as mark and word."""
    return _(_DOUBTS[doubt])


def host_word(host: Host | None) -> str:
    """A host app, or a dash where nobody said it."""
    return word(host) if host else "–"


def platform_word(platform: Platform | None) -> str:
    """A platform, or a dash where nobody said it."""
    return word(platform) if platform else "–"


def environment_of(said: Mapping[str, Any]) -> Environment:
    """Where an occurrence is said to have been seen, as far as versions go.

    Args:
        said: fields of an occurrence, as a form or a command takes them.
    """
    host, platform = said.get("host"), said.get("platform")
    return Environment(
        host=Host(host) if host else None,
        platform=Platform(platform) if platform else None,
        client_version=said.get("client_version"),
        base_library=said.get("base_library"),
    )


def doubted(board: Board, said: Mapping[str, Any]) -> str:
    """How an occurrence that is about to be logged contradicts what runs where; mostly nothing.

    Args:
        board: what was seen so far.
        said: fields of the occurrence.

    Raises:
        PitboardError: the board can't be read.
    """
    where = environment_of(said)
    found = board.version_pairs.contradiction(where, said.get("seen_at"))
    return contradiction_words(where, found) if found is not None else ""


def contradiction_words(where: Environment | VersionPair, found: Contradiction) -> str:
    """A contradiction in two sentences.

    Args:
        where: the sighting, or the run that rests on it.
        found: how it contradicts the others.
    """
    sentence = {
        Doubt.TOO_OLD: _(
            "Base library {library} is older than any that {app} was seen with on {platform}:"
            " {lowest} to {highest}. Is a version mistyped?"
        ),
        Doubt.TOO_NEW: _(
            "Base library {library} is newer than any that {app} or a later version was seen with"
            " on {platform}: up to {highest}. Is a version mistyped?"
        ),
    }[found.doubt]
    return sentence.format(
        library=harmless(where.base_library or ""),
        app=f"{host_word(where.host)} {harmless(where.client_version or '')}",
        platform=platform_word(where.platform),
        lowest=harmless(found.lowest),
        highest=harmless(found.highest),
    )


def asked_of(run: VersionPair) -> str:
    """The query, in the reader's language, that finds the pitfalls seen there.

    A version that can't be compared can't be asked for, and is left out.
    """
    said = {
        "host": run.host,
        "client": compared_part(run.client_version),
        "platform": run.platform,
        "lib": compared_part(run.base_library),
    }
    return " ".join(spelled(field, value, language()) for field, value in said.items() if value)


# The columns in which what runs where is listed, on the board and in a terminal


_GAP: Final = "  "


#: Some builds and suffixes are long.
_LONGEST_VERSION: Final = 20


#: From this column on there are figures, which stand to the right.
_FIGURES: Final = 4


def headings() -> tuple[str, ...]:
    """What the columns are called."""
    return (
        _("HOST APP"),
        _("APP VERSION"),
        _("PLATFORM"),
        _("LIBRARY"),
        _("SEEN"),
        _("FIRST"),
        _("LAST"),
    )


def columns_of(run: VersionPair, now: int) -> tuple[str, ...]:
    """What stands in the columns for a run.

    Args:
        run: the run.
        now: the present in ms, for the ages.
    """
    return (
        host_word(run.host),
        cut(harmless(run.client_version), _LONGEST_VERSION),
        platform_word(run.platform),
        cut(harmless(run.base_library), _LONGEST_VERSION),
        str(run.count),
        ago(run.first_seen, now),
        ago(run.last_seen, now),
    )


def widths_of(runs: Iterable[VersionPair], now: int) -> list[int]:
    """How wide the columns are for some runs; the arguments are as above."""
    lines = (headings(), *(columns_of(run, now) for run in runs))
    return [max(map(width, column)) for column in zip(*lines, strict=True)]


def joined(columns: Sequence[str], widths: Sequence[int]) -> str:
    """A line of the table."""
    return _GAP.join(
        fit(text, cells) if place < _FIGURES else " " * (cells - width(text)) + text
        for place, (text, cells) in enumerate(zip(columns, widths, strict=True))
    )
