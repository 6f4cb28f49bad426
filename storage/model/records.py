"""What a reader of the record gets: frozen values, complete and inert.

Times are milliseconds since 1970 in UTC; ids are lower-case hex. Lists are in
the record's order, oldest first, unless said otherwise.

They are named tuples, since a dataclass takes eight times as long to make, which every command
waits for (``benchmarks/PROFILE.md``), and their annotations are objects, since each string among
them is compiled. Where one has a ``count``, that takes the place of the method of tuples.
"""

from typing import Annotated, Final

from storage.errors import N_
from storage.model.environment import Environment
from storage.model.fields import Field, Frozen, NamedTuple
from storage.model.row import SETTLED, Decision, Kind, Plan, Severity, Status, Text
from storage.model.vocabulary import (
    Across,
    Axis,
    Channel,
    FixState,
    HistoryCategory,
    Host,
    NoteKind,
    Outcome,
    Platform,
    SignatureForm,
    Source,
    VendorReplyKind,
)

#: What is about no pitfall is recorded under this name, which no pitfall gets: they are random.
THE_BOARD: Final = "0" * 16


class Occurrence(NamedTuple):
    """One dated occurrence (``count`` of them), by ``who``, in one environment.

    ``recorded_on`` is the pitfall it was logged on; if that is a duplicate, it counts for the
    original. ``logged_at`` is when it was logged; ``fix`` names the fix that it was to verify, if
    it was. ``hlc`` places its event in the record's order.
    """

    id: str
    recorded_on: str
    seen_at: Annotated[int, Field(N_("when"))]
    who: str
    outcome: Annotated[Outcome, Field(N_("outcome"))]
    environment: Environment
    message: Annotated[str, Field(N_("error message"))]
    count: Annotated[int, Field(N_("count"))]  # type: ignore[assignment]
    note: Annotated[Text, Field(N_("note"))]
    logged_at: int
    fix: str = ""
    hlc: int = 0

    @property
    def place(self) -> tuple[int, int, str]:
        """By what the newest of several is found: when it was seen, then the record's order."""
        return self.seen_at, self.hlc, self.id


class Comment(NamedTuple):
    """Something that ``who`` said about a pitfall."""

    id: str
    at: int
    who: str
    text: Annotated[Text, Field(N_("text"))]


class Reference(NamedTuple):
    """A link, and what the vendor said there; ``official`` if one of theirs said it."""

    id: str
    at: int
    who: str
    url: Annotated[str, Field(N_("URL"))]
    title: Annotated[Text, Field(N_("title"))]
    source: Annotated[Source, Field(N_("source type"))]
    quote: Annotated[Text, Field(N_("quote"))]
    quoted_on: Annotated[str, Field(N_("date"))]
    official: Annotated[bool, Field(N_("official reply"))]
    recorded_on: str


class VendorReply(NamedTuple):
    """What ``author`` said of a pitfall on a day (ISO 8601), at one of its references.

    ``reference`` is that reference's id, ``official`` says that the author is one of
    theirs, ``version`` is the one that it is, or will be, fixed in. What was not said
    is empty.
    """

    id: str
    at: int
    who: str
    reference: Annotated[str, Field(N_("reference"))]
    said_on: Annotated[str, Field(N_("date"))]
    author: Annotated[str, Field(N_("author"))]
    official: Annotated[bool, Field(N_("official reply"))]
    sort: Annotated[VendorReplyKind, Field(N_("vendor's position"))]
    version: Annotated[str, Field(N_("in version"))]
    quote: Annotated[Text, Field(N_("quote"))]
    recorded_on: str


class Attachment(Frozen, aside=("here",)):
    """A file that ``who`` attached; ``digest`` (SHA-256) and ``size`` are those of its bytes.

    ``label`` is what it was called and never a path, ``media`` what it was taken for;
    ``occurrence`` is the id of the one that it shows, empty if it shows the pitfall itself.
    ``here`` says whether its bytes have arrived in this file, which no event can tell.
    """

    id: str
    at: int
    who: str
    digest: str
    size: int
    label: Annotated[str, Field(N_("label"))]
    media: str
    occurrence: str
    note: Annotated[Text, Field(N_("note"))]
    recorded_on: str
    here: bool = False


class Signature(NamedTuple):
    """Error text that gives a pitfall away, on one platform or channel or on all."""

    id: str
    text: Annotated[str, Field(N_("text"))]
    form: Annotated[SignatureForm, Field(N_("form"))]
    platform: Annotated[Platform | None, Field(N_("platform"))]
    channel: Annotated[Channel | None, Field(N_("channel"))]
    recorded_on: str


class Fix(NamedTuple):
    """What the vendor resolved, from which version or date (ISO 8601), and who says so.

    ``affected_since`` and ``last_affected`` are versions on the axis. It holds on one
    ``platform`` and in one ``host`` app, or on all. A base library reaches everybody
    only ``grace_days`` after ``from_date``.
    """

    id: str
    at: int
    who: str
    axis: Annotated[Axis, Field(N_("axis"))]
    from_version: Annotated[str, Field(N_("from version"))]
    from_date: Annotated[str, Field(N_("from date"))]
    quote: Annotated[Text, Field(N_("quote"))]
    reference: Annotated[str, Field(N_("reference"))]
    official: Annotated[bool, Field(N_("official reply"))] = False
    platform: Annotated[Platform | None, Field(N_("platform"))] = None
    host: Annotated[Host | None, Field(N_("host app"))] = None
    affected_since: Annotated[str, Field(N_("affected since"))] = ""
    last_affected: Annotated[str, Field(N_("last affected"))] = ""
    grace_days: Annotated[int, Field(N_("days of grace"))] = 30


class Evidence(NamedTuple):
    """What a fix is found to be, by which occurrence, and when that was seen (ms).

    ``excused`` if another fix explains why it was seen, as one does that begins later.
    """

    state: FixState = FixState.CLAIMED
    occurrence: str = ""
    at: int | None = None
    excused: bool = False


class Claim(NamedTuple):
    """A value that somebody wrote, in which event and when (ms); of triage, a decision."""

    event: str
    at: int
    who: str
    value: Text
    decision: Decision | None = None


class Conflict(NamedTuple):
    """A single value that several people wrote at the same time; the first claim stands.

    ``name`` is its name in the record. Of an item, ``field`` is the kind of event that added
    it, ``part`` is the item's own field, and ``about`` the item's headline, as in a :class:`Line`.
    """

    name: str
    field: str
    claims: tuple[Claim, ...]
    part: str = ""
    about: Text = Text()


class Pitfall(NamedTuple):
    """A known trap with all that belongs to it but its occurrences.

    References, vendor replies, signatures and attachments include those of its duplicates;
    ``apart`` are the pitfalls that somebody said it is not the same as, ``conflicts`` the values
    that several people wrote at the same time. ``workaround_at`` is when (ms) the workaround was
    written or confirmed last; ``regressed`` as in a row of the list.
    """

    id: str
    title: Annotated[Text, Field(N_("title"))]
    kind: Annotated[Kind, Field(N_("kind"))]
    component: Annotated[Text, Field(N_("component"))]
    severity: Annotated[Severity, Field(N_("severity"))]
    status: Annotated[Status, Field(N_("status"))]
    workaround: Annotated[Text, Field(N_("workaround"))]
    reproduction: Annotated[Text, Field(N_("reproduction notes"))]
    reported_at: int
    reported_by: str
    changed_at: int
    tags: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    references: tuple[Reference, ...] = ()
    signatures: tuple[Signature, ...] = ()
    fixes: tuple[Fix, ...] = ()
    decision: Decision = SETTLED
    apart: tuple[str, ...] = ()
    vendor_replies: tuple[VendorReply, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    workaround_at: int | None = None
    conflicts: tuple[Conflict, ...] = ()
    plan: Plan = Plan()
    regressed: bool = False

    @property
    def own_signatures(self) -> tuple[Signature, ...]:
        """Its signatures without those of its duplicates."""
        return tuple(one for one in self.signatures if one.recorded_on == self.id)


class Tally(NamedTuple):
    """What the occurrences of one host, platform and channel came to.

    Across versions it is one host, platform and ``version`` instead of a channel; of what
    was not said it is None. ``last_reproduced`` and ``last_not_reproduced`` are when either
    was seen last; where that is the same time, ``newest`` is the outcome of the newer one.
    """

    host: Host | None
    platform: Platform | None
    channel: Channel | None
    reproduced: int
    not_reproduced: int
    last_at: int
    version: str | None = None
    across: Across = Across.CHANNEL
    last_reproduced: int | None = None
    last_not_reproduced: int | None = None
    newest: Outcome = Outcome.REPRODUCED


class Line(NamedTuple):
    """One change in a pitfall's history, as the timeline shows it.

    ``what`` is the event's kind and ``field`` the value that it changed, if it changed one;
    ``void`` lines were taken back by an undo, and ``decision`` is what was decided in triage. Of an
    item, ``field`` is the kind of event that added it; where it was amended, ``part`` is the item's
    own field that changed, and ``about`` the headline that it had before. ``pitfall`` is empty for
    what was noted about none. ``sort`` is the kind of change. One that is not ``known`` is of a
    newer version and changed nothing; one that ``holds_more`` says more than this version knows.
    An undo that is ``in_vain`` names only what others wrote, and takes back nothing. What an undo
    is about is ``took_back``, the lines of what it took back, be it by way of other undos, as
    :func:`storage.fold.fold.bare_lines` gives them; it ``redoes`` that where it undid the undo of
    it. ``names`` are the events that it names itself. ``outcome`` is that of an occurrence, as it
    was logged.
    """

    event: str
    pitfall: str
    at: int
    who: str
    what: str
    field: str = ""
    before: Text = Text()
    after: Text = Text()
    reason: Text = Text()
    void: bool = False
    sort: HistoryCategory | None = None
    known: bool = True
    holds_more: bool = False
    decision: Decision | None = None
    part: str = ""
    about: Text = Text()
    in_vain: bool = False
    took_back: tuple["Line", ...] = ()
    redoes: bool = False
    names: tuple[str, ...] = ()
    outcome: Outcome | None = None


class Did(NamedTuple):
    """What an event did to one value, for the timeline; the fields are those of a :class:`Line`."""

    field: str = ""
    before: Text = Text()
    after: Text = Text()
    reason: Text = Text()
    part: str = ""
    about: Text = Text()


class RetroNote(NamedTuple):
    """What a team noted in a retro; ``due`` and ``done_on`` are days (ISO 8601).

    ``pitfall`` is the one it is about, or empty. ``owner`` is who took a follow-up on.
    """

    id: str
    pitfall: str
    at: int
    who: str
    sort: Annotated[NoteKind, Field(N_("kind"))]
    text: Annotated[Text, Field(N_("text"))]
    owner: Annotated[str, Field(N_("who does it"))] = ""
    due: Annotated[str, Field(N_("due by"))] = ""
    done_on: Annotated[str, Field(N_("done on"))] = ""

    @property
    def is_due(self) -> bool:
        """Whether it is something to do that nobody has done yet."""
        return self.sort is NoteKind.FOLLOW_UP and not self.done_on
