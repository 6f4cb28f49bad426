"""Boards of any size, made of real events and the same on every machine.

Every row comes out of the fold: events are sealed as a store seals them and
taken in as a colleague's events are.
"""

from __future__ import annotations

import hashlib
import random
import sys
from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import Final, NamedTuple

import storage
from benchmarks import words
from storage.events import (
    VERSION,
    Body,
    CommentAdded,
    Envelope,
    Event,
    FieldSet,
    FixRecorded,
    OccurrenceLogged,
    ReferenceAdded,
    Reported,
    SignatureAdded,
    StatusSet,
    TagAdded,
    Undone,
    seal,
)
from storage.model.clock import reading_at
from storage.model.row import Kind, Severity, Status
from storage.model.vocabulary import Axis, Channel, Host, Outcome, Platform
from storage.write.store import Store

_SEED: Final = 20220410
#: Each has a store, and so a journal once the board is shared.
ACTORS: Final = 20
_BATCH: Final = 50_000
_DAY_MS: Final = 24 * 60 * 60 * 1000
#: Boards span three years up to this moment, 2026-01-01.
END_MS: Final = 1_767_225_600_000
_START_MS: Final = END_MS - 3 * 365 * _DAY_MS


class Size(NamedTuple):
    """How much a board holds."""

    pitfalls: int
    occurrences: int

    def __str__(self) -> str:
        return f"{self.pitfalls:,} / {self.occurrences:,}"


class Hand:
    """One colleague's store, writing events in its own chain.

    Args:
        actor: the store.
        last: the event that it wrote last; None if it wrote none.
    """

    def __init__(self, actor: str, last: Event | None = None) -> None:
        self.actor = actor
        self._seq = last.envelope.seq if last else 0
        self._prev = last.id if last else None
        self._seen = last.envelope.hlc if last else 0

    def write(self, pitfall: str, at: int, who: str, body: Body) -> Event:
        """The next event of this store."""
        self._seq += 1
        self._seen = max(reading_at(at), self._seen + 1)
        envelope = Envelope(
            v=VERSION,
            actor=self.actor,
            seq=self._seq,
            prev=self._prev,
            step=self._seq,
            hlc=self._seen,
            at=at,
            who=who,
            pitfall=pitfall,
            kind=body.kind,
            body=body.dump(),
        )
        event = seal(envelope, body)
        self._prev = event.id
        return event


def events(size: Size) -> Iterator[Event]:
    """The events of a board in the order of their days: each pitfall, and what is seen meanwhile.

    An occurrence is logged on the day on which it was seen, and of a pitfall reported by then.
    """
    rng = random.Random(_SEED)
    hands = [Hand(f"{rng.getrandbits(128):032x}") for _ in range(ACTORS)]
    # A few pitfalls are met every day and most of them seldom.
    weights = [1 / (place + 1) ** 0.8 for place in range(size.pitfalls)]
    rng.shuffle(weights)
    met_until = list(accumulate(weights))
    pitfalls: list[tuple[str, str]] = []
    for place in range(size.pitfalls):
        pitfall, named = f"{rng.getrandbits(64):016x}", words.component(rng)
        pitfalls.append((pitfall, named))
        at = _moment(place, size.pitfalls)
        yield from _pitfall(rng, rng.choice(hands), pitfall, named, at, chinese=place % 2 == 0)
        first = size.occurrences * place // size.pitfalls
        for number in range(first, size.occurrences * (place + 1) // size.pitfalls):
            met = bisect(met_until, rng.random() * met_until[place], hi=place)
            pitfall, named = pitfalls[met]
            seen_at = _moment(number, size.occurrences)
            logged = seen_at + rng.randint(0, _DAY_MS)
            occurrence = _occurrence(rng, named, seen_at)
            yield rng.choice(hands).write(pitfall, logged, rng.choice(words.PEOPLE), occurrence)


def _moment(place: int, of: int) -> int:
    """When the so-manieth of some things happened that are spread evenly over the years."""
    return _START_MS + (END_MS - _START_MS) * place // of


def _pitfall(
    rng: random.Random, hand: Hand, pitfall: str, named: str, at: int, *, chinese: bool
) -> Iterator[Event]:
    who = rng.choice(words.PEOPLE)
    has_workaround = rng.random() < 0.5
    report = Reported(
        title=words.title(rng, named, chinese=chinese),
        kind=rng.choice(list(Kind)),
        component=named,
        severity=rng.choice(list(Severity)),
        status=Status.WORKAROUND if has_workaround else Status.OPEN,
        workaround=words.remedy(rng, chinese=chinese) if has_workaround else "",
        reproduction=words.notes(rng, named, chinese=chinese),
    )
    yield hand.write(pitfall, at, who, report)
    later: list[Body] = [TagAdded(tag=tag) for tag in rng.sample(words.TAGS, rng.randint(0, 2))]
    if rng.random() < 0.5:
        later.append(SignatureAdded(text=words.message(rng, named).splitlines()[0]))
    if rng.random() < 0.5:
        thread = f"https://developers.weixin.qq.com/community/develop/doc/{rng.getrandbits(64):x}"
        later.append(ReferenceAdded(url=thread, title=words.title(rng, named, chinese=chinese)))
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        later.append(CommentAdded(text=words.remark(rng, chinese=chinese)))
    if rng.random() < 0.1:
        later.append(FieldSet(field="severity", value=rng.choice(list(Severity))))
    if rng.random() < 0.2:
        later.append(FixRecorded(axis=rng.choice(list(Axis)), from_version=words.version(rng)))
        later.append(StatusSet(status=Status.FIXED_UPSTREAM, reason="fixed in the new version"))
    for body in later:
        at += rng.randint(1, _DAY_MS)
        event = hand.write(pitfall, at, who, body)
        yield event
        if rng.random() < 0.02:
            yield hand.write(pitfall, at + 1, who, Undone(events=(event.id,)))


def _occurrence(rng: random.Random, named: str, seen_at: int) -> OccurrenceLogged:
    reproduced = rng.random() < 0.85
    then = (seen_at - _START_MS) / (END_MS - _START_MS)
    return OccurrenceLogged(
        outcome=Outcome.REPRODUCED if reproduced else Outcome.NOT_REPRODUCED,
        seen_at=seen_at,
        count=1 if rng.random() < 0.9 else rng.randint(2, 40),
        message=words.message(rng, named) if reproduced and rng.random() < 0.6 else "",
        note=rng.choice(words.ZH_REMARKS) if rng.random() < 0.1 else "",
        host=rng.choice(list(Host)),
        client_version=words.version_of_then(rng, then),
        base_library=words.version_of_then(rng, then),
        platform=rng.choice(list(Platform)),
        device=rng.choice(words.DEVICES),
        channel=rng.choice(list(Channel)),
        company=rng.choice(words.COMPANIES),
    )


def cached(size: Size, folder: Path) -> Path:
    """The board of that size, made unless ``folder`` holds it already."""
    path = folder / f"board-{size.pitfalls}-{size.occurrences}-{_edition()}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        for left_over in folder.glob(f"{unfinished.name}*"):
            left_over.unlink()
        fill(unfinished, events(size), text=f"making a board of {size}")
        unfinished.rename(path)
    return path


def fill(path: Path, arriving: Iterable[Event], text: str = "") -> None:
    """Start a board at ``path`` and take ``arriving`` in, some ten thousand at a time."""
    store = Store.open(path, who="benchmark")
    arriving = iter(arriving)
    done = 0
    while batch := list(islice(arriving, _BATCH)):
        with store.session.writing() as transaction:
            transaction.take(batch)
        done += len(batch)
        if text:
            print(f"{text}: {done:,} events", file=sys.stderr)
    store.close()
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)


def _edition() -> str:
    """A name for all the code that a board's bytes depend on."""
    room = Path(storage.__file__).parent
    sources = [room / "text" / "search_text.py"]
    sources += sorted(
        file for part in ("db", "fold", "projection") for file in room.glob(f"{part}/*.py")
    )
    sources += [Path(words.__file__), Path(__file__)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:8]
