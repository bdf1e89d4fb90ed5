"""How many landings were there at a place, and how many may it have been? A count is an
interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.model import Landing, Place, Watch
from collector.model.dating import KNOWN_FROM, POSSIBLE_FROM, known_week

CANDIDATE_FROM = 0.05
"""Probability. A candidate airfield below this does not widen a count: detectors may list every
field in reach, and an editor would still call one in twenty open."""

_REST = round(1.0 - KNOWN_FROM, 12)
"""Chance. Rounded: as a difference of floats it would be a little less than a tenth."""


@dataclass(frozen=True, slots=True)
class Count:
    """A watch's landings at a place in a window: `count`, and `at_most` if all undetermined ones
    were there."""

    count: int
    at_most: int
    counted: tuple[Landing, ...] = ()
    """In order of touchdown."""
    undetermined: tuple[Landing, ...] = ()
    """Perhaps at this place and in this window: between airfields, graded below what the watch
    counts, or at a time that is not known well enough."""

    undated: tuple[Landing, ...] = ()
    """Those of `undetermined` that count in some other time that holds all of theirs, such as the
    month."""

    @property
    def found(self) -> tuple[Landing, ...]:
        """Those that count, then those that may."""
        return self.counted + self.undetermined

    @property
    def final_leg_not_seen(self) -> tuple[Landing, ...]:
        """Those of `undetermined` that fell silent on their way in, with no airfield named."""
        return tuple(each for each in self.undetermined if each.final_leg_not_seen)

    @property
    def text(self) -> str:
        """`2`, or `1–3` if some landings are undetermined.

        >>> Count(1, 3).text
        '1–3'
        """
        return str(self.count) if self.count == self.at_most else f"{self.count}–{self.at_most}"


def count_landings(
    landings: Iterable[Landing], watch: Watch, place: Place, begin: datetime, end: datetime
) -> Count:
    """Return the count of landings whose touchdown lies in [begin, end), as `standing` and
    `standing_between` sort them.

    `landings` may be in any order; the same id given twice counts once.
    """
    counted: dict[str, Landing] = {}
    undetermined: dict[str, Landing] = {}
    undated: dict[str, Landing] = {}
    for landing in landings:
        anywhen = standing(landing, watch, place)
        verdict = standing_between(landing, anywhen, begin, end, watch.zone)
        if verdict is not None:
            (counted if verdict else undetermined)[landing.id] = landing
            if anywhen and not verdict:
                undated[landing.id] = landing
    return Count(
        count=len(counted),
        at_most=len(counted) + len(undetermined),
        counted=_in_order(counted.values()),
        undetermined=_in_order(undetermined.values()),
        undated=_in_order(undated.values()),
    )


def standing(landing: Landing, watch: Watch, place: Place) -> bool | None:
    """Return whether a landing counts at a place: True counted, False undetermined there, None
    neither.

    A review outranks grade, withdrawal and airfield. A landing between several airfields counts if
    all of them belong to the place ("LLOV or LLER"), two at least: at one alone it would be named.
    An arrival in a silence that may hide several visits never counts.
    """
    if landing.review == "rejected" or not _counted_by(landing, watch):
        return None
    confirmed = landing.review == "confirmed"
    if landing.retracted and not confirmed:
        return None
    possible = _possible_airfields(landing)
    inside = [code for code in possible if code in place.airfields]
    if not inside:
        return None
    sure = confirmed or landing.grade_for(watch.name).rank >= watch.count_from.rank
    settled = confirmed or landing.airfield is not None or _several_in(landing, place)
    return sure and settled and len(inside) == len(possible) and landing.detection.visit_known


def standing_between(
    landing: Landing, verdict: bool | None, begin: datetime, end: datetime, zone: str
) -> bool | None:
    """Return the same for the time [begin, end); `verdict` is that of `standing` for any time.

    A landing whose arrival nobody heard counts in a time that it lies in with a chance of
    `KNOWN_FROM`, and is undetermined in every other time that it may lie in. If its week in `zone`
    is known with that chance, the rest is named nowhere, so it widens no count either.
    """
    if verdict is None:
        return None
    chance = landing.detection.chance_between(begin, end)
    if verdict and chance >= KNOWN_FROM:
        return True
    if chance > _REST:
        return False
    unnamed = verdict or chance < POSSIBLE_FROM or known_week(landing.detection, zone) is not None
    return None if unnamed else False


def probability_in(landing: Landing, place: Place) -> float:
    """Return the probability, 0 … 1, that the landing took place at one of the place's
    airfields."""
    detection = landing.detection
    if landing.airfield is not None:
        if landing.airfield not in place.airfields:
            return 0.0
        return 1.0 if landing.review == "confirmed" else _clip(detection.probability)
    within = sum(c.probability for c in detection.candidates if c.airfield in place.airfields)
    if landing.review != "confirmed":
        return _clip(within)
    total = sum(c.probability for c in detection.candidates)
    return _clip(within / total) if total > 0 else 0.0


def _counted_by(landing: Landing, watch: Watch) -> bool:
    return any(match.watch == watch.name and match.counted for match in landing.watches)


def _possible_airfields(landing: Landing) -> Sequence[str]:
    if landing.airfield is not None:
        return (landing.airfield,)
    candidates = landing.detection.candidates
    return [c.airfield for c in candidates if c.probability >= CANDIDATE_FROM]


def _several_in(landing: Landing, place: Place) -> bool:
    """Return whether two candidates or more, however improbable, belong to the place."""
    return sum(each.airfield in place.airfields for each in landing.detection.candidates) > 1


def _in_order(landings: Iterable[Landing]) -> tuple[Landing, ...]:
    return tuple(sorted(landings, key=lambda each: (each.detection.touchdown_at, each.id)))


def _clip(probability: float) -> float:
    return min(1.0, max(0.0, probability))


def probability_of_at_least(needed: int, probabilities: Iterable[float]) -> float:
    """Return the probability that at least `needed` of independent events happen, each with its own
    probability 0 … 1.

    >>> round(probability_of_at_least(2, [0.9, 0.9, 0.5]), 3)
    0.9
    """
    # masses[k]: probability of exactly k so far; the last entry gathers `needed` and more
    if needed <= 0:
        return 1.0
    masses = [1.0] + [0.0] * needed
    for probability in probabilities:
        masses[needed] += masses[needed - 1] * probability
        for k in range(needed - 1, 0, -1):
            masses[k] = masses[k] * (1 - probability) + masses[k - 1] * probability
        masses[0] *= 1 - probability
    return min(1.0, masses[needed])
