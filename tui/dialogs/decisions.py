"""The forms of decisions: those of triage, and which of several conflicting values to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from storage.errors import N_, Refused
from storage.model.fields import LONGEST_WORDS
from storage.model.records import Pitfall
from storage.model.row import DeclineReason, Row, Severity, Triage
from storage.read.board import Board
from storage.text import dates
from tui.dialogs.fields import ChoiceField, FormField, LineField, LinesField
from tui.dialogs.form import FormValues
from tui.dialogs.pitfalls import Chosen, OnSeveral, PitfallField, becomes
from tui.text.fields import NumberedClaim, claim_origin, claim_value, conflict_name, numbered_claims
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
            prompt="" if alone else _("unchanged"),
        )
        yield LineField(
            "component",
            _("component"),
            read(held.component) if alone else "",
            longest=LONGEST_WORDS,
        )
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
        yield ChoiceField("because", _("decline reason"), DeclineReason, prompt=_("choose why"))
        yield LinesField("reason", _("in words"), hint=_("for the timeline"), height=3)

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
        yield LineField(
            "client", _("or app version"), hint=_("once a version is logged, such as 4.1.10")
        )
        yield LineField(
            "library", _("or base library"), hint=_("once a version is logged, such as 3.7.0")
        )
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """Snoozed."""
        return becomes(decision_words(pitfall.decision), word(Triage.SNOOZED))


class MarkDuplicate(OnSeveral):
    """It is the same as another one, for which it counts from then on."""

    title_words: ClassVar[str] = N_("Mark as duplicate")
    label: ClassVar[str] = N_("duplicate of")

    def __init__(self, chosen: Chosen, board: Board, likely: Sequence[Row]) -> None:
        super().__init__(chosen)
        self._board = board
        # None of those that are decided about can be the other one.
        self._likely = [row for row in likely if row.id not in chosen.ids]

    def fields(self) -> Iterable[FormField]:
        """The other one; those that are likely stand below at once."""
        first = self._likely[0] if self._likely else None
        yield PitfallField(
            "of", _(self.label), self._board, first, self._likely, without=self.chosen.ids
        )
        yield LineField("reason", _("reason"), hint=_("why, for the timeline"))

    def outcome(self, pitfall: Pitfall, answers: FormValues) -> list[str]:
        """A duplicate."""
        return becomes(decision_words(pitfall.decision), word(Triage.DUPLICATE))


class TellApart(MarkDuplicate):
    """It is not the same as another one, however alike they look."""

    title_words: ClassVar[str] = N_("Not a duplicate")
    label: ClassVar[str] = N_("not a duplicate of")

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


# The choice among values that several people wrote at the same time


class ResolveConflict(ModalScreen[NumberedClaim | None]):
    """Chooses the value to keep, by its number or with the cursor; escape chooses none.

    Args:
        pitfall: has conflicts.
        short_id: gives the name of a pitfall to people.
    """

    DEFAULT_CSS = """
    ResolveConflict { align: center middle; }
    ResolveConflict > Vertical {
        width: 100%; max-width: 100; height: auto; max-height: 100%; padding: 0 1;
        background: $background; border: round $primary;
    }
    ResolveConflict #keep-heading { color: $primary; text-style: bold; height: auto; }
    ResolveConflict OptionList {
        height: auto; border: none; padding: 0; background: $background;
        &:focus { border: none; }
    }
    ResolveConflict #keep-keys { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
        *(Binding(str(number), f"keep({number})", show=False) for number in range(1, 10)),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, pitfall: Pitfall, short_id: Callable[[str], str]) -> None:
        super().__init__()
        self._short_id = short_id
        self._claims = {one.number: one for one in numbered_claims(pitfall.conflicts)}

    def compose(self) -> ComposeResult:
        """Each value with who wrote it and when."""
        with Vertical():
            yield Static(_("Written at the same time: which one is kept?"), id="keep-heading")
            yield OptionList(*self._options(), markup=False)
            yield Static(_("1 2 … or ⏎ keeps it   esc: decide later"), id="keep-keys", markup=False)

    def on_resize(self) -> None:
        """Leave room for heading, keys and border, whatever the terminal's height."""
        self.query_one(OptionList).styles.max_height = max(3, self.size.height - 4)

    def _options(self) -> Iterator[Option]:
        for one in self._claims.values():
            if one.is_shown:
                yield Option(
                    Content.styled(conflict_name(one.conflict), "bold $accent"), disabled=True
                )
            yield Option(
                Content.assemble(
                    (f" {one.number}  ", "bold"),
                    f"{claim_origin(one)}\n",
                    claim_value(one, self._short_id),
                ),
                id=str(one.number),
            )

    def action_down(self) -> None:
        """Go down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Go up."""
        self.query_one(OptionList).action_cursor_up()

    def action_keep(self, number: int) -> None:
        """ResolveConflict the value of that number."""
        if number in self._claims:
            self.dismiss(self._claims[number])

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_keep(int(str(event.option.id)))
