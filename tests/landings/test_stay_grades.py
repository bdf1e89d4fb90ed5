"""Which grade does a stay get that was received on the ground? Each condition by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collector.landings.contacts import Contact
from collector.landings.stay_grades import grade_of_stay
from collector.model import Grade, RunwayEnd
from tests.landings.made_fixes import (
    FIELD,
    MINUTE,
    RULES,
    SECOND,
    STAY,
    blind,
    contact,
    fix,
    ground,
)

CONFIRMED, PROBABLE, POSSIBLE = Grade.CONFIRMED, Grade.PROBABLE, Grade.POSSIBLE
SHORT: dict[str, Any] = {
    "last": contact(ground(300), down=True),
    "stayed": 5 * MINUTE,
    "stood": False,
}
"""Five minutes, as long as wrong reports may last."""


def grade(*, heard: bool = True, hovers: bool = False, **changed: Any) -> Grade:
    stay = replace(STAY, **changed)
    before = stay.before
    assert before is not None
    found, probability = grade_of_stay(stay, before, RULES, approach_heard=heard, hovers=hovers)
    assert probability == {CONFIRMED: 0.997, PROBABLE: 0.97, POSSIBLE: 0.6}[found]
    return found


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, CONFIRMED),
        ({"heard": False}, CONFIRMED),
        ({"heard": False, "stayed": 2 * MINUTE}, CONFIRMED),
        ({"heard": False, "stayed": 2 * MINUTE - SECOND}, PROBABLE),
        ({"heard": False, "separate": 2}, PROBABLE),
        ({"separate": 2, "stood": False}, CONFIRMED),
        ({"separate": 1, "stood": False}, PROBABLE),
        ({"separate": 1, "stood": True}, CONFIRMED),
        ({"separate": 1, "stood": False, "braked": True}, CONFIRMED),
        ({"bit_at": None}, PROBABLE),  # by speed and height alone
        ({"bit_at": None, "hovers": True}, POSSIBLE),
        ({"hovers": True}, CONFIRMED),
        ({"comes": False}, PROBABLE),  # it leaves as usual
        ({"leaves": False}, CONFIRMED),
        ({"comes": False, "leaves": False}, POSSIBLE),
        ({"heard": False, "leaves": False}, POSSIBLE),
    ],
)
def test_a_long_stay(changed: dict[str, Any], expected: Grade) -> None:
    assert grade(**changed) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, CONFIRMED),
        ({"leaves": False}, CONFIRMED),  # three slow reports after a received approach
        ({"leaves": False, "separate": 2}, POSSIBLE),
        ({"leaves": False, "hops": True}, POSSIBLE),
        ({"comes": False}, POSSIBLE),
        ({"separate": 2}, CONFIRMED),
        ({"separate": 1}, PROBABLE),
        ({"heard": False, "separate": 2}, PROBABLE),
        ({"last": contact(ground(719), down=True), "comes": False}, POSSIBLE),
        ({"last": contact(ground(720), down=True), "comes": False}, PROBABLE),
    ],
)
def test_a_stay_of_minutes_needs_both_ends(changed: dict[str, Any], expected: Grade) -> None:
    assert grade(**{**SHORT, **changed}) is expected


ALONE: dict[str, Any] = {
    "last": STAY.first,
    "reports": 1,
    "slow": 1,
    "separate": 1,
    "stayed": timedelta(),
    "stood": False,
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, PROBABLE),
        ({"sinks": False}, POSSIBLE),
        ({"comes": False}, POSSIBLE),
        ({"after": None}, PROBABLE),
        ({"after": contact(fix(600, 3.0))}, POSSIBLE),  # it left so soon that it may have passed
        ({"after": contact(fix(601, 3.0))}, PROBABLE),
        ({"after": contact(fix(601, 3.0)), "leaves": False}, POSSIBLE),
        ({"reports": 2, "sinks": False}, PROBABLE),
    ],
)
def test_a_single_report_on_the_ground(changed: dict[str, Any], expected: Grade) -> None:
    assert grade(**{**ALONE, **changed}) is expected


def before(one: Contact, **changed: Any) -> Grade:
    """The grade of a stay before which a single report shows the aircraft elsewhere."""
    return grade(proofs=1, before=one, **changed)


RUNWAY = replace(FIELD, runways=(RunwayEnd("18", 30.02, 35.0, 180.0, 3000.0),))


@pytest.mark.parametrize(
    ("one", "changed", "expected"),
    [
        (contact(fix(-60, 3.0, 1000)), {}, CONFIRMED),
        (contact(fix(-60, 3.0, 1000)), {"again": True}, POSSIBLE),
        (contact(ground(-60), down=True), {}, POSSIBLE),
        (contact(blind(-60, 1000)), {}, POSSIBLE),
        (contact(blind(-60, 1000)), {"slow": 59}, CONFIRMED),  # it was received rolling as well
        (contact(fix(-60, 3.0, None)), {}, POSSIBLE),
        # Lower than approaches are flown: 0.12 of a 3° path, less 200 ft.
        (contact(fix(-900, 30.0, 950)), {}, CONFIRMED),
        (contact(fix(-900, 30.0, 940)), {}, POSSIBLE),
        # On the runway at its height, not sinking, it may be a take-off that was broken off.
        (contact(fix(-60, 1.0, 400)), {"field": RUNWAY}, POSSIBLE),
        (contact(fix(-60, 1.0, 401)), {"field": RUNWAY}, CONFIRMED),
        (contact(fix(-60, 1.0, 400, vertical_rate_fpm=-149.0)), {"field": RUNWAY}, POSSIBLE),
        (contact(fix(-60, 1.0, 400, vertical_rate_fpm=-150.0)), {"field": RUNWAY}, CONFIRMED),
        (contact(fix(-60, 1.6, 400)), {"field": RUNWAY}, POSSIBLE),
        (contact(fix(-60, 1.8, 400)), {"field": RUNWAY}, CONFIRMED),
        (contact(fix(-60, 1.0, 400)), {}, CONFIRMED),  # the runways are not known
    ],
)
def test_one_report_before_a_stay_is_enough_if_it_cannot_be_a_wrong_one(
    one: Contact, changed: dict[str, Any], expected: Grade
) -> None:
    assert before(one, **changed) is expected
    assert grade(proofs=2, before=one, **changed) is CONFIRMED
