"""What is a landing? A `Detection` is derived from reports; a `Landing` is stored, with an id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from collector.model.review import CONFIRMED, Review
from collector.model.unheard import UnheardArrival

if TYPE_CHECKING:
    from collector.model.stop import Side, Stop


APPROACH = "approach"
"""The kind of evidence that says how the aircraft was last heard before a silence: it speaks for a
landing if that was on the way down to one."""


class Grade(StrEnum):
    """How certain a landing is; `landings.grading` holds the rule of each grade."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """3 for confirmed, 1 for possible."""
        return 3 - list(Grade).index(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against a landing; `kind` is for machines (`ground-contact`)."""

    at: datetime
    kind: str
    text: str
    """One plain sentence for an editor. It may quote text from the air, so escape it."""
    speaks: str = "for"
    """`for`, `against` or `neutral`."""
    airfield: str | None = None
    """The airfield it concerns; None if it concerns whether the aircraft landed at all."""
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An airfield where the aircraft may have landed. Probabilities sum to at most 1."""

    airfield: str
    probability: float


def likeliest_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates by falling probability; equally likely ones by code.

    >>> [one.airfield for one in likeliest_first([Candidate("LLER", 0.4), Candidate("LLOV", 0.6)])]
    ['LLOV', 'LLER']
    """
    return sorted(candidates, key=lambda candidate: (-candidate.probability, candidate.airfield))


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """A landing as derived from a set of reports, without identity, history or review.

    `airfield` is None if the landing is undetermined between `candidates`. `probability` is that of
    the named airfield, or of any of the candidates if undetermined.
    """

    icao24: str
    airfield: str | None
    candidates: tuple[Candidate, ...]
    touchdown_at: datetime
    uncertainty_s: float
    """The touchdown is within ± this many seconds of `touchdown_at`."""
    departed_at: datetime | None = None
    departed_uncertainty_s: float | None = None
    """The departure is within ± this many seconds of `departed_at`; None if there is none, or if it
    was stored by rules that did not say."""
    unheard: UnheardArrival | None = None
    """The silence that hides the touchdown, if nobody heard it arrive for half an hour or more."""
    runway: str | None = None
    grade: Grade = Grade.POSSIBLE
    probability: float = 0.0
    callsign: str | None = None
    evidence: tuple[Evidence, ...] = ()
    feeds: tuple[str, ...] = ()
    visit_from: datetime
    """Last proof before the touchdown that it had not landed, or the first proof of the stay."""
    visit_until: datetime
    """First proof that it had departed, or last proof that it had not."""

    @property
    def touchdown_span(self) -> tuple[datetime, datetime]:
        """The first and the last possible touchdown if nobody heard the arrival; else the estimate
        twice, for its ± is minutes."""
        if self.unheard is None:
            return self.touchdown_at, self.touchdown_at
        return self.unheard.times[0], self.unheard.times[-1]

    @property
    def visit_known(self) -> bool:
        """Whether it is one visit: a silence of more than four days may hide several."""
        return self.unheard is None or self.unheard.known

    @property
    def heard_inbound(self) -> bool:
        """Whether it fell silent on its way down: no feed received it on the ground."""
        return any(each.kind == APPROACH and each.speaks == "for" for each in self.evidence)

    def chance_between(self, begin: datetime, end: datetime) -> float:
        """Return the chance, 0 … 1, that the touchdown lies in [begin, end), if it took place."""
        if self.unheard is None:
            return float(begin <= self.touchdown_at < end)
        return self.unheard.chance_between(begin, end)

    @property
    def ranked(self) -> list[Candidate]:
        """The candidates, likeliest first; equally likely ones by code.

        >>> at = datetime(2026, 11, 22)
        >>> fields = (Candidate("OJAQ", 0.2), Candidate("LLOV", 0.6), Candidate("LLER", 0.2))
        >>> detection = Detection(
        ...     icao24="600865", airfield=None, candidates=fields, touchdown_at=at,
        ...     uncertainty_s=60.0, visit_from=at, visit_until=at,
        ... )
        >>> [candidate.airfield for candidate in detection.ranked]
        ['LLOV', 'LLER', 'OJAQ']
        """
        return likeliest_first(self.candidates)


@dataclass(frozen=True, slots=True)
class WatchMatch:
    """A watch that wants an aircraft, and the line that matched (`callsign AZQ*`)."""

    watch: str
    matched_by: str
    counted: bool
    """False for aircraft that are shown but not counted."""
    doubt: str = ""
    """Why the match may not hold for a landing, in one sentence; empty if nothing speaks against it
    (`watches/holding.py`). It may quote text from the air, so escape it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A stored landing: the detection, its identity, its watches and its review."""

    id: str
    """Aircraft, day of touchdown (UTC) and number, as first stored: `600865-2026-11-22-1`."""
    detection: Detection
    registration: str | None
    type_code: str | None
    watches: tuple[WatchMatch, ...]
    first_known_at: datetime
    revised_at: datetime
    retracted: bool = False
    review: str | None = None
    """A person's verdict, `confirmed` or `rejected`, if any. It wins over the detection."""
    reviewed: Review | None = None
    """The whole review: person, time, reason and airfield."""
    reviewers: int = 0
    """How many persons, one after the other, came to the review in force."""
    stops: tuple[Stop, ...] = ()
    """The previous stop seen, and the next one; empty before they are derived."""

    @property
    def feeds(self) -> frozenset[str]:
        """The feeds that the landing and the stops around it rest on."""
        return frozenset(self.detection.feeds).union(*(stop.feeds for stop in self.stops))

    def stop(self, side: Side) -> Stop | None:
        """Return the stop seen on one side of the landing; None before it is derived."""
        return next((stop for stop in self.stops if stop.side is side), None)

    @property
    def stands(self) -> bool:
        """Whether it is not withdrawn, or a person confirmed it all the same."""
        return not self.retracted or self.review == CONFIRMED

    def grade_for(self, watch: str) -> Grade:
        """Return the grade for one watch: at most possible where its match is in doubt."""
        doubted = any(match.doubt for match in self.watches if match.watch == watch)
        return Grade.POSSIBLE if doubted else self.detection.grade

    @property
    def grade(self) -> Grade:
        """The best grade for any watch: possible if every match is in doubt."""
        doubted = bool(self.watches) and all(match.doubt for match in self.watches)
        return Grade.POSSIBLE if doubted else self.detection.grade

    @property
    def airfield(self) -> str | None:
        """The airfield that a person confirmed, else the derived one; None if undetermined."""
        if self.review == CONFIRMED and self.reviewed and self.reviewed.airfield:
            return self.reviewed.airfield
        return self.detection.airfield

    @property
    def final_leg_not_seen(self) -> bool:
        """Whether the aircraft fell silent on its way in, and no airfield can be named: a part of
        the undetermined landings. Nobody reviewed it, and it is not withdrawn."""
        open_yet = self.stands and self.review is None and self.airfield is None
        return open_yet and self.detection.heard_inbound


JUDGED_AGAIN = "judged by rules "
"""Begins the reason of a change that new rules made to a stored landing; their version follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingBefore:
    """What a landing was before a change, as far as a count needs it."""

    grade: Grade
    airfield: str | None
    candidates: tuple[Candidate, ...]
    probability: float
    retracted: bool
    watches: tuple[WatchMatch, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a stored landing."""

    landing_id: str
    at: datetime
    change: str
    """`found`, `upgraded`, `downgraded`, `moved`, `retimed`, `retracted`, `restored`; or the act of
    a person, then without `rules_version`."""
    reason: str
    rules_version: str
    touchdown_before: datetime | None = None
    """The touchdown before, if it or `unheard_before` changed. Each watch has its own zone, so the
    two say in which week the landing was counted, or which ones it might lie in."""
    unheard_before: UnheardArrival | None = None
    """The silence before the change that hid the touchdown, if nobody had heard the arrival."""
    before: LandingBefore | None = None
    """What it was before the change; None: it was found, a person acted, or a version before 0.3
    changed it, which wrote down the reason alone."""

    def chance_before(self, begin: datetime, end: datetime) -> float:
        """Return the chance, 0 … 1, that the touchdown before the change lay in [begin, end); 0 if
        the change left it as it was."""
        if self.touchdown_before is None:
            return 0.0
        if self.unheard_before is None:
            return float(begin <= self.touchdown_before < end)
        return self.unheard_before.chance_between(begin, end)

    @property
    def judged_again(self) -> bool:
        """Whether new rules changed the landing, on the reports that were stored before."""
        return bool(self.rules_version) and self.reason.startswith(JUDGED_AGAIN)
