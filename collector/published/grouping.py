"""How many landings do the reports tell of, at least? Legs joined, sources not added together.

Rows of one source are different landings, but for legs: one to the field and the next from it are
one landing. Rows of different sources are taken for the same landing wherever they can be: a
landing is often reported more than once, and a count of reports must not grow by that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from collector.model.sighting import Period, Sighting, Unit, keyed, plain_registration
from collector.published.pairing import pair

CLOCK = timedelta(hours=1)
"""A reported clock time may be that of the last approach, of parking, or of the next take-off's
announcement: it is taken as so much earlier or later."""
SAME_DAY = timedelta(hours=12)
"""A tracked touchdown this far from a reported clock time may still be that landing: of its day."""
FLIGHT = timedelta(hours=12)
"""A leg may be dated by its take-off at home: Baku lies 3 hours away, a stop on the way included
half a day."""
STAY = timedelta(hours=24)
"""The landing came before a leg from the field by at most the longest usual stay (24 h)."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reported:
    """One landing, by everything that was reported of it; the most precise row first."""

    sightings: tuple[Sighting, ...]
    airfield: str
    likely: tuple[datetime, datetime]
    """When the touchdown was, as reported."""
    allowed: tuple[datetime, datetime]
    """When it can have been."""

    @property
    def period(self) -> Period:
        """The date of the most precise row."""
        return self.sightings[0].period

    def order(self) -> tuple[object, ...]:
        """By time, then by what does not depend on how the rows came."""
        return (self.likely, self.allowed, tuple(map(_order, self.sightings)))


def reported(sightings: Iterable[Sighting], zones: Mapping[str, str]) -> list[Reported]:
    """The landings that were reported, at least, in order; rows not to be counted are left out.

    `zones`: the time zone of each airfield; UTC where it is not given.
    """
    sources: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for each in sightings:
        if each.landed and each.airfield is not None:
            sources[each.airfield, each.source].append(each)
    fields: dict[str, list[Reported]] = defaultdict(list)
    for (field, _), rows in sorted(sources.items(), key=lambda one: (one[0][0], _rank(*one))):
        fields[field] = _merged(fields[field], _of_one_source(rows, zones.get(field, "UTC")))
    return sorted((one for found in fields.values() for one in found), key=Reported.order)


def single(sighting: Sighting, zone: str) -> Reported:
    """A row for itself. Raises ValueError if it names no airfield."""
    if sighting.airfield is None:
        raise ValueError("a row without an airfield is no landing")
    return Reported(
        (sighting,), sighting.airfield, _likely(sighting.period, zone), _allowed(sighting, zone)
    )


def contradict(one: Sighting, other: Sighting) -> bool:
    """Whether they tell of different airframes, or of different operators."""
    if one.icao24 and other.icao24:
        return one.icao24 != other.icao24
    mine, theirs = plain_registration(one.registration), plain_registration(other.registration)
    if mine and theirs:
        return mine != theirs
    return not same_operator(one.operator, other.operator)


def same_operator(one: str | None, other: str | None) -> bool:
    """Whether two names may be of one operator: one begins as the other, or is not given.

    >>> same_operator("Silk Way", "Silk Way Airlines"), same_operator("Silk Way", "Air Force")
    (True, False)
    """
    mine, theirs = (one or "").strip().casefold(), (other or "").strip().casefold()
    return mine.startswith(theirs) or theirs.startswith(mine)


def window(period: Period, zone: str) -> tuple[datetime, datetime]:
    """From when to when, in UTC. A publication rarely says whose day it means: it is both the
    local day and the UTC day."""
    return (
        EARLIEST if period.first is None else min(_midnights(period.first, zone)),
        LATEST if period.last is None else max(_midnights(period.last + timedelta(days=1), zone)),
    )


def _midnights(day: date, zone: str) -> tuple[datetime, datetime]:
    local = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    return local, datetime.combine(day, time(), UTC)


def _likely(period: Period, zone: str) -> tuple[datetime, datetime]:
    if period.at is not None:
        return period.at - CLOCK, period.at + CLOCK
    return window(period, zone)


def _allowed(sighting: Sighting, zone: str) -> tuple[datetime, datetime]:
    period = sighting.period
    if period.at is not None:
        begin, end = period.at - SAME_DAY, period.at + SAME_DAY
    else:
        begin, end = window(period, zone)
    if sighting.unit is Unit.ROTATION:
        return begin - STAY, end + STAY
    if sighting.unit is Unit.LEG:
        earlier = timedelta() if sighting.direction == "to" else STAY
        later = timedelta() if sighting.direction == "from" else FLIGHT
        return begin - earlier, end + later
    return begin, end


def _of_one_source(rows: Sequence[Sighting], zone: str) -> list[Reported]:
    """One a landing, one a rotation, and one for two legs that follow each other."""
    each = [single(row, zone) for row in rows]
    found = [one for one in each if one.sightings[0].unit is not Unit.LEG]
    legs = [one for one in each if one.sightings[0].unit is Unit.LEG]
    legs.sort(key=Reported.order)
    while legs:
        first = legs.pop(0)
        second = next((leg for leg in legs if _follows(first, leg)), None)
        if second is not None:
            legs.remove(second)
            first = _join(first, second)
        found.append(first)
    return sorted(found, key=Reported.order)


def _follows(first: Reported, second: Reported) -> bool:
    """Whether the second leg can be the way back of the first."""
    one, other = first.sightings[0], second.sightings[0]
    if contradict(one, other) or (one.direction and one.direction == other.direction):
        return False
    return second.likely[0] - first.likely[1] <= STAY


def _merged(known: Sequence[Reported], more: Sequence[Reported]) -> list[Reported]:
    """What is told by both is one landing, the rest as it is."""
    costs = {
        left: {
            right: _apart_s(one, other)
            for right, other in enumerate(more)
            if _may_be_one(one, other)
        }
        for left, one in enumerate(known)
    }
    pairs = pair(costs)
    joined = [
        _join(one, more[pairs[left]]) if left in pairs else one for left, one in enumerate(known)
    ]
    rest = [other for right, other in enumerate(more) if right not in set(pairs.values())]
    return sorted([*joined, *rest], key=Reported.order)


def _may_be_one(one: Reported, other: Reported) -> bool:
    meet = one.allowed[0] <= other.likely[1] and other.likely[0] <= one.allowed[1]
    meet |= other.allowed[0] <= one.likely[1] and one.likely[0] <= other.allowed[1]
    return meet and not any(contradict(a, b) for a in one.sightings for b in other.sightings)


def _apart_s(one: Reported, other: Reported) -> float:
    """How far the reported times are from each other; 0 where they overlap."""
    between = max(one.likely[0] - other.likely[1], other.likely[0] - one.likely[1], timedelta())
    return between.total_seconds()


def _join(one: Reported, other: Reported) -> Reported:
    """Both together: the times that fit both where there are any, else the more precise ones."""
    first, second = sorted((one, other), key=lambda each: _order(each.sightings[0]))
    rows = tuple(sorted((*one.sightings, *other.sightings), key=_order))
    return Reported(
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
    """The most precise first, then by time, then by everything that was said."""
    period = row.period
    first = period.at or datetime.combine(period.first or date.min, time(), UTC)
    days = 0.0 if period.at is not None else period.days
    return (days, first, row.direction != "to", *keyed([row]), row.note, row.confidence)


def _rank(where: tuple[str, str], rows: Sequence[Sighting]) -> tuple[int, str]:
    """The source with the most rows first: the others are merged into it."""
    return (-len(rows), where[1])
