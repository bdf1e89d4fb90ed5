"""A landing's life: identity kept, every change visible, nothing changed twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.landings.reconcile import AircraftIdentity, reconcile
from collector.model import Candidate, Detection, Grade, Landing, Revision, WatchMatch
from tests.support.flights import START
from tests.support.unheard import arrived_between

WATCHED = AircraftIdentity(
    "4K-AZ101", "IL76", (WatchMatch("silkway", "fleet silkway", counted=True),)
)
SPAN = (START - timedelta(days=1), START + timedelta(days=1))


def detection(at: datetime = START, **changes: object) -> Detection:
    found = Detection(
        icao24="600865",
        airfield="LLOV",
        candidates=(Candidate("LLOV", 0.95),),
        touchdown_at=at,
        uncertainty_s=60.0,
        grade=Grade.PROBABLE,
        probability=0.95,
        visit_from=at - timedelta(minutes=5),
        visit_until=at + timedelta(hours=2),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def reconciled(
    stored: list[Landing],
    derived: list[Detection],
    now: datetime = START,
    zones: Sequence[str] = (),
    identity: AircraftIdentity = WATCHED,
    *,
    judged_again: bool = False,
) -> list[tuple[Landing, Revision | None]]:
    numbers = count(len(stored) + 1)

    def new_id(icao24: str, day: date) -> str:
        return f"{icao24}-{day}-{next(numbers)}"

    return reconcile(
        stored,
        derived,
        identity=identity,
        span=SPAN,
        now=now,
        new_id=new_id,
        zones=zones,
        judged_again=judged_again,
    )


def stored_landing() -> Landing:
    ((landing, revision),) = reconciled([], [detection()])
    assert revision is not None
    assert revision.change == "found"
    return landing


def test_a_new_landing_is_found_once() -> None:
    landing = stored_landing()
    assert landing.id == "600865-2026-11-22-1"
    assert landing.registration == "4K-AZ101"
    assert reconciled([landing], [detection()]) == []


def test_an_upgrade_keeps_the_identity() -> None:
    before = stored_landing()
    better = detection(grade=Grade.CONFIRMED, probability=0.997)
    ((landing, revision),) = reconciled([before], [better])
    assert landing.id == before.id
    assert revision is not None
    assert (revision.change, revision.reason) == ("upgraded", "from probable to confirmed")


def test_a_move_names_both_fields() -> None:
    moved = detection(airfield="LLER", candidates=(Candidate("LLER", 0.95),))
    ((landing, revision),) = reconciled([stored_landing()], [moved])
    assert landing.detection.airfield == "LLER"
    assert revision is not None
    assert revision.reason == "from LLOV to LLER"


def test_a_landing_that_is_not_derived_again_is_retracted_and_can_be_restored() -> None:
    before = stored_landing()
    ((gone, revision),) = reconciled([before], [])
    assert gone.retracted
    assert revision is not None
    assert revision.change == "retracted"
    assert reconciled([gone], []) == []
    ((back, again),) = reconciled([gone], [detection()])
    assert not back.retracted
    assert back.id == before.id
    assert again is not None
    assert again.change == "restored"


def test_what_lies_outside_the_span_is_left_alone() -> None:
    old = replace(stored_landing(), detection=detection(START - timedelta(days=3)))
    assert reconciled([old], []) == []


def test_a_visit_that_only_grew_is_stored_without_a_story() -> None:
    longer = detection(visit_until=START + timedelta(hours=3))
    ((landing, revision),) = reconciled([stored_landing()], [longer])
    assert landing.detection.visit_until == longer.visit_until
    assert revision is None


@pytest.mark.parametrize("zone", ["Asia/Jerusalem", "Pacific/Auckland"])
@pytest.mark.parametrize("shift", [timedelta(minutes=20), timedelta(seconds=8)])
def test_a_touchdown_that_moves_into_another_week_is_always_a_change(
    zone: str, shift: timedelta
) -> None:
    """Across midnight on Sunday, local to the watch: both weeks change, visibly. Across any other
    midnight, two days do."""
    for day in (22, 23):
        midnight = datetime(2026, 11, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        ((before, _),) = reconciled([], [detection(midnight - shift / 2)])
        ((_, revision),) = reconciled([before], [detection(midnight + shift / 2)], zones=[zone])
        assert revision is not None
        assert revision.change == "retimed"
        assert revision.touchdown_before == midnight - shift / 2


def test_other_weeks_that_only_a_watch_counts_are_a_change() -> None:
    """Local midnight on Sunday, 22:00 UTC: the estimate stays, the week is known now."""
    monday = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Jerusalem")).astimezone(UTC)
    at = monday - timedelta(minutes=10)
    hidden = arrived_between(detection(at), at - timedelta(minutes=20), at + timedelta(minutes=20))
    ((before, _),) = reconciled([], [hidden])
    short = arrived_between(detection(at), at - timedelta(minutes=10), at + timedelta(minutes=10))
    assert reconciled([before], [short])[0][1] is None
    ((_, revision),) = reconciled([before], [short], zones=["Asia/Jerusalem"])
    assert revision is not None
    assert revision.change == "retimed"
    assert revision.reason == "week 2026-W47 instead of 2026-W47 or 2026-W48 (Asia/Jerusalem)"
    assert (revision.touchdown_before, revision.unheard_before) == (at, hidden.unheard)


def test_a_touchdown_known_better_by_seconds_is_no_change() -> None:
    ((before, _),) = reconciled([], [detection(START)])
    later = detection(START + timedelta(seconds=8))
    ((landing, revision),) = reconciled([before], [later], zones=["Asia/Jerusalem"])
    assert landing.detection == later
    assert revision is None


def test_two_visits_within_one_day_stay_two() -> None:
    first = stored_landing()
    second = detection(START + timedelta(hours=5))
    ((landing, _),) = reconciled([first], [detection(), second])
    assert landing.detection == second
    assert landing.id != first.id


def test_of_equal_overlaps_the_nearest_touchdown_keeps_the_landing() -> None:
    """A later report adds a shorter visit beside a stored one, within the same silence."""
    landing = stored_landing()
    begin, until = landing.detection.visit_from, landing.detection.visit_until
    earlier = detection(
        START - timedelta(minutes=49),
        visit_from=begin - timedelta(hours=1),
        visit_until=until,
    )
    same = detection(visit_from=begin, visit_until=until)
    ((found, revision),) = (
        each for each in reconciled([landing], [earlier, same]) if each[0].id != landing.id
    )
    assert found.detection.touchdown_at == earlier.touchdown_at
    assert revision is not None
    assert revision.change == "found"


HOUR = timedelta(hours=1)
LATER = START + 30 * HOUR


def test_what_is_no_longer_known_of_the_aircraft_does_not_take_away_what_was() -> None:
    """A feed that leaves the registration out, and a fleet's line that was taken out."""
    before = stored_landing()
    unknown = AircraftIdentity(None, None, ())
    assert reconciled([before], [detection()], identity=unknown) == []
    other = AircraftIdentity("4K-AZ102", "A124", (WatchMatch("cargo", "type A124", counted=True),))
    ((landing, revision),) = reconciled([before], [detection()], LATER, identity=other)
    told = (landing.registration, landing.type_code, landing.watches)
    assert told == ("4K-AZ102", "A124", other.watches)
    assert revision is None
    assert landing.revised_at == START


DOUBTED = (replace(WATCHED.watches[0], doubt="It had the callsign ABC1 too."),)


def test_a_match_that_comes_into_doubt_for_one_landing_changes_that_one_alone() -> None:
    def judged(found: Detection, before: Sequence[WatchMatch]) -> tuple[WatchMatch, ...]:
        assert before in ((), WATCHED.watches)
        return DOUBTED if found.callsign == "ABC1" else WATCHED.watches

    identity = replace(WATCHED, judged=judged)
    other = detection(START + 5 * HOUR)
    stored = [landing for landing, _ in reconciled([], [detection(), other])]
    named = detection(callsign="ABC1")
    ((landing, revision),) = reconciled(stored, [named, other], LATER, identity=identity)
    assert (landing.id, landing.watches, landing.revised_at) == (stored[0].id, DOUBTED, LATER)
    assert revision is not None
    assert (revision.change, revision.reason) == ("downgraded", "it had the callsign ABC1 too")


@pytest.mark.parametrize(("apart", "same"), [(30, True), (31, False)])
def test_a_visit_is_the_same_if_it_ends_half_an_hour_before_the_stored_one_begins(
    apart: int, same: bool
) -> None:
    before = stored_landing()
    until = before.detection.visit_from - timedelta(minutes=apart)
    earlier = detection(until - HOUR, visit_until=until)
    changes = {revision.change for _, revision in reconciled([before], [earlier]) if revision}
    assert changes == ({"retimed"} if same else {"found", "retracted"})


def test_two_stored_visits_that_turn_out_to_be_one_leave_the_one_that_shares_more_of_it() -> None:
    first, second = (
        landing for landing, _ in reconciled([], [detection(), detection(START + 5 * HOUR)])
    )
    whole = detection(visit_from=START + HOUR, visit_until=START + 7 * HOUR)
    changes = {landing.id: landing for landing, _ in reconciled([first, second], [whole])}
    assert changes[first.id].retracted
    assert not changes[second.id].retracted
    assert changes[second.id].detection == whole


@pytest.mark.parametrize(("begins", "ends"), [(0, 0), (1, 0), (0, 1)])
def test_only_a_visit_that_lies_within_the_derived_time_can_be_withdrawn(
    begins: int, ends: int
) -> None:
    """One that reaches out of it by a second may rest on reports that were not read."""
    from_, until = SPAN[0] - timedelta(seconds=begins), SPAN[1] + timedelta(seconds=ends)
    stored = replace(stored_landing(), detection=detection(visit_from=from_, visit_until=until))
    changes = reconciled([stored], [])
    assert [landing.retracted for landing, _ in changes] == ([] if begins or ends else [True])


visits = st.lists(
    st.builds(
        lambda hour, length, grade, field: detection(
            START + HOUR * hour,
            visit_until=START + HOUR * (hour + length),
            grade=grade,
            airfield=field,
        ),
        st.integers(-20, 20),
        st.sampled_from([0.1, 1.0, 3.0]),
        st.sampled_from(Grade),
        st.sampled_from(["LLOV", "LLER"]),
    ),
    max_size=4,
    unique_by=lambda each: each.touchdown_at,
)


@given(st.lists(visits, min_size=2, max_size=4))
def test_after_any_changes_the_landings_that_stand_are_those_derived_last(
    times: list[list[Detection]],
) -> None:
    stored: dict[str, Landing] = {}
    for derived in times:
        changes = reconciled(list(stored.values()), derived)
        assert len({landing.id for landing, _ in changes}) == len(changes)
        stored |= {landing.id: landing for landing, _ in changes}
        stands = [each.detection for each in stored.values() if not each.retracted]
        assert sorted(stands, key=_touchdown) == sorted(derived, key=_touchdown)
        assert reconciled(list(stored.values()), derived) == []


def _touchdown(found: Detection) -> datetime:
    return found.touchdown_at
