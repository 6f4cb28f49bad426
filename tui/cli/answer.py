"""The answer of a call with ``--json``: one document on stdout; if it fails, one object on stderr.

The call of a verb gathers it here. A verb that reads writes its own document with
``tui.cli.output.emit_json``; the others get one that says what changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import Ambiguous, PitboardError
from storage.text.sanitize import sanitize
from tui.text.i18n import _, language, read, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.model.records import Line
    from storage.write.session import WriteSession

#: The number of the shape of every document; a key that goes or changes its meaning raises it.
SCHEMA: Final = 1
#: What an exit code is called where no error of its own says more.
_CODES: Final = {
    1: "nothing-found",
    2: "wrong-use",
    3: "refused",
    4: "not-written",
    5: "partial",
    6: "fails-build",
    130: "interrupted",
}


class JsonAnswer:
    """What a call with ``--json`` gathers until it ends.

    Attributes:
        fields: of the document that a verb gets which writes none itself.
        is_written: whether a document was written.
        hint: what to do next where nothing was found.
        said: messages: for stderr, or for the object that says what failed.
        session: writes to the board, if this call does.
        rehearsed: what ``--dry-run`` would change.
        pitfalls: which the verb is about, whether it changed them or not.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.is_written = False
        self.said: list[str] = []
        self.hint = ""
        self.session: WriteSession | None = None
        self.rehearsed: list[Line] | None = None
        self.pitfalls: list[str] = []

    def document(self, verb: str) -> dict[str, Any]:
        """What a verb did: its own fields, or what it changed on the board."""
        if self.session is None and self.rehearsed is None:
            return {"verb": verb, **self.fields}
        # Loaded here, since only what changed the board is told so.
        from storage.exports.json_shapes import as_history

        steps = self.session.steps if self.session is not None else []
        lines = self.rehearsed or [line for step in steps for line in step.lines]
        touched = dict.fromkeys((*self.pitfalls, *(line.pitfall for line in lines)))
        return {
            "verb": verb,
            "dry_run": self.rehearsed is not None,
            "actor": steps[-1].actor if steps else None,
            "step": steps[-1].step if steps else None,
            "pitfalls": [one for one in touched if one.strip("0")],
            "entries": [entry for step in steps for entry in step.entries],
            "changes": [as_history(line, language()) for line in lines],
            **self.fields,
        }


#: The answer of this call; None if it answers in lines.
held: JsonAnswer | None = None


def take(wanted: bool) -> None:
    """JsonAnswer as JSON from here on, or in lines."""
    global held
    held = JsonAnswer() if wanted else None


def wants_json() -> bool:
    """Whether this call answers as JSON."""
    return held is not None


def answer_with(**fields: Any) -> None:
    """Add to the document of a call with ``--json``; nothing without it."""
    if held is not None:
        held.fields |= fields


def usage_of(command: str) -> str:
    """Where it is said how a command is used."""
    return _("“{line}” shows how it is used.").format(line=f"{command} --help")


def advise(hint: str) -> None:
    """Say what to do next, where a call with ``--json`` ends without what it asked for."""
    if held is not None:
        held.hint = hint


def about(pitfalls: Iterable[str]) -> None:
    """Name the pitfalls that a call with ``--json`` is about."""
    if held is not None:
        held.pitfalls += pitfalls


def failed(
    code: int, error: BaseException | None, message: str, said: list[str], hint: str = ""
) -> dict[str, Any]:
    """Why a call with ``--json`` did not end with 0.

    Args:
        code: its exit code.
        error: what was raised; None if nothing was.
        message: what it says, with its advice.
        said: what was said before.
        hint: what to do next, if the error has no advice.
    """
    name = _CODES.get(code, "error")
    notes = [sanitize(one, lines=True) for one in (*said, *getattr(error, "__notes__", ()))]
    if isinstance(error, PitboardError):
        name = error.code
        message = sentences(error.message, "", error.values)
        hint = sentences(error.advice, "", error.values) if error.advice else hint
    elif isinstance(error, click.UsageError) and error.ctx is not None:
        hint = usage_of(error.ctx.command_path)
    elif error is None:
        message, notes = (notes[-1], notes[:-1]) if notes else (message, [])
    document = {
        "schema": SCHEMA,
        "code": name,
        "message": sanitize(message, lines=True),
        "hint": sanitize(hint or _("“pitboard --help” lists what can be done."), lines=True),
        "exit_code": code,
        "notes": notes,
    }
    if isinstance(error, Ambiguous):
        document["candidates"] = [
            {"id": one, "title": sanitize(read(title))} for one, title in error.candidates
        ]
    return document
