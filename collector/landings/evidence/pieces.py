"""Of which kinds is the evidence for one field, and in which class of each does a silence fall?

Each piece is a table of weights by class (`landings.evidence.weights`, in nats, fitted on
simulated flights whose truth is known); here is only how the class is found. The weights of a
field's pieces add up to its score; "landed at none of them" scores 0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from collector.hearing import band_of
from collector.landings.evidence.approach import End
from collector.landings.fields import FT_PER_NM_AT_3_DEG, Bearing, bearing_to
from collector.model import Airfield

DISTANCE_NM = (2.0, 4.0, 6.0, 9.0, 13.0, 18.0, 25.0, 35.0, 50.0)
PATH = (0.15, 0.3, 0.5, 0.7, 0.9, 1.1, 1.4, 1.8, 2.5, 4.0)
"""Height above the field as a multiple of a 3° path straight to it."""
HEIGHT_FT = (0.0, 700.0, 1500.0, 2500.0, 3500.0, 5000.0, 7000.0, 9000.0, 12000.0, 15000.0)
COURSE_DEG = (6.0, 12.0, 20.0, 35.0, 60.0, 90.0, 130.0)
NEARNESS_NM = (6.0, 13.0, 25.0)
OFFSET_NM = (0.15, 0.4, 1.0, 2.0, 3.5, 6.0)
REACH_NM = (8.0, 18.0)
RATE_FPM = (-1500.0, -900.0, -500.0, -100.0, 100.0, 500.0, 900.0, 1500.0)
SPARE_MINUTES = (20.0, 30.0, 45.0, 75.0, 120.0, 240.0, 480.0, 960.0)
HEARD_SHARE = (0.01, 0.5, 0.99)
LOW_FT = (3500.0, 8000.0)
TURN_DEG = (-40.0, -12.0, 12.0, 40.0)
"""How much farther off the way to the field it turned in the last minutes; less is toward it."""
LOWER_BANDS = (0, 1, 2, 3)
"""By how many altitude bands others were heard lower about the field than it was lost there."""

Piece = tuple[str, int]
"""Name of a table, and the class in it."""

SIZES = {
    "path": (len(DISTANCE_NM) + 1) * (len(PATH) + 1),
    "height": len(HEIGHT_FT) + 1,
    "course": (len(COURSE_DEG) + 2) * (len(NEARNESS_NM) + 1),
    "centreline": (len(OFFSET_NM) + 1) * (len(REACH_NM) + 1) + 3,
    "rate": len(RATE_FPM) + 2,
    "turn": (len(TURN_DEG) + 1) * 2 + 1,
    "lower": len(LOWER_BANDS) + 2,
}
"""Classes of the tables that both ends have (`arrival.path`, `departure.path` …)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the pieces are found from, for one silence and all its fields."""

    arrival: End | None
    departure: End | None
    heard: float | None
    """As `landings.inferred.Silence.heard`."""
    lowest: int | None
    """The lowest altitude band in which anybody was heard about the field."""
    open: bool
    """Nothing was heard since."""
    returns: Bearing | None
    """How the next placed fix lies to the field, where it is no climb-out."""
    begins: Bearing | None
    """How the last placed fix lies to the field, where it is no approach."""
    spare: timedelta | None
    """Time left for a stay after flying there and on; None while it is open."""


def pieces_of(facts: Facts, field: Airfield) -> list[Piece]:
    """Every piece of evidence about one field."""
    found: list[Piece] = [("ends", _ends(facts))]
    if facts.arrival is not None:
        found += _end_pieces("arrival", facts.arrival, field, facts.lowest)
        found.append(("silence", _silence(facts, facts.arrival.height_ft(field.icao))))
    elif facts.begins is not None:
        found.append(("begins", _elsewhere(facts.begins)))
    if facts.departure is not None:
        found += _end_pieces("departure", facts.departure, field, facts.lowest)
    elif facts.returns is not None:
        found.append(("returns", _elsewhere(facts.returns)))
    if facts.spare is not None:
        minutes = facts.spare.total_seconds() / 60.0
        unpaired = facts.arrival is None or facts.departure is None
        spare = bisect_right(SPARE_MINUTES, minutes)
        found.append(("spare", spare + unpaired * (len(SPARE_MINUTES) + 1)))
    return found


def _ends(facts: Facts) -> int:
    """Which ends were heard: both, the arrival with or without a later fix, the departure; or a
    take-off roll with or without the arrival."""
    if facts.departure is not None and facts.departure.rolling:
        return 5 if facts.arrival is None else 4
    if facts.arrival is None:
        return 3
    if facts.departure is not None:
        return 0
    return 2 if facts.open else 1


def _end_pieces(side: str, end: End, field: Airfield, lowest: int | None) -> list[Piece]:
    if end.rolling:
        return []
    bearing = end.bearings[field.icao]
    height = bearing.height_ft or 0.0
    sign = 1.0 if side == "arrival" else -1.0
    return [
        (f"{side}.path", _path(bearing.distance_nm, height)),
        (f"{side}.height", bisect_right(HEIGHT_FT, height)),
        (f"{side}.course", _course(bearing)),
        (f"{side}.centreline", _centreline(bearing, field)),
        (f"{side}.rate", _rate(end.fix.vertical_rate_fpm, sign)),
        (f"{side}.turn", _turn(end, bearing, field, departing=side == "departure")),
        (f"{side}.lower", _lower(end.fix.altitude_ft, lowest)),
    ]


def _turn(end: End, bearing: Bearing, field: Airfield, *, departing: bool) -> int:
    """Whether it was turning toward the field (arriving) or came from it (departing)."""
    if end.beside is None or bearing.off_course_deg is None:
        return SIZES["turn"] - 1
    before = bearing_to(field, end.beside, departing=departing).off_course_deg
    if before is None:
        return SIZES["turn"] - 1
    far = (len(TURN_DEG) + 1) * (bearing.distance_nm > NEARNESS_NM[1])
    return far + bisect_right(TURN_DEG, bearing.off_course_deg - before)


def _lower(altitude_ft: float | None, lowest: int | None) -> int:
    if altitude_ft is None or lowest is None:
        return len(LOWER_BANDS) + 1
    return bisect_right(LOWER_BANDS, band_of(altitude_ft) - lowest)


def _path(distance_nm: float, height_ft: float) -> int:
    steepness = height_ft / (FT_PER_NM_AT_3_DEG * max(distance_nm, 1.0))
    row = bisect_right(DISTANCE_NM, distance_nm)
    return row * (len(PATH) + 1) + bisect_right(PATH, steepness)


def _course(bearing: Bearing) -> int:
    row = bisect_right(NEARNESS_NM, bearing.distance_nm) * (len(COURSE_DEG) + 2)
    if bearing.off_course_deg is None:
        return row + len(COURSE_DEG) + 1
    return row + bisect_right(COURSE_DEG, bearing.off_course_deg)


def _centreline(bearing: Bearing, field: Airfield) -> int:
    """Offset by distance where lined up with a runway; else whether there was one to line up with,
    near or far."""
    if bearing.offset_nm is not None:
        row = bisect_right(REACH_NM, bearing.distance_nm) * (len(OFFSET_NM) + 1)
        return row + bisect_right(OFFSET_NM, bearing.offset_nm)
    last = SIZES["centreline"] - 3
    if not field.runways:
        return last
    return last + (1 if bearing.distance_nm < REACH_NM[0] else 2)


def _rate(rate_fpm: float | None, sign: float) -> int:
    if rate_fpm is None:
        return len(RATE_FPM) + 1
    return bisect_right(RATE_FPM, sign * rate_fpm)


def _silence(facts: Facts, height_ft: float) -> int:
    """Who listened afterwards, by how low it was lost: heard lower, silence means more."""
    row = bisect_right(LOW_FT, height_ft) * (len(HEARD_SHARE) + 2)
    if facts.heard is None:
        return row + len(HEARD_SHARE) + 1
    return row + bisect_right(HEARD_SHARE, facts.heard)


def _elsewhere(bearing: Bearing) -> int:
    """An end that is neither approach nor climb-out: near or far, low or high."""
    row = bisect_right((15.0, 40.0, 90.0, 200.0), bearing.distance_nm) * 3
    height = bearing.height_ft
    if height is None:
        return row + 2
    return row + (0 if height < 12_000.0 else 1)


TABLES: dict[str, int] = (
    {f"{side}.{name}": size for side in ("arrival", "departure") for name, size in SIZES.items()}
    | {"ends": 6, "begins": 15, "returns": 15}
    | {
        "spare": 2 * (len(SPARE_MINUTES) + 1),
        "silence": (len(LOW_FT) + 1) * (len(HEARD_SHARE) + 2),
    }
)
"""Every table, and how many classes it has."""


def score_nats(pieces: Sequence[Piece], weights: dict[str, tuple[float, ...]]) -> float:
    """What the pieces of one field say together, against having landed at none."""
    return sum(weights[table][index] for table, index in pieces)
