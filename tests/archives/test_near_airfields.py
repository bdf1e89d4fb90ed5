"""Does the search on raw bytes pass over nothing that matters, and count what it passes over?"""

from __future__ import annotations

import gzip
import json
import math
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.archives.near_airfields import MARGIN_FT, MARGIN_NM, Circle, Near
from collector.archives.traces import Bookmark, Skipped, Unit, Wanted, read_near, units
from collector.decode import decode
from collector.decode.trace import TraceRow
from collector.geo import destination, distance_nm
from collector.model.reply import Fleet, Format
from tests.support.archive import BEGIN_S, day_tar, put, readsb_trace, trace
from tests.support.examples import in_the_suite
from tests.support.reshape import DAY_TRACE, DESERT_TRACES
from tests.support.shared import needs_shared

OVDA = (29.9403, 34.9358)
FAR = (51.5, -0.4)
FIELDS = {
    "Ovda": OVDA,
    "London": (51.4706, -0.4619),
    "Equator": (0.0, 0.0),
    "Quito": (-0.1292, -78.3575),
    "Fiji, behind the date line": (-16.6907, -179.8769),
    "Fiji, before the date line": (-16.5, 179.8),
    "Alert, far north": (82.5178, -62.2806),
    "the pole": (-90.0, 0.0),
}


def found(
    unit: Unit, circles: list[Circle], wanted: Wanted = frozenset(), below_ft: float = 15_000.0
) -> tuple[list[str], int, list[Skipped]]:
    """Whose traces are given, how many were passed over, and what was told."""
    told: list[Skipped] = []
    mark = Bookmark()
    replies = read_near(
        unit, circles, below_ft=below_ft, wanted=wanted, report=told.append, bookmark=mark
    )
    given = [reply.ask.icao24[0] for reply in replies if isinstance(reply.ask, Fleet)]
    return given, mark.passed, told


def test_traces_near_and_low_are_given_and_the_others_counted_as_unread(tmp_path: Path) -> None:
    near_by = (29.7, 34.9)
    traces = {
        "600801": readsb_trace("600801", [(*FAR, 36000), (*near_by, 9000), (*FAR, 36000)]),
        "600802": readsb_trace("600802", [(*OVDA, "ground")]),
        "600803": readsb_trace("600803", [(*FAR, 36000), (*OVDA, 36000)]),
        "600804": readsb_trace("600804", [(*FAR, 3000), (29.94, -34.93, 3000)]),
        "600805": readsb_trace("600805", [(*OVDA, None)]),
        "600806": readsb_trace("600806", [(*FAR, "ground")]),
        "600807": readsb_trace("600807", []),
        "600808": b"<html>404</html>",
        "~60080": readsb_trace("~60080", [(*OVDA, "ground")]),
    }
    members = {
        f"traces/{each[-2:]}/trace_full_{each}.json": gzip.compress(body)
        for each, body in traces.items()
    }
    (unit,) = units([put(tmp_path, "day.tar", day_tar(members))])
    given, passed, told = found(unit, [(*OVDA, 30.0)])
    assert given == ["600801", "600802", "600805", "600807"]
    assert passed == 3
    assert [each.member for each in told] == ["traces/08/trace_full_600808.json"]
    given, passed, _ = found(unit, [(*OVDA, 30.0)], wanted=frozenset({"600806"}))
    assert given == ["600801", "600802", "600805", "600806", "600807"], "wanted wherever it is"
    assert passed == 2
    assert found(unit, [])[0] == ["600807"], "nothing is near no airfield; without rows, who knows"


def test_folders_are_searched_as_tars_are(tmp_path: Path) -> None:
    for name, place in (("600801", OVDA), ("600901", FAR)):
        put(tmp_path, f"traces/01/trace_full_{name}.json", readsb_trace(name, [(*place, 500)]))
    put(tmp_path, "trace_full_600802.json", readsb_trace("600802", [(*FAR, 500)]))
    tellings = [found(unit, [(*OVDA, 30.0)]) for unit in units([tmp_path])]
    assert tellings == [([], 1, []), (["600801"], 1, [])]


def may_hold(circle: Circle, *rows: tuple[float, float, object], below_ft: float = 15e3) -> bool:
    return Near([circle], below_ft=below_ft).may_hold(readsb_trace("600865", rows))


in_fields = pytest.mark.parametrize("field", FIELDS)


@in_fields
@in_the_suite(25)
@given(
    radius_nm=st.floats(1, 100),
    way=st.tuples(st.floats(0, 360), st.floats(0, 1)),
    altitude=st.one_of(st.none(), st.just("ground"), st.integers(-1000, 15_999)),
    others=st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180)), max_size=3),
)
@example(5.0, (0.0, 0.0), "ground", [])
@example(100.0, (88.0, 0.27), 1000, [])
@example(100.0, (90.0, 1.0), 1000, [])
@example(100.0, (270.0, 1.0), 1000, [])
def test_no_row_within_the_margin_is_passed_over(
    field: str,
    radius_nm: float,
    way: tuple[float, float],
    altitude: object,
    others: list[tuple[float, float]],
) -> None:
    bearing, share = way
    place = destination(*FIELDS[field], bearing, share * (radius_nm + MARGIN_NM - 0.01))
    rows = [(*other, 36_000) for other in others]
    assert may_hold((*FIELDS[field], radius_nm), *rows, (*place, altitude), *rows)


@in_fields
@in_the_suite(25)
@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180), radius_nm=st.floats(1, 100))
def test_what_is_given_is_near(field: str, lat: float, lon: float, radius_nm: float) -> None:
    if may_hold((*FIELDS[field], radius_nm), (lat, lon, 500)):
        away_nm = distance_nm(*FIELDS[field], round(lat, 6), round(lon, 6))
        assert away_nm <= radius_nm + MARGIN_NM + 0.01


def test_height_counts_with_its_margin() -> None:
    circle = (*OVDA, 30.0)
    assert may_hold(circle, (*OVDA, 14_999 + MARGIN_FT))
    assert not may_hold(circle, (*OVDA, 15_000 + MARGIN_FT))


def test_hundreds_of_airfields_and_rows_at_every_place_of_a_long_trace() -> None:
    """Expressions hold some of the airfields each, and long traces are searched in pieces."""
    places = [(lat, lon) for lat in range(-60, 60, 10) for lon in range(-170, 180, 20)]
    near = Near([(*place, 5.0) for place in places], below_ft=1000.0)
    elsewhere = [(5.0, 5.0, 500)] * 2000
    assert not near.may_hold(readsb_trace("600865", elsewhere))
    assert all(
        near.may_hold(readsb_trace("600865", [*elsewhere[:500], (*place, 500)]))
        for place in places[::10]
    )
    ovda = Near([(*OVDA, 5.0)], below_ft=1000.0)
    body = bytearray(readsb_trace("600865", elsewhere))
    row = b"\n[15000.00,29.940300,34.935800,500,"
    border = body.index(b'"trace"') + (1 << 17)
    assert len(body) > border + 300
    for begin in range(border - 150, border + 150):
        assert ovda.may_hold(bytes(body[:begin] + row + body[begin:]))


def test_coarse_rows_on_either_side_of_the_field_are_not_missed() -> None:
    """Nobody heard it within 30 NM; its last row before and first after are within the margin."""
    before = destination(*OVDA, 330.0, 38.0)
    after = destination(*OVDA, 150.0, 39.0)
    assert may_hold((*OVDA, 30.0), (*FAR, 36000), (*before, 9000), (*after, 9000), (*FAR, 36000))


ROWS: list[list[object]] = [
    [0.0, 51.5, -0.4, 36000, 450.0, 120.0, 0, 0, None],
    [90.5, 30, 35, "ground", 12.0, 20.0, 1, None, None],
]


def written(**how: object) -> bytes:
    """The same trace by other programs than readsb."""
    body = {"icao": "600865", "timestamp": BEGIN_S, "trace": ROWS}
    return json.dumps(body, **how).encode()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        written(),
        written(separators=(",", ":")),
        written(indent=1),
        written(indent="\t", separators=(",", ":")),
        written().replace(b'"trace": [[', b'"trace":[\n[').replace(b"-0.4", b"-0.400000"),
        written().replace(b"[[0.0, 51.5, -0.4, ", b"[\n[0.0,51.500000,-0.400000,"),
        trace("600865"),
        b'{"icao":"600865"}',
        b"",
        b"\n" * 5000,
    ],
)
def test_what_readsb_did_not_write_is_never_passed_over(body: bytes) -> None:
    assert Near([(*FAR, 1.0)], below_ft=100.0).may_hold(body)


@pytest.mark.parametrize("lat", [b"30", b"30.0", b"30.000000"])
def test_rows_a_line_may_drop_their_zeros_and_be_indented(lat: bytes) -> None:
    body = readsb_trace("600865", [(*FAR, 36000), (30.0, 35.0, 800)])
    for mark in (b"\n", b"\r\n", b"\n    "):
        other = body.replace(b"\n[", mark + b"[").replace(b",30.000000,", b"," + lat + b",")
        assert Near([(*OVDA, 10.0)], below_ft=5000.0).may_hold(other)
        assert not Near([(40.0, 35.0, 10.0)], below_ft=5000.0).may_hold(other)


@pytest.mark.parametrize(
    "filler", [b"\n", b"\n[", b"\n[0.00", b"\n[1.00,29.9,", b"\n[1,29.9,34.9,"]
)
def test_hostile_bytes_take_no_longer_than_others(filler: bytes) -> None:
    head = readsb_trace("600865", [(*FAR, 36000)])
    body = head + filler * (3_000_000 // len(filler)) + b"]" * 2000
    begin_s = time.process_time()
    assert Near([(*OVDA, 30.0)], below_ft=-5000.0).may_hold(body) == (b"34.9" in filler)
    assert time.process_time() - begin_s < 10.0, "a search that looks back takes hours"


@needs_shared
def test_genuine_traces_are_given_exactly_where_their_rows_say_so() -> None:
    """Beside the rows of each trace in full: for places all along the day of four landings."""
    files = [DAY_TRACE, *sorted(DESERT_TRACES.rglob("trace_full_*.json"))]
    found_units = [next(iter(units([path]))) for path in files]
    rows = {
        unit.name: [
            (row.point.lat or math.nan, row.point.lon or math.nan, row.point.altitude)
            for row in decode(
                Format.TRACE,
                unit.paths[0].read_bytes(),
                received_at=None,  # type: ignore[arg-type]
            ).rows
            if isinstance(row, TraceRow)
        ]
        for unit in found_units
    }
    circles = [(*place[:2], 5.0) for place in rows[DAY_TRACE.name][::125]]
    circles += [(40.7625, -119.2097, 60.0), (*OVDA, 100.0)]
    givens = 0
    for circle in circles:
        for unit in found_units:
            given, passed, told = found(unit, [circle], below_ft=10_000.0)
            near_by = any(
                distance_nm(lat, lon, *circle[:2]) <= circle[2] + MARGIN_NM
                and not (isinstance(high, int | float) and high >= 10_000.0 + MARGIN_FT)
                for lat, lon, high in rows[unit.name]
            )
            assert (bool(given), passed, told) == (near_by, int(not near_by), [])
            givens += near_by
    assert givens >= 10
