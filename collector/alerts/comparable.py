"""Which weeks and landings may a surge compare? Like is compared with like.

Two weeks are alike if the same feeds heard the place, at heights that differ by at most
`HEIGHT_WITHIN_FT`, and if the same rules found the landings. Otherwise more landings would be a
surge where only more is heard. A landing counts in a week if one of the feeds that heard the place
in that week heard the landing. So one that is known from an archive alone counts only where the
archive alone was read, with the archive's own exposure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from collector.alerts.chance.past import LEAST_SHARE, PAST_WEEKS, Mark, Past
from collector.alerts.counts import probability_in, standing
from collector.alerts.surge import WINDOWS_WEEKS, SurgeWeeks
from collector.model import Landing, Place, Watch
from collector.model.heard_week import HeardWeek
from collector.weeks import previous_week, week_bounds, week_of

HEIGHT_WITHIN_FT = 2000
"""Feet. As high as a band of altitude: the height is known no better
(`model.coverage.BAND_FLOORS_FT`)."""
EARLIER_WEEKS = 26
"""Weeks before all others, in which alarms can show that the next weeks were not usual."""
SURGE_WEEKS = EARLIER_WEEKS + PAST_WEEKS + WINDOWS_WEEKS[-1]
"""Weeks that a surge needs: the longest window, what it is compared with, and a little more."""

NOT_HEARD = HeardWeek()


def alike(one: HeardWeek, other: HeardWeek) -> bool:
    """Return whether the counts of two weeks may be compared."""
    if one.feeds != other.feeds or one.older_rules != other.older_rules:
        return False
    if one.height_ft is None or other.height_ft is None:
        return one.height_ft is other.height_ft
    return abs(one.height_ft - other.height_ft) <= HEIGHT_WITHIN_FT


@dataclass(frozen=True, slots=True)
class ComparableWeeks:
    """The weeks up to a time, and the landings that may be compared in them."""

    keys: tuple[str, ...]
    heard: tuple[HeardWeek, ...]
    """How the place was heard in each; one in which it hardly was is like the week before."""
    landings: tuple[Landing, ...]
    """In order of their last possible touchdown."""
    times: tuple[float, ...]
    """That touchdown in weeks from the beginning of the first week."""
    marks: tuple[Mark, ...]

    @property
    def surge_weeks(self) -> SurgeWeeks:
        """The same for a surge."""
        bare = [replace(each, seen=0.0) for each in self.heard]
        kinds = list(dict.fromkeys(bare))
        return SurgeWeeks(
            [each.seen for each in self.heard],
            self.times,
            [mark.probability for mark in self.marks],
            [kinds.index(each) for each in bare],
            lambda one, other: alike(kinds[one], kinds[other]),
        )

    def past_like_last(self) -> Past:
        """Return the weeks that are like the last one, as the calibration has them: those unlike it
        could not be seen."""
        if not self.heard:
            return Past(())
        like = [alike(self.heard[-1], each) for each in self.heard]
        first = next((n for n, each in enumerate(like) if each), 0)
        kept = [n for n, at in enumerate(self.times) if int(at) >= first and like[int(at)]]
        return Past(
            tuple(each.seen if like[n] else 0.0 for n, each in enumerate(self.heard) if n >= first),
            tuple(self.times[n] - first for n in kept),
            tuple(self.marks[n] for n in kept),
        )


def comparable_weeks(
    landings: Iterable[Landing],
    watch: Watch,
    place: Place,
    heard_by_week: Mapping[str, HeardWeek],
    *,
    last: str,
    weeks: int = SURGE_WEEKS,
) -> ComparableWeeks:
    """Return so many weeks up to the week `last`, from the first that was heard.

    `landings` may be in any order; `heard_by_week` is keyed `2026-W47`.
    """
    keys = [last]
    for _ in range(weeks - 1):
        keys.append(previous_week(keys[-1]))
    keys.reverse()
    while len(keys) > 1 and heard_by_week.get(keys[0], NOT_HEARD).seen < LEAST_SHARE:
        del keys[0]
    heard: list[HeardWeek] = []
    for key in keys:
        week = heard_by_week.get(key, NOT_HEARD)
        if week.seen < LEAST_SHARE and heard:
            week = replace(heard[-1], seen=week.seen)
        heard.append(week)
    numbers = {key: number for number, key in enumerate(keys)}
    found: list[tuple[float, str, Landing, Mark]] = []
    for landing in {each.id: each for each in landings}.values():
        at = landing.detection.touchdown_span[1]
        key = week_of(at, watch.zone)
        counted = standing(landing, watch, place)
        feeds = frozenset(landing.detection.feeds)
        if counted is None or key not in numbers:
            continue
        number = numbers[key]
        if feeds and heard[number].feeds and not feeds & heard[number].feeds:
            continue
        begin, end = week_bounds(key, watch.zone)
        position = number + min((at - begin) / (end - begin), 0.999999)
        found.append((position, landing.id, landing, Mark(counted, probability_in(landing, place))))
    found.sort(key=lambda each: each[:2])
    return ComparableWeeks(
        tuple(keys),
        tuple(heard),
        tuple(landing for _, _, landing, _ in found),
        tuple(at for at, _, _, _ in found),
        tuple(mark for _, _, _, mark in found),
    )
