"""How does a flight land, or nearly land? Each class of flights that come down to a field has a
function."""

from __future__ import annotations

from .legs import Landed, Runway
from .paths import beside
from .places import Spot
from .script import HOUR, MINUTE, Script


def visit(script: Script) -> None:
    """Fly in, stay 25 min to 20 h, and leave."""
    runway = script.arrive(script.target)
    script.leave(script.stay(runway, script.usual_stay()))


def overnight(script: Script) -> None:
    """Fly in, stay overnight, and leave."""
    runway = script.arrive(script.target)
    script.leave(script.stay(runway, script.rng.uniform(8 * HOUR, 20 * HOUR)))


def arrival_only(script: Script) -> None:
    """Fly in; no later report is received."""
    runway = script.arrive(script.target)
    script.taxi(runway, script.apron(script.target))
    script.park(runway, 10 * MINUTE, sending=True)
    script.silence(30 * HOUR)


def departure_only(script: Script) -> None:
    """Arrive without a report, half a day after reports elsewhere, and leave with reports."""
    begin, via = script.inbound(script.target)
    script.fly(begin, via[:1], lost := script.halfway(via))
    mute_from = script.now_s - 300.0
    script.fly(lost, via[2:], runway := script.runway(script.target))
    script.motion.points = [
        p._replace(sending=False) if p.at_s > mute_from else p for p in script.motion.points
    ]
    script.landed.append(Landed(script.target, script.now_s, runway.end.name))
    script.roll_out(runway)
    script.motion.points = [
        p._replace(sending=False) if p.at_s > mute_from else p for p in script.motion.points
    ]
    out = script.stay(runway, script.rng.uniform(1 * HOUR, 20 * HOUR))
    script.leave(out)


def two_visits(script: Script) -> None:
    """Fly in and out, stay away for hours, come again (there or at a neighbour), and leave."""
    runway = script.arrive(script.target)
    script.leave(script.stay(runway, script.rng.uniform(40 * MINUTE, 4 * HOUR)))
    script.silence(script.rng.uniform(1 * HOUR, 4 * HOUR))
    second = script.target if script.rng.random() < 0.6 else script.rng.choice(script.world.pair)
    runway = script.arrive(second)
    script.leave(script.stay(runway, script.rng.uniform(40 * MINUTE, 6 * HOUR)))


def rotation(script: Script) -> None:
    """Fly there, to Ben Gurion, and there again within the day: two landings there, one between."""
    first = script.stay(script.arrive(script.target), script.rng.uniform(1 * HOUR, 3 * HOUR))
    middle = script.runway(script.far_field("LLBG"))
    there = middle.field.icao
    script.fly(first, script.between(script.target, there), middle)
    script.land(middle)
    back = script.stay(middle, script.rng.uniform(1 * HOUR, 3 * HOUR))
    last = script.runway(script.target)
    script.fly(back, script.between(there, script.target), last)
    script.land(last)
    script.leave(script.stay(last, script.usual_stay()))


def hop(script: Script) -> None:
    """Fly in, then low over the Negev to Nevatim, and home from there."""
    script.cruise_ft = 1000.0 * script.rng.randrange(*_level(script, 27, 36))
    first = script.stay(script.arrive(script.target), script.rng.uniform(45 * MINUTE, 4 * HOUR))
    cruise, script.cruise_ft = script.cruise_ft, 1000.0 * script.rng.randrange(9, 16)
    script.cruise_ft += script.world.base_ft
    second = script.runway(script.far_field("LLNV"))
    script.fly(first, script.between(script.target, second.field.icao), second)
    script.cruise_ft = cruise
    script.land(second)
    script.leave(script.stay(second, script.usual_stay()))


def _level(script: Script, low: int, high: int) -> tuple[int, int]:
    """Return the usual levels of a short trip, as far as the aircraft reaches them."""
    own = script.kind.cruise_kft
    return (low, high) if own[1] >= high else own


def _low_over(script: Script, above_ft: float) -> Runway:
    begin, via = script.inbound(script.target)
    runway = script.runway(script.target)
    low = Runway(runway.field, runway.end, above_ft)
    script.fly(begin, via, low)
    return low


def go_around(script: Script) -> None:
    """Break off low, go around, and land."""
    low = _low_over(script, script.rng.uniform(150.0, 900.0))
    cruise, script.cruise_ft = script.cruise_ft, low.elevation_ft + script.rng.uniform(2500, 4500)
    runway = Runway(low.field, low.end)
    script.fly(low, [], runway)
    script.cruise_ft = cruise
    script.land(runway)
    script.leave(script.stay(runway, script.usual_stay()))


def low_pass(script: Script) -> None:
    """Descend to a few hundred feet and leave again: no landing."""
    script.leave(_low_over(script, script.rng.uniform(120.0, 800.0)))


def touch_and_go(script: Script) -> None:
    """Touch down for some seconds, and take off again: no stay."""
    begin, via = script.inbound(script.target)
    runway = script.runway(script.target)
    script.fly(begin, via, runway)
    touch_down(script, runway)
    script.leave(Runway(runway.field, runway.end, 1.0))


def touch_down(script: Script, runway: Runway) -> None:
    """Touch down for some seconds at the end of the leg just flown."""
    script.touched.append(Landed(script.target, script.now_s, runway.end.name))
    for _ in range(script.rng.randrange(2, 5)):
        here = script.motion.points[-1]
        ahead = _ahead(here.lat_deg, here.lon_deg, runway, 0.16)
        script.on_ground(4.0, ahead, 128.0, runway, runway.end.bearing_deg)


def _ahead(lat: float, lon: float, runway: Runway, nm: float) -> Spot:
    return beside((lat, lon), runway.end.bearing_deg, nm)


def diversion(script: Script) -> None:
    """Descend to the target, break off low, and land at another field."""
    low = _low_over(script, script.rng.uniform(200.0, 2500.0))
    other = script.rng.choice(script.alternates())
    near = script.target in script.world.pair and other in script.world.pair
    cruise, script.cruise_ft = script.cruise_ft, script.rng.uniform(6000, 9000 if near else 16_000)
    script.cruise_ft += script.world.base_ft
    runway = script.runway(other)
    script.fly(low, script.diverted(other), runway)
    script.cruise_ft = cruise
    script.land(runway)
    script.leave(script.stay(runway, script.usual_stay()))
