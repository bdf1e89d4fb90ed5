"""What would the published rules answer? Each is restated in a few lines, as docs/landing-rules.md
describes it.

All rules see what the detector sees, at the same cadence, in order of time. None checks the age of
a position, and none can abstain between two fields.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from collector.geo import destination, distance_nm
from collector.model import Airfield, Observation

from .places import candidates

RuleLandings = list[tuple[str, float]]
"""Landings: airfield and time (Unix seconds)."""

LEAST_RUNWAY_M = 1500.0
TRACK_ENDS_S = 1800.0
"""OPDI splits tracks at 30 min (15 below 5,000 ft)."""
LOST_S = 900.0


def landings_by_rule(rule: str, observations: Sequence[Observation]) -> RuleLandings:
    """Return the landings that a rule finds in the observations of one aircraft."""
    placed = sorted((o for o in observations if o.lat_deg is not None), key=lambda o: o.heard_at)
    return RULES[rule](placed) if placed else []


def _fields(observation: Observation) -> list[Airfield]:
    day = observation.heard_at.date()
    return [
        field
        for field in candidates()
        if field.exists_on(day) and max(end.length_m for end in field.runways) >= LEAST_RUNWAY_M
    ]


def _nearest(observation: Observation, lat: float, lon: float) -> tuple[float, Airfield]:
    return min(
        ((distance_nm(lat, lon, f.lat_deg, f.lon_deg), f) for f in _fields(observation)),
        key=lambda pair: pair[0],
    )


def _near(observation: Observation) -> tuple[float, Airfield]:
    assert observation.lat_deg is not None
    assert observation.lon_deg is not None
    return _nearest(observation, observation.lat_deg, observation.lon_deg)


def _height(observation: Observation) -> float:
    if observation.baro_altitude_ft is not None:
        return observation.baro_altitude_ft
    return observation.geom_altitude_ft or 0.0


def _ends(placed: Sequence[Observation], gap_s: float) -> Iterator[int]:
    """Indexes of the last observation before each silence, and the last of all."""
    for index, (here, there) in enumerate(pairwise(placed)):
        if (there.heard_at - here.heard_at).total_seconds() > gap_s:
            yield index
    yield len(placed) - 1


def ground_flag(placed: Sequence[Observation]) -> RuleLandings:
    """Return landings by the ground bit: on the ground after flight, at the nearest airfield."""
    found = []
    for before, here in pairwise(placed):
        if here.on_ground and not before.on_ground:
            found.append((_near(here)[1].icao, here.heard_at.timestamp()))
    return found


def lost_low(placed: Sequence[Observation]) -> RuleLandings:
    """Return landings by plane-notify: no report for 15 min after one below 15,000 ft; nearest
    airfield."""
    found: RuleLandings = []
    flew_since = True
    ends = set(_ends(placed, LOST_S))
    for index, here in enumerate(placed):
        flew_since = flew_since or not here.on_ground
        if index in ends and flew_since and _height(here) < 15_000.0:
            found.append((_near(here)[1].icao, here.heard_at.timestamp()))
            flew_since = False
    return found


def nearest_endpoint(placed: Sequence[Observation]) -> RuleLandings:
    """Return landings by traffic's `infer_airport`: a track's last point; nearest airfield at any
    height."""
    return [
        (_near(placed[index])[1].icao, placed[index].heard_at.timestamp())
        for index in _ends(placed, TRACK_ENDS_S)
    ]


def endpoint_near(placed: Sequence[Observation]) -> RuleLandings:
    """Return landings by OPDI's M7: a track's last point within 10 NM and 5,000 ft of an
    airfield."""
    found = []
    for index in _ends(placed, TRACK_ENDS_S):
        here = placed[index]
        away, field = _near(here)
        low = bool(here.on_ground) or _height(here) - field.elevation_ft <= 5000.0
        if away <= 10.0 and low:
            found.append((field.icao, here.heard_at.timestamp()))
    return found


def opensky(placed: Sequence[Observation]) -> RuleLandings:
    """Return landings by OpenSky: slow across a gap over 10 min; nearest within 30 km and 2,500 m
    of height."""
    steps = [(a, b, (b.heard_at - a.heard_at).total_seconds()) for a, b in pairwise(placed)]
    speeds = [_apart(a, b) * 3600.0 / seconds for a, b, seconds in steps if seconds > 1.0]
    tau = median(speeds) / 4.0 if speeds else 0.0
    ends = [
        a for a, b, seconds in steps if seconds > 600.0 and _apart(a, b) * 3600.0 / seconds < tau
    ]
    found = []
    for here in [*ends, placed[-1]]:
        away, field = _near(here)
        high_ft = 0.0 if here.on_ground else _height(here) - field.elevation_ft
        if away * 1.852 < 30.0 and high_ft < 2500.0 / 0.3048:
            found.append((field.icao, here.heard_at.timestamp()))
    return found


def _apart(a: Observation, b: Observation) -> float:
    assert a.lat_deg is not None
    assert a.lon_deg is not None
    assert b.lat_deg is not None
    assert b.lon_deg is not None
    return distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)


def projected(placed: Sequence[Observation]) -> RuleLandings:
    """Return landings by OPDI's M8: the last 300 s extended to the ground, at most 60 NM; nearest
    within 20 NM."""
    found = []
    for index in _ends(placed, TRACK_ENDS_S):
        here = placed[index]
        if here.on_ground:
            away, field = _near(here)
            if away <= 20.0:
                found.append((field.icao, here.heard_at.timestamp()))
            continue
        recent = [
            o for o in placed[: index + 1] if (here.heard_at - o.heard_at).total_seconds() <= 300
        ]
        seconds = (here.heard_at - recent[0].heard_at).total_seconds()
        sinks = (_height(recent[0]) - _height(here)) / seconds if seconds > 0 else 0.0
        if sinks <= 0.0 or here.lat_deg is None or here.lon_deg is None:
            continue
        left_s = max(0.0, _height(here) - _near(here)[1].elevation_ft) / sinks
        ahead = min(60.0, (here.ground_speed_kt or 0.0) * left_s / 3600.0)
        lat, lon = destination(here.lat_deg, here.lon_deg, here.track_deg or 0.0, ahead)
        away, field = _nearest(here, lat, lon)
        if away <= 20.0 and math.isfinite(away):
            found.append((field.icao, here.heard_at.timestamp() + left_s))
    return found


RULES: dict[str, Callable[[Sequence[Observation]], RuleLandings]] = {
    "ground flag alone": ground_flag,
    "lost below 15,000 ft": lost_low,
    "nearest endpoint": nearest_endpoint,
    "endpoint 10 NM 5,000 ft": endpoint_near,
    "OpenSky": opensky,
    "projected descent": projected,
}

PUBLISHED: dict[str, tuple[str, str]] = {
    "ground flag alone": ("0.94", "0.22-0.24"),
    "lost below 15,000 ft": ("0.74-0.76", "0.80"),
    "nearest endpoint": ("0.73", "0.78"),
    "endpoint 10 NM 5,000 ft": ("0.89-0.92", "0.64-0.66"),
    "OpenSky": ("0.81-0.85", "0.71"),
    "projected descent": ("0.87-0.88", "0.60-0.65"),
}
"""Precision and recall at Ovda on two sets of 300 flights (issue 3)."""
