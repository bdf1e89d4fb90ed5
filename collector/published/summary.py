"""How many landings does each week, month and year have, tracked and only reported, and with what
coverage? One place of a watch is counted for the time of a report.

Tracked landings are counted as everywhere else: as an interval if some are undetermined. Landings
that are only reported stand apart and are never added, because the number of unreported
landings is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collector.alerts.counts import standing
from collector.coverage.archived import ArchiveFinding, finding_of
from collector.model import Landing, Place, Watch
from collector.model.sighting import Unit
from collector.published.grouping import ReportedLanding, same_operator
from collector.published.matching import Airframes
from collector.published.rate_test import RateComparison, compare_rates
from collector.published.record import CountKind, Fighting, PublishedCount, days_near_fighting
from collector.weeks import local_date

DAY = timedelta(days=1)
MIN_COVERAGE = 0.5
"""Below this coverage a count of zero says little, and coverage may explain any difference between
two counts."""
ROUNDING = 0.8
"""A number given as "about" or "almost" may be up to a fifth higher than the true one."""

Shares = Mapping[date, float]
"""The covered share (0 … 1) of each local day at a place; a missing day was not covered."""


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """The landings of one week, month or year, as far as it lies in the time of the report."""

    name: str
    first: date
    last: date
    """Included."""
    count: int
    at_most: int
    reported: int
    """Landings that are only reported, and dated precisely enough for this period."""
    coverage: float
    finding: ArchiveFinding
    """What the count means, above all if no landing was tracked."""


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
    coverage: float

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
            uncovered = "could not see" if self.coverage == 0 else "could hardly see"
            return uncovered if self.coverage < MIN_COVERAGE else "ours is lower"
        higher = count > published and self.published.kind is CountKind.EXACT
        if self.published.said_period:
            return "may agree"
        return "ours is higher" if higher else "agrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSummary:
    """The landings at one place of a watch during the time of a report."""

    watch: Watch
    place: Place
    weeks: tuple[PeriodCount, ...]
    months: tuple[PeriodCount, ...]
    years: tuple[PeriodCount, ...]
    whole: PeriodCount
    only_reported: tuple[ReportedLanding, ...]
    """Reported landings in the time that no tracked landing matches."""
    matched: int
    """The number of reported landings in the time that a tracked landing matches."""
    rates: RateComparison
    reported_near: int
    """How many of `only_reported` lie in the fighting or shortly before it."""


@dataclass(frozen=True, slots=True)
class WatchData:
    """The landings and reports of one watch, from which its places are summed up."""

    watch: Watch
    landings: Sequence[Landing]
    """All landings of the watch at any time, withdrawn ones included."""
    reports: Sequence[ReportedLanding]
    """The reported landings at the watch's airfields, as `reported_landings` returns them."""
    matches: Mapping[int, Landing]
    """The tracked landing of each reported landing that has one, by its index in `reports`."""
    airframes: Airframes
    days_with_data: frozenset[date] = frozenset()
    """Days on which a feed answered, or of which an archive was read."""


def place_summary(
    watch_data: WatchData,
    place: Place,
    shares: Shares,
    fighting: Iterable[Fighting],
    *,
    first: date,
    last: date,
    before_days: int,
) -> PlaceSummary:
    """Return the landings at a place from `first` to `last`, both included.

    Raises ValueError if `last` is earlier than `first` or `before_days` is negative.
    """
    if last < first:
        raise ValueError(f"{last} is earlier than {first}")
    watch = watch_data.watch
    dated = [
        (local_date(landing.detection.touchdown_at, watch.zone), landing)
        for landing in watch_data.landings
    ]
    standings = [(day, standing(one, watch, place)) for day, one in dated if first <= day <= last]
    counted = [(day, sure) for day, sure in standings if sure is not None]
    here = [
        (number, one)
        for number, one in enumerate(watch_data.reports)
        if one.airfield in place.airfields and one.period.within(first, last)
    ]
    only = tuple(one for number, one in here if number not in watch_data.matches)
    near = days_near_fighting(fighting, before_days)

    def period_counts(name_of: Callable[[date], str]) -> tuple[PeriodCount, ...]:
        return _period_counts(
            name_of, (first, last), counted, only, shares, days_with_data=watch_data.days_with_data
        )

    return PlaceSummary(
        watch=watch,
        place=place,
        weeks=period_counts(_week_name),
        months=period_counts(lambda day: f"{day:%Y-%m}"),
        years=period_counts(lambda day: f"{day:%Y}"),
        whole=period_counts(lambda _: "")[0],
        only_reported=only,
        matched=len(here) - len(only),
        rates=_rate_comparison([day for day, sure in counted if sure], shares, near, first, last),
        reported_near=sum(_lies_near(one, near) for one in only),
    )


def count_comparison(
    watch_data: WatchData, published: PublishedCount, shares: Shares
) -> CountComparison:
    """Return a published count beside our count.

    `shares` is the coverage of the count's airfields taken together.
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
        _mean(shares, first, last) if first is not None and last is not None else 0.0,
    )


def in_unit(landings: int, unit: Unit | None) -> int:
    """Return a number of landings in the unit of a published count: a landing is two legs."""
    return 2 * landings if unit is Unit.LEG else landings


def _our_count(
    watch_data: WatchData, published: PublishedCount, first: date, last: date
) -> tuple[int, int]:
    place = Place(published.airfields)
    standings = [
        standing(one, watch_data.watch, place)
        for one in watch_data.landings
        if first <= local_date(one.detection.touchdown_at, watch_data.watch.zone) <= last
        and watch_data.airframes.may_be_operated_by(one.detection.icao24, published.operator)
    ]
    sure = [one for one in standings if one is not None]
    return sum(sure), len(sure)


def _may_be_of(landing: ReportedLanding, operator: str | None) -> bool:
    return all(same_operator(row.operator, operator) for row in landing.sightings)


def _week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _period_counts(
    name_of: Callable[[date], str],
    days: tuple[date, date],
    landed: Sequence[tuple[date, bool]],
    only: Sequence[ReportedLanding],
    shares: Shares,
    *,
    days_with_data: frozenset[date],
) -> tuple[PeriodCount, ...]:
    spans: dict[str, tuple[date, date]] = {}
    first, last = days
    for n in range((last - first).days + 1):
        day = first + n * DAY
        spans[name_of(day)] = (spans.get(name_of(day), (day,))[0], day)
    sure, most, reports = (dict.fromkeys(spans, 0) for _ in range(3))
    for day, counted in landed:
        sure[name_of(day)] += counted
        most[name_of(day)] += 1
    for one in only:
        begins, ends = one.period.first or first, one.period.last or last
        if name_of(begins) == name_of(ends):
            reports[name_of(begins)] += 1
    coverage = {name: _mean(shares, *span) for name, span in spans.items()}
    recorded = {name_of(day) for day in days_with_data if first <= day <= last}
    return tuple(
        PeriodCount(
            *(name, *span, sure[name], most[name], reports[name], coverage[name]),
            finding_of(most[name], coverage[name], known=name in recorded or coverage[name] > 0),
        )
        for name, span in spans.items()
    )


def _mean(shares: Shares, first: date, last: date) -> float:
    days = (last - first).days + 1
    return sum(shares.get(first + n * DAY, 0.0) for n in range(days)) / days


def _rate_comparison(
    counted: Iterable[date], shares: Shares, near: frozenset[date], first: date, last: date
) -> RateComparison:
    """The test of the landings on days that were covered at least in part.

    The other days have no exposure, so their landings do not belong to a rate.
    """
    days = [day for day in counted if shares.get(day, 0.0) > 0]
    exposed = {day: share for day, share in shares.items() if first <= day <= last}
    inside = sum(share for day, share in sorted(exposed.items()) if day in near)
    outside = sum(share for day, share in sorted(exposed.items()) if day not in near)
    within = sum(day in near for day in days)
    return compare_rates(within, len(days) - within, inside, outside)


def _lies_near(one: ReportedLanding, near: frozenset[date]) -> bool:
    """Whether every possible day of the landing is near the fighting."""
    begins, ends = one.period.first, one.period.last
    if begins is None or ends is None:
        return False
    return all(begins + n * DAY in near for n in range((ends - begins).days + 1))
