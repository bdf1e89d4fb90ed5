"""Which case is number n of a seed? The seed and the number determine its class, field, floor,
fault, feeds and time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collector.geo import distance_nm

from .faults import WEIGHTS, Fault, FaultEvent, draw_fault
from .motion import Wind
from .places import field
from .receivers import FLOORS_FT, Ears, ears
from .scenarios import CLASSES
from .script import HOUR, Flight, Script

TARGETS = {"LLOV": 0.47, "LLER": 0.26, "OJAQ": 0.08, "HETB": 0.05, "LLNV": 0.06, "LLBG": 0.08}
"""Shares of the flights by field; the watched field and its closest rival get the most."""
SOUTHERN = ("LLOV", "LLER", "OJAQ", "HETB")

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

    @property
    def fault(self) -> Fault:
        """The kind of the fault of this case."""
        return self.fault_event.fault


def case(seed: int, index: int, *, adaptive: bool = False) -> Case:
    """Return case `index` of a seed, always the same."""
    rng = random.Random(f"accuracy {seed} {index}")
    name = rng.choices(list(CLASSES), [weight for weight, _ in CLASSES.values()])[0]
    flights, target = _flown(rng, name)
    floor_ft = rng.choices(list(FLOORS_FT), list(FLOORS_FT.values()))[0]
    begin_s, end_s = _window(rng, flights, name)
    feeds = _feeds(rng, name, target, floor_ft)
    fault_kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    key_s, stay = _key_moment(rng, flights[0], target)
    if fault_kind is Fault.OUTAGE_STAY and stay is None:
        fault_kind = Fault.OUTAGE_ALL
    pressure_ft = max(-650.0, min(650.0, rng.gauss(0.0, 230.0)))
    warmth = rng.uniform(-0.01, 0.07)
    return Case(
        seed=seed,
        index=index,
        name=name,
        target=target,
        floor_ft=floor_ft,
        fault_event=draw_fault(rng, fault_kind, key_s, stay, len(feeds)),
        feeds=feeds,
        flights=tuple(flights),
        transponders=tuple(_transponder(rng, pressure_ft, warmth) for _ in flights),
        begin_s=begin_s,
        end_s=end_s,
        adaptive=adaptive,
    )


def _flown(rng: random.Random, name: str) -> tuple[list[Flight], str]:
    wind = Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, 15.0))
    target = rng.choices(list(TARGETS), list(TARGETS.values()))[0]
    if name == "rotation":
        target = "LLOV"
    if (name == "hop" or name.startswith(("overflight", "return"))) and target not in SOUTHERN:
        target = rng.choice(("LLOV", "LLER"))
    flight = played(rng, wind, target, name)
    offset = _anchor(rng, flight)
    flights = [flight.shifted(offset)]
    if name == "two-aircraft":
        neighbour = target if rng.random() < 0.5 else rng.choice(("LLOV", "LLER"))
        second = played(rng, wind, neighbour, name)
        apart = rng.uniform(3.0, 60.0) * 60.0
        at_s = flights[0].landed[0].at_s + apart
        flights.append(second.shifted(at_s - second.landed[0].at_s))
    return flights, target


def played(rng: random.Random, wind: Wind, target: str, name: str) -> Flight:
    """Return a flight of that class to that field."""
    while True:
        script = Script(rng, wind, target)
        try:
            CLASSES[name][1](script)
        except ValueError:
            continue  # this draw's wind and ways do not fit together
        return script.flight()


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


def _feeds(rng: random.Random, name: str, target: str, floor_ft: int) -> tuple[Feed, ...]:
    place = field(target)
    centre = (place.lat_deg, place.lon_deg)
    holes = rng.random() < (0.6 if name.startswith("overflight") else 0.1)
    first = Feed(
        "adsblol", ears(rng, floor_ft, centre, holes=holes), rng.uniform(0, 59), keeps_frozen=False
    )
    if rng.random() < 0.4:
        return (first,)
    higher = floor_ft + rng.choice((0.0, 1500.0, 6000.0))
    second = ears(rng, higher, centre, holes=holes)
    return first, Feed("opensky", second, rng.uniform(0, 59), keeps_frozen=True)


def _key_moment(
    rng: random.Random, flight: Flight, target: str
) -> tuple[float, tuple[float, float] | None]:
    """The time around which a fault is placed, and the stay in which it may be placed."""
    if flight.landed:
        landed = rng.choice(flight.landed)
        left = landed.left_at_s
        if left is None:
            return landed.at_s, None
        return (left if rng.random() < 0.2 else landed.at_s), (landed.at_s, left)
    place = field(target)
    nearest = min(
        flight.motion.points,
        key=lambda p: distance_nm(p.lat_deg, p.lon_deg, place.lat_deg, place.lon_deg),
    )
    return nearest.at_s, None


def _transponder(rng: random.Random, pressure_ft: float, warmth: float) -> Transponder:
    version = 0 if rng.random() < 0.12 else 2
    return Transponder(
        icao24=f"{rng.randrange(0x600800, 0x600C00):06x}",
        callsign=f"AZQ{rng.randrange(4000, 4999)}",
        type_code=rng.choice(("IL76", "IL76", "IL76", "A332", None)),
        mlat=rng.random() < 0.03,
        version=version,
        geometric=version == 2 and rng.random() < 0.9,
        pressure_ft=pressure_ft,
        warmth=warmth,
        late_ground_s=rng.uniform(20.0, 140.0) if rng.random() < 0.05 else 0.0,
        early_ground_ft=rng.uniform(100.0, 900.0) if rng.random() < 0.02 else 0.0,
    )
