"""How many landings are reported, at least? Rows that may describe the same landing are grouped
into one reported landing.

Rows of one source are different landings, with one exception: a leg to the airfield and the next
leg from it are one landing. Rows of different sources are the same landing whenever that is
possible, because a landing is often reported more than once and must not be counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from collector.model.sighting import Period, Sighting, Unit, keyed, plain_registration
from collector.published.pairing import best_pairs

CLOCK_TOLERANCE = timedelta(hours=1)
"""A reported clock time may mean the last approach, the parking or the announcement of the next
take-off, so the touchdown may be this much earlier or later."""
DAY_TOLERANCE = timedelta(hours=12)
"""A touchdown this far from a reported clock time may still be that landing: it is on the same
day."""
LONGEST_FLIGHT = timedelta(hours=12)
"""A leg may be dated by its take-off at home: 3 hours from Baku, half a day with a stop on the
way."""
LONGEST_STAY = timedelta(hours=24)
"""A leg from the airfield follows its landing after at most the longest usual stay."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReportedLanding:
    """One landing and all rows that report it, the most precise row first."""

    sightings: tuple[Sighting, ...]
    airfield: str
    likely: tuple[datetime, datetime]
    """First and last reported time of the touchdown."""
    allowed: tuple[datetime, datetime]
    """First and last possible time of the touchdown."""

    @property
    def period(self) -> Period:
        """The period of the most precise row."""
        return self.sightings[0].period

    def order(self) -> tuple[object, ...]:
        """Return the sort key: time first, then values that do not depend on the input order."""
        return (self.likely, self.allowed, tuple(map(_order, self.sightings)))


def reported_landings(
    sightings: Iterable[Sighting], zones: Mapping[str, str]
) -> list[ReportedLanding]:
    """Return the fewest landings that explain the sightings, in order of time.

    Rows that are not to be counted are left out. `zones` gives the time zone of each airfield, UTC
    if it is missing.
    """
    sources: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for row in sightings:
        if row.landed and row.airfield is not None:
            sources[row.airfield, row.source].append(row)
    fields: dict[str, list[ReportedLanding]] = defaultdict(list)
    for (field, _), rows in sorted(sources.items(), key=lambda item: (item[0][0], _rank(*item))):
        fields[field] = _merged(fields[field], _of_one_source(rows, zones.get(field, "UTC")))
    return sorted(
        (one for landings in fields.values() for one in landings), key=ReportedLanding.order
    )


def landing_of_row(sighting: Sighting, zone: str) -> ReportedLanding:
    """Return the landing that a single row reports. Raises ValueError if it names no airfield."""
    if sighting.airfield is None:
        raise ValueError("a row without an airfield is no landing")
    return ReportedLanding(
        (sighting,), sighting.airfield, _likely(sighting.period, zone), _allowed(sighting, zone)
    )


def contradict(one: Sighting, other: Sighting) -> bool:
    """Return whether two rows name different airframes or different operators."""
    if one.icao24 and other.icao24:
        return one.icao24 != other.icao24
    mine, theirs = plain_registration(one.registration), plain_registration(other.registration)
    if mine and theirs:
        return mine != theirs
    return not same_operator(one.operator, other.operator)


def same_operator(one: str | None, other: str | None) -> bool:
    """Return whether two names may mean one operator: one begins like the other, or is missing.

    >>> same_operator("Silk Way", "Silk Way Airlines"), same_operator("Silk Way", "Air Force")
    (True, False)
    """
    mine, theirs = (one or "").strip().casefold(), (other or "").strip().casefold()
    return mine.startswith(theirs) or theirs.startswith(mine)


def window(period: Period, zone: str) -> tuple[datetime, datetime]:
    """Return the beginning and the end of a period in UTC.

    A publication rarely says which day it means, so the window holds the local day and the UTC day.
    """
    return (
        EARLIEST if period.first is None else min(_midnights(period.first, zone)),
        LATEST if period.last is None else max(_midnights(period.last + timedelta(days=1), zone)),
    )


def _midnights(day: date, zone: str) -> tuple[datetime, datetime]:
    local = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    return local, datetime.combine(day, time(), UTC)


def _likely(period: Period, zone: str) -> tuple[datetime, datetime]:
    if period.at is not None:
        return period.at - CLOCK_TOLERANCE, period.at + CLOCK_TOLERANCE
    return window(period, zone)


def _allowed(sighting: Sighting, zone: str) -> tuple[datetime, datetime]:
    period = sighting.period
    if period.at is not None:
        begin, end = period.at - DAY_TOLERANCE, period.at + DAY_TOLERANCE
    else:
        begin, end = window(period, zone)
    if sighting.unit is Unit.ROTATION:
        return begin - LONGEST_STAY, end + LONGEST_STAY
    if sighting.unit is Unit.LEG:
        earlier = timedelta() if sighting.direction == "to" else LONGEST_STAY
        later = timedelta() if sighting.direction == "from" else LONGEST_FLIGHT
        return begin - earlier, end + later
    return begin, end


def _of_one_source(rows: Sequence[Sighting], zone: str) -> list[ReportedLanding]:
    """A landing for each row, but one for two legs that follow each other."""
    landings = [landing_of_row(row, zone) for row in rows]
    joined = [one for one in landings if one.sightings[0].unit is not Unit.LEG]
    legs = [one for one in landings if one.sightings[0].unit is Unit.LEG]
    legs.sort(key=ReportedLanding.order)
    while legs:
        first = legs.pop(0)
        second = next((leg for leg in legs if _follows(first, leg)), None)
        if second is not None:
            legs.remove(second)
            first = _join(first, second)
        joined.append(first)
    return sorted(joined, key=ReportedLanding.order)


def _follows(first: ReportedLanding, second: ReportedLanding) -> bool:
    """Whether the second leg may be the return of the first."""
    one, other = first.sightings[0], second.sightings[0]
    if contradict(one, other) or (one.direction and one.direction == other.direction):
        return False
    return second.likely[0] - first.likely[1] <= LONGEST_STAY


def _merged(
    earlier: Sequence[ReportedLanding], more: Sequence[ReportedLanding]
) -> list[ReportedLanding]:
    """Landings that both lists may report become one landing; the others stay as they are."""
    costs = {
        left: {
            right: _distance_s(one, other)
            for right, other in enumerate(more)
            if _may_be_one(one, other)
        }
        for left, one in enumerate(earlier)
    }
    pairs = best_pairs(costs)
    joined = [
        _join(one, more[pairs[left]]) if left in pairs else one for left, one in enumerate(earlier)
    ]
    rest = [other for right, other in enumerate(more) if right not in set(pairs.values())]
    return sorted([*joined, *rest], key=ReportedLanding.order)


def _may_be_one(one: ReportedLanding, other: ReportedLanding) -> bool:
    meet = one.allowed[0] <= other.likely[1] and other.likely[0] <= one.allowed[1]
    meet |= other.allowed[0] <= one.likely[1] and one.likely[0] <= other.allowed[1]
    return meet and not any(contradict(a, b) for a in one.sightings for b in other.sightings)


def _distance_s(one: ReportedLanding, other: ReportedLanding) -> float:
    """Seconds between the reported times; 0 if they overlap."""
    between = max(one.likely[0] - other.likely[1], other.likely[0] - one.likely[1], timedelta())
    return between.total_seconds()


def _join(one: ReportedLanding, other: ReportedLanding) -> ReportedLanding:
    """One landing of both: with the times that fit both, else with the more precise times."""
    first, second = sorted((one, other), key=lambda each: _order(each.sightings[0]))
    rows = tuple(sorted((*one.sightings, *other.sightings), key=_order))
    return ReportedLanding(
        rows,
        one.airfield,
        _common(first.likely, second.likely),
        _common(first.allowed, second.allowed),
    )


def _common(
    one: tuple[datetime, datetime], other: tuple[datetime, datetime]
) -> tuple[datetime, datetime]:
    begin, end = max(one[0], other[0]), min(one[1], other[1])
    return (begin, end) if begin <= end else one


def _order(row: Sighting) -> tuple[object, ...]:
    """The most precise row first, then by time, then by all its other values."""
    period = row.period
    first = period.at or datetime.combine(period.first or date.min, time(), UTC)
    days = 0.0 if period.at is not None else period.days
    return (days, first, row.direction != "to", *keyed([row]), row.note, row.confidence)


def _rank(where: tuple[str, str], rows: Sequence[Sighting]) -> tuple[int, str]:
    """The source with the most rows first, since the others are merged into it."""
    return (-len(rows), where[1])
