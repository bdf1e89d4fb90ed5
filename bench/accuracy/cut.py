"""Which field is an arrival given to if reports end at a height? The table cuts off simulated
arrivals at several heights.

Each arrival is received perfectly, once a minute, down to a height above its field, and never
again. The coverage is unknown. docs/landing-rules.md has the same table of real landings.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from collector.geo import angle_between_deg, runway_frame_nm
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Observation, Source

from .motion import Motion, Wind
from .places import candidates
from .rules import LEAST_RUNWAY_M, landings_by_rule, projected
from .script import Script

HEIGHTS_FT = (1000, 2000, 3000, 5000, 8000, 11_000)
TARGETS = ("LLOV", "LLER", "OJAQ", "HETB")
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
ALIGNED_NM = 0.2


def cut_table(arrivals: int, seed: int) -> Iterator[str]:
    """Yield the lines of the table: the percentage that each rule gives to the right field."""
    rng = random.Random(f"cut {seed}")
    flown = [_arrival(rng) for _ in range(arrivals)]
    yield "cut at, ft above the field  nearest  projected  aligned  collector: right  wrong  either"
    for height in HEIGHTS_FT:
        counts: Counter[str] = Counter()
        for target, elevation_ft, motion in flown:
            observations = _received(motion, elevation_ft + height, rng.uniform(0.0, 60.0))
            if len(observations) > 5:
                counts.update(_answers(target, observations))
        total = max(1, counts["all"])
        shares = {name: 100.0 * count / total for name, count in counts.items()}
        yield (
            f"{height:>12,} {counts['all']:>8} tracks {shares.get('nearest', 0.0):8.0f}"
            f" {shares.get('projected', 0.0):10.0f} {shares.get('aligned', 0.0):8.0f}"
            f" {shares.get('right', 0.0):17.0f} {shares.get('wrong', 0.0):6.0f}"
            f" {shares.get('either', 0.0):7.0f}"
        )


def _arrival(rng: random.Random) -> tuple[str, float, Motion]:
    target = rng.choice(TARGETS)
    while True:
        script = Script(rng, Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, 15.0)), target)
        try:
            runway = script.arrive(target)
        except ValueError:
            continue
        return target, runway.elevation_ft, script.motion


def _received(motion: Motion, floor_ft: float, phase_s: float) -> list[Observation]:
    found = []
    now_s = motion.points[0].at_s + phase_s
    while (point := motion.at(now_s)) is not None and point.altitude_ft >= floor_ft:
        at = BEGIN + timedelta(seconds=now_s)
        found.append(
            Observation(
                icao24="600865",
                feed="adsblol",
                heard_at=at,
                position_at=at,
                lat_deg=point.lat_deg,
                lon_deg=point.lon_deg,
                baro_altitude_ft=25.0 * round(point.altitude_ft / 25.0),
                geom_altitude_ft=25.0 * round(point.altitude_ft / 25.0),
                on_ground=False,
                ground_speed_kt=point.speed_kt,
                track_deg=point.course_deg % 360.0,
                vertical_rate_fpm=64.0 * round(point.rate_fpm / 64.0),
                type_code="IL76",
                source=Source.ADSB,
            )
        )
        now_s += 60.0
    return found


def _answers(target: str, observations: Sequence[Observation]) -> Iterator[str]:
    yield "all"
    if any(icao == target for icao, _ in landings_by_rule("nearest endpoint", observations)):
        yield "nearest"
    if any(icao == target for icao, _ in projected(observations)):
        yield "projected"
    if _aligned(observations[-1]) == target:
        yield "aligned"
    now = observations[-1].heard_at + timedelta(hours=3)
    derived = detect(observations, [], candidates(), LandingRules(), now)
    for detection in derived.detections:
        if detection.airfield is not None:
            yield "right" if detection.airfield == target else "wrong"
        elif any(each.airfield == target for each in detection.candidates):
            yield "either"


def _aligned(last: Observation) -> str | None:
    """The field whose extended centreline the aircraft flies along, if there is only one."""
    found = []
    for field in candidates():
        for end in field.runways:
            if end.length_m < LEAST_RUNWAY_M or last.track_deg is None:
                continue
            if angle_between_deg(last.track_deg, end.bearing_deg) > 15.0:
                continue
            to_fly, offset = runway_frame_nm(
                end.lat_deg, end.lon_deg, end.bearing_deg, last.lat_deg or 0.0, last.lon_deg or 0.0
            )
            if 0.0 < to_fly < 25.0 and abs(offset) <= ALIGNED_NM:
                found.append((to_fly, field.icao))
    return min(found)[1] if found else None
