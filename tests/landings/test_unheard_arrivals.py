"""When did an aircraft arrive that nobody heard arriving, and when did it leave? Never more is said
than was heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.landings.stay_lengths import learn, prior
from collector.landings.unheard_arrivals import dated_anew, stated_interval, unheard_arrival
from collector.model import Detection, Observation
from collector.model.dating import weeks_of_landing
from collector.weeks import week_bounds, week_of
from tests.support.flights import LLER, LLOV, START, hear, overflight, polls, visit

RULES = LandingRules()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TOUCHDOWN = START + 2 * HOUR
TURNS = learn([timedelta(minutes=150 + 6 * n) for n in range(30)], date(2026, 11, 1))


def landings(reports: list[Observation], now: datetime | None = None) -> tuple[Detection, ...]:
    last = max(one.heard_at for one in reports)
    return detect(reports, (), (LLOV, LLER), RULES, now or last + HOUR).detections


def heard_from(stay: timedelta, before: datetime, after: datetime) -> list[Observation]:
    """A visit of which nothing is heard between two times."""
    way = visit(LLOV, TOUCHDOWN, stay, runway="20L")
    ends = TOUCHDOWN + stay + HOUR
    times = [*polls(START, min(before, ends)), *polls(max(START, after), max(after, ends))]
    return hear(way, [at for at in times if not before < at < after])


@pytest.mark.parametrize("stay", [3 * HOUR, 30 * HOUR, 80 * HOUR])
def test_an_arrival_before_a_heard_departure_lies_within_its_error(stay: timedelta) -> None:
    """It is lost in cruise and heard again as it climbs out."""
    reports = heard_from(stay, TOUCHDOWN - 40 * MINUTE, TOUCHDOWN + stay + 2 * MINUTE)
    (found,) = landings(reports)
    assert found.airfield == "LLOV"
    assert found.unheard is not None
    assert found.visit_known
    assert abs(found.touchdown_at - TOUCHDOWN) <= timedelta(seconds=found.uncertainty_s)
    assert found.departed_at is not None
    assert found.departed_uncertainty_s is not None
    off = abs(found.departed_at - (TOUCHDOWN + stay))
    assert off <= timedelta(seconds=found.departed_uncertainty_s) < 10 * MINUTE
    begin, end = found.touchdown_span
    assert reports[0].at < begin < end < TOUCHDOWN + stay


def test_an_arrival_known_from_a_later_stay_is_no_known_visit_after_four_days() -> None:
    """Heard in cruise, then nothing for days, then standing at the field."""
    for days, known in ((3, True), (6, False)):
        stay = (days + 1) * DAY
        reports = heard_from(stay, TOUCHDOWN - 40 * MINUTE, TOUCHDOWN + days * DAY)
        found = landings([one for one in reports if one.at < TOUCHDOWN + days * DAY + 2 * HOUR])
        assert [one.airfield for one in found] == ["LLOV"], "what was heard is still shown"
        assert found[0].visit_known == known
        assert abs(found[0].touchdown_at - TOUCHDOWN) <= timedelta(seconds=found[0].uncertainty_s)


def test_a_descent_long_before_a_stay_is_not_its_approach() -> None:
    """Twenty days lie between a report near the field, descending, and the next, on the ground."""
    way = visit(LLOV, TOUCHDOWN, 3 * HOUR, runway="20L")
    arriving = hear(way, polls(START, TOUCHDOWN - 5 * MINUTE))
    assert (arriving[-1].vertical_rate_fpm or 0.0) < -500.0
    standing = hear(way, polls(TOUCHDOWN + HOUR, TOUCHDOWN + 2 * HOUR))
    later = [
        replace(one, heard_at=one.heard_at + 20 * DAY, position_at=one.heard_at + 20 * DAY)
        for one in standing
    ]
    assert landings([*arriving, *standing])[0].visit_known
    (found,) = landings([*arriving, *later])
    assert not found.visit_known


def test_an_aircraft_that_flew_elsewhere_when_it_was_last_heard_arrived_unheard() -> None:
    """On a downwind leg, then nothing until it stands there: it lands at once, or any time later,
    and so perhaps in the week after."""
    way = visit(LLOV, TOUCHDOWN, 6 * DAY, runway="20L")
    arriving = hear(way, polls(START, TOUCHDOWN - 5 * MINUTE))
    last = arriving[-1]
    downwind = replace(last, track_deg=((last.track_deg or 0.0) + 170.0) % 360.0)
    monday = week_bounds(week_of(TOUCHDOWN, "UTC"), "UTC")[1]
    for after, straight, turned in ((monday + 60 * HOUR, 1, 2), (monday - 3 * HOUR, 1, 1)):
        standing = hear(way, polls(after, after + 2 * HOUR))
        for end, weeks in ((last, straight), (downwind, turned)):
            (found,) = landings([*arriving[:-1], end, *standing])
            assert found.unheard is None if end is last else found.unheard is not None
            assert abs(found.touchdown_at - TOUCHDOWN) <= timedelta(seconds=found.uncertainty_s)
            assert len(weeks_of_landing(found, "UTC")) == weeks


def test_an_aircraft_that_stands_there_is_not_dated_anew_by_each_report() -> None:
    reports = heard_from(90 * HOUR, TOUCHDOWN - 40 * MINUTE, TOUCHDOWN + 20 * HOUR)
    standing = [one for one in reports if one.at < TOUCHDOWN + 80 * HOUR]
    found = {
        landings([one for one in standing if one.at < TOUCHDOWN + hours * HOUR])[0].touchdown_at
        for hours in (21, 40, 80)
    }
    assert len(found) == 1
    assert landings(reports)[0].touchdown_at not in found, "it left: now its stay is known"


def test_a_climb_out_after_four_days_of_nothing_is_no_part_of_the_visit() -> None:
    for days, left in ((3, True), (6, False)):
        stay = days * DAY
        way = visit(LLOV, TOUCHDOWN, stay, runway="20L")
        times = [*polls(START, TOUCHDOWN), *polls(TOUCHDOWN + stay, TOUCHDOWN + stay + HOUR)]
        (found,) = landings(hear(way, times, floor_ft=3000))
        assert (found.departed_at is not None) == left
        assert abs(found.touchdown_at - TOUCHDOWN) <= timedelta(seconds=found.uncertainty_s)


def test_a_low_climb_out_after_four_days_of_nothing_is_shown_and_no_known_visit() -> None:
    stay = 6 * DAY
    for floor_ft, shown in ((1500.0, True), (9000.0, False)):
        way = visit(LLOV, TOUCHDOWN, stay, runway="20L")
        after = polls(TOUCHDOWN + stay, TOUCHDOWN + stay + HOUR)
        before = polls(START, TOUCHDOWN - 40 * MINUTE)
        found = landings([*hear(way, before), *hear(way, after, floor_ft=floor_ft)])
        assert bool(found) == shown
        for one in found:
            assert not one.visit_known
            assert one.departed_at is not None
            assert abs(one.touchdown_at - TOUCHDOWN) <= timedelta(seconds=one.uncertainty_s)


def test_a_departure_that_nobody_heard_lies_between_the_two_reports_around_it() -> None:
    way = visit(LLOV, TOUCHDOWN, 30 * HOUR, runway="20L")
    reports = hear(way, polls(START, TOUCHDOWN + HOUR))
    last = max(one.at for one in reports)
    later = overflight(LLOV, TOUCHDOWN + 50 * HOUR)
    reports += hear(later, polls(TOUCHDOWN + 50 * HOUR - 20 * MINUTE, TOUCHDOWN + 51 * HOUR))
    again = min(one.at for one in reports if one.at > last)
    (found,) = landings(reports)
    assert found.unheard is None, "it was heard arriving"
    assert found.departed_at is not None
    assert found.departed_uncertainty_s is not None
    half = timedelta(seconds=found.departed_uncertainty_s)
    assert found.departed_at - half <= last + MINUTE
    assert again - HOUR <= found.departed_at + half <= again


def test_an_aircraft_heard_in_flight_probably_came_directly() -> None:
    begin, end = START, START + 60 * HOUR
    there = end, end + HOUR
    direct = unheard_arrival((begin, end), begin + HOUR, there, prior(), RULES)
    at_any_time = unheard_arrival((begin, end), None, there, prior(), RULES)
    soon = begin, begin + HOUR
    assert direct.chance_between(*soon) > 5 * at_any_time.chance_between(*soon)


def test_the_stays_of_a_fleet_move_the_arrival_towards_them() -> None:
    assert TURNS is not None
    begin, end = START, START + 60 * HOUR
    there = end + 5 * MINUTE, end + 6 * MINUTE
    unknown = unheard_arrival((begin, end), None, there, prior(), RULES)
    learned = unheard_arrival((begin, end), None, there, TURNS, RULES)
    last_hours = end - 6 * HOUR, end - HOUR
    assert learned.chance_between(*last_hours) > 0.8 > unknown.chance_between(*last_hours)
    assert learned.stays == "30 stays to 2026-11-01"
    assert learned.chance_between(begin, end - 12 * HOUR) > 0.01, "longer stays stay possible"


moments = st.floats(min_value=0.0, max_value=100.0).map(lambda hours: START + hours * HOUR)


@given(
    silence=st.floats(min_value=0.51, max_value=500.0),
    direct=st.none() | st.floats(min_value=0.1, max_value=12.0),
    stayed=st.floats(min_value=0.0, max_value=200.0),
    left=st.none() | st.floats(min_value=0.0, max_value=200.0),
    parts=st.lists(st.floats(min_value=-10.0, max_value=510.0), max_size=5),
)
def test_the_chances_of_a_silence_add_up(
    silence: float, direct: float | None, stayed: float, left: float | None, parts: list[float]
) -> None:
    begin, end = START, START + silence * HOUR
    arrival = unheard_arrival(
        (begin, end),
        None if direct is None else begin + direct * HOUR,
        (end + stayed * HOUR, None if left is None else end + (stayed + left) * HOUR),
        TURNS or prior(),
        RULES,
    )
    assert list(arrival.times) == sorted(arrival.times)
    assert begin <= arrival.times[0] <= arrival.times[-1] <= end
    edges = sorted([begin - HOUR, *(begin + part * HOUR for part in parts), end + 600 * HOUR])
    chances = [arrival.chance_between(a, b) for a, b in pairwise(edges)]
    assert all(chance >= 0.0 for chance in chances)
    assert sum(chances) == pytest.approx(1.0)
    at, error_s = stated_interval(arrival, RULES)
    half = timedelta(seconds=error_s)
    assert begin - MINUTE <= at - half <= at + half <= end + MINUTE
    if arrival.known and end - begin > RULES.stated_whole:
        held = arrival.chance_between(at - half, at + half)
        assert held == pytest.approx(RULES.stated_share, abs=0.02)


def test_dating_anew_by_the_same_stays_changes_nothing() -> None:
    reports = heard_from(30 * HOUR, TOUCHDOWN - 40 * MINUTE, TOUCHDOWN + 30 * HOUR + 2 * MINUTE)
    (found,) = landings(reports)
    assert dated_anew(found, prior(), RULES) == found
    assert TURNS is not None
    other = dated_anew(found, TURNS, RULES)
    assert other.unheard is not None
    assert found.unheard is not None
    assert other.unheard.stays == "30 stays to 2026-11-01"
    last_hours = found.unheard.latest - 6 * HOUR, found.unheard.latest
    assert other.chance_between(*last_hours) > found.chance_between(*last_hours)


def test_an_aircraft_last_heard_on_the_ground_elsewhere_left_soon_rather_than_late() -> None:
    """It stayed there for an unknown time: hours are as likely as days, and not only days."""
    begin, end = START, START + 80 * HOUR
    parked = learn([(200 + 10 * n) * HOUR for n in range(30)], date(2026, 11, 1))
    assert parked is not None
    arrival = unheard_arrival((begin, end), None, (end + 100 * HOUR, None), parked, RULES)
    assert arrival.chance_between(begin, begin + 20 * HOUR) > 0.4
    assert arrival.chance_between(end - 20 * HOUR, end) > 0.1


@pytest.mark.parametrize("hours", [5, 20])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_ground_bit_at_the_speed_of_flight_is_no_stop_elsewhere(rows: int, hours: int) -> None:
    """On its way, far from any field, its last rows before a silence say "on the ground" at
    156 kt; then it stands at Ovda."""
    stay = hours * HOUR + 2 * HOUR
    reports = heard_from(stay, TOUCHDOWN - 25 * MINUTE, TOUCHDOWN + hours * HOUR)
    last = [one for one in reports if one.at < TOUCHDOWN][-rows:]
    wrong = [
        replace(one, on_ground=True, ground_speed_kt=156.0, baro_altitude_ft=None) for one in last
    ]
    (found,) = landings([*(one for one in reports if one not in last), *wrong])
    assert found.unheard is not None
    assert found.unheard.direct_until is not None, "it was not seen on the ground elsewhere"
    assert abs(found.touchdown_at - TOUCHDOWN) <= timedelta(seconds=found.uncertainty_s)
