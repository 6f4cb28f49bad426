"""The forms about status and fixes: set a status, record and verify fixes, reopen, confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Select, Static

from storage.errors import N_, Refused
from storage.model.environment import Environment, version_key
from storage.model.records import Fix, Pitfall
from storage.model.row import Status
from storage.model.verdicts import VERSION_FIELDS
from storage.model.vocabulary import Axis, Host, Outcome, Platform
from storage.text import dates
from storage.text.sanitize import sanitize
from tui.dialogs.fields import (
    ChoiceField,
    FormField,
    LineField,
    LinesField,
    PickField,
    VersionField,
    YesNoField,
    called,
    such_as,
)
from tui.dialogs.form import Form, FormValues
from tui.dialogs.forms import axis_field, environment_fields, source_fields
from tui.dialogs.pitfalls import Chosen, OnSeveral, becomes
from tui.text.i18n import _, read
from tui.text.verdicts import fix_words
from tui.text.vocabulary import day, marked, state_words

#: What all fixes have, in the form's order; those of one axis alone come last.
_OF_FIX: Final = (
    "axis",
    "from_version",
    "from_date",
    "last_affected",
    "affected_since",
    "platform",
    "host",
    "quote",
    "reference",
    "official",
    "grace_days",
)


class SetStatus(OnSeveral):
    """A status with its reason, and with what the status needs."""

    title_words: ClassVar[str] = N_("Set the status")

    def fields(self) -> Iterable[FormField]:
        """The status, then what it needs."""
        held = self.chosen.shown[0]
        workaround = "" if self.chosen.several else read(held.workaround)
        yield ChoiceField("status", _("status"), Status, held.status)
        yield LinesField(
            "workaround", _("workaround"), workaround, _("workaround until it is fixed")
        )
        yield axis_field()
        yield LineField("from", _("from"), hint=_("version or date: 4.1.8, 2026-11-20"))
        yield from source_fields()
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """From which status to which."""
        return becomes(state_words(pitfall), marked(Status(answers["status"])))

    def on_mount(self) -> None:
        """Show only what the status needs."""
        self._show_needs()

    @on(Select.Changed)
    def _show_needs(self) -> None:
        status = self.field("status").value
        self.field("workaround").display = status == Status.WORKAROUND
        for name in ("axis", "from", "quote", "reference"):
            self.field(name).display = status == Status.FIXED_UPSTREAM


class RecordFix(Form):
    """A new fix, of which only what is known is said; or one that is to be put right.

    Args:
        pitfall: what was fixed.
        grace_days: how long a new base library takes to reach everybody.
        fix: one of its fixes, whose values alone the fields say.
    """

    title_words: ClassVar[str] = N_("Record a fix")

    def __init__(self, pitfall: Pitfall, grace_days: int, fix: Fix | None = None) -> None:
        super().__init__()
        self._pitfall, self._grace_days, self._fix = pitfall, grace_days, fix
        self._shown = ""
        self._suggested = ""

    def heading(self) -> str:
        """What was fixed."""
        return _("{action}: {title}").format(
            action=_(self.title_words), title=sanitize(read(self._pitfall.title))
        )

    def first_field(self) -> str:
        """The axis, of which all else depends."""
        return "axis"

    def fields(self) -> Iterable[FormField]:
        """Axis and beginning first; one beginning is enough."""
        values = held(self._fix) if self._fix else {}
        for field in self._all_fields():
            field.given = values.get(field.field, field.given)
            if self._fix is None or field.field in values:
                yield field

    def _all_fields(self) -> Iterable[FormField]:
        if self._pitfall.fixes:
            known = [(fix_words(fix), fix.id) for fix in newest_first(self._pitfall.fixes)]
            yield PickField("fix", _("record"), known, optional=True, prompt=_("a new one"))
        yield axis_field()
        yield VersionField("from_version", called(Fix, "from_version"), hint=such_as("4.1.8"))
        yield LineField("from_date", called(Fix, "from_date"), hint=such_as("2026-11-20"))
        yield VersionField(
            "last_affected", called(Fix, "last_affected"), hint=_("last version seen broken")
        )
        yield VersionField("affected_since", called(Fix, "affected_since"), hint=such_as("4.0.20"))
        everywhere = _("all")
        yield ChoiceField(
            "platform", called(Fix, "platform"), Platform, optional=True, prompt=everywhere
        )
        yield ChoiceField("host", called(Fix, "host"), Host, optional=True, prompt=everywhere)
        yield LineField("grace_days", called(Fix, "grace_days"), str(self._grace_days))
        yield ChoiceField("status", _("status"), Status, optional=True, prompt=_("leave as it is"))
        yield from source_fields()
        yield YesNoField("official", called(Fix, "official"))
        if self._pitfall.fixes:
            yield YesNoField("hidden", _("hide it"))

    def on_mount(self) -> None:
        """Show only what this fix needs."""
        self._show_needs()

    @property
    def chosen(self) -> Fix | None:
        """The fix to be put right; None if a new one is recorded."""
        if not self._pitfall.fixes:
            return None
        name = self.field("fix").value
        return next((fix for fix in self._pitfall.fixes if fix.id == name), None)

    @on(Select.Changed)
    def _show_needs(self) -> None:
        chosen = self.chosen
        if self._shown != (name := chosen.id if chosen else ""):
            self._shown = name
            self._fill_in(chosen)
        self.field("grace_days").display = self.field("axis").value == Axis.LIBRARY
        self.field("status").display = chosen is None
        for hidden in self.query("#field-hidden"):
            hidden.display = chosen is not None
        self._suggest_status()

    def _fill_in(self, fix: Fix | None) -> None:
        """Put in what stands of a fix, or what a new one begins with."""
        values = held(fix) if fix else {"grace_days": str(self._grace_days)}
        for name in _OF_FIX:
            field = self.field(name)
            field.value = values.get(name, "")
            field.rest()
        self.field("fix").rest()

    def _suggest_status(self) -> None:
        """A fix for all means that it is fixed; one for a platform leaves others a workaround."""
        status, pitfall = self.field("status"), self._pitfall
        platform = self.field("platform").value
        suggested = ""
        if not platform:
            is_fixed = pitfall.status is Status.FIXED_UPSTREAM
            suggested = "" if is_fixed else str(Status.FIXED_UPSTREAM)
        elif read(pitfall.workaround) and pitfall.status is Status.OPEN:
            suggested = str(Status.WORKAROUND)
        if suggested != self._suggested and status.value in (
            self._suggested,
            Status.FIXED_UPSTREAM,
        ):
            self._suggested = suggested
            status.value = suggested
            status.rest()
        words = ""
        if platform and pitfall.status is Status.WORKAROUND:
            words = _("A fix for one platform: the others keep “{status}”, as it is.")
        elif platform and read(pitfall.workaround):
            words = _("A fix for one platform: “{status}” still holds for the others.")
        elif platform:
            words = _("A fix for one platform: nobody has said what to do on the others.")
        status.show_note(words.format(status=marked(Status.WORKAROUND)))


class Verify(Form):
    """Somebody tried whether a fix holds: where, and with what evidence.

    Args:
        pitfall: what was tried; it has a fix.
        environment: where it was tried last time.
    """

    title_words: ClassVar[str] = N_("Verify a fix")

    def __init__(self, pitfall: Pitfall, environment: Environment) -> None:
        super().__init__()
        self._pitfall, self._last = pitfall, environment

    def heading(self) -> str:
        """What was tried."""
        return _("{action}: {title}").format(
            action=_(self.title_words), title=sanitize(read(self._pitfall.title))
        )

    def first_field(self) -> str:
        """What came of it."""
        return "outcome"

    def fields(self) -> Iterable[FormField]:
        """The fix, what came of it, then where; the newest fix is the likely one."""
        fixes = newest_first(self._pitfall.fixes)
        yield PickField("fix", _("fix"), [(fix_words(fix), fix.id) for fix in fixes], fixes[0].id)
        outcomes = [
            (_("not reproduced here"), Outcome.NOT_REPRODUCED.value),
            (_("reproduced here"), Outcome.REPRODUCED.value),
        ]
        yield PickField("outcome", _("outcome"), outcomes, optional=True)
        where = list(self._environment(fixes[0]))
        # What the verdict depends on is asked first.
        decides = VERSION_FIELDS.get(fixes[0].axis, "")
        yield from (field for field in where if field.field == decides)
        yield LinesField("message", _("error message"), "", _("paste it here"), height=3)
        yield LinesField("note", _("note"), "", _("how it was tried"), height=2)
        yield from (field for field in where if field.field != decides)
        yield LineField("at", _("when"), hint=_("now, or 2026-11-20 14:03"))

    def _environment(self, fix: Fix) -> Iterable[FormField]:
        """As last time, but for a version that is older than the fix and says nothing of it."""
        name = VERSION_FIELDS.get(fix.axis, "")
        held, fixed = version_key(getattr(self._last, name, None) or ""), fix.from_version
        wanted = version_key(fixed)
        is_older = held is not None and wanted is not None and held < wanted
        if wanted is None or (held is not None and not is_older):
            yield from environment_fields(self._last)
            return
        for field in environment_fields(self._last._replace(**{name: None})):
            if field.field == name and isinstance(field, LineField):
                field.hint = _("{version} or later").format(version=sanitize(fixed))
            yield field


class Reopen(OnSeveral):
    """Back to the status from before the fix.

    Args:
        chosen: what goes back.
        reason: what tells that it is back, as far as it is known.
    """

    title_words: ClassVar[str] = N_("Reopen, as before the fix")

    def __init__(self, chosen: Chosen, reason: str) -> None:
        super().__init__(chosen)
        self._reason = reason

    def fields(self) -> Iterable[FormField]:
        """The reason, filled in."""
        yield LinesField("reason", _("reason"), self._reason, _("why, for the timeline"), height=3)

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """What it has been before; only the record knows."""
        return becomes(state_words(pitfall), _("as before the fix"))


class ConfirmWorkaround(OnSeveral):
    """Somebody tried it; how, if that is worth a word."""

    DEFAULT_CSS = """
    #form-workaround {
        height: auto; max-height: 12; margin: 1 1 0 1; padding: 0 0 0 1;
        border-left: thick $panel; color: $text-muted;
    }
    """

    title_words: ClassVar[str] = N_("The workaround still works")

    def fields(self) -> Iterable[FormField]:
        """A note."""
        yield LineField("note", _("note"), hint=_("how it was tried, for the timeline"))

    def below(self) -> Iterable[Widget]:
        """What is confirmed: the workaround itself, or of which pitfalls."""
        if self.chosen.several:
            yield from super().below()
        elif (held := self.chosen.shown[0]).workaround_at is not None:
            text = sanitize(read(held.workaround), lines=True)
            yield Static(
                Content(f"{_last_verified(held)}\n{text}"), id="form-workaround", markup=False
            )

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """Verified as of now."""
        if pitfall.workaround_at is None:
            return [_("has no workaround")]
        return [_last_verified(pitfall)]


def _last_verified(pitfall: Pitfall) -> str:
    return _("written or last verified on {day}").format(day=day(pitfall.workaround_at))


def newest_first(fixes: Sequence[Fix]) -> list[Fix]:
    """The fixes of a pitfall, the one recorded last first."""
    return list(reversed(fixes))


def held(fix: Fix) -> FormValues:
    """A fix as the fields of the form say it."""
    return {
        "axis": fix.axis.value,
        "from_version": fix.from_version,
        "from_date": fix.from_date,
        "last_affected": fix.last_affected,
        "affected_since": fix.affected_since,
        "platform": fix.platform.value if fix.platform else "",
        "host": fix.host.value if fix.host else "",
        "quote": read(fix.quote),
        "reference": fix.reference,
        "official": "yes" if fix.official else "",
        "grace_days": str(fix.grace_days),
    }


def recorded(answers: FormValues) -> dict[str, Any]:
    """The fields of a fix record.

    Raises:
        Refused: if the date or the days of grace are none.
    """
    values: dict[str, Any] = {name: answers[name] for name in _OF_FIX}
    values |= {
        "axis": answers["axis"] or None,
        "platform": answers["platform"] or None,
        "host": answers["host"] or None,
        "official": answers["official"] == "yes",
    }
    if answers["from_date"]:
        values["from_date"] = dates.day(answers["from_date"], "from_date")
    if answers["axis"] == Axis.LIBRARY:
        values["grace_days"] = dates.whole_number(answers["grace_days"], "grace_days")
    else:
        del values["grace_days"]
    return values


def verified(answers: FormValues) -> dict[str, Any]:
    """The arguments of a verification but the pitfall.

    Raises:
        Refused: if the outcome is not said, or the time is none.
    """
    if not answers["outcome"]:
        raise Refused(N_("Say whether it reproduced here."), field="outcome")
    values: dict[str, Any] = {name: value for name, value in answers.items() if value}
    if "at" in values:
        values["seen_at"] = dates.seen(values.pop("at"), "at")
    return values


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
