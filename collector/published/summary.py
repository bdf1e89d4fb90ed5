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
from collector.coverage.sight import SeenCount, Sight
from collector.model import Landing, Place, Watch
from collector.published.grouping import ReportedLanding
from collector.published.matching import Airframes
from collector.published.rate_test import RateComparison, compare_rates
from collector.published.record import Fighting, days_near_fighting
from collector.weeks import local_date

DAY = timedelta(days=1)

Sights = Mapping[date, Sight]
"""How much of each local day could be seen at a place; a missing day was not covered."""


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
    sight: Sight
    finding: ArchiveFinding
    """What the count means, above all if no landing was tracked."""

    @property
    def coverage(self) -> float:
        """The covered share of the period, 0 … 1."""
        return self.sight.coverage

    @property
    def seen(self) -> SeenCount:
        """The count with what may be said of it."""
        return SeenCount(self.count, self.at_most, self.sight)


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
    sights: Sights,
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
            name_of, (first, last), counted, only, sights, days_with_data=watch_data.days_with_data
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
        rates=_rate_comparison([day for day, sure in counted if sure], sights, near, first, last),
        reported_near=sum(_lies_near(one, near) for one in only),
    )


def _week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _period_counts(
    name_of: Callable[[date], str],
    days: tuple[date, date],
    landed: Sequence[tuple[date, bool]],
    only: Sequence[ReportedLanding],
    sights: Sights,
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
    means = {name: mean_sight(sights, *span) for name, span in spans.items()}
    recorded = {name_of(day) for day in days_with_data if first <= day <= last}
    return tuple(
        PeriodCount(
            *(name, *span, sure[name], most[name], reports[name], means[name]),
            finding_of(
                *(most[name], means[name].seen),
                known=name in recorded or means[name].coverage > 0,
            ),
        )
        for name, span in spans.items()
    )


def mean_sight(sights: Sights, first: date, last: date) -> Sight:
    """Return how much of the days from `first` to `last` could be seen, both included."""
    days = (last - first).days + 1
    known = [sights[day] for n in range(days) if (day := first + n * DAY) in sights]
    return Sight(
        sum(each.coverage for each in known) / days, sum(each.seen for each in known) / days
    )


def _rate_comparison(
    counted: Iterable[date], sights: Sights, near: frozenset[date], first: date, last: date
) -> RateComparison:
    """The test of the landings on days that were covered at least in part.

    The other days have no exposure, so their landings do not belong to a rate.
    """
    exposed = {day: each.coverage for day, each in sights.items() if first <= day <= last}
    days = [day for day in counted if exposed.get(day, 0.0) > 0]
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
