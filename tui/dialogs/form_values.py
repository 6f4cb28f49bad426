"""What a form's fields say → what the store's methods take."""

from __future__ import annotations

from typing import Any

from storage.errors import N_, Refused
from storage.model.vocabulary import InboxReason
from storage.text import dates
from tui.dialogs.form import Said


def occurrence(said: Said) -> tuple[str, dict[str, Any]]:
    """The pitfall's id, and the fields of an occurrence.

    Raises:
        Refused: if no pitfall is chosen, or the time or the count is none.
    """
    if not said["pitfall"]:
        raise Refused(N_("Choose the pitfall that it is an occurrence of."), field="pitfall")
    return said["pitfall"], occurrence_values(
        {name: said[name] for name in said.keys() - {"pitfall"}}
    )


def occurrence_values(said: Said) -> dict[str, Any]:
    """The fields of an occurrence, whichever pitfall it is of.

    Raises:
        Refused: if the time or the count is none.
    """
    # A file is no field of it; it is read beside the screen (tui.dialogs.attachments).
    values: dict[str, Any] = {
        name: value for name, value in said.items() if value and name != "attach"
    }
    if "at" in values:
        values["seen_at"] = dates.moment(values.pop("at"), "at")
    values["count"] = dates.whole_number(values.get("count", "1"), "count")
    return values


def pasted(said: Said) -> tuple[str, dict[str, Any]]:
    """The pitfall's id, and the fields of an occurrence that was pasted."""
    return occurrence({name: said[name] for name in said.keys() - {"title", "urls"}})


def unmatched(said: Said) -> dict[str, Any]:
    """The arguments of a report of what was pasted and is none of the known pitfalls."""
    _none, values = pasted(said | {"pitfall": "none", "note": ""})
    return {
        "title": said["title"],
        "reproduction": said["note"],
        "references": said["urls"].split(),
        "inbox": InboxReason.UNMATCHED,
        "occurrence": values,
    }


def report(said: Said) -> dict[str, Any]:
    """The arguments of a report."""
    return {
        "title": said["title"],
        "component": said["component"],
        "kind": said["kind"],
        "severity": said["severity"],
        "workaround": said["workaround"],
        "reproduction": said["reproduction"],
        "tags": said["tags"].split(),
        "signatures": _lines(said["signatures"]),
        "references": said["url"].split(),
    }


def edits(changed: Said) -> dict[str, Any]:
    """The arguments of an edit, from those fields that were changed."""
    values: dict[str, Any] = {"reason": changed.get("reason", "")}
    if "tags" in changed:
        values["tags"] = changed["tags"].split()
    if "signatures" in changed:
        values["signatures"] = _lines(changed["signatures"])
    others = {"reason", "tags", "signatures"}
    values["changes"] = {name: value for name, value in changed.items() if name not in others}
    return values


def edits_of_several(said: Said) -> dict[str, Any]:
    """The arguments of an edit of several pitfalls: what was left empty stays as it is."""
    return {
        "changes": {name: said[name] for name in ("component", "kind", "severity") if said[name]},
        "add_tags": said["add_tags"].split(),
        "remove_tags": said["remove_tags"].split(),
        "reason": said["reason"],
    }


def status(said: Said) -> dict[str, Any]:
    """The arguments of a status change: what its status does not need is left out."""
    values: dict[str, Any] = {"status": said["status"], "reason": said["reason"]}
    if said["status"] == "workaround":
        values["workaround"] = said["workaround"]
    if said["status"] == "fixed upstream":
        since = dates.since(said["from"], "from")
        values |= {
            "axis": said["axis"] or None,
            "from_version": since.version,
            "from_date": since.day,
            "quote": said["quote"],
            "reference": said["reference"],
        }
    return values


def reference(said: Said) -> dict[str, Any]:
    """The arguments of a reference."""
    return {
        "url": said["url"],
        "title": said["title"],
        "source": said["source"] or None,
        "quote": said["quote"],
        "quoted_on": dates.day(said["quoted_on"], "quoted_on") if said["quoted_on"] else "",
        "official": said["official"] == "yes",
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
