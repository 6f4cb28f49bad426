"""The forms of triage: accept, duplicate of, decline, snooze, back to the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from storage.errors import N_, Refused
from storage.model.records import Pitfall, Row
from storage.model.vocabulary import DeclineReason, Severity, Triage
from storage.read import Board
from storage.text import dates
from tui.dialogs.fields import ChoiceField, FormField, LineField, LinesField
from tui.dialogs.form import Chosen, FormValues, OnSeveral, becomes
from tui.dialogs.pitfall_field import PitfallField
from tui.text.i18n import _, read
from tui.text.vocabulary import decision_words, word


class Accept(OnSeveral):
    """It stays on the board, with the severity and the component it is found to have."""

    title_words: ClassVar[str] = N_("Accept")

    def fields(self) -> Iterable[FormField]:
        """As it was reported, to be put right at once."""
        held = self.chosen.shown[0]
        alone = not self.chosen.several
        yield ChoiceField(
            "severity",
            _("severity"),
            Severity,
            held.severity if alone else None,
            optional=not alone,
        )
        yield LineField("component", _("component"), read(held.component) if alone else "")
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """Settled, and what is put right."""
        return [
            *becomes(decision_words(pitfall.decision), word(Triage.SETTLED)),
            *(becomes(pitfall.severity, answers["severity"]) if answers["severity"] else ()),
            *(
                becomes(read(pitfall.component), answers["component"])
                if answers["component"]
                else ()
            ),
        ]


class Decline(OnSeveral):
    """It leaves the board's view, for a reason."""

    title_words: ClassVar[str] = N_("Decline")

    def fields(self) -> Iterable[FormField]:
        """The reason, then words for it."""
        yield ChoiceField("because", _("because"), DeclineReason, prompt=_("choose why"))
        yield LinesField("reason", _("reason"), hint=_("in words, for the timeline"), height=3)

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """Declined."""
        return becomes(decision_words(pitfall.decision), word(Triage.DECLINED))


class Snooze(OnSeveral):
    """It leaves the inbox until one thing happens."""

    title_words: ClassVar[str] = N_("Snooze")

    def fields(self) -> Iterable[FormField]:
        """One of four is to be said."""
        yield LineField("until", _("snooze until"), hint=_("a day or a time ahead: 2w, 2026-12-01"))
        yield LineField(
            "occurrences", _("or occurrences"), hint=_("number of further occurrences: 5")
        )
        yield LineField("client", _("or app version"), hint=_("seen on this board: 4.1.10"))
        yield LineField("library", _("or base library"), hint=_("seen on this board: 3.7.0"))
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """Snoozed."""
        return becomes(decision_words(pitfall.decision), word(Triage.SNOOZED))


class MarkDuplicate(OnSeveral):
    """It is the same as another one, for which it counts from then on."""

    title_words: ClassVar[str] = N_("Duplicate of")
    label: ClassVar[str] = N_("the same as")

    def __init__(self, chosen: Chosen, board: Board, likely: Sequence[Row]) -> None:
        super().__init__(chosen)
        self._board = board
        # None of those that are decided about can be the other one.
        self._likely = [row for row in likely if row.id not in chosen.ids]

    def fields(self) -> Iterable[FormField]:
        """The other one; those that are likely stand below at once."""
        first = self._likely[0] if self._likely else None
        yield PitfallField("of", _(self.label), self._board, first, self._likely)
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """A duplicate."""
        return becomes(decision_words(pitfall.decision), word(Triage.DUPLICATE))


class TellApart(MarkDuplicate):
    """It is not the same as another one, however alike they look."""

    title_words: ClassVar[str] = N_("Not the same as")
    label: ClassVar[str] = N_("not the same as")

    def fields(self) -> Iterable[FormField]:
        """The other one."""
        yield next(iter(super().fields()))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """Nothing of it changes but what is suggested."""
        return [_("never suggested together again")]


class ReturnToInbox(OnSeveral):
    """It waits for a decision once more."""

    title_words: ClassVar[str] = N_("Back to the inbox")

    def fields(self) -> Iterable[FormField]:
        """The reason."""
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """Waiting."""
        return becomes(decision_words(pitfall.decision), word(Triage.INBOX))


def other(answers: FormValues) -> str:
    """The other pitfall.

    Raises:
        Refused: if none is chosen.
    """
    if not answers["of"]:
        raise Refused(N_("Choose the other pitfall."), field="of")
    return answers["of"]


def because(answers: FormValues) -> str:
    """Why something is declined, as the vocabulary spells it.

    Raises:
        Refused: unless somebody chose it: no reason is made up.
    """
    if not answers["because"]:
        raise Refused(N_("Choose why it is declined."), field="because")
    return answers["because"]


def accepted(answers: FormValues) -> dict[str, Any]:
    """The arguments of accepting; what was left empty stays as it is."""
    return {
        "severity": answers["severity"] or None,
        "component": answers["component"] or None,
        "reason": answers["reason"],
    }


def snoozed(answers: FormValues, now: int) -> dict[str, Any]:
    """The arguments of snoozing.

    Raises:
        Refused: unless exactly one thing is named that ends the snooze.
    """
    given = [name for name in ("until", "occurrences", "client", "library") if answers[name]]
    if len(given) != 1:
        raise Refused(
            N_(
                "Give exactly one end of the snooze: a date, a number of occurrences, or a version."
            ),
            N_("Fill in exactly one of the four."),
            field=given[1] if given else "until",
        )
    values: dict[str, Any] = {"reason": answers["reason"]}
    if answers["until"]:
        values["until"] = dates.ahead(answers["until"], now, "until")
    elif answers["occurrences"]:
        values["occurrences"] = dates.whole_number(answers["occurrences"], "occurrences")
    else:
        values |= {"axis": given[0], "version": answers[given[0]]}
    return values
