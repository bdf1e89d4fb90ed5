"""What makes one simulated world? Its airfields, how aircraft fly there, and how feeds receive
them.

Every value has the southern world's as its default: Ovda and its neighbours, where the detector's
weights were learned. Other worlds are drawn (`ranges`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from collector.model import Airfield

from .places import FIELDS, Spot, candidates
from .receivers import FLOORS_FT

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of aircraft."""

    type_codes: tuple[str | None, ...] = ("IL76", "IL76", "IL76", "A332", None)
    cas_share: float = 1.0
    """Its calibrated airspeeds, as a share of the freighter's."""
    cruise_kft: tuple[int, int] = (27, 38)
    least_runway_m: float = 0.0
    """The shortest runway that it lands on and takes off from."""


FREIGHTER = Kind()


@dataclass(frozen=True, slots=True)
class Style:
    """How pilots and controllers of a world fly."""

    kinds: tuple[tuple[Kind, float], ...] = ((FREIGHTER, 1.0),)
    wind_kt: float = 15.0
    straight_within_deg: float = 80.0
    vector_share: float = 0.5
    circling_share: float = 0.125
    racetrack_share: float = 0.0
    """Of the approaches: overhead, outbound, and a turn in, as published for small airfields."""
    t_bar_share: float = 0.0
    """Of the straight approaches: RNAV, with a right-angled turn onto final."""
    final_nm: Range = (6.0, 15.0)
    base_nm: Range = (5.0, 11.0)
    """The length of the final after a downwind."""
    aside_nm: Range = (3.2, 6.0)
    platform_ft: Range = (1900.0, 3800.0)
    gradient: Range = (215.0, 350.0)
    """ft/NM."""
    levels: tuple[int, ...] = (0, 1, 1, 2)
    straight_out_nm: Range = (3.0, 6.0)
    circling_climb_share: float = 0.0
    """Of the departures: once around the airfield before they set course."""
    climb: Range = (290.0, 480.0)
    """ft/NM at first."""
    glide_ft_per_nm: float = 318.4
    stay_share: float = 1.0

    def kind(self, rng: random.Random) -> Kind:
        """Draw a kind of aircraft."""
        if len(self.kinds) == 1:
            return self.kinds[0][0]
        return rng.choices([k for k, _ in self.kinds], [share for _, share in self.kinds])[0]


@dataclass(frozen=True, slots=True)
class Hearing:
    """How the feeds of a world receive aircraft."""

    floors_ft: Mapping[int, float] = field(default_factory=lambda: FLOORS_FT)
    """Heights above the world's base below which nothing is received → weight."""
    poll_every_s: float = 60.0
    missed: float = 0.04
    lone_feed_share: float = 0.4
    holes_share: float = 0.1
    edge_nm: float | None = None
    """The radius beyond which the floor rises; None: the southern world's edge."""
    mlat_share: float = 0.03
    version0_share: float = 0.12
    geometric_share: float = 0.9
    late_ground_share: float = 0.05
    early_ground_share: float = 0.02
    pressure_ft: float = 230.0
    warmth: Range = (-0.01, 0.07)
    geoid_ft: float = 62.0
    cruise_every_s: float = 700.0
    """Mean time between overflights on a usual day; a recording has 11 aircraft in 12 snapshots
    within 60 NM, all of them in cruise."""
    low_every_s: float = 4500.0
    """Mean time between arrivals or departures at the other fields by day."""
    empty_day: float = 0.06
    """Share of days without other aircraft: holidays and closed airspace."""


@dataclass(frozen=True, slots=True)
class Corridor:
    """A way in: gate and bend as bearing (degrees) and distance (NM) from the world's centre."""

    gate: tuple[float, float]
    bend: tuple[float, float]
    far: tuple[float, float]


@dataclass(frozen=True, eq=False)
class World:
    """One world. Two worlds are equal only if they are the same object."""

    name: str
    fields: tuple[str, ...]
    """Where flights land, the watched one first."""
    shares: Mapping[str, float]
    """How often flights go to each."""
    pair: tuple[str, ...]
    """The watched field and its closest rivals."""
    candidates: tuple[Airfield, ...]
    """Every airfield that the detector is given."""
    elsewhere: Mapping[str, tuple[Spot, float]] = field(default_factory=dict)
    """Where flights land that no candidate explains, with elevations."""
    corridors: tuple[Corridor, ...] = ()
    """Empty in the southern world, which has routes of its own (`places`)."""
    scatter: float = 1.0
    """Lateral scatter, as a multiple of the southern world's."""
    least_runway_m: float = 2300.0
    nm_per_lon: float = 52.0
    """Nautical miles in a degree of longitude."""
    base_ft: float = 0.0
    """The highest field's elevation, where flights in between fly above it."""
    classes: Mapping[str, float] = field(default_factory=dict)
    """Multiples of the weights of the classes of flights (1 where none is given)."""
    faulty: float = 1.0
    """Multiple of the weights of the faults."""
    style: Style = Style()
    hearing: Hearing = field(default_factory=Hearing)

    @property
    def squeeze(self) -> float:
        """The square of a degree of longitude, as a share of one of latitude."""
        return 0.73 if self.nm_per_lon == 52.0 else (self.nm_per_lon / 60.0) ** 2

    @property
    def centre(self) -> Spot:
        """The reference point of the watched field."""
        for each in self.candidates:
            if each.icao == self.fields[0]:
                return each.lat_deg, each.lon_deg
        raise LookupError(self.fields[0])

    def field(self, icao: str) -> Airfield:
        """Return one of the airfields; of several of one code the last."""
        return [each for each in self.candidates if each.icao == icao][-1]


@cache
def landed_at(world: World) -> tuple[Airfield, ...]:
    """Return the airfields where flights of the world land, in the order of its `fields`."""
    return tuple(map(world.field, world.fields))


@cache
def weighed(world: World) -> tuple[Airfield, ...]:
    """Return every airfield that the detector weighs, each once: first those where flights land."""
    others = {each.icao: each for each in world.candidates if each.icao not in world.fields}
    return (*landed_at(world), *others.values())


SOUTHERN = World(
    name="south",
    fields=FIELDS,
    shares={"LLOV": 0.47, "LLER": 0.26, "OJAQ": 0.08, "HETB": 0.05, "LLNV": 0.06, "LLBG": 0.08},
    pair=("LLER", "LLOV"),
    candidates=candidates(),
)
"""Ovda and its neighbours."""
