"""When did an aircraft land in a silence? After the approach that was heard before it, or at a
time that the silence leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.geo import distance_nm
from collector.landings.context import Context
from collector.landings.departures import departure_of_end
from collector.landings.evidence.ends import End
from collector.landings.fields import Bearing, flight_time_s
from collector.landings.rules import LandingRules
from collector.landings.silences import Silence, ended_at
from collector.landings.time_to_fly import touchdown_after
from collector.landings.unheard_arrivals import (
    direct_until,
    is_unheard,
    stated_interval,
    unheard_arrival,
)
from collector.model import Airfield
from collector.model.unheard import UnheardArrival
from collector.tracking import Fix


@dataclass(frozen=True, slots=True)
class SilentVisit:
    """The times of a visit that a silence hides, as in `Detection`."""

    touchdown_at: datetime
    uncertainty_s: float
    unheard: UnheardArrival | None
    departed_at: datetime | None
    departed_uncertainty_s: float | None


def silent_visit(
    silence: Silence, field: Airfield, possible: Sequence[Airfield], context: Context
) -> SilentVisit:
    """Return when the aircraft landed at one of the possible fields, and left the likeliest one."""
    rules = context.rules
    own = silence.for_field(field.icao) or silence
    departed_at, departed_s = None, None
    if own.departure is not None:
        silent_since = own.begins.fix.at
        departed_at, departed_s = departure_of_end(own.departure, field.icao, silent_since, rules)
    between = _touchdown_between_any(silence, possible, context)
    unheard = None
    if departed_at is not None and departed_s is not None and is_unheard(*between, rules):
        last = silence.arrival.fix if silence.arrival else silence.begins.fix
        half = timedelta(seconds=departed_s)
        unheard = unheard_arrival(
            between,
            direct_until(last, possible, down=silence.begins.down, rules=rules),
            (departed_at - half, departed_at + half),
            context.lengths,
            rules,
        )
    half = (between[1] - between[0]) / 2
    touchdown, uncertainty_s = between[0] + half, half.total_seconds()
    if unheard is not None:
        touchdown, uncertainty_s = stated_interval(unheard, rules)
    return SilentVisit(touchdown, uncertainty_s, unheard, departed_at, departed_s)


def _touchdown_between_any(
    silence: Silence, fields: Sequence[Airfield], context: Context
) -> tuple[datetime, datetime]:
    """Return the earliest and the latest touchdown at any of the possible fields."""
    bounds = [
        _touchdown_between(silence.for_field(field.icao) or silence, field, context)
        for field in fields
    ]
    return min(bound[0] for bound in bounds), max(bound[1] for bound in bounds)


def _touchdown_between(
    silence: Silence, field: Airfield, context: Context
) -> tuple[datetime, datetime]:
    """Return the earliest and the latest touchdown at this field."""
    rules, begins = context.rules, silence.begins.fix
    left_by = max(
        begins.at, ended_at(silence.ends, context.now) - silence.least_stay(field.icao, rules)
    )
    if silence.arrival is None:
        return min(begins.at + least_flight(begins, field, rules), left_by), left_by
    fix, bearing = silence.arrival.fix, silence.arrival.bearings[field.icao]
    passed = silence.passed or (fix.at, fix.at)
    earliest, latest = touchdown_after(passed, fix, bearing, rules)
    if bearing.runway is None and bearing.distance_nm <= rules.circuit_nm:
        latest = max(latest, earliest + rules.circuit_late)
    still = _still_flying(begins, silence.arrival, field, earliest, rules)
    if still is not None:
        earliest, latest = max(earliest, still[0]), max(latest, still[1])
    if silence.departure is not None and _leads_away(bearing, rules):
        latest = left_by
    if silence.ends is not None:
        latest = min(latest, left_by)
    return min(earliest, latest), latest


def _still_flying(
    begins: Fix, arrival: End, field: Airfield, expected: datetime, rules: LandingRules
) -> tuple[datetime, datetime] | None:
    """Return the earliest and the latest touchdown after the last altitude without a position, if
    an aircraft so high above the field does not usually land at the `expected` time yet; else
    None. An altitude far above that of the approach is garbled: 60,900 ft five minutes after a
    short final, in a real recording."""
    if begins.at <= arrival.fix.at or begins.altitude_ft is None:
        return None
    if begins.altitude_ft > (arrival.fix.altitude_ft or 0.0) + rules.missed_approach_ft:
        return None
    height_ft = begins.altitude_ft - field.elevation_ft
    surely_ft = height_ft - begins.altitude_error_ft - rules.ground_height_ft
    if surely_ft <= 0.0:
        return None
    if begins.at + timedelta(seconds=surely_ft / rules.descent_ft_per_s) <= expected:
        return None
    soonest = timedelta(minutes=surely_ft / rules.steepest_approach_fpm)
    usual = timedelta(seconds=height_ft / rules.descent_ft_per_s)
    # Where it was then is not known.
    return begins.at + soonest, begins.at + usual + rules.circuit_late


def _leads_away(bearing: Bearing, rules: LandingRules) -> bool:
    """Return whether the aircraft flew elsewhere when it fell silent, so that it may have come much
    later."""
    off_course = bearing.off_course_deg or 0.0
    return off_course > rules.away_deg and bearing.distance_nm > rules.away_nm


def least_flight(fix: Fix, field: Airfield, rules: LandingRules) -> timedelta:
    """Return the least flight time between a fix and a field."""
    if fix.place is None:
        return timedelta(0)
    distance = distance_nm(*fix.place, field.lat_deg, field.lon_deg)
    return timedelta(seconds=rules.flight_bound_share * flight_time_s(distance, rules))
