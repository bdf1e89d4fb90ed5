"""What else may the aircraft have done in a silence, and would that have been noticed? Each
alternative is followed for a quarter of an hour.

  the last fix ─► where the aircraft would have been ─► coverage there then, else the usual coverage

Grades do not depend on this. The answer shows an editor how much the silence proves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.coverage.learned import Learned
from collector.coverage.region import cell_away_nm
from collector.geo import destination, distance_nm
from collector.landings.fields import flight_time_s
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.model.coverage import SLOT, CoverageSlot, band_of
from collector.tracking import Fix

STEPS_AHEAD = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15))
"""Times after the last fix at which the alternative path is checked, up to
`LandingRules.heard_window`."""

PROOF_WITHIN = timedelta(minutes=10)
"""Traffic received within this time of a path point proves coverage there: two replies of one feed
may lie that far apart."""

CLIMB_FPM = 1500.0
"""The climb of a loaded freighter after a go-around, ft/min; at first it climbs faster."""
HIGHEST_CLIMB_FT = 35_000.0
"""The climb ends at this altitude, the usual cruise."""
LANDING_HEIGHT_FT = 1500.0
"""Height above a neighbouring field at which a landing there must be received. Traffic that is only
received higher may be flying past."""
DEFAULT_SPEED_KT = 250.0
"""The ground speed where none was received: the speed limit below 10,000 ft."""
SOUTH_DEG = 180.0
"""Direction of the alternative "gone on south": the Red Sea and East Africa, from where flights
come back."""


class Proof(StrEnum):
    """Whether an aircraft at that height and place would have been received."""

    THEN = "proven then"
    USUAL = "usually heard"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A place, an altitude, and when the aircraft would have been there."""

    at: datetime
    lat_deg: float
    lon_deg: float
    altitude_ft: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """An alternative to the landing. `kind` is `level`, `climbed`, `south` or `landed`; `airfield`
    is where the aircraft would have landed, else None."""

    kind: str
    path: tuple[PathPoint, ...]
    airfield: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisCoverage:
    """Whether an alternative would have been received."""

    hypothesis: Hypothesis
    proof: Proof
    lowest: int | None
    """The lowest altitude band that proves it; None if unknown."""
    feeds: tuple[str, ...]
    """The feeds that received other aircraft there, sorted; empty unless proven then."""


def hypotheses(last: Fix, rivals: Sequence[Airfield], rules: LandingRules) -> list[Hypothesis]:
    """Return what the aircraft may have done instead of landing where it is thought to have landed.

    `last` is the last fix before the silence; `rivals` are the other airfields where it may have
    landed. The result is empty if the fix has no position or no altitude. Without a direction the
    alternatives "level" and "climbed" are left out.
    """
    if last.place is None or last.altitude_ft is None:
        return []
    found = []
    if last.track_deg is not None:
        found.append(Hypothesis("level", _straight_path(last, last.track_deg, 0.0)))
        found.append(Hypothesis("climbed", _straight_path(last, last.track_deg, CLIMB_FPM)))
    found.append(Hypothesis("south", _straight_path(last, SOUTH_DEG, 0.0)))
    for field in rivals:
        away_nm = distance_nm(*last.place, field.lat_deg, field.lon_deg)
        at = last.at + timedelta(seconds=flight_time_s(away_nm, rules))
        low_ft = field.elevation_ft + LANDING_HEIGHT_FT
        path = (PathPoint(at, field.lat_deg, field.lon_deg, low_ft),)
        found.append(Hypothesis("landed", path, field.icao))
    return found


def hypothesis_coverage(
    hypothesis: Hypothesis,
    slots: Iterable[CoverageSlot],
    learned: Learned | None,
    feeds: Collection[str],
    rules: LandingRules,
) -> HypothesisCoverage:
    """Return whether the alternative would have been received anywhere on its path; once is enough.

    Traffic received lower at the same place proves that the altitude above is received. Only
    `feeds` count, which had received this aircraft before. `slots` are those of the time, in any
    order, without this aircraft itself (`coverage.others.without`): it proves nothing of others.
    """
    radius_nm = rules.lowest_radius_nm
    mine = [slot for slot in slots if slot.feed in feeds]
    proven_slots = [
        found for where in hypothesis.path for found in _proven_bands(mine, where, radius_nm)
    ]
    if proven_slots:
        return HypothesisCoverage(
            hypothesis=hypothesis,
            proof=Proof.THEN,
            lowest=min(band for band, _ in proven_slots),
            feeds=tuple(sorted({feed for _, feed in proven_slots})),
        )
    usual = [
        band
        for where in hypothesis.path
        if learned is not None
        and (band := learned.lowest_near(where.lat_deg, where.lon_deg, radius_nm, feeds))
        is not None
        and band <= band_of(where.altitude_ft)
    ]
    return HypothesisCoverage(
        hypothesis=hypothesis,
        proof=Proof.USUAL if usual else Proof.UNKNOWN,
        lowest=min(usual, default=None),
        feeds=(),
    )


def _straight_path(last: Fix, track_deg: float, climb_fpm: float) -> tuple[PathPoint, ...]:
    """Return the path straight on from a fix that has a position and an altitude."""
    speed_kt = last.ground_speed_kt or DEFAULT_SPEED_KT
    start_ft = last.altitude_ft or 0.0
    path = []
    for ahead in STEPS_AHEAD:
        far_nm = speed_kt * (ahead / timedelta(hours=1))
        place = destination(*(last.place or (0.0, 0.0)), track_deg, far_nm)
        climbed_ft = start_ft + climb_fpm * (ahead / timedelta(minutes=1))
        path.append(
            PathPoint(last.at + ahead, *place, max(start_ft, min(climbed_ft, HIGHEST_CLIMB_FT)))
        )
    return tuple(path)


def _proven_bands(
    slots: Iterable[CoverageSlot], where: PathPoint, radius_nm: float
) -> Iterator[tuple[int, str]]:
    """Yield the lowest band received near a path point at about that time, if not above it, and the
    feed."""
    for slot in slots:
        if abs(slot.begins_at + SLOT / 2 - where.at) <= PROOF_WITHIN:
            band = _lowest(slot, where, radius_nm)
            if band is not None and band <= band_of(where.altitude_ft):
                yield band, slot.feed


def _lowest(slot: CoverageSlot, where: PathPoint, radius_nm: float) -> int | None:
    """Return the lowest altitude band in which the slot has traffic near the point; None if there
    is none."""
    return min(
        (
            band
            for (row, column, band), count in slot.cells.items()
            if count > 0 and cell_away_nm(row, column, where.lat_deg, where.lon_deg) <= radius_nm
        ),
        default=None,
    )
