"""What a form's fields say → what the store's methods take."""

from __future__ import annotations

from typing import Any

from storage.errors import N_, Refused
from storage.match.error_tokens import component_in
from storage.model.environment import ASKED
from storage.model.plan import PLAN_NAMES
from storage.model.vocabulary import InboxReason, tag_named
from storage.text import dates
from tui.dialogs.form import FormValues


def occurrence(answers: FormValues) -> tuple[str, dict[str, Any]]:
    """The pitfall's id, and the fields of an occurrence.

    Raises:
        Refused: if no pitfall is chosen, or the time or the count is none.
    """
    if not answers["pitfall"]:
        raise Refused(N_("Choose the pitfall that it is an occurrence of."), field="pitfall")
    return answers["pitfall"], occurrence_values(
        {name: answers[name] for name in answers.keys() - {"pitfall"}}
    )


def occurrence_values(answers: FormValues) -> dict[str, Any]:
    """The fields of an occurrence, whichever pitfall it is of.

    Raises:
        Refused: if the time or the count is none.
    """
    # A file is no field of it; it is read beside the screen (tui.dialogs.references).
    values: dict[str, Any] = {
        name: value for name, value in answers.items() if value and name != "attach"
    }
    if "at" in values:
        values["seen_at"] = dates.moment(values.pop("at"), "at")
    values["count"] = dates.whole_number(values.get("count", "1"), "count")
    return values


def pasted(answers: FormValues) -> tuple[str, dict[str, Any]]:
    """The pitfall's id, and the fields of an occurrence that was pasted."""
    return occurrence({name: answers[name] for name in answers.keys() - {"title", "urls"}})


def unmatched(answers: FormValues) -> dict[str, Any]:
    """The arguments of a report of what was pasted and is none of the known pitfalls."""
    _none, values = pasted(answers | {"pitfall": "none", "note": ""})
    return {
        "title": answers["title"],
        "reproduction": answers["note"],
        "references": answers["urls"].split(),
        "inbox": InboxReason.UNMATCHED,
        "occurrence": values,
    }


def report(answers: FormValues) -> dict[str, Any]:
    """The arguments of a report, with its first occurrence if it was seen."""
    seen = {one.name: answers[one.name] for one in ASKED if answers[one.name]}
    is_seen = answers["seen"] == "yes"
    return {
        "title": answers["title"],
        "component": answers["component"]
        or component_in(answers["title"], answers["signatures"].splitlines()),
        "kind": answers["kind"],
        "severity": answers["severity"],
        "workaround": answers["workaround"],
        "reproduction": answers["reproduction"],
        "tags": _tags(answers["tags"]),
        "signatures": _lines(answers["signatures"]),
        "references": answers["url"].split(),
        **{name: answers.get(name, "") for name in PLAN_NAMES},
        "occurrence": seen | {"message": answers["signatures"]} if is_seen else None,
    }


def edits(changed: FormValues) -> dict[str, Any]:
    """The arguments of an edit, from those fields that were changed."""
    values: dict[str, Any] = {"reason": changed.get("reason", "")}
    if "tags" in changed:
        values["tags"] = _tags(changed["tags"])
    if "signatures" in changed:
        values["signatures"] = _lines(changed["signatures"])
    others = {"reason", "tags", "signatures"}
    values["changes"] = {name: value for name, value in changed.items() if name not in others}
    return values


def edits_of_several(answers: FormValues) -> dict[str, Any]:
    """The arguments of an edit of several pitfalls: what was left empty stays as it is."""
    return {
        "changes": {
            name: answers[name]
            for name in ("component", "kind", "severity", *PLAN_NAMES)
            if answers[name]
        },
        "add_tags": _tags(answers["add_tags"]),
        "remove_tags": _tags(answers["remove_tags"]),
        "reason": answers["reason"],
    }


def status(answers: FormValues) -> dict[str, Any]:
    """The arguments of a status change: what its status does not need is left out."""
    values: dict[str, Any] = {"status": answers["status"], "reason": answers["reason"]}
    if answers["status"] == "workaround":
        values["workaround"] = answers["workaround"]
    if answers["status"] == "fixed upstream":
        since = dates.since(answers["from"], "from")
        values |= {
            "axis": answers["axis"] or None,
            "from_version": since.version,
            "from_date": since.day,
            "quote": answers["quote"],
            "reference": answers["reference"],
        }
    return values


def reference(answers: FormValues) -> dict[str, Any]:
    """The arguments of a reference."""
    return {
        "url": answers["url"],
        "title": answers["title"],
        "source": answers["source"] or None,
        "quote": answers["quote"],
        "quoted_on": dates.day(answers["quoted_on"], "quoted_on") if answers["quoted_on"] else "",
        "official": answers["official"] == "yes",
    }


def _tags(text: str) -> list[str]:
    return [tag_named(tag) for tag in text.split()]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
