"""What proves where an airframe was? Believable positions, and the stays of known landings.

Nothing that is estimated is a proof: no touchdown that nobody heard, and no stay that only another
tracker's export shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.geo import distance_nm
from collector.model import Airfield, Grade, Landing, Observation
from collector.model.imported import rests_on_imports
from collector.tracking.quality import doubt_of

AT_FIELD_NM = 5.0
AT_FIELD_FT = 1_500.0
"""An airframe this near is "at" a field if it is on the ground or lower than this above it."""

NEAR_FIELD_NM = 30.0
NEAR_FIELD_FT = 10_000.0
"""An airframe this near, and lower than this above the field, is "near" it; else in flight."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an airframe was proven to be, from one instant to another."""

    since_at: datetime
    until_at: datetime
    lat_deg: float
    lon_deg: float
    altitude_ft: float | None
    """None if unknown, or on the ground."""
    on_ground: bool
    touchdown: bool = False
    """Whether it begins with the touchdown of a known landing."""


def proofs_of(
    observations: Iterable[Observation], landings: Iterable[Landing], fields: Sequence[Airfield]
) -> list[Proof]:
    """Return everything that proves where the airframe was, in order of time."""
    proofs = []
    for each in observations:
        lat, lon = each.lat_deg, each.lon_deg
        if lat is None or lon is None or not each.fresh or each.gps_lost or doubt_of(each):
            continue
        altitude = (
            each.geom_altitude_ft if each.geom_altitude_ft is not None else each.baro_altitude_ft
        )
        proofs.append(Proof(each.at, each.at, lat, lon, altitude, each.on_ground is True))
    by_code = {field.icao: field for field in fields}
    for landing in landings:
        stay = landing.detection
        field = by_code.get(stay.airfield or "")
        if field is not None and proves(landing):
            unheard = stay.unheard
            since_at = stay.touchdown_at if unheard is None else unheard.there_until
            left_at = max(since_at, stay.departed_at or since_at)
            where = (field.lat_deg, field.lon_deg)
            proofs.append(Proof(since_at, left_at, *where, None, True, unheard is None))
    return sorted(proofs, key=_order)


def _order(proof: Proof) -> tuple[datetime, datetime, bool, float, float, float]:
    altitude = -1e9 if proof.altitude_ft is None else proof.altitude_ft
    where = (proof.lat_deg, proof.lon_deg, altitude)
    return (proof.since_at, proof.until_at, proof.on_ground, *where)


def proves(landing: Landing) -> bool:
    """Return whether a landing is certain enough to prove where the airframe was."""
    detection = landing.detection
    sure = landing.review == "confirmed" or detection.grade.rank >= Grade.PROBABLE.rank
    return sure and detection.airfield is not None and not rests_on_imports(detection.feeds)


def place_of(proof: Proof, fields: Sequence[Airfield]) -> str:
    """Return the place in words: `at Ovda (LLOV)`, `in flight near 38.1 N 40.2 E`, and the like."""
    lat, lon = proof.lat_deg, proof.lon_deg
    spot = (
        f"near {abs(lat):.1f} {'N' if lat >= 0 else 'S'} {abs(lon):.1f} {'E' if lon >= 0 else 'W'}"
    )
    distances = (
        (distance_nm(lat, lon, field.lat_deg, field.lon_deg), field.icao, field) for field in fields
    )
    distance, _, field = min(distances, default=(NEAR_FIELD_NM + 1, "", None))
    if field is not None and proof.on_ground and distance <= AT_FIELD_NM:
        return f"at {field.name} ({field.icao})"
    if field is not None and not proof.on_ground and proof.altitude_ft is not None:
        height = proof.altitude_ft - field.elevation_ft
        if distance <= AT_FIELD_NM and height < AT_FIELD_FT:
            return f"at {field.name} ({field.icao})"
        if distance <= NEAR_FIELD_NM and height < NEAR_FIELD_FT:
            return f"near {field.name} ({field.icao})"
    return f"on the ground {spot}" if proof.on_ground else f"in flight {spot}"
