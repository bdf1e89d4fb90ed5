"""How much ground and how much time does the sheet show?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model import Detection
from collector.reports.picture.ground import Field, Spot
from collector.reports.picture.heard import Hole, Point
from collector.reports.picture.timescale import WHOLE_UP_TO, TimeScale, timescale
from collector.tracking import Fix

BEFORE = timedelta(minutes=20)
"""Of the arrival before it was last heard in the air: most of a descent from cruise."""
AFTER = timedelta(minutes=12)
REST = timedelta(minutes=4)
"""At least so much around the touchdown, and after what was heard last."""
LEAST_HALF_NM = 10.0
MOST_HALF_NM = 60.0
MARGIN = 1.15
NEIGHBOURS_NM = 15.0
"""From Ovda to Ramon it is 13.5 NM: a neighbour that is easily taken for the field is shown."""
FINAL_NM = 14.0
"""Of the track on either side, even where it was heard down to the ground."""
LED_UP_NM = 6.0
"""Of the track before it was last heard, and after it was heard again."""
STANDING_KT = 3.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A square of ground: its middle, and how far it reaches to each side, in NM."""

    centre: Spot
    half_nm: float

    def holds(self, spot: Spot, share: float = 1.0) -> bool:
        """Whether a spot lies in it, or in the inner `share` of it."""
        reach = share * self.half_nm
        return all(abs(a - b) <= reach for a, b in zip(spot, self.centre, strict=True))


def frame_of(fields: Sequence[Field], holes: Iterable[Hole], points: Iterable[Point]) -> Frame:
    """So much that the candidates, near neighbours and both ends of the silence are shown."""
    candidates = [field.spot for field in fields if field.candidate]
    wanted = list(candidates)
    wanted += [field.spot for field in fields if _near(field.spot, candidates, NEIGHBOURS_NM)]
    lost: list[Spot] = []
    for hole in holes:
        if hole.visit:
            ends = (hole.begin, hole.end) if hole.end is not None else (hole.begin,)
            lost += [spot for spot in ends if math.hypot(*spot) <= MOST_HALF_NM]
    placed = [point.spot for point in points if point.spot is not None]
    wanted += [spot for spot in placed if _near(spot, candidates, FINAL_NM)]
    wanted += [*lost, *(spot for spot in placed if _near(spot, lost, LED_UP_NM))]
    return _square(wanted or placed or [(0.0, 0.0)])


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
    """From the last 20 minutes of the arrival to the first 12 of the departure."""
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
    # What is said about the touchdown is drawn to scale, unless it is a matter of hours.
    told = [touchdown_at]
    if spread <= WHOLE_UP_TO:
        told += [touchdown_at - spread, touchdown_at + spread]
    return timescale(begins_at, ends_at, [*moving, *told])


def _standing(fix: Fix) -> bool:
    return bool(fix.on_ground) and (fix.ground_speed_kt or 0.0) < STANDING_KT
