"""What is to be drawn of one landing's track? Plain values: no ink, no files, no clock."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.geo import distance_nm
from collector.landings.fields import FT_PER_NM_AT_3_DEG
from collector.model import Airfield, Detection, Landing, Observation
from collector.model.terms import Terms
from collector.reports import formatting
from collector.reports.landing import summary
from collector.reports.landing.gaps import fixes_of, gaps_in, span_around
from collector.reports.picture import words
from collector.reports.picture.frame import MOST_HALF_NM, Frame, frame_of, scale_of
from collector.reports.picture.ground import Field, Origin, field_on_paper, middle
from collector.reports.picture.heard import (
    JOINED_WITHIN,
    Arrow,
    Doubted,
    Hole,
    Leg,
    Point,
    arrows_of,
    doubted_of,
    holes_of,
    legs_of,
    points_of,
    thinned,
)
from collector.reports.picture.timescale import TimeScale
from collector.tracking import Fix
from collector.untrusted import visible

GUIDE_NM = 45.0
"""How far from the field the 3° path is drawn; it is 14,000 ft above it there."""
GUIDES = 2
ARROWS_ACROSS = 7


@dataclass(frozen=True, slots=True)
class Guide:
    """A 3° path to one field, at the times and distances of the track."""

    icao: str
    points: tuple[tuple[datetime, float], ...]
    """Times, and heights above sea level in feet."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which nothing at all was heard, not even a height."""

    begins_at: datetime
    ends_at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPicture:
    """Everything on the sheet; every text is one visible line that may quote the air."""

    head: tuple[str, ...]
    """Which aircraft; where; when, give or take, and how sure."""
    remarks: tuple[str, ...]
    candidates: tuple[str, ...]
    caption: tuple[str, ...]
    zone: str
    determined: bool
    runway: str | None
    fields: tuple[Field, ...]
    """Candidates first, the likeliest before the others."""
    frame: Frame
    points: tuple[Point, ...]
    legs: tuple[Leg, ...]
    holes: tuple[Hole, ...]
    arrows: tuple[Arrow, ...]
    doubted: tuple[Doubted, ...]
    scale: TimeScale
    silences: tuple[Silence, ...]
    guides: tuple[Guide, ...]
    touchdown_at: datetime
    uncertainty_s: float
    departed_at: datetime | None

    @property
    def close_up(self) -> Field | None:
        """The field that is shown large: the one it landed at, if that is known."""
        first = next((field for field in self.fields if field.candidate), None)
        return first if first is not None and first.strips and self.determined else None


def picture_of(
    landing: Landing,
    observations: Sequence[Observation],
    airfields: Sequence[Airfield],
    *,
    zone: str,
    terms: Mapping[str, Terms],
    now: datetime,
) -> TrackPicture:
    """The picture of `landing` from the reports of that aircraft around it, in any order.

    `airfields` are all that are known, those that did not exist on the day are left out; `zone` is
    used where no field is known; `terms` by feed name say whom the positions are owed to.
    """
    detection = landing.detection
    fixes = fixes_of(observations, airfields)
    begin, until = span_around(detection, now)
    open_then = _open_on(airfields, detection)
    candidates = _candidates(landing, open_then)
    origin = _origin(candidates, fixes)
    points = points_of(fixes, detection.touchdown_at, origin)
    holes = holes_of(gaps_in(fixes, until, JOINED_WITHIN), detection.touchdown_at, origin)
    fields = _fields(detection, open_then, candidates, origin)
    frame = frame_of(fields, holes, points)
    legs = legs_of(points)
    doubted = doubted_of(observations, fixes, airfields, origin)
    return TrackPicture(
        head=words.head(landing, airfields, zone),
        remarks=words.remarks(landing, airfields, zone),
        candidates=words.candidates(detection, airfields),
        caption=tuple(words.caption(landing, fixes, doubted, observations, terms)),
        zone=summary.local_zone(detection, airfields, zone),
        determined=landing.airfield is not None,
        runway=detection.runway if landing.airfield == detection.airfield else None,
        fields=tuple(one for one in fields if one.candidate or frame.holds(one.spot)),
        frame=frame,
        points=tuple(thinned(points)),
        legs=tuple(legs),
        holes=tuple(holes),
        arrows=tuple(
            arrow
            for arrow in arrows_of(legs, 2 * frame.half_nm / ARROWS_ACROSS)
            if frame.holds(arrow.spot, 0.96)
        ),
        doubted=tuple(doubted),
        scale=scale_of(detection, fixes, begin, until),
        silences=tuple(_silences(fixes, until)),
        guides=tuple(_guides(detection, fixes, candidates)),
        touchdown_at=detection.touchdown_at,
        uncertainty_s=detection.uncertainty_s,
        departed_at=detection.departed_at,
    )


def _open_on(airfields: Sequence[Airfield], detection: Detection) -> list[Airfield]:
    """One entry a code: the one that was valid on the day."""
    day = detection.touchdown_at.date()
    return list({field.icao: field for field in airfields if field.exists_on(day)}.values())


def _candidates(landing: Landing, fields: Sequence[Airfield]) -> list[Airfield]:
    """The named field alone, or the likeliest first where it is undetermined.

    Where a person names another than was derived: theirs, then the derived one.
    """
    detection = landing.detection
    codes = [code for code in (landing.airfield, detection.airfield) if code is not None]
    codes = list(dict.fromkeys(codes)) or [one.airfield for one in detection.ranked]
    known = {field.icao: field for field in fields}
    return [known[code] for code in codes if code in known]


def _origin(candidates: Sequence[Airfield], fixes: Sequence[Fix]) -> Origin:
    """The field, the middle of the candidates, or else where it was last heard."""
    found = middle(candidates)
    if found is not None:
        return found
    spots = [(fix.lat_deg, fix.lon_deg) for fix in fixes]
    placed = [Origin(lat, lon) for lat, lon in spots if lat is not None and lon is not None]
    return placed[-1] if placed else Origin(0.0, 0.0)


def _fields(
    detection: Detection,
    airfields: Sequence[Airfield],
    candidates: Sequence[Airfield],
    origin: Origin,
) -> list[Field]:
    """Candidates first, then the others by distance; only what may come onto the sheet."""
    shares = {one.airfield: one.probability for one in detection.candidates}
    rank = {field.icao: number for number, field in enumerate(candidates)}
    drawn = [
        field_on_paper(
            field, origin, candidate=field.icao in rank, probability=shares.get(field.icao)
        )
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
        yield Silence(fixes[-1].at, until, f"nothing more heard for {length}")


def _guides(
    detection: Detection, fixes: Sequence[Fix], candidates: Sequence[Airfield]
) -> Iterable[Guide]:
    """3° paths to the likeliest fields; down to the touchdown where there is but one."""
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
    """Straight to the threshold, or to the field where the runway is not known."""
    spots = [(end.lat_deg, end.lon_deg) for end in field.runways if end.name == runway]
    lat, lon = spots[0] if spots else (field.lat_deg, field.lon_deg)
    return distance_nm(lat, lon, fix.lat_deg or 0.0, fix.lon_deg or 0.0)
