"""What has to be decided? Every silence of an aircraft in the air is a question with a true answer.

During a stay an aircraft sends no reports in flight, so each silence (or stretch on the ground)
poses one question: at which of the fields did it land, or at none? The detector and the oracle are
given the same questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from collector.geo import distance_nm
from collector.model import Detection, Observation
from collector.tracking import Fix, track

from .legs import Landed
from .world import SOUTHERN, World, landed_at, weighed

NONE = "none"

LEAST_S = 600.0
"""Shorter silences hide no stay."""
NEAR_NM = 120.0
"""A silence is a question if one end is this near to one of the fields where flights land."""
FAR_NM, LONG_S = 400.0, 2400.0
"""Or if both ends are this near, and it is long enough to fly there, stay and fly back."""
SLACK_S = 200.0
"""Ground bits come up to 140 s late, so flight may be reported after touchdown."""
SILENT = 0.02
"""The probability of the true answer if the detector gives no answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """One silence: its ends, and the reports during it."""

    before: int
    """Index of the last fix in the air."""
    after: int | None
    """Index of the first fix in the air afterwards; None while it is silent."""
    fixes: Sequence[Fix]
    begin_at: datetime
    end_at: datetime
    answer: str
    """The truth: a field, or `none`."""


def answers(world: World) -> tuple[str, ...]:
    """Return every answer that is possible in a world: the fields where flights land, and none."""
    return (*world.fields, NONE)


def weighed_answers(world: World) -> tuple[str, ...]:
    """Return the answers that somebody must weigh who does not know where flights land."""
    return (*(each.icao for each in weighed(world)), NONE)


def fixes_of(observations: Sequence[Observation]) -> list[Fix]:
    """Return the believed fixes of the observations, as the detector's first step makes them."""
    return track(observations)


def questions(
    fixes: Sequence[Fix], landed: Sequence[Landed], now: datetime, world: World = SOUTHERN
) -> list[Question]:
    """Return every silence that may hide a stay, in order, with its true stay."""
    flying = [i for i, fix in enumerate(fixes) if fix.placed and not fix.on_ground]
    found = []
    for before, after in [*pairwise(flying), *((last, None) for last in flying[-1:])]:
        begin_at = fixes[before].at
        end_at = now if after is None else fixes[after].at
        ends = [fixes[before], *([] if after is None else [fixes[after]])]
        if _matters(ends, (end_at - begin_at).total_seconds(), world):
            answer = _answer(landed, begin_at.timestamp(), end_at.timestamp())
            found.append(Question(before, after, fixes, begin_at, end_at, answer))
    return found


def _matters(ends: Sequence[Fix], seconds: float, world: World) -> bool:
    if seconds < LEAST_S:
        return False
    away_nm = [_nearest_nm(fix, world) for fix in ends]
    both = len(ends) == 2 and max(away_nm) <= FAR_NM and seconds >= LONG_S
    return min(away_nm) <= NEAR_NM or both


def _nearest_nm(fix: Fix, world: World) -> float:
    if fix.lat_deg is None or fix.lon_deg is None:
        return float("inf")
    return min(
        distance_nm(fix.lat_deg, fix.lon_deg, place.lat_deg, place.lon_deg)
        for place in landed_at(world)
    )


def _answer(landed: Sequence[Landed], begin_s: float, end_s: float) -> str:
    """The field of the stay of which more than half lies in the silence."""
    best: tuple[float, str] | None = None
    for one in landed:
        left_s = end_s if one.left_at_s is None else one.left_at_s
        shared = min(end_s, left_s) - max(begin_s - SLACK_S, one.at_s)
        if shared > 0.5 * (left_s - one.at_s) and (best is None or shared > best[0]):
            best = shared, one.airfield
    return NONE if best is None else best[1]


def answer_probabilities(
    detections: Sequence[Detection], question: Question, world: World = SOUTHERN
) -> dict[str, float]:
    """Return the detector's probabilities of all answers, `none` included; they sum to 1.

    A field at which no flight of the world lands has its share, too, if the detector weighs it.
    """
    shares: dict[str, float] = {}
    begin_s, end_s = question.begin_at.timestamp(), question.end_at.timestamp()
    for detection in detections:
        at_s = detection.touchdown_at.timestamp()
        if not begin_s - SLACK_S <= at_s <= end_s:
            continue
        mine = {each.airfield: each.probability for each in detection.candidates}
        if not mine and detection.airfield is not None:
            mine = {detection.airfield: detection.probability}
        for icao, probability in mine.items():
            shares[icao] = max(shares.get(icao, 0.0), probability)
    total = sum(shares.values())
    if not shares:
        shares = {icao: SILENT / len(world.fields) for icao in world.fields}
    elif total > 0.999:
        shares = {icao: probability * 0.999 / total for icao, probability in shares.items()}
    return {**shares, NONE: 1.0 - sum(shares.values())}
