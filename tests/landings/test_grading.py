"""How certain is the landing? The rules above the weights are tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from collector.landings.detect import detect
from collector.landings.grading import inferred_grade
from collector.model import Airfield, Detection, Grade, Observation
from collector.model.coverage import CoverageSlot, PollCoverage, slots_of
from collector.model.reply import Outcome
from tests.landings.silence_cases import (
    INBOUND,
    MINUTE,
    RULES,
    STAY,
    TIMES,
    TOUCHDOWN,
)
from tests.support.flights import LLER, LLOV, START, hear, listening, polls, visit


def unheard(
    reports: Sequence[Observation], slots: Sequence[CoverageSlot], *fields: Airfield
) -> Detection | None:
    found = detect(reports, slots, fields, RULES, TIMES[-1]).detections
    assert len(found) <= 1
    return found[0] if found else None


def answers(how: str) -> list[CoverageSlot]:
    """Return the coverage besides the aircraft itself, by name of the case."""
    gone, last = TOUCHDOWN, TOUCHDOWN + 8 * MINUTE
    if how.startswith("alone"):  # its own row is all that an answer ever holds
        fails = how == "alone, then an outage"
        about_ovda = dict.fromkeys(((119, 139, 1), (120, 139, 1), (120, 140, 1)), 1)
        return slots_of(
            PollCoverage(
                feed="adsblol",
                at=at,
                outcome=(
                    Outcome.HEARD
                    if at < gone
                    else Outcome.UNREACHABLE
                    if fails and at > last
                    else Outcome.NOBODY
                ),
                area=how != "alone, but asked for by its address",
                aircraft=1 if at < gone else 0,
                cells=about_ovda if at < gone else {},
            )
            for at in TIMES
        )
    if how == "all fall silent with it":  # empty answers: nobody, as if nobody were there
        flying = listening([at for at in TIMES if at < gone])
        return [*flying, *listening([at for at in TIMES if at >= last], traffic=0)]
    if how == "for seven minutes more":
        return listening(TIMES, hears=lambda at: at < gone + 7 * MINUTE)
    begins = {
        "throughout": TIMES[0],
        "from 17 min on": TOUCHDOWN + 17 * MINUTE,
        "from 28 min on": TOUCHDOWN + 28 * MINUTE,
        "an hour later": TOUCHDOWN + 60 * MINUTE,
        "never": TIMES[-1],
    }
    return listening(TIMES, hears=lambda at: at < gone - 10 * MINUTE or at >= begins[how])


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize(
    ("hears", "again", "grade"),
    [
        ("throughout", False, Grade.PROBABLE),
        ("from 17 min on", False, Grade.PROBABLE),
        ("from 28 min on", False, Grade.PROBABLE),
        ("never", True, Grade.PROBABLE),
        ("alone", False, Grade.PROBABLE),
        ("never", False, Grade.POSSIBLE),
        ("for seven minutes more", False, Grade.POSSIBLE),
        ("an hour later", False, Grade.POSSIBLE),
        ("alone, then an outage", False, Grade.POSSIBLE),
        ("alone, but asked for by its address", False, Grade.POSSIBLE),
        ("all fall silent with it", False, Grade.POSSIBLE),
    ],
)
@pytest.mark.parametrize("lowest_ft", [2000, 4000])
def test_the_grade_needs_a_witness_besides_the_approach(
    lowest_ft: float, hears: str, again: bool, grade: Grade
) -> None:
    """However well the approach fits (98.5 %), it is not counted in an outage."""
    times = [at for at in TIMES if again or at < TOUCHDOWN]
    flight = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), times, floor_ft=lowest_ft)
    if again:
        flight = [
            one for one in flight if one.heard_at < TOUCHDOWN or one.heard_at > TOUCHDOWN + STAY
        ]
    found = unheard(flight, answers(hears), LLOV)
    assert found is not None
    assert (found.airfield, found.probability) == ("LLOV", RULES.inferred_at_most)
    assert found.grade is grade
    against = [one for one in found.evidence if (one.kind, one.speaks) == ("witness", "against")]
    assert bool(against) is (grade is Grade.POSSIBLE), "why it is not counted is told"


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize(
    ("from_ft", "grade"), [(4_000, Grade.PROBABLE), (14_000, Grade.POSSIBLE)], ids=["low", "high"]
)
def test_a_climb_out_by_itself_is_a_witness_only_if_it_was_heard_low(
    from_ft: float, grade: Grade
) -> None:
    """Higher up, the aircraft took off somewhere: perhaps at a field that is not configured."""
    way = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), TIMES)
    cruise = [one for one in way if one.at < TOUCHDOWN and (one.baro_altitude_ft or 0) > 33_000]
    climb = [
        one for one in way if one.at > TOUCHDOWN + STAY and (one.baro_altitude_ft or 0) > from_ft
    ]
    found = unheard([*cruise, *climb], answers("throughout"), LLOV)
    assert found is not None
    assert (found.airfield, found.grade) == ("LLOV", grade)


@pytest.mark.usefixtures("sure")
def test_a_silence_is_judged_again_when_a_witness_may_have_come() -> None:
    """At first there was no coverage; 50 min after the last fix there has been some."""
    arrival = hear(
        visit(LLOV, TOUCHDOWN, STAY, runway="20L"), polls(START, TOUCHDOWN), floor_ft=2000
    )
    last, slots = arrival[-1].at, answers("from 28 min on")
    grades, judged_at = [], []
    now: datetime | None = last + RULES.settle_after
    while now is not None:
        derived = detect(
            arrival, [slot for slot in slots if slot.begins_at < now], (LLOV,), RULES, now
        )
        grades.append(derived.detections[0].grade)
        judged_at.append(now - last)
        now = derived.wakeup_at
    assert grades == [Grade.POSSIBLE, Grade.PROBABLE, Grade.PROBABLE]
    assert judged_at == [25 * MINUTE, 50 * MINUTE, RULES.settle_again_after]


def test_only_what_is_witnessed_can_be_probable() -> None:
    least, best = RULES.probable_from, RULES.inferred_at_most
    assert inferred_grade(least, RULES, witnessed=True) is Grade.PROBABLE
    assert inferred_grade(least - 0.001, RULES, witnessed=True) is Grade.POSSIBLE
    assert inferred_grade(best, RULES, witnessed=False) is Grade.POSSIBLE
    for witnessed in (True, False):
        assert inferred_grade(RULES.possible_from, RULES, witnessed=witnessed) is Grade.POSSIBLE
        assert inferred_grade(RULES.possible_from - 0.001, RULES, witnessed=witnessed) is None


@pytest.mark.usefixtures("sure")
def test_a_silence_that_many_fields_fit_is_judged() -> None:
    many = [replace(LLOV, icao=f"X{number:03}") for number in range(40)]
    found = unheard(hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=9000), (), *many)
    assert found is not None
    assert found.airfield is None


@pytest.mark.usefixtures("sure")
def test_priors_separate_fields_that_the_track_does_not() -> None:
    flight = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), TIMES, floor_ft=9000)
    plain = unheard(flight, listening(TIMES), LLOV, LLER)
    rare = unheard(flight, listening(TIMES), LLOV, replace(LLER, prior_weight=0.01))
    assert plain is not None
    assert plain.airfield is None
    assert len({one.probability for one in plain.candidates}) == 1
    assert rare is not None
    assert rare.airfield == "LLOV"
