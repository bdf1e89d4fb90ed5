"""How many landings in each week, month and year, tracked and only reported, and could we see?

Tracked landings are counted as everywhere (an interval, where some are undetermined). What was
only reported stands apart and is never added: nobody knows how much more was not reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collector.alerts.counts import standing
from collector.coverage.archived import ArchiveFinding, finding_of
from collector.model import Landing, Place, Watch
from collector.model.sighting import Unit
from collector.published.grouping import Reported, same_operator
from collector.published.matching import Airframes
from collector.published.rate_test import Rates, compare
from collector.published.record import CountKind, Fighting, PublishedCount, days_near
from collector.weeks import local_date

DAY = timedelta(days=1)
HEARD_FROM = 0.5
"""A time heard for less than half of it says little by its zero; where figures differ then,
coverage explains it as well as anything."""
ROUNDED = 0.8
"""A number given as "about" or "almost" is not contradicted by one up to a fifth lower."""

Shares = Mapping[date, float]
"""How much of each local day was covered at a place, 0 … 1; days that are not there: nothing."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One week, month or year, as far as it lies in the time of the report."""

    name: str
    first: date
    last: date
    """Included."""
    count: int
    at_most: int
    reported: int
    """Landings that are only reported; those dated too loosely for this bucket are not here."""
    coverage: float
    finding: ArchiveFinding
    """What it says, above all if nothing was tracked."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A published count beside ours, in landings."""

    published: PublishedCount
    count: int | None
    """None: not counted here, since no watch looks at one of the airfields, or nothing to count."""
    at_most: int | None
    dated: int
    """Reported landings that are dated within its time, of the operator it names."""
    dated_of_others: int
    coverage: float

    @property
    def verdict(self) -> str:
        """How the two go together, in words for a table."""
        theirs, count, most = self.published.landings, self.count, self.at_most
        if theirs is None:
            return "no number"
        if count is None or most is None:
            return "not watched here"
        rounded = ROUNDED if self.published.kind is CountKind.APPROX else 1.0
        if most < theirs * rounded:
            deaf = "could not see" if self.coverage == 0 else "could hardly see"
            return deaf if self.coverage < HEARD_FROM else "ours is lower"
        higher = count > theirs and self.published.kind is CountKind.EXACT
        if self.published.said_period:
            return "may agree"
        return "ours is higher" if higher else "agrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHistory:
    """One place of a watch through the time of a report."""

    watch: Watch
    place: Place
    weeks: tuple[Bucket, ...]
    months: tuple[Bucket, ...]
    years: tuple[Bucket, ...]
    whole: Bucket
    only_reported: tuple[Reported, ...]
    """In the time, and with no tracked landing."""
    matched: int
    """Reported landings in the time that a tracked one stands for."""
    rates: Rates
    reported_near: int
    """Of what was only reported: in the fighting or shortly before."""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What a place's history is made of."""

    watch: Watch
    landings: Sequence[Landing]
    """Of the watch, of all times, retracted ones too."""
    reports: Sequence[Reported]
    """At the watch's airfields, as `reported` gives them."""
    matches: Mapping[int, Landing]
    """By the number of the report."""
    airframes: Airframes
    known: frozenset[date] = frozenset()
    """Days on which somebody listened, or that an archive was read of."""


def place_history(
    facts: PlaceFacts,
    place: Place,
    shares: Shares,
    fighting: Iterable[Fighting],
    *,
    first: date,
    last: date,
    before_days: int,
) -> PlaceHistory:
    """The history of a place from `first` to `last`, both included.

    Raises ValueError if `last` is earlier than `first`, or `before_days` negative.
    """
    if last < first:
        raise ValueError(f"{last} is earlier than {first}")
    watch = facts.watch
    judged = [(local_date(one.detection.touchdown_at, watch.zone), one) for one in facts.landings]
    verdicts = [(day, standing(one, watch, place)) for day, one in judged if first <= day <= last]
    counted = [(day, sure) for day, sure in verdicts if sure is not None]
    here = [
        (number, one)
        for number, one in enumerate(facts.reports)
        if one.airfield in place.airfields and one.period.within(first, last)
    ]
    only = tuple(one for number, one in here if number not in facts.matches)
    near = days_near(fighting, before_days)

    def buckets(name_of: Callable[[date], str]) -> tuple[Bucket, ...]:
        return _buckets(name_of, (first, last), counted, only, shares, known=facts.known)

    return PlaceHistory(
        watch=watch,
        place=place,
        weeks=buckets(_week_name),
        months=buckets(lambda day: f"{day:%Y-%m}"),
        years=buckets(lambda day: f"{day:%Y}"),
        whole=buckets(lambda _: "")[0],
        only_reported=only,
        matched=len(here) - len(only),
        rates=_rates([day for day, sure in counted if sure], shares, near, first, last),
        reported_near=sum(_near(one, near) for one in only),
    )


def compared(facts: PlaceFacts, published: PublishedCount, shares: Shares) -> Compared:
    """A published count beside ours; `shares`: of its airfields taken together."""
    first, last = published.period.first, published.period.last
    known = first is not None and last is not None
    watched = bool(published.airfields) and set(published.airfields) <= set(facts.watch.airfields)
    dated = [
        one
        for one in facts.reports
        if known
        and one.airfield in published.airfields
        and one.period.within(first or date.max, last or date.min)
    ]
    same = [one for one in dated if _of(one, published.operator)]
    count = most = None
    if first is not None and last is not None and watched and published.count is not None:
        count, most = _ours(facts, published, first, last)
    return Compared(
        published,
        count,
        most,
        len(same),
        len(dated) - len(same),
        _mean(shares, first, last) if first is not None and last is not None else 0.0,
    )


def in_unit(landings: int, unit: Unit | None) -> int:
    """So many landings in the unit of a published count: two legs each."""
    return 2 * landings if unit is Unit.LEG else landings


def _ours(facts: PlaceFacts, published: PublishedCount, first: date, last: date) -> tuple[int, int]:
    place = Place(published.airfields)
    verdicts = [
        standing(one, facts.watch, place)
        for one in facts.landings
        if first <= local_date(one.detection.touchdown_at, facts.watch.zone) <= last
        and facts.airframes.operated(one.detection.icao24, published.operator)
    ]
    sure = [each for each in verdicts if each is not None]
    return sum(sure), len(sure)


def _of(one: Reported, operator: str | None) -> bool:
    return all(same_operator(row.operator, operator) for row in one.sightings)


def _week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _buckets(
    name_of: Callable[[date], str],
    days: tuple[date, date],
    landed: Sequence[tuple[date, bool]],
    only: Sequence[Reported],
    shares: Shares,
    *,
    known: frozenset[date],
) -> tuple[Bucket, ...]:
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
    heard = {name: _mean(shares, *span) for name, span in spans.items()}
    listened = {name_of(day) for day in known if first <= day <= last}
    return tuple(
        Bucket(
            *(name, *span, sure[name], most[name], reports[name], heard[name]),
            finding_of(most[name], heard[name], known=name in listened or heard[name] > 0),
        )
        for name, span in spans.items()
    )


def _mean(shares: Shares, first: date, last: date) -> float:
    days = (last - first).days + 1
    return sum(shares.get(first + n * DAY, 0.0) for n in range(days)) / days


def _rates(
    counted: Iterable[date], shares: Shares, near: frozenset[date], first: date, last: date
) -> Rates:
    """Landings on days that were covered, at least in part; the others say nothing of a rate."""
    days = [day for day in counted if shares.get(day, 0.0) > 0]
    exposed = {day: share for day, share in shares.items() if first <= day <= last}
    inside = sum(share for day, share in sorted(exposed.items()) if day in near)
    outside = sum(share for day, share in sorted(exposed.items()) if day not in near)
    within = sum(day in near for day in days)
    return compare(within, len(days) - within, inside, outside)


def _near(one: Reported, near: frozenset[date]) -> bool:
    """Whether all days that it may have been are near the fighting."""
    begins, ends = one.period.first, one.period.last
    if begins is None or ends is None:
        return False
    return all(begins + n * DAY in near for n in range((ends - begins).days + 1))
