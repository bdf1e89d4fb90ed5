"""Which case is number n of a seed? The seed and the number determine its class, field, floor,
fault, feeds and time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collector.geo import distance_nm
from collector.model import Airfield

from .drawn import DrawnScript
from .faults import NEARBY, SPOOFED_TO, WEIGHTS, Fault, FaultEvent, draw_fault
from .motion import Wind
from .places import Spot
from .receivers import Ears, ears
from .scenarios import CLASSES, ON_REQUEST
from .script import HOUR, Flight, Script
from .world import SOUTHERN, Hearing, Kind, World

SHARED = ("LLOV", "LLER", "OJAQ", "HETB")
"""The southern fields whose arrivals share one corridor."""

FIRST_DAY = datetime(2025, 1, 6, tzinfo=UTC)
DAYS = 690
CLOCK_CHANGES = (
    datetime(2025, 3, 28, tzinfo=UTC),
    datetime(2025, 10, 26, tzinfo=UTC),
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
)
"""Israel's daylight-saving time begins and ends on these days."""
AFTER_S = 3.0 * HOUR
"""How long the feeds are polled after the last report that could be received."""


@dataclass(frozen=True, slots=True)
class Transponder:
    """The errors of one aircraft's transponder and of the air around it."""

    icao24: str
    callsign: str
    type_code: str | None
    mlat: bool
    version: int
    geometric: bool
    pressure_ft: float
    """Pressure altitude is this much too low, from QNH."""
    warmth: float
    """Pressure altitude is too low by this share of the height, too, from a warm atmosphere."""
    late_ground_s: float
    """The ground bit comes this long after touchdown."""
    early_ground_ft: float
    """The ground bit is wrongly set below this height above the field (0: never)."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as the daemon polls it."""

    name: str
    ears: Ears
    phase_s: float
    keeps_frozen: bool
    """Whether it reports frozen positions with their age (as OpenSky does), else no position."""


@dataclass(frozen=True, slots=True)
class Case:
    """All values of one simulated day except the received reports."""

    seed: int
    index: int
    name: str
    target: str
    floor_ft: int
    fault_event: FaultEvent
    feeds: tuple[Feed, ...]
    flights: tuple[Flight, ...]
    transponders: tuple[Transponder, ...]
    begin_s: float
    end_s: float
    adaptive: bool = False
    world: World = SOUTHERN

    @property
    def fault(self) -> Fault:
        """The kind of the fault of this case."""
        return self.fault_event.fault


def case(seed: int, index: int, *, adaptive: bool = False, world: World = SOUTHERN) -> Case:
    """Return case `index` of a seed in a world, always the same."""
    rng = random.Random(f"accuracy {seed} {index}")
    weights = {each: weight * world.classes.get(each, 1.0) for each, (weight, _) in CLASSES.items()}
    asked = {each: weight for each, (weight, _) in ON_REQUEST.items() if each in world.classes}
    weights |= {each: weight * world.classes[each] for each, weight in asked.items()}
    name = rng.choices(list(weights), list(weights.values()))[0]
    flights, target = _flown(rng, name, world)
    floors_ft = world.hearing.floors_ft
    floor_ft = rng.choices(list(floors_ft), list(floors_ft.values()))[0]
    begin_s, end_s = _window(rng, flights, name)
    feeds = _feeds(rng, name, target, floor_ft, world)
    faulty = [w if kind is Fault.NONE else w * world.faulty for kind, w in WEIGHTS.items()]
    fault_kind = rng.choices(list(WEIGHTS), faulty)[0]
    key_s, stay = _key_moment(rng, flights[0], world.field(target))
    if fault_kind is Fault.OUTAGE_STAY and stay is None:
        fault_kind = Fault.OUTAGE_ALL
    pressure_ft = max(-650.0, min(650.0, rng.gauss(0.0, world.hearing.pressure_ft)))
    warmth = rng.uniform(*world.hearing.warmth)
    return Case(
        seed=seed,
        index=index,
        name=name,
        target=target,
        floor_ft=floor_ft,
        fault_event=draw_fault(
            rng,
            fault_kind,
            key_s,
            stay=stay,
            feeds=len(feeds),
            spoofed_to=_spoofed_to(world),
            nearby=_nearby(world),
        ),
        feeds=feeds,
        flights=tuple(flights),
        transponders=tuple(
            _transponder(rng, pressure_ft, warmth, flight.kind, world.hearing) for flight in flights
        ),
        begin_s=begin_s,
        end_s=end_s,
        adaptive=adaptive,
        world=world,
    )


def _spoofed_to(world: World) -> Sequence[Spot]:
    """Return where spoofed circles lie that are far away."""
    return SPOOFED_TO if world is SOUTHERN else [spot for spot, _ in world.elsewhere.values()]


def _nearby(world: World) -> Sequence[Spot]:
    """Return where spoofed circles lie that are near the fields."""
    if world is SOUTHERN:
        return NEARBY
    return [(each.lat_deg, each.lon_deg) for each in map(world.field, world.fields)]


def _flown(rng: random.Random, name: str, world: World) -> tuple[list[Flight], str]:
    wind = Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, world.style.wind_kt))
    target = rng.choices(list(world.shares), list(world.shares.values()))[0]
    if world is SOUTHERN:
        if name == "rotation":
            target = "LLOV"
        if (name == "hop" or name.startswith(("overflight", "return"))) and target not in SHARED:
            target = rng.choice(("LLOV", "LLER"))
    flight = played(rng, wind, target, name, world)
    offset = _anchor(rng, flight)
    flights = [flight.shifted(offset)]
    if name == "two-aircraft":
        neighbour = target if rng.random() < 0.5 else rng.choice(world.pair[::-1])
        second = played(rng, wind, neighbour, name, world)
        apart = rng.uniform(3.0, 60.0) * 60.0
        at_s = flights[0].landed[0].at_s + apart
        flights.append(second.shifted(at_s - second.landed[0].at_s))
    return flights, target


def played(
    rng: random.Random, wind: Wind, target: str, name: str, world: World = SOUTHERN
) -> Flight:
    """Return a flight of that class to that field."""
    script_of = Script if world is SOUTHERN else DrawnScript
    while True:
        script = script_of(rng, wind, target, world)
        try:
            (CLASSES | ON_REQUEST)[name][1](script)
        except ValueError:
            continue  # this draw's wind and ways do not fit together
        flight = script.flight()
        if all(_long_enough(flight, world.field(landed.airfield)) for landed in flight.landed):
            return flight


def _long_enough(flight: Flight, place: Airfield) -> bool:
    return place.longest_runway_m is None or flight.kind.least_runway_m <= place.longest_runway_m


def _anchor(rng: random.Random, flight: Flight) -> float:
    """Unix seconds to add: any hour of two years, often near the edge of a week or a clock
    change."""
    key_s = flight.landed[0].at_s if flight.landed else flight.motion.points[-1].at_s / 2.0
    roll = rng.random()
    if roll < 0.12:
        sunday = FIRST_DAY + timedelta(days=7 * rng.randrange(DAYS // 7) - 1)
        wished = sunday + timedelta(hours=21.5, minutes=rng.uniform(-90.0, 90.0))
    elif roll < 0.2:
        wished = rng.choice(CLOCK_CHANGES) + timedelta(hours=rng.uniform(-30.0, 30.0))
    else:
        wished = FIRST_DAY + timedelta(hours=rng.uniform(0.0, 24.0 * DAYS))
    return wished.timestamp() - key_s


def _window(rng: random.Random, flights: list[Flight], name: str) -> tuple[float, float]:
    begin = min(flight.motion.points[0].at_s for flight in flights) - 1200.0
    end = max(point.at_s for flight in flights for point in flight.motion.points if point.sending)
    if name == "arrival-only":
        return begin, end + rng.uniform(3.0, 20.0) * HOUR
    return begin, end + AFTER_S


def _feeds(
    rng: random.Random, name: str, target: str, floor_ft: int, world: World
) -> tuple[Feed, ...]:
    place, hearing = world.field(target), world.hearing
    centre = (place.lat_deg, place.lon_deg)
    holes = rng.random() < (0.6 if name.startswith("overflight") else hearing.holes_share)
    floor_ft += round(world.base_ft) if floor_ft else 0
    heard = _in_world(ears(rng, floor_ft, centre, holes=holes), world)
    first = Feed("adsblol", heard, rng.uniform(0, 59), keeps_frozen=False)
    if rng.random() < hearing.lone_feed_share:
        return (first,)
    higher = floor_ft + rng.choice((0.0, 1500.0, 6000.0))
    second = _in_world(ears(rng, higher, centre, holes=holes), world)
    return first, Feed("opensky", second, rng.uniform(0, 59), keeps_frozen=True)


def _in_world(heard: Ears, world: World) -> Ears:
    """Return the receivers with what is a draw of the world."""
    if world is not SOUTHERN:
        heard.missed, heard.edge_nm = world.hearing.missed, world.hearing.edge_nm
        heard.nm_per_lon = world.nm_per_lon
        heard.far_ft += world.base_ft
    return heard


def _key_moment(
    rng: random.Random, flight: Flight, place: Airfield
) -> tuple[float, tuple[float, float] | None]:
    """The time around which a fault is placed, and the stay in which it may be placed."""
    if flight.landed:
        landed = rng.choice(flight.landed)
        left = landed.left_at_s
        if left is None:
            return landed.at_s, None
        return (left if rng.random() < 0.2 else landed.at_s), (landed.at_s, left)
    nearest = min(
        flight.motion.points,
        key=lambda p: distance_nm(p.lat_deg, p.lon_deg, place.lat_deg, place.lon_deg),
    )
    return nearest.at_s, None


def _transponder(
    rng: random.Random, pressure_ft: float, warmth: float, kind: Kind, hearing: Hearing
) -> Transponder:
    version = 0 if rng.random() < hearing.version0_share else 2
    return Transponder(
        icao24=f"{rng.randrange(0x600800, 0x600C00):06x}",
        callsign=f"AZQ{rng.randrange(4000, 4999)}",
        type_code=rng.choice(kind.type_codes),
        mlat=rng.random() < hearing.mlat_share,
        version=version,
        geometric=version == 2 and rng.random() < hearing.geometric_share,
        pressure_ft=pressure_ft,
        warmth=warmth,
        late_ground_s=rng.uniform(20.0, 140.0) if rng.random() < hearing.late_ground_share else 0.0,
        early_ground_ft=rng.uniform(100.0, 900.0)
        if rng.random() < hearing.early_ground_share
        else 0.0,
    )
