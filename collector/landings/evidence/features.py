"""Which kinds of evidence are there for one field, and in which class of each does a silence fall?
The class is found here, its weight in a table.

Each feature is the name of a table and a class in it. The tables (`landings.evidence.weights`, in
nats) are fitted on simulated flights whose truth is known. The weights of a field's features add up
to its score; a landing at none of the fields scores 0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from collector.landings.evidence import combined, descent, direction
from collector.landings.evidence.ends import End
from collector.landings.fields import Bearing
from collector.model import Airfield
from collector.model.coverage import band_of

SPARE_MINUTES = (20.0, 30.0, 45.0, 75.0, 120.0, 240.0, 480.0, 960.0)
"""Class limits of the time left for a stay, in minutes."""
HEARD_SHARE = (0.01, 0.5, 0.99)
"""Class limits of the coverage during the silence."""
LOW_FT = (800.0, 1500.0, 2500.0, 4000.0, 7000.0, 12000.0)
"""Class limits of the height above the field at which the aircraft was lost."""
LOWER_BANDS = (0, 1, 2, 3)
"""Class limits of how many altitude bands lower other traffic was received at the field."""

Feature = tuple[str, int]
"""The name of a table, and the class in it."""


@dataclass(frozen=True, slots=True)
class SilenceFacts:
    """The facts about one silence and one field from which the features are found."""

    arrival: End | None
    departure: End | None
    coverage_after: float | None
    """As `landings.silences.Silence.coverage_after`."""
    coverage_later: float | None
    """As `landings.silences.Silence.coverage_later`."""
    lowest: int | None
    """The lowest altitude band in which traffic is received at the field; None if unknown."""
    open: bool
    """Whether the aircraft has not been heard since."""
    returns: Bearing | None
    """How the next fix with a position lies relative to the field, if it is no climb-out."""
    begins: Bearing | None
    """How the last fix with a position lies relative to the field, if it is no approach."""
    spare: timedelta | None
    """Time left for a stay after flying there and on; None while the silence is open."""


def features_of(facts: SilenceFacts, field: Airfield) -> list[Feature]:
    """Return all features of one field."""
    found: list[Feature] = [("ends", _ends(facts))]
    if facts.arrival is not None:
        found += _end_features("arrival", facts.arrival, field, facts.lowest)
        height_ft = facts.arrival.height_ft(field.icao)
        found.append(("silence", _listening(facts.coverage_after, height_ft)))
        found.append(("later", _listening(facts.coverage_later, height_ft)))
    elif facts.begins is not None:
        found.append(("begins", _elsewhere(facts.begins)))
    if facts.departure is not None:
        found += _end_features("departure", facts.departure, field, facts.lowest)
    elif facts.returns is not None:
        found.append(("returns", _elsewhere(facts.returns)))
    if facts.spare is not None:
        minutes = facts.spare.total_seconds() / 60.0
        unpaired = facts.arrival is None or facts.departure is None
        spare = bisect_right(SPARE_MINUTES, minutes)
        found.append(("spare", spare + unpaired * (len(SPARE_MINUTES) + 1)))
    return found


def _ends(facts: SilenceFacts) -> int:
    """Return which ends were received: both, the arrival with or without a later fix, the
    departure; or a take-off run with or without the arrival."""
    if facts.departure is not None and facts.departure.rolling:
        return 5 if facts.arrival is None else 4
    if facts.arrival is None:
        return 3
    if facts.departure is not None:
        return 0
    return 2 if facts.open else 1


def _end_features(side: str, end: End, field: Airfield, lowest: int | None) -> list[Feature]:
    if end.rolling:
        return []
    departing = side == "departure"
    single = [
        *descent.descent_features(end, field, -1.0 if departing else 1.0),
        *direction.direction_features(end, field, departing=departing),
    ]
    pairs = combined.combined_features(dict(single))
    lower = ("lower", _lower(end.fix.altitude_ft, lowest))
    return [(f"{side}.{name}", index) for name, index in (*single, *pairs, lower)]


def _lower(altitude_ft: float | None, lowest: int | None) -> int:
    if altitude_ft is None or lowest is None:
        return len(LOWER_BANDS) + 1
    return bisect_right(LOWER_BANDS, band_of(altitude_ft) - lowest)


def _listening(share: float | None, height_ft: float) -> int:
    """Return the class of the coverage by the height at which the aircraft was lost: the lower, the
    more a silence means."""
    row = bisect_right(LOW_FT, height_ft) * (len(HEARD_SHARE) + 2)
    if share is None:
        return row + len(HEARD_SHARE) + 1
    return row + bisect_right(HEARD_SHARE, share)


def _elsewhere(bearing: Bearing) -> int:
    """Return the class of an end that is neither approach nor climb-out: near or far, low or
    high."""
    row = bisect_right((15.0, 40.0, 90.0, 200.0), bearing.distance_nm) * 3
    height = bearing.height_ft
    if height is None:
        return row + 2
    return row + (0 if height < 12_000.0 else 1)


_SIDES = ("arrival", "departure")
_LISTENING = (len(LOW_FT) + 1) * (len(HEARD_SHARE) + 2)
TABLES: dict[str, int] = (
    {
        f"{side}.{name}": size
        for side in _SIDES
        for name, size in (descent.SIZES | direction.SIZES | combined.SIZES).items()
    }
    | {f"{side}.lower": len(LOWER_BANDS) + 2 for side in _SIDES}
    | {"ends": 6, "begins": 15, "returns": 15}
    | {"spare": 2 * (len(SPARE_MINUTES) + 1), "silence": _LISTENING, "later": _LISTENING}
)
"""Every table and how many classes it has; those of an end are named `arrival.path`,
`departure.path` …"""

WIDTHS = {
    "path": len(descent.PATH) + 1,
    "projected": len(descent.PROJECTED) + 1,
    "speed": len(descent.SPEED_KT) + 1,
    "course": len(direction.COURSE_DEG) + 2,
    "centreline": len(direction.OFFSET_NM) + 1,
    "turn": len(direction.TURN_DEG) + 1,
    "side": len(direction.SIDE_DEG) + 1,
    "spare": len(SPARE_MINUTES) + 1,
    "silence": len(HEARD_SHARE) + 2,
    "later": len(HEARD_SHARE) + 2,
    **combined.WIDTHS,
}
"""Classes in a row, for tables of two questions; the others have one row."""


def score_nats(features: Sequence[Feature], weights: dict[str, tuple[float, ...]]) -> float:
    """Return what the features of one field say together, against a landing at none."""
    return sum(weights[table][index] for table, index in features)
