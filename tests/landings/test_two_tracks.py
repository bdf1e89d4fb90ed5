"""What does a second track under the same address take from a landing?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.landings.second_track import beside_another, told_twice
from collector.model import Detection, Grade
from collector.tracking import Fixes
from tests.landings.made_fixes import MINUTE, RULES, fix
from tests.support.landings import PROBABLE, TOUCHDOWN

SURE = replace(PROBABLE.detection, grade=Grade.CONFIRMED, probability=0.997)
AROUND = 30 * MINUTE


def track(begin: timedelta, length: timedelta, *, feeds: tuple[str, ...] = ("b",)) -> Fixes:
    """Three fixes from so long after the touchdown on."""
    at = TOUCHDOWN + begin
    rows = [replace(fix(0, 60.0, feeds=feeds), at=at + length * n / 2) for n in range(3)]
    return Fixes.of(rows)


OTHER = track(-10 * MINUTE, 4 * MINUTE)


def beside(detection: Detection, *others: Fixes, lighter: bool = False) -> Detection:
    (found,) = beside_another([detection], others, RULES, lighter=lighter)
    return found


@pytest.mark.parametrize(
    ("grade", "probability", "lighter", "left"),
    [
        (Grade.CONFIRMED, 0.997, False, (Grade.PROBABLE, 0.97)),
        (Grade.CONFIRMED, 0.997, True, (Grade.POSSIBLE, 0.6)),
        (Grade.PROBABLE, 0.93, False, (Grade.POSSIBLE, 0.6)),
        (Grade.PROBABLE, 0.5, False, (Grade.POSSIBLE, 0.5)),
        (Grade.POSSIBLE, 0.9, False, (Grade.POSSIBLE, 0.9)),
        (Grade.POSSIBLE, 0.9, True, (Grade.POSSIBLE, 0.9)),
    ],
)
def test_a_landing_beside_another_track_is_a_grade_lower(
    grade: Grade, probability: float, lighter: bool, left: tuple[Grade, float]
) -> None:
    found = beside(replace(SURE, grade=grade, probability=probability), OTHER, lighter=lighter)
    assert (found.grade, found.probability) == left
    line = found.evidence[-1]
    assert (line.kind, line.speaks, line.airfield, line.feeds) == (
        "two-tracks",
        "against",
        None,
        ("b",),
    )
    assert line.at == OTHER.ats[0]
    assert line.text.startswith("From 11:55 to 11:59 UTC 3 more positions were received with this")
    assert found.evidence[:-1] == SURE.evidence


@pytest.mark.parametrize("apart", [AROUND, AROUND + MINUTE])
def test_it_concerns_a_visit_half_an_hour_before_and_after(apart: timedelta) -> None:
    before = SURE.visit_from - TOUCHDOWN - apart - 4 * MINUTE
    after = SURE.visit_until - TOUCHDOWN + apart
    for begin in (before, after):
        other = track(begin, 4 * MINUTE)
        assert (beside(SURE, other) == SURE) is (apart > AROUND)
        far = track(timedelta(days=3), MINUTE)
        assert (beside(SURE, far, other) == SURE) is (apart > AROUND)
        moved = SURE.visit_from - other.ats[0]
        same = replace(SURE, visit_from=SURE.visit_from - moved, visit_until=other.ats[-1])
        assert told_twice(same, [SURE]) is (apart == AROUND)
        assert not told_twice(replace(same, airfield="LLER"), [SURE])
    assert beside(SURE) == SURE
    assert not told_twice(SURE, [])
    assert told_twice(SURE, [replace(SURE, airfield="LLER"), SURE])
