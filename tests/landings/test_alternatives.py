"""Would an alternative to the landing have been noticed? By coverage then, else the usual one."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.learned import Learned, LearnedCell, LearnedFeed
from collector.landings.alternatives import (
    Hypothesis,
    HypothesisCoverage,
    Proof,
    hypotheses,
    hypothesis_coverage,
)
from collector.landings.rules import LandingRules
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot, band_of, slot_begin
from collector.tracking import Fix
from tests.support.flights import LLER

RULES = LandingRules()
AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
LAST = Fix(
    at=AT,
    lat_deg=30.2,
    lon_deg=34.95,
    altitude_ft=7000.0,
    track_deg=200.0,
    ground_speed_kt=240.0,
    feeds=("adsblol",),
)
FEEDS = {"adsblol"}


def ways() -> dict[str, Hypothesis]:
    return {one.kind: one for one in hypotheses(LAST, [LLER], RULES)}


def cell_at(one: Hypothesis, number: int, band: int) -> Cell:
    where = one.path[number]
    return (math.floor(where.lat_deg / CELL_DEG), math.floor(where.lon_deg / CELL_DEG), band)


def slot(at: datetime, *cells: Cell, feed: str = "adsblol") -> CoverageSlot:
    return CoverageSlot(
        feed=feed, begins_at=slot_begin(at), area_minutes=1, cells=dict.fromkeys(cells, 1)
    )


def value(*cells: LearnedCell) -> Learned:
    feed = LearnedFeed(feed="adsblol", answered=8000, jammed=0.0, cells=cells)
    day = AT.date() - timedelta(days=3)
    return Learned(version="2026-W47/28d", first_day=day, last_day=day, days=28, feeds=(feed,))


def coverage_of(
    one: Hypothesis, *slots: CoverageSlot, learned: Learned | None = None
) -> HypothesisCoverage:
    return hypothesis_coverage(one, slots, learned, FEEDS, RULES)


def test_what_it_may_have_done_instead() -> None:
    found = ways()
    assert list(found) == ["level", "climbed", "south", "landed"]
    assert [where.altitude_ft for where in found["level"].path] == [7000.0] * 3
    assert [where.altitude_ft for where in found["climbed"].path] == [14_500, 22_000, 29_500]
    assert all(abs(where.lon_deg - 34.95) < 0.01 for where in found["south"].path)
    assert found["south"].path[-1].lat_deg == pytest.approx(29.2, abs=0.01)
    (where,) = found["landed"].path
    assert (found["landed"].airfield, where.lat_deg) == ("LLER", LLER.lat_deg)
    assert where.altitude_ft < 2500


def test_without_a_place_a_height_or_a_direction_less_is_asked() -> None:
    assert hypotheses(Fix(at=AT, altitude_ft=7000.0), [LLER], RULES) == []
    assert hypotheses(Fix(at=AT, lat_deg=30.0, lon_deg=35.0), [LLER], RULES) == []
    nowhere = Fix(at=AT, lat_deg=30.0, lon_deg=35.0, altitude_ft=7000.0)
    assert [one.kind for one in hypotheses(nowhere, [], RULES)] == ["south"]


def test_somebody_there_then_and_as_low_proves_it() -> None:
    level = ways()["level"]
    there, then = cell_at(level, 1, band_of(7000)), level.path[1].at
    assert coverage_of(level, slot(then, there)).proof is Proof.THEN
    lower = coverage_of(level, slot(then, cell_at(level, 1, 1)))
    assert (lower.proof, lower.lowest, lower.feeds) == (Proof.THEN, 1, ("adsblol",))
    higher = cell_at(level, 1, 8)
    assert coverage_of(level, slot(then, higher)).proof is Proof.UNKNOWN
    assert coverage_of(ways()["climbed"], slot(then, higher)).proof is Proof.UNKNOWN
    assert coverage_of(level, slot(then + timedelta(hours=1), there)).proof is Proof.UNKNOWN
    assert coverage_of(level, slot(then, there, feed="other")).proof is Proof.UNKNOWN
    assert coverage_of(level, slot(then, (there[0] + 4, *there[1:]))).proof is Proof.UNKNOWN


def test_cruise_traffic_proves_a_climb_out_only() -> None:
    found = ways()
    cruise = [slot(AT + n * SLOT, cell_at(found["climbed"], 2, 8)) for n in range(4)]
    assert coverage_of(found["climbed"], *cruise).proof is Proof.THEN
    assert coverage_of(found["level"], *cruise).proof is Proof.UNKNOWN
    assert coverage_of(found["landed"], *cruise).proof is Proof.UNKNOWN


def test_what_is_usual_counts_where_nobody_flew() -> None:
    landed = ways()["landed"]
    lat, lon, _ = cell_at(landed, 0, 0)
    usual = coverage_of(landed, learned=value(LearnedCell(lat, lon, 0, 20, 0.4)))
    assert (usual.proof, usual.lowest, usual.feeds) == (Proof.USUAL, 0, ())
    high = coverage_of(landed, learned=value(LearnedCell(lat, lon, 4, 20, 0.4)))
    assert (high.proof, high.lowest) == (Proof.UNKNOWN, None)
    then = slot(landed.path[0].at, (lat, lon, 0))
    assert (
        coverage_of(landed, then, learned=value(LearnedCell(lat, lon, 0, 20, 0.4))).proof
        is Proof.THEN
    )


@given(
    bands=st.lists(st.integers(0, 8), max_size=6),
    more=st.lists(st.integers(0, 8), max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_more_hearing_never_proves_less(bands: list[int], more: list[int], order: object) -> None:
    level = ways()["level"]
    few = [slot(level.path[n % 3].at, cell_at(level, n % 3, band)) for n, band in enumerate(bands)]
    many = [slot(level.path[n % 3].at, cell_at(level, n % 3, band)) for n, band in enumerate(more)]
    whole = [*few, *many]
    order.shuffle(whole)  # type: ignore[attr-defined]
    if coverage_of(level, *few).proof is Proof.THEN:
        assert coverage_of(level, *whole).proof is Proof.THEN
    assert coverage_of(level, *whole) == coverage_of(level, *reversed(whole))
