"""How does a pilot know the region? The script knows the routes, the stays and the list of true
landings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from .legs import Landed, Pilot, Runway, corner
from .motion import Motion, Wind
from .paths import Waypoint
from .places import ELSEWHERE, GATE, HOMEWARD, NORTH, SEA, SOUTH, Spot
from .places import field as place
from .world import FREIGHTER, SOUTHERN, Kind, World

MINUTE, HOUR = 60.0, 3600.0


@dataclass(slots=True)
class Flight:
    """The flight of one aircraft, and its true landings (stays only, in order of time)."""

    motion: Motion
    landed: list[Landed] = field(default_factory=list)
    touched: list[Landed] = field(default_factory=list)
    """Touch-and-goes: touchdowns without a stay."""
    kind: Kind = FREIGHTER

    def shifted(self, seconds: float) -> Flight:
        """Return the same flight, later by some seconds."""
        return Flight(
            self.motion.shifted(seconds),
            [_later(one, seconds) for one in self.landed],
            [_later(one, seconds) for one in self.touched],
            self.kind,
        )


def _later(landed: Landed, seconds: float) -> Landed:
    left = None if landed.left_at_s is None else landed.left_at_s + seconds
    return Landed(landed.airfield, landed.at_s + seconds, landed.runway, left)


class Script(Pilot):
    """A pilot who knows the routes of the region and lists the true landings."""

    def __init__(
        self, rng: random.Random, wind: Wind, target: str, world: World = SOUTHERN
    ) -> None:
        super().__init__(rng, wind, world)
        self.target = target
        self.landed: list[Landed] = []
        self.touched: list[Landed] = []
        self.aside = rng.gauss(0.0, 2.5)
        """NM east of the published route: by the crew or the controller, for the whole trip."""
        self.from_home = rng.random() < 0.12

    def jittered(self, spot: Spot, nm: float) -> Spot:
        """Return the spot with its scatter: the offset of the trip and some of its own."""
        east = self.aside * nm / 3.0 + self.rng.gauss(0.0, nm * 0.7)
        north = self.rng.gauss(0.0, nm * 0.5)
        return spot[0] + north / 60.0, spot[1] + east / self.world.nm_per_lon

    def inbound(self, icao: str) -> tuple[Spot, list[Waypoint]]:
        """Return where a flight from the north appears, and its corners up to the gate of the
        field."""
        spots = list(NORTH)
        if icao in ("LLOV", "LLER", "OJAQ", "HETB"):
            spots.append(GATE)
        elif icao == "LLBG":
            spots = spots[:3]
        corners = [corner(self.jittered(spot, 3.0), 420.0) for spot in spots[1:]]
        if icao in ("LLOV", "LLER", "OJAQ", "HETB"):
            gate = self.jittered(GATE, 3.0)
            corners[-1] = corner(gate, 330.0)
        elif icao == "LLNV":
            corners[-1] = corner(self.jittered(spots[-1], 2.0), 300.0)
        if self.from_home:
            far = [corner(self.jittered(spot, 6.0)) for spot in reversed(HOMEWARD)]
            home = place("UBBB")
            start = (home.lat_deg + 0.4, home.lon_deg - 1.2)
            return start, [*far, corner(self.jittered(spots[0], 5.0)), *corners]
        return self.jittered(spots[0], 5.0), corners

    def outbound(self, icao: str) -> tuple[list[Waypoint], Spot]:
        """Return the same route back."""
        start, corners = self.inbound(icao)
        return list(reversed(corners)), start

    def arrive(self, icao: str, start: Spot | Runway | None = None) -> Runway:
        """Fly in from the north (or from `start`), land, and return the runway."""
        begin, via = self.inbound(icao)
        runway = self.runway(icao)
        self.fly(begin if start is None else start, via if start is None else [], runway)
        self.land(runway)
        return runway

    def land(self, runway: Runway) -> None:
        """Touch down at the end of the leg just flown, and roll out."""
        self.landed.append(Landed(runway.field.icao, self.now_s, runway.end.name))
        self.roll_out(runway)

    def stay(self, runway: Runway, seconds: float) -> Runway:
        """Taxi in, park, taxi out and run; airborne after `seconds`. Return the runway."""
        begun = self.landed[-1].at_s
        self.taxi(runway, self.apron(runway.field.icao))
        sending = self.rng.random() < 0.15
        self.park(runway, max(300.0, seconds - 10 * MINUTE), sending=sending)
        out = runway if seconds < 6 * HOUR else self.runway(runway.field.icao)
        self.line_up(out)
        last = self.landed[-1]
        self.landed[-1] = Landed(last.airfield, begun, last.runway, self.now_s)
        return out

    def leave(self, runway: Runway) -> None:
        """Leave on the route of the arrival."""
        via, end = self.outbound(runway.field.icao)
        self.fly(runway, via, end)

    def flight(self) -> Flight:
        """Return the flight."""
        return Flight(self.motion, self.landed, self.touched, self.kind)

    def usual_stay(self) -> float:
        """Return the length of a stay in seconds: 25 min to 20 h, mostly about two hours."""
        if self.rng.random() < 0.08:
            return self.rng.uniform(25 * MINUTE, 55 * MINUTE)
        hours = self.rng.lognormvariate(0.8, 0.65) * self.world.style.stay_share
        return min(20 * HOUR, max(25 * MINUTE, hours * HOUR))

    def halfway(self, via: Sequence[Waypoint]) -> Spot:  # noqa: ARG002 - other worlds use it
        """Return where an aircraft is lost that arrives unheard: after the first corner."""
        return 33.9, 33.7

    def between(self, here: str, there: str) -> list[Waypoint]:
        """Return the corners of a flight from one field of the region to another."""
        if there == "LLBG":
            north = corner(self.jittered((30.9, 34.75), 2.0), 330.0)
            return [north, corner((31.6, 34.4), 330.0)]
        if here == "LLBG":
            return [corner((31.5, 34.4), 300.0), corner(self.jittered(GATE, 2.0), 300.0)]
        return [corner(self.jittered((30.65, 34.9), 2.0), 280.0)]

    def diverted(self, other: str) -> list[Waypoint]:
        """Return the corners of a diversion."""
        return {
            "LLOV": [corner((30.35, 34.95), 260.0)],
            "LLER": [corner((30.3, 34.98), 260.0)],
            "LLNV": [corner((30.65, 34.9), 260.0)],
            "LLBG": [corner((30.9, 34.75), 300.0), corner((31.6, 34.4), 300.0)],
        }[other]

    def alternates(self) -> list[str]:
        """Return the fields that a diversion may go to."""
        return [icao for icao in ("LLOV", "LLER", "LLNV", "LLBG") if icao != self.target]

    def far_field(self, usual: str) -> str:
        """Return the other field of a flight on: the usual one of the region."""
        return usual

    def across(self, over: Spot) -> list[Spot]:
        """Return the corners of a flight over a spot."""
        ways = (
            [NORTH[2], GATE, over, SOUTH[0], SOUTH[1]],
            [(32.6, 36.2), (31.2, 35.5), over, (28.6, 33.9), (27.4, 32.6)],
            [(30.9, 32.2), (30.3, 33.6), over, (29.6, 36.6), (29.4, 38.6)],
        )
        way = list(self.rng.choice(ways))
        if self.rng.random() < 0.5:
            way.reverse()
        return way

    def elsewhere(self, usual: Sequence[str]) -> tuple[Spot, float]:
        """Return a place to land that no candidate explains, and its elevation in ft."""
        return ELSEWHERE[self.rng.choice(usual)]

    def toward(self, goal: Spot) -> list[Spot]:
        """Return where a flight elsewhere begins, and its corners across the region."""
        if goal[0] > 30.0:
            return [NORTH[1], SEA, (31.9, 34.6), (31.8, 35.3)]
        return [NORTH[1], SEA, (31.5, 34.6), (30.2, 34.9), (29.3, 34.75)]

    def beyond(self) -> list[Spot]:
        """Return the corners of the way on from the field, out of the polled region."""
        return list(SOUTH)

    def abroad(self, goal: Spot) -> Spot:  # noqa: ARG002 - other worlds use it
        """Return where a flight begins that never comes near the fields."""
        return self.jittered((36.9, 34.2), 6.0)
