"""When did an aircraft go unheard, and for how long? Gaps in its track are described as gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.geo import bearing_deg, distance_nm
from collector.landings.fields import circle_above_ft
from collector.model import Airfield, Detection, Landing, Observation
from collector.model.watch import airfield_on
from collector.reports import formatting
from collector.reports.landing.summary import local_zone, names_of
from collector.tracking import Fix, track

AROUND = timedelta(minutes=45)
"""How much track is shown before and after a visit: a descent from cruise takes 25 minutes."""

SHORTEST_GAP = timedelta(minutes=6)
"""Gaps up to this are not described; two polls of one feed may lie 300 s apart."""

_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without a credible position."""

    begin: Fix
    """The last placed fix before it."""
    end: Fix | None
    """The first placed fix after it; None while it lasts."""
    until_at: datetime
    """When the gap ends; while it lasts, the time up to which reports are known."""
    heights: int = 0
    """Reports within the gap that gave a height, but no credible position."""

    @property
    def length(self) -> timedelta:
        """How long the gap lasted, or has lasted so far."""
        return self.until_at - self.begin.at


@dataclass(frozen=True, slots=True, kw_only=True)
class GapDescription:
    """A gap for people and machines; times in ISO 8601, UTC."""

    begins_at: str
    ends_at: str | None
    minutes: float
    silent: bool
    """Whether the aircraft was not heard at all, not even with a height."""
    told_at: str
    """The beginning: local time, and UTC beside it."""
    text: str
    feeds: tuple[str, ...]


def span_around(detection: Detection, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when a landing's track is shown; never beyond `now`."""
    begin = min(detection.visit_from, detection.touchdown_at) - AROUND
    last = max(detection.visit_until, detection.touchdown_at, detection.departed_at or begin)
    return begin, max(begin, min(now, last + AROUND))


def fixes_of(observations: Iterable[Observation], airfields: Sequence[Airfield]) -> list[Fix]:
    """Return the track of credible fixes, by the same bounds as where landings are found."""
    return track(observations, circle_above_ft(airfields))


def gaps_in(fixes: Sequence[Fix], until_at: datetime, longer_than: timedelta) -> list[Gap]:
    """Return every gap longer than `longer_than`, in order; the last one may last at `until_at`.

    `fixes` are in order of time. There is no gap before the first placed fix, because nothing is
    known of that time.
    """
    found: list[Gap] = []
    last: Fix | None = None
    heights = 0
    for fix in fixes:
        if not fix.placed:
            heights += 1
            continue
        if last is not None and fix.at - last.at > longer_than:
            found.append(Gap(begin=last, end=fix, until_at=fix.at, heights=heights))
        last, heights = fix, 0
    if last is not None and until_at - last.at > longer_than:
        found.append(Gap(begin=last, end=None, until_at=until_at, heights=heights))
    return found


def describe_gaps(
    landing: Landing,
    observations: Iterable[Observation],
    airfields: Sequence[Airfield],
    zone: str,
    now: datetime,
) -> list[GapDescription]:
    """Describe the gaps around a landing that last at least `SHORTEST_GAP`, in order of time.

    `observations` are the reports of that aircraft in `span_around` the landing, in any order.
    Distances are measured from the airfield, or from the likeliest candidate.
    """
    detection = landing.detection
    ordered = detection.ranked
    code = landing.airfield or (ordered[0].airfield if ordered else None)
    field = airfield_on(airfields, code, detection.touchdown_at.date()) if code else None
    local = local_zone(detection, airfields, zone)
    fixes = fixes_of(observations, airfields)
    _, until_at = span_around(detection, now)
    name = None if field is None else names_of(detection, airfields)(field.icao)
    return [describe_gap(gap, field, local, name) for gap in gaps_in(fixes, until_at, SHORTEST_GAP)]


def describe_gap(
    gap: Gap, field: Airfield | None, zone: str, name: str | None = None
) -> GapDescription:
    """Describe `gap` in a sentence or two; distances are measured from `field`, if given.

    `name` is what the field is called; None: its own name.
    """
    called = name or (field.name if field else "")
    length = formatting.duration(gap.length)
    times = "once" if gap.heights == 1 else f"{gap.heights} times"
    what = "No report at all" if not gap.heights else "No credible position"
    text = f"{what} for {length}: last {_where(gap.begin, field, called)}"
    if gap.end is not None:
        text += f", next {_where(gap.end, field, called)}"
    else:
        text += f"; nothing since, as of {formatting.moment(gap.until_at, zone)}"
    if gap.heights:
        text += f". Its height was still reported {times}"
    ends = gap.end.feeds if gap.end is not None else ()
    return GapDescription(
        begins_at=formatting.iso_z(gap.begin.at),
        ends_at=None if gap.end is None else formatting.iso_z(gap.end.at),
        minutes=round(gap.length.total_seconds() / 60, 1),
        silent=gap.heights == 0,
        told_at=formatting.moment(gap.begin.at, zone),
        text=f"{text}.",
        feeds=tuple(sorted({*gap.begin.feeds, *ends})),
    )


def _where(fix: Fix, field: Airfield | None, called: str) -> str:
    high = "on the ground" if fix.on_ground else height(fix.altitude_ft)
    if field is None or fix.lat_deg is None or fix.lon_deg is None:
        return high
    distance = distance_nm(field.lat_deg, field.lon_deg, fix.lat_deg, fix.lon_deg)
    bearing = bearing_deg(field.lat_deg, field.lon_deg, fix.lat_deg, fix.lon_deg)
    if distance < 2.0:
        return f"{high}{' at' if fix.on_ground else ' over'} {called}"
    return f"{high}, {distance:.1f} NM {compass(bearing)} of {called}"


def height(altitude_ft: float | None) -> str:
    """Return a height above sea level in words.

    >>> height(4025.0), height(None)
    ('at 4,025 ft', 'at an unknown height')
    """
    return "at an unknown height" if altitude_ft is None else f"at {altitude_ft:,.0f} ft"


def compass(bearing: float) -> str:
    """Return the nearest of the eight points of the compass.

    >>> compass(350.0), compass(100.0), compass(225.0)
    ('N', 'E', 'SW')
    """
    return _COMPASS[round(bearing / 45.0) % 8]
