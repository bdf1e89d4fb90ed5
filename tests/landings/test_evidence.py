"""Does each kind of evidence fall into a class, and shift the odds the right way?"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.landings.contacts import contacts_of
from collector.landings.context import Context
from collector.landings.evidence.ends import End
from collector.landings.evidence.features import (
    TABLES,
    Feature,
    SilenceFacts,
    features_of,
    score_nats,
)
from collector.landings.evidence.silence_coverage import coverage_after, lowest_heard
from collector.landings.evidence.weights import WEIGHTS
from collector.landings.fields import Bearing
from collector.landings.narrative import FEATURE_WORDS, narrate
from collector.landings.rules import LandingRules
from collector.landings.segments import gaps_of
from collector.landings.silences import Silence, silence_of
from collector.landings.sites import site_of
from collector.landings.unheard_landings import evidence_of
from collector.model.coverage import CoverageSlot
from collector.tracking import Fix, track
from tests.support.flights import (
    FIELDS,
    LLER,
    LLOV,
    START,
    hear,
    listening,
    polls,
    visit,
)

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=8))


def silence_below(
    floor_ft: float, slots: list[CoverageSlot] | None = None
) -> tuple[Silence, Context]:
    """The silence of a visit to Ovda that no feed receives below the floor."""
    reports = hear(
        visit(LLOV, TOUCHDOWN, timedelta(hours=2), runway="20L"), TIMES, floor_ft=floor_ft
    )
    context = Context(FIELDS, slots or [], RULES, TIMES[-1])
    contacts = contacts_of(track(reports), FIELDS, RULES)
    for gap in gaps_of(contacts, RULES):
        silence = silence_of(contacts, gap, context)
        if silence is not None:
            return silence, context
    raise AssertionError("no silence")


def test_the_weights_are_of_the_tables() -> None:
    assert {name: len(row) for name, row in WEIGHTS.items()} == TABLES


bearings = st.builds(
    Bearing,
    distance_nm=st.floats(0, 200),
    height_ft=st.none() | st.floats(-800, 19_000),
    off_course_deg=st.none() | st.floats(0, 180),
    runway=st.just(LLOV.runways[0]),
    offset_nm=st.none() | st.floats(0, 50),
    aim=st.just(site_of(LLOV).centres[0]),
)
fixes = st.builds(
    Fix,
    at=st.just(START),
    lat_deg=st.floats(28, 32),
    lon_deg=st.floats(34, 36),
    altitude_ft=st.none() | st.floats(-800, 45_000),
    track_deg=st.none() | st.floats(0, 359),
    vertical_rate_fpm=st.none() | st.floats(-9000, 9000),
)
ends = st.builds(
    End,
    fix=fixes,
    bearings=st.builds(lambda bearing: {"LLOV": bearing}, bearings),
    turn_fix=st.none() | fixes,
    rolling=st.sampled_from([None, None, "LLOV"]),
)
facts = st.builds(
    SilenceFacts,
    arrival=st.none() | ends.map(lambda end: replace(end, rolling=None)),
    departure=st.none() | ends,
    coverage_after=st.none() | st.floats(0, 1),
    lowest=st.none() | st.integers(0, 8),
    open=st.booleans(),
    returns=st.none() | bearings,
    begins=st.none() | bearings,
    spare=st.none() | st.floats(-100, 10_000).map(lambda minutes: timedelta(minutes=minutes)),
)


@given(facts)
def test_every_piece_falls_into_a_class_of_its_table(found: SilenceFacts) -> None:
    features = features_of(found, LLOV)
    assert all(0 <= index < TABLES[table] for table, index in features)
    assert len({table for table, _ in features}) == len(features)
    assert math.isfinite(score_nats(features, WEIGHTS))


def scores(silence: Silence, context: Context) -> dict[str, float]:
    return {
        icao: score_nats(features, WEIGHTS)
        for icao, features in evidence_of(silence, context).items()
    }


def test_the_field_it_was_lined_up_with_scores_best() -> None:
    silence, context = silence_below(3000)
    found = scores(silence, context)
    assert max(found, key=lambda icao: found[icao]) == "LLOV"
    assert found["LLOV"] > 2.0


def test_a_field_above_the_fix_is_impossible() -> None:
    """Received below 500 ft on the way to Ramon: Ovda lies at 1,492 ft."""
    reports = hear(
        visit(LLER, TOUCHDOWN, timedelta(hours=2), runway="19"), polls(START, TOUCHDOWN, 10)
    )
    low = [o for o in reports if (o.baro_altitude_ft or 0) > 330]
    contacts = contacts_of(track(low), FIELDS, RULES)
    context = Context(FIELDS, [], RULES, TIMES[-1])
    silence = silence_of(contacts, gaps_of(contacts, RULES)[-1], context)
    assert silence is not None
    assert "LLER" in evidence_of(silence, context)
    assert "LLOV" not in evidence_of(silence, context)


def test_too_short_a_silence_leaves_no_time_for_a_stay() -> None:
    silence, context = silence_below(3000)
    assert silence.ends is not None
    sooner = silence.begins.fix.at + timedelta(minutes=14)
    quick = replace(silence.ends.fix, at=sooner)
    assert silence.departure is not None
    shorter = replace(
        silence,
        ends=replace(silence.ends, fix=quick),
        departure=replace(silence.departure, fix=quick),
    )
    assert evidence_of(shorter, context) == {}


def feature_nats(features: list[Feature], table: str) -> float:
    return next(WEIGHTS[name][index] for name, index in features if name == table)


@pytest.mark.parametrize(
    ("table", "better", "worse"),
    [
        ("arrival.centreline", {"offset_nm": 0.1}, {"offset_nm": 2.5}),
        ("arrival.course", {"off_course_deg": 4.0}, {"off_course_deg": 120.0}),
        ("arrival.path", {"height_ft": 1900.0}, {"height_ft": 9000.0}),
    ],
)
def test_what_fits_better_weighs_more(
    table: str, better: dict[str, float], worse: dict[str, float]
) -> None:
    silence, context = silence_below(3000)
    assert silence.arrival is not None
    bearing = silence.arrival.bearings["LLOV"]

    def weight(changed: dict[str, float]) -> float:
        assert silence.arrival is not None
        lying = replace(bearing, distance_nm=6.0, **changed)  # type: ignore[arg-type]
        end = replace(silence.arrival, bearings={"LLOV": lying})
        features = evidence_of(replace(silence, arrival=end), context)["LLOV"]
        return feature_nats(features, table)

    assert weight(better) > weight(worse)


def test_silence_weighs_by_how_much_of_it_was_heard() -> None:
    silence, _ = silence_below(3000)
    last = silence.begins.fix
    everyone = listening(TIMES)
    assert coverage_after(everyone, last, TIMES[-1], RULES) == 1.0
    assert coverage_after(listening(TIMES, traffic=0), last, TIMES[-1], RULES) == 0.0
    assert coverage_after(listening(TIMES, feed="other"), last, TIMES[-1], RULES) == 0.0
    assert coverage_after(everyone, last, last.at + timedelta(minutes=11), RULES) < 1.0


def test_how_low_others_were_heard_is_read_near_the_field_only() -> None:
    cells = {(119, 139, 2): 1, (125, 139, 0): 4}
    slots = [replace(slot, cells=cells) for slot in listening(TIMES)[:3]]
    after = START + timedelta(minutes=20)
    assert lowest_heard(slots, LLOV, after, RULES) == 2
    assert lowest_heard(slots, LLOV, START, RULES) is None, "what is heard later"
    assert lowest_heard(slots, LLOV, START + timedelta(hours=9), RULES) is None


def test_the_weights_are_described_in_words() -> None:
    silence, context = silence_below(3000)
    assert {table.rpartition(".")[2] for table in TABLES} == set(FEATURE_WORDS)
    features = evidence_of(silence, context)
    evidence = narrate(silence, LLOV, [], features, priors={}, named=True, witness=None)
    line = next(each for each in evidence if each.kind == "weights")
    assert line.text.startswith("The evidence that weighed most for LLOV (×2 doubles the odds, ")
    assert "its direction of flight on the way in ×" in line.text
