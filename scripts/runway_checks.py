"""Which runways of OurAirports' list are certain? Each is checked, and repaired where the rest of
its row leaves no doubt.

About a fifth of the long runways have no ends, and 4 % have ends that contradict their length.
Headings come from the ends, never from the name, which is magnetic and rounded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from collector.geo import (
    FT_IN_M,
    NM_IN_M,
    angle_between_deg,
    bearing_deg,
    destination,
    distance_nm,
)

HELIPAD = re.compile(r"H\d*|\d+[LRC]?H")
WATER = re.compile(r"\d+[LRC]?W")
LEAST_M, MOST_M = 150.0, 6000.0
"""A shorter runway is a pad; the longest of the world have 5,500 m."""
SAME_LENGTH_SHARE, SAME_LENGTH_NM = 0.1, 0.04
"""Ends whose distance agrees this well with the stated length are right: nine in ten are within
4 %, and rounding to four decimals is off by 10 m."""
MOVED_END_NM = 0.5
"""Ends farther than this from agreeing with the length are not believed, whatever else fits."""
HEADING_DEG, NAME_DEG = 6.0, 25.0
"""Nearly all ends agree this well with the stated heading, and with the magnetic one of the name;
only in the far north and south is the magnetic variation greater."""
NEAR_NM = 5.0
"""No runway lies farther than this from its airfield's reference point."""
OTHER_WAY_DEG = 60.0
"""Ends whose direction is this far from the stated one belong to other runways, or are swapped."""

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a runway as listed; None is what the list lacks."""

    name: str
    spot: Spot | None
    elevation_ft: float | None
    heading_deg: float | None
    displaced_ft: float


@dataclass(frozen=True, slots=True)
class Runway:
    """A runway as listed."""

    length_m: float
    ends: tuple[End, End]


@dataclass(frozen=True, slots=True)
class Place:
    """The reference point of an airfield, from airportsdata."""

    spot: Spot
    elevation_ft: float


def for_aeroplanes(row: Mapping[str, str]) -> bool:
    """Return whether a row is a runway, open or closed: neither a helipad nor water."""
    names = [row["le_ident"].strip().upper(), row["he_ident"].strip().upper()]
    length_m = (_number(row["length_ft"]) or 0.0) * FT_IN_M
    if "WAT" in row["surface"].upper() or any(map(WATER.fullmatch, names)):
        return False
    return not any(map(HELIPAD.fullmatch, names)) and not 0.0 < length_m < LEAST_M


def listed(row: Mapping[str, str]) -> Runway | None:
    """Return the runway of a row; None if it is closed, or not for aeroplanes."""
    if row["closed"] == "1" or not for_aeroplanes(row):
        return None
    length_m = (_number(row["length_ft"]) or 0.0) * FT_IN_M
    return Runway(length_m, (_end(row, "le"), _end(row, "he")))


def _end(row: Mapping[str, str], which: str) -> End:
    lat, lon = _number(row[f"{which}_latitude_deg"]), _number(row[f"{which}_longitude_deg"])
    return End(
        row[f"{which}_ident"].strip().upper(),
        None if lat is None or lon is None else (lat, lon),
        _number(row[f"{which}_elevation_ft"]),
        _number(row[f"{which}_heading_degT"]),
        _number(row[f"{which}_displaced_threshold_ft"]) or 0.0,
    )


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def certain(runway: Runway, place: Place, *, alone: bool, why: Counter[str]) -> Runway | None:
    """Return the runway with both ends checked or repaired; None if they are not certain.

    `alone` says that the airfield has no other runway, so that its reference point is the middle
    of this one. `why` counts how each runway was judged.
    """
    first, second = runway.ends
    if first.spot is not None and second.spot is not None:
        checked = _checked(runway, first.spot, second.spot)
        if checked is not None:
            why["both ends" if checked is runway else "length from the ends"] += 1
            return checked
    elif first.spot is not None or second.spot is not None:
        completed = _completed(runway)
        if completed is not None:
            why["one end, heading and length"] += 1
            return completed
    if alone and (around := _around(runway, place)) is not None:
        why["point, heading and length"] += 1
        return around
    why["uncertain"] += 1
    return None


def _checked(runway: Runway, first: Spot, second: Spot) -> Runway | None:
    """Return the runway if its ends agree with the stated length, or with everything else."""
    apart_nm, length_nm = distance_nm(*first, *second), runway.length_m / NM_IN_M
    wrong_nm = abs(apart_nm - length_nm)
    apart_m = apart_nm * NM_IN_M
    if _contradicts(runway.ends[0], bearing_deg(*first, *second)):
        return None
    if wrong_nm <= max(SAME_LENGTH_NM, SAME_LENGTH_SHARE * length_nm) and runway.length_m:
        return runway
    directed = _agrees(runway.ends[0], bearing_deg(*first, *second))
    if directed and wrong_nm <= MOVED_END_NM and LEAST_M <= apart_m <= MOST_M:
        return replace(runway, length_m=apart_m)
    return None


def _contradicts(end: End, bearing: float) -> bool:
    """Return whether the direction of the ends is neither that of the name nor the stated one."""
    stated = [each for each in (end.heading_deg, _named_deg(end)) if each is not None]
    return bool(stated) and all(angle_between_deg(bearing, each) > OTHER_WAY_DEG for each in stated)


def _agrees(end: End, bearing: float) -> bool:
    """Return whether the direction of the ends is the stated heading, or else that of the name."""
    if end.heading_deg is not None:
        return angle_between_deg(bearing, end.heading_deg) <= HEADING_DEG
    named = _named_deg(end)
    return named is not None and angle_between_deg(bearing, named) <= NAME_DEG


def _named_deg(end: End) -> float | None:
    number = re.match(r"\d{1,2}", end.name)
    return float(number[0]) * 10.0 if number else None


def _headings(runway: Runway) -> tuple[float, float] | None:
    """Return the true headings of both ends; None if they are not stated, contradict each other, or
    are only those of the name."""
    first, second = (end.heading_deg for end in runway.ends)
    if first is None and second is None:
        return None
    first = (second or 0.0) + 180.0 if first is None else first
    second = first + 180.0 if second is None else second
    if angle_between_deg(first, second + 180.0) > 2.0 or first % 360.0 == _named_deg(
        runway.ends[0]
    ):
        return None
    if not _agrees(replace(runway.ends[0], heading_deg=None), first):
        return None
    return first % 360.0, second % 360.0


def _completed(runway: Runway) -> Runway | None:
    """Return the runway with its missing end, at its length from the other in its direction."""
    headings = _headings(runway)
    if headings is None or not LEAST_M <= runway.length_m <= MOST_M:
        return None
    length_nm = runway.length_m / NM_IN_M
    first, second = runway.ends
    if first.spot is not None:
        second = replace(second, spot=destination(*first.spot, headings[0], length_nm))
    elif second.spot is not None:
        first = replace(first, spot=destination(*second.spot, headings[1], length_nm))
    return replace(runway, ends=(first, second))


def _around(runway: Runway, place: Place) -> Runway | None:
    """Return the runway laid with its middle on the airfield's reference point."""
    headings = _headings(runway)
    if headings is None or not LEAST_M <= runway.length_m <= MOST_M:
        return None
    half_nm = runway.length_m / NM_IN_M / 2.0
    first, second = runway.ends
    return replace(
        runway,
        ends=(
            replace(first, spot=destination(*place.spot, headings[1], half_nm)),
            replace(second, spot=destination(*place.spot, headings[0], half_nm)),
        ),
    )


def known_runways(rows: Sequence[Runway], place: Place, why: Counter[str]) -> list[Runway]:
    """Return the runways of an airfield; empty if it can only be taken for an area.

    That is so if a longer runway than all those with certain ends is uncertain, and if the ends lie
    elsewhere than the airfield.
    """
    judged = [(row, certain(row, place, alone=len(rows) == 1, why=why)) for row in rows]
    known = [runway for _, runway in judged if runway is not None]
    longest_m = max((runway.length_m for runway in known), default=0.0)
    if any(row.length_m > longest_m for row, runway in judged if runway is None):
        return []
    spots = [end.spot for runway in known for end in runway.ends if end.spot is not None]
    points = (place.spot, _from_minutes(place.spot))
    if not any(all(distance_nm(*spot, *point) <= NEAR_NM for spot in spots) for point in points):
        why["elsewhere than the airfield"] += len(known)
        return []
    return known


def _from_minutes(spot: Spot) -> Spot:
    """Return the point whose degrees, minutes and seconds were written as decimals: airportsdata
    has 49.3724 for Luxembourg's 49°37′24″."""
    lat, lon = (
        (abs(x) // 1 + (abs(x) * 100 % 100 // 1) / 60 + (abs(x) * 10_000 % 100) / 3600)
        * (-1 if x < 0 else 1)
        for x in spot
    )
    return lat, lon
