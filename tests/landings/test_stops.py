"""Where was an aircraft seen before a landing and after it, and what stays not known?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from collector.geo import distance_nm
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.landings.stops import stops_around
from collector.model import Airfield, Candidate, Detection, Grade, Landing, Observation
from collector.model.stop import Side, Stop
from collector.settings.world_airfields import WorldAirfields
from tests.support.flights import FIELDS, LLOV, Moment
from tests.support.legs import Hears, Leg, fly, heard, standing, world

FRANKFURT = world("EDDF", 50.03, 8.57)
BAKU = world("UBBB", 40.47, 50.05)
LANKARAN = world("UBBL", 38.76, 48.81)
ALMATY = world("UAAA", 43.35, 77.04)
BEGIN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = LandingRules()
SETTLED = {field.icao: field for field in FIELDS}
FIELDS_NEAR = WorldAirfields(FIELDS).near


def at(field: Airfield, moment: Moment, within_nm: float = 60.0) -> bool:
    away = distance_nm(moment.lat_deg, moment.lon_deg, field.lat_deg, field.lon_deg)
    return away <= within_nm


def everywhere(_: datetime, __: Moment) -> bool:
    return True


def above(height_ft: float) -> Hears:
    """All of Ovda is heard, and elsewhere what is higher than that above sea level."""
    return lambda _, moment: moment.altitude_ft > height_ft or at(LLOV, moment)


def journey(
    *fields: Airfield, hears: Hears = everywhere, stay: timedelta = 2 * HOUR
) -> tuple[list[Observation], list[Leg]]:
    """Stand at the first field, and stay at each of the others."""
    moments, legs, since = [], [], BEGIN
    for start, finish in pairwise(fields):
        leg = fly(start, finish, since + stay)
        moments += [*standing(start, since, since + stay), *leg.moments]
        legs.append(leg)
        since = leg.landed_at
    moments += standing(fields[-1], since, since + stay)
    return heard(moments, hears=hears), legs


def as_landing(detection: Detection, number: int = 1) -> Landing:
    return Landing(
        id=f"600865-2026-11-22-{number}",
        detection=detection,
        registration=None,
        type_code="IL76",
        watches=(),
        first_known_at=BEGIN,
        revised_at=BEGIN,
    )


def stops(
    observations: Sequence[Observation],
    *,
    others: Sequence[Landing] = (),
    now: datetime | None = None,
    type_code: str = "IL76",
) -> tuple[Stop, Stop]:
    """The stops around the only landing at Ovda."""
    now = now or observations[-1].heard_at + 3 * HOUR
    known = [each for each in observations if each.heard_at <= now]
    found = detect(known, (), FIELDS, RULES, now, type_code=type_code).detections
    (own,) = (each for each in found if each.airfield == "LLOV")
    return stops_around(
        replace(as_landing(own), type_code=type_code),
        known,
        others,
        fields_near=FIELDS_NEAR,
        settled=SETTLED,
        rules=RULES,
        now=now,
    )


def test_fields_that_the_aircraft_was_received_at_are_named() -> None:
    observations, (first, second) = journey(BAKU, LLOV, FRANKFURT)
    previous, following = stops(observations)
    assert (previous.side, previous.airfield, previous.grade) == (
        Side.PREVIOUS,
        "UBBB",
        Grade.CONFIRMED,
    )
    assert previous.name_of("UBBB") == "Baku Heydar Aliyev"
    assert previous.at is not None
    left_off = abs(previous.at - first.moments[0][0])
    assert left_off <= timedelta(seconds=previous.uncertainty_s or 0.0)
    assert (following.airfield, following.grade) == ("EDDF", Grade.CONFIRMED)
    assert following.at is not None
    down_off = abs(following.at - second.landed_at)
    assert down_off <= timedelta(seconds=following.uncertainty_s or 0.0)
    assert (previous.direct, following.direct) == (True, True)


def test_a_field_that_nobody_hears_below_3_000_ft_is_named_where_it_is_alone() -> None:
    observations, _ = journey(LANKARAN, LLOV, ALMATY, hears=above(3000.0))
    previous, following = stops(observations)
    assert (previous.airfield, previous.direct) == ("UBBL", True)
    assert following.airfield == "UAAA"
    assert following.grade is Grade.POSSIBLE, "it was not heard climbing out again"


def test_baku_and_kala_stay_undetermined() -> None:
    observations, _ = journey(BAKU, LLOV, BAKU, hears=above(2500.0))
    for stop in stops(observations):
        assert stop.airfield is None
        assert {"UBBB", "UB18"} <= set(stop.codes)
        assert 0.3 < stop.probability <= 1.0
        assert stop.probability == pytest.approx(
            sum(each.probability for each in stop.candidates), abs=0.01
        )


def test_a_strip_is_no_candidate_for_a_freighter() -> None:
    here = [(FRANKFURT.lat_deg, FRANKFURT.lon_deg)]
    fit = {field.icao for field in FIELDS_NEAR(here, 40.0, "IL76")}
    all_types = FIELDS_NEAR(here, 40.0, None)
    ruled_out = {field.icao for field in all_types} - fit
    assert {"EDDF", "ETOU"} <= fit
    assert "EDFE" in ruled_out, "Egelsbach has 1,400 m"
    assert {field.prior_weight for field in all_types} == {1.0}, "no habits of a fleet"


def test_what_was_heard_only_in_cruise_is_not_known() -> None:
    def hears(_: datetime, moment: Moment) -> bool:
        far = moment.altitude_ft > 33_000.0 and not at(LLOV, moment, 250.0)
        return far or at(LLOV, moment)

    observations, _ = journey(BAKU, LLOV, FRANKFURT, hears=hears)
    for stop, when in zip(stops(observations), ("before", "after"), strict=True):
        assert not stop.known
        assert stop.reason == f"It was heard in the 5 days {when}, but not at an airfield."


def test_nothing_heard_but_the_way_here_and_the_way_out_is_not_known() -> None:
    observations, _ = journey(BAKU, LLOV, FRANKFURT, hears=lambda _, moment: at(LLOV, moment, 30.0))
    previous, following = stops(observations)
    assert (previous.known, following.known) == (False, False)
    assert previous.reason == "It was not heard in the 5 days before, except on its way here."
    assert following.reason == "It was not heard in the 5 days after, except on its way out."


@pytest.mark.parametrize("minutes", [20, 180])
def test_no_leg_is_direct_over_a_stop_that_nobody_heard(minutes: int) -> None:
    stay = timedelta(minutes=minutes)
    via = fly(BAKU, LANKARAN, BEGIN + HOUR)
    on = fly(LANKARAN, LLOV, via.landed_at + stay)
    moments = [
        *standing(BAKU, BEGIN, BEGIN + HOUR),
        *via.moments,
        *standing(LANKARAN, via.landed_at, on.moments[0][0]),
        *on.moments,
        *standing(LLOV, on.landed_at, on.landed_at + 2 * HOUR),
    ]
    observations = heard(moments, hears=lambda _, moment: not at(LANKARAN, moment, 110.0))
    previous, _ = stops(observations)
    assert previous.airfield == "UBBB"
    assert not previous.direct
    assert re.search("The flight may have taken|which leaves time", previous.open_because)


def test_a_silence_in_cruise_leaves_no_time_for_a_landing() -> None:
    observations, (first, _) = journey(BAKU, LLOV, FRANKFURT)
    middle = first.moments[len(first.moments) // 2][0]
    without = [each for each in observations if abs(each.at - middle) > timedelta(minutes=40)]
    assert len(without) < len(observations) - 60
    previous, _ = stops(without)
    assert (previous.airfield, previous.direct) == ("UBBB", True)


def test_the_next_stop_becomes_known_later() -> None:
    observations, (_, second) = journey(BAKU, LLOV, FRANKFURT)
    _, early = stops(observations, now=second.moments[0][0] + timedelta(minutes=20))
    assert not early.known
    _, late = stops(observations)
    assert late.airfield == "EDDF"


def test_the_same_reports_in_any_order_give_the_same_stops() -> None:
    observations, _ = journey(BAKU, LLOV, FRANKFURT, hears=above(3000.0))
    now = observations[-1].heard_at + 3 * HOUR
    found = detect(observations, (), FIELDS, RULES, now, type_code="IL76").detections
    (own,) = (each for each in found if each.airfield == "LLOV")
    both = [
        stops_around(
            as_landing(own),
            reports,
            (),
            fields_near=FIELDS_NEAR,
            settled=SETTLED,
            rules=RULES,
            now=now,
        )
        for reports in (observations, [*observations[::-1], *observations[::3]])
    ]
    assert both[0] == both[1]


def test_a_stored_landing_at_a_watched_airfield_is_the_stop() -> None:
    """What coverage and reviews say of Ramon is not said in another way here."""
    ramon = FIELDS[1]
    observations, (first, _) = journey(ramon, LLOV, FRANKFURT)
    stored = Detection(
        icao24="600865",
        airfield="LLER",
        candidates=(),
        touchdown_at=BEGIN - HOUR,
        uncertainty_s=60.0,
        departed_at=first.moments[0][0],
        departed_uncertainty_s=30.0,
        probability=0.9,
        grade=Grade.PROBABLE,
        visit_from=BEGIN - 2 * HOUR,
        visit_until=first.moments[0][0],
    )
    assert not stops(observations)[0].known, "no landing at Ramon is stored"
    stored = replace(stored, candidates=(Candidate("LLER", 0.9),))
    previous, _ = stops(observations, others=[as_landing(stored, 2)])
    assert (previous.airfield, previous.grade, previous.probability) == (
        "LLER",
        Grade.PROBABLE,
        0.9,
    )
    withdrawn = replace(as_landing(stored, 2), retracted=True)
    assert not stops(observations, others=[withdrawn])[0].known
