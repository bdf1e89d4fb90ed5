"""Can the position of one observation be believed? Each observation is judged by itself, before any
neighbour.

The bounds come from recordings of the region. Of 640 fresh airborne rows with both altitudes, 29
sat at the transponder's saturated difference of about ±3,150 ft, 27 of them slower than 200 kt; the
clean spread is −50 … +1,600 ft.
"""

from __future__ import annotations

from collector.model import STALE_AFTER, Observation, Source
from collector.tracking.fix import Doubt

SATURATED_DIFFERENCE_FT = 3100.0
"""ft. DO-260B encodes geometric minus barometric altitude up to ±3,137.5 ft; the last steps mean
"more"."""

CIRCLE_ABOVE_FT = 10_000.0
"""ft. Above this, flight slower than `CIRCLE_BELOW_KT` is a spoofed circle."""
CIRCLE_BELOW_KT = 200.0
"""kt. No jet flies that slowly that high; a spoofed circle in the recordings stood at 156 kt."""

GEOMETRIC_ERROR_FT = 200.0
"""ft. GPS height error, and up to 100 ft between ellipsoid and sea level in the region."""

BAROMETRIC_ERROR_FT = 650.0
"""ft. Pressure altitude without QNH; a real row on the ground stood at −642 ft."""

FASTEST_GROUND_KT = 180.0
"""kt. Nothing rolls faster: the ground bit of aircraft at 370 to 525 kt is wrong."""

NO_GROUND_SOURCES = frozenset({Source.MLAT, Source.TISB, Source.ADSR, Source.ADSC})
"""Sources whose rows prove no contact with the ground: their position or their ground bit is a
ground station's or a computer's, not the aircraft's own (readsb's README-json.md, "type")."""


def doubt_of(observation: Observation, circle_above_ft: float = CIRCLE_ABOVE_FT) -> Doubt | None:
    """Return why the position cannot be believed; None if it can, or if there is no position.

    `circle_above_ft` is raised if an airfield lies so high that arrivals fly slowly there.
    """
    position_at = observation.position_at
    if position_at is None or observation.lat_deg is None:
        return None
    heard_at = observation.heard_at
    if heard_at is not position_at and heard_at - position_at > STALE_AFTER:
        return Doubt.STALE
    if observation.crowded:
        return Doubt.CROWDED
    if observation.geom_altitude_ft is not None and saturated(observation):
        return Doubt.SATURATED
    altitude = observation.baro_altitude_ft
    if altitude is not None and altitude > circle_above_ft and not observation.on_ground:
        speed = observation.ground_speed_kt
        if speed is not None and speed < CIRCLE_BELOW_KT:
            return Doubt.CIRCLING
    return None


def ground_bit_believed(observation: Observation) -> bool:
    """Return whether "on the ground" can be true: the aircraft rolls, and its own transponder says
    so."""
    speed_kt = observation.ground_speed_kt
    return (
        speed_kt is None or speed_kt <= FASTEST_GROUND_KT
    ) and observation.source not in NO_GROUND_SOURCES


def saturated(observation: Observation) -> bool:
    """Return whether the two altitudes differ by as much as the transponder can express, or
    more."""
    baro, geom = observation.baro_altitude_ft, observation.geom_altitude_ft
    return baro is not None and geom is not None and abs(geom - baro) >= SATURATED_DIFFERENCE_FT


def altitude_of(observation: Observation) -> tuple[float | None, float]:
    """Return the altitude above sea level and its error, both ft; geometric if it can be
    believed."""
    baro, geom = observation.baro_altitude_ft, observation.geom_altitude_ft
    if geom is not None and observation.fresh and not saturated(observation):
        return geom, GEOMETRIC_ERROR_FT
    return baro, BAROMETRIC_ERROR_FT
