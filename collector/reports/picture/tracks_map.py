"""Which values does the map of a week's tracks show? Each landing's track near the place, with the
number that it has in the list of landings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.model import Airfield, Landing, Observation
from collector.model.watch import airfield_on
from collector.reports.landing.gaps import fixes_of, gaps_in
from collector.reports.picture.airfields import Field, Origin, Spot, drawn_field, middle
from collector.reports.picture.frame import Frame
from collector.reports.picture.track import (
    JOINED_WITHIN,
    Side,
    drawn_gaps,
    legs_of,
    points_of,
)
from collector.tracking import Fix

HALF_NM = 40.0
"""From the place to the edge: 27 minutes of an approach, and the neighbours with which an airfield
is confused."""
MOST_TRACKS = 12
"""More tracks on one map can no longer be told apart."""
MOST_POINTS = 60
"""Points of a leg: one every three pixels of a phone's map."""


@dataclass(frozen=True, slots=True)
class MapLeg:
    """A part of a track without a gap; the last points of one and the first of the next may be
    joined by a gap."""

    side: Side
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTrack:
    """The track of one landing near the place."""

    mark: str
    """Its number in the list of landings."""
    legs: tuple[MapLeg, ...]
    gaps: tuple[tuple[Spot, Spot], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TracksMap:
    """The tracks of a week near a place."""

    headline: str
    origin: Origin
    frame: Frame
    fields: tuple[Field, ...]
    tracks: tuple[MapTrack, ...]
    left_out: int = 0
    """Landings whose tracks are not shown, because there are too many or nothing was received."""
    footer: str = ""

    @property
    def sentence(self) -> str:
        """What it shows, in words, for those who do not see it."""
        names = " and ".join(each.label for each in self.fields if each.candidate)
        marks = ", ".join(each.mark for each in self.tracks)
        which = f"landing {marks}" if len(self.tracks) == 1 else f"landings {marks}"
        more = f" {self.left_out} more are not shown." if self.left_out else ""
        return (
            f"Map, {2 * self.frame.half_nm:.0f} NM across, of the tracks near {names} as far as "
            f"they were received: {which}. Dashed lines are gaps.{more}"
        )


def map_of(
    headline: str,
    tracks: Sequence[tuple[str, Landing, Sequence[Observation]]],
    codes: Sequence[str],
    airfields: Sequence[Airfield],
    *,
    footer: str = "",
) -> TracksMap | None:
    """Return the map of these landings, each with its mark and its position reports in any order.

    `codes` are the airfields of the place. Returns None if nothing can be shown.
    """
    if not tracks:
        return None
    day = tracks[-1][1].detection.touchdown_at.date()
    found = [airfield_on(airfields, code, day) for code in codes]
    place = [each for each in found if each is not None]
    origin = middle(place)
    if origin is None:
        return None
    frame = Frame((0.0, 0.0), HALF_NM)
    shown = [
        drawn
        for mark, landing, reports in tracks
        if (drawn := _track(mark, landing, fixes_of(reports, airfields), origin, frame)).legs
    ]
    if not shown:
        return None
    open_fields = {each.icao: each for each in airfields if each.exists_on(day)}
    fields = [
        drawn_field(each, origin, candidate=each.icao in codes, probability=None)
        for each in open_fields.values()
    ]
    return TracksMap(
        headline=headline,
        origin=origin,
        frame=frame,
        fields=tuple(
            sorted(
                (each for each in fields if frame.holds(each.spot, 0.97)),
                key=lambda each: (not each.candidate, each.icao),
            )
        ),
        tracks=tuple(shown[-MOST_TRACKS:]),
        left_out=len(tracks) - len(shown[-MOST_TRACKS:]),
        footer=footer,
    )


def _track(
    mark: str, landing: Landing, fixes: Sequence[Fix], origin: Origin, frame: Frame
) -> MapTrack:
    touchdown_at = landing.detection.touchdown_at
    legs = []
    for leg in legs_of(points_of(fixes, touchdown_at, origin)):
        spots = _near(leg.spots, frame)
        if leg.side is not Side.GROUND and spots:
            legs.append(MapLeg(leg.side, spots))
    gaps = drawn_gaps(gaps_in(fixes, touchdown_at, JOINED_WITHIN), touchdown_at, origin)
    return MapTrack(
        mark=mark,
        legs=tuple(legs),
        gaps=tuple(
            (_rounded(gap.begin), _rounded(gap.end))
            for gap in gaps
            if gap.end is not None and (frame.holds(gap.begin) or frame.holds(gap.end))
        ),
    )


def _near(spots: Sequence[Spot], frame: Frame) -> tuple[Spot, ...]:
    """Return the spots within the frame, with the one before and after, thinned out evenly."""
    inside = [frame.holds(spot) for spot in spots]
    near = [
        spot for number, spot in enumerate(spots) if any(inside[max(0, number - 1) : number + 2])
    ]
    every = max(1, -(-len(near) // MOST_POINTS))
    kept = [*near[:-1:every], *near[-1:]]
    return tuple(_rounded(spot) for spot in kept)


def _rounded(spot: Spot) -> Spot:
    return round(spot[0], 2), round(spot[1], 2)
