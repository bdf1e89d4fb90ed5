"""Which other aircraft are in the air? Others cross the region, or land at Ramon and Aqaba and
leave again.

A pool of flights is flown once with the same physics as the watched ones; each case takes some of
them, each at a time of its own.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from collector.coverage.region import Region
from collector.model.coverage import CELL_DEG, Cell, band_of

from .drawn import cruise_flight, local_flight
from .legs import Pilot, corner
from .motion import Motion, Point, Wind
from .places import GATE, NORTH, SOUTH, Spot
from .world import SOUTHERN, World

SAMPLE_S = 60.0
AREA_RADIUS_NM = 100.0
"""The shipped `area_radius_nm`."""
POOL = 48


@dataclass(frozen=True, slots=True)
class Sample:
    """One of them at one minute; `cell` only within the polled area."""

    point: Point
    cell: Cell | None


@cache
def region(world: World = SOUTHERN) -> Region:
    """Return the region in which the daemon counts coverage around the watched fields."""
    fields = [world.field(code) for code in sorted(world.pair, reverse=True)]
    return Region(tuple((f.lat_deg, f.lon_deg, AREA_RADIUS_NM) for f in fields))


def cell_of(point: Point) -> Cell:
    """Return the cell and band in which `sift` counts it (geometric height, 0 on the ground)."""
    height = 0.0 if point.on_ground else point.altitude_ft
    return (
        math.floor(point.lat_deg / CELL_DEG),
        math.floor(point.lon_deg / CELL_DEG),
        band_of(height),
    )


@cache
def pool(
    world: World = SOUTHERN,
) -> tuple[tuple[tuple[Sample, ...], ...], tuple[tuple[Sample, ...], ...]]:
    """Return the flights in cruise, and the flights that land or leave, each by the minute."""
    if world is SOUTHERN:
        rng, flights = random.Random("traffic"), (_cruise, _local)
    else:
        rng = random.Random(f"traffic {world.name}")
        flights = partial(cruise_flight, world=world), partial(local_flight, world=world)
    cruise = tuple(_sampled(flights[0](rng), world) for _ in range(POOL))
    low = tuple(_sampled(flights[1](rng), world) for _ in range(POOL))
    return cruise, low


def _wind(rng: random.Random) -> Wind:
    return Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, 14.0))


def _cruise(rng: random.Random) -> Sequence[Point]:
    ways: list[list[Spot]] = [
        [NORTH[2], NORTH[3], GATE, SOUTH[0], SOUTH[1]],
        [(31.9, 36.4), (30.6, 35.9), (29.2, 35.6), (27.6, 35.2)],
        [(31.0, 32.4), (30.4, 34.0), (29.9, 36.0), (29.6, 38.0)],
        [(29.0, 32.6), (29.4, 34.4), (29.9, 36.4), (30.4, 38.4)],
    ]
    way = rng.choice(ways)
    if rng.random() < 0.5:
        way = way[::-1]
    spots = [(lat + rng.gauss(0, 0.12), lon + rng.gauss(0, 0.12)) for lat, lon in way]
    pilot = Pilot(rng, _wind(rng))
    pilot.cruise_ft = 1000.0 * rng.randrange(30, 41)
    pilot.fly(spots[0], [corner(spot) for spot in spots[1:-1]], spots[-1])
    return pilot.motion.points


def _local(rng: random.Random) -> Sequence[Point]:
    pilot = Pilot(rng, _wind(rng))
    pilot.cruise_ft = 1000.0 * rng.randrange(18, 35)
    runway = pilot.runway(rng.choice(("LLER", "LLER", "OJAQ")))
    gate = (GATE[0] + rng.gauss(0, 0.05), GATE[1] + rng.gauss(0, 0.06))
    if rng.random() < 0.5:
        pilot.fly(NORTH[2], [corner(NORTH[3], 380.0), corner(gate, 330.0)], runway)
        pilot.roll_out(runway)
        pilot.taxi(runway, (runway.field.lat_deg, runway.field.lon_deg))
        return pilot.motion.points
    pilot.stand(runway.field.icao, runway)
    pilot.line_up(runway)
    pilot.fly(runway, [corner(gate, 330.0), corner(NORTH[3], 400.0)], NORTH[2])
    return pilot.motion.points


def _sampled(points: Sequence[Point], world: World) -> tuple[Sample, ...]:
    motion = Motion(list(points))
    samples = []
    now_s = points[0].at_s
    while (point := motion.at(now_s)) is not None:
        inside = region(world).holds(point.lat_deg, point.lon_deg)
        samples.append(Sample(point, cell_of(point) if inside else None))
        now_s += SAMPLE_S
    return tuple(samples)


@dataclass(frozen=True, slots=True)
class Other:
    """One flight of the pool, at its time in this case."""

    samples: tuple[Sample, ...]
    begin_minute: int
    placed: bool
    """False if it never has a position (Mode S without ADS-B)."""


def others(
    rng: random.Random, begin_s: float, end_s: float, world: World = SOUTHERN
) -> list[Other]:
    """Return all other aircraft between two times: a third by night (19 to 3 UTC), none on some
    days."""
    hearing = world.hearing
    if rng.random() < hearing.empty_day:
        return []
    busy = rng.uniform(0.4, 1.6)
    cruise, low = pool(world)
    found = []
    for templates, every_s in ((cruise, hearing.cruise_every_s), (low, hearing.low_every_s)):
        for at_s in _times(rng, begin_s - 3600.0, end_s, every_s / busy):
            found.append(Other(rng.choice(templates), int(at_s // 60.0), rng.random() >= 0.1))
    return found


def _times(rng: random.Random, begin_s: float, end_s: float, every_s: float) -> Iterator[float]:
    at_s = begin_s
    while True:
        at_s += rng.expovariate(1.0 / every_s)
        if at_s >= end_s:
            return
        night = not 3.0 <= at_s % 86_400.0 / 3600.0 < 19.0
        if not night or rng.random() < 0.33:
            yield at_s


def by_minute(
    found: Sequence[Other], begin_s: float, end_s: float
) -> dict[int, list[tuple[int, Sample]]]:
    """Return for each minute (Unix) which aircraft was where, numbered from 100."""
    minutes: dict[int, list[tuple[int, Sample]]] = {}
    first, last = int(begin_s // 60.0), int(end_s // 60.0)
    for number, other in enumerate(found, 100):
        who = number if other.placed else -number
        for index, sample in enumerate(other.samples):
            minute = other.begin_minute + index
            if first <= minute <= last and sample.cell is not None:
                minutes.setdefault(minute, []).append((who, sample))
    return minutes
