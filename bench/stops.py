"""How well are the stops before and after a landing named? Freighters fly from airfield to airfield
all over the world, and what was heard of them is compared with the truth.

    python bench/stops.py            # 1,000 worlds and 1,000 hidden stops
    python bench/stops.py --sanity   # the short form

Each aircraft comes from an airfield drawn from the shipped table, lands at Ovda and goes on to
another one, 300 to 2,200 NM away. Around each far airfield traffic is heard down to a height of its
own, and polls are 1 to 5 minutes apart. In the second part it lands on the way at an airfield that
nobody hears, with a silence around it: a leg that is called direct across that stop is invented.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.accuracy.legs import Pilot, Runway, corner
from bench.accuracy.motion import Motion, Point, Wind
from bench.accuracy.paths import beside
from collector.geo import bearing_deg, destination, distance_nm
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.landings.stops import stops_around
from collector.model import Airfield, Landing, Observation, Source
from collector.model.stop import Side, Stop
from collector.settings.airfield_catalogue import shipped_as
from collector.settings.world_airfields import WorldAirfields

RULES = LandingRules()
TYPE = "IL76"
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
SETTLED = {code: shipped_as(code)[-1] for code in ("LLOV", "LLER", "OJAQ", "HETB", "LLEY")}
WORLD = WorldAirfields(tuple(SETTLED.values()))
FLOORS_FT = (0.0, 1000.0, 2000.0, 3000.0, 5000.0, 7500.0, 12_000.0)
"""Heights above a far airfield down to which traffic is heard around it."""
REGION_NM = 150.0
LOW_NM, LOW_FT, ALONE_NM = 40.0, 8000.0, 10.0
"""A far end is judged if it was heard this near and this low; a neighbour lies this near."""
LEAST_M = 2300.0

NAMED, PRECISION, PAIRS = 0.90, 0.99, 0.95
WORLDS, HIDDEN = 1000, 1000
SHORT = 30


@dataclass(frozen=True, slots=True)
class _Call:
    """A true stop of a world."""

    airfield: Airfield
    down_at: datetime
    up_at: datetime
    floor_ft: float | None
    """Above the field; None: nothing is heard around it."""


@dataclass(slots=True)
class _Result:
    """What became of the far ends."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, hits: str, of: str) -> float:
        return self.counts[hits] / max(1, self.counts[of])


@cache
def _places() -> tuple[Airfield, ...]:
    """Return airfields of the world with a long runway whose ends are known."""
    spots = [(lat, lon) for lat in range(-30, 64, 6) for lon in range(-20, 120, 6)]
    return tuple(
        each
        for each in WORLD.near(spots, 60.0, TYPE)
        if each.icao not in SETTLED
        and distance_nm(each.lat_deg, each.lon_deg, 29.94, 34.94) > 300.0
        and any(end.length_m >= LEAST_M for end in each.runways)
    )


def _drawn(rng: random.Random, around: Airfield, least_nm: float, most_nm: float) -> Airfield:
    while True:
        place = rng.choice(_places())
        apart = distance_nm(place.lat_deg, place.lon_deg, around.lat_deg, around.lon_deg)
        if least_nm <= apart <= most_nm:
            return place


class _World:
    """One aircraft's flights, and what was heard of them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.pilot = Pilot(rng, Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, 15.0)))
        self.calls: list[_Call] = []
        self._on: Runway | None = None

    def call(self, place: Airfield, stay_s: float, floor_ft: float | None) -> None:
        """Fly to an airfield, stay there and line up again."""
        pilot = self.pilot
        on = self._runway(place)
        if self._on is not None:
            pilot.fly(self._on, _via(self._on.field, place), on)
            down_s = pilot.now_s
            pilot.roll_out(on)
        else:
            down_s = pilot.now_s
            spot = beside((place.lat_deg, place.lon_deg), 0.0, 0.3)
            pilot.motion.add([Point(0.0, *spot, on.elevation_ft, 0.0, 0.0, 0.0, on_ground=True)])
        spot = beside((place.lat_deg, place.lon_deg), self.rng.uniform(0, 360), 0.4)
        pilot.taxi(on, spot)
        pilot.park(on, max(300.0, stay_s - 600.0), sending=self.rng.random() < 0.2)
        self._on = self._runway(place)
        pilot.line_up(self._on)
        self.calls.append(_Call(place, _at(down_s), _at(pilot.now_s), floor_ft))

    def _runway(self, place: Airfield) -> Runway:
        ends = [end for end in place.runways if end.length_m >= LEAST_M]
        ends.sort(key=lambda end: -self.pilot.wind.heads(end.bearing_deg))
        return Runway(place, ends[0])

    def heard(self, silent: Sequence[tuple[datetime, datetime]] = ()) -> list[Observation]:
        """Return what polls report, but for some silences."""
        rng, motion = self.rng, self.pilot.motion
        step_s = rng.choice((60.0, 60.0, 120.0, 300.0))
        now_s, found = motion.points[0].at_s + rng.uniform(0.0, step_s), []
        while (point := motion.at(now_s)) is not None:
            at = _at(now_s)
            if (
                point.sending
                and self._hears(point)
                and not any(begin <= at < end for begin, end in silent)
            ):
                found.append(_report(point))
            now_s += step_s
        return found

    def _hears(self, point: Point) -> bool:
        near = min(
            self.calls,
            key=lambda call: distance_nm(
                point.lat_deg, point.lon_deg, call.airfield.lat_deg, call.airfield.lon_deg
            ),
        )
        away = distance_nm(
            point.lat_deg, point.lon_deg, near.airfield.lat_deg, near.airfield.lon_deg
        )
        if away > REGION_NM:
            return point.altitude_ft > 15_000.0
        if near.floor_ft is None:
            return False
        if point.on_ground:
            return near.floor_ft == 0.0
        return point.altitude_ft - near.airfield.elevation_ft >= near.floor_ft


def _via(start: Airfield, finish: Airfield) -> list[object]:
    ends = (start.lat_deg, start.lon_deg, finish.lat_deg, finish.lon_deg)
    whole, corners, here = distance_nm(*ends), [], (start.lat_deg, start.lon_deg)
    flown = 0.0
    while whole - flown > 360.0:
        course = bearing_deg(*here, finish.lat_deg, finish.lon_deg)
        here = destination(*here, course, 240.0)
        flown += 240.0
        corners.append(corner(here))
    return corners


def _at(now_s: float) -> datetime:
    return BEGIN + timedelta(seconds=now_s)


def _report(point: Point) -> Observation:
    at = _at(point.at_s)
    ground = point.on_ground
    height = None if ground else 25.0 * round(point.altitude_ft / 25.0)
    return Observation(
        icao24="600865",
        feed="adsblol",
        heard_at=at,
        position_at=at,
        lat_deg=round(point.lat_deg, 5),
        lon_deg=round(point.lon_deg, 5),
        baro_altitude_ft=height,
        geom_altitude_ft=height,
        on_ground=ground,
        ground_speed_kt=point.speed_kt,
        track_deg=point.course_deg % 360.0,
        vertical_rate_fpm=None if ground else 64.0 * round(point.rate_fpm / 64.0),
        type_code=TYPE,
        source=Source.ADSB,
    )


def _stops(observations: Sequence[Observation]) -> tuple[Stop, Stop] | None:
    """Return the stops around the landing at Ovda; None if that was not found."""
    if not observations:
        return None
    now = observations[-1].heard_at + timedelta(hours=3)
    derived = detect(observations, (), tuple(SETTLED.values()), RULES, now, type_code=TYPE)
    own = [each for each in derived.detections if each.airfield == "LLOV"]
    if len(own) != 1:
        return None
    landing = Landing(
        id="600865-2026-03-01-1",
        detection=own[0],
        registration=None,
        type_code=TYPE,
        watches=(),
        first_known_at=now,
        revised_at=now,
    )
    return stops_around(
        landing,
        observations,
        (),
        fields_near=WORLD.near,
        settled=SETTLED,
        rules=RULES,
        now=now,
    )


def _world(seed: str) -> Iterator[tuple[_World, list[Observation]]]:
    rng = random.Random(seed)
    ovda = SETTLED["LLOV"]
    world = _World(rng)
    try:
        world.call(_drawn(rng, ovda, 300.0, 2200.0), rng.uniform(1, 6) * 3600, _floor(rng))
        world.call(ovda, rng.uniform(1, 5) * 3600, 0.0)
        world.call(_drawn(rng, ovda, 300.0, 2200.0), rng.uniform(1, 6) * 3600, _floor(rng))
    except ValueError:
        return
    end = world.calls[-1].up_at
    yield world, [each for each in world.heard() if each.at < end]


def _floor(rng: random.Random) -> float:
    return rng.choice(FLOORS_FT)


def measure(worlds: int) -> _Result:
    """Return what became of the far ends of so many worlds."""
    result = _Result()
    for number in range(worlds):
        for world, observations in _world(f"stops {number}"):
            stops = _stops(observations)
            if stops is None:
                result.counts["no landing"] += 1
                continue
            for stop, call in zip(stops, (world.calls[0], world.calls[2]), strict=True):
                _score(result, stop, call, observations, number)
    return result


def _score(
    result: _Result, stop: Stop, call: _Call, observations: Sequence[Observation], number: int
) -> None:
    counts, true = result.counts, call.airfield
    counts["far ends"] += 1
    if stop.airfield is not None:
        counts["named"] += 1
        counts["named right"] += stop.airfield == true.icao
        if stop.airfield != true.icao:
            result.wrong.append(
                f"world {number} {stop.side}: {stop.airfield} {stop.probability:.2f} "
                f"{stop.grade} for {true.icao}, floor {call.floor_ft}"
            )
    if not _heard_low(stop.side, call, observations):
        return
    near = WORLD.near([(true.lat_deg, true.lon_deg)], ALONE_NM + 10.0, TYPE)
    alone = not any(
        each.icao != true.icao
        and distance_nm(each.lat_deg, each.lon_deg, true.lat_deg, true.lon_deg) <= ALONE_NM
        for each in near
    )
    if alone:
        counts["low, alone"] += 1
        counts["low, alone, named"] += stop.airfield == true.icao
        if stop.airfield is None:
            listed = [(each.airfield, round(each.probability, 2)) for each in stop.candidates]
            result.wrong.append(
                f"world {number} {stop.side}: not named {true.icao}, floor {call.floor_ft}: {listed}"
            )
    else:
        counts["low, neighbour"] += 1
        counts["low, neighbour, held"] += true.icao in stop.codes


def _heard_low(side: Side, call: _Call, observations: Sequence[Observation]) -> bool:
    """Return whether the far end was heard near and low, on the side of the landing."""
    place = call.airfield
    for each in observations:
        if each.lat_deg is None or each.lon_deg is None:
            continue
        beyond = each.at >= call.up_at if side is Side.PREVIOUS else each.at <= call.down_at
        height = each.baro_altitude_ft
        if beyond and height is not None and height - place.elevation_ft < LOW_FT:
            if distance_nm(each.lat_deg, each.lon_deg, place.lat_deg, place.lon_deg) <= LOW_NM:
                return True
    return False


def hidden(worlds: int) -> _Result:
    """Return how many legs were called direct across a stop that nobody heard."""
    result, ovda = _Result(), SETTLED["LLOV"]
    for number in range(worlds):
        rng = random.Random(f"hidden {number}")
        world = _World(rng)
        try:
            far = _drawn(rng, ovda, 500.0, 2200.0)
            world.call(far, 3600.0, rng.choice((0.0, 1000.0, 3000.0)))
            via = _between(rng, far, ovda)
            world.call(via, rng.choice((25, 40, 60, 90, 150, 300)) * 60.0, None)
            world.call(ovda, 2 * 3600.0, 0.0)
        except (ValueError, IndexError):
            continue
        call = world.calls[1]
        around = timedelta(minutes=rng.uniform(0, 90)), timedelta(minutes=rng.uniform(0, 90))
        quiet = [(call.down_at - around[0], call.up_at + around[1])]
        stops = _stops(world.heard(quiet))
        if stops is None:
            continue
        previous = stops[0]
        result.counts["hidden"] += 1
        result.counts["named"] += previous.airfield is not None
        if previous.direct and call.airfield.icao not in previous.codes:
            result.counts["invented"] += 1
            stayed = call.up_at - call.down_at
            result.wrong.append(
                f"hidden {number}: direct from {previous.codes} over {call.airfield.icao}, "
                f"where it stayed for {stayed}"
            )
    return result


def _between(rng: random.Random, one: Airfield, other: Airfield) -> Airfield:
    """Return an airfield about on the way between two."""
    direct = distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)
    on_the_way = [
        place
        for place in _places()
        if distance_nm(one.lat_deg, one.lon_deg, place.lat_deg, place.lon_deg) > 160.0
        and distance_nm(other.lat_deg, other.lon_deg, place.lat_deg, place.lon_deg) > 160.0
        and distance_nm(one.lat_deg, one.lon_deg, place.lat_deg, place.lon_deg)
        + distance_nm(other.lat_deg, other.lon_deg, place.lat_deg, place.lon_deg)
        <= 1.1 * direct
    ]
    return rng.choice(on_the_way)


def main(words: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="the short form")
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--hidden", type=int, default=HIDDEN)
    parser.add_argument("--list", action="store_true", help="list what is wrong or not named")
    options = parser.parse_args(words)
    if options.sanity:
        options.worlds = options.hidden = SHORT
    begun = time.monotonic()
    result = measure(options.worlds)
    unheard = hidden(options.hidden)
    counts = result.counts
    rows = (
        ("low and alone: named", "low, alone, named", "low, alone", NAMED),
        ("named: right", "named right", "named", PRECISION),
        ("low, with a neighbour: among the candidates", "low, neighbour, held",
         "low, neighbour", PAIRS),
    )
    holds = True
    for what, hits, of, least in rows:
        share = result.share(hits, of)
        holds = holds and (share >= least or not counts[of])
        print(f"{what}: {counts[hits]} of {counts[of]} ({share:.1%}; claimed {least:.0%})")
    print(f"far ends: {counts['far ends']}, named {counts['named']}, {counts['no landing']} lost")
    print(
        f"stops that nobody heard: {unheard.counts['hidden']}, "
        f"direct legs invented over them: {unheard.counts['invented']} (claimed 0)"
    )
    if options.list:
        print("\n".join((*result.wrong, *unheard.wrong)))
    print(f"{time.monotonic() - begun:.0f} s")
    return 0 if holds and not unheard.counts["invented"] else 1


if __name__ == "__main__":
    sys.exit(main())
