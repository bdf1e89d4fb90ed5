"""Do simulated feeds give the rows of real feeds? Rows and coverage are compared with `sift`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import pytest
from accuracy.cases import Case, case
from accuracy.faults import Fault
from accuracy.polls import ReceivedCase, _count, poll_case
from accuracy.receivers import MLAT_LEAST_FT
from accuracy.traffic import cell_of, pool, region
from accuracy.world import SOUTHERN

from collector.model import Observation, Source, WatchMatch
from collector.model.coverage import Cell
from collector.model.reply import Area, Format, Reply
from collector.pipeline.sift import SiftedReply, sift

SEED = 77
EVERYBODY = (WatchMatch("w", "icao24", counted=True),)


@cache
def some(count: int = 100) -> tuple[tuple[Case, ReceivedCase], ...]:
    made = (case(SEED, index) for index in range(count))
    return tuple((one, poll_case(one)) for one in made)


def readsb_row(o: Observation) -> dict[str, object]:
    """The row in readsb's keys that would have been decoded to this observation."""
    now = o.heard_at
    row: dict[str, object] = {
        "hex": o.icao24,
        "type": "mlat" if o.source is Source.MLAT else "adsb_icao",
        "alt_baro": "ground" if o.on_ground else o.baro_altitude_ft,
        "seen": 0.0,
    }
    if o.position_at is not None:
        age = (now - o.position_at).total_seconds()
        row |= {"lat": o.lat_deg, "lon": o.lon_deg, "seen_pos": age, "gs": o.ground_speed_kt}
        row |= {"track": o.track_deg, "alt_geom": o.geom_altitude_ft}
    return {key: value for key, value in row.items() if value is not None}


def sifted(rows: Sequence[dict[str, object]], at: Observation) -> SiftedReply:
    body = {"now": at.heard_at.timestamp() * 1000.0, "ac": rows}
    reply = Reply(
        feed=at.feed,
        format=Format.READSB,
        ask=Area(29.9, 34.9, 100.0),
        url="https://api.adsb.lol/v2/point/29.9/34.9/100",
        received_at=at.heard_at + timedelta(milliseconds=200),
        body=json.dumps(body).encode(),
    )
    return sift(reply, lambda _row, _day: EVERYBODY, region())


def plain_rows() -> list[Observation]:
    rows = []
    for one, what in some():
        if one.fault in (Fault.NONE, Fault.CIRCLE, Fault.JUMP):
            for observations in what.observations:
                rows += [o for o in observations[::9] if o.feed == "adsblol"]
    return rows


def frozen_rows() -> list[Observation]:
    return [
        o
        for _, what in some()
        for observations in what.observations
        for o in observations
        if o.position_at is not None and not o.fresh
    ]


def test_rows_count_for_coverage_as_sift_counts_them() -> None:
    rows = plain_rows()
    assert len(rows) > 500
    frozen = frozen_rows()
    assert len(frozen) >= 5
    placed = 0
    for o in [*rows, *frozen]:
        cells: dict[Cell, int] = {}
        unplaced = _count(o, cells, SOUTHERN)
        hearing = sifted([readsb_row(o)], o).coverage
        assert hearing.cells == cells, o
        assert hearing.unplaced == unplaced, o
        assert hearing.aircraft == 1
        placed += len(cells)
    assert placed > 100


def test_rows_decode_to_what_the_detector_is_given() -> None:
    for o in plain_rows()[::5]:
        [(back, _)] = sifted([readsb_row(o)], o).observations
        assert (back.lat_deg, back.lon_deg) == (o.lat_deg, o.lon_deg)
        assert back.on_ground == o.on_ground
        assert back.baro_altitude_ft == o.baro_altitude_ft
        assert back.geom_altitude_ft == o.geom_altitude_ft
        assert back.fresh == o.fresh
        assert abs((back.at - o.at).total_seconds()) < 0.11


def test_others_stand_in_the_cell_that_sift_would_count() -> None:
    like = plain_rows()[0]
    for templates in pool():
        for samples in templates[:12]:
            for sample in samples[::4]:
                point = sample.point
                row: dict[str, object] = {
                    "hex": "4b1234",
                    "alt_baro": "ground" if point.on_ground else point.altitude_ft,
                    "lat": point.lat_deg,
                    "lon": point.lon_deg,
                    "seen": 0.0,
                    "seen_pos": 0.0,
                }
                if not point.on_ground:
                    row["alt_geom"] = point.altitude_ft
                cells = sifted([row], like).coverage.cells
                assert cells == ({} if sample.cell is None else {sample.cell: 1})
                assert sample.cell in (None, cell_of(point))


def test_nothing_is_heard_below_the_floor() -> None:
    for one, what in some():
        if one.floor_ft < 2500 or one.fault is not Fault.NONE:
            continue
        for sends, observations in zip(one.transponders, what.observations, strict=True):
            for o in observations:
                if o.geom_altitude_ft is None or o.lat_deg is None or o.lon_deg is None:
                    continue
                floor = min(f.ears.floor_at(o.lat_deg, o.lon_deg) for f in one.feeds)
                assert o.geom_altitude_ft > floor - 1600.0, (one.index, sends, o)


def test_mlat_is_never_heard_low() -> None:
    for one, what in some():
        for sends, observations in zip(one.transponders, what.observations, strict=True):
            for o in observations:
                assert (o.source is Source.MLAT) == sends.mlat
                if sends.mlat and o.baro_altitude_ft is not None:
                    assert o.baro_altitude_ft > MLAT_LEAST_FT / 1.08 - 700.0


def test_each_fault_shows_itself() -> None:
    seen: Counter[str] = Counter()
    for one, what in some():
        flat = [o for observations in what.observations for o in observations]
        stale = any(o.position_at is not None and not o.fresh for o in flat)
        lost = any(o.lat_deg is None for o in flat)
        failed = any(slot.failed_minutes for slot in what.slots)
        seen[f"{one.fault} stale"] += stale
        seen[f"{one.fault} lost"] += lost
        seen[f"{one.fault} failed"] += failed
        if one.fault is Fault.NONE:
            assert not stale
            assert not lost
            assert not failed
    assert seen["stale stale"]
    assert seen["jammed lost"]
    assert seen["outage-all failed"]
    assert seen["cached failed"]


def test_repeats_are_within_seconds_and_nothing_is_from_the_future() -> None:
    for one, what in some():
        for observations in what.observations:
            for o in observations:
                assert o.at <= what.now
                if o.position_at is not None:
                    assert o.position_at <= o.heard_at
        assert one.end_s > one.begin_s


def test_the_same_case_is_heard_the_same() -> None:
    for one, what in some()[:10]:
        assert poll_case(one) == what


def test_adaptive_polls_hear_more_and_the_same_otherwise() -> None:
    plain = poll_case(case(SEED, 3))
    often = poll_case(case(SEED, 3, adaptive=True))
    assert sum(map(len, often.observations)) >= sum(map(len, plain.observations))


@pytest.mark.parametrize("index", range(0, 60, 7))
def test_slots_are_in_order_and_once_each(index: int) -> None:
    _, what = some()[index]
    keys = [(slot.begins_at, slot.feed) for slot in what.slots]
    assert keys == sorted(set(keys))
