"""Had it not landed there, would it have been heard? Asked for each thing it may have done instead.

the last fix ─► where it would have been ─► who was heard there then, else who usually is

A grade does not rest on this; it shows an editor what the silence is worth.
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
"""Where it would have been is looked at so long after the last fix, up to `heard_window`."""

PROOF_WITHIN = timedelta(minutes=10)
"""Who was heard there within this of then proves it: as long as two answers may lie apart."""

CLIMB_FPM = 1500.0
"""A loaded freighter's climb after a go-around, at first more."""
HIGHEST_CLIMB_FT = 35_000.0
"""Nor does it climb higher than this."""
LANDING_HEIGHT_FT = 1500.0
"""Above a field: who lands there is heard this low, or else not told from who flies by."""
DEFAULT_SPEED_KT = 250.0
"""Where no speed was heard: the limit below 10,000 ft."""
SOUTH_DEG = 180.0


class Proof(StrEnum):
    """Whether somebody at that height and place would have been heard."""

    THEN = "proven then"
    USUAL = "usually heard"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A place and height, and when it would have been there."""

    at: datetime
    lat_deg: float
    lon_deg: float
    altitude_ft: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What it may have done instead. `kind` is level, climbed, south or landed; `airfield` is
    where it would have landed."""

    kind: str
    path: tuple[PathPoint, ...]
    airfield: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisCoverage:
    """Whether that would have been heard."""

    hypothesis: Hypothesis
    proof: Proof
    lowest: int | None
    """The lowest band that says so; None: unknown."""
    feeds: tuple[str, ...]
    """Who heard others there; empty unless proven then."""


def hypotheses(last: Fix, rivals: Sequence[Airfield], rules: LandingRules) -> list[Hypothesis]:
    """What an aircraft that was last heard there may have done but land where it is thought to.

    `rivals` are the neighbours it may have landed at. Empty where the fix tells no place or no
    height; without a direction it is asked neither on its course nor climbing.
    """
    if last.lat_deg is None or last.lon_deg is None or last.altitude_ft is None:
        return []
    found = []
    if last.track_deg is not None:
        found.append(Hypothesis("level", _straight_path(last, last.track_deg, 0.0)))
        found.append(Hypothesis("climbed", _straight_path(last, last.track_deg, CLIMB_FPM)))
    found.append(Hypothesis("south", _straight_path(last, SOUTH_DEG, 0.0)))
    for field in rivals:
        away_nm = distance_nm(last.lat_deg, last.lon_deg, field.lat_deg, field.lon_deg)
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
    """Whether somebody on that way would have been heard: anywhere on it, for once is enough.

    Who is heard lower at the same place proves that the height above is heard. Only `feeds` count,
    those that had heard this aircraft. `slots` are those of the time, in any order.
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
    """Straight on from the fix, which is placed and has a height."""
    speed_kt = last.ground_speed_kt or DEFAULT_SPEED_KT
    start_ft = last.altitude_ft or 0.0
    path = []
    for ahead in STEPS_AHEAD:
        far_nm = speed_kt * (ahead / timedelta(hours=1))
        place = destination(last.lat_deg or 0.0, last.lon_deg or 0.0, track_deg, far_nm)
        climbed_ft = start_ft + climb_fpm * (ahead / timedelta(minutes=1))
        path.append(
            PathPoint(last.at + ahead, *place, max(start_ft, min(climbed_ft, HIGHEST_CLIMB_FT)))
        )
    return tuple(path)


def _proven_bands(
    slots: Iterable[CoverageSlot], where: PathPoint, radius_nm: float
) -> Iterator[tuple[int, str]]:
    """The lowest band heard near there about then, not above it, and by whom."""
    for slot in slots:
        if abs(slot.begins_at + SLOT / 2 - where.at) <= PROOF_WITHIN:
            band = _lowest(slot, where, radius_nm)
            if band is not None and band <= band_of(where.altitude_ft):
                yield band, slot.feed


def _lowest(slot: CoverageSlot, where: PathPoint, radius_nm: float) -> int | None:
    """The lowest band in which anybody was heard near the place."""
    return min(
        (
            band
            for (row, column, band), count in slot.cells.items()
            if count > 0 and cell_away_nm(row, column, where.lat_deg, where.lon_deg) <= radius_nm
        ),
        default=None,
    )
