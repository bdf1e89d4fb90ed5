"""Are landings a function of the set of reports, in whatever order and portions they come?"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.coverage.region import Region
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Observation, Place, Rule, RuleKind, Watch, WatchMatch
from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.pipeline.changes import LandingChange
from collector.pipeline.ingest import Pipeline
from collector.pipeline.track_windows import window
from collector.store import Store, coverage_slots, landings, observations
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, listening, overflight, visit

WATCH = Watch(
    name="w",
    places=(Place(("LLOV",)),),
    icao24=("600865",),
    rules=(Rule(name="one", kind=RuleKind.THRESHOLD, place=Place(("LLOV",)), count=1),),
)
MATCHES = (WatchMatch("w", "icao24 600865", counted=True),)
EVERY = timedelta(minutes=2)
HOUR = timedelta(hours=1)


class NoJudge:
    """Counts landings, decides nothing."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        assert changes

    def invalidate_coverage(self, at: datetime) -> None:
        pass


def times(begin: datetime, end: datetime) -> list[datetime]:
    count = int((end - begin) / EVERY)
    return [begin + number * EVERY for number in range(count)]


def week() -> tuple[list[Observation], datetime]:
    """A stay received on the ground, one only above 2,500 ft, an overflight, one at Ramon."""
    end = START + 40 * HOUR
    heard = [
        *hear(visit(LLOV, START + HOUR, 2 * HOUR), times(START, START + 4 * HOUR)),
        *hear(overflight(LLOV, START + 9 * HOUR), times(START + 8 * HOUR, START + 10 * HOUR)),
        *hear(
            visit(LLOV, START + 16 * HOUR, 3 * HOUR),
            times(START + 15 * HOUR, START + 20 * HOUR),
            floor_ft=2_500,
        ),
        *hear(visit(LLER, START + 30 * HOUR, 2 * HOUR), times(START + 29 * HOUR, end)),
    ]
    return heard, end


def listened(store: Store, end: datetime) -> None:
    """Other aircraft were received around the airfield all the time."""
    (slot,) = listening([START])
    coverage_slots.merge_polls(
        store,
        [
            PollCoverage(
                feed="adsblol",
                at=at,
                outcome=Outcome.HEARD,
                area=True,
                aircraft=3,
                cells=slot.cells,
            )
            for at in times(START, end)
        ],
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "test.sqlite") as store:
        yield store


def pipeline(store: Store) -> Pipeline:
    return Pipeline(store, (WATCH,), FIELDS, Region(()), NoJudge())


def found(store: Store) -> list[Detection]:
    return [landing.detection for landing in landings.find(store)]


def directly(heard: Sequence[Observation], store: Store, now: datetime) -> list[Detection]:
    slots = coverage_slots.slots_between(store, START - HOUR, now)
    derived = detect(heard, slots, FIELDS, LandingRules(), now)
    return sorted(derived.detections, key=lambda one: one.touchdown_at)


def gist(detections: Sequence[Detection]) -> list[tuple[object, ...]]:
    return [
        (one.airfield, one.touchdown_at, one.departed_at, one.grade, round(one.probability, 6))
        for one in detections
    ]


def test_in_order_each_when_it_comes(store: Store) -> None:
    heard, end = week()
    listened(store, end)
    line = pipeline(store)
    for observation in heard:
        line.store_reports([(observation, MATCHES)], (), observation.heard_at)
        line.derivation.settle(observation.heard_at)
    line.derivation.settle(end)
    assert gist(found(store)) == gist(directly(heard, store, end))
    assert [one.airfield for one in found(store)] == ["LLOV", "LLOV", "LLER"]


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), portions=st.integers(1, 12), twice=st.booleans())
def test_in_any_order_and_any_portions(
    tmp_path: Path, seed: int, portions: int, *, twice: bool
) -> None:
    heard, end = week()
    chance = random.Random(seed)
    mixed = list(heard) * (2 if twice else 1)
    chance.shuffle(mixed)
    cuts = sorted(chance.sample(range(1, len(mixed)), portions - 1))
    with Store.open(tmp_path / f"{seed}-{portions}-{twice}-{chance.random()}.sqlite") as store:
        listened(store, end)
        for begin, until in pairwise([0, *cuts, len(mixed)]):
            pipeline(store).store_reports([(one, MATCHES) for one in mixed[begin:until]], (), end)
        pipeline(store).derivation.settle(end)
        assert gist(found(store)) == gist(directly(heard, store, end))


def test_coverage_that_comes_later_counts_as_well(store: Store) -> None:
    heard, end = week()
    line = pipeline(store)
    line.store_reports([(one, MATCHES) for one in heard], (), end)
    listened(store, end)
    line.derivation.derive_all(START, end, end)
    assert gist(found(store)) == gist(directly(heard, store, end))


def shifted(heard: Sequence[Observation], by: timedelta) -> list[Observation]:
    return [
        replace(one, heard_at=one.heard_at + by, position_at=one.heard_at + by) for one in heard
    ]


def test_the_cost_of_one_more_report_does_not_grow_with_the_database(store: Store) -> None:
    heard, _ = week()
    begin, middle = 0, 10
    sizes = []
    for days in (20, 40):
        for number in range(begin, days):
            moved = shifted(heard, timedelta(days=2 * number))
            observations.store_reports(store, [(one, MATCHES) for one in moved])
        begin = days
        at = START + timedelta(days=2 * middle) + 9 * HOUR
        sizes.append(len(window(store, "600865", at, at, FIELDS).observations))
    assert sizes[0] == sizes[1]
    assert sizes[0] < 8 * len(heard)


def test_in_dense_cruise_little_is_looked_at(store: Store) -> None:
    path = overflight(LLOV, START)
    begin = START - HOUR / 2
    around = [
        one
        for hours in range(8)
        for one in shifted(hear(path, times(begin, START + HOUR / 2)), hours * HOUR)
    ]
    observations.store_reports(store, [(one, MATCHES) for one in around])
    at = around[len(around) // 2].heard_at
    seen = window(store, "600865", at, at, FIELDS)
    assert seen.goes_on
    assert len(seen.observations) <= 100
    assert len(around) > 200


def test_a_window_never_ends_inside_a_stay_or_a_silence(store: Store) -> None:

    heard, _ = week()
    observations.store_reports(store, [(one, MATCHES) for one in heard])
    touchdown = START + 16 * HOUR
    for offset in (-0.3, 0.0, 2.0, 3.2):
        at = touchdown + offset * HOUR
        seen = window(store, "600865", at, at, FIELDS)
        inside = {one.heard_at for one in seen.observations}
        around = [one.heard_at for one in heard if abs(one.heard_at - touchdown) < 4 * HOUR]
        assert set(around) <= inside


@pytest.mark.parametrize("days", [5, 60])
def test_a_pause_has_whole_stays_at_both_its_ends(store: Store, days: int) -> None:
    """The window of the first report after months began in the middle of the stay before."""
    touchdown, pause = START + HOUR, timedelta(days=days)
    path = visit(LLOV, touchdown, 40 * HOUR)
    before = hear(path, times(START, touchdown + 30 * HOUR))
    after = shifted(hear(path, times(touchdown + 10 * HOUR, touchdown + 41 * HOUR)), pause)
    observations.store_reports(store, [(one, MATCHES) for one in (*before, *after)])
    for at in (before[-1].heard_at, after[0].heard_at):
        seen = window(store, "600865", at, at, FIELDS)
        assert seen.begin < before[0].heard_at
        assert seen.end > after[-1].heard_at


def test_a_landing_is_shown_once_a_watch_though_its_type_came_late(store: Store) -> None:
    heard, end = week()
    early = (WatchMatch("w", "callsign AZQ*", counted=False),)
    line = pipeline(store)
    half = len(heard) // 2
    line.store_reports([(one, early) for one in heard[:half]], (), end)
    line.store_reports([(one, MATCHES) for one in heard[half:]], (), end)
    line.derivation.derive_all(START, end, end)
    assert {landing.watches for landing in landings.find(store)} == {MATCHES}
