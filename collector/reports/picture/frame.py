"""How much ground and how much time does the sheet show? The frame holds the candidates, their near
neighbours and both ends of the silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model import Detection
from collector.reports.picture.airfields import Field, Spot
from collector.reports.picture.timescale import LONGEST_TO_SCALE, TimeScale, timescale
from collector.reports.picture.track import DrawnGap, Point
from collector.tracking import Fix

BEFORE = timedelta(minutes=20)
"""Shown before the last report in the air: most of a descent from cruise."""
AFTER = timedelta(minutes=12)
REST = timedelta(minutes=4)
"""Shown at least on both sides of the touchdown, and after the last report."""
LEAST_HALF_NM = 10.0
MOST_HALF_NM = 60.0
MARGIN = 1.15
WIDEST = 1.4
"""A map over the whole sheet is so many times as wide as it is high."""
NEIGHBOURS_NM = 15.0
"""A neighbour this near is shown, since it may be mistaken for the airfield: Ovda and Ramon are
13.5 NM apart."""
FINAL_NM = 14.0
"""This much of the track is shown on either side, even without a silence."""
BESIDE_SILENCE_NM = 6.0
"""This much of the track is shown before and after the silence."""
STANDING_KT = 3.0
CLOSE_UP_HALF_NM = 1.6
"""So much ground to each side of an airfield is shown enlarged."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of ground: its centre, and its reach to north and south in NM."""

    centre: Spot
    half_nm: float
    wide: float = 1.0
    """How many times as far it reaches to east and west."""

    def holds(self, spot: Spot, share: float = 1.0) -> bool:
        """Return whether a spot lies in the frame, or in its inner `share`."""
        north_nm = share * self.half_nm
        east, north = (abs(a - b) for a, b in zip(spot, self.centre, strict=True))
        return east <= north_nm * self.wide and north <= north_nm


def frame_of(fields: Sequence[Field], gaps: Iterable[DrawnGap], points: Iterable[Point]) -> Frame:
    """Return the frame that shows the candidates, near neighbours and both ends of the silence."""
    candidates = [field.spot for field in fields if field.candidate]
    shown = list(candidates)
    shown += [field.spot for field in fields if _near(field.spot, candidates, NEIGHBOURS_NM)]
    silence_ends: list[Spot] = []
    for gap in gaps:
        if gap.visit:
            ends = (gap.begin, gap.end) if gap.end is not None else (gap.begin,)
            silence_ends += [spot for spot in ends if math.hypot(*spot) <= MOST_HALF_NM]
    placed = [point.spot for point in points if point.spot is not None]
    shown += [spot for spot in placed if _near(spot, candidates, FINAL_NM)]
    shown += [
        *silence_ends,
        *(spot for spot in placed if _near(spot, silence_ends, BESIDE_SILENCE_NM)),
    ]
    return _square(shown or placed or [(0.0, 0.0)])


def _near(spot: Spot, others: Iterable[Spot], within_nm: float) -> bool:
    return any(math.dist(spot, other) <= within_nm for other in others)


def _square(spots: Sequence[Spot]) -> Frame:
    easts, norths = [spot[0] for spot in spots], [spot[1] for spot in spots]
    centre = ((min(easts) + max(easts)) / 2, (min(norths) + max(norths)) / 2)
    reach = max(max(easts) - min(easts), max(norths) - min(norths)) / 2
    return Frame(centre, min(MOST_HALF_NM, max(LEAST_HALF_NM, MARGIN * reach)))


def scale_of(
    detection: Detection, fixes: Sequence[Fix], begin: datetime, until: datetime
) -> TimeScale:
    """Return the time axis: the last 20 minutes of the arrival to the first 12 of the departure."""
    touchdown_at, spread = detection.touchdown_at, timedelta(seconds=detection.uncertainty_s)
    flying = [fix.at for fix in fixes if fix.placed and not fix.on_ground]
    before = [at for at in flying if at <= touchdown_at]
    after = [at for at in flying if at > touchdown_at]
    last = max([touchdown_at + spread, *(fix.at for fix in fixes)])
    begins_at = (before[-1] if before else touchdown_at - spread) - BEFORE
    ends_at = after[0] + AFTER if after else last + REST
    begins_at = max([begin, begins_at, *(fix.at - REST / 4 for fix in fixes[:1])])
    begins_at = min(begins_at, touchdown_at - REST)
    ends_at = max(min(ends_at, until), touchdown_at + REST)
    moving = [fix.at for fix in fixes if not _standing(fix)]
    # The uncertainty of the touchdown is drawn to scale, unless it is hours long.
    to_scale = [touchdown_at]
    if spread <= LONGEST_TO_SCALE:
        to_scale += [touchdown_at - spread, touchdown_at + spread]
    return timescale(begins_at, ends_at, [*moving, *to_scale])


def _standing(fix: Fix) -> bool:
    return bool(fix.on_ground) and (fix.ground_speed_kt or 0.0) < STANDING_KT
