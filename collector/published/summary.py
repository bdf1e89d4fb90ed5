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

from collector.alerts.counts import standing, standing_between
from collector.coverage.archived import ArchiveFinding, finding_of
from collector.coverage.sight import SeenCount, Sight
from collector.model import Landing, Place, Watch
from collector.published.grouping import ReportedLanding
from collector.published.matching import Airframes
from collector.published.rate_test import RateComparison, compare_rates
from collector.published.record import Fighting, days_near_fighting
from collector.weeks import local_date, local_midnight

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
    undated: int = 0
    """Landings that count, but perhaps in another period: no part of `count`, but of `at_most`."""
    final_leg_not_seen: int = 0
    """Aircraft that fell silent on their way in, with no airfield named: likewise."""

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
    counted: tuple[Landing, ...]
    """The landings that count in the time, as `whole.count` has them."""
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
    counted = _landed(watch_data, place, first, last)
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
        rates=_rate_comparison(
            [one.day for one in counted if one.sure_in(first, last)], sights, near, first, last
        ),
        counted=tuple(one.landing for one in counted if one.sure_in(first, last)),
        reported_near=sum(_lies_near(one, near) for one in only),
    )


@dataclass(frozen=True, slots=True)
class _Landed:
    """A landing that counts or may count at a place."""

    landing: Landing
    standing: bool
    """Whether it counts, if its time is known."""
    day: date
    """The local day of the touchdown, as far as that is known."""
    zone: str

    @property
    def days(self) -> list[date]:
        """The local days on which the touchdown may lie."""
        first, last = (local_date(at, self.zone) for at in self.landing.detection.touchdown_span)
        return [first + n * DAY for n in range((last - first).days + 1)]

    def sure_in(self, first: date, last: date) -> bool | None:
        """Return whether it counts in these days: True, False for perhaps, None for no."""
        if self.landing.detection.unheard is None:
            return self.standing if first <= self.day <= last else None
        begin, end = local_midnight(first, self.zone), local_midnight(last + DAY, self.zone)
        return standing_between(self.landing, self.standing, begin, end, self.zone)


def _landed(watch_data: WatchData, place: Place, first: date, last: date) -> list[_Landed]:
    """Return the landings that count or may count at a place in these days."""
    watch = watch_data.watch
    found = (
        _Landed(one, verdict, local_date(one.detection.touchdown_at, watch.zone), watch.zone)
        for one in watch_data.landings
        if (verdict := standing(one, watch, place)) is not None
    )
    return [one for one in found if one.sure_in(first, last) is not None]


def _week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _period_counts(
    name_of: Callable[[date], str],
    days: tuple[date, date],
    landed: Sequence[_Landed],
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
    sure, most, reports, undated, final = (dict.fromkeys(spans, 0) for _ in range(5))
    for one in landed:
        for name in {name_of(day) for day in one.days if first <= day <= last}:
            counted = one.sure_in(*spans[name])
            if counted is not None:
                sure[name] += counted
                most[name] += 1
                undated[name] += one.standing and not counted
                final[name] += not counted and one.landing.final_leg_not_seen
    for report in only:
        begins, ends = report.period.first or first, report.period.last or last
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
            undated[name],
            final[name],
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
    """The test of the landings on days that could be seen at least in part.

    The other days have no exposure, so their landings do not belong to a rate.
    """
    exposed = {day: each.seen for day, each in sights.items() if first <= day <= last}
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
