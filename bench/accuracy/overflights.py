"""Which flights do not land? Each class of flights that only pass, or land elsewhere, has a
function."""

from __future__ import annotations

from collections.abc import Sequence

from .legs import corner
from .paths import Waypoint
from .script import HOUR, Script


def overflight_high(script: Script) -> None:
    """Fly over the field in cruise, north to south or across."""
    _across(script, None)


def overflight_low(script: Script) -> None:
    """Fly level over the region at 6,000 to 14,000 ft, or down to that height and up again."""
    script.cruise_ft = script.rng.uniform(14_000, 30_000)
    low = script.rng.uniform(6000.0, 14_000.0) + script.world.base_ft
    if script.rng.random() < 0.5:
        _across(script, [(0.0, low), (900.0, low)])
        return
    top = script.cruise_ft
    down, up = script.rng.uniform(90, 190), script.rng.uniform(230, 330)
    _across(script, [(down, top), (down + (top - low) / 260, low), (up, low), (up + 70, top)])


def _across(script: Script, heights: Sequence[tuple[float, float]] | None) -> None:
    target = script.world.field(script.target)
    over = script.jittered((target.lat_deg, target.lon_deg), 8.0)
    way = script.across(over)
    via = [corner(script.jittered(spot, 3.0) if spot != over else spot) for spot in way[1:-1]]
    script.fly(script.jittered(way[0], 5.0), via, way[-1], heights=heights)


def overflight_elsewhere(script: Script) -> None:
    """Descend through the holes of the coverage, and land where no candidate is."""
    goal, elevation_ft = script.elsewhere(("OJAI", "HESH"))
    begin, *spots = script.toward(goal)
    corners = [corner(script.jittered(spot, 4.0), 420.0) for spot in spots]
    nm = (
        60.0
        * sum(
            ((a.lat_deg - b.lat_deg) ** 2 + script.world.squeeze * (a.lon_deg - b.lon_deg) ** 2)
            ** 0.5
            for a, b in zip(corners, [*corners[1:], Waypoint(*goal)], strict=True)
        )
        + 60.0
        * ((begin[0] - spots[0][0]) ** 2 + script.world.squeeze * (begin[1] - spots[0][1]) ** 2)
        ** 0.5
    )
    top = script.cruise_ft
    down_at = max(1.0, nm - (top - elevation_ft) / script.rng.uniform(210.0, 330.0))
    heights = [(0.0, top), (down_at, top), (nm, elevation_ft + 600.0)]
    script.fly(script.jittered(begin, 5.0), corners, goal, heights=heights)


def return_south(script: Script) -> None:
    """Step down over Ovda, vanish at the edge, and return in cruise after 4 to 9 hours."""
    begin, via = script.inbound(script.world.fields[0])
    beyond = script.beyond()
    south = [corner(script.jittered(spot, 4.0)) for spot in beyond]
    top = script.cruise_ft
    first = script.rng.uniform(150.0, 330.0)
    low = script.rng.uniform(9000.0, 24_000.0)
    heights = [(0.0, top), (first, top)]
    if script.rng.random() < 0.7:
        mid = (top + low) / 2.0
        heights += [(first + 45.0, mid), (first + 70.0, mid), (first + 110.0, low)]
    script.from_home = False
    script.fly(begin, [*via, *south[:-1]], beyond[-1], heights=heights)
    script.silence(script.rng.uniform(2.5 * HOUR, 7.0 * HOUR))
    script.cruise_ft = 1000.0 * script.rng.randrange(29, 38)
    out, end = script.outbound(script.world.fields[0])
    back = [corner(script.jittered(spot, 4.0)) for spot in reversed(beyond[:-1])]
    script.fly(beyond[-1], [*back, *out], end)


def never_there(script: Script) -> None:
    """Fly the negative control: Larnaca, Beirut, Amman and back, or far to the east in cruise."""
    goal, elevation_ft = script.elsewhere(("LCLK", "OLBA", "OJAI"))
    top = script.cruise_ft
    start = script.abroad(goal)
    nm = 60.0 * ((start[0] - goal[0]) ** 2 + 0.7 * (start[1] - goal[1]) ** 2) ** 0.5
    down = [
        (0.0, top),
        (max(1.0, nm - (top - elevation_ft) / 270.0), top),
        (nm, elevation_ft + 500),
    ]
    script.fly(start, [], goal, heights=down)
    script.silence(script.usual_stay())
    up = [(0.0, elevation_ft + 800.0), ((top - elevation_ft) / 210.0, top)]
    script.fly(goal, [], start, heights=up)
