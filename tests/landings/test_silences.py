"""How are a silence and its two ends judged? By the coverage during it, and each end by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.evidence.silence_coverage import coverage_after, coverage_later
from collector.landings.segments import gaps_of
from collector.landings.silences import silence_of
from collector.landings.unheard_landings import evidence_of
from collector.model import Airfield, Grade
from collector.model.coverage import CoverageSlot, PollCoverage, slots_of
from collector.model.reply import Outcome
from tests.landings.silence_cases import (
    INBOUND,
    RULES,
    STAY,
    TIMES,
    TOUCHDOWN,
    contacts,
    context_of,
    silence_in,
)
from tests.support.flights import FIELDS, LLOV, hear, listening, visit


def jammed_neighbours(
    count: int, *, feed: str = "adsblol", area: bool = True
) -> list[CoverageSlot]:
    """Return slots of a feed that received other aircraft, none of them with a position."""
    return slots_of(
        PollCoverage(
            feed=feed, at=at, outcome=Outcome.HEARD, area=area, aircraft=count, unplaced=count
        )
        for at in TIMES
    )


def test_several_aircraft_without_a_position_prove_coverage() -> None:
    silence = silence_in(hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=2500))
    assert silence is not None
    last, now = silence.begins.fix, TIMES[-1]
    assert coverage_after(jammed_neighbours(3), last, now, RULES) == 1.0
    assert coverage_later(jammed_neighbours(3), last, now, RULES) == 1.0
    assert coverage_after(jammed_neighbours(2), last, now, RULES) == 0.0
    assert coverage_after(jammed_neighbours(3, area=False), last, now, RULES) == 0.0
    assert coverage_after(jammed_neighbours(3, feed="other"), last, now, RULES) == 0.0


def test_later_coverage_is_that_after_the_first_quarter_of_an_hour() -> None:
    arrival = hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=2500)
    quarter = TOUCHDOWN + timedelta(minutes=17)
    early = listening(TIMES, hears=lambda at: at < quarter)
    late = listening(TIMES, hears=lambda at: at > quarter)
    for slots, reports, later in (
        (early, 1.0, 0.0),
        (late, 0.0, 1.0),
        (listening(TIMES), 1.0, 1.0),
    ):
        silence = silence_in(arrival, slots)
        assert silence is not None
        assert silence.coverage_after == pytest.approx(reports, abs=0.34)
        assert silence.coverage_later == pytest.approx(later, abs=0.06)


def test_there_is_no_later_coverage_for_a_silence_that_ended_or_is_too_young() -> None:
    again = hear(visit(LLOV, TOUCHDOWN, STAY), TIMES, floor_ft=2500)
    silence = silence_in(again, listening(TIMES))
    assert silence is not None
    assert silence.coverage_after is not None
    assert silence.coverage_later is None
    arrival = contacts(hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=2500))
    soon = replace(context_of(listening(TIMES)), now=TOUCHDOWN + timedelta(hours=1))
    unfinished = silence_of(arrival, gaps_of(arrival, RULES)[-1], soon)
    assert unfinished is not None
    assert unfinished.coverage_after is not None
    assert unfinished.coverage_later is None


def test_an_end_that_is_spoofed_far_away_does_not_silence_the_other() -> None:
    """It "descends" 300 NM off, then climbs out of Ovda: the climb-out is weighed by itself."""
    out = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), TIMES[240:], floor_ft=2500)
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 270.0, 300.0)
    away = Airfield(icao="XXXX", name="Far", lat_deg=lat, lon_deg=lon, elevation_ft=200, zone="UTC")
    there = [
        replace(one, lat_deg=(one.lat_deg or 0) + lat - LLOV.lat_deg,
                lon_deg=(one.lon_deg or 0) + lon - LLOV.lon_deg)
        for one in hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), INBOUND, floor_ft=2500)
    ]  # fmt: skip
    fields = (*FIELDS, away)
    reports, context = contacts([*there, *out], fields), context_of(listening(TIMES), fields)
    silence = next(
        found for gap in gaps_of(reports, RULES) if (found := silence_of(reports, gap, context))
    )
    assert silence.arrival is not None
    assert silence.departure is not None
    assert set(silence.arrival.bearings) == {"XXXX"}
    ovda, far = silence.for_field("LLOV"), silence.for_field("XXXX")
    assert ovda is not None
    assert ovda.arrival is None
    assert ovda.departure is silence.departure
    assert ovda.coverage_after is None, "who listened there tells nothing of Ovda"
    assert far is not None
    assert far.departure is None
    assert silence.for_field("EGLL") is None
    features = evidence_of(silence, context)["LLOV"]
    assert ("ends", 3) in features
    assert not any(table.startswith("arrival.") for table, _ in features)
    assert any(table.startswith("departure.") for table, _ in features)


def test_two_reports_at_flying_speed_hours_apart_on_one_field_are_a_stay() -> None:
    """Its roll-out and its take-off run, nothing between: it stood there. The run alone did not."""
    way = visit(LLOV, TOUCHDOWN, STAY, runway="20L")
    reports = hear(way, TIMES, hears=lambda at: not TOUCHDOWN <= at <= TOUCHDOWN + STAY)
    down = hear(way, [TOUCHDOWN + timedelta(seconds=9)])[0]
    off = TOUCHDOWN + STAY - timedelta(seconds=15)
    run = replace(down, heard_at=off, position_at=off)
    assert down.ground_speed_kt is not None
    assert down.ground_speed_kt > 2 * RULES.slow_kt
    found = detect([*reports, down, run], (), FIELDS, RULES, TIMES[-1]).detections
    assert [(one.airfield, one.grade) for one in found] == [("LLOV", Grade.CONFIRMED)]
    assert abs(found[0].touchdown_at - TOUCHDOWN) <= timedelta(seconds=found[0].uncertainty_s)
    outward = [one for one in reports if one.heard_at > TOUCHDOWN]
    assert detect([run, *outward], (), FIELDS, RULES, TIMES[-1]).detections == ()
