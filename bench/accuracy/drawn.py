"""How is a world drawn, and where do its pilots fly? A seed decides both, within `ranges`."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache

from collector.geo import bearing_deg, destination, distance_nm
from collector.model import Airfield
from collector.settings.airfield_catalogue import DATABASE_RIVAL_WITHIN_NM, look_up

from . import ranges
from .legs import corner
from .motion import Point, Wind
from .paths import Waypoint
from .places import Spot
from .scenarios import CLASSES
from .script import Script
from .world import Corridor, Hearing, Range, Style, World

ROOM_NM = 22.0
"""An approach needs this much room."""


@cache
def draw_world(number: int) -> World:
    """Return world `number`, always the same: an airfield of the list, its neighbours, and a draw
    of everything else."""
    rng = random.Random(f"world {number}")
    hub = random.Random(f"hubs {number // len(ranges.HUBS)}").sample(ranges.HUBS, len(ranges.HUBS))[
        number % len(ranges.HUBS)
    ]
    found = look_up({hub})
    place = found.found[hub]
    longest_m = max(end.length_m for end in place.runways)
    least_m = min(rng.uniform(*ranges.LEAST_RUNWAY_M), 0.95 * longest_m)
    able = [each for each in found.nearby if _longest_m(each) >= least_m]
    able.sort(key=lambda each: (-each.prior_weight, -_longest_m(each)))
    fields = (hub, *(each.icao for each in able[: ranges.MOST_FIELDS - 1]))
    shares = {icao: _by_log(rng, ranges.NEIGHBOUR_SHARE) for icao in fields}
    shares[hub] = 1.0
    return World(
        name=f"{number}: {hub}",
        fields=fields,
        shares=shares,
        pair=fields[:2],
        candidates=(place, *found.nearby),
        elsewhere=_elsewhere(rng, place),
        corridors=_corridors(rng),
        scatter=rng.uniform(*ranges.SCATTER),
        least_runway_m=least_m,
        nm_per_lon=60.0 * math.cos(math.radians(place.lat_deg)),
        base_ft=max(0.0, *(each.elevation_ft for each in (place, *able))),
        classes=_classes(rng, alone=len(fields) == 1),
        faulty=_by_log(rng, ranges.FAULTY),
        style=_style(rng),
        hearing=_hearing(rng),
    )


def _longest_m(place: Airfield) -> float:
    return max((end.length_m for end in place.runways), default=0.0)


def _by_log(rng: random.Random, bounds: Range) -> float:
    return math.exp(rng.uniform(math.log(bounds[0]), math.log(bounds[1])))


def _range(rng: random.Random, begin: Range, more: Range) -> Range:
    first = rng.uniform(*begin)
    return first, first + rng.uniform(*more)


def _elsewhere(rng: random.Random, hub: Airfield) -> dict[str, tuple[Spot, float]]:
    """Airports farther away than any candidate."""
    import airportsdata

    least, most = ranges.ELSEWHERE_NM
    near = {
        code: ((row["lat"], row["lon"]), float(row["elevation"]))
        for code, row in sorted(airportsdata.load().items())
        if row["iata"]
        and abs(row["lat"] - hub.lat_deg) * 60.0 <= most
        and least <= distance_nm(row["lat"], row["lon"], hub.lat_deg, hub.lon_deg) <= most
    }
    assert least > DATABASE_RIVAL_WITHIN_NM
    chosen = rng.sample(sorted(near), min(4, len(near)))
    if chosen:
        return {code: near[code] for code in chosen}
    spot = destination(hub.lat_deg, hub.lon_deg, rng.uniform(0.0, 360.0), most)
    return {"a strip": (spot, hub.elevation_ft)}


def _corridors(rng: random.Random) -> tuple[Corridor, ...]:
    found = []
    for _ in range(rng.randint(*ranges.CORRIDORS)):
        way = rng.uniform(0.0, 360.0)
        bend, far = (rng.uniform(-ranges.BEND_DEG, ranges.BEND_DEG) for _ in range(2))
        found.append(
            Corridor(
                (way, rng.uniform(*ranges.GATE_NM)),
                (way + bend / 2.0, rng.uniform(*ranges.BEND_NM)),
                (way + far, rng.uniform(*ranges.FAR_NM)),
            )
        )
    return tuple(found)


def _classes(rng: random.Random, *, alone: bool) -> dict[str, float]:
    shares = {name: _by_log(rng, ranges.CLASS_SHARE) for name in CLASSES}
    if alone:
        shares |= dict.fromkeys(("hop", "rotation", "diversion"), 0.0)
    return shares


def _style(rng: random.Random) -> Style:
    return Style(
        kinds=tuple((kind, rng.uniform(*ranges.KIND_SHARE)) for kind in ranges.KINDS),
        wind_kt=rng.uniform(*ranges.WIND_KT),
        straight_within_deg=rng.uniform(*ranges.STRAIGHT_WITHIN_DEG),
        vector_share=rng.uniform(*ranges.VECTOR_SHARE),
        circling_share=rng.uniform(*ranges.CIRCLING_SHARE),
        racetrack_share=rng.uniform(*ranges.RACETRACK_SHARE),
        t_bar_share=rng.uniform(*ranges.T_BAR_SHARE),
        final_nm=_range(rng, ranges.FINAL_FROM_NM, ranges.FINAL_MORE_NM),
        base_nm=_range(rng, ranges.BASE_FROM_NM, ranges.BASE_MORE_NM),
        aside_nm=_range(rng, ranges.ASIDE_FROM_NM, ranges.ASIDE_MORE_NM),
        platform_ft=_range(rng, ranges.PLATFORM_FROM_FT, ranges.PLATFORM_MORE_FT),
        gradient=_range(rng, ranges.GRADIENT_FROM, ranges.GRADIENT_MORE),
        levels=rng.choice(ranges.LEVELS),
        straight_out_nm=_range(rng, ranges.STRAIGHT_OUT_FROM_NM, ranges.STRAIGHT_OUT_MORE_NM),
        circling_climb_share=rng.uniform(*ranges.CIRCLING_CLIMB_SHARE),
        climb=_range(rng, ranges.CLIMB_FROM, ranges.CLIMB_MORE),
        glide_ft_per_nm=rng.uniform(*ranges.GLIDE_FT_PER_NM),
        stay_share=_by_log(rng, ranges.STAY_SHARE),
    )


def _hearing(rng: random.Random) -> Hearing:
    return Hearing(
        floors_ft={floor: _by_log(rng, ranges.FLOOR_SHARE) for floor in ranges.FLOORS_FT},
        poll_every_s=rng.choice(ranges.POLL_EVERY_S),
        missed=rng.uniform(*ranges.MISSED),
        lone_feed_share=rng.uniform(*ranges.LONE_FEED_SHARE),
        holes_share=rng.uniform(*ranges.HOLES_SHARE),
        edge_nm=rng.uniform(*ranges.EDGE_NM),
        mlat_share=rng.uniform(*ranges.MLAT_SHARE),
        version0_share=rng.uniform(*ranges.VERSION0_SHARE),
        geometric_share=rng.uniform(*ranges.GEOMETRIC_SHARE),
        late_ground_share=rng.uniform(*ranges.LATE_GROUND_SHARE),
        early_ground_share=rng.uniform(*ranges.EARLY_GROUND_SHARE),
        pressure_ft=rng.uniform(*ranges.PRESSURE_FT),
        warmth=_range(rng, ranges.WARMTH_FROM, ranges.WARMTH_MORE),
        geoid_ft=rng.uniform(*ranges.GEOID_FT),
        cruise_every_s=_by_log(rng, ranges.CRUISE_EVERY_S),
        low_every_s=_by_log(rng, ranges.LOW_EVERY_S),
        empty_day=rng.uniform(*ranges.EMPTY_DAY),
    )


class DrawnScript(Script):
    """A pilot in a drawn world."""

    def at(self, way: float, nm: float) -> Spot:
        """Return the spot at that bearing and distance from the watched field."""
        return destination(*self.world.centre, way % 360.0, nm)

    def inbound(self, icao: str) -> tuple[Spot, list[Waypoint]]:
        """Return where a flight appears, and its corners up to a gate with room for an approach."""
        chosen, place = self.rng.choice(self.world.corridors), self.world.field(icao)
        way, nm = chosen.gate
        if distance_nm(*self.at(way, nm), place.lat_deg, place.lon_deg) < ROOM_NM:
            nm += ROOM_NM
        scatter = self.world.scatter
        gate = corner(self.jittered(self.at(way, nm), 3.0 * scatter), 330.0)
        corners = [gate]
        if chosen.bend[1] > nm + 20.0:
            corners.insert(0, corner(self.jittered(self.at(*chosen.bend), 4.0 * scatter), 420.0))
        return self.jittered(self.at(*chosen.far), 5.0), corners

    def halfway(self, via: Sequence[Waypoint]) -> Spot:
        """Return a spot on the way, beyond the first corner."""
        here = via[0].lat_deg, via[0].lon_deg
        there = self.world.centre
        away = distance_nm(*here, *there)
        return destination(*here, bearing_deg(*here, *there), max(0.0, min(30.0, away - 25.0)))

    def between(self, here: str, there: str) -> list[Waypoint]:
        """Return one corner with room for an approach to the field flown to."""
        a, b = self.world.field(here), self.world.field(there)
        way = bearing_deg(b.lat_deg, b.lon_deg, a.lat_deg, a.lon_deg) + self.rng.gauss(0.0, 70.0)
        room = self.rng.uniform(ROOM_NM, 35.0)
        return [corner(destination(b.lat_deg, b.lon_deg, way % 360.0, room), 260.0)]

    def diverted(self, other: str) -> list[Waypoint]:
        """Return the corners of a diversion."""
        return self.between(self.target, other)

    def alternates(self) -> list[str]:
        """Return the other fields."""
        return [icao for icao in self.world.fields if icao != self.target]

    def far_field(self, usual: str) -> str:  # noqa: ARG002 - the southern world's
        """Return any other field."""
        return self.rng.choice(self.alternates())

    def across(self, over: Spot) -> list[Spot]:
        """Return a way over a spot, with bends of up to 25° before and after."""
        way = self.rng.uniform(0.0, 360.0)
        spots = [over]
        for direction in (way, way + 180.0):
            bent = direction + self.rng.uniform(-25.0, 25.0)
            near = destination(*over, direction % 360.0, 70.0)
            far = destination(*near, bent % 360.0, 130.0)
            spots = [*spots, near, far] if direction != way else [far, near, *spots]
        return spots

    def elsewhere(self, usual: Sequence[str]) -> tuple[Spot, float]:  # noqa: ARG002
        """Return any place that no candidate explains."""
        return self.rng.choice(list(self.world.elsewhere.values()))

    def toward(self, goal: Spot) -> list[Spot]:
        """Return a way to it that leads across the region."""
        centre = self.world.centre
        back = bearing_deg(*goal, *centre) + self.rng.gauss(0.0, 25.0)
        return [self.at(back, 150.0), self.at(self.rng.uniform(0.0, 360.0), 15.0)]

    def beyond(self) -> list[Spot]:
        """Return the corners of the way on, opposite to one of the ways in."""
        way = self.rng.choice(self.world.corridors).gate[0] + 180.0 + self.rng.uniform(-50.0, 50.0)
        return [self.at(way, nm) for nm in (60.0, 170.0, 350.0, 480.0)]

    def abroad(self, goal: Spot) -> Spot:
        """Return a spot on the far side of a goal."""
        way = bearing_deg(*self.world.centre, *goal) + self.rng.gauss(0.0, 40.0)
        return destination(*goal, way % 360.0, 200.0)


def cruise_flight(rng: random.Random, world: World) -> Sequence[Point]:
    """Return the flight of another aircraft across the region."""
    while True:
        script = DrawnScript(rng, _calm(rng, world), world.fields[0], world)
        script.cruise_ft = 1000.0 * rng.randrange(28, 41)
        way = script.across(script.at(rng.uniform(0.0, 360.0), rng.uniform(0.0, 60.0)))
        try:
            script.fly(way[0], [corner(spot) for spot in way[1:-1]], way[-1])
        except ValueError:
            continue
        return script.motion.points


def local_flight(rng: random.Random, world: World) -> Sequence[Point]:
    """Return the arrival or the departure of another aircraft at one of the fields."""
    while True:
        icao = rng.choice(world.fields[1:] or world.fields)
        script = DrawnScript(rng, _calm(rng, world), icao, world)
        try:
            if rng.random() < 0.5:
                runway = script.arrive(icao)
                script.taxi(runway, (runway.field.lat_deg, runway.field.lon_deg))
                return script.motion.points
            runway = script.runway(icao)
            script.stand(icao, runway)
            script.line_up(runway)
            script.leave(runway)
        except ValueError:
            continue
        return script.motion.points


def _calm(rng: random.Random, world: World) -> Wind:
    return Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, world.style.wind_kt))
