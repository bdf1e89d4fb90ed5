"""A landing's life: identity kept, every change visible, nothing changed twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

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
) -> list[tuple[Landing, Revision | None]]:
    def new_id(icao24: str, day: date) -> str:
        return f"{icao24}-{day}-{len(stored) + 1}"

    return reconcile(
        stored, derived, identity=WATCHED, span=SPAN, now=now, new_id=new_id, zones=zones
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
    """Across midnight on Sunday, local to the watch: both weeks change, visibly."""
    monday = datetime(2026, 11, 23, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    ((before, _),) = reconciled([], [detection(monday - shift / 2)])
    ((_, revision),) = reconciled([before], [detection(monday + shift / 2)], zones=[zone])
    assert revision is not None
    assert revision.change == "retimed"
    assert revision.touchdown_before == monday - shift / 2


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
