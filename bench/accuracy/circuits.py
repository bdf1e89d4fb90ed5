"""How does an aircraft practise landings, and how does it turn around within minutes?

Both go down below what is received and come up again soon. Who practises has not landed.
"""

from __future__ import annotations

from collector.geo import distance_nm

from .legs import Landed, Runway, profiles
from .manoeuvres import climb, touchdown_spot
from .paths import Waypoint, beside, rounded, turn_radius_nm
from .script import HOUR, MINUTE, Script
from .visits import touch_down

CIRCUIT_FT = (800.0, 3000.0)
"""ft above the runway: 1,000 ft is usual, 1,500 ft for large and turbine-powered aircraft (FAA
Aeronautical Information Manual, 4-3-3); radar circuits are higher."""
CIRCUIT_CAS, CIRCUIT_KT = 165.0, 170.0
"""kt. An airliner flies circuits at about this airspeed, others more slowly; turns need room for
this ground speed."""


def pattern(script: Script) -> None:
    """Fly in, touch down and fly another circuit, two to eight times; then land and stay, or
    leave."""
    begin, via = script.inbound(script.target)
    runway = script.runway(script.target)
    script.fly(begin, via, runway)
    above_ft = script.rng.uniform(*CIRCUIT_FT)
    varied = script.rng.random() < 0.5
    for _ in range(script.rng.randrange(2, 9)):
        touch_down(script, runway)
        above_ft = script.rng.uniform(*CIRCUIT_FT) if varied else above_ft
        _circuit(script, runway, above_ft)
    if script.rng.random() < 0.4:
        script.land(runway)
        script.leave(script.stay(runway, script.usual_stay()))
    else:
        touch_down(script, runway)
        script.leave(_airborne(runway))


def quick_turn(script: Script) -> None:
    """Fly in, land, stand for some minutes with the engines running, and leave."""
    runway = script.arrive(script.target)
    seconds = script.rng.uniform(5 * MINUTE, 13 * MINUTE)
    here = script.motion.points[-1]
    spot, begun = (here.lat_deg, here.lon_deg), script.landed[-1].at_s
    threshold = (runway.end.lat_deg, runway.end.lon_deg)
    back_s = distance_nm(*spot, *threshold) / 25.0 * HOUR
    script.on_ground(max(60.0, seconds - back_s - 45.0), spot, 0.0, runway, here.course_deg)
    script.on_ground(back_s, threshold, 25.0, runway, runway.end.bearing_deg + 180.0)
    script.take_off(runway)
    script.landed[-1] = Landed(script.target, begun, runway.end.name, script.now_s)
    script.leave(runway)


def _circuit(script: Script, runway: Runway, above_ft: float) -> None:
    """Fly a circuit of that height above the runway from touchdown to touchdown."""
    here, low_ft = script.motion.points[-1], runway.elevation_ft
    style, share = script.world.style, script.kind.cas_share
    height, speed = profiles(
        line := rounded([Waypoint(here.lat_deg, here.lon_deg, 0.0), *_corners(script, runway)]),
        up=climb(script.rng, low_ft, low_ft + above_ft, style),
        down=[(0.0, low_ft), (above_ft / style.glide_ft_per_nm, low_ft + above_ft)],
        heights=None,
        cruise_ft=low_ft + above_ft,
        cas_share=share,
    )
    script.fly_along(line, height, lambda nm: min(speed(nm), CIRCUIT_CAS * share))


def _airborne(runway: Runway) -> Runway:
    """Return the runway for a leg that begins just above it, where the last one ended."""
    return Runway(runway.field, runway.end, 1.0)


def _corners(script: Script, runway: Runway) -> list[Waypoint]:
    """Return the corners of a circuit from the end of the runway back to the touchdown."""
    along, side = runway.end.bearing_deg, script.rng.choice((-90.0, 90.0))
    radius = turn_radius_nm(CIRCUIT_KT)
    aside = script.rng.uniform(2.3, 3.2)
    spot = touchdown_spot(runway.end)
    upwind = beside(spot, along, runway.end.length_m / 1852.0 + script.rng.uniform(1.5, 3.0))
    base = beside(spot, along + 180.0, script.rng.uniform(2.3, 4.5))
    turns = (upwind, beside(upwind, along + side, aside), beside(base, along + side, aside), base)
    return [*(Waypoint(*each, radius) for each in turns), Waypoint(*spot, 0.0)]
