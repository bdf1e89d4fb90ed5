"""Is a value kept up to what can be, and left out beyond? And which rows prove reception?"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from collector.decode import Located, decode
from collector.errors import DecodeError
from collector.model import Observation
from collector.model.reply import Format
from tests.decode import test_opensky as opensky
from tests.decode import test_readsb as readsb
from tests.decode import test_trace as trace

Bounds = tuple[str, str, str | None, int | None, list[Any], list[Any]]
"""What a row says, its key in readsb, in the aircraft object of a trace, and its place in a trace's
point; values that are kept as they are, and values that are left out."""
BOUNDS: list[Bounds] = [
    ("baro_altitude_ft", "alt_baro", None, 3, [-2000.0, 130_000.0], [-2000.1, 130_000.1]),
    (
        "geom_altitude_ft",
        "alt_geom",
        "alt_geom",
        10,
        [-3000.0, 135_000.0],
        [-3000.1, 135_000.1],
    ),
    ("ground_speed_kt", "gs", None, 4, [0.0, 4100.0], [-0.1, 4100.1]),
    ("track_deg", "track", None, 5, [0.0, 359.9], [-0.1, 360.1]),
    ("vertical_rate_fpm", "baro_rate", None, 7, [-32_700.0, 32_700.0], [-32_700.5, 32_700.5]),
    ("adsb_version", "version", "version", None, [0, 7], [-1, 8]),
    ("nic", "nic", "nic", None, [0, 15], [-1, 16]),
    ("nac_p", "nac_p", "nac_p", None, [0, 15], [-1, 16]),
    ("sil", "sil", "sil", None, [0, 3], [-1, 4]),
    ("nav_qnh_hpa", "nav_qnh", "nav_qnh", None, [850.0, 1100.0], [849.9, 1100.1]),
    ("squawk", "squawk", "squawk", None, ["0000", "7777"], ["7778", "777", "77777", "d276"]),
    ("registration", "r", None, None, ["D-ABCD 901234567"], []),
    ("type_code", "t", None, None, ["IL76TDXX"], []),
    ("operator", "ownOp", None, None, ["O" * 60], []),
]


def of_trace(key: str | None, place: int | None, value: Any) -> Observation | None:
    """The one point of a trace with this value; None if a trace has no place for it."""
    point = [*trace.point(10), "adsb_icao", None, None, None, None]
    if place is not None:
        point[place] = value
    elif key is not None:
        point[8] = {key: value}
    else:
        return None
    (found,) = trace.observations(point)
    return found


@pytest.mark.parametrize("bounds", BOUNDS, ids=lambda bounds: bounds[0])
def test_what_can_be_is_kept_and_what_cannot_be_is_left_out(bounds: Bounds) -> None:
    name, key, detail, place, kept, left_out = bounds
    for value, expected in [*((each, each) for each in kept), *((each, None) for each in left_out)]:
        assert getattr(readsb.observe({key: value}), name) == expected, value
        for made in (of_trace(detail, None, value), of_trace(None, place, value)):
            assert made is None or getattr(made, name) == expected, value


def test_long_text_is_cut_and_360_degrees_are_0() -> None:
    row = {"r": "R" * 17, "t": "T" * 9, "ownOp": "O" * 61, "track": 360.0}
    (of_point,) = trace.observations([*trace.point(10)[:5], 360.0, *trace.point(10)[6:]], **row)
    for seen in (readsb.observe(row), of_point):
        assert (seen.registration, seen.type_code) == ("R" * 16, "T" * 8)
        assert (seen.operator, seen.track_deg) == ("O" * 60, 0.0)


@pytest.mark.parametrize(
    ("lat", "lon", "is_a_place"),
    [
        (90.0, 180.0, True),
        (-90.0, -180.0, True),
        (90.1, 35.0, False),
        (-90.1, 35.0, False),
        (30.0, 180.1, False),
        (30.0, -180.1, False),
        (0.0, 35.0, True),
        (30.0, 0.0, True),
        (0.0, 0.0, False),
        (None, 35.0, False),
        (30.0, None, False),
    ],
)
def test_a_place_is_on_earth_and_not_where_empty_fields_lie(
    lat: float | None, lon: float | None, *, is_a_place: bool
) -> None:
    """The same for what is stored and for what is counted, in every format."""
    state = [*opensky.STATE[:5], lon, lat, *opensky.STATE[7:]]
    point = [10.0, lat, lon, *trace.point(10)[3:]]
    rows = [
        readsb.snapshot({"hex": "600865", "lat": lat, "lon": lon, "seen": 1.0}).rows[0],
        opensky.snapshot(state).rows[0],
        trace_rows(point)[0],
    ]
    for row in rows:
        seen = row.observation(readsb.AT, "feed")
        assert (seen.lat_deg, seen.lon_deg) == ((lat, lon) if is_a_place else (None, None))
        assert (seen.position_at is not None) is is_a_place
        assert row.position(float(opensky.NOW_S)) == ((lat, lon) if is_a_place else None)


def trace_rows(*points: list[Any]) -> list[Located]:
    body = {"icao": "600865", "timestamp": trace.BEGIN_S, "trace": list(points)}
    return list(decode(Format.TRACE, json.dumps(body).encode(), received_at=readsb.AT).rows)


def readsb_row(**row: Any) -> Located:
    return readsb.snapshot({"hex": "600865", **row}).rows[0]


def state_row(**changed: Any) -> Located:
    state = [*opensky.STATE, None]
    for place, value in changed.items():
        state[int(place[1:])] = value
    return opensky.snapshot(state).rows[0]


NOW_S = float(opensky.NOW_S)


@pytest.mark.parametrize(
    ("row", "recent"),
    [
        (readsb_row(), True),
        (readsb_row(seen=300.0), True),
        (readsb_row(seen=300.1), False),
        (state_row(_4=NOW_S - 300), True),
        (state_row(_4=NOW_S - 301), False),
        (trace_rows(trace.point(10))[0], True),  # a history says nothing about the present
    ],
)
def test_a_contact_is_recent_for_five_minutes(row: Located, *, recent: bool) -> None:
    assert row.recent(NOW_S) is recent


@pytest.mark.parametrize(
    ("seen", "seen_pos", "placed"),
    [
        (0.0, 60.0, True),
        (0.0, 60.1, False),  # frozen
        (290.0, 300.0, True),
        (300.0, 300.1, False),
        (0.0, -10.0, True),  # two clocks that differ
        (0.0, -10.1, False),
    ],
)
def test_a_position_counts_while_it_is_fresh_and_recent(
    seen: float, seen_pos: float, *, placed: bool
) -> None:
    row = readsb_row(lat=30.0, lon=35.0, seen=seen, seen_pos=seen_pos)
    assert row.position(NOW_S) == ((30.0, 35.0) if placed else None)
    if seen_pos >= 0:
        state = state_row(_3=NOW_S - seen_pos, _4=NOW_S - seen)
        assert (state.position(NOW_S) is not None) is placed
    assert state_row(_3=None).position(NOW_S) is None


def test_a_position_of_two_weeks_is_kept_with_its_age_and_an_older_one_is_not() -> None:
    longest = 14 * 86_400.0
    for age, kept in ((longest, True), (longest + 1, False), (-10.0, True), (-11.0, False)):
        seen = readsb.observe({"lat": 30.0, "lon": 35.0, "seen": 0.0, "seen_pos": age})
        assert (seen.position_at == readsb.ago(max(age, 0.0))) is kept
        assert seen.heard_at == readsb.AT
    for age, kept in ((longest, True), (longest + 1, False), (-60.0, True), (-61.0, False)):
        state = opensky.observe(_3=NOW_S - age, _4=NOW_S)
        assert (state.position_at == opensky.AT - timedelta(seconds=age)) is kept
        assert (state.lat_deg is not None) is kept
    silent = opensky.observe(_3=None, _4=NOW_S - longest - 1)
    assert (silent.heard_at, silent.position_at) == (opensky.AT, None)
    only_placed = opensky.observe(_3=NOW_S - 5, _4=NOW_S - longest - 1)
    assert only_placed.heard_at == only_placed.position_at == opensky.AT - timedelta(seconds=5)


@pytest.mark.parametrize(
    ("row", "category", "proves_nothing"),
    [
        (readsb_row(category="A5", type="adsb_icao"), "A5", False),
        (readsb_row(category="C1", type="adsb_icao"), "C1", True),
        (readsb_row(category="D7"), "D7", False),
        (readsb_row(category="A8"), None, False),
        (readsb_row(category="E1"), None, False),
        (readsb_row(category="A50"), None, False),
        (readsb_row(), None, False),
        (readsb_row(type="adsc"), None, True),
        (readsb_row(type="adsr_icao"), None, True),
        (readsb_row(type="tisb_icao"), None, True),
        (readsb_row(type="mlat"), None, False),
        (state_row(), None, False),
        (state_row(_17=6), "A5", False),
        (state_row(_17=16), None, True),
        (state_row(_17=20), None, True),
        (state_row(_17=15), None, False),
        (trace_rows(trace.point(10, details={"category": "A3"}))[0], "A3", False),
        (trace_rows(trace.point(10, details={"category": "C2"}))[0], "C2", True),
        (trace_rows(trace.point(10, details={"type": "adsc"}))[0], None, True),
        (trace_rows(trace.point(10))[0], None, False),
    ],
)
def test_vehicles_and_what_others_relayed_prove_no_reception(
    row: Located, category: str | None, *, proves_nothing: bool
) -> None:
    assert row.category == category
    assert row.proves_nothing is proves_nothing


@pytest.mark.parametrize(
    ("baro", "geom", "counted"),
    [
        (5000.0, 5400.0, 5400.0),
        (5000.0, 8099.0, 8099.0),
        (5000.0, 8100.0, 5000.0),  # saturated: spoofed
        (8100.0, 5000.0, 8100.0),
        (None, 5400.0, 5400.0),
        (5000.0, None, 5000.0),
        ("ground", 5400.0, 0.0),
        (None, None, None),
    ],
)
def test_the_altitude_that_counts_is_the_geometric_one_unless_it_is_spoofed(
    baro: Any, geom: float | None, counted: float | None
) -> None:
    point = [*trace.point(10, altitude=baro), "adsb_icao", geom, None, None, None]
    rows = [readsb_row(alt_baro=baro, alt_geom=geom), trace_rows(point)[0]]
    if baro != "ground":
        metres = [None if each is None else each * 0.3048 for each in (baro, geom)]
        rows.append(state_row(_7=metres[0], _13=metres[1]))
    for row in rows:
        assert row.altitude_ft == (None if counted is None else pytest.approx(counted))


def test_an_aircraft_that_lost_gps_says_so_in_a_reply_and_in_a_trace() -> None:
    lost = {"gpsOkBefore": 1_795_348_700.0}
    assert readsb_row(**lost).lost_gps
    assert readsb.observe(lost).gps_lost
    (seen,) = trace.observations(trace.point(10, details=lost))
    assert seen.gps_lost
    assert trace_rows(trace.point(10, details=lost))[0].lost_gps
    assert not trace_rows(trace.point(10, details={}), trace.point(20))[0].lost_gps


def test_the_day_before_is_left_out_where_a_trace_comes_back_to_it() -> None:
    """Points before midnight are genuine at the begin of a file, and phantoms after its first."""
    rows = trace_rows(*(trace.point(at) for at in (-20.0, -10.0, 0.0, -5.0, 10.0)))
    offsets = [row.observation(readsb.AT, "").heard_at - trace.BEGIN for row in rows]
    assert [each.total_seconds() for each in offsets] == [-20.0, -10.0, 0.0, 10.0]


def test_a_name_of_a_leg_stays_until_another_is_given() -> None:
    points = [
        trace.point(0, details={"flight": "AZQ1", "category": "A5"}),
        trace.point(10, details={}),
        trace.point(20, details={"flight": "AZQ2", "category": "A3"}),
    ]
    rows = trace_rows(*points)
    assert [row.callsign for row in rows] == ["AZQ1", "AZQ1", "AZQ2"]
    assert [row.category for row in rows] == ["A5", "A5", "A3"]


def test_what_is_no_reply_says_of_which_kind_it_is_not() -> None:
    for format_, words in (
        (Format.READSB, "a v2 or aircraft.json reply"),
        (Format.OPENSKY_STATES, "a /states/all reply"),
        (Format.TRACE, "a trace"),
    ):
        with pytest.raises(DecodeError, match=words):
            decode(format_, b'{"now": "x"}', received_at=readsb.AT)
