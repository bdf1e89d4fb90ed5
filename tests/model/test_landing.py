"""Where, when and how sure is a landing, as persons and doubts leave it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.model import Candidate, Detection, Evidence, Grade, Landing, WatchMatch
from collector.model.dating import known_week, week_words, weeks_before, weeks_of_landing
from collector.model.landing import Revision
from collector.model.review import CONFIRMED, REJECTED
from collector.model.stop import Side, Stop
from collector.model.unheard import UnheardArrival
from tests.model.test_nouns import AT, HOUR, SECOND, reviews

FOUND = Detection(
    icao24="600865", airfield="LLOV", candidates=(Candidate("LLOV", 0.95),), touchdown_at=AT,
    uncertainty_s=60.0, grade=Grade.CONFIRMED, visit_from=AT - HOUR, visit_until=AT + HOUR,
)  # fmt: skip
MATCH = WatchMatch("w", "fleet f", counted=True)
LANDING = Landing(
    id="1", detection=FOUND, registration=None, type_code=None, watches=(MATCH,),
    first_known_at=AT, revised_at=AT,
)  # fmt: skip
UNHEARD = UnheardArrival(
    earliest=AT, latest=AT + 4 * HOUR, direct_until=None, there_until=AT + 4 * HOUR, left_by=None,
    times=(AT, AT + HOUR, AT + 4 * HOUR),
)  # fmt: skip


def test_the_chances_of_an_unheard_arrival_follow_its_times() -> None:
    """Half in the first hour, half in the three after it."""
    hidden = replace(FOUND, unheard=UNHEARD)
    begin_s, chances = (-1.0, 0.0, 0.5, 1.0, 2.5, 4.0, 5.0), (0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0)
    for hours, chance in zip(begin_s, chances, strict=True):
        assert hidden.chance_between(AT - HOUR, AT + hours * HOUR) == pytest.approx(chance)
    assert hidden.touchdown_span == (AT, AT + 4 * HOUR)
    assert FOUND.touchdown_span == (AT, AT)
    assert [FOUND.chance_between(AT, AT + SECOND), FOUND.chance_between(AT - SECOND, AT)] == [1, 0]
    assert hidden.visit_known
    assert FOUND.visit_known
    days = timedelta(days=4)
    for latest, known in ((AT + days, True), (AT + days + SECOND, False)):
        assert replace(hidden, unheard=replace(UNHEARD, latest=latest)).visit_known is known


def test_a_change_keeps_the_chances_of_the_touchdown_before() -> None:
    change = Revision("1", AT, "retimed", "judged by rules 9: x", "9", touchdown_before=AT)
    assert [change.chance_before(AT, AT + SECOND), change.chance_before(AT - SECOND, AT)] == [1, 0]
    hidden = replace(change, unheard_before=UNHEARD)
    assert hidden.chance_before(AT, AT + HOUR) == 0.5
    assert replace(change, touchdown_before=None).chance_before(AT - HOUR, AT + HOUR) == 0.0
    assert weeks_before(change, "UTC") == {"2026-W47": 1.0}
    assert weeks_before(replace(change, touchdown_before=None), "UTC") == {}
    assert change.judged_again
    assert not replace(change, rules_version="").judged_again
    assert not replace(change, reason="moved").judged_again


def test_a_landing_lies_in_one_week_or_in_those_with_a_chance() -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)

    def weeks(*shares: float) -> list[str]:
        times = tuple(monday + share * HOUR for share in shares)
        return list(weeks_of_landing(replace(FOUND, unheard=replace(UNHEARD, times=times)), "UTC"))

    assert weeks(-1.0, 1.0) == ["2026-W47", "2026-W48"]
    assert weeks(-9.0, 1.0) == ["2026-W47"]  # 90 %
    assert weeks(-8.9, 1.1) == ["2026-W47", "2026-W48"]
    assert weeks(-3.0, -2.0, 1.0) == ["2026-W47", "2026-W48"]  # half before the second time
    assert weeks(-13.44, 322.56) == ["2026-W48", "2026-W49"]  # 4 % before, 50 % and 46 %
    assert weeks(-20.0, 380.0) == [f"2026-W{number}" for number in range(47, 51)]  # 5 %
    assert known_week(FOUND, "Asia/Tokyo") == "2026-W47"
    assert known_week(replace(FOUND, unheard=replace(UNHEARD, times=(AT, AT + 48 * HOUR))), "UTC") \
        is None  # fmt: skip
    keys = ["2026-W01", "2026-W02", "2026-W03", "2026-W04"]
    assert [week_words(keys[:number]) for number in (1, 2, 3, 4)] == [
        "2026-W01", "2026-W01 or 2026-W02", "2026-W01 to 2026-W03", "2026-W01 to 2026-W04",
    ]  # fmt: skip


def test_a_landing_stands_and_is_graded_by_persons_and_doubts() -> None:
    gone = replace(LANDING, retracted=True)
    assert [each.stands for each in (LANDING, gone, replace(gone, review=CONFIRMED))] == [
        True, False, True,
    ]  # fmt: skip
    doubted = replace(MATCH, doubt="It may be another.")
    other = WatchMatch("v", "type IL76", counted=True)
    mixed = replace(LANDING, watches=(doubted, other))
    assert (mixed.grade_for("w"), mixed.grade_for("v")) == (Grade.POSSIBLE, Grade.CONFIRMED)
    assert (mixed.grade, replace(LANDING, watches=(doubted,)).grade) == (
        Grade.CONFIRMED, Grade.POSSIBLE,
    )  # fmt: skip
    assert replace(LANDING, watches=()).grade is Grade.CONFIRMED
    twice = replace(LANDING, watches=(doubted, MATCH))
    assert twice.grade_for("w") is Grade.POSSIBLE, "by the fleet in doubt, by another line not"
    assert sorted(Grade, key=lambda each: each.rank) == [
        Grade.POSSIBLE, Grade.PROBABLE, Grade.CONFIRMED,
    ]  # fmt: skip
    (elsewhere,) = reviews(("Ann", CONFIRMED, "LLER"))
    said = replace(LANDING, review=CONFIRMED, reviewed=elsewhere)
    assert (said.airfield, LANDING.airfield) == ("LLER", "LLOV")
    assert replace(said, reviewed=None).airfield == "LLOV"
    assert replace(said, reviewed=replace(elsewhere, airfield=None)).airfield == "LLOV"
    assert replace(said, review=REJECTED).airfield == "LLOV"
    stop = Stop(side=Side.NEXT, feeds=("two",))
    rests = replace(LANDING, detection=replace(FOUND, feeds=("one",)), stops=(stop,))
    assert rests.feeds == {"one", "two"}
    assert (rests.stop(Side.NEXT), rests.stop(Side.PREVIOUS)) == (stop, None)


def test_a_final_leg_that_was_not_seen_is_of_an_open_landing_that_fell_silent_inbound() -> None:
    inbound = Evidence(AT, "approach", "It came down.")
    open_one = replace(LANDING, detection=replace(FOUND, airfield=None, evidence=(inbound,)))
    assert open_one.final_leg_not_seen
    for other in (
        replace(open_one, retracted=True),
        replace(open_one, review=REJECTED),
        replace(open_one, detection=replace(open_one.detection, airfield="LLOV")),
        replace(open_one, detection=replace(open_one.detection, evidence=())),
        replace(open_one, detection=replace(
            open_one.detection, evidence=(replace(inbound, speaks="against"),))),
        replace(open_one, detection=replace(
            open_one.detection, evidence=(replace(inbound, kind="silence"),))),
    ):  # fmt: skip
        assert not other.final_leg_not_seen
