"""How does a published count compare with ours? They stand side by side; neither is corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from collector.alerts.counts import standing, standing_between
from collector.coverage.sight import Level, SeenCount, Sight
from collector.model import Place
from collector.model.sighting import Unit
from collector.published.grouping import ReportedLanding, same_operator
from collector.published.record import CountKind, PublishedCount
from collector.published.summary import DAY, Sights, WatchData, mean_sight
from collector.weeks import local_midnight

ROUNDING = 0.8
"""A number given as "about" or "almost" may be up to a fifth higher than the true one."""

_LOWER = {
    Level.NOT_SEEN: "could not see",
    Level.IN_PART: "could see only a part",
    Level.SEEN: "ours is lower",
}
"""Why our count may be lower than a published one."""


@dataclass(frozen=True, slots=True)
class CountComparison:
    """A published count beside our count, in landings."""

    published: PublishedCount
    count: int | None
    """None if the watch does not name all of the airfields, or if no number was published."""
    at_most: int | None
    dated: int
    """Reported landings that are dated within the count's time and of its operator."""
    dated_of_others: int
    sight: Sight

    @property
    def coverage(self) -> float:
        """The covered share of the count's time, 0 … 1."""
        return self.sight.coverage

    @property
    def seen(self) -> SeenCount | None:
        """Our count with what may be said of it; None if there is none."""
        if self.count is None or self.at_most is None:
            return None
        return SeenCount(self.count, self.at_most, self.sight)

    @property
    def verdict(self) -> str:
        """The result of the comparison, in words for a table."""
        published, count, most = self.published.landings, self.count, self.at_most
        if published is None:
            return "no number"
        if count is None or most is None:
            return "not watched here"
        rounding = ROUNDING if self.published.kind is CountKind.APPROX else 1.0
        if most < published * rounding:
            return _LOWER[self.sight.level]
        higher = count > published and self.published.kind is CountKind.EXACT
        if self.published.said_period:
            return "may agree"
        return "ours is higher" if higher else "agrees"


def count_comparison(
    watch_data: WatchData, published: PublishedCount, sights: Sights
) -> CountComparison:
    """Return a published count beside our count.

    `sights` are those of the count's airfields taken together.
    """
    first, last = published.period.first, published.period.last
    has_days = first is not None and last is not None
    watched = bool(published.airfields) and set(published.airfields) <= set(
        watch_data.watch.airfields
    )
    dated = [
        one
        for one in watch_data.reports
        if has_days
        and one.airfield in published.airfields
        and one.period.within(first or date.max, last or date.min)
    ]
    same = [one for one in dated if _may_be_of(one, published.operator)]
    count = most = None
    if first is not None and last is not None and watched and published.count is not None:
        count, most = _our_count(watch_data, published, first, last)
    return CountComparison(
        published,
        count,
        most,
        len(same),
        len(dated) - len(same),
        mean_sight(sights, first, last)
        if first is not None and last is not None
        else Sight(0.0, 0.0),
    )


def in_unit(landings: int, unit: Unit | None) -> int:
    """Return a number of landings in the unit of a published count: a landing is two legs."""
    return 2 * landings if unit is Unit.LEG else landings


def _our_count(
    watch_data: WatchData, published: PublishedCount, first: date, last: date
) -> tuple[int, int]:
    place = Place(published.airfields)
    watch = watch_data.watch
    begin, end = (local_midnight(day, watch.zone) for day in (first, last + DAY))
    standings = [
        standing_between(one, standing(one, watch, place), begin, end, watch.zone)
        for one in watch_data.landings
        if watch_data.airframes.may_be_operated_by(one.detection.icao24, published.operator)
    ]
    sure = [one for one in standings if one is not None]
    return sum(sure), len(sure)


def _may_be_of(landing: ReportedLanding, operator: str | None) -> bool:
    return all(same_operator(row.operator, operator) for row in landing.sightings)
