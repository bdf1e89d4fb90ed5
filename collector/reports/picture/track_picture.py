"""Which values does the picture of a landing show? They are collected from its position reports,
purely and without drawing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector.geo import distance_nm
from collector.landings.fields import FT_PER_NM_AT_3_DEG
from collector.model import Airfield, Detection, Landing, Observation
from collector.model.terms import Terms
from collector.reports import formatting
from collector.reports.landing import summary
from collector.reports.landing.gaps import fixes_of, gaps_in, span_around
from collector.reports.picture import captions
from collector.reports.picture.airfields import Field, Origin, drawn_field, middle
from collector.reports.picture.frame import (
    CLOSE_UP_HALF_NM,
    MOST_HALF_NM,
    WIDEST,
    Frame,
    frame_of,
    scale_of,
)
from collector.reports.picture.timescale import TimeScale
from collector.reports.picture.track import (
    JOINED_WITHIN,
    Arrow,
    DoubtedPosition,
    DrawnGap,
    Leg,
    Point,
    arrows_along,
    doubted_positions,
    drawn_gaps,
    legs_of,
    points_of,
    thinned,
)
from collector.tracking import Fix
from collector.untrusted import visible

GUIDE_NM = 45.0
"""The 3° path is drawn up to this distance from the airfield, where it is 14,000 ft above it."""
GUIDES = 2
ARROWS_ACROSS = 7


@dataclass(frozen=True, slots=True)
class Guide:
    """A 3° path to one airfield, at the times and distances of the track."""

    icao: str
    points: tuple[tuple[datetime, float], ...]
    """Times and heights above sea level in feet."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which the aircraft sent nothing that any feed received, not even a height."""

    begins_at: datetime
    ends_at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPicture:
    """Everything on the sheet. Every text is one visible line and may quote received text."""

    head: tuple[str, ...]
    """Three lines: the aircraft; the place; the time with its uncertainty, and the grade."""
    remarks: tuple[str, ...]
    candidates: tuple[str, ...]
    caption: tuple[str, ...]
    zone: str
    determined: bool
    runway: str | None
    origin: Origin
    """From where spots are counted."""
    fields: tuple[Field, ...]
    """The candidates first, the most probable at the head."""
    frame: Frame
    points: tuple[Point, ...]
    legs: tuple[Leg, ...]
    gaps: tuple[DrawnGap, ...]
    arrows: tuple[Arrow, ...]
    doubted_positions: tuple[DoubtedPosition, ...]
    scale: TimeScale
    silences: tuple[Silence, ...]
    guides: tuple[Guide, ...]
    touchdown_at: datetime
    uncertainty_s: float
    departed_at: datetime | None
    departed_uncertainty_s: float | None

    @property
    def close_up(self) -> Field | None:
        """The airfield that is shown enlarged: that of the landing, if it is determined, and the
        aircraft was heard there."""
        first = next((field for field in self.fields if field.candidate), None)
        if first is None or not first.strips or not self.determined:
            return None
        near = Frame(first.spot, CLOSE_UP_HALF_NM)
        heard = any(one.spot is not None and near.holds(one.spot) for one in self.points)
        return first if heard else None


def picture_of(
    landing: Landing,
    observations: Sequence[Observation],
    airfields: Sequence[Airfield],
    *,
    zone: str,
    terms: Mapping[str, Terms],
    now: datetime,
) -> TrackPicture:
    """Return the picture of `landing` from the aircraft's position reports around it, in any order.

    `airfields` are all known airfields; those that did not exist on the day are left out. `zone`
    is the time zone if the airfield is unknown. `terms` are the terms of the feeds by name.
    """
    detection = landing.detection
    fixes = fixes_of(observations, airfields)
    begin, until = span_around(detection, now)
    open_airfields = _open_on(airfields, detection)
    candidates = _candidates(landing, open_airfields)
    origin = _origin(candidates, fixes)
    points = points_of(fixes, detection.touchdown_at, origin)
    gaps = drawn_gaps(gaps_in(fixes, until, JOINED_WITHIN), detection.touchdown_at, origin)
    fields = _fields(detection, open_airfields, candidates, origin)
    frame = frame_of(fields, gaps, points)
    widest = replace(frame, wide=WIDEST)
    legs = legs_of(points)
    doubted = doubted_positions(observations, fixes, airfields, origin)
    return TrackPicture(
        head=captions.head(landing, airfields, zone),
        remarks=captions.remarks(landing, airfields, zone),
        candidates=captions.candidates(detection, airfields),
        caption=tuple(captions.caption(landing, fixes, doubted, observations, terms)),
        zone=summary.local_zone(detection, airfields, zone),
        determined=landing.airfield is not None,
        runway=detection.runway if landing.airfield == detection.airfield else None,
        origin=origin,
        fields=tuple(one for one in fields if one.candidate or widest.holds(one.spot)),
        frame=frame,
        points=tuple(thinned(points)),
        legs=tuple(legs),
        gaps=tuple(gaps),
        arrows=tuple(
            arrow
            for arrow in arrows_along(legs, 2 * frame.half_nm / ARROWS_ACROSS)
            if widest.holds(arrow.spot, 0.96)
        ),
        doubted_positions=tuple(doubted),
        scale=scale_of(detection, fixes, begin, until),
        silences=tuple(_silences(fixes, until)),
        guides=tuple(_guides(detection, fixes, candidates)),
        touchdown_at=detection.touchdown_at,
        uncertainty_s=detection.uncertainty_s,
        departed_at=detection.departed_at,
        departed_uncertainty_s=detection.departed_uncertainty_s,
    )


def _open_on(airfields: Sequence[Airfield], detection: Detection) -> list[Airfield]:
    """The airfields of the day: one entry for each code."""
    day = detection.touchdown_at.date()
    return list({field.icao: field for field in airfields if field.exists_on(day)}.values())


def _candidates(landing: Landing, fields: Sequence[Airfield]) -> list[Airfield]:
    """The airfield of the landing, or all candidates by probability if it is undetermined.

    If a review names another airfield than the derived one, both are given, that of the review
    first.
    """
    detection = landing.detection
    codes = [code for code in (landing.airfield, detection.airfield) if code is not None]
    codes = list(dict.fromkeys(codes)) or [one.airfield for one in detection.ranked]
    by_code = {field.icao: field for field in fields}
    return [by_code[code] for code in codes if code in by_code]


def _origin(candidates: Sequence[Airfield], fixes: Sequence[Fix]) -> Origin:
    """The airfield, the middle of the candidates, or else the last position."""
    origin = middle(candidates)
    if origin is not None:
        return origin
    spots = [(fix.lat_deg, fix.lon_deg) for fix in fixes]
    placed = [Origin(lat, lon) for lat, lon in spots if lat is not None and lon is not None]
    return placed[-1] if placed else Origin(0.0, 0.0)


def _fields(
    detection: Detection,
    airfields: Sequence[Airfield],
    candidates: Sequence[Airfield],
    origin: Origin,
) -> list[Field]:
    """The candidates, then the others by distance; only airfields that may fit on the sheet."""
    shares = {one.airfield: one.probability for one in detection.candidates}
    rank = {field.icao: number for number, field in enumerate(candidates)}
    drawn = [
        drawn_field(field, origin, candidate=field.icao in rank, probability=shares.get(field.icao))
        for field in airfields
    ]
    near = [one for one in drawn if one.candidate or math.hypot(*one.spot) <= 2 * MOST_HALF_NM]
    return sorted(
        near, key=lambda one: (rank.get(one.icao, len(rank)), math.hypot(*one.spot), one.icao)
    )


def _silences(fixes: Sequence[Fix], until: datetime) -> Iterable[Silence]:
    for one, other in itertools.pairwise(fix.at for fix in fixes):
        if other - one > JOINED_WITHIN:
            yield Silence(one, other, f"silent for {formatting.duration(other - one)}")
    if fixes and until - fixes[-1].at > JOINED_WITHIN:
        length = formatting.duration(until - fixes[-1].at)
        yield Silence(fixes[-1].at, until, f"nothing more received for {length}")


def _guides(
    detection: Detection, fixes: Sequence[Fix], candidates: Sequence[Airfield]
) -> Iterable[Guide]:
    """3° paths to the most probable airfields; down to the touchdown if there is only one."""
    arriving = [
        fix
        for fix in fixes
        if fix.placed and not fix.on_ground and fix.at <= detection.touchdown_at
    ]
    for field in candidates[:GUIDES]:
        points = []
        for fix in arriving:
            distance = _to_fly_nm(field, detection.runway, fix)
            if distance <= GUIDE_NM:
                points.append((fix.at, field.elevation_ft + FT_PER_NM_AT_3_DEG * distance))
        if points and detection.airfield is not None:
            points.append((detection.touchdown_at, field.elevation_ft))
        if len(points) > 1:
            yield Guide(visible(field.icao, 8), tuple(points))


def _to_fly_nm(field: Airfield, runway: str | None, fix: Fix) -> float:
    """The direct distance to the threshold, or to the airfield if the runway is unknown."""
    spots = [(end.lat_deg, end.lon_deg) for end in field.runways if end.name == runway]
    lat, lon = spots[0] if spots else (field.lat_deg, field.lon_deg)
    return distance_nm(lat, lon, fix.lat_deg or 0.0, fix.lon_deg or 0.0)
