"""What do the weeks before a time say of how often aircraft land? Landings with the share of each
week that could be seen.

Times are counted in weeks from the beginning of the first one, so that the same functions serve
the stored past and one that was drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.alerts.counts import probability_in, standing
from collector.model import Landing, Place, Watch
from collector.weeks import previous_week, week_bounds, week_of

PAST_WEEKS = 104
"""Whole weeks before a time that are compared with it: two years, so that each season weighs the
same, and an older fleet does not decide."""
LEAST_SHARE = 0.2
"""Share of a week. With less, nothing is learned from the week or its landings: four of five would
not have been noticed (`coverage.sight.NOT_SEEN_BELOW`)."""
LEAST_COVERED_WEEKS = 26
"""Covered weeks. With fewer, no rate is stated: half a year shows neither bursts nor pauses."""
LATELY_COVERED_WEEKS = 13
"""Covered weeks. The latest weeks that hold so many show how much a watch sees now: a quarter, as
rates are stated for one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a landing at a place: whether it counts, and the probability that it took
    place there."""

    counted: bool = True
    probability: float = 1.0


CERTAIN = Mark()


@dataclass(frozen=True, slots=True)
class Past:
    """Whole weeks in order of time, and the landings that count or could count in them."""

    shares: tuple[float, ...]
    """The share of each week in which a landing would have been noticed, 0 … 1. Weeks with less
    than `LEAST_SHARE` say nothing, and their landings are left out."""
    times: tuple[float, ...] = ()
    """Touchdowns in weeks from the beginning of the first week, in order."""
    marks: tuple[Mark, ...] = ()
    """What is known of each landing, in the same order."""

    @property
    def covered_weeks(self) -> int:
        """The number of weeks that say something."""
        return sum(share >= LEAST_SHARE for share in self.shares)

    @property
    def lately(self) -> tuple[float, ...]:
        """The shares of the latest weeks that hold `LATELY_COVERED_WEEKS`; all if none do."""
        covered = 0
        for number, share in enumerate(reversed(self.shares), 1):
            covered += share >= LEAST_SHARE
            if covered == LATELY_COVERED_WEEKS:
                return self.shares[-number:]
        return self.shares

    @property
    def exposures(self) -> list[float]:
        """The share of each week, 0 where the week says nothing."""
        return [share if share >= LEAST_SHARE else 0.0 for share in self.shares]

    @property
    def counts(self) -> list[int]:
        """The landings of each week, counted or not, 0 where the week says nothing."""
        counts = [0] * len(self.shares)
        for at in self.times:
            if self.shares[int(at)] >= LEAST_SHARE:
                counts[int(at)] += 1
        return counts


def past_before(
    landings: Iterable[Landing],
    watch: Watch,
    place: Place,
    coverage_by_week: Mapping[str, float],
    before: datetime,
) -> Past:
    """Return the whole weeks before the week of `before`, from the first one that says something.

    `landings` may be in any order; `coverage_by_week` is keyed `2026-W47`. A landing that nobody
    heard arrive counts at its last possible touchdown, as the rules have it.
    """
    keys: list[str] = []
    key = week_of(before, watch.zone)
    for _ in range(PAST_WEEKS):
        key = previous_week(key)
        keys.append(key)
    keys.reverse()
    while keys and coverage_by_week.get(keys[0], 0.0) < LEAST_SHARE:
        del keys[0]
    numbers = {key: number for number, key in enumerate(keys)}
    found: list[tuple[float, Mark]] = []
    for landing in {each.id: each for each in landings}.values():
        verdict = standing(landing, watch, place)
        at = landing.detection.touchdown_span[1]
        number = numbers.get(week_of(at, watch.zone))
        if verdict is not None and number is not None:
            begin, end = week_bounds(keys[number], watch.zone)
            position = number + min((at - begin) / (end - begin), 0.999999)
            found.append((position, Mark(verdict, probability_in(landing, place))))
    found.sort(key=lambda each: each[0])
    return Past(
        tuple(min(1.0, max(0.0, coverage_by_week.get(key, 0.0))) for key in keys),
        tuple(at for at, _ in found),
        tuple(mark for _, mark in found),
    )
